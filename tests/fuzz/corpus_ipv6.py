#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_ipv6 to tests/fuzz/corpus/ipv6: one of each kind of packet, in its format."""

import ipaddress
import pathlib
import struct

FIX, LINK, TO_US, TO_GROUP, OUR_TARGET, PIECES = 1, 2, 4, 8, 16, 32
MAC = bytes([2, 0, 0, 0, 0, 7])
STATIC, AUTO, SG = b"\x20", b"\x00", b"\x30"
SECOND = 20  # two to this power of microseconds pass; the address that is aimed at follows from it: 20 % 8


def addr(text):
    return ipaddress.ip_address(text).packed


def step(packet, how=FIX | LINK, time=8):
    return bytes([how, time]) + struct.pack(">H", len(packet)) + packet


def ipv6(proto, payload, src="fd00::7", dst="fd00::2", extension=b"", first=None):
    head = struct.pack(">IHBB", 6 << 28, len(extension) + len(payload), proto if first is None else first, 255)
    return head + addr(src) + addr(dst) + extension + payload


def icmp(kind, code, body, **where):
    return ipv6(58, struct.pack(">BBH", kind, code, 0) + body, **where)


def mac(kind):
    return bytes([kind, 1]) + MAC


def ns(target="fd00::2", options=None, **where):
    return icmp(135, 0, bytes(4) + addr(target) + (mac(1) if options is None else options), **where)


def na(target="fd00::7", flags=0x60, **where):
    return icmp(136, 0, struct.pack(">I", flags << 24) + addr(target) + mac(2), **where)


def ra(*options, lifetime=1800):
    body = struct.pack(">BBHII", 64, 8, lifetime, 0, 0) + b"".join(options)
    return icmp(134, 0, body, src="fe80::1", dst="ff02::1")


def prefix(text, flags=0xc0, valid=7200, preferred=3600):
    return struct.pack(">BBBBIII", 3, 4, 64, flags, valid, preferred, 0) + addr(text)


def udp(port, payload, **where):
    return ipv6(17, struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload, **where)


def part(offset, payload, more, ident=9):
    return ipv6(17, payload, extension=struct.pack(">BBHI", 17, 0, offset | more, ident), first=44)


def datagram(payload):
    # The sum of the pseudo-header and the datagram, which no step can fix.
    head = struct.pack(">HHHH", 40000, 7, 8 + len(payload), 0)
    words = addr("fd00::7") + addr("fd00::2") + struct.pack(">HH", 8 + len(payload), 17) + head + payload
    total = sum(struct.unpack(f">{len(words) // 2}H", words))
    total = (total & 0xffff) + (total >> 16)
    return head[:6] + struct.pack(">H", ~((total & 0xffff) + (total >> 16)) & 0xffff) + payload


