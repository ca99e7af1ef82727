# SPDX-License-Identifier: ISC
"""Puts together, below build/bench/, what the benchmarks build and boot.

Sources and kernels of third parties are fetched as Debian packages, pinned by version and hash; an
application folder of links joins them with the files of bench/, so that `make APP_DIR=…` builds the
peer's image just as it builds Fata's own.
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))
import linux_guest  # noqa: E402
from linux_guest import FETCHED, ROOT, WARNINGS, Kernel, Unavailable, fetch  # noqa: E402, F401

BUILD = ROOT / "build/bench"
PEERS = ROOT / "bench/peers"

LWIP_VERSION = "2.2.1"
LWIP_POOL = f"pool/main/l/lwip/lwip_{LWIP_VERSION}+dfsg1.orig.tar.xz"
LWIP_SHA256 = "83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1"
#: What an IPv4 host with TCP, UDP and DHCP is made of.
LWIP_SOURCES = ["core/" + name for name in """def.c inet_chksum.c init.c ip.c mem.c memp.c netif.c pbuf.c raw.c
    stats.c tcp.c tcp_in.c tcp_out.c timeouts.c udp.c altcp.c altcp_alloc.c altcp_tcp.c
    ipv4/acd.c ipv4/dhcp.c ipv4/etharp.c ipv4/icmp.c ipv4/ip4.c ipv4/ip4_addr.c""".split()] + ["netif/ethernet.c"]


PAGE = ROOT / "apps/web/htdocs/favicon.svg"

#: littlefs and FatFs come along in this source package.
MICROPYTHON_VERSION = "1.26.1"
MICROPYTHON_POOL = f"pool/main/m/micropython/micropython_{MICROPYTHON_VERSION}+ds.orig.tar.xz"
MICROPYTHON_SHA256 = "f5ad2ec89d3e921f753d448955af98b6005655f84ba26087dde6ba0e8d062f34"


def upstream(folder, pool, sha256, *members):
    """A folder of what an upstream archive has, or of some of its members, unpacked."""
    if not folder.exists():
        archive = fetch(pool, sha256)
        linux_guest.unpack(folder, lambda part: ["tar", "-C", part, "-xf", archive, "--strip-components=1", *members])
    return folder


def lwip():
    """The folder of lwIP's sources, unpacked."""
    return upstream(FETCHED / f"lwip-{LWIP_VERSION}", LWIP_POOL, LWIP_SHA256) / "src"


def micropython(part):
    """A folder of MicroPython's sources, unpacked, by its name there: "lib/littlefs"."""
    folder = FETCHED / f"micropython-{MICROPYTHON_VERSION}-{pathlib.PurePath(part).name}"
    return upstream(folder, MICROPYTHON_POOL, MICROPYTHON_SHA256, f"micropython-{MICROPYTHON_VERSION}/{part}") / part


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
    files["source.h"] = ROOT / "bench/peers/source.h"
    return files


def lwip_image(httpd=False):
    """The application whose network is lwIP, for any board, with its own HTTP server or those over its raw API."""
    peers = ROOT / "bench/peers/lwip"
    files = lwip_files()
    files.update({name: peers / name for name in ("config.c", "image.c", "port.c")})
    files["htdocs"] = ROOT / "apps/web/htdocs"
    if not httpd:
        return application("lwip", files)
    return application("lwip-httpd", files | httpd_files() | {"server.c": peers / "httpd_server.c"})


