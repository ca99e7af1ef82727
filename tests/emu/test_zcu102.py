# SPDX-License-Identifier: ISC
"""The ZCU102: how it is entered, where its arguments come from, its Ethernet controller. Its card: test_disk.py."""

import re
import subprocess

import pytest

import netns
from guest import GUEST_ADDRESS, ROOT, Guest
from test_dhcp import Cable
from test_iperf import client
from test_selftest import CRASHES

BOARD = "zcu102"
CHECKED = "zcu102-dma-checks"
USAGE = 64
MIB = 1 << 20
LEASE = "dhcp: net0: 10.0.2.15/24 gateway 10.0.2.2"
PAGE = (ROOT / "apps/web/htdocs/index.html").read_bytes()

TREE = """/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	compatible = "xlnx,zynqmp-zcu102-rev1.0", "xlnx,zynqmp";
	chosen { bootargs = "%s"; rng-seed = [01 02 03 04]; };
	memory@0 { device_type = "memory"; reg = <0 0 0 0x%x>; };
};
"""


@pytest.fixture
def tree(tmp_path):
    """Makes a device tree as U-Boot's, with boot arguments and so much memory."""
    def make(args="", memory=1 << 30):
        path = tmp_path / "zcu102.dtb"
        subprocess.run(["dtc", "-q", "-O", "dtb", "-o", path], input=TREE % (args, memory), text=True, check=True)
        return ["-dtb", str(path)]
    return make


def says(guest, text):
    guest.wait_for(text)
    assert guest.wait_exit() == 0, guest.console()


def test_raw_image_and_elf(tmp_path):
    with Guest(BOARD, "hello") as guest:
        says(guest, f"Hello, world, from board {BOARD} (aarch64).")
    guest = Guest(BOARD, "hello")
    guest.command[guest.command.index("-kernel") + 1] = guest.image.elf
    with guest:
        says(guest, "Hello")


@pytest.mark.parametrize("machine", ["virtualization=on", "secure=on"])
def test_entered_at_each_level(machine):
    with Guest(BOARD, "selftest", machine=["-machine", machine]) as guest:
        says(guest, "all checks passed")


def test_arguments_in_the_image():
    with Guest(BOARD, "hello", args="--name=Morgana") as guest:
        says(guest, "Hello, Morgana")
    with Guest(BOARD, "hello", args="--nmae=x") as guest:
        assert guest.wait_exit() == USAGE
        assert "did you mean --name?" in guest.console()


def test_arguments_of_the_device_tree_have_the_last_word(tree):
    with Guest(BOARD, "hello", args="--name=nobody", extra=tree("--name=Morgana")) as guest:
        says(guest, "Hello, Morgana")


def test_memory_of_the_device_tree(tree):
    with Guest(BOARD, "selftest", memory="64M", extra=tree(memory=64 * MIB)) as guest:
        says(guest, "all checks passed")


def test_powers_off_without_an_emulator_to_take_the_status():
    guest = Guest(BOARD, "hello")
    at = guest.command.index("-semihosting-config")
    del guest.command[at:at + 2]
    with guest:
        says(guest, "Hello")


def test_fibers_timers_and_guards():
    with Guest(BOARD, "selftest") as guest:
        says(guest, f"all checks passed on board {BOARD}")


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(way):
    said, status = CRASHES[way]
    with Guest(BOARD, "selftest", args=f"--crash={way}") as guest:
        assert guest.wait_exit() == status, guest.console()
        assert "backtrace: 0x" in guest.console() and re.search(said, guest.console())


# --- the network ---------------------------------------------------------------------------------


def test_1000_requests():
    with Guest(BOARD, "web", tcp=(80,)) as guest:
        guest.wait_for("ready")
        for _ in range(1000):
            assert guest.get()[2] == PAGE
        assert "warning: net0" not in guest.console() and "error" not in guest.console()


