# SPDX-License-Identifier: ISC
"""The examples of docs/CONFIG.md and README.md: built as they stand there, and run."""

import functools
import re
import socket
import sys

import pytest

from makes import ROOT, TWO_BOARDS, boot, image, make, try_make, write_files

sys.path.insert(0, str(ROOT / "tests/emu"))
from guest import Guest  # noqa: E402

# All in one process: they share the objects in build/.
pytestmark = pytest.mark.xdist_group("docs")

#: What those print that end by themselves.
PRINTS = {
    "doc1-greeter": {"host": "Hello, world.\n", "virt-arm": "Hello, world.\n"},
    "doc14-choosy": {"host": "Hello, you.\n", "virt-arm": "Hello, world.\n"},
    "readme-greeter": {"host": "hello, Morgana\n" * 3, "virt-arm": "hello, Morgana\n" * 3},
}


def examples_of_config_md():
    """Name -> files. A block that begins with /* config.c */ begins an example, those behind it belong to it."""
    text = (ROOT / "docs/CONFIG.md").read_text()
    found = []
    for block in re.findall(r"^```c\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        file = re.match(r"/\* (\S+) \*/\n", block).group(1)
        if file == "config.c":
            found.append({})
        found[-1][file] = block
    names = [re.search(r'unikernel\("([^"]+)"', files["config.c"]).group(1) for files in found]
    return {f"doc{n}-{name}": files for n, (name, files) in enumerate(zip(names, found), 1)}


def example_of_readme():
    """The indented files, each from its comment /* apps/greeter/FILE */ to its last brace."""
    text = (ROOT / "README.md").read_text()
    files = {}
    for part in re.split(r"^    (?=/\* apps/greeter/)", text, flags=re.MULTILINE)[1:]:
        file = re.match(r"/\* apps/greeter/(\S+) \*/\n", part).group(1)
        lines = re.match(r".*\n(?:    .*\n|\n)*", part).group(0)
        lines = re.sub("^    ", "", lines, flags=re.MULTILINE)
        files[file] = lines[:lines.rindex("\n}\n") + 3]
    return {"readme-greeter": files}


EXAMPLES = {**examples_of_config_md(), **example_of_readme()}


#: The examples whose sizes are looked at. To the others it is all one whether the linker optimizes.
SIZED = ["doc12-lean"]


#: The board of little memory: there the linker finds out what stacks need.
MICRO = "mps2-an385"


def output(name, board):
    """The folder of build/ that the image is in, and what makes it be there."""
    return (board, []) if name in SIZED or board == MICRO else (f"{board}-no-lto", ["LTO="])


@functools.cache
def built(name, board):
    """Under build/, with the objects that are there."""
    files = write_files(ROOT / "build/docs" / name, EXAMPLES[name])
    folder, words = output(name, board)
    make("-j2", f"BOARD={board}", f"APP_DIR={files}", *words, build="build")
    return image(folder, name)


def start(name, board="virt-arm", **options):
    """Booted."""
    built(name, board)
    return Guest(output(name, board)[0], name, **options)


def test_all_examples_were_found():
    assert [name.split("-")[1] for name in EXAMPLES] == [
        "greeter", "greeter", "silent", "greeter", "greeter", "finder", "daytime", "printer", "clock", "named",
        "router", "lean", "button", "choosy", "paged", "greeter"]
    assert all(len(files) >= 2 for files in EXAMPLES.values())
    endless = re.compile(r"fiber_park_forever|for \(;;\)|while \(e == OK\) \{\n\t\te = gpio_watch")
    ending = {n for n, files in EXAMPLES.items() if not endless.search("".join(files.values()))}
    # Those need somebody to ask, as in tests/emu/test_dns.py and test_fetch.py.
    assert ending == {*PRINTS, "doc6-finder", "doc7-daytime", "doc8-printer"}


#: Where an example is built that needs a device which not all boards have.
BOARDS = {"doc13-button": ["rpi2", "rpi3"]}


def boards(name):
    return BOARDS.get(name, TWO_BOARDS if name in PRINTS else TWO_BOARDS[1:])


@pytest.mark.parametrize("name,board", [(name, board) for name in EXAMPLES for board in boards(name)])
def test_an_example_is_built_and_if_it_ends_runs(name, board):
    found = built(name, board)
    if name in PRINTS:
        assert boot(found, "--name=Morgana" if "readme" in name else "") == (0, PRINTS[name][board])


def test_the_greeter_of_the_network_greets():
    with start("doc2-greeter", tcp=(7,)) as guest:
        guest.wait_for("ready")
        with socket.create_connection(guest.address(7), timeout=10) as s:
            assert s.recv(100) == b"Hello.\n"


def test_a_microcontroller_has_a_name():
    with start("doc10-named", MICRO, tcp=(80,)) as guest:
        guest.wait_for("known as web.local")
        assert guest.get("/")[2] == b"Hello.\n"


def test_the_pages_of_the_own_device_are_served():
    with start("doc15-paged", tcp=(80,), args='--greeting="Good morning."') as guest:
        guest.wait_for("ready")
        status, _, body = guest.get("/")
        assert (status, body) == (200, b"Good morning.")


def sizes(*what, board="virt-arm"):
    """Module to bytes of code, and all that is loaded but files, as `make size` shows them."""
    shown = "\n".join(make("size", f"BOARD={board}", *what, build="build"))
    code = {name: int(n.replace(",", "")) for name, n in re.findall(r"^(\S+) +([\d,]+) +", shown, re.MULTILINE)}
    loaded, files = re.search(r"loadable +([\d,]+) bytes(?:, of which embedded files ([\d,]+))?", shown).groups("0")
    return code, int(loaded.replace(",", "")) - int(files.replace(",", ""))


def test_less_is_smaller_and_size_shows_it():
    built("doc12-lean", "virt-arm")
    code, bytes_without = sizes(f"APP_DIR={ROOT / 'build/docs/doc12-lean'}")
    code_with, bytes_with = sizes("APP=web")
    assert 0 < code["net/tcp"] < code_with["net/tcp"] - 4000
    assert bytes_without < bytes_with - 4000
    assert not set(code) & {"net/ipv6", "net/dns", "net/metrics", "net/udp", "net/mdns", "net/dhcp"}
    with start("doc12-lean", tcp=(80,)) as guest:
        guest.wait_for("ready")
        assert guest.get("/")[2] == b"Hello.\n"


@pytest.mark.parametrize("board", ["rpi3", "virt-aarch64"])
def test_less_takes_96_kib(board):
    """On the machine with the most drivers, and on one with few; 32-bit code is smaller."""
    built("doc12-lean", board)
    assert sizes(f"APP_DIR={ROOT / 'build/docs/doc12-lean'}", board=board)[1] < 96 << 10


@pytest.mark.parametrize("name,addresses", [
    ("doc3-silent", ["192.0.2.1/24"]), ("doc5-greeter", ["fe80::"]), ("doc9-clock", ["10.0.2.15/24"]),
    ("doc11-router", ["10.0.2.15/24", "10.0.3.15/24"])])
def test_the_others_start(name, addresses):
    with start(name, network=True, cards=len(addresses)) as guest:
        for address in addresses:
            guest.wait_for(address)
        assert guest.alive()


def test_what_does_not_fit_is_answered_as_the_page_says(tmp_path):
    said = re.search(r"`tcp_over\(net\)` is answered by\n\n((?:    .*\n)+)", (ROOT / "docs/CONFIG.md").read_text())
    files = dict(EXAMPLES["doc2-greeter"])
    assert "tcp_over(ip," in files["config.c"]
    files["config.c"] = files["config.c"].replace("tcp_over(ip,", "tcp_over(net,")
    folder = write_files(tmp_path / "doc-that-does-not-fit", files)
    done = try_make("configure", "BOARD=host", f"APP_DIR={folder}", build="build", env={"LC_ALL": "C.UTF-8"})
    assert done.returncode != 0
    for line in said.group(1).splitlines():
        assert line.strip() in done.stderr
