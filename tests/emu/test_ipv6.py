# SPDX-License-Identifier: ISC
"""IPv6 over a tap with Linux as the neighbour.

Router advertisements are radvd's, or written by hand where a test wants odd ones; the rest is real.
"""

import contextlib
import ipaddress
import os
import re
import shutil
import socket
import struct
import subprocess
import threading
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import ROOT, Guest

board = on(PROTOCOL_BOARDS)

HOST = "fd00::1"
GUEST = "fd00::2"
PREFIX = "2001:db8:1::"
ECHO = 7
ALL_NODES = "ff02::1"
SIOCGIFHWADDR = 0x8927


@pytest.fixture
def link(network):
    """The tap with the host's addresses, its link-local one first."""
    netns.ip("-6", "address", "add", f"{HOST}/64", "dev", netns.TAP, "nodad")
    netns.ip("-6", "address", "add", f"{PREFIX}1/64", "dev", netns.TAP, "nodad")
    netns.ip("-6", "address", "add", "fe80::1/64", "dev", netns.TAP, "nodad")
    return network


def booted(board, args="", **options):
    return Guest(board, "ipv6", args=args, tap=netns.TAP, **options)


def static(board, args="", **options):
    return booted(board, f"--ipv6={GUEST}/64 --ipv6-gateway=fe80::1 {args}", **options)


def wait_for_address(guest, prefix, timeout=60):
    """The address in this prefix that the guest says it has."""
    found = None
    deadline = time.monotonic() + timeout
    while found is None:
        assert time.monotonic() < deadline, guest.console()
        addresses = re.findall(r" ([0-9a-f:]+)/64", guest.console())
        found = next((a for a in addresses if ipaddress.ip_address(a) in ipaddress.ip_network(prefix + "/64")), None)
        time.sleep(0.02)
    return found


def pings(address, *options, count=3):
    return subprocess.run(["ping", "-6", "-c", str(count), "-i", "0.2", "-W", "2", *options, address], check=False,
                          stdout=subprocess.DEVNULL).returncode == 0


def wait_until_pings(address, timeout=60):
    deadline = time.monotonic() + timeout
    while not pings(address, count=1):
        assert time.monotonic() < deadline


def curl(url, *options):
    return subprocess.run(["curl", "-6", "-g", "-s", "--max-time", "60", *options, url], check=True,
                          stdout=subprocess.PIPE).stdout


