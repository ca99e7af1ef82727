# SPDX-License-Identifier: ISC
"""Compiles configurations as make does, and runs them."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/config"
CC = "cc"
#: What make compiles a config.c with.
FLAGS = ["-std=gnu17", "-O0", "-pipe", "-Wall", "-Wno-override-init", "-ftrack-macro-expansion=0",
         "-fno-diagnostics-show-caret"]
LIBRARY_FLAGS = ["-std=gnu17", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Iarch/include",
                 "-Iarch/host/include"]
INCLUDES = ["-I.", "-Itools/config/include"]
#: What the library holds beside tools/config/lib.
SHARED = ["runtime/args.c", "runtime/args_address.c", "runtime/args_check.c", "runtime/args_list.c",
          "runtime/args_number.c", "runtime/args_text.c", "runtime/args_types.c", "base/divide.c",
          "base/err.c", "base/inet.c", "base/text.c"]


#: The groups of tests that run one after another in one process, from the longest on.
LONG_GROUPS = ["images", "docs", "fata"]


def pytest_collection_modifyitems(items):
    """Long groups first, so that none is left to run alone at the end."""
    def place(item):
        group = item.get_closest_marker("xdist_group")
        return LONG_GROUPS.index(group.args[0]) if group and group.args[0] in LONG_GROUPS else len(LONG_GROUPS)
    items.sort(key=place)


def run(words, **more):
    return subprocess.run([str(w) for w in words], cwd=ROOT, capture_output=True, text=True,
                          timeout=60, **more)


def must(words):
    done = run(words)
    assert done.returncode == 0, done.stderr
    return done


def build_library(folder):
    """One object, of which only the language is visible: config.c may call its functions as it likes."""
    sources = sorted((ROOT / "tools/config/lib").glob("*.c")) + [ROOT / s for s in SHARED]
    objects = []
    for source in sources:
        objects.append(folder / f"{source.stem}.o")
        must([CC, *LIBRARY_FLAGS, *INCLUDES, "-c", source.relative_to(ROOT), "-o", objects[-1]])
    must([CC, "-r", "-o", folder / "all.o", *objects])
    must(["objcopy", "-w", "--keep-global-symbol=fata_*", "--keep-global-symbol=main", folder / "all.o"])
    must(["ar", "rcs", folder / "libfata-config.a", folder / "all.o"])
    return folder / "libfata-config.a"


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """make's, if it is newer than all that it is made of."""
    made = ROOT / "build/tools/config/libconfig.a"
    inputs = [p for d in ("tools/config", "runtime", "base") for p in (ROOT / d).rglob("*.[ch]")]
    if made.exists() and all(p.stat().st_mtime < made.stat().st_mtime for p in inputs):
        return made
    return build_library(tmp_path_factory.mktemp("library"))


def headers(folder, files):
    """A folder of includes whose fata/modules.h includes these files."""
    (folder / "fata").mkdir(parents=True)
    text = "".join(f'#include "{f.relative_to(ROOT)}"\n' for f in sorted(files))
    (folder / "fata/modules.h").write_text(text)
    return folder


@pytest.fixture(scope="session")
def test_headers(tmp_path_factory):
    return headers(tmp_path_factory.mktemp("test"), (HERE / "modules").glob("*.cfg.h"))


@pytest.fixture(scope="session")
def tree_headers(tmp_path_factory):
    files = (f for f in ROOT.rglob("*.cfg.h")
             if f.relative_to(ROOT).parts[0] not in ("tests", "build"))
    return headers(tmp_path_factory.mktemp("tree"), files)


class Config:
    """A folder with a config.c, and what it is compiled with."""

    def __init__(self, folder, modules, library):
        self.folder, self.modules, self.library = folder, modules, library
        self.program = folder / "config"

    def compile(self, source, extra=()):
        """As make does; the name of the file in messages is config.c."""
        return run([CC, *FLAGS, *INCLUDES, f"-I{self.modules}", *extra,
                    f"-fmacro-prefix-map={source.parent}/=", "-o", self.program, source, self.library])

    def write(self, text):
        """Compiles the text of a config.c, without a word from the compiler."""
        source = self.folder / "config.c"
        source.write_text(text)
        done = self.compile(source)
        assert (done.returncode, done.stderr) == (0, "")
        return self

    def run(self, *words):
        return run([self.program, *words])

    def json(self, *words):
        """The manifest."""
        import json
        done = self.run("--print=json", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def faults(self, *words):
        """What is told, without the line that counts it."""
        done = self.run("--print=tree", *words)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr.splitlines()[:-1]


@pytest.fixture
def config(tmp_path, test_headers, library):
    """A configuration with the modules and boards of tests/config/modules."""
    return Config(tmp_path, test_headers, library)


@pytest.fixture
def tree_config(tmp_path, tree_headers, library):
    """One with those of the tree."""
    return Config(tmp_path, tree_headers, library)
