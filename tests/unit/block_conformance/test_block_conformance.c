/* SPDX-License-Identifier: ISC */
/* Block devices that need no hardware: the fake that other tests use, memory, a file. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "drivers/block/file/file_disk.h"
#include "drivers/block/ram/ram_disk.h"
#include "tests/fakes/disk_fake.h"
#include "tests/fakes/runtime.h"
#include "tests/unit/block_conformance/block_conformance.h"

enum { SECTORS = 300, SECTOR = 512 };

static uint8_t bytes[SECTORS * SECTOR + 100];
static struct disk_fake fake;
static struct ram_disk ram;
static struct file_disk file;
static char path[64];

static void set_up(struct block_subject *s)
{
	disk_fake_init(&fake, bytes, SECTORS, SECTOR);
	s->block = &fake.block;
}

static void set_up_with_limits(struct block_subject *s)
{
	set_up(s);
	fake.block.limits = (struct block_limits){
		.count_max = 128, .pieces_max = 4, .zero_max = 50, .discard_max = 20};
}

static void set_up_ram(struct block_subject *s)
{
	s->block = ram_disk_init(&ram, bytes, sizeof(bytes), "ram0");
}

static void set_up_file(struct block_subject *s)
{
	int fd;

	strcpy(path, "/tmp/fata-file-disk-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, SECTORS * SECTOR + 100), 0);
	close(fd);
	s->block = file_disk_init(&file, path, "disk0");
}

static void tear_down(struct block_subject *s)
{
	(void)s;
}

static void tear_down_file(struct block_subject *s)
{
	(void)s;
	unlink(path);
}

static void run(struct block_subject *s)
{
	block_poll(s->block, 0);
}

static void make_read_only(struct block_subject *s)
{
	s->block->read_only = true;
}

/* --- a file that is not what it should be ---------------------------------------------------- */

static void files_that_are_not_there(void **state)
{
	struct block *b = file_disk_init(&file, "/nonexistent/disk.img", "disk0");

	(void)state;
	fake_log_complaints = 0;
	assert_int_equal(block_start(b), ERR_NODEV);
	assert_int_equal(fake_log_complaints, 1);
	assert_non_null(strstr(fake_log_complaint, "disk0: /nonexistent/disk.img: there is no"));
	b = file_disk_init(&file, "/", "disk0");
	assert_int_equal(block_start(b), ERR_NODEV);
	b = file_disk_init(&file, "/dev/null", "disk0");
	assert_int_equal(block_start(b), ERR_NODEV);
}

static enum err result;

static void done(struct block_request *r, enum err e)
{
	(void)r;
	result = e;
}

static void a_file_that_was_cut(void **state)
{
	static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[2 * SECTOR];
	struct block_subject s = {0};
	struct block_request r = {.sector = 99, .count = 2, .memory = memory, .done = done};

	(void)state;
	set_up_file(&s);
	assert_int_equal(block_start(s.block), OK);
	assert_int_equal(s.block->sectors, SECTORS);
	assert_int_equal(truncate(path, 100 * SECTOR), 0);
	assert_int_equal(block_submit(s.block, &r), OK);
	run(&s);
	assert_int_equal(result, ERR_IO);
	r.sector = 98;
	assert_int_equal(block_submit(s.block, &r), OK);
	run(&s);
	assert_int_equal(result, OK);
	block_stop(s.block);
	tear_down_file(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(files_that_are_not_there),
					   cmocka_unit_test(a_file_that_was_cut)};
	struct block_subject subjects[] = {
		{"fake", NULL, set_up, tear_down, run, make_read_only},
		{"fake with limits", NULL, set_up_with_limits, tear_down, run, make_read_only},
		{"ram", NULL, set_up_ram, tear_down, run, make_read_only},
		{"file", NULL, set_up_file, tear_down_file, run, NULL},
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++)
		failed += block_conformance(&subjects[i]);
	return failed;
}
