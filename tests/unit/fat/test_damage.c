/* SPDX-License-Identifier: ISC */
/* Volumes that contradict themselves. */
#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "tests/unit/fat/rig.h"

static struct rig rig;
static struct rig *const r = &rig;

struct wrong {
	uint32_t at, bytes, value;
	enum err expected;
};

static void test_measures_that_cannot_be(void **state)
{
	static const struct wrong wrongs[] = {
		{BPB_BYTES_PER_SECTOR, 2, 0, ERR_UNSUPPORTED},
		{BPB_BYTES_PER_SECTOR, 2, 513, ERR_UNSUPPORTED},
		{BPB_BYTES_PER_SECTOR, 2, 256, ERR_UNSUPPORTED},
		{BPB_BYTES_PER_SECTOR, 2, 32768, ERR_UNSUPPORTED},
		{BPB_SECTORS_PER_CLUSTER, 1, 0, ERR_UNSUPPORTED},
		{BPB_SECTORS_PER_CLUSTER, 1, 3, ERR_UNSUPPORTED},
		{BPB_RESERVED, 2, 0, ERR_UNSUPPORTED},
		{BPB_RESERVED, 2, 0xffff, ERR_DAMAGED},
		{BPB_TABLES, 1, 0, ERR_UNSUPPORTED},
		{BPB_ROOT_ENTRIES, 2, 0, ERR_DAMAGED},
		{BPB_ROOT_ENTRIES, 2, 0xffff, ERR_DAMAGED},
		{BPB_SECTORS_16, 2, 1, ERR_DAMAGED},
		{BPB_SECTORS_16, 2, 9001, ERR_DAMAGED},
		{BPB_SECTORS_16, 2, 0, ERR_DAMAGED},
		{BPB_TABLE_SECTORS_16, 2, 1, ERR_DAMAGED},
		{BPB_TABLE_SECTORS_16, 2, 0xffff, ERR_DAMAGED},
		{BPB_SIGNATURE, 2, 0, ERR_UNSUPPORTED},
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(wrongs); i++) {
		struct kv_info info;

		rig_make(r, &shapes[1], 8);
		memcpy(&r->disk.bytes[wrongs[i].at], &wrongs[i].value, wrongs[i].bytes);
		rig_restart(r);
		assert_int_equal(fat_mount(&r->v), wrongs[i].expected);
		assert_int_equal(kv_stat(&r->v.kv.kv, "x", 1, &info), wrongs[i].expected);
		assert_int_equal(put_text(r, "x", "1"), wrongs[i].expected);
		rig_free(r);
	}
}

static void test_measures_of_fat32_that_cannot_be(void **state)
{
	static const struct wrong wrongs[] = {
		{BPB_TABLE_SECTORS_32, 4, 0, ERR_DAMAGED},
		{BPB_TABLE_SECTORS_32, 4, 0xffffffff, ERR_DAMAGED},
		{BPB_TABLE_SECTORS_32, 4, 0x80000000, ERR_DAMAGED},
		{BPB_ROOT_CLUSTER_32, 4, 0, ERR_DAMAGED},
		{BPB_ROOT_CLUSTER_32, 4, 1, ERR_DAMAGED},
		{BPB_ROOT_CLUSTER_32, 4, 0x0fffffff, ERR_DAMAGED},
		{BPB_VERSION_32, 2, 1, ERR_UNSUPPORTED},
		{BPB_ROOT_ENTRIES, 2, 16, ERR_DAMAGED},
		{BPB_FLAGS_32, 2, 0x82, ERR_DAMAGED},
		{BPB_SECTORS_32, 4, 0xffffffff, ERR_DAMAGED},
		{BPB_INFO_32, 2, 0xfffe, OK},
		{BPB_FLAGS_32, 2, 0x81, OK},
	};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(wrongs); i++) {
		rig_make(r, &shapes[2], 8);
		memcpy(&r->disk.bytes[wrongs[i].at], &wrongs[i].value, wrongs[i].bytes);
		rig_restart(r);
		assert_int_equal(fat_mount(&r->v), wrongs[i].expected);
		if (wrongs[i].expected == OK) {
			assert_int_equal(put_text(r, "x", "1"), OK);
			assert_clean(r);
		}
		rig_free(r);
	}
}

