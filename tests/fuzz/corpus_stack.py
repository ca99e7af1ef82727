#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_stack to tests/fuzz/corpus/stack: one of each kind of talk, in its format."""

import pathlib
import struct

TCP, UDP, ICMP, NDP, CUT, PATCH, TIME, DEVICE = range(8)
FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128
MSS, SCALE, SACK_PERMITTED, TIMESTAMP, SACK = 1, 2, 4, 8, 16


def step(kind, talk=0):
    return bytes([talk << 3 | kind])


def tcp(talk, flags, options=0, values=b"", length=0, seq=0, ack=0, window=64000):
    numbers = struct.pack(">h", seq) + (struct.pack(">h", ack) if flags & ACK else b"")
    return step(TCP, talk) + bytes([flags]) + numbers + struct.pack(">HB", window, options) + values + \
        struct.pack(">H", length)


def syn(talk, options=MSS | SCALE | SACK_PERMITTED | TIMESTAMP, flags=SYN):
    values = struct.pack(">H", 1440) if options & MSS else b""
    values += b"\x07" if options & SCALE else b""
    values += struct.pack(">Hh", 1, 0) if options & TIMESTAMP else b""
    return tcp(talk, flags, options, values)


def stamped(talk, flags, value, **more):
    return tcp(talk, flags, TIMESTAMP, struct.pack(">Hh", value, 0), **more)


def opened(talk):
    return syn(talk) + stamped(talk, ACK, 2)


def udp(talk, length, port=0):
    return step(UDP, talk) + bytes([port]) + struct.pack(">H", length)


def icmp(talk, kind, code=0, rest=0, quote=60):
    return step(ICMP, talk) + bytes([kind, code]) + struct.pack(">H", rest) + bytes([quote])


def ndp(kind, first=0, ours=0, options=b"", lifetime=1800):
    middle = struct.pack(">H", lifetime) if kind == 134 else b"" if kind == 133 else bytes([ours])
    return step(NDP) + bytes([kind - 133, first]) + middle + bytes([len(options)]) + options


def later(power):
    return bytes([power << 3 | TIME])


def cut(first, units):
    return step(CUT) + bytes([first, units])


LINK_ADDRESS = bytes([1, 1, 2, 0, 0, 0, 0, 7])
PREFIX = bytes([3, 4, 64, 0xc0]) + struct.pack(">III", 7200, 3600, 0) + bytes([0xfd, 0, 0, 1]) + bytes(12)
MTU = bytes([5, 1, 0, 0]) + struct.pack(">I", 1400)
SEEDS = {}
for name, talk in ("4", 0), ("6", 2):
    begin = opened(talk)
    SEEDS[f"echo{name}"] = begin + stamped(talk, PSH | ACK, 3, length=100) + stamped(talk, ACK, 4) + \
        stamped(talk, FIN | ACK, 5) + stamped(talk, ACK, 6)
    SEEDS[f"gap{name}"] = begin + stamped(talk, PSH | ACK, 3, length=500, seq=500) + \
        stamped(talk, PSH | ACK, 3, length=500) + later(6)
    SEEDS[f"loss{name}"] = begin + stamped(talk, PSH | ACK, 3, length=1400) * 4 + \
        tcp(talk, ACK, SACK, b"\0" + struct.pack(">hH", -1400, 1400), ack=-2800) + later(8) + later(10)
    SEEDS[f"silence{name}"] = begin + stamped(talk, PSH | ACK, 3, length=900) + later(10) + later(12) + later(18)
    SEEDS[f"window{name}"] = begin + stamped(talk, PSH | ACK, 3, length=900, window=0) + later(10) + \
        stamped(talk, ACK, 4, window=100)
    SEEDS[f"reset{name}"] = begin + tcp(talk, RST) + syn(talk) + tcp(talk, RST, seq=5)
    SEEDS[f"ecn{name}"] = syn(talk, flags=SYN | ECE | CWR) + stamped(talk, ACK, 2) + \
        stamped(talk, ACK | ECE, 3, length=50) + stamped(talk, ACK | CWR, 4, length=50)
    SEEDS[f"bare{name}"] = syn(talk, 0) + tcp(talk, ACK) + tcp(talk, ACK, length=10)
    SEEDS[f"flood{name}"] = b"".join(syn(t) for t in (0, 1, 2, 3)) * 2 + stamped(talk, ACK, 2, length=10)
    SEEDS[f"udp{name}"] = udp(talk, 100) + udp(talk, 100, 1)
    SEEDS[f"fragments{name}"] = cut(0, 50) + udp(talk, 800) + cut(50, 255) + udp(talk, 800) + \
        cut(0, 20) + udp(talk, 900) + later(16) + later(16)
    SEEDS[f"errors{name}"] = begin + stamped(talk, PSH | ACK, 3, length=1400)
SEEDS["errors4"] += icmp(0, 3, 4, 1000) + icmp(0, 3, 1) + icmp(0, 8, 0, 40, 0) + later(10)
SEEDS["errors6"] += icmp(2, 2, 0, 1280) + icmp(2, 1, 4) + icmp(2, 128, 0, 40, 0) + later(10)
SEEDS["discovery"] = ndp(134, 64, options=LINK_ADDRESS + PREFIX + MTU) + later(12) + ndp(135, ours=1) + \
    ndp(136, 0x60, options=b"\2" + LINK_ADDRESS[1:]) + ndp(137, options=b"\2" + LINK_ADDRESS[1:])
SEEDS["duplicate-address"] = ndp(136, 0x20, ours=1) + later(12)
SEEDS["patched"] = opened(0) + step(PATCH) + bytes([0, 32, 0x40]) + stamped(0, ACK, 3, length=20)
SEEDS["device"] = opened(0) + bytes([1 << 3 | DEVICE]) + stamped(0, ACK, 3, length=1400) + \
    bytes([6 << 3 | DEVICE]) + stamped(0, ACK, 3, length=700) + bytes([DEVICE]) + later(9)

folder = pathlib.Path(__file__).parent / "corpus" / "stack"
folder.mkdir(parents=True, exist_ok=True)
for name, steps in SEEDS.items():
    for offloads in (0, 0x1f):
        suffix = "-offload" if offloads else ""
        (folder / (name + suffix)).write_bytes(bytes([offloads]) + steps)
