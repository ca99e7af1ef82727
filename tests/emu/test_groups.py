# SPDX-License-Identifier: ISC
"""Groups of hosts behind a Linux bridge, which asks for members and sends what is for them to nobody else.

Needs root: a tap in a network namespace of the test's own.
"""

import socket
import struct
import subprocess
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import GUEST_ADDRESS, Guest

board = on(PROTOCOL_BOARDS)

CONTROL, PORT = 7, 5007
GROUP, ANOTHER = "239.1.2.3", "239.7.7.7"
GROUP6, ANOTHER6 = "ff05::1:3", "ff05::7:7"
HOST6, GUEST6 = "fd00::1", "fd00::2"
SOLICITED = "ff02::1:ff00:2"  # of the guest's address
BRIDGE = "br0"


@pytest.fixture
def bridge(network):
    """The tap as a port of a bridge with the host's address, which queries often."""
    def make(version):
        netns.ip("address", "flush", "dev", netns.TAP)
        netns.ip("link", "add", BRIDGE, "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1",
                 "mcast_query_use_ifaddr", "1", "mcast_igmp_version", str(version), "mcast_query_interval", "200",
                 "mcast_startup_query_interval", "100", "mcast_query_response_interval", "100",
                 "mcast_last_member_interval", "50", "mcast_membership_interval", "600",
                 "mcast_mld_version", str(version - 1))
        netns.ip("address", "add", f"{netns.HOST_ADDRESS}/24", "dev", BRIDGE)
        netns.ip("-6", "address", "add", f"{HOST6}/64", "dev", BRIDGE, "nodad")
        netns.ip("-6", "address", "add", "fe80::1/64", "dev", BRIDGE, "nodad")
        netns.ip("link", "set", netns.TAP, "master", BRIDGE)
        netns.ip("link", "set", BRIDGE, "up")
        time.sleep(1.5)  # a querier that has just begun lets everything through
    return make


def tell(order):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.sendto(order.encode(), (GUEST_ADDRESS, CONTROL))
        assert s.recv(100) == b"OK"


def members():
    """The groups that the bridge knows a member of behind the tap."""
    lines = subprocess.run(["bridge", "mdb", "show"], capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split("grp ")[1].split()[0] for line in lines if f"port {netns.TAP}" in line}


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"the bridge knows {members()}"
        time.sleep(0.05)


def answers(group, seconds=10):
    """Whether a datagram to the group comes back from the guest."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(netns.HOST_ADDRESS))
        s.settimeout(seconds)
        s.sendto(struct.pack("!I", 7), (group, PORT))
        try:
            data, peer = s.recvfrom(100)
        except TimeoutError:
            return False
        return data == struct.pack("!I", 7) and peer == (GUEST_ADDRESS, PORT)


@pytest.mark.parametrize("version", [2, 3])
def test_a_snooping_bridge_learns_of_members(bridge, board, version):
    bridge(version)
    with Guest(board, "groups", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        tell(f"join {GROUP}")
        wait_until(lambda: GROUP in members())
        assert answers(GROUP)
        assert not answers(ANOTHER, 0.5)
        tell(f"join {ANOTHER}")
        wait_until(lambda: members() >= {GROUP, ANOTHER})
        assert answers(ANOTHER) and answers(GROUP)
        time.sleep(8)  # longer than a membership lasts that no answer to a query renews
        assert members() >= {GROUP, ANOTHER}
        tell(f"leave {GROUP}")
        wait_until(lambda: GROUP not in members())
        assert not answers(GROUP, 0.5)
        assert ANOTHER in members() and answers(ANOTHER)
        assert guest.alive()


def answers6(group, seconds=10):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(BRIDGE))
        s.bind((HOST6, 0))
        s.settimeout(seconds)
        s.sendto(struct.pack("!I", 7), (group, PORT))
        try:
            data, peer = s.recvfrom(100)
        except TimeoutError:
            return False
        return data == struct.pack("!I", 7) and peer[:2] == (GUEST6, PORT)


@pytest.mark.parametrize("version", [2, 3])
def test_the_same_in_ipv6(bridge, board, version):
    """The bridge speaks version 1 or 2 of MLD. It learns of the address's group too, or nobody could find the guest."""
    bridge(version)
    with Guest(board, "groups", args=f"--ipv6={GUEST6}/64", tap=netns.TAP) as guest:
        guest.wait_for(f"{GUEST6}/64")  # which takes a second: nobody else has it
        wait_until(lambda: SOLICITED in members())
        tell(f"join {GROUP6}")
        wait_until(lambda: GROUP6 in members())
        assert answers6(GROUP6)
        assert not answers6(ANOTHER6, 0.5)
        time.sleep(8)  # longer than a membership lasts that no answer to a query renews
        assert members() >= {GROUP6, SOLICITED}
        tell(f"leave {GROUP6}")
        wait_until(lambda: GROUP6 not in members())
        assert not answers6(GROUP6, 0.5)
        assert guest.alive()
