# SPDX-License-Identifier: ISC
"""`make debug`, at a terminal and without one, and `make flash`."""

import os
import pathlib
import pty
import re
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import time

import pytest

import emulator
from guest import ROOT, image

MAKE = ["make", "-C", str(ROOT), "--no-print-directory", "SETUP=0"]
BOARDS = ["microvm", "mps2-an385", "mps2-an386", "mps2-an500", "orangepi-pc", "q35", "rpi2", "rpi3", "rpi4", "vexpress-a15",
          "virt-aarch64", "virt-arm", "zcu102"]
TIMEOUT_S = 60

#: One after the other: each looks for a free port from 1234 on, which another may take before its emulator does.
pytestmark = pytest.mark.xdist_group("gdb")


def run_make(*words, **env):
    return subprocess.run([*MAKE, *map(str, words)], capture_output=True, text=True, timeout=600, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, **env})


class Terminal:
    """A command at a terminal of its own, and somebody who types. Use as a context manager."""

    def __init__(self, *command):
        self.command, self.seen, self.waited_for = command, "", 0

    def __enter__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Whoever runs the tests may ignore these (nohup does), which programs would inherit.
            for number in (signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            # A shell leads the session, whose end hangs up on all the others, as it does with a person's.
            os.execvpe("sh", ["sh", "-c", '"$@"; exit $?', "sh", *self.command], {**os.environ, "TERM": "dumb"})
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.fd, selectors.EVENT_READ)
        return self

    def __exit__(self, *_):
        self.selector.close()
        os.close(self.fd)  # which hangs up
        deadline = time.monotonic() + TIMEOUT_S
        while self.pid and os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(f"goes on without its terminal:\n{self.seen}")
            time.sleep(0.02)

    def more(self, deadline):
        """Reads what there is; False at the end."""
        assert self.selector.select(max(0, deadline - time.monotonic())), self.seen
        try:
            read = os.read(self.fd, 4096)
        except OSError:  # of a terminal that nobody has open any more
            return False
        self.seen += read.decode(errors="replace").replace("\r", "")
        return bool(read)

    def wait_for(self, pattern):
        """Waits until the pattern is found behind all that was waited for before; returns the match."""
        deadline = time.monotonic() + TIMEOUT_S
        while not (found := re.compile(pattern).search(self.seen, self.waited_for)):
            assert self.more(deadline), f"ended without {pattern!r}:\n{self.seen}"
        self.waited_for = found.end()
        return found

    def type(self, line):
        os.write(self.fd, line.encode() + b"\n")

    def wait_exit(self):
        deadline = time.monotonic() + TIMEOUT_S
        while self.more(deadline):
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize("board", BOARDS)
def test_gdb_at_a_terminal(board):
    with Terminal(*MAKE, "debug", f"BOARD={board}", "APP=hello", "ARGS=--name=Uther") as t:
        t.wait_for(r"\(gdb\) ")
        t.type("set confirm off")
        t.type("hbreak begin")
        t.wait_for("breakpoint 1 at")
        t.type("continue")
        t.wait_for(r"Breakpoint 1, .*begin \(boot=")  # the line may be of what is inlined there
        t.type("continue")
        t.wait_for("Hello, Uther")  # the console is at the same terminal
        t.wait_for(r"exited|closed")
        t.type("quit")
        assert t.wait_exit() == 0


def debug_web(t):
    """gdb on a machine with the web server; the port of the host that the machine has taken."""
    port = t.wait_for(r"Its port 80 will be at 127\.0\.0\.1:(\d+)\.").group(1)
    t.wait_for(r"\(gdb\) ")
    t.type("set confirm off")
    t.type("continue")
    t.wait_for("boot: ready")
    assert not emulator.port_is_free(int(port))
    return int(port)


def test_ctrl_c_stops_the_image_and_quitting_ends_it():
    with Terminal(*MAKE, "debug", "BOARD=virt-aarch64", "APP=web") as t:
        port = debug_web(t)
        os.write(t.fd, b"\x03")
        t.wait_for("SIGINT")
        t.wait_for(r"\(gdb\) ")
        t.type("quit")
        t.wait_exit()  # make has seen Ctrl-C, too, and ends as interrupted
        assert emulator.port_is_free(port)


