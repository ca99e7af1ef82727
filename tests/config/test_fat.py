# SPDX-License-Identifier: ISC
"""storage/fat against the tools of others: volumes of mkfs.vfat, checked by fsck.vfat, read and written by mtools."""

import datetime
import os
import random
import subprocess

import fat_rig
import pytest
from fat_rig import NAMES, ROOT, VOLUMES, Volume, contents, files_of
from makes import TWO_BOARDS, boot, image, make, write_files


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    return fat_rig.build(tmp_path_factory.mktemp("fat"))


@pytest.fixture(params=sorted(VOLUMES))
def volume(request, program, tmp_path):
    return Volume.make(program, tmp_path, request.param)


def test_others_read_what_is_written_here(volume):
    values = contents(1)
    words = []
    for i, (name, path) in enumerate(files_of(volume.folder, values)):
        words += ["put" if i % 2 else "write", name, path]
    volume.fata(*words)
    volume.assert_clean()
    for name, value in values.items():
        assert volume.read(name) == value, name
    listing = volume.mtools("mdir", "-b", "-/", "::").decode().split("\n")
    assert sorted(n.removeprefix("::/") for n in listing if n and not n.endswith("/")) == sorted(values)
    volume.fata("put", "emoji 😀.png", path)  # two units of UTF-16, which mtools does not put together
    volume.assert_clean()


def test_what_is_changed_here_stays_whole(volume):
    values = contents(2)
    for name, path in files_of(volume.folder, values):
        volume.fata("put", name, path)
    changed = contents(3, NAMES[2:6])
    words = ["remove", "README.TXT", "rename", "a.txt", "sub/deeper/moved.to", "rename", "no-ext", "MANY.x",
             "remove", "sub/deeper/folder/with a file.text"]
    for name, path in files_of(volume.folder, changed):
        words += ["put", name, path]
    volume.fata(*words)
    values.update(changed)
    values["sub/deeper/moved.to"] = values.pop("a.txt")
    values["MANY.x"] = values.pop("no-ext")
    del values["README.TXT"], values["sub/deeper/folder/with a file.text"]
    volume.assert_clean()
    for name, value in values.items():
        assert volume.read(name) == value, name
    listing = volume.mtools("mdir", "-b", "-/", "::").decode().split("\n")
    assert sorted(n.removeprefix("::/") for n in listing if n and not n.endswith("/")) == sorted(values)


def test_what_others_write_is_read_here(volume):
    values = contents(4)
    made = set()
    for name, path in files_of(volume.folder, values):
        parts = name.split("/")[:-1]
        for i in range(1, len(parts) + 1):
            parent = "/".join(parts[:i])
            if parent not in made:
                made.add(parent)
                volume.mtools("mmd", f"::{parent}")
        volume.mtools("mcopy", path, f"::{name}")
    volume.mtools("mlabel", "::A LABEL")
    before = volume.path.read_bytes()
    for name, value in values.items():
        out = volume.folder / "out"
        volume.fata("get", name, out)
        assert out.read_bytes() == value, name
        volume.fata("get", name.swapcase() if name.isascii() else name, out)
    assert volume.path.read_bytes() == before  # nothing is written to read
    top = {n.split("/")[0] + ("/" if "/" in n else "") for n in values}
    assert {line.rsplit(" ", 1)[0] for line in volume.fata("list", "").splitlines()} == top
    # And it goes on from there.
    volume.fata("put", "Mixed Case.html", out, "remove", "sub/x", "rename", ".hidden", "sub/deeper/shown")
    volume.assert_clean()
    assert volume.read("sub/deeper/shown") == values[".hidden"]


def test_many_names_that_look_alike(volume):
    names = [f"f/a name like others {i}.text" for i in range(60)]
    words = []
    for name, path in files_of(volume.folder, {n: n.encode() for n in names}):
        words += ["put", name, path]
    volume.fata(*words)
    volume.assert_clean()
    for name in names[::2]:
        volume.mtools("mdel", f"::{name}")
    volume.fata(*words[:90], "remove", names[59])
    volume.assert_clean()
    for name in names[:30]:
        assert volume.read(name) == name.encode()


