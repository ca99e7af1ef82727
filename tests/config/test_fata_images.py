# SPDX-License-Identifier: ISC
"""fata inspect, args and symbolize: images good, damaged and hostile. The program runs under ASan and UBSan."""

import json
import os
import resource
import signal
import stat
import struct
import subprocess

import pytest

import fake_image
from fake_image import block, elf, manifest, note
from fata import ROOT, USAGE, as_nobody, folder_for_all, sanitized


@pytest.fixture(scope="module")
def run():
    return sanitized()


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "web.elf"
    path.write_bytes(elf())
    return path


# --- inspect -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", [32, 64])
def test_inspect_shows_what_the_manifest_and_the_file_say(run, image, bits):
    image.write_bytes(elf(bits=bits))
    out = run("inspect", image).stdout
    for text in ("web on virt-arm (armv7a)", "TCP (RFC 9293), 64 connections", "config.c:7", "--port=NUMBER",
                 "TCP port to serve on", "web_start(tcp0, port)", "set by --port", "build time", "r-x",
                 "327,680 bytes", "a block of 64 bytes, empty", f"{image.stat().st_size:,} bytes"):
        assert text in out
    assert subprocess.check_output(["sha256sum", image], text=True).split()[0] in out


def test_inspect_json_is_the_manifest_and_the_file(run, image):
    image.write_bytes(elf(block(b"--port=81") + b"x" * 20))
    got = json.loads(run("inspect", "--json", image).stdout)
    file = got.pop("file")
    assert got == json.loads(manifest())
    assert file["bytes"] == image.stat().st_size and file["loadable_bytes"] == 16 + 64 + 20
    assert file["argument_block"] == {"offset": 84, "capacity_bytes": 64, "text": "--port=81"}
    assert file["segments"][0]["address"] == 0x40008000 and file["segments"][0]["executable"]


@pytest.mark.parametrize("suffix", ["img", "bin"])
@pytest.mark.parametrize("beside", ["web.elf", "manifest.json"])
def test_other_forms_take_the_manifest_from_beside_them(run, image, suffix, beside):
    raw = image.with_suffix("." + suffix)
    raw.write_bytes(b"code" * 100 + block(b"--quiet") + b"data")
    if beside == "manifest.json":
        image.rename(image.with_name("other.elf"))
        image.with_name(beside).write_bytes(manifest())
    out = run("inspect", raw).stdout
    assert "web on virt-arm" in out and "--quiet" in out and f"{raw.stat().st_size:,} bytes" in out


def test_an_image_without_any_manifest_says_where_one_was_looked_for(run, tmp_path):
    raw = tmp_path / "web.img"
    raw.write_bytes(block())
    error = run("inspect", raw, status=1).stderr
    assert "web.elf" in error and "manifest.json" in error


def test_missing_members_are_shown_as_nothing(run, image):
    image.write_bytes(elf(notes=note(b'{"fata": "0.1", "name": "web"}')))
    assert "web on" in run("inspect", image).stdout


DAMAGED_MANIFESTS = {
    "empty": b"",
    "not JSON": b"{",
    "an array": b"[1]",
    "no version": manifest(fata=None),
    "nested": b"[" * 100000,
    "NUL": manifest().replace(b"web", b"w\0b"),
    "terminal": manifest(name="\x1b[2Jweb"),
    "delete": manifest(name="we\x7fb"),
    "latin 1": manifest().replace(b"web", b"w\xe9b"),
    "number as text": manifest(name=7),
    "text as list": manifest(devices="net0"),
    "devices of numbers": manifest(modules=[1, 2]),
    "negative": manifest(ram_bytes=-1),
    "fraction": manifest(ram_bytes=1.5),
    "huge": manifest(ram_bytes=10 ** 30),
    "port": manifest(ports=[{"port": 65536}]),
    "twice": manifest().replace(b'"netifs"', b'"board"'),
    "5 MiB": manifest(name="a" * (5 << 20)),
}


@pytest.mark.parametrize("text", DAMAGED_MANIFESTS.values(), ids=DAMAGED_MANIFESTS.keys())
def test_damaged_manifests_are_refused_with_the_name_of_the_file(run, image, text):
    for path, content in ((image, elf(notes=note(text))), (image.with_name("manifest.json"), text)):
        path.write_bytes(content)
        error = run("inspect", path, status=1).stderr
        assert path.name in error and "\x1b" not in error


