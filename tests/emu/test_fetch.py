# SPDX-License-Identifier: ISC
"""apps/fetch, the HTTP client, against Python's server and nginx over a tap."""

import contextlib
import hashlib
import http.server
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import Guest
from peers import MIB, pattern
from test_ipv6 import GUEST, HOST, link  # noqa: F401 (a fixture)

board = on(PROTOCOL_BOARDS)

PORT = 8000
BIG = 3 * MIB + 17


def fnv1a(data):
    """The hash that the image prints; a mebibyte takes half a second."""
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{value:08x}"


def letters(size):
    return (b"abcdefghijklmnopqrstuvwxyz" * (size // 26 + 1))[:size]


class Handler(http.server.BaseHTTPRequestHandler):
    """What the client has to get along with."""

    protocol_version = "HTTP/1.1"
    small = b"Hello, world!\n"

    def log_message(self, *_):
        pass

    def note(self):
        self.server.requests.append((self.command, self.path, dict(self.headers)))

    def answer(self, status, body, *fields):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def read_body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_GET(self):
        self.note()
        getattr(self, "get_" + self.path.strip("/").split("?")[0], self.get_small)()

    do_HEAD = do_GET

    def get_small(self):
        self.answer(200, self.small)

    def get_big(self):
        self.answer(200, self.server.big)

    def get_chunked(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(self.small), 5):
            run = self.small[at:at + 5]
            self.wfile.write(b"%x;x=y\r\n%s\r\n" % (len(run), run))
            self.wfile.flush()
            time.sleep(0.02)
        self.wfile.write(b"0\r\nTrailer: x\r\n\r\n")

    def get_close(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.small)
        self.close_connection = True

    def get_moved(self):
        self.answer(302, b"", ("Location", "small?from=moved"))

    def get_loop(self):
        self.answer(302, b"", ("Location", "/loop"))

    def get_smuggle(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                         b"0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")

    def get_hang(self):
        """Breaks the connection after the first response on it."""
        if self.server.hung:
            self.get_small()
            return
        self.server.hung = True
        self.get_small()
        self.close_connection = True

    def do_PUT(self):
        self.note()
        if self.path == "/refused":
            self.answer(403, b"no\n")
            self.close_connection = True
            return
        body = self.read_body()
        self.answer(201, hashlib.sha256(body).hexdigest().encode() + b"\n")

    do_POST = do_PUT

    def handle_expect_100(self):
        if self.path == "/refused":
            return True
        time.sleep(0.1)
        return super().handle_expect_100()


class Server(http.server.ThreadingHTTPServer):
    """Of the family of its address."""

    daemon_threads = True

    def __init__(self, address):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, PORT), Handler)


@contextlib.contextmanager
def serving(address):
    with Server(address) as s:
        s.requests, s.hung, s.big = [], False, pattern(BIG)
        # Its threads live in this thread's namespace: they are started from here.
        thread = threading.Thread(target=s.serve_forever)
        thread.start()
        yield s
        s.shutdown()
        thread.join()


@pytest.fixture
def server(network):
    assert network is not None
    with serving(netns.HOST_ADDRESS) as s:
        yield s


def fetch(board, path, *options, port=PORT, host=netns.HOST_ADDRESS):
    args = " ".join([f"--url=http://{host}:{port}{path}", *options])
    with Guest(board, "fetch", args=args, tap=netns.TAP) as guest:
        status = guest.wait_exit(90)
        return status, guest.console()


def results(console):
    """(status, bytes, hash) of each response."""
    return [(int(s), int(n), h) for s, n, h in re.findall(r"status (\d+), (\d+) bytes, hash (\w+)", console)]


SMALL = (200, len(Handler.small), fnv1a(Handler.small))


def test_small_body_over_one_connection(board, server):
    status, console = fetch(board, "/small", "--times=20", "--show")
    assert (status, results(console)) == (0, [SMALL] * 20), console
    assert "\n1 connections" in console and Handler.small.decode() in console
    assert server.requests[0][2] == {"Host": f"{netns.HOST_ADDRESS}:{PORT}", "Accept-Encoding": "identity"}


def test_big_body(board, server):
    status, console = fetch(board, "/big")
    assert (status, results(console)) == (0, [(200, BIG, fnv1a(server.big))]), console


