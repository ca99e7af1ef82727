# SPDX-License-Identifier: ISC
"""apps/services: the protocols against the build machine's own TCP and UDP."""

import hashlib
import io
import socket
import subprocess
import threading
import time

import pytest
import websocket
from prometheus_client.parser import text_string_to_metric_families
from scapy.all import TCP, PcapNgReader

import netns
from conftest import QEMU_BOARDS
from guest import ROOT, Guest
from peers import MIB, echo_everything, echoed, pattern

ECHO, DISCARD, CHARGEN, HTTP = 7, 9, 19, 80
READY = "ready"


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
        s.settimeout(30)
        s.connect(services.address(ECHO, "udp"))
        s.send(data)
        if size > 0 or services.image.is_process:  # QEMU's user networking drops empty datagrams
            assert s.recv(4096) == data


def test_udp_chargen(services):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(30)
        s.connect(services.address(CHARGEN, "udp"))
        s.send(b"x")
        line = s.recv(4096)
        assert len(line) == 74 and line.endswith(b"\r\n")


def test_chargen_is_the_rfc_864_pattern(services):
    with socket.create_connection(services.address(CHARGEN), timeout=30) as s:
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


def test_a_body_is_asked_for(services):
    """Who says Expect: 100-continue sends nothing until it is told to go on, or that it need not."""
    head = "POST %s HTTP/1.1\r\nHost: fata\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection(services.address(HTTP), timeout=30) as s:
        answers = s.makefile("rb")
        for _ in range(2):
            s.sendall((head % "/sink").encode())
            assert [answers.readline(), answers.readline()] == [b"HTTP/1.1 100 Continue\r\n", b"\r\n"]
            s.sendall(b"hello")
            assert answers.readline().startswith(b"HTTP/1.1 204 ")
            while answers.readline() != b"\r\n":
                continue
        s.sendall((head % "/20mb.bin").encode())
        assert answers.readline().startswith(b"HTTP/1.1 405 ")


def ws_connect(services):
    return websocket.create_connection(services.url("/ws").replace("http:", "ws:"), timeout=30)


def test_websocket_echoes_messages(services):
    ws = ws_connect(services)
    for text in ("hello", "", "äöü €𝄞", "x" * 100000):
        ws.send(text)
        assert ws.recv() == text
    data = pattern(MIB)
    ws.send_binary(data)
    assert ws.recv() == data
    ws.close()


def test_websocket_fragments_ping_and_close(services):
    ws = ws_connect(services)
    frame, op = websocket.ABNF.create_frame, websocket.ABNF
    ws.send_frame(frame("in ", op.OPCODE_TEXT, fin=0))
    ws.send_frame(frame("three ", op.OPCODE_CONT, fin=0))
    ws.send_frame(frame("pieces", op.OPCODE_CONT, fin=1))
    assert ws.recv() == "in three pieces"
    ws.ping("are you there?")
    opcode, answer = ws.recv_data_frame(control_frame=True)
    assert (opcode, answer.data) == (op.OPCODE_PONG, b"are you there?")
    ws.send_close(4000, b"enough")
    opcode, answer = ws.recv_data_frame(control_frame=True)
    assert (opcode, answer.data) == (op.OPCODE_CLOSE, (4000).to_bytes(2, "big"))
    assert ws.sock.recv(1) == b""


def test_websocket_refuses_what_is_not_utf8(services):
    ws = ws_connect(services)
    ws.send_frame(websocket.ABNF(1, 0, 0, 0, websocket.ABNF.OPCODE_TEXT, 1, b"a\xff"))
    opcode, answer = ws.recv_data_frame(control_frame=True)
    assert (opcode, answer.data) == (websocket.ABNF.OPCODE_CLOSE, (1007).to_bytes(2, "big"))
    with pytest.raises(websocket.WebSocketBadStatusException) as e:
        websocket.create_connection(services.url("/").replace("http:", "ws:"), timeout=30)
    assert e.value.status_code == 200  # a page, no WebSocket
    assert services.get("/ws")[0] == 426


