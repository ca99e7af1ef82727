# SPDX-License-Identifier: ISC
"""The runtime on each machine, and crashes: loud, explained, and with a status that is not 0."""

import pathlib
import re
import subprocess
import sys

import pytest

from guest import ROOT, Guest

STATUS_PANIC, STATUS_FAULT = 70, 72

#: way to crash -> what the report says, and the status
CRASHES = {
    "assert": ("assertion failed", STATUS_PANIC),
    "panic": ("panic", STATUS_PANIC),
    "smash": ("stack smashed", STATUS_PANIC),
    "free-twice": ("assertion failed", STATUS_PANIC),
    "null": ("null pointer|unmapped page", STATUS_FAULT),
    "stack": ("stack overflow", STATUS_FAULT),
    "write-text": ("write to", STATUS_FAULT),
    "write-const": ("write to", STATUS_FAULT),
    "run-data": ("execution of data|jump to data|not code", STATUS_FAULT),
    "interrupt": ("assertion failed", STATUS_PANIC),
    "undefined": ("undefined instruction", STATUS_FAULT),
}


def test_fibers_timers_and_guards(each_machine):
    with Guest(each_machine, "selftest") as guest:
        status = guest.wait_exit()
        assert status == 0, guest.console()
        assert "all checks passed" in guest.console()


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(each_machine, way):
    said, status = CRASHES[way]
    with Guest(each_machine, "selftest", args=f"--crash={way}") as guest:
        ended = guest.wait_exit()
        console = guest.console()
        report = console[console.index("crashing:"):]
        assert ended == status, console
        if not guest.image.is_process:  # Linux's words for a fault are fewer
            assert re.search(said, report), console
        assert "backtrace: 0x" in report


def symbolized(guest):
    done = subprocess.run([sys.executable, ROOT / "tools/symbolize.py",
                           pathlib.Path(guest.image.stem).parent / "manifest.json"],
                          input=guest.console(), capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_backtrace_becomes_source_lines(qemu_board):
    with Guest(qemu_board, "selftest", args="--crash=assert") as guest:
        guest.wait_exit()
        assert "apps/selftest/crash.c" in symbolized(guest)


@pytest.mark.parametrize("board", ["virt-aarch64", "rpi3"])
def test_backtrace_of_a_handler_goes_on_where_it_interrupted(board):
    """From the stack of interrupts to that of what it interrupted; on the other architectures it ends with the first."""
    with Guest(board, "selftest", args="--crash=interrupt") as guest:
        guest.wait_exit()
        said = symbolized(guest)
        # The alarm comes while the loop waits, or, where the machine is slow, in the fiber before.
        assert re.search(r"fail_in_handler at apps/selftest/crash.c(.*\n)+"
                         r".*(fibers_main at runtime/fiber|context_start at arch)", said), said