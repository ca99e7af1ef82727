/* SPDX-License-Identifier: ISC */
#include "arch/x86_64/loaders/multiboot2.h"

#include <string.h>

#include "base/bytes.h"

/* Section 3.6: a tag is its type, its length without padding, and what the type has. */
enum {
	TAGS_START = 8,
	TAG_BYTES = 8,
	TAG_ALIGNMENT = 8,

	TAG_END = 0,
	TAG_CMDLINE = 1,
	TAG_MEMMAP = 6,
	TAG_RSDP_1 = 14, /* a copy of ACPI's pointer, of version 1.0 */
	TAG_RSDP_2 = 15,

	MEMMAP_ENTRY_BYTES = 24,
	RSDP_1_BYTES = 20,
	RSDP_2_BYTES = 36,
};

/* What is in a tag. */
struct content {
	const uint8_t *bytes;
	uint32_t len;
};

static void take_cmdline(struct multiboot2 *out, struct content c)
{
	if (memchr(c.bytes, '\0', c.len) != NULL)
		out->info.cmdline = (uintptr_t)c.bytes;
}

/* Section 3.6.8: the size of an entry, a version, entries. Types are those of PVH's map. */
static void take_memmap(struct multiboot2 *out, struct content c)
{
	uint32_t bytes = c.len >= 8 ? load_le32(c.bytes) : 0;

	if (bytes < MEMMAP_ENTRY_BYTES)
		return;
	for (uint32_t at = 8; c.len - at >= bytes && out->info.n_memmap < PVH_MEMMAP_MAX;
	     at += bytes)
		out->map[out->info.n_memmap++] = (struct pvh_memmap_entry){
			.start = load_le64(c.bytes + at),
			.bytes = load_le64(c.bytes + at + 8),
			.type = load_le32(c.bytes + at + 16),
		};
}

static void take(struct multiboot2 *out, uint32_t type, struct content c)
{
	switch (type) {
	case TAG_CMDLINE:
		take_cmdline(out, c);
		break;
	case TAG_MEMMAP:
		take_memmap(out, c);
		break;
	case TAG_RSDP_1:
		if (c.len >= RSDP_1_BYTES && out->info.rsdp == 0)
			out->info.rsdp = (uintptr_t)c.bytes;
		break;
	case TAG_RSDP_2:
		if (c.len >= RSDP_2_BYTES)
			out->info.rsdp = (uintptr_t)c.bytes;
		break;
	}
}

enum err multiboot2_parse(struct multiboot2 *out, const void *tags, size_t len)
{
	const uint8_t *bytes = tags;
	size_t total = len >= TAGS_START ? load_le32(bytes) : 0;

	if (total < TAGS_START || total > len)
		return ERR_INVALID;
	out->info = (struct pvh_start_info){
		.magic = PVH_MAGIC,
		.version = 1,
		.memmap = (uintptr_t)out->map,
	};
	for (size_t at = TAGS_START; total - at >= TAG_BYTES;) {
		uint32_t type = load_le32(bytes + at), tag_bytes = load_le32(bytes + at + 4);
		if (type == TAG_END || tag_bytes < TAG_BYTES || tag_bytes > total - at)
			break;
		take(out, type, (struct content){bytes + at + TAG_BYTES, tag_bytes - TAG_BYTES});
		at += MIN(ROUND_UP((size_t)tag_bytes, (size_t)TAG_ALIGNMENT), total - at);
	}
	return out->info.n_memmap > 0 ? OK : ERR_INVALID;
}
