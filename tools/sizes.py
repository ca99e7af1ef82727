#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""One application on each board, a line of flash and RAM for each: what `make sizes` prints.

    tools/sizes.py --app=hello --boards='virt-arm mps2-an385' -- make SETUP=0 …

The image is built for each, by that command. A board that cannot have the application says why not.
"""

import argparse
import json
import signal
import subprocess
import sys


def sizes(command, board):
    """What `make size` counts, or the first line of what it complains of."""
    done = subprocess.run([*command, f"BOARD={board}", "size", "SIZE_OPTIONS=--json"], capture_output=True, text=True,
                          errors="replace", check=False)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    return said[0].strip() if said else f"make has failed with status {done.returncode}"


def row(board, t):
    if isinstance(t, str):
        return f"  {board:<14} {t}"
    flash = "none" if t["flash"] is None else f"{t['flash']:,}"
    return f"  {board:<14}{t['loadable']:>11,}{flash:>11}{t['ram']:>13,}"


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--app", required=True)
    p.add_argument("--boards", required=True)
    p.add_argument("command", nargs="+")
    a = p.parse_args()

    print(f"{a.app}, in bytes\n\n  {'board':<14}{'image':>11}{'flash':>11}{'RAM':>13}", flush=True)
    for board in a.boards.split():
        print(row(board, sizes(a.command, board)), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
