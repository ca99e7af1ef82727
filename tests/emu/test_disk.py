# SPDX-License-Identifier: ISC
"""The SD card as raw sectors: what is on it, what is written to it, and what becomes of a slot without one."""

import os
import re
import struct
import zlib

import pytest

from guest import Guest
from monitor import Monitor

BOARDS = ["orangepi-pc", "rpi2", "rpi3", "rpi4", "vexpress-a15", "zcu102"]
SECTOR = 512
MIB = 1 << 20


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


@pytest.fixture
def card(tmp_path):
    """Makes the image of a card of so many MiB, with noise in the first."""
    def make(mib=16):
        path = tmp_path / f"card{mib}.img"
        path.write_bytes(os.urandom(min(mib, 16) * MIB))
        os.truncate(path, mib * MIB)
        return path
    return make


#: How QEMU puts a card, the drive "sd0", into a board's slot. On its raspi4b "if=sd" is the slot of the older
#: controller, which no board has there; the first of its two standard controllers is the one that boards have.
SLOTS = {"orangepi-pc": ["if=sd,id=sd0"],
         "zcu102": ["if=sd,index=1,id=sd0"],  # at its second controller
         "rpi4": ["if=none,id=sd0", "-device", "sd-card,drive=sd0,bus=/generic-sdhci/sd-bus"]}


def with_card(board, path, args, more=(), app="disk"):
    drive, *device = SLOTS.get(board, ["if=sd"])
    return Guest(board, app, args=args, extra=["-drive", f"{drive},format=raw,file={path}", *device, *more])


def runs(guest):
    with guest:
        assert guest.wait_exit() == 0, guest.console()
        return guest.console()


def pattern(sector, count):
    return bytes((s + 7 * i) & 0xff for s in range(sector, sector + count) for i in range(SECTOR))


@pytest.mark.parametrize("sector, count", [(0, 1), (1, 2), (777, 256), (5, 257), (100, 2048)])
def test_reads_what_is_there(board, card, sector, count):
    path = card()
    there = path.read_bytes()[sector * SECTOR:(sector + count) * SECTOR]
    said = runs(with_card(board, path, f"--sector={sector} --count={count}"))
    assert "sd0: 16 MiB" in said and "32768 sectors of 512\n" in said
    assert f"adler32 {zlib.adler32(there):08x}" in said


@pytest.mark.parametrize("sector, count", [(0, 1), (9, 2), (32768 - 600, 600)])
def test_writes_there_and_nowhere_else(board, card, sector, count):
    path = card()
    before = path.read_bytes()
    assert "write: good" in runs(with_card(board, path, f"--mode=write --sector={sector} --count={count}"))
    after = path.read_bytes()
    end = sector + count
    assert after[sector * SECTOR:end * SECTOR] == pattern(sector, count)
    assert after[:sector * SECTOR] == before[:sector * SECTOR] and after[end * SECTOR:] == before[end * SECTOR:]


def test_many_requests_at_a_time(board, card):
    path = card()
    there = path.read_bytes()[50 * SECTOR:(50 + 8 * 200) * SECTOR]
    assert f"adler32 {zlib.adler32(there):08x}" in runs(with_card(board, path, "--mode=many --sector=50 --count=200"))


def test_a_card_that_counts_sectors(board, card):
    """From 4 GiB on they do (SDHC); the file has no more than its noise. Its last sector is read."""
    path = card(4096)
    said = runs(with_card(board, path, f"--sector={4096 * 2048 - 1}"))
    assert "8388608 sectors" in said and f"adler32 {zlib.adler32(bytes(SECTOR)):08x}" in said
    with open(path, "rb") as f:
        f.seek(20000 * SECTOR)
        there = f.read(300 * SECTOR)
    assert f"adler32 {zlib.adler32(there):08x}" in runs(with_card(board, path, "--sector=20000 --count=300"))


def test_partitions(board, card):
    path = card()
    image = bytearray(path.read_bytes())
    image[446:510] = b"".join(struct.pack("<B3xB3xII", *p) for p in
                              [(0x80, 0x0c, 2048, 8192), (0, 0x83, 10240, 1000), (0, 0, 0, 0), (0, 0, 0, 0)])
    image[510:512] = b"\x55\xaa"
    image[10240 * SECTOR:10240 * SECTOR + 6] = b"second"
    path.write_bytes(image)
    said = runs(with_card(board, path, "", app="partitions"))
    assert "partition0: 1000 sectors, partition 2 of sd0" in said and "partition0: 1000 sectors, second" in said
    assert "partition1: there is no such partition on sd0" in said and "partition1: no such device" in said


def test_in_direct_style(board, card):
    assert "check: good" in runs(with_card(board, card(), "", app="diskcheck"))


def test_in_direct_style_without_a_card(board):
    with Guest(board, "diskcheck") as guest:
        assert guest.wait_exit() == 1
        assert guest.console().count("sd0: there is no card") == 1 and "check: no such device" in guest.console()


def test_past_the_end_nothing_is_read(board, card):
    with with_card(board, card(), "--sector=32768") as guest:
        assert guest.wait_exit() == 1
        assert "read: out of range" in guest.console()


def test_without_a_card(board):
    """One line, and the application goes on."""
    with Guest(board, "disk") as guest:
        assert guest.wait_exit() == 1
        assert guest.console().count("sd0: there is no card") == 1
        assert "start: no such device\nread: no such device" in guest.console()


def test_a_card_that_is_pulled_and_put_back(board, card, tmp_path):
    path = card()
    monitor = Monitor(tmp_path / "qmp")
    with with_card(board, path, "--mode=watch --count=300", monitor.options) as guest:
        guest.wait_for("watch: good")
        assert "return" in monitor.run("eject", device="sd0", force=True)
        guest.wait_for("watch: no such device")
        said = guest.wait_for("sd0: the card is gone, or does not answer any more")
        assert said.count("card is gone") == 1
        assert "return" in monitor.run("blockdev-change-medium", device="sd0", filename=str(path), format="raw")
        assert re.search(r"watch: no such device\n(.*\n)*.*sd0: 16 MiB\nwatch: good", guest.wait_for("MiB\nwatch"))
