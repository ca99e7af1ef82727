#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Counts the instructions that Fata's stack and lwIP's take for the same work on the same frames.

What `make bench-instructions` calls. Both stacks are images of the host board, built with the same flags,
on a link in memory; a client in the same process sends both the same segments. Neither client nor link
are counted. callgrind's counts repeat, but for timers that run with the time of day.

    bench/instructions.py [--quick] [--only keep,out] [--profile 12] [--json FILE]
"""

import argparse
import collections
import itertools
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import stage  # noqa: E402
import table  # noqa: E402

STACKS = ["fata", "lwip"]
#: load of the image, connections, what is counted, the row's heading
ROWS = [
    ("keep", 1, "request", "HTTP keep-alive, 1"),
    ("keep", 64, "request", "HTTP keep-alive, 64"),
    ("close", 64, "request", "HTTP close, 64"),
    ("http-keep", 1, "request", "own HTTP server, keep-alive, 1"),
    ("http-keep", 64, "request", "own HTTP server, keep-alive, 64"),
    ("http-vary", 64, "request", "  no two alike"),
    ("http-close", 64, "request", "own HTTP server, close, 64"),
    ("in", 1, "segment", "bulk in"),
    ("out", 1, "segment", "bulk out"),
]
#: heading, boot arguments
MODES = [
    ("checksums in software", ""),
    ("checksums by the device", "--offload=checksums"),
    ("checksums, cutting and putting together segments by the device", "--offload=all"),
    ("checksums in software, SACK and timestamps offered", "--options"),
]
#: The client, the link and what begins and ends counting: files of the application, not those of net/ with such a name.
RIG = ("./link.c", "./measure.c", "./client.c", "./segment.c", "./frames.c")
#: Where a function's file belongs, by what its path contains; the first that does. Else the stack.
PARTS = [
    ("stack", ("arch/x86/checksum.c",)),
    ("rig", (*RIG, "callgrind.h")),
    ("rest", ("runtime/", "arch/", "drivers/", "boards/", "main.c", "port.c")),
    ("server", ("net/http/", "storage/", "fata.c", "least.c", "server.c", "request.h", "httpd.c", "fs.c", "def.c")),
]
#: Packets belong to Fata's stack; lwIP's has its own, and what turns one into the other is its port.
LWIP_PORT = ("base/", "hal/")


#: stack: from Ethernet to TCP; server: what answers; rest: the event loop, and lwIP's port to it.
SHOWN = ["stack", "server", "rest"]


def short(path):
    """Without what all paths have in common."""
    path = path.removeprefix("./")
    return path.rsplit("/apps/", 1)[-1] if "/apps/" in path else path


def is_of_rig(path):
    return path.endswith(RIG)


def part_of(path, stack):
    if stack == "lwip" and any(m in path for m in LWIP_PORT):
        return "rest"
    for part, marks in PARTS:
        if any(path.endswith(m) if m.endswith((".c", ".h")) else m in path for m in marks):
            return part
    return "stack"


def self_costs(path, program):
    """{(file, function): instructions} of a callgrind output file, each function's own.

    What the C library does is charged to the line of the program that called it; what the optimizer has put
    into a function of the rig, as the lists of the link, to the rig. Such a function is one with any line of
    the rig: which file callgrind names first depends on its first instruction.
    """
    costs, of_rig = collections.Counter(), {}
    first = file = function = home = callee_home = ""
    called = False
    for line in path.read_text().splitlines():
        key, is_setting, value = line.partition("=")
        if key in ("fl", "fi", "fe"):
            file = value
            if key == "fl":
                first = value
        elif key == "ob":
            home = value
        elif key == "fn":
            function, callee_home = value, ""
        elif key == "cob":
            callee_home = value
        elif key == "calls":
            called = True  # what was called cost so much: the next line
        elif not is_setting and line[:1].isdigit():
            by_library = called and callee_home not in ("", program) and function != "(below main)"
            if home == program and (by_library or not called):
                costs[first, function, file] += int(line.split()[1])
                if is_of_rig(file):
                    of_rig[first, function] = file
            if called:
                called, callee_home = False, ""
    charged = collections.Counter()
    for (first, function, file), cost in costs.items():
        charged[of_rig.get((first, function), file), function] += cost
    return charged


def count(stack, load, connections, units, arguments):
    """Counters of instructions a unit in one run: of parts, functions, files."""
    program = stage.ROOT / f"build/host/instructions-{stack}/instructions-{stack}.elf"
    out = stage.BUILD / f"callgrind.{stack}"
    out.unlink(missing_ok=True)
    command = ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--compress-strings=no", "--compress-pos=no",
               f"--callgrind-out-file={out}", str(program), f"--load={load}", f"--connections={connections}",
               f"--units={units}", *arguments.split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith("units ")]
    if done.returncode != 0 or not said:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    counted, frames_in, frames_out = map(int, re.findall(r"\d+", said[0]))
    parts, functions, files = collections.Counter(), collections.Counter(), collections.Counter()
    parts["in"], parts["out"] = frames_in / counted, frames_out / counted
    for (file, function), cost in self_costs(out, str(program)).items():
        part = part_of(file, stack)
        parts[part] += cost / counted
        if part != "rig":
            functions[function.split("'")[0].split(".")[0]] += cost / counted
            files[short(file)] += cost / counted
    return parts, functions, files


def build():
    for stack in STACKS:
        stage.make("host", stage.instructions(stack))


def measure(row, units, arguments):
    load, connections, unit, heading = row
    found = {"row": heading, "unit": unit}
    for stack in STACKS:
        parts, functions, files = count(stack, load, connections, units, arguments)
        found[stack] = dict(parts)
        found[stack]["total"] = sum(parts[k] for k in SHOWN)
        found[stack]["functions"] = functions.most_common()
        found[stack]["files"] = files.most_common()
    return found


def print_mode(heading, found):
    columns = [*SHOWN, "total"]
    rows = [["", "Fata: " + columns[0], *columns[1:], "lwIP: " + columns[0], *columns[1:], "lwIP / Fata: stack",
             "total", "frames in/out: Fata", "lwIP"]]
    for f in found:
        own, peer = f["fata"], f["lwip"]
        row = [f["row"]]
        for side in (own, peer):
            row += [f"{side.get(k, 0):,.0f}" for k in columns]
        row += [f"{peer['stack'] / own['stack']:.2f}x", f"{peer['total'] / own['total']:.2f}x"]
        for side in (own, peer):
            row += [f"{side['in']:.2f}/{side['out']:.2f}"]
        rows.append(row)
    print(f"\nInstructions a request or a 1,460-byte segment: {heading}")
    table.show(rows)


def print_profile(found, n):
    for f in found:
        print(f"\n{f['row']}: the dearest files and functions, instructions a {f['unit']}")
        columns = [f[stack][kind][:n] for stack in STACKS for kind in ("files", "functions")]
        rows = [["Fata: file", "", "function", "", "lwIP: file", "", "function", ""]]
        for cells in itertools.zip_longest(*columns, fillvalue=None):
            rows.append([text for cell in cells for text in ((cell[0], f"{cell[1]:,.0f}") if cell else ("", ""))])
        table.show(rows, left=(0, 2, 4, 6))


def compare(loads=None, quick=False, profile=0):
    """Prints the tables; returns what was counted. stage.Unavailable without lwIP."""
    build()
    found = {}
    for heading, arguments in MODES:
        rows = [measure(row, 500 if quick else 2000, arguments) for row in ROWS if loads is None or row[0] in loads]
        print_mode(heading, rows)
        if profile:
            print_profile(rows, profile)
        found[heading] = rows
    return found


def main():
    names = sorted({row[0] for row in ROWS})
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--quick", action="store_true", help="a quarter of the units")
    p.add_argument("--only", default="", help=f"loads: {', '.join(names)}")
    p.add_argument("--profile", type=int, default=0, metavar="N", help="also the N dearest files and functions of each")
    p.add_argument("--json", help="write the figures to this file")
    a = p.parse_args()
    loads = a.only.split(",") if a.only else names
    for load in loads:
        if load not in names:
            p.error(f"there is no load {load!r}; the loads are {', '.join(names)}")
    try:
        found = compare(loads, a.quick, a.profile)
    except stage.Unavailable as e:
        sys.exit(f"bench: lwIP cannot be had, so there is nothing to compare with.\n{e}")
    if a.json:
        pathlib.Path(a.json).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
