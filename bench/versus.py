# SPDX-License-Identifier: ISC
"""Fata beside its peers: in the same arrangement, in the same run, in turns.

Each figure is taken `rounds` times, all servers in turn within a round, so that a machine whose speed
drifts is slow for all of them. Tables show the median with least and most, and the ratios of medians.
"""

import contextlib
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import guests  # noqa: E402
import load  # noqa: E402
import linux_guest  # noqa: E402
import netns  # noqa: E402
import stage  # noqa: E402
import table  # noqa: E402
from guest import GUEST_ADDRESS  # noqa: E402

#: A DHCP server is asked for one.
NO_ADDRESS = "--ipv4=0.0.0.0/0 --gateway=0.0.0.0"
#: key: heading, unit's format
MEASURES = {
    "keep1": ("req/s keep-alive, 1 connection", "{:,.0f}"),
    "keep": ("req/s keep-alive, 64 connections", "{:,.0f}"),
    "close": ("req/s close, 64 connections", "{:,.0f}"),
    "keep8": ("req/s keep-alive, 8 connections", "{:,.0f}"),
    "close8": ("req/s close, 8 connections", "{:,.0f}"),
    "in": ("bulk in, Gbit/s", "{:,.2f}"),
    "out": ("bulk out, Gbit/s", "{:,.2f}"),
    "boot": ("exec to first 200, ms", "{:,.1f}"),
}
#: What of it the server's process took, in microseconds a request or a MiB: other load hardly changes it.
CPU_MEASURES = {key + "_us": ("   its processor time, µs", "{:,.1f}") for key in ("keep1", "keep", "close", "keep8", "close8", "in", "out")}
MEASURES.update(CPU_MEASURES)
LESS_IS_BETTER = {"boot", *CPU_MEASURES}
LEAST = "Fata, least HTTP"
#: Answers by looking at frames alone: what the driver, the kernel and an emulator leave to gain.
NO_STACK = "no stack at all"
#: lwIP with the least servers over its raw API.
RAW = "lwIP"
#: lwIP with its own HTTP server: what Fata with its own is to be compared with.
HTTPD = "lwIP httpd"
ONE_BY_ONE = (100_000, 10_000)


class Contestant:
    """A server in one or two shapes (Fata's pages and its bulk services are two applications), or of requests alone."""

    def __init__(self, name, web, bulk=None, address=GUEST_ADDRESS, counts_cpu=True, page="/", waits_for=None,
                 has_bulk=True, stays=None):
        """stays: what a request has to say in `Connection` for the connection to stay, if anything."""
        self.page, self.waits_for, self.has_bulk, self.stays = page, waits_for, has_bulk, stays
        self.name, self.address, self.counts_cpu = name, address, counts_cpu
        self.web, self.bulk = web, bulk
        self.found = {}

    def note(self, key, value):
        self.found.setdefault(key, []).append(value)

    @contextlib.contextmanager
    def running(self, make):
        guests.forget_guest()
        start = time.monotonic()
        with make() as server:
            if self.waits_for:
                server.wait_for(self.waits_for)
            self.ready_ms = load.until_first_200(self.address, start, path=self.page)
            yield server

    def load(self, server, key, seconds, run):
        """Notes the rate that run() returns, and what a unit took of the server's processor."""
        process = getattr(server, "process", server)
        start_us = load.cpu_seconds(process) * 1e6
        rate, units = run()
        self.note(key, rate)
        if self.counts_cpu:
            self.note(key + "_us", (load.cpu_seconds(process) * 1e6 - start_us) / units)

    def requests(self, server, seconds, measures):
        for key, connections, close in (("keep1", 1, False), ("keep", 64, False), ("close", 64, True),
                                        ("keep8", 8, False), ("close8", 8, True)):
            if key in measures:
                def run(connections=connections, close=close):
                    rate = load.wrk(self.address, connections, seconds, "close" if close else self.stays)
                    return rate, rate * seconds
                self.load(server, key, seconds, run)

    def transfers(self, server, seconds, measures):
        for key, transfer in (("in", load.upload), ("out", load.download)):
            if key in measures:
                self.load(server, key, seconds, lambda transfer=transfer: transfer(self.address, seconds))

    def round(self, seconds, measures):
        with self.running(self.web) as server:
            self.note("boot", self.ready_ms)
            self.requests(server, seconds, measures)
            if self.bulk is None and self.has_bulk:
                self.transfers(server, seconds, measures)
        if self.bulk is not None:
            with self.running(self.bulk) as server:
                self.transfers(server, seconds, measures)


