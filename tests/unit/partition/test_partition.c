/* SPDX-License-Identifier: ISC */
/* Tables as they are written, with one field after the other wrong, and requests to a partition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "storage/partition/table.h"
#include "tests/fakes/disk_fake.h"

enum {
	SECTORS = 1024,
	SECTOR = 512,
	BIG_SECTOR = 4096,
	ENTRIES = 128,
	FAT32 = 0x0c,
	EXTENDED = 0x05
};

static uint8_t bytes[SECTORS * SECTOR];
static struct disk_fake disk;
static struct partition_scan scan;
static uint32_t sector_bytes;
static uint64_t sectors;

static uint8_t *at(uint64_t sector)
{
	return &bytes[sector * sector_bytes];
}

static void disk_of(uint32_t size)
{
	memset(bytes, 0, sizeof(bytes));
	sector_bytes = size;
	sectors = sizeof(bytes) / size;
	disk_fake_init(&disk, bytes, sectors, size);
}

static int set_up(void **state)
{
	(void)state;
	disk_of(SECTOR);
	return 0;
}

static enum err scanned(void)
{
	enum err e;

	partition_scan_begin(&scan, &disk.block, (struct waker){0});
	while ((e = partition_scan_poll(&scan)) == ERR_AGAIN) {
		assert_true(disk.requests < 3000);
		block_poll(&disk.block, 0);
	}
	disk.requests = 0;
	return e;
}

/* Entry `i` of the record in `sector`. */
static void mbr(uint64_t sector, unsigned i, uint8_t type, uint32_t first, uint32_t count)
{
	uint8_t *entry = at(sector) + 446 + 16 * i;

	memset(entry, 0, 16);
	entry[4] = type;
	store_le32(&entry[8], first);
	store_le32(&entry[12], count);
	store_le16(at(sector) + 510, 0xaa55);
}

static void is_entry(unsigned i, uint64_t first, uint64_t count)
{
	assert_true(i < scan.table.n);
	assert_int_equal(scan.table.entry[i].first, first);
	assert_int_equal(scan.table.entry[i].sectors, count);
}

static void four_partitions(void **state)
{
	(void)state;
	mbr(0, 0, FAT32, 8, 100);
	mbr(0, 2, 0x83, 108, 916);
	at(0)[446] = 0x80;
	assert_int_equal(scanned(), OK);
	assert_int_equal(scan.table.kind, PARTITION_MBR);
	assert_int_equal(scan.table.n, 2);
	is_entry(0, 8, 100);
	is_entry(1, 108, 916);
	assert_int_equal(scan.table.entry[0].mbr_type, FAT32);
	assert_true(scan.table.entry[0].bootable && !scan.table.entry[1].bootable);
}

static void no_table(void **state)
{
	(void)state;
	assert_int_equal(scanned(), ERR_NOTFOUND);
	mbr(0, 0, 0, 0, 0);
	assert_int_equal(scanned(), OK);
	assert_int_equal(scan.table.n, 0);
	disk.block.sectors = 0;
	assert_int_equal(scanned(), ERR_NODEV);
}

static void entries_of_an_mbr_that_cannot_be(void **state)
{
	static const uint32_t wrong[][2] = {{0, 10},    {1024, 1},       {1023, 2},
					    {8, 0},     {8, 0xffffffff}, {0xffffffff, 0xffffffff},
					    {150, 100}, {50, 51}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		mbr(0, 0, FAT32, 100, 100);
		mbr(0, 1, FAT32, wrong[i][0], wrong[i][1]);
		assert_int_equal(scanned(), ERR_INVALID);
	}
	mbr(0, 1, FAT32, 200, 100);
	assert_int_equal(scanned(), OK);
	at(0)[446] = 0x40;
	assert_int_equal(scanned(), ERR_INVALID);
}

