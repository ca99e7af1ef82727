#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the image of a memory card that a board starts from: what `make sdcard` calls.

The card has an MBR and one FAT32 partition, which begins at 1 MiB and takes the first half: the image under
the name that the board's firmware loads, the board's own files, and cmdline.txt with the boot arguments. The
second half and three entries of the table are free, so that a second slot of the same size fits behind.

A loader of which the processor's ROM reads the beginning lies in front of the partition. An image that has room
for a seed (drivers/rng/image_seed) gets one: such a card is of one machine, and a secret.

It takes no root: sfdisk and mtools work on the file. The same input gives the same bytes: serial numbers are
fixed and so are all times; but for the seed.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import emulator

MIB = 1 << 20
SECTOR = 512
START = MIB  # of the partition, where cards' erase blocks begin
#: A power of two, which emulated card readers insist on; below 128 a half is no FAT32.
SIZES_MIB = [128, 256, 512, 1024, 2048, 4096]
DISK_ID = "0x46415441"
VOLUME_ID = "46415441"
#: What cmdline.txt may hold: images take no more (boards/tree/start.h).
ARGS_MAX = 2047
PACKAGES = {"sfdisk": "fdisk", "mformat": "mtools", "mmd": "mtools", "mcopy": "mtools"}
USAGE = 64


def fail(text, status=1):
    print(f"{caller} {command}: {text}", file=sys.stderr)
    sys.exit(status)


caller = "make"
command = "sdcard"


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--caller", default="make", choices=["make", "fata"], help="whose options messages name")
    p.add_argument("--board", required=True)
    p.add_argument("--boards", default="", help="those that have a card layout, for messages")
    p.add_argument("--image", required=True, help="what becomes KERNEL")
    p.add_argument("--kernel", default="", help="the name of the image on the card")
    p.add_argument("--file", action="append", default=[], help="a file of the board's for the card")
    p.add_argument("--raw", default="", metavar="NAME:OFFSET", help="that of the firmware's files which is in no "
                   "partition, but begins at byte OFFSET")
    p.add_argument("--needs", default="", help="files of the firmware that have to be there too")
    p.add_argument("--needs-from", default="", help="where those are found")
    p.add_argument("--firmware", default="", help="folder with them")
    p.add_argument("--args", default="", help="boot arguments")
    p.add_argument("--mib", default="", help="size of the card's image")
    p.add_argument("--output", required=True)
    return p.parse_args()


def option(name, value=""):
    """An option as the person would write it."""
    return f"{name.upper()}={value}" if caller == "make" else f"--{name}={value}"


def size_mib(text):
    if not text:
        return SIZES_MIB[0]
    if text not in map(str, SIZES_MIB):
        fail(f"{option('mib', text)}: expected one of {', '.join(map(str, SIZES_MIB))}", USAGE)
    return int(text)


def boot_arguments(text):
    """The content of cmdline.txt, which is one line."""
    text = text.strip()
    if any(ord(c) < 32 for c in text):
        fail("the boot arguments are one line, without control characters", USAGE)
    content = (text + "\n").encode("utf-8", "surrogateescape")
    if len(content) > ARGS_MAX + 1:
        fail(f"the boot arguments have {len(content) - 1} bytes; {ARGS_MAX} are the limit",
             USAGE)
    return content


def read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as e:
        return fail(f"{path}: {e.strerror}")


def firmware_files(folder, needs, where):
    """The firmware's files by their names; all that are missing are named at once."""
    if not folder:
        return {}
    if not pathlib.Path(folder).is_dir():
        fail(f"{option('firmware', folder)}: there is no such folder")
    missing = [name for name in needs if not pathlib.Path(folder, name).is_file()]
    if missing:
        fail(f"{option('firmware', folder)} lacks {', '.join(missing)}" + (f"; see {where}" if where else ""))
    return {name: read(pathlib.Path(folder, name)) for name in needs}


def card_files(a):
    """All of ours that goes into the partition: names, with folders, and contents."""
    image = bytearray(read(a.image))
    emulator.seed(image)  # where the board has no other source of random bits
    files = {a.kernel: bytes(image)}
    arguments = boot_arguments(a.args)
    for path in a.file:
        # Its name in the board's folder; what says @ARGS@ has the boot arguments in that place.
        files[path.rpartition(f"/{a.board}/")[2]] = read(path).replace(b"@ARGS@", arguments.strip())
    files["cmdline.txt"] = arguments
    return files


def loader(content, offset):
    """What lies in front of the partition: where, and the bytes."""
    if offset < SECTOR or offset + len(content) > START:
        fail(f"the loader has {len(content)} bytes; between byte {offset} and the partition there is room for "
             f"{START - offset}")
    return offset, content


