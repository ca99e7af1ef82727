#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Holds every #include against the table of rooms and against the module's own module.mk.

A room (a folder at the top of the tree) may include only the rooms that the table names; within
that, a module may include only modules that its module.mk requires. Names of architectures in
preprocessor conditions are refused outside arch/ and linker/. Prints one line for each fault,
FILE:LINE: what and why, and exits 1 if there is any.
"""

import pathlib
import re
import subprocess
import sys

BELOW = {"hal", "arch/include", "base"}
TABLE = {
    "base": set(),
    "linker": set(),
    "hal": {"base", "arch/include"},
    "arch": {"base", "arch/include"},
    "crypto": {"base"},
    "drivers": BELOW,
    "runtime": BELOW,
    "net": {"hal", "crypto", "base"},
    "storage": {"hal", "crypto", "base"},
    "boards": BELOW | {"drivers", "linker"},
    "apps": {"runtime", "net", "storage", "crypto", "hal", "base"},
    # Host programs; they check boot arguments with the code that images do.
    "tools": {"runtime", "storage", "hal", "base"},
}
#: What the configuration compiler writes for an application.
GENERATED = {"unikernel.h", "keys.h"}
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
ARCH_TEST = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif)\b.*\b(__aarch64__|__arm__|__x86_64__|__i386__)")


def files():
    out = subprocess.run(["tools/sources", "c", "h", "S"], capture_output=True, text=True, check=True)
    return [pathlib.PurePosixPath(f) for f in out.stdout.split()]


def read_modules():
    """Module name -> set of required modules, from every module.mk."""
    required = {}
    for path in pathlib.Path(".").glob("**/module.mk"):
        if path.parts[0] == "build":
            continue
        text = path.read_text().replace("\\\n", " ")
        for name in re.findall(r"^MODULES\s*\+=\s*(.+)$", text, re.M):
            for module in name.split():
                m = re.search(rf"^{re.escape(module)}\.requires[ \t]*:?=[ \t]*(.*)$", text, re.M)
                required[module] = set(m.group(1).split()) if m else set()
    return required


def room_of(path):
    """The room of a file; what an architecture exports counts as arch/include."""
    if path.parts[0] == "arch" and "include" in path.parts[1:3]:
        return "arch/include"
    return path.parts[0]


def module_of(path, modules):
    """The innermost folder around `path` that is a module."""
    for parent in path.parents:
        if str(parent) in modules:
            return str(parent)
    return None


def resolve(including, name):
    """The file in the tree that `name` stands for, or None if it is not of the tree."""
    local = including.parent / name
    if "/" not in name and pathlib.Path(local).exists():
        return local
    exported = sorted(pathlib.Path("arch").glob(f"*/include/{name}")) if name.startswith("arch/") else []
    for candidate in (name, f"arch/include/{name}", *exported):
        if pathlib.Path(candidate).exists():
            return pathlib.PurePosixPath(candidate)
    return None


def is_description(path):
    return str(path).endswith(".cfg.h")


def may_include(room, path, target):
    target_room = room_of(target)
    if target_room == room or (room == "arch" and target_room == "arch/include"):
        return True
    if room == "arch/include":
        return target_room == "base"
    return target_room in TABLE.get(room, set())


def check_include(path, name, modules):
    room = room_of(path)
    if room in ("tests", "bench") or (room == "apps" and name in GENERATED):
        return None
    target = resolve(path, name)
    if target is None:
        return None if name == "memory.h" and path.parts[0] in ("linker", "boards", "arch") \
            else f'there is no file "{name}" in the tree'
    if is_description(path) or is_description(target):
        # The configuration compiler's language: it is compiled for the build machine, in one piece.
        return None if is_description(path) and is_description(target) \
            else f'only a .cfg.h includes a .cfg.h, and nothing else of the tree ("{name}")'
    if not may_include(room, path, target):
        return f'{room}/ may not include {room_of(target)}/ ("{name}")'
    if target.parts[0] == "apps" and target.parts[1] not in (path.parts[1], "common"):
        return f'an app may not include another app ("{name}")'
    own, other = module_of(path, modules), module_of(target, modules)
    if room_of(target) == "arch/include":
        other = "arch/include"
    if own and other and own != other and other not in modules[own]:
        return f'{own}/module.mk does not require {other} ("{name}")'
    return None


def main():
    modules = read_modules()
    faults = []
    for module, required in sorted(modules.items()):
        for other in sorted(required - set(modules)):
            faults.append(f"{module}/module.mk: requires {other}, which is no module")
    for path in files():
        for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
            if (m := INCLUDE.match(line)) and (why := check_include(path, m.group(1), modules)):
                faults.append(f"{path}:{number}: {why}")
            if ARCH_TEST.match(line) and room_of(path) not in ("arch", "arch/include", "linker"):
                faults.append(f"{path}:{number}: an architecture's name outside arch/")
    print("\n".join(faults) if faults else f"{len(modules)} modules keep to their includes")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
