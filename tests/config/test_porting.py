# SPDX-License-Identifier: ISC
"""docs/PORTING.md's walk through a board: followed as it stands there, with a board of another name. How long boards are."""

import re
import shutil
import subprocess
import sys

import pytest

import makes
from makes import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import boardlines  # noqa: E402
import walkthrough  # noqa: E402

TEXT = (ROOT / walkthrough.DOCUMENT).read_text()
BOARD, CHIP = "orangepi-pc", "allwinner-h3"
#: What the text asks the reader to call otherwise. What QEMU calls the board stays.
NAMES = [("-machine orangepi-pc", "-machine @"), (BOARD, "morgana"), ("orangepi_pc", "morgana"), ("ORANGEPI_PC", "MORGANA"),
         (CHIP, "merlin-1"), ("ALLWINNER_H3", "MERLIN_1"), ("H3_", "MERLIN_"), ("h3_", "merlin_"), ("h3.h", "merlin.h"),
         ("-machine @", "-machine orangepi-pc")]
RUN = f"make run BOARD={BOARD} APP="


def renamed(text):
    for old, new in NAMES:
        text = text.replace(old, new)
    return text


def test_all_that_board_mk_may_say_is_listed():
    """What a board.mk defines for itself alone it also uses."""
    listed = set(re.findall(r"^    ([A-Z_]+) +[:?]=", TEXT[TEXT.index("### board.mk"):], re.MULTILINE))
    for board in makes.BOARDS:
        text = (ROOT / "boards" / board / "board.mk").read_text()
        said = {name for name in re.findall(r"^([A-Z_]+) *[:?]?=", text, re.MULTILINE) if f"$({name})" not in text}
        assert said <= listed, board


@pytest.fixture(name="tree", scope="module")
def tree_without_the_board(tmp_path_factory):
    tree = tmp_path_factory.mktemp("porting") / "tree"
    shutil.copytree(ROOT, tree, ignore=lambda folder, names: {
        "build", ".git", "tests", "bench", *(n for n in names if n in (BOARD, CHIP))}.intersection(names))
    (tree / "build").mkdir()
    (tree / "build/toolchain").symlink_to(ROOT / "build/toolchain")
    return tree


def follow(tree, app):
    """Writes what the text has made when it first says to run the application."""
    for path, lines in walkthrough.walk(TEXT[:TEXT.index(RUN + app)]).items():
        target = tree / renamed(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(renamed("\n".join(lines) + "\n"))


def test_what_is_made_is_what_the_tree_has():
    assert not walkthrough.faults(TEXT)
    assert re.findall(RUN + r"(\w+)", TEXT) == ["hello", "selftest", "web"]


@pytest.mark.parametrize("app, says", [("hello", "Hello, world, from board morgana (armv7a)."), ("selftest", "all checks passed")])
def test_a_board_made_by_the_text_runs(tree, app, says):
    follow(tree, app)
    done = subprocess.run(["make", "-C", tree, "-s", "-j2", "SETUP=0", "LTO=", "BOARD=morgana", f"APP={app}", "all"],
                          capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    status, console = makes.boot(makes.image("morgana-no-lto", app, build=tree / "build"))
    assert status == 0 and says in console, console


def test_a_board_that_no_emulator_has_is_built_and_says_so(tree):
    follow(tree, "selftest")
    described = tree / "boards/morgana/board.mk"
    described.write_text("".join(line for line in described.read_text().splitlines(True) if not line.startswith("QEMU")))
    done = subprocess.run(["make", "-C", tree, "-s", "SETUP=0", "LTO=", "BOARD=morgana", "APP=hello", "run"],
                          capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode != 0 and (tree / "build/morgana-no-lto/hello/hello.elf").exists()
    assert "no QEMU has the board morgana (its board.mk names none): docs/HARDWARE.md says" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


#: The text, the piece of it that changes, and what is said then.
DAMAGED = [("+ARCH              := armv7a", "+ARCH              := armv8a", "board.mk, line 3: the document has 'ARCH "),
           ("+++ b/boards/orangepi-pc/module.mk", "+++ b/boards/orangepi-pc/modules.mk", "modules.mk is made here, and not in the tree"),
           ("+QEMU_DISK    := if=sd\n", "", "board.mk, line 14: the document has 'QEMU_EXIT"),
           (" QEMU_KERNEL  := .img\n+QEMU_NET", " QEMU_KERNEL  := .elf\n+QEMU_NET", "the lines that it changes are there nowhere"),
           ('+BOARDS = ["orangepi-pc", "rpi2"', '+BOARDS = ["orangepi", "rpi2"', "test_disk.py: the file has no such lines any more"),
           ("+++ b/README.md", "+++ b/READYOU.md", "READYOU.md: there is no such file")]


@pytest.mark.parametrize("old, new, said", DAMAGED)
def test_what_differs_is_told(old, new, said):
    assert TEXT.count(old) == 1
    found = "\n".join(walkthrough.faults(TEXT.replace(old, new)))
    assert said in found, found


def test_a_long_board_is_refused(monkeypatch, tmp_path):
    """What make check says of it, and of a table that is no longer true."""
    assert not boardlines.faults()
    shutil.copytree(ROOT / "boards", tmp_path / "boards")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/PORTING.md").write_text(TEXT)
    with (tmp_path / "boards/rpi4/board.c").open("a") as f:
        f.write(27 * "/* and more */\n")
    monkeypatch.setattr(boardlines, "ROOT", tmp_path)
    long, table = boardlines.faults()
    assert "boards/rpi4 has 111 lines without its README; 110 are the limit" in long
    assert "the table of the boards' lines should be\n| host |" in table and "| rpi4 | 111 |" in table
