/* SPDX-License-Identifier: ISC */
#include "boards/tree/loader.h"

#include "boards/common/common.h"
#include "boards/tree/atags.h"
#include "boards/tree/seed.h"
#include "boards/tree/start.h"

/* Devices are where they always are. */
static void ignore(void *arg, const struct tree *t, const struct tree_node *n)
{
	(void)arg;
	(void)t;
	(void)n;
}

static enum err read_tree(struct tree *t, void *fdt, size_t bytes, const struct loader_limits *l)
{
	enum err e = tree_read(t, fdt, bytes, l->ram_start, ignore, NULL, NULL);

	if (e != OK) {
		board_complain("the device tree is damaged");
		return e;
	}
	seed_take(t);
	return OK;
}

static void read_tags(struct tree *t, const struct loader_limits *l)
{
	struct atags tags;

	*t = (struct tree){.lowest_ram = l->ram_start};
	if (!start_map(l->tags, l->tags_bytes, l->ram_start) ||
	    atags_parse(&tags, (const uint32_t *)l->tags, l->tags_bytes) != OK)
		return;
	t->bootargs = tags.cmdline;
	t->bootargs_len = tags.cmdline_len;
	if (tags.ram_bytes <= l->ram_bytes_max)
		tree_add_ram(t, tags.ram_start, tags.ram_bytes);
}

static enum err prepare_memory(struct tree *t, const struct loader_limits *l)
{
	if (t->n_ram == 0)
		tree_add_ram(t, l->ram_start, l->ram_bytes);
	return t->too_many_reserved ? ERR_NOMEM : start_memory(t);
}

enum err loader_read(const struct boot *boot, const struct loader_limits *limits,
		     uint64_t *kaslr_seed)
{
	struct tree t;
	size_t bytes = 0; /* set with the tree, which the compiler may not see */
	void *fdt = start_map_tree((uintptr_t)boot->fdt, limits->ram_start, &bytes);
	enum err e = OK;

	if (fdt != NULL)
		e = read_tree(&t, fdt, bytes, limits);
	else
		read_tags(&t, limits);
	if (e != OK)
		return e;
	*kaslr_seed = t.kaslr_seed;
	e = start_copy_bootargs(&t);
	if (e == ERR_RANGE)
		board_complain(START_ARGS_TOO_LONG);
	if (e != OK)
		return e;
	e = prepare_memory(&t, limits);
	if (e != OK)
		board_complain("the memory could not be mapped");
	return e;
}
