# SPDX-License-Identifier: ISC
"""A name and services without a server: what python-zeroconf, dig and a bare socket see over a tap."""

import socket
import struct
import subprocess
import time

import pytest
import zeroconf
from scapy.layers.dns import DNS, DNSQR, DNSRR

import netns
from conftest import PROTOCOL_BOARDS, QEMU_BOARDS, on
from guest import GUEST_ADDRESS, Guest

board = on(PROTOCOL_BOARDS)
qemu_board = on([b for b in PROTOCOL_BOARDS if b in QEMU_BOARDS])

GROUP = "224.0.0.251"
PORT = 5353
HTTP = "_http._tcp.local."
ECHO = "_echo._udp.local."
PAGE = 'Page of "Füße".' + HTTP
KNOWN = "known as web.local"
SO_TIMESTAMPNS = 35
FIND_MS = 20000


def booted(board, args=""):
    return Guest(board, "mdns", tap=netns.TAP, args=args)


@pytest.fixture
def peer(network):
    assert network is not None
    z = zeroconf.Zeroconf(interfaces=[netns.HOST_ADDRESS])
    yield z
    z.close()


class Listener:
    """A member of the group that hears everything, and may ask."""

    family = socket.AF_INET
    group = (GROUP, PORT)

    def __init__(self):
        self.socket = socket.socket(self.family, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.join()

    def join(self):
        self.socket.setsockopt(socket.IPPROTO_IP, 12, 1)
        self.socket.bind(("", PORT))
        here = socket.inet_aton(netns.HOST_ADDRESS)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + here)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, name, kind="A", **options):
        self.socket.sendto(bytes(DNS(qd=DNSQR(qname=name, qtype=kind), **options)), self.group)

    def say(self, record):
        self.socket.sendto(bytes(DNS(qr=1, aa=1, qd=None, an=record)), self.group)

    @staticmethod
    def is_guest(source):
        return source[0] == GUEST_ADDRESS

    def hear(self, seconds):
        """(time when Linux had it, message, TTL of the packet) of each packet of the guest."""
        end = time.monotonic() + seconds
        found = []
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data, extra, _, source = self.socket.recvmsg(9000, 200)
            except TimeoutError:
                break
            told = {(level, kind): value for level, kind, value in extra}
            seconds, nanoseconds = struct.unpack("qq", told.pop((socket.SOL_SOCKET, SO_TIMESTAMPNS)))
            ttl = struct.unpack("i", *told.values())[0]
            if self.is_guest(source):
                found.append((seconds + nanoseconds / 1e9, DNS(data), ttl))
        return found

    def hear_until(self, wanted, seconds=60):
        """The first message of the guest for which wanted() holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for _, message, ttl in self.hear(0.2):
                assert ttl == 255
                if wanted(message):
                    return message
        raise AssertionError("it was not heard")


def answers(message):
    return [message.an[i] for i in range(message.ancount)]


def dig(*words, patience=10):
    done = subprocess.run(["dig", f"+time={patience}", "+tries=2", "+noall", "+answer", "-p", str(PORT), *words],
                          capture_output=True, text=True, check=False)
    return [line.split(None, 4) for line in done.stdout.splitlines() if line and line[0] != ";"]


def test_services_are_found(board, peer):
    with booted(board) as guest:
        guest.wait_for(KNOWN)
        tries = (set(zeroconf.ZeroconfServiceTypes.find(zc=peer, timeout=seconds)) for seconds in (2, 5, 20))
        assert any({HTTP, ECHO} <= types for types in tries)
        info = peer.get_service_info(HTTP, PAGE, timeout=FIND_MS)
        assert (info.server, info.port, info.parsed_addresses()) == ("web.local.", 80, [GUEST_ADDRESS])
        assert info.properties == {b"path": b"/", b"version": b"1"}
        info = peer.get_service_info(ECHO, "web." + ECHO, timeout=FIND_MS)
        assert (info.server, info.port, info.properties) == ("web.local.", 7, {})


def test_ordinary_resolvers_are_answered(board, network):
    assert network is not None
    with booted(board) as guest:
        guest.wait_for(KNOWN)
        name, ttl, _, kind, address = dig(f"@{GUEST_ADDRESS}", "WEB.local", "A")[0]
        assert (name.lower(), int(ttl), kind, address) == ("web.local.", 10, "A", GUEST_ADDRESS)
        assert dig(f"@{GUEST_ADDRESS}", "-x", GUEST_ADDRESS)[0][4] == "web.local."
        assert dig(f"@{GUEST_ADDRESS}", "web.local", "AAAA")[0][3] == "NSEC"
        assert dig(f"@{GUEST_ADDRESS}", HTTP, "PTR")[0][3:] == ["PTR", r"Page\032of\032\"F\195\188\195\159e\"." + HTTP]
        assert dig(f"@{GUEST_ADDRESS}", "other.local", "A", patience=2) == []


def test_an_ordinary_resolver_may_ask_the_group(network):
    """dig no longer takes an answer from another address than it asked."""
    assert network is not None
    with booted("virt-aarch64") as guest, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        guest.wait_for(KNOWN)
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(netns.HOST_ADDRESS))
        s.settimeout(30)
        s.sendto(bytes(DNS(id=0x1234, qd=DNSQR(qname="web.local", qtype="A"))), (GROUP, PORT))
        data, source = s.recvfrom(2000)
        answer = DNS(data)
        assert source == (GUEST_ADDRESS, PORT)
        assert (answer.id, answer.qr, answer.aa, answer.qd.qname) == (0x1234, 1, 1, b"web.local.")
        assert (answer.an.rdata, answer.an.ttl, answer.an.rclass) == (GUEST_ADDRESS, 10, 1)


def test_probes_announces_and_says_goodbye(board, network):
    assert network is not None
    heard = []
    with Listener() as ears, booted(board, "--seconds=4") as guest:
        while guest.alive():
            heard += ears.hear(0.5)
        heard += ears.hear(0.5)
    assert {ttl for _, _, ttl in heard} == {255}
    probes = [(when, m) for when, m, _ in heard if m.qr == 0 and m.qd.qname == b"web.local."]
    assert [(m.nscount, m.ns[0].rdata) for _, m in probes] == [(1, GUEST_ADDRESS)] * 3
    gaps = [b[0] - a[0] for a, b in zip(probes, probes[1:])]
    assert all(0.2 < gap < 5 for gap in gaps), gaps  # a quarter of a second, on a machine that has time
    said = [(when, r) for when, m, _ in heard if m.qr == 1 for r in answers(m) if r.rrname == b"web.local."]
    ttls = [r.ttl for _, r in said]
    assert ttls == [120, 120, 0], ttls
    assert said[1][0] - said[0][0] > 0.9


def test_takes_another_title_when_its_own_is_taken(peer):
    peer.register_service(zeroconf.ServiceInfo(HTTP, PAGE, port=8080, server="other.local.",
                                               addresses=[socket.inet_aton(netns.HOST_ADDRESS)]))
    with booted("virt-aarch64") as guest:
        guest.wait_for(KNOWN)
        info = peer.get_service_info(HTTP, PAGE.replace('"Füße"', '"Füße" (2)'), timeout=FIND_MS)
        assert (info.server, info.port) == ("web.local.", 80)
        assert peer.get_service_info(HTTP, PAGE, timeout=FIND_MS).port == 8080


def insist(ears, record, guest, until):
    """Says so again and again: one that comes between two probes is heard, or after the last."""
    deadline = time.monotonic() + 60
    while until not in guest.console():
        assert time.monotonic() < deadline, guest.console()
        ears.say(record)
        time.sleep(0.1)


def test_takes_another_name_when_its_own_is_taken(board, network):
    """Somebody answers the probes for the name, before it is announced and, later, afterwards."""
    assert network is not None
    taken = DNSRR(rrname="web.local", type="A", rclass=0x8001, ttl=120, rdata=netns.HOST_ADDRESS)
    with Listener() as ears, booted(board) as guest:
        ears.hear_until(lambda m: m.qr == 0)
        insist(ears, taken, guest, "known as web-2.local")
        assert dig(f"@{GUEST_ADDRESS}", "web-2.local", "A")[0][4] == GUEST_ADDRESS
        assert dig(f"@{GUEST_ADDRESS}", "web.local", "A", patience=2) == []
        ears.hear(2)
        taken.rrname = "web-2.local"
        insist(ears, taken, guest, "known as web-3.local")


def test_many_questions_make_one_answer_a_second(network):
    assert network is not None
    with booted("virt-aarch64") as guest, Listener() as ears:
        guest.wait_for(KNOWN)
        ears.hear(3)
        begin = time.monotonic()
        for _ in range(200):
            ears.ask("web.local")
            time.sleep(0.01)
        took = time.monotonic() - begin
        said = [m for _, m, _ in ears.hear(2) if m.qr == 1 and answers(m)[0].rrname == b"web.local."]
        assert 2 <= len(said) <= took + 3


def test_what_the_asker_knows_is_not_said(network):
    """Asks together with the answer, whose life is long, then short."""
    assert network is not None
    with booted("virt-aarch64") as guest, Listener() as ears:
        guest.wait_for(KNOWN)
        ears.hear(3)
        ears.ask(HTTP, "PTR")
        known = ears.hear_until(lambda m: m.qr == 1).an[0]
        time.sleep(1)
        for ttl, expected in ((4000, 0), (100, 1)):
            known.ttl = ttl
            ears.ask(HTTP, "PTR", an=known)
            assert len([m for _, m, _ in ears.hear(1.5) if m.qr == 1]) == expected


def test_an_address_from_dhcp_is_announced(peer, tmp_path):
    dnsmasq = subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root",
                                f"--interface={netns.TAP}", "--bind-interfaces", "--no-ping", "--dhcp-authoritative",
                                f"--dhcp-leasefile={tmp_path}/leases", f"--pid-file={tmp_path}/pid",
                                "--dhcp-range=10.0.2.77,10.0.2.77,255.255.255.0,120"], stderr=subprocess.DEVNULL)
    try:
        with booted("virt-aarch64", "--ipv4=0.0.0.0/0") as guest:
            guest.wait_for(KNOWN)
            info = peer.get_service_info(ECHO, "web." + ECHO, timeout=FIND_MS)
            assert info.parsed_addresses() == ["10.0.2.77"]
    finally:
        dnsmasq.terminate()
        dnsmasq.wait()


def test_another_name_by_argument_and_one_that_is_none(qemu_board):
    with Guest(qemu_board, "mdns", args="--mdns=my-page", network=True) as guest:
        guest.wait_for("known as my-page.local")
    with Guest(qemu_board, "mdns", args="--mdns=my.page", network=True) as guest:
        assert guest.wait_exit() == 1
        assert "my.page is no name of a host" in guest.console()