def test_ipv6(board, link):  # noqa: F811
    """It waits for its address, which is looked for on the link."""
    with serving(HOST) as server:
        status, console = fetch(board, "/big", f"--ipv6={GUEST}/64", host=f"[{HOST}]")
        assert (status, results(console)) == (0, [(200, BIG, fnv1a(server.big))]), console
        assert server.requests[0][2]["Host"] == f"[{HOST}]:{PORT}"
        status, console = fetch(board, "/moved", f"--ipv6={GUEST}/64", host=f"[{HOST}]")
        assert (status, results(console)) == (0, [SMALL]), console


@pytest.mark.parametrize("path", ["/chunked", "/close"])
def test_bodies_without_a_length(board, server, path):
    status, console = fetch(board, path, "--times=2")
    assert (status, results(console)) == (0, [SMALL] * 2), console


def test_head(board, server):
    status, console = fetch(board, "/small", "--method=HEAD", "--times=2")
    assert (status, results(console)) == (0, [(200, 0, fnv1a(b""))] * 2), console
    assert "\n1 connections" in console


def test_redirects_are_followed_but_not_for_ever(board, server):
    status, console = fetch(board, "/x/moved")
    assert status == 0
    status, console = fetch(board, "/moved")
    assert (status, results(console)) == (0, [SMALL]), console
    assert server.requests[-1][1] == "/small?from=moved"
    server.requests.clear()
    status, console = fetch(board, "/loop")
    assert (status, results(console)[0][0]) == (0, 302), console
    assert len(server.requests) == 6


@pytest.mark.parametrize("options", [[], ["--chunked"]])
@pytest.mark.parametrize("size", [1, 5000, 300000])
def test_uploads(board, server, size, options):
    status, console = fetch(board, "/in", "--method=PUT", f"--send={size}", "--show", *options)
    assert status == 0, console
    assert results(console)[0][0] == 201, console
    assert hashlib.sha256(letters(size)).hexdigest() in console
    expects = server.requests[0][2].get("Expect") == "100-continue"
    assert expects == (size > 65536 or bool(options))


def test_upload_that_is_refused_before_it_is_sent(board, server):
    status, console = fetch(board, "/refused", "--method=POST", "--send=10M")
    assert status == 0 and results(console)[0][0] == 403, console


def test_response_with_both_framings_is_refused(board, server):
    status, console = fetch(board, "/smuggle")
    assert status == 1 and "invalid" in console and "evil" not in console


def test_nobody_listens(board, network):
    status, console = fetch(board, "/", port=PORT + 1)
    assert status == 1 and "connection refused" in console


NGINX = """
daemon off; master_process off; pid {0}/pid; error_log {0}/error.log;
events {{}}
http {{
  access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;
  uwsgi_temp_path {0}/u; scgi_temp_path {0}/s; gzip on; gzip_min_length 1; gzip_types *;
  keepalive_requests 3; client_max_body_size 1m;
  server {{
    listen {1}:{2}; root {0}/www;
    location /moved {{ return 301 /file; }}
    location /in {{ return 204; }}
    location /large {{ proxy_pass http://127.0.0.1:1; }}
  }}
}}
"""


@contextlib.contextmanager
def nginx(folder):
    os.mkdir(os.path.join(folder, "www"))
    os.chmod(folder, 0o755)
    with open(os.path.join(folder, "www", "file"), "wb") as f:
        f.write(pattern(MIB))
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w") as f:
        f.write("user root;" + NGINX.format(folder, netns.HOST_ADDRESS, PORT))
    program = shutil.which("nginx", path="/usr/sbin:" + os.environ.get("PATH", ""))
    process = subprocess.Popen([program, "-c", path, "-e", os.path.join(folder, "error.log")],
                               stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not os.path.exists(os.path.join(folder, "pid")):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def test_nginx(board, network):
    with tempfile.TemporaryDirectory(prefix="fata-nginx-") as folder, nginx(folder):
        want = (200, MIB, fnv1a(pattern(MIB)))
        status, console = fetch(board, "/file", "--times=7")
        assert (status, results(console)) == (0, [want] * 7), console
        assert "\n3 connections" in console  # it closes each after three requests
        status, console = fetch(board, "/moved")
        assert (status, results(console)) == (0, [want]), console
        status, console = fetch(board, "/nothing")
        assert status == 0 and results(console)[0][0] == 404, console
        status, console = fetch(board, "/large", "--method=POST", "--send=2M")
        assert status == 0 and results(console)[0][0] == 413, console
