# SPDX-License-Identifier: ISC
"""Linux as a guest, for tests and benchmarks: Debian's kernel with an init of one's own and the modules that it needs.

Kernels are fetched as Debian packages, pinned by version and hash, into build/fetched/. Debian removes one from its
mirrors when the next one replaces it: then version and hashes have to follow.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
FETCHED = ROOT / "build/fetched"

VERSION = "6.1.0-50"
PACKAGE = "6.1.176-1"
#: By flavour: those for virtual machines, and the one with drivers of boards.
SHA256 = {
    "cloud-arm64": "9d41a53f5d687ae1a33cf546d0ed8be955f72e5f9e97b2b4e45e41dff3353b97",
    "cloud-amd64": "efe19f605b6f54a8352e68d85a629abb2d30b72a085faef603a9152590baa791",
    "arm64": "914f75b57a8e165d85fb910c3e2dcc7000a05a9fea3f42f90b26e8dd590d5f06",
}
#: Compilers for programs of the guest.
CC = {"arm64": "aarch64-linux-gnu-gcc", "amd64": "gcc"}
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow"]
#: Modules, in the order in which they need each other; an init has the same lists.
VIRTIO = ["drivers/virtio/virtio", "drivers/virtio/virtio_ring", "drivers/virtio/virtio_mmio",
          "drivers/virtio/virtio_pci_legacy_dev", "drivers/virtio/virtio_pci_modern_dev", "drivers/virtio/virtio_pci"]
NETWORK = ["net/core/failover", "drivers/net/net_failover", "drivers/net/virtio_net"]
DISK = ["drivers/block/virtio_blk"]
FAT = ["fs/nls/nls_cp437", "fs/nls/nls_ascii", "fs/fat/fat", "fs/fat/vfat"]


class Unavailable(Exception):
    """Something cannot be had here; its text says why."""


def fetch(pool, sha256):
    """The path of a file of Debian's archive, fetched unless it is there."""
    path = FETCHED / pathlib.PurePath(pool).name
    done = subprocess.run([ROOT / "tools/fetch-source", pool, sha256, path], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip() or f"could not fetch {path.name}")
    return path


def unpack(folder, command):
    """Fills a folder by command(its path), a list of words; who is interrupted leaves none that is not whole."""
    if not folder.exists():
        part = pathlib.Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        try:
            subprocess.run(command(part), check=True)
            part.chmod(0o755)
            if not folder.exists():  # another process may have been faster
                part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return folder


class Machine:
    """How Linux is started on a board's machine, under TCG: further options of QEMU's, and arguments."""

    def __init__(self, arch, console, bus="mmio", options=()):
        self.arch, self.console, self.bus, self.options = arch, console, bus, options

    def arguments(self, more=""):
        words = [f"console={self.console} bus={self.bus} quiet mitigations=off nokaslr audit=0 random.trust_cpu=on"]
        if self.arch == "amd64":
            words.append(f"tsc=reliable no_timer_check tsc_early_khz={tsc_khz()}")
        return " ".join([*words, more]).rstrip()


#: By board.
MACHINES = {
    "virt-aarch64": Machine("arm64", "ttyAMA0"),
    # Devices are found by ACPI: the kernel takes none from its command line.
    "microvm": Machine("amd64", "ttyS0", options=("-machine", "acpi=on")),
    "q35": Machine("amd64", "ttyS0", bus="pci"),
}


def tsc_khz():
    """Of this machine's counter, which is the emulated one's: the guest has nothing to measure it by."""
    found = re.search(r"cpu MHz\s*:\s*([\d.]+)", pathlib.Path("/proc/cpuinfo").read_text())
    return int(float(found.group(1)) * 1000) if found else 1_000_000


class Kernel:
    """Debian's kernel of a flavour, unpacked."""

    def __init__(self, flavour):
        self.arch = flavour.rsplit("-", 1)[-1]
        self.release = f"{VERSION}-{flavour}"
        self.folder = FETCHED / f"linux-image-{self.release}-{PACKAGE}"
        if not self.folder.exists():
            package = fetch(f"pool/main/l/linux-signed-{self.arch}/linux-image-{self.release}_{PACKAGE}_{self.arch}.deb",
                            SHA256[flavour])
            unpack(self.folder, lambda part: ["dpkg-deb", "-x", package, part])

    @property
    def image(self):
        return self.folder / f"boot/vmlinuz-{self.release}"

    def modules(self, names):
        return [self.folder / f"lib/modules/{self.release}/kernel/{name}.ko" for name in names]

    def initramfs(self, folder, init, modules, files=None):
        """Writes `folder`/initramfs: the C source `init` as the first process, modules, {name: path} of programs and
        files, and folders for what is mounted; returns its path."""
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "init"
        subprocess.run([CC[self.arch], "-std=gnu17", "-O2", f"-I{ROOT}", *WARNINGS, "-static", "-o", program, init],
                       check=True)
        entries = [(name, 0o040755, (0, 0), b"") for name in ("dev", "proc", "sys", "disk", "modules")]
        entries.append(("dev/console", 0o020600, (5, 1), b""))
        for name, path in ({"init": program} | (files or {})).items():
            entries.append((name, 0o100755, (0, 0), path.read_bytes()))
        for path in self.modules(modules):
            entries.append((f"modules/{path.name}", 0o100644, (0, 0), path.read_bytes()))
        archive = folder / "initramfs"
        archive.write_bytes(cpio(entries))
        return archive


def cpio(entries):
    """An archive in the kernel's format ("newc") of (name, mode, device, bytes)."""
    out = bytearray()

    def add(name, mode, device, data):
        encoded = name.encode()
        fields = [0, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded) + 1, 0]
        out.extend(b"070701" + b"".join(b"%08X" % f for f in fields) + encoded + b"\0")
        out.extend(b"\0" * (-len(out) % 4) + data)
        out.extend(b"\0" * (-len(out) % 4))

    for entry in entries:
        add(*entry)
    add("TRAILER!!!", 0, (0, 0), b"")
    return bytes(out)
