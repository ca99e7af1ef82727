# SPDX-License-Identifier: ISC
"""Pins of the Raspberry Pis, and the light that blinks, as QEMU's registers show them."""

import time

import pytest

from guest import Guest
from monitor import Monitor

#: The registers: functions, and, further up, levels in two words, a bit for each pin.
BASES = {"rpi2": 0x3F200000, "rpi3": 0x3F200000, "rpi4": 0xFE200000}
LEVELS = 0x34
OUTPUT = 1


@pytest.fixture
def monitor(tmp_path):
    return Monitor(tmp_path / "qmp")


def level(monitor, pin, board="rpi3"):
    return monitor.word(BASES[board] + LEVELS + pin // 32 * 4) >> pin % 32 & 1


def function(monitor, pin, board="rpi3"):
    return monitor.word(BASES[board] + pin // 10 * 4) >> pin % 10 * 3 & 7


@pytest.mark.parametrize("board", BASES)
def test_outputs(board, monitor):
    with Guest(board, "pins", args="--high=17,5,53 --low=18,5 --stay", extra=monitor.options) as guest:
        said = guest.wait_for("ready")
        assert "pin 17: high\npin 5: high\npin 53: high\npin 18: low\npin 5: low\n" in said
        assert [level(monitor, pin, board) for pin in (17, 5, 53, 18)] == [1, 0, 1, 0]
        assert {function(monitor, pin, board) for pin in (17, 5, 53, 18)} == {OUTPUT}
        assert function(monitor, 19, board) != OUTPUT


def test_there_are_54_pins():
    with Guest("rpi3", "pins", args="--low=53,54,65535") as guest:
        assert guest.wait_exit() == 2
        assert "pin 53: low\npin 54: out of range\npin 65535: out of range\n" in guest.console()


def blinks(monitor, pin, board="rpi3"):
    """Waits for the light to go on and off three times."""
    deadline = time.monotonic() + 30
    changes, last = 0, level(monitor, pin, board)
    while changes < 6:
        assert time.monotonic() < deadline
        now = level(monitor, pin, board)
        changes += now != last
        last = now
        time.sleep(0.02)
    assert function(monitor, pin, board) == OUTPUT


def test_the_light_of_the_2_b_blinks(monitor):
    with Guest("rpi2", "pins", args="--stay", extra=monitor.options) as guest:
        guest.wait_for("ready")
        blinks(monitor, 47)


def test_the_light_of_the_4_blinks(monitor):
    with Guest("rpi4", "pins", args="--stay", extra=monitor.options) as guest:
        guest.wait_for("ready")
        blinks(monitor, 42, "rpi4")


def test_the_light_of_the_3_a_plus_blinks(monitor):
    """The same image as the 3 B's, on a machine whose firmware says that it is another."""
    guest = Guest("rpi3", "pins", args="--stay", memory="512M", extra=monitor.options)
    guest.command[guest.command.index("raspi3b")] = "raspi3ap"
    with guest:
        guest.wait_for("ready")
        blinks(monitor, 29)


def test_the_light_of_the_3_b_is_the_firmwares_which_qemu_does_not_have():
    """One line, and the application goes on."""
    with Guest("rpi3", "pins", args="--low=17") as guest:
        assert guest.wait_exit() == 0
        assert guest.console().count("heartbeat: warning: the LED does not work: not supported\n") == 1
        assert "pin 17: low" in guest.console()


def test_the_light_is_off_at_the_end(monitor):
    """Instead of ending, this machine stays as it is when the image has powered it off."""
    guest = Guest("rpi2", "pins", extra=[*monitor.options, "-no-shutdown"])
    at = guest.command.index("-semihosting-config")
    del guest.command[at:at + 2]
    with guest:
        guest.wait_for("ready")
        deadline = time.monotonic() + 30
        while monitor.run("query-status")["return"]["status"] != "shutdown":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert level(monitor, 47) == 0 and function(monitor, 47) == OUTPUT