def scrape(services):
    """Name and labels to value, as Prometheus's own parser reads the page."""
    status, headers, body = services.get("/metrics")
    assert status == 200
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(body.decode()))
    assert len({f.name for f in families}) == len(families)  # each once, with its samples together
    assert all(f.documentation and f.type in ("counter", "gauge") for f in families)
    return {(s.name, *s.labels.values()): s.value for f in families for s in f.samples}


def test_metrics(services):
    before = scrape(services)
    for layer in ("netif_frames", "eth_frames", "ipv4_packets", "tcp_segments"):
        device = {"netif": "net0", "ipv4": "ip0"}.get(layer.split("_")[0], layer.split("_")[0] + "0")
        assert before[f"fata_{layer}_in_total", device] > 0
        assert before[f"fata_{layer}_out_total", device] > 0
    assert {name[0].split("_")[1] for name in before} == {"pool", "netif", "eth", "arp", "neighbour",
                                                          "reassembly", "ipv4", "icmp", "udp",
                                                          "tcp", "http", "websocket", "capture"}
    with socket.create_connection(services.address(ECHO), timeout=30) as s:
        assert echoed(s, pattern(1000))
    for _ in range(5):
        assert services.get("/no-such-page")[0] == 404
    after = scrape(services)
    assert after["fata_http_requests_total", "http0"] == before["fata_http_requests_total", "http0"] + 6
    assert after["fata_tcp_accepted_total", "tcp0"] >= before["fata_tcp_accepted_total", "tcp0"] + 7
    assert after["fata_tcp_bytes_in_total", "tcp0"] >= before["fata_tcp_bytes_in_total", "tcp0"] + 1000
    assert after["fata_tcp_drops_total", "tcp0", "bad_checksum"] == 0
    assert after["fata_http_connections", "http0"] >= 1


def test_metrics_tell_how_each_connection_is_doing(services):
    with socket.create_connection(services.address(ECHO), timeout=30) as s:
        for _ in range(3):
            assert echoed(s, pattern(1000))
        seen = scrape(services)
        echo = [key for key in seen if key[0] == "fata_tcp_rtt_seconds" and key[2].endswith(f":{ECHO}")]
        assert len(echo) == 1
        assert 0 < seen[echo[0]] < 10
        assert seen["fata_tcp_cwnd_bytes", *echo[0][1:]] >= 1000
        assert seen["fata_tcp_send_queue_bytes", *echo[0][1:]] <= 1000  # the last acknowledgement may be late


def test_promtool_finds_nothing_to_complain_of(services):
    page = services.get("/metrics")[2]
    checked = subprocess.run([ROOT / "build/test/prometheus/root/usr/bin/promtool", "check", "metrics"], input=page,
                             capture_output=True, timeout=60)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_capture(services):
    """What scapy reads of the file: the echo's bytes in both directions, in order, with plausible times."""
    marker = hashlib.sha256(b"to be found").digest()
    with socket.create_connection(services.address(ECHO), timeout=30) as s:
        assert echoed(s, marker)
    status, headers, body = services.get("/capture.pcapng")
    assert status == 200
    assert headers["Content-Disposition"] == 'attachment; filename="capture.pcapng"'
    packets = list(PcapNgReader(io.BytesIO(body)))
    assert len(packets) > 10
    echo = [p for p in packets if p.haslayer(TCP) and marker in bytes(p[TCP].payload)]
    assert [p[TCP].dport for p in echo[:1]] == [ECHO] and [p[TCP].sport for p in echo[1:2]] == [ECHO]
    times = [float(p.time) for p in packets]
    assert times == sorted(times)
    assert abs(times[-1] - time.time()) < 60


def test_1000_connections_in_16_mib(qemu_board):
    with Guest(qemu_board, "services", tcp=(ECHO, HTTP), memory="16M") as guest:
        guest.wait_for(READY)
        held = []
        for i in range(1000):
            # One after the other: QEMU's user networking accepts with a backlog of one.
            held.append(socket.create_connection(guest.address(ECHO), timeout=30))
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
