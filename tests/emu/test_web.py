# SPDX-License-Identifier: ISC
"""apps/web, served to real HTTP clients, on every board."""

import concurrent.futures
import gzip
import hashlib
import http.client
import json
import re
import subprocess

import pytest
import websocket

import netns
from conftest import PCI_BOARDS, QEMU_BOARDS
from guest import GUEST_ADDRESS, ROOT, Guest, smallest_memory
from test_ipv6 import GUEST, curl, link, wait_for_address  # noqa: F401 (a fixture)
from test_mdns import dig

PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
READY = "ready"


@pytest.fixture(params=QEMU_BOARDS + PCI_BOARDS + ["host"])
def web(request):
    """A running web image: over user networking, or, for the host board, over a tap."""
    if request.param == "host":
        if not netns.available():
            pytest.skip("the host board needs root for its tap")
        with netns.Network(), Guest("host", "web", tap=netns.TAP, tcp=(80,)) as guest:
            guest.wait_for(READY)
            yield guest
        return
    with Guest(request.param, "web", tcp=(80,)) as guest:
        guest.wait_for(READY)
        yield guest


def test_page_of_known_hash(web):
    out = subprocess.run(["curl", "--silent", "--show-error", "--fail", "--max-time", "60",
                          web.url("/")], capture_output=True, check=True).stdout
    assert hashlib.sha256(out).digest() == hashlib.sha256(PAGE).digest()


def test_every_embedded_file(web):
    for path in sorted((ROOT / "apps/web/htdocs").rglob("*")):
        if path.is_file():
            status, headers, body = web.get("/" + str(path.relative_to(ROOT / "apps/web/htdocs")))
            assert status == 200
            assert body == path.read_bytes()
            assert headers["Content-Type"]


def test_1000_requests_on_one_connection(web):
    c = http.client.HTTPConnection(*web.address(80), timeout=30)
    for _ in range(1000):
        c.request("GET", "/")
        r = c.getresponse()
        assert r.status == 200
        assert r.read() == PAGE
    c.close()


def test_64_connections_at_once(web):
    open_connections = [http.client.HTTPConnection(*web.address(80), timeout=60) for _ in range(64)]

    def fetch(c, method="GET"):
        c.request(method, "/")
        return c.getresponse().read()

    for c in open_connections:
        # One after the other: QEMU's user networking accepts with a backlog of one.
        fetch(c, "HEAD")

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        bodies = list(pool.map(fetch, open_connections))
    for c in open_connections:
        c.close()
    assert bodies == [PAGE] * 64


def test_status_counts_requests(web):
    before = json.loads(web.get("/status.json")[2])
    for _ in range(5):
        web.get("/")
    after = json.loads(web.get("/status.json")[2])
    assert after["board"] == web.image.board
    assert after["requests"] == before["requests"] + 6
    assert after["uptime_us"] > before["uptime_us"]


def test_conditional_range_head_and_missing(web):
    status, headers, body = web.get("/")
    assert status == 200
    etag = headers["ETag"]
    assert web.get("/", headers={"If-None-Match": etag})[0] == 304
    status, headers, part = web.get("/", headers={"Range": "bytes=10-19"})
    assert (status, part) == (206, PAGE[10:20])
    assert headers["Content-Range"] == f"bytes 10-19/{len(PAGE)}"
    status, headers, body = web.get("/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(PAGE)
    assert web.get("/nothing-here")[0] == 404
    assert web.get("/../../etc/passwd")[0] in (400, 404)


def test_crash_and_slow_clients_do_not_stop_it(web):
    """Half-sent requests and resets stay the problem of those who sent them."""
    import socket
    import struct
    held = []
    for i in range(20):
        s = socket.create_connection(web.address(80), timeout=30)
        s.sendall(b"GET / HT" if i % 2 else b"\xff\x00garbage\r\n\r\n")
        if i % 4 == 0:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()
        else:
            held.append(s)
    assert web.get("/")[2] == PAGE
    for s in held:
        s.close()
    assert web.get("/")[2] == PAGE


def test_status_by_websocket(web):
    ws = websocket.create_connection(web.url("/ws").replace("http:", "ws:"), timeout=30)
    seen = []
    for _ in range(3):
        ws.send("how are you?")
        seen.append(json.loads(ws.recv())["uptime_us"])
    ws.close()
    assert seen == sorted(set(seen))


def test_compressed_pages(web):
    status, headers, body = web.get("/index.html", headers={"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == PAGE


def test_every_part_counts(web):
    counted = set(re.findall(r"^fata_([a-z0-9]+)_", web.get("/metrics")[2].decode(), re.MULTILINE))
    assert counted >= {"arp", "capture", "dhcp", "dhcpv6", "dns", "eth", "http", "icmp", "icmpv6", "igmp", "ipv4",
                       "ipv6", "mdns", "mld", "ndp", "netif", "pool", "sntp", "syslog", "tcp", "udp", "websocket"}


def test_the_last_frames_are_for_who_may_have_them(web):
    assert web.get("/capture.pcapng")[0] == 404


def test_the_last_frames_are_downloaded_if_that_is_allowed(qemu_board):
    with Guest(qemu_board, "web", args="--capture", tcp=(80,)) as guest:
        guest.wait_for(READY)
        assert guest.get("/")[0] == 200
        status, _, body = guest.get("/capture.pcapng")
        assert (status, body[:4]) == (200, bytes.fromhex("0a0d0d0a")) and b"GET / HTTP/1.1" in body


def test_an_address_from_dhcp(qemu_machine):
    with Guest(qemu_machine, "web", args="--ipv4=0.0.0.0/0 --gateway=0.0.0.0", tcp=(80,)) as guest:
        guest.wait_for(f"dhcp: net0: {GUEST_ADDRESS}/24")
        assert guest.get("/")[2] == PAGE


def test_both_families_and_the_name(board, link):  # noqa: F811
    with Guest(board, "web", args=f"--ipv6={GUEST}/64", tap=netns.TAP) as guest:
        guest.wait_for("known as web.local")
        wait_for_address(guest, "fd00::")
        assert curl(f"http://[{GUEST}]/") == PAGE == guest.get("/")[2]
        assert dig(f"@{GUEST_ADDRESS}", "web.local", "A")[0][4] == GUEST_ADDRESS
        assert GUEST in {line[4] for line in dig("-6", f"@{GUEST}", "web.local", "AAAA")}


def test_two_mebibytes_are_enough(qemu_board):
    with Guest(qemu_board, "web", tcp=(80,), **smallest_memory(qemu_board, "web")) as guest:
        guest.wait_for(READY)
        assert guest.get("/")[2] == PAGE
