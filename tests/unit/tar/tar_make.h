/* SPDX-License-Identifier: ISC */
/* Archives made by hand, member by member, right or wrong as a test wants them. */
#ifndef TESTS_UNIT_TAR_TAR_MAKE_H
#define TESTS_UNIT_TAR_TAR_MAKE_H

#include <stddef.h>
#include <stdint.h>

#include "storage/tar/tar.h"

enum { TAR_MADE_BYTES = 1 << 20, TAR_MADE_FILES = 64, TAR_MADE_NAMES = 8192 };

struct tar_made {
	uint8_t bytes[TAR_MADE_BYTES];
	size_t len;
};

void tar_begin(struct tar_made *m);

/* A header with its checksum; returns where it is, to be spoilt. */
uint8_t *tar_header(struct tar_made *m, char type, const char *name, uint64_t size);

/* Makes the checksum right again. */
void tar_seal(uint8_t *header);

/* Bytes behind a header, up to a whole block. */
void tar_data(struct tar_made *m, const void *bytes, size_t len);

/* A file of text, whole. */
void tar_text(struct tar_made *m, const char *name, const char *text);

/* Room for TAR_MADE_FILES files, the same memory each time. */
struct tar_room tar_made_room(void);

enum err tar_made_mount(struct tar *t, struct tar_made *m);

/* The tests of hostile archives; returns how many failed. */
int test_hostile(void);

#endif