static void logical_partitions(void)
{
	memset(bytes, 0, sizeof(bytes));
	mbr(0, 0, FAT32, 8, 92);
	mbr(0, 1, EXTENDED, 100, 900);
	mbr(100, 0, FAT32, 1, 99);
	mbr(100, 1, EXTENDED, 100, 100);
	mbr(200, 0, FAT32, 8, 92);
	mbr(200, 1, EXTENDED, 300, 600);
	mbr(400, 0, FAT32, 1, 599);
}

static void a_chain_of_logical_partitions(void **state)
{
	(void)state;
	logical_partitions();
	assert_int_equal(scanned(), OK);
	assert_int_equal(scan.table.n, 4);
	is_entry(1, 101, 99);
	is_entry(2, 208, 92);
	is_entry(3, 401, 599);
}

static void chains_that_cannot_be(void **state)
{
	static const struct {
		uint32_t sector, entry, first, count;
		uint8_t type;
	} wrong[] = {
		{200, 1, 100, 100, EXTENDED}, /* itself */
		{200, 1, 0, 100, EXTENDED},   /* back to the first */
		{200, 1, 900, 1, EXTENDED},   /* out of it */
		{200, 1, 0xffffffff, 1, EXTENDED},
		{200, 1, 150, 1, EXTENDED}, /* within the partition of before */
		{200, 1, 300, 1, FAT32},    /* no record */
		{200, 2, 300, 1, FAT32},    /* a third entry */
		{200, 0, 8, 801, FAT32},    /* over the end */
		{200, 0, 0, 10, FAT32},     /* over its own record */
		{200, 1, 299, 1, EXTENDED}, /* to what is none: without a signature */
		{0, 2, 500, 100, FAT32},    /* a primary partition in the extended one */
		{0, 2, 50, 10, EXTENDED},   /* two of them */
		{0, 1, 100, 925, EXTENDED}, /* larger than the disk */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		logical_partitions();
		mbr(wrong[i].sector, wrong[i].entry, wrong[i].type, wrong[i].first, wrong[i].count);
		assert_int_equal(scanned(), ERR_INVALID);
	}
}

static void a_long_chain_of_nothing_ends(void **state)
{
	(void)state;
	mbr(0, 0, EXTENDED, 1, 1000);
	for (uint32_t i = 1; i < 900; i++)
		mbr(i, 1, EXTENDED, i, 1);
	assert_int_equal(scanned(), ERR_INVALID);
}

/* --- GPT ------------------------------------------------------------------------------------- */

static uint32_t entry_sectors(void)
{
	return ENTRIES * 128 / sector_bytes;
}

static uint64_t header_at(bool backup)
{
	return backup ? sectors - 1 : 1;
}

static uint64_t entries_at(bool backup)
{
	return backup ? sectors - 1 - entry_sectors() : 2;
}

static void seal(bool backup)
{
	uint8_t *h = at(header_at(backup));

	store_le32(&h[88], gpt_crc32(0, at(entries_at(backup)), ENTRIES * 128));
	store_le32(&h[16], 0);
	store_le32(&h[16], gpt_crc32(0, h, load_le32(&h[12])));
}

static void gpt_entry(unsigned i, uint64_t first, uint64_t last)
{
	for (unsigned backup = 0; backup < 2; backup++) {
		uint8_t *e = at(entries_at(backup)) + i * 128;

		memset(e, (int)(0x10 + i), 16);
		store_le64(&e[32], first);
		store_le64(&e[40], last);
		seal(backup);
	}
}

static void gpt_header(bool backup)
{
	uint8_t *h = at(header_at(backup));

	memset(h, 0, 512);
	memcpy(h, "EFI PART", 8);
	store_le32(&h[8], 0x00010000);
	store_le32(&h[12], 92);
	store_le64(&h[24], header_at(backup));
	store_le64(&h[32], header_at(!backup));
	store_le64(&h[40], 2 + entry_sectors());
	store_le64(&h[48], sectors - 2 - entry_sectors());
	store_le64(&h[72], entries_at(backup));
	store_le32(&h[80], ENTRIES);
	store_le32(&h[84], 128);
	seal(backup);
}

