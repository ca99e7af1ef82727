/* SPDX-License-Identifier: ISC */
/* Archives as programs make them, from memory and from a disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/fakes/disk_memory.h"
#include "tests/unit/kv_conformance/kv_conformance.h"
#include "tests/unit/tar/tar_make.h"

static struct tar_made made;
static struct tar t;
static char folder[] = "/tmp/tar.XXXXXX";

/* What a shell command writes becomes the archive; %s in it is the test's own folder. */
static void archive(const char *command)
{
	char line[1000];

	snprintf(line, sizeof(line), command, folder, folder, folder, folder);
	tar_begin(&made);
	FILE *f = popen(line, "r");
	assert_non_null(f);
	made.len = fread(made.bytes, 1, sizeof(made.bytes), f);
	assert_int_equal(pclose(f), 0);
	assert_true(made.len > TAR_BLOCK_BYTES && made.len < sizeof(made.bytes));
}

static void on_disk(struct disk_memory *disk, uint32_t sector_bytes)
{
	disk_memory_init(disk, made.len / sector_bytes + 3, sector_bytes);
	memcpy(disk->bytes, made.bytes, made.len);
}

static enum err mount_disk(struct disk_memory *disk)
{
	const struct tar_room room = tar_made_room();

	return tar_mount(&t, &disk->disk, &room);
}

/* --- each format ----------------------------------------------------------------------------- */

#define TAR_OF_FILES "tar -cf - --sort=name -C " KV_FILES_FOLDER " --format="

static int conforms(const char *name, const char *command, uint32_t sector_bytes)
{
	struct disk_memory disk;
	char title[100];

	archive(command);
	snprintf(title, sizeof(title), "%s, sectors of %u", name, sector_bytes);
	if (sector_bytes == 0)
		return tar_made_mount(&t, &made) == OK ? kv_conformance_read(name, &t.kv) : 1;
	on_disk(&disk, sector_bytes);
	int failed = mount_disk(&disk) == OK ? kv_conformance_read(title, &t.kv) : 1;
	disk_memory_fini(&disk);
	return failed;
}

static int every_format_conforms(void)
{
	static const char *const commands[] = {
		TAR_OF_FILES "gnu .", TAR_OF_FILES "pax .",
		"cd " KV_FILES_FOLDER " && tar -c --format=pax *",
		"python3 -c 'import sys, tarfile; t = tarfile.open(fileobj=sys.stdout.buffer, mode=\"w|\");"
		" t.add(\"" KV_FILES_FOLDER "\", \"\")'"};
	static const uint32_t sectors[] = {0, 512, 4096};
	int failed = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(commands); i++) {
		for (unsigned j = 0; j < ARRAY_SIZE(sectors); j++)
			failed += conforms(commands[i], commands[i], sectors[j]);
	}
	return failed;
}

/* Formats without long names hold what they can. */
static void old_formats_are_read(void **state)
{
	static const char *const formats[] = {"ustar", "v7", "oldgnu"};
	char command[200];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++) {
		snprintf(command, sizeof(command),
			 "tar -cf - --format=%s -C " KV_FILES_FOLDER " index.html img deep",
			 formats[i]);
		archive(command);
		assert_int_equal(tar_made_mount(&t, &made), OK);
		kv_assert_value(&t.kv, "index.html", "Hello, world!\n", 14);
		kv_assert_value(&t.kv, "deep/er/and/deeper/file", "down here\n", 10);
		kv_assert_lists(&t.kv, "",
				(const char *const[]){"deep/", "img/", "index.html", NULL});
		assert_int_equal(t.stats.left_out, 0);
	}
}

static uint64_t modified(const char *key)
{
	struct kv_info info = {0};

	assert_int_equal(kv_stat(&t.kv, key, strlen(key), &info), OK);
	return info.modified_s;
}

static void times_are_those_of_the_files(void **state)
{
	(void)state;
	archive("cd %s && echo 1 > a && echo 2 > b && touch -d @1700000000.75 a && "
		"touch -d @-5 b && tar -c --format=pax a b");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_int_equal(modified("a"), 1700000000);
	assert_int_equal(modified("b"), 0); /* before 1970 is not known */
	archive("cd %s && tar -c --format=gnu a b");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_int_equal(modified("a"), 1700000000);
	assert_int_equal(modified("b"), 0);
}

static uint64_t version(const char *key)
{
	struct kv_info info = {0};

	assert_int_equal(kv_stat(&t.kv, key, strlen(key), &info), OK);
	assert_true(info.version != 0);
	return info.version;
}

static void another_file_is_another_version(void **state)
{
	(void)state;
	archive("cd %s && echo 1 > a && touch -d @1700000000 a && tar -c a");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	uint64_t first = version("a");
	archive("cd %s && tar -c a");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_int_equal(version("a"), first);
	archive("cd %s && touch -d @1700000001 a && tar -c a");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_true(version("a") != first);
	archive("cd %s && echo 11 > a && touch -d @1700000000 a && tar -c a");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	assert_true(version("a") != first);
}

