#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Turns the addresses of a crash report into functions and lines of the source.

    tools/symbolize.py build/BOARD/APP/manifest.json < console-log

`make run` does the same by itself when an image ends with a backtrace.
"""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import emulator  # noqa: E402

BACKTRACE = re.compile(rb"backtrace:((?: 0x[0-9a-f]+)+)")


def backtraces(log):
    """The addresses of each backtrace in the bytes of a console log."""
    return [m.split() for m in (found.group(1).decode() for found in BACKTRACE.finditer(log))]


def lines(image, addresses):
    """One line of text for each address, with the calls that were inlined there below it."""
    # A return address lies behind the call; the first address is where it happened.
    sites = [addresses[0]] + [hex(int(a, 16) - 1) for a in addresses[1:]]
    out = subprocess.run([image.cross + "addr2line", "-f", "-i", "-p", "-e", image.elf, *sites],
                         capture_output=True, text=True, check=False).stdout
    text = out.replace(" at ./", " at ").replace(" (inlined by) ", "    in ")
    return [line for line in text.splitlines() if line]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    image = emulator.Image(sys.argv[1])
    found = backtraces(sys.stdin.buffer.read())
    if not found:
        sys.exit("symbolize: there is no backtrace in the log")
    for addresses in found:
        print("\n".join(lines(image, addresses)))


if __name__ == "__main__":
    main()
