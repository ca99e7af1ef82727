# SPDX-License-Identifier: ISC
"""The network of the Raspberry Pis: QEMU's USB adapter, at the controller's port and behind a hub."""

import functools
import http.server
import threading

import pytest

from guest import ROOT, Guest

PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
BOARDS = ["rpi2", "rpi3"]
PLACES = {"port": "usb-net,bus=usb-bus.0,port=1", "hub": "usb-net"}
BOOTS = 4


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


@pytest.mark.parametrize("place", PLACES)
def test_1000_requests(board, place):
    with Guest(board, "web", tcp=(80,), card=PLACES[place]) as guest:
        guest.wait_for("ready")
        for _ in range(1000):
            assert guest.get()[2] == PAGE
        assert "usb" not in guest.console()  # no complaints


@pytest.mark.parametrize("place", PLACES)
def test_each_boot_gets_a_lease(board, place):
    for _ in range(BOOTS):
        with Guest(board, "dhcp", network=True, card=PLACES[place]) as guest:
            guest.wait_for("lease 1 of 10.0.2.15 dns=10.0.2.3")


def test_without_an_adapter(board):
    with Guest(board, "web") as guest:
        assert guest.wait_exit() != 0
        assert "usb-net: error: net0: no USB device: no such device" in guest.console()


def test_with_another_device(board):
    """A keyboard is no adapter, and at the wrong port of a hub no harm."""
    with Guest(board, "web", tcp=(80,), extra=["-device", "usb-kbd"]) as guest:
        guest.wait_for("ready")
        assert guest.get()[2] == PAGE
    with Guest(board, "web", extra=["-device", "usb-kbd"]) as guest:
        assert guest.wait_exit() != 0
        assert "usb-net: error: net0: no USB network adapter that works: no such device" in guest.console()


def test_stops_in_good_order(board, tmp_path):
    """An image that ends with the adapter's transfer to receive under way, which QEMU must not miss."""
    (tmp_path / "page").write_text("hello")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Guest(board, "fetch", network=True,
                   args=f"--url=http://10.0.2.2:{server.server_port}/page --show") as guest:
            assert guest.wait_exit() == 0, guest.console()
            assert "hello" in guest.console() and "left a transfer" not in guest.console()
    finally:
        server.shutdown()
