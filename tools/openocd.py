#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Programs an image into a board's flash memory with OpenOCD: what `make flash` calls.

What OpenOCD has to know of probe and board are options that board.mk gives as OPENOCD.
"""

import argparse
import os
import shlex
import shutil
import sys

USAGE = 64


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


def become(command, caller):
    """Is replaced by the program, so that its exit status and Ctrl-C are nobody else's."""
    if shutil.which(command[0]) is None:
        sys.exit(f"{caller}: {command[0]} is missing; the Debian package {command[0]} has it")
    sys.stdout.flush()
    os.execvp(command[0], command)


def other_way(a):
    """What to do for a board without flash memory."""
    if a.card:
        card = f"make sdcard BOARD={a.board}" if a.caller == "make" else f"fata sdcard --board={a.board}"
        return f"the board {a.board} has no flash memory; it starts from a card: {card}"
    if a.emulated:
        run = f"make run BOARD={a.board}" if a.caller == "make" else f"fata run --board={a.board}"
        return f"the board {a.board} has no flash memory; start it with: {run}"
    return f"the board {a.board} has no flash memory that OpenOCD could program"


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--caller", default="make", choices=["make", "fata"], help="whose options messages name")
    p.add_argument("--board", required=True)
    p.add_argument("--openocd", default="", help="OpenOCD's options for probe and board")
    p.add_argument("--flash", default="", help="1: the board has flash memory that OpenOCD programs")
    p.add_argument("--card", default="", help="1: it starts from a card")
    p.add_argument("--emulated", default="", help="1: run starts it")
    p.add_argument("elf")
    a = p.parse_args()
    caller = f"{a.caller} flash"
    if a.flash != "1" or not a.openocd:
        sys.exit(f"{caller}: {other_way(a)}")
    path = os.path.abspath(a.elf)
    if set(path) & set("{}\\"):
        sys.exit(f"{caller}: {path}: OpenOCD takes no path with braces or backslashes")
    become(openocd_command(a.openocd, caller, f"program {{{path}}} verify reset exit"), caller)


if __name__ == "__main__":
    main()
