/* SPDX-License-Identifier: ISC */
/*
 * The format, without I/O: headers of 512 bytes and the records of extended headers.
 */
#ifndef STORAGE_TAR_TAR_FORMAT_H
#define STORAGE_TAR_TAR_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "hal/kv.h"

enum tar_type {
	TAR_FILE = '0',
	TAR_FILE_OLD = '\0',
	TAR_HARD_LINK = '1',
	TAR_SYMBOLIC_LINK = '2',
	TAR_FOLDER = '5',
	TAR_FIFO = '6',
	TAR_CONTIGUOUS_FILE = '7',
	TAR_EXTENDED = 'x',
	TAR_EXTENDED_GLOBAL = 'g',
	TAR_GNU_LONG_NAME = 'L',
	TAR_GNU_LONG_LINK = 'K',
};

enum {
	/* Of a name with what does not count: more can be no key. */
	TAR_NAME_BYTES_MAX = KV_KEY_BYTES_MAX + 8,
};

/* A name from a header; `len` over TAR_NAME_BYTES_MAX: too long to be one. */
struct tar_name {
	char text[TAR_NAME_BYTES_MAX];
	size_t len;
};

struct tar_header {
	char type; /* of enum tar_type, or another */
	uint64_t bytes;
	uint64_t modified_s; /* 0: not known, or before 1970 */
	struct tar_name name, link;
};

/* Whether the block ends the archive: it is nothing but zeroes. */
bool tar_is_end(const uint8_t *block);

/* Reads a header. ERR_DAMAGED: its checksum is wrong, or a number is none. */
MUST_USE enum err tar_header_parse(struct tar_header *h, const uint8_t *block);

/* Takes a name of `len` bytes, up to the first NUL; any other kept from before is gone. */
void tar_name_set(struct tar_name *name, const void *text, size_t len);

/*
 * A key of the name: without "./" in front, and a slash at the end, of which *is_folder tells.
 * False: it can be none.
 */
bool tar_name_to_key(const struct tar_name *name, struct kv_name *key, bool *is_folder);

/* What an extended header, or members in front, say of the next file, in place of its own header.
 */
struct tar_overrides {
	struct tar_name name, link;
	uint64_t bytes, modified_s;
	bool has_name, has_link, has_bytes, has_modified;
};

/*
 * Reads one record, "LEN KEY=VALUE\n" (pax, "pax Extended Header"), of which `len` bytes are here
 * and `left` in the archive's header altogether; *record_bytes is LEN. What it says that matters
 * here is noted in *o. ERR_DAMAGED.
 */
MUST_USE enum err tar_record_parse(struct tar_overrides *o, const char *text, size_t len,
				   uint64_t left, uint64_t *record_bytes);

#endif
