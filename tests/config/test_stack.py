# SPDX-License-Identifier: ISC
"""What `make stack` adds up."""

import json
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = """\
struct ops {
	int (*go)(int n);
};
__attribute__((noinline)) static int deep(int n)
{
	volatile char room[5000];

	room[n] = 1;
	return room[n];
}
__attribute__((noinline)) static int again(int n)
{
	volatile char room[100];

	room[n] = 2;
	return n == 0 ? room[n] : again(n - 1) + deep(n);
}
/* Of the same name, and another thing. */
static int two(int n, int m)
{
	volatile char room[9000];

	room[n] = 1;
	return room[m];
}
static const struct ops ops = {.go = deep};
static const struct other {
	int (*go)(int n, int m);
} other = {.go = two};
const struct ops *volatile chosen = &ops;
const struct other *volatile unused = &other;
__attribute__((noinline)) static int through(int n)
{
	volatile char room[200];

	room[n] = 1;
	return chosen->go(n) + room[n];
}
int job(int n);
int job(int n)
{
	volatile char room[300];

	room[n] = 1;
	return again(n) + room[n];
}
int main(int argc, char **argv)
{
	(void)argv;
	return through(argc) + job(argc);
}
__asm__(".globl boot_stack_bottom, boot_stack_top\\nboot_stack_bottom = 0x1000\\nboot_stack_top = 0x5000\\n");
"""


def stack(*words):
    return subprocess.run(["tools/stack.py", *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def shown(tmp_path):
    (tmp_path / "program.c").write_text(PROGRAM)
    subprocess.run(["gcc", "-O1", "-fno-pie", "-no-pie", "-fcallgraph-info=su", "-fno-optimize-sibling-calls",
                    tmp_path / "program.c", "-o", tmp_path / "x.elf"], check=True, cwd=tmp_path)
    next(tmp_path.glob("*.ci")).rename(tmp_path / "x.elf.0.ci")
    (tmp_path / "manifest.json").write_text(json.dumps({"jobs": [{"function": "job", "stack_bytes": 8192}]}))
    done = stack("--roots=boot:boot_stack:main", f"--manifest={tmp_path}/manifest.json", f"--source={tmp_path}",
                 tmp_path / "x.elf")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def row(shown, name):
    has, needs, way = re.search(rf"^  {re.escape(name)} +([\d,?]+) +([\d,]+)  (.*)$", shown, re.MULTILINE).groups()
    return has, int(needs.replace(",", "")), way


def test_the_deepest_way_is_shown(shown):
    has, needs, way = row(shown, "boot")
    assert has == "16,384" and way in ("main > job > again > deep", "main > through > deep")
    assert 5200 < needs < 6000  # without two(), which takes another number of arguments


def test_jobs_have_stacks_of_their_own(shown):
    has, needs, way = row(shown, "job()")
    assert (has, way) == ("8,192", "job > again > deep") and 5300 < needs < 5900


def test_the_largest_frames_are_first(shown):
    frames = re.search(r"largest frames +bytes\n((?:  .*\n)+)", shown).group(1).split("\n")
    assert frames[0].split()[0] == "two" and frames[1].split()[0] == "deep"
    assert frames[0].split()[2].endswith("program.c:19")


def test_an_image_without_a_call_graph(tmp_path):
    done = stack(tmp_path / "x.elf")
    assert done.returncode == 1
    assert done.stderr == f"stack: {tmp_path}/x.elf has no call graph beside it: it is linked without link-time " \
                          "optimization\n"


@pytest.mark.parametrize("board", ["mps2-an385", "virt-aarch64", "virt-arm", "microvm"])
def test_each_stack_has_what_calls_need(board):
    done = subprocess.run(["make", "-s", "SETUP=0", f"BOARD={board}", "APP=hello", "stack"], cwd=ROOT, timeout=600,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("boot", "interrupts", "faults"):
        has, needs, way = row(done.stdout, name)
        assert 0 <= needs <= int(has.replace(",", "")) and way, done.stdout