def spread(form, values):
    text = form.format(statistics.median(values))
    if len(values) == 1:
        return text
    return f"{text} ({form.format(min(values))}-{form.format(max(values))})"


def ratio(key, own, peer):
    a, b = statistics.median(own), statistics.median(peer)
    return f"{b / a if key in LESS_IS_BETTER else a / b:.2f}x"


def show(heading, contestants, measures, goals):
    """goals: {(key, peer's name): least ratio}"""
    own, *peers = contestants
    bare = next((c for c in contestants if c.name == LEAST), None)
    peers = [c for c in peers if c is not bare]
    rows = [["", own.name] + ([bare.name] if bare else [])]
    for peer in peers:
        rows[0] += [peer.name, "ratio"] + (["least's"] if bare else [])
    for key in [k for m in measures for k in (m, m + "_us") if k in own.found]:
        label, form = MEASURES[key]
        row = [label, spread(form, own.found[key])] + ([spread(form, bare.found[key])] if bare else [])
        for peer in peers:
            if key not in peer.found:
                row += ["-", "-"] + (["-"] if bare else [])
                continue
            goal = goals.get((key, peer.name))
            ratios = [ratio(key, c.found[key], peer.found[key]) for c in [own] + ([bare] if bare else [])]
            if goal:  # the raw API's is for what is like it
                ratios[-1 if peer.name == RAW else 0] += f" of {goal}x"
            row += [spread(form, peer.found[key]), *ratios]
        rows.append(row)
    print(f"\n{heading}: median (least-most); ratio: how many times better Fata is, of what it should be")
    table.show(rows)


def available(what, make):
    """What make() returns, or None, with a line that says why the comparison goes without it."""
    try:
        return make()
    except stage.Unavailable as e:
        print(f"without {what}: {str(e).splitlines()[0]}", flush=True)
        return None


def least(board):
    """Fata without its HTTP server: what lwIP's raw API is to be compared with."""
    stage.make(board, stage.least())
    return Contestant(LEAST, lambda: guests.fata(board, "least"))


def run_rounds(contestants, rounds, seconds, measures):
    for number in range(rounds):
        for c in contestants:
            print(f"  round {number + 1}: {c.name}", flush=True)
            c.round(seconds, measures)


# --- on this machine ---------------------------------------------------------------------------------

def native(seconds, rounds, measures):
    """The host board over a tap, lwIP in the same arrangement, Linux over a veth pair."""
    stage.make_apps("host", "web", "services")
    found = [Contestant("Fata", lambda: guests.fata("host", "web"), lambda: guests.fata("host", "services"))]
    program = available("lwIP", stage.lwip_tap)
    if program is not None:
        stage.make("host", stage.lwip_image())
        found.append(least("host"))
        found.append(Contestant("lwIP", lambda: guests.lwip_program(program)))
        found.append(Contestant("lwIP, Fata's driver", lambda: guests.lwip("host")))
    found.append(Contestant(NO_STACK, guests.no_stack, has_bulk=False))
    found.append(Contestant("Linux epoll, veth", guests.linux_on_host, address=guests.PEER_ADDRESS,
                            counts_cpu=False))  # the kernel works for it in whatever process runs
    goals = {("keep1", "lwIP"): 1.3, ("keep", "lwIP"): 1.3, ("close", "lwIP"): 1.3, ("in", "lwIP"): 3,
             ("out", "lwIP"): 3}
    with netns.Network():
        run_rounds(found, rounds, seconds, measures)
    show("Native, over a tap", found, [m for m in measures if m != "boot"], goals)
    return {c.name: c.found for c in found}


def wear_row(steps, step):
    if not steps:
        return ["-"] * 7 + [f"fewer than {step:,}"]
    (first, first_us, _), (last, last_us, failed) = steps[0], steps[-1]
    return [f"{first:,.0f}", f"{last:,.0f}", f"{last / first:.2f}x", f"{first_us:.1f}", f"{last_us:.1f}",
            f"{last_us / max(first_us, 0.1):.2f}x", f"{failed:,}", f"{len(steps) * step:,}"]


