# SPDX-License-Identifier: ISC
"""Images that U-Boot starts: booti on 64-bit Arm, bootz on 32-bit Arm; from a FAT partition and by TFTP.

Somebody sits at U-Boot's console: the test stops its countdown and types. What U-Boot leaves behind is what
firmware of boards leaves: a copy of the device tree at the top of memory, devices that were in use.
"""

import os
import pathlib
import selectors
import subprocess
import sys
import time
import urllib.request

import pytest

import emulator
from guest import ROOT, image

FIRMWARE = {"virt-aarch64": "/usr/lib/u-boot/qemu_arm64/u-boot.bin", "virt-arm": "/usr/lib/u-boot/qemu_arm/u-boot.bin"}
BOOT = {"virt-aarch64": "booti", "virt-arm": "bootz"}
TIMEOUT_S = 60
NAME = "kernel.img"  # of the image, on the disk and the server
FROM_DISK = f"load virtio 0:1 ${{kernel_addr_r}} {NAME}"
FROM_NETWORK = f"setenv autoload no; dhcp; setenv serverip 10.0.2.2; tftpboot ${{kernel_addr_r}} {NAME}"


class Console:
    """A machine that begins in U-Boot, and what is typed there. Use as a context manager."""

    def __init__(self, board, app, **options):
        self.image = image(board, app)
        command = self.image.command(**options)
        at = command.index("-kernel")
        command[at:at + 2] = ["-bios", FIRMWARE[board]]
        self.command, self.process = command, None
        self.seen, self.waited_for = "", 0

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.selector.close()

    def wait_for(self, text):
        """Waits until `text` is printed behind all that was waited for before."""
        deadline = time.monotonic() + TIMEOUT_S
        while text not in self.seen[self.waited_for:]:
            assert self.selector.select(max(0, deadline - time.monotonic())), f"no {text!r}:\n{self.seen}"
            more = os.read(self.process.stdout.fileno(), 4096)
            assert more, f"ended without {text!r}:\n{self.seen}"
            self.seen += more.decode(errors="replace").replace("\r", "")
        self.waited_for = self.seen.index(text, self.waited_for) + len(text)

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def boot(self, load, args):
        """From the countdown to the image."""
        self.wait_for("stop autoboot")
        self.type("")
        self.wait_for("=> ")
        self.type(f"setenv bootargs '{args}'")
        self.wait_for("=> ")
        self.type(f"{load} && {BOOT[self.image.board]} ${{kernel_addr_r}} - ${{fdtcontroladdr}}")
        self.wait_for("Starting kernel ...")

    def wait_exit(self):
        return self.image.exit_status(self.process.wait(TIMEOUT_S))


@pytest.fixture(params=sorted(FIRMWARE))
def board(request):
    return request.param


def disk(board, app, folder):
    """Options for a virtio disk with a FAT partition that holds the image."""
    path = folder / "disk.img"
    subprocess.run([sys.executable, ROOT / "tools/sdcard.py", f"--board={board}", f"--kernel={NAME}",
                    f"--image={image(board, app).kernel}", f"--output={path}"], check=True, capture_output=True)
    return ["-drive", f"if=none,id=disk,format=raw,file={path}", "-device", "virtio-blk-device,drive=disk"]


def server(board, app, folder, forwards=()):
    """QEMU's user networking with a TFTP server that has the image."""
    (folder / NAME).write_bytes(pathlib.Path(image(board, app).kernel).read_bytes())
    return emulator.user_netdev(forwards) + f",tftp={folder}"


def greets(console, load):
    console.boot(load, "--name=Uther")
    console.wait_for(f"Hello, Uther, from board {console.image.board} ")
    assert console.wait_exit() == 0


#: Enters the image in EL2 and HYP, as boards do.
HYPERVISOR = ["-machine", "virtualization=on"]


@pytest.mark.parametrize("machine", [[], HYPERVISOR], ids=["kernel mode", "hypervisor mode"])
def test_from_a_fat_partition(board, machine, tmp_path):
    with Console(board, "hello", extra=disk(board, "hello", tmp_path), machine=machine) as console:
        greets(console, FROM_DISK)


def test_by_tftp(board, tmp_path):
    with Console(board, "hello", netdev=server(board, "hello", tmp_path)) as console:
        greets(console, FROM_NETWORK)


def test_a_wrong_argument_is_told_as_ever(board, tmp_path):
    with Console(board, "hello", extra=disk(board, "hello", tmp_path)) as console:
        console.boot(FROM_DISK, "--nmae=Uther")
        console.wait_for("did you mean --name?")
        assert console.wait_exit() == 64


def test_timers_and_interrupts_after_u_boot(board, tmp_path):
    with Console(board, "selftest", extra=disk(board, "selftest", tmp_path)) as console:
        console.boot(FROM_DISK, "")
        console.wait_for(f"all checks passed on board {board}")
        assert console.wait_exit() == 0


def test_the_card_that_u_boot_has_used_serves(board, tmp_path):
    """The network card is reset and set up anew."""
    port = emulator.free_port()
    with Console(board, "web", netdev=server(board, "web", tmp_path, [("tcp", port, 80)])) as console:
        console.boot(FROM_NETWORK, "")
        console.wait_for("boot: ready")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.status == 200 and b"</html>" in answer.read()
