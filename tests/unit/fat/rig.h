/* SPDX-License-Identifier: ISC */
/* A volume on a disk in memory, of each type, and short words for what is done with it. */
#ifndef TESTS_UNIT_FAT_RIG_H
#define TESTS_UNIT_FAT_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "storage/fat/fat.h"
#include "tests/fakes/disk_memory.h"
#include "tests/fakes/fat_format.h"

struct rig {
	const struct fat_shape *shape;
	struct disk_memory disk;
	struct fat_volume v;
	uint64_t now_s;
	ALIGNED(8) uint8_t memory[FAT_SLOTS_MAX * FAT_SECTOR_BYTES_MAX];
	unsigned slots;
};

enum { SHAPES = 5 };
extern const struct fat_shape shapes[SHAPES];

/* An empty volume with memory for `slots` sectors, mounted. */
void rig_make(struct rig *r, const struct fat_shape *shape, unsigned slots);
void rig_free(struct rig *r);
/* What is in memory is gone; the next call mounts. */
void rig_restart(struct rig *r);

enum err put(struct rig *r, const char *key, const void *bytes, size_t len);
enum err put_text(struct rig *r, const char *key, const char *text);
enum err drop(struct rig *r, const char *key);
enum err move(struct rig *r, const char *from, const char *to);
/* Bytes that belong to no other seed. */
void fill(uint8_t *bytes, size_t len, uint32_t seed);
enum err put_seeded(struct rig *r, const char *key, size_t len, uint32_t seed);

void assert_value(struct rig *r, const char *key, const void *bytes, size_t len);
void assert_text(struct rig *r, const char *key, const char *text);
void assert_seeded(struct rig *r, const char *key, size_t len, uint32_t seed);
void assert_absent(struct rig *r, const char *key);
/* The names in a folder, sorted, each with a space behind it. */
const char *names_in(struct rig *r, const char *folder);

/* Unmounts, and asserts that a check finds nothing that it would have to change. */
void assert_clean(struct rig *r);

extern const struct CMUnitTest damage_tests[], names_tests[], store_tests[];
extern const size_t damage_count, names_count, store_count;

#endif
