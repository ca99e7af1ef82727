# SPDX-License-Identifier: ISC
"""Ten thousand idle connections in 16 MiB, and many connections one after another."""

import random
import resource
import socket
import subprocess
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import GUEST_ADDRESS, Guest

board = on(PROTOCOL_BOARDS)

APP = "crowd"
CROWD = 10_000
#: Bytes of memory, the host board's less, since it has no machine to share it with.
MEMORY = "16M"
REQUEST = b"GET / HTTP/1.1\r\nHost: fata\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: fata\r\nConnection: close\r\n\r\n"


def connect():
    return socket.create_connection((GUEST_ADDRESS, 80), timeout=30)


def ask(s, request=REQUEST):
    """The number that the guest answers with: how many are connected."""
    s.sendall(request)
    got = b""
    while not got.endswith(b"\n") or b"\r\n\r\n" not in got or got.endswith(b"\r\n\r\n"):
        chunk = s.recv(4096)
        assert chunk, "the guest ended the connection"
        got += chunk
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    return int(body)


@pytest.fixture
def many_files():
    """For as many sockets as there are connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (CROWD + 1000, max(hard, CROWD + 1000)))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("board", ["virt-aarch64", "host"])
def test_ten_thousand_wait_in_16_mib(network, many_files, board):
    with Guest(board, APP, tap=netns.TAP, **memory_of(board)) as guest:
        guest.wait_for("ready")
        crowd = []
        for i in range(CROWD):
            crowd.append(connect())
            if i % 100 == 0:
                assert ask(crowd[-1]) == i + 1
        assert ask(connect()) >= CROWD
        for s in random.Random(1).sample(crowd, 500):
            assert ask(s) >= CROWD
        for s in crowd:
            s.close()
        deadline = time.monotonic() + 60
        with connect() as s:
            while ask(s) > 1:
                assert time.monotonic() < deadline, "connections that have ended are still counted"
                time.sleep(0.1)
        assert guest.alive()


def memory_of(board):
    return {} if board == "host" else {"memory": MEMORY}


def test_200_slow_clients_keep_nobody_waiting(network, board):
    """Slowloris: a byte of a header now and then, which would never end."""
    with Guest(board, APP, tap=netns.TAP, **memory_of(board)) as guest:
        guest.wait_for("ready")
        slow = [connect() for _ in range(200)]
        for s in slow:
            s.sendall(b"GET / HTTP/1.1\r\nX: ")
        slowest = 0.0
        for i in range(200 * 12):
            if i % 20 == 0:
                started = time.monotonic()
                with connect() as s:
                    assert ask(s) > 0
                slowest = max(slowest, time.monotonic() - started)
            try:
                slow[i % len(slow)].sendall(b"x")
            except OSError:  # it was told that there is no room for its header
                pass
            time.sleep(0.005)
        assert slowest < 5  # who waits for one of them to be told so waits for ten
        # A header may take ten seconds: then they are told so, and gone.
        for s in slow:
            s.settimeout(60)
            try:
                assert s.recv(4096).split(b" ")[1] in (b"408", b"503")
            except ConnectionResetError:  # for what it sent after that
                pass
        with connect() as s:
            assert ask(s) <= 2


@pytest.mark.parametrize("timestamps", [1, 0])
def test_connections_one_after_another_do_not_slow_down(network, board, timestamps):
    """The guest closes first, so each leaves a TIME-WAIT behind, which the next SYN from its port meets."""
    ports, rounds = 1000, 4
    subprocess.run(["sysctl", "-qw", f"net.ipv4.ip_local_port_range=40000 {40000 + ports - 1}",
                    f"net.ipv4.tcp_timestamps={timestamps}", "net.ipv4.tcp_tw_reuse=1"], check=True)
    with Guest(board, APP, tap=netns.TAP, **memory_of(board)) as guest:
        guest.wait_for("ready")
        took = []
        again = netns.syns_sent_again()
        for _ in range(rounds):
            started = time.monotonic()
            for _ in range(ports):
                with connect() as s:
                    ask(s, LAST)
                    while s.recv(4096):
                        pass
            took.append(time.monotonic() - started)
        assert guest.alive()
        again = netns.syns_sent_again() - again
    assert again < rounds * ports / 100, "SYNs had to be sent twice"
    assert min(took[1:]) < 10 * took[0], took  # refused ones would make it a hundred times as long
