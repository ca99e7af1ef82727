# SPDX-License-Identifier: ISC
"""What the configuration compiler writes, word by word, and that compilers and tools take it.

Each folder of cases/ has a config.c for the modules of modules/, and in NAME.expected what is to be
written to the file NAME. After a wanted change: pytest tests/config/generated --update, then read the
difference.
"""

import itertools
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CASES = sorted(p.name for p in (HERE / "cases").iterdir())
FILES = ["main.c", "unikernel.h", "keys.h", "keys.c", "modules.mk", "manifest.json", "graph.dot"]
PRINTS = {"tree": "tree", "keys": "key-list"}
#: As make calls the compilers, apart from what an architecture adds.
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wmissing-prototypes", "-Wcast-align", "-Wvla",
            "-Wstrict-prototypes", "-Wpointer-arith"]
FLAGS = ["-std=gnu17", *WARNINGS, f"-I{ROOT}", f"-I{ROOT}/arch/include", f"-I{ROOT}/arch/host/include"]
MACHINE = '{"qemu": "qemu-system-any", "memory": "64M"}\n'


def run(words, folder):
    return subprocess.run([str(w) for w in words], cwd=folder, capture_output=True, text=True, timeout=60)


class Case:
    """A configuration, compiled, and what it writes to FOLDER/build/bench/NAME."""

    def __init__(self, config, source, name):
        self.config, self.name = config, name
        self.folder = config.folder
        self.out = pathlib.Path("build/bench") / name
        (self.folder / "machine.json").write_text(MACHINE)
        compiled = config.compile(source)
        assert (compiled.returncode, compiled.stderr) == (0, "")

    def run(self, *words):
        return run([self.config.program, "--board=bench", f"--prefix=apps/{self.name}/", "--version=0.1",
                    "--machine=machine.json", *words], self.folder)

    def write(self, *words):
        """Writes the files, and returns their texts."""
        done = self.run(f"--out={self.out}", *words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return {name: (self.folder / self.out / name).read_text() for name in FILES}

    def print(self, what):
        done = self.run(f"--print={what}")
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def compile(self, compiler, name, *words):
        return run([compiler, *FLAGS, f"-I{self.out}", *words, self.out / name], self.folder)


@pytest.fixture(scope="session")
def sample_headers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    (folder / "fata").mkdir()
    (folder / "fata/modules.h").write_text('#include "tests/config/generated/modules/sample.cfg.h"\n')
    return folder


@pytest.fixture
def sample(config, sample_headers):
    """Makes a Case of the text of a config.c, or of a folder of cases/."""
    config.modules = sample_headers

    def make(name, text=None):
        source = HERE / "cases" / name / "config.c"
        if text is not None:
            source = config.folder / "config.c"
            source.write_text("#include <fata/config.h>\n" + text)
        return Case(config, source, name)
    return make


# --- word by word --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_expected(name, sample, request):
    case = sample(name)
    texts = case.write()
    texts.update({PRINTS[what]: case.print(what) for what in PRINTS})
    for file, text in texts.items():
        expected = HERE / "cases" / name / f"{file}.expected"
        if request.config.getoption("--update", default=False):
            expected.write_text(text)
        assert text == expected.read_text(), file


@pytest.mark.parametrize("name", CASES)
def test_two_runs_write_the_same_and_leave_files_alone(name, sample):
    case = sample(name)
    texts = case.write()
    for file in FILES:
        os.utime(case.folder / case.out / file, (1000, 1000))
    assert case.write() == texts
    assert all((case.folder / case.out / file).stat().st_mtime == 1000 for file in FILES)
    other = case.folder / "other"
    other.mkdir()
    shutil.copy(case.folder / "machine.json", other)
    case.folder = other
    assert case.write() == texts


def test_only_what_has_changed_is_written(sample):
    case = sample("server")
    before = case.write()
    for file in FILES:
        os.utime(case.folder / case.out / file, (1000, 1000))
    after = case.write("--", "--port=8080")
    changed = {file for file in FILES if (case.folder / case.out / file).stat().st_mtime != 1000}
    assert changed == {file for file in FILES if before[file] != after[file]}
    assert changed == {"keys.c", "modules.mk", "manifest.json", "graph.dot"}
    assert "uint16_t arg_port = 8080;" in after["keys.c"]
    assert not list((case.folder / case.out).glob("*.new"))


def test_a_folder_that_cannot_be_written_is_told(sample):
    case = sample("hello")
    (case.folder / "build").write_text("in the way")
    done = case.run(f"--out={case.out}")
    assert done.returncode == 1
    assert "build" in done.stderr


def test_a_line_of_output_has_at_most_100_columns(sample):
    for name in CASES:
        texts = sample(name).write()
        for file in ("main.c", "unikernel.h", "keys.h", "keys.c", "modules.mk"):
            for line in texts[file].splitlines():
                if '"' not in line and "//" not in line:
                    assert len(line.expandtabs(8)) <= 100, (name, file, line)


# --- compilers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_c_compiles_without_warnings(name, compiler, sample):
    case = sample(name)
    case.write()
    for file in ("main.c", "keys.c", "unikernel.h", "keys.h"):
        done = case.compile(compiler, file, "-fsyntax-only", "-Wno-unused-const-variable")
        assert (done.returncode, done.stderr) == (0, ""), file


@pytest.mark.parametrize("name", CASES)
def test_lines_lead_to_the_configuration_and_back(name, sample):
    case = sample(name)
    texts = case.write()
    config = (HERE / "cases" / name / "config.c").read_text().splitlines()
    places = {d["where"] for d in json.loads(texts["manifest.json"])["devices"]}
    for file in ("main.c", "keys.c"):
        now = None
        for number, line in enumerate(texts[file].splitlines(), 1):
            if not line.startswith("#line"):
                continue
            to, path = re.fullmatch(r'#line (\d+)(?: "(.*)")?', line).groups()
            now = path or now
            if now == str(case.out / file):
                assert int(to) == number + 1
            else:
                assert now == f"apps/{name}/config.c"
                assert 0 < int(to) <= len(config)
                if file == "main.c" and "job(" not in config[int(to) - 1]:
                    assert f"config.c:{to}" in places
        assert now in (None, str(case.out / file))


def test_an_error_in_wiring_names_the_line_of_the_configuration(sample):
    case = sample("unfit", """
void configure(void)
{
	kv_t store = drawer(NULL);
	kv_t unfitting =
		unfit(store, "if (!$self.netif)\\n\\treturn ERR_NODEV;\\nreturn link_start(&$self,\\n\\t$store, "
			     "(struct waker){0});");
	unikernel("unfit", job("f", unfitting));
}
""")
    case.write()
    for compiler in ("gcc", "clang"):
        done = case.compile(compiler, "main.c", "-fsyntax-only")
        errors = [line for line in done.stderr.splitlines() if " error: " in line]
        assert errors
        assert errors[0].startswith("apps/unfit/config.c:7:"), done.stderr


def test_an_error_behind_wiring_names_the_line_of_main_c(sample):
    case = sample("unfit", """
void configure(void)
{
	kv_t store = drawer(NULL);
	unikernel("unfit", job("f", unfit(store, "(void)$store;\\nreturn no_such_thing;")));
}
""")
    texts = case.write()
    line = 1 + texts["main.c"].splitlines().index("\treturn no_such_thing;")
    done = case.compile("gcc", "main.c", "-fsyntax-only")
    assert f"{case.out}/main.c:{line}:" in done.stderr


def test_a_job_that_is_not_what_the_configuration_says_does_not_compile(sample):
    case = sample("server")
    case.write()
    good = "int server_run(struct http *http, struct kv *pages, uint16_t port)"
    for text, status in ((good, 0), (good.replace("uint16_t", "uint32_t"), 1)):
        source = f'#include "unikernel.h"\n{text}\n{{\n\treturn http && pages && port;\n}}\n'
        (case.folder / case.out / "app.c").write_text(source)
        assert case.compile("gcc", "app.c", "-fsyntax-only").returncode == status


@pytest.mark.parametrize("start, fault", [
    ("return $nothing;", "names $nothing, which it does not use"),
    ("(void)$task;", "unfit0 has no task"),
])
def test_texts_that_cannot_be_written_are_faults(sample, start, fault):
    case = sample("unfit", f"""
void configure(void)
{{
	kv_t bad = unfit(drawer(NULL), "{start}");
	unikernel("unfit", job("f", bad));
}}
""")
    done = case.run(f"--out={case.out}")
    assert done.returncode == 1
    assert done.stderr.startswith("config.c:5: ") and fault in done.stderr
    assert not (case.folder / case.out).exists()


def test_code_is_laid_out(sample):
    case = sample("layout", r"""
static const char text[] =
	"\n\n$self = (struct link){0};   \n\n\n#ifdef NOTHING\n$self.netif = NULL;\n#endif\n"
	"if (')' == '(' && \"(,\\\"\"[0] == '(') // ( stays open\n"
	"\treturn (int)sizeof($store) + (int)sizeof(\"a text that is quite long, with a comma in it\") > 1 ? ERR_IO : OK;\n"
	"struct kv *const all[] = {$store, $store, $store, $store, $store, $store, $store, $store};\n"
	"return sizeof(\n"
	"all) > 1 ? OK : ERR_IO;\n\n";

void configure(void)
{
	unikernel("layout", job("f", unfit(drawer("a-long-name"), text)));
}
""")
    main = case.write()["main.c"]
    body = main[main.index("start_unfit0(void)\n{\n"):].split("}\n")[0].split("{\n", 1)[1]
    lines = [line for line in body.splitlines() if not line.startswith("#line")]
    assert lines == r"""
	unfit0 = (struct link){0};

#ifdef NOTHING
	unfit0.netif = NULL;
#endif
	if (')' == '(' && "(,\""[0] == '(') // ( stays open
		return (int)sizeof(a_long_name0) +
			(int)sizeof("a text that is quite long, with a comma in it") > 1 ? ERR_IO
			: OK;
	struct kv *const all[] = {a_long_name0, a_long_name0, a_long_name0, a_long_name0,
				  a_long_name0, a_long_name0, a_long_name0, a_long_name0};
	return sizeof(all) > 1 ? OK : ERR_IO;
""".splitlines()[1:]
    assert case.compile("gcc", "main.c", "-fsyntax-only").stderr == ""


# --- what main.c does ----------------------------------------------------------------------------


def start(case, app, **environment):
    """Runs a configuration's main.c with the functions of `app` on modules/machine.c: status, lines."""
    case.write()
    (case.folder / case.out / "app.c").write_text('#include <stdio.h>\n#include "unikernel.h"\n' + app)
    sources = [case.out / file for file in ("main.c", "keys.c", "app.c")]
    # Nothing parses arguments here: the table of keys goes, and with it what it needs of the runtime.
    built = run(["gcc", *FLAGS, "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", f"-I{case.out}",
                 *sources, HERE / "modules/machine.c", "-o", "image"], case.folder)
    assert built.returncode == 0, built.stderr
    done = subprocess.run([case.folder / "image"], env={**os.environ, **environment}, capture_output=True,
                          text=True, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


JOBS = """
int fill(struct kv *a, struct kv *b) { printf("fill %d\\n", a != b); return 0; }
int count(struct kv *a) { printf("count %d\\n", a != NULL); return 3; }
int nothing(void) { puts("nothing"); return 5; }
"""


def test_jobs_without_loop_run_one_after_the_other(sample):
    assert start(sample("jobs"), JOBS) == (3, [
        "open drawer0 for 5 $", "started drawer0", "open index for 5 $", "started index",
        "fill 1", "count 1", "nothing", "close index", "close drawer0"])


def test_no_job_runs_when_a_device_does_not_start(sample):
    assert start(sample("jobs"), JOBS, FAILING="index") == (1, [
        "open drawer0 for 5 $", "started drawer0", "open index for 5 $", "failed index",
        "close drawer0"])


def test_jobs_with_loop_run_on_fibers_and_tasks_poll_users_first(sample):
    case = sample("fibers", """
void configure(void)
{
	tcp_t tcp = stream_over(layer_over(link_over(interface(NULL, 2))));
	unikernel("fibers", with_stack(job("first", tcp, heart()), 4096), job("second", tcp));
}
""")
    status, lines = start(case, """
int first(struct tcp *a, struct uart *b) { printf("first %d\\n", a && !b); return 0; }
int second(struct tcp *a) { printf("second %d\\n", a != NULL); return 4; }
""")
    assert status == 4
    assert lines == [
        "memory", "loop", "main 16384", "started net0", "started link0", "started layer0",
        "started echo0", "started tcp0", "started heart0", "spawn first 4096", "first 1", "second 1", "join first",
        "remove link0", "stop link 2",
        "begin 2 at 1000", "poll stream", "poll layer", "end 2", "link0 due 1007",
        "beat", "heart0 due -1"]


@pytest.mark.parametrize("first, last, main", [(None, None, 16384), (65536, None, 16384), (None, 65536, 65536),
                                               (65536, 4096, 16384)])
def test_the_main_fiber_has_the_stack_of_the_last_job_and_enough_to_start_devices(sample, first, last, main):
    jobs = [f'with_stack(job("{name}", sample_timer()), {size})' if size else f'job("{name}", sample_timer())'
            for name, size in (("first", first), ("last", last))]
    case = sample("stacks", f'\nvoid configure(void)\n{{\n\tunikernel("stacks", {", ".join(jobs)});\n}}\n')
    status, lines = start(case, """
int first(struct timer *a) { return a != NULL; }
int last(struct timer *a) { return a != NULL; }
""")
    assert status == 0
    assert lines == ["memory", "loop", f"main {main}", f"spawn first {first or 16384}", "join first"]
    manifest = json.loads(case.print("json"))
    assert [j["stack_bytes"] for j in manifest["jobs"]] == [first or 16384, main]


def test_equal_jobs_share_a_function_and_each_runs(sample):
    case = sample("equal", """
void configure(void)
{
	kv_t a = drawer("a"), b = drawer("b");
	timer_t timer = sample_timer();
	unikernel("equal", job("see", a, timer), job("see", b, timer), job("see", a, timer), job("see", a, timer));
}
""")
    status, lines = start(case, """
int see(struct kv *a, struct timer *t) { puts("see"); return a == NULL || t != NULL; }
""")
    assert status == 0
    assert lines.count("see") == 4 and lines.count("join see") == 3
    text = (case.folder / case.out / "main.c").read_text()
    assert re.findall(r"static void (job\d)", text) == ["job1", "job2"]
    assert re.findall(r", (job\d), &status\[(\d)\]", text) == [("job1", "0"), ("job2", "1"), ("job1", "2")]


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_signature_may_be_any_type_of_c(sample, compiler):
    case = sample("number", """
SIGNATURE(number, "int", "base/err.h");
SIGNATURE(mac, "const uint8_t *", "base/inet.h");

void configure(void)
{
	number_t number = device("number", number, sources(), "number_make", uses(), keys(), .stop = "number_stop");
	mac_t mac = device("mac", mac, sources(), "mac_make", uses(number), keys());
	unikernel("number", job("show", number, mac));
}
""")
    assert "int number0);" in case.write()["unikernel.h"]
    done = case.compile(compiler, "main.c", "-fsyntax-only")
    assert (done.returncode, done.stderr) == (0, "")
    status, lines = start(case, """
enum err number_make(int *self) { *self = 42; return OK; }
void number_stop(int self) { printf("stop %d\\n", self); }
enum err mac_make(const uint8_t **self, int number) { static uint8_t mac[6]; *self = mac; return number != 42; }
int show(int number, const uint8_t *mac) { printf("show %d %d\\n", number, mac[0]); return 0; }
""")
    assert (status, lines) == (0, ["started number", "started mac", "show 42 0", "stop 42"])


# --- the note ------------------------------------------------------------------------------------


def notes(path, folder):
    """What the section .note.fata of an object holds."""
    dumped = folder / "note"
    done = run(["objcopy", f"--dump-section=.note.fata={dumped}", path, folder / "copy.o"], folder)
    assert done.returncode == 0, done.stderr
    data, found = dumped.read_bytes(), []
    while data:
        owner_bytes, bytes_, kind = struct.unpack("<3I", data[:12])
        owner = data[12:12 + owner_bytes]
        start = 12 + (owner_bytes + 3 & ~3)
        found.append((owner, kind, data[start:start + bytes_]))
        data = data[start + (bytes_ + 3 & ~3):]
    return found


@pytest.mark.parametrize("lto", [False, True])
def test_the_manifest_is_one_note_that_is_not_loaded(sample, lto):
    case = sample("server")
    texts = case.write()
    words = ["-flto", "-fno-fat-lto-objects"] if lto else []
    main = case.folder / "main.o"
    done = case.compile("gcc", "main.c", "-c", "-Os", "-ffunction-sections", *words, "-o", main)
    assert done.returncode == 0, done.stderr
    if lto:
        keys = case.folder / "keys.o"
        assert case.compile("gcc", "keys.c", "-c", "-Os", *words, "-o", keys).returncode == 0
        linked = run(["gcc", "-flto", "-flto-partition=one", "-flinker-output=nolto-rel", "-r", "-Os", "-nostdlib",
                      main, keys, "-o", case.folder / "all.o"], case.folder)
        assert linked.returncode == 0, linked.stderr
        main = case.folder / "all.o"
    assert notes(main, case.folder) == [(b"Fata\0", 1, texts["manifest.json"].encode())]
    header = run(["readelf", "-SW", main], case.folder).stdout
    row = next(line for line in header.splitlines() if ".note.fata" in line)
    assert row.split("]")[1].split()[1] == "NOTE"
    assert " A " not in row


# --- manifest.json -------------------------------------------------------------------------------

FIELDS = {
    "": ["fata", "name", "board", "arch", "devices", "keys", "jobs", "ports", "netifs", "modules",
         "argument_block_bytes", "ram_bytes", "machine"],
    "devices": ["name", "kind", "signature", "about", "where", "uses", "ram_bytes"],
    "keys": ["name", "type", "stage", "value", "min", "max", "help", "where"],
    "jobs": ["function", "arguments", "stack_bytes"],
    "ports": ["protocol", "port", "key", "service"],
}
#: What a key of that type has behind its help, for `fata args`.
MORE_FIELDS = {"enum": ["words"], "list": ["of", "count_max"]}


def fields_of(part, entry):
    more = MORE_FIELDS.get(entry["type"], []) if part == "keys" else []
    return FIELDS[part][:-1] + more + FIELDS[part][-1:]


@pytest.mark.parametrize("name", CASES)
def test_manifest_has_all_fields_in_order(name, sample):
    case = sample(name)
    manifest = json.loads(case.write()["manifest.json"])
    limited = ["memory_limit_bytes"] if "memory_limit(" in (HERE / "cases" / name / "config.c").read_text() else []
    assert list(manifest) == FIELDS[""][:-3] + limited + FIELDS[""][-3:]
    for part in ("devices", "keys", "jobs", "ports"):
        assert all(list(entry) == fields_of(part, entry) for entry in manifest[part])
    assert json.loads(case.print("json")) == manifest
    assert manifest["machine"] == json.loads(MACHINE)
    assert manifest["modules"] == sorted(set(manifest["modules"]))
    names = {d["name"] for d in manifest["devices"]} | {k["name"] for k in manifest["keys"]}
    for user in manifest["devices"] + manifest["jobs"]:
        assert set(user.get("uses", []) + user.get("arguments", [])) <= names
    assert manifest["ram_bytes"] == sum(d["ram_bytes"] for d in manifest["devices"])


def test_manifest_of_a_server(sample):
    manifest = json.loads(sample("server").write()["manifest.json"])
    assert (manifest["fata"], manifest["name"]) == ("0.1", "server")
    assert (manifest["board"], manifest["arch"]) == ("bench", "any")
    assert manifest["netifs"] == 1
    assert manifest["ports"] == [{"protocol": "tcp", "port": 80, "key": "port", "service": "http"}]
    assert manifest["jobs"] == [
        {"function": "server_run", "arguments": ["http0", "files0", "port"], "stack_bytes": 16384}]
    assert [k["name"] for k in manifest["keys"]] == ["address", "port"]
    assert manifest["keys"][1] == {"name": "port", "type": "u16", "stage": "boot", "value": "80", "min": 1,
                                   "max": 65535, "help": "TCP port to serve on", "where": "config.c:9"}


def test_strings_reach_json_as_they_are(sample):
    manifest = json.loads(sample("hello").write()["manifest.json"])
    assert manifest["keys"][0]["value"] == 'a "quoted" C:\\path, for ???/ and déjà vu'
    assert manifest["keys"][0]["help"] == 'whom to "greet", C:\\, what??/ and */ this /* that'


def test_bytes_that_are_no_text_still_make_json_and_c(sample):
    case = sample("latin", r"""
void configure(void)
{
	unikernel("latin", job("f", key_string("name", "caf\xe9 \xed\xa0\x80", "one \xff \t \x7f two")));
}
""")
    key = json.loads(case.write()["manifest.json"])["keys"][0]
    assert key["value"].startswith("caf\ufffd ")
    assert key["help"] == "one \ufffd \t \x7f two"
    assert case.compile("gcc", "keys.c", "-fsyntax-only").stderr == ""


def test_a_machine_that_cannot_be_read_is_told(sample):
    case = sample("hello")
    done = case.run(f"--out={case.out}", "--machine=absent.json")
    assert done.returncode == 1
    assert "absent.json: No such file" in done.stderr


# --- graph.dot -----------------------------------------------------------------------------------

DOT = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z_0-9]+|->|[{}\[\]=,;])')


