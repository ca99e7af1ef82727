/* SPDX-License-Identifier: ISC */
/*
 * Where the virtio devices are: the words that QEMU appends to the command line, and what else may
 * stand there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "boards/soc/microvm/devices.h"

static struct microvm_devices d;

static unsigned parse(const char *cmdline)
{
	microvm_devices_parse(&d, cmdline);
	return d.n;
}

static void finds_the_words_of_qemu_in_their_order(void **state)
{
	(void)state;
	assert_int_equal(parse("--log=debug virtio_mmio.device=512@0xfeb00e00:12 "
			       "virtio_mmio.device=512@0xfeb00c00:11"),
			 2);
	assert_int_equal(d.device[0].base, 0xfeb00e00);
	assert_int_equal(d.device[0].line, 12);
	assert_int_equal(d.device[1].base, 0xfeb00c00);
	assert_int_equal(d.device[1].line, 11);
	assert_int_equal(d.refused, 0);
}

static void takes_nothing_from_other_words(void **state)
{
	(void)state;
	assert_int_equal(parse(""), 0);
	assert_int_equal(parse("   "), 0);
	assert_int_equal(parse("virtio_mmio.device xvirtio_mmio.device=512@0xfeb00e00:12"), 0);
	assert_int_equal(parse("--name=virtio_mmio.device=512@0xfeb00e00:12"), 0);
	assert_int_equal(d.refused, 0);
}

static void leaves_quoted_text_alone(void **state)
{
	(void)state;
	assert_int_equal(parse("--title=\"a virtio_mmio.device=512@0xfeb00e00:12 b\" "
			       "virtio_mmio.device=512@0xfeb00c00:11"),
			 1);
	assert_int_equal(d.device[0].line, 11);
	assert_int_equal(parse("--title=\"never ends virtio_mmio.device=512@0xfeb00e00:12"), 0);
}

static void refuses_what_is_malformed(void **state)
{
	static const char *const words[] = {
		"",
		"512",
		"512@",
		"512@0xfeb00e00",
		"512@0xfeb00e00:",
		"512@0xfeb00e00:x",
		"512@0xfeb00e00:12x",
		"512@0xfeb00e00:12:3",
		"@0xfeb00e00:12",
		"512:0xfeb00e00@12",
		"512@0x:12",
		"512@feb00e00:12",
		"512@0xfeb00e00:0x",
		"-512@0xfeb00e00:12",
		"512@0x1fffffffffeb00e00:12",
		"512@0xfeb00e00:4294967308",
		"99999999999999999999999@0xfeb00e00:12",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		char line[100];
		snprintf(line, sizeof(line), "virtio_mmio.device=%s", words[i]);
		if (parse(line) != 0 || d.refused != 1)
			fail_msg("taken: %s", line);
	}
}

static void refuses_what_is_not_a_slot(void **state)
{
	(void)state;
	assert_int_equal(parse("virtio_mmio.device=512@0xfeb00000:5"), 1);
	assert_int_equal(parse("virtio_mmio.device=512@0xfeb02e00:47"), 1);
	assert_int_equal(parse("virtio_mmio.device=512@0xfeafee00:5"), 0);
	assert_int_equal(parse("virtio_mmio.device=512@0xfeb03000:5"), 0);
	assert_int_equal(parse("virtio_mmio.device=512@0xfeb00e10:5"), 0);
	assert_int_equal(parse("virtio_mmio.device=512@0x100000:5"), 0);
	assert_int_equal(parse("virtio_mmio.device=256@0xfeb00e00:5"), 0);
	assert_int_equal(parse("virtio_mmio.device=512@0xfeb00e00:48"), 0);
}

static void takes_each_slot_and_line_once(void **state)
{
	(void)state;
	assert_int_equal(parse("virtio_mmio.device=512@0xfeb00e00:12 "
			       "virtio_mmio.device=512@0xfeb00e00:11 "
			       "virtio_mmio.device=512@0xfeb00c00:12"),
			 1);
	assert_int_equal(d.refused, 2);
}

static void many_words_stay_within_the_table(void **state)
{
	static char line[100 * 50];
	(void)state;
	for (int i = 0; i < 100; i++)
		sprintf(line + strlen(line), "virtio_mmio.device=512@0x%x:%d ",
			0xfeb00000 + i % 24 * 512, i % 24);
	assert_int_equal(parse(line), MICROVM_DEVICES_MAX);
	assert_int_equal(d.refused, 100 - MICROVM_DEVICES_MAX);
}

static void with_acpi_all_slots_are_there(void **state)
{
	(void)state;
	microvm_devices_of_acpi(&d, 2);
	assert_int_equal(d.n, 24);
	assert_int_equal(d.device[0].base, 0xfeb02e00);
	assert_int_equal(d.device[0].line, 47);
	assert_int_equal(d.device[23].base, 0xfeb00000);
	assert_int_equal(d.device[23].line, 24);
	microvm_devices_of_acpi(&d, 1);
	assert_int_equal(d.n, 8);
	assert_int_equal(d.device[0].base, 0xfeb00e00);
	assert_int_equal(d.device[0].line, 23);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_words_of_qemu_in_their_order),
		cmocka_unit_test(takes_nothing_from_other_words),
		cmocka_unit_test(leaves_quoted_text_alone),
		cmocka_unit_test(refuses_what_is_malformed),
		cmocka_unit_test(refuses_what_is_not_a_slot),
		cmocka_unit_test(takes_each_slot_and_line_once),
		cmocka_unit_test(many_words_stay_within_the_table),
		cmocka_unit_test(with_acpi_all_slots_are_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
