# SPDX-License-Identifier: ISC
"""The microcontroller: arguments in the image, what the MPU protects, and how little it needs."""

import re
import sys

import pytest

from guest import ROOT, Guest, image
from test_selftest import CRASHES

sys.path.insert(0, str(ROOT / "tools"))
import size  # noqa: E402

BOARDS = ["mps2-an385"]
USAGE = 64


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


def takes(board, app):
    """Bytes of flash and of RAM, stacks included."""
    parts = list(size.segments(image(board, app).elf))
    return sum(s.file_bytes for s in parts), sum(s.memory_bytes for s in parts if s.writable)


def test_hello(board):
    with Guest(board, "hello") as guest:
        guest.wait_for(f"Hello, world, from board {board} (armv7m).")
        assert guest.wait_exit() == 0


def test_hello_is_small(board):
    flash, ram = takes(board, "hello")
    assert flash <= 8 << 10 and ram <= 2 << 10, (flash, ram)


def test_raw_image(board):
    with Guest(board, "hello", kernel=image(board, "hello").stem + ".bin") as guest:
        guest.wait_for("Hello")
        assert guest.wait_exit() == 0


def test_arguments_in_the_image(board):
    with Guest(board, "hello", args="--name=Morgana") as guest:
        guest.wait_for("Hello, Morgana")
        assert guest.wait_exit() == 0
    with Guest(board, "hello", args="--nmae=x") as guest:
        assert guest.wait_exit() == USAGE
        assert "did you mean --name?" in guest.console()
    with pytest.raises(OSError, match="argument_block"):
        Guest(board, "hello", args="--name=" + 200 * "x")


def test_fibers_timers_and_guards(board):
    with Guest(board, "selftest") as guest:
        assert guest.wait_exit() == 0, guest.console()
        assert "all checks passed" in guest.console()


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(board, way):
    said, status = CRASHES[way]
    with Guest(board, "selftest", args=f"--crash={way}") as guest:
        assert guest.wait_exit() == status, guest.console()
        report = guest.console()[guest.console().index("crashing:"):]
        assert re.search(said, report), report
        assert "backtrace: 0x" in report
