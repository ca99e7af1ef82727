# SPDX-License-Identifier: ISC
"""Images behind a bad link (badlink.py): 1 % loss and 50 ms each way, and worse, between them and Linux."""

import hashlib
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

import badlink
from badlink import GUEST_TAP, bad_link
from guest import Guest

MIB = 1 << 20
ECHO, CHARGEN, HTTP = 7, 19, 80
READY = "ready"


@pytest.fixture(scope="session")
def linksim(tmp_path_factory):
    return badlink.build(tmp_path_factory.mktemp("linksim"))


def lost(said):
    return sum(int(n) for n in re.findall(r"(\d+) lost,", said["text"]))


def chargen(size):
    printable = bytes(range(32, 127)) * 2
    lines = (printable[n % 95:n % 95 + 72] + b"\r\n" for n in range(size // 74 + 1))
    return b"".join(lines)[:size]


def digest(data):
    return hashlib.sha256(data).hexdigest()


def receive(s, size):
    data = bytearray()
    while len(data) < size and (chunk := s.recv(min(1 << 16, size - len(data)))):
        data += chunk
    return bytes(data)


@pytest.mark.parametrize("board", ["virt-aarch64", "host"])
def test_a_mebibyte_arrives_whole(network, linksim, board):
    with bad_link(linksim, "--loss=1%", "--delay=50ms") as said, \
            Guest(board, "services", tap=GUEST_TAP, tcp=(HTTP,)) as guest:
        guest.wait_for(READY)
        with socket.create_connection(guest.address(CHARGEN), timeout=60) as s:
            assert digest(receive(s, MIB)) == digest(chargen(MIB))
        with socket.create_connection(guest.address(HTTP), timeout=60) as s:
            s.sendall(b"GET /20mb.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            header, _, body = receive(s, 4096).partition(b"\r\n\r\n")
            assert header.startswith(b"HTTP/1.1 200 OK")
            body += receive(s, MIB - len(body))
            assert digest(body) == digest(chargen(MIB))
        assert guest.alive()
    assert lost(said) > 5


def test_both_directions_over_a_link_with_every_fault(network, linksim):
    data = chargen(200_000)
    with bad_link(linksim, "--loss=1%", "--good=1s", "--bad=20ms", "--bad-loss=60%", "--duplicate=1%",
                  "--corrupt=1%", "--reorder=2%", "--reorder-by=5ms", "--delay=10ms",
                  "--jitter=3ms", "--rate=10mbit", "--queue=32k", "--seed=7") as said, \
            Guest("host", "services", tap=GUEST_TAP, tcp=(ECHO,)) as guest:
        guest.wait_for(READY)
        with socket.create_connection(guest.address(ECHO), timeout=60) as s:
            def send():
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)

            sender = threading.Thread(target=send)
            sender.start()
            assert digest(receive(s, len(data) + 1)) == digest(data)
            sender.join()
        assert guest.alive()
    assert lost(said) > 0
    for fault in ("repeated", "damaged", "reordered"):
        assert sum(int(n) for n in re.findall(rf"(\d+) {fault}", said["text"])) > 0


def counted(guest, name):
    return int(re.search(rf"^fata_tcp_{name}_total{{.*}} (\d+)$", guest.get("/metrics", port=HTTP)[2].decode(), re.M)[1])


@pytest.mark.parametrize("sack", [1, 0])
def test_a_pause_of_the_link_is_no_loss(network, linksim, sack):
    """The link stands still for longer than the timeout, and Linux echoes no timestamps that would tell (RFC 5682)."""
    subprocess.run(["sysctl", "-qw", "net.ipv4.tcp_timestamps=0", f"net.ipv4.tcp_sack={sack}"], check=True)
    with bad_link(linksim, "--delay=10ms") as said, Guest("host", "services", tap=GUEST_TAP, tcp=(HTTP,)) as guest:
        guest.wait_for(READY)
        with socket.create_connection(guest.address(CHARGEN), timeout=60) as s:
            for _ in range(20):  # it may have been two timeouts, which are believed
                assert receive(s, MIB // 4)
                said["process"].send_signal(signal.SIGSTOP)
                time.sleep(0.5)
                said["process"].send_signal(signal.SIGCONT)
                assert receive(s, MIB // 4)
                if counted(guest, "spurious") > 0:
                    break
        assert counted(guest, "spurious") > 0
        assert counted(guest, "timeouts") > 0


def test_a_wrong_command_line_is_said(linksim):
    for words, what in ((["--loss=1", "a", "b"], "expected a number"), (["--lose=1%"], "is no option"),
                        (["a"], "two taps"), (["a", "b", "c"], "two taps"),
                        (["--loss=200%", "a", "b"], "expected a number")):
        done = subprocess.run([linksim, *words], capture_output=True, text=True, timeout=10)
        assert done.returncode == 64
        assert what in done.stderr
