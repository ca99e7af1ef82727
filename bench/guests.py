# SPDX-License-Identifier: ISC
"""What is measured: Fata's images, those with lwIP, a Linux guest, programs on this machine.

Each is a context manager that starts one and ends it. Those over a tap are reached at GUEST_ADDRESS, in a
netns.Network that the caller has entered.
"""

import contextlib
import pathlib
import signal
import subprocess
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent),
                str(pathlib.Path(__file__).resolve().parents[1] / "tests/emu"),
                str(pathlib.Path(__file__).resolve().parents[1] / "tools")]
import load  # noqa: E402
import netns  # noqa: E402
import stage  # noqa: E402
import linux_guest  # noqa: E402
import guest  # noqa: E402
from guest import GUEST_ADDRESS, Guest, image  # noqa: E402

guest.as_shipped = True

GUEST_MAC = "52:54:00:12:34:56"
PEER_ADDRESS = "10.0.4.2"
#: Of emulated machines that are compared: enough for Linux.
MEMORY = "256M"


def options_for(board):
    return {} if image(board, "web").is_process else {"mac": GUEST_MAC, "memory": MEMORY}


def know_guest(board):
    """The client knows the guest's link address already, as a router would after its first packet."""
    if not image(board, "web").is_process:
        netns.ip("neighbour", "replace", GUEST_ADDRESS, "lladdr", GUEST_MAC, "dev", netns.TAP)


def forget_guest():
    """What answers at the address has another link address than the one before."""
    subprocess.run(["ip", "neighbour", "flush", "dev", netns.TAP], check=False, capture_output=True)


def fata(board, app, args="", disk=None):
    return Guest(board, app, tap=netns.TAP, args=args, disk=disk, **options_for(board))


def micro(board, app):
    """On a microcontroller, whose memory and network card are its own."""
    return Guest(board, app, tap=netns.TAP)


def lwip(board, args="", app="lwip"):
    return Guest(board, app, tap=netns.TAP, args=args, **options_for(board))


class LinuxGuest(Guest):
    """Debian's kernel with the epoll server on the board's machine; with a disk, it serves the files of its FAT volume."""

    def __init__(self, board, disk=None):
        machine = linux_guest.MACHINES[board]
        kernel, initramfs = stage.linux_server(machine.arch, disk is not None)
        arguments = machine.arguments(f"address={GUEST_ADDRESS}" + (" disk=vfat" if disk else ""))
        super().__init__(board, "web", tap=netns.TAP, args=arguments, mac=GUEST_MAC, memory=MEMORY, kernel=str(kernel),
                         machine=machine.options, disk=disk, extra=("-initrd", str(initramfs)))


class Program:
    """A program on this machine that serves over the tap."""

    def __init__(self, *command):
        self.command = [str(word) for word in command]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        stop(self.process)


def lwip_program(program):
    return Program(program, netns.TAP, GUEST_ADDRESS, "255.255.255.0", stage.PAGE)


def no_stack():
    return Program(stage.no_stack(), netns.TAP, GUEST_ADDRESS, stage.PAGE)


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait()


@contextlib.contextmanager
def linux_namespace():
    """A namespace behind a veth pair: yields what launches the epoll server there, and its Popen."""
    peer = f"fata-bench-peer-{time.monotonic_ns()}"
    program = stage.epoll_server()
    netns.ip("netns", "add", peer)
    try:
        netns.ip("link", "add", "veth0", "type", "veth", "peer", "name", "veth1", "netns", peer)
        netns.ip("address", "add", "10.0.4.1/24", "dev", "veth0")
        netns.ip("link", "set", "veth0", "up")
        netns.ip("-n", peer, "address", "add", f"{PEER_ADDRESS}/24", "dev", "veth1")
        netns.ip("-n", peer, "link", "set", "veth1", "up")
        yield lambda page: subprocess.Popen(["ip", "netns", "exec", peer, str(program), PEER_ADDRESS, str(page),
                                             str(load.HTTP), str(load.DISCARD), str(load.SOURCE)])
    finally:
        netns.ip("netns", "delete", peer)


@contextlib.contextmanager
def linux_on_host(page=stage.PAGE):
    """The epoll server on this machine's own Linux; yields its process."""
    with linux_namespace() as launch:
        process = launch(page)
        try:
            yield process
        finally:
            stop(process)
