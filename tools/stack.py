#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Adds up what calls may need of each stack, and shows the largest frames: what `make stack` prints.

    tools/stack.py --nm=arm-none-eabi-nm --roots='boot:start interrupts:interrupt' --manifest=FILE IMAGE.elf

The compiler has left frames and calls of the whole image beside it (-fcallgraph-info=su). A call through a
pointer is followed to each function that the sources put into a member, or pass for a parameter, of that
name; those of which none is known are listed. Recursion counts once, functions of assembler and of the C
library nothing, an interrupt's own frame nothing: so a sum is an estimate, and a watched image
(runtime/stacks) shows what was really used.
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


def deepest(graph, title, known, path):
    """(bytes, functions on the way) from a function down."""
    if title in known:
        return known[title]
    best = (0, ())
    path.add(title)
    for callee in sorted(graph.calls.get(title, ())):
        if callee in graph.frame and callee not in path:
            best = max(best, deepest(graph, callee, known, path), key=lambda way: way[0])
    path.discard(title)
    known[title] = (graph.frame[title] + best[0], (title, *best[1]))
    return known[title]


def stack_sizes(nm, elf, roots):
    """{stack: bytes}, as the linker script has them."""
    out = subprocess.run([nm, elf], capture_output=True, text=True, check=True).stdout
    at = {words[2]: int(words[0], 16) for words in map(str.split, out.splitlines()) if len(words) == 3}
    return {name: at[f"{symbol}_top"] - at[f"{symbol}_bottom"] for name, symbol, _ in roots
            if f"{symbol}_top" in at and f"{symbol}_bottom" in at}


def rows(graph, roots, jobs, sizes):
    """(stack, its bytes, bytes needed, the way down)"""
    known = {}
    for name, _, function in roots:
        titles = graph.by_name.get(function, ())
        for title in [t for t in titles if t == function] or titles:  # what has external linkage, if anything
            yield (name, sizes.get(name), *deepest(graph, title, known, set()))
    for job in jobs:
        for title in graph.by_name.get(job["function"], ()) if job["stack_bytes"] else ():
            yield (job["function"] + "()", job["stack_bytes"], *deepest(graph, title, known, set()))


def way_text(way):
    names = [base_name(t) for t in way]
    return " > ".join(names if len(names) <= 7 else [*names[:3], "…", *names[-3:]])


def main():
    sys.setrecursionlimit(10000)
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("elf", type=pathlib.Path)
    p.add_argument("--nm", default="nm")
    p.add_argument("--roots", default="", help="stack:its symbol:function that begins on it, with spaces between")
    p.add_argument("--manifest", type=pathlib.Path)
    p.add_argument("--source", type=pathlib.Path, action="append", default=[], help="a folder besides those of the tree")
    a = p.parse_args()

    files = sorted(a.elf.parent.glob(a.elf.name + ".*.ci"))
    if not files:
        sys.exit(f"stack: {a.elf} has no call graph beside it: it is linked without link-time optimization")
    graph = Graph(files)
    unknown = follow_pointers(graph, pointers(sources([*(ROOT / room for room in ROOMS), *a.source])))
    jobs = json.loads(a.manifest.read_text())["jobs"] if a.manifest else []
    roots = [word.split(":") for word in a.roots.split()]
    lines = [f"{a.elf}\n", f"  {'stack':<16}{'has':>8}{'needs':>8}  at most, by"]
    for name, has, needs, way in rows(graph, roots, jobs, stack_sizes(a.nm, a.elf, roots)):
        lines.append(f"  {name:<16}{f'{has:,}' if has else '?':>8}{needs:>8,}  {way_text(way)}")
    lines.append(f"\n  {'largest frames':<28}{'bytes':>8}")
    for title in sorted(graph.frame, key=lambda t: (-graph.frame[t], t))[:LARGEST]:
        lines.append(f"  {base_name(title):<28}{graph.frame[title]:>8,}  {graph.where[title].rsplit(':', 1)[0]}")
    if unknown:
        lines.append("\n  pointers that are not followed: " + ", ".join(sorted(unknown)))
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
