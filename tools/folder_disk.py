# SPDX-License-Identifier: ISC
"""Disks with what is in a folder, for `make run DISK=dir:FOLDER` and `DISK=tar:FOLDER`.

`dir:` is a FAT volume without partitions, made by mtools, which needs no root; `tar:` an archive that begins
with the first sector.
"""

import os
import pathlib
import shutil
import subprocess
import tarfile

MIB = 1 << 20
SECTOR = 512
#: Of the files; a volume or archive larger than that is nothing to make anew at each start.
BYTES_MAX = 2048 * MIB
#: What a volume has beyond its files, at least: for what is uploaded.
SPARE = 16 * MIB
CLUSTER = 32 << 10
#: Of a folder of a FAT volume, and of the root folder.
NAME_UNITS_MAX = 255
ENTRIES_MAX = 65000
#: Files that one call of mcopy is given.
AT_ONCE = 200
KINDS = ("dir", "tar")


class Refusal(Exception):
    """What is wrong, for the person who called."""


def split(text):
    """("dir", "FOLDER") of "dir:FOLDER"; None if the text names a file."""
    kind, colon, folder = text.partition(":")
    return (kind, folder) if colon and kind in KINDS else None


def found(folder):
    """The folders and files below a folder, as (path, names of its folders, names of its files)."""
    def refuse(e):
        raise Refusal(f"{e.filename}: {e.strerror}")

    for where, folders, files in os.walk(folder, onerror=refuse):
        for name in folders:
            if os.path.islink(os.path.join(where, name)):
                raise Refusal(f"{os.path.join(where, name)} is a link to a folder, which is not followed")
        for name in files:
            if not os.path.isfile(os.path.join(where, name)):
                raise Refusal(f"{os.path.join(where, name)} is not a regular file")
        yield where, folders, files


def measure(folder):
    """The bytes that the files of a folder take in clusters, with their folders."""
    total = 0
    for where, folders, files in found(folder):
        total += CLUSTER * (1 + len(folders))
        for name in files:
            total += -(-os.path.getsize(os.path.join(where, name)) // CLUSTER) * CLUSTER
            if total > BYTES_MAX:
                raise Refusal(f"{folder} has more than {BYTES_MAX // MIB} MiB of files, the most that is made "
                              "a disk at each start; make one yourself and give its file's name")
    return total


def units(name):
    """The units of UTF-16 of a name, or None: it is not UTF-8."""
    try:
        return len(name.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        return None


def check_name(where, name):
    """Refuses what cannot be a name on a FAT volume."""
    path = os.path.join(where, name)
    if not units(name):
        raise Refusal(f"{os.fsencode(path)!r} is not UTF-8, as names on a FAT volume must be")
    wrong = [c for c in name if c in '"*:<>?\\|' or c < " " or c == "\x7f"]
    if wrong:
        raise Refusal(f"{path!r}: no name on a FAT volume has a {wrong[0]!r}; rename it, or use tar:")
    if name[-1] in ". ":
        raise Refusal(f"{path!r}: no name on a FAT volume ends with a {'dot' if name[-1] == '.' else 'space'}; "
                      "rename it, or use tar:")
    if units(name) > NAME_UNITS_MAX:
        raise Refusal(f"{path!r}: a name on a FAT volume has {NAME_UNITS_MAX} characters at most")


def check_names(folder):
    for where, folders, files in found(folder):
        seen = {}
        for name in sorted(folders + files):
            check_name(where, name)
            other = seen.setdefault(name.upper(), name)
            if other != name:
                raise Refusal(f"{os.path.join(where, other)} and {name} are one name on a FAT volume, where A is a; "
                              "rename one, or use tar:")


def tool(words):
    """Runs one of mtools: names are UTF-8, times UTC, whatever they are elsewhere."""
    env = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if shutil.which(words[0]) is None:
        raise Refusal(f"{words[0]} is missing: install mtools, or run make setup")
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", env=env, check=False,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Refusal(f"{words[0]}: {said[-1] if said else 'failed'}")


def root_sectors(names):
    """Of the root folder, which cannot grow: an entry for each name and each 13 characters of it, half as many free."""
    entries = sum(1 + -(-units(name) // 13) for name in names)
    if entries > ENTRIES_MAX:
        raise Refusal(f"{len(names)} files and folders are too many for the top of a FAT volume; put them in folders")
    return max(32, min(entries * 3 // 2, ENTRIES_MAX) * 32 // SECTOR + 1)


def make_fat(folder, path):
    check_names(folder)
    names = sorted(os.listdir(folder))
    root = root_sectors(names)
    sectors = (measure(folder) + SPARE) // SECTOR + root
    path.unlink(missing_ok=True)
    with open(path, "wb") as f:
        f.truncate(sectors * SECTOR)
    tool(["mformat", "-i", str(path), "-T", str(sectors), "-h", "255", "-s", "63", "-r", str(root), "-v", "FATA", "::"])
    inside = [os.path.join(os.path.abspath(folder), name) for name in names]
    for at in range(0, len(inside), AT_ONCE):
        tool(["mcopy", "-i", str(path), "-s", "-m", "-Q", *inside[at:at + AT_ONCE], "::/"])


def make_tar(folder, path):
    measure(folder)
    path.unlink(missing_ok=True)
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT, dereference=True) as t:
        t.add(folder, arcname="", recursive=True)
    with open(path, "ab") as f:
        f.truncate(-(-f.tell() // MIB) * MIB)


def make(kind, folder, path):
    """Writes the disk to `path`, a pathlib.Path."""
    folder = os.path.expanduser(folder)
    if not folder:
        raise Refusal("the folder's name is missing")
    if not os.path.isdir(folder):
        raise Refusal(f"{folder} is not a folder" if os.path.exists(folder) else f"there is no folder {folder!r}")
    try:
        (make_fat if kind == "dir" else make_tar)(folder, path)
    except OSError as e:
        raise Refusal(f"{e.filename or path}: {e.strerror}") from e