def test_a_terminal_that_is_closed_ends_it():
    with Terminal(*MAKE, "debug", "BOARD=virt-aarch64", "APP=web") as t:
        port = debug_web(t)
    deadline = time.monotonic() + TIMEOUT_S
    while not emulator.port_is_free(port):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def printed(*words):
    """The commands that are shown where no terminal is."""
    done = run_make("debug", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return [shlex.split(line) for line in done.stdout.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("board", ["mps2-an385", "virt-arm", "zcu102"])
def test_without_a_terminal_the_two_commands_are_printed_and_do(board):
    """Also where the arguments are in a copy of the image, which is there for as long as the commands may be used."""
    server, gdb = printed(f"BOARD={board}", "APP=hello", "ARGS=--name=Uther")
    assert not any(word.startswith("/proc/") for word in server)
    with subprocess.Popen(server, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        done = subprocess.run([*gdb, "-nx", "-batch", "-ex", "hbreak begin", "-ex", "continue", "-ex", "continue"],
                              cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
                              stdin=subprocess.DEVNULL)
        said = machine.communicate(timeout=TIMEOUT_S)[0]
    assert "Breakpoint 1, " in done.stdout and b"Hello, Uther" in said


def test_the_host_board_is_a_process_of_gdb():
    (command,) = printed("BOARD=host", "APP=hello", "ARGS=--name='two words'")
    assert command == ["gdb-multiarch", "-q", "--args", "build/host/hello/hello.elf", "--name=two words"]


def test_the_port_is_a_free_one():
    deadline = time.monotonic() + TIMEOUT_S
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while s.getsockname()[1] != 1234:
            try:
                s.bind(("127.0.0.1", 1234))
            except OSError:  # another test has it, for a while
                assert time.monotonic() < deadline
                time.sleep(0.02)
        s.listen()
        server, gdb = printed("BOARD=virt-arm", "APP=hello")
    port = server[server.index("-gdb") + 1].removeprefix("tcp:127.0.0.1:")
    assert port != "1234" and gdb[-1] == f"target remote 127.0.0.1:{port}"


# --- OpenOCD -----------------------------------------------------------------------------------


def variable(board, name):
    """What board.mk says."""
    text = (ROOT / f"boards/{board}/board.mk").read_text()
    found = re.search(rf"^{name} *:= *(.*)$", text, re.MULTILINE)
    return found.group(1) if found else ""


WITH_JTAG = [b for b in sorted(p.parent.name for p in ROOT.glob("boards/*/board.mk")) if variable(b, "OPENOCD")]


@pytest.mark.parametrize("board", WITH_JTAG)
def test_openocd_takes_the_options_of_boards(board):
    """It reads them, and ends before it looks for a probe."""
    done = subprocess.run(["openocd", *shlex.split(variable(board, "OPENOCD")), "-c", "shutdown"], capture_output=True,
                          text=True, timeout=TIMEOUT_S, check=False)
    assert "shutdown command invoked" in done.stderr and "Error" not in done.stderr, done.stderr


def test_jtag_prints_openocd_and_gdb():
    server, gdb = printed("BOARD=rpi3", "APP=hello", "JTAG=1", "OPENOCD=-f interface/jlink.cfg -c 'adapter speed 100'")
    assert server[:5] == ["openocd", "-f", "interface/jlink.cfg", "-c", "adapter speed 100"]
    port = server[6].removeprefix("gdb_port ")
    assert gdb[1:] == ["-q", "build/rpi3/hello/hello.elf", "-ex", f"target remote 127.0.0.1:{port}", "-ex",
                       "monitor halt"]


def test_boards_without_jtag_say_so():
    assert run_make("debug", "BOARD=virt-arm", "APP=hello", "JTAG=1").stderr.startswith(
        "make debug: the board virt-arm has no JTAG that OpenOCD knows; without JTAG=1 gdb gets it in QEMU\n")


@pytest.mark.parametrize("board, said", [
    ("rpi3", "it starts from a card: make sdcard BOARD=rpi3"),
    ("virt-arm", "start it with: make run BOARD=virt-arm"),
    ("host", "start it with: make run BOARD=host"),
])
def test_boards_without_flash_memory_say_what_to_do_instead(board, said):
    done = run_make("flash", f"BOARD={board}", "APP=hello")
    assert done.returncode != 0
    assert done.stderr.startswith(f"make flash: the board {board} has no flash memory; {said}\n")


@pytest.fixture
def fake_openocd(tmp_path):
    """A program that notes its words, one a line, and ends with 3."""
    program = tmp_path / "openocd"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/words\nexit 3\n')
    program.chmod(0o755)
    return tmp_path


def test_flash_programs_the_image(fake_openocd):
    done = run_make("flash", "BOARD=virt-arm", "APP=hello", "OPENOCD_FLASH=1", "OPENOCD=-f board/x.cfg -c 'a b'",
                    PATH=f"{fake_openocd}:{os.environ['PATH']}")
    assert "Error 3" in done.stderr and done.returncode != 0  # its status is passed on
    elf = pathlib.Path(image("virt-arm", "hello").elf).resolve().with_name("flash.elf")
    assert (fake_openocd / "words").read_text().splitlines() == [
        "-f", "board/x.cfg", "-c", "a b", "-c", f"program {{{elf}}} verify reset exit"]


def test_static_memory_is_loaded(fake_openocd):
    done = run_make("flash", "BOARD=mps2-an385", "APP=hello", PATH=f"{fake_openocd}:{os.environ['PATH']}")
    assert "Error 3" in done.stderr
    elf = pathlib.Path(image("mps2-an385", "hello").elf).resolve().with_name("flash.elf")
    words = (fake_openocd / "words").read_text().splitlines()
    assert words[-12:] == ["-c", "init", "-c", "reset halt", "-c", f"load_image {{{elf}}}", "-c",
                           f"verify_image {{{elf}}}", "-c", "reset run", "-c", "shutdown"]


@pytest.mark.parametrize("app, args", [("hello", "--name=Morgana"), ("tests/emu/apps/small", "")])
def test_what_is_flashed_has_its_seed_and_its_arguments(fake_openocd, app, args):
    name = pathlib.PurePath(app).name
    run_make("flash", "BOARD=mps2-an385", f"APP={app}" if app == name else f"APP_DIR={app}", f"ARGS={args}",
             PATH=f"{fake_openocd}:{os.environ['PATH']}")
    elf = pathlib.Path(image("mps2-an385", name).elf)
    copy = elf.with_name("flash.elf")
    assert copy.stat().st_mode & 0o777 == 0o600  # a secret
    was, data = elf.read_bytes(), copy.read_bytes()
    if args:
        at = was.index(b"FataArgs")
        assert data[at + 10:at + 12] == len(args).to_bytes(2, "little")
        assert data[at + 16:].startswith(args.encode() + b"\0")
    else:
        at = was.index(b"FataSeed") + 8
        assert was[at:at + 32] == bytes(32) and len(set(data[at:at + 32])) > 8


def test_arguments_that_cannot_be_flashed(fake_openocd):
    path = f"{fake_openocd}:{os.environ['PATH']}"
    done = run_make("flash", "BOARD=mps2-an385", "APP=hello", "ARGS=--name=" + 200 * "x", PATH=path)
    assert "make flash: " in done.stderr and "has room for 128 bytes of boot arguments" in done.stderr
    done = run_make("flash", "BOARD=virt-arm", "APP=hello", "OPENOCD_FLASH=1", "OPENOCD=-f x.cfg", "ARGS=--name=x", PATH=path)
    assert "has no argument block" in done.stderr
    assert not (fake_openocd / "words").exists()


def test_flash_without_a_probe_says_so_in_one_line():
    done = run_make("flash", "BOARD=mps2-an385", "APP=hello")
    said = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert done.returncode != 0 and len(said) == 1, done.stderr
    assert said[0].startswith("make flash: OpenOCD finds no debug probe at this machine's USB (") and "OPENOCD=" in said[0]


def test_openocd_is_missed_by_its_name(tmp_path):
    done = subprocess.run([sys.executable, ROOT / "tools/openocd.py", "--board=x", "--flash=1", "--openocd=-f y", "z.elf"],
                          capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)})
    assert (done.returncode, done.stderr) == (
        1, "make flash: openocd is missing; the Debian package openocd has it\n")


def test_options_for_openocd_that_cannot_be_read():
    done = run_make("flash", "BOARD=virt-arm", "APP=hello", "OPENOCD_FLASH=1", "OPENOCD=-c 'open")
    assert "make flash: OPENOCD=-c 'open: No closing quotation" in done.stderr and "Error 64" in done.stderr
