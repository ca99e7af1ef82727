# SPDX-License-Identifier: ISC
"""`make run` and its neighbours, as a person uses them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

import emulator
from guest import ROOT, image

MAKE = ["make", "-C", str(ROOT), "--no-print-directory", "SETUP=0"]


class MakeRun:
    def __init__(self, *words):
        self.process = subprocess.Popen(MAKE + ["run", *words], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        start_new_session=True)
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def line_with(self, text):
        for line in self.process.stdout:
            self.seen += line
            if text in line:
                return line
        raise AssertionError(f"no line with {text!r}:\n{self.seen}")

    def interrupt(self):
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=60)


def stops_answering(url, seconds=10):
    """The emulator may end a little later than the make around it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_prints_a_url_and_ends_at_ctrl_c():
    with MakeRun("BOARD=virt-aarch64", "APP=web") as run:
        url = re.search(r"URL: (http://127\.0\.0\.1:\d+/)", run.line_with("URL:")).group(1)
        assert urllib.request.urlopen(url, timeout=30).status == 200
        run.interrupt()
        assert stops_answering(url)


def test_port_and_arguments():
    port = emulator.free_port()
    with MakeRun("BOARD=virt-arm", f"PORT={port}", "ARGS=--log=debug", "MEM=16M") as run:
        assert f":{port}/" in run.line_with("URL:")


def test_ports_chosen_at_a_time_differ(monkeypatch):
    monkeypatch.setattr(emulator, "PORTS", range(30000, 31000))
    mine = {emulator.free_port() for _ in range(50)}
    choose = "import emulator; emulator.PORTS = range(30000, 31000); print(*(emulator.free_port() for _ in range(64)))"
    others = subprocess.run(["python3", "-c", choose], cwd=ROOT / "tools", capture_output=True, text=True, check=True)
    assert len(mine) == 50 and mine.isdisjoint(map(int, others.stdout.split()))


def test_pcap(tmp_path):
    capture = tmp_path / "packets.pcap"
    with MakeRun(f"PCAP={capture}") as run:
        run.line_with("URL:")
        run.interrupt()
    assert capture.stat().st_size > 100


def run_make(*words):
    return subprocess.run(MAKE + list(words), capture_output=True, text=True, timeout=600, check=False,
                          stdin=subprocess.DEVNULL)


def test_unknown_board_and_app_list_those_that_exist():
    done = run_make("run", "BOARD=virt-aarch46")
    assert done.returncode != 0
    assert "virt-aarch46" in done.stderr and "virt-aarch64" in done.stderr
    done = run_make("run", "APP=wbe")
    assert done.returncode != 0
    assert "wbe" in done.stderr and "web" in done.stderr


def test_bad_port_and_taken_port():
    assert "PORT=eighty" in run_make("run", "PORT=eighty").stderr
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
        assert "in use" in run_make("run", f"PORT={port}").stderr


def test_mistakes_are_named():
    for words, said in ((["run", "MEM=lots"], "MEM=lots"), (["unit", "T=tpc"], '"tpc"'), (["fuzz", "F=tpc"], '"tpc"'),
                        (["all", "BOARD=virt-arm", "SANITIZE=1"], "BOARD=host")):
        done = run_make(*words)
        assert done.returncode != 0 and said in done.stderr and "Traceback" not in done.stderr


def test_arguments_may_hold_quotes():
    assert "it's" in run_make("run", "APP=hello", "ARGS=--name=it's").stdout


def test_missing_tap_says_how_to_make_one():
    assert "ip tuntap add" in run_make("run", "TAP=no-such-tap").stderr


def test_status_of_the_image_is_the_status_of_make_run():
    done = run_make("run", "APP=hello")
    assert done.returncode == 0 and "Hello" in done.stdout
    done = run_make("run", "APP=hello", "ARGS=--nonsense")
    assert done.returncode != 0
    assert "64" in done.stderr  # make: *** [run] Error 64


def test_a_rebuild_of_nothing_is_quick_and_does_nothing():
    run_make("all")
    before = os.stat(image("virt-aarch64", "web").elf).st_mtime_ns
    done = run_make("all")
    assert done.returncode == 0 and done.stdout == ""
    assert os.stat(image("virt-aarch64", "web").elf).st_mtime_ns == before


