# SPDX-License-Identifier: ISC
"""fata kv: stores in files, good, foreign and damaged. The program runs under ASan and UBSan."""

import fcntl
import random
import signal
import subprocess
import time

import pytest

from fata import USAGE, sanitized


@pytest.fixture(scope="module")
def run():
    return sanitized()


@pytest.fixture
def store(run, tmp_path):
    path = tmp_path / "flash.img"
    run("kv", path, "format", "--size=64k")
    return path


def test_what_is_set_is_there(run, store):
    run("kv", store, "set", "net/hostname", "lamp")
    run("kv", store, "set", "greeting", stdin="Hello,\nworld.\n")
    run("kv", store, "set", "empty", "")
    run("kv", store, "set", "number", "-5")
    run("kv", store, "set", "dash", "-", stdin="from standard input")
    assert run("kv", store, "get", "net/hostname").stdout == "lamp"
    assert run("kv", store, "get", "greeting").stdout == "Hello,\nworld.\n"
    assert run("kv", store, "get", "empty").stdout == ""
    assert run("kv", store, "get", "number").stdout == "-5"
    assert run("kv", store, "get", "dash").stdout == "from standard input"
    out = run("kv", store, "list").stdout.split("\n")
    assert [line.split() for line in out[:-1]] == [
        ["19", "dash"], ["0", "empty"], ["14", "greeting"], ["-", "net/"], ["2", "number"]]
    assert run("kv", store, "list", "net").stdout.split() == ["4", "hostname"]


def test_bytes_of_all_kinds_and_many(run, store, tmp_path):
    value = random.Random(1).randbytes(20000)
    (tmp_path / "in").write_bytes(value)
    for words, out in ((["set", "big"], None), (["get", "big"], value)):
        with open(tmp_path / "in", "rb") as stdin:
            done = subprocess.run([run.program, "kv", store, *words], stdin=stdin, capture_output=True, check=True)
        assert out is None or done.stdout == out


def test_what_is_removed_is_gone(run, store):
    run("kv", store, "set", "a", "1")
    run("kv", store, "remove", "a")
    for words in (["get", "a"], ["remove", "a"]):
        assert "no key 'a'" in run("kv", store, *words, status=1).stderr
    assert "no folder 'a'" in run("kv", store, "list", "a", status=1).stderr
    assert run("kv", store, "list").stdout == ""


def test_reading_needs_no_right_to_write_and_writes_nothing(run, store):
    run("kv", store, "set", "a", "1")
    before = store.read_bytes()
    store.chmod(0o444)
    run("kv", store, "get", "a")
    run("kv", store, "list")
    assert store.read_bytes() == before


def test_a_store_inside_a_larger_file_is_found(run, store, tmp_path):
    run("kv", store, "set", "a", "1")
    disk = tmp_path / "disk.img"
    disk.write_bytes(b"x" * 12800 + store.read_bytes() + b"y" * 5000)
    run("kv", disk, "set", "b", "2")
    assert run("kv", disk, "get", "a").stdout + run("kv", disk, "get", "b").stdout == "12"
    assert disk.read_bytes()[:12800] == b"x" * 12800 and disk.read_bytes()[-5000:] == b"y" * 5000


@pytest.mark.parametrize("content", [b"", b"x", b"\xff" * 65536, b"fata.log" * 1000,
                                     random.Random(3).randbytes(70000)],
                         ids=["empty", "byte", "blank", "magic", "noise"])
