/* SPDX-License-Identifier: ISC */
/* The suite of all stores, over a volume of each type. */
#include "tests/unit/fat/rig.h"
#include "tests/unit/kv_conformance/kv_conformance.h"

enum { SLOTS = 16, VALUE_BYTES_MAX = 20000 };

static const struct fat_shape suite_shapes[] = {
	{512, 1000, 1, 12, 2, 64},
	{512, 4200, 1, 16, 2, 512},
	{512, 1200, 1, 32, 2, 0},
	{4096, 100, 1, 12, 2, 128},
};

static struct rig rig;

static struct kv_rw *make(void *arg)
{
	rig_make(&rig, arg, SLOTS);
	return &rig.v.kv;
}

static struct kv_rw *remount(void *arg)
{
	(void)arg;
	rig_restart(&rig);
	return &rig.v.kv;
}

/* Whatever a test did, the volume is whole. */
static void destroy(void *arg)
{
	(void)arg;
	rig_restart(&rig);
	assert_clean(&rig);
	rig_free(&rig);
}

static void break_medium(void *arg, bool broken)
{
	(void)arg;
	disk_memory_die(&rig.disk, broken ? ERR_IO : OK);
}

int main(void)
{
	static const char *const names[] = {"FAT12", "FAT16", "FAT32", "FAT12, 4096-byte sectors"};
	int failed = 0;

	kv_conformance_ignores_case = true;
	for (unsigned i = 0; i < ARRAY_SIZE(suite_shapes); i++) {
		const struct fat_shape *shape = &suite_shapes[i];
		const struct kv_subject subject = {
			.arg = (void *)(uintptr_t)shape,
			.make = make,
			.remount = remount,
			.destroy = destroy,
			.break_medium = break_medium,
			.value_bytes_max = VALUE_BYTES_MAX,
			.space_bytes = shape->sectors * shape->sector_bytes,
			.writer_bytes_max = 2 * VALUE_BYTES_MAX,
		};
		unsigned n;
		const struct kv_file *files = kv_files(&n);

		failed += kv_conformance_write(names[i], &subject);
		rig_make(&rig, shape, SLOTS);
		for (unsigned k = 0; k < n; k++)
			failed += put(&rig, files[k].key, files[k].bytes, files[k].len) != OK;
		failed += fat_unmount(&rig.v) != OK;
		rig_restart(&rig);
		failed += kv_conformance_read(names[i], &rig.v.kv.kv);
		rig_free(&rig);
	}
	return failed;
}
