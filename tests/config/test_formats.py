# SPDX-License-Identifier: ISC
"""Images in other formats than ELF: each says the same bytes for the same addresses, and boots."""

import struct
import subprocess
import sys

import pytest

import makes

# All in one process: they write the same files in build/.
pytestmark = pytest.mark.xdist_group("formats")

BOARD = "virt-arm"
FAMILY = 0xE48BFF56
FORMATS = [".bin", ".hex", ".uf2"]


@pytest.fixture(scope="module")
def hello(tmp_path_factory):
    """The image in all formats, with the objects of build/."""
    makes.make(f"BOARD={BOARD}", "APP=hello", f"IMAGE_FORMATS=.img {' '.join(FORMATS)}", f"UF2_FAMILY={FAMILY:#x}")
    return makes.image(BOARD, "hello")


def intel_hex(text):
    """{address: byte} and the entry, with each line's checksum looked at."""
    memory, base, entry = {}, 0, None
    lines = [bytes.fromhex(line.removeprefix(":")) for line in text.split()]
    assert lines[-1] == bytes.fromhex("00000001ff")
    for line in lines:
        assert sum(line) % 256 == 0 and line[0] == len(line) - 5
        address, kind, content = int.from_bytes(line[1:3], "big"), line[3], line[4:-1]
        if kind == 0:
            memory |= {base + address + n: byte for n, byte in enumerate(content)}
        elif kind == 2:
            base = int.from_bytes(content, "big") << 4
        elif kind == 4:
            base = int.from_bytes(content, "big") << 16
        elif kind == 5:
            entry = int.from_bytes(content, "big")
    return memory, entry


def uf2(content, family=FAMILY):
    """{address: byte} of a file in which each block is as the specification has it."""
    memory, count = {}, len(content) // 512
    assert len(content) % 512 == 0
    for n in range(count):
        block = content[512 * n:512 * (n + 1)]
        first, second, flags, address, length, number, of, found = struct.unpack_from("<8I", block)
        assert (first, second, flags, length, number, of, found) == (
            0x0A324655, 0x9E5D5157, 0x2000, 256, n, count, family)
        assert address % 256 == 0 and address not in memory
        assert block[32 + 256:] == bytes(476 - 256) + struct.pack("<I", 0x0AB16F30)
        memory |= {address + i: byte for i, byte in enumerate(block[32:32 + 256])}
    return memory


def read(image, ending):
    with open(image.stem + ending, "rb") as f:
        return f.read()


def test_all_formats_say_the_same(hello):
    plain = read(hello, ".bin")
    assert plain == read(hello, ".img")
    said, _ = intel_hex(read(hello, ".hex").decode())
    start = min(said)
    assert [said.get(start + n, 0) for n in range(len(plain))] == list(plain)
    assert max(said) == start + len(plain) - 1
    blocks = uf2(read(hello, ".uf2"))
    assert [blocks.get(start + n, 0) for n in range(len(plain))] == list(plain)
    assert set(said) <= set(blocks) and not any(byte for at, byte in blocks.items() if at not in said)


def boots(image, *options):
    command = image.command(args="", extra=options)
    at = command.index("-kernel")
    del command[at:at + 2]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and b"Hello, world, from board" in done.stdout, done


def test_a_hex_file_boots(hello):
    boots(hello, "-device", f"loader,file={hello.stem}.hex,cpu-num=0")


def test_what_a_uf2_file_says_boots(hello, tmp_path):
    _, entry = intel_hex(read(hello, ".hex").decode())
    blocks = uf2(read(hello, ".uf2"))
    start = min(blocks)
    plain = tmp_path / "memory.bin"
    plain.write_bytes(bytes(blocks.get(at, 0) for at in range(start, max(blocks) + 1)))
    boots(hello, "-device", f"loader,file={plain},addr={start:#x},force-raw=on",
          "-device", f"loader,addr={entry:#x},cpu-num=0")


