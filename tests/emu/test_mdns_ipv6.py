# SPDX-License-Identifier: ISC
"""Multicast DNS over IPv6, beside IPv4 or alone: what python-zeroconf, dig and a bare socket see over a tap."""

import ipaddress
import socket
import struct

import zeroconf
from scapy.layers.dns import DNS, DNSQR, DNSRR

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import GUEST_ADDRESS, Guest
from test_ipv6 import GUEST, link, wait_for_address  # noqa: F401 (a fixture)
from test_mdns import FIND_MS, PORT, Listener, answers, dig

board = on(PROTOCOL_BOARDS)

GROUP = "ff02::fb"
SERVICE = "_where._tcp.local."
KNOWN = "known as dual.local"
HOPLIMIT = 255
IPV6_RECVHOPLIMIT = 51
IPV4 = f"--ipv4={GUEST_ADDRESS}/24"
IPV6 = f"--ipv6={GUEST}/64"
ALONE = f"--no-dhcp {IPV6}"


def booted(board, args):
    return Guest(board, "dual", tap=netns.TAP, args=args)


def is_local(address):
    return ipaddress.ip_address(address.split("%")[0]).is_link_local


class Listener6(Listener):
    """A member of the group of IPv6, who speaks from the host's link-local address."""

    family = socket.AF_INET6

    def join(self):
        index = socket.if_nametoindex(netns.TAP)
        self.group = (GROUP, PORT, 0, index)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, HOPLIMIT)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        self.socket.bind(("", PORT))
        member = ipaddress.ip_address(GROUP).packed + struct.pack("@I", index)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)

    @staticmethod
    def is_guest(source):
        return source[3] == socket.if_nametoindex(netns.TAP)


def addresses(message):
    """Those that an answer and what comes along with it tell."""
    records = answers(message) + [message.ar[i] for i in range(message.arcount)]
    return {r.rdata for r in records if r.type in (1, 28) and r.rrname == b"dual.local."}


def test_the_service_is_found_over_ipv6(board, link):  # noqa: F811
    with booted(board, f"{IPV4} {IPV6}") as guest:
        guest.wait_for(KNOWN)
        local = wait_for_address(guest, "fe80::")
        wait_for_address(guest, "fd00::")
        z = zeroconf.Zeroconf(interfaces=[socket.if_nametoindex(netns.TAP)], ip_version=zeroconf.IPVersion.V6Only)
        try:
            info = z.get_service_info(SERVICE, "dual." + SERVICE, timeout=FIND_MS)
            assert (info.server, info.port) == ("dual.local.", 7)
            known = {a.split("%")[0] for a in info.parsed_addresses()}
            assert known == {GUEST_ADDRESS, GUEST, local}
        finally:
            z.close()


def test_ordinary_resolvers_are_answered_over_ipv6(board, link):  # noqa: F811
    with booted(board, ALONE) as guest:
        guest.wait_for(KNOWN)
        wait_for_address(guest, "fd00::")
        found = dig("-6", f"@{GUEST}", "DUAL.local", "AAAA")
        assert {kind for _, _, _, kind, _ in found} == {"AAAA"} and GUEST in {line[4] for line in found}
        assert dig("-6", f"@{GUEST}", "-x", GUEST)[0][4] == "dual.local."
        assert dig("-6", f"@{GUEST}", SERVICE, "PTR")[0][4] == "dual." + SERVICE


def test_an_ordinary_resolver_may_ask_the_group(board, link):  # noqa: F811
    with booted(board, ALONE) as guest, socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        guest.wait_for(KNOWN)
        wait_for_address(guest, "fd00::")
        s.settimeout(30)
        s.sendto(bytes(DNS(id=0x4321, qd=DNSQR(qname="dual.local", qtype="AAAA"))),
                 (GROUP, PORT, 0, socket.if_nametoindex(netns.TAP)))
        data, source = s.recvfrom(2000)
        answer = DNS(data)
        assert is_local(source[0]) and source[1] == PORT
        assert (answer.id, answer.qr, answer.aa, answer.qd.qname) == (0x4321, 1, 1, b"dual.local.")
        assert GUEST in addresses(answer) and answer.an.ttl == 10


def test_the_group_is_asked_and_answered(link):  # noqa: F811
    with Listener6() as ears, booted("virt-aarch64", f"{IPV4} {IPV6}") as guest:
        probe = ears.hear_until(lambda m: m.qr == 0 and m.qd.qname == b"dual.local.")
        assert probe.nscount >= 1 and probe.ns[0].rrname == b"dual.local."
        guest.wait_for(KNOWN)
        wait_for_address(guest, "fd00::")
        everything = {GUEST_ADDRESS, GUEST, wait_for_address(guest, "fe80::")}
        ears.hear_until(lambda m: m.qr == 1 and addresses(m) == everything)
        ears.hear(3)  # all announcements
        ears.ask("dual.local", "AAAA")
        ears.hear_until(lambda m: m.qr == 1 and addresses(m) == everything)


def test_a_name_that_is_taken_over_ipv6(link):  # noqa: F811
    taken = DNSRR(rrname="dual.local", type="AAAA", rclass=0x8001, ttl=120, rdata="fd00::1")
    with Listener6() as ears, booted("virt-aarch64", ALONE) as guest:
        ears.hear_until(lambda m: m.qr == 0 and m.qd.qname == b"dual.local.")
        ears.say(taken)
        guest.wait_for("known as dual-2.local")
        wait_for_address(guest, "fd00::")
        assert GUEST in {line[4] for line in dig("-6", f"@{GUEST}", "dual-2.local", "AAAA")}
        assert dig("-6", f"@{GUEST}", "dual.local", "AAAA") == []
