# SPDX-License-Identifier: ISC
"""IPv4 link-local addresses, on a network without a DHCP server until one comes.

Needs root: a tap in a network namespace of the test's own.
"""

import re
import urllib.request

import pytest

import netns
from guest import Guest
from test_dhcp import ADDRESS, LINE, answers_ping, dnsmasq  # noqa: F401 (a fixture)

BOARDS = ("virt-aarch64", "host")
PEER = "169.254.200.1"
CLAIMED = re.compile(r"ipv4: net0: (169\.254\.\d+\.\d+)/16 gateway none")
CLAIM_TIMEOUT_S = 60  # 13 at most, on a machine that is not busy


@pytest.fixture
def link(network):
    """A peer with a link-local address of its own."""
    netns.ip("address", "add", f"{PEER}/16", "dev", netns.TAP)


def claimed(guest):
    """The address that the guest has given itself at last."""
    console = guest.wait_for("/16 gateway none", timeout=CLAIM_TIMEOUT_S)
    return CLAIMED.findall(console)[-1]


def page(address):
    with urllib.request.urlopen(f"http://{address}/", timeout=30) as reply:
        return reply.read()


@pytest.mark.parametrize("board", BOARDS)
def test_it_is_reached_without_a_server_and_a_lease_replaces_it(link, dnsmasq, board):  # noqa: F811
    with Guest(board, "linklocal", tap=netns.TAP) as guest:
        address = claimed(guest)
        assert answers_ping(address)
        assert page(address) == b"hello\n"
        with dnsmasq():
            guest.wait_for(LINE, timeout=150)  # DHCP asks every minute by now, at worst
            assert page(ADDRESS) == b"hello\n"
            assert not answers_ping(address)


def test_an_address_in_use_is_passed_over(link):
    with Guest("virt-aarch64", "linklocal", tap=netns.TAP) as guest:
        first = claimed(guest)
    netns.ip("address", "add", f"{first}/32", "dev", netns.TAP)
    with Guest("virt-aarch64", "linklocal", tap=netns.TAP) as guest:
        second = claimed(guest)
        assert second != first
        assert page(second) == b"hello\n"


def test_a_peer_with_another_address_is_answered(link):
    """Section 2.6.2: it is looked for on the link, since there is no gateway."""
    with Guest("virt-aarch64", "linklocal", tap=netns.TAP) as guest:
        address = claimed(guest)
        netns.ip("route", "add", f"{address}/32", "dev", netns.TAP, "src", netns.HOST_ADDRESS)
        assert page(address) == b"hello\n"
