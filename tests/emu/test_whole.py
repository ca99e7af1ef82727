# SPDX-License-Identifier: ISC
"""Everything that the network stack has, in one image: it fits together, and each part counts."""

import json
import re
import subprocess
import sys

import pytest

from guest import ROOT, Guest

APP = "tests/emu/apps/whole"
#: Tests of one image run in one process, as each brings it up to date.
ONE_PROCESS = pytest.mark.xdist_group("whole-virt-aarch64")
BOARDS = [pytest.param("virt-aarch64", marks=ONE_PROCESS), "virt-arm", "microvm"]

#: What virt-aarch64 loads besides the embedded files.
BYTES_MAX = 220 * 1024


def build(board):
    subprocess.run(["make", "-C", str(ROOT), "SETUP=0", f"BOARD={board}", f"APP_DIR={APP}", "all"],
                   check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(params=BOARDS)
def whole(request):
    build(request.param)
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


@ONE_PROCESS
def test_it_is_no_larger_than_it_was():
    build("virt-aarch64")
    sizes = json.loads(subprocess.run([sys.executable, "tools/size.py", "--json", "build/virt-aarch64/whole/whole.elf"],
                                      cwd=ROOT, capture_output=True, check=True).stdout)
    assert sizes["loadable"] - sizes["embedded"] < BYTES_MAX
