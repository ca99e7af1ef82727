# SPDX-License-Identifier: ISC
"""What fata hands to make and to the test, and what it says about wrong command lines.

The tree is a small one whose Makefile prints what it was told.
"""

import os
import pathlib
import pty
import shutil
import signal
import subprocess
import time

import pytest

from fata import ROOT, USAGE, as_nobody, folder_for_all, sanitized

MAKEFILE = """
.DEFAULT_GOAL := all
.PHONY: boards
all configure describe keys boards devices:
\t@$(info target=$@)$(foreach v,BOARD APP APP_DIR BUILD TOOLCHAIN FORMAT V,$(if $(filter command%,$(origin $v)),$(info $v=$($v))))\\
\t$(foreach v,OUTER,$(if $($v),$(info $v=$($v)))):
\t@for key in $(KEYS); do printf 'key %s\\n' "$$key"; done
\t@test ! -e broken || exit 7
\t@test ! -e slow || exec sleep 60
"""
RUN_PY = """
import os, sys
print("run.py")
for word in sys.argv[1:]:
    print("word " + word)
print("cwd " + os.getcwd())
sys.exit(42)
"""


@pytest.fixture(scope="module")
def run():
    return sanitized()


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    for path, text in (("Makefile", MAKEFILE), ("tools/mk/build.mk", ""), ("tools/run.py", RUN_PY),
                       ("boards/virt-arm/board.mk", ""), ("boards/virt-aarch64/board.mk", ""),
                       ("boards/soc/README", ""), ("apps/web/config.c", "")):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    shutil.copytree(ROOT / "tools/fata/template", root / "tools/fata/template")
    return root


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "config.c").write_text("")
    return folder


@pytest.fixture
def fata(run, tree, app):
    def call(*words, env=None, **options):
        settings = {"FATA_ROOT": str(tree), "FATA_BOARD": "", "SANITIZE": "", "XDG_CACHE_HOME": "/nonexistent/cache"}
        return run(*words, env={**settings, **(env or {})}, **{"cwd": app, **options})
    return call


def variables(done):
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line and " " not in line)


# --- what make is told -------------------------------------------------------------------------------


def test_an_application_outside_the_tree_is_built_in_its_own_folder(fata, app, tree):
    assert variables(fata("build")) == {
        "target": "all", "BOARD": "virt-aarch64", "APP_DIR": str(app), "BUILD": f"{app}/build",
        "TOOLCHAIN": f"{tree}/build/toolchain"}


def test_an_application_of_the_tree_is_built_there(fata, tree):
    assert variables(fata("build", cwd=tree / "apps/web")) == {"target": "all", "BOARD": "virt-aarch64", "APP": "web"}


def test_an_installed_tree_stays_as_it_is(fata, tree):
    (tree / "INSTALLED").write_text("")
    assert variables(fata("build"))["TOOLCHAIN"] == "/nonexistent/cache/fata/toolchain"
    assert variables(fata("build", env={"XDG_CACHE_HOME": "", "HOME": "/home/ann"}))["TOOLCHAIN"] == \
        "/home/ann/.cache/fata/toolchain"
    assert variables(fata("boards"))["BUILD"] == "/nonexistent/cache/fata/build"
    assert variables(fata("build", cwd=tree / "apps/web"))["BUILD"] == f"{tree}/apps/web/build"


def test_board_by_option_and_by_environment(fata):
    assert variables(fata("build", "-b", "virt-arm"))["BOARD"] == "virt-arm"
    assert variables(fata("build", "--board=virt-arm"))["BOARD"] == "virt-arm"
    assert variables(fata("build", env={"FATA_BOARD": "virt-arm"}))["BOARD"] == "virt-arm"
    assert variables(fata("build", "-bvirt-aarch64", env={"FATA_BOARD": "virt-arm"}))["BOARD"] == "virt-aarch64"


def test_folder_by_option(fata, app):
    assert variables(fata("build", "-C", "shop", cwd=app.parent))["APP_DIR"] == str(app)
    assert variables(fata("build", f"--directory={app}/", cwd="/"))["APP_DIR"] == str(app)


def test_verbose_shows_commands(fata):
    assert variables(fata("build", "-v"))["V"] == "1"


