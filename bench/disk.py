# SPDX-License-Identifier: ISC
"""Reading the memory card of an emulated Raspberry Pi 3: Fata, and Linux past its page cache."""

import os
import pathlib
import re
import statistics
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent),
                str(pathlib.Path(__file__).resolve().parents[1] / "tests/emu")]
import stage  # noqa: E402
import table  # noqa: E402
from guest import Guest  # noqa: E402

BOARD = "rpi3"
CARD_BYTES = 16 << 20
PIECES = [4096, 32768, 262144]
TIMEOUT_S = 120


def rate(console):
    return float(re.search(r"(\d+) KiB/s", console).group(1))


def fata(card, piece):
    with Guest(BOARD, "disk", args=f"--mode=speed --count={piece // 512}",
               extra=["-drive", f"if=sd,format=raw,file={card}"]) as guest:
        return rate(guest.wait_for("KiB/s\n", TIMEOUT_S))


def linux(card, piece):
    """Its console is the second serial port, the first being Bluetooth's in its device tree."""
    kernel, initramfs, tree = stage.linux_with_card()
    guest = Guest(BOARD, "disk", kernel=str(kernel), args=f"console=ttyS1 quiet mitigations=off bytes={piece}",
                  extra=["-drive", f"if=sd,format=raw,file={card}", "-initrd", str(initramfs), "-dtb", str(tree)])
    at = guest.command.index("-serial")
    guest.command[at:at] = ["-serial", "null"]
    with guest:
        return rate(guest.wait_for("KiB/s\n", TIMEOUT_S))


def measure(rounds):
    stage.make_goal(BOARD, f"APP_DIR={stage.ROOT}/tests/emu/apps/disk")
    rows = {}
    with tempfile.NamedTemporaryFile(suffix=".img") as card:
        card.write(os.urandom(CARD_BYTES))
        card.flush()
        for piece in PIECES:
            both = [(fata(card.name, piece), linux(card.name, piece)) for _ in range(rounds)]
            rows[piece] = [statistics.median(column) for column in zip(*both)]
    show(rows)
    return rows


def show(rows):
    lines = [["KiB/s in pieces of", "Fata", "Linux", "ratio"]]
    for piece, (mine, theirs) in rows.items():
        lines.append([f"{piece // 1024} KiB", f"{mine:,.0f}", f"{theirs:,.0f}", f"{mine / theirs:.2f}x"])
    table.show(lines)
