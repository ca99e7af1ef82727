/* SPDX-License-Identifier: ISC */
/*
 * What the board believes of a device tree, good, odd and damaged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "boards/soc/qemu-virt/machine.h"
#include "boards/soc/qemu-virt/memory_map.h"
#include "tests/unit/qemu_virt/tree.h"

#define MIB UINT64_C(0x100000)

static const struct machine_limits limits = {
	.devices = {QEMU_VIRT_DEVICES_START, QEMU_VIRT_DEVICES_BYTES},
	.ram_start = QEMU_VIRT_RAM_START,
};

static _Alignas(8) uint8_t buffer[TREE_BYTES_MAX];
static struct machine m;
static const char *missing;

static enum err parse(const struct tree_options *o)
{
	uint32_t bytes = tree_build(buffer, o);

	missing = NULL;
	return machine_parse(&m, buffer, bytes, &limits, &missing);
}

static void finds_every_device(void **state)
{
	(void)state;
	assert_int_equal(parse(&tree_default), OK);
	assert_int_equal(m.gic, MACHINE_GIC_V2);
	assert_int_equal(m.gic_distributor.start, 0x08000000);
	assert_int_equal(m.gic_cpu.start, 0x08010000);
	assert_int_equal(m.timer_virtual_line, 27);
	assert_int_equal(m.timer_physical_line, 30);
	assert_int_equal(m.uart.base, 0x09000000);
	assert_int_equal(m.uart.line, 33);
	assert_int_equal(m.uart.trigger, IRQ_LEVEL_HIGH);
	assert_int_equal(m.rtc.base, 0x09010000);
	assert_true(m.has_psci);
	assert_int_equal(m.psci, PSCI_HVC);
	assert_int_equal(m.tree.bootargs_len, strlen("--port=80"));
	assert_memory_equal(m.tree.bootargs, "--port=80", m.tree.bootargs_len);
}

static void orders_virtio_slots_from_the_highest_address(void **state)
{
	(void)state;
	assert_int_equal(parse(&tree_default), OK);
	assert_int_equal(m.n_virtio, 4);
	assert_int_equal(m.virtio[0].base, 0x0a000600);
	assert_int_equal(m.virtio[0].line, 32 + 16 + 3);
	assert_int_equal(m.virtio[0].trigger, IRQ_EDGE_RISING);
	assert_int_equal(m.virtio[3].base, 0x0a000000);
}

static void takes_no_more_virtio_slots_than_it_has_room_for(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.n_virtio = MACHINE_VIRTIO_MAX + 8;
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.n_virtio, MACHINE_VIRTIO_MAX);
}

static void tells_gic_versions_apart(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.gic = 3;
	o.psci_method = "smc";
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.gic, MACHINE_GIC_V3);
	assert_int_equal(m.gic_cpu.start, 0x080a0000);
	assert_int_equal(m.gic_cpu.bytes, 0xf60000);
	assert_int_equal(m.psci, PSCI_SMC);
}

static void knows_every_name_of_a_device(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.gic = 400;
	o.timer = "arm,armv7-timer";
	o.psci = "arm,psci-9.9\0arm,psci-0.2\0"; /* a newer one that is compatible */
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.gic, MACHINE_GIC_V2);
	assert_int_equal(m.timer_virtual_line, 27);
	assert_true(m.has_psci);
	o.psci = "arm,psci\0"; /* the first version has other function numbers */
	assert_int_equal(parse(&o), OK);
	assert_false(m.has_psci);
}

static void says_what_is_missing(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.gic = 0;
	assert_int_equal(parse(&o), ERR_NODEV);
	assert_string_equal(missing, "the device tree describes no GIC of version 2 or 3");
	o = tree_default;
	o.ram[1] = 0;
	assert_int_equal(parse(&o), ERR_NODEV);
	assert_string_equal(missing, "the device tree describes no memory");
}

static void believes_no_device_outside_the_window(void **state)
{
	const uint64_t places[] = {0x40200000, 0x07fff000, 0x0a200000, UINT64_C(0x100009000000)};
	struct tree_options o = tree_default;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
		o.uart = places[i];
		assert_int_equal(parse(&o), ERR_NODEV);
		assert_string_equal(missing, "the device tree describes no PL011");
	}
}

static void ignores_slots_whose_interrupt_has_no_line(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.virtio_spi = MACHINE_LINES - 32 - 2; /* two of the four are below the end */
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.n_virtio, 2);
	o.virtio_spi = UINT32_MAX - 1;
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.n_virtio, 2); /* the sum wrapped to 0 and 1 */
}

