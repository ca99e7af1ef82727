# SPDX-License-Identifier: ISC
"""Ways to networks behind routers: told at boot, and by a DHCP server (RFC 3442).

Needs root: a tap in a network namespace of the test's own.
"""

import subprocess

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import GUEST_ADDRESS, Guest
from test_dhcp import ADDRESS, dnsmasq  # noqa: F401 (a fixture)

board = on(PROTOCOL_BOARDS)

FAR = "192.0.2.1"  # of the host, as if behind it


def answers(address, source):
    return subprocess.run(["ping", "-c", "3", "-i", "0.2", "-W", "2", "-I", source, address], check=False,
                          stdout=subprocess.DEVNULL).returncode == 0


def test_routes_of_a_dhcp_server(dnsmasq, board):  # noqa: F811
    """The router of option 3, which is not there, means nothing beside option 121."""
    netns.ip("address", "add", f"{FAR}/32", "dev", "lo")
    with dnsmasq(f"--dhcp-option=121,192.0.2.0/24,{netns.HOST_ADDRESS},198.51.100.0/24,10.0.2.9"), \
            Guest(board, "dhcp", tap=netns.TAP) as guest:
        guest.wait_for(f"dhcp: net0: {ADDRESS}/24 gateway none")
        assert f"192.0.2.0/24 by {netns.HOST_ADDRESS}" in guest.console()
        assert answers(ADDRESS, FAR)


@pytest.mark.parametrize("routes, arrives", [(f"192.0.2.0/24:{netns.HOST_ADDRESS}", True),
                                             (f"192.0.2.0/25:10.0.2.9,192.0.2.1/32:{netns.HOST_ADDRESS}", True),
                                             (f"192.0.2.0/25:10.0.2.9,192.0.0.0/16:{netns.HOST_ADDRESS}", False)])
def test_routes_of_the_boot_arguments(network, board, routes, arrives):
    netns.ip("address", "add", f"{FAR}/32", "dev", "lo")
    with Guest(board, "groups", args=f"--gateway=0.0.0.0 --routes={routes}", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        assert answers(GUEST_ADDRESS, netns.HOST_ADDRESS)
        assert answers(GUEST_ADDRESS, FAR) == arrives


def test_a_route_that_is_none_is_refused(network, board):
    with Guest(board, "groups", args="--routes=127.0.0.0/8:10.0.2.9", tap=netns.TAP) as guest:
        assert guest.wait_exit() != 0
        assert "there is no route to 127.0.0.0/8 by 10.0.2.9" in guest.console()
