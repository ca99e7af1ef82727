/* SPDX-License-Identifier: ISC */
#include "boards/tree/tree.h"

#include <string.h>

#include "base/bytes.h"
#include "base/cursor.h"
#include "base/text.h"

enum {
	CELLS_MAX = 2, /* of an address or a size: 64 bits */
	VERSION = 17,  /* the one that there has been since 2005 */
	/* of a reservation: an address and a size */
	ENTRY_BYTES = 2 * CELLS_MAX * sizeof(uint32_t),
};

#define TREE_MAGIC 0xd00dfeed

/* The header's words (Devicetree 0.4, 5.2). */
enum header_word {
	MAGIC,
	TOTAL_BYTES,
	STRUCTURE_AT, /* offsets of the blocks */
	STRINGS_AT,
	RESERVATIONS_AT,
	TREE_VERSION,
	LAST_COMPATIBLE_VERSION,
	BOOT_PROCESSOR,
	STRINGS_BYTES,
	STRUCTURE_BYTES,
	HEADER_WORDS,
};

_Static_assert(HEADER_WORDS * sizeof(uint32_t) == TREE_HEADER_BYTES, "those are all");

/* What the structure block is made of (Devicetree 0.4, 5.4.1). */
enum token { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, NOTHING = 4 };

/* enum tree_property as a list (base/text.h). */
static const char property_names[] = "#address-cells\0"
				     "bootargs\0"
				     "compatible\0"
				     "device_type\0"
				     "interrupts\0"
				     "kaslr-seed\0"
				     "method\0"
				     "reg\0"
				     "rng-seed\0"
				     "serial0\0"
				     "serial1\0"
				     "#size-cells\0"
				     "status\0"
				     "stdout-path\0";

/* What reading needs besides its result. */
struct reader {
	struct tree *t;
	struct cursor structure;
	tree_node_fn *node, *below;
	void *arg;
	bool in_reserved_memory, in_device; /* which child of the root it is in */
};

static uint32_t header_word(const void *fdt, enum header_word word)
{
	return load_be32((const uint8_t *)fdt + word * sizeof(uint32_t));
}

/* The name of a property in the block of strings, or NULL if it is not within. */
static const char *name_of(const void *fdt, uint32_t at)
{
	uint32_t bytes = header_word(fdt, STRINGS_BYTES);
	const char *name = (const char *)fdt + header_word(fdt, STRINGS_AT) + at;

	return at < bytes && strnlen(name, bytes - at) < bytes - at ? name : NULL;
}

/* The next `len` bytes, and moves behind what fills the last of their words; NULL as of cursors. */
static const void *take_words(struct cursor *structure, size_t len)
{
	const uint8_t *bytes = cursor_bytes(structure, len);

	cursor_skip(structure, -len % sizeof(uint32_t));
	return bytes;
}

/* What follows the token of a node. */
static const char *read_name(struct cursor *structure)
{
	return take_words(structure, strnlen((const char *)structure->next, structure->left) + 1);
}

/* What follows the token of a property of `n`. */
static void read_property(struct reader *r, struct tree_node *n)
{
	uint32_t len = cursor_be32(&r->structure);
	const char *name = name_of(r->t->fdt, cursor_be32(&r->structure));
	const void *value = take_words(&r->structure, len);
	int i = name != NULL ? text_place(property_names, name) : -1;

	if (i < 0 || value == NULL)
		return;
	n->property[i].value = value;
	n->property[i].len = (int)len;
}

const char *tree_take_string(const char **at, size_t *left)
{
	const char *string = *at;
	size_t len = string != NULL ? strnlen(string, *left) : *left;

	if (len >= *left)
		return NULL;
	*at += len + 1;
	*left -= len + 1;
	return string;
}

const char *tree_string(const struct tree_node *n, enum tree_property property)
{
	const char *value = n->property[property].value;
	size_t left = (size_t)n->property[property].len;

	return tree_take_string(&value, &left);
}

bool tree_is_one_of(const struct tree_node *n, enum tree_property property, const char *list)
{
	const char *string = tree_string(n, property);

	return string != NULL && text_place(list, string) >= 0;
}

const uint32_t *tree_cells(const struct tree_node *n, enum tree_property property, int min)
{
	if (n->property[property].len / (int)sizeof(uint32_t) < min)
		return NULL;
	return n->property[property].value;
}

/* Reads a number of `cells` cells at *p and moves behind it. */
static uint64_t take_cells(const uint32_t **p, int cells)
{
	uint64_t value = 0;

	while (cells-- > 0)
		value = value << 32 | load_be32((*p)++);
	return value;
}

