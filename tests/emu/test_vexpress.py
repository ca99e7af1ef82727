# SPDX-License-Identifier: ISC
"""Arm's Versatile Express: the ways in and out, its Ethernet, a cable that is pulled. Its card: test_disk.py."""

import re
import subprocess

import pytest

from guest import ROOT, Guest, image
from test_dhcp import Cable
from test_orangepi import answers_a_thousand_requests, says, serves_only_with_a_seed, wait_for_number, without
from test_selftest import CRASHES

BOARD = "vexpress-a15"
USAGE = 64
PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()
DHCP = "--ipv4=0.0.0.0/0 --gateway=0.0.0.0"

#: With the node that QEMU looks for, lest it say that it is missing.
TREE = """/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	compatible = "arm,vexpress,v2p-ca15,tc1", "arm,vexpress,v2p-ca15", "arm,vexpress";
	interrupt-parent = <1>;
	chosen { stdout-path = "serial0"; bootargs = "%s"; rng-seed = [%s]; };
	memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x8000000>; };
	interrupt-controller@2c001000 {
		compatible = "arm,cortex-a15-gic", "arm,cortex-a9-gic";
		#interrupt-cells = <3>;
		#address-cells = <0>;
		interrupt-controller;
		phandle = <1>;
		reg = <0 0x2c001000 0 0x1000>, <0 0x2c002000 0 0x1000>;
	};
};
"""


@pytest.fixture
def tree(tmp_path):
    """Makes a device tree as Linux has it for the board."""
    def make(args="", seed=32 * "5a "):
        path = tmp_path / "ca15.dtb"
        subprocess.run(["dtc", "-q", "-O", "dtb", "-o", path], input=TREE % (args, seed), text=True, check=True)
        return str(path)
    return make


# --- in and out -------------------------------------------------------------------------------------


def test_tags_have_the_arguments():
    with Guest(BOARD, "hello", args="--name=Morgana") as guest:
        says(guest, f"Hello, Morgana, from board {BOARD} (armv7a).")


def test_a_device_tree_has_the_arguments(tree):
    with Guest(BOARD, "hello", args="--name=Morgana", extra=["-dtb", tree()]) as guest:
        says(guest, "Hello, Morgana")


def test_an_elf_file_needs_no_loader():
    with Guest(BOARD, "hello", kernel=image(BOARD, "hello").elf) as guest:
        says(guest, "Hello, world")


def test_a_typing_error_in_the_arguments():
    with Guest(BOARD, "hello", args="--nmae=x") as guest:
        assert guest.wait_exit() == USAGE
        assert "did you mean --name?" in guest.console()


def test_the_motherboard_turns_it_off():
    """Without an emulator that takes the status."""
    with without(Guest(BOARD, "hello"), "-semihosting-config") as guest:
        says(guest, "Hello")


@pytest.mark.parametrize("memory", ["4M", "2G"])
def test_memory_is_what_the_tags_say(memory):
    with Guest(BOARD, "selftest", memory=memory) as guest:
        says(guest, f"all checks passed on board {BOARD}")


def test_fibers_timers_and_guards(tree):
    with Guest(BOARD, "selftest", extra=["-dtb", tree()]) as guest:
        says(guest, f"all checks passed on board {BOARD}")


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(way):
    said, status = CRASHES[way]
    with Guest(BOARD, "selftest", args=f"--crash={way}") as guest:
        assert guest.wait_exit() == status, guest.console()
        report = guest.console()[guest.console().index("crashing:"):]
        assert re.search(said, report), report


def test_without_a_seed_it_says_why_it_does_not_serve(tree):
    serves_only_with_a_seed(BOARD, tree)


# --- Ethernet ---------------------------------------------------------------------------------------


def test_goes_on_without_a_controller_that_answers():
    with without(without(Guest(BOARD, "web"), "-netdev"), "-net") as guest:
        console = guest.wait_for("boot: ready")
        assert console.count("error: net0: does not start: no such device; going on without it") == 1
        assert console.count("error") == 1 and "link is up" not in console and guest.alive()


def test_a_thousand_requests():
    answers_a_thousand_requests(BOARD)


def test_a_cable_pulled_and_put_in_again(tmp_path):
    cable = Cable(tmp_path)
    with Guest(BOARD, "web", tcp=[80], args=DHCP, extra=cable.options) as guest:
        guest.wait_for("dhcp: net0: 10.0.2.15/24")
        for times in (1, 2):
            cable.set(False)
            wait_for_number(guest, "net0: link is down", times)
            cable.set(True)
            wait_for_number(guest, "net0: link is up", times + 1)
            assert guest.get()[2] == PAGE
