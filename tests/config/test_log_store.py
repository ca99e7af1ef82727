# SPDX-License-Identifier: ISC
"""log_store(): what a configuration makes of it, in an image over flash memory of the application's own."""

import pytest

from makes import ROOT, TWO_BOARDS, boot, image, make, write_files

pytestmark = pytest.mark.xdist_group("docs")

CONFIG = """#include <fata/config.h>

void configure(void)
{
	flash_t flash = device("chip", flash, sources("chip.c"), "chip_connect", uses(), keys());

	unikernel("settings", job("remember", log_store(flash, .keys = 64, .blocks = 16, .writer = false)));
}
"""

CHIP = """#include <string.h>

#include "hal/flash.h"
#include "unikernel.h"

enum { BLOCKS = 16, BLOCK_BYTES = 4096 };

static uint8_t bytes[BLOCKS * BLOCK_BYTES];

static enum err read(struct flash *f, uint64_t at, void *out, size_t len)
{
	(void)f;
	memcpy(out, &bytes[at], len);
	return OK;
}

static enum err program(struct flash *f, uint64_t at, const void *in, size_t len)
{
	(void)f;
	memcpy(&bytes[at], in, len);
	return OK;
}

static enum err erase(struct flash *f, uint32_t block)
{
	memset(&bytes[block * f->block_bytes], 0xff, f->block_bytes);
	return OK;
}

static enum err sync(struct flash *f)
{
	(void)f;
	return OK;
}

enum err chip_connect(struct flash **self)
{
	static const struct flash_ops ops = {.read = read, .program = program, .erase = erase, .sync = sync};
	static struct flash chip = {.ops = &ops, .name = "chip", .blocks = BLOCKS, .block_bytes = BLOCK_BYTES,
				    .program_bytes = 4};

	CONTENT
	*self = &chip;
	return OK;
}
"""

REMEMBER = """#include <string.h>

#include "hal/kv.h"
#include "runtime/console.h"
#include "unikernel.h"

int remember(struct kv_rw *store)
{
	char got[20] = "";
	enum err e = kv_set(store, "net/hostname", 12, "lamp", 4);

	if (e == OK)
		e = kv_sync(store);
	if (e == OK)
		e = kv_read(&store->kv, "net/hostname", 12, 0, got, sizeof(got) - 1) == 4 ? OK : ERR_IO;
	console_printf("%s: %s\\n", err_str(e), got);
	return 0;
}
"""


def run(board, content):
    name = f"settings-{content.split('(')[0]}"
    folder = write_files(ROOT / "build/docs" / name, {
        "config.c": CONFIG.replace('"settings"', f'"{name}"'), "chip.c": CHIP.replace("CONTENT", content),
        "remember.c": REMEMBER})
    make("-j2", f"BOARD={board}", f"APP_DIR={folder}", build="build")
    return boot(image(board, name))


@pytest.mark.parametrize("board", TWO_BOARDS)
def test_a_blank_chip_becomes_a_store(board):
    status, said = run(board, "memset(bytes, 0xff, sizeof(bytes));")
    assert status == 0 and said.endswith(": lamp\n")


def test_a_chip_with_something_else_is_left_alone():
    status, said = run("host", "strcpy((char *)bytes, \"somebody's\");")
    assert status == 0 and "chip holds something that is no store: it is left as it is" in said
    assert "lamp" not in said
