#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_fat to tests/fuzz/corpus/fat: mutations of the fresh volumes that it makes."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
CHANGES, CHECKS = 1, 2
SHAPES = 5


def piece(sector, at, data):
    return struct.pack("<HHB", sector, at, len(data)) + data


def link(cluster, value):
    return struct.pack("<HHBI", 0, cluster, 0, value)


def entry(name, attributes=0x20, cluster=0, size=0, mark=0):
    return struct.pack("<11sBBBHHHHHHHI", name, attributes, 0, mark, 0, 0, 0, cluster >> 16, 0, 0x5a21,
                       cluster & 0xffff, size)


MUTATIONS = {
    "whole": b"",
    "in-use": piece(0, 37, b"\x01") + piece(0, 65, b"\x01"),
    "cycle": link(3, 2) + link(5, 5),
    "crossed": link(2, 6),
    "bad": link(2, 0xff7) + link(4, 0xfff7) + link(6, 0x0ffffff7),
    "short": link(2, 0),
    "lost": link(30, 31) + link(31, 0xfff),
    "measures": piece(0, 11, b"\x00\x10") + piece(0, 13, b"\x80"),
    "many-tables": piece(0, 16, b"\x40"),
    "folder-in-itself": piece(3, 0, entry(b"F          ", 0x10, 4)) + piece(9, 64, entry(b"G          ", 0x10, 4)),
    "twice": piece(3, 0, entry(b"A          ", 0x20, 2, 700, 200) + entry(b"B          ", 0x20, 2, 700, 0)),
    "orphans": piece(3, 0, b"\x42" + b"x\0" * 5 + b"\x0f\0\x11" + b"y\0" * 6 + b"\0\0" + b"z\0" * 2),
}

if __name__ == "__main__":
    folder = HERE / "corpus" / "fat"
    folder.mkdir(parents=True, exist_ok=True)
    for shape in range(SHAPES):
        for flags in (0, CHANGES, CHECKS, CHANGES | CHECKS):
            for name, data in MUTATIONS.items():
                if (shape + flags + len(name)) % 3 == 0 or name == "whole":
                    (folder / f"{name}-{shape}-{flags}").write_bytes(bytes([shape, flags]) + data)
