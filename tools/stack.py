#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Adds up what calls may need of each stack, and shows the largest frames: what `make stack` prints.

    tools/stack.py --nm=arm-none-eabi-nm --roots='boot:start interrupts:interrupt' --manifest=FILE IMAGE.elf

The compiler has left frames and calls of the whole image beside it (-fcallgraph-info=su). A call through a
pointer is followed to each function that the sources put into a member, or pass for a parameter, of that
name; those of which none is known are listed. Functions that call one another in a circle count once each,
functions of assembler and of the C library nothing, an interrupt's own frame nothing: so a sum is an
estimate, and a watched image (runtime/stacks) shows what was really used.

With --fit nothing is shown: the file says how large the boot stack must be, if the board's size is too
small, with status 3 if the image has to be linked again for it. Other stacks that are too small are errors.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
ROOMS = ("base", "hal", "arch", "drivers", "runtime", "net", "storage", "boards", "apps")
NODE = re.compile(r'^node: \{ title: "([^"]*)" label: "([^"]*)"')
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"(?: label: "([^"]*)")?')
FRAME = re.compile(r"^(\d+) bytes \((.*)\)$")
#: What the optimizer puts behind a function's name.
CLONE = re.compile(r"\.(lto_priv|constprop|isra|part|cold|localalias)\b.*")
CALLEE = re.compile(r"[\w.\[\]\->]*?(\w+)(?:\[[^\]]*\])?\s*\(")
ASSIGNED = re.compile(r"(?:\.|->)(\w+)\s*=\s*&?(\w+)\b\s*[,;}\n]")
POINTER = re.compile(r"\(\*(\w+)\)\s*\(|\b\w+_fn \*(?:const )?(\w+)\s*$")
PROTOTYPE = re.compile(r"^[\w\s*]*?\b(\w+)\(([^;{}]*)\)\s*[;{]", re.MULTILINE)
LARGEST = 12
#: With --fit: what no sum has in it, an interrupt's frame and the assembler's functions; and what a boot stack
#: that grows has besides, for pointers that are not followed.
BEYOND, RESERVE, GRAIN = 64, 512, 64
STATUS_AGAIN = 3


def base_name(title):
    return CLONE.sub("", title.rsplit(":", 1)[-1])


class Graph:
    """Functions by title, with their frames, and who calls whom."""

    def __init__(self, files):
        self.frame, self.where, self.calls, self.through = {}, {}, collections.defaultdict(set), []
        for path in files:
            for line in path.read_text(errors="replace").splitlines():
                self.take(line)
        self.by_name = collections.defaultdict(list)
        for title in self.frame:
            self.by_name[base_name(title)].append(title)

    def take(self, line):
        if m := NODE.match(line):
            parts = m.group(2).split("\\n")
            if len(parts) >= 3 and (f := FRAME.match(parts[2])):
                self.frame[m.group(1)], self.where[m.group(1)] = int(f.group(1)), parts[1]
        elif m := EDGE.match(line):
            if m.group(2) == "__indirect_call":
                self.through.append((m.group(1), m.group(3) or ""))
            else:
                self.calls[m.group(1)].add(m.group(2))


def arguments(text):
    """The texts between the commas of a parenthesis that `text` begins behind."""
    depth, found, at = 0, [""], 0
    for at, c in enumerate(text):
        if c in "([{":
            depth += 1
        elif c in ")]}":
            if depth == 0:
                break
            depth -= 1
        if c == "," and depth == 0:
            found.append("")
        else:
            found[-1] += c
    return [a.strip() for a in found]


def sources(folders):
    for folder in folders:
        for path in sorted(folder.rglob("*.[ch]")):
            yield path.read_text(errors="replace")


def pointers(texts):
    """{name of a member or a parameter: names that may be functions, which it was given}"""
    texts, given, takers = list(texts), collections.defaultdict(set), {}
    for text in texts:
        for member, value in ASSIGNED.findall(text):
            given[member].add(value)
        for name, parameters in PROTOTYPE.findall(text):
            for i, p in enumerate(arguments(parameters)):
                if m := POINTER.search(p):
                    takers.setdefault(name, {})[i] = m.group(1) or m.group(2)
    call = re.compile(r"\b(" + "|".join(map(re.escape, takers)) + r")\(") if takers else None
    for text in texts if call else []:
        for m in call.finditer(text):
            words = arguments(text[m.end():m.end() + 400])
            for i, parameter in takers[m.group(1)].items():
                if i < len(words) and re.fullmatch(r"&?\w+", words[i]):
                    given[parameter].add(words[i].lstrip("&"))
    return given


def text_at(label):
    """The source from FILE:LINE:COLUMN on; "" if there is none."""
    file, line, column = label.rsplit(":", 2)
    try:
        lines = (ROOT / file).read_text(errors="replace").splitlines()[int(line) - 1:int(line) + 9]
    except (OSError, ValueError):
        return ""
    return "\n".join(lines)[int(column) - 1:]


def count(text):
    """Of arguments or parameters behind an opening parenthesis."""
    return len([a for a in arguments(text) if a not in ("", "void")])


def called_member(label):
    """The member's name in the call at FILE:LINE:COLUMN and the number of its arguments; None, 0 if the source
    does not show them."""
    text = text_at(label)
    m = CALLEE.match(text)
    return (m.group(1), count(text[m.end():])) if m else (None, 0)


def takes(graph, title, number):
    """Whether a function has so many parameters, as far as its definition shows."""
    m = re.match(r"\w+\s*\(", text_at(graph.where[title]))
    return m is None or count(text_at(graph.where[title])[m.end():]) == number


def follow_pointers(graph, given):
    """Adds the calls through pointers; returns the names of those that lead nowhere."""
    unknown = set()
    for title, label in graph.through:
        member, number = called_member(label)
        targets = [t for name in given.get(member, ()) for t in graph.by_name.get(name, ()) if takes(graph, t, number)]
        graph.calls[title].update(targets)
        if not targets:
            unknown.add(member or label)
    return unknown


def circles(graph):
    """{function: those that call one another in a circle that it is in; itself, at least} (Tarjan's algorithm)"""
    number, lowest, open_, found = {}, {}, [], {}

    def visit(title):
        number[title] = lowest[title] = len(number)
        open_.append(title)
        for callee in sorted(c for c in graph.calls.get(title, ()) if c in graph.frame and c not in found):
            if callee not in number:
                visit(callee)
            lowest[title] = min(lowest[title], lowest[callee])
        if lowest[title] == number[title]:
            at = open_.index(title)
            for member in open_[at:]:
                found[member] = open_[at:]
            del open_[at:]

    for title in graph.frame:
        if title not in number:
            visit(title)
    return found


def deepest(graph, title, circle, known):
    """(bytes, functions on the way) from a function down; of a circle each counts once, wherever it is entered."""
    members = circle[title]
    if members[0] not in known:
        best = (0, ())
        for callee in sorted({c for m in members for c in graph.calls.get(m, ()) if c in graph.frame} - set(members)):
            best = max(best, deepest(graph, callee, circle, known), key=lambda way: way[0])
        known[members[0]] = best
    needs, way = known[members[0]]
    return needs + sum(graph.frame[m] for m in members), (title, *(m for m in members if m != title), *way)


def symbols(nm, elf):
    """{symbol: its value}"""
    out = subprocess.run([nm, elf], capture_output=True, text=True, check=True).stdout
    return {words[2]: int(words[0], 16) for words in map(str.split, out.splitlines()) if len(words) == 3}


def stack_sizes(at, roots):
    """{stack: bytes}, as the linker script has them."""
    return {name: at[f"{symbol}_top"] - at[f"{symbol}_bottom"] for name, symbol, _ in roots
            if f"{symbol}_top" in at and f"{symbol}_bottom" in at}


def job_roots(graph, elf, jobs):
    """For each job, the function that its fiber begins in, a title or None: the last one's is run() of main.c,
    each other's is job1() and so on, where calls that are alike share one. They may have the job inlined."""
    own = "/".join([*elf.resolve().parts[-3:-1], "main.c"])
    there = {base_name(t): t for t in graph.frame if f"/{graph.where[t]}".rsplit(":", 2)[0].endswith("/" + own)}
    calls = [(job["function"], job.get("arguments")) for job in jobs]
    return [there.get("run" if i + 1 == len(jobs) else f"job{calls.index(call) + 1}") for i, call in enumerate(calls)]


def rows(graph, elf, roots, jobs, sizes):
    """(stack, its bytes, bytes needed, the way down); of a job that is not found None are needed."""
    circle, known = circles(graph), {}
    for name, _, function in roots:
        titles = graph.by_name.get(function, ())
        for title in [t for t in titles if t == function] or titles:  # what has external linkage, if anything
            yield (name, sizes.get(name), *deepest(graph, title, circle, known))
    begin = sum(graph.frame[t] for name in ("run_current", "run_main") for t in graph.by_name.get(name, ())[:1])
    for job, title in zip(jobs, job_roots(graph, elf, jobs)):
        if job["stack_bytes"]:
            needs, way = deepest(graph, title, circle, known) if title else (None, ())
            yield (job["function"] + "()", job["stack_bytes"], needs + begin if title else None, way)


def way_text(way):
    names = [base_name(t) for t in way]
    return " > ".join(names if len(names) <= 7 else [*names[:3], "…", *names[-3:]])


def table(graph, found, unknown, elf):
    lines = [f"{elf}\n", f"  {'stack':<16}{'has':>8}{'needs':>8}  at most, by"]
    for name, has, needs, way in found:
        shown = [f"{n:,}" if n is not None else "?" for n in (has, needs)]
        lines.append(f"  {name:<16}{shown[0]:>8}{shown[1]:>8}  {way_text(way) or 'its beginning is not found'}")
    lines.append(f"\n  {'largest frames':<28}{'bytes':>8}")
    for title in sorted(graph.frame, key=lambda t: (-graph.frame[t], t))[:LARGEST]:
        lines.append(f"  {base_name(title):<28}{graph.frame[title]:>8,}  {graph.where[title].rsplit(':', 1)[0]}")
    if unknown:
        lines.append("\n  pointers that are not followed: " + ", ".join(sorted(unknown)))
    return "\n".join(lines)


def fit(found, at, file, line):
    """Writes how large the boot stack must be, if that is more than it has without being told, and complains of
    other stacks that are too small. The status of the program."""
    least, status = at["boot_stack_least"], 0
    for name, has, needs, way in found:
        if name == "boot":
            wanted = least if needs + BEYOND <= least else -(-(needs + RESERVE) // GRAIN) * GRAIN
            file.unlink(missing_ok=True)
            if wanted > least:
                file.write_text(f"{wanted}\n")
            status = status or (STATUS_AGAIN if wanted != has else 0)
        elif needs is None or needs > has:
            said = "needs a stack that nobody can tell the size of" if needs is None else \
                f"may need {needs:,} bytes of its stack, which has {has:,}, by {way_text(way)}"
            remedy = ": give it more by with_stack()" if name.endswith("()") else ""
            print(f"{line}: {name} {said}{remedy}", file=sys.stderr)
            status = 1
    return status


def main():
    sys.setrecursionlimit(10000)
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("elf", type=pathlib.Path)
    p.add_argument("--nm", default="nm")
    p.add_argument("--roots", default="", help="stack:its symbol:function that begins on it, with spaces between")
    p.add_argument("--manifest", type=pathlib.Path)
    p.add_argument("--source", type=pathlib.Path, action="append", default=[], help="a folder besides those of the tree")
    p.add_argument("--fit", type=pathlib.Path, metavar="FILE", help="where to write how large the boot stack must be")
    p.add_argument("--line", default="config.c", help="what complaints of --fit begin with")
    a = p.parse_args()

    files = sorted(a.elf.parent.glob(a.elf.name + ".*.ci"))
    if not files:
        sys.exit(f"stack: {a.elf} has no call graph beside it: it is linked without link-time optimization")
    graph = Graph(files)
    unknown = follow_pointers(graph, pointers(sources([*(ROOT / room for room in ROOMS), *a.source])))
    jobs = json.loads(a.manifest.read_text())["jobs"] if a.manifest else []
    roots = [word.split(":") for word in a.roots.split()]
    at = symbols(a.nm, a.elf)
    found = list(rows(graph, a.elf, roots, jobs, stack_sizes(at, roots)))
    if a.fit:
        return fit(found, at, a.fit, a.line)
    print(table(graph, found, unknown, a.elf))
    return 0


if __name__ == "__main__":
    sys.exit(main())
