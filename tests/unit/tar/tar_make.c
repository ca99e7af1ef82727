/* SPDX-License-Identifier: ISC */
#include "tests/unit/tar/tar_make.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"

void tar_begin(struct tar_made *m)
{
	memset(m, 0, sizeof(*m));
}

void tar_seal(uint8_t *header)
{
	unsigned sum = 0;
	char text[8];

	memset(header + 148, ' ', 8);
	for (unsigned i = 0; i < TAR_BLOCK_BYTES; i++)
		sum += header[i];
	snprintf(text, sizeof(text), "%06o", sum);
	memcpy(header + 148, text, 7);
}

uint8_t *tar_header(struct tar_made *m, char type, const char *name, uint64_t size)
{
	uint8_t *h = m->bytes + m->len;
	char text[16];

	assert(m->len + TAR_BLOCK_BYTES <= sizeof(m->bytes) && strlen(name) <= 100);
	m->len += TAR_BLOCK_BYTES;
	memcpy(h, name, strlen(name));
	snprintf(text, sizeof(text), "%011" PRIo64, size);
	memcpy(h + 124, text, 12);
	memcpy(h + 136, "00000001000", 12); /* 512 seconds */
	h[156] = (uint8_t)type;
	memcpy(h + 257,
	       "ustar\0"
	       "00",
	       8);
	tar_seal(h);
	return h;
}

void tar_data(struct tar_made *m, const void *bytes, size_t len)
{
	assert(m->len + len + TAR_BLOCK_BYTES <= sizeof(m->bytes));
	memcpy(m->bytes + m->len, bytes, len);
	m->len += (len + TAR_BLOCK_BYTES - 1) / TAR_BLOCK_BYTES * TAR_BLOCK_BYTES;
}

void tar_text(struct tar_made *m, const char *name, const char *text)
{
	(void)tar_header(m, '0', name, strlen(text));
	tar_data(m, text, strlen(text));
}

struct tar_room tar_made_room(void)
{
	static struct tar_file files[TAR_MADE_FILES];
	static char names[TAR_MADE_NAMES];
	static uint8_t sector[TAR_SECTOR_BYTES_MAX];

	return (struct tar_room){
		.files = files,
		.files_max = TAR_MADE_FILES,
		.names = names,
		.names_max = sizeof(names),
		.sector = sector,
	};
}

enum err tar_made_mount(struct tar *t, struct tar_made *m)
{
	struct tar_room room = tar_made_room();

	return tar_mount_memory(t, m->bytes, m->len, &room);
}
