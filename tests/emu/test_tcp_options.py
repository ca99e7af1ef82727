# SPDX-License-Identifier: ISC
"""The TCP options that Linux and an image agree on, as Linux sees them."""

import socket
import subprocess

import netns
from guest import Guest

HTTP = 80


def socket_info(port):
    """What `ss` says of the connections to `port`."""
    done = subprocess.run(["ss", "-tinoH", "dport", "=", f":{port}"], check=True,
                          capture_output=True, text=True)
    return done.stdout.split()


def set_sysctl(name, value):
    subprocess.run(["sysctl", "-qw", f"net.ipv4.{name}={value}"], check=True)


def fetch_some(address):
    """Leaves a connection open over which a response has come."""
    s = socket.create_connection(address, timeout=30)
    s.sendall(b"GET / HTTP/1.1\r\nHost: fata\r\n\r\n")
    got = b""
    while b"</html>" not in got and (chunk := s.recv(1 << 16)):
        got += chunk
    assert got.startswith(b"HTTP/1.1 200 ")
    return s


def test_linux_negotiates_sack_and_timestamps(network, board):
    with Guest(board, "web", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        with fetch_some(guest.address(HTTP)):
            words = socket_info(HTTP)
    assert "sack" in words and "ts" in words
    assert "mss:1448" in words and "advmss:1448" in words


def test_linux_without_them(network, board):
    for name in ("tcp_sack", "tcp_timestamps"):
        set_sysctl(name, 0)
    with Guest(board, "web", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        with fetch_some(guest.address(HTTP)):
            words = socket_info(HTTP)
    assert "sack" not in words and "ts" not in words
    assert "mss:1460" in words
