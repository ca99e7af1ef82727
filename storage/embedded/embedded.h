/* SPDX-License-Identifier: ISC */
/*
 * Files that the build embeds in the image, as a key-value store (hal/kv.h): their names are paths
 * below the folder, without a leading slash.
 *
 * tools/embed.py writes an assembly file with the bytes, a table of the names, and the structure to
 * use; for the folder that an application names in APP_EMBED the build calls it
 * `embedded_files`. Everything is constant and lives as long as the image, so values have no owner.
 * Any context.
 */
#ifndef STORAGE_EMBEDDED_EMBEDDED_H
#define STORAGE_EMBEDDED_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

#include "hal/kv.h"

/* Offsets are in bytes from the table's beginning, so that they are the same on every machine. */
struct embedded_file {
	uint64_t version; /* of the bytes: a hash of them, never 0 */
	uint32_t name_at, name_bytes;
	uint32_t data_at, data_bytes; /* data_at is a multiple of 16 */
	uint32_t type_at, reserved;   /* the media type, NUL-terminated */
};

struct embedded_table {
	uint32_t count;
	uint32_t reserved;
	struct embedded_file file[]; /* sorted by the name's length, then byte by byte */
};

/* tools/embed.py writes one: two pointers. */
struct embedded_files {
	struct kv kv;
	const struct embedded_table *table;
};

_Static_assert(sizeof(struct embedded_file) == 32, "tools/embed.py writes this layout");
_Static_assert(offsetof(struct embedded_table, file) == 8, "tools/embed.py writes this layout");
_Static_assert(offsetof(struct embedded_files, table) == sizeof(void *),
	       "tools/embed.py writes this layout");

/* The files of the application's APP_EMBED folder: &embedded_files.kv is the store. */
extern struct embedded_files embedded_files;

/* For what tools/embed.py writes. */
extern const struct kv_ops embedded_kv_ops;

#endif