def tokens(text):
    at, found = 0, []
    while text[at:].strip():
        match = DOT.match(text, at)
        assert match, text[at:at + 40]
        found.append(match[1])
        at = match.end()
    return found


def parse_dot(text):
    """The nodes and edges of a graph, of as much of the language as is needed."""
    words = iter(tokens(text))
    assert next(words) == "digraph"
    next(words)
    assert next(words) == "{"
    nodes, edges = {}, []
    for word in words:
        if word == "}":
            assert next(words, None) is None
            return nodes, edges
        statement = [word, *itertools.takewhile(lambda w: w != ";", words)]
        attributes = {}
        if statement[-1] == "]":
            start = statement.index("[")
            rest, statement = statement[start + 1:-1], statement[:start]
            assert all(rest[i + 1] == "=" and rest[i + 3:i + 4] in ([","], []) for i in range(0, len(rest), 4))
            attributes = {rest[i]: rest[i + 2] for i in range(0, len(rest), 4)}
        if len(statement) == 3 and statement[1] == "->":
            edges.append((statement[0], statement[2], attributes))
        elif len(statement) == 1 and statement[0].startswith('"'):
            nodes[statement[0]] = attributes
        else:
            assert statement == ["node"] or statement[1] == "="
    raise AssertionError("the graph does not end")


