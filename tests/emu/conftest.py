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
#: Where what only protocols do is tested: 64 bits and 32. The two PCs are in their tests of drivers and of the start.
PROTOCOL_BOARDS = ["virt-aarch64", "virt-arm", "host"]


#: With tests that take tens of seconds, or wait so long for a device that does not answer.
LONG_FILES = ["test_usb_net.py", "test_virtio_disk.py", "test_web_files.py", "test_zcu102.py"]


def pytest_collection_modifyitems(items):
    """The longest first, so that none is left to run alone at the end."""
    items.sort(key=lambda item: item.path.name not in LONG_FILES)


def on(boards):
    """The fixture of a module whose tests run on these: board = on(PROTOCOL_BOARDS)."""
    @pytest.fixture(params=boards)
    def each(request):
        return request.param
    return each


@pytest.fixture
def network():
    """A network namespace with a tap, entered for the length of the test."""
    if not netns.available():
        pytest.skip("needs root and /dev/net/tun")
    with netns.Network() as n:
        yield n


qemu_board = on(QEMU_BOARDS)
board = on(ALL_BOARDS)
qemu_machine = on(QEMU_BOARDS + PCI_BOARDS)
each_machine = on(ALL_BOARDS + PCI_BOARDS)
