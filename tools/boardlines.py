#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""How long the boards' folders are: all lines of all files, comments and blank ones too, but the README's.

A board is one folder of about a hundred lines: what is more is about its chip, and belongs under boards/soc/. Fails if one
has more, or if the table in docs/PORTING.md does not say what there is; prints the table then.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = "docs/PORTING.md"
MOST = 110
ROW = re.compile(r"^\| [a-z0-9-]+ \| \d+ \| .*\|\n", re.MULTILINE)


def lines(folder):
    return sum(len(p.read_text().splitlines()) for p in folder.rglob("*") if p.is_file() and p.name != "README.md")


def chips(folder):
    """Modules under boards/soc/ that the board requires, itself or by another one."""
    found, todo = [], [str(folder.relative_to(ROOT))]
    while todo:
        described = ROOT / todo.pop(0) / "module.mk"
        words = re.sub(r".*?requires *:?=", "", described.read_text().replace("\\\n", ""), flags=re.DOTALL).split()
        new = [w for w in words if w.startswith("boards/soc/") and w not in found]
        found += new
        todo += new
    return sorted(found)


def boards():
    return sorted(p.parent for p in ROOT.glob("boards/*/board.mk"))


def table():
    """The rows: a board, its lines, and the folders of its chip."""
    return "".join(f"| {b.name} | {lines(b)} | {', '.join(f'`{c}/`' for c in chips(b))} |\n" for b in boards())


def faults():
    said = [f"boards/{b.name} has {lines(b)} lines without its README; {MOST} are the limit: what is about the chip belongs "
            "under boards/soc/" for b in boards() if lines(b) > MOST]
    if "".join(ROW.findall((ROOT / DOCUMENT).read_text())) != table():
        said.append(f"{DOCUMENT}: the table of the boards' lines should be\n{table()}")
    return said


if __name__ == "__main__":
    SAID = faults()
    for fault in SAID:
        print(fault)
    sys.exit(bool(SAID))
