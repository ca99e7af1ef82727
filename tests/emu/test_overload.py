# SPDX-License-Identifier: ISC
"""Two hundred clients take the places of apps/web, and do nothing with them; a good one is answered."""

import socket
import time

import pytest

import netns
from guest import GUEST_ADDRESS, Guest

ATTACKERS = 200
GET = b"GET / HTTP/1.1\r\nHost: fata\r\n\r\n"
#: What each sends when it is connected, and from time to time. None reads.
ATTACKS = {
    "silent": (b"", b""),
    "idle": (GET, GET),
    "header": (b"GET / HTTP/1.1\r\nHost: fata\r\nX: ", b"x"),
    "reader": (30 * GET, b""),
}


def attacker(beginning):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.settimeout(10)
    try:
        s.connect((GUEST_ADDRESS, 80))
    except ConnectionResetError:  # so many at once are more than it has places to wait in
        pass
    s.setblocking(False)
    send(s, beginning)
    return s


def send(s, what):
    try:
        s.send(what)
    except OSError:  # it has lost its place
        pass


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("board", ["host"])
def test_they_keep_nobody_out(network, board, attack):
    beginning, drip = ATTACKS[attack]
    with Guest(board, "web", tap=netns.TAP, tcp=(80,)) as guest:
        guest.wait_for("ready")
        attackers = [attacker(beginning) for _ in range(ATTACKERS)]
        for _ in range(3):
            time.sleep(0.5)
            for s in attackers:
                send(s, drip)
            started = time.monotonic()
            assert guest.get("/")[0] == 200
            assert time.monotonic() - started < 2
        for s in attackers:
            s.close()
        assert guest.alive()