static void hard_links_are_files_and_symbolic_ones_are_not(void **state)
{
	(void)state;
	archive("cd %s && rm -rf l && mkdir l && cd l && echo one > a && ln a b && ln -s a c && "
		"mkfifo d && tar -c a b c d");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	kv_assert_value(&t.kv, "a", "one\n", 4);
	kv_assert_value(&t.kv, "b", "one\n", 4);
	kv_assert_lists(&t.kv, "", (const char *const[]){"a", "b", NULL});
	assert_int_equal(t.stats.left_out, 2);
}

static void the_last_member_of_a_name_counts(void **state)
{
	(void)state;
	archive("cd %s && echo one > a && tar -cf x.tar a && echo three > a && tar -rf x.tar a && "
		"cat x.tar");
	assert_int_equal(tar_made_mount(&t, &made), OK);
	kv_assert_value(&t.kv, "a", "three\n", 6);
	kv_assert_lists(&t.kv, "", (const char *const[]){"a", NULL});
}

/* --- disks ----------------------------------------------------------------------------------- */

static void archive_of_three(void)
{
	char large[5000];

	memset(large, 'x', sizeof(large));
	tar_begin(&made);
	tar_text(&made, "a", "one");
	(void)tar_header(&made, '0', "large", sizeof(large));
	tar_data(&made, large, sizeof(large));
	tar_text(&made, "z", "last");
}

/* What lies between a header and the next is not read. */
static void a_mount_reads_headers_only(void **state)
{
	struct disk_memory disk;

	(void)state;
	archive_of_three();
	on_disk(&disk, 512);
	assert_int_equal(mount_disk(&disk), OK);
	assert_int_equal(disk.sectors[DISK_MEMORY_READ], 4);
	kv_assert_value(&t.kv, "z", "last", 4);
	disk_memory_fini(&disk);
}

static void errors_of_the_disk_reach_the_caller(void **state)
{
	struct disk_memory disk;
	struct kv_info info;
	char out[5000];

	(void)state;
	archive_of_three();
	on_disk(&disk, 512);
	for (unsigned n = 1; n <= 4; n++) {
		disk_memory_fail(&disk, DISK_MEMORY_READ, n, ERR_IO);
		assert_int_equal(mount_disk(&disk), ERR_IO);
		assert_int_equal(kv_stat(&t.kv, "a", 1, &info), ERR_IO);
	}
	assert_int_equal(mount_disk(&disk), OK);
	for (unsigned n = 1; n <= 2; n++) {
		disk_memory_fail(&disk, DISK_MEMORY_READ, n, ERR_TIMEOUT);
		assert_int_equal(kv_read(&t.kv, "large", 5, 0, out, sizeof(out)), ERR_TIMEOUT);
		assert_int_equal(t.stats.io_errors, n);
	}
	assert_int_equal(kv_read(&t.kv, "large", 5, 0, out, sizeof(out)), sizeof(out));
	disk_memory_die(&disk, ERR_NODEV);
	assert_int_equal(kv_read(&t.kv, "a", 1, 0, out, 1), ERR_NODEV);
	assert_int_equal(kv_stat(&t.kv, "a", 1, &info), OK); /* that is in the index */
	disk_memory_fini(&disk);
}

static void without_a_medium_there_is_nothing(void **state)
{
	struct disk_memory disk;
	struct kv_cursor cursor = {0};
	struct kv_entry entry;
	struct kv_info info;
	char byte;

	(void)state;
	disk_memory_init(&disk, 1, 512);
	disk.disk.sectors = 0;
	assert_int_equal(mount_disk(&disk), ERR_NODEV);
	assert_int_equal(kv_stat(&t.kv, "a", 1, &info), ERR_NODEV);
	assert_int_equal(kv_read(&t.kv, "a", 1, 0, &byte, 1), ERR_NODEV);
	assert_int_equal(kv_list(&t.kv, "", 0, &cursor, &entry), ERR_NODEV);
	disk_memory_fini(&disk);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_formats_are_read),
		cmocka_unit_test(times_are_those_of_the_files),
		cmocka_unit_test(another_file_is_another_version),
		cmocka_unit_test(hard_links_are_files_and_symbolic_ones_are_not),
		cmocka_unit_test(the_last_member_of_a_name_counts),
		cmocka_unit_test(a_mount_reads_headers_only),
		cmocka_unit_test(errors_of_the_disk_reach_the_caller),
		cmocka_unit_test(without_a_medium_there_is_nothing),
	};

	return every_format_conforms() + cmocka_run_group_tests(tests, make_folder, remove_folder) +
	       test_hostile();
}