@pytest.mark.parametrize("name", CASES)
def test_graph_has_all_nodes_and_edges(name, sample):
    texts = sample(name).write()
    manifest = json.loads(texts["manifest.json"])
    nodes, edges = parse_dot(texts["graph.dot"])
    keys = {k["name"] for k in manifest["keys"]}
    jobs = [f"job {i}" for i in range(1, len(manifest["jobs"]) + 1)]
    runtime = {"heap", "loop"}
    wanted = {d["name"] for d in manifest["devices"]} - runtime | {f"--{k}" for k in keys} | set(jobs)
    assert {node.strip('"') for node in nodes} == wanted
    uses = [(d["name"], d["uses"]) for d in manifest["devices"]]
    uses += [(j, entry["arguments"]) for j, entry in zip(jobs, manifest["jobs"])]
    wanted = sorted((user, f"--{u}" if u in keys else u) for user, used in uses for u in used
                    if not {user, u} & runtime)
    solid = [(a, b) for a, b, attributes in edges if attributes.get("style") != "dashed"]
    assert sorted((a.strip('"'), b.strip('"')) for a, b in solid) == wanted
    if shutil.which("dot"):
        drawn = subprocess.run(["dot", "-Tsvg"], input=texts["graph.dot"], capture_output=True, text=True)
        assert (drawn.returncode, drawn.stderr) == (0, "")


