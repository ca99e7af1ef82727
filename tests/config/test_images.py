# SPDX-License-Identifier: ISC
"""What make does with a config.c: images that hold what it names, built once, alike wherever they are built."""

import itertools
import json
import pathlib
import re
import shutil
import subprocess
import time

import pytest

from makes import ARCH_BOARDS, BOARDS, ROOT, TWO_BOARDS, boot, image, make, try_make
import size  # of tools/, which makes.py has put into the path

# All in one process: they share an output folder.
pytestmark = pytest.mark.xdist_group("images")

GENERATED = ["graph.dot", "keys.c", "keys.h", "main.c", "manifest.json", "modules.mk", "unikernel.h"]
GREETING = re.compile(r"Hello, (.*), from board ")


#: What is built twice: the rules are the same for all, the compilers and linker scripts are those of an architecture.
ELSEWHERE = [*((board, "hello") for board in ARCH_BOARDS), ("virt-arm", "web"), ("virt-arm", "custom-device")]


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    """An output folder outside of the tree, with hello for each architecture, and for one what has more."""
    build = tmp_path_factory.mktemp("elsewhere")
    for board, app in ELSEWHERE:
        make("-j2", f"BOARD={board}", f"APP={app}", build=build)
    return build


@pytest.fixture(scope="session")
def built():
    """The images that make puts into the tree's own output folder, up to date: built("hello", "host")."""
    def up_to_date(app, board):
        make("-j2", f"BOARD={board}", f"APP={app}", build="build")
        return image(board, app)
    return up_to_date


class App:
    """An application of a test's own, outside of the tree, in a folder whose name has a dot and a dash."""

    numbers = itertools.count(1)

    def __init__(self, folder, build):
        self.name = f"my-app.{next(self.numbers)}"
        self.folder, self.build = folder / self.name, build

    def copy(self, app):
        shutil.copytree(ROOT / "apps" / app, self.folder)
        return self

    def write(self, **files):
        for name, text in files.items():
            self.folder.mkdir(exist_ok=True)
            (self.folder / f"{name}.c").write_text(text)
        return self

    def change(self, name, old, new):
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    def words(self, board, keys=""):
        return [f"BOARD={board}", f"APP_DIR={self.folder}", *([f"KEYS={keys}"] if keys else [])]

    def make(self, board, keys=""):
        return make(*self.words(board, keys), build=self.build)

    def fails(self, board, keys=""):
        done = try_make(*self.words(board, keys), build=self.build)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def image(self, board):
        return image(board, self.name, self.build)

    def boot(self, board, args=""):
        return boot(self.image(board), args)


@pytest.fixture
def app(tmp_path, elsewhere):
    return App(tmp_path, elsewhere)


@pytest.fixture
def hello(app):
    return app.copy("hello")


# --- what is in an image -----------------------------------------------------------------------------


def modules_with_code(found):
    """By the symbol table and the debug information: the modules that functions come from."""
    table = size.charge(found.elf, found.cross + "nm", ROOT)
    return {module for module, row in table.items() if row[0] > 0}


def sources_with_code(found):
    """By the line table, names of files without their folders: also those of what was inlined."""
    out = subprocess.run([found.cross + "objdump", "--dwarf=decodedline", found.elf], capture_output=True, text=True,
                         check=True).stdout
    return {path.rsplit("/", 1)[-1] for path in re.findall(r"^(\S+\.[chS])\s+\d+\s+0x", out, re.MULTILINE)}


def folder_of(found):
    return pathlib.Path(found.elf).parent


def loaded_bytes(found, folder):
    """What a loader puts into memory: the .img, where there is one."""
    if found.kernel.endswith(".img"):
        return pathlib.Path(found.kernel).read_bytes()
    subprocess.run([found.cross + "objcopy", "-O", "binary", found.elf, folder / "loaded"], check=True)
    return (folder / "loaded").read_bytes()


def named_modules(found):
    """What modules.mk names."""
    text = (folder_of(found) / "modules.mk").read_text().replace("\\\n", "")
    return re.search(r"^APP_MODULES\s*:=(.*)$", text, re.MULTILINE).group(1).split()


#: What an image has no use for that nothing makes wait.
NOT_FOR_HELLO = ("net/", "drivers/net/", "drivers/virtio/", "drivers/timer/", "runtime/heap/", "runtime/loop/",
                 "runtime/fiber/", "runtime/random/")


def unwanted(modules):
    return sorted(m for m in modules if f"{m}/".startswith(NOT_FOR_HELLO))


