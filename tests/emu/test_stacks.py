# SPDX-License-Identifier: ISC
"""How deep stacks have been, as an image that watches them finds it."""

import re

import pytest
from guest import Guest

DEPTH_BYTES = 1200  # that the image goes down, in two fibers


def marks(lines):
    """{name: (bytes, used)}"""
    return {name: (int(size), int(used)) for name, size, used in re.findall(r"^(\w+) (\d+) (\d+)$", lines, re.MULTILINE)}


@pytest.mark.parametrize("board", ["microvm", "mps2-an385", "q35", "virt-aarch64", "virt-arm"])
def test_marks_rise_when_stacks_are_used(board):
    with Guest(board, "stacks", args="--log=stacks:debug") as guest:
        assert guest.wait_exit() == 0
        console = guest.console()
    shown = [line for line in console.splitlines() if re.match(r"\w+ \d+ \d+$", line)]
    before, after = marks("\n".join(shown[:4])), marks("\n".join(shown[4:]))
    assert list(before) == list(after) == ["boot", "interrupts", "main", "diver"], console
    for name, (size, used) in after.items():
        assert 0 < used < size and before[name][0] == size and before[name][1] <= used, console
    for name in ("main", "diver"):
        assert before[name][1] < DEPTH_BYTES < after[name][1] < DEPTH_BYTES + 800, console
    assert re.search(r"stacks: boot: \d+ of \d+ bytes used", console)
    assert re.search(r"stacks: diver: \d+ of 4096 bytes used", console)
