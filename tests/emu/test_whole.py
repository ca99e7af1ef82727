# SPDX-License-Identifier: ISC
"""Everything that the network stack has, in one image: it fits together, and each part counts."""

import json
import re
import subprocess
import sys

import pytest

from guest import ROOT, Guest

#: KiB that virt-aarch64 loads besides the embedded files.
KIB_MAX = {"whole": 192, "web": 192}


@pytest.fixture(params=["virt-aarch64", "virt-arm", "microvm"])
def whole(request):
    with Guest(request.param, "whole", tcp=(80,)) as guest:
        guest.wait_for("ready")
        yield guest


def test_all_parts_start_and_count(whole):
    status, _, page = whole.get("/")
    assert status == 200 and b"<html" in page
    counted = set(re.findall(r"^fata_([a-z0-9]+)_", whole.get("/metrics")[2].decode(), re.MULTILINE))
    assert counted >= {"arp", "capture", "connect", "dhcp", "dhcpv6", "dns", "eth", "http", "icmp", "icmpv6", "igmp", "ipv4", "ipv6",
                       "link", "mdns", "mld", "ndp", "neighbour", "netif", "pool", "sntp", "syslog", "tcp", "udp", "websocket"}
    assert whole.get("/capture.pcapng")[2][:4] == bytes.fromhex("0a0d0d0a")
    assert whole.alive()


@pytest.mark.parametrize("app", KIB_MAX)
def test_it_is_no_larger_than_it_was(app):
    sizes = json.loads(subprocess.run([sys.executable, "tools/size.py", "--json", f"build/virt-aarch64/{app}/{app}.elf"],
                                      cwd=ROOT, capture_output=True, check=True).stdout)
    assert sizes["loadable"] - sizes["embedded"] < KIB_MAX[app] * 1024
