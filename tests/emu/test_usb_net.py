# SPDX-License-Identifier: ISC
"""The network of the Raspberry Pis: QEMU's USB adapter, at the controller's port and behind a hub."""

import functools
import http.server
import re
import threading

import pytest

from guest import ROOT, Guest
from monitor import Monitor

PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
BOARDS = ["rpi2", "rpi3"]
PLACES = {"port": "usb-net,bus=usb-bus.0,port=1", "hub": "usb-net"}
BOOTS = 4


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


@pytest.mark.parametrize("board,place,count", [("rpi3", "hub", 1000), ("rpi3", "port", 200), ("rpi2", "hub", 200)])
def test_each_of_many_requests_is_answered(board, place, count):
    with Guest(board, "web", tcp=(80,), card=PLACES[place]) as guest:
        guest.wait_for("ready")
        for _ in range(count):
            assert guest.get()[2] == PAGE
        assert "usb" not in guest.console()  # no complaints


@pytest.mark.parametrize("place", PLACES)
def test_each_boot_gets_a_lease(board, place):
    for _ in range(BOOTS):
        with Guest(board, "dhcp", network=True, card=PLACES[place]) as guest:
            guest.wait_for("lease 1 of 10.0.2.15 dns=10.0.2.3")


def test_without_an_adapter(board):
    """One line, and the application goes on."""
    with Guest(board, "web") as guest:
        said = guest.wait_for("ready")
        assert said.count("usb-net: warning: net0: no USB network adapter that works: no such device") == 1
        assert guest.alive()


def test_with_another_device(board):
    """A keyboard is no adapter, and at the wrong port of a hub no harm."""
    with Guest(board, "web", tcp=(80,), extra=["-device", "usb-kbd"]) as guest:
        guest.wait_for("ready")
        assert guest.get()[2] == PAGE
    with Guest(board, "web", extra=["-device", "usb-kbd"]) as guest:
        assert "no USB network adapter that works: no such device" in guest.wait_for("ready")


def plug(guest, monitor, **place):
    """QEMU 7.2 ends itself when a device goes that has a transfer under way; it can only come."""
    assert "return" in monitor.run("device_add", driver="usb-net", netdev="n0", id="late", **place)
    return guest.wait_for("net0: there is an adapter: link up")


@pytest.mark.parametrize("place", PLACES)
def test_plugged_in_later(board, place, tmp_path):
    """The image waits; then DHCP has a lease, by the address with which the interface began."""
    monitor = Monitor(tmp_path / "qmp")
    others = {"port": [], "hub": ["-device", "usb-hub,bus=usb-bus.0,port=1"]}[place]
    with Guest(board, "dhcp", extra=[*monitor.options, *others, "-netdev", "user,id=n0"]) as guest:
        mac = re.search("mac (52:54:00:12:34:56)", guest.wait_for("ready"))
        assert mac and "lease" not in guest.console()
        plug(guest, monitor, **{"port": {"bus": "usb-bus.0", "port": "1"}, "hub": {}}[place])
        guest.wait_for("lease 1 of 10.0.2.15 dns=10.0.2.3")
        assert guest.console().count("usb") == 2  # that there is none, and that there is one


def test_plugged_in_later_serves(board, tmp_path):
    monitor = Monitor(tmp_path / "qmp")
    guest = Guest(board, "web", tcp=(80,), extra=monitor.options)
    at = guest.command.index("-device")
    assert guest.command[at + 1].startswith("usb-net")
    del guest.command[at:at + 2]
    with guest:
        guest.wait_for("ready")
        plug(guest, monitor)
        for _ in range(100):
            assert guest.get()[2] == PAGE


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
