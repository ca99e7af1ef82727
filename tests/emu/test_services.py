# SPDX-License-Identifier: ISC
"""apps/services: the protocols against the build machine's own TCP and UDP."""

import hashlib
import socket
import threading

import pytest

import netns
from conftest import QEMU_BOARDS
from guest import Guest

ECHO, DISCARD, CHARGEN, HTTP = 7, 9, 19, 80
READY = "ready"
MIB = 1 << 20


@pytest.fixture(params=QEMU_BOARDS + ["host"])
def services(request):
    ports = {"tcp": (ECHO, DISCARD, CHARGEN, HTTP), "udp": (ECHO, CHARGEN)}
    if request.param == "host":
        if not netns.available():
            pytest.skip("the host board needs root for its tap")
        with netns.Network(), Guest("host", "services", tap=netns.TAP, **ports) as guest:
            guest.wait_for(READY)
            yield guest
        return
    with Guest(request.param, "services", **ports) as guest:
        guest.wait_for(READY)
        yield guest


def pattern(size):
    """Bytes without a short period, so that a lost or doubled segment changes the hash."""
    block = b"".join(hashlib.sha256(i.to_bytes(4, "big")).digest() for i in range(32768))
    return (block * (size // len(block) + 1))[:size]


def echo_everything(address, data, timeout=120):
    """Sends `data`, then ends its direction; returns all that comes back."""
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


def test_echo_64_mib(services):
    data = pattern(64 * MIB)
    total, digest = echo_everything(services.address(ECHO), data)
    assert total == len(data)
    assert digest == hashlib.sha256(data).hexdigest()


def test_echo_on_32_connections(services):
    results = []
    threads = [threading.Thread(target=lambda i=i: results.append(
        echo_everything(services.address(ECHO), pattern(MIB + i)) ==
        (MIB + i, hashlib.sha256(pattern(MIB + i)).hexdigest()))) for i in range(32)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == [True] * 32


@pytest.mark.parametrize("size", [0, 1, 2, 511, 1400, 1472])
def test_udp_echo(services, size):
    data = pattern(size)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.connect(services.address(ECHO, "udp"))
        s.send(data)
        if size > 0 or services.image.is_process:  # QEMU's user networking drops empty datagrams
            assert s.recv(4096) == data


def test_udp_chargen(services):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.connect(services.address(CHARGEN, "udp"))
        s.send(b"x")
        line = s.recv(4096)
        assert len(line) == 74 and line.endswith(b"\r\n")


def test_chargen_is_the_rfc_864_pattern(services):
    with socket.create_connection(services.address(CHARGEN), timeout=10) as s:
        text = b""
        while len(text) < MIB:
            text += s.recv(1 << 16)
    printable = bytes(range(32, 127))
    for number, line in enumerate(text.split(b"\r\n")[:-1]):
        start = number % len(printable)
        assert line == (printable * 2)[start:start + 72]


def test_discard_takes_everything(services):
    with socket.create_connection(services.address(DISCARD), timeout=60) as s:
        s.sendall(pattern(8 * MIB))
        s.shutdown(socket.SHUT_WR)
        assert s.recv(1) == b""  # the service closes once all has arrived


def test_generated_file(services):
    status, headers, body = services.get("/20mb.bin", timeout=120)
    assert status == 200
    assert len(body) == 20 * MIB == int(headers["Content-Length"])
    line = bytes(range(32, 104)) + b"\r\n"
    assert body.startswith(line)


def test_sink_takes_a_post(services):
    import http.client
    c = http.client.HTTPConnection(*services.address(HTTP), timeout=60)
    c.request("POST", "/sink", body=pattern(4 * MIB))
    r = c.getresponse()
    assert r.status == 204
    r.read()
    c.request("POST", "/sink", body=iter([b"chunk"] * 100), encode_chunked=True,
              headers={"Transfer-Encoding": "chunked"})
    assert c.getresponse().status == 204
    c.close()


def test_1000_connections_in_16_mib(qemu_board):
    with Guest(qemu_board, "services", tcp=(ECHO, HTTP), memory="16M") as guest:
        guest.wait_for(READY)
        held = []
        for i in range(1000):
            # One after the other: QEMU's user networking accepts with a backlog of one.
            held.append(socket.create_connection(guest.address(ECHO), timeout=10))
            assert echoed(held[i], b"%d\n" % i)
        for i, s in enumerate(held):
            assert echoed(s, b"again %d\n" % i)
        for s in held:
            s.close()
        assert guest.get("/")[0] == 200


def test_connects_out_and_echoes(qemu_board):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        port = server.getsockname()[1]
        # 10.0.2.2 is the build machine in QEMU's user networking.
        with Guest(qemu_board, "services", args=f"--connect=10.0.2.2:{port}", network=True) as guest:
            s, _ = server.accept()
            with s:
                s.settimeout(30)
                data = pattern(MIB)
                threading.Thread(target=lambda: (s.sendall(data),
                                                 s.shutdown(socket.SHUT_WR))).start()
                back = b""
                while chunk := s.recv(1 << 16):
                    back += chunk
                assert back == data
            assert guest.alive()


def test_connect_refused_is_reported(qemu_board):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Guest(qemu_board, "services", args=f"--connect=10.0.2.2:{port}", network=True) as guest:
        console = guest.wait_for("connect")
        assert guest.alive()
        assert f"10.0.2.2:{port}" in console
