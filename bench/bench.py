#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Measures Fata beside its peers, on the same machine, in the same run.

What `make bench` calls; docs/BENCHMARKS.md says what each section compares. Servers sit behind a tap or a
veth pair in network namespaces made for the run. The machine's speed drifts, so compare within one table.

    bench/bench.py [--quick] [--only native,microvm] [--seconds 2] [--rounds 3] [--json FILE]
"""

import argparse
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import boards  # noqa: E402
import disks  # noqa: E402
import fat  # noqa: E402
import files  # noqa: E402
import instructions  # noqa: E402
import kv  # noqa: E402
import netns  # noqa: E402
import stage  # noqa: E402
import versus  # noqa: E402

#: In the order of their run.
SECTIONS = {
    "instructions": "of Fata's stack and lwIP's, for the same frames (callgrind)",
    "memory": "bytes a connection, Fata and lwIP",
    "native": "the host board over a tap, lwIP, Linux",
    "wear": "100,000 connections one after another",
    "virt-aarch64": "under TCG: Fata, lwIP, a Linux guest",
    "microvm": "the same on microvm",
    "q35": "the same on q35",
    "mps2-an385": "a Cortex-M3 under TCG: Fata, lwIP",
    "dhcp": "exec to the first 200 with an address from DHCP",
    "fat": "storage/fat and FatFs: transfers, time, code",
    "disk": "a memory card on rpi3, virtio disks: Fata, a Linux guest",
    "files": "files of a FAT volume over HTTP: Fata, a Linux guest",
    "kv": "the log-structured store and littlefs in the same flash memory",
    "boards": "every board beside Linux on this machine",
}
#: Those that need neither root nor a tap.
UNPRIVILEGED = {"instructions", "memory", "fat", "disk", "kv"}
EMULATED = ["keep1", "keep", "close", "in", "out", "boot"]


def run(section, a):
    seconds, rounds = a.seconds, a.rounds
    if section == "instructions":
        return instructions.compare(quick=a.quick)
    if section == "memory":
        return versus.memory()
    if section == "native":
        return versus.native(seconds, rounds, EMULATED[:5])
    if section == "wear":
        return versus.wear(a.quick)
    if section == "dhcp":
        return versus.dhcp(rounds)
    if section == "fat":
        return fat.measure(rounds)
    if section == "disk":
        return disks.measure(rounds)
    if section == "files":
        return files.measure(seconds, rounds)
    if section == "kv":
        return kv.measure()
    if section == "boards":
        return boards.measure(a.boards.split(","), seconds, 1 if a.quick else 2)
    if section == "mps2-an385":
        return versus.micro(section, seconds, rounds, versus.MICRO_MEASURES)
    return versus.emulated(section, seconds, rounds, EMULATED)


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0], formatter_class=argparse.RawTextHelpFormatter,
                                epilog="sections:\n" + "\n".join(f"  {k:<14}{v}" for k, v in SECTIONS.items()))
    p.add_argument("--only", default="", metavar="SECTIONS", help="some of the sections below, with commas between")
    p.add_argument("--quick", action="store_true", help="one round of one second: three minutes")
    p.add_argument("--seconds", type=int, help="length of each load (default 2)")
    p.add_argument("--rounds", type=int, help="repetitions (default 3)")
    p.add_argument("--boards", default=",".join(boards.BOARDS), help="of the section boards")
    p.add_argument("--json", help="write the figures, each measurement, to this file")
    a = p.parse_args()
    a.seconds = a.seconds or (1 if a.quick else 2)
    a.rounds = a.rounds or (1 if a.quick else 3)
    a.only = a.only.split(",") if a.only else list(SECTIONS)
    for name in a.only:
        if name not in SECTIONS:
            sys.exit(f"bench: there is no section \"{name}\"; the sections are {', '.join(SECTIONS)}")
    for name in a.boards.split(","):
        if name not in boards.BOARDS:
            sys.exit(f"bench: there is no board \"{name}\"; the boards are {', '.join(boards.BOARDS)}")
    return a


def main():
    a = parse()
    if not UNPRIVILEGED.issuperset(a.only) and not netns.available():
        sys.exit("bench: needs root and /dev/net/tun, to make taps in network namespaces of its own; without,\n"
                 f"there is --only {','.join(sorted(UNPRIVILEGED))}")
    found = {}
    start = time.monotonic()
    for section in a.only:
        print(f"\n{section}: {SECTIONS[section]}", flush=True)
        try:
            found[section] = run(section, a)
        except stage.Unavailable as e:
            print(f"  left out: {e}")
    print(f"\n{(time.monotonic() - start) / 60:.1f} minutes")
    if a.json:
        pathlib.Path(a.json).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
