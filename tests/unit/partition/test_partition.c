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
#include "tests/fakes/disk_memory.h"
#include "tests/fakes/runtime.h"

enum {
	SECTORS = 1024,
	SECTOR = 512,
	BIG_SECTOR = 4096,
	ENTRIES = 128,
	FAT32 = 0x0c,
	EXTENDED = 0x05
};

static struct disk_memory memory;
static struct disk *const disk = &memory.disk;
static struct partitions scan;
static uint32_t sector_bytes;
static uint64_t sectors;
static uint64_t bad_sector;

static uint8_t *at(uint64_t sector)
{
	return &memory.bytes[sector * sector_bytes];
}

static void disk_of(uint32_t size)
{
	disk_memory_fini(&memory);
	sector_bytes = size;
	sectors = SECTORS * SECTOR / size;
	bad_sector = 0;
	disk_memory_init(&memory, sectors, size);
}

static int set_up(void **state)
{
	(void)state;
	disk_of(SECTOR);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	disk_memory_fini(&memory);
	return 0;
}

/* A disk in front of the memory whose sector `bad_sector` cannot be read. */
static enum err read_but_one(struct disk *d, uint64_t sector, uint32_t count, void *out)
{
	(void)d;
	if (bad_sector != 0 && bad_sector >= sector && bad_sector < sector + count)
		return ERR_IO;
	return disk_read(disk, sector, count, out);
}

static enum err scanned(void)
{
	static const struct disk_ops ops = {.read = read_but_one};
	static struct disk front;
	enum err e;

