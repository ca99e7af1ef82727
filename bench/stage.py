# SPDX-License-Identifier: ISC
"""Puts together, below build/bench/, what the benchmarks build and boot.

Sources and kernels of third parties are fetched as Debian packages, pinned by version and hash; an
application folder of links joins them with the files of bench/, so that `make APP_DIR=…` builds the
peer's image just as it builds Fata's own.
"""

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / "build/bench"
FETCHED = BUILD / "fetched"

LWIP_VERSION = "2.2.1"
LWIP_POOL = f"pool/main/l/lwip/lwip_{LWIP_VERSION}+dfsg1.orig.tar.xz"
LWIP_SHA256 = "83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1"
#: What an IPv4 host with TCP, UDP and DHCP is made of.
LWIP_SOURCES = ["core/" + name for name in """def.c inet_chksum.c init.c ip.c mem.c memp.c netif.c pbuf.c raw.c
    stats.c tcp.c tcp_in.c tcp_out.c timeouts.c udp.c altcp.c altcp_alloc.c altcp_tcp.c
    ipv4/acd.c ipv4/dhcp.c ipv4/etharp.c ipv4/icmp.c ipv4/ip4.c ipv4/ip4_addr.c""".split()] + ["netif/ethernet.c"]


class Unavailable(Exception):
    """A peer cannot be had here; its text says why."""


def fetch(pool, sha256):
    """The path of a file of Debian's archive, fetched unless it is there."""
    path = FETCHED / pathlib.PurePath(pool).name
    done = subprocess.run([ROOT / "tools/fetch-source", pool, sha256, path], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip() or f"could not fetch {path.name}")
    return path


def lwip():
    """The folder of lwIP's sources, unpacked."""
    folder = FETCHED / f"lwip-{LWIP_VERSION}"
    if not (folder / ".complete").exists():
        archive = fetch(LWIP_POOL, LWIP_SHA256)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-xf", archive, "-C", folder, "--strip-components=1"], check=True)
        (folder / ".complete").touch()
    return folder / "src"


def link(path, target):
    if path.is_symlink() and path.readlink() == target:
        return
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def application(name, files):
    """A folder of links: {name in the folder: what it stands for}. Returns its path."""
    folder = BUILD / "apps" / name
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for at, target in files.items():
        link(folder / at, target)
    return folder


def lwip_files():
    source = lwip()
    files = {pathlib.PurePath(name).name: source / name for name in LWIP_SOURCES}
    files.update({name: source / "include" / name for name in ("lwip", "netif")})
    files.update({name: ROOT / "bench/peers/lwip" / name for name in ("arch", "lwipopts.h", "server.c")})
    return files


def lwip_image():
    """The application whose network is lwIP, for any board."""
    peers = ROOT / "bench/peers/lwip"
    files = lwip_files()
    files.update({name: peers / name for name in ("config.c", "image.c", "port.c")})
    files["htdocs"] = ROOT / "apps/web/htdocs"
    return application("lwip", files)


def make(board, folder, *options):
    """Builds an application of application() for a board; the folder of its output."""
    command = ["make", "--no-print-directory", "SETUP=0", f"BOARD={board}", f"APP_DIR={folder}", *options, "all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return ROOT / "build" / board / folder.name


def instructions(stack):
    """The application that counts a stack's instructions: "fata" or "lwip"."""
    folder = ROOT / "bench/instructions"
    files = lwip_files() if stack == "lwip" else {}
    files.update({path.name: path for path in [*folder.glob("*.c"), *(folder / stack).glob("*.c")]})
    if stack == "lwip":
        files["port.c"] = ROOT / "bench/peers/lwip/port.c"
    files["frames.c"] = ROOT / "tests/fakes/frames.c"
    files["htdocs"] = ROOT / "apps/web/htdocs"
    return application(f"instructions-{stack}", files)
