# SPDX-License-Identifier: ISC
"""The Orange Pi PC: the ways in, the ways out, its Ethernet and what becomes of a cable. Its card: test_disk.py."""

import concurrent.futures
import json
import re
import subprocess
import time
import zlib

import pytest

from guest import ROOT, Guest, image
from monitor import Monitor
from test_selftest import CRASHES

BOARD = "orangepi-pc"
#: Built with DMA_CHECKS=1.
CHECKED = "orangepi-pc-dma-checks"
USAGE = 64
PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
DHCP = "--ipv4=0.0.0.0/0 --gateway=0.0.0.0"

TREE = """/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	compatible = "xunlong,orangepi-pc", "allwinner,sun8i-h3";
	chosen { stdout-path = "serial0:115200n8"; bootargs = "%s"; rng-seed = [%s]; };
	memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
	soc { serial@1c28000 { compatible = "snps,dw-apb-uart"; reg = <0x1c28000 0x400>; }; };
};
"""


@pytest.fixture
def tree(tmp_path):
    """Makes a device tree as U-Boot passes it."""
    def make(args="", seed=32 * "5a "):
        path = tmp_path / "h3.dtb"
        subprocess.run(["dtc", "-q", "-O", "dtb", "-o", path], input=TREE % (args, seed), text=True, check=True)
        return str(path)
    return make


def says(guest, text):
    guest.wait_for(text)
    assert guest.wait_exit() == 0, guest.console()


def without(guest, option):
    """The guest without an option of its command line and that option's value."""
    at = guest.command.index(option)
    del guest.command[at:at + 2]
    return guest


def serves_only_with_a_seed(board, tree):
    """One is in the image, or in the device tree."""
    for extra, served in (([], False), (["-dtb", tree()], True)):
        guest = Guest(board, "web", tcp=[80], extra=extra)
        guest.command[guest.command.index("-kernel") + 1] = guest.image.kernel
        with guest:
            if served:
                guest.wait_for("net0: 10.0.2.15/24")
                assert guest.get()[2] == PAGE
            else:
                assert guest.wait_exit() == 1
                assert "no source of random numbers" in guest.console()


def answers_a_thousand_requests(board):
    with Guest(board, "web", tcp=[80]) as guest:
        guest.wait_for("net0: 10.0.2.15/24")
        with concurrent.futures.ThreadPoolExecutor(8) as clients:
            found = list(clients.map(lambda _: guest.get()[2], range(1000)))
        assert found == 1000 * [PAGE]
        assert "device fault" not in guest.console()


# --- in and out -------------------------------------------------------------------------------------


def test_tags_have_the_arguments():
    """In the hypervisor's mode, without a device tree."""
    with Guest(BOARD, "hello", args="--name=Morgana") as guest:
        says(guest, f"Hello, Morgana, from board {BOARD} (armv7a).")


def test_a_device_tree_has_the_arguments(tree):
    with Guest(BOARD, "hello", args="--name=Morgana", extra=["-dtb", tree()]) as guest:
        says(guest, "Hello, Morgana")


def test_an_elf_file_is_entered_in_supervisor_mode():
    """Without anything that a loader could say."""
    with Guest(BOARD, "hello", kernel=image(BOARD, "hello").elf) as guest:
        says(guest, "Hello, world")


@pytest.mark.parametrize("mode, told", [("hyp32", "tags"), ("hyp32", "tree"), ("svc32", "nothing"), ("svc32", "tree")])
def test_each_mode_with_and_without_a_device_tree(mode, told, tree, monitor):
    """QEMU enters a raw file as the hypervisor, an ELF file as supervisor: then the tree is where memory begins."""
    with Guest(BOARD, "web", tcp=[80], args="--log=debug" if told == "tags" else "",
               kernel=image(BOARD, "web").elf if mode == "svc32" else None,
               extra=["-S", *monitor.options, *(["-dtb", tree("--log=debug")] if told == "tree" else [])]) as guest:
        monitor.connect()
        registers = monitor.run("human-monitor-command", **{"command-line": "info registers"})["return"]
        assert re.search(r"PSR=\w+ .* (\w+)", registers).group(1) == mode
        monitor.run("cont")
        guest.wait_for("boot: ready")
        assert guest.get()[2] == PAGE
        assert ("boot: application" in guest.console()) == (told != "nothing")


def test_raw_and_hex_files():
    stem = image(BOARD, "hello").stem
    for suffix in (",addr=0x40010000", ""):
        path = stem + (".bin" if suffix else ".hex")
        guest = without(Guest(BOARD, "hello", extra=["-device", f"loader,file={path}{suffix}", "-device",
                                                     "loader,addr=0x40010000,cpu-num=0"]), "-kernel")
        with guest:
            says(guest, "Hello, world")


def test_a_typing_error_in_the_arguments():
    with Guest(BOARD, "hello", args="--nmae=x") as guest:
        assert guest.wait_exit() == USAGE
        assert "did you mean --name?" in guest.console()