	front = *disk;
	front.ops = &ops;
	memory.calls[DISK_MEMORY_READ] = 0;
	e = partitions_read(&scan, &front);
	assert_true(memory.calls[DISK_MEMORY_READ] < 700);
	assert_true(e == OK || scan.table.n == 0);
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
	disk->sectors = 0;
	assert_int_equal(scanned(), ERR_NODEV);
	disk->sectors = sectors;
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
	memset(memory.bytes, 0, SECTORS * SECTOR);
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
	gpt(SECTOR);
	bad_sector = 1;
	is_whole();
	bad_sector = 5;
	is_whole();
	at(sectors - 1)[60] ^= 1;
	assert_int_equal(scanned(), ERR_INVALID);
	bad_sector = sectors - 1;
	gpt(SECTOR);
	at(1)[60] ^= 1;
	bad_sector = sectors - 1;
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

static void requests_stay_within_it(void **state)
{
	static uint8_t buffer[2 * SECTOR];
	const struct partition_entry entry = {.first = 100, .sectors = 50};
	struct partition p;

	(void)state;
	assert_int_equal(partition_init(&p, disk, &entry, "disk1"), OK);
	memset(at(148), 0x55, 2 * SECTOR);
	assert_int_equal(disk_read(&p.disk, 48, 2, buffer), OK);
	assert_memory_equal(buffer, at(148), 2 * SECTOR);
	assert_int_equal(disk_write(&p.disk, 0, 2, buffer), OK);
	assert_memory_equal(at(100), buffer, 2 * SECTOR);
	assert_int_equal(disk_zero(&p.disk, 1, 1), OK);
	assert_int_equal(at(101)[0], 0);
	assert_int_equal(disk_write(&p.disk, 49, 2, buffer), ERR_RANGE);
	assert_int_equal(disk_write(&p.disk, UINT64_MAX - 99, 2, buffer), ERR_RANGE);
	assert_int_equal(disk_zero(&p.disk, 49, UINT64_MAX), ERR_RANGE);
	assert_int_equal(disk_discard(&p.disk, 50, 1), ERR_RANGE);
	assert_int_equal(at(150)[0], 0);
	assert_int_equal(disk_flush(&p.disk), OK);
	assert_int_equal(memory.calls[DISK_MEMORY_FLUSH], 1);
	disk->sectors = 0; /* its medium is gone */
	assert_int_equal(disk_read(&p.disk, 0, 2, buffer), ERR_NODEV);
	disk->sectors = sectors;
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
		assert_int_equal(partition_init(&p, disk, &wrong[i], "p"), ERR_RANGE);
	disk->sectors = 0;
	assert_int_equal(partition_init(&p, disk, &wrong[0], "p"), ERR_NODEV);
	disk->sectors = sectors;
}

/* --- by its name ----------------------------------------------------------------------------- */

static void label(unsigned i, const uint16_t *units, size_t n)
{
	for (unsigned backup = 0; backup < 2; backup++) {
		uint8_t *e = at(entries_at(backup)) + i * 128;

		memset(&e[16], (int)(0x40 + i), 16);
		memset(&e[56], 0, 72);
		for (size_t u = 0; u < n; u++)
			store_le16(&e[56 + 2 * u], units[u]);
		seal(backup);
	}
}

static const char *label_of(const uint16_t *units, size_t n)
{
	label(7, units, n);
	assert_int_equal(scanned(), OK);
	return scan.table.entry[1].label;
}

static void labels_are_text(void **state)
{
	static const uint16_t plain[] = {'d', 'a', 't', 'a'};
	static const uint16_t mixed[] = {0xe4, 0x20ac, 0xd83d, 0xde00, 'x'};
	static const uint16_t halves[] = {0xde00, 'a', 0xd83d};
	uint16_t full[36];

	(void)state;
	gpt(SECTOR);
	assert_string_equal(label_of(plain, 4), "data");
	assert_string_equal(label_of(mixed, 5), "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x");
	assert_string_equal(label_of(halves, 3), "\xef\xbf\xbd"
						 "a\xef\xbf\xbd");
	for (size_t i = 0; i < 36; i++)
		full[i] = 0xffff;
	assert_int_equal(strlen(label_of(full, 36)), 108);
	full[35] = 0xd83d; /* a pair would reach behind */
	assert_int_equal(strlen(label_of(full, 36)), 108);
}

static void found_by_number_label_and_guid(void **state)
{
	static const uint16_t data[] = {'d', 'a', 't', 'a'};
	uint8_t guid[16];
	struct partition_wish wish = {.label = "data"};

	(void)state;
	gpt(SECTOR);
	label(7, data, 4);
	assert_int_equal(scanned(), OK);
	assert_ptr_equal(partition_find(&scan.table, &wish), &scan.table.entry[1]);
	wish = (struct partition_wish){.number = 8};
	assert_ptr_equal(partition_find(&scan.table, &wish), &scan.table.entry[1]);
	memset(guid, 0x47, sizeof(guid));
	wish = (struct partition_wish){.guid = guid};
	assert_ptr_equal(partition_find(&scan.table, &wish), &scan.table.entry[1]);
	wish.number = 1;
	assert_null(partition_find(&scan.table, &wish));
	wish = (struct partition_wish){.label = "dat"};
	assert_null(partition_find(&scan.table, &wish));
	logical_partitions();
	assert_int_equal(scanned(), OK);
	wish = (struct partition_wish){.number = 6};
	assert_int_equal(partition_find(&scan.table, &wish)->first, 208);
	wish.number = 2; /* the extended one is none */
	assert_null(partition_find(&scan.table, &wish));
}

static void one_that_is_missing_is_told(void **state)
{
	const struct partition_wish wish = {.number = 3};
	struct partition p;
	uint8_t buffer[SECTOR];

	(void)state;
	gpt(SECTOR);
	partitions_start(&scan, disk);
	partition_start(&p, &scan, &wish, "data");
	assert_non_null(strstr(fake_log_complaint, "data: there is no such partition on memory"));
	assert_int_equal(disk_read(&p.disk, 0, 1, buffer), ERR_NODEV);
	partition_start(&p, &scan, &(const struct partition_wish){.number = 8}, "data");
	assert_int_equal(disk_read(&p.disk, 0, 1, buffer), OK);
	disk_of(SECTOR);
	partitions_start(&scan, disk);
	assert_non_null(strstr(fake_log_complaint, "memory: it has no table of partitions"));
	partition_start(&p, &scan, &wish, "data");
	assert_int_equal(disk_flush(&p.disk), ERR_NODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(four_partitions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_table, set_up, tear_down),
		cmocka_unit_test_setup_teardown(entries_of_an_mbr_that_cannot_be, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_chain_of_logical_partitions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(chains_that_cannot_be, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_chain_of_nothing_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(guid_partitions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_crc_is_that_of_iso_3309, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damage_leads_to_the_copy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(headers_that_cannot_be, set_up, tear_down),
		cmocka_unit_test_setup_teardown(guid_entries_that_cannot_be, set_up, tear_down),
		cmocka_unit_test_setup_teardown(more_partitions_than_there_is_room_for, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_protective_entry_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(requests_stay_within_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_partition_must_lie_on_the_disk, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(labels_are_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(found_by_number_label_and_guid, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_that_is_missing_is_told, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
