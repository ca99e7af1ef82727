#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Measures every board beside a Linux epoll server on the same machine, in the same run.

What `make bench` calls. With root, guests and the Linux server each sit behind a network interface of
their own (a tap, a veth pair) in network namespaces made for the run. The machine's speed drifts, so
compare within one table only: each figure is followed by its ratio to the Linux server's.

    bench/bench.py [--boards virt-aarch64,host] [--seconds 4] [--rounds 3] [--json FILE]
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import select
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/emu")]
import emulator  # noqa: E402
import netns  # noqa: E402
from guest import GUEST_ADDRESS, Guest, image  # noqa: E402

BOARDS = ["virt-aarch64", "virt-arm", "microvm", "host"]
PAGE = ROOT / "apps/web/htdocs/index.html"
GUEST_MAC = "52:54:00:12:34:56"
PEER_ADDRESS = "10.0.4.2"
HTTP, DISCARD, CHARGEN = 80, 9, 19
BULK_BYTES = 64 << 20
COLUMNS = [  # key, heading, format, better
    ("keep", "req/s keep-alive", "{:,.0f}"),
    ("close", "req/s close", "{:,.0f}"),
    ("user8", "req/s user net, 8", "{:,.0f}"),
    ("ping", "ping µs", "{:,.0f}"),
    ("up", "TCP in MB/s", "{:,.0f}"),
    ("down", "TCP out MB/s", "{:,.0f}"),
    ("boot", "to first 200, ms", "{:,.1f}"),
    ("hello", "hello to exit, ms", "{:,.1f}"),
    ("exit", "bare to exit, ms", "{:,.1f}"),
    ("rest", "at rest, % of core", "{:,.2f}"),
    ("memory", "peak memory KiB", "{:,.0f}"),
]


def wrk(address, port, connections, seconds, close=False, path="/"):
    """Requests per second."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://{address}:{port}{path}"]
    if close:
        command += ["-H", "Connection: close"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if re.search(r"Non-2xx", out):
        raise RuntimeError(f"errors from {address}:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def ping_us(address):
    out = subprocess.run(["ping", "-q", "-i", "0.005", "-c", "200", address], capture_output=True,
                         text=True, check=True).stdout
    return float(re.search(r"= [\d.]+/([\d.]+)/", out).group(1)) * 1000


def upload(address):
    """MB/s into the discard service."""
    block = bytes(1 << 20)
    with socket.create_connection((address, DISCARD), timeout=60) as s:
        start = time.monotonic()
        for _ in range(BULK_BYTES >> 20):
            s.sendall(block)
        s.shutdown(socket.SHUT_WR)
        s.recv(1)
        return BULK_BYTES / (time.monotonic() - start) / 1e6


def download(address):
    """MB/s out of the character generator."""
    total = 0
    buffer = bytearray(1 << 20)
    with socket.create_connection((address, CHARGEN), timeout=60) as s:
        start = time.monotonic()
        while total < BULK_BYTES:
            total += s.recv_into(buffer)
        return total / (time.monotonic() - start) / 1e6


def until_first_200(address, port, start, limit_s=30):
    """Milliseconds from `start` to the first 200. A lost SYN is retried at once, not after a second."""
    while time.monotonic() < start + limit_s:
        with socket.socket() as s:
            s.setblocking(False)
            s.connect_ex((address, port))
            if not select.select([], [s], [], 0.001)[1]:
                continue
            if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
                continue
            s.setblocking(True)
            s.settimeout(1)
            with contextlib.suppress(OSError):
                s.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
                if s.recv(65536).startswith(b"HTTP/1.1 200"):
                    return (time.monotonic() - start) * 1000
    raise RuntimeError(f"{address} did not answer within {limit_s} s")


def median(n, measure):
    return statistics.median(measure() for _ in range(n))


# --- a board ---------------------------------------------------------------------------------------

def tap_guest(board, app):
    options = {} if image(board, app).is_process else {"mac": GUEST_MAC}
    return Guest(board, app, tap=netns.TAP, **options)


def boot_ms(board):
    """The client knows the guest's link address already, as a router would after its first packet."""
    if not image(board, "web").is_process:
        netns.ip("neighbour", "replace", GUEST_ADDRESS, "lladdr", GUEST_MAC, "dev", netns.TAP)
    guest = tap_guest(board, "web")
    start = time.monotonic()
    with guest:
        return until_first_200(GUEST_ADDRESS, HTTP, start)


def exit_ms(board, kernel=None):
    guest = Guest(board, "hello", **({"kernel": kernel} if kernel else {}))
    start = time.monotonic()
    with guest:
        guest.process.wait(30)
        return (time.monotonic() - start) * 1000


#: Images of four instructions that call PSCI SYSTEM_OFF: what QEMU itself costs.
BARE = {
    "virt-aarch64": (0x52800100, 0x72b08000, 0xd4000002, 0x14000000),
    "virt-arm": (0xe3000008, 0xe3480400, 0xe1400070, 0xeafffffe),
}


def bare_image(board):
    path = ROOT / "build/bench" / f"{board}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<4I", *BARE[board]))
    return str(path)


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def at_rest_percent(process, seconds=5):
    """Processor time that the machine uses while nothing happens."""
    before = cpu_seconds(process)
    time.sleep(seconds)
    return (cpu_seconds(process) - before) / seconds * 100


