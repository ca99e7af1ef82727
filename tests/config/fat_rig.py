# SPDX-License-Identifier: ISC
"""Volumes of FAT in files, as storage/fat and others see them: for tests that have both change one."""

import os
import pathlib
import random
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ["tests/config/fat_image.c", "tests/fakes/disk_file.c", "tests/fuzz/runtime.c", "hal/kv_key.c",
           "hal/kv_table.c", "base/date.c", "base/divide.c", "base/err.c", "base/text.c", *sorted((ROOT / "storage/fat").glob("*.c"))]
FLAGS = ["-std=gnu17", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=undefined", "-I.", "-Iarch/include", "-Iarch/host/include"]

#: Size in KiB, sector, and the options that make the type.
VOLUMES = {
    "fat12": (1440, 512, ["-F12"]),
    "fat12-one-table": (2000, 512, ["-F12", "-f1", "-s2"]),
    "fat16": (16 << 10, 512, ["-F16"]),
    "fat16-big-sectors": (12 << 10, 2048, ["-F16", "-S2048", "-s1"]),
    "fat32": (40 << 10, 512, ["-F32", "-s1"]),
    "fat32-4096": (300 << 10, 4096, ["-F32", "-S4096", "-s1"]),
    "fat12-4096": (4 << 10, 4096, ["-F12", "-S4096", "-s1"]),
}
NAMES = ["README.TXT", "a.txt", "Mixed Case.html", "über süß.txt", "日本語のファイル名.dat",
         "sub/x", "sub/deeper/folder/with a file.text", "sub/deeper/" + "long " * 40 + "name", ".hidden", "a.tar.gz",
         "MANY.x", "no-ext"]


def build(folder):
    """storage/fat as a program that does commands on a volume (fat_image.c); returns its path."""
    out = folder / "fat_image"
    subprocess.run(["gcc", *FLAGS, "-o", out, *SOURCES], cwd=ROOT, check=True)
    return out


class Volume:
    """One that is there already, by the program of build()."""

    def __init__(self, program, path, sector):
        self.program, self.folder, self.path, self.sector = program, path.parent, path, sector

    @classmethod
    def make(cls, program, folder, kind):
        kib, sector, options = VOLUMES[kind]
        path = folder / "disk.img"
        subprocess.run(["mkfs.vfat", "-C", *options, path, str(kib)], check=True, capture_output=True)
        return cls(program, path, sector)

    def fata(self, *words, kill=False, check=True):
        done = subprocess.run([self.program, self.path, str(self.sector), *map(str, words)], text=True, timeout=120,
                              capture_output=True, env={**os.environ, **({"KILL": "1"} if kill else {})}, check=False)
        if check:
            assert done.returncode == 0, done.stderr
        return done.stdout if check else done

    def mtools(self, *words):
        done = subprocess.run([words[0], "-i", self.path, *map(str, words[1:])], capture_output=True, timeout=120,
                              env={**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"}, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def assert_clean(self):
        done = subprocess.run(["fsck.vfat", "-n", "-v", self.path], capture_output=True, text=True, errors="replace",
                              check=False)
        assert done.returncode == 0, done.stdout
        for word in ("Orphaned", "differences", "wrong", "reclaim", "Dirty bit", "differ", "bad"):
            assert word not in done.stdout, done.stdout

    def read(self, name):
        return self.mtools("mtype", f"::{name}")


def contents(seed, names=NAMES):
    dice = random.Random(seed)
    sizes = [0, 1, 511, 512, 513, 4096, 5000, 33333]
    return {n: dice.randbytes(sizes[i % len(sizes)]) for i, n in enumerate(names)}


def files_of(folder, values):
    """Commands' words: each value in a file, with its name."""
    for i, (name, value) in enumerate(values.items()):
        path = folder / f"value{i}"
        path.write_bytes(value)
        yield name, path