def test_devices_that_are_no_objects_are_survived(run, image):
    image.write_bytes(elf(notes=note(manifest(devices=[1, None, []], keys=[{}], jobs=["x"], ports=[[]]))))
    run("inspect", image)


def test_every_truncation_of_an_elf_is_refused(run, image):
    for bits in (32, 64):
        whole = elf(notes=note(b'{"fata": "0.1"}'), bits=bits)
        image.write_bytes(whole)
        run("inspect", image)
        for size in [*range(0, 140, 3), *range(140, len(whole), 29), len(whole) - 1]:
            image.write_bytes(whole[:size])
            done = run("inspect", image, status=1)
            assert "web.elf" in done.stderr, size


def overwritten(whole, offset, layout, value):
    data = bytearray(whole)
    struct.pack_into(layout, data, offset, value)
    return bytes(data)


ABSURD = {
    "section table offset": (0x20, "<I", 0xffffffff), "section table far": (0x20, "<I", 0x7ffffff0),
    "segment table offset": (0x1c, "<I", 0xfffffff0), "segments": (0x2c, "<H", 0xffff),
    "segment size": (0x2a, "<H", 1), "section size": (0x2e, "<H", 0xffff), "sections": (0x30, "<H", 0xffff),
    "segment in file": (52 + 16, "<I", 0xffffffff), "segment offset": (52 + 4, "<I", 0xfffffffe),
    "segment in memory": (52 + 20, "<I", 1), "class": (4, "<B", 9), "big endian": (5, "<B", 2),
    "no sections": (0x30, "<H", 0),
}


@pytest.mark.parametrize("change", ABSURD.values(), ids=ABSURD.keys())
def test_absurd_headers_are_refused(run, image, change):
    image.write_bytes(overwritten(elf(), *change))
    assert "web.elf" in run("inspect", image, status=1).stderr


def test_absurd_notes_are_no_manifest(run, image):
    good = note(manifest())
    for notes in (b"", b"x", good[:11], note(b"{}", size=0xffffffff), note(b"{}", size=0xfffffffc),
                  note(manifest(), owner=b"Atad\0"), note(manifest(), kind=2),
                  overwritten(good, 0, "<I", 0xffffffff), overwritten(good, 0, "<I", 0xfffffff0)):
        image.write_bytes(elf(notes=notes))
        assert "no manifest" in run("inspect", image, status=1).stderr


def test_the_note_is_found_behind_others(run, image):
    image.write_bytes(elf(notes=note(b"abc", owner=b"GNU\0", kind=3) + note(b"", owner=b"", kind=9) +
                          note(manifest())))
    assert "web on virt-arm" in run("inspect", image).stdout


def test_files_that_are_no_images(run, tmp_path):
    fifo = tmp_path / "pipe.elf"
    os.mkfifo(fifo)
    huge = tmp_path / "huge.elf"
    with open(huge, "wb") as f:
        f.truncate(2 << 30)
    for path, said in ((fifo, "not a file"), (tmp_path, "not a file"), (huge, "1 GiB"),
                       (tmp_path / "none.elf", "No such file"), ("/dev/zero", "not a file")):
        assert said in run("inspect", path, status=1).stderr
        assert said in run("args", path, status=1).stderr


# --- args --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["web.elf", "web.img", "web.bin"])
@pytest.mark.parametrize("words", [
    ["--port=8080"], ["--port=8080", "--no-quiet"], ["--greeting=good morning"], ["--greeting="], ["--quiet"],
    ["--source=fat", "--dns=10.0.2.3,10.0.2.4"], ["--log=tcp:debug,*:info"], ["--dns="],
    ["--greeting=FataArgs" + "x" * 30],
])
def test_arguments_come_back_as_they_went_in(run, image, name, words):
    path = image.with_name(name)
    if name != "web.elf":
        path.write_bytes(b"code" + block() + b"data")
    before = path.read_bytes()
    run("args", path, *words)
    shown = run("args", path).stdout.rstrip("\n")
    assert shown.replace('"', "") == " ".join(words)
    after = path.read_bytes()
    at = before.index(fake_image.MAGIC)
    assert after == before[:at] + block(shown.encode()) + before[at + 16 + 64:]
    run("args", path, "--clear")
    assert path.read_bytes() == before
    assert run("args", path).stdout == ""


