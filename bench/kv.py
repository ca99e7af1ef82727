# SPDX-License-Identifier: ISC
"""The log-structured store beside littlefs: the same values in the same fake of flash memory."""

import subprocess
import sys

import stage
import table

LITTLEFS = "lib/littlefs"

GEOMETRY = {"blocks": 128, "block_bytes": 4096, "program_bytes": 4}
#: Name -> how much of the medium mixed values fill, in percent.
LOADS = {"100 settings": 0, "mixed, 35 % full": 35, "mixed, 70 % full": 70}
#: Of a common chip of serial NOR flash (W25Q128JV): what it typically takes, in microseconds.
PAGE_BYTES, PAGE_US, ERASE_US, READ_BYTES_PER_US = 256, 400, 45000, 12

FLAGS = ["-std=gnu17", "-O2", "-DNDEBUG", f"-I{stage.ROOT}", f"-I{stage.ROOT}/arch/include",
         f"-I{stage.ROOT}/arch/host/include"]
COMMON = ["bench/peers/kv/loads.c", "bench/peers/kv/assert.c", "tests/fakes/flash_memory.c"]


def build(name, sources, *flags):
    program = stage.BUILD / f"kv-{name}"
    program.parent.mkdir(parents=True, exist_ok=True)
    paths = [stage.ROOT / source for source in [*COMMON, *sources]]
    subprocess.run(["gcc", *FLAGS, *flags, "-o", program, *paths], check=True)
    return program


def programs():
    log = sorted(path for path in (stage.ROOT / "storage/log").glob("*.c") if path.name != "start.c")
    hal = [f"hal/{path.name}" for path in (stage.ROOT / "hal").glob("kv_*.c")]
    found = {"Fata": build("fata", ["bench/peers/kv/fata.c", "base/crc32c.c", "base/siphash.c", *hal, *log])}
    try:
        peer = stage.micropython(LITTLEFS)
        found["littlefs"] = build("littlefs", ["bench/peers/kv/littlefs.c", peer / "lfs2.c", peer / "lfs2_util.c"],
                                  "-w", "-DLFS2_NO_DEBUG", "-DLFS2_NO_WARN", "-DLFS2_NO_ERROR", f"-I{peer}")
    except stage.Unavailable as e:
        print(f"  without littlefs: {e}", file=sys.stderr)
    return found


def run(program, percent):
    """The costs by name; None: the values have no room."""
    done = subprocess.run([program, *map(str, GEOMETRY.values()), str(percent)], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        if "no room" not in done.stderr:
            sys.exit(done.stderr)
        return None
    costs = {name: int(value) for name, value in (word.split("=") for word in done.stdout.split())}
    pages = max(costs["programs"], costs["programmed"] / PAGE_BYTES)
    costs["chip_us"] = pages * PAGE_US + costs["erases"] * ERASE_US + costs["read"] / READ_BYTES_PER_US
    return costs


ROWS = {
    "programs": lambda c: f"{c['programs']:,}",
    "bytes programmed for each set": lambda c: f"{c['programmed'] / c['set_bytes']:.2f}",
    "erases": lambda c: f"{c['erases']:,}",
    "erases of a block": lambda c: f"{c['least_erases']} to {c['most_erases']}",
    "MB read": lambda c: f"{c['read'] / 1e6:.1f}",
    "a chip's time, s": lambda c: f"{c['chip_us'] / 1e6:.1f}",
    "processor time, ms": lambda c: f"{c['cpu_ns'] / 1e6:.0f}",
    "KB read to mount and get one": lambda c: f"{c['mount_read'] / 1e3:.0f}",
}


def show(load, costs):
    lines = [[load, *costs]]
    for name, text in ROWS.items():
        lines.append([name, *(text(c) if c is not None else "no room" for c in costs.values())])
    table.show(lines)
    print()


def measure():
    found = programs()
    rows = {}
    for load, percent in LOADS.items():
        rows[load] = {name: run(program, percent) for name, program in found.items()}
        show(load, rows[load])
    return rows
