#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes what an ELF file loads as UF2, the format of boards that show up as a disk to be copied onto.

A UF2 file is blocks of 512 bytes, each with 256 bytes for one place in memory, so that their order does not
matter (https://github.com/microsoft/uf2). The addresses are those where the segments are stored, not those where
they run.
"""

import argparse
import pathlib
import struct
import sys

MAGIC, MAGIC_DATA, MAGIC_END = 0x0A324655, 0x9E5D5157, 0x0AB16F30
HAS_FAMILY = 0x2000
PAGE_BYTES = 256
PT_LOAD = 1
ADDRESSES_END = 1 << 32


def fail(text, status=1):
    print(f"uf2: {text}", file=sys.stderr)
    sys.exit(status)


def segments(elf):
    """(address, bytes) of each segment that has any; ValueError: it is no ELF file for these, or damaged."""
    if len(elf) < 52 or elf[:4] != b"\x7fELF" or elf[4] not in (1, 2) or elf[5] != 1:
        raise ValueError("expected a little-endian ELF file")
    wide = elf[4] == 2
    try:
        (start,) = struct.unpack_from("<Q" if wide else "<I", elf, 32 if wide else 28)
        size, count = struct.unpack_from("<HH", elf, 54 if wide else 42)
        for n in range(count):
            if wide:
                kind, _, offset, _, address, length = struct.unpack_from("<IIQQQQ", elf, start + n * size)
            else:
                kind, offset, _, address, length = struct.unpack_from("<IIIII", elf, start + n * size)
            if kind != PT_LOAD or length == 0:
                continue
            if offset + length > len(elf):
                raise ValueError("a segment reaches beyond the end of the file")
            if address + length > ADDRESSES_END:
                raise ValueError(f"it loads something at {address:#x}; UF2 has addresses of 32 bits")
            yield address, elf[offset:offset + length]
    except struct.error:
        raise ValueError("its program headers reach beyond the end of the file") from None


def pages(parts):
    """Page addresses, ascending, and the bytes of each; what no segment says is 0."""
    found = {}
    for address, content in parts:
        at = 0
        while at < len(content):
            place = (address + at) % PAGE_BYTES
            piece = content[at:at + PAGE_BYTES - place]
            page = found.setdefault(address + at - place, bytearray(PAGE_BYTES))
            page[place:place + len(piece)] = piece
            at += len(piece)
    return sorted(found.items())


def blocks(found, family):
    for number, (address, page) in enumerate(found):
        header = struct.pack("<8I", MAGIC, MAGIC_DATA, HAS_FAMILY, address, PAGE_BYTES, number, len(found), family)
        yield header + page + bytes(476 - PAGE_BYTES) + struct.pack("<I", MAGIC_END)


def family_id(text):
    try:
        value = int(text, 0)
    except ValueError:
        value = -1
    if not 0 <= value < 1 << 32:
        fail(f"--family={text}: expected a number of 32 bits, such as 0xe48bff56; a board's is UF2_FAMILY in its "
             "board.mk", 64)
    return value


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--family", required=True, help="which processor it is for: 0xe48bff56")
    p.add_argument("elf")
    p.add_argument("output")
    a = p.parse_args()
    family = family_id(a.family)
    try:
        found = pages(segments(pathlib.Path(a.elf).read_bytes()))
        if not found:
            fail(f"{a.elf}: it loads nothing")
        pathlib.Path(a.output).write_bytes(b"".join(blocks(found, family)))
    except ValueError as e:
        fail(f"{a.elf}: {e}")
    except OSError as e:
        fail(f"{e.filename}: {e.strerror}")


if __name__ == "__main__":
    main()