def unwanted_sources():
    """The names of their files, but for those that other modules have as well."""
    names = {True: set(), False: set()}
    for path in ROOT.rglob("*.c"):
        if path.relative_to(ROOT).parts[0] not in ("apps", "build", "tests", "tools", "bench"):
            names[str(path.relative_to(ROOT)).startswith(NOT_FOR_HELLO)].add(path.name)
    return names[True] - names[False]


@pytest.mark.parametrize("board", ARCH_BOARDS)
def test_an_image_holds_what_its_config_names(built, board):
    hello, web = built("hello", board), built("web", board)
    assert "runtime" in modules_with_code(hello) and {"hello.c", "start.c"} <= sources_with_code(hello)
    assert unwanted(modules_with_code(hello)) == []
    assert not sources_with_code(hello) & unwanted_sources()
    # The same questions about an image that has all that: they can be answered otherwise.
    assert {"net/tcp", "net/ipv4", "net/eth", "runtime/loop", "runtime/heap"} <= set(unwanted(modules_with_code(web)))
    assert {"tcp.c", "eth.c", "loop.c", "timeout.c", "fiber.c"} <= sources_with_code(web) & unwanted_sources()


@pytest.mark.parametrize("board", ARCH_BOARDS)
def test_the_modules_that_are_built_are_those_of_the_manifest(built, board):
    for app, wanted in (("hello", set()), ("web", {"net/tcp", "net/http", "storage/embedded", "runtime/loop"})):
        found = built(app, board)
        modules = named_modules(found)
        assert json.loads((folder_of(found) / "manifest.json").read_text())["modules"] == modules
        assert wanted <= set(modules) and bool(unwanted(modules)) == bool(wanted)


@pytest.mark.parametrize("board", ARCH_BOARDS)
@pytest.mark.parametrize("app_name", ["hello", "web"])
def test_the_manifest_is_a_note_that_is_not_loaded(built, tmp_path, board, app_name):
    found = built(app_name, board)
    out = subprocess.run([found.cross + "readelf", "--notes", "--wide", found.elf], capture_output=True, text=True,
                         check=True).stdout
    note = re.search(r"^\s*Fata\s+0x([0-9a-f]{8})\s[^:]*description data: ([0-9a-f ]+)", out, re.MULTILINE)
    manifest = (folder_of(found) / "manifest.json").read_bytes()
    assert int(note.group(1), 16) == len(manifest)
    assert bytes.fromhex(note.group(2)) == manifest
    loaded = loaded_bytes(found, tmp_path)
    assert b"from board" in loaded or b"HTTP" in loaded
    assert not [line for line in manifest.splitlines() if len(line) > 12 and line in loaded]


# --- the same each time ------------------------------------------------------------------------------


@pytest.mark.parametrize("board,app_name", ELSEWHERE)
def test_an_image_is_the_same_wherever_it_is_built(built, elsewhere, tmp_path, board, app_name):
    """In the tree by a relative path, elsewhere by an absolute one; debug information included."""
    here, there = built(app_name, board), image(board, app_name, elsewhere)
    content = pathlib.Path(there.elf).read_bytes()
    assert pathlib.Path(here.elf).read_bytes() == content and str(elsewhere).encode() not in content
    assert loaded_bytes(here, tmp_path) == loaded_bytes(there, tmp_path)


@pytest.mark.parametrize("board", ARCH_BOARDS)
def test_configuring_twice_writes_the_same(elsewhere, tmp_path, board):
    make("configure", f"BOARD={board}", "APP=web", build=elsewhere)
    folder = elsewhere / board / "web"
    for name in GENERATED:
        shutil.move(folder / name, tmp_path / name)
    assert make("configure", f"BOARD={board}", "APP=web", build=elsewhere) == ["CONFIG   apps/web/config.c"]
    for name in GENERATED:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes()
        shutil.move(tmp_path / name, folder / name)  # no newer than what was made of it


# --- no more work than a change asks for -------------------------------------------------------------


