# SPDX-License-Identifier: ISC
"""Segments and ICMP errors that somebody else sends, or an old path, into a connection with Linux: it lives on."""

import random

import pytest

import netns
from guest import GUEST_ADDRESS, Guest
from tcp_peer import PLAIN, Counters, Wire, connect, eventually, receive, silent

scapy = pytest.importorskip("scapy.all")

READY = "ready"
FORGED = 200
SEED = 5961
LATER = 1000  # milliseconds of Linux's clock
#: RFC 5961 section 7: at most two a second and connection, and this is over in a few seconds.
CHALLENGES = range(1, 20)


@pytest.fixture
def guest(network):
    with Guest("host", "options", tap=netns.TAP) as g:
        g.wait_for(READY)
        yield g


def echoes(s, data):
    s.sendall(data)
    return receive(s, len(data)) == data


def settled(guest, forged):
    """The counters once the guest has seen so many bad segments."""
    return eventually(lambda: forged(c := Counters(guest)) and c)


@pytest.mark.parametrize("old", [True, False])
def test_an_old_segment_is_refused(guest, old):
    """It is of the right number, and only its timestamp tells (RFC 7323 section 5): one without fault is believed."""
    with connect(guest, PLAIN) as s, Wire(s) as wire:
        like = wire.last_of_linux(b"right")
        assert receive(s, 5) == b"right"
        wire.forge(like, b"wrong", ts=-LATER if old else LATER)
        if old:
            counters = settled(guest, lambda c: c.drops("old_timestamp") > 0)
            assert counters.drops("old_timestamp") == 1 and counters.total("challenge_acks") == 1
            assert echoes(s, b"again")
        else:  # Linux, which has not sent that, is told that it was received
            eventually(lambda: Counters(guest).of(s)["unacked_bytes"] == 5)


@pytest.mark.parametrize("flags", ["R", "S"])
@pytest.mark.parametrize("ts", [LATER, None], ids=["timestamp", "bare"])
def test_resets_and_syns_by_guess(guest, flags, ts):
    """Within the window, but not at the very number (RFC 5961 sections 3 and 4)."""
    rng = random.Random(SEED)
    bare = {} if ts is not None else {"options": []}
    with connect(guest, PLAIN) as s, Wire(s) as wire:
        like = wire.last_of_linux(b"first")
        assert receive(s, 5) == b"first"
        before = Counters(guest)
        for _ in range(FORGED):
            wire.forge(like, behind=rng.randrange(1, 10_000), flags=flags, ts=ts, dataofs=None, **bare)
        counters = settled(guest, lambda c: c.total("segments_in") - before.total("segments_in") > FORGED)
        assert counters.of(s) and counters.total("resets_in") == before.total("resets_in")
        assert counters.total("challenge_acks") in CHALLENGES
        assert echoes(s, b"again")


def test_resets_outside_the_window_are_not_answered(guest):
    with connect(guest, PLAIN) as s, Wire(s) as wire:
        like = wire.last_of_linux(b"first")
        assert receive(s, 5) == b"first"
        for _ in range(FORGED):
            wire.forge(like, behind=1 << 30, flags="R")
        counters = settled(guest, lambda c: c.drops("bad_sequence") >= FORGED)
        assert counters.total("challenge_acks") == 0
        like = wire.last_of_linux(b"again")
        assert receive(s, 5) == b"again"
        wire.forge(like, flags="R")  # at the very number it is believed
        eventually(lambda: not Counters(guest).of(s))


def needs_to_fragment(like, seq):
    """The ICMP error that says that a segment of the guest from `seq` on was too long."""
    quoted = scapy.IP(src=GUEST_ADDRESS, dst=netns.HOST_ADDRESS, flags="DF", len=1500) / scapy.TCP(
        sport=PLAIN, dport=like[scapy.TCP].sport, seq=seq % (1 << 32))
    return bytes(scapy.Ether(dst=like.dst, src=like.src) / scapy.IP(src="10.0.2.9", dst=GUEST_ADDRESS)
                 / scapy.ICMP(type=3, code=4, nexthopmtu=576) / bytes(quoted)[:28])


def test_forged_needs_to_fragment(guest):
    """They quote what is not in flight (RFC 5927 section 4.1), so segments stay as long as they were."""
    rng = random.Random(SEED)
    data = bytes(100_000)
    with connect(guest, PLAIN) as s, Wire(s) as wire:
        like = wire.last_of_linux(b"first")
        assert receive(s, 5) == b"first"
        in_flight = like[scapy.TCP].ack + 5
        for _ in range(FORGED):
            wire.raw.send(needs_to_fragment(like, in_flight + rng.randrange(5, 1 << 31)))
        with silent(s):
            s.sendall(b"again")
            eventually(lambda: Counters(guest).of(s)["unacked_bytes"] == 5)
            wire.raw.send(needs_to_fragment(like, in_flight + 5))
            assert Counters(guest).of(s)["mss_bytes"] == 1448
            wire.raw.send(needs_to_fragment(like, in_flight))  # this one might be true
            eventually(lambda: Counters(guest).of(s)["mss_bytes"] == 576 - 52)
        assert receive(s, 5) == b"again"
        assert echoes(s, data)