bool tree_reg(const struct tree *t, const struct tree_node *n, int index, uint64_t *start,
	      uint64_t *bytes)
{
	int stride = t->address_cells + t->size_cells;
	const uint32_t *reg = tree_cells(n, TREE_REG, (index + 1) * stride);

	if (reg == NULL)
		return false;
	reg += index * stride;
	*start = take_cells(&reg, t->address_cells);
	*bytes = take_cells(&reg, t->size_cells);
	return true;
}

void tree_add_ram(struct tree *t, uint64_t start, uint64_t bytes)
{
	uint64_t end = start + bytes;
	struct tree_range *last = t->n_ram > 0 ? &t->ram[t->n_ram - 1] : NULL;

	if (end < start || end > UINTPTR_MAX)
		end = UINTPTR_MAX;
	start = ROUND_UP(MAX(start, (uint64_t)t->lowest_ram), (uint64_t)PAGE_BYTES);
	end = ROUND_DOWN(end, (uint64_t)PAGE_BYTES);
	if (start >= end)
		return;
	t->ram_bytes += (size_t)(end - start);
	if (last != NULL && last->start + last->bytes == start)
		last->bytes += (size_t)(end - start);
	else if (t->n_ram < TREE_RAM_MAX)
		t->ram[t->n_ram++] = (struct tree_range){(uintptr_t)start, (size_t)(end - start)};
}

static void read_memory(struct tree *t, const struct tree_node *n)
{
	uint64_t start, bytes;

	for (int i = 0; tree_reg(t, n, i, &start, &bytes); i++)
		tree_add_ram(t, start, bytes);
}

SELDOM void tree_reserve(struct tree *t, uint64_t start, uint64_t bytes)
{
	if (start > UINTPTR_MAX || bytes == 0)
		return;
	if (t->n_reserved == TREE_RESERVED_MAX) {
		t->too_many_reserved = true;
		return;
	}
	bytes = MIN(bytes, UINTPTR_MAX - start);
	t->reserved[t->n_reserved++] = (struct tree_range){(uintptr_t)start, (size_t)bytes};
}

/* The memory reservation block, which an entry of nothing ends (Devicetree 0.4, 5.3). */
static void read_reservations(struct tree *t)
{
	uint32_t at = header_word(t->fdt, RESERVATIONS_AT);
	uint32_t left = header_word(t->fdt, TOTAL_BYTES) - at;
	const uint32_t *cell = (const void *)((const uint8_t *)t->fdt + at);

	for (; left >= ENTRY_BYTES && !t->too_many_reserved; left -= ENTRY_BYTES) {
		uint64_t start = take_cells(&cell, CELLS_MAX), bytes = take_cells(&cell, CELLS_MAX);

		if ((start | bytes) == 0)
			return;
		tree_reserve(t, start, bytes);
	}
}

/* A child of /reserved-memory, if it has a fixed place; its cells are those of the root. */
static void read_reserved_memory(struct tree *t, const struct tree_node *n)
{
	uint64_t start, bytes;

	for (int i = 0; tree_reg(t, n, i, &start, &bytes); i++)
		tree_reserve(t, start, bytes);
}

/* A property's bytes, writable. */
static uint8_t *bytes_of(const struct tree *t, const struct tree_node *n, enum tree_property p)
{
	const uint8_t *value = n->property[p].value;

	return (uint8_t *)t->fdt + (value - (const uint8_t *)t->fdt);
}

static void read_chosen(struct tree *t, const struct tree_node *n)
{
	const void *args = n->property[TREE_BOOTARGS].value;

	if (args != NULL) {
		t->bootargs = args;
		t->bootargs_len = strnlen(args, (size_t)n->property[TREE_BOOTARGS].len);
	}
	if (n->property[TREE_RNG_SEED].len > 0) {
		t->seed = bytes_of(t, n, TREE_RNG_SEED);
		t->seed_len = (size_t)n->property[TREE_RNG_SEED].len;
	}
	if (n->property[TREE_KASLR_SEED].len == sizeof(t->kaslr_seed)) {
		uint8_t *bytes = bytes_of(t, n, TREE_KASLR_SEED);

		memcpy(&t->kaslr_seed, bytes, sizeof(t->kaslr_seed));
		memset(bytes, 0, sizeof(t->kaslr_seed));
	}
	t->stdout_path = tree_string(n, TREE_STDOUT_PATH);
}

/* A number of cells; the default where there is none is Devicetree 0.4's (2.3.5). */
static bool read_cell_count(const struct tree_node *n, enum tree_property property,
			    uint32_t if_none, int *count)
{
	const uint32_t *value = tree_cells(n, property, 1);
	uint32_t cells = value != NULL ? load_be32(value) : if_none;

	*count = (int)cells;
	return cells >= 1 && cells <= CELLS_MAX;
}

