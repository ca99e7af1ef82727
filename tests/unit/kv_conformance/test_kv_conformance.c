/* SPDX-License-Identifier: ISC */
/* The suite over embedded files, and over the fake that other tests stand on. */
#include "storage/embedded/embedded.h"
#include "tests/fakes/kv_memory.h"
#include "tests/unit/kv_conformance/kv_conformance.h"

enum { ROOM_BYTES = 64 << 10, VALUE_BYTES_MAX = 30000 };

/* tools/embed.py of the folder with the files. */
extern struct embedded_files kv_files_embedded;

static struct kv_rw *make(void *arg)
{
	struct kv_memory *m = arg;

	kv_memory_init(m, ROOM_BYTES);
	return &m->rw;
}

static struct kv_rw *remount(void *arg)
{
	struct kv_memory *m = arg;

	kv_memory_lose_power(m);
	return &m->rw;
}

static void destroy(void *arg)
{
	kv_memory_fini(arg);
}

static void break_medium(void *arg, bool broken)
{
	kv_memory_break(arg, 0, broken ? ERR_IO : OK);
}

int main(void)
{
	static struct kv_memory memory;
	const struct kv_subject subject = {
		.arg = &memory,
		.make = make,
		.remount = remount,
		.destroy = destroy,
		.break_medium = break_medium,
		.value_bytes_max = VALUE_BYTES_MAX,
		.space_bytes = ROOM_BYTES,
		.writer_bytes_max = VALUE_BYTES_MAX,
	};
	int failed = kv_conformance_read("embedded files", &kv_files_embedded.kv);

	return failed + kv_conformance_write("values in memory", &subject);
}