def test_an_image_gets_a_seed(run, image):
    before = image.read_bytes() + b"FataSeed" + bytes(40)
    image.write_bytes(before)
    run("args", "--seed", image)
    first = image.read_bytes()
    run("args", "--seed", image)
    second = image.read_bytes()
    for after in (first, second):
        assert len(after) == len(before) and after[:-40] == before[:-40] and after[-8:] == bytes(8)
        assert len(set(after[-40:-8])) > 8
    assert first != second
    assert "without arguments" in run("args", "--seed", image, "--port=1", status=USAGE).stderr
    assert "two commands" in run("args", "--seed", "--clear", image, status=USAGE).stderr


def test_an_image_without_room_for_a_seed(run, image):
    before = image.read_bytes()
    assert "has no room for a seed" in run("args", "--seed", image, status=1).stderr
    image.write_bytes(before + b"FataSeed" + bytes(31))
    assert "has no room for a seed" in run("args", "--seed", image, status=1).stderr
    assert image.read_bytes() == before + b"FataSeed" + bytes(31)


def test_a_hex_file_is_not_searched(run, image):
    path = image.with_name("web.hex")
    path.write_text(":020000042000DA\n")
    for words in ([path], [path, "--port=1"], ["--seed", path]):
        assert "web.hex is text. Give the .elf or .bin beside it" in run("args", *words, status=1).stderr


def test_behind_two_dashes_everything_is_an_argument(run, image):
    run("args", image, "--", "--port=1")
    assert run("args", image).stdout == "--port=1\n"
    assert "--help" in run("args", image, "--", "--help", status=USAGE).stderr


@pytest.mark.parametrize("word,said", [
    ("--prot=80", "did you mean --port?"), ("--port=0", "from 1 to 65535"), ("--port=65536", "from 1 to 65535"),
    ("--port=eighty", "expected a number"), ("--port", "value is missing"), ("port=80", "begins with --"),
    ("--source=tra", "embedded, tar, fat"), ("--dns=10.0.2.3,10.0.2.4,10.0.2.5", "2 at most"),
    ("--dns=10.0.2", "--dns=10.0.2"), ("--quiet=yes", "takes no value"), ("--no-port", "switch"),
    ("--tls", "build time"), ("--no-tls", "build time"), ("--tls=1", "build time"), ("--log=loud", "levels"),
    ('--greeting="x"', "double quote"), ("--greeting=a\nb", "control"), ("--greeting=\x1b", "control"),
    ("", "begins with --"), ("--", None),
])
def test_what_the_image_would_refuse_is_refused_here(run, image, word, said):
    before = image.read_bytes()
    if said is None:
        run("args", image, word)
    else:
        assert said in run("args", image, "--port=80", word, status=USAGE).stderr
    assert image.read_bytes() == before


def test_the_block_takes_what_fits_and_no_more(run, image):
    run("args", image, "--greeting=" + "x" * (64 - len("--greeting=")))
    before = image.read_bytes()
    error = run("args", image, "--greeting=" + "x" * (65 - len("--greeting=")), status=1).stderr
    assert "65 bytes" in error and "64" in error
    assert image.read_bytes() == before


def test_mode_and_links_stay(run, image):
    image.chmod(0o750)
    link = image.with_name("link.elf")
    link.symlink_to(image)
    run("args", link, "--port=81")
    assert link.is_symlink() and stat.S_IMODE(image.stat().st_mode) == 0o750
    assert run("args", image).stdout == "--port=81\n"
    assert sorted(p.name for p in image.parent.iterdir()) == ["link.elf", "web.elf"]


def test_a_full_disk_leaves_the_image_as_it_was(run, image):
    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = image.read_bytes()
    error = run("args", image, "--port=81", status=1, preexec_fn=no_room, restore_signals=False).stderr
    assert "could not be written: File too large" in error
    assert image.read_bytes() == before and [p.name for p in image.parent.iterdir()] == ["web.elf"]


