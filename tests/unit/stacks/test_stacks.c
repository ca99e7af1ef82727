/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arch/stacks.h"
#include "base/bytes.h"
#include "runtime/stacks/stacks.h"
#include "tests/fakes/runtime.h"

enum { BOOT_BYTES = 1024, IRQ_BYTES = 512 };

/* What a linker script says elsewhere. */
_Alignas(16) uint8_t boot_stack_bottom[BOOT_BYTES], irq_stack_bottom[IRQ_BYTES];
__asm__(".globl boot_stack_top, irq_stack_top\n"
	"boot_stack_top = boot_stack_bottom + 1024\n"
	"irq_stack_top = irq_stack_bottom + 512\n");

static struct fiber *running;

struct fiber *fiber_current(void)
{
	return running;
}

/* As much of it as the test says. */
size_t fiber_stack_used(const struct fiber *f)
{
	return (size_t)(uintptr_t)f->arg;
}

static struct stacks stacks;

static int begin(void **state)
{
	(void)state;
	memset(boot_stack_bottom, 0x55, BOOT_BYTES);
	memset(irq_stack_bottom, 0x55, IRQ_BYTES);
	running = NULL;
	stacks_paint();
	stacks_start(&stacks);
	return 0;
}

static void is_used(uint32_t index, const char *name, uint32_t bytes, uint32_t used)
{
	struct stack_use use;

	assert_true(stacks_use(&stacks, index, &use));
	assert_string_equal(use.name, name);
	assert_int_equal(use.bytes, bytes);
	assert_int_equal(use.used, used);
}

static void the_deepest_byte_counts(void **state)
{
	(void)state;
	is_used(0, "boot", BOOT_BYTES, 0);
	is_used(1, "interrupts", IRQ_BYTES, 0);
	boot_stack_bottom[BOOT_BYTES - 300] = 0;
	boot_stack_bottom[BOOT_BYTES - 4] = 0;
	is_used(0, "boot", BOOT_BYTES, 300);
	is_used(1, "interrupts", IRQ_BYTES, 0);
	memset(irq_stack_bottom, 0, IRQ_BYTES); /* all of it */
	is_used(1, "interrupts", IRQ_BYTES, IRQ_BYTES);
}

static void fibers_are_watched(void **state)
{
	struct fiber main = {.name = "main", .stack_bytes = 4096, .arg = (void *)100};
	struct fiber other = {.name = "other", .stack_bytes = 2048, .arg = (void *)200};
	struct stack_use use;

	(void)state;
	running = &main;
	stacks_start(&stacks);
	assert_int_equal(stacks_watch(&stacks, &other), OK);
	is_used(2, "main", 4096, 100);
	is_used(3, "other", 2048, 200);
	assert_false(stacks_use(&stacks, 4, &use));
	assert_false(stacks_use(&stacks, UINT32_MAX, &use));
	for (unsigned i = 2; i < STACKS_FIBERS_MAX; i++)
		assert_int_equal(stacks_watch(&stacks, &other), OK);
	assert_int_equal(stacks_watch(&stacks, &other), ERR_NOMEM);
	is_used(STACKS_MAX - 1, "other", 2048, 200);
	assert_false(stacks_use(&stacks, STACKS_MAX, &use));
}

static void rows_are_those_of_the_page(void **state)
{
	_Alignas(8) uint8_t row[COUNTER_ROW_BYTES];
	char labels[COUNTER_LABELS_BYTES], name[400];
	struct fiber f = {.name = name, .stack_bytes = 4096};
	uint32_t cursor = 0;
	struct stack_use use;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(stacks_watch(&stacks, &f), OK);
	boot_stack_bottom[BOOT_BYTES - 8] = 0;
	assert_true(stacks_row(&stacks, &cursor, row, labels));
	assert_string_equal(labels, "stack=\"boot\"");
	memcpy(&use, row, sizeof(use));
	assert_int_equal(use.used, 8);
	assert_true(stacks_row(&stacks, &cursor, row, labels));
	assert_true(stacks_row(&stacks, &cursor, row, labels)); /* a long name is cut */
	assert_int_equal(strlen(labels), strlen("stack=\"\"") + 100);
	assert_false(stacks_row(&stacks, &cursor, row, labels));
	assert_int_equal(stacks_counters.entries[1].word * sizeof(uint32_t),
			 offsetof(struct stack_use, used));
}

/* A line for each mark that has grown, and none for the others. */
static void the_log_has_what_has_grown(void **state)
{
	unsigned lines = fake_log_lines;
	uint64_t now_us = 1000;

	(void)state;
	assert_int_equal(stacks_poll(&stacks, now_us), now_us + STACKS_LOOK_US);
	assert_int_equal(fake_log_lines, lines);
	boot_stack_bottom[BOOT_BYTES - 16] = 0;
	assert_int_equal(stacks_poll(&stacks, now_us + 1), now_us + STACKS_LOOK_US); /* not yet */
	assert_int_equal(fake_log_lines, lines);
	for (unsigned i = 0; i < 3; i++)
		(void)stacks_poll(&stacks, now_us += STACKS_LOOK_US);
	assert_int_equal(fake_log_lines, lines + 1);
	assert_non_null(strstr(fake_log_last, "boot: 16 of 1024 bytes used"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_deepest_byte_counts, begin),
		cmocka_unit_test_setup(fibers_are_watched, begin),
		cmocka_unit_test_setup(rows_are_those_of_the_page, begin),
		cmocka_unit_test_setup(the_log_has_what_has_grown, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
