# SPDX-License-Identifier: ISC
"""Every board beside the epoll server on this machine's own Linux: speed, boot time, memory, rest."""

import json
import pathlib
import re
import statistics
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import guests  # noqa: E402
import load  # noqa: E402
import netns  # noqa: E402
import stage  # noqa: E402
import table  # noqa: E402
from guest import GUEST_ADDRESS, Guest, image  # noqa: E402

BOARDS = ["virt-aarch64", "virt-arm", "microvm", "q35", "host"]
LINUX = "Linux epoll"
COLUMNS = [  # key, heading, format
    ("keep", "req/s keep-alive", "{:,.0f}"),
    ("close", "req/s close", "{:,.0f}"),
    ("user8", "req/s user net, 8", "{:,.0f}"),
    ("ping", "ping µs", "{:,.0f}"),
    ("up", "TCP in Gbit/s", "{:,.2f}"),
    ("down", "TCP out Gbit/s", "{:,.2f}"),
    ("boot", "to first 200, ms", "{:,.1f}"),
    ("hello", "hello to exit, ms", "{:,.1f}"),
    ("exit", "bare to exit, ms", "{:,.1f}"),
    ("rest", "at rest, % of core", "{:,.2f}"),
    ("memory", "peak memory KiB", "{:,.0f}"),
]
#: Images of four instructions that call PSCI SYSTEM_OFF: what QEMU itself costs.
BARE = {
    "virt-aarch64": (0x52800100, 0x72b08000, 0xd4000002, 0x14000000),
    "virt-arm": (0xe3000008, 0xe3480400, 0xe1400070, 0xeafffffe),
}


def median(n, measure):
    return statistics.median(measure() for _ in range(n))


def tap_guest(board, app):
    options = {} if image(board, app).is_process else {"mac": guests.GUEST_MAC}
    return Guest(board, app, tap=netns.TAP, **options)


def boot_ms(board):
    guests.know_guest(board)
    guest = tap_guest(board, "web")
    start = time.monotonic()
    with guest:
        return load.until_first_200(GUEST_ADDRESS, start)


def exit_ms(board, kernel=None):
    guest = Guest(board, "hello", **({"kernel": kernel} if kernel else {}))
    start = time.monotonic()
    with guest:
        guest.process.wait(30)
        return (time.monotonic() - start) * 1000


def bare_image(board):
    path = stage.BUILD / f"{board}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<4I", *BARE[board]))
    return str(path)


def at_rest_percent(process, seconds=5):
    """Processor time that the machine uses while nothing happens."""
    before = load.cpu_seconds(process)
    time.sleep(seconds)
    return (load.cpu_seconds(process) - before) / seconds * 100


def measure_board(board, seconds, rounds):
    row = {}
    with netns.Network():
        with tap_guest(board, "web") as guest:
            guest.wait_for("ready")
            row["rest"] = at_rest_percent(guest.process)
            row["ping"] = load.ping_us(GUEST_ADDRESS)
            row["keep"] = load.wrk(GUEST_ADDRESS, 64, seconds, path="/")
            row["close"] = load.wrk(GUEST_ADDRESS, 64, seconds, connection="close", path="/")
            status = json.loads(guest.get("/status.json")[2])
            row["memory"] = status["memory_peak_bytes"] / 1024
        with tap_guest(board, "services") as guest:
            guest.wait_for("ready")
            row["up"] = median(rounds, lambda: load.upload(GUEST_ADDRESS, 1)[0])
            row["down"] = median(rounds, lambda: load.download(GUEST_ADDRESS, 1)[0])
        row["boot"] = median(rounds * 3, lambda: boot_ms(board))
        row["hello"] = median(rounds * 3, lambda: exit_ms(board))
        if board in BARE:
            row["exit"] = median(rounds * 3, lambda: exit_ms(board, bare_image(board)))
        if not image(board, "web").is_process:
            with Guest(board, "web", tcp=(load.HTTP,)) as guest:
                guest.wait_for("ready")
                address, port = guest.address(load.HTTP)
                row["user8"] = load.wrk(address, 8, seconds, port=port)
    return row


def peak_kib(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))


def linux_boot_ms(launch):
    start = time.monotonic()
    process = launch(stage.ROOT / "apps/web/htdocs/index.html")
    try:
        return load.until_first_200(guests.PEER_ADDRESS, start)
    finally:
        guests.stop(process)


def measure_linux(seconds, rounds):
    row = {}
    address = guests.PEER_ADDRESS
    with netns.Network(), guests.linux_namespace() as launch:
        process = launch(stage.ROOT / "apps/web/htdocs/index.html")
        load.until_first_200(address, time.monotonic())
        row["rest"] = at_rest_percent(process)
        row["ping"] = load.ping_us(address)
        row["keep"] = load.wrk(address, 64, seconds)
        row["close"] = load.wrk(address, 64, seconds, connection="close")
        row["up"] = median(rounds, lambda: load.upload(address, 1)[0])
        row["down"] = median(rounds, lambda: load.download(address, 1)[0])
        row["memory"] = peak_kib(process)
        guests.stop(process)
        row["boot"] = median(rounds * 3, lambda: linux_boot_ms(launch))
    return row


def show(rows):
    linux = rows[LINUX]
    names = list(rows)
    lines = [["", *names]]
    for key, heading, form in COLUMNS:
        cells = []
        for name in names:
            value = rows[name].get(key)
            cell = "-" if value is None else form.format(value)
            if value is not None and name != LINUX and linux.get(key):
                cell += f" ({value / linux[key]:.2f}x)"
            cells.append(cell)
        lines.append([heading, *cells])
    print("\nEvery board, over a tap; x: ratio to the Linux server of this run. Boards but `host` are emulated; the\n"
          "Linux server and `host` run natively. Memory: of the image at its peak; of Linux, of the process.")
    table.show(lines)


def measure(boards, seconds, rounds):
    rows = {}
    for board in boards:
        print(f"  {board}", flush=True)
        stage.make_apps(board, "web", "services", "hello")
        rows[board] = measure_board(board, seconds, rounds)
    print("  Linux", flush=True)
    rows[LINUX] = measure_linux(seconds, rounds)
    show(rows)
    return rows
