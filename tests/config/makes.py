# SPDX-License-Identifier: ISC
"""Calling make as a person does, and starting what it has built."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import emulator  # noqa: E402

BOARDS = sorted(p.parent.name for p in ROOT.glob("boards/*/board.mk"))
#: Where few boards are enough: the quickest to build, and one with a compiler of its own.
TWO_BOARDS = ["host", "virt-arm"]
#: Where what the compiler and the linker do matters: one of each architecture.
ARCH_BOARDS = ["host", "microvm", "mps2-an385", "virt-aarch64", "virt-arm"]


def try_make(*words, build=ROOT / "build", env=None):
    """One call. What a make around the tests was told is no business of this one."""
    clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    return subprocess.run(["make", "-C", ROOT, "--no-print-directory", "SETUP=0", f"BUILD={build}",
                           "TOOLCHAIN=build/toolchain", *map(str, words)], capture_output=True, text=True,
                          env={**clean, **(env or {})}, timeout=600, check=False)


def make(*words, **options):
    """One call that succeeds; returns what it said, line by line and without the spaces around."""
    done = try_make(*words, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return [line.strip() for line in done.stdout.splitlines()]


def image(board, app, build=ROOT / "build"):
    """The image, with absolute paths."""
    return emulator.Image(pathlib.Path(ROOT, build, board, app, "manifest.json"))


def boot_command(found, **options):
    """Its command; where no emulator has the machine, the test is skipped."""
    try:
        return found.command(**options)
    except emulator.MissingEmulator as e:
        pytest.skip(str(e))


def boot(found, args="", netdev=None, timeout=60):
    """Runs an image that ends by itself; returns its status and console."""
    done = subprocess.run(boot_command(found, args=args, netdev=netdev), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=timeout, check=False)
    return found.exit_status(done.returncode), done.stdout.decode(errors="replace").replace("\r\n", "\n")


def write_files(folder, files):
    """Makes a folder of just these files, and touches none that says the same already, as make goes by times."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return folder