def test_web_over_dhcp():
    with Guest(BOARD, "web", args="--ipv4=0.0.0.0/0 --gateway=0.0.0.0", tcp=(80,)) as guest:
        guest.wait_for(LEASE)
        assert guest.get()[2] == PAGE


def test_each_boot_gets_a_lease():
    for _ in range(4):
        with Guest(BOARD, "dhcp", network=True) as guest:
            guest.wait_for("lease 1 of 10.0.2.15 dns=10.0.2.3")


def test_a_cable_pulled_and_put_in_again(tmp_path):
    cable = Cable(tmp_path)
    with Guest(BOARD, "dhcp", network=True, args="--log=debug", extra=cable.options) as guest:
        guest.wait_for("lease 1 of 10.0.2.15")
        cable.set(False)
        guest.wait_for("net0: link down")
        cable.set(True)
        guest.wait_for("lease 2 of 10.0.2.15")
        assert guest.console().count("net0: link up, 1000 Mb/s, full duplex") == 2


def test_without_a_cable_it_goes_on():
    with Guest(BOARD, "web") as guest:
        guest.wait_for("ready")
        assert guest.alive()


def test_checksums_over_both_families_by_a_real_peer(network):
    """Those over IPv4 are the controller's, those over IPv6 the driver's; a body is longer than a segment."""
    assert network is not None
    netns.ip("address", "add", "fd00::2/64", "dev", netns.TAP, "nodad")
    body = (ROOT / "apps/web/htdocs").rglob("*")
    largest = max((p for p in body if p.is_file()), key=lambda p: p.stat().st_size)
    with Guest(BOARD, "web", args="--ipv6=fd00::15/64", tap=netns.TAP) as guest:
        guest.wait_for("fd00::15/64")
        for host in (GUEST_ADDRESS, "[fd00::15]"):
            url = f"http://{host}/{largest.relative_to(ROOT / 'apps/web/htdocs')}"
            got = subprocess.run(["curl", "-sS", "-m", "30", "-g", url], capture_output=True, check=True).stdout
            assert got == largest.read_bytes()


def test_frames_to_its_groups_come(network):
    """Neighbours of IPv6 ask by a group's address, which the controller takes by its hash."""
    assert network is not None
    netns.ip("address", "add", "fd00::2/64", "dev", netns.TAP, "nodad")
    with Guest(BOARD, "ipv6", args="--ipv6=fd00::15/64", tap=netns.TAP) as guest:
        guest.wait_for("fd00::15/64")
        done = subprocess.run(["ping", "-6", "-c", "3", "-i", "0.2", "-W", "5", "fd00::15"], check=False,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("options", [[], ["-R"], ["-P", "4"], ["-P", "8", "-R"], ["-u", "-b", "200M", "-l", "1400"]])
def test_streams_in_both_directions(network, options):
    """More than the rings hold: nothing stalls, no frame is malformed, the controller is never set up anew."""
    assert network is not None
    with Guest(BOARD, "iperf", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        report = client("-t", "2", *options)
        assert report["status"] == 0, report
        assert "device fault" not in guest.console()


@pytest.mark.parametrize("options", [[], ["-R"], ["-P", "4"]])
def test_what_the_controller_has_nobody_touches(network, options):
    """Built with DMA_CHECKS=1: buffers are poisoned and lent, and what is sent does not change meanwhile."""
    assert network is not None
    with Guest(CHECKED, "iperf", tap=netns.TAP) as guest:
        guest.wait_for("ready")
        assert client("-t", "1", *options)["status"] == 0
        assert guest.alive() and "assertion" not in guest.console()


def test_without_a_seed_it_says_why_it_does_not_serve():
    guest = Guest(BOARD, "web", tcp=[80])
    guest.command[guest.command.index("-kernel") + 1] = guest.image.elf
    with guest:
        assert guest.wait_exit() == 1
        assert "no source of random numbers" in guest.console()
