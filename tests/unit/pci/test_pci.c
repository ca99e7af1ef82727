/* SPDX-License-Identifier: ISC */
/*
 * Finding functions, capabilities, BARs and messages, and what a hostile configuration space can do
 * to that: nothing but be refused in bounded time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/pci_fake.h"

#define RAM_END   UINT64_C(0x4000000)
#define BAR_START UINT64_C(0xfe000000)
#define MULTI     0x00800000
#define BRIDGE    0x00010000

static struct pci_function found;

static int setup(void **state)
{
	(void)state;
	pci_fake_init(RAM_END);
	return 0;
}

static bool is_device(const struct pci_function *f, void *device)
{
	return f->device == *(unsigned *)device;
}

static enum err find(unsigned device, unsigned index)
{
	return pci_find(&pci_fake.host, is_device, &device, index, &found);
}

/* A bridge in `bus` to the bus `secondary`. */
static void add_bridge(unsigned bus, unsigned slot, unsigned secondary)
{
	struct pci_fake_function *f = pci_fake_add(bus, slot, 0, 0x8086, 1);

	f->word[3] = BRIDGE;
	f->word[6] = 0xff0000 | secondary << 8 | bus;
}

/* --- finding -----------------------------------------------------------------------------------
 */

static void functions_are_found_in_order(void **state)
{
	(void)state;
	pci_fake_add(0, 31, 0, 1, 7);
	pci_fake_add(0, 3, 5, 1, 7); /* of a device without a function 0: not there */
	pci_fake_add(0, 2, 0, 1, 7)->word[3] = MULTI;
	pci_fake_add(0, 2, 6, 1, 7);
	pci_fake_add(0, 1, 0, 1, 8);
	pci_fake_add(0, 1, 1, 1, 7); /* its device says that it has one function */
	assert_int_equal(find(7, 0), OK);
	assert_int_equal(found.address, 2 << 3);
	assert_int_equal(find(7, 1), OK);
	assert_int_equal(found.address, 2 << 3 | 6);
	assert_int_equal(find(7, 2), OK);
	assert_int_equal(found.address, 31 << 3);
	assert_int_equal(find(7, 3), ERR_NODEV);
	assert_int_equal(find(9, 0), ERR_NODEV);
}

static void buses_behind_bridges_are_searched(void **state)
{
	(void)state;
	add_bridge(0, 1, 1);
	add_bridge(1, 0, 7);
	pci_fake_add(7, 4, 0, 1, 9);
	pci_fake_add(6, 4, 0, 1, 9); /* nothing leads there */
	assert_int_equal(find(9, 0), OK);
	assert_int_equal(found.address, 7 << 8 | 4 << 3);
	assert_int_equal(find(9, 1), ERR_NODEV);
}

static void bridges_that_go_round_end(void **state)
{
	(void)state;
	add_bridge(0, 1, 0);
	add_bridge(0, 2, 3);
	add_bridge(0, 3, 3);
	add_bridge(3, 0, 0);
	add_bridge(3, 1, 3);
	add_bridge(3, 2, 255);
	add_bridge(255, 0, 3);
	pci_fake_add(3, 9, 0, 1, 9);
	assert_int_equal(find(9, 0), OK);
	assert_int_equal(find(9, 1), ERR_NODEV);
	assert_true(pci_fake.reads < 1000);
}

/* Every function of every bus answers, and each is a bridge to the next bus. */
static uint32_t read_endless(const struct pci_host *host, uint32_t address, unsigned offset)
{
	(void)host;
	pci_fake.reads++;
	if (offset == 0x18)
		return ((address >> 8) + 1) << 8;
	return offset == 0x0c ? BRIDGE | MULTI : 0x00010001;
}

static void a_machine_full_of_bridges_is_searched_once(void **state)
{
	static const struct pci_host_ops ops = {.read = read_endless};

	(void)state;
	pci_fake.host.ops = &ops;
	assert_int_equal(find(9, 0), ERR_NODEV);
	assert_true(pci_fake.reads <= 256 * 256 * 4);
}

static void only_the_buses_of_the_host_are_searched(void **state)
{
	(void)state;
	pci_fake.host.first = 2;
	pci_fake.host.last = 3;
	add_bridge(2, 0, 4);
	pci_fake_add(0, 0, 0, 1, 9);
	pci_fake_add(4, 0, 0, 1, 9);
	pci_fake_add(2, 1, 0, 1, 9);
	assert_int_equal(find(9, 0), OK);
	assert_int_equal(found.address >> 8, 2);
	assert_int_equal(find(9, 1), ERR_NODEV);
}

