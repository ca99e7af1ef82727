# SPDX-License-Identifier: ISC
"""Disks of boards with virtio, and of the host board: what each disk does, and what only some do: they are read-only, grow, fail, are absent."""

import os
import subprocess

import pytest

from guest import Guest, image
from monitor import Monitor

BOARDS = ["virt-aarch64", "virt-arm", "microvm", "q35"]
SECTOR = 512
MIB = 1 << 20


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


@pytest.fixture
def disk(tmp_path):
    path = tmp_path / "disk.img"
    path.write_bytes(os.urandom(4 * MIB))
    return path


def guest(board, app, path, args="", more="", options=(), **named):
    """A guest whose first disk is the file, with `more` for its -drive."""
    return Guest(board, app, args=args, extra=[*image(board, app).disk_options(path, more=more), *options], **named)


def runs(it, status=0):
    with it:
        assert it.wait_exit() == status, it.console()
        return it.console()


def test_many_requests_flush_zeroes_discard(board, disk):
    said = runs(guest(board, "disk", disk, "--mode=flight --count=48", ",discard=unmap"))
    assert "disk0: 4 MiB" in said and "flight: good" in said
    assert "zero_max 0" not in said and "discard_max 0" not in said


@pytest.mark.parametrize("size", [512, 4096])
def test_in_direct_style(board, disk, size):
    """Three fibers with memory of any alignment; sectors of either size."""
    it = guest(board, "diskcheck", disk)
    if size != SECTOR:
        at = next(i for i, word in enumerate(it.command) if word.startswith("virtio-blk"))
        it.command[at] += f",logical_block_size={size},physical_block_size={size}"
    assert "check: good" in runs(it)


def test_the_legacy_interface(disk):
    said = runs(guest("virt-aarch64", "diskcheck", disk, options=["-global", "virtio-mmio.force-legacy=true"]))
    assert "check: good" in said


def test_without_features(board, disk):
    it = guest(board, "diskcheck", disk)
    at = next(i for i, word in enumerate(it.command) if word.startswith("virtio-blk"))
    it.command[at] += ",discard=off,write-zeroes=off,event_idx=off,indirect_desc=off,config-wce=off,queue-size=8,seg-max-adjust=on"
    assert "check: good" in runs(it)


def test_read_only(board, disk):
    before = disk.read_bytes()
    said = runs(guest(board, "diskcheck", disk, "--mode=read-only", ",readonly=on"), 1)
    assert "disk0: 4 MiB, read-only" in said and "read: good\nwrite: read-only" in said
    assert disk.read_bytes() == before


def test_without_a_disk(board):
    said = runs(Guest(board, "diskcheck"), 1)
    assert said.count("there is no such disk") == 1


def test_it_grows(board, disk, tmp_path):
    monitor = Monitor(tmp_path / "qmp")
    with guest(board, "diskcheck", disk, "--mode=grow", options=monitor.options) as it:
        it.wait_for("8192 sectors")
        assert "return" in monitor.run("block_resize", device="disk0", size=8 * MIB)
        assert it.wait_exit() == 0, it.console()
        assert "disk0: now 16384 sectors" in it.console()
        assert "\n16384 sectors\nlast: good" in it.console()


def test_errors_reach_the_caller(board, disk):
    """Sector 1000 of the file neither reads nor writes; QEMU's blkdebug says so."""
    device = image(board, "diskcheck").disk
    blockdevs = [f"driver=file,node-name=f,filename={disk}",
                 "driver=blkdebug,node-name=b,image=f,"
                 "inject-error.0.event=read_aio,inject-error.0.sector=1000,inject-error.0.errno=5,"
                 "inject-error.1.event=write_aio,inject-error.1.sector=1000,inject-error.1.errno=5",
                 "driver=raw,node-name=d,file=b"]
    extra = [word for b in blockdevs for word in ("-blockdev", b)]
    extra += ["-device", f"{device},drive=d,werror=report,rerror=report"]
    said = runs(Guest(board, "diskcheck", args="--mode=fail", extra=extra))
    assert "bad: device fault\nwrite: device fault\nother: good" in said


def test_one_that_does_not_answer(disk):
    """A disk that is throttled to a stand is reset after ten seconds; then its request has ended."""
    more = ",throttling.bps-total=1,throttling.bps-total-max=1"
    it = guest("virt-aarch64", "diskcheck", disk, "--mode=fail", more)
    with it:
        said = it.wait_for("other: ", 120)
        assert "disk0: device fault: does not answer" in said and "bad: timed out" in said


def test_two_disks_by_number_label_and_guid(board, disk):
    """Partitions of a GPT that sfdisk wrote."""
    guid = "00112233-4455-6677-8899-AABBCCDDEEFF"
    subprocess.run(["sfdisk", "-q", str(disk)], check=True, text=True,
                   input=f'label: gpt\nstart=100, size=1000, name="boot"\nstart=2000, size=500, name="data", uuid={guid}\n')
    with open(disk, "r+b") as f:
        f.seek(2000 * SECTOR)
        f.write(b"what is in it\0")
    said = runs(guest(board, "partitions", disk))
    for n in range(3):
        assert f"partition{n}: 500 sectors, what is in it\n" in said


def test_a_partition_that_is_missing(board, disk):
    with open(disk, "r+b") as f:
        f.write(bytes(SECTOR))
    said = runs(guest(board, "partitions", disk))
    assert said.count("disk0: it has no table of partitions") == 1 and "partition0: no such device" in said


def test_a_file_on_the_host(disk):
    said = runs(Guest("host", "diskcheck", args=f"--disk={disk}"))
    assert f"disk0: 4 MiB, {disk}" in said and "check: good" in said
    said = runs(Guest("host", "diskcheck", args=f"--disk={disk}.not"), 1)
    assert said.count("there is no such file") == 1 and "check: no such device" in said


def written(path):
    return path.read_bytes()[:100 * SECTOR] == b"".join(bytes([i + 1]) * SECTOR for i in range(100))


def test_a_cache_is_written_back_at_the_end(board, disk):
    assert "cached: good" in runs(guest(board, "cached", disk))
    assert written(disk)


def test_a_cache_on_the_host(disk):
    assert "cached: good" in runs(Guest("host", "cached", args=f"--disk={disk}"))
    assert written(disk)