def test_after_a_loss_of_power(volume):
    """What was synced is there; the next mount to change it checks it, and fsck.vfat is content."""
    values = contents(5)
    words = []
    for name, path in files_of(volume.folder, values):
        words += ["put", name, path]
    junk = volume.folder / "junk"
    junk.write_bytes(bytes(20000))
    volume.fata(*words, "remove", "a.txt", "sync", "put", "junk", junk, "put", "sub/x", junk, kill=True)
    done = subprocess.run(["fsck.vfat", "-n", volume.path], capture_output=True, text=True, check=False)
    assert "Dirty bit is set" in done.stdout
    volume.fata("remove", "README.TXT")
    volume.assert_clean()
    for name in NAMES[2:]:
        if name != "sub/x":
            assert volume.read(name) == values[name]


def test_full(volume):
    big = volume.folder / "big"
    big.write_bytes(bytes(range(256)) * 2000)
    n, small = 0, volume.folder / "small"
    small.write_bytes(b"here")
    volume.fata("put", "small", small)
    n_free, _ = map(int, volume.fata("space").split())
    big.write_bytes(bytes(n_free + 1))
    done = volume.fata("put", "big", big, check=False)
    assert done.returncode == 1 and "put: " in done.stderr
    volume.fata("check")
    volume.assert_clean()
    assert volume.read("small") == b"here"
    assert int(volume.fata("space").split()[0]) == n_free
    big.write_bytes(bytes(n_free))
    volume.fata("put", "big", big)
    volume.assert_clean()
    assert int(volume.fata("space").split()[0]) == 0


def test_times(volume):
    path = volume.folder / "x"
    path.write_bytes(b"1")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    subprocess.run(["mcopy", "-m", "-i", volume.path, path, "::theirs"], check=True, env={**os.environ, "TZ": "UTC"})
    assert volume.fata("stat", "theirs").split() == ["1", "1700000000"]
    before = int(datetime.datetime.now().timestamp()) - 2
    volume.fata("put", "ours", path)
    assert before <= int(volume.fata("stat", "ours").split()[1]) <= before + 60
    listing = subprocess.run(["mdir", "-i", volume.path, "::ours"], capture_output=True, text=True, check=True).stdout
    assert datetime.datetime.now(datetime.UTC if hasattr(datetime, "UTC") else datetime.timezone.utc).strftime("%Y-%m-%d") in listing


def test_two_years_of_use(program, tmp_path):
    """Long random use, each time with another program in between."""
    for seed, kind in enumerate(sorted(VOLUMES)):
        folder = tmp_path / kind
        folder.mkdir()
        volume, dice, model = Volume.make(program, folder, kind), random.Random(seed), {}
        path = folder / "value"
        for _ in range(4):
            words = []
            for k in range(40):
                name = dice.choice(["", "d/", "d/e/", "A Folder/"]) + dice.choice(["k", "a longer key number "]) + str(
                    dice.randrange(12))
                if name in model and dice.random() < 0.4:
                    del model[name]
                    words += ["remove", name]
                    continue
                value = dice.randbytes(dice.choice([0, 10, 600, 3000, 9000]))
                (folder / f"v{k}").write_bytes(value)
                model[name] = value
                words += ["put", name, folder / f"v{k}"]
            volume.fata(*words)
            volume.assert_clean()
            if model:
                gone = dice.choice(sorted(model))
                volume.mtools("mdel", f"::{gone}")
                del model[gone]
            path.write_bytes(b"theirs")
            volume.mtools("mcopy", "-o", path, f"::theirs {dice.randrange(5)}.text")
        for name, value in model.items():
            assert volume.read(name) == value