def test_another_family_makes_another_file(hello):
    try:
        makes.make(f"BOARD={BOARD}", "APP=hello", "IMAGE_FORMATS=.uf2", "UF2_FAMILY=0x12345678")
        uf2(read(hello, ".uf2"), 0x12345678)
    finally:
        makes.make(f"BOARD={BOARD}", "APP=hello", "IMAGE_FORMATS=.uf2", f"UF2_FAMILY={FAMILY:#x}")


def test_formats_that_there_are_not():
    done = makes.try_make(f"BOARD={BOARD}", "APP=hello", "IMAGE_FORMATS=.img .srec")
    assert done.returncode == 2 and ".srec: expected some of .bin, .hex, .img and .uf2" in done.stderr
    done = makes.try_make(f"BOARD={BOARD}", "APP=selftest", "IMAGE_FORMATS=.uf2")
    assert done.returncode == 2 and "UF2_FAMILY in its board.mk" in done.stderr


# --- tools/uf2.py alone ------------------------------------------------------------------------


def elf32(parts):
    """An ELF file with a segment for each (address, bytes, bytes in the file)."""
    headers, content = b"", b""
    offset = 52 + 32 * len(parts)
    for address, data, length in parts:
        headers += struct.pack("<8I", 1, offset + len(content), 0, address, length, length, 5, 4)
        content += data
    ident = b"\x7fELF\x01\x01\x01" + bytes(9)
    return ident + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, 0, 52, 0, 0, 52, 32, len(parts), 0, 0, 0) + headers + content


def convert(folder, elf, family="1"):
    source, output = folder / "x.elf", folder / "x.uf2"
    source.write_bytes(elf)
    done = subprocess.run([sys.executable, makes.ROOT / "tools/uf2.py", f"--family={family}", source, output],
                          capture_output=True, text=True, check=False)
    return done, output


def test_segments_that_share_a_page_and_begin_anywhere(tmp_path):
    done, output = convert(tmp_path, elf32([(0x10000300, b"c" * 300, 300), (0x10000010, b"a" * 8, 8),
                                            (0x10000018, b"b" * 8, 8), (0x20000000, b"", 0)]))
    assert (done.returncode, done.stderr) == (0, "")
    memory = uf2(output.read_bytes(), 1)
    assert sorted(at for at in memory if at % 256 == 0) == [0x10000000, 0x10000300, 0x10000400]
    assert bytes(memory[0x10000010 + n] for n in range(16)) == b"a" * 8 + b"b" * 8
    assert bytes(memory[0x10000300 + n] for n in range(301)) == b"c" * 300 + b"\0"


def test_an_image_of_64_bits(tmp_path):
    image = makes.image("virt-aarch64", "hello")
    with open(image.elf, "rb") as f:
        done, output = convert(tmp_path, f.read())
    assert (done.returncode, done.stderr) == (0, "")
    blocks, plain = uf2(output.read_bytes(), 1), read(image, ".img")
    assert [blocks.get(min(blocks) + n, 0) for n in range(len(plain))] == list(plain)


@pytest.mark.parametrize("elf, said", [
    (b"", "expected a little-endian ELF file"),
    (b"#!/bin/sh\n" * 10, "expected a little-endian ELF file"),
    (elf32([]), "it loads nothing"),
    (elf32([(0, b"", 0)]), "it loads nothing"),
    (elf32([(0, b"abc", 4)]), "a segment reaches beyond the end of the file"),
    (elf32([(0xFFFFFFFF, b"ab", 2)]), "it loads something at 0xffffffff; UF2 has addresses of 32 bits"),
    (elf32([(0, b"abc", 3)])[:60], "its program headers reach beyond the end of the file"),
])
def test_what_is_no_image_is_refused(tmp_path, elf, said):
    done, output = convert(tmp_path, elf)
    assert (done.returncode, done.stderr, output.exists()) == (1, f"uf2: {tmp_path}/x.elf: {said}\n", False)


@pytest.mark.parametrize("family", ["", "x", "-1", "0x100000000"])
def test_a_family_is_a_number(tmp_path, family):
    done, _ = convert(tmp_path, elf32([(0, b"abc", 3)]), family)
    assert done.returncode == 64 and f"uf2: --family={family}: expected a number of 32 bits" in done.stderr
