/* SPDX-License-Identifier: ISC */
#include "tools/fata/deploy_tar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "tools/fata/fata.h"

enum { TAR_BLOCK_BYTES = 512 };

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
	char link_name[100], magic[6], version[2], user[32], group[32], major[8], minor[8];
	char prefix[155], padding[12];
};

_Static_assert(sizeof(struct tar_header) == TAR_BLOCK_BYTES, "a header is one block");

static void add_header(struct text *archive, const char *name, unsigned mode, size_t size,
		       char type)
{
	struct tar_header h = {.uid = "0000000",
			       .gid = "0000000",
			       .mtime = "00000000000",
			       .type = type,
			       .magic = "ustar",
			       .version = {'0', '0'}};
	const uint8_t *bytes = (const uint8_t *)&h;
	unsigned sum = 0;

	snprintf(h.name, sizeof(h.name), "%s", name);
	snprintf(h.mode, sizeof(h.mode), "%07o", mode & 07777);
	snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)size & 077777777777);
	/* The sum counts its own field as blanks. */
	memset(h.checksum, ' ', sizeof(h.checksum));
	for (size_t i = 0; i < sizeof(h); i++)
		sum += bytes[i];
	snprintf(h.checksum, sizeof(h.checksum), "%06o", sum & 0777777);
	text_bytes(archive, &h, sizeof(h));
}

static void pad(struct text *archive, size_t size)
{
	static const char zeros[2 * TAR_BLOCK_BYTES];

	text_bytes(archive, zeros, MIN(size, sizeof(zeros)));
}

void tar_folder(struct text *archive, const char *name)
{
	add_header(archive, name, 0755, 0, '5');
}

void tar_file(struct text *archive, const char *name, const void *bytes, size_t size)
{
	add_header(archive, name, 0644, size, '0');
	text_bytes(archive, bytes, size);
	pad(archive, ROUND_UP(size, (size_t)TAR_BLOCK_BYTES) - size);
}

void tar_end(struct text *archive)
{
	pad(archive, (size_t)2 * TAR_BLOCK_BYTES);
}

void gzip(struct text *out, const void *bytes, size_t size)
{
	enum { OS_UNIX = 3, WITH_GZIP_HEADER = 16, MEMORY_LEVEL = 8 };
	gz_header header = {.os = OS_UNIX};
	z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + WITH_GZIP_HEADER,
			 MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflateSetHeader(&z, &header) != Z_OK) {
		complain("there is not enough memory");
		exit(STATUS_FAILED);
	}
	size_t bound = deflateBound(&z, (uLong)size);
	uint8_t *packed = allocate(bound);
	z.next_out = packed;
	z.avail_out = (uInt)bound;
	/* With room for the bound, one call takes and gives everything (zlib.h). */
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	text_bytes(out, packed, bound - z.avail_out);
	free(packed);
	deflateEnd(&z);
}
