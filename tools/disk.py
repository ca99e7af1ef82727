#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the image of a disk that a PC starts from, with GRUB in front: what `make disk` calls.

The disk has an MBR, GRUB for a BIOS in the first MiB, and one FAT partition with the image (fata.elf) and
grub/grub.cfg, which loads it by Multiboot2 with the boot arguments. GRUB talks by the first serial port.

It takes no root: grub-mkimage, sfdisk and mtools work on files. The same input gives the same bytes. GRUB is a
program of its own, under the GPL, from the Debian package grub-pc-bin; nothing of it is in the image.
"""

import argparse
import pathlib
import shlex
import sys
import tempfile

import emulator
import sdcard
from sdcard import MIB, SECTOR, START, call, fail, option

SIZES_MIB = [64, 128, 256, 512, 1024, 2048, 4096]
GRUB = pathlib.Path("/usr/lib/grub/i386-pc")
#: What reads the partition and the configuration, and loads the image.
MODULES = ["biosdisk", "part_msdos", "fat", "normal", "multiboot2", "serial", "terminal"]
#: Of the MBR, in front of the disk's number and the table of partitions.
BOOT_CODE = 440
#: Of this machine, where the line that is printed has an image's web server.
HTTP_PORT = 8080
#: What images take (arch/pvh.h).
ARGS_MAX = 4095
CONFIG = """serial --unit=0 --speed=115200
terminal_output serial
multiboot2 /fata.elf{args}
boot
"""


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--caller", default="make", choices=["make", "fata"], help="whose options messages name")
    p.add_argument("--board", required=True)
    p.add_argument("--boards", default="", help="those that start from such a disk, for messages")
    p.add_argument("--loader", default="", help="the loader that the board's disk has")
    p.add_argument("--image", required=True, help="the ELF file")
    p.add_argument("--args", default="", help="boot arguments")
    p.add_argument("--mib", default="", help="size of the disk's image")
    p.add_argument("--output", required=True)
    return p.parse_args()


def size_mib(text):
    if not text:
        return SIZES_MIB[0]
    if text not in map(str, SIZES_MIB):
        fail(f"{option('mib', text)}: expected one of {', '.join(map(str, SIZES_MIB))}", sdcard.USAGE)
    return int(text)


def words(text):
    """The words of the boot arguments: quotes stand around one, or around what follows its first '='."""
    text, found = text.strip(), []
    while text:
        word = text.split()[0]
        equals = word.find("=") + 1
        quote = 0 if text[0] == '"' else equals if equals and text[equals:equals + 1] == '"' else -1
        if quote < 0:
            end = len(word)
        else:
            end = text.find('"', quote + 1)
            if end < 0:
                fail("a quote of the boot arguments has no partner", sdcard.USAGE)
            word, end = text[:quote] + text[quote + 1:end], end + 1
            if text[end:end + 1].strip():
                fail(f"the boot arguments go on behind a quote: {text[:end + 1]}", sdcard.USAGE)
        found.append(word)
        text = text[end:].strip()
    return found


def configuration(text):
    """grub.cfg. GRUB quotes again what has a space, and puts a backslash before what images do not expect there."""
    if any(ord(c) < 32 or ord(c) == 127 for c in text.strip()):
        fail("the boot arguments are one line, without control characters", sdcard.USAGE)
    found = words(text)
    for word in found:
        if any(c in word for c in "'\"\\"):
            fail(f"GRUB cannot hand over {word}: there may be no quote and no backslash in it", sdcard.USAGE)
    content = CONFIG.format(args="".join(f" '{word}'" for word in found)).encode("utf-8", "surrogateescape")
    if sum(len(word.encode("utf-8", "surrogateescape")) + 3 for word in found) > ARGS_MAX:
        fail(f"the boot arguments are too long; {ARGS_MAX} bytes are the limit", sdcard.USAGE)
    return content


def loader(folder):
    """GRUB's first sector, and what it loads from those behind."""
    if not (GRUB / "boot.img").is_file():
        fail(f"{GRUB}/boot.img is missing; the Debian package grub-pc-bin has it")
    core = pathlib.Path(folder, "core")
    call("grub-mkimage", "--format=i386-pc", f"--directory={GRUB}", "--prefix=(,msdos1)/grub", f"--output={core}",
         *MODULES)
    return (GRUB / "boot.img").read_bytes()[:BOOT_CODE], core.read_bytes()


def write_loader(path, folder):
    first, core = loader(folder)
    if len(core) > START - SECTOR:
        fail(f"GRUB takes {len(core):,} bytes, and there is room for {START - SECTOR:,}")
    with path.open("r+b") as f:
        f.write(first)
        f.seek(SECTOR)
        f.write(core)


def fill(path, sectors, files, folder):
    inside = f"{path}@@{START}"
    call("mformat", "-i", inside, "-v", "FATA", "-N", sdcard.VOLUME_ID, "-T", sectors, "-h", 255, "-s", 63, "-H",
         START // SECTOR, "::")
    call("mmd", "-i", inside, "::/grub")
    source = pathlib.Path(folder, "file")
    for name, content in files.items():
        source.write_bytes(content)
        call("mcopy", "-i", inside, source, "::" + name)


def write_disk(output, files, mib):
    if output.exists() and not output.is_file():
        fail(f"{output} is no file; name one, and write it to a disk with dd")
    sectors = (mib * MIB - START) // SECTOR
    try:
        # In the same folder, so that it is there whole or not at all.
        with tempfile.TemporaryDirectory(prefix=".disk-", dir=output.parent) as folder:
            path = pathlib.Path(folder, "disk")
            with path.open("wb") as f:
                f.truncate(mib * MIB)
            sdcard.partition(path, sectors)
            write_loader(path, folder)
            fill(path, sectors, files, folder)
            path.replace(output)
    except OSError as e:
        fail(f"{output}: cannot be written there: {e.strerror}")


def start_command(a):
    """How QEMU starts the disk, on the machine that `make run` has."""
    image = emulator.Image(pathlib.Path(a.image).with_name("manifest.json"))
    forwards = [("tcp", HTTP_PORT, image.http_port)] if image.http_port else []
    command = image.command(netdev=[emulator.user_netdev([] if number else forwards, number)
                                    for number in range(image.netifs)], disk=a.output)
    at = command.index("-kernel")
    return command[:at] + command[at + 2:]


def main():
    sdcard.command = "disk"
    sdcard.PACKAGES["grub-mkimage"] = "grub-common"
    a = parse_arguments()
    sdcard.caller = a.caller
    if a.loader != "grub":
        fail(f"the board {a.board} does not start from a disk with GRUB; the boards that do: {a.boards}")
    mib = size_mib(a.mib)
    files = {"/grub/grub.cfg": configuration(a.args), "/fata.elf": sdcard.read(a.image)}
    write_disk(pathlib.Path(a.output), files, mib)
    print(f"  DISK     {a.output}\nTo start it: {shlex.join(start_command(a))}")


if __name__ == "__main__":
    sys.exit(main())