static void gpt(uint32_t size)
{
	disk_of(size);
	mbr(0, 0, 0xee, 1, (uint32_t)sectors - 1);
	gpt_header(false);
	gpt_header(true);
	gpt_entry(0, 2 + entry_sectors(), 50);
	gpt_entry(7, 51, sectors - 2 - entry_sectors());
}

static void is_whole(void)
{
	assert_int_equal(scanned(), OK);
	assert_int_equal(scan.table.kind, PARTITION_GPT);
	assert_int_equal(scan.table.n, 2);
	is_entry(0, 2 + entry_sectors(), 50 - 1 - entry_sectors());
	is_entry(1, 51, sectors - 2 - entry_sectors() - 50);
	assert_int_equal(scan.table.entry[1].type_guid[15], 0x17);
}

static void guid_partitions(void **state)
{
	(void)state;
	gpt(SECTOR);
	is_whole();
	gpt(BIG_SECTOR);
	is_whole();
}

static void the_crc_is_that_of_iso_3309(void **state)
{
	(void)state;
	assert_int_equal(gpt_crc32(0, (const uint8_t *)"123456789", 9), 0xcbf43926);
}

static void damage_leads_to_the_copy(void **state)
{
	(void)state;
	gpt(SECTOR);
	at(1)[60] ^= 1;
	is_whole();
	gpt(SECTOR);
	at(2)[127] ^= 1; /* an entry */
	is_whole();
	assert_true(scan.is_backup);
	gpt(SECTOR);
	disk.bad_sector = 1;
	is_whole();
	disk.bad_sector = 5;
	is_whole();
	at(sectors - 1)[60] ^= 1;
	assert_int_equal(scanned(), ERR_INVALID);
	disk.bad_sector = sectors - 1;
	gpt(SECTOR);
	at(1)[60] ^= 1;
	disk.bad_sector = sectors - 1;
	assert_int_equal(scanned(), ERR_IO);
}