static void chooses_the_console_that_stdout_path_names(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.second_uart = 0x09040000;
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.uart.base, 0x09000000);
	o.stdout_path = "/pl011@9040000:115200n8";
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.uart.base, 0x09040000);
	o.stdout_path = "no such alias";
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.uart.base, 0x09000000);
}

static void takes_no_device_of_another_bus(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.uart = 0;
	o.hidden_uart = 0x09000000;
	assert_int_equal(parse(&o), ERR_NODEV);
	assert_string_equal(missing, "the device tree describes no PL011");
}

static void ignores_disabled_devices(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.uart_status = "disabled";
	assert_int_equal(parse(&o), ERR_NODEV);
	o.uart_status = "okay";
	assert_int_equal(parse(&o), OK);
}

static void shows_the_seed_where_it_can_be_wiped(void **state)
{
	(void)state;
	assert_int_equal(parse(&tree_default), OK);
	assert_int_equal(m.tree.seed_len, 32);
	assert_int_equal(m.tree.seed[31], 32);
	memset(m.tree.seed, 0, m.tree.seed_len);
	assert_null(memchr(buffer + (m.tree.seed - buffer), 32, m.tree.seed_len));
}

static void takes_the_bits_for_the_stack_guard_and_wipes_them(void **state)
{
	(void)state;
	assert_int_equal(parse(&tree_default), OK);
	assert_memory_equal(&m.tree.kaslr_seed, "\x81\x82\x83\x84\x85\x86\x87\x88", 8);
	for (size_t i = 0; i + 3 <= sizeof(buffer); i++)
		assert_int_not_equal(memcmp(buffer + i, "\x85\x86\x87", 3), 0);
}

static void joins_adjacent_memory(void **state)
{
	struct tree_options o = tree_default;

	(void)state;
	o.ram[2] = 0x48000000;
	o.ram[3] = 0x08000000;
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.tree.n_ram, 1);
	assert_int_equal(m.tree.ram_bytes, 256 * MIB);
	o.ram[2] = UINT64_MAX - 5; /* the end wraps */
	assert_int_equal(parse(&o), OK);
	assert_int_equal(m.tree.ram[0].bytes, 128 * MIB);
}

static void finds_the_largest_free_memory(void **state)
{
	const struct tree_range image = {0x40100000, 2 * MIB};
	struct tree_options o = tree_default;
	struct tree_range r;

	(void)state;
	assert_int_equal(parse(&o), OK);
	r = tree_largest_free(&m.tree, image);
	assert_int_equal(r.start, 0x40300000);
	assert_int_equal(r.bytes, 125 * MIB);

	o.reserved[0] = 0x47000010; /* not a whole page: all of it is kept out */
	o.reserved[1] = 0x20;
	assert_int_equal(parse(&o), OK);
	r = tree_largest_free(&m.tree, image);
	assert_int_equal(r.start, 0x40300000);
	assert_int_equal(r.bytes, 0x47000000 - 0x40300000);
	r = tree_largest_free(&m.tree, (struct tree_range){QEMU_VIRT_RAM_START, 64 * MIB});
	assert_int_equal(r.start, 0x44000000);
	assert_int_equal(r.bytes, 0x47000000 - 0x44000000);

	o.in_header[0] = 0x46000000;
	o.in_header[1] = 1;
	assert_int_equal(parse(&o), OK);
	r = tree_largest_free(&m.tree, image);
	assert_int_equal(r.bytes, 0x46000000 - 0x40300000);

	o.reserved[0] = 0x40300000;
	o.reserved[1] = 125 * MIB;
	assert_int_equal(parse(&o), OK);
	r = tree_largest_free(&m.tree, image);
	assert_int_equal(r.start, 0x40000000);
	assert_int_equal(r.bytes, 1 * MIB);
}

static void memory_that_a_board_adds_is_checked_too(void **state)
{
	struct tree t = {.lowest_ram = 0x1000};

	(void)state;
	tree_add_ram(&t, 0, 0xfff); /* less than what is left out below */
	assert_int_equal(t.n_ram, 0);
	tree_add_ram(&t, 0x800, 0x3000);
	assert_int_equal(t.ram[0].start, 0x1000);
	assert_int_equal(t.ram[0].bytes, 0x2000);
	tree_reserve(&t, 0x2000, UINT64_MAX);
	assert_int_equal(tree_largest_free(&t, (struct tree_range){0}).bytes, 0x1000);
}

static void finds_none_if_all_is_reserved(void **state)
{
	const struct tree_range image = {0x40000000, 128 * MIB};

	(void)state;
	assert_int_equal(parse(&tree_default), OK);
	assert_int_equal(tree_largest_free(&m.tree, image).bytes, 0);
}

/* The tokens of the block of structure (Devicetree 0.4, 5.4.1). */
enum { BEGIN_NODE = 1, END_NODE = 2, NOP = 4, END = 9 };