static void test_too_little_memory(void **state)
{
	(void)state;
	rig_make(r, &shapes[3], 8);
	fat_init(&r->v, &r->disk.disk, &fat_writing, r->memory, 7 * 4096, r->v.now_s, r);
	assert_int_equal(fat_mount(&r->v), ERR_NOMEM);
	rig_free(r);
}

/* --- chains ----------------------------------------------------------------------------------- */

static void set_next(uint32_t cluster, uint32_t next)
{
	for (unsigned i = 0; i < r->v.tables; i++)
		store_le16(&r->disk.bytes[(r->v.table_at + i * r->v.table_sectors) * 512 +
					  2 * cluster],
			   (uint16_t)next);
}

/* A volume of FAT16 with a file "a" of 10 clusters from 2 on, and "b" from 12 on. */
static void make_two(void)
{
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_seeded(r, "a", 10 * 1024, 1), OK);
	assert_int_equal(put_seeded(r, "b", 10 * 1024, 2), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
}

static ssize_t read_a(void)
{
	static uint8_t out[10 * 1024];

	return kv_read(&r->v.kv.kv, "a", 1, 0, out, sizeof(out));
}

/* What is damaged can be read as far as it goes, and is not changed. */
static void test_chains_that_lead_nowhere(void **state)
{
	static const uint32_t next[] = {0, 1, 0xfff7, 0xffff, 0xfff0, 9000};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(next); i++) {
		make_two();
		set_next(5, next[i]);
		assert_int_equal(read_a(), ERR_DAMAGED);
		assert_true(r->v.stats.damaged > 0);
		assert_seeded(r, "b", 10 * 1024, 2);
		assert_int_equal(put_text(r, "c", "1"), ERR_READONLY);
		rig_restart(r);
		assert_int_equal(fat_check(&r->v), ERR_DAMAGED);
		assert_int_equal(put_text(r, "c", "1"), ERR_READONLY);
		rig_free(r);
	}
}

static void test_a_chain_in_a_circle_is_found(void **state)
{
	(void)state;
	make_two();
	set_next(11, 2);
	assert_int_equal(read_a(), 10 * 1024); /* it is long enough */
	assert_int_equal(fat_check(&r->v), ERR_DAMAGED);
	assert_int_equal(drop(r, "a"), ERR_READONLY);
	rig_free(r);
	make_two();
	set_next(11, 2);
	/* Without a check each step frees a cluster, so that it ends. */
	assert_int_equal(drop(r, "a"), OK);
	assert_int_equal(kv_sync(&r->v.kv), ERR_DAMAGED);
	assert_int_equal(put_text(r, "c", "1"), ERR_READONLY);
	rig_free(r);
}

static void test_two_files_with_one_cluster_are_found(void **state)
{
	(void)state;
	make_two();
	set_next(11, 15);
	assert_int_equal(fat_check(&r->v), ERR_DAMAGED);
	assert_int_equal(put_text(r, "c", "1"), ERR_READONLY);
	assert_seeded(r, "a", 10 * 1024, 1);
	assert_seeded(r, "b", 10 * 1024, 2);
	rig_free(r);
}

/* --- folders ---------------------------------------------------------------------------------- */

static uint8_t *root_entry(unsigned n)
{
	return &r->disk.bytes[r->v.root_at * 512 + n * 32];
}

static void test_a_folder_in_itself(void **state)
{
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	struct kv_info info;
	char key[200];

	(void)state;
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_text(r, "f/g/x", "1"), OK);
	assert_int_equal(put_text(r, "f/h/x", "2"), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
	/* g and h are f. */
	uint32_t f = load_le16(&root_entry(0)[ENTRY_CLUSTER_LOW]);
	uint8_t *in_f = &r->disk.bytes[(r->v.data_at + (f - 2) * 2) * 512];
	store_le16(&in_f[2 * 32 + ENTRY_CLUSTER_LOW], (uint16_t)f);
	store_le16(&in_f[3 * 32 + ENTRY_CLUSTER_LOW], (uint16_t)f);
	rig_restart(r);
	for (unsigned i = 0; i < 99; i++)
		memcpy(&key[2 * i], i == 0 ? "f/" : "g/", 2);
	memcpy(&key[198], "y", 2);
	assert_int_equal(kv_stat(&r->v.kv.kv, key, strlen(key), &info), ERR_NOTFOUND);
	assert_int_equal(kv_list(&r->v.kv.kv, "f/g", 3, &cursor, &entry), OK);
	assert_int_equal(fat_check(&r->v), ERR_DAMAGED);
	rig_free(r);
}