static bool read_root(struct tree *t, const struct tree_node *n)
{
	return read_cell_count(n, TREE_ADDRESS_CELLS, 2, &t->address_cells) &&
	       read_cell_count(n, TREE_SIZE_CELLS, 1, &t->size_cells);
}

static bool is_enabled(const struct tree_node *n)
{
	return n->property[TREE_STATUS].value == NULL ||
	       tree_is_one_of(n, TREE_STATUS, "okay\0ok\0");
}

static void read_child_of_root(struct reader *r, const struct tree_node *n)
{
	r->in_device = false;
	r->in_reserved_memory = text_equal(n->name, "reserved-memory");
	if (r->in_reserved_memory)
		return;
	if (text_equal(n->name, "chosen")) {
		read_chosen(r->t, n);
		return;
	}
	if (!is_enabled(n))
		return;
	r->in_device = true;
	if (tree_is_one_of(n, TREE_DEVICE_TYPE, "memory\0"))
		read_memory(r->t, n);
	r->node(r->arg, r->t, n);
}

/* A node, its properties complete, at `depth` below the root. False: the tree is refused. */
static bool read_node(struct reader *r, const struct tree_node *n, unsigned depth)
{
	if (depth == 0)
		return read_root(r->t, n);
	if (depth == 1)
		read_child_of_root(r, n);
	else if (depth == 2 && r->in_reserved_memory)
		read_reserved_memory(r->t, n);
	else if (depth == 2 && r->in_device && r->below != NULL && is_enabled(n))
		r->below(r->arg, r->t, n);
	return !r->t->too_many_reserved;
}

/*
 * Goes once through the tree, from the root's begin to its end. A node's properties come before its
 * children (Devicetree 0.4, 5.4.2). False: it is damaged.
 */
static bool walk(struct reader *r)
{
	struct tree_node n = {0};
	unsigned depth = 0;         /* how many nodes have begun and not ended */
	bool in_properties = false; /* of the innermost one */

	for (;;) {
		uint32_t token = cursor_be32(&r->structure);

		if (token != BEGIN_NODE && depth == 0)
			return false;
		if (token == PROPERTY)
			read_property(r, &n); /* behind the children it means nothing */
		if (token == PROPERTY || token == NOTHING)
			continue;
		if (token != BEGIN_NODE && token != END_NODE)
			return false;
		if (in_properties && !read_node(r, &n, depth - 1))
			return false;
		in_properties = token == BEGIN_NODE;
		if (in_properties) {
			n = (struct tree_node){.name = read_name(&r->structure)};
			depth++;
		} else if (--depth == 0) {
			return true;
		}
	}
}

size_t tree_bytes(const void *fdt)
{
	return header_word(fdt, MAGIC) == TREE_MAGIC ? header_word(fdt, TOTAL_BYTES) : 0;
}

/* Whether `bytes` from offset `at` lie in a tree of `total`, behind the header. */
static bool is_inside(uint32_t at, uint32_t bytes, size_t total)
{
	return at >= TREE_HEADER_BYTES && at <= total && bytes <= total - at;
}

/* The version, the bounds and, where that matters, the alignment of the blocks (Devicetree 0.4,
 * 5.2 and 5.6). */
static bool header_is_sound(const void *fdt, size_t max_bytes)
{
	size_t total = tree_bytes(fdt);
	uint32_t structure = header_word(fdt, STRUCTURE_AT);
	uint32_t reservations = header_word(fdt, RESERVATIONS_AT);

	return total <= max_bytes && header_word(fdt, TREE_VERSION) >= VERSION &&
	       header_word(fdt, LAST_COMPATIBLE_VERSION) <= VERSION &&
	       is_inside(reservations, 0, total) && reservations % 8 == 0 &&
	       is_inside(structure, header_word(fdt, STRUCTURE_BYTES), total) &&
	       structure % 4 == 0 &&
	       is_inside(header_word(fdt, STRINGS_AT), header_word(fdt, STRINGS_BYTES), total);
}

enum err tree_read(struct tree *t, void *fdt, size_t max_bytes, uintptr_t lowest_ram,
		   tree_node_fn *node, tree_node_fn *below, void *arg)
{
	struct reader r = {.t = t, .node = node, .below = below, .arg = arg};

	*t = (struct tree){.fdt = fdt, .lowest_ram = lowest_ram};
	if (max_bytes < TREE_HEADER_BYTES || !header_is_sound(fdt, max_bytes))
		return ERR_INVALID;
	r.structure = cursor_over((const uint8_t *)fdt + header_word(fdt, STRUCTURE_AT),
				  header_word(fdt, STRUCTURE_BYTES));
	read_reservations(t);
	return walk(&r) && !t->too_many_reserved ? OK : ERR_INVALID;
}
