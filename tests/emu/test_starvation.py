# SPDX-License-Identifier: ISC
"""Peers that send, or ask, and never read: others must still be served, and all must recover."""

import contextlib
import socket
import struct
import time

import pytest

import netns
from guest import ROOT, Guest

ECHO, HTTP = 7, 80
PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
READY = "ready"


def connect(address, stack):
    """A connection with the smallest receive buffer; it is reset when the stack is unwound."""
    s = stack.enter_context(socket.socket())
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.settimeout(60)
    s.connect(address)
    s.setblocking(False)
    return s


def push(sockets, data, seconds):
    """Sends `data` on all again and again, as far as the peer takes it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for s in sockets:
            with contextlib.suppress(BlockingIOError):
                s.send(data)
        time.sleep(0.01)


def echoes(address, data, timeout=60):
    with socket.create_connection(address, timeout=timeout) as s:
        s.sendall(data)
        got = b""
        while len(got) < len(data) and (chunk := s.recv(1 << 16)):
            got += chunk
        return got == data


@pytest.mark.parametrize("size", [40, 20000])
def test_many_who_do_not_read_their_echo(network, board, size):
    """Of short segments each pins a buffer of the device; of long ones they fill the window."""
    with Guest(board, "services", tap=netns.TAP) as guest:
        guest.wait_for(READY)
        with contextlib.ExitStack() as stack:
            crowd = [connect(guest.address(ECHO), stack) for _ in range(200)]
            for s in crowd:
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            push(crowd, bytes(size), 3)
            for i in range(5):
                assert echoes(guest.address(ECHO), b"others get through %d" % i)
                assert guest.get("/")[0] == 200
            for s in crowd[::2]:  # these read after all
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
                s.settimeout(60)
                assert s.recv(1 << 16)
        assert echoes(guest.address(ECHO), bytes(1 << 20))
        assert guest.alive()


def test_many_who_do_not_read_their_pages(network, board):
    """Pipelined requests whose answers pile up on the guest's side."""
    with Guest(board, "web", tap=netns.TAP) as guest:
        guest.wait_for(READY)
        before = guest.get("/status.json")
        with contextlib.ExitStack() as stack:
            crowd = [connect(guest.address(HTTP), stack) for _ in range(20)]
            push(crowd, b"GET /status.json HTTP/1.1\r\nHost: x\r\n\r\n" * 40, 2)
            for _ in range(5):
                assert guest.get("/")[2] == PAGE
        assert guest.get("/")[2] == PAGE
        assert before[0] == 200 and guest.alive()
