/* SPDX-License-Identifier: ISC */
/*
 * The device tree that a loader passes (Devicetree Specification 0.4), read once, from its begin to
 * its end.
 *
 * tree_read() fills a struct with what every board wants of it: RAM, what of that is reserved, the
 * boot arguments, seeds. It shows every node at the root to the board, which takes the devices that
 * it knows. The tree comes from outside: its structure is validated as a whole, lengths are checked
 * before values are looked at, and numbers of things are bounded. No I/O and no allocation: it is
 * tested on the build machine. The caller owns both structs and the memory of the tree.
 */
#ifndef BOARDS_TREE_TREE_H
#define BOARDS_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	TREE_RAM_MAX = 4,
	TREE_RESERVED_MAX = 8,
	TREE_SIZE_MAX = 2 << 20, /* of a whole tree: what loaders of Linux keep to */
	TREE_HEADER_BYTES = 40,
};

struct tree_range {
	uintptr_t start;
	size_t bytes;
};

/* The properties that are looked at, in any node. */
enum tree_property {
	TREE_ADDRESS_CELLS,
	TREE_BOOTARGS,
	TREE_COMPATIBLE,
	TREE_DEVICE_TYPE,
	TREE_INTERRUPTS,
	TREE_KASLR_SEED,
	TREE_METHOD,
	TREE_REG,
	TREE_RNG_SEED,
	TREE_SERIAL0,
	TREE_SERIAL1,
	TREE_SIZE_CELLS,
	TREE_STATUS,
	TREE_STDOUT_PATH,
	TREE_N_PROPERTIES,
};

/* A node at the root, or one level below. It points into the tree. */
struct tree_node {
	const char *name;
	struct {
		const void *value; /* NULL: it has none */
		int len;
	} property[TREE_N_PROPERTIES];
};

struct tree {
	void *fdt;
	uintptr_t lowest_ram;
	int address_cells, size_cells; /* of the root's children */

	struct tree_range ram[TREE_RAM_MAX]; /* whole pages; adjacent ones are one */
	struct tree_range reserved[TREE_RESERVED_MAX];
	unsigned n_ram, n_reserved;
	bool too_many_reserved;
	size_t ram_bytes; /* of all RAM, also what ram[] had no entry for */

	const char *bootargs; /* in the tree: bootargs_len bytes, without a NUL among them */
	size_t bootargs_len;
	const char *stdout_path; /* in the tree; NULL: none */
	uint8_t *seed;           /* in the tree */
	size_t seed_len;
	uint64_t kaslr_seed; /* unpredictable, 0 if there is none; wiped in the tree */
};

/* The size that the header at `fdt` (TREE_HEADER_BYTES) states; 0 if that is not a tree's. */
size_t tree_bytes(const void *fdt);

typedef void tree_node_fn(void *arg, const struct tree *t, const struct tree_node *n);

/*
 * Fills `t` from the tree at `fdt`, of which at most `max_bytes` (TREE_SIZE_MAX) may be read, and
 * calls `node` for each enabled node at the root, in their order, but for /chosen and
 * /reserved-memory; after each it calls `below`, which may be NULL, for its enabled children, whose
 * reg is not the processor's. Memory below `lowest_ram` is left out. ERR_INVALID: the tree is
 * damaged, or reserves more ranges than TREE_RESERVED_MAX.
 */
MUST_USE enum err tree_read(struct tree *t, void *fdt, size_t max_bytes, uintptr_t lowest_ram,
			    tree_node_fn *node, tree_node_fn *below, void *arg);

/*
 * For boards that learn of memory elsewhere, too. The first adds whole pages of RAM from
 * `lowest_ram` on; what this processor cannot address is left out. The second keeps a range out of
 * the heap; more than TREE_RESERVED_MAX set `too_many_reserved`.
 */
void tree_add_ram(struct tree *t, uint64_t start, uint64_t bytes);
void tree_reserve(struct tree *t, uint64_t start, uint64_t bytes);

/*
 * The string at *at, which is moved behind it; NULL if none ended by NUL is within *left bytes. The
 * names that a device is compatible with are such a list, from the most to the least specific.
 */
const char *tree_take_string(const char **at, size_t *left);

/* The first string of the property, or NULL. */
const char *tree_string(const struct tree_node *n, enum tree_property property);

/* Whether that is one of `list` (base/text.h). */
bool tree_is_one_of(const struct tree_node *n, enum tree_property property, const char *list);

/* The property as an array of cells of 32 bits, big endian, or NULL if it has fewer than `min`. */
const uint32_t *tree_cells(const struct tree_node *n, enum tree_property property, int min);

/* Range number `index` of the node's reg; false if there is none. */
bool tree_reg(const struct tree *t, const struct tree_node *n, int index, uint64_t *start,
	      uint64_t *bytes);

/*
 * The largest run of whole pages of RAM outside `image` and everything reserved; bytes 0 if
 * there is none.
 */
struct tree_range tree_largest_free(const struct tree *t, struct tree_range image);

#endif
