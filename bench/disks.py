# SPDX-License-Identifier: ISC
"""Reading disks: Fata, and Linux past its page cache, on the same emulated machine.

The memory card of a Raspberry Pi 3, and virtio disks: one piece after the other, and 4 KiB at random places with 32
requests at a time.
"""

import os
import pathlib
import re
import statistics
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent),
                str(pathlib.Path(__file__).resolve().parents[1] / "tests/emu")]
import guests  # noqa: E402
import stage  # noqa: E402
import linux_guest  # noqa: E402
import table  # noqa: E402
from guest import Guest, image  # noqa: E402

#: tests/emu/apps/disk, linked as images ship, under a name of its own.
APP = "disk-speed"
CARD = "rpi3"
VIRTIO = ["virt-aarch64", "microvm", "q35"]
DISK_BYTES = 16 << 20
PIECES = [4096, 32768, 262144, 1048576]
DEPTH = 32
TIMEOUT_S = 120


def rate(console):
    return float(re.search(r"(\d+) (KiB|reads)/s", console).group(1))


def fata(board, path, piece, depth):
    mode = "random" if depth > 1 else "speed"
    with Guest(board, APP, args=f"--mode={mode} --count={piece // 512}",
               extra=image(board, APP).disk_options(path)) as guest:
        return rate(guest.wait_for("/s\n", TIMEOUT_S))


def linux_card(path, piece):
    """Its console is the second serial port, the first being Bluetooth's in its device tree."""
    kernel, initramfs, tree = stage.linux_with_card()
    guest = Guest(CARD, APP, kernel=str(kernel), args=f"console=ttyS1 quiet mitigations=off bytes={piece}",
                  extra=[*image(CARD, APP).disk_options(path), "-initrd", str(initramfs), "-dtb", str(tree)])
    at = guest.command.index("-serial")
    guest.command[at:at] = ["-serial", "null"]
    return guest


def linux_virtio(board, path, piece, depth):
    machine = linux_guest.MACHINES[board]
    kernel, initramfs = stage.linux_with_disk(machine.arch)
    return Guest(board, APP, args=machine.arguments(f"bytes={piece} depth={depth}"), memory=guests.MEMORY,
                 kernel=str(kernel), machine=machine.options,
                 extra=[*image(board, APP).disk_options(path), "-initrd", str(initramfs)])


def linux(board, path, piece, depth):
    guest = linux_card(path, piece) if board == CARD else linux_virtio(board, path, piece, depth)
    with guest:
        return rate(guest.wait_for("/s\n", TIMEOUT_S))


def cases(board):
    """(piece, depth) of each line."""
    if board == CARD:
        return [(piece, 1) for piece in PIECES[:3]]
    return [(piece, 1) for piece in PIECES] + [(PIECES[0], DEPTH)]


def measure_board(board, path, rounds):
    stage.make_goal(board, f"APP_DIR={stage.ROOT}/tests/emu/apps/disk", f"APP={APP}")
    rows = {}
    for piece, depth in cases(board):
        both = [(fata(board, path, piece, depth), linux(board, path, piece, depth)) for _ in range(rounds)]
        rows[f"{piece}x{depth}"] = [statistics.median(column) for column in zip(*both)]
    show(board, rows)
    return rows


def measure(rounds, boards=(CARD, *VIRTIO)):
    with tempfile.NamedTemporaryFile(suffix=".img") as disk:
        disk.write(os.urandom(DISK_BYTES))
        disk.flush()
        return {board: measure_board(board, disk.name, rounds) for board in boards}


def show(board, rows):
    lines = [[board, "Fata", "Linux", "ratio"]]
    for case, (mine, theirs) in rows.items():
        piece, depth = (int(number) for number in case.split("x"))
        what = f"KiB/s in pieces of {piece // 1024} KiB"
        if depth > 1:
            what = f"reads/s of {piece // 1024} KiB at random, {depth} at a time"
        lines.append([what, f"{mine:,.0f}", f"{theirs:,.0f}", f"{mine / theirs:.2f}x"])
    table.show(lines)