def test_the_settings_of_a_make_that_calls_fata_are_its_own(fata):
    done = fata("build", env={"MAKELEVEL": "1", "MAKEFLAGS": "n -- BOARD=host OUTER=1", "MFLAGS": "-n"})
    assert "OUTER" not in variables(done) and "target" in variables(done)


def test_describe_and_its_companions(fata):
    assert variables(fata("describe"))["FORMAT"] == "tree"
    assert variables(fata("describe", "--dot"))["FORMAT"] == "dot"
    assert variables(fata("describe", "--json", "-b", "virt-arm"))["BOARD"] == "virt-arm"
    assert variables(fata("keys"))["target"] == "keys"
    for word in ("devices", "boards"):
        assert variables(fata(word, cwd="/")) == {"target": word}


def test_names_of_boards(fata):
    assert fata("boards", "--names", cwd="/").stdout == "virt-aarch64\nvirt-arm\n"


def test_a_picture_is_drawn_by_dot(fata, app, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("make", "sh", "cat"):
        (tools / name).symlink_to(shutil.which(name))
    env = {"PATH": str(tools)}
    assert "graphviz" in fata("describe", "--svg=graph.svg", env=env, status=127).stderr
    (tools / "dot").write_text('#!/bin/sh\n[ "$1" = -Tsvg ] && cat > "${2#-o}"\n')
    (tools / "dot").chmod(0o755)
    fata("describe", "--svg=graph.svg", env=env)
    assert "FORMAT=dot" in (app / "graph.svg").read_text()


# --- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words,keys", [
    (["--port=8080"], ["--port=8080"]),
    (["--tls", "--no-quiet"], ["--tls", "--no-quiet"]),
    (["-b", "virt-arm", "--port=1", "-v", "--name=x"], ["--port=1", "--name=x"]),
    (["--port=1", "--board", "virt-arm", "--", "--board=x", "--help"], ["--port=1", "--board=x", "--help"]),
    (["--name=it's $(HOME) `id` \"x\" \\ # ; é"], ["--name=it's $(HOME) `id` \"x\" \\ # ; é"]),
    ([], []),
])
def test_settings_reach_the_configuration_as_they_are(fata, app, words, keys):
    for board in ("virt-arm", "virt-aarch64"):
        (app / f"build/{board}/shop").mkdir(parents=True)
    done = fata("configure", *words)
    assert [line[4:] for line in done.stdout.splitlines() if line.startswith("key ")] == keys
    if any("virt-arm" in word for word in words):
        assert "BOARD=virt-arm" in done.stdout


def test_settings_hold_until_others_come(fata, app, tree):
    def keys(*words):
        return [line[4:] for line in fata(*words).stdout.splitlines() if line.startswith("key ")]
    (app / "build/virt-arm/shop").mkdir(parents=True)
    given = ["--port=80", "--name=a $b"]
    assert keys("configure", "-b", "virt-arm", *given) == given
    for command in ("build", "describe", "keys"):
        assert keys(command, "-b", "virt-arm") == given
    assert keys("build", "-b", "virt-aarch64") == []
    (tree / "broken").write_text("")
    fata("configure", "-b", "virt-arm", "--other", status=2)
    (tree / "broken").unlink()
    assert keys("build", "-b", "virt-arm") == given
    assert keys("configure", "-b", "virt-arm") == keys("build", "-b", "virt-arm") == []


@pytest.mark.parametrize("words", [["port=80"], ["x"], ["--", "port"], ["--name=a\nb"], ["--", "--"]])
def test_what_is_no_setting(fata, words):
    fata("configure", *words, status=USAGE)


# --- run ---------------------------------------------------------------------------------------------


def words_of(done):
    return [line[5:] for line in done.stdout.splitlines() if line.startswith("word ")]