def times(folder):
    return {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


def test_a_second_make_does_nothing(elsewhere):
    for board, app in ELSEWHERE:
        make(f"BOARD={board}", f"APP={app}", build=elsewhere)
    before = times(elsewhere)
    for board, app in ELSEWHERE:
        assert make(f"BOARD={board}", f"APP={app}", build=elsewhere) == []
    assert times(elsewhere) == before


@pytest.mark.parametrize("board", TWO_BOARDS)
def test_the_folder_of_the_build_may_be_written_in_any_way(board):
    """Others boot what is there meanwhile, and it is not linked anew."""
    make(f"BOARD={board}", "APP=hello", build="build")
    for folder in (ROOT / "build", "./build", "build/"):
        assert make(f"BOARD={board}", "APP=hello", build=folder) == []


@pytest.mark.parametrize("board", TWO_BOARDS)
def test_a_config_that_says_the_same_compiles_nothing(hello, board):
    hello.make(board)
    folder = hello.build / board / hello.name
    before = times(folder)
    time.sleep(0.01)
    (hello.folder / "config.c").touch()
    assert hello.make(board) == ["CONFIG   config.c"]
    changed = {p.name for p, t in times(folder).items() if before.get(p) != t}
    assert changed <= {"config", "config.d", "modules.mk"}
    assert hello.make(board) == []


def compiled(lines):
    """What was compiled, and the other steps by their names."""
    return sorted(line.split()[1].rsplit("/", 1)[-1] if line.startswith("CC ") else line.split()[0] for line in lines)


@pytest.mark.parametrize("board", TWO_BOARDS)
def test_another_initial_value_compiles_only_what_was_generated(hello, board):
    link = ["LINK"] if board == "host" else ["IMAGE", "LINK"]
    hello.make(board)
    hello.change("config.c", '"world"', '"people"')
    assert compiled(hello.make(board)) == sorted(["CONFIG", "keys.c", "main.c", *link])
    assert compiled(hello.make(board, "--name=Morgana")) == sorted(["CONFIG", "keys.c", "main.c", *link])
    assert compiled(hello.make(board, "--name=Morgana")) == []
    # What the application sees is another file only with another job.
    hello.change("config.c", 'job("hello", name)', 'job("hello", name, name)')
    hello.change("hello.c", "const char *name", "const char *name, const char *again")
    hello.change("hello.c", "\tconsole_printf", "\t(void)again;\n\tconsole_printf")
    assert "hello.c" in compiled(hello.make(board))


def test_files_are_embedded_anew_when_config_says_another_way(hello):
    (hello.folder / "pages").mkdir()
    (hello.folder / "pages/index.html").write_text("<p>hello</p>" * 100)
    hello.change("config.c", 'job("hello", name)', 'job("hello", name, embedded_files("pages"))')
    hello.change("hello.c", "const char *name", "const char *name, struct kv *pages")
    hello.change("hello.c", "\tconsole_printf", "\t(void)pages;\n\tconsole_printf")
    hello.make("host")
    hello.change("config.c", '"pages"', '"pages", .gzip = true')
    assert "EMBED" in compiled(hello.make("host"))
    assert "EMBED" not in compiled(hello.make("host"))


def test_a_job_that_goes_takes_its_code_with_it(hello):
    hello.change("config.c", 'job("hello", name)', 'job("hello", name), job("more", default_timer())')
    hello.write(more='#include "unikernel.h"\n\nint more(struct timer *timer)\n{\n\treturn timer == NULL;\n}\n')
    hello.make("virt-arm")
    assert "runtime/loop" in modules_with_code(hello.image("virt-arm"))
    hello.change("config.c", ', job("more", default_timer())', "")
    (hello.folder / "more.c").unlink()
    hello.make("virt-arm")
    assert "runtime/loop" not in modules_with_code(hello.image("virt-arm"))
    assert hello.boot("virt-arm")[0] == 0


# --- faults ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("board", TWO_BOARDS)
@pytest.mark.parametrize("parameters", ["int name", "void", "const char *name, int more", "char *name"])
def test_a_job_with_other_parameters_does_not_compile(hello, board, parameters):
    hello.change("hello.c", "const char *name", parameters)
    hello.change("hello.c", ", name,", ', "name",')
    said = hello.fails(board)
    assert re.search(rf"^{re.escape(str(hello.folder))}/hello\.c:6:5: error: conflicting types for .hello.", said,
                     re.MULTILINE), said
    assert "int hello(const char *name);" in said  # what would be right


def test_a_job_of_another_name_does_not_compile(hello):
    hello.change("hello.c", "int hello(", "int helo(")
    assert re.search(r"hello\.c:6:5: error: no previous prototype for .helo.", hello.fails("host"))


def test_a_job_that_is_nowhere_is_told_with_its_line(hello):
    (hello.folder / "hello.c").unlink()
    assert re.search(r"config\.c:9: undefined reference to `hello'", hello.fails("host"))


def test_after_a_fault_is_mended_make_goes_on(hello):
    hello.change("config.c", '"world"', "world")
    assert "config.c:7" in hello.fails("host")
    hello.change("config.c", "world", '"world"')
    hello.make("host")
    hello.change("config.c", 'job("hello", name)', "")
    assert "config.c:9" in hello.fails("host")
    hello.change("config.c", 'unikernel("hello", )', 'unikernel("hello", job("hello", name))')
    hello.make("host")
    assert hello.boot("host")[0] == 0


@pytest.mark.parametrize("words,said", [
    (["BOARD=virt-aarch46"], ['There is no board "virt-aarch46"', " ".join(BOARDS)]),
    (["configure", "APP=wbe"], ['There is no app "wbe"', "two-nics web"]),
    (["describe", "APP=wbe"], ['There is no app "wbe"', "two-nics web"]),
    (["keys", "BOARD="], ['There is no board ""', "virt-arm"]),
    (["keys", "BOAD=rpi3"], ['There is no option "BOAD"; make help lists them']),
    (["APP_DIR=docs"], [f"There is no config.c in {ROOT}/docs"]),
    (["APP_DIR=/nowhere"], ["There is no config.c in /nowhere"]),
    (["describe", "APP=web", "FORMAT=xml"], ["xml"]),
])
def test_what_is_not_there_is_named(words, said):
    done = try_make(*words)
    assert done.returncode != 0 and done.stdout == ""
    for text in said:
        assert text in done.stderr


# --- keys --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("board", TWO_BOARDS)
def test_an_initial_value_can_be_set_at_the_build(hello, board):
    hello.make(board, "--name=Morgana")
    assert GREETING.match(hello.boot(board)[1]).group(1) == "Morgana"
    assert GREETING.match(hello.boot(board, "--name=you")[1]).group(1) == "you"
    hello.make(board, '--name="two words"')
    assert GREETING.match(hello.boot(board)[1]).group(1) == "two words"
    hello.make(board)
    assert GREETING.match(hello.boot(board)[1]).group(1) == "world"


CONSTANTS = {
    "config": """\
#include <fata/config.h>

void configure(void)
{
	key loud = key_bool("loud", false, "greet in capitals", .stage = BUILD_TIME);
	key times = key_u32("times", 1, "how often", .min = 1, .max = 9, .stage = BUILD_TIME);
	key name = key_string("name", "world", "whom to greet");

	unikernel("constants", job(choose(key_is_on(loud), "shout", "greet"), times, name));
}
""",
    "jobs": """\
#include "keys.h"
#include "runtime/console.h"
#include "unikernel.h"

int greet(uint32_t times, const char *name);
int shout(uint32_t times, const char *name);

int greet(uint32_t times, const char *name)
{
	for (uint32_t i = 0; i < times; i++)
		console_printf("Hello, %s.\\n", name);
	return 0;
}

int shout(uint32_t times, const char *name)
{
	for (uint32_t i = 0; i < times; i++)
		console_printf("HELLO, %s!\\n", name);
	return 0;
}
""",
}


@pytest.mark.parametrize("board", TWO_BOARDS)
def test_a_key_of_build_time_is_a_constant_of_the_image(app, board):
    app.write(**CONSTANTS)
    app.make(board)
    assert app.boot(board) == (0, "Hello, world.\n")
    app.make(board, "--loud --times=2")
    assert app.boot(board, "--name=you") == (0, "HELLO, you!\nHELLO, you!\n")
    assert b"Hello, %s" not in pathlib.Path(app.image(board).elf).read_bytes()
    for argument in ("--loud", "--no-loud", "--times=3"):
        status, console = app.boot(board, argument)
        assert status == 64 and argument.split("=")[0] in console and "--name" in console


@pytest.mark.parametrize("keys,said", [
    ("--nmae=x", ["--nmae", "--name"]),
    ("--times=10", ["--times=10", "1 to 9"]),
    ("--loud=maybe", ["--loud"]),
    ("name=x", ["name=x"]),
])
def test_a_key_that_is_wrong_is_named(app, keys, said):
    app.write(**CONSTANTS)
    error = app.fails("host", keys)
    for text in said:
        assert text in error
    app.make("host")


# --- applications outside of the tree ----------------------------------------------------------------


def formats(board):
    """What is made of an ELF file, how many kinds."""
    return len(re.search(r"^IMAGE_FORMATS *:=(.*)", (ROOT / f"boards/{board}/board.mk").read_text(), re.MULTILINE)[1].split())


@pytest.mark.parametrize("board", ARCH_BOARDS)
def test_an_application_may_lie_anywhere(hello, board):
    steps = ["CONFIG", *formats(board) * ["IMAGE"], "LINK", "hello.c"]
    assert compiled(hello.make(board))[:len(steps)] == steps
    status, console = hello.boot(board)
    assert (status, GREETING.match(console).group(1)) == (0, "world")
    assert str(hello.folder) not in (hello.build / board / hello.name / "manifest.json").read_text()


def test_another_folder_of_the_same_name_is_another_application(tmp_path, elsewhere):
    """Though all of its files are older than what was made of the first."""
    for name in ("first", "second"):
        shutil.copytree(ROOT / "apps/hello", tmp_path / name / "twin")
        config = tmp_path / name / "twin/config.c"
        config.write_text(config.read_text().replace("world", name))
    for name in ("first", "second", "first"):
        make("BOARD=host", f"APP_DIR={tmp_path / name / 'twin'}", build=elsewhere)
        assert GREETING.match(boot(image("host", "twin", elsewhere))[1]).group(1) == name


CALCULATES = """\
#include "runtime/console.h"
#include "unikernel.h"

int hello(const char *name)
{
	double third = (double)(name[0] - 'a') / 3.0;

	console_printf("%d\\n", (int)(third * 1000));
	return 0;
}
"""


@pytest.mark.parametrize("board", ARCH_BOARDS)
def test_an_application_may_calculate_with_fractions(hello, board):
    hello.write(hello=CALCULATES)
    hello.make(board)
    assert hello.boot(board, "--name=b") == (0, "333\n")


LARGE = """\
#include "runtime/console.h"
#include "unikernel.h"

static char large[3 << 20];
char *volatile written = large;

int hello(const char *name)
{
	written[sizeof(large) - 1] = name[0];
	console_printf("%c\\n", large[sizeof(large) - 1]);
	return 0;
}
"""


@pytest.mark.parametrize("board", ARCH_BOARDS)
def test_an_application_may_have_large_variables(hello, board):
    """Also where code is made to reach no farther than in most images."""
    hello.write(hello=LARGE)
    for _ in range(2):  # built and left alone
        hello.make(board)
        assert hello.boot(board, "--name=b") == (0, "b\n")


OVERRUNS = """\
#include "base/attr.h"
#include "runtime/console.h"
#include "unikernel.h"

static NOINLINE void copy(const char *name)
{
	char text[4];
	char *volatile to = text;

	for (unsigned i = 0; i == 0 || name[i - 1] != '\\0'; i++)
		to[i] = name[i];
	console_printf("%s\\n", text);
}

int hello(const char *name)
{
	copy(name);
	return 0;
}
"""


@pytest.mark.parametrize("board", ["microvm", "virt-aarch64", "virt-arm"])
def test_arrays_of_char_are_guarded(hello, board):
    """Of an application, which marks nothing, and of the tree: gcc's link-time optimizer forgets what char is."""
    hello.write(hello=OVERRUNS)
    hello.make(board)
    found = hello.image(board)
    assert hello.boot(board, "--name=abc") == (0, "abc\n")
    status, said = hello.boot(board, "--name=abcdefghijklmnopqrstuvwxyz")
    assert status != 0 and "stack smashed" in said
    code = subprocess.run([found.cross + "objdump", "-d", found.elf], capture_output=True, text=True, check=True).stdout
    for function in ("console_printf", "copy"):
        body = re.search(rf"<{function}>:\n((?:.+\n)+)", code)
        assert body and "__stack_chk_fail" in body.group(1), function


def test_a_folder_with_a_space_in_its_name_is_refused(tmp_path):
    folder = tmp_path / "my app"
    shutil.copytree(ROOT / "apps/hello", folder)
    done = try_make("BOARD=host", f"APP_DIR={folder}")
    assert done.returncode != 0 and str(folder).split()[0] in done.stderr and done.stdout == ""


# --- what else make tells ----------------------------------------------------------------------------


def test_describe_and_keys():
    assert "tcp0" in "\n".join(make("describe", "APP=web"))
    assert any("digraph" in line for line in make("describe", "APP=web", "FORMAT=dot"))
    assert any('"name": "web"' in line for line in make("describe", "APP=web", "FORMAT=json"))
    assert any("--port" in line for line in make("keys", "APP=web"))


def test_how_long_configuring_takes(hello, capsys):
    """Only told: machines differ."""
    def configure():
        shutil.rmtree(hello.build / "host" / hello.name, ignore_errors=True)
        start = time.monotonic()
        make("configure", *hello.words("host"), build=hello.build)
        return time.monotonic() - start

    first = configure()
    (hello.build / "tools/config/libconfig.a").unlink()
    relinked = configure()
    shutil.rmtree(hello.build / "tools/config")
    with capsys.disabled():
        print(f"\nmake configure: {first:.2f} s; with libconfig.a missing {relinked:.2f} s; "
              f"with its objects missing {configure():.2f} s")
