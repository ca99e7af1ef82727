# SPDX-License-Identifier: ISC
"""apps/echo and apps/custom-device, on every board."""

import contextlib
import hashlib
import re
import socket
import time

import pytest

import netns
from guest import Guest
from peers import MIB, echo_everything, echoed, is_turned_away, pattern
from test_ipv6 import GUEST, link, wait_for_address  # noqa: F401 (a fixture)

ECHO = 7
USAGE = 64
CLIENTS_MAX = 32  # of apps/echo
READY = "ready"
OFF = "The thermometer is off.\n"


@contextlib.contextmanager
def serving(board, args="", tcp=(ECHO,)):
    """A running echo image: over user networking, or, for the host board, over a tap."""
    if board == "host" and not netns.available():
        pytest.skip("the host board needs root for its tap")
    with contextlib.ExitStack() as stack:
        if board == "host":
            stack.enter_context(netns.Network())
        guest = stack.enter_context(Guest(board, "echo", args=args, tcp=tcp,
                                          tap=netns.TAP if board == "host" else None))
        guest.wait_for(READY)
        yield guest


def test_echo_of_a_mebibyte(board):
    data = pattern(MIB)
    with serving(board) as guest:
        assert echo_everything(guest.address(ECHO), data) == (MIB, hashlib.sha256(data).hexdigest())


def test_echo_over_both_families(board, link):  # noqa: F811
    data = pattern(MIB)
    with Guest(board, "echo", args=f"--ipv6={GUEST}/64", tap=netns.TAP) as guest:
        guest.wait_for(READY)
        local = wait_for_address(guest, "fe80::")
        wait_for_address(guest, "fd00::")
        for address in (guest.address(ECHO), (GUEST, ECHO), (f"{local}%{netns.TAP}", ECHO)):
            assert echo_everything(address, data) == (MIB, hashlib.sha256(data).hexdigest())
        with contextlib.ExitStack() as stack:  # the places for clients are the same for both
            for i in range(CLIENTS_MAX):
                address = (GUEST, ECHO) if i % 2 else guest.address(ECHO)
                s = stack.enter_context(socket.create_connection(address, timeout=10))
                assert echoed(s, b"%d\n" % i)
            assert is_turned_away((GUEST, ECHO)) and is_turned_away(guest.address(ECHO))


def is_served_again(address, seconds=30):
    """The place of a client that has left is free as soon as the guest has seen that."""
    end = time.monotonic() + seconds
    while is_turned_away(address):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_the_33rd_client_is_turned_away_and_the_others_go_on(board):
    with serving(board) as guest, contextlib.ExitStack() as stack:
        held = []
        for i in range(CLIENTS_MAX):
            held.append(stack.enter_context(socket.create_connection(guest.address(ECHO), timeout=10)))
            assert echoed(held[i], b"%d\n" % i)
        assert is_turned_away(guest.address(ECHO))
        for i, s in enumerate(held):
            assert echoed(s, b"again %d\n" % i)
        held[0].close()
        assert is_served_again(guest.address(ECHO))
        assert echoed(held[1], b"still here")


def test_a_silent_client_is_let_go_and_a_talking_one_is_not(board):
    with serving(board, "--idle=200ms") as guest:
        start = time.monotonic()
        with socket.create_connection(guest.address(ECHO), timeout=30) as s:
            assert s.recv(1) == b""
            assert time.monotonic() - start > 0.15
    with serving(board, "--idle=4s") as guest:
        with socket.create_connection(guest.address(ECHO), timeout=30) as s:
            start = time.monotonic()
            while time.monotonic() - start < 5:
                assert echoed(s, b"I am here")
                time.sleep(0.1)


def test_the_port_of_the_echo_can_be_chosen(board):
    with serving(board, "--port=8007", tcp=(ECHO, 8007)) as guest:
        with socket.create_connection(guest.address(8007), timeout=10) as s:
            assert echoed(s, b"over here")
        assert is_turned_away(guest.address(ECHO))


def degrees(console):
    return [float(t) for t in re.findall(r"^(-?\d+\.\d{3}) degrees$", console, re.MULTILINE)]


def watch(board, args=""):
    """Runs apps/custom-device to its end; returns the readings."""
    with Guest(board, "custom-device", args=args) as guest:
        assert guest.wait_exit() == 0, guest.console()
        console = guest.console()
        assert console.endswith(f" degrees\n{OFF}")
        assert console.count(OFF) == 1
        return degrees(console)


def test_the_thermometer_is_read_and_switched_off(board):
    readings = watch(board)
    assert len(readings) == 3
    assert 20 <= readings[0] < 30
    assert readings == sorted(set(readings))  # it grows warmer


@pytest.mark.parametrize("start", [-40, 80])
def test_the_temperature_at_the_start_can_be_chosen(board, start):
    readings = watch(board, f"--start={start} --samples=1")
    assert len(readings) == 1 and start <= readings[0] < start + 10


@pytest.mark.parametrize("start", [-41, 99])
def test_a_temperature_out_of_range_is_refused_with_the_range(board, start):
    with Guest(board, "custom-device", args=f"--start={start}") as guest:
        assert guest.wait_exit() == USAGE
        console = guest.console()
        assert f"--start={start}" in console and "-40 to 80" in console
        assert not degrees(console) and OFF not in console


def test_number_and_distance_of_the_readings_can_be_chosen(board):
    start = time.monotonic()
    with Guest(board, "custom-device", args="--samples=2 --interval=500ms") as guest:
        assert guest.wait_exit() == 0
        took_s = time.monotonic() - start
        first, second = degrees(guest.console())
    # A degree is a second of the thermometer; the wait is behind each of the two readings.
    assert 0.5 <= second - first < 10
    assert took_s > 0.9
