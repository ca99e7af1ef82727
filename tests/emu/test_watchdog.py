# SPDX-License-Identifier: ISC
"""The watchdog of the Raspberry Pis, as far as QEMU has it: what is to restart the machine later does so at once."""

import time

import pytest

from guest import Guest

BOARDS = ["rpi2", "rpi3", "rpi4"]


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


def test_a_watchdog_that_is_started_restarts_the_machine(board):
    """QEMU does not count the time. It is told to end instead of beginning anew."""
    with Guest(board, "watched") as guest:
        guest.wait_exit()
        assert "watchdog: restarts" in guest.console() and "half second" not in guest.console()


def test_the_machine_begins_anew(board):
    guest = Guest(board, "watched", args="--watchdog=2s")
    guest.command.remove("-no-reboot")
    with guest:
        deadline = time.monotonic() + 30
        while guest.console().count("watchdog: restarts the machine if it hangs for 2000 ms") < 3:
            assert guest.alive() and time.monotonic() < deadline, guest.console()
            time.sleep(0.02)


def test_turned_off_by_a_boot_argument(board):
    with Guest(board, "watched", args="--watchdog=0s") as guest:
        assert guest.wait_exit() == 0
        assert "half second 3" in guest.console()


def test_a_time_that_the_hardware_cannot_count(board):
    with Guest(board, "watched", args="--watchdog=20s") as guest:
        assert guest.wait_exit() != 0
        assert "watchdog: error: the watchdog can wait 1 to 15999 ms" in guest.console()
