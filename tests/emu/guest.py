# SPDX-License-Identifier: ISC
"""A booted image, as the tests see it."""

import http.client
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import emulator  # noqa: E402

START_TIMEOUT_S = 30
GUEST_ADDRESS = "10.0.2.15"


def smallest_memory(board, app):
    """Options with which a machine of 2 MiB boots, or the least that its QEMU can do.

    QEMU keeps a whole MiB for the device tree behind an arm64 Image, and has 2 MiB for it and the
    Image together too little; with the ELF it puts the tree in front.
    """
    if board == "virt-aarch64":
        return {"memory": "2M", "kernel": image(board, app).elf}
    return {"memory": "2M"}


def image(board, app):
    path = ROOT / "build" / board / app / "manifest.json"
    found = emulator.Image(path)
    for name in ("stem", "kernel", "elf"):
        setattr(found, name, str(ROOT / getattr(found, name)))
    return found


class Guest:
    """Starts an image and ends it. Use as a context manager.

    tcp, udp: guest ports to reach over user networking. With a tap, in a network namespace of the
    test's own (netns), the guest is reached at its own address. address() knows which.
    """

    def __init__(self, board, app, args="", tcp=(), udp=(), tap=None, prefix=(), **options):
        self.image = image(board, app)
        self.on_tap = tap is not None
        network = options.pop("network", False)
        self.port, forwards = {}, []
        for protocol, ports in (("tcp", tcp), ("udp", udp)):
            for guest_port in () if tap else ports:
                host_port = emulator.free_port()
                self.port[protocol, guest_port] = host_port
                forwards.append((protocol, host_port, guest_port))
        netdev = None
        if tap:
            netdev = emulator.tap_netdev(tap)
            if self.image.is_process:
                args = f"--tap={tap} {args}"
        elif network or forwards:
            netdev = emulator.user_netdev(forwards)
        self.command = list(prefix) + self.image.command(args=args, netdev=netdev, **options)
        self.log = tempfile.NamedTemporaryFile(prefix="console-", suffix=".txt")
        self.process = None

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

    def wait_for(self, text, timeout=START_TIMEOUT_S):
        """Waits until the console shows `text`; returns the console."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            console = self.console()
            if text in console:
                return console
            if self.process.poll() is not None:
                console = self.console()
                assert text in console, f"ended without {text!r}; the console:\n{console}"
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

    def address(self, guest_port, protocol="tcp"):
        """(host, port) at which a port of the guest is reached."""
        if self.on_tap:
            return GUEST_ADDRESS, guest_port
        return "127.0.0.1", self.port[protocol, guest_port]

    def url(self, path="/", port=80):
        return "http://%s:%d%s" % (*self.address(port), path)

    def get(self, path="/", port=80, timeout=10, headers=None, method="GET"):
        """One HTTP request on a new connection; returns (status, headers, body)."""
        c = http.client.HTTPConnection(*self.address(port), timeout=timeout)
        try:
            c.request(method, path, headers=headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()
