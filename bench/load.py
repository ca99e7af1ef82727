# SPDX-License-Identifier: ISC
"""What loads a server and measures it: requests, bulk transfers, the time until the first answer."""

import contextlib
import re
import select
import socket
import subprocess
import time

HTTP, DISCARD, SOURCE = 80, 9, 19
#: One segment with its header, as the single page of small servers is.
SMALL_PAGE = "/favicon.svg"


def wrk(address, connections, seconds, close=False, path=SMALL_PAGE, port=HTTP):
    """Requests per second."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://{address}:{port}{path}"]
    if close:
        command += ["-H", "Connection: close"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if re.search(r"Non-2xx", out):
        raise RuntimeError(f"errors from {address}:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def ping_us(address):
    out = subprocess.run(["ping", "-q", "-i", "0.005", "-c", "200", address], capture_output=True, text=True,
                         check=True).stdout
    return float(re.search(r"= [\d.]+/([\d.]+)/", out).group(1)) * 1000


def upload(address, seconds):
    """Gbit/s into the discard service, until the last byte is taken."""
    block = bytes(1 << 20)
    total = 0
    with socket.create_connection((address, DISCARD), timeout=60) as s:
        start = time.monotonic()
        while time.monotonic() < start + seconds:
            total += s.send(block)
        s.shutdown(socket.SHUT_WR)
        while s.recv(1 << 16):
            pass
        return total * 8 / (time.monotonic() - start) / 1e9


def download(address, seconds):
    """Gbit/s out of the source."""
    buffer = bytearray(1 << 20)
    total = 0
    with socket.create_connection((address, SOURCE), timeout=60) as s:
        start = time.monotonic()
        while (now := time.monotonic()) < start + seconds:
            n = s.recv_into(buffer)
            if n == 0:
                raise RuntimeError(f"{address} has ended a transfer")
            total += n
        return total * 8 / (now - start) / 1e9


def until_first_200(address, start, limit_s=30, port=HTTP):
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


def one_by_one(program, address, connections, step, limit_s):
    """[(connections a second, failed so far)] of each `step` of connections, as far as limit_s allows."""
    command = [program, address, str(HTTP), SMALL_PAGE, str(connections), str(step)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            out = process.communicate(timeout=limit_s)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            out = process.communicate()[0]
    return [(float(line.split()[0]), int(line.split()[1])) for line in out.splitlines()]
