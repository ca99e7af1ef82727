# SPDX-License-Identifier: ISC
"""Network namespaces of the tests' own: a private world with a tap in it. Needs root.

While a Network is entered, this thread and every process and thread that it starts live in the
namespace, so QEMU, curl and Python's sockets all see the tap and nothing else.
"""

import ctypes
import fcntl
import os
import pathlib
import secrets
import socket
import struct
import subprocess
import time

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, IFF_RUNNING = 0x8913, 0x40
HOST_ADDRESS = "10.0.2.2"
TAP = "tap0"
TAPS = [TAP, "tap1"]

_libc = ctypes.CDLL(None, use_errno=True)


def available():
    return os.geteuid() == 0 and pathlib.Path("/dev/net/tun").exists()


def _setns(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        if _libc.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns", path)
    finally:
        os.close(fd)


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def wait_running(tap, timeout=30):
    """Waits until frames go out by the tap. Linux drops them at first: it takes note of a carrier up to a second late."""
    deadline = time.monotonic() + timeout
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        while time.monotonic() < deadline:
            answer = fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16sH14x", tap.encode(), 0))
            if struct.unpack("16sH14x", answer)[1] & IFF_RUNNING:
                return
            time.sleep(0.01)


def _counted(table, name):
    """What Linux has counted of `name` in this namespace, by /proc/net/`table`: pairs of lines, names over numbers."""
    lines = pathlib.Path(f"/proc/thread-self/net/{table}").read_text().splitlines()
    for names, numbers in zip(lines[::2], lines[1::2]):
        if name in names.split():
            return int(numbers.split()[names.split().index(name)])
    raise AssertionError(f"Linux counts no {name}")


def syns_sent_again():
    """How many SYNs this side has sent more than once: somebody has dropped them, or was slower than a second."""
    return _counted("netstat", "TCPSynRetrans")


def _device(tap):
    """The columns of /proc/net/dev."""
    for line in pathlib.Path("/proc/thread-self/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == tap:
            return [int(n) for n in numbers.split()]
    raise AssertionError(f"there is no {tap}")


def dropped(tap):
    """How many frames to the guest found the tap's queue full."""
    return _device(tap)[11]


def received(tap):
    """How many bytes and frames have come from the guest; one that Linux is left to cut is one."""
    return _device(tap)[:2]


class Network:
    """A namespace with loopback, the tap `tap0` at HOST_ADDRESS/24 and, if asked, `tap1` at 10.0.3.2/24."""

    def __init__(self, taps=1):
        self.name = f"fata-test-{os.getpid()}-{secrets.token_hex(3)}"
        self.taps = TAPS[:taps]

    def __enter__(self):
        ip("netns", "add", self.name)
        self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        _setns(f"/run/netns/{self.name}")
        ip("link", "set", "lo", "up")
        for number, tap in enumerate(self.taps):
            ip("tuntap", "add", "dev", tap, "mode", "tap")
            ip("address", "add", f"10.0.{2 + number}.2/24", "dev", tap)
            ip("link", "set", tap, "up")
        return self

    def __exit__(self, *_):
        if _libc.setns(self.home, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        os.close(self.home)
        ip("netns", "delete", self.name)
