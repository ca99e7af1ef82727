#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_partition to tests/fuzz/corpus/partition."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
SECTORS = 64
BIG, CHECKSUMS, BAD = 1, 2, 4
FAT32, EXTENDED, PROTECTIVE = 0x0c, 0x05, 0xee


def piece(sector, at, data):
    return bytes([sector]) + struct.pack("<HB", at, len(data) - 1) + data


def mbr(sector, *entries):
    table = b"".join(struct.pack("<B3xB3xII", 0, *e) for e in entries).ljust(64, b"\0")
    return piece(sector, 446, table + b"\x55\xaa")


def gpt(big=False, count=4):
    per_sector = (4096 if big else 512) // 128
    sectors = -(-count // per_sector)
    copies = ((1, SECTORS - 1, 2), (SECTORS - 1, 1, SECTORS - 1 - sectors))
    first, last = 2 + sectors, SECTORS - 2 - sectors
    out = mbr(0, (PROTECTIVE, 1, SECTORS - 1))
    for mine, other, entries in copies:
        out += piece(mine, 0, struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, mine, other, first,
                                          last, b"disk" * 4, entries, count, 128, 0))
        for i in range(2):
            out += piece(entries, i * 128, struct.pack("<16s16sQQQ", bytes([i + 1] * 16), b"id" * 8,
                                                       first + 10 * i, first + 10 * i + 9, 4 * i))
    return out


CHAIN = (mbr(0, (FAT32, 1, 9), (EXTENDED, 10, 50)) + mbr(10, (FAT32, 1, 9), (EXTENDED, 10, 10))
         + mbr(20, (FAT32, 2, 8), (EXTENDED, 30, 20)) + mbr(40, (FAT32, 1, 19)))
CORPUS = {
    "mbr": bytes([0]) + mbr(0, (FAT32, 8, 20), (0x83, 28, 36)),
    "chain": bytes([0]) + CHAIN,
    "loop": bytes([0]) + CHAIN + mbr(40, (FAT32, 1, 19), (EXTENDED, 10, 10)),
    "gpt": bytes([CHECKSUMS]) + gpt(),
    "gpt-big": bytes([CHECKSUMS | BIG]) + gpt(big=True),
    "gpt-bad": bytes([CHECKSUMS | BAD | 1 << 3]) + gpt(),
    "gpt-many": bytes([CHECKSUMS]) + gpt(count=64),
    "gpt-unsealed": bytes([0]) + gpt(),
    "empty": bytes([0]),
}

if __name__ == "__main__":
    folder = HERE / "corpus" / "partition"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in CORPUS.items():
        (folder / name).write_bytes(data)