# --- modules.mk ----------------------------------------------------------------------------------


def test_make_reads_what_is_written(sample):
    case = sample("own")
    case.write()
    (case.folder / "show.mk").write_text(
        f"include {case.out}/modules.mk\n"
        "all:\n\t@echo '$(APP_MODULES)|$(APP_SOURCES)|$(APP_EMBED)|$(APP_HTTP_PORT)|$(APP_LINE)|$(APP_RAM_LIMIT)|$(APP_FLASH_LIMIT)'\n")
    done = run(["make", "-s", "-f", "show.mk"], case.folder)
    assert done.stderr == ""
    assert done.stdout.strip().split("|") == [
        "base runtime/fiber runtime/heap runtime/loop storage/embedded",
        "fast/add.S ../shared/meter.c", "", "", "config.c:18", "67108864", "0"]


# --- the tree's own modules ----------------------------------------------------------------------


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_what_the_trees_modules_write_compiles(tree_config, compiler):
    source = tree_config.folder / "config.c"
    source.write_text("""#include <fata/config.h>
void configure(void)
{
	netif_t lan = netif("lan"), wan = netif("wan");
	ip_t ip = static_ipv4(lan);
	tcp_t tcp = tcp_over(ip);
	udp_t udp = udp_over(ip);
	key port = key_u16("port", 80, "TCP port to serve on");

	unikernel("all", job("web", http_over(tcp, port), embedded_files("htdocs")),
		  job("other", stack_of(ip, udp, tcp), udp_over(static_ipv4(wan)), default_rng(),
		      default_console(), default_clock(), packet_pool(4, 512), default_timer()));
}
""")
    compiled = tree_config.compile(source)
    assert (compiled.returncode, compiled.stderr) == (0, "")
    out = tree_config.folder / "out"
    (tree_config.folder / "htdocs").mkdir()
    (tree_config.folder / "htdocs/index.html").write_text("page")
    done = tree_config.run("--board=virt-arm", f"--out={out}", f"--app-dir={tree_config.folder}")
    assert (done.returncode, done.stderr) == (0, "")
    for file in ("main.c", "keys.c"):
        done = run([compiler, *FLAGS, f"-I{out}", "-fsyntax-only", out / file], ROOT)
        assert (done.returncode, done.stderr) == (0, "")


def test_nothing_but_jobs_uses_what_starts_last(sample):
    case = sample("late", """
        void configure(void)
        {
            chart_t page = chart();
            kv_t store = counting("store");
            start_after(store, page);
            unikernel("late", job("late_run", store));
        }
        """)
    done = case.run(f"--out={case.out}")
    assert done.returncode == 1
    assert "store uses chart0, which starts behind all other devices; only jobs can use it" in done.stderr
