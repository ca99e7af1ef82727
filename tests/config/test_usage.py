# SPDX-License-Identifier: ISC
"""The command line of the program that a config.c is compiled to."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = '#include <fata/config.h>\n\nvoid configure(void)\n{\n\tunikernel("app", job("app_start"));\n}\n'


@pytest.mark.parametrize("words, said", [
    ([], "config: --board=BOARD is missing; the boards are alpha, beta and gamma; --help tells more"),
    (["--board=delta", "--print=tree"],
     'config: there is no board "delta"; the boards are alpha, beta and gamma; --help tells more'),
    (["--board=alpha"], "config: --out=FOLDER or --print=WHAT is missing; --help tells more"),
    (["--board=alpha", "--print=graph"],
     "config: --print=graph: expected tree, dot, json, keys, boards or devices; --help tells more"),
    (["--board=alpha", "--print=tree", "--memory=much"],
     "config: --memory=much: expected a size such as 64k or 16M from 1 up; --help tells more"),
    (["--board=alpha", "--print=tree", "port=80"],
     "config: port=80: a value of a key looks like --port=8080; --help tells more"),
    (["--board=alpha", "--print=tree", "--", "--"],
     "config: --: a value of a key looks like --port=8080; --help tells more"),
])
def test_wrong_calls_say_what_would_be_right(config, words, said):
    done = config.write(CONFIG).run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (64, "", said + "\n")


def test_unknown_options_end_with_64(config):
    done = config.write(CONFIG).run("--board=alpha", "--print=tree", "--port=80")
    assert done.returncode == 64
    assert "--port" in done.stderr


def test_help_names_all_options(config):
    done = config.write(CONFIG).run("--help")
    assert done.returncode == 0
    for option in ("board", "out", "print", "app-dir", "tree", "prefix", "machine", "memory", "version"):
        assert f"--{option}=" in done.stdout


def test_boards_and_devices_need_no_configuration(config):
    config.write("#include <fata/config.h>\n")
    assert config.run("--print=boards").stdout.startswith(
        "alpha\n    a board with little on it\n    small, 1 MiB of memory\n"
        "    1 timer, 1 network interface\n\n"
        "beta\n    a board with much on it\n    large, 64 MiB of memory\n"
        "    1 timer, 4 network interfaces, 1 clock, 2 disks\n\ngamma\n")
    assert "    netif_t port(const char *name, unsigned index)\n" in config.run("--print=devices").stdout
    done = config.run("--board=alpha", "--print=tree")
    assert (done.returncode, done.stderr) == (1, (
        "config.c: there is no function void configure(void)\n"
        "config.c: 1 error; nothing was printed for alpha\n"))


def test_the_tree_lists_its_boards_and_devices(tree_config):
    tree_config.write("#include <fata/config.h>\n")
    boards = tree_config.run("--print=boards").stdout
    assert {"host", "microvm", "virt-aarch64", "virt-arm"} <= set(boards.splitlines())
    assert "net/tcp\n    tcp_t tcp_over(ip_t ip" in tree_config.run("--print=devices").stdout


#: How a configuration calls what has options, up to these.
CALLS = {"netif": 'netif("name"', "default_netif": "default_netif(", "ethernet_over": "ethernet_over(net",
         "static_ipv4": "static_ipv4(net", "ipv6": "ipv6(net", "tcp_over": "tcp_over(ip",
         "http_over": "http_over(tcp, port"}


@pytest.mark.parametrize("name", CALLS)
def test_options_can_be_copied_from_the_list_of_devices(tree_config, name):
    listed = tree_config.write("#include <fata/config.h>\n").run("--print=devices").stdout
    assert all(len(line) <= 100 for line in listed.splitlines())
    synopsis = " ".join(listed.split(f" {name}(")[1].split(")\n")[0].split())
    options = "." + synopsis.split(".", 1)[1]
    call = CALLS[name] + ("" if CALLS[name].endswith("(") else ", ")
    apps = []
    for text in (call + options + ")", CALLS[name] + ")"):
        apps.append(tree_config.write(f"""#include <fata/config.h>

void configure(void)
{{
	__attribute__((unused)) netif_t net = default_netif();
	__attribute__((unused)) ip_t ip = static_ipv4(netif("lan"));
	__attribute__((unused)) tcp_t tcp = tcp_over(ip);
	__attribute__((unused)) key port = key_u16("port", 80, "port to serve on");
	unikernel("app", job("app_start", {text}));
}}
""").json("--board=virt-arm"))
    assert apps[0] == apps[1]  # what is listed are the defaults


def test_files_are_written_where_asked(config):
    out = config.folder / "out"
    done = config.write(CONFIG).run("--board=alpha", f"--out={out}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {f.name for f in out.iterdir()} == {"main.c", "unikernel.h", "keys.h", "keys.c",
                                               "modules.mk", "manifest.json", "graph.dot"}


@pytest.mark.parametrize("crash, word", [
    ("*(volatile int *)NULL = 1;", "Segmentation fault"),
    ("deeper((volatile char[]){0});", "Segmentation fault"),
])
def test_a_crash_of_the_configuration_says_how_far_it_came(config, crash, word):
    config.write(f"""#include <fata/config.h>

static int deeper(volatile char *above)
{{
	volatile char more[1000] = {{*above}};
	return more[0] == 0 ? deeper(more) + 1 : 0;
}}

void configure(void)
{{
	wall_clock();
	{crash}
	unikernel("app", job("app_start", fata_text("%d", deeper(NULL)) ? wall_clock() : wall_clock()));
}}
""")
    done = config.run("--board=alpha", "--print=tree")
    assert (done.returncode, done.stderr) == (
        1, f"config.c:11: configure() crashed here or behind it: {word}\n")


APPS = sorted(p.parent.name for p in ROOT.glob("apps/*/config.c"))
BOARDS = sorted(p.parent.name for p in ROOT.glob("boards/*/board.cfg.h"))
WITHOUT_NETWORK = ["custom-device", "hello", "selftest"]
TWO_INTERFACES = ["two-nics"]
#: Bytes of memory that they are made for; smaller boards are told how much is missing.
LARGE = {"services": 8 << 20}


def ram_bytes(board):
    number, shift = re.search(r"\.ram_bytes = (\d+)u << (\d+)", (ROOT / f"boards/{board}/board.cfg.h").read_text()).groups()
    return int(number) << int(shift)


def complaint(app, board):
    """What the board cannot do for the application, or nothing."""
    devices = (ROOT / f"boards/{board}/board.cfg.h").read_text()
    interfaces = re.search(r'{"netif", (\d+)}', devices)
    if app in WITHOUT_NETWORK:
        return ""
    if interfaces is None:
        return f"the board {board} has no network interface"
    if app in TWO_INTERFACES and int(interfaces[1]) < 2:
        return f"the board {board} has one network interface"
    if app in LARGE and ram_bytes(board) < LARGE[app]:
        return f"more than {board} has"
    return ""


@pytest.mark.parametrize("app", APPS)
def test_each_application_can_be_configured_for_each_board(tree_config, app):
    compiled = tree_config.compile(ROOT / "apps" / app / "config.c")
    assert (compiled.returncode, compiled.stderr) == (0, "")
    for board in BOARDS:
        out = tree_config.folder / board
        done = tree_config.run(f"--board={board}", f"--app-dir=apps/{app}", f"--out={out}")
        if complaint(app, board):
            assert complaint(app, board) in done.stderr
        else:
            assert (done.returncode, done.stderr) == (0, "")
