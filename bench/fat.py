# SPDX-License-Identifier: ISC
"""storage/fat beside FatFs: the same load on the same disk in memory, which counts; and the code of both."""

import subprocess
import sys

import stage
import table

FATFS = "lib/oofatfs"

INCLUDES = [f"-I{stage.ROOT}", f"-I{stage.ROOT}/arch/include", f"-I{stage.ROOT}/arch/host/include"]
FLAGS = ["-std=gnu17", "-O2", *INCLUDES]
#: FatFs calls its disk by names that hal/disk.h has taken.
FATFS_FLAGS = ["-w", '-DFFCONF_H="bench/peers/fat/ffconf.h"', "-Ddisk_read=fatfs_disk_read",
               "-Ddisk_write=fatfs_disk_write"]
COMMON = ["bench/peers/fat/work.c", "tests/fakes/disk_memory.c", "tests/fakes/fat_format.c"]
COMPILERS = {"aarch64": ["aarch64-linux-gnu-gcc", "-Os"],
             "Thumb-2": ["arm-none-eabi-gcc", "-Os", "-mcpu=cortex-m3", "-mthumb"]}
COLUMNS = ["reads", "writes", "sectors written", "flushes", "us"]


def objects(name, sources, compiler, flags):
    """Compiles each source; returns the objects."""
    folder = stage.BUILD / f"fat-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for source in sources:
        found.append(folder / f"{source.parent.name}-{source.stem}.o")
        subprocess.run([*compiler, *flags, "-c", "-o", found[-1], source], check=True, cwd=stage.ROOT)
    return found


def build(name, own, sources, flags):
    """The load over one of them; `sources` are the file system's own."""
    paths = [stage.ROOT / path for path in [*COMMON, *own]]
    parts = objects(name, paths, ["gcc"], [*FLAGS, *([f for f in flags if f.startswith(("-I", "-DFF"))])])
    parts += objects(name, sources, ["gcc"], [*FLAGS, *flags])
    program = stage.BUILD / f"fat-{name}/work"
    subprocess.run(["gcc", "-o", program, *parts], check=True)
    return program


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return {line.split()[0]: list(map(int, line.split()[1:])) for line in done.stdout.splitlines()}


def code_bytes(name, sources, flags):
    """Of all functions and constants, by architecture; nothing is left out as not called."""
    found = {}
    for arch, compiler in COMPILERS.items():
        parts = objects(f"{name}-{arch}", sources, compiler, [*FLAGS[:1], *INCLUDES, *flags])
        said = subprocess.run(["size", *parts], capture_output=True, text=True, check=True).stdout.splitlines()
        found[arch] = sum(int(line.split()[0]) for line in said[1:])
    return found


def measure(rounds):
    mine = sorted((stage.ROOT / "storage/fat").glob("*.c"))
    shared = ["hal/kv_key.c", "hal/kv_table.c", "base/date.c", "base/divide.c", "base/err.c", "base/text.c"]
    program = build("fata", ["bench/peers/fat/fata.c", *shared], mine, [])
    runs = {"Fata": (program, ()), "Fata, each synced": (program, ("each",))}
    code = {"storage/fat": code_bytes("fata", mine, [])}
    try:
        peer = stage.micropython(FATFS)
        theirs = [peer / "ff.c", peer / "ffunicode.c"]
        flags = [*FATFS_FLAGS, f"-I{peer}"]
        runs["FatFs"] = (build("fatfs", ["bench/peers/fat/fatfs.c"], theirs, flags), ())
        code["FatFs"] = code_bytes("fatfs", theirs, flags)
    except stage.Unavailable as e:
        print(f"  without FatFs: {e}", file=sys.stderr)
    found = {}
    for name, (path, words) in runs.items():
        tries = [run(path, *words) for _ in range(rounds)]
        found[name] = {phase: [*tries[0][phase][:-1], min(t[phase][-1] for t in tries)] for phase in tries[0]}
    show(found, code)
    return {"load": found, "code": code}


def show(found, code):
    lines = [["", "", *COLUMNS]]
    for phase in next(iter(found.values())):
        for name, phases in found.items():
            lines.append([phase, name, *(f"{n:,}" for n in phases[phase])])
    table.show(lines, left=(0, 1))
    table.show([["bytes of code", *COMPILERS], *([name, *(f"{n:,}" for n in sizes.values())]
                                                 for name, sizes in code.items())])
