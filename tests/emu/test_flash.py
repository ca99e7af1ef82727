# SPDX-License-Identifier: ISC
"""The second bank of flash memory of QEMU's virt machines, and of the Versatile Express."""

import pytest

from guest import Guest

BYTES = 64 << 20
BLOCK = 256 << 10


@pytest.mark.parametrize("board", ["vexpress-a15", "virt-aarch64", "virt-arm"])
def test_what_is_programmed_is_in_the_file(board, tmp_path):
    path = tmp_path / "flash.img"
    with open(path, "wb") as f:
        f.truncate(BYTES)
    with Guest(board, "flash", extra=["-drive", f"if=pflash,index=1,format=raw,file={path}"]) as guest:
        assert guest.wait_exit() == 0, guest.console()
        assert "256 blocks of 262144, units of 4" in guest.console() and "flash: good" in guest.console()
    with open(path, "rb") as f:
        for block in (0, 255):
            f.seek(block * BLOCK)
            assert f.read(20) == b"\xff" * 20
            assert f.read(10000) == bytes((i * 7 + (i >> 8) + block) & 0xff for i in range(10000))
            assert f.read(100) == b"\xff" * 100


def test_one_that_may_not_be_written(tmp_path):
    path = tmp_path / "flash.img"
    with open(path, "wb") as f:
        f.truncate(BYTES)
    with Guest("virt-aarch64", "flash", extra=["-drive", f"if=pflash,index=1,format=raw,readonly=on,file={path}"]) as guest:
        assert guest.wait_exit() == 1
        assert "flash: device fault" in guest.console()
