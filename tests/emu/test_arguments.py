# SPDX-License-Identifier: ISC
"""Boot arguments, good and bad, and machines that lack something."""

import pathlib
import struct

import pytest

from guest import Guest, image, smallest_memory

USAGE = 64
PANIC = 70
BLOCK_CAPACITY = 128  # of apps/selftest


@pytest.mark.parametrize("argument,said", [
    ("--prot=80", "--prot"),
    ("--port=99999", "--port=99999"),
    ("--port=eighty", "--port=eighty"),
    ("--ipv4=10.0.2.300/24", "--ipv4=10.0.2.300/24"),
    ("--gateway=10.0.2", "--gateway=10.0.2"),
    ("stray", "stray"),
])
def test_malformed_arguments_are_named(board, argument, said):
    with Guest(board, "web", args=argument) as guest:
        status = guest.wait_exit()
        console = guest.console()
        assert status == USAGE, console
        assert said in console
        assert "--ipv4" in console and "--log" in console  # the list of those that exist


def test_help_lists_the_keys(board):
    with Guest(board, "web", args="--help") as guest:
        assert guest.wait_exit() == 0
        assert "--port" in guest.console()


def test_no_network_device(each_machine):
    with Guest(each_machine, "web") as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert "network" in guest.console()


def bare_device_tree():
    """A valid flattened device tree with an empty root: QEMU adds memory to it, but no devices."""
    strings = b"#address-cells\0#size-cells\0"
    nodes = struct.pack(">I4x", 1)
    for name_at in (0, 15):
        nodes += struct.pack(">4I", 3, 4, name_at, 2)
    nodes += struct.pack(">II", 2, 9)
    nodes_at = 40 + 16
    strings_at = nodes_at + len(nodes)
    total = strings_at + len(strings)
    return struct.pack(">10I", 0xd00dfeed, total, nodes_at, strings_at, 40, 17, 16, 0, len(strings),
                       len(nodes)) + bytes(16) + nodes + strings


@pytest.mark.parametrize("board_name", ["virt-aarch64", "virt-arm"])
def test_device_tree_without_devices(board_name, tmp_path):
    tree = tmp_path / "bare.dtb"
    tree.write_bytes(bare_device_tree())
    with Guest(board_name, "hello", extra=["-dtb", str(tree)]) as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert "the device tree describes no" in guest.console()


def test_too_little_memory(qemu_board):
    with Guest(qemu_board, "services", network=True,
               **smallest_memory(qemu_board, "services")) as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert "memory" in guest.console()


def guest_with_block(board, folder, text, length=None, **options):
    """The selftest, started from a copy of its image whose argument block holds `text`."""
    found = image(board, "selftest")
    path = pathlib.Path(found.elf if found.is_process else found.kernel)
    data = bytearray(path.read_bytes())
    at = data.index(b"FataArgs")
    assert data.count(b"FataArgs") == 1
    assert struct.unpack_from("<HHI", data, at + 8) == (BLOCK_CAPACITY, 0, 0)
    struct.pack_into("<H", data, at + 10, len(text) if length is None else length)
    data[at + 16:at + 16 + len(text)] = text
    copy = folder / path.name
    copy.write_bytes(data)
    copy.chmod(0o755)
    guest = Guest(board, "selftest", **options)
    guest.command = [str(copy) if word == str(path) else word for word in guest.command]
    return guest


def test_block_in_the_image(board, tmp_path):
    with guest_with_block(board, tmp_path, b'--log=*:info  --crash="panic"') as guest:
        assert guest.wait_exit() == PANIC, guest.console()
        assert "crashing: panic" in guest.console()


def test_block_that_is_full(board, tmp_path):
    text = b"--crash=".ljust(BLOCK_CAPACITY, b"x")
    with guest_with_block(board, tmp_path, text) as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert f"crashing: {'x' * (BLOCK_CAPACITY - 8)}\n" in guest.console()


def test_loader_overrules_the_block(board, tmp_path):
    with guest_with_block(board, tmp_path, b"--crash=panic", args="--crash=none") as guest:
        assert guest.wait_exit() not in (0, USAGE, PANIC)
        assert "--crash=none: there is no such way" in guest.console()


@pytest.mark.parametrize("text,length,said", [
    (b"--crahs=panic", None, "--crahs"),
    (b"--crash=panic", BLOCK_CAPACITY + 1, "argument block"),
    (b"--crash=panic", 0xffff, "argument block"),
    (b"--crash=panic", 14, "control character"),  # a NUL behind the text
    (b"--crash=\x1b[2J", None, "control character"),
    (b"--crash=\x7f", None, "control character"),
])
def test_malformed_block(board, tmp_path, text, length, said):
    with guest_with_block(board, tmp_path, text, length) as guest:
        assert guest.wait_exit() == USAGE, guest.console()
        assert said in guest.console()
        assert "crashing" not in guest.console()