def measure_board(board, seconds, rounds):
    row = {}
    with netns.Network():
        with tap_guest(board, "web") as guest:
            guest.wait_for("ready")
            row["rest"] = at_rest_percent(guest.process)
            row["ping"] = ping_us(GUEST_ADDRESS)
            row["keep"] = wrk(GUEST_ADDRESS, HTTP, 64, seconds)
            row["close"] = wrk(GUEST_ADDRESS, HTTP, 64, seconds, close=True)
            status = json.loads(guest.get("/status.json")[2])
            row["memory"] = status["memory_peak_bytes"] / 1024
        with tap_guest(board, "services") as guest:
            guest.wait_for("ready")
            row["up"] = median(rounds, lambda: upload(GUEST_ADDRESS))
            row["down"] = median(rounds, lambda: download(GUEST_ADDRESS))
        row["boot"] = median(rounds * 3, lambda: boot_ms(board))
        row["hello"] = median(rounds * 3, lambda: exit_ms(board))
        if board in BARE:
            row["exit"] = median(rounds * 3, lambda: exit_ms(board, bare_image(board)))
        if not image(board, "web").is_process:
            with Guest(board, "web", tcp=(HTTP,)) as guest:
                guest.wait_for("ready")
                # One segment, as the single page of small servers is.
                row["user8"] = wrk(*guest.address(HTTP), 8, seconds, path="/favicon.svg")
    return row


# --- the peer --------------------------------------------------------------------------------------

@contextlib.contextmanager
def linux_server(program):
    """The epoll server in a namespace behind a veth pair; yields its process."""
    with netns.Network() as network:
        peer = network.name + "-peer"
        netns.ip("netns", "add", peer)
        try:
            netns.ip("link", "add", "veth0", "type", "veth", "peer", "name", "veth1", "netns", peer)
            netns.ip("address", "add", "10.0.4.1/24", "dev", "veth0")
            netns.ip("link", "set", "veth0", "up")
            netns.ip("-n", peer, "address", "add", f"{PEER_ADDRESS}/24", "dev", "veth1")
            netns.ip("-n", peer, "link", "set", "veth1", "up")
            yield lambda: subprocess.Popen(["ip", "netns", "exec", peer, program, PEER_ADDRESS, str(PAGE),
                                            str(HTTP), str(DISCARD), str(CHARGEN)])
        finally:
            netns.ip("netns", "delete", peer)


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait()


def peak_kib(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))


def linux_boot_ms(launch):
    start = time.monotonic()
    process = launch()
    try:
        return until_first_200(PEER_ADDRESS, HTTP, start)
    finally:
        stop(process)


def build_peer():
    program = ROOT / "build/bench/epoll_server"
    program.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-O2", "-o", program, ROOT / "bench/peers/epoll_server.c"], check=True)
    return str(program)


def measure_linux(seconds, rounds):
    row = {}
    with linux_server(build_peer()) as launch:
        process = launch()
        until_first_200(PEER_ADDRESS, HTTP, time.monotonic())
        row["rest"] = at_rest_percent(process)
        row["ping"] = ping_us(PEER_ADDRESS)
        row["keep"] = wrk(PEER_ADDRESS, HTTP, 64, seconds)
        row["close"] = wrk(PEER_ADDRESS, HTTP, 64, seconds, close=True)
        row["up"] = median(rounds, lambda: upload(PEER_ADDRESS))
        row["down"] = median(rounds, lambda: download(PEER_ADDRESS))
        row["memory"] = peak_kib(process)
        stop(process)
        row["boot"] = median(rounds * 3, lambda: linux_boot_ms(launch))
    return row


# --- the table -------------------------------------------------------------------------------------

def print_table(rows):
    linux = rows["Linux epoll"]
    names = list(rows)
    print(f"\n{'':<20}" + "".join(f"{n:>22}" for n in names))
    for key, heading, form in COLUMNS:
        cells = []
        for name in names:
            value = rows[name].get(key)
            cell = "-" if value is None else form.format(value)
            if value is not None and name != "Linux epoll" and linux.get(key):
                cell += f" ({value / linux[key]:.2f}x)"
            cells.append(f"{cell:>22}")
        print(f"{heading:<20}" + "".join(cells))
    print("\n(x: ratio to the Linux server of this run. Boards but `host` run under QEMU's emulation; the\n"
          "Linux server and `host` run natively. Memory: of the image at its peak; of Linux, of the process.)")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--boards", default=",".join(BOARDS))
    p.add_argument("--seconds", type=int, default=4, help="length of each HTTP run")
    p.add_argument("--rounds", type=int, default=3, help="repetitions of bulk transfers (boots: times 3)")
    p.add_argument("--json", help="write the figures to this file")
    a = p.parse_args()
    if not netns.available():
        sys.exit("bench: needs root and /dev/net/tun, to make taps in network namespaces of its own")
    rows = {}
    for board in a.boards.split(","):
        if board not in BOARDS:
            sys.exit(f"bench: there is no board \"{board}\"; the boards are {', '.join(BOARDS)}")
        print(f"measuring {board}", flush=True)
        rows[board] = measure_board(board, a.seconds, a.rounds)
    print("measuring Linux", flush=True)
    rows["Linux epoll"] = measure_linux(a.seconds, a.rounds)
    print_table(rows)
    if a.json:
        pathlib.Path(a.json).write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
