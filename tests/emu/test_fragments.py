# SPDX-License-Identifier: ISC
"""Datagrams longer than the MTU, to and from Linux, and attacks on their fragments.

Needs root: a tap in a network namespace of the test's own.
"""

import contextlib
import hashlib
import pathlib
import random
import re
import socket
import subprocess

import pytest

import netns
from guest import GUEST_ADDRESS, Guest
from test_barrage import guest_mac

scapy = pytest.importorskip("scapy.all")

ECHO = 7
SEED = 791


@pytest.fixture
def services(network, board):
    with Guest(board, "services", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        yield guest


def pattern(size):
    blocks = (hashlib.sha256(i.to_bytes(4, "big")).digest() for i in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def echo(size):
    data = pattern(size)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.setsockopt(socket.SOL_IP, 10, 0)  # IP_MTU_DISCOVER: Linux sends fragments
        s.connect((GUEST_ADDRESS, ECHO))
        s.send(data)
        assert s.recv(1 << 16) == data


def ping(*options):
    """Returns how many were answered with what they held, which ping compares."""
    out = subprocess.run(["ping", "-c", "5", "-i", "0.2", "-W", "20", *options, GUEST_ADDRESS],
                         capture_output=True, text=True, check=False).stdout
    assert "wrong data" not in out
    return int(re.search(r"(\d+) received", out).group(1))


@pytest.mark.parametrize("size", [1473, 4000, 8000, 20_000, 65_507 - 8])
def test_ping(services, size):
    assert ping("-s", str(size)) == 5


@pytest.mark.parametrize("size", [1472, 1473, 8000, 13_312, 13_313, 20_000, 65_507])
def test_udp_echo(services, size):
    for _ in range(3):
        echo(size)


def fragments(mac, data, ident, src="10.0.2.9", mtu=1500):
    """A UDP datagram to the echo port, cut as a host with this MTU would."""
    ip = scapy.IP(src=src, dst=GUEST_ADDRESS, id=ident)
    whole = ip / scapy.UDP(sport=4000, dport=ECHO) / data
    eth = scapy.Ether(dst=mac, src="02:00:00:00:00:09")
    return [eth / f for f in scapy.fragment(whole, fragsize=mtu - 20)]


def overlap_attacks(mac, rng):
    """Teardrop and its kin: overlaps, two ends, holes, tiny firsts, beyond 65,535, floods."""
    eth = scapy.Ether(dst=mac, src="02:00:00:00:00:09")
    for ident in range(400):
        src = f"10.0.2.{20 + ident % 8}"
        base = scapy.IP(src=src, dst=GUEST_ADDRESS, id=ident, proto=rng.choice([1, 6, 17]))
        for _ in range(rng.randrange(1, 12)):
            size = rng.choice([0, 1, 8, 16, 24, 80, 1480])
            where = rng.choice([rng.randrange(40), rng.randrange(8192), 8191, 0])
            f = base.copy()
            f.frag, f.flags = where, rng.choice(["MF", ""])
            yield bytes(eth / f / rng.randbytes(size))
        for part in rng.sample(fragments(mac, rng.randbytes(3000), ident, src), 2):
            yield bytes(part)


def test_still_serves_after_attacks_on_fragments(services):
    mac = guest_mac()
    rng = random.Random(SEED)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((netns.TAP, 0))
        for n, frame in enumerate(overlap_attacks(mac, rng)):
            raw.send(frame)
            if n % 500 == 250:  # in the midst of it
                echo(8000)
    echo(20_000)
    assert ping("-s", "8000") == 5
    assert services.get("/")[0] == 200
    assert services.alive()


def test_in_any_order_and_doubled(services):
    mac = guest_mac()
    rng = random.Random(SEED)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.bind(("10.0.2.2", 4000))
        for ident, mtu in enumerate((1500, 1400, 576)):
            data = pattern(6000)
            parts = [bytes(f) for f in fragments(mac, data, ident, "10.0.2.2", mtu)]
            rng.shuffle(parts)
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
                raw.bind((netns.TAP, 0))
                for part in parts[:-1]:
                    raw.send(part)
                    raw.send(part)
                raw.send(parts[-1])
            assert s.recv(1 << 16) == data


@contextlib.contextmanager
def far_network(network, mtu):
    """A namespace behind this one, which routes to it over a link that has this MTU on the way there, and 1500 back."""
    pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    inner = f"{network.name}-far"
    netns.ip("netns", "add", inner)
    try:
        netns.ip("link", "add", "fata-far0", "type", "veth", "peer", "name", "fata-far1", "netns", inner)
        netns.ip("address", "add", "10.0.9.1/24", "dev", "fata-far0")
        netns.ip("link", "set", "fata-far0", "up")
        netns.ip("route", "change", "10.0.9.0/24", "dev", "fata-far0", "src", "10.0.9.1", "mtu", "lock", str(mtu))
        for words in (("address", "add", "10.0.9.2/24", "dev", "fata-far1"), ("link", "set", "fata-far1", "up"),
                      ("route", "add", "default", "via", "10.0.9.1")):
            netns.ip("-n", inner, *words)
        yield inner
    finally:
        netns.ip("netns", "delete", inner)


def test_all_fits_through_a_narrow_link(network, board):
    """The router cuts datagrams and echoes in two; it tells TCP, whose segments it may not cut (RFC 1191)."""
    udp = f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30)\n" \
             f"s.sendto(bytes(range(200)) * 7, ('{GUEST_ADDRESS}', {ECHO})); print(s.recv(2000) == bytes(range(200)) * 7)"
    tcp = f"import socket, threading; s = socket.create_connection(('{GUEST_ADDRESS}', {ECHO}), 30)\n" \
          "data = bytes(i * i % 251 for i in range(200000)); threading.Thread(target=s.sendall, args=(data,)).start()\n" \
          "got = b''\nwhile len(got) < len(data): got += s.recv(65536)\nprint(got == data)"
    with Guest(board, "services", tap=netns.TAP) as guest, far_network(network, 1300) as far:
        guest.wait_for("ready")

        def run_far(*words):
            return subprocess.run(["ip", "netns", "exec", far, *words], stdout=subprocess.PIPE, text=True, check=True).stdout

        assert " 0% packet loss" in run_far("ping", "-c", "5", "-i", "0.2", "-W", "20", "-s", "1400", GUEST_ADDRESS)
        assert run_far("python3", "-c", udp) == "True\n"
        assert run_far("python3", "-c", tcp) == "True\n"
