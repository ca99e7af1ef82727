# SPDX-License-Identifier: ISC
"""The Raspberry Pi: what its firmware hands over, in each way that it does, and how it ends."""

import pathlib
import re
import subprocess
import time

import pytest

from guest import Guest
from test_selftest import CRASHES

BOARDS = ["rpi2", "rpi3", "rpi4"]
USAGE = 64

TREE = """/dts-v1/;
/memreserve/ 0x0 0x1000;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	compatible = "raspberrypi,3-model-b", "brcm,bcm2837";
	aliases { serial0 = "/soc/serial@7e215040"; serial1 = "/soc/serial@7e201000"; };
	chosen { stdout-path = "%s"; bootargs = "%s"; rng-seed = [01 02 03 04]; };
	memory@0 { device_type = "memory"; reg = <0 0x3b400000>; };
	reserved-memory {
		#address-cells = <1>;
		#size-cells = <1>;
		ranges;
		linux,cma { compatible = "shared-dma-pool"; size = <0x4000000>; reusable; };
	};
};
"""


@pytest.fixture(params=BOARDS)
def pi(request):
    return request.param


@pytest.fixture
def tree(tmp_path):
    """Makes a device tree as the firmware's, with a console and boot arguments."""
    def make(console="serial1:115200n8", args=""):
        path = tmp_path / "pi.dtb"
        subprocess.run(["dtc", "-q", "-O", "dtb", "-o", path], input=TREE % (console, args), text=True, check=True)
        return str(path)
    return make


def on_second_serial_port(guest):
    at = guest.command.index("-serial")
    guest.command[at:at] = ["-serial", "null"]
    return guest


def says(guest, text):
    guest.wait_for(text)
    assert guest.wait_exit() == 0, guest.console()


def test_without_a_device_tree_the_tags_have_the_arguments(pi):
    with Guest(pi, "hello", args="--name=Morgana") as guest:
        says(guest, f"Hello, Morgana, from board {pi}")


def test_arguments_of_the_device_tree(pi, tree):
    with Guest(pi, "hello", args="--name=Morgana", extra=["-dtb", tree()]) as guest:
        says(guest, "Hello, Morgana")


#: What the firmware of a Pi 3 puts in front of cmdline.txt.
FIRMWARE_WORDS = ("coherent_pool=1M 8250.nr_uarts=1 snd_bcm2835.enable_hdmi=1 bcm2708_fb.fbwidth=656 bcm2708_fb.fbswap=1 "
                  "smsc95xx.macaddr=B8:27:EB:01:02:03 vc_mem.mem_base=0x3ec00000 vc_mem.mem_size=0x40000000  ")


def test_words_of_the_firmware_in_front_of_the_arguments(pi, tree):
    with Guest(pi, "hello", extra=["-dtb", tree(args=FIRMWARE_WORDS + "--name=Morgana")]) as guest:
        says(guest, "Hello, Morgana")


def test_a_typing_error_in_the_arguments(pi):
    with Guest(pi, "hello", args="--nmae=x") as guest:
        assert guest.wait_exit() == USAGE
        assert "did you mean --name?" in guest.console()


def test_arguments_may_be_2047_bytes_and_no_more(pi, tree):
    name = "x" * (2047 - len("--name="))
    with Guest(pi, "hello", args=f"--name={name}") as guest:
        says(guest, "Hello, " + 100 * "x")
    with Guest(pi, "hello", args=f"--name=x{name}", extra=["-dtb", tree()]) as guest:
        assert guest.wait_exit() not in (0, USAGE)
        assert f"{pi}: the boot arguments are longer than 2047 bytes" in guest.console()


@pytest.mark.parametrize("console", ["serial0:115200n8", "/soc/serial@7e215040"])
def test_the_mini_uart_is_the_console_if_the_device_tree_says_so(pi, tree, console):
    with on_second_serial_port(Guest(pi, "hello", extra=["-dtb", tree(console)])) as guest:
        says(guest, "Hello")


def test_an_elf_enters_on_all_cores(pi):
    guest = Guest(pi, "hello")
    guest.command[guest.command.index("-kernel") + 1] = guest.image.elf
    with guest:
        says(guest, "Hello")
        assert guest.console().count("Hello") == 1


def ticks_of_other_cores(guest):
    """What each thread of the emulator for a core but the first has had of the host's processors."""
    used = {}
    for task in pathlib.Path(f"/proc/{guest.process.pid}/task").iterdir():
        name, _, fields = (task / "stat").read_text().partition(") ")
        core = re.search(r"\(CPU ([1-9])/TCG", name)
        if core:
            used[core.group(1)] = sum(int(ticks) for ticks in fields.split()[11:13])
    return used


def test_the_other_cores_sleep(pi):
    """They have left the firmware's loop, which an emulator runs for ever: at a processor of the host for each."""
    with Guest(pi, "pins", args="--stay", extra=["-name", "cores,debug-threads=on"]) as guest:
        guest.wait_for("ready")
        time.sleep(0.2)
        before = ticks_of_other_cores(guest)
        time.sleep(1)
        after = ticks_of_other_cores(guest)
        assert len(before) == 3 and all(after[core] - before[core] <= 1 for core in before), (before, after)


def test_powers_off_without_an_emulator_to_take_the_status(pi):
    guest = Guest(pi, "hello")
    at = guest.command.index("-semihosting-config")
    del guest.command[at:at + 2]
    with guest:
        says(guest, "Hello")


def test_runtime(pi):
    """Timers, fibers, guard pages; random numbers from the chip's generator."""
    with Guest(pi, "selftest") as guest:
        assert guest.wait_exit() == 0, guest.console()
        assert f"all checks passed on board {pi}" in guest.console()


def test_runtime_with_a_device_tree(pi, tree):
    with Guest(pi, "selftest", extra=["-dtb", tree()]) as guest:
        assert guest.wait_exit() == 0, guest.console()


@pytest.mark.parametrize("way", CRASHES)
def test_crash_is_loud(pi, way):
    said, status = CRASHES[way]
    with Guest(pi, "selftest", args=f"--crash={way}") as guest:
        assert guest.wait_exit() == status, guest.console()
        assert "backtrace: 0x" in guest.console() and re.search(said, guest.console())


def test_the_heap_is_above_the_first_gib_where_there_is_more():
    """Of the 2 GiB of the 4 the firmware names the first, less its own part: a fiber's stack is in the larger rest."""
    with Guest("rpi4", "selftest", args="--crash=null") as guest:
        guest.wait_exit()
        assert int(re.search(r"sp +([0-9a-f]{16})", guest.console()).group(1), 16) >> 30 == 1, guest.console()


def test_the_4_without_its_network_interface():
    """The emulator has none: it is said in one line, also where a tree has it, out of which QEMU takes it."""
    with Guest("rpi4", "web") as guest:
        assert guest.wait_exit() == 1
        assert guest.console().count("\n") == 2
        assert "rpi4: the device tree has no network interface (QEMU has none)" in guest.console()
