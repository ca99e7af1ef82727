# SPDX-License-Identifier: ISC
"""apps/web with --report-to=URL: a collector, found by its name, hears how the image is doing."""

import http.server
import json
import queue
import tempfile
import threading

import pytest

import netns
from conftest import PROTOCOL_BOARDS, on
from guest import Guest
from test_dns import Dnsmasq

board = on(PROTOCOL_BOARDS)

PORT = 8000
NAME = "collector.test"


class Collector(http.server.ThreadingHTTPServer):
    """On the host's end of the tap. `answers` are statuses, the last of which stays."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *answers):
        self.answers, self.reports = list(answers), queue.Queue()
        super().__init__((netns.HOST_ADDRESS, PORT), Handler)

    def __enter__(self):
        # From here, so that it lives in this thread's namespace.
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.reports.put((self.path, self.headers["Host"], self.headers["Content-Type"], json.loads(body)))
        answers = self.server.answers
        self.send_response(answers[0] if len(answers) == 1 else answers.pop(0))
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def names(network):
    assert network is not None
    with tempfile.TemporaryDirectory(prefix="fata-report-") as folder, \
            Dnsmasq(folder, {NAME: [netns.HOST_ADDRESS]}) as server:
        yield server


def reporting(board, *options):
    args = " ".join([f"--report-to=http://{NAME}:{PORT}/machines/7?of=fata", f"--dns={netns.HOST_ADDRESS}",
                     "--ipv4=10.0.2.15/24", *options])
    return Guest(board, "web", args=args, tap=netns.TAP, tcp=(80,))


def test_reports_say_what_the_page_says(board, names):
    with Collector(200) as collector, reporting(board, "--report-every=1") as guest:
        path, host, kind, first = collector.reports.get(timeout=60)
        assert (path, host, kind) == ("/machines/7?of=fata", f"{NAME}:{PORT}", "application/json")
        assert first.keys() == json.loads(guest.get("/status.json")[2]).keys()
        later = collector.reports.get(timeout=60)[3]
        assert later["uptime_us"] >= first["uptime_us"] + 1_000_000
        collector.reports.get(timeout=60)
        assert guest.console().count("report: to ") == 1  # once, not for each


def test_a_collector_that_comes_late_or_refuses_is_told_of_and_tried_again(names):
    with reporting("virt-aarch64", "--report-every=1") as guest:
        guest.wait_for(f"to http://{NAME}:{PORT}/machines/7?of=fata: connection refused")
        assert guest.get("/")[0] == 200
        with Collector(503, 204) as collector:
            guest.wait_for("of=fata: status 503")
            guest.wait_for("of=fata: status 204")
            assert collector.reports.qsize() >= 2


@pytest.mark.parametrize("url, fault", [("collector.test/x", "invalid"), ("https://collector.test/", "not supported")])
def test_a_url_that_is_none_ends_the_image(url, fault):
    with Guest("virt-aarch64", "web", args=f"--report-to={url}", tcp=(80,)) as guest:
        assert guest.wait_exit() == 1
        assert f"--report-to={url}: {fault}" in guest.console()
        assert "expected http://HOST/PATH" in guest.console()
