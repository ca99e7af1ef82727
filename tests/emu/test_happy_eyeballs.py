# SPDX-License-Identifier: ISC
"""Connections by name to a peer with addresses of both families (RFC 8305), one of which may not answer.

The names are dnsmasq's, the peer is Linux. Needs root: a tap in a network namespace of the test's own.
"""

import contextlib
import re
import socket
import tempfile
import threading
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import Guest
from test_dns import Dnsmasq
from test_ipv6 import PREFIX, advertise, link, prefix_option, wait_for_address  # noqa: F401 (a fixture)

board = on(PROTOCOL_BOARDS)

PORT = 7000
ATTEMPT_MS = 250  # between two addresses, RFC 8305 section 8
HOST6 = f"{PREFIX}1"
RECORDS = {
    "both.test": [netns.HOST_ADDRESS, HOST6],
    # Beyond the router, which drops what it does not forward and says nothing.
    "hole.test": [netns.HOST_ADDRESS, "2001:db8:dead::1"],
    "six.test": [HOST6],
}


@pytest.fixture
def names(link):  # noqa: F811
    assert link is not None
    with tempfile.TemporaryDirectory(prefix="fata-names-") as folder, \
            Dnsmasq(folder, RECORDS, (netns.HOST_ADDRESS, HOST6)) as d:
        yield d


def serve(listener, family, over):
    listener.settimeout(0.1)
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            s, _ = listener.accept()
            with s:
                s.sendall(family.encode())


@contextlib.contextmanager
def peer(*families):
    """Listens at the addresses of these families, and says to each client which one it came by."""
    over = threading.Event()
    with contextlib.ExitStack() as stack:
        for family in families:
            kind, address = {"IPv4": (socket.AF_INET, netns.HOST_ADDRESS), "IPv6": (socket.AF_INET6, HOST6)}[family]
            listener = stack.enter_context(socket.create_server((address, PORT), family=kind))
            thread = threading.Thread(target=serve, args=(listener, family, over))
            stack.callback(thread.join)
            thread.start()
        stack.callback(over.set)
        yield


def told(console):
    return [(family, int(ms)) for family, ms in re.findall(r"connected over (\S+) after (\d+) ms", console)]


def wait_for_connections(guest, count):
    deadline = time.monotonic() + 60
    while len(found := told(guest.console())) < count:
        assert time.monotonic() < deadline and guest.alive(), guest.console()
        time.sleep(0.05)
    return found


def connections(board, name, dns=netns.HOST_ADDRESS, count=5):
    """(family, milliseconds) of `count` connections, once the image has its address of IPv6."""
    args = f"--name={name} --dns={dns} --ipv6={PREFIX}2/64 --ipv6-gateway=fe80::1"
    with Guest(board, "eyeballs", args=args, tap=netns.TAP) as guest:
        wait_for_address(guest, PREFIX)
        begun = len(told(guest.console())) + 1  # one may have begun before
        return wait_for_connections(guest, begun + count)[begun:]


def quickest(found):
    return min(ms for _, ms in found)


def test_ipv6_goes_first(board, names):
    with peer("IPv4", "IPv6"):
        found = connections(board, "both.test")
    assert {family for family, _ in found} == {"IPv6"}, found
    assert quickest(found) < ATTEMPT_MS


def test_a_black_hole_costs_a_quarter_of_a_second(board, names):
    with peer("IPv4", "IPv6"):
        found = connections(board, "hole.test")
    assert {family for family, _ in found} == {"IPv4"}, found
    assert ATTEMPT_MS <= quickest(found) < 2 * ATTEMPT_MS, found
    assert all(ms >= ATTEMPT_MS for _, ms in found), found


def test_a_refusal_costs_nothing(board, names):
    with peer("IPv4"):
        found = connections(board, "both.test")
    assert {family for family, _ in found} == {"IPv4"}, found
    assert quickest(found) < ATTEMPT_MS


def test_names_by_ipv6_alone(board, names):
    """The server of names and the peer have no IPv4 that is known."""
    with peer("IPv6"):
        found = connections(board, "six.test", dns=HOST6)
    assert {family for family, _ in found} == {"IPv6"}, found


def test_a_connection_that_begins_before_there_is_an_address(board, names):
    """The router says only then which network this is, and the peer has no other family."""
    with peer("IPv6"), Guest(board, "eyeballs", args=f"--name={HOST6}", tap=netns.TAP) as guest:
        guest.wait_for("boot: ready")
        advertise(prefix_option(PREFIX))
        assert wait_for_connections(guest, 1)[0][0] == "IPv6"
        assert "no connection" not in guest.console(), guest.console()