static void test_a_folder_without_end(void **state)
{
	struct kv_info info;

	(void)state;
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_text(r, "f/x", "1"), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
	uint32_t f = load_le16(&root_entry(0)[ENTRY_CLUSTER_LOW]);
	uint8_t *in_f = &r->disk.bytes[(r->v.data_at + (f - 2) * 2) * 512];
	for (unsigned i = 3; i < 32; i++)
		memcpy(&in_f[32 * i], &in_f[2 * 32], 32);
	set_next(f, f);
	rig_restart(r);
	assert_int_equal(kv_stat(&r->v.kv.kv, "f/y", 3, &info), ERR_DAMAGED);
	assert_true(r->disk.calls[DISK_MEMORY_READ] < 5000);
	assert_int_equal(fat_check(&r->v), ERR_READONLY);
	rig_free(r);
}

/* 65,536 entries are a folder's most: it has no end mark then, and no place for more. */
static void test_a_folder_that_is_full(void **state)
{
	enum { CLUSTERS = FAT_FOLDER_SLOTS_MAX / 32, FIRST = 1000 };
	struct kv_info info;

	(void)state;
	for (unsigned beyond = 0; beyond < 2; beyond++) {
		rig_make(r, &shapes[1], 8);
		assert_int_equal(put_text(r, "f/x", "1"), OK);
		assert_int_equal(fat_unmount(&r->v), OK);
		uint32_t f = load_le16(&root_entry(0)[ENTRY_CLUSTER_LOW]);
		uint8_t *in_f = &r->disk.bytes[(r->v.data_at + (f - 2) * 2) * 512];
		uint8_t *rest = &r->disk.bytes[(r->v.data_at + (FIRST - 2) * 2) * 512];
		for (unsigned i = 3; i < 32; i++)
			in_f[32 * i] = ENTRY_FREE;
		for (unsigned i = 0; i < (CLUSTERS - 1 + beyond) * 32; i++) {
			memcpy(&rest[32 * i], "TAKEN      ", 11);
			rest[32 * i + ENTRY_ATTRIBUTES] = ATTRIBUTE_LABEL;
		}
		set_next(f, FIRST);
		for (uint32_t i = 0; i < CLUSTERS - 1 + beyond; i++)
			set_next(FIRST + i, i + 1 < CLUSTERS - 1 + beyond ? FIRST + i + 1 : 0xffff);
		rig_restart(r);
		assert_int_equal(kv_stat(&r->v.kv.kv, "f/y", 3, &info),
				 beyond ? ERR_DAMAGED : ERR_NOTFOUND);
		if (!beyond) {
			assert_string_equal(names_in(r, "f"), "x ");
			for (char key[] = "f/0"; key[2] <= '9'; key[2]++)
				assert_int_equal(put_text(r, key, "2"), OK);
			for (char key[] = "f/100"; key[3] <= '9'; key[3]++)
				assert_int_equal(put_text(r, key, "2"), OK);
			for (char key[] = "f/200"; key[3] < '9'; key[3]++)
				assert_int_equal(put_text(r, key, "2"), OK);
			assert_int_equal(put_text(r, "f/290", "3"), ERR_NOSPACE);
			assert_clean(r);
		}
		rig_free(r);
	}
}

static void test_a_folder_that_is_nowhere(void **state)
{
	static const uint16_t at[] = {0, 1, 9000, 0xffff};
	struct kv_info info;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
		rig_make(r, &shapes[1], 8);
		assert_int_equal(put_text(r, "f/x", "1"), OK);
		assert_int_equal(fat_unmount(&r->v), OK);
		store_le16(&root_entry(0)[ENTRY_CLUSTER_LOW], at[i]);
		rig_restart(r);
		assert_int_equal(kv_stat(&r->v.kv.kv, "f/x", 3, &info), ERR_DAMAGED);
		rig_free(r);
	}
}