/* --- capabilities ------------------------------------------------------------------------------
 */

static void capabilities_are_counted_by_type(void **state)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);
	const uint32_t none[4] = {0};

	(void)state;
	pci_fake_capability(f, 0x40, 9, none, 4);
	pci_fake_capability(f, 0x60, 17, none, 4);
	pci_fake_capability(f, 0x50, 9, none, 4);
	struct pci_function h = pci_fake_handle(f);
	assert_int_equal(pci_capability(&h, 9, 0, 16), 0x50);
	assert_int_equal(pci_capability(&h, 9, 1, 16), 0x40);
	assert_int_equal(pci_capability(&h, 9, 2, 16), 0);
	assert_int_equal(pci_capability(&h, 17, 0, 16), 0x60);
	assert_int_equal(pci_capability(&h, 5, 0, 16), 0);
	f->word[1] &= ~(1u << 20); /* it says that it has no list */
	assert_int_equal(pci_capability(&h, 9, 0, 16), 0);
}

static void a_capability_has_room_or_is_none(void **state)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);
	const uint32_t none[1] = {0};

	(void)state;
	pci_fake_capability(f, 0xf8, 9, none, 1);
	struct pci_function h = pci_fake_handle(f);
	assert_int_equal(pci_capability(&h, 9, 0, 8), 0xf8);
	assert_int_equal(pci_capability(&h, 9, 0, 9), 0);
}

static void lists_that_go_round_or_astray_end(void **state)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);

	(void)state;
	f->word[1] |= 1u << 20;
	f->word[0x34 / 4] = 0x41; /* the lowest two bits mean nothing */
	struct pci_function h = pci_fake_handle(f);
	for (uint32_t next = 0; next < 256; next++) {
		f->word[0x40 / 4] = next << 8 | 9;
		pci_fake.reads = 0;
		assert_int_equal(pci_capability(&h, 9, 0, 16), 0x40);
		assert_int_equal(pci_capability(&h, 17, 0, 16), 0);
		assert_true(pci_fake.reads < 200);
	}
	f->word[0x40 / 4] = 0x4009; /* itself */
	assert_int_equal(pci_capability(&h, 9, 47, 16), 0x40);
	assert_int_equal(pci_capability(&h, 9, 48, 16), 0);
	for (uint32_t first = 0; first < 0x40; first++) { /* into the header */
		f->word[0x34 / 4] = first;
		assert_int_equal(pci_capability(&h, 9, 0, 16), 0);
	}
}

/* --- BARs --------------------------------------------------------------------------------------
 */

static struct pci_bar bar;

static enum err map_bar(struct pci_fake_function *f, unsigned n)
{
	struct pci_function h = pci_fake_handle(f);

	return pci_map_bar(&h, n, &bar);
}

static void a_bar_is_measured_and_mapped(void **state)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);
	uint32_t command = f->word[1];

	(void)state;
	pci_fake_bar(f, 4, BAR_START + 0x4000, 0x4000);
	assert_int_equal(map_bar(f, 4), OK);
	assert_int_equal(bar.start, BAR_START + 0x4000);
	assert_int_equal(bar.bytes, 0x4000);
	assert_int_equal(pci_fake.mapped_from, BAR_START);
	assert_int_equal(pci_fake.mapped_to, BAR_START + 0x200000);
	assert_int_equal(f->word[8], (uint32_t)BAR_START + 0x4000 + 4);
	assert_int_equal(f->word[1], command);
	assert_int_equal(f->decoded_while_measured, 0);
	f->word[4] = (uint32_t)BAR_START; /* one of 32 bits */
	f->bar_mask[0] = 0xfffff000;
	assert_int_equal(map_bar(f, 0), OK);
	assert_int_equal(bar.bytes, 0x1000);
	pci_fake_bar(f, 2, UINT64_C(1) << 40, UINT64_C(1) << 33); /* above 4 GiB */
	assert_int_equal(map_bar(f, 2), OK);
	assert_int_equal(bar.start, UINT64_C(1) << 40);
	assert_int_equal(bar.bytes, UINT64_C(1) << 33);
}

