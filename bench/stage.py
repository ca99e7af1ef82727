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


LINUX_VERSION = "6.1.0-50"
LINUX_PACKAGE = "6.1.176-1"
#: By flavour: those for virtual machines, and the one with drivers of boards.
LINUX_SHA256 = {
    "cloud-arm64": "9d41a53f5d687ae1a33cf546d0ed8be955f72e5f9e97b2b4e45e41dff3353b97",
    "cloud-amd64": "efe19f605b6f54a8352e68d85a629abb2d30b72a085faef603a9152590baa791",
    "arm64": "914f75b57a8e165d85fb910c3e2dcc7000a05a9fea3f42f90b26e8dd590d5f06",
}
#: Compilers for programs of a Linux guest.
LINUX_CC = {"arm64": "aarch64-linux-gnu-gcc", "amd64": "gcc"}
#: In the order in which they need each other; the guest's init has the same list.
LINUX_MODULES = ["drivers/virtio/virtio", "drivers/virtio/virtio_ring", "drivers/virtio/virtio_mmio",
                 "drivers/virtio/virtio_pci_legacy_dev", "drivers/virtio/virtio_pci_modern_dev", "drivers/virtio/virtio_pci",
                 "net/core/failover", "drivers/net/net_failover", "drivers/net/virtio_net"]
PAGE = ROOT / "apps/web/htdocs/favicon.svg"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow"]


#: littlefs and FatFs come along in this source package.
MICROPYTHON_VERSION = "1.26.1"
MICROPYTHON_POOL = f"pool/main/m/micropython/micropython_{MICROPYTHON_VERSION}+ds.orig.tar.xz"
MICROPYTHON_SHA256 = "f5ad2ec89d3e921f753d448955af98b6005655f84ba26087dde6ba0e8d062f34"


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


def micropython(part):
    """A folder of MicroPython's sources, unpacked, by its name there: "lib/littlefs"."""
    folder = FETCHED / f"micropython-{MICROPYTHON_VERSION}-{pathlib.PurePath(part).name}"
    if not (folder / ".complete").exists():
        archive = fetch(MICROPYTHON_POOL, MICROPYTHON_SHA256)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-xf", archive, "-C", folder, "--strip-components=1",
                        f"micropython-{MICROPYTHON_VERSION}/{part}"], check=True)
        (folder / ".complete").touch()
    return folder / part


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


def lwip_image():
    """The application whose network is lwIP, for any board."""
    peers = ROOT / "bench/peers/lwip"
    files = lwip_files()
    files.update({name: peers / name for name in ("config.c", "image.c", "port.c")})
    files["htdocs"] = ROOT / "apps/web/htdocs"
    return application("lwip", files)


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


def instructions(stack):
    """The application that counts a stack's instructions: "fata" or "lwip"."""
    folder = ROOT / "bench/instructions"
    files = lwip_files() if stack == "lwip" else {}
    files.update({path.name: path for path in [*folder.glob("*.c"), *(folder / stack).glob("*.c")]})
    if stack == "lwip":
        files["port.c"] = ROOT / "bench/peers/lwip/port.c"
        files["httpd_page.h"] = httpd_page()
        files.update({name: lwip() / "apps/http" / name for name in ("httpd.c", "httpd_structs.h", "fs.c")})
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
    return compile_program(f"linux-{arch}/server", source, *WARNINGS, "-static", compiler=LINUX_CC[arch])


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


def unpack_kernel(flavour):
    arch = flavour.rsplit("-", 1)[-1]
    folder = FETCHED / f"linux-image-{LINUX_VERSION}-{flavour}-{LINUX_PACKAGE}"
    if not (folder / ".complete").exists():
        package = fetch(f"pool/main/l/linux-signed-{arch}/"
                        f"linux-image-{LINUX_VERSION}-{flavour}_{LINUX_PACKAGE}_{arch}.deb", LINUX_SHA256[flavour])
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        (folder / ".complete").touch()
    return folder


def cpio(entries):
    """An archive in the kernel's format ("newc") of (name, mode, device, bytes)."""
    out = bytearray()

    def add(name, mode, device, data):
        fields = [0, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0]
        out.extend(b"070701" + b"".join(b"%08X" % f for f in fields) + name.encode() + b"\0")
        out.extend(b"\0" * (-len(out) % 4) + data)
        out.extend(b"\0" * (-len(out) % 4))

    for entry in entries:
        add(*entry)
    add("TRAILER!!!", 0, (0, 0), b"")
    return bytes(out)


def initramfs(name, arch, init, modules, files):
    """An archive with folders for /dev and /proc, `init` of bench/peers, kernel modules (their paths), and
    {name: path} of files; returns its path."""
    program = compile_program(f"{name}/init", [ROOT / "bench/peers" / init], *WARNINGS, "-static",
                              compiler=LINUX_CC[arch])
    entries = [(folder, 0o040755, (0, 0), b"") for folder in ("dev", "proc", "modules")]
    entries.append(("dev/console", 0o020600, (5, 1), b""))
    for at, path in ({"init": program} | files).items():
        entries.append((at, 0o100755, (0, 0), path.read_bytes()))
    for path in modules:
        entries.append((f"modules/{path.name}", 0o100644, (0, 0), path.read_bytes()))
    archive = BUILD / name / "initramfs"
    archive.write_bytes(cpio(entries))
    return archive


def kernel_modules(folder, flavour, names):
    return [folder / f"lib/modules/{LINUX_VERSION}-{flavour}/kernel/{name}.ko" for name in names]


def linux_guest(arch):
    """(kernel, initramfs) of the Linux guest: Debian's kernel, the epoll server and nothing else."""
    flavour = f"cloud-{arch}"
    folder = unpack_kernel(flavour)
    return folder / f"boot/vmlinuz-{LINUX_VERSION}-{flavour}", initramfs(
        f"linux-{arch}", arch, "linux_init.c", kernel_modules(folder, flavour, LINUX_MODULES),
        {"server": epoll_server(arch), "page": PAGE})


def linux_with_disk(arch):
    """(kernel, initramfs) of a Linux that measures a virtio disk."""
    flavour = f"cloud-{arch}"
    folder = unpack_kernel(flavour)
    modules = [m for m in LINUX_MODULES if "net" not in m] + ["drivers/block/virtio_blk"]
    return folder / f"boot/vmlinuz-{LINUX_VERSION}-{flavour}", initramfs(
        f"linux-disk-{arch}", arch, "linux_card.c", kernel_modules(folder, flavour, modules), {})


def linux_with_card():
    """(kernel, initramfs, device tree) of a Linux that measures the Raspberry Pi 3's card."""
    folder = unpack_kernel("arm64")
    tree = folder / f"usr/lib/linux-image-{LINUX_VERSION}-arm64/broadcom/bcm2837-rpi-3-b.dtb"
    return folder / f"boot/vmlinuz-{LINUX_VERSION}-arm64", initramfs(
        "linux-card", "arm64", "linux_card.c", kernel_modules(folder, "arm64", ["drivers/mmc/host/bcm2835"]), {}), tree
