# SPDX-License-Identifier: ISC
"""What TCP finds out about a path with Linux at its other end: marks, a black hole, how much it carries."""

import re
import socket

import pytest

import badlink
import netns
from badlink import GUEST_TAP, bad_link
from guest import Guest
from netns import HOST_ADDRESS
from tcp_peer import (DISCARD, SOURCE, TIMEOUT_S, Counters, connect, eventually, pattern, receive, set_sysctl,
                      socket_info)

KIB = 1 << 10
READY = "ready"


@pytest.fixture(scope="session")
def linksim(tmp_path_factory):
    return badlink.build(tmp_path_factory.mktemp("linksim"))


def booted(args=""):
    return Guest("host", "options", args=args, tap=GUEST_TAP)


def counted(said, what):
    """Frames of which linksim says so, on the way to the guest and on that from it."""
    return [int(n) for n in re.findall(rf"(\d+) {what}", said["text"])]


def all_read(guest, s):
    return "unacked" not in socket_info(s)[1] and Counters(guest).of(s)["recv_queue_bytes"] == 0


@pytest.mark.parametrize("asked", [True, False])
def test_both_react_to_marks(network, linksim, asked):
    """A link marks every so many packets in both directions, and loses none; but only of who has agreed to that."""
    set_sysctl("tcp_ecn", int(asked))
    with bad_link(linksim, "--mark=50", "--delay=2ms") as said, booted() as guest:
        guest.wait_for(READY)
        with connect(guest, DISCARD) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno")  # not all heed marks
            s.sendall(bytes(512 * KIB))
            eventually(lambda: all_read(guest, s))
            upload, of_upload = socket_info(s)
        before = Counters(guest)
        with connect(guest, SOURCE) as s:
            assert receive(s, 512 * KIB) == pattern(512 * KIB)
            download = socket_info(s)[0]
        after = Counters(guest)
    to_guest, from_guest = counted(said, "marked")
    echoed = after.total("echoed") - before.total("echoed")
    assert ("ecn" in upload, "ecn" in download, "ecnseen" in download) == (asked, asked, asked)
    if asked:
        assert to_guest >= 7 and from_guest >= 7  # of 363 segments
        assert before.total("marked") > 0 and int(of_upload["delivered_ce"]) > 0  # the guest has told Linux, ...
        assert int(of_upload["ssthresh"]) < 100  # ... which has become slower
        assert 0 < echoed <= from_guest
    else:
        assert (to_guest, from_guest, before.total("marked"), echoed) == (0, 0, 0, 0)


def test_the_guest_asks_for_ecn(network, linksim):
    """Linux agrees, as it does by itself, and what the guest sends can be marked."""
    with socket.create_server((HOST_ADDRESS, 0)) as listener, bad_link(linksim, "--mark=1") as said, \
            booted(f"--connect={HOST_ADDRESS}:{listener.getsockname()[1]}") as guest:
        guest.wait_for(READY)
        assert guest.get("/connect")[0] == 204
        listener.settimeout(TIMEOUT_S)
        with listener.accept()[0] as s:
            s.settimeout(TIMEOUT_S)
            s.sendall(b"hello")
            assert receive(s, 5) == b"hello"
            words = socket_info(s)[0]
        assert Counters(guest).total("marked") > 0
    assert "ecn" in words and "ecnseen" in words
    assert all(n > 0 for n in counted(said, "marked"))


def test_a_black_hole_is_found_and_measured(network, linksim):
    """A path that swallows what is longer than 1,400 bytes, and says nothing."""
    size = 256 * KIB
    with bad_link(linksim, "--mtu=1400") as said, booted() as guest:
        guest.wait_for(READY)
        with connect(guest, SOURCE) as s:
            assert receive(s, size) == pattern(size)
            eventually(lambda: s.recv(1 << 16) and socket_info(s)[1]["rcvmss"] == "1348")
            # The page of counters, too, would be swallowed by the path.
            netns.ip("route", "change", "10.0.2.0/24", "dev", netns.TAP, "advmss", "1000")
            counters = Counters(guest)
            assert counters.of(s)["mss_bytes"] == 1348
    assert counters.total("black_holes") == 1
    assert 5 <= counters.total("mtu_probes") <= 10  # 1,500, 1,492, 1,480, 1,450, and 1,400, which arrives
    assert counted(said, "too long")[1] > 4


def test_a_window_grows_with_what_a_path_carries(network, linksim):
    with bad_link(linksim, "--delay=10ms"), booted() as guest:
        guest.wait_for(READY)
        with connect(guest, DISCARD) as idle, connect(guest, DISCARD) as busy:
            begin = int(socket_info(busy)[1]["snd_wnd"])
            busy.sendall(bytes(1024 * KIB))
            eventually(lambda: all_read(guest, busy))
            grown = [int(socket_info(s)[1]["snd_wnd"]) for s in (idle, busy)]
    assert begin == 16 * KIB
    assert grown[0] == begin and grown[1] > 8 * begin
