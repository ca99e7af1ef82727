/* SPDX-License-Identifier: ISC */
/* What the mount (tar_index.c) and the store (tar.c) share. */
#ifndef STORAGE_TAR_TAR_INTERNAL_H
#define STORAGE_TAR_TAR_INTERNAL_H

#include "storage/tar/tar.h"

/* Copies bytes of the archive that lie in it (asserted). The errors of the disk. */
MUST_USE enum err tar_fetch(struct tar *t, uint64_t at, void *out, size_t len);

/* Whether there is such a file: *at is its place in the index, or the one that it would have. */
bool tar_search(const struct tar *t, const char *key, size_t key_len, unsigned *at);

/* Makes the index of an archive that is set up, and still without files. */
MUST_USE enum err tar_index(struct tar *t);

#endif
