#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Programs an image into a board's flash memory with OpenOCD: what `make flash` calls.

What OpenOCD has to know of probe and board are options that board.mk gives as OPENOCD. A board whose flash
is static memory is loaded, and keeps the image until it loses its power.

What is programmed is a copy of the image, flash.elf beside it: with the boot arguments, and with a new seed
if it has room for one (drivers/rng/image_seed), which is a secret of that board.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import emulator

USAGE = 64
#: How the board's memory is written, by what board.mk says in OPENOCD_FLASH.
WAYS = {"1": ["program {%s} verify reset exit"],
        "load": ["init", "reset halt", "load_image {%s}", "verify_image {%s}", "reset run", "shutdown"]}
#: What OpenOCD's drivers say where no probe is.
NO_PROBE = re.compile(r"unable to find a matching CMSIS-DAP device|No J-Link device found|unable to open ftdi device|"
                      r"libusb_open\(\) failed|open failed|No device found", re.IGNORECASE)


def option(caller, name, value):
    """An option as the person would write it."""
    return f"{name.upper()}={value}" if caller == "make" else f"--{name}={value}"


def openocd_command(text, caller, *commands):
    """OpenOCD with the options in `text` and behind them these commands."""
    try:
        words = shlex.split(text)
    except ValueError as e:
        print(f"{caller}: {option(caller.split()[0], 'openocd', text)}: {e}", file=sys.stderr)
        sys.exit(USAGE)
    return ["openocd", *words, *(word for c in commands for word in ("-c", c))]


def run(command, caller):
    """Its status, with all that it said; but one line where what it said is that no probe is there."""
    said = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, errors="replace") as p:
        for line in p.stderr:
            said.append(line)
            if found := NO_PROBE.search(line):
                p.kill()
                sys.exit(f"{caller}: OpenOCD finds no debug probe at this machine's USB ({found.group()}); is it plugged "
                         f"in, and may you open it? Another kind is said by {option(caller.split()[0], 'openocd', '…')}")
    sys.stderr.writelines(said)
    return p.returncode


def need_openocd(caller):
    if shutil.which("openocd") is None:
        sys.exit(f"{caller}: openocd is missing; the Debian package openocd has it")


def other_way(a):
    """What to do for a board without flash memory."""
    if a.card:
        card = f"make sdcard BOARD={a.board}" if a.caller == "make" else f"fata sdcard --board={a.board}"
        return f"the board {a.board} has no flash memory; it starts from a card: {card}"
    if a.emulated:
        run = f"make run BOARD={a.board}" if a.caller == "make" else f"fata run --board={a.board}"
        return f"the board {a.board} has no flash memory; start it with: {run}"
    return f"the board {a.board} has no flash memory that OpenOCD could program"


def copy_to_program(elf, args, caller):
    """The path of the copy, with its own seed and these boot arguments."""
    copy = pathlib.Path(elf).with_name("flash.elf").resolve()
    try:
        data = emulator.filled(elf, args)
        copy.unlink(missing_ok=True)
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f:
            f.write(data)
    except OSError as e:
        sys.exit(f"{caller}: {e}")
    return str(copy)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--caller", default="make", choices=["make", "fata"], help="whose options messages name")
    p.add_argument("--board", required=True)
    p.add_argument("--openocd", default="", help="OpenOCD's options for probe and board")
    p.add_argument("--flash", default="", help="1: the board has flash memory that OpenOCD programs; load: static memory")
    p.add_argument("--card", default="", help="1: it starts from a card")
    p.add_argument("--emulated", default="", help="1: run starts it")
    p.add_argument("--args", default="", help="boot arguments")
    p.add_argument("elf")
    a = p.parse_args()
    caller = f"{a.caller} flash"
    if a.flash not in WAYS or not a.openocd:
        sys.exit(f"{caller}: {other_way(a)}")
    need_openocd(caller)
    path = copy_to_program(a.elf, a.args, caller)
    if set(path) & set("{}\\"):
        sys.exit(f"{caller}: {path}: OpenOCD takes no path with braces or backslashes")
    commands = [c.replace("%s", path) for c in WAYS[a.flash]]
    return run(openocd_command(a.openocd, caller, *commands), caller)


if __name__ == "__main__":
    sys.exit(main())
