# SPDX-License-Identifier: ISC
"""What TCP does when a peer says nothing, and how it chooses moments: of an image whose peer is Linux."""

import socket
import time

import pytest

import netns
from guest import Guest
from tcp_peer import ECHO, PLAIN, Counters, connect, eventually, receive, silent

READY = "ready"
MSS = 1448


def booted(args=""):
    return Guest("host", "options", args=args, tap=netns.TAP)


def said(s, data=b"hello"):
    s.sendall(data)
    return receive(s, len(data)) == data


def is_gone(guest, s):
    return not Counters(guest).of(s)


def test_a_peer_that_is_gone_is_noticed(network):
    """Keep-alives: one who is asked twice and says nothing has gone; one who has nothing to say has not."""
    with booted("--keepalive=1") as guest:
        guest.wait_for(READY)
        with connect(guest, ECHO) as gone, connect(guest, ECHO) as quiet, connect(guest, PLAIN) as unasked:
            assert said(quiet) and said(unasked) and said(gone)
            began = time.monotonic()
            with silent(gone), silent(unasked):
                eventually(lambda: is_gone(guest, gone))
                took = time.monotonic() - began
            counters = Counters(guest)
            assert 2.9 < took
            assert counters.total("failed") == 1
            # Each second: the quiet one, as often as there was time, and the other twice.
            assert 4 <= counters.total("keepalives") <= 2 + took
            assert counters.of(quiet) and counters.of(unasked)
            assert said(quiet) and said(unasked)
            with pytest.raises(ConnectionError):  # it hears of the end as soon as it speaks
                gone.sendall(b"late")
                gone.recv(1)


def test_a_user_timeout_ends_a_connection(network):
    """Of two whose peer takes nothing, that which has a user timeout of a second."""
    with booted("--user-timeout=1") as guest:
        guest.wait_for(READY)
        with connect(guest, ECHO) as short, connect(guest, PLAIN) as usual:
            assert said(short) and said(usual)
            began = time.monotonic()
            with silent(short), silent(usual):
                short.sendall(b"lost")
                usual.sendall(b"late")
                eventually(lambda: is_gone(guest, short))
                assert 0.9 < time.monotonic() - began
                assert Counters(guest).of(usual)["unacked_bytes"] == 4
            assert receive(usual, 4) == b"late"  # sent once more
            assert said(usual)


@pytest.mark.parametrize("nagle", [True, False])
def test_nagle(network, nagle):
    """A segment that is not full waits while others are in flight, if the application says so: else none does."""
    letters = b"abcdefgh"

    def attempt():
        """How much is in flight at the end, and whether that came about without a timeout: one sends all anew."""
        with connect(guest, ECHO) as s:
            assert said(s)
            before = Counters(guest)
            with silent(s):
                for n in range(1, len(letters) + 1):
                    s.sendall(letters[n - 1:n])
                    eventually(lambda n=n: Counters(guest).of(s)["send_queue_bytes"] == n)
                after = Counters(guest)
            assert receive(s, len(letters)) == letters
            return after.of(s)["unacked_bytes"], all(before.total(name) == after.total(name)
                                                     for name in ("timeouts", "tail_probes"))

    with booted("--nagle" if nagle else "--no-nagle") as guest:
        guest.wait_for(READY)
        in_flight, undisturbed = attempt()
        while nagle and not undisturbed:  # this machine was busy for a fifth of a second
            in_flight, undisturbed = attempt()
        assert in_flight == (1 if nagle else len(letters))


@pytest.mark.parametrize("name,share", [("cubic", 0.7), ("newreno", 0.5)])
def test_congestion_control_is_chosen(network, name, share):
    """By how much the window shrinks after a loss: RFC 9438 section 4.6, RFC 5681 section 3.1."""
    flight = 10 * MSS
    with booted(f"--congestion={name}") as guest:
        guest.wait_for(READY)
        with connect(guest, ECHO) as s:
            with silent(s):
                s.sendall(bytes(flight))
                eventually(lambda: Counters(guest).total("timeouts") > 0)
                found = Counters(guest).of(s)
            assert receive(s, flight) == bytes(flight)
    assert found["unacked_bytes"] == flight
    assert found["ssthresh_bytes"] == int(flight * share)
