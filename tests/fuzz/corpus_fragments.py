#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_fragments to tests/fuzz/corpus/fragments, in its format."""

import pathlib
import struct

PIECES, FULL, NO_MEMORY, OPTIONS, TCP, UDP, POLL = 1, 2, 4, 8, 16, 32, 64
MORE = 0x8000
MTU = 1480


def record(at, size, more=True, how=0, which=0, time=0, spare=0):
    assert at % 8 == 0
    return struct.pack(">BBHHBB", how, which, at // 8, size | (MORE if more else 0), time, spare)


def datagram(size, step=MTU, **options):
    return [record(at, min(step, size - at), at + step < size, **options)
            for at in range(0, size, step)]


SEEDS = {
    "two": datagram(2000),
    "backwards": datagram(4000)[::-1],
    "many": datagram(20_000),
    "most": datagram(65_000),
    "small": datagram(200, 8),
    "udp": datagram(200, 80, how=UDP),
    "tcp": datagram(200, 80, how=TCP),
    "in-pieces": datagram(4000, how=PIECES, spare=40),
    "options": datagram(1000, 400, how=OPTIONS, spare=5),
    "doubled": [r for r in datagram(4000) for _ in range(2)],
    "overlap": [record(0, 80), record(72, 80), record(152, 8, False)],
    "two-ends": [record(80, 8, False), record(160, 8, False), record(0, 80)],
    "tiny": [record(0, 16, how=TCP), record(16, 80, False, how=TCP)],
    "too-long": [record(65_528, 80), record(0, 80)],
    "flood": [record(0, 80, which=i) for i in range(32)] * 2,
    "expire": [record(0, 80, which=i) for i in range(4)] + [record(80, 80, how=POLL, time=25)] * 2,
    "no-memory": datagram(4000, how=NO_MEMORY),
    "device-full": datagram(4000, how=FULL, spare=2),
    "congestion": [record(0, 80, spare=3), record(80, 8, False, spare=2)],
}

folder = pathlib.Path(__file__).parent / "corpus" / "fragments"
folder.mkdir(parents=True, exist_ok=True)
for name, records in SEEDS.items():
    (folder / name).write_bytes(b"\x10" + b"".join(records))
(folder / "many-without-pieces").write_bytes(b"\x00" + b"".join(SEEDS["many"]))
(folder / "udp-offload").write_bytes(b"\x11" + b"".join(SEEDS["udp"]))
