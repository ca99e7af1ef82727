#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the seeds of fuzz_firmware to tests/fuzz/corpus/firmware."""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
FADT, DSDT, XSDT, MCFG = 320, 768, 64, 640  # tests/fakes/acpi_fake.h
SEAL, REVISION_2 = 1, 2


def acpi(flags, *edits):
    return bytes([flags]) + b"".join(struct.pack("<HB", at, value) for at, value in edits)


def tag(kind, content):
    return (struct.pack("<II", kind, 8 + len(content)) + content + bytes(7))[:(8 + len(content) + 7) // 8 * 8]


def tags(*all_tags):
    body = b"".join(all_tags) + tag(0, b"")
    return b"m" + struct.pack("<II", 8 + len(body), 0) + body


def memmap(*runs, entry=24):
    return tag(6, struct.pack("<II", entry, 0) + b"".join(struct.pack("<QQII", *run, 0) for run in runs))


MEMORY = memmap((0, 0x9fc00, 1), (0xf0000, 0x10000, 2), (0x100000, 0x3f00000, 1), (0x4000000, 0x20000, 3))


def function(*capabilities, device=0x1041, bars=()):
    """Configuration space: capabilities are (offset, id, bytes); BARs (number, value, mask)."""
    space = bytearray(256)
    struct.pack_into("<HHHH", space, 0, 0x1af4, device, 7, 0x10)
    for number, value, mask in bars:
        struct.pack_into("<I", space, 0x10 + 4 * number, value)
        struct.pack_into("<I", space, 0x28 + 4 * number, mask)
    following = 0
    for at, kind, content in capabilities:
        space[at:at + 2 + len(content)] = bytes([kind, following]) + content
        following = at
    space[0x34] = following
    return b"p" + bytes(space)


def area(at, kind, bar, offset, length):
    return at, 9, struct.pack("<BBB3xIII", 20, kind, bar, offset, length, 4)


AREAS = (area(0x40, 1, 0, 0, 0x1000), area(0x54, 3, 0, 0x1000, 0x1000), area(0x68, 4, 0, 0x2000, 0x1000),
         area(0x7c, 2, 0, 0x3000, 0x1000))
MSIX = (0x98, 17, struct.pack("<HII", 2, 0x800, 0xc00))
BAR = (0, 0xfe000000, 0xffffc000)
CORPUS = {
    "acpi": acpi(SEAL | REVISION_2),
    "acpi-1": acpi(SEAL),
    "acpi-unsealed": acpi(REVISION_2, (FADT + 64, 5)),
    "acpi-short-fadt": acpi(SEAL | REVISION_2, (FADT + 4, 116), (FADT + 5, 0)),
    "acpi-reduced": acpi(SEAL | REVISION_2, (FADT + 114, 0x10), (FADT + 248, 1)),
    "acpi-loop": acpi(SEAL | REVISION_2, (XSDT + 36, XSDT), (XSDT + 37, 0)),
    "acpi-mcfg": acpi(SEAL | REVISION_2, (MCFG + 54, 9), (MCFG + 55, 8)),
    "acpi-s5": acpi(SEAL | REVISION_2, (DSDT + 107, 0x0b), (DSDT + 108, 3)),
    "tags": tags(tag(1, b"--port=80\0"), MEMORY, tag(14, b"RSD PTR ".ljust(20)), tag(15, b"RSD PTR ".ljust(36))),
    "tags-long-entries": tags(tag(6, struct.pack("<II", 32, 0) + bytes(64))),
    "tags-loop": tags(struct.pack("<II", 1, 0)),
    "virtio": function(*AREAS, MSIX, bars=[BAR]),
    "virtio-transitional": function(*AREAS, bars=[BAR], device=0x1000),
    "virtio-64": function(*AREAS, MSIX, bars=[(0, 0xfe000004, 0xffffc004), (1, 0x70, 0xffffffff)]),
    "virtio-outside": function(area(0x40, 1, 0, 0xfffffff0, 0x38), bars=[BAR]),
}

if __name__ == "__main__":
    folder = HERE / "corpus" / "firmware"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in CORPUS.items():
        (folder / name).write_bytes(data)
