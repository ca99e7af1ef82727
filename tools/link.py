#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Links an image, and refuses one that does not fit into the flash or the memory of its board.

    tools/link.py --flash=N --memory=N --manifest=FILE --line=config.c:15 --output=ELF -- CC FLAGS...

Limits are in bytes, 0 for none. Flash holds what is stored: the file's bytes of all segments, with
the gaps between. Memory holds the segments that are written to, on a board without flash all of
them, and what devices and the stacks of jobs take of the heap at the start. A linker script has
limits too: an image over one of those is linked once more without them, to see where the bytes go.

With --keep, what link-time optimization has made of the code lies in that folder afterwards, and is taken from there if
it would be the same (tools/lto): a link with another linker script takes no second then.

With --near, the status is 3 if variables are farther from the code than it was compiled to reach.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True  # the sources may be an installed copy
import size  # noqa: E402

NAMED_MAX = 5
#: Where gcc finds our lto-wrapper.
LTO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lto")
#: What the linker says of a region, and what linker scripts assert.
OVERFLOW = re.compile(r"region `(\S+)' overflowed by (\d+) bytes?|(the image is larger than memory\.h allows)")
#: … and of a variable that an instruction does not reach.
FAR = "relocation truncated to fit"
STATUS_FAR = 3


def largest(rows):
    """The text of the largest of (name, bytes)."""
    rows = sorted((row for row in rows if row[1]), key=lambda row: (-row[1], row[0]))[:NAMED_MAX]
    columns = max((len(name) for name, _ in rows), default=0)
    return "".join(f"\n    {name:<{columns}} {count:>12,}" for name, count in rows)


def flash_rows(table, *_):
    return [(module, code + constants + data) for module, (code, constants, data, _) in table.items()]


def memory_rows(table, manifest, has_flash):
    """Modules and variables; the devices and jobs that take some at the start."""
    rows = [(module, data + zeroed + (0 if has_flash else code + constants))
            for module, (code, constants, data, zeroed) in table.items()]
    rows += [(f"{d['name']}, {d['about']}", d["ram_bytes"]) for d in manifest["devices"]]
    return rows + [(f"stack of {j['function']}()", j["stack_bytes"]) for j in manifest["jobs"]]


def complaints(a, said):
    """What is wrong with the image's size; `said` is what the linker found, None if it was content."""
    with open(a.manifest, encoding="utf-8") as f:
        manifest = json.load(f)
    name, board, has_flash = manifest["name"], manifest["board"], a.flash != 0
    parts = list(size.segments(a.output))
    found = [(f"{name} needs {taken:,} bytes of {what}, {taken - limit:,} more than {board} has", rows)
             for what, taken, limit, rows in (
                 ("flash", size.span(parts), a.flash, flash_rows),
                 ("memory at least", sum(size.memory_taken(parts, manifest, has_flash)), a.memory, memory_rows))
             if limit and taken > limit]
    if said and not found:
        how = f"the region {said[1]} is too small by {int(said[2]):,} bytes" if said[1] else said[3]
        found = [(f"{name} is too large for {board}: {how}", memory_rows)]
    if found:
        table = size.charge(a.output, a.nm, os.getcwd(), name_variables=True)
    return [f"{a.line}: {text}; most take{largest(rows(table, manifest, has_flash))}" for text, rows in found]


def link(a, *more):
    env = None
    if a.keep:
        found = subprocess.run([a.command[0], "-print-prog-name=lto-wrapper"], capture_output=True, text=True, check=True)
        env = {**os.environ, "FATA_LTO_WRAPPER": found.stdout.strip(), "FATA_LTO_KEPT": a.keep}
        more = (*more, "-B", LTO)
    return subprocess.run([*a.command, *more, "-o", a.output], stderr=subprocess.PIPE, text=True,
                          errors="replace", check=False, env=env)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--flash", type=int, default=0)
    p.add_argument("--memory", type=int, default=0)
    p.add_argument("--manifest", required=True)
    p.add_argument("--line", required=True)
    p.add_argument("--nm", default="nm")
    p.add_argument("--near", action="store_true")
    p.add_argument("--keep", metavar="FOLDER")
    p.add_argument("--output", required=True)
    p.add_argument("command", nargs="+")
    a = p.parse_args()

    done = link(a)
    said = OVERFLOW.search(done.stderr) if done.returncode else None
    if said:
        again = link(a, "-Wl,--noinhibit-exec")
        if a.near and FAR in again.stderr:
            return STATUS_FAR
        if again.returncode:
            said = None
    if a.near and FAR in done.stderr:
        return STATUS_FAR
    if not said:
        sys.stderr.write(done.stderr)
        if done.returncode:
            return done.returncode
    found = complaints(a, said)
    if found:
        os.unlink(a.output)
        print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        sys.exit(main())
    except OSError as e:
        sys.exit(f"link: {e}")