def test_run_builds_and_becomes_the_emulator(fata, app):
    done = fata("run", "-b", "virt-arm", "--port=81", "--mem=64M", "--tap=t0", "--pcap=x.pcap", "--disk=x.img", "--kvm",
                "--debug", "--", "--log=debug", "--name=two words", "--x=$(y)", status=42)
    assert done.stdout.index("target=all") < done.stdout.index("run.py")
    words = words_of(done)
    assert words[0] == f"{app}/build/virt-arm/shop/manifest.json"
    assert sorted(words[1:]) == sorted(["--caller=fata", "--port=81", "--mem=64M", "--tap=t0", "--pcap=x.pcap", "--disk=x.img",
                                        "--kvm=1", "--debug=1",
                                        '--args=--log=debug --name="two words" --x=$(y)'])
    assert f"cwd {app}" in done.stdout


def test_run_of_a_sanitized_process(fata, app):
    done = fata("run", env={"SANITIZE": "1"}, status=42)
    assert words_of(done)[0] == f"{app}/build/virt-aarch64-sanitize/shop/manifest.json"


def test_run_in_the_tree(fata, tree):
    done = fata("run", cwd=tree / "apps/web", status=42)
    assert words_of(done)[0] == f"{tree}/build/virt-aarch64/web/manifest.json"


def test_a_failed_build_is_not_run(fata, tree):
    (tree / "broken").write_text("")
    done = fata("run", status=2)
    assert "run.py" not in done.stdout
    assert fata("build", status=2).returncode == 2


@pytest.mark.parametrize("words,said", [
    (["--port=0"], "--port=0"), (["--port=65536"], "65535"), (["--port=http"], "--port=http"), (["--port="], "--port="),
    (["--mem=lots"], "--mem=lots"), (["--mem=0"], "--mem=0"), (["--mem=64MB"], "--mem=64MB"), (["--kvm=1"], "no value"),
    (["--log=debug"], "--log: unknown option"), (["x"], "behind --"), (["--", 'a"b'], "double quote"),
    (["--", "a\nb"], "control"), (["--jobs=0"], "--jobs=0"), (["-jx"], "--jobs=x"), (["-b"], "-b: a value is missing"),
])
def test_wrong_options_of_run(fata, words, said):
    done = fata("run", *words, status=USAGE)
    assert said in done.stderr and done.stdout == ""


def test_ctrl_c_ends_the_build_and_fata(run, tree, app):
    (tree / "slow").write_text("")
    primary, secondary = pty.openpty()
    process = subprocess.Popen([run.program, "run"], cwd=app, stdin=secondary, stdout=secondary, stderr=secondary,
                               start_new_session=True, env={**os.environ, "FATA_ROOT": str(tree), **{
                                   k: v for k, v in run.env.items() if k != "FATA_ROOT"}})
    try:
        seen = b""
        while b"target=all" not in seen:
            seen += os.read(primary, 1000)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=10) in (-signal.SIGINT, 2, 130)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        os.close(primary)
        os.close(secondary)


# --- test --------------------------------------------------------------------------------------------


def test_the_test_gets_words_and_environment(fata, app, tree):
    program = app / "test"
    program.write_text('#!/bin/sh\necho "$FATA_BOARD $FATA_IMAGE $PWD $*"\n"$FATA" --version\nexit 9\n')
    assert "chmod" in fata("test", status=1).stderr
    program.chmod(0o755)
    done = fata("test", "-b", "virt-arm", "-C", app, "--", "-v", "x y", cwd="/", status=9)
    assert f"virt-arm {app}/build/virt-arm/shop/shop.elf {app} -v x y\nfata 0" in done.stdout
    (tree / "broken").write_text("")
    assert "virt-arm /" not in fata("test", status=2).stdout


def test_pytest_files_are_tests_too(fata, app):
    assert "no test" in fata("test", status=1).stderr
    (app / "test_it.py").write_text("import os\ndef test_it():\n    assert os.environ['FATA_BOARD'] == 'virt-arm'\n")
    assert "1 passed" in fata("test", "-b", "virt-arm").stdout
    assert "1 failed" in fata("test", "-b", "virt-aarch64", status=1).stdout
    assert "behind --" in fata("test", "x", status=USAGE).stderr


# --- clean -------------------------------------------------------------------------------------------


