#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Shows where the bytes of an image go, module by module: what `make size` prints.

Each function is charged to the module whose folder its source file is in, as the debug information
says; those without any come from the C library. It says nothing of variables and constant tables, which
are one row for the whole image. "Loadable" is what must be loaded (the file sizes of the PT_LOAD
segments), "flash" what is stored on a board where the image stays there, with the gaps between. RAM is
what the image occupies once it runs; what devices and jobs take of the heap at the start is from the
manifest, which counts pools to the byte and the heap's own words not at all.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import struct
import subprocess
import sys

ROOMS = ("base", "hal", "arch", "drivers", "runtime", "net", "storage", "crypto", "boards", "apps", "build")
LINE = re.compile(r"^([0-9a-f]+) ([0-9a-f]+) (\w) (\S+)$")
#: What addr2line says of an address: the line in the innermost of the functions that are inlined there first.
PLACE = re.compile(r"^(.*):[1-9]\d*(?: \(.*\))?$")
#: The symbols of storage/embedded (embedded.cfg.h).
EMBEDDED = re.compile(r"embedded\d+(_bytes)?")
PT_LOAD, PF_W = 1, 2


#: Of a loadable segment: where it runs, and where it is loaded or stored.
Segment = collections.namedtuple("Segment", "address stored_at file_bytes memory_bytes writable")


def segments(elf):
    """The loadable segments."""
    data = pathlib.Path(elf).read_bytes()
    wide = data[4] == 2
    phoff, = struct.unpack_from("<Q" if wide else "<I", data, 32 if wide else 28)
    size, count = struct.unpack_from("<HH", data, 54 if wide else 42)
    for i in range(count):
        at = phoff + i * size
        if wide:
            kind, flags = struct.unpack_from("<II", data, at)
            address, stored_at, filesz, memsz = struct.unpack_from("<QQQQ", data, at + 16)
        else:
            kind, = struct.unpack_from("<I", data, at)
            address, stored_at, filesz, memsz, flags = struct.unpack_from("<IIIII", data, at + 8)
        if kind == PT_LOAD:
            yield Segment(address, stored_at, filesz, memsz, bool(flags & PF_W))


def span(parts):
    """Bytes from the first that is stored to the last."""
    parts = [s for s in parts if s.file_bytes]
    return max((s.stored_at + s.file_bytes for s in parts), default=0) - min((s.stored_at for s in parts), default=0)


def in_memory(parts, has_flash):
    """The segments that lie in memory once the image runs."""
    return [s for s in parts if not has_flash or s.writable or s.address != s.stored_at]


def memory_taken(parts, manifest, has_flash):
    """Bytes of the image itself, those that its devices take at the start, and the stacks of its jobs."""
    return (sum(s.memory_bytes for s in in_memory(parts, has_flash)),
            sum(d["ram_bytes"] for d in manifest["devices"]),
            sum(j["stack_bytes"] for j in manifest["jobs"]))


def module_of(source, root):
    if source is None:
        return "C library"
    path = os.path.relpath(source, root) if source.startswith("/") else source
    parts = pathlib.PurePosixPath(path).parts
    if len(parts) == 1:  # an application outside the tree, whose folder debug information leaves out
        return "application"
    if not parts or parts[0] not in ROOMS:
        return "C library"
    if parts[0] == "build" and len(parts) == 4:  # build/BOARD/APP/main.c
        return "generated C"
    if parts[0] == "build":
        return "embedded files" if "embed" in path else "C library"
    return "/".join(parts[:-1])


