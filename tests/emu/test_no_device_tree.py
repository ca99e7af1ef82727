# SPDX-License-Identifier: ISC
"""Arm machines without a device tree, or with a pointer that leads to none.

QEMU always places a tree, so the machine waits for a debugger, which takes it away before the image's
first instruction: gdb steps through QEMU's own few instructions, if there are any, and then changes the
register and the memory that the image would find the tree by.
"""

import subprocess
import time

import pytest

from guest import Guest, image

RAM_START = 0x40000000
#: A pointer to the tree: the register of the boot protocol.
REGISTER = {"virt-aarch64": "x0", "virt-arm": "r2"}
DONE = "gdb has done its part"
SAID = "no device tree: start it with QEMU's -kernel IMAGE.img or .elf"


def gdb_script(socket, register, commands):
    """Attaches, goes to the image's entry, runs `commands` there (with $tree, where it is) and lets go."""
    return "\n".join([
        "set pagination off", "set confirm off", f"target remote {socket}",
        # QEMU's loader for Linux kernels, at the start of RAM; an ELF file is entered directly.
        f"while $pc >= {RAM_START} && $pc < {RAM_START + 0x100}", "stepi", "end",
        f"set $tree = (unsigned long)${register}", *commands, f"echo {DONE}", "detach", ""])


def ended(board, folder, commands, kernel=None):
    """Starts hello after gdb's `commands`; returns its status and console."""
    socket = folder / "gdb.sock"
    script = folder / "script.gdb"
    script.write_text(gdb_script(socket, REGISTER[board], commands))
    extra = ["-S", "-chardev", f"socket,id=gdb,path={socket},server=on,wait=off", "-gdb", "chardev:gdb"]
    with Guest(board, "hello", extra=extra, kernel=kernel) as guest:
        deadline = time.monotonic() + 30
        while not socket.exists() and guest.alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        done = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-x", script], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=180, check=False)
        # The image may end before gdb has detached, of which gdb complains.
        assert DONE in done.stdout, done.stdout + done.stderr
        return guest.wait_exit(), guest.console()


@pytest.fixture(params=sorted(REGISTER))
def arm_board(request):
    return request.param


def test_the_debugger_alone_changes_nothing(arm_board, tmp_path):
    status, console = ended(arm_board, tmp_path, [])
    assert status == 0 and "Hello" in console


CLEARED = ["set {int}$tree = 0", "set {int}%d = 0" % RAM_START]
POINTERS = {
    "null": [*CLEARED, "set $REGISTER = 0"],
    "no tree there": CLEARED,
    "unaligned": ["set $REGISTER = $tree + 4"],
    "a device": ["set $REGISTER = 0x09000000"],
    "the image itself": ["set $REGISTER = (unsigned long)$pc & ~7"],
    "too large": ["set {int}($tree + 4) = 0xffffff7f"],
    "too small": ["set {int}($tree + 4) = 0x01000000"],
}


@pytest.mark.parametrize("pointer", POINTERS)
def test_without_a_tree_the_image_says_so_and_ends(arm_board, tmp_path, pointer):
    commands = [c.replace("REGISTER", REGISTER[arm_board]) for c in POINTERS[pointer]]
    assert ended(arm_board, tmp_path, commands) == (1, f"{arm_board}: {SAID}\n")


def test_an_elf_finds_none_in_memory_either(arm_board, tmp_path):
    kernel = image(arm_board, "hello").elf
    assert ended(arm_board, tmp_path, ["set {int}%d = 0" % RAM_START], kernel) == (
        1, f"{arm_board}: {SAID}\n")
