# SPDX-License-Identifier: ISC
"""Fixtures and markers of the tests that boot images."""

import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools")]
import netns  # noqa: E402

#: The boards that QEMU emulates; the host board needs a tap, so it is tested with `network`.
QEMU_BOARDS = ["virt-aarch64", "virt-arm", "microvm"]
ALL_BOARDS = QEMU_BOARDS + ["host"]
#: Those whose devices are on PCI, for the tests of what a machine does and not of what protocols do.
PCI_BOARDS = ["q35"]


@pytest.fixture
def network():
    """A network namespace with a tap, entered for the length of the test."""
    if not netns.available():
        pytest.skip("needs root and /dev/net/tun")
    with netns.Network() as n:
        yield n


@pytest.fixture(params=QEMU_BOARDS)
def qemu_board(request):
    return request.param


@pytest.fixture(params=ALL_BOARDS)
def board(request):
    return request.param


@pytest.fixture(params=QEMU_BOARDS + PCI_BOARDS)
def qemu_machine(request):
    return request.param


@pytest.fixture(params=ALL_BOARDS + PCI_BOARDS)
def each_machine(request):
    return request.param
