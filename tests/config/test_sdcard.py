# SPDX-License-Identifier: ISC
"""`make sdcard`: what is on the card, that it boots, and what is said when there can be none."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

import makes
from fata import as_nobody

START = 1 << 20
FIRMWARE = {"rpi2": ["bootcode.bin", "start.elf", "fixup.dat", "bcm2709-rpi-2-b.dtb", "bcm2710-rpi-2-b.dtb"],
            "rpi3": ["bootcode.bin", "start.elf", "fixup.dat", "bcm2710-rpi-3-b.dtb", "bcm2710-rpi-3-b-plus.dtb",
                     "bcm2710-rpi-cm3.dtb", "bcm2710-rpi-zero-2-w.dtb", "overlays/disable-bt.dtbo"],
            "rpi4": ["start4.elf", "fixup4.dat", "bcm2711-rpi-4-b.dtb", "bcm2711-rpi-400.dtb", "bcm2711-rpi-cm4.dtb",
                     "overlays/disable-bt.dtbo"],
            "zcu102": ["BOOT.BIN"]}
KERNEL = {"rpi2": "kernel7.img", "rpi3": "kernel8.img", "rpi4": "kernel8.img", "zcu102": "fata.img"}
CARDS = sorted(p.parent.name for p in makes.ROOT.glob("boards/*/board.mk") if "\nCARD_KERNEL" in p.read_text())
TOOLS = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "TZ": "UTC", "MTOOLSRC": "/dev/null"}


@pytest.fixture(params=sorted(KERNEL))
def pi(request):
    return request.param


def words(board, card, **variables):
    return ["sdcard", f"BOARD={board}", "APP=hello", f"CARD={card}", *(f"{k}={v}" for k, v in variables.items())]


def refused(board, card, status=1, **variables):
    """What is said when there is no card, in one line before make's own."""
    done = makes.try_make(*words(board, card, **variables))
    said = done.stderr.splitlines()
    assert done.returncode == 2 and f"Error {status}" in said[1] and len(said) == 2, done.stderr
    assert not os.path.isfile(card)
    return said[0]


def tool(*command):
    return subprocess.run([*map(str, command)], capture_output=True, check=True, env=TOOLS).stdout


def content(card, name):
    return tool("mtype", "-i", f"{card}@@{START}", f"::{name}")


def listing(card):
    return tool("mdir", "-/", "-b", "-i", f"{card}@@{START}", "::").decode().split()


@pytest.fixture
def firmware(tmp_path):
    def make(board):
        folder = tmp_path / "firmware"
        for name in FIRMWARE[board]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(name.encode() * 1000)
        return folder
    return make


def test_the_partition_is_as_firmware_and_other_systems_read_it(pi, tmp_path):
    card = tmp_path / "card.img"
    makes.make(*words(pi, card))
    table = json.loads(tool("sfdisk", "--json", card))["partitiontable"]
    assert table["label"] == "dos" and len(table["partitions"]) == 1
    found = table["partitions"][0]
    # It takes the first half less what is in front, and a second one of its size fits behind.
    assert (found["start"], found["size"], found["type"], found["bootable"]) == (2048, 63 * 2048, "c", True)
    assert card.stat().st_size == 128 << 20
    volume = tmp_path / "volume"
    with card.open("rb") as f:
        f.seek(START)
        volume.write_bytes(f.read(found["size"] * 512))
    checked = tool("fsck.fat", "-n", "-v", volume).decode()
    assert "32 bit entries" in checked and "2048 hidden sectors" in checked


@pytest.mark.parametrize("pi", ["rpi2", "rpi3", "rpi4"])
def test_what_is_on_it(pi, tmp_path):
    card = tmp_path / "card.img"
    said = makes.make(*words(pi, card, ARGS="--name=Uther Pendragon"))
    assert listing(card) == [f"::/{KERNEL[pi]}", "::/config.txt", "::/cmdline.txt"]
    assert content(card, "cmdline.txt") == b"--name=Uther Pendragon\n"
    assert content(card, "config.txt") == (makes.ROOT / "boards" / pi / "config.txt").read_bytes()
    assert f"kernel={KERNEL[pi]}".encode() in content(card, "config.txt")
    assert f"The firmware's files are not on it: {', '.join(FIRMWARE[pi])}." in said
    assert any("https://github.com/raspberrypi/firmware" in line for line in said)


