# SPDX-License-Identifier: ISC
"""Writes the seeds of the fuzzer of MLD: tests/fuzz/fuzz_mld.c explains their format."""

import ipaddress
import pathlib
import struct

JOIN, TO_ALL, TO_GROUP, TIME = range(4)
NO_ALERT, FOREIGN, HOPS = 1, 2, 4
SECOND = 20  # a power of two, in microseconds


def step(kind, value=0, message=None):
    return bytes([kind | value << 2]) + (b"" if message is None else bytes([len(message)]) + message)


def address(text):
    return ipaddress.ip_address(text).packed


def query(group="::", delay_ms=1000, tail=bytes([2, 125, 0, 0])):
    return struct.pack(">BBHHH", 130, 0, 0, delay_ms, 0) + address(group) + tail


def old(kind, group):
    return struct.pack(">BBHHH", kind, 0, 0, 0, 0) + address(group)


TICKS = b"".join(step(TIME, SECOND) for _ in range(6))
SEEDS = {
    "join-leave": step(JOIN, 0) + TICKS + step(JOIN, 0) + TICKS,
    "many": b"".join(step(JOIN, i) for i in range(20)) + TICKS + step(TO_ALL, 0, query()) + TICKS,
    "general": step(JOIN, 0) + TICKS + step(TO_ALL, 0, query()) + TICKS,
    "group": step(JOIN, 3) + TICKS + step(TO_GROUP, 3, query("ff15::4")) + TICKS,
    "sources": step(JOIN, 3) + step(TO_GROUP, 3, query("ff15::4", tail=bytes([2, 125, 0, 1]) + address("fd00::9"))) + TICKS,
    "float": step(JOIN, 0) + TICKS + step(TO_ALL, 0, query(delay_ms=0x9234, tail=bytes([10, 0xff, 0, 0]))) + TICKS,
    "version-1": step(JOIN, 0) + step(TO_ALL, 0, query(tail=b"")) + TICKS + step(JOIN, 0) + step(TIME, 28) * 3,
    "report-1": step(JOIN, 0) + step(TO_ALL, 0, query(tail=b"")) + step(TO_GROUP, 0, old(131, "ff15::1")) + TICKS,
    "done-1": step(JOIN, 0) + step(TO_ALL, 0, old(132, "ff15::1")) + TICKS,
    "foreign": b"".join(step(JOIN, 0) + step(TO_ALL, flaw, query()) + TICKS for flaw in (NO_ALERT, FOREIGN, HOPS)),
    "short": step(JOIN, 0) + step(TO_ALL, 0, query()[:23]) + step(TO_ALL, 0, query()[:26]) + TICKS,
}

folder = pathlib.Path(__file__).parent / "corpus" / "mld"
folder.mkdir(parents=True, exist_ok=True)
for name, seed in SEEDS.items():
    (folder / name).write_bytes(seed)