DATAGRAM = datagram(bytes(range(40)))
LONG = datagram(bytes(3000))
KNOW = step(ns(), FIX | LINK, SECOND + 1) + step(ns(), FIX | LINK)
RDNSS = struct.pack(">BBHI", 25, 3, 0, 100) + addr("fd00::53")
DNSSL = struct.pack(">BBHI", 31, 3, 0, 100) + b"\7example\3org\0" + bytes(3)
OPTIONS = bytes([17, 0, 5, 2, 0, 0, 1, 0])
QUOTE = ipv6(17, struct.pack(">HHHH", 7, 40000, 1400, 0), src="fd00::2", dst="fd00::7")
QUOTE = QUOTE[:4] + struct.pack(">H", 1400) + QUOTE[6:]
SEEDS = {
    "solicited": STATIC + KNOW,
    "ping": STATIC + KNOW + step(icmp(128, 0, b"\x12\x34\x56\x78hello")),
    "ping-in-pieces": SG + KNOW + step(icmp(128, 0, bytes(600)), FIX | PIECES),
    "ping-all-nodes": STATIC + KNOW + step(icmp(128, 0, bytes(60), dst="ff02::1")),
    "udp-echo": STATIC + KNOW + step(udp(7, b"hello")),
    "udp-closed": SG + KNOW + step(udp(9, b"hello")),
    "unknown-protocol": STATIC + KNOW + step(ipv6(99, b"hello")),
    "unknown-neighbour": STATIC + step(udp(7, b"hello"), FIX, 21) + step(udp(7, b"hello")) + step(na()),
    "options": STATIC + KNOW + step(udp(7, b"hello", extension=OPTIONS, first=60)),
    "option-refused": STATIC + KNOW + step(udp(7, b"hello", extension=OPTIONS[:2] + b"\xde" + OPTIONS[3:], first=0)),
    "routed": STATIC + KNOW + step(udp(7, b"hello", extension=bytes([17, 2, 0, 1]) + bytes(20), first=43)),
    "atomic-fragment": STATIC + KNOW + step(udp(7, b"hello", extension=bytes([17, 0, 0, 0, 0, 0, 0, 1]), first=44)),
    "fragment": STATIC + KNOW + step(udp(7, b"hello", extension=bytes([17, 0, 0, 1, 0, 0, 0, 1]), first=44)),
    "fragments": STATIC + KNOW + step(part(0, DATAGRAM[:16], True)) + step(part(16, DATAGRAM[16:], False)),
    "fragments-turned-round": SG + KNOW + step(part(16, DATAGRAM[16:], False)) + step(part(0, DATAGRAM[:16], True)),
    "fragments-overlap": STATIC + KNOW + step(part(0, DATAGRAM[:24], True)) + step(part(16, DATAGRAM[16:], False)),
    "fragment-alone": STATIC + KNOW + step(part(0, DATAGRAM[:16], True)) + step(udp(7, b"hello"), FIX, 26),
    "long-datagram": SG + KNOW + b"".join(step(part(at, LONG[at:at + 800], at + 800 < len(LONG)))
                                          for at in range(0, len(LONG), 800)),
    "unreachable": STATIC + KNOW + step(icmp(1, 4, bytes(4) + QUOTE)),
    "too-big": STATIC + KNOW + step(icmp(2, 0, struct.pack(">I", 1300) + QUOTE)),
    "conflict": STATIC + step(na("fd00::2", src="fd00::2", dst="ff02::1")),
    "assigned-conflict": STATIC + KNOW + step(na("fd00::2", src="fd00::2", dst="ff02::1")),
    "generated-conflict": AUTO + step(na("::", src="fe80::7", dst="ff02::1"), FIX | LINK | OUR_TARGET) +
    step(ns("::", b"", src="::"), FIX | LINK | OUR_TARGET | TO_GROUP, SECOND + 4),
    "autoconfigured": AUTO + step(ra(mac(1), prefix("2001:db8:1::"), struct.pack(">BBHI", 5, 1, 0, 1400))) +
    step(ns("::"), FIX | LINK | TO_GROUP | OUR_TARGET, 25) + step(icmp(128, 0, bytes(60)), FIX | TO_US, 9),
    "two-hours": AUTO + step(ra(mac(1), prefix("2001:db8:1::", valid=90000))) +
    step(ra(mac(1), prefix("2001:db8:1::", valid=1)), FIX, 32),
    "name-servers": AUTO + step(ra(RDNSS, DNSSL)) + step(ra(RDNSS), FIX | LINK, 30),
    "routers": AUTO + step(ra(mac(1))) + step(ra(lifetime=0)) + step(ra(mac(1))),
    "redirect": AUTO + step(ra(mac(1), prefix("2001:db8:1::"))) +
    step(icmp(137, 0, bytes(4) + addr("fe80::9") + addr("fd00::7") + mac(2), src="fe80::1"), FIX | LINK | TO_US) +
    step(udp(7, b"hello"), FIX | TO_US, 1) + step(udp(7, b"hello"), FIX | TO_US, 1),
}

folder = pathlib.Path(__file__).parent / "corpus" / "ipv6"
folder.mkdir(parents=True, exist_ok=True)
for name, seed in SEEDS.items():
    (folder / name).write_bytes(seed)
