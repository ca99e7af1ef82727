# SPDX-License-Identifier: ISC
"""fata as people use it: new applications built, booted and changed, in the tree and from an installed copy."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from fata import ROOT, USAGE, Fata, as_nobody, built, folder_for_all, make

# All in one process: what the first of them has built of an application the others build upon.
pytestmark = pytest.mark.xdist_group("fata")

BOARDS = ["virt-aarch64", "virt-arm", "microvm", "host"]
FORMS = {"virt-aarch64": [".elf", ".img"], "virt-arm": [".elf", ".img"], "microvm": [".elf"], "host": [".elf"]}


@pytest.fixture(scope="module")
def fata():
    return built()


@pytest.fixture(scope="module")
def app(fata, tmp_path_factory):
    """A new application outside the tree, with an argument block."""
    parent = tmp_path_factory.mktemp("apps")
    fata("new", "greet", cwd=parent)
    config = parent / "greet/config.c"
    config.write_text(config.read_text().replace("\tunikernel(", "\targument_block(128);\n\tunikernel("))
    return parent / "greet"


def output(app, board, name):
    return app / "build" / board / "greet" / name


# --- building and booting ----------------------------------------------------------------------------


@pytest.mark.parametrize("board", BOARDS)
def test_a_new_application_builds_boots_and_passes_its_test(fata, app, board):
    out = fata("run", "-b", board, "--", "--times=1", "--name=Fata Morgana", cwd=app).stdout
    assert "hello, Fata Morgana" in out and out.count("hello") == 1
    done = fata("test", "--board", board, cwd=app)
    assert "failed" not in done.stdout and done.stdout.count("ok ") == 3
    assert fata("build", "-b", board, cwd=app).stdout == ""


def test_the_status_of_run_is_that_of_the_image(fata, app):
    done = fata("run", "--", "--times=0", cwd=app, status=USAGE)
    assert "--times=0: expected a number from 1 to 1000" in done.stdout and "make" not in done.stderr
    assert "--name=TEXT" in fata("run", "--", "--help", cwd=app).stdout


def test_messages_of_run_name_the_options_of_fata(fata, app):
    assert "fata run: --tap=no-such-tap" in fata("run", "--tap=no-such-tap", cwd=app, status=1).stderr
    assert "fata run: --pcap=x needs" in fata("run", "--pcap=x", cwd=app, status=1).stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = fata("run", f"--port={port}", cwd=ROOT / "apps/web", status=1)
        assert f"fata run: --port={port} is in use" in done.stderr


def test_its_test_fails_when_the_application_does(fata, app):
    source = app / "app.c"
    good = source.read_text()
    try:
        source.write_text(good.replace("hello, %s", "go away, %s"))
        assert "failed  greets the world" in fata("test", cwd=app, status=1).stdout
    finally:
        source.write_text(good)


def test_its_makefile_calls_fata(fata, app):
    env = {**os.environ, **fata.env, "PATH": f"{fata.program.parent}:{os.environ['PATH']}"}
    for words in ([], ["test"], ["run", "BOARD=microvm"]):
        done = subprocess.run(["make", *words], cwd=app, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "hello, world" in done.stdout


def test_ctrl_c_ends_the_machine(fata, app):
    process = subprocess.Popen([fata.program, "run", "--", "--times=1000"], cwd=app, env={**os.environ, **fata.env},
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        for line in process.stdout:
            if "hello" in line:
                break
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=10) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_an_application_of_the_tree(fata):
    fata("build", "-b", "microvm", cwd=ROOT / "apps/hello")
    assert "hello on microvm" in fata("inspect", ROOT / "build/microvm/hello/hello.elf").stdout
    assert not (ROOT / "apps/hello/build").exists()


# --- configuring -------------------------------------------------------------------------------------


def test_settings_become_the_initial_values(fata, app):
    try:
        fata("configure", "-b", "microvm", "--name=Ann", "--times=1", cwd=app)
        assert "hello, Ann" in fata("run", "-b", "microvm", cwd=app).stdout
        assert "set to Ann" in fata("keys", "-b", "microvm", cwd=app).stdout
        assert "default world" in fata("keys", "-b", "virt-arm", cwd=app).stdout
        assert "did you mean --name" in fata("configure", "-b", "microvm", "--nmae=x", cwd=app, status=2).stderr
        assert "hello, Ann" in fata("run", "-b", "microvm", cwd=app).stdout
    finally:
        fata("configure", "-b", "microvm", cwd=app)
    assert "default world" in fata("keys", "-b", "microvm", cwd=app).stdout


def test_a_mistake_in_config_c_is_named_with_its_line(fata, app):
    config = app / "config.c"
    good = config.read_text()
    try:
        for wrong, said in (("default_timer()", "default_tmier()"), ('"world"', "7")):
            config.write_text(good.replace(wrong, said))
            done = fata("build", cwd=app, status=2)
            assert re.search(r"config\.c:\d+:\d*", done.stderr), done.stderr
        config.write_text(good.replace(".max = 1000", ".max = 2"))
        line = good[:good.index("key_u32")].count("\n") + 1
        for command in ("build", "describe", "keys"):
            assert f"config.c:{line}: " in fata(command, cwd=app, status=2).stderr
    finally:
        config.write_text(good)


def test_describe_keys_devices_and_boards(fata, app):
    tree = fata("describe", cwd=app).stdout
    assert tree.startswith("greet on virt-aarch64\n") and "├─ timer" in tree and "config.c:7" in tree
    assert fata("describe", "--dot", cwd=app).stdout.startswith("digraph")
    described = json.loads(fata("describe", "--json", "-b", "microvm", cwd=app).stdout)
    assert described["board"] == "microvm" and [k["name"] for k in described["keys"]] == ["name", "times"]
    keys = fata("keys", cwd=app).stdout
    assert "--name=TEXT" in keys and "whom to greet" in keys
    assert "timer_t default_timer(void)" in fata("devices", cwd="/").stdout
    boards = fata("boards", cwd="/").stdout
    assert all(board in boards for board in BOARDS)
    assert set(BOARDS) <= set(fata("boards", "--names").stdout.split())


# --- images ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("board", BOARDS)
def test_inspect_shows_the_image(fata, app, board):
    fata("build", "-b", board, cwd=app)
    described = json.loads(fata("describe", "--json", "-b", board, cwd=app).stdout)
    for form in FORMS[board]:
        image = output(app, board, "greet" + form)
        got = json.loads(fata("inspect", "--json", image).stdout)
        file = got.pop("file")
        assert got == described
        assert file["bytes"] == image.stat().st_size and file["argument_block"]["capacity_bytes"] == 128
        assert f"greet on {board}" in fata("inspect", image).stdout
    sizes = subprocess.check_output(["size", "-A", "-d", output(app, board, "greet.elf")], text=True)
    assert ".note.fata" in sizes
    loaded = json.loads(fata("inspect", "--json", output(app, board, "greet.elf")).stdout)["file"]["loadable_bytes"]
    assert loaded < image.stat().st_size or form == ".img"


@pytest.mark.parametrize("board", BOARDS)
def test_an_image_starts_with_the_arguments_in_its_block(fata, app, board, tmp_path):
    fata("build", "-b", board, cwd=app)
    copy = tmp_path / "greet"
    copy.mkdir()
    for name in ["manifest.json", *("greet" + form for form in FORMS[board])]:
        shutil.copy(output(app, board, name), copy)

    def boot(*words, status=0):
        done = subprocess.run([sys.executable, ROOT / "tools/run.py", copy / "manifest.json", *words],
                              capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    for form in FORMS[board]:
        fata("args", copy / ("greet" + form), "--times=1", "--name=Ann from the block")
    assert "hello, Ann from the block" in boot()
    assert "hello, Bob" in boot("--args=--name=Bob")
    for form in FORMS[board]:
        image = copy / ("greet" + form)
        assert "1 to 1000" in fata("args", image, "--times=0", status=USAGE).stderr
        assert "did you mean --name" in fata("args", image, "--nane=x", status=USAGE).stderr
        fata("args", image, "--clear")
        assert image.read_bytes() == output(app, board, "greet" + form).read_bytes()


CRASH = """
#include "unikernel.h"
#include "base/assert.h"