def make_goal(board, *words):
    command = ["make", "--no-print-directory", "SETUP=0", f"BOARD={board}", *words, "all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def make(board, folder):
    """Builds an application() for a board; lwIP's memory, in the image, makes it larger than most."""
    make_goal(board, f"APP_DIR={folder}", "FIX_843419=full")


def make_apps(board, *names):
    """Builds applications of the tree for a board."""
    for name in names:
        make_goal(board, f"APP={name}")


#: As the least HTTP server of bench/peers/lwip/server.c has it.
HEADER = """HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\nContent-Length: %d\r\nETag: "0123456789abcdef"\r\n\r\n"""


def httpd_page():
    """The page as a file of lwIP's HTTP server, header included; the path of a C source."""
    page = PAGE.read_bytes()
    data = (HEADER % len(page)).encode() + page
    path = BUILD / "httpd_page.h"
    path.write_text(f"""static const unsigned char page_name[] = "/{PAGE.name}";
static const unsigned char page_data[] = {{{", ".join(map(str, data))}}};
static const struct fsdata_file page[] = {{{{NULL, page_name, page_data, sizeof(page_data),
    FS_FILE_FLAGS_HEADER_INCLUDED | FS_FILE_FLAGS_HEADER_PERSISTENT | FS_FILE_FLAGS_HEADER_HTTPVER_1_1}}}};
#define FS_ROOT page
#define FS_NUMFILES 1
""")
    return path


def httpd_files():
    """lwIP's own HTTP server with the page."""
    files = {name: lwip() / "apps/http" / name for name in ("httpd.c", "httpd_structs.h", "fs.c")}
    return files | {"httpd_page.h": httpd_page()}


def instructions(stack):
    """The application that counts a stack's instructions: "fata" or "lwip"."""
    folder = ROOT / "bench/instructions"
    files = lwip_files() if stack == "lwip" else {}
    files.update({path.name: path for path in [*folder.glob("*.c"), *(folder / stack).glob("*.c")]})
    if stack == "lwip":
        files["port.c"] = ROOT / "bench/peers/lwip/port.c"
        files.update(httpd_files())
    else:
        files["least.c"] = ROOT / "bench/peers/fata/least.c"
        files["source.h"] = ROOT / "bench/peers/source.h"
    files["frames.c"] = ROOT / "tests/fakes/frames.c"
    files["htdocs"] = ROOT / "apps/web/htdocs"
    return application(f"instructions-{stack}", files)


def least(name="least", config=ROOT / "bench/peers/fata/config.c"):
    """Fata with the servers that lwIP has, instead of its own HTTP."""
    files = {file: ROOT / "bench/peers/fata" / file for file in ("start.c", "least.c")}
    files["config.c"] = config
    files["source.h"] = ROOT / "bench/peers/source.h"
    files["htdocs"] = ROOT / "apps/web/htdocs"
    return application(name, files)


def frames():
    """A server without a stack, for any board."""
    files = {file: ROOT / "bench/peers/frames" / file for file in ("config.c", "frames.c")}
    files["htdocs"] = ROOT / "apps/web/htdocs"
    return application("frames", files)


def micro(what):
    """A microcontroller's server: "fata", "web" (Fata with its own HTTP), "lwip", or "none" (no stack)."""
    peers = ROOT / "bench/peers"
    files = {"fata": lambda: {name: peers / "fata" / name for name in ("start.c", "least.c")},
             "web": lambda: {"serve.c": peers / "micro/serve.c"},
             "none": lambda: {"frames.c": peers / "micro/frames.c"},
             "lwip": lwip_files}[what]()
    if what == "lwip":
        files.update({name: peers / "micro" / name for name in ("image.c", "port.c", "lwipopts.h")})
    pages = BUILD / "micro-htdocs"
    pages.mkdir(parents=True, exist_ok=True)
    link(pages / PAGE.name, PAGE)
    files.update({"config.c": peers / f"micro/{what}.c", "source.h": peers / "micro/source.h", "htdocs": pages})
    return application(f"micro-{what}", files)


def disk_files():
    """Files of a FAT volume, for as many connections as the load has."""
    return application("disk-files", {path.name: path for path in (PEERS / "files").glob("*.c")})


def sender():
    """The same with room for all that a long path holds."""
    return least("sender", ROOT / "bench/peers/sender/config.c")


def compile_program(name, sources, *options, compiler="gcc"):
    """A program of the build machine's, or of a guest's; returns its path."""
    program = BUILD / name
    program.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([compiler, "-std=gnu17", "-O2", f"-I{ROOT}", "-o", program, *sources, *options], check=True)
    return program


def epoll_server(arch=None):
    """The Linux server; for a guest of architecture `arch`, linked statically."""
    source = [ROOT / "bench/peers/epoll_server.c"]
    if arch is None:
        return compile_program("epoll_server", source, *WARNINGS)
    return compile_program(f"linux-{arch}/server", source, *WARNINGS, "-static", compiler=linux_guest.CC[arch])


def one_by_one():
    return compile_program("one_by_one", [ROOT / "bench/peers/one_by_one.c"], *WARNINGS)


def no_stack():
    """What answers over a tap without a stack."""
    return compile_program("no_stack", [ROOT / "bench/peers/no_stack.c"], *WARNINGS)


def lwip_tap():
    """lwIP as a plain program over a tap."""
    files = lwip_files()
    files["tap.c"] = ROOT / "bench/peers/lwip/tap.c"
    folder = application("lwip-tap", files)
    return compile_program("lwip_tap", sorted(folder.glob("*.c")), f"-I{folder}", "-DPBUF_POOL_SIZE=2048")


def linux_server(arch, disk=False):
    """(kernel, initramfs) of the Linux guest: Debian's kernel, the epoll server and nothing else; with what it needs to
    serve the files of a disk."""
    kernel = Kernel(f"cloud-{arch}")
    modules = linux_guest.VIRTIO + linux_guest.NETWORK + (linux_guest.DISK + linux_guest.FAT if disk else [])
    return kernel.image, kernel.initramfs(BUILD / f"linux-{'files-' if disk else ''}{arch}", PEERS / "linux_init.c", modules,
                                          {"server": epoll_server(arch), "page": PAGE})


def linux_with_disk(arch):
    """(kernel, initramfs) of a Linux that measures a virtio disk."""
    kernel = Kernel(f"cloud-{arch}")
    return kernel.image, kernel.initramfs(BUILD / f"linux-disk-{arch}", PEERS / "linux_card.c",
                                          linux_guest.VIRTIO + linux_guest.DISK)


def linux_with_card():
    """(kernel, initramfs, device tree) of a Linux that measures the Raspberry Pi 3's card."""
    kernel = Kernel("arm64")
    tree = kernel.folder / f"usr/lib/linux-image-{kernel.release}/broadcom/bcm2837-rpi-3-b.dtb"
    return kernel.image, kernel.initramfs(BUILD / "linux-card", PEERS / "linux_card.c",
                                          ["drivers/mmc/host/bcm2835"]), tree
