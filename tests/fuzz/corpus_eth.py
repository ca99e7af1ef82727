#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_eth to tests/fuzz/corpus/eth: one of each kind of frame, in its format."""

import pathlib
import struct

US = bytes([0x52, 0x54, 0, 0, 0, 1])
PEER = bytes([2, 0, 0, 0, 0, 7])
EVERYBODY = b"\xff" * 6
ADDR = bytes([10, 0, 2, 15])
PEER_ADDR = bytes([10, 0, 2, 7])
FIX, VOUCH, PIECES, CONTINUE, VNET = 1, 2, 4, 8, 64
SYN, RST, PSH_ACK, FIN_ACK, ACK = 0x02, 0x04, 0x18, 0x11, 0x10


def step(frame, how=FIX, time=10):
    return bytes([how, time]) + struct.pack(">H", len(frame)) + frame


def run(frame, gso=1):
    """A frame that the device has put together of several segments."""
    header = struct.pack("<BBHHHH", 1, gso, 54, 1448, 34, 16)
    return bytes([FIX | CONTINUE | VNET, 10]) + struct.pack(">H", len(frame)) + header + frame


def arp(op, dst=EVERYBODY, target=ADDR):
    return dst + PEER + struct.pack(">HHHBBH", 0x0806, 1, 0x0800, 6, 4, op) + \
        PEER + PEER_ADDR + bytes(6) + target


def ipv4(proto, payload, dst=ADDR, src=PEER_ADDR):
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, proto, 0)
    return US + PEER + b"\x08\x00" + header + src + dst + payload


def icmp(kind, code, rest, payload=b""):
    return ipv4(1, struct.pack(">BBHI", kind, code, 0, rest) + payload)


def udp(port, payload):
    return ipv4(17, struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload)


def tcp(flags, seq=0, ack=0, payload=b"", options=b"", port=80):
    offset = (20 + len(options)) // 4 << 4
    return ipv4(6, struct.pack(">HHIIBBHHH", 50000, port, seq, ack, offset, flags, 64000, 0, 0) +
                options + payload)


KNOW = step(arp(1))
OPTIONS = bytes([2, 4, 5, 0xb4, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0])
QUOTE = ipv4(6, struct.pack(">HHI", 80, 50000, 1), dst=PEER_ADDR, src=ADDR)[14:]
SEEDS = {
    "arp-request": KNOW,
    "arp-reply": step(arp(2, US)),
    "arp-conflict": step(arp(1)[:28] + ADDR + arp(1)[32:]),
    "ping": KNOW + step(icmp(8, 0, 0x12345678, b"hello")),
    "ping-in-pieces": KNOW + step(icmp(8, 0, 1, bytes(1000)), FIX | PIECES),
    "udp-echo": KNOW + step(udp(7, b"hello")),
    "udp-closed": KNOW + step(udp(9, b"hello")),
    "unknown-protocol": KNOW + step(ipv4(99, b"hello")),
    "unreachable": KNOW + step(icmp(3, 1, 0, QUOTE)),
    "too-long": KNOW + step(tcp(SYN)) + step(icmp(3, 4, 1400, QUOTE)),
    "syn-closed": KNOW + step(tcp(SYN, port=81)),
    "tcp-echo": KNOW + step(tcp(SYN, 1000, 0, b"", OPTIONS)) + step(tcp(ACK), FIX | CONTINUE) +
    step(tcp(PSH_ACK, payload=b"hello"), FIX | CONTINUE) + step(tcp(FIN_ACK), FIX | CONTINUE) +
    step(tcp(ACK), FIX | CONTINUE),
    "tcp-reset": KNOW + step(tcp(SYN, 1000)) + step(tcp(ACK), FIX | CONTINUE) +
    step(tcp(RST), FIX | CONTINUE),
    "tcp-gap": KNOW + step(tcp(SYN, 1000)) + step(tcp(ACK), FIX | CONTINUE) +
    step(tcp(PSH_ACK, seq=5, payload=b"world"), FIX | CONTINUE) +
    step(tcp(PSH_ACK, payload=b"hello"), FIX | CONTINUE),
}
OPEN = KNOW + step(tcp(SYN, 1000, 0, b"", OPTIONS)) + step(tcp(ACK), FIX | CONTINUE)
SEEDS["tcp-run"] = OPEN + run(tcp(PSH_ACK, payload=bytes(3000)))
SEEDS["tcp-run-gap"] = OPEN + run(tcp(PSH_ACK, seq=1448, payload=bytes(2896)), 0x81) + \
    step(tcp(PSH_ACK, payload=bytes(1448)), FIX | CONTINUE)

folder = pathlib.Path(__file__).parent / "corpus" / "eth"
folder.mkdir(parents=True, exist_ok=True)
for name, steps in SEEDS.items():
    (folder / name).write_bytes(b"\x00" + steps)
(folder / "tcp-echo-offload").write_bytes(b"\x1f" + SEEDS["tcp-echo"])
