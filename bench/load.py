# SPDX-License-Identifier: ISC
"""What loads a server and measures it: requests, bulk transfers, the time until the first answer."""

import contextlib
import os
import pathlib
import re
import select
import socket
import subprocess
import threading
import time

HTTP, DISCARD, SOURCE = 80, 9, 19
#: One segment with its header, as the single page of small servers is.
SMALL_PAGE = "/favicon.svg"


def wrk(address, connections, seconds, connection=None, path=SMALL_PAGE, port=HTTP):
    """Requests per second. `connection` is the header's value: "close", "keep-alive"."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://{address}:{port}{path}"]
    if connection:
        command += ["-H", f"Connection: {connection}"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if re.search(r"Non-2xx", out):
        raise RuntimeError(f"errors from {address}:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def ping_us(address):
    out = subprocess.run(["ping", "-q", "-i", "0.005", "-c", "200", address], capture_output=True, text=True,
                         check=True).stdout
    return float(re.search(r"= [\d.]+/([\d.]+)/", out).group(1)) * 1000


def upload(address, seconds):
    """Into the discard service, until the last byte is taken: (Gbit/s, MiB)."""
    block = bytes(1 << 20)
    total = 0
    with socket.create_connection((address, DISCARD), timeout=60) as s:
        start = time.monotonic()
        while time.monotonic() < start + seconds:
            total += s.send(block)
        s.shutdown(socket.SHUT_WR)
        while s.recv(1 << 16):
            pass
        return total * 8 / (time.monotonic() - start) / 1e9, total / (1 << 20)


def download(address, seconds):
    """Out of the source: (Gbit/s, MiB)."""
    buffer = bytearray(1 << 20)
    total = 0
    with socket.create_connection((address, SOURCE), timeout=60) as s:
        start = time.monotonic()
        while (now := time.monotonic()) < start + seconds:
            n = s.recv_into(buffer)
            if n == 0:
                raise RuntimeError(f"{address} has ended a transfer")
            total += n
        return total * 8 / (now - start) / 1e9, total / (1 << 20)


def until_first_200(address, start, limit_s=30, port=HTTP, path="/"):
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
                s.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
                if s.recv(65536).startswith(b"HTTP/1.1 200"):
                    return (time.monotonic() - start) * 1000
    raise RuntimeError(f"{address} did not answer within {limit_s} s")


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def one_by_one(program, address, connections, step, server, limit_s):
    """Of each `step` of connections, as far as limit_s allows: (a second, microseconds of the server's processor
    for each, failed so far)."""
    command = [program, address, str(HTTP), SMALL_PAGE, str(connections), str(step)]
    found = []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(limit_s, process.kill)
    timer.start()
    with process:
        before = cpu_seconds(server)
        for line in process.stdout:
            now = cpu_seconds(server)
            rate, failed = line.split()
            found.append((float(rate), (now - before) / step * 1e6, int(failed)))
            before = now
    timer.cancel()
    return found
