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
void job1(void *arg);
void job1(void *arg)
{
	volatile char room[300];

	room[0] = 1;
	*(int *)arg = again(room[0]);
}
int run(void);
int run(void)
{
	return through(0);
}
int main(int argc, char **argv)
{
	(void)argv;
	job1(&argc);
	return through(argc) + run();
}
__asm__(".globl boot_stack_bottom, boot_stack_top, boot_stack_least\\n"
	".set boot_stack_bottom, 0x1000\\n.set boot_stack_top, 0x5000\\n"
	".set boot_stack_least, LEAST\\n");
"""


def stack(*words):
    return subprocess.run(["tools/stack.py", *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)


def linked(folder, job_bytes=8192, least=0x4000):
    """An image of PROGRAM, as main.c, and the words of stack.py for it."""
    folder = folder / "board" / "app"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.c").write_text(PROGRAM.replace("LEAST", str(least)))
    subprocess.run(["gcc", "-O1", "-fno-pie", "-no-pie", "-fcallgraph-info=su", "-fno-optimize-sibling-calls",
                    folder / "main.c", "-o", folder / "x.elf"], check=True, cwd=folder)
    next(folder.glob("*.ci")).rename(folder / "x.elf.0.ci")
    (folder / "manifest.json").write_text(json.dumps({"jobs": [
        {"function": "inlined", "arguments": [], "stack_bytes": job_bytes},
        {"function": "inlined", "arguments": [], "stack_bytes": 9000},
        {"function": "last", "arguments": [], "stack_bytes": 10000}]}))
    return ["--roots=boot:boot_stack:main", f"--manifest={folder}/manifest.json", f"--source={folder}", folder / "x.elf"]


@pytest.fixture
def shown(tmp_path):
    done = stack(*linked(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def row(shown, name):
    has, needs, way = re.search(rf"^  {re.escape(name)} +([\d,?]+) +([\d,]+)  (.*)$", shown, re.MULTILINE).groups()
    return has, int(needs.replace(",", "")), way


def test_the_deepest_way_is_shown(shown):
    has, needs, way = row(shown, "boot")
    assert has == "16,384" and way in ("main > job1 > again > deep", "main > through > deep")
    assert 5200 < needs < 6000  # without two(), which takes another number of arguments


def test_a_job_begins_in_the_function_of_its_fiber(shown):
    """The job itself may be a part of it. Calls that are alike have one function; the last job is called by run()."""
    rows = re.findall(r"^  inlined\(\) +([\d,]+) +([\d,]+)  (.*)$", shown, re.MULTILINE)
    assert [(has, way) for has, _, way in rows] == [("8,192", "job1 > again > deep"), ("9,000", "job1 > again > deep")]
    assert 5300 < int(rows[0][1].replace(",", "")) < 5900
    assert row(shown, "last()")[::2] == ("10,000", "run > through > deep")


def test_a_job_that_is_not_found(tmp_path):
    words = linked(tmp_path)
    (tmp_path / "board/app").rename(tmp_path / "board/other")
    done = stack(*(str(word).replace("board/app", "board/other") for word in words))
    assert re.search(r"^  last\(\) +10,000 +\?  its beginning is not found$", done.stdout, re.MULTILINE)


def test_the_boot_stack_becomes_as_large_as_calls_need(tmp_path):
    """Linked again while the size is not the right one, whether it is too little or too much."""
    file = tmp_path / "boot-stack"
    for least, status, text in [(0x4000, 0, None), (4096, 3, True), (0x3000, 3, None), (0x4000, 0, None)]:
        done = stack(f"--fit={file}", *linked(tmp_path, least=least))
        assert (done.returncode, done.stdout, done.stderr) == (status, "", ""), least
        size = int(file.read_text()) if file.exists() else None
        assert (size is None) == (text is None), least
        assert size is None or size % 64 == 0 and 5200 + 512 < size < 6000 + 576


def test_a_job_whose_stack_is_too_small_is_an_error(tmp_path):
    done = stack(f"--fit={tmp_path}/boot-stack", "--line=config.c:7", *linked(tmp_path, job_bytes=4096))
    assert done.returncode == 1
    assert re.fullmatch(r"config.c:7: inlined\(\) may need 5,\d{3} bytes of its stack, which has 4,096, by "
                        r"job1 > again > deep: give it more by with_stack\(\)\n", done.stderr)


def test_the_largest_frames_are_first(shown):
    frames = re.search(r"largest frames +bytes\n((?:  .*\n)+)", shown).group(1).split("\n")
    assert frames[0].split()[0] == "two" and frames[1].split()[0] == "deep"
    assert frames[0].split()[2].endswith("main.c:19")


def test_an_image_without_a_call_graph(tmp_path):
    done = stack(tmp_path / "x.elf")
    assert done.returncode == 1
    assert done.stderr == f"stack: {tmp_path}/x.elf has no call graph beside it: it is linked without link-time " \
                          "optimization\n"


def make_stack(board, app):
    """Each row of what make shows: (name, bytes that the stack has, bytes that calls need)."""
    done = subprocess.run(["make", "-s", "SETUP=0", f"BOARD={board}", app, "stack"], cwd=ROOT, timeout=600,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    shown = re.search(r"at most, by\n((?:  .*\n)+)", done.stdout).group(1)
    found = re.findall(r"^  (\S+) +([\d,]+) +([\d,]+)  \S", shown, re.MULTILINE)
    assert len(found) == len(shown.splitlines()), shown
    return [(name, *(int(n.replace(",", "")) for n in numbers)) for name, *numbers in found]


STACKS = ["boot", "interrupts", "faults"]


@pytest.mark.parametrize("board", ["mps2-an385", "virt-aarch64", "virt-arm", "microvm"])
def test_each_stack_has_what_calls_need(board):
    found = make_stack(board, "APP=hello")
    assert [name for name, _, _ in found] == STACKS
    for row_ in found:
        assert 0 <= row_[2] <= row_[1], row_


@pytest.mark.parametrize("app, job, boot", [
    ("APP=hello", None, 1280), ("APP=selftest", "selftest()", 2304), ("APP=web", "web_start()", None),
    ("APP_DIR=tests/emu/apps/small", "serve()", 2304), ("APP_DIR=tests/emu/apps/stacks", "use_stacks()", 2304),
])
def test_where_memory_is_scarce_too(app, job, boot):
    """The boot stack follows from the image, and what a job needs is found though it is inlined."""
    found = make_stack("mps2-an385", app)
    assert [name for name, _, _ in found] == STACKS + [job] * (job is not None)
    for row_ in found:
        assert 0 <= row_[2] <= row_[1], row_
    assert found[0][1] == boot or boot is None and found[0][1] > 2304 and found[0][1] < found[0][2] + 640
    assert job is None or found[3][2] > 400  # devices are started there, too