static uint32_t word_at(uint32_t offset)
{
	return load_be32(buffer + offset);
}

static void refuses_trees_that_are_not_well_nested(void **state)
{
	uint32_t bytes = tree_build(buffer, &tree_default), start = word_at(8);
	uint32_t end = start + word_at(36) - 4; /* of the structure, at its last token */

	(void)state;
	assert_int_equal(word_at(start), BEGIN_NODE);
	assert_int_equal(word_at(end - 4), END_NODE);
	assert_int_equal(word_at(end), END);
	store_be32(buffer + end - 4, NOP); /* the root does not end */
	assert_int_equal(machine_parse(&m, buffer, bytes, &limits, &missing), ERR_INVALID);
	store_be32(buffer + end - 4, BEGIN_NODE);
	assert_int_equal(machine_parse(&m, buffer, bytes, &limits, &missing), ERR_INVALID);
	store_be32(buffer + end - 4, END_NODE);
	assert_int_equal(machine_parse(&m, buffer, bytes, &limits, &missing), OK);
	store_be32(buffer + start, END_NODE); /* it does not begin */
	assert_int_equal(machine_parse(&m, buffer, bytes, &limits, &missing), ERR_INVALID);
	store_be32(buffer + start, NOP);
	assert_int_equal(machine_parse(&m, buffer, bytes, &limits, &missing), ERR_INVALID);
}

/* Parses a copy that ends where its memory ends, so that a read behind it is found. */
static void parse_copy(const uint8_t *tree, size_t bytes)
{
	uint8_t *copy = malloc(bytes);
	enum err e;

	assert_non_null(copy);
	memcpy(copy, tree, bytes);
	e = machine_parse(&m, copy, bytes, &limits, &missing);
	assert_true(e == OK || e == ERR_INVALID || e == ERR_NODEV);
	if (e == OK) {
		assert_in_range(m.uart.base, QEMU_VIRT_DEVICES_START,
				QEMU_VIRT_DEVICES_START + QEMU_VIRT_DEVICES_BYTES);
		/* What it points to can be read. */
		for (size_t i = 0; i < m.tree.bootargs_len; i++)
			assert_int_not_equal(m.tree.bootargs[i], 0);
		if (m.tree.seed_len > 0)
			memset(m.tree.seed, 0, m.tree.seed_len);
	}
	free(copy);
}

static void survives_every_truncation(void **state)
{
	uint32_t bytes = tree_build(buffer, &tree_default);

	(void)state;
	for (uint32_t i = 1; i < bytes; i++)
		parse_copy(buffer, i);
}

static void survives_damage(void **state)
{
	enum { ROUNDS = 30000 };
	struct tree_options o = tree_default;
	uint32_t random = 1, bytes;
	uint8_t damaged[TREE_BYTES_MAX];

	(void)state;
	o.second_uart = 0x09040000;
	o.reserved[0] = 0x47000000;
	o.reserved[1] = 4096;
	bytes = tree_build(buffer, &o);
	for (int i = 0; i < ROUNDS; i++) {
		memcpy(damaged, buffer, bytes);
		for (int j = 0; j <= i % 4; j++) {
			uint32_t at;

			random = random * 1664525 + 1013904223;
			at = (random >> 8) % bytes;
			/* Headers and tokens break in more interesting ways than text does. */
			if (i % 3 == 0)
				at %= 64;
			damaged[at] = (uint8_t)(random >> 24 & 1 ? random >> 16 : 0xff);
		}
		parse_copy(damaged, bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_device),
		cmocka_unit_test(orders_virtio_slots_from_the_highest_address),
		cmocka_unit_test(takes_no_more_virtio_slots_than_it_has_room_for),
		cmocka_unit_test(tells_gic_versions_apart),
		cmocka_unit_test(knows_every_name_of_a_device),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(believes_no_device_outside_the_window),
		cmocka_unit_test(ignores_slots_whose_interrupt_has_no_line),
		cmocka_unit_test(chooses_the_console_that_stdout_path_names),
		cmocka_unit_test(takes_no_device_of_another_bus),
		cmocka_unit_test(ignores_disabled_devices),
		cmocka_unit_test(shows_the_seed_where_it_can_be_wiped),
		cmocka_unit_test(takes_the_bits_for_the_stack_guard_and_wipes_them),
		cmocka_unit_test(joins_adjacent_memory),
		cmocka_unit_test(finds_the_largest_free_memory),
		cmocka_unit_test(memory_that_a_board_adds_is_checked_too),
		cmocka_unit_test(finds_none_if_all_is_reserved),
		cmocka_unit_test(refuses_trees_that_are_not_well_nested),
		cmocka_unit_test(survives_every_truncation),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
