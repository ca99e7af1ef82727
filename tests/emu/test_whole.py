# SPDX-License-Identifier: ISC
"""Everything that the network stack has, in one image: it fits together, and each part counts."""

import re
import subprocess

import pytest

from guest import ROOT, Guest

APP = "tests/emu/apps/whole"
BOARDS = ["virt-aarch64", "virt-arm", "microvm"]


@pytest.fixture(params=BOARDS)
def whole(request):
    subprocess.run(["make", "-C", str(ROOT), "SETUP=0", f"BOARD={request.param}", f"APP_DIR={APP}", "all"],
                   check=True, stdout=subprocess.DEVNULL)
    with Guest(request.param, "whole", tcp=(80,)) as guest:
        guest.wait_for("ready")
        yield guest


def test_all_parts_start_and_count(whole):
    status, _, page = whole.get("/")
    assert status == 200 and b"<html" in page
    counted = set(re.findall(r"^fata_([a-z0-9]+)_", whole.get("/metrics")[2].decode(), re.MULTILINE))
    assert counted >= {"arp", "capture", "dhcp", "dhcpv6", "dns", "eth", "http", "icmp", "icmpv6", "igmp", "ipv4", "ipv6", "mdns",
                       "mld", "ndp", "neighbour", "netif", "pool", "sntp", "syslog", "tcp", "udp", "websocket"}
    assert whole.get("/capture.pcapng")[2][:4] == bytes.fromhex("0a0d0d0a")
    assert whole.alive()