static void what_decodes_no_memory_is_no_bar(void **state)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);

	(void)state;
	assert_int_equal(map_bar(f, 0), ERR_NODEV);
	f->word[4] = 0xc001; /* ports */
	f->bar_mask[0] = 0xffe0;
	assert_int_equal(map_bar(f, 0), ERR_NODEV);
	pci_fake_bar(f, 2, 0, 0x1000); /* given no address */
	assert_int_equal(map_bar(f, 2), ERR_NODEV);
	f->word[9] = 4; /* the last, of 64 bits: its half would be beyond */
	f->bar_mask[5] = 0xfffff000;
	assert_int_equal(map_bar(f, 5), ERR_NODEV);
	assert_int_equal(pci_fake.maps, 0);
}

static void a_bar_where_none_can_be_is_refused(void **state)
{
	static const struct {
		uint64_t start, bytes;
	} cases[] = {
		{RAM_END - 0x4000, 0x4000},             /* in the RAM */
		{0x200000, 0x4000},                     /* in the image */
		{UINT64_C(1) << 47, 0x4000},            /* beyond all addresses */
		{UINT64_C(0xffffffffffffc000), 0x4000}, /* its end is 0 */
		{UINT64_C(1) << 46, UINT64_C(1) << 46}, /* goes on beyond */
	};
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		pci_fake_bar(f, 0, cases[i].start, cases[i].bytes);
		assert_int_equal(map_bar(f, 0), ERR_RANGE);
	}
	f->bar_mask[0] = 0xff00f000; /* holes */
	assert_int_equal(map_bar(f, 0), ERR_RANGE);
	pci_fake_bar(f, 0, BAR_START, 0x4000);
	f->bar_mask[1] = 0; /* an upper half that cannot be set */
	assert_int_equal(map_bar(f, 0), ERR_RANGE);
	pci_fake_bar(f, 0, BAR_START, 0x4000);
	pci_fake.map_result = ERR_NOMEM;
	assert_int_equal(map_bar(f, 0), ERR_NOMEM);
}

/* --- configuration space in memory -------------------------------------------------------------
 */

static void ecam_is_where_acpi_says(void **state)
{
	struct pci_host host;
	uint8_t *space = aligned_alloc(0x100000, 0x200000); /* of bus 0 and bus 1 */

	(void)state;
	memset(space, 0xff, 0x200000);
	memcpy(space + 0x100000 + (3 << 15) + (1 << 12), "\x34\x12\x09\x00", 4);
	memcpy(space + 0x100000 + (3 << 15), "\x34\x12\x08\x00", 4);
	assert_int_equal(pci_ecam_init(&host, (uintptr_t)space, 1, 1, RAM_END), OK);
	unsigned device = 9;
	assert_int_equal(pci_find(&host, is_device, &device, 0, &found), OK);
	assert_int_equal(found.address, 1 << 8 | 3 << 3 | 1);
	pci_write(&found, 0x40, 0x12345678);
	assert_int_equal(pci_read(&found, 0x40), 0x12345678);
	assert_memory_equal(space + 0x100000 + (3 << 15) + (1 << 12) + 0x40, "\x78\x56\x34\x12", 4);
	free(space);
}

static void an_ecam_where_none_can_be_is_refused(void **state)
{
	struct pci_host host;

	(void)state;
	assert_int_equal(pci_ecam_init(&host, 0xb0000000, 0, 255, RAM_END), OK);
	assert_int_equal(pci_fake.mapped_from, 0xb0000000);
	assert_int_equal(pci_fake.mapped_to, 0xc0000000);
	assert_int_equal(pci_ecam_init(&host, 0xb0000000, 2, 1, RAM_END), ERR_RANGE);
	assert_int_equal(pci_ecam_init(&host, 0xb0001000, 0, 1, RAM_END), ERR_RANGE);
	assert_int_equal(pci_ecam_init(&host, 0x100000, 0, 1, RAM_END), ERR_RANGE);
	assert_int_equal(pci_ecam_init(&host, UINT64_MAX << 20, 0, 1, RAM_END), ERR_RANGE);
	assert_int_equal(pci_ecam_init(&host, (UINT64_C(1) << 47) - 0x100000, 0, 255, RAM_END),
			 ERR_RANGE);
	pci_fake.map_result = ERR_NOMEM;
	assert_int_equal(pci_ecam_init(&host, 0xb0000000, 0, 255, RAM_END), ERR_NOMEM);
}

