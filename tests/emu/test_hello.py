# SPDX-License-Identifier: ISC
"""The smallest image, on every board and in every way that the board can start."""

import pytest

import emulator
from guest import START_TIMEOUT_S, Guest, smallest_memory

VARIANTS = [
    ("virt-aarch64", ["-machine", "virt,gic-version=3"]),
    ("virt-aarch64", ["-machine", "virt,virtualization=on"]),
    ("virt-aarch64", ["-machine", "virt,gic-version=3,virtualization=on", "-cpu", "max"]),
    ("virt-aarch64", ["-cpu", "max"]),
    ("virt-arm", ["-cpu", "cortex-a7"]),
    ("virt-arm", ["-machine", "virt,virtualization=on"]),
]


def says_hello(guest, timeout=START_TIMEOUT_S):
    guest.wait_for("Hello", timeout)
    assert guest.wait_exit() == 0


def test_hello(each_machine):
    with Guest(each_machine, "hello") as guest:
        says_hello(guest)


@pytest.mark.parametrize("board_name,machine", VARIANTS)
def test_other_machines(board_name, machine):
    with Guest(board_name, "hello", machine=machine) as guest:
        says_hello(guest)


@pytest.mark.parametrize("board_name", ["virt-aarch64", "virt-arm"])
def test_elf_as_kernel(board_name):
    """With an ELF, QEMU passes no device tree address in a register: it is found in RAM."""
    guest = Guest(board_name, "hello")
    guest.command[guest.command.index("-kernel") + 1] = guest.image.elf
    with guest:
        says_hello(guest)


@pytest.mark.parametrize("memory", ["3M", "16M", "1G"])
def test_memory_sizes(qemu_machine, memory):
    with Guest(qemu_machine, "hello", memory=memory) as guest:
        says_hello(guest)


def test_smallest_memory(qemu_machine):
    with Guest(qemu_machine, "hello", **smallest_memory(qemu_machine, "hello")) as guest:
        says_hello(guest)


@pytest.mark.parametrize("board_name", ["microvm", "q35"])
def test_kvm(board_name):
    """Under virtualization; where /dev/kvm is missing, the same under emulation."""
    with Guest(board_name, "hello", kvm=emulator.kvm_is_usable()) as guest:
        says_hello(guest, timeout=180)  # a virtualization in software takes its time for a BIOS


def test_key_of_the_application(each_machine):
    with Guest(each_machine, "hello", args="--name=Morgana") as guest:
        guest.wait_for("Morgana")
        assert guest.wait_exit() == 0
