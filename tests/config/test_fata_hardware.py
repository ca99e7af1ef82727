# SPDX-License-Identifier: ISC
"""fata sdcard, disk, flash and debug: what they tell make, and that messages name their options."""

import os
import shlex
import subprocess

import pytest

import makes
from fata import USAGE, built

HELLO = ["-C", makes.ROOT / "apps/hello"]


@pytest.fixture(scope="module")
def fata():
    return built()


def content(card, name):
    return subprocess.run(["mtype", "-i", f"{card}@@1M", f"::{name}"], capture_output=True, check=True).stdout


def test_sdcard_takes_paths_from_where_it_is_called(fata, tmp_path):
    folder = tmp_path / "the firmware"
    folder.mkdir()
    names = "bootcode.bin start.elf fixup.dat bcm2709-rpi-2-b.dtb bcm2710-rpi-2-b.dtb".split()
    for name in names:
        (folder / name).write_text(name)
    out = fata("sdcard", *HELLO, "--board=rpi2", "--firmware=the firmware", "--output=a card.img", "--mib=256", "--",
               "--name=Uther $1 Pendragon", cwd=tmp_path).stdout
    card = tmp_path / "a card.img"
    assert f"{tmp_path}/a card.img" in out and card.stat().st_size == 256 << 20
    assert content(card, "cmdline.txt") == b'--name="Uther $1 Pendragon"\n'
    assert all(content(card, name) == name.encode() for name in names)
    assert content(card, "kernel7.img")


def test_disk_is_written_where_it_is_called(fata, tmp_path):
    out = fata("disk", *HELLO, "--board=q35", "--output=a disk.img", "--", "--name=Uther $1 Pendragon", cwd=tmp_path).stdout
    disk = tmp_path / "a disk.img"
    assert f"{tmp_path}/a disk.img" in out and disk.stat().st_size == 64 << 20
    assert b"multiboot2 /fata.elf '--name=Uther $1 Pendragon'\n" in content(disk, "grub/grub.cfg")


def test_messages_name_options_of_fata(fata, tmp_path):
    card = tmp_path / "card.img"
    said = fata("sdcard", *HELLO, "-b", "rpi2", f"--output={card}", "--firmware=none", cwd=tmp_path, status=2).stderr
    assert f"fata sdcard: --firmware={tmp_path}/none: there is no such folder" in said
    assert "--mib=5: expected one of 128" in fata("sdcard", *HELLO, "-b", "rpi2", "--mib=5", status=2).stderr
    cards = [b for b in makes.BOARDS if "CARD_KERNEL " in (makes.ROOT / "boards" / b / "board.mk").read_text()]
    assert f"fata sdcard: the board host has no card layout; the boards that have one: {' '.join(cards)}" in fata(
        "sdcard", *HELLO, "-b", "host", status=2).stderr
    assert "orangepi-pc" in cards
    assert "fata disk: --mib=5: expected one of 64" in fata("disk", *HELLO, "-b", "q35", "--mib=5", status=2).stderr
    assert "fata disk: the board rpi2 does not start from a disk" in fata("disk", *HELLO, "-b", "rpi2", status=2).stderr
    assert "it starts from a card: fata sdcard --board=rpi3" in fata("flash", *HELLO, "-b", "rpi3", status=2).stderr
    assert "without --jtag gdb gets it in QEMU" in fata("debug", *HELLO, "-b", "virt-arm", "--jtag", status=2).stderr
    assert not card.exists()


def test_debug_prints_its_commands_where_no_terminal_is(fata, tmp_path):
    out = fata("debug", *HELLO, "-b", "virt-arm", "--mem=16M", "--", "--name=two words", cwd=tmp_path).stdout
    server, gdb = (shlex.split(line) for line in out.splitlines() if line.startswith("    "))
    assert server[server.index("-m") + 1] == "16M" and server[-1] == '--name="two words"' and "-S" in server
    assert gdb[0] == "gdb-multiarch" and os.path.basename(gdb[2]) == "hello.elf"
    out = fata("debug", *HELLO, "-b", "rpi3", "--jtag", "--openocd=-f x.cfg").stdout
    assert "    openocd -f x.cfg -c 'gdb_port " in out


def test_boot_arguments_stand_behind_two_hyphens(fata):
    for command in ("sdcard", "disk", "debug"):
        assert "boot arguments stand behind --" in fata(command, *HELLO, "stray", status=USAGE).stderr
    assert "stray: unexpected word" in fata("flash", *HELLO, "stray", status=USAGE).stderr
