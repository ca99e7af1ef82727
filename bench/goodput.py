#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What gets through a link that loses packets: from an image of the host board, and from Linux with CUBIC.

    receiver, 10.0.2.2 - tap0 - linksim - tap1 - bridge - the image's tap, or Linux behind a veth pair

Both senders stand behind the same simulator (tests/emu/linksim) with the same seeds, and send as fast as
they may to the same receiver, Linux. Needs root. Transfers wait most of the time, so several run at once,
each in namespaces of its own.

    bench/goodput.py [--loss 1,5] [--delay 50] [--seconds 20] [--seeds 4]
"""

import argparse
import concurrent.futures
import contextlib
import multiprocessing
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/emu"), str(ROOT / "bench")]
import badlink  # noqa: E402
import netns  # noqa: E402
import table  # noqa: E402
from badlink import BRIDGE, GUEST_TAP, bad_link  # noqa: E402
from guest import GUEST_ADDRESS, Guest  # noqa: E402

CHARGEN = 19
BUILD = ROOT / "build/bench"
SENDERS = ["Fata", "Linux, CUBIC", "Linux, Reno"]


def build():
    """The simulator, and the image that sends."""
    BUILD.mkdir(parents=True, exist_ok=True)
    badlink.build(BUILD)
    subprocess.run(["make", "-s", "SETUP=0", "BOARD=host", "APP=services", "all"], cwd=ROOT, check=True)


def serve_forever(congestion, ready):
    """Linux as a sender: whoever connects gets zeros until he leaves."""
    with socket.create_server(("0.0.0.0", CHARGEN)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion)
        ready.set()
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            while True:
                connection.sendall(bytes(1 << 16))


@contextlib.contextmanager
def linux(congestion):
    """A namespace behind the bridge, with the address that the image would have."""
    name = f"fata-goodput-{os.getpid()}"
    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    netns.ip("netns", "add", name)
    try:
        netns.ip("link", "add", "veth0", "type", "veth", "peer", "name", "veth1", "netns", name)
        netns.ip("link", "set", "veth0", "master", BRIDGE, "up")
        netns.ip("-n", name, "address", "add", f"{GUEST_ADDRESS}/24", "dev", "veth1")
        netns.ip("-n", name, "link", "set", "veth1", "up")

        def run():
            netns._setns(f"/run/netns/{name}")
            serve_forever(congestion, ready)

        server = fork.Process(target=run)
        server.start()
        if not ready.wait(10):
            raise RuntimeError("the server did not start")
        yield
        server.kill()
        server.join()
    finally:
        netns.ip("netns", "delete", name)


def receive_for(seconds):
    """Bytes a second."""
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError):
            s = socket.create_connection((GUEST_ADDRESS, CHARGEN), timeout=10)
            break
        if time.monotonic() > deadline:
            raise RuntimeError("nobody answers")
    with s:
        s.settimeout(30)
        begin, total = time.monotonic(), 0
        while (now := time.monotonic()) < begin + seconds:
            s.settimeout(begin + seconds - now)
            try:
                total += len(s.recv(1 << 18))
            except TimeoutError:
                break
        return total / (time.monotonic() - begin)


def measure(sender, loss, delay_ms, seed, seconds):
    words = [f"--loss={loss}%", f"--delay={delay_ms}ms", f"--seed={seed}"]
    with netns.Network(), bad_link(BUILD / "linksim", *words), contextlib.ExitStack() as stack:
        if sender == "Fata":
            guest = stack.enter_context(Guest("host", "services", tap=GUEST_TAP))
            guest.wait_for("ready")
        else:
            stack.enter_context(linux(b"cubic" if "CUBIC" in sender else b"reno"))
        return receive_for(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--loss", default="1,5", help="per cent, each direction (default %(default)s)")
    parser.add_argument("--delay", type=int, default=50, help="milliseconds, each direction (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="of each transfer (default %(default)s)")
    parser.add_argument("--seeds", type=int, default=4, help="transfers of each kind (default %(default)s)")
    parser.add_argument("--at-once", type=int, default=4, help="transfers at one time (default %(default)s)")
    options = parser.parse_args()
    if not netns.available():
        sys.exit("goodput: needs root, for its network namespaces")
    build()
    losses = [float(word) for word in options.loss.split(",")]
    jobs = [(sender, loss, options.delay, seed, options.seconds) for loss in losses
            for seed in range(1, options.seeds + 1) for sender in SENDERS]
    # A process each, since a namespace is entered by all that a process does.
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(options.at_once, mp_context=context, max_tasks_per_child=1) as pool:
        results = dict(zip(jobs, pool.map(measure, *zip(*jobs))))
    rows = [["loss", "sender", "KB/s median", "least", "most", "to CUBIC"]]
    for loss in losses:
        rates = {sender: [r / 1000 for job, r in results.items() if job[:2] == (sender, loss)] for sender in SENDERS}
        base = statistics.mean(rates["Linux, CUBIC"])
        for sender in SENDERS:
            r = rates[sender]
            rows.append([f"{loss:g} %", sender, f"{statistics.median(r):,.0f}", f"{min(r):,.0f}", f"{max(r):,.0f}",
                         f"{statistics.mean(r) / base:.2f}x"])
    print(f"\nGoodput with {options.delay} ms of delay each way, {options.seeds} transfers of {options.seconds:g} s each; "
          "ratios are of means\n")
    table.show(rows, left=(0, 1))


if __name__ == "__main__":
    main()
