#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What gets through a link that loses packets: from an image of the host board, and from Linux with CUBIC.

    receiver, 10.0.2.2 - tap0 - linksim - tap1 - bridge - the image's tap, or Linux behind a veth pair

Both senders stand behind the same simulator (tests/emu/linksim) with the same seeds, have up to 4 MiB
under way, and send as fast as they may to the same receiver, Linux. Needs root. Transfers wait most of
the time, so several run at once, each in namespaces of its own.

    bench/goodput.py [--loss 1,5] [--delay 50] [--seconds 3,20] [--seeds 40] [--json figures.json]
"""

import argparse
import concurrent.futures
import contextlib
import json
import math
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
import stage  # noqa: E402
import table  # noqa: E402
from badlink import BRIDGE, GUEST_TAP, bad_link  # noqa: E402
from guest import GUEST_ADDRESS, Guest  # noqa: E402

CHARGEN = 19
BUILD = ROOT / "build/bench"
SENDERS = ["Fata", "Linux, CUBIC", "Linux, Reno"]
PEER = SENDERS[1]


def build():
    """The simulator, and the image that sends."""
    BUILD.mkdir(parents=True, exist_ok=True)
    badlink.build(BUILD)
    stage.make("host", stage.sender())


def serve_forever(congestion, ready):
    """Linux as a sender: whoever connects gets zeros until he leaves."""
    with socket.create_server(("0.0.0.0", CHARGEN)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion)
        ready.set()
        connection, _ = listener.accept()
        used = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
        if used.rstrip(b"\0") != congestion:
            sys.exit(f"goodput: the kernel sends with {used}, not {congestion}")
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
        if server.exitcode:
            raise RuntimeError("the server failed")
        server.kill()
        server.join()
    finally:
        netns.ip("netns", "delete", name)


def receive_for(seconds):
    """Bytes a second, of each of these times from the end of the handshake on."""
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError):
            s = socket.create_connection((GUEST_ADDRESS, CHARGEN), timeout=10)
            break
        if time.monotonic() > deadline:
            raise RuntimeError("nobody answers")
    rates = []
    with s:
        begin, total = time.monotonic(), 0
        for end in seconds:
            while (left := begin + end - time.monotonic()) > 0:
                s.settimeout(left)
                with contextlib.suppress(TimeoutError):
                    total += len(s.recv(1 << 18))
            rates.append(total / (time.monotonic() - begin))
    return rates


def go_first():
    """All that takes part runs before other work of this machine, which would lengthen round trips."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def measure(sender, loss, delay_ms, seed, seconds):
    go_first()
    words = [f"--loss={loss}%", f"--delay={delay_ms}ms", f"--seed={seed}"]
    with netns.Network(), bad_link(BUILD / "linksim", *words), contextlib.ExitStack() as stack:
        if sender == "Fata":
            guest = stack.enter_context(Guest("host", "sender", tap=GUEST_TAP))
            guest.wait_for("ready")
        else:
            stack.enter_context(linux(b"cubic" if "CUBIC" in sender else b"reno"))
        return receive_for(seconds)


def mean_error(values):
    """The standard error of the mean, as a share of it."""
    if len(values) < 2:
        return 0
    return statistics.stdev(values) / math.sqrt(len(values)) / statistics.mean(values)


def show(results, senders, losses, seconds):
    rows = [["loss", "seconds", "sender", "KB/s mean", "median", "least", "most", "to CUBIC"]]
    for loss in losses:
        for i, time_s in enumerate(seconds):
            rates = {sender: [r["rates"][i] / 1000 for r in results if (r["sender"], r["loss"]) == (sender, loss)]
                     for sender in senders}
            base = rates[PEER]
            for sender in senders:
                r = rates[sender]
                error = 0 if sender == PEER else math.hypot(mean_error(r), mean_error(base))
                ratio = statistics.mean(r) / statistics.mean(base)
                rows.append([f"{loss:g} %", f"{time_s:g}", sender, f"{statistics.mean(r):,.0f}",
                             f"{statistics.median(r):,.0f}", f"{min(r):,.0f}", f"{max(r):,.0f}",
                             f"{ratio:.2f}x" + (f" ± {ratio * error:.2f}" if error else "")])
    table.show(rows, left=(0, 1, 2))


def numbers(text):
    return [float(word) for word in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--loss", type=numbers, default="1,5", help="per cent, each direction (default %(default)s)")
    parser.add_argument("--delay", type=int, default=50, help="milliseconds, each direction (default %(default)s)")
    parser.add_argument("--seconds", type=numbers, default="3,20",
                        help="after which to take stock of each transfer, ascending (default %(default)s)")
    parser.add_argument("--seeds", type=int, default=40, help="transfers of each kind (default %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="seed (default %(default)s)")
    parser.add_argument("--no-reno", action="store_true", help="only Fata and CUBIC")
    parser.add_argument("--at-once", type=int, default=8, help="transfers at one time (default %(default)s)")
    parser.add_argument("--json", type=pathlib.Path, help="keep each measurement in this file")
    options = parser.parse_args()
    if not netns.available():
        sys.exit("goodput: needs root, for its network namespaces")
    build()
    senders = SENDERS[:2] if options.no_reno else SENDERS
    jobs = [(sender, loss, options.delay, seed, options.seconds) for loss in options.loss
            for seed in range(options.first, options.first + options.seeds) for sender in senders]
    # A process each, since a namespace is entered by all that a process does.
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(options.at_once, mp_context=context, max_tasks_per_child=1) as pool:
        rates = list(pool.map(measure, *zip(*jobs)))
    results = [{"sender": job[0], "loss": job[1], "seed": job[3], "rates": r} for job, r in zip(jobs, rates)]
    if options.json:
        options.json.write_text(json.dumps(results))
    print(f"\nGoodput with {options.delay} ms of delay each way, {options.seeds} transfers each; ratios are of means, "
          "with their standard error\n")
    show(results, senders, options.loss, options.seconds)


if __name__ == "__main__":
    main()
