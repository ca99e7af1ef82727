# SPDX-License-Identifier: ISC
"""storage/fat and Linux's vfat on the same volumes, in turns: each reads and changes what the other wrote.

Linux is Debian's kernel with linux_fat.c as its only process, in an emulator that has all volumes as its disks.
"""

import contextlib
import random
import subprocess
import sys
import zlib

import fat_rig
import pytest
from fat_rig import ROOT, VOLUMES, Volume, contents
from makes import boot_command, image

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]
import folder_disk  # noqa: E402
import linux_guest  # noqa: E402

BOARD = "microvm"
MACHINE = linux_guest.MACHINES[BOARD]
#: Times are UTC; an error ends all changes; the number of free clusters is FSInfo's.
MOUNT = "utf8,tz=UTC,codepage=437,iocharset=ascii,errors=remount-ro,usefree"
NOT_UNMOUNTED = "Volume was not properly unmounted. Some data may be corrupt. Please run fsck."
#: Whose power goes, each time that somebody has synced.
CUT = {"cut-fat16": "fat16", "cut-fat32": "fat32"}
JUNK = bytes(20000)
FIXED_TIME = 1_700_000_000
TIMEOUT_S = 300


def file_of(folder, data):
    """The path of a file with these bytes."""
    path = folder / f"value-{zlib.crc32(data):08x}-{len(data)}"
    path.write_bytes(data)
    return path


class Linux:
    """What one run of the guest is to do, and what it has said, volume by volume."""

    def __init__(self, folder, kernel):
        self.folder, self.kernel = folder, kernel
        self.volumes, self.lines, self.values = {}, [], {}

    def mount(self, name, volume):
        self.volumes[name] = volume
        self.say("mount", name, MOUNT)

    def say(self, *words):
        self.lines.append("\t".join(map(str, words)))

    def value(self, data):
        """The name under which the guest finds these bytes."""
        path = file_of(self.folder, data)
        self.values[path.name] = path
        return path.name

    def disk_options(self, found):
        """A volume's sectors are its disk's where those can be as large, else the disk has the usual ones."""
        for number, (name, volume) in enumerate(self.volumes.items()):
            options = found.disk_options(volume.path, number)
            sector = 4096 if volume.sector == 4096 else 512
            yield from options[:-1]
            yield f"{options[-1]},serial={name},logical_block_size={sector},physical_block_size={sector}"

    def run(self):
        """Boots it; returns ({volume: [line's words, ...]}, lines of the kernel's log)."""
        script = self.folder / "script"
        script.write_text("".join(line + "\n" for line in self.lines))
        initramfs = self.kernel.initramfs(self.folder / "linux", ROOT / "tests/config/linux_fat.c",
                                          linux_guest.VIRTIO + linux_guest.DISK + linux_guest.FAT,
                                          {"script": script, **self.values})
        found = image(BOARD, "hello")
        command = boot_command(found, args=MACHINE.arguments("reboot=t"), memory="256M", machine=MACHINE.options,
                               kernel=str(self.kernel.image),
                               extra=[*self.disk_options(found), "-initrd", str(initramfs)])
        console = self.folder / "console"
        with console.open("wb") as out:
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False,
                               timeout=TIMEOUT_S)
        said = console.read_text()
        assert "\ndone\n" in said, said
        return self.parse([line.split("\t") for line in said.split("\ndone\n")[0].splitlines()])

    def parse(self, said):
        found, name = {}, None
        for words in said:
            assert words[0] != "error", f"{self.lines[int(words[1]) - 1]}: {words[2]}"
            if words[0] == "mounted":
                name = words[1]
            else:
                found.setdefault(name, []).append(words)
        return found, [words[1] for words in said if words[0] == "log"]


@pytest.fixture(scope="module")
def kernel():
    try:
        return linux_guest.Kernel(f"cloud-{MACHINE.arch}")
    except linux_guest.Unavailable as e:
        pytest.skip(str(e))


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return fat_rig.build(tmp_path_factory.mktemp("fat"))