def test_help_names_commands_boards_and_apps():
    out = run_make("help").stdout
    for word in ("run", "test", "size", "bench", "virt-arm", "microvm", "host", "services"):
        assert word in out


def test_a_machine_that_no_emulator_has(monkeypatch, tmp_path):
    """It is said with what helps; where there is a QEMU that has it, that one is taken."""
    found = image("rpi4", "hello")
    monkeypatch.setattr(emulator, "FETCHED_QEMU", tmp_path)
    monkeypatch.setattr(found, "qemu", "no-such-qemu")
    with pytest.raises(emulator.MissingEmulator, match="rpi4 needs a QEMU with the machine raspi4b.*: make qemu$"):
        found.command()
    fetched = tmp_path / "no-such-qemu"
    fetched.write_text("#!/bin/sh\necho 'raspi4b              Raspberry Pi 4B'\n")
    fetched.chmod(0o755)
    emulator.has_machine.cache_clear()
    assert found.command()[0] == str(fetched)


def test_a_newer_emulator_where_there_is_no_apt(tmp_path):
    (tmp_path / "bin").mkdir()
    for name in ("sh", "dirname", "mkdir", "mktemp", "rm"):
        (tmp_path / "bin" / name).symlink_to(f"/bin/{name}")
    done = subprocess.run([ROOT / "tools/fetch-qemu", tmp_path / "qemu"], env={"PATH": str(tmp_path / "bin")},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ("QEMU of Debian 13 could not be fetched: this is not a Debian system; install QEMU 9 or newer.\n")
    assert [p.name for p in tmp_path.iterdir()] == ["bin"]


# --- disks ---------------------------------------------------------------------------------------

#: As the tests have built it, so that nothing needs to be.
WITH_FILES = ["BOARD=virt-aarch64", "LTO=", "APP_DIR=apps/web", "APP=web-fat", "KEYS=--files=fat"]


def test_a_folder_becomes_a_disk(tmp_path):
    site = tmp_path / "my site, of mine"
    site.mkdir()
    (site / "index.html").write_text("from a folder")
    with MakeRun(*WITH_FILES, f"DISK=dir:{site}", "ARGS=--uploads") as run:
        url = re.search(r"URL: (http://127\.0\.0\.1:\d+/)", run.line_with("URL:")).group(1)
        assert urllib.request.urlopen(url, timeout=30).read() == b"from a folder"
        request = urllib.request.Request(url + "new", b"uploaded", method="PUT")
        assert urllib.request.urlopen(request, timeout=30).status == 201
        run.interrupt()


@pytest.mark.parametrize("disk, said", [
    ("dri:site", "there is no such file; a disk is made of a folder by DISK=dir:FOLDER or DISK=tar:FOLDER"),
    ("dir:nothing", "there is no folder 'nothing'"),
    ("dir:", "the folder's name is missing"),
    (".", "that is a folder; to make a disk of it: DISK=dir:."),
    ("disk.img", "there is no such file; a disk of 16 MiB without anything on it makes: truncate -s 16M disk.img"),
])
def test_what_can_be_no_disk_is_said(tmp_path, disk, said):
    manifest = ROOT / "build/virt-aarch64-no-lto/web-fat/manifest.json"
    done = subprocess.run([sys.executable, str(ROOT / "tools/run.py"), str(manifest), f"--disk={disk}"], cwd=tmp_path,
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"make run: DISK={disk}: {said}\n"


def test_an_app_without_a_disk_is_given_none(tmp_path):
    """It would be served its own pages, and nobody the wiser."""
    for app, said in (("web", "the app has no disk; what it has is chosen when it is built, by KEYS=--files=embedded|tar|fat|kv"),
                      ("hello", "the app has no disk")):
        manifest = ROOT / f"build/virt-aarch64/{app}/manifest.json"
        done = subprocess.run([sys.executable, str(ROOT / "tools/run.py"), str(manifest), f"--disk=dir:{tmp_path}"],
                              capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (1, f"make run: DISK=dir:{tmp_path}: {said}\n")


def test_a_key_of_build_time_is_no_boot_argument():
    manifest = ROOT / "build/virt-aarch64/web/manifest.json"
    done = subprocess.run([sys.executable, str(ROOT / "tools/run.py"), str(manifest), "--args=--port=80 --files=fat"],
                          capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (
        1, "make run: ARGS=--files=fat: that is chosen when the image is built, by KEYS=--files=fat\n")
