#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Starts an image under gdb: what `make debug` calls.

QEMU halts before the first instruction, and gdb is started with the image's ELF file and connected. With
--jtag it is OpenOCD that gdb is connected to, and through it the board. The host board's image is a process,
which gdb starts. Where no terminal is, for gdb to talk to a person, the commands are printed instead.
"""

import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys

import emulator
import openocd
import run

OPENOCD_PORT = 3333


def parse_arguments():
    p = run.parser(__doc__)
    p.add_argument("--jtag", default="", help="1: the board itself, by OpenOCD")
    p.add_argument("--openocd", default="", help="OpenOCD's options for probe and board")
    return p.parse_args()


def at_a_terminal():
    return sys.stdin.isatty() and sys.stdout.isatty()


def must_have(program):
    if shutil.which(program) is None:
        run.fail(f"{program} is missing; the Debian package {program} has it")


def show(commands):
    print("There is no terminal here for gdb. In one:")
    for number, command in enumerate(commands):
        if number:
            print("In another:")
        print(f"    {shlex.join(command)}")


def kept(command, image):
    """The command with a copy of the image in the place of one in memory, which ends with this program."""
    here = f"/proc/{os.getpid()}/fd/"
    found = [word for word in command if word.startswith(here)]
    if not found:
        return command
    copy = pathlib.Path(image.stem).with_name("debug" + pathlib.Path(image.kernel).suffix)
    try:
        copy.unlink(missing_ok=True)
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:  # its seed is a secret
            f.write(pathlib.Path(found[0]).read_bytes())
    except OSError as e:
        run.fail(f"{copy}: {e.strerror}")
    return [str(copy) if word in found else word for word in command]


def debug(server, gdb):
    """Runs gdb until it ends, beside what it is connected to; returns its status."""
    if not at_a_terminal():
        show([server, gdb] if server else [gdb])
        return 0
    for command in filter(None, (server, gdb)):
        must_have(command[0])
    # Ctrl-C is gdb's, which stops the image: it reaches neither the server, in a session of its own, nor us.
    signal.signal(signal.SIGINT, lambda *_: None)
    for end in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(end, lambda *_: sys.exit(1))  # and so the server ends, too
    child = None
    if server:
        child = subprocess.Popen(server, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return subprocess.run(gdb, check=False).returncode
    finally:
        if child is not None:
            child.kill()
            child.wait()


def board_by_jtag(image, a):
    if not a.openocd:
        run.fail(f"the board {image.board} has no JTAG that OpenOCD knows; without {run.caller.option('jtag')} gdb gets "
                 "it in QEMU")
    port = emulator.free_port(OPENOCD_PORT)
    server = openocd.openocd_command(a.openocd, run.caller.command, f"gdb_port {port}", "telnet_port disabled",
                                     "tcl_port disabled")
    return debug(server, [*run.gdb_command(image, port), "-ex", "monitor halt"])


def image_in_emulator(image, a, tap):
    if image.is_process:
        command, _ = run.machine_command(image, a, tap)
        return debug(None, ["gdb-multiarch", "-q", "--args", *command])
    halted, port = run.gdb_server()
    command, where = run.machine_command(image, a, tap, halted)
    if where and at_a_terminal():
        print(f"Its port {image.http_port} will be at {where[0]}:{where[1]}.")
    return debug(command if at_a_terminal() else kept(command, image), run.gdb_command(image, port))


def main():
    a = parse_arguments()
    run.caller = run.Caller(a.caller, "debug")
    image = emulator.Image(a.image)
    if a.jtag == "1":
        return board_by_jtag(image, a)
    return run.with_tap(image, a, lambda tap: image_in_emulator(image, a, tap))


if __name__ == "__main__":
    sys.exit(main())