def test_other_forms_beside_it_are_named(run, image):
    image.with_suffix(".img").write_bytes(block())
    assert "web.img" in run("args", image, "--port=81").stderr


HOSTILE_BLOCKS = {
    "none": (b"nothing here", "no argument block"),
    "two": (block() + block(), "more than one"),
    "cut in its header": (block()[:15], "damaged"),
    "cut in its text": (block()[:70], "damaged"),
    "capacity 0": (block(capacity=0), "damaged"),
    "capacity 4097": (block(capacity=4097), "damaged"),
    "capacity 65535": (block(capacity=65535), "damaged"),
    "length over capacity": (block(length=65), "damaged"),
    "length 65535": (block(length=65535), "damaged"),
    "reserved bytes": (block(zero=1), "damaged"),
    "magic alone": (fake_image.MAGIC, "damaged"),
    "empty": (b"", "no argument block"),
}


@pytest.mark.parametrize("content,said", HOSTILE_BLOCKS.values(), ids=HOSTILE_BLOCKS.keys())
def test_hostile_blocks(run, image, content, said):
    raw = image.with_suffix(".img")
    raw.write_bytes(content)
    for words in ((), ("--port=81",), ("--clear",)):
        assert said in run("args", raw, *words, status=1).stderr
        assert raw.read_bytes() == content
    run("inspect", raw)


def test_a_magic_by_accident_is_passed_over(run, image):
    raw = image.with_suffix(".img")
    raw.write_bytes(fake_image.MAGIC + b"is a magic" + block() + b"FataArgsFataArgs")
    run("args", raw, "--port=81")
    assert run("args", raw).stdout == "--port=81\n"


def test_a_block_with_control_characters_is_shown_harmlessly(run, image):
    image.write_bytes(elf(block(b"\x1b[2J\xff")))
    assert run("args", image).stdout == "?[2J?\n"


@pytest.mark.parametrize("key", [
    {"name": "x", "type": "list"}, {"name": "x", "type": "list", "of": "list", "count_max": 2},
    {"name": "x", "type": "list", "of": "ipv4", "count_max": 10 ** 12}, {"name": "x", "type": "enum"},
    {"name": "x", "type": "u16", "min": 9, "max": 3}, {"name": "x", "type": "u16", "min": 0, "max": 1 << 40},
    {"name": "", "type": "u16"}, {"name": "a b", "type": "u16"}, {"name": "x", "type": "enum", "words": "|"},
])
def test_keys_that_make_no_sense_are_damage(run, image, key):
    image.write_bytes(elf(notes=note(manifest(keys=[key]))))
    assert "damaged" in run("args", image, "--x=1", status=1).stderr


#: For each key of tests/config/generated/cases/keys, a value and one that is none.
VALUES = {
    "whole": ("-9000000000", "9000000001"), "small": ("9", "10"), "large": ("4294967295", "0"), "room": ("16M", "16T"),
    "pause": ("5min", "5"), "text": ("a b", None), "store": ("fat", "zip"), "router": ("10.0.0.1", "10.0.0"),
    "net": ("10.0.0.1/8", "10.0.0.1/33"), "peer": ("10.0.0.1:80", "10.0.0.1"), "router6": ("fe80::1", "fe80::1::"),
    "net6": ("fd00::1/48", "fd00::1/129"), "station": ("02:00:00:00:00:01", "01:00:00:00:00:00"),
    "dns": ("1.2.3.4,5.6.7.8", "1.2.3.4,5.6"), "names": ("a,b,c", "a,b,c,d"), "steps": ("-5,5", "6"),
    "stations": ("", "02:00:00:00:00:01,x"), "server": ("10.0.0.1", "10.0.0.1::"),
    "servers": ("fd00::1,10.0.0.1", "fd00::1,10.0.0"),
}


def test_every_type_of_key_is_checked_as_the_image_would(run, image):
    image.write_bytes(elf(block(capacity=4096), note((ROOT / "tests/config/generated/cases/keys/manifest.json.expected").read_bytes())))
    named = {k["name"] for k in json.loads(run("inspect", "--json", image).stdout)["keys"] if k["stage"] == "boot"}
    assert named - {"flag"} == set(VALUES)
    run("args", image, "--no-flag", *(f"--{name}={good}" for name, (good, _) in VALUES.items()))
    for name, (_, bad) in VALUES.items():
        if bad is not None:
            assert f"--{name}={bad}" in run("args", image, f"--{name}={bad}", status=USAGE).stderr
    for word in ("--tls", "--workers=9"):
        assert "build time" in run("args", image, word, status=USAGE).stderr