def wear(quick):
    """Connections one after another: the rate of the first and of the last of them."""
    count, step = (10_000, 1_000) if quick else ONE_BY_ONE
    client = stage.one_by_one()
    stage.make_apps("host", "web")
    program = available("lwIP", stage.lwip_tap)
    servers = [("Fata", GUEST_ADDRESS, lambda: guests.fata("host", "web"))]
    if program is not None:
        servers.append(("lwIP", GUEST_ADDRESS, lambda: guests.lwip_program(program)))
    servers.append(("Linux epoll, veth", guests.PEER_ADDRESS, guests.linux_on_host))
    rows = [["", f"first {step:,}", f"last {step:,}", "ratio", "CPU µs first", "last", "ratio", "failed", "made"]]
    found = {}
    with netns.Network():
        for name, address, make in servers:
            print(f"  {count:,} connections: {name}", flush=True)
            guests.forget_guest()
            with make() as server:
                load.until_first_200(address, time.monotonic())
                process = getattr(server, "process", server)
                steps = load.one_by_one(client, address, count, step, process, 20 if quick else 60)
            found[name] = steps
            rows.append([name, *wear_row(steps, step)])
    print("\nConnections one after another, native, over a tap: how many a second, and what each takes of the\n"
          "server's processor (of the Linux server without its kernel's interrupts), which other load does not change")
    table.show(rows)
    return found


# --- under emulation ---------------------------------------------------------------------------------

def emulated(board, seconds, rounds, measures):
    """A board under TCG: Fata, lwIP on Fata's drivers, and a Linux guest with an epoll server."""
    stage.make_apps(board, "web", "services")
    found = [Contestant("Fata", lambda: guests.fata(board, "web"), lambda: guests.fata(board, "services"))]
    if available("lwIP", stage.lwip) is not None:
        stage.make(board, stage.lwip_image())
        found.append(least(board))
        found.append(Contestant(RAW, lambda: guests.lwip(board)))
        stage.make(board, stage.lwip_image(httpd=True))
        found.append(Contestant(HTTPD, lambda: guests.lwip(board, app="lwip-httpd"), page=load.SMALL_PAGE,
                                has_bulk=False, stays="keep-alive"))
    stage.make(board, stage.frames())
    found.append(Contestant(NO_STACK, lambda: guests.fata(board, "frames"), page=load.SMALL_PAGE, has_bulk=False))
    if available("Linux", lambda: stage.linux_server(linux_guest.MACHINES[board].arch)) is not None:
        found.append(Contestant("Linux", lambda: guests.LinuxGuest(board)))
    goals = {(key, peer): 1.2 for key in ("keep", "close") for peer in (RAW, HTTPD)}
    goals |= {("keep", "Linux"): 6, ("close", "Linux"): 6, ("in", "Linux"): 1.5, ("out", "Linux"): 1.5}
    with netns.Network():
        guests.know_guest(board)
        run_rounds(found, rounds, seconds, measures)
    show(f"{board} under TCG, one tap, {guests.MEMORY}", found, measures, goals)
    return {c.name: c.found for c in found}


# --- a microcontroller -------------------------------------------------------------------------------

#: Its servers have no index page, and as little else as the loads allow.
MICRO = {"Fata": "web", LEAST: "fata", "lwIP": "lwip", NO_STACK: "none"}
#: What serves pages, and what serves bulk data if that is another one.
MICRO_IMAGES = {"web": ["micro-web", "micro-fata"], "fata": ["micro-fata"], "lwip": ["micro-lwip"],
                "none": ["micro-none"]}
#: Not the time to the first answer: those who ask again each millisecond leave half-open connections behind.
MICRO_MEASURES = ["keep1", "keep8", "close8", "in", "out"]


