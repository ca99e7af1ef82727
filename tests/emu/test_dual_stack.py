# SPDX-License-Identifier: ISC
"""IPv4 and IPv6 on one interface, under one TCP and UDP.

Needs root: a tap in a network namespace of the test's own.
"""

import socket

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import Guest
from test_dhcp import ADDRESS, dnsmasq  # noqa: F401 (a fixture)
from test_ipv6 import GUEST, link, wait_for_address  # noqa: F401 (a fixture)

board = on(PROTOCOL_BOARDS)

PORT = 7


def told_by_stream(address):
    with socket.create_connection((address, PORT), timeout=30) as s:
        text = b""
        while chunk := s.recv(100):
            text += chunk
    return text.decode()


def told_by_datagram(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.connect((address, PORT))
        s.send(b"where am I?")
        return s.recv(100).decode()


def answers_at(address):
    return told_by_stream(address) == told_by_datagram(address) == address


def test_both_families_answer(link, board):  # noqa: F811
    with Guest(board, "dual", args=f"--ipv4=10.0.2.15/24 --ipv6={GUEST}/64", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        wait_for_address(guest, "fd00::")
        assert answers_at("10.0.2.15")
        assert answers_at(GUEST)
        assert answers_at("10.0.2.15")


def test_ipv4_comes_from_dhcp(dnsmasq, board):  # noqa: F811
    """A client beside the image's UDP, which stands over both families."""
    with dnsmasq(), Guest(board, "dual", tap=netns.TAP) as guest:
        guest.wait_for(f"dhcp: net0: {ADDRESS}/24")
        assert answers_at(ADDRESS)


def test_a_closed_port_is_refused_in_both(link, board):  # noqa: F811
    with Guest(board, "dual", args=f"--ipv4=10.0.2.15/24 --ipv6={GUEST}/64", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        wait_for_address(guest, "fd00::")
        for address, family in (("10.0.2.15", socket.AF_INET), (GUEST, socket.AF_INET6)):
            with socket.socket(family, socket.SOCK_DGRAM) as s:
                s.settimeout(30)
                s.connect((address, PORT + 1))
                s.send(b"anybody?")
                with pytest.raises(ConnectionRefusedError):
                    s.recv(100)