/* --- messages ----------------------------------------------------------------------------------
 */

enum { ENTRIES = 4 };

static struct pci_msix msix;
static uint32_t *table;

/* A function with a table of messages at an offset of a BAR, which is memory of the test. */
static enum err init_msix(uint32_t control, uint32_t where)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);
	const uint32_t words[] = {control << 16, where, 0};

	pci_fake_bar(f, 0, (uintptr_t)table, 4096);
	pci_fake_capability(f, 0x98, 17, words, 3);
	struct pci_function h = pci_fake_handle(f);
	return pci_msix_init(&h, &msix);
}

static void messages_go_where_they_are_told(void **state)
{
	(void)state;
	assert_int_equal(init_msix(ENTRIES - 1, 0x40), OK);
	struct pci_function h = pci_fake_handle(&pci_fake.function[0]);
	assert_int_equal(msix.entries, ENTRIES);
	assert_int_equal(pci_read(&h, 0x98) >> 16, 0x4000 | (ENTRIES - 1)); /* masked */
	pci_msix_set(&msix, 2, UINT64_C(0x1fee01000), 85);
	const uint32_t expected[] = {0xfee01000, 1, 85, 0};
	assert_memory_equal((uint8_t *)table + 0x40 + 32, expected, 16);
	pci_msix_enable(&h, &msix);
	assert_int_equal(pci_read(&h, 0x98) >> 16, 0x8000 | (ENTRIES - 1));
}

static void a_table_outside_of_its_bar_is_refused(void **state)
{
	(void)state;
	assert_int_equal(init_msix(ENTRIES - 1, 4096 - 16 * ENTRIES), OK);
	setup(NULL);
	assert_int_equal(init_msix(ENTRIES - 1, 4096 - 16 * ENTRIES + 8), ERR_RANGE);
	setup(NULL);
	assert_int_equal(init_msix(0x7ff, 0), ERR_RANGE);
	setup(NULL);
	assert_int_equal(init_msix(0, 0xfffffff8), ERR_RANGE);
	setup(NULL);
	assert_int_equal(init_msix(0, 6), ERR_RANGE); /* no such BAR */
	setup(NULL);
	assert_int_equal(init_msix(0, 7), ERR_RANGE);
	setup(NULL);
	assert_int_equal(init_msix(0, 3), ERR_NODEV); /* one that is not there */
}

static void a_function_may_have_no_messages(void **state)
{
	struct pci_function h = pci_fake_handle(pci_fake_add(0, 1, 0, 1, 9));

	(void)state;
	assert_int_equal(pci_msix_init(&h, &msix), ERR_NODEV);
	assert_int_equal(pci_line(&h), 10);
	pci_fake.function[0].word[0x3c / 4] = 0x000a; /* a line, and no pin */
	assert_int_equal(pci_line(&h), PCI_LINE_NONE);
}

static void enabling_leaves_the_rest_of_the_command_alone(void **state)
{
	struct pci_fake_function *f = pci_fake_add(0, 1, 0, 1, 9);
	struct pci_function h = pci_fake_handle(f);

	(void)state;
	f->word[1] = 0xf9000141;
	pci_enable(&h, false);
	assert_int_equal(f->word[1], 0xf9000547);
	pci_enable(&h, true);
	assert_int_equal(f->word[1], 0xf9000147);
	pci_silence(&h);
	assert_int_equal(f->word[1], 0xf9000547);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(functions_are_found_in_order),
		TEST(buses_behind_bridges_are_searched),
		TEST(bridges_that_go_round_end),
		TEST(a_machine_full_of_bridges_is_searched_once),
		TEST(only_the_buses_of_the_host_are_searched),
		TEST(capabilities_are_counted_by_type),
		TEST(a_capability_has_room_or_is_none),
		TEST(lists_that_go_round_or_astray_end),
		TEST(a_bar_is_measured_and_mapped),
		TEST(what_decodes_no_memory_is_no_bar),
		TEST(a_bar_where_none_can_be_is_refused),
		TEST(ecam_is_where_acpi_says),
		TEST(an_ecam_where_none_can_be_is_refused),
		TEST(messages_go_where_they_are_told),
		TEST(a_table_outside_of_its_bar_is_refused),
		TEST(a_function_may_have_no_messages),
		TEST(enabling_leaves_the_rest_of_the_command_alone),
	};

	table = aligned_alloc(4096, 4096);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(table);
	return failed;
}
