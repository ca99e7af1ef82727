/* SPDX-License-Identifier: ISC */
/* What every key-value store does. */
#include <stdlib.h>
#include <string.h>

#include "storage/log/kvlog.h"
#include "tests/fakes/flash_memory.h"
#include "tests/unit/kv_conformance/kv_conformance.h"

enum { BLOCKS = 32, BLOCK_BYTES = 4096, KEYS = 600 };

struct subject {
	struct flash_memory flash;
	struct kvlog store;
	struct kvlog_config config;
	struct kvlog_entry index[KEYS];
	uint8_t map[KVLOG_MAP_BYTES(BLOCKS)], buffer[512], piece[KVLOG_PIECE_BYTES_MAX];
};

static struct kv_rw *remount(void *arg)
{
	struct subject *s = arg;

	assert(kvlog_mount(&s->store, &s->config) == OK);
	return &s->store.rw;
}

static struct kv_rw *make(void *arg)
{
	struct subject *s = arg;

	flash_memory_init(&s->flash, BLOCKS, BLOCK_BYTES, 4, 0);
	s->config = (struct kvlog_config){.flash = &s->flash.flash,
					  .index = s->index,
					  .index_len = KEYS,
					  .map = s->map,
					  .map_bytes = sizeof(s->map),
					  .buffer = s->buffer,
					  .buffer_bytes = sizeof(s->buffer),
					  .piece = s->piece,
					  .id = 1,
					  .format = true};
	return remount(arg);
}

static void destroy(void *arg)
{
	struct subject *s = arg;

	flash_memory_fini(&s->flash);
}

static void break_medium(void *arg, bool broken)
{
	struct subject *s = arg;

	flash_memory_die(&s->flash, broken ? ERR_IO : OK);
}

static int read_files(struct subject *s)
{
	unsigned n;
	const struct kv_file *files = kv_files(&n);
	struct kv_rw *kv = make(s);

	for (unsigned i = 0; i < n; i++)
		assert(kv_set(kv, files[i].key, strlen(files[i].key), files[i].bytes,
			      files[i].len) == OK);
	int failed = kv_conformance_read("log", &kv->kv);
	destroy(s);
	return failed;
}

int main(void)
{
	static struct subject s;
	const struct kv_subject subject = {.arg = &s,
					   .make = make,
					   .remount = remount,
					   .destroy = destroy,
					   .break_medium = break_medium,
					   .value_bytes_max = 20000,
					   .space_bytes = BLOCKS * BLOCK_BYTES,
					   .writer_bytes_max = 40000};

	return read_files(&s) + kv_conformance_write("log", &subject);
}