def test_where_u_boot_is_told_by_a_file(tmp_path):
    card = tmp_path / "card.img"
    makes.make(*words("zcu102", card, ARGS="--name=Uther Pendragon"))
    assert set(listing(card)) >= {"::/fata.img", "::/extlinux/extlinux.conf"}
    told = content(card, "extlinux/extlinux.conf").decode()
    assert "linux /fata.img\n" in told and "append --name=Uther Pendragon\n" in told


def test_the_image_on_it_boots(pi, tmp_path):
    card, kernel = tmp_path / "card.img", tmp_path / "kernel.img"
    makes.make(*words(pi, card, ARGS="--name=Uther"))
    kernel.write_bytes(content(card, KERNEL[pi]))
    command = makes.boot_command(makes.image(pi, "hello"), args=content(card, "cmdline.txt").decode().strip(),
                                 kernel=str(kernel))
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and f"Hello, Uther, from board {pi}".encode() in done.stdout


def test_the_firmware_is_placed_when_it_is_given(pi, tmp_path, firmware):
    card = tmp_path / "card.img"
    said = makes.make(*words(pi, card, FIRMWARE=firmware(pi)))
    for name in FIRMWARE[pi]:
        assert content(card, name) == name.encode() * 1000
    assert not any("The firmware's files" in line for line in said)


def test_the_same_input_gives_the_same_bytes(tmp_path, firmware):
    cards = []
    for number, age_s in enumerate((0, 1000000)):
        folder = firmware("rpi3")
        for name in FIRMWARE["rpi3"]:
            os.utime(folder / name, (age_s, age_s))
        cards.append(tmp_path / f"{number}.img")
        makes.make(*words("rpi3", cards[-1], FIRMWARE=folder, ARGS="--name=Uther"))
    first, second = (card.read_bytes() for card in cards)
    assert first == second
    shown = tool("mdir", "-i", f"{cards[0]}@@{START}", "::").decode()
    assert shown.count("2020-01-01   0:00") == 11  # three files of ours, seven of the firmware, a folder


def test_missing_firmware_is_named(tmp_path, firmware):
    folder = firmware("rpi3")
    (folder / "fixup.dat").unlink()
    (folder / "overlays/disable-bt.dtbo").unlink()
    assert refused("rpi3", tmp_path / "c", FIRMWARE=folder) == (
        f"make sdcard: FIRMWARE={folder} lacks fixup.dat, overlays/disable-bt.dtbo; see "
        "https://github.com/raspberrypi/firmware, folder boot")
    assert refused("rpi3", tmp_path / "c", FIRMWARE="/no/such") == (
        "make sdcard: FIRMWARE=/no/such: there is no such folder")


def test_what_is_too_large_is_said_with_what_helps(tmp_path, firmware):
    folder, card = firmware("rpi2"), tmp_path / "card.img"
    with (folder / "start.elf").open("wb") as f:
        f.truncate(63 << 20)
    assert refused("rpi2", card, FIRMWARE=folder) == (
        "make sdcard: the files take 63.1 MiB (start.elf alone 63.0) and the boot partition has room for 62.0; "
        "MIB=256 makes it larger")
    with (folder / "start.elf").open("wb") as f:
        f.truncate(61 << 20)
    makes.make(*words("rpi2", card, FIRMWARE=folder))  # what is said to fit does


def test_other_sizes(tmp_path):
    card = tmp_path / "card.img"
    makes.make(*words("rpi2", card, MIB=1024))
    assert card.stat().st_size == 1024 << 20 and content(card, "kernel7.img")
    assert card.stat().st_blocks * 512 < 20 << 20
    assert refused("rpi2", tmp_path / "x", status=64, MIB="100").endswith("128, 256, 512, 1024, 2048, 4096")