APP = {
    "config.c": """#include <fata/config.h>

void configure(void)
{
	disk_t disk = device("memory", disk, sources("memory.c"), "memory_connect", uses(), keys());

	unikernel("volume", job("use", %s));
}
""",
    # A disk with an empty volume of FAT12.
    "memory.c": """#include <string.h>

#include "hal/disk.h"
#include "unikernel.h"

static uint8_t bytes[64 << 9];

static enum err read(struct disk *d, uint64_t sector, uint32_t n, void *out)
{
	(void)d;
	memcpy(out, &bytes[sector << 9], n << 9);
	return OK;
}

static enum err write(struct disk *d, uint64_t sector, uint32_t n, const void *from)
{
	(void)d;
	memcpy(&bytes[sector << 9], from, n << 9);
	return OK;
}

static enum err zero(struct disk *d, uint64_t sector, uint64_t n)
{
	(void)d;
	memset(&bytes[sector << 9], 0, n << 9);
	return OK;
}

static enum err discard(struct disk *d, uint64_t sector, uint64_t n)
{
	(void)d, (void)sector, (void)n;
	return OK;
}

static enum err flush(struct disk *d)
{
	(void)d;
	return OK;
}

enum err memory_connect(struct disk **self)
{
	static const struct disk_ops ops = {read, write, zero, discard, flush};
	static struct disk disk = {.ops = &ops, .name = "memory", .sectors = 64, .sector_bytes = 512};
	static const uint8_t boot[] = {0xeb, 0x3c, 0x90, 'f', 'a', 't', 'a', ' ', ' ', ' ', ' ', 0, 2, 1,
				       1,    0,    1,    16,  0,   64,  0,   0xf8, 1, 0};

	memcpy(bytes, boot, sizeof(boot));
	bytes[510] = 0x55;
	bytes[511] = 0xaa;
	memcpy(&bytes[512], "\\xf8\\xff\\xff", 3);
	*self = &disk;
	return OK;
}
""",
}
USES = {
    "fat_volume(disk)": """#include "hal/kv.h"
#include "runtime/console.h"
#include "unikernel.h"

int use(struct kv_rw *files)
{
	char out[8];

	enum err e = kv_set(files, "folder/a name.text", 18, "hello", 5);
	console_printf("%d %d %.5s\\n", e,
		       (int)kv_read(&files->kv, "folder/A NAME.text", 18, 0, out, sizeof(out)), out);
	return 0;
}
""",
    "fat_files(disk, .cache_bytes = 4096)": """#include "hal/kv.h"
#include "runtime/console.h"
#include "unikernel.h"

int use(struct kv *files)
{
	struct kv_info info;

	console_printf("%d\\n", kv_stat(files, "nothing", 7, &info));
	return 0;
}
""",
}


@pytest.mark.xdist_group("docs")  # those share the objects, too
@pytest.mark.parametrize("board", TWO_BOARDS)
@pytest.mark.parametrize("constructor,expected", [("fat_volume(disk)", "0 5 hello\n"),
                                                  ("fat_files(disk, .cache_bytes = 4096)", "-8\n")])
def test_in_an_image(board, constructor, expected):
    """Under build/, with the objects that are there."""
    name = constructor.partition("(")[0].replace("_", "-")
    folder = write_files(ROOT / "build/fat" / name, {**APP, "config.c": APP["config.c"] % constructor,
                                                     "use.c": USES[constructor]})
    make(f"BOARD={board}", f"APP_DIR={folder}", build="build")
    found = image(board, name)
    assert boot(found) == (0, expected)
    symbols = subprocess.run(["nm", f"{found.stem}.elf"], capture_output=True, text=True, check=True).stdout
    assert ("fat_writing" in symbols) == ("volume" in constructor)


def test_a_cache_that_is_too_small(tree_config):
    tree_config.write(APP["config.c"] % "fat_volume(disk, .cache_bytes = 1000)")
    assert tree_config.faults("--board=virt-arm") == [
        "config.c:7: a cache of 1000 bytes: expected 4096 to 262144, in sectors of 512"]
