/* SPDX-License-Identifier: ISC */
/*
 * Whole files, in and out. Messages name the file and what is wrong with it.
 */
#ifndef TOOLS_FATA_FILE_H
#define TOOLS_FATA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Images are smaller by far; an SD card or a disk given by mistake is not read into memory. */
#define FILE_BYTES_MAX ((size_t)1 << 30)

struct file {
	const char *path; /* borrowed */
	uint8_t *bytes;   /* followed by a NUL that does not count */
	size_t size;
};

/* Reads all of a regular file. False after a message; then there is nothing to free. */
MUST_USE bool file_read(struct file *f, const char *path);
void file_free(struct file *f);

/*
 * Replaces the file at `path`, which must exist, by `size` bytes at once: readers see the old or
 * the new one, also after a power cut. Mode and, as root, owner stay; a symbolic link stays one.
 * False after a message, the file then being what it was.
 */
MUST_USE bool file_replace(const char *path, const uint8_t *bytes, size_t size);

bool file_exists(const char *path);
bool folder_exists(const char *path);

/* A new string: `path` with what is behind the last dot of its last part replaced by `suffix`
 * (".elf"). */
MUST_USE char *path_with_suffix(const char *path, const char *suffix);
/* A new string: the folder that `path` lies in, "." if it names none. */
MUST_USE char *path_folder(const char *path);
/* The last part of `path`, which points into it. */
const char *path_name(const char *path);
/* Whether it ends with `suffix`. */
bool path_ends(const char *path, const char *suffix);

#endif
