# SPDX-License-Identifier: ISC
"""apps/iperf against Debian's iperf3, in both roles, over a tap."""

import contextlib
import json
import re
import socket
import subprocess
import time

import pytest

import netns
from guest import GUEST_ADDRESS, Guest

PORT = 5201
MIB = 1 << 20
#: As much work as shows that it is there: at full speed a second is one of both processors.
SOME = ["-n", "1M"]
SLOWLY = ["-b", "20M"]


@pytest.fixture
def server(board, network):
    assert network is not None
    with Guest(board, "iperf", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        yield guest


def client(*options, timeout=120):
    """Debian's client against the image; its report."""
    command = ["iperf3", "-J", "-c", GUEST_ADDRESS, "--connect-timeout", "20000", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise AssertionError(f"iperf3 ended with {done.returncode}: {done.stdout}{done.stderr}") from None
    report["status"] = done.returncode
    return report


def assert_serves():
    assert client(*SOME)["status"] == 0


def read(guest, pattern):
    """All that the console has of a pattern, once it has any: lines come a little after "done"."""
    deadline = time.monotonic() + 30
    while not (found := re.findall(pattern, guest.console())):
        assert time.monotonic() < deadline, guest.console()
        time.sleep(0.02)
    return found


def told(guest, direction):
    """What the image printed last about bytes sent or received."""
    lines = read(guest, rf"\w+, (\d+) streams, {direction}: (\d+) bytes")
    return int(lines[-1][0]), int(lines[-1][1])


@pytest.mark.parametrize("options", [[], ["-R"], ["-P", "4"], ["-P", "8", "-R"], ["-O", "1"]])
def test_tcp_to_the_server(server, options):
    report = client("-t", "1", *options)
    assert report["status"] == 0, report
    end = report["end"]
    streams = 8 if "8" in options else 4 if "4" in options else 1
    assert len(end["streams"]) == streams
    assert end["sum_received"]["bytes"] > MIB
    if "-O" not in options:  # what was on its way when counting began is received only
        assert end["sum_sent"]["bytes"] >= end["sum_received"]["bytes"]
    server.wait_for("done")
    assert told(server, "sent") == (streams, end["sum_sent"]["bytes"])
    if "-R" not in options:
        assert told(server, "received")[1] == end["sum_received"]["bytes"]
        # What was sent and not yet received when time was over is on its way, or in buffers.
        assert end["sum_sent"]["bytes"] - end["sum_received"]["bytes"] < 8 * MIB * streams


def test_an_amount_of_bytes(server):
    for options in ([], ["-R"]):
        report = client("-n", "5M", *options)
        assert report["status"] == 0, report
        assert report["end"]["sum_received"]["bytes"] > 0  # the rest is on its way when all is sent
        assert report["end"]["sum_sent"]["bytes"] >= 5 * MIB


@pytest.mark.parametrize("options", [[], ["-R"], ["-P", "3"], ["--udp-counters-64bit"],
                                     ["-R", "--udp-counters-64bit", "-l", "200"]])
def test_udp_to_the_server(server, options):
    report = client("-u", "-b", "4M", "-t", "2", *options)
    assert report["status"] == 0, report
    end = report["end"]
    streams = 3 if "-P" in options else 1
    assert len(end["streams"]) == streams
    got = end["sum"]
    # A machine that is busy is late with some, or has no room for them.
    assert got["packets"] > 100 and got["lost_packets"] <= got["packets"] / 2
    assert 0 <= got["jitter_ms"] < 1000
    assert 0.4 < got["bits_per_second"] / (4e6 * streams) < 2
    server.wait_for("done")
    assert read(server, r"received: .* of \d+ datagrams lost, jitter \d+ us")


def test_losses_are_counted_in_both_directions(server):
    """More than fits: what one side sent is what the other had and lost."""
    for options in ([], ["-R"]):
        report = client("-u", "-b", "0", "-t", "1", *options)
        assert report["status"] == 0, report
        got = report["end"]["sum"]
        assert got["packets"] > 100 and 0 <= got["lost_packets"] < got["packets"]


@contextlib.contextmanager
def busy(*options):
    """A client whose streams are there."""
    process = subprocess.Popen(["iperf3", "-c", GUEST_ADDRESS, *options], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            seen = subprocess.run(["ss", "-Htn", "state", "established", f"dport = :{PORT}"], capture_output=True,
                                  text=True, check=True).stdout
            if len(seen.splitlines()) >= 2:  # the control connection, and a stream
                break
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_second_client_is_told_to_wait(server):
    with busy("-t", "3", *SLOWLY) as first:
        second = client("-t", "1")
        assert "busy" in second["error"]
        assert first.wait(60) == 0
    assert_serves()


@pytest.mark.parametrize("options", [["--bidir"], ["-P", "9"], ["-u", "-l", "8000"]])
def test_what_it_does_not_do_is_said(server, options):
    report = client("-t", "1", *options)
    assert report["error"]
    assert_serves()


def test_a_client_that_leaves_does_not_block_the_next(server):
    with busy("-t", "300", "-P", "2", *SLOWLY) as left:
        assert left.poll() is None
    deadline = time.monotonic() + 30
    while client(*SOME)["status"] != 0:  # until the image has seen that
        assert time.monotonic() < deadline


def exchange(data, answers):
    """Sends `data` as a client of the control connection; what comes back within a second each."""
    with socket.create_connection((GUEST_ADDRESS, PORT), timeout=60) as s:
        s.sendall(b"c" * 36 + b"\0")
        assert s.recv(1) == b"\x09"
        s.sendall(data)
        got = b""
        while len(got) < answers and (more := s.recv(100)):
            got += more
        return got


def test_nonsense_is_refused(server):
    for text in (b"", b"{", b"[1,2]", b"x" * 100, b'{"tcp":true,"parallel":-1}', b"[" * 5000):
        message = len(text).to_bytes(4, "big") + text
        got = exchange(message, 9)
        assert got == b"" or got[0] == 0xFE, text
    assert exchange(b"\xff\xff\xff\xff", 1) == b""
    assert_serves()


class Iperf3Server:
    """Debian's server, for one test."""

    def __enter__(self):
        self.process = subprocess.Popen(["iperf3", "-s", "-1", "-J"], stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 30
        while True:
            # Looks for the listening socket without connecting, which would be its one client.
            listening = subprocess.run(["ss", "-Hltn", f"sport = :{PORT}"], capture_output=True, text=True)
            if listening.stdout.strip():
                return self
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def report(self):
        out, _ = self.process.communicate(timeout=60)
        return json.loads(out)


@pytest.mark.parametrize("options", [
    "--time=1s", "--time=1s --reverse", "--time=1s --parallel=4", "--bytes=5M", "--bytes=5M --reverse",
    "--time=2s --udp --bitrate=4000000", "--time=2s --udp --reverse --bitrate=4000000",
    "--time=1s --udp --parallel=3"])
def test_as_client(board, network, options):
    assert network is not None
    with Iperf3Server() as peer:
        args = f"--client={netns.HOST_ADDRESS} {options}"
        with Guest(board, "iperf", args=args, tap=netns.TAP) as guest:
            status = guest.wait_exit(90)
            console = guest.console()
        assert status == 0, console
        report = peer.report()
    assert "error" not in report, report
    sent, received = told(guest_of(console), "sent"), told(guest_of(console), "received")
    streams = int((re.search(r"parallel=(\d)", options) or [0, 1])[1])
    assert sent[0] == received[0] == streams == len(report["start"]["connected"])
    assert 0 < received[1] <= sent[1]
    if "bytes=5M" in options:
        assert sent[1] >= 5 * MIB
    if "udp" in options:
        assert re.search(r"received: .* of \d+ datagrams lost, jitter \d+ us", console)


class guest_of:
    """A console that stays when its guest is gone."""

    def __init__(self, console):
        self.text = console

    def console(self):
        return self.text


def test_as_client_without_a_server(board, network):
    assert network is not None
    with Guest(board, "iperf", args=f"--client={netns.HOST_ADDRESS}", tap=netns.TAP) as guest:
        assert guest.wait_exit() == 1
        assert "no server there" in guest.console()
