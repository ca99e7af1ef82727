/* SPDX-License-Identifier: ISC */
/*
 * From what the loader left, if anything, to a console and memory.
 */
#include "arch/psci.h"
#include "base/attr.h"
#include "boards/common/common.h"
#include "boards/soc/zynqmp/zynqmp.h"
#include "boards/tree/seed.h"
#include "boards/tree/start.h"
#include "hal/board.h"

/* Page zero is nobody's. */
enum { LOWEST_RAM = ZYNQMP_RAM_START + PAGE_BYTES };

static uint64_t kaslr_seed;

uint64_t board_guard_seed(void)
{
	return kaslr_seed;
}

static void no_node(void *arg, const struct tree *t, const struct tree_node *n)
{
	(void)arg;
	(void)t;
	(void)n;
}

static enum err read_tree(struct tree *t, void *fdt, size_t bytes)
{
	enum err e = tree_read(t, fdt, bytes, LOWEST_RAM, no_node, NULL, NULL);

	if (e != OK) {
		board_complain("the device tree is damaged");
		return e;
	}
	kaslr_seed = t->kaslr_seed;
	seed_take(t);
	e = start_copy_bootargs(t);
	if (e != OK)
		board_complain(START_ARGS_TOO_LONG);
	return e;
}

static void assume_memory(struct tree *t)
{
	*t = (struct tree){.lowest_ram = LOWEST_RAM};
	tree_add_ram(t, ZYNQMP_RAM_START, zynqmp_board.ram_bytes);
}

enum err board_init(const struct boot *boot)
{
	struct tree t;
	size_t bytes = 0; /* set with the tree, which the compiler may not see */
	void *fdt = start_map_tree((uintptr_t)boot->fdt, LOWEST_RAM, &bytes);
	enum err e = OK;

	zynqmp_console_init();
	psci_set_conduit(PSCI_SMC);
	if (fdt != NULL)
		e = read_tree(&t, fdt, bytes);
	/* A tree that was made for the arguments alone says nothing of memory. */
	if (fdt == NULL || (e == OK && t.n_ram == 0))
		assume_memory(&t);
	if (e == OK)
		e = start_memory(&t);
	if (e == ERR_NOMEM)
		board_complain("the memory could not be mapped");
	return e;
}