/* Long names with a part that is missing, twice, of another name: the short one counts. */
static void test_broken_long_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 7; i++) {
		rig_make(r, &shapes[1], 8);
		assert_int_equal(put_text(r, "a name of three parts, long enough", "1"), OK);
		assert_int_equal(fat_unmount(&r->v), OK);
		switch (i) {
		case 0:
			root_entry(1)[LONG_ORDER] = 3;
			break;
		case 1:
			root_entry(2)[LONG_CHECKSUM]++;
			break;
		case 2:
			root_entry(0)[LONG_ORDER] = 0x40 | 21;
			break;
		case 3:
			root_entry(0)[LONG_ORDER] = 0x40;
			break;
		case 4:
			root_entry(3)[0] = 'B';
			break;
		case 5:
			store_le16(&root_entry(2)[1], 0xd800); /* half a pair */
			break;
		case 6:
			store_le16(&root_entry(2)[9], 0); /* an end before the last part */
			break;
		}
		rig_restart(r);
		assert_string_equal(names_in(r, ""), i == 4 ? "BNAMEO~1 " : "ANAMEO~1 ");
		assert_text(r, i == 4 ? "bnameo~1" : "anameo~1", "1");
		assert_absent(r, "a name of three parts, long enough");
		assert_absent(r, "a na");
		assert_int_equal(fat_check(&r->v), OK); /* takes what belongs to nothing away */
		assert_int_equal(r->v.stats.repaired, i >= 5 ? 0 : 3);
		assert_clean(r);
		rig_free(r);
	}
}

static void test_labels_and_attributes(void **state)
{
	(void)state;
	rig_make(r, &shapes[1], 8);
	assert_int_equal(put_text(r, "LABEL", "1"), OK);
	assert_int_equal(put_text(r, "PROTECT", "2"), OK);
	assert_int_equal(kv_sync(&r->v.kv), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
	root_entry(0)[ENTRY_ATTRIBUTES] = ATTRIBUTE_LABEL;
	store_le16(&root_entry(0)[ENTRY_CLUSTER_LOW], 0);
	root_entry(1)[ENTRY_ATTRIBUTES] |= ATTRIBUTE_READ_ONLY;
	rig_restart(r);
	assert_string_equal(names_in(r, ""), "PROTECT ");
	assert_absent(r, "LABEL");
	assert_int_equal(put_text(r, "PROTECT", "3"), ERR_READONLY);
	assert_int_equal(drop(r, "PROTECT"), ERR_READONLY);
	assert_int_equal(move(r, "PROTECT", "x"), ERR_READONLY);
	assert_int_equal(put_text(r, "LABEL", "4"), OK);
	assert_string_equal(names_in(r, ""), "LABEL PROTECT ");
	rig_free(r);
}

static void test_lost_clusters_are_found(void **state)
{
	uint64_t before, after, all;

	(void)state;
	make_two();
	assert_int_equal(fat_space(&r->v, &before, &all), OK);
	assert_int_equal(fat_unmount(&r->v), OK);
	for (uint32_t i = 100; i < 300; i++)
		set_next(i, i < 299 ? i + 1 : 0xffff);
	set_next(400, 0xfff7); /* a bad one stays */
	rig_restart(r);
	assert_int_equal(fat_check(&r->v), OK);
	assert_int_equal(r->v.stats.lost_clusters, 200);
	assert_int_equal(fat_space(&r->v, &after, &all), OK);
	assert_int_equal(after, before - 1024);
	assert_clean(r);
	rig_free(r);
}

const struct CMUnitTest damage_tests[] = {
	cmocka_unit_test(test_measures_that_cannot_be),
	cmocka_unit_test(test_measures_of_fat32_that_cannot_be),
	cmocka_unit_test(test_too_little_memory),
	cmocka_unit_test(test_chains_that_lead_nowhere),
	cmocka_unit_test(test_a_chain_in_a_circle_is_found),
	cmocka_unit_test(test_two_files_with_one_cluster_are_found),
	cmocka_unit_test(test_a_folder_in_itself),
	cmocka_unit_test(test_a_folder_without_end),
	cmocka_unit_test(test_a_folder_that_is_full),
	cmocka_unit_test(test_a_folder_that_is_nowhere),
	cmocka_unit_test(test_broken_long_names),
	cmocka_unit_test(test_labels_and_attributes),
	cmocka_unit_test(test_lost_clusters_are_found),
};
const size_t damage_count = ARRAY_SIZE(damage_tests);
