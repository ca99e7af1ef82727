#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_cfi to tests/fuzz/corpus/cfi."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
SECOND_DIFFERS = 0x80
WINDOW_64_MIB = 13
PROGRAM, ERASE, READ = range(3)
READY, BUSY, FAULT, SECOND_BUSY = b"\x80", b"\x00", b"\xa0", b"\xc0"


def query(size=25, blocks=256, block=0x20000, buffer=11, buffer_us=7, times=(7, 10, 15, 4, 4, 4), regions=1):
    """Of a chip of 2^size bytes; as QEMU's, if nothing else is said."""
    word_us, block_ms, chip_ms, word_times, buffer_times, erase_times = times
    return (b"QRY" + struct.pack("<HHHH", 1, 0x31, 0, 0) + bytes([0x45, 0x55, 0, 0])
            + bytes([word_us, buffer_us, block_ms, chip_ms, word_times, buffer_times, erase_times, 0])
            + struct.pack("<BHHBHH", size, 2, buffer, regions, blocks - 1, block // 256))


def step(what, block, within, length, status=b""):
    """`within` and `length` in units of 64 bytes."""
    return bytes([what, block, within, length]) + status


WORK = (step(ERASE, 1, 0, 0, BUSY * 3 + READY) + step(PROGRAM, 1, 0, 4, READY + BUSY + READY)
        + step(PROGRAM, 2, 60, 128, READY * 20) + step(READ, 1, 0, 255))
CORPUS = {
    "good": bytes([WINDOW_64_MIB]) + query() + WORK,
    "words": bytes([WINDOW_64_MIB]) + query(buffer_us=0) + WORK,
    "small": bytes([0]) + query(size=12, blocks=4, block=1024, buffer=5) + WORK,
    "half-ready": bytes([WINDOW_64_MIB]) + query() + step(PROGRAM, 0, 0, 4, SECOND_BUSY * 9 + READY * 2),
    "refused": bytes([WINDOW_64_MIB]) + query() + step(ERASE, 0, 0, 0, FAULT) + step(PROGRAM, 0, 0, 1, READY + FAULT),
    "silent": bytes([WINDOW_64_MIB]) + query() + step(ERASE, 0, 0, 0) + step(PROGRAM, 0, 0, 4),
    "too-large": bytes([0]) + query(),
    "regions": bytes([WINDOW_64_MIB]) + query(regions=2),
    "slow": bytes([WINDOW_64_MIB]) + query(times=(255,) * 6, buffer=65535) + WORK,
    "two-kinds": bytes([SECOND_DIFFERS]) + query(),
}

if __name__ == "__main__":
    folder = HERE / "corpus" / "cfi"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in CORPUS.items():
        (folder / name).write_bytes(data)
