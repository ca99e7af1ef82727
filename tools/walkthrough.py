#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The diffs that docs/PORTING.md quotes, held against the files of the tree.

Each block ```diff changes the files as those before it have left them. A file that begins at /dev/null is made
by the document alone: with the last block it must be as it is in the tree, and so must be all files of its folder
but README.md. Of any other file only some lines are quoted: those with a + and those around them must be in it, one
behind the other. Prints one line for each fault, and exits 1 if there is any.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = "docs/PORTING.md"
SPARED = {"README.md"}


class Fault(Exception):
    """What differs, and where."""


def hunks(text):
    """Of a document: (line, path, whether the file is new, lines) for each hunk."""
    found = []
    inside, new, path, lines = False, False, None, None
    for number, line in enumerate(text.splitlines(), 1):
        if line in ("```diff", "```"):
            inside, path, lines = line == "```diff", None, None
        elif not inside:
            continue
        elif line == "--- /dev/null":
            new = True
        elif line.startswith("+++ b/"):
            path = line[len("+++ b/"):]
        elif line == "@@" and path:
            lines = []
            found.append((number, path, new, lines))
            new = False
        elif lines is not None and line[:1] in ("+", "-", " ", ""):
            lines.append(line or " ")
        else:
            raise Fault(f"line {number}: expected \"+++ b/FILE\", then \"@@\", then lines with +, - or a space in front")
    return found


def places(content, part):
    """Where in a list of lines these lie one behind the other."""
    return [at for at in range(len(content) - len(part) + 1) if content[at:at + len(part)] == part]


def apply(content, lines):
    """The content with a hunk's change."""
    old = [line[1:] for line in lines if line[0] != "+"]
    found = places(content, old)
    if len(found) != 1:
        raise Fault(f"the lines that it changes are there {'more than once' if found else 'nowhere'}")
    return content[:found[0]] + [line[1:] for line in lines if line[0] != "-"] + content[found[0] + len(old):]


def quoted(path, lines):
    """Fails unless the tree's file has what is quoted of it."""
    content = (ROOT / path).read_text().splitlines() if (ROOT / path).is_file() else None
    if content is None:
        raise Fault("there is no such file")
    part = [line[1:] for line in lines if line[0] != "-"]
    if not places(content, part):
        missing = next((line for line in part if line not in content), part[0])
        raise Fault(f"the file has no such lines any more; see {missing.strip()!r}")


def walk(text):
    """The files that a document, or the beginning of one, makes: path -> lines."""
    made = {}
    for number, path, new, lines in hunks(text):
        try:
            if new:
                made[path] = [line[1:] for line in lines if line[0] == "+"]
            elif path in made:
                made[path] = apply(made[path], lines)
            else:
                quoted(path, lines)
        except Fault as e:
            raise Fault(f"line {number}: {path}: {e}") from None
    return made


def differs(path, made):
    """What a person should know of a file that is not as the document makes it, or None."""
    there = (ROOT / path).read_text().splitlines() if (ROOT / path).is_file() else None
    if there == made:
        return None
    if there is None:
        return f"{path} is made here, and not in the tree"
    if made is None:
        return f"{path} is in the tree, and not made here"
    at = next((n for n, (a, b) in enumerate(zip(made, there)) if a != b), min(len(made), len(there)))
    line = [repr(lines[at]) if at < len(lines) else "the end" for lines in (made, there)]
    return f"{path}, line {at + 1}: the document has {line[0]}, the file {line[1]}"


def faults(text):
    """All that is wrong, as lines."""
    try:
        made = walk(text)
    except Fault as e:
        return [str(e)]
    folders = {str(pathlib.PurePosixPath(path).parent) for path in made}
    there = {f"{folder}/{p.name}" for folder in folders for p in (ROOT / folder).glob("*")
             if p.is_file() and p.name not in SPARED}
    found = (differs(path, made.get(path)) for path in sorted(there | set(made)))
    said = [fault for fault in found if fault]
    return said if made else ["it makes no file: the walk through a board is gone"]


if __name__ == "__main__":
    SAID = faults((ROOT / DOCUMENT).read_text())
    for fault in SAID:
        print(f"{DOCUMENT}: {fault}")
    sys.exit(bool(SAID))