def large_page():
    return bytes((i * 31 + i // 251) & 0xff for i in range(256 * 1024))


def echoes(address, payload=b"hello"):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.sendto(payload, (address, ECHO))
        return s.recv(65536) == payload


def icmpv6(payload, source="fe80::1", target=ALL_NODES, hops=255):
    """Sends an ICMPv6 message from one of the host's addresses; the kernel makes the checksum."""
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as s:
        index = socket.if_nametoindex(netns.TAP)
        for option in (socket.IPV6_MULTICAST_HOPS, socket.IPV6_UNICAST_HOPS):
            s.setsockopt(socket.IPPROTO_IPV6, option, hops)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        s.bind((source, 0, 0, index))
        s.sendto(payload, (target, 0, 0, index))


def prefix_option(prefix, valid_s=3600, preferred_s=1800):
    return struct.pack("!BBBBIII", 3, 4, 64, 0xc0, valid_s, preferred_s, 0) + \
        ipaddress.ip_address(prefix).packed


def servers_option(server, domain, lifetime_s=600):
    labels = b"".join(bytes([len(x)]) + x.encode() for x in domain.split(".")) + b"\0"
    labels += bytes(-len(labels) % 8)
    return struct.pack("!BBHI", 25, 3, 0, lifetime_s) + ipaddress.ip_address(server).packed + \
        struct.pack("!BBHI", 31, 1 + len(labels) // 8, 0, lifetime_s) + labels


def advertise(*options, lifetime_s=1800):
    icmpv6(struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, lifetime_s, 0, 0) + b"".join(options))


class Router:
    """Answers router solicitations with one advertisement."""

    def __init__(self, *options):
        self.options = options
        self.asked = 0
        self.socket = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        self.socket.settimeout(0.1)
        index = socket.if_nametoindex(netns.TAP)
        group = ipaddress.ip_address("ff02::2").packed + struct.pack("@I", index)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.is_set():
            try:
                message = self.socket.recv(2000)
            except TimeoutError:
                continue
            if message[0] == 133:
                self.asked += 1
                advertise(*self.options)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.socket.close()


def test_static_address_serves_a_linux_client(board, link):
    with static(board) as guest:
        guest.wait_for(f"ndp: net0: {GUEST}/64")
        assert pings(GUEST)
        assert pings(GUEST, "-s", "1452", "-M", "do")
        assert pings(f"{ALL_NODES}%{netns.TAP}", count=1)
        assert echoes(GUEST)
        assert pings(GUEST, "-s", "8000")  # in fragments, both ways
        assert echoes(GUEST, bytes(i & 0xff for i in range(8000)))
        assert curl(f"http://[{GUEST}]/large") == large_page()
        assert curl(f"http://[{GUEST}]/received", "--data-binary", f"@{ROOT}/docs/CONFIG.md") == \
            b"%d\n" % (ROOT / "docs/CONFIG.md").stat().st_size


def test_addresses_of_advertised_prefixes(board, link):
    with Router(prefix_option(PREFIX), servers_option("fd00::53", "home.example")) as router, booted(board) as guest:
        address = wait_for_address(guest, PREFIX)
        guest.wait_for("dns=fd00::53 domain=home.example")
        assert router.asked > 0
        wait_until_pings(address)
        assert curl(f"http://[{address}]/large") == large_page()
        local = wait_for_address(guest, "fe80::")
        assert pings(f"{local}%{netns.TAP}")
        advertise(prefix_option("2001:db8:2::", 4, 4), servers_option("fd00::53", "home.example", 0))
        second = wait_for_address(guest, "2001:db8:2::")
        assert second.split(":")[-1] != address.split(":")[-1]
        guest.wait_for(f"ndp: net0: {second} has run out")
        assert "dns=" not in guest.console().splitlines()[-1]


RADVD = f"""
interface {netns.TAP} {{
  AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvLinkMTU 1400; AdvDefaultLifetime 600;
  prefix {PREFIX}/64 {{ AdvOnLink on; AdvAutonomous on; DeprecatePrefix on; }};
  RDNSS fd00::53 fd00::54 {{ AdvRDNSSLifetime 300; FlushRDNSS on; }};
  DNSSL home.example {{ AdvDNSSLLifetime 300; FlushDNSSL on; }};
}};
"""
FAR = "2001:db8:9::1"  # on no link of the guest's: the way leads by the router


@contextlib.contextmanager
def radvd(folder):
    """radvd on the host's end of the tap; at the end it says that it is no router any more."""
    subprocess.run(["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"], check=True)
    netns.ip("-6", "address", "add", f"{FAR}/128", "dev", "lo", "nodad")
    (folder / "radvd.conf").write_text(RADVD)
    program = shutil.which("radvd", path="/usr/sbin:" + os.environ.get("PATH", ""))
    process = subprocess.Popen([program, "--nodaemon", "-C", folder / "radvd.conf", "-p", folder / "radvd.pid",
                                "-m", "logfile", "-l", folder / "radvd.log"], stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def segment_bytes(address):
    """What the guest allows the payload of one segment to be, as Linux has noted it."""
    with socket.create_connection((address, 80), timeout=30) as s:
        return s.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)


def last_change(guest):
    return [line for line in guest.console().splitlines() if "] now" in line][-1]


def test_a_real_router(board, link, tmp_path):
    with booted(board) as guest:
        with radvd(tmp_path) as router:
            address = wait_for_address(guest, PREFIX)
            guest.wait_for("dns=fd00::53 dns=fd00::54 domain=home.example")
            assert router.poll() is None, (tmp_path / "radvd.log").read_text()
            wait_until_pings(address)
            assert 1200 < segment_bytes(address) <= 1400 - 60
            assert curl(f"http://[{address}]/large", "--interface", FAR) == large_page()
            assert pings(address, "-I", FAR, "-s", "3000")  # in fragments of at most 1400 bytes
        deadline = time.monotonic() + 60
        while "dns=" in last_change(guest):
            assert time.monotonic() < deadline, guest.console()
            time.sleep(0.05)
        assert pings(address)  # deprecated, and still ours
        assert not pings(address, "-I", FAR, count=1)


def test_identifiers_follow_from_the_secret(link):
    found = []
    for secret in ("one", "one", "two"):
        with Router(prefix_option(PREFIX)), booted("virt-aarch64", f"--ipv6-secret={secret}") as guest:
            found.append(wait_for_address(guest, PREFIX))
    assert found[0] == found[1] != found[2]


def test_an_address_that_the_host_has_is_not_used(link):
    with booted("virt-aarch64", f"--ipv6={HOST}/64") as guest:
        guest.wait_for(f"ndp: warning: net0: another station has {HOST}: it is not used")
        with pytest.raises(OSError):
            socket.create_connection((HOST, 80), timeout=2)  # the host's own, where nobody listens


def test_a_generated_address_that_another_has_is_generated_anew(link):
    with Router(prefix_option(PREFIX)), booted("virt-aarch64", "--ipv6-secret=x") as guest:
        first = wait_for_address(guest, PREFIX)
    netns.ip("-6", "address", "add", f"{first}/64", "dev", netns.TAP, "nodad")
    with Router(prefix_option(PREFIX)), booted("virt-aarch64", "--ipv6-secret=x") as guest:
        guest.wait_for(f"another station has {first}: another one is generated")
        deadline = time.monotonic() + 60
        while True:
            time.sleep(0.02)
            now = re.findall(rf" ({PREFIX[:-1]}[0-9a-f:]+)/64", guest.console())
            if now and now[-1] != first:
                break
            assert time.monotonic() < deadline, guest.console()
        wait_until_pings(now[-1])


def test_segments_follow_the_path_mtu(link):
    """Linux as router to a narrow link of its own: Packet Too Big comes from it."""
    subprocess.run(["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"], check=True)
    netns.ip("link", "add", "fata-far0", "type", "veth", "peer", "name", "fata-far1")
    inner = f"{link.name}-far"
    netns.ip("netns", "add", inner)
    try:
        netns.ip("link", "set", "fata-far1", "netns", inner)
        netns.ip("-6", "address", "add", "2001:db8:9::1/64", "dev", "fata-far0", "nodad")
        netns.ip("link", "set", "fata-far0", "mtu", "1300", "up")
        for words in (("link", "set", "lo", "up"), ("link", "set", "fata-far1", "mtu", "1500", "up"),
                      ("-6", "address", "add", "2001:db8:9::2/64", "dev", "fata-far1", "nodad"),
                      ("-6", "route", "add", "default", "via", "2001:db8:9::1")):
            netns.ip("-n", inner, *words)
        with static("virt-aarch64") as guest:
            guest.wait_for(f"ndp: net0: {GUEST}/64")
            page = subprocess.run(["ip", "netns", "exec", inner, "curl", "-6", "-g", "-s", "--max-time", "30",
                                   f"http://[{GUEST}]/large"], check=True, stdout=subprocess.PIPE).stdout
            assert page == large_page()
            netns.ip("-n", inner, "-6", "route", "change", "default", "via", "2001:db8:9::1", "mtu", "1300")
            script = f"import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.settimeout(2)\n" \
                     f"for i in range(10):\n s.sendto(bytes(1400), ('{GUEST}', {ECHO}))\n" \
                     " try:\n  print(len(s.recv(2000))); break\n except TimeoutError: pass"
            echoed = subprocess.run(["ip", "netns", "exec", inner, "python3", "-c", script], check=True,
                                    stdout=subprocess.PIPE).stdout
            assert echoed == b"1400\n"  # the first is lost, the next comes in fragments that fit
    finally:
        netns.ip("netns", "delete", inner)


def test_forged_messages_change_nothing(link):
    with static("virt-aarch64") as guest:
        guest.wait_for(f"ndp: net0: {GUEST}/64")
        bad_ra = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix_option("2001:db8:bad::")
        icmpv6(bad_ra, hops=254)
        icmpv6(bad_ra, source=HOST)
        icmpv6(bad_ra[:-1])
        icmpv6(struct.pack("!BBHI", 2, 0, 0, 10) + bytes(60), target=GUEST)
        icmpv6(b"\x88" + bytes(23), target=GUEST)
        assert pings(GUEST)
        assert echoes(GUEST)
        assert "2001:db8:bad" not in guest.console()
