#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_sntp to tests/fuzz/corpus/sntp."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
YEAR_2026 = 3976214400  # since 1900
MATCHES = 1


def reply(second, first=0x24, stratum=2, poll=6, delay=0x100, dispersion=0x100, reference=b"\x7f\0\0\1", served=0,
          how=MATCHES):
    then = struct.pack(">II", second, 0)
    sent = struct.pack(">II", second, served)
    return (bytes([how]) + struct.pack(">BBbbII4s", first, stratum, poll, -20, delay, dispersion, reference)
            + bytes(16) + then + sent)


def kiss(code):
    return reply(YEAR_2026, first=0xe4, stratum=0, reference=code)


GOOD = reply(YEAR_2026)
CORPUS = {
    "good": GOOD,
    "good-twice": GOOD + reply(YEAR_2026 + 64),
    "step": GOOD + reply(YEAR_2026 + 4000) + reply(YEAR_2026 + 4016),
    "era-1": reply(5),
    "before-2025": reply(YEAR_2026 - 86400 * 730),
    "served-long": reply(YEAR_2026, served=0x80000000, how=MATCHES | 8),
    "unsynchronised": reply(YEAR_2026, first=0xe4),
    "far": reply(YEAR_2026, delay=0x40000, dispersion=0xffffffff),
    "rate": kiss(b"RATE") + GOOD,
    "deny": kiss(b"DENY") + kiss(b"RSTR") + GOOD,
    "other-kiss": kiss(b"INIT") + GOOD,
    "forged": reply(YEAR_2026, how=0) + GOOD,
    "timeout": reply(YEAR_2026, how=254) + GOOD,
    "short": GOOD[:40],
}

for file, data in CORPUS.items():
    folder = HERE / "corpus" / "sntp"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