def test_clean_removes_what_was_built_and_nothing_else(fata, app, tree):
    (app / "build/virt-arm/shop").mkdir(parents=True)
    (app / "build/virt-arm/shop/x").write_text("")
    fata("clean")
    assert sorted(p.name for p in app.iterdir()) == ["config.c"]
    fata("clean")
    for path in ("build/virt-arm/web/x", "build/host/web/x", "build/host/other/x", "build/toolchain/x"):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text("")
    fata("clean", cwd=tree / "apps/web")
    assert not list(tree.glob("build/*/web")) and len(list(tree.glob("build/*/*"))) == 2


# --- where things are --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["configure", "build", "run", "test", "clean", "describe", "keys"])
def test_without_a_config_c(fata, command, tmp_path):
    error = fata(command, cwd=tmp_path, status=1).stderr
    assert "no config.c" in error and "fata new" in error and error.count("\n") == 1
    assert "No such file" in fata(command, "-C", "nowhere", status=1).stderr


@pytest.mark.parametrize("name,said", [("my shop", "blank"), ("a$b", "'$'"), ("a#b", "'#'"), ("a:b", "':'"), ("a\nb", "control")])
def test_paths_that_make_cannot_handle(fata, app, name, said):
    other = app.rename(app.with_name(name))
    assert said in fata("build", cwd=other, status=1).stderr


def test_unknown_boards(fata):
    assert "did you mean virt-arm?" in fata("build", "-b", "virt-amr", status=USAGE).stderr
    error = fata("build", env={"FATA_BOARD": "toaster"}, status=USAGE).stderr
    assert "FATA_BOARD=toaster" in error and "virt-aarch64 and virt-arm" in error


def test_a_tree_that_is_not_there(fata, tmp_path):
    assert "FATA_ROOT" in fata("build", env={"FATA_ROOT": str(tmp_path)}, status=1).stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_a_folder_that_cannot_be_written(run, tree):
    with folder_for_all() as folder:
        shutil.copytree(tree, folder / "tree")
        (folder / "config.c").write_text("")
        done = as_nobody(run.program, "build", cwd=folder, env={**run.env, "FATA_ROOT": str(folder / "tree")})
        assert done.returncode == 1 and f"{folder}/build cannot be written" in done.stderr
        folder.chmod(0o777)
        done = as_nobody(run.program, "build", cwd=folder,
                         env={**run.env, "FATA_ROOT": str(folder / "tree"), "XDG_CACHE_HOME": "/nonexistent"})
        assert done.returncode == 0 and "TOOLCHAIN=/nonexistent/fata/toolchain" in done.stdout


# --- new ---------------------------------------------------------------------------------------------


def test_new_makes_a_whole_application(fata, tmp_path):
    out = fata("new", "greeter-2", cwd=tmp_path).stdout
    assert "cd greeter-2" in out
    folder = tmp_path / "greeter-2"
    assert sorted(p.name for p in folder.iterdir()) == [".gitignore", "Makefile", "README.md", "app.c", "config.c", "test"]
    assert os.access(folder / "test", os.X_OK) and not os.access(folder / "app.c", os.X_OK)
    for path in folder.iterdir():
        assert "@NAME@" not in path.read_text()
    assert 'unikernel("greeter-2"' in (folder / "config.c").read_text()


def test_new_leaves_what_exists_alone(fata, tmp_path, app):
    assert "is there already" in fata("new", "shop", cwd=tmp_path, status=1).stderr
    assert [p.name for p in app.iterdir()] == ["config.c"]
    assert "could not be made" in fata("new", "-C", "nowhere", "x", cwd=tmp_path, status=1).stderr


@pytest.mark.parametrize("name", ["", "Shop", "9lives", "-x", "a/b", "/tmp/x", "..", ".", "a b", "a_b", "a-", "é", "a" * 33, "x\n"])
def test_names_that_cannot_be(fata, tmp_path, name):
    before = sorted(p.name for p in tmp_path.iterdir())
    fata("new", "--", name, cwd=tmp_path, status=USAGE)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_new_without_its_template_leaves_nothing(fata, tmp_path, tree):
    (tree / "tools/fata/template/test.in").unlink()
    assert "test.in" in fata("new", "x", cwd=tmp_path, status=1).stderr
    assert not (tmp_path / "x").exists()


# --- the command itself ------------------------------------------------------------------------------