def test_what_is_no_store_says_so_and_stays(run, tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    for words in (["get", "a"], ["set", "a", "b"], ["list"], ["remove", "a"]):
        assert "holds no store" in run("kv", path, *words, status=1).stderr
    assert path.read_bytes() == content


def test_format_overwrites_nothing_unless_told(run, store, tmp_path):
    run("kv", store, "set", "a", "1")
    assert "--force" in run("kv", store, "format", status=1).stderr
    other = tmp_path / "other"
    other.write_bytes(b"some text\n" * 7000 + b"." * 1632)
    assert other.stat().st_size % 4096 != 0
    assert "blocks" in run("kv", other, "format", status=1).stderr
    assert "--force" in run("kv", other, "format", "--size=64k", status=1).stderr
    assert run("kv", store, "get", "a").stdout == "1"
    run("kv", store, "format", "--force")
    run("kv", store, "get", "a", status=1)
    for blank in (b"\xff", b"\0"):
        other.write_bytes(blank * 65536)
        run("kv", other, "format", "--block=1k", "--unit=16")
        run("kv", other, "set", "a", "2")


@pytest.mark.parametrize("words,status,said", [
    ([], 1, "--size=256k"), (["--size=4k"], 1, "6 blocks"), (["--size=0"], USAGE, "no size"), (["--size=x"], USAGE, "no size"),
    (["--size=9999999M"], USAGE, "no size"), (["--size=64k", "--block=3000"], USAGE, "no size"),
    (["--size=64k", "--unit=8k"], 1, "units"), (["--size=64k", "--block=256"], 1, "too small"), (["x"], USAGE, "options only"),
])
def test_format_refuses_what_cannot_be(run, tmp_path, words, status, said):
    path = tmp_path / "new"
    assert said in run("kv", path, "format", *words, status=status).stderr
    assert not path.exists()


@pytest.mark.parametrize("words,said", [
    (["get"], "a key is missing"), (["set"], "a key is missing"), (["get", "a", "b"], "too many"), (["st", "a"], "'set'"),
    (["get", "/a"], "no key"), (["set", "a//b", "c"], "no key"), (["remove", ""], "no key"), (["get", "k" * 256], "no key"),
    ([], "get, set"), (["list", "--force"], "format only"), (["xyzzy"], "expected get"),
])
def test_usage(run, store, words, said):
    assert said in run("kv", store, *words, status=USAGE).stderr


def test_files_that_cannot_be_opened(run, tmp_path):
    assert "No such file" in run("kv", tmp_path / "none", "list", status=1).stderr
    assert run("kv", tmp_path, "list", status=1).stderr.count("\n") == 1
    assert "no file" in run("kv", "/dev/null", "list", status=1).stderr


def test_a_full_store_keeps_what_it_has(run, store):
    run("kv", store, "set", "a", "1")
    big = "x" * 100000
    assert "full" in run("kv", store, "set", "a", stdin=big, status=1).stderr
    assert run("kv", store, "get", "a").stdout == "1"


def test_one_at_a_time(run, store):
    with open(store, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for words in (["set", "a", "b"], ["get", "a"]):
            assert "another program" in run("kv", store, *words, status=1).stderr


def test_a_killed_command_leaves_the_old_or_the_new(run, store):
    run("kv", store, "set", "a", stdin="0" * 9000)
    for i in range(1, 20):
        child = subprocess.Popen([run.program, "kv", store, "set", "a"], stdin=subprocess.PIPE)
        child.stdin.write(str(i % 10).encode() * 9000)
        child.stdin.close()
        time.sleep(0.002 * i)
        child.send_signal(signal.SIGKILL)
        child.wait()
        got = run("kv", store, "get", "a").stdout
        assert len(got) == 9000 and len(set(got)) == 1


def test_damage_is_told_apart(run, store):
    run("kv", store, "set", "a", "the bytes of a value")
    run("kv", store, "set", "b", "of another")
    run("kv", store, "set", "c", "and a third")
    content = bytearray(store.read_bytes())
    content[content.index(b"of another")] ^= 1
    store.write_bytes(content)
    assert run("kv", store, "get", "a").stdout == "the bytes of a value"
    assert "damaged" in run("kv", store, "get", "b", status=1).stderr
    assert run("kv", store, "get", "c").stdout == "and a third"


def test_hostile_files_are_survived(run, store):
    rng = random.Random(2)
    for i in range(5):
        run("kv", store, "set", f"key{i}", "value" * 100)
    good = store.read_bytes()
    used = [i for i in range(0, len(good), 16) if good[i:i + 16] != b"\xff" * 16]
    for _ in range(40):
        bad = bytearray(good)
        for _ in range(rng.randrange(1, 30)):
            bad[rng.choice(used) + rng.randrange(16)] = rng.randrange(256)
        store.write_bytes(bad)
        run("kv", store, "list", status=None)
        run("kv", store, "get", "key1", status=None)
        run("kv", store, "set", "key1", "new", status=None)
