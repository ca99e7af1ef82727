# SPDX-License-Identifier: ISC
"""A booted image, as the tests see it."""

import http.client
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import emulator  # noqa: E402
import netns  # noqa: E402

START_TIMEOUT_S = 60
OWN_APPS = ROOT / "tests/emu/apps"
#: The boards where all applications of the tree are linked with link-time optimization, and which of them elsewhere.
LTO = {name: words.split() for name, words in
       re.findall(r"^(LTO_(?:BOARDS|APPS)\S*) *:= *(.*)", (ROOT / "tools/mk/test.mk").read_text(), re.MULTILINE)}
#: Whether applications of the tree are taken as they ship, on each board: benchmarks have built them so.
as_shipped = False
GUEST_ADDRESS = "10.0.2.15"
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
GUEST_ADDRESSES = [GUEST_ADDRESS, "10.0.3.15"]  # of its interfaces


def smallest_memory(board, app):
    """Options with which a machine of 2 MiB boots, or the least that its QEMU can do.

    QEMU keeps a whole MiB for the device tree behind an arm64 Image, and has 2 MiB for it and the
    Image together too little; with the ELF it puts the tree in front.
    """
    if board == "virt-aarch64":
        return {"memory": "2M", "kernel": image(board, app).elf}
    return {"memory": "2M"}


def has_lto(board, app):
    """Whether it is linked with link-time optimization, as tools/mk/test.mk says."""
    own, boards = OWN_APPS / app, OWN_APPS / app / "lto.boards"
    if own.exists():
        return (own / "lto").exists() and (not boards.exists() or board in boards.read_text().split())
    if app.startswith("web-") or board.endswith("-dma-checks"):
        return False
    return as_shipped or not (ROOT / "apps" / app).exists() or board in LTO["LTO_BOARDS"] or \
        app in LTO.get(f"LTO_APPS_{board}", LTO["LTO_APPS"])


def image(board, app):
    folder = board if has_lto(board, app) else f"{board}-no-lto"
    found = emulator.Image(ROOT / "build" / folder / app / "manifest.json")
    for name in ("stem", "kernel", "elf"):
        setattr(found, name, str(ROOT / getattr(found, name)))
    return found


class Guest:
    """Starts an image and ends it. Use as a context manager.

    tcp, udp: guest ports to reach over user networking, through each of `cards` interfaces. With a
    tap, or a list of them, in a network namespace of the test's own (netns), the guest is reached at
    its own addresses. address() knows which.
    """

    def __init__(self, board, app, args="", tcp=(), udp=(), tap=None, cards=1, prefix=(), **options):
        self.image = image(board, app)
        self.taps = [tap] if isinstance(tap, str) else list(tap or ())
        self.port = {}
        network = options.pop("network", False) or tcp or udp
        if self.taps:
            netdevs = [emulator.tap_netdev(name, number) for number, name in enumerate(self.taps)]
            if self.image.is_process:
                args = f"--tap={','.join(self.taps)} {args}"
        else:
            netdevs = [emulator.user_netdev(self.forwards(tcp, udp, number), number)
                       for number in range(cards if network else 0)]
        try:
            self.command = list(prefix) + self.image.command(args=args, netdev=netdevs, **options)
        except emulator.MissingEmulator as e:
            pytest.skip(str(e))
        self.log = tempfile.NamedTemporaryFile(prefix="console-", suffix=".txt")
        self.process = None

    def forwards(self, tcp, udp, card):
        """Gives each port of the guest a free one of the host, for card number `card`."""
        found = []
        for protocol, ports in (("tcp", tcp), ("udp", udp)):
            for guest_port in ports:
                self.port[protocol, guest_port, card] = emulator.free_port(protocol=KINDS[protocol])
                found.append((protocol, self.port[protocol, guest_port, card], guest_port))
        return found

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()

    def console(self):
        """All that the guest has printed so far."""
        return pathlib.Path(self.log.name).read_text(errors="replace").replace("\r\n", "\n")

    def wait_for(self, text, timeout=START_TIMEOUT_S, after=""):
        """Waits until the console shows `text` behind `after`, and the guest can be reached; returns the console."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            console = self.console()
            if text in console[len(after):]:
                for tap in self.taps if self.alive() else ():
                    netns.wait_running(tap)
                return console
            if self.process.poll() is not None:
                console = self.console()
                assert text in console[len(after):], f"ended without {text!r}; the console:\n{console}"
                return console
            time.sleep(0.02)
        raise AssertionError(f"no {text!r} within {timeout} s; the console:\n{self.console()}")

    def wait_exit(self, timeout=START_TIMEOUT_S):
        """Waits for the end and returns the status that the image asked for."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout} s; the console:\n"
                                 f"{self.console()}") from None
        return self.image.exit_status(code)

    def alive(self):
        return self.process.poll() is None

    def address(self, guest_port, protocol="tcp", card=0):
        """(host, port) at which a port of the guest is reached."""
        if self.taps:
            return GUEST_ADDRESSES[card], guest_port
        return "127.0.0.1", self.port[protocol, guest_port, card]

    def url(self, path="/", port=80):
        return "http://%s:%d%s" % (*self.address(port), path)

    def get(self, path="/", port=80, timeout=30, headers=None, method="GET"):
        """One HTTP request on a new connection; returns (status, headers, body)."""
        c = http.client.HTTPConnection(*self.address(port), timeout=timeout)
        try:
            c.request(method, path, headers=headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()
