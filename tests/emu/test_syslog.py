# SPDX-License-Identifier: ISC
"""The log as a server of syslog gets it, over a tap."""

import datetime
import re
import socket
import time

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import GUEST_ADDRESS, Guest

board = on(PROTOCOL_BOARDS)

MESSAGE = re.compile(r'<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) \[meta sequenceId="(\d+)"\] (.*)', re.DOTALL)
LOCAL0 = 16


class Server:
    """Receives messages and takes them apart."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((netns.HOST_ADDRESS, port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def receive(self, timeout=30):
        """(facility, severity, time, host, app, module, number, text) of the next message; None: none comes."""
        self.socket.settimeout(timeout)
        try:
            data, peer = self.socket.recvfrom(2000)
        except TimeoutError:
            return None
        assert peer[0] == GUEST_ADDRESS and len(data) <= 480
        found = MESSAGE.fullmatch(data.decode())
        assert found, data
        priority, when, host, app, process, module, number, text = found.groups()
        assert process == "-"
        return int(priority) // 8, int(priority) % 8, when, host, app, module, int(number), text

    def wait_for(self, text):
        """All up to the message with `text`."""
        found = []
        while not found or found[-1][7] != text:
            message = self.receive()
            assert message is not None, found
            found.append(message)
        return found


def say(data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(data, (GUEST_ADDRESS, 7))


def booted(board, args):
    return Guest(board, "syslog", tap=netns.TAP, args=args)


def test_lines_reach_the_server(board, network):
    assert network is not None
    with Server(514) as server, booted(board, f"--syslog={netns.HOST_ADDRESS}") as guest:
        found = server.wait_for("an error")
        guest.wait_for("ready in")
        severity = {m[7]: m[1] for m in found}
        assert (severity["a warning"], severity["an error"]) == (4, 3)
        facility, severity, when, host, app, module, number, text = server.receive()
        assert (facility, severity, host, app) == (LOCAL0, 6, GUEST_ADDRESS, "logger")
        assert text.startswith("ready in") and module == "boot"
        assert number == found[-1][6] + 1
        then = datetime.datetime.fromisoformat(when.rstrip("Z")).replace(tzinfo=datetime.timezone.utc)
        assert abs(then.timestamp() - time.time()) < 60


def test_another_port_and_hostile_text(network):
    assert network is not None
    with Server(5514) as server, booted("virt-aarch64", f"--syslog={netns.HOST_ADDRESS}:5514") as guest:
        guest.wait_for("ready in")
        server.wait_for("an error")
        server.receive()
        say("Füße\r\n<0>1 - - - - forged\x1b[2J".encode() + b"\xff")
        assert server.receive()[7] == "Füße??<0>1 - - - - forged?[2J?"
        say(b"x" * 400)
        assert re.fullmatch("x{150,200}…", server.receive()[7])


def test_a_server_that_refuses_and_debug_lines_make_no_loop(network):
    """Nobody listens, so each message is answered by an ICMP error; what that logs must not go on for ever."""
    assert network is not None
    with booted("virt-aarch64", f"--syslog={netns.HOST_ADDRESS} --log=debug") as guest:
        guest.wait_for("ready in")
        deadline, lines = time.monotonic() + 60, 0
        while lines != (lines := guest.console().count("\n")):
            assert time.monotonic() < deadline, guest.console()
            time.sleep(2)
        with Server(514) as server:
            say(b"at last")
            assert server.wait_for("at last")
            assert server.receive(timeout=1) is None


def test_lines_wait_until_the_neighbour_is_there(network):
    netns.ip("address", "del", f"{netns.HOST_ADDRESS}/24", "dev", netns.TAP)
    assert network is not None
    with booted("virt-aarch64", f"--syslog={netns.HOST_ADDRESS}") as guest:
        guest.wait_for("ready in")
        netns.ip("address", "add", f"{netns.HOST_ADDRESS}/24", "dev", netns.TAP)
        with Server(514) as server:
            say(b"still alive")
            server.wait_for("still alive")


def test_without_a_server_nothing_is_sent(network):
    assert network is not None
    with Server(514) as server, booted("virt-aarch64", "") as guest:
        guest.wait_for("ready in")
        say(b"x")
        assert server.receive(timeout=1) is None


def test_a_server_that_is_no_address_is_told():
    with Guest("virt-aarch64", "syslog", args="--syslog=log.example", network=True) as guest:
        assert guest.wait_exit() == 1
        assert "log.example is no address" in guest.console()
