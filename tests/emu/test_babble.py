# SPDX-License-Identifier: ISC
"""A device that interrupts without end: its line is turned off, and the image goes on."""

import pytest

from guest import Guest

#: The line, and the machine.
CASES = [("mps2-an385", 9, ""), ("virt-arm", 34, ""), ("virt-aarch64", 34, ""), ("virt-aarch64", 34, "3")]


@pytest.mark.parametrize("board, line, gic", CASES)
def test_an_interrupt_that_never_ends(board, line, gic):
    with Guest(board, "babble", extra=["-machine", f"gic-version={gic}"] if gic else []) as guest:
        assert guest.wait_exit() == 0, guest.console()
        said = guest.console()
        assert said.count(f"loop: error: interrupt {line}: endless, turned off") == 1, said
        lived = [line for line in said.splitlines() if line.startswith("still here")]
        # Nobody else interrupts so often; not one more comes after that.
        assert len(lived) == 3 and lived[0] == lived[2], said