def check_room(files, bytes_of_partition, mib):
    """Files take whole clusters, each of which has four bytes in both tables."""
    cluster = cluster_sectors(mib) * SECTOR
    room = bytes_of_partition - 2 * 4 * (bytes_of_partition // cluster) - 128 * SECTOR
    taken = sum(-(-len(content) // cluster) * cluster for content in files.values())
    if taken > room:
        largest = max(files, key=lambda name: len(files[name]))
        larger = [m for m in SIZES_MIB if m > mib]
        fail(f"the files take {taken / MIB:.1f} MiB ({largest} alone {len(files[largest]) / MIB:.1f}) and the boot "
             f"partition has room for {room / MIB:.1f}" + (f"; {option('mib', larger[0])} makes it larger" if larger
                                                           else ""))


def cluster_sectors(mib):
    """FAT32 is what has at least 65,525 clusters (Microsoft's FAT specification, section 3.5)."""
    return 1 if mib <= 512 else 8


def environment():
    """What makes the tools' output depend on nothing but their input."""
    return {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "SOURCE_DATE_EPOCH": "1577836800", "MTOOLSRC": "/dev/null", "HOME": "/nonexistent"}


def call(*words, text=None):
    path = shutil.which(words[0], path=environment()["PATH"])
    if path is None:
        fail(f"{words[0]} is missing; the Debian package {PACKAGES[words[0]]} has it")
    done = subprocess.run([path, *map(str, words[1:])], input=text, capture_output=True, text=True, check=False,
                          env=environment(), stdin=None if text is not None else subprocess.DEVNULL)
    if done.returncode != 0:
        fail(f"{words[0]}: {(done.stderr or done.stdout).strip()}")


def partition(path, sectors):
    call("sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", path,
         text=f"label: dos\nlabel-id: {DISK_ID}\nunit: sectors\n"
              f"start={START // SECTOR}, size={sectors}, type=c, bootable\n")


def fill(path, sectors, files, mib, folder):
    inside = f"{path}@@{START}"
    call("mformat", "-i", inside, "-F", "-v", "FATA", "-N", VOLUME_ID, "-T", sectors, "-h", 255, "-s", 63, "-H",
         START // SECTOR, "-c", cluster_sectors(mib), "::")
    for parent in sorted({str(p) for name in files for p in pathlib.PurePosixPath(name).parents} - {"."}):
        call("mmd", "-i", inside, "::" + parent)
    source = pathlib.Path(folder, "file")
    for name, content in files.items():
        source.write_bytes(content)
        call("mcopy", "-i", inside, source, "::" + name)


def write_at(path, offset, content):
    with path.open("r+b") as f:
        f.seek(offset)
        f.write(content)


def write_card(output, files, mib, raw):
    if output.exists() and not output.is_file():
        fail(f"{output} is no file; name one, and write it to a card with dd")
    half = mib * MIB // 2
    check_room(files, half - START, mib)
    sectors = (half - START) // SECTOR
    try:
        # In the same folder, so that it is there whole or not at all.
        with tempfile.TemporaryDirectory(prefix=".sdcard-", dir=output.parent) as folder:
            path = pathlib.Path(folder, "card")
            with path.open("wb") as f:
                f.truncate(mib * MIB)
            partition(path, sectors)
            fill(path, sectors, files, mib, folder)
            if raw is not None:
                write_at(path, *raw)
            path.replace(output)
    except OSError as e:
        fail(f"{output}: cannot be written there: {e.strerror}")


def tell(a, files, needs):
    print(f"  SDCARD   {a.output}\n           holds {', '.join(files)}")
    if not a.firmware and needs:
        print(f"The firmware's files are not on it: {', '.join(needs)}.\n"
              f"They come from {a.needs_from}; with a folder of them, {option('firmware', 'FOLDER')} puts them there.")
    print(f"To write it to a card: sudo dd if={a.output} of=/dev/sdX bs=4M conv=fsync (lsblk shows which is the card).")


def main():
    global caller
    a = parse_arguments()
    caller = a.caller
    if not a.kernel:
        fail(f"the board {a.board} has no card layout; the boards that have one: {a.boards}")
    mib = size_mib(a.mib)
    files = card_files(a)
    firmware = firmware_files(a.firmware, a.needs.split(), a.needs_from)
    in_front, _, offset = a.raw.partition(":")
    raw = loader(firmware.pop(in_front), int(offset)) if in_front in firmware else None
    write_card(pathlib.Path(a.output), files | firmware, mib, raw)
    tell(a, files | firmware, a.needs.split())


if __name__ == "__main__":
    main()
