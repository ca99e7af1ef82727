# SPDX-License-Identifier: ISC
"""Boot arguments, good and bad, and machines that lack something."""

import pytest

from guest import Guest

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


@pytest.mark.parametrize("board_name", ["virt-aarch64", "virt-arm"])
def test_no_device_tree(board_name):
    """`-dtb` with a file that is no device tree: one line, and not a hang."""
    with Guest(board_name, "hello", machine=("-machine", "virt")) as guest:
        guest.wait_exit()
    import tempfile
    with tempfile.NamedTemporaryFile(suffix=".dtb") as broken:
        broken.write(b"\0" * 256)
        broken.flush()
        guest = Guest(board_name, "hello", extra=["-device",
                      f"loader,file={broken.name},addr=0x40000000,force-raw=on"])
        guest.command[guest.command.index("-kernel") + 1] = guest.image.elf
        with guest:
            guest.wait_exit()


def test_too_little_memory(qemu_board):
    with Guest(qemu_board, "services", memory="2M" if qemu_board != "microvm" else "3M",
               network=True) as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert "memory" in guest.console()
