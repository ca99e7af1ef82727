# SPDX-License-Identifier: ISC
"""What the last step of a build says of images that do not fit, and that images are the same anywhere."""

import json
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = """
	.text
	.globl _start
	.type _start, %function
_start:	.space 3000
	.size _start, . - _start
	.section .rodata
	.type table, %object
table:	.space 600
	.size table, . - table
	.data
	.type counters, %object
counters: .fill 25, 4, 1
	.size counters, . - counters
	.bss
	.type room, %object
room:	.space 500
	.size room, . - room
	.section .note.GNU-stack, "", %progbits
"""
#: A board whose image lies in flash, from which its variables are copied to memory.
SCRIPT = """
MEMORY
{
	flash(rx) : ORIGIN = 0x8000000, LENGTH = FLASH
	ram(rwx) : ORIGIN = 0x20000000, LENGTH = 64K
}
PHDRS
{
	code PT_LOAD FLAGS(5);
	data PT_LOAD FLAGS(6);
}
SECTIONS
{
	.text : { *(.text*) } > flash : code
	.rodata : { *(.rodata*) } > flash : code
	.data : { *(.data*) } > ram AT> flash : data
	.bss (NOLOAD) : { *(.bss*) } > ram : data
	/DISCARD/ : { *(.eh_frame) *(.note.*) *(.comment) }
}
"""
MANIFEST = {
    "name": "web", "board": "chip",
    "devices": [{"name": "net0-rx", "about": "pool of 4 packets", "ram_bytes": 2000},
                {"name": "net0", "about": "network interface", "ram_bytes": 0}],
    "jobs": [{"function": "web_start", "arguments": [], "stack_bytes": 400}],
}