def test_boot_arguments_are_one_line_that_an_image_takes(tmp_path):
    card = tmp_path / "card.img"
    makes.make(*words("rpi2", card, ARGS="--name=" + 2040 * "x"))
    assert len(content(card, "cmdline.txt")) == 2048
    assert refused("rpi2", tmp_path / "x", status=64, ARGS="--name=" + 2041 * "x") == (
        "make sdcard: the boot arguments have 2048 bytes; 2047 are the limit")
    assert "one line" in refused("rpi2", tmp_path / "x", status=64, ARGS="--name=a\a")


def test_boards_without_a_card_say_which_have_one(tmp_path):
    for board in makes.TWO_BOARDS:
        assert refused(board, tmp_path / "x") == (
            f"make sdcard: the board {board} has no card layout; the boards that have one: {' '.join(CARDS)}")


def test_where_nothing_can_be_written(tmp_path):
    assert refused("rpi2", tmp_path / "no/such") == (
        f"make sdcard: {tmp_path}/no/such: cannot be written there: No such file or directory")
    assert refused("rpi2", "/dev/null") == (
        "make sdcard: /dev/null is no file; name one, and write it to a card with dd")


@pytest.fixture
def readable_tools():
    """The program and what it imports, in a folder that everybody may read, wherever the tree lies."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("sdcard.py", "emulator.py"):
            shutil.copy(makes.ROOT / "tools" / name, folder)
        yield pathlib.Path(folder)


def test_a_folder_of_somebody_else(readable_tools):
    command = ["/usr/bin/python3", str(readable_tools / "sdcard.py"), "--board=rpi2", "--image=/etc/passwd",
               "--kernel=kernel7.img", "--output=/usr/sdcard.img"]
    if os.geteuid() == 0:
        done = as_nobody(*command)
    else:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1, "make sdcard: /usr/sdcard.img: cannot be written there: Permission denied\n")


def test_a_card_that_fails_leaves_the_one_that_was_there(tmp_path):
    card = tmp_path / "card.img"
    makes.make(*words("rpi2", card))
    before = card.read_bytes()
    assert makes.try_make(*words("rpi2", card, FIRMWARE=tmp_path)).returncode != 0
    assert card.read_bytes() == before and os.listdir(tmp_path) == ["card.img"]


# --- a board whose loader is no file, and has the arguments in a file of its own ----------------------------

LOADER = "u-boot-sunxi-with-spl.bin"


def test_a_loader_in_front_of_the_partition(tmp_path):
    card, folder = tmp_path / "card.img", tmp_path / "firmware"
    folder.mkdir()
    (folder / LOADER).write_bytes(b"eGON" * 100000)
    said = makes.make(*words("orangepi-pc", card, FIRMWARE=folder, ARGS="--name=Uther Pendragon"))
    assert sorted(listing(card)) == ["::/cmdline.txt", "::/extlinux/", "::/extlinux/extlinux.conf", "::/fata.img"]
    assert b"\nKERNEL /fata.img\nAPPEND --name=Uther Pendragon\n" in content(card, "extlinux/extlinux.conf")
    assert card.read_bytes()[8192:8192 + 400000] == b"eGON" * 100000
    assert not any("not on it" in line for line in said)
    assert json.loads(tool("sfdisk", "--json", card))["partitiontable"]["partitions"][0]["start"] == 2048
    (folder / LOADER).write_bytes(bytes(START - 8192 + 1))
    card.unlink()
    assert "there is room for 1040384" in refused("orangepi-pc", card, FIRMWARE=folder)


def test_without_its_loader_it_says_so(tmp_path):
    said = makes.make(*words("orangepi-pc", tmp_path / "card.img"))
    assert f"The firmware's files are not on it: {LOADER}." in said
    assert (tmp_path / "card.img").read_bytes()[8192:8196] == bytes(4)


def test_the_image_on_it_has_a_seed_of_its_own(tmp_path):
    seeds = []
    for number in range(2):
        card = tmp_path / f"{number}.img"
        makes.make("sdcard", "BOARD=orangepi-pc", "APP=web", f"CARD={card}")
        image = content(card, "fata.img")
        at = image.index(b"FataSeed") + 8
        seeds.append(image[at:at + 32])
    assert seeds[0] != seeds[1] and bytes(32) not in seeds
