/* SPDX-License-Identifier: ISC */
/*
 * From what the loader left to a console and memory.
 */
#include "arch/cpu.h"
#include "boards/common/common.h"
#include "boards/soc/allwinner-h3/h3.h"
#include "boards/tree/atags.h"
#include "boards/tree/seed.h"
#include "boards/tree/start.h"
#include "hal/board.h"

static uint64_t kaslr_seed;

uint64_t board_guard_seed(void)
{
	return kaslr_seed;
}

/* Devices are where they always are. */
static void ignore(void *arg, const struct tree *t, const struct tree_node *n)
{
	(void)arg;
	(void)t;
	(void)n;
}

static enum err read_tree(struct tree *t, void *fdt, size_t bytes)
{
	enum err e = tree_read(t, fdt, bytes, H3_RAM_START, ignore, NULL, NULL);

	if (e != OK) {
		board_complain("the device tree is damaged");
		return e;
	}
	kaslr_seed = t->kaslr_seed;
	seed_take(t);
	return OK;
}

static void read_tags(struct tree *t)
{
	struct atags tags;

	*t = (struct tree){.lowest_ram = H3_RAM_START};
	if (!start_map(H3_ATAGS, H3_ATAGS_BYTES, H3_RAM_START) ||
	    atags_parse(&tags, (const uint32_t *)(uintptr_t)H3_ATAGS, H3_ATAGS_BYTES) != OK)
		return;
	t->bootargs = tags.cmdline;
	t->bootargs_len = tags.cmdline_len;
	if (tags.ram_bytes <= H3_RAM_BYTES_MAX)
		tree_add_ram(t, tags.ram_start, tags.ram_bytes);
}

static enum err prepare_memory(struct tree *t)
{
	if (t->n_ram == 0)
		tree_add_ram(t, H3_RAM_START, H3_RAM_AT_LEAST);
	return t->too_many_reserved ? ERR_NOMEM : start_memory(t);
}

enum err board_init(const struct boot *boot)
{
	struct tree t;
	size_t bytes = 0; /* set with the tree, which the compiler may not see */
	void *fdt = start_map_tree((uintptr_t)boot->fdt, H3_RAM_START, &bytes);
	enum err e = OK;

	h3_console_init();
	if (fdt != NULL)
		e = read_tree(&t, fdt, bytes);
	else
		read_tags(&t);
	if (e != OK)
		return e;
	e = start_copy_bootargs(&t);
	if (e == ERR_RANGE)
		board_complain(START_ARGS_TOO_LONG);
	if (e != OK)
		return e;
	e = prepare_memory(&t);
	if (e != OK)
		board_complain("the memory could not be mapped");
	return e;
}
