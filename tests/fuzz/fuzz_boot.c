/* SPDX-License-Identifier: ISC */
/*
 * What loaders hand over: a device tree or a list of tags (ARM), or a command line (microvm). The
 * first byte chooses.
 *
 * A random tree hardly passes the first check, so most inputs are edits of a good one: triples of
 * an offset of two bytes and a value, until the input ends.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "boards/soc/microvm/devices.h"
#include "boards/soc/qemu-virt/machine.h"
#include "boards/soc/qemu-virt/memory_map.h"
#include "boards/tree/atags.h"
#include "tests/unit/qemu_virt/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct machine_limits limits = {
	.devices = {QEMU_VIRT_DEVICES_START, QEMU_VIRT_DEVICES_BYTES},
	.ram_start = QEMU_VIRT_RAM_START,
};

static bool within(uintptr_t start, size_t bytes, struct tree_range window)
{
	return start >= window.start && bytes <= window.bytes &&
	       start - window.start <= window.bytes - bytes;
}

/* What the board relies on, whatever the tree said. */
static void check_machine(const struct machine *m, const uint8_t *tree, size_t bytes)
{
	const struct tree_range image = {QEMU_VIRT_RAM_START + 0x100000, 0x100000};
	struct tree_range free_ram = tree_largest_free(&m->tree, image);

	assert(m->tree.n_ram <= TREE_RAM_MAX && m->n_virtio <= MACHINE_VIRTIO_MAX);
	assert(within(m->uart.base, 1, limits.devices) && m->uart.line < MACHINE_LINES);
	for (unsigned i = 0; i < m->n_virtio; i++) {
		assert(within(m->virtio[i].base, 1, limits.devices));
		assert(m->virtio[i].line < MACHINE_LINES);
	}
	assert(m->tree.bootargs_len == 0 ||
	       within((uintptr_t)m->tree.bootargs, m->tree.bootargs_len,
		      (struct tree_range){(uintptr_t)tree, bytes}));
	assert(m->tree.seed_len == 0 || within((uintptr_t)m->tree.seed, m->tree.seed_len,
					       (struct tree_range){(uintptr_t)tree, bytes}));
	assert(free_ram.bytes == 0 || free_ram.start + free_ram.bytes > free_ram.start);
	assert(free_ram.bytes == 0 || free_ram.start >= image.start + image.bytes ||
	       free_ram.start + free_ram.bytes <= image.start);
}

/* In memory of its own and of just its size, so that a read past it is seen. */
static void parse_tree(const uint8_t *bytes, size_t len)
{
	const char *missing = NULL;
	struct machine m;
	uint8_t *tree = malloc(len + 1);
	memcpy(tree, bytes, len);
	if (machine_parse(&m, tree, len, &limits, &missing) == OK)
		check_machine(&m, tree, len);
	free(tree);
}

static void parse_edited_tree(const uint8_t *edits, size_t len)
{
	static _Alignas(8) uint8_t tree[TREE_BYTES_MAX];
	size_t bytes = tree_build(tree, &tree_default);
	for (; len >= 3; edits += 3, len -= 3)
		tree[load_le16(edits) % bytes] = edits[2];
	parse_tree(tree, bytes);
}

static void parse_words(const uint8_t *bytes, size_t len)
{
	struct microvm_devices d;
	char *text = malloc(len + 1);
	memcpy(text, bytes, len);
	text[len] = '\0';
	microvm_devices_parse(&d, text);
	assert(d.n <= MICROVM_DEVICES_MAX);
	for (unsigned i = 0; i < d.n; i++)
		for (unsigned j = 0; j < i; j++)
			assert(d.device[i].base != d.device[j].base);
	free(text);
}

static void parse_tags(const uint8_t *bytes, size_t len)
{
	struct atags tags;
	uint32_t *list = malloc(len + 1);

	memcpy(list, bytes, len);
	if (atags_parse(&tags, list, len) == OK && tags.cmdline_len > 0)
		assert(within((uintptr_t)tags.cmdline, tags.cmdline_len,
			      (struct tree_range){(uintptr_t)list, len}));
	free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return 0;
	if (bytes[0] == 't')
		parse_tree(bytes + 1, len - 1);
	else if (bytes[0] == 'a')
		parse_tags(bytes + 1, len - 1);
	else if (bytes[0] == 'w')
		parse_words(bytes + 1, len - 1);
	else
		parse_edited_tree(bytes + 1, len - 1);
	return 0;
}