def test_arguments_may_be_2047_bytes_and_no_more(tree):
    name = "x" * (2047 - len("--name="))
    with Guest(BOARD, "hello", args=f"--name={name}") as guest:
        says(guest, "Hello, " + 100 * "x")
    with Guest(BOARD, "hello", extra=["-dtb", tree(args=f"--name=x{name}")]) as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert f"{BOARD}: the boot arguments are longer than 2047 bytes" in guest.console()


def test_powers_off_without_an_emulator_to_take_the_status():
    with without(Guest(BOARD, "hello"), "-semihosting-config") as guest:
        says(guest, "Hello")


# --- what it runs -----------------------------------------------------------------------------------


def test_fibers_timers_and_guards(tree):
    for extra in ([], ["-dtb", tree()]):
        with Guest(BOARD, "selftest", extra=extra) as guest:
            says(guest, f"all checks passed on board {BOARD}")


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(way):
    said, status = CRASHES[way]
    with Guest(BOARD, "selftest", args=f"--crash={way}") as guest:
        assert guest.wait_exit() == status, guest.console()
        report = guest.console()[guest.console().index("crashing:"):]
        assert re.search(said, report), report
        assert "backtrace: 0x" in report


def test_without_a_seed_it_says_why_it_does_not_serve(tree):
    serves_only_with_a_seed(BOARD, tree)


# --- Ethernet ---------------------------------------------------------------------------------------


def test_a_thousand_requests():
    answers_a_thousand_requests(BOARD)


@pytest.mark.parametrize("board", [BOARD, CHECKED])
def test_web_with_dhcp(board):
    """Also where all that devices reach is watched."""
    with Guest(board, "web", tcp=[80], args=DHCP) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15/24")
        for _ in range(50):
            assert guest.get()[2] == PAGE
        assert guest.alive()


def test_more_frames_at_once_than_the_ring_has():
    """Of eight streams that send what they can; the emulated controller stops, and loses its place. It goes on."""
    with Guest(BOARD, "iperf", tcp=[5201]) as guest:
        guest.wait_for("ready")
        host, port = guest.address(5201)
        for _ in range(2):
            done = subprocess.run(["iperf3", "-J", "-c", host, "-p", str(port), "-t", "2", "-P", "8"],
                                  capture_output=True, text=True, timeout=90, check=True)
            assert json.loads(done.stdout)["end"]["sum_received"]["bytes"] > 1 << 20


@pytest.fixture
def monitor(tmp_path):
    return Monitor(tmp_path / "qmp")


def cable(monitor, is_in):
    assert "return" in monitor.run("set_link", name="n0", up=is_in)


def wait_for_number(guest, text, number):
    """Waits until the console has said it so often."""
    deadline = time.monotonic() + 60
    while guest.wait_for(text).count(text) < number:
        assert time.monotonic() < deadline and guest.alive(), guest.console()
        time.sleep(0.02)


@pytest.mark.parametrize("board", [BOARD, CHECKED])
def test_a_cable_pulled_and_put_in_again(board, monitor):
    with Guest(board, "web", tcp=[80], args=DHCP, extra=monitor.options) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15/24")
        for times in (1, 2):
            cable(monitor, False)
            wait_for_number(guest, "net0: link down", times)
            cable(monitor, True)
            wait_for_number(guest, "net0: link up, 100 Mb/s, full duplex", times + 1)
            assert guest.get()[2] == PAGE


def test_dhcp_begins_anew_with_the_link(monitor):
    with Guest(BOARD, "dhcp", udp=[7], args="--log=debug", extra=monitor.options) as guest:
        guest.wait_for("lease 1 of 10.0.2.15")
        cable(monitor, False)
        guest.wait_for("net0: link down")
        cable(monitor, True)
        guest.wait_for("lease 2 of 10.0.2.15")


def test_started_without_a_cable(monitor):
    with Guest(BOARD, "dhcp", udp=[7], extra=[*monitor.options, "-S"]) as guest:
        monitor.connect()
        cable(monitor, False)
        monitor.run("cont")
        guest.wait_for("boot: ready")
        assert "link up" not in guest.console()
        cable(monitor, True)
        guest.wait_for("lease 1 of 10.0.2.15")


# --- the card, watched ------------------------------------------------------------------------------


def test_memory_of_the_card_is_handed_over_and_back(tmp_path):
    path = tmp_path / "card.img"
    path.write_bytes(bytes(range(256)) * (16 << 12))
    there = path.read_bytes()[50 * 512:(50 + 8 * 200) * 512]
    with Guest(CHECKED, "disk", args="--mode=many --sector=50 --count=200",
               extra=["-drive", f"if=sd,format=raw,file={path}"]) as guest:
        assert guest.wait_exit() == 0, guest.console()
        assert f"adler32 {zlib.adler32(there):08x}" in guest.console()
