#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_vnet to tests/fuzz/corpus/vnet: one of each kind of header, in its format."""

import pathlib
import struct

ALL = 0x3f  # enum netif_feature
MACS = bytes(12)
TCP = bytes(12) + b"\x50\x10" + bytes(6)
IPV4 = MACS + b"\x08\x00\x45" + bytes(8) + b"\x06" + bytes(10) + TCP
IPV6 = MACS + b"\x86\xdd\x60" + bytes(5) + b"\x06" + bytes(33) + TCP


def seed(frame, flags=0, gso=0, size=0, start=0, offset=0, features=ALL):
    return bytes([features]) + struct.pack("<BBHHHH", flags, gso, 54, size, start, offset) + frame


SEEDS = {
    "plain": seed(IPV4),
    "valid": seed(IPV4, 2),
    "partial": seed(IPV4, 1, 0, 0, 34, 16),
    "tcp4": seed(IPV4, 1, 1, 1448, 34, 16),
    "tcp4-ecn": seed(IPV4, 1, 0x81, 1448, 34, 16),
    "tcp6": seed(IPV6, 1, 4, 1440, 54, 16),
    "not-asked-for": seed(IPV4, 1, 1, 1448, 34, 16, 0),
}

folder = pathlib.Path(__file__).parent / "corpus" / "vnet"
folder.mkdir(parents=True, exist_ok=True)
for name, seed_bytes in SEEDS.items():
    (folder / name).write_bytes(seed_bytes)