def sources(elf, addr2line, functions):
    """(address, size) -> source file of the function that is there; those that are known.

    What is inlined there comes first, the function itself last. What the optimizer has made up at one address is
    of some line at another, so two are asked for.
    """
    asked = [(f, f"{int(f[0], 16) + add:x}") for f in functions for add in (f[1] // 2, 0)]
    out = subprocess.run([addr2line, "--addresses", "--inlines", "--exe", elf],
                         input="".join(f"{address}\n" for _, address in asked), capture_output=True, text=True,
                         check=True).stdout
    found, of = {}, iter(asked)
    for line in out.splitlines():
        if line.startswith("0x"):
            function, _ = next(of)
        elif (m := PLACE.match(line)) and not m[1].endswith("<artificial>"):
            found[function] = m[1]
    return found


def charge(elf, nm, root, name_variables=False, by_module=True):
    """module -> [code, constants, data, zeroed] in bytes; variables by their names, if asked.

    Not by_module: only the embedded files are told apart.
    """
    out = subprocess.run([nm, "--print-size", "--defined-only", elf], capture_output=True, text=True, check=True).stdout
    table = collections.defaultdict(lambda: [0, 0, 0, 0])
    column = {"t": 0, "w": 0, "r": 1, "d": 2, "b": 3, "v": 2}
    symbols = {}  # equal functions are one, under several names
    for line in out.splitlines():
        if (m := LINE.match(line)) and m[3].lower() in column:
            symbols.setdefault((m[1], int(m[2], 16)), (column[m[3].lower()], m[4]))
    code = [symbol for symbol, (kind, _) in symbols.items() if kind == 0]
    source = sources(elf, nm.removesuffix("nm") + "addr2line", code) if by_module else {}
    for symbol, (kind, name) in symbols.items():
        if EMBEDDED.fullmatch(name):
            module = "embedded files"
        elif kind != 0:
            module = "variable " + name.split(".")[0] if name_variables else "variables, tables"
        else:
            module = module_of(source.get(symbol), root)
        table[module][kind] += symbol[1]
    return table


def totals(a, table):
    """Of the whole image, by name."""
    parts = list(segments(a.elf))
    manifest = json.loads(a.manifest.read_text()) if a.manifest else {"devices": [], "jobs": []}
    image, devices, stacks = memory_taken(parts, manifest, a.flash != 0)
    return {"loadable": sum(s.file_bytes for s in parts), "memory": sum(s.memory_bytes for s in parts),
            "embedded": sum(sum(v[:3]) for k, v in table.items() if k == "embedded files"),
            "flash": span(parts) if a.flash else None, "ram": image + devices + stacks,
            "ram_image": image, "ram_devices": devices, "ram_jobs": stacks}


def line(name, count, limit, more=""):
    return f"  {name:<9}{count:>11,} bytes" + (f" of {limit:,}" if limit else "") + more


def summary(a, t):
    """The lines below the table."""
    files = f", of which embedded files {t['embedded']:,}" if t["embedded"] else ""
    yield line("flash", t["flash"], a.flash, files) if a.flash else line("loadable", t["loadable"], 0, files)
    yield line("RAM", t["ram"], a.memory)
    parts = (("variables, boot and interrupt stacks" if a.flash else "code and data, boot and interrupt stacks",
              t["ram_image"]), ("what devices take at the start", t["ram_devices"]), ("stacks of jobs", t["ram_jobs"]))
    if t["ram_devices"] + t["ram_jobs"] > 0:
        yield from (f"  {count:>20,} {what}" for what, count in parts if count)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("elf")
    p.add_argument("--nm", default="nm")
    p.add_argument("--root", default=os.getcwd())
    p.add_argument("--flash", type=int, default=0, help="bytes of flash that the board has, if the image stays there")
    p.add_argument("--memory", type=int, default=0, help="bytes of RAM that it has")
    p.add_argument("--manifest", type=pathlib.Path, help="of the image, for what it takes of the heap")
    p.add_argument("--json", action="store_true", help="print only the totals, for other programs")
    a = p.parse_args()

    table = charge(a.elf, a.nm, a.root, by_module=not a.json)
    whole = totals(a, table)
    if a.json:
        print(json.dumps(whole))
        return 0

    lines = [f"{a.elf}\n"]
    lines.append(f"  {'module':<24}{'code':>9}{'constants':>11}{'data':>9}{'zeroed':>11}")
    for module, row in sorted(table.items(), key=lambda kv: -sum(kv[1][:3])):
        lines.append(f"  {module:<24}{row[0]:>9,}{row[1]:>11,}{row[2]:>9,}{row[3]:>11,}")
    total = [sum(c) for c in zip(*table.values())] or [0] * 4
    lines.append(f"  {'all of these':<24}{total[0]:>9,}{total[1]:>11,}{total[2]:>9,}{total[3]:>11,}")
    lines.append(f"  {'strings, padding':<24}{whole['loadable'] - sum(total[:3]):>20,}\n")
    print("\n".join([*lines, *summary(a, whole)]))  # at once, so that `make size | head` breaks no pipe
    return 0


if __name__ == "__main__":
    sys.exit(main())
