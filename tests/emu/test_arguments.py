# SPDX-License-Identifier: ISC
"""Boot arguments, good and bad, and machines that lack something."""

import struct

import pytest

from guest import Guest, smallest_memory

USAGE = 64


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


def test_no_network_device(board):
    with Guest(board, "web") as guest:
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