def image_size(board, folder):
    """What `make size` counts of an application()."""
    done = subprocess.run(["make", "-s", "SETUP=0", f"BOARD={board}", f"APP_DIR={folder}", "FIX_843419=full", "size",
                           "SIZE_OPTIONS=--json"], cwd=stage.ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def show_sizes(sizes):
    rows = [["bytes", *sizes]]
    for key, label in (("flash", "flash"), ("ram", "RAM"), ("ram_image", "   variables, boot and interrupt stacks"),
                       ("ram_devices", "   pools"), ("ram_jobs", "   stack of the application")):
        rows.append([label, *(f"{size[key]:,}" for size in sizes.values())])
    print()
    table.show(rows)


def micro(board, seconds, rounds, measures):
    """A microcontroller under TCG: Fata with and without its HTTP server, and lwIP on the bare controller."""
    found, sizes = [], {}
    for name, what in MICRO.items():
        folder = available(name, lambda what=what: stage.micro(what))
        if folder is None:
            continue
        stage.make(board, folder)
        sizes[name] = image_size(board, folder)
        images = [lambda what=image: guests.micro(board, what) for image in MICRO_IMAGES[what]]
        found.append(Contestant(name, *images, page=load.SMALL_PAGE, waits_for="ready", has_bulk=name != NO_STACK))
    goals = {(key, "lwIP"): 1.2 for key in ("keep8", "close8", "in", "out")}
    with netns.Network():
        run_rounds(found, rounds, seconds, measures)
    show(f"{board} under TCG, one tap", found, measures, goals)
    show_sizes(sizes)
    return {c.name: c.found for c in found} | {"sizes": sizes}


# --- an address from a server ------------------------------------------------------------------------

@contextlib.contextmanager
def dhcp_server():
    """dnsmasq on the tap, which gives the guest its usual address."""
    folder = stage.BUILD / "dhcp"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "leases").unlink(missing_ok=True)
    command = ["dnsmasq", "--keep-in-foreground", "--port=0", f"--interface={netns.TAP}", "--bind-interfaces",
               "--no-resolv", "--conf-file=/dev/null", f"--dhcp-leasefile={folder}/leases", f"--pid-file={folder}/pid",
               f"--dhcp-range={GUEST_ADDRESS},{GUEST_ADDRESS},255.255.255.0,1h", "--no-ping", "--dhcp-authoritative",
               "--user=root", "--log-facility=/dev/null"]
    process = subprocess.Popen(command)
    try:
        time.sleep(0.3)
        yield
    finally:
        guests.stop(process)


def dhcp(rounds):
    """exec of the emulator to the first 200, the address obtained from a server on the way."""
    board = "virt-aarch64"
    stage.make_apps(board, "web")
    found = [Contestant("Fata", lambda: guests.fata(board, "web", args=NO_ADDRESS))]
    if available("lwIP", stage.lwip) is not None:
        stage.make(board, stage.lwip_image())
        found.append(Contestant("lwIP", lambda: guests.lwip(board, args="--ipv4=0.0.0.0/0")))
    with netns.Network(), dhcp_server():
        for _ in range(rounds * 3):
            for c in found:
                guests.know_guest(board)
                start = time.monotonic()
                with c.web():
                    c.note("boot", load.until_first_200(GUEST_ADDRESS, start))
    show(f"{board}, an address from DHCP included", found, ["boot"], {})
    own = statistics.median(found[0].found["boot"])
    print(f"  It should be under 150 ms: {own:.1f} ms.")
    return {c.name: c.found for c in found}


# --- memory ------------------------------------------------------------------------------------------

def memory():
    """Bytes that a connection takes while nothing happens on it, as the stacks themselves count them."""
    import instructions
    instructions.build()
    found = {}
    for stack in instructions.STACKS:
        program = stage.ROOT / f"build/host/instructions-{stack}/instructions-{stack}.elf"
        out = subprocess.run([program, "--load=memory"], capture_output=True, text=True, check=True).stdout
        found[stack] = {k: int(v) for k, v in re.findall(r"(\w+)_bytes (\d+)", out)}
    rows = [["", "Fata", "lwIP", "should be"],
            ["TCP connection at rest", str(found["fata"]["conn"]), str(found["lwip"]["conn"]), "under 512"],
            ["its share of tables and pools included", str(found["fata"]["tcp"]), str(found["lwip"]["tcp"]), ""],
            ["HTTP connection, idle, with all of its TCP", str(found["fata"]["tcp"] + found["fata"]["http"]),
             str(found["lwip"]["tcp"] + found["lwip"]["http"]), "under 1,024"]]
    print("\nMemory, bytes a connection (lwIP's HTTP server keeps nothing between requests)")
    table.show(rows)
    return found