class Link:
    """tools/link.py on a program of 3,000 bytes of code, 600 of constants, 100 of data, 500 zeroed."""

    def __init__(self, folder):
        self.folder, self.elf = folder, folder / "web.elf"
        (folder / "program.S").write_text(PROGRAM)
        (folder / "manifest.json").write_text(json.dumps(MANIFEST))

    def __call__(self, *words, flash=0, memory=0, region="64K", source=PROGRAM):
        (self.folder / "image.ld").write_text(SCRIPT.replace("FLASH", region))
        (self.folder / "program.S").write_text(source)
        return subprocess.run(
            ["/usr/bin/python3", ROOT / "tools/link.py", *words, f"--flash={flash}", f"--memory={memory}",
             "--manifest=manifest.json", "--line=apps/web/config.c:15", f"--output={self.elf}", "--", "cc", "-static",
             "-nostdlib", "-no-pie", "-Wl,--build-id=none", "-T", "image.ld", "program.S"],
            cwd=self.folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def link(tmp_path):
    return Link(tmp_path)


def assert_refused(link, done, said):
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == said
    assert not link.elf.exists()


def rows(*named):
    columns = max(len(name) for name, _ in named)
    return "; most take\n" + "".join(f"    {name:<{columns}} {count:>12}\n" for name, count in named)


FLASH_ROWS = rows(("C library", "3,000"), ("variable table", "600"), ("variable counters", "100"))
MEMORY_ROWS = rows(("net0-rx, pool of 4 packets", "2,000"), ("variable room", "500"),
                   ("stack of web_start()", "400"), ("variable counters", "100"))


def test_what_fits_is_linked_without_a_word(link):
    for limits in ({}, {"flash": 3700, "memory": 3000}, {"memory": 6600}):
        done = link(**limits)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert link.elf.exists()
        link.elf.unlink()


def test_flash_holds_code_constants_and_the_values_of_variables(link):
    assert_refused(link, link(flash=3699, memory=3000),
                   "apps/web/config.c:15: web needs 3,700 bytes of flash, 1 more than chip has" + FLASH_ROWS)


def test_memory_holds_variables_and_what_is_taken_at_the_start(link):
    assert_refused(link, link(flash=3700, memory=2000), "apps/web/config.c:15: web needs 3,000 bytes of memory "
                   "at least, 1,000 more than chip has" + MEMORY_ROWS)


def test_without_flash_memory_holds_all(link):
    done = link(memory=6599)
    assert done.stderr == "apps/web/config.c:15: web needs 6,600 bytes of memory at least, 1 more than chip has" + rows(
        ("C library", "3,000"), ("net0-rx, pool of 4 packets", "2,000"), ("variable table", "600"),
        ("variable room", "500"), ("stack of web_start()", "400"))


def test_both_can_be_too_much(link):
    assert_refused(link, link(flash=3600, memory=2900),
                   "apps/web/config.c:15: web needs 3,700 bytes of flash, 100 more than chip has" + FLASH_ROWS +
                   "apps/web/config.c:15: web needs 3,000 bytes of memory at least, 100 more than chip has" +
                   MEMORY_ROWS)


def test_what_the_linker_refuses_is_told_in_the_same_words(link):
    assert_refused(link, link(flash=3600, memory=3000, region="3600"),
                   "apps/web/config.c:15: web needs 3,700 bytes of flash, 100 more than chip has" + FLASH_ROWS)


def test_a_region_of_the_linker_script_that_is_no_limit_of_the_board(link):
    done = link(region="3600")
    assert done.stderr.startswith("apps/web/config.c:15: web is too large for chip: "
                                  "the region flash is too small by 100 bytes; most take\n    C library ")
    assert not link.elf.exists()


def test_variables_out_of_reach_have_a_status_of_their_own_where_the_code_may_be_made_for_that(link):
    far = PROGRAM + "\t.text\n\t.short table\n"
    for limits in ({}, {"region": "3600"}):
        done = link("--near", source=far, **limits)
        assert (done.returncode, done.stderr) == (3, "")
    assert "relocation truncated to fit" in link(source=far).stderr


def test_other_faults_are_the_linkers(link):
    done = link(flash=10, source=PROGRAM + "\t.text\n\t.long nothing\n")
    assert done.returncode == 1
    assert "undefined reference to `nothing'" in done.stderr and "most take" not in done.stderr
    assert not link.elf.exists()


# --- make ----------------------------------------------------------------------------------------


def test_code_that_is_the_same_is_compiled_once_for_several_linker_scripts(tmp_path):
    """With --keep: what link-time optimization makes of it is kept, as long as nothing else has changed."""
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))

    def compiled(value):
        (tmp_path / "x.c").write_text(f"int seven(void) {{ return {value}; }}\n")
        (tmp_path / "y.c").write_text("int seven(void);\nint main(void) { return seven(); }\n")
        subprocess.run(["cc", "-g", "-O2", "-flto", "-c", "x.c", "y.c"], check=True, cwd=tmp_path)

    def linked(option, keep=("--keep=kept",)):
        """The image, and whether its code was compiled."""
        before = (tmp_path / "kept/asked").stat().st_mtime_ns if (tmp_path / "kept").exists() else 0
        subprocess.run(["/usr/bin/python3", ROOT / "tools/link.py", "--manifest=manifest.json", "--line=config.c:15", *keep,
                        "--output=x.elf", "--", "cc", "-g", "-O2", "-flto", "-flto-partition=one", "-fno-fat-lto-objects",
                        "-Wl,--build-id=none", option, "x.o", "y.o"], check=True, cwd=tmp_path)
        same = keep and before == (tmp_path / "kept/asked").stat().st_mtime_ns
        return (tmp_path / "x.elf").read_bytes(), not same

    compiled(7)
    first = linked("-Wl,--defsym=least=1")
    other = linked("-Wl,--defsym=least=2")
    assert first[1] and not other[1] and first[0] != other[0]
    for option, image in (("-Wl,--defsym=least=1", first[0]), ("-Wl,--defsym=least=2", other[0])):
        assert linked(option, keep=())[0] == image
    compiled(8)
    assert linked("-Wl,--defsym=least=2")[1]
    assert subprocess.run([tmp_path / "x.elf"], check=False).returncode == 8


