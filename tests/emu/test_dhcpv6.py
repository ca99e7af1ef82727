# SPDX-License-Identifier: ISC
"""Name servers from DHCPv6, told by a real dnsmasq over a tap. Needs root."""

import pytest

import netns
from guest import Guest
from test_dhcp import dnsmasq  # noqa: F401 (a fixture)
from test_ipv6 import link  # noqa: F401 (a fixture)

STATELESS = ["--enable-ra", "--dhcp-range=fd00:1::,ra-stateless,64",
             "--dhcp-option=option6:dns-server,[fd00:1::53],[fd00:1::54]",
             "--dhcp-option=option6:domain-search,home.example"]


@pytest.fixture(params=["virt-aarch64", "host"])
def board(request):
    return request.param


def test_servers_are_asked_for_and_told(link, dnsmasq, board):  # noqa: F811
    netns.ip("-6", "address", "add", "fd00:1::1/64", "dev", netns.TAP, "nodad")
    with dnsmasq(*STATELESS) as server, Guest(board, "whole", tap=netns.TAP) as guest:
        guest.wait_for("dhcpv6: 2 name servers, the first fd00:1::53; domain home.example")
        assert server.said("DHCPINFORMATION-REQUEST") >= 1
        assert guest.alive()