class Shared:
    """A volume that both change, and what should be in it."""

    def __init__(self, name, volume):
        self.name, self.volume = name, volume
        self.files, self.folders = {}, set()  # folders: those that nothing is in

    # --- by Linux

    def linux_put(self, linux, name, data):
        self.need_folder(linux, name)
        linux.say("put", name, linux.value(data))
        self.files[name] = data

    def need_folder(self, linux, name):
        parts = name.split("/")[:-1]
        for i in range(1, len(parts) + 1):
            folder = "/".join(parts[:i])
            if not any(n.startswith(folder + "/") for n in [*self.files, *self.folders]) and folder not in self.folders:
                linux.say("folder", folder)
            self.folders.discard(folder)

    def linux_rename(self, linux, a, b):
        self.need_folder(linux, b)
        linux.say("rename", a, b)
        self.files[b] = self.files.pop(a)
        self.left(a)

    def linux_remove(self, linux, name):
        linux.say("remove", name)
        del self.files[name]
        self.left(name)

    def left(self, name):
        """Linux leaves a folder that nothing is in any more."""
        folder = name.rpartition("/")[0]
        if folder and not any(n.startswith(folder + "/") for n in [*self.files, *self.folders]):
            self.folders.add(folder)

    # --- by storage/fat

    def fata(self, *words):
        return self.volume.fata(*words)

    def fata_put(self, name, data, how="put"):
        self.files[name] = data
        return [how, name, file_of(self.volume.folder, data)]

    def fata_rename(self, a, b):
        self.files[b] = self.files.pop(a)
        return ["rename", a, b]

    def fata_remove(self, name):
        del self.files[name]
        return ["remove", name]

    # --- what is there

    def check_by_fata(self):
        """All files and folders, and nothing else."""
        files, folders = {}, set()
        below = [""]
        while below:
            folder = below.pop()
            lines = self.fata("list", folder).splitlines()
            if folder and not lines:
                folders.add(folder)
            for line in lines:
                name, size = line.rsplit(" ", 1)
                path = f"{folder}/{name}" if folder else name
                if name.endswith("/"):
                    below.append(path[:-1])
                else:
                    files[path] = int(size)
        assert files == {name: len(data) for name, data in self.files.items()}
        assert folders == self.folders
        out = [self.volume.folder / f"out{i}" for i in range(len(files))]
        self.fata(*(word for name, path in zip(self.files, out) for word in ("get", name, path)))
        for (name, data), path in zip(self.files.items(), out):
            assert path.read_bytes() == data, name

    def ask_linux(self, linux, in_use=False):
        """Mounts it; check_by_linux() knows what was to be there then."""
        linux.mount(self.name, self.volume)
        linux.say("tree")
        linux.say("space")
        # Of a volume in use nobody knows before a check.
        self.asked = dict(self.files), set(self.folders), [] if in_use else self.fata("space").split()

    def check_by_linux(self, said):
        names, empty, space = self.asked
        files = {words[1]: (int(words[2]), int(words[3])) for words in said if words[0] == "file"}
        assert files == {name: (len(data), zlib.crc32(data)) for name, data in names.items()}
        folders = {words[1] for words in said if words[0] == "folder"}
        assert folders == empty | {"/".join(n.split("/")[:i]) for n in [*names, *empty] for i in range(1, n.count("/") + 1)}
        assert ["space", *space] in said


def change_by_fata(shared, seed):
    """Puts and writes all names; overwrites, moves and removes some."""
    words = []
    for i, (name, data) in enumerate(contents(seed).items()):
        words += shared.fata_put(name, data, "put" if i % 2 else "write")
    words += shared.fata_rename("a.txt", "sub/deeper/moved.to") + shared.fata_rename("no-ext", "MANY.x")
    words += shared.fata_remove("README.TXT") + shared.fata_remove("sub/deeper/folder/with a file.text")
    for i in range(40):
        words += shared.fata_put(f"many/name like others {i}.text", b"%d" % i * i)
    for i in range(0, 40, 3):
        words += shared.fata_remove(f"many/name like others {i}.text")
    shared.fata(*words)


def change_by_linux(shared, linux, seed):
    dice = random.Random(seed)

    def put(name, n):
        shared.linux_put(linux, name, dice.randbytes(n))

    for name, n in {"plain.txt": 100, "UPPER.TXT": 0, "Mixed.Txt": 513, "lower.TXT": 4096, "a+b,c;d=[e].txt": 5,
                    "two  spaces.x": 7, ".dot": 1, "dots.in.the.name": 2, "привет.txt": 9000, "emoji 😀.png": 12,
                    "ÅÄÖ.TXT": 3, "x" * 251 + ".txt": 77, "日本語/フォルダ/名前": 20000, "folder.ext/in it": 40}.items():
        put(name, n)
    for i in range(30):  # numbers of short names
        put(f"many/longname {i} of linux.html", i)
    for i in range(0, 30, 2):
        shared.linux_remove(linux, f"many/longname {i} of linux.html")
    # What storage/fat wrote.
    put("Mixed Case.html", 7000)
    name, more = "MANY.x", dice.randbytes(3000)
    linux.say("append", name, linux.value(more))
    shared.files[name] += more
    for name, n in {"sub/x": 100, "日本語のファイル名.dat": 9999, ".hidden": 0}.items():
        linux.say("truncate", name, n)
        shared.files[name] = shared.files[name][:n].ljust(n, b"\0")
    shared.linux_rename(linux, "many/name like others 2.text", "many/name like others 4.text")
    shared.linux_rename(linux, "sub/deeper/moved.to", "sub/moved back.to")
    shared.linux_rename(linux, "sub/moved back.to", "plain.txt")
    shared.linux_remove(linux, "a.tar.gz")
    # Folders: one that is moved with all that is in it, one that stays empty, one that goes.
    linux.say("rename", "日本語", "folder.ext/日")
    shared.files["folder.ext/日/フォルダ/名前"] = shared.files.pop("日本語/フォルダ/名前")
    for name in ("empty", "empty too", "gone"):
        linux.say("folder", name)
    linux.say("remove-folder", "gone")
    shared.folders |= {"empty", "empty too"}
    linux.say("touch", "lower.TXT", FIXED_TIME + 1)
    linux.say("protect", "UPPER.TXT")


