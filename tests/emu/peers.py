# SPDX-License-Identifier: ISC
"""Clients of the echo services."""

import hashlib
import socket
import threading

MIB = 1 << 20


def pattern(size):
    """Bytes without a short period, so that a lost or doubled segment changes the hash."""
    block = b"".join(hashlib.sha256(i.to_bytes(4, "big")).digest() for i in range(32768))
    return (block * (size // len(block) + 1))[:size]


def echo_everything(address, data, timeout=120):
    """Sends `data`, then ends its direction; returns all that comes back, as a length and a hash."""
    with socket.create_connection(address, timeout=timeout) as s:
        def send():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        back = hashlib.sha256()
        total = 0
        while chunk := s.recv(1 << 16):
            back.update(chunk)
            total += len(chunk)
        sender.join()
    return total, back.hexdigest()


def echoed(s, data):
    """Sends a few bytes on a connection; true if the same come back."""
    s.sendall(data)
    got = b""
    while len(got) < len(data) and (chunk := s.recv(len(data) - len(got))):
        got += chunk
    return got == data


def is_turned_away(address):
    """True if nobody serves a new connection: it is refused, or ended before a byte comes back."""
    try:
        with socket.create_connection(address, timeout=30) as s:
            return not echoed(s, b"x")
    except ConnectionError:
        return True
