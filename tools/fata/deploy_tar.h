/* SPDX-License-Identifier: ISC */
/*
 * A tar archive in memory, the same for the same content: every entry belongs to root and dates
 * from 1970. Names are the caller's own, short and plain. Format: POSIX.1-2017, XCU pax, "ustar
 * Interchange Format".
 */
#ifndef TOOLS_FATA_DEPLOY_TAR_H
#define TOOLS_FATA_DEPLOY_TAR_H

#include <stddef.h>

#include "tools/fata/deploy_text.h"

/* `name` ends with '/' and has at most 99 bytes. */
void tar_folder(struct text *archive, const char *name);
/* A file of less than 8 GiB that everybody may read. `name` has at most 99 bytes. */
void tar_file(struct text *archive, const char *name, const void *bytes, size_t size);
void tar_end(struct text *archive);

/* Adds `size` bytes (less than 4 GiB) in gzip's format (RFC 1952), without a name or a time. */
void gzip(struct text *out, const void *bytes, size_t size);

#endif