COMMANDS = ["new", "configure", "build", "run", "test", "clean", "describe", "keys", "devices", "boards", "inspect",
            "args", "kv", "symbolize", "deploy", "debug", "sdcard", "disk", "flash"]


def test_help_and_version(fata):
    out = fata("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in out
        text = fata(command, "--help", cwd="/").stdout
        assert text.startswith(f"Usage: fata {command}") and "--help" in text
        assert fata("help", command).stdout == text
        assert all(len(line) <= 90 for line in text.splitlines())
    assert fata("help").stdout == out == fata("-h").stdout
    assert fata("--version").stdout.startswith("fata 0.")


@pytest.mark.parametrize("words,said", [
    ([], "a command is missing"), (["buidl"], "did you mean 'build'?"), (["symbolise"], "did you mean 'symbolize'?"),
    (["xyzzy"], "no command 'xyzzy'"), (["--frob"], "--frob"), ([""], "no command ''"), (["x" * 5000], "no command"),
    (["help", "nwe"], "did you mean 'new'?"),
])
def test_unknown_commands(fata, words, said):
    done = fata(*words, status=USAGE)
    assert said in done.stderr and "fata --help" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_options(fata, command):
    if command != "configure":
        assert "--frob" in fata(command, "--frob", status=USAGE).stderr
    assert "-Z" in fata(command, "-Z", status=USAGE).stderr


@pytest.mark.parametrize("command", ["build", "clean", "describe", "keys", "devices", "boards"])
def test_stray_words(fata, command):
    assert "stray" in fata(command, "stray", status=USAGE).stderr


@pytest.mark.parametrize("command", ["new", "inspect", "args", "kv", "symbolize", "deploy"])
def test_missing_words(fata, command):
    assert "missing" in fata(command, status=USAGE).stderr


def test_a_full_disk_is_noticed(run):
    with open("/dev/full", "w") as full:
        done = subprocess.run([run.program, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and "could not be written" in done.stderr


# --- completion and manual ---------------------------------------------------------------------------


def complete(tree, run, folder, *words):
    script = pathlib.Path(folder, "complete.sh")
    script.write_text(f"""compopt() {{ :; }}
. {ROOT}/tools/fata/fata.bash-completion
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_fata
printf '%s\\n' "${{COMPREPLY[@]}}"
""")
    env = {**os.environ, **run.env, "FATA_ROOT": str(tree)}
    return subprocess.run(["bash", script, *words], cwd=folder, env=env, capture_output=True, text=True,
                          check=True).stdout.split()


def test_completion(run, tree, tmp_path):
    for name in ("web.elf", "web.img", "notes.txt"):
        (tmp_path / name).write_text("")
    def words(*line):
        return complete(tree, run, tmp_path, str(run.program), *line)
    assert set(words("")) >= set(COMMANDS)
    assert words("bu") == ["build"]
    assert words("build", "--bo") == ["--board="]
    assert words("run", "--board", "=", "virt-ar") == ["virt-arm"]
    assert words("run", "-b", "virt-") == ["virt-aarch64", "virt-arm"]
    assert words("inspect", "we") == ["web.elf", "web.img"]
    assert words("symbolize", "we") == ["web.elf"]
    assert words("describe", "--s") == ["--svg="]


def test_every_option_of_a_help_text_is_completed_and_in_the_manual(fata, run, tree, tmp_path):
    manual = subprocess.check_output(["groff", "-man", "-Tascii", "-P-cbou", ROOT / "docs/fata.1"], text=True)
    for command in COMMANDS:
        assert f" {command} " in manual
        text = fata(command, "--help").stdout
        named = {word.strip(",").split("=")[0] for line in text.splitlines() if line.startswith("  ")
                 for word in line.split()[:2] if word.startswith("--") and len(word) > 2}
        offered = {word.rstrip("=") for word in complete(tree, run, tmp_path, str(run.program), command, "--")}
        assert {word for word in named if word.isascii()} <= offered, command
        for word in named - {"--KEY", "--tree"}:
            assert word in manual, (command, word)


def test_the_manual_has_no_faults():
    done = subprocess.run(["groff", "-man", "-Tutf8", "-wall", "-z", ROOT / "docs/fata.1"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0 and done.stderr == ""