/* Each field of the header with each value that it must not have, and right checksums. */
static void headers_that_cannot_be(void **state)
{
	static const struct {
		unsigned offset, len;
		uint64_t value;
	} wrong[] = {
		{0, 4, 0},           {8, 4, 0x00020000},  {12, 4, 91},      {12, 4, 513},
		{20, 4, 1},          {24, 8, 2},          {32, 8, 1},       {32, 8, SECTORS},
		{40, 8, 1},          {40, 8, 0},          {48, 8, SECTORS}, {48, 8, 33},
		{48, 8, UINT64_MAX}, {40, 8, 3},          {72, 8, 0},       {72, 8, SECTORS},
		{72, 8, 40},         {72, 8, UINT64_MAX}, {80, 4, 0},       {80, 4, 1025},
		{80, 4, UINT32_MAX}, {84, 4, 64},         {84, 4, 192},     {84, 4, 1024},
		{84, 4, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct gpt_header h;
		uint8_t *header;

		gpt(SECTOR);
		header = at(1);
		assert_int_equal(gpt_header_parse(&h, header, SECTOR, 1, SECTORS), OK);
		if (wrong[i].len == 8)
			store_le64(&header[wrong[i].offset], wrong[i].value);
		else
			store_le32(&header[wrong[i].offset], (uint32_t)wrong[i].value);
		store_le32(&header[16], 0);
		store_le32(&header[16], gpt_crc32(0, header, MIN(load_le32(&header[12]), 512u)));
		assert_int_equal(gpt_header_parse(&h, header, SECTOR, 1, SECTORS), ERR_INVALID);
	}
}

static void guid_entries_that_cannot_be(void **state)
{
	const uint64_t wrong[][2] = {{33, 40},           {60, 59},         {50, 60},
				     {60, SECTORS - 33}, {60, UINT64_MAX}, {UINT64_MAX, UINT64_MAX},
				     {0, UINT64_MAX}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		gpt(SECTOR);
		gpt_entry(7, wrong[i][0], wrong[i][1]);
		assert_int_equal(scanned(), ERR_INVALID);
	}
}

static void more_partitions_than_there_is_room_for(void **state)
{
	(void)state;
	gpt(SECTOR);
	for (unsigned i = 0; i < PARTITIONS_MAX + 5; i++)
		gpt_entry(i, 100 + i, 100 + i);
	assert_int_equal(scanned(), OK);
	assert_int_equal(scan.table.n, PARTITIONS_MAX);
	assert_int_equal(scan.table.left_out, 5);
}

static void a_protective_entry_elsewhere(void **state)
{
	(void)state;
	gpt(SECTOR);
	mbr(0, 0, 0xee, 2, SECTORS - 2);
	assert_int_equal(scanned(), ERR_INVALID);
}

/* --- as a disk ------------------------------------------------------------------------------- */

static enum err result;

static void done(struct block_request *r, enum err e)
{
	(void)r;
	result = e;
}

static enum err transfer(struct block *b, enum block_op op, uint64_t sector, uint8_t *memory)
{
	struct block_request r = {
		.op = op, .sector = sector, .count = 2, .memory = memory, .done = done};
	enum err e = block_submit(b, &r);

	if (e != OK)
		return e;
	result = ERR_AGAIN;
	block_poll(&disk.block, 0);
	return result;
}

static void requests_stay_within_it(void **state)
{
	static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[2 * SECTOR];
	const struct partition_entry entry = {.first = 100, .sectors = 50};
	struct partition p;

	(void)state;
	assert_int_equal(partition_init(&p, &disk.block, &entry, "disk1"), OK);
	assert_int_equal(block_start(&p.block), OK);
	memset(at(148), 0x55, 2 * SECTOR);
	assert_int_equal(transfer(&p.block, BLOCK_READ, 48, memory), OK);
	assert_memory_equal(memory, at(148), 2 * SECTOR);
	assert_int_equal(transfer(&p.block, BLOCK_WRITE, 0, memory), OK);
	assert_memory_equal(at(100), memory, 2 * SECTOR);
	assert_int_equal(transfer(&p.block, BLOCK_WRITE, 49, memory), ERR_RANGE);
	assert_int_equal(transfer(&p.block, BLOCK_WRITE, UINT64_MAX - 99, memory), ERR_RANGE);
	assert_int_equal(at(150)[0], 0);
	disk.block.sectors = 0; /* its medium is gone */
	assert_int_equal(transfer(&p.block, BLOCK_READ, 0, memory), ERR_NODEV);
}

static void a_partition_must_lie_on_the_disk(void **state)
{
	static const struct partition_entry wrong[] = {
		{.first = 1000, .sectors = 25},      {.first = 2000, .sectors = 1},
		{.first = 1, .sectors = UINT64_MAX}, {.first = UINT64_MAX, .sectors = 1},
		{.first = 1, .sectors = 0},
	};
	struct partition p;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(partition_init(&p, &disk.block, &wrong[i], "p"), ERR_RANGE);
	disk.block.sectors = 0;
	assert_int_equal(partition_init(&p, &disk.block, &wrong[0], "p"), ERR_NODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(four_partitions, set_up),
		cmocka_unit_test_setup(no_table, set_up),
		cmocka_unit_test_setup(entries_of_an_mbr_that_cannot_be, set_up),
		cmocka_unit_test_setup(a_chain_of_logical_partitions, set_up),
		cmocka_unit_test_setup(chains_that_cannot_be, set_up),
		cmocka_unit_test_setup(a_long_chain_of_nothing_ends, set_up),
		cmocka_unit_test_setup(guid_partitions, set_up),
		cmocka_unit_test_setup(the_crc_is_that_of_iso_3309, set_up),
		cmocka_unit_test_setup(damage_leads_to_the_copy, set_up),
		cmocka_unit_test_setup(headers_that_cannot_be, set_up),
		cmocka_unit_test_setup(guid_entries_that_cannot_be, set_up),
		cmocka_unit_test_setup(more_partitions_than_there_is_room_for, set_up),
		cmocka_unit_test_setup(a_protective_entry_elsewhere, set_up),
		cmocka_unit_test_setup(requests_stay_within_it, set_up),
		cmocka_unit_test_setup(a_partition_must_lie_on_the_disk, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
