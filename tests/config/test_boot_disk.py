# SPDX-License-Identifier: ISC
"""`make disk`: that a BIOS starts it, what the image is told, and what is said when there can be none."""

import os
import shlex
import subprocess
import time
import urllib.request

import pytest

import makes

MACHINES = {"q35": ["-M", "q35"], "older": ["-M", "pc"]}


def words(disk, board="q35", **variables):
    return ["disk", f"BOARD={board}", "APP=hello", f"DISK={disk}", *(f"{k}={v}" for k, v in variables.items())]


def refused(disk, status=1, **variables):
    """What is said when there is no disk, in one line before make's own."""
    done = makes.try_make(*words(disk, **variables))
    said = done.stderr.splitlines()
    assert done.returncode == 2 and f"Error {status}" in said[1] and len(said) == 2, done.stderr
    assert not os.path.isfile(disk)
    return said[0]


def start(disk, *machine):
    """Starts the disk as a cloud does, with nothing but a machine; returns the status and the console."""
    found = makes.image("q35", "hello")
    command = makes.boot_command(found, extra=["-drive", f"file={disk},format=raw,if=virtio,snapshot=on"])
    at = command.index("-kernel")
    try:
        done = subprocess.run(command[:at] + command[at + 2:] + list(machine), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired as e:
        raise AssertionError(f"does not end; the console:\n{e.stdout}") from None
    return found.exit_status(done.returncode), done.stdout.decode(errors="replace").replace("\r\n", "\n")


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_a_bios_starts_it(machine, tmp_path):
    disk = tmp_path / "disk.img"
    makes.make(*words(disk))
    assert disk.stat().st_size == 64 << 20
    status, console = start(disk, *MACHINES[machine])
    assert status == 0 and "Hello, world, from board q35" in console, console


def answer(url, process, console):
    """What it answers, once it does."""
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None and time.monotonic() < deadline, console.read_text()
        try:
            with urllib.request.urlopen(url, timeout=10) as r:
                return r.read()
        except OSError:  # it has not started yet
            time.sleep(0.1)


def test_the_line_that_is_printed_starts_a_web_server(tmp_path):
    """It needs random numbers, which this machine has. Another port of the host may be free."""
    said = makes.make("disk", "BOARD=q35", "APP=web", f"DISK={tmp_path}/disk.img")[-1]
    assert said.startswith("To start it: qemu-system-x86_64 ") and ":8080-" in said
    port = makes.emulator.free_port()
    command = shlex.split(said.removeprefix("To start it: ").replace(":8080-", f":{port}-"))
    console = tmp_path / "console"
    with console.open("wb") as out, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                                     stderr=subprocess.STDOUT) as process:
        try:
            page = answer(f"http://127.0.0.1:{port}/", process, console)
        finally:
            process.kill()
    assert page == (makes.ROOT / "apps/web/htdocs/index.html").read_bytes()
    assert "net0: 10.0.2.15/24" in console.read_text()


@pytest.mark.parametrize("args, name", [
    ("--name=Morgana", "Morgana"), ('--name="Morgan le Fay"', "Morgan le Fay"), ('"--name=two words"', "two words"),
    ("--name=$root;{echo}<&|>*#~", "$root;{echo}<&|>*#~"), ("--name=Éléonore", "Éléonore")])
def test_the_image_is_told_what_was_said(args, name, tmp_path):
    """Through make, a shell, GRUB's language and its quotes."""
    disk = tmp_path / "disk.img"
    makes.make(*words(disk, ARGS=args.replace("$", "$$")))
    status, console = start(disk)
    assert status == 0 and f"Hello, {name}, from board" in console, console


def test_what_is_wrong_with_boot_arguments_reaches_the_console(tmp_path):
    disk = tmp_path / "disk.img"
    makes.make(*words(disk, ARGS="--nmae=x"))
    status, console = start(disk)
    assert status == 64 and "--nmae" in console, console


def test_the_same_input_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "first.img", tmp_path / "second.img"
    makes.make(*words(first, MIB=128))
    makes.make(*words(second, MIB=128))
    assert first.read_bytes() == second.read_bytes() and first.stat().st_size == 128 << 20


def test_what_cannot_be_is_said(tmp_path):
    disk = tmp_path / "disk.img"
    assert refused(disk, board="virt-arm") == (
        "make disk: the board virt-arm does not start from a disk with GRUB; the boards that do: q35")
    assert refused(disk, 64, MIB="65") == "make disk: MIB=65: expected one of 64, 128, 256, 512, 1024, 2048, 4096"
    assert refused(disk, 64, ARGS='--name="open') == "make disk: a quote of the boot arguments has no partner"
    assert refused(disk, 64, ARGS="--name=a\\b") == (
        "make disk: GRUB cannot hand over --name=a\\b: there may be no quote and no backslash in it")
    assert refused(disk, 64, ARGS="--name=" + "x" * 4090) == (
        "make disk: the boot arguments are too long; 4095 bytes are the limit")
    assert refused(tmp_path / "no/such") == (
        f"make disk: {tmp_path}/no/such: cannot be written there: No such file or directory")
    assert refused("/dev/null") == "make disk: /dev/null is no file; name one, and write it to a disk with dd"
