# SPDX-License-Identifier: ISC
"""The microcontroller: arguments in the image, what the MPU protects, and how little it needs."""

import concurrent.futures
import json
import re
import sys
import time

import pytest

import emulator
import netns
from guest import GUEST_ADDRESS, ROOT, Guest, image
from test_dhcp import Cable
from test_mdns import Listener, dig
from test_selftest import CRASHES

sys.path.insert(0, str(ROOT / "tools"))
import size  # noqa: E402

BOARDS = ["mps2-an385", "mps2-an386", "mps2-an500"]
USAGE = 64


@pytest.fixture(params=BOARDS)
def board(request):
    return request.param


def takes(board, app):
    """Bytes of flash and of RAM, stacks included."""
    parts = list(size.segments(image(board, app).elf))
    return sum(s.file_bytes for s in parts), sum(s.memory_bytes for s in parts if s.writable)


def test_hello(board):
    with Guest(board, "hello") as guest:
        guest.wait_for(f"Hello, world, from board {board} (armv7m).")
        assert guest.wait_exit() == 0


def test_hello_is_small(board):
    flash, ram = takes(board, "hello")
    assert flash <= 8 << 10 and ram <= 2 << 10, (flash, ram)


@pytest.mark.parametrize("suffix", [".bin", ".hex"])
def test_other_forms_of_the_image(board, suffix):
    """As a debugger or the board's own loader writes them into memory."""
    path = image(board, "hello").stem + suffix
    guest = Guest(board, "hello")
    at = guest.command.index("-kernel")
    if suffix == ".hex":
        guest.command[at:at + 2] = ["-device", f"loader,file={path}"]
    else:
        guest.command[at + 1] = path
    with guest:
        guest.wait_for("Hello")
        assert guest.wait_exit() == 0


def test_arguments_in_the_image(board):
    with Guest(board, "hello", args="--name=Morgana") as guest:
        guest.wait_for("Hello, Morgana")
        assert guest.wait_exit() == 0
    with Guest(board, "hello", args="--nmae=x") as guest:
        assert guest.wait_exit() == USAGE
        assert "did you mean --name?" in guest.console()
    with pytest.raises(OSError, match="argument_block"):
        Guest(board, "hello", args="--name=" + 200 * "x")


def test_fibers_timers_and_guards(board):
    with Guest(board, "selftest") as guest:
        assert guest.wait_exit() == 0, guest.console()
        assert "all checks passed" in guest.console()


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(board, way):
    said, status = CRASHES[way]
    with Guest(board, "selftest", args=f"--crash={way}") as guest:
        assert guest.wait_exit() == status, guest.console()
        report = guest.console()[guest.console().index("crashing:"):]
        assert re.search(said, report), report
        assert "backtrace: 0x" in report


WEB_PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()


def test_all_that_the_network_stack_has(board):
    with Guest(board, "web", tcp=[80]) as guest:
        guest.wait_for("ready")
        assert guest.get("/")[2] == WEB_PAGE
        assert b"fata_tcp_" in guest.get("/metrics")[2]
        assert guest.get("/capture.pcapng")[0] == 404  # unless it is allowed
        assert guest.alive()


def test_questions_by_multicast(board, network):
    """What the loop's tasks need of the boot stack: more than a small image's."""
    assert network is not None
    with Guest(board, "web", tap=netns.TAP) as guest, Listener() as listener:
        guest.wait_for("known as web.local")
        assert dig(f"@{GUEST_ADDRESS}", "web.local", "A")[0][4] == GUEST_ADDRESS
        for kind in ("A", "AAAA", "ANY"):
            listener.ask("web.local", kind)
        listener.ask("_http._tcp.local", "PTR")
        assert dig(f"@{GUEST_ADDRESS}", "_http._tcp.local", "PTR")
        assert guest.get("/")[2] == WEB_PAGE


FLASH_OF_SMALL = 40 << 10
STATIC_OF_SMALL = 5100
PAGE = (ROOT / "tests/emu/apps/small/htdocs/index.html").read_bytes()


def test_web_with_dhcp_and_four_packets(board):
    with Guest(board, "small", tcp=[80]) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15")
        for _ in range(20):
            status, _, body = guest.get()
            assert status == 200 and body == PAGE
        assert guest.get("/absent")[0] == 404


def test_small_keeps_within_its_limit():
    """What it takes at the start comes out of what its static variables and stacks leave."""
    limits = json.loads((ROOT / "build/mps2-an385/small/manifest.json").read_text())
    assert limits["memory_limit_bytes"] == 19 << 10
    flash, ram = takes("mps2-an385", "small")
    assert flash <= FLASH_OF_SMALL and ram <= STATIC_OF_SMALL, (flash, ram)


def in_kb(text):
    return [float(n) for n in re.findall(r"([0-9.]+) KB", text)]


def test_the_readme_says_what_they_take():
    """To 0.2 KB: who changes more says so there, too."""
    readme = (ROOT / "boards/mps2-an385/README.md").read_text()
    hello, small = (re.search(rf"^\| {start}.*$", readme, re.MULTILINE).group(0) for start in ("hello", "a web server"))
    manifest = json.loads((ROOT / "build/mps2-an385/small/manifest.json").read_text())
    flash, static = takes("mps2-an385", "small")
    devices = {d["name"]: d["ram_bytes"] for d in manifest["devices"]}
    jobs = sum(j["stack_bytes"] for j in manifest["jobs"])
    stacks = next(s for s in size.segments(image("mps2-an385", "small").elf) if s.writable and not s.file_bytes)
    measured = [*takes("mps2-an385", "hello"), flash, static + sum(devices.values()) + jobs, stacks.memory_bytes + jobs,
                devices["tcp0"], devices["http0"], devices["net0-rx"] + devices["net0-tx"]]
    assert in_kb(hello) + in_kb(small) == [pytest.approx(n / 1000, abs=0.2) for n in measured]


@pytest.mark.parametrize("count", [8, 12])
def test_so_many_clients_at_once(board, count):
    """Eight have connections; of more each is answered in its turn."""
    with Guest(board, "small", tcp=[80]) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15")
        with concurrent.futures.ThreadPoolExecutor(count) as clients:
            found = list(clients.map(lambda _: guest.get()[2], range(10 * count)))
        assert found == 10 * count * [PAGE]
        assert guest.alive()


def wait_for_requests(pcap, number):
    """Until so many of DHCP's requests were on the wire: behind the magic cookie stands the type of the message."""
    deadline = time.monotonic() + 30
    while pcap.read_bytes().count(b"\x63\x82\x53\x63\x35\x01\x03") < number:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_cable_pulled_and_put_in_again(board, tmp_path):
    """Whether its address is good there, too, it asks the server anew."""
    cable, pcap = Cable(tmp_path), tmp_path / "net0.pcap"
    with Guest(board, "small", tcp=[80], extra=cable.options + emulator.pcap_options(pcap)) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15")
        wait_for_requests(pcap, 1)
        cable.set(False)
        guest.wait_for("net0: link is down")
        cable.set(True)
        guest.wait_for("net0: link is up")
        wait_for_requests(pcap, 2)
        assert guest.get()[2] == PAGE


def test_without_a_seed_it_says_why_it_does_not_serve(board):
    guest = Guest(board, "small", tcp=[80])
    guest.command[guest.command.index("-kernel") + 1] = guest.image.elf
    with guest:
        assert guest.wait_exit() == 1
        assert "no source of random numbers" in guest.console()
        assert "does not start" in guest.console()