int greet(struct timer *timer, const char *name, uint32_t times)
{
	(void)timer, (void)name;
	assert(times == 0);
	return 0;
}
"""


@pytest.mark.parametrize("board", BOARDS)
def test_symbolize_finds_the_line_of_a_crash(fata, app, board, tmp_path):
    folder = tmp_path / "greet"
    shutil.copytree(app, folder)  # with the objects of the tree, which do not depend on where they are
    (folder / "app.c").write_text(CRASH)
    done = fata("run", "-b", board, cwd=folder, status=None)
    assert done.returncode in (70, 72), done.stdout + done.stderr
    log = done.stdout.split("which is")[0]
    out = fata("symbolize", folder / "build" / board / "greet/greet.elf", stdin=log, cwd=folder).stdout
    assert out.startswith(log) and re.search(r"^    .*app\.c:8$", out, re.M), out


# --- an installed copy -------------------------------------------------------------------------------


def install(dest, *words):
    make("install", "PREFIX=/usr", f"DESTDIR={dest}", *words)
    return Fata(dest / "usr/bin/fata", SETUP="0", FATA_ROOT="", FATA_BOARD="")


def snapshot(folder):
    return sorted((str(p.relative_to(folder)), p.stat().st_mtime_ns) for p in folder.rglob("*"))


def test_an_installed_copy_builds_without_being_written(app):
    with folder_for_all() as folder:
        installed = install(folder / "dest")
        assert installed("boards", "--names").stdout.split() == built()("boards", "--names").stdout.split()
        share = folder / "dest/usr/share/fata"
        assert not list(share.rglob("__pycache__")) and not (share / "tests").exists()
        before = snapshot(folder / "dest")
        make("newlib", "BOARD=virt-arm", "APP=hello")
        # A copy, since the tree may lie where others cannot go; without what virt-arm does not need.
        shutil.copytree(ROOT / "build/toolchain", folder / "home/.cache/fata/toolchain",
                        ignore=shutil.ignore_patterns("newlib-*", "*-aarch64"))
        env = {**installed.env, "HOME": str(folder / "home"), "XDG_CACHE_HOME": "", "FATA_BOARD": "virt-arm",
               "PYTHONDONTWRITEBYTECODE": ""}
        if os.geteuid() == 0:
            for path in (folder / "home", *(folder / "home").rglob("*")):
                if not path.is_symlink():
                    os.chown(path, 65534, 65534)

        def call(*words, cwd):
            if os.geteuid() == 0:
                done = as_nobody(installed.program, *words, env=env, cwd=cwd)
            else:
                done = installed(*words, env=env, cwd=cwd, status=None)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        call("new", "greet", cwd=folder / "home")
        assert "hello, world" in call("run", "--", "--times=1", cwd=folder / "home/greet")
        assert "timer_t default_timer" in call("devices", cwd="/")
        assert "greet on virt-arm" in call("inspect", "build/virt-arm/greet/greet.img", cwd=folder / "home/greet")
        assert snapshot(folder / "dest") == before
        make("uninstall", "PREFIX=/usr", f"DESTDIR={folder}/dest")
        assert not [p for p in (folder / "dest").rglob("*") if p.is_file()]


def test_an_install_replaces_an_older_one_and_nothing_else(tmp_path):
    fata = install(tmp_path)
    share = tmp_path / "usr/share/fata"
    (share / "net/removed-since.c").write_text("")
    install(tmp_path)
    assert not (share / "net/removed-since.c").exists() and fata("--version").stdout
    (share / "INSTALLED").unlink()
    make("uninstall", "PREFIX=/usr", f"DESTDIR={tmp_path}")
    assert share.exists()
    done = subprocess.run(["make", "-C", ROOT, "SETUP=0", "install", "PREFIX=/usr", f"DESTDIR={tmp_path}"],
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "was not made by make install" in done.stderr


@pytest.mark.parametrize("prefix", ["usr", "", "/a b"])
def test_a_prefix_that_cannot_be(prefix):
    done = subprocess.run(["make", "-C", ROOT, "SETUP=0", "install", f"PREFIX={prefix}", "DESTDIR=/nonexistent"],
                          capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "absolute path" in done.stderr


def test_the_manual_is_where_man_looks(tmp_path):
    install(tmp_path)
    assert (tmp_path / "usr/share/man/man1/fata.1").read_bytes() == (ROOT / "docs/fata.1").read_bytes()
    assert pathlib.Path(tmp_path, "usr/share/bash-completion/completions/fata").exists()