def change_by_fata_again(shared, seed):
    dice, words = random.Random(seed), []
    for name, n in {"привет.txt": 400, "emoji 😀.png": 8000, "x" * 251 + ".txt": 0, "empty/no more": 5,
                    "two  spaces.x": 600, "many/longname 100 of fata.html": 10, "folder.ext/日/フォルダ/また": 30,
                    "Mixed Case.html": 1}.items():
        words += shared.fata_put(name, dice.randbytes(n))
    shared.folders.discard("empty")
    for i in range(1, 30, 4):
        words += shared.fata_remove(f"many/longname {i} of linux.html")
    for a, b in {"dots.in.the.name": "DOTS.IN.THE.NAME", "folder.ext/in it": "another/out", ".dot": "plain.txt"}.items():
        words += shared.fata_rename(a, b)
    shared.fata(*words)
    done = shared.volume.fata("remove", "UPPER.TXT", check=False)
    assert done.returncode == 1 and "read-only" in done.stderr


def make_volumes(program, folder):
    for kind in sorted(VOLUMES):
        (folder / kind).mkdir()
        yield Shared(kind, Volume.make(program, folder / kind, kind))
    # As `make run DISK=dir:FOLDER` makes it.
    site = folder / "site"
    (site / "sub").mkdir(parents=True)
    (site / "sub" / "theirs.html").write_bytes(b"<p>Hello.\n")
    made = Shared("folder-disk", Volume(program, folder / "folder-disk.img", 512))
    folder_disk.make("dir", str(site), made.volume.path)
    made.files["sub/theirs.html"] = b"<p>Hello.\n"
    yield made


def make_cut_volumes(program, folder):
    """Volumes that were synced, and changed once more, when storage/fat came to its end."""
    for seed, (name, kind) in enumerate(CUT.items()):
        (folder / name).mkdir()
        shared, words = Shared(name, Volume.make(program, folder / name, kind)), []
        for path, data in contents(seed).items():
            words += shared.fata_put(path, data)
        shared.volume.fata(*words, "sync", "put", "junk", file_of(folder, JUNK), kill=True)
        yield shared


def check_times(shared, said):
    """Both have UTC, in steps of two seconds."""
    assert shared.fata("stat", "lower.TXT").split()[1] == str(FIXED_TIME)
    unchanged = next(words for words in said if words[1] == "über süß.txt")
    assert shared.fata("stat", "über süß.txt").split()[1] == unchanged[4]


def check_cut(shared, said):
    """What was synced was there for Linux, and what Linux has synced is there for storage/fat, which checks the volume."""
    names = shared.asked[0]
    files = {words[1]: (int(words[2]), int(words[3])) for words in said if words[0] == "file"}
    if "junk" in files:  # it was not synced: there as a whole, or not at all
        names["junk"] = shared.files["junk"] = JUNK
    assert files == {name: (len(data), zlib.crc32(data)) for name, data in names.items()}
    shared.fata("check")
    shared.volume.assert_clean()
    shared.check_by_fata()


@pytest.mark.xdist_group("fat-linux")  # the kernel is fetched and unpacked once
def test_in_turns(kernel, program, tmp_path):
    volumes = list(make_volumes(program, tmp_path))
    cut = list(make_cut_volumes(program, tmp_path))
    linux = Linux(tmp_path, kernel)
    for seed, v in enumerate(volumes):
        change_by_fata(v, seed)
        v.volume.assert_clean()
        v.ask_linux(linux)
        change_by_linux(v, linux, seed)
        linux.say("unmount")
    for v in cut:
        v.ask_linux(linux, in_use=True)
        v.linux_put(linux, "by linux", b"synced")
        v.linux_remove(linux, "a.tar.gz")
        linux.say("sync")
    said, log = linux.run()
    assert [line.partition(": ")[2] for line in log] == [NOT_UNMOUNTED] * len(CUT), log
    for v in volumes:
        v.check_by_linux(said[v.name])
        v.volume.assert_clean()
        v.check_by_fata()
        check_times(v, said[v.name])
    for v in cut:
        check_cut(v, said[v.name])

    linux = Linux(tmp_path, kernel)
    for seed, v in enumerate(volumes + cut):
        if v in volumes:
            change_by_fata_again(v, seed)
        else:
            v.fata(*v.fata_rename("by linux", "by fata"))
        v.volume.assert_clean()
        v.ask_linux(linux)
        linux.say("unmount")
    said, log = linux.run()
    assert log == []
    for v in volumes + cut:
        v.check_by_linux(said[v.name])
        v.volume.assert_clean()
