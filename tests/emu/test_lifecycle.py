# SPDX-License-Identifier: ISC
"""Several jobs in one image, devices that do not start: tests/emu/apps/lifecycle and sequence."""

import pytest

from conftest import PROTOCOL_BOARDS, on
from guest import ROOT, Guest

board = on(PROTOCOL_BOARDS)

DEVICES = ["first", "second", "third"]
CONFIG = ROOT / "tests/emu/apps/lifecycle/config.c"


def run(board, app, args=""):
    """The status of an image that ends by itself, and its console line by line."""
    with Guest(board, app, args=args) as guest:
        return guest.wait_exit(), guest.console().splitlines()


def starts(*names):
    return [f"{name} starts" for name in names]


def stops(*names):
    return [f"{name} stops" for name in reversed(names)]


@pytest.mark.parametrize("args,status,ends", [
    ("--left=3 --right-after=100ms", 3, ["left", "right"]),
    ("--right=3 --left-after=100ms", 3, ["right", "left"]),
    ("--left=3 --left-after=100ms --right=4", 3, ["right", "left"]),  # the first by the order of the jobs
    ("--right-after=100ms", 0, ["left", "right"]),
])
def test_all_jobs_run_to_their_end_and_a_failure_is_the_status(board, args, status, ends):
    got, lines = run(board, "lifecycle", args)
    assert got == status, lines
    assert lines[:3] == starts(*DEVICES)
    assert sorted(lines[3:5]) == ["left begins", "right begins"]
    assert lines[5:] == [f"{name} ends" for name in ends] + stops(*DEVICES)


@pytest.mark.parametrize("broken", DEVICES)
def test_a_device_that_does_not_start_is_named_and_those_before_it_stop(board, broken):
    at = DEVICES.index(broken)
    asked = next(n for n, text in enumerate(CONFIG.read_text().splitlines(), 1) if f'device("{broken}"' in text)
    assert run(board, "lifecycle", f"--broken={broken}") == (
        1, starts(*DEVICES[:at + 1]) +
        [f"error: {broken} does not start: device fault (config.c:{asked})"] + stops(*DEVICES[:at]))


@pytest.mark.parametrize("args,status", [("", 5), ("--status=3", 3)])
def test_jobs_that_never_wait_run_one_after_the_other(board, args, status):
    assert run(board, "sequence", args) == (status, ["one", "two", "three"])