def make(*words):
    return subprocess.run(["make", "SETUP=0", "TOOLCHAIN=build/toolchain", "BOARD=virt-arm", "APP=hello", *words],
                          cwd=ROOT, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The folder of a build beside that of the tree."""
    return tmp_path_factory.mktemp("output")


@pytest.mark.xdist_group("link")  # those share it
def test_an_image_over_its_budget_is_no_image(output):
    build = f"BUILD={output}"
    elf = output / "virt-arm/hello/hello.elf"
    assert make(build).stderr == ""
    for limit, what in (("FLASH_BYTES=10000", "bytes of flash"), ("RAM_BYTES=90000", "bytes of memory at least")):
        assert elf.exists()
        done = make(build, limit)
        assert done.returncode == 2
        said = done.stderr.splitlines()
        assert said[0].startswith("apps/hello/config.c:9: hello needs ") and f" {what}, " in said[0]
        assert said[0].endswith(" more than virt-arm has; most take")
        assert all(line.startswith("    ") for line in said[1:6])
        assert not elf.exists()
        assert make(build).returncode == 0


CROWDED = """\
#include "runtime/console.h"
#include "unikernel.h"

%s

static unsigned keep(void)
{
	unsigned at = 77;

	__asm__("" : "+r"(at));
	return at;
}

int crowd(void)
{
	console_printf("%%u\\n", room[keep()]);
	return 0;
}
"""


@pytest.mark.xdist_group("link")
@pytest.mark.parametrize("room,what", [
    ("static volatile unsigned char room[5 << 20];", "memory at least"),
    ("static const unsigned char room[5 << 20] = {[77] = 1};", "flash")])
def test_a_microcontroller_that_is_too_small_is_said_to_be(tmp_path, output, room, what):
    app = tmp_path / "crowded"
    app.mkdir()
    (app / "config.c").write_text('#include <fata/config.h>\n\nvoid configure(void)\n{\n'
                                  '\tunikernel("crowded", job("crowd"));\n}\n')
    (app / "crowd.c").write_text(CROWDED % room)
    done = make(f"BUILD={output}", "BOARD=mps2-an385", f"APP_DIR={app}")
    said = done.stderr.splitlines()
    assert done.returncode == 2
    assert said[0].startswith("config.c:5: crowded needs ") and f" bytes of {what}, " in said[0]
    assert said[0].endswith(" more than mps2-an385 has; most take")
    assert not (output / "mps2-an385/crowded/crowded.elf").exists()


def size(tmp_path, *limits):
    """Of PROGRAM, as make has it printed."""
    image, manifest, script = tmp_path / "web.elf", tmp_path / "manifest.json", tmp_path / "script.ld"
    manifest.write_text(json.dumps(MANIFEST))
    script.write_text(SCRIPT.replace("FLASH", "64K"))
    (tmp_path / "program.S").write_text(PROGRAM)
    subprocess.run(["gcc", "-nostdlib", "-static", "-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments", "-T", script,
                    "-o", image, tmp_path / "program.S"], check=True, cwd=tmp_path)
    return subprocess.run(["tools/size.py", f"--manifest={manifest}", *limits, image], check=True, cwd=ROOT,
                          capture_output=True, text=True).stdout


def test_flash_and_memory_are_told_apart(tmp_path):
    shown = size(tmp_path, "--flash=65536", "--memory=4096")
    assert shown.endswith("""
  flash          3,700 bytes of 65,536
  RAM            3,000 bytes of 4,096
                   600 variables, boot and interrupt stacks
                 2,000 what devices take at the start
                   400 stacks of jobs
"""), shown


def test_without_flash_all_is_memory(tmp_path):
    shown = size(tmp_path, "--memory=4096")
    assert "\n  loadable       3,700 bytes\n  RAM            6,600 bytes of 4,096\n" in shown, shown


def test_every_board_has_its_line():
    done = make("sizes", "APP=hello")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()[3:]}
    assert set(rows) == {p.parent.name for p in (ROOT / "boards").glob("*/board.mk")}
    assert rows["virt-arm"][1] == "none"
    image, flash, ram = (int(n.replace(",", "")) for n in rows["mps2-an385"])
    assert image <= flash <= 8 << 10 and ram <= 2 << 10