def test_a_type_of_a_later_version_takes_any_text(run, image):
    image.write_bytes(elf(notes=note(manifest(keys=[{"name": "x", "type": "colour"}]))))
    run("args", image, "--x=red")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_without_permission_to_write_nothing_changes(run):
    with folder_for_all() as folder:
        path = folder / "web.elf"
        path.write_bytes(elf())
        path.chmod(0o644)
        done = as_nobody(run.program, "args", path, "--port=81", env=run.env, cwd="/")
        assert done.returncode == 1 and "could not be written" in done.stderr
        assert path.read_bytes() == elf() and [p.name for p in folder.iterdir()] == ["web.elf"]
        folder.chmod(0o777)
        done = as_nobody(run.program, "args", path, "--port=81", env=run.env, cwd="/")
        assert done.returncode == 0, done.stderr
        assert run("args", path).stdout == "--port=81\n"


# --- symbolize ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A real program with debug information, an address in it, and a manifest beside it."""
    folder = tmp_path_factory.mktemp("symbolize") / "crash"
    folder.mkdir()
    (folder / "crash.c").write_text("int crash(int x)\n{\n\treturn x / 3;\n}\nint main(void)\n{\n\treturn crash(1);\n}\n")
    subprocess.run(["gcc", "-g", "-O0", "-no-pie", "-o", "crash.elf", "crash.c"], cwd=folder, check=True)
    (folder / "manifest.json").write_bytes(manifest(machine={"cross": ""}))
    symbols = subprocess.check_output(["nm", folder / "crash.elf"], text=True)
    places = {line.split()[2]: int(line.split()[0], 16) for line in symbols.splitlines() if len(line.split()) == 3}
    assert places["crash"] < places["main"]
    return folder, places["crash"], places["main"]


def test_symbolize_copies_the_log_and_puts_lines_behind_backtraces(run, program):
    folder, address, behind = program  # a return address may lie behind its function
    log = f"before\nbacktrace: {address:#x} {behind:#x}\nbetween\nno backtrace here\nbacktrace: {address:#x}"
    out = run("symbolize", folder / "manifest.json", stdin=log, cwd=folder).stdout.splitlines()
    assert out[0] == "before" and out[1] == log.splitlines()[1] and out[2] == "which is"
    assert "crash" in out[3] and out[3].endswith("crash.c:2") and out[4].endswith("crash.c:4")
    assert out[5:7] == ["between", "no backtrace here"]
    assert out[-1].endswith("crash.c:2")


def test_symbolize_without_a_backtrace_copies_and_fails(run, program):
    done = run("symbolize", program[0], stdin="all is well\n", status=1)
    assert done.stdout == "all is well\n" and "no backtrace" in done.stderr


@pytest.mark.parametrize("log", [
    "backtrace:", "backtrace: ", "backtrace: 0x", "backtrace: 0xg", "backtrace: -1", "backtrace: 0x" + "f" * 40,
    "backtrace: 0x0", "backtrace:" + " 0x1" * 9000, "x" * 100000 + "\n", "\0\0\xff",
])
def test_symbolize_survives_odd_logs(run, program, log):
    done = run("symbolize", program[0], stdin=log, status=None)
    assert done.returncode in (0, 1)


@pytest.mark.parametrize("cross", ["/tmp/evil/", "../", "-e", "a b", "$(id)", "x;y"])
def test_a_manifest_cannot_name_a_program_elsewhere(run, image, cross):
    image.write_bytes(elf(notes=note(manifest(machine={"cross": cross}))))
    assert "cross" in run("symbolize", image, stdin="backtrace: 0x1\n", status=1).stderr


def test_symbolize_names_what_is_not_installed(run, program):
    env = {"PATH": "/nonexistent"}
    done = run("symbolize", program[0], stdin="backtrace: 0x1\n", env=env, status=1)
    assert "addr2line" in done.stderr and "llvm-symbolizer" in done.stderr
