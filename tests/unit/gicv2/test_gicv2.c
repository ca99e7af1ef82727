/* SPDX-License-Identifier: ISC */
/*
 * The GICv2 with registers in ordinary memory, which keep the last value written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/irq/gic/gic_regs.h"
#include "drivers/irq/gicv2/gicv2.h"
#include "drivers/irq/gicv2/gicv2_regs.h"

enum { N_LINES = 64, LINE = 48, TWO_CORES_SELF = 0x02 };

static _Alignas(8) uint8_t distributor[4096], cpu[8192];
static struct irq_line lines[N_LINES];
static struct gicv2 gic;
static unsigned handled;

static uint32_t *reg(uint8_t *block, unsigned offset)
{
	return (uint32_t *)(void *)(block + offset);
}

static void handler(void *arg)
{
	(void)arg;
	handled++;
}

static int setup(void **state)
{
	(void)state;
	memset(distributor, 0, sizeof(distributor));
	memset(cpu, 0, sizeof(cpu));
	memset(lines, 0, sizeof(lines));
	handled = 0;
	*reg(distributor, GICD_PIDR2) = 0x2b;
	*reg(distributor, GICD_TYPER) = 8; /* 288 lines */
	distributor[GICD_ITARGETS(0)] = TWO_CORES_SELF;
	return gicv2_init(&gic, (uintptr_t)distributor, (uintptr_t)cpu, lines, N_LINES);
}

static void is_not_taken_for_another_version(void **state)
{
	(void)state;
	*reg(distributor, GICD_PIDR2) = 0x3b;
	assert_int_equal(gicv2_init(&gic, (uintptr_t)distributor, (uintptr_t)cpu, lines, N_LINES),
			 ERR_NODEV);
}

static void has_no_more_lines_than_the_hardware(void **state)
{
	(void)state;
	assert_int_equal(gic.chip.n_lines, N_LINES);
	*reg(distributor, GICD_TYPER) = 0;
	assert_int_equal(gicv2_init(&gic, (uintptr_t)distributor, (uintptr_t)cpu, lines, N_LINES),
			 OK);
	assert_int_equal(irq_attach(&gic.chip, 32, IRQ_LEVEL_HIGH, handler, NULL), ERR_RANGE);
}

static void attaching_routes_and_enables_a_line(void **state)
{
	(void)state;
	assert_int_equal(irq_attach(&gic.chip, LINE, IRQ_EDGE_RISING, handler, NULL), OK);
	assert_int_equal(*reg(distributor, GIC_ISENABLER(LINE)), 1u << LINE % 32);
	assert_int_equal(*reg(distributor, GIC_ICFGR(LINE)), 2u << LINE % 16 * 2);
	assert_int_equal(distributor[GICD_ITARGETS(LINE)], TWO_CORES_SELF);
	assert_int_equal(irq_attach(&gic.chip, LINE, IRQ_EDGE_RISING, handler, NULL), ERR_EXISTS);
}

static void level_lines_are_not_edge_lines(void **state)
{
	(void)state;
	*reg(distributor, GIC_ICFGR(LINE)) = UINT32_MAX;
	assert_int_equal(irq_attach(&gic.chip, LINE, IRQ_LEVEL_HIGH, handler, NULL), OK);
	assert_int_equal(*reg(distributor, GIC_ICFGR(LINE)), ~(2u << LINE % 16 * 2));
}

static void dispatch_calls_the_handler_and_ends_the_interrupt(void **state)
{
	(void)state;
	assert_int_equal(irq_attach(&gic.chip, LINE, IRQ_LEVEL_HIGH, handler, NULL), OK);
	*reg(cpu, GICC_IAR) = LINE | 3 << 10; /* with the source core that an SGI would have */
	irq_chip_dispatch(&gic.chip);
	assert_int_equal(handled, 1);
	assert_int_equal(*reg(cpu, GICC_EOIR), LINE | 3 << 10);
}

static void a_spurious_interrupt_is_not_ended(void **state)
{
	(void)state;
	*reg(cpu, GICC_IAR) = 1023;
	*reg(cpu, GICC_EOIR) = 0xdead;
	irq_chip_dispatch(&gic.chip);
	assert_int_equal(*reg(cpu, GICC_EOIR), 0xdead);
}

static void a_line_without_a_handler_is_turned_off(void **state)
{
	(void)state;
	*reg(distributor, GIC_ICENABLER(LINE)) = 0;
	*reg(cpu, GICC_IAR) = LINE;
	irq_chip_dispatch(&gic.chip);
	assert_int_equal(*reg(distributor, GIC_ICENABLER(LINE)), 1u << LINE % 32);
	assert_int_equal(*reg(cpu, GICC_EOIR), LINE);
}

static void a_line_behind_the_table_is_turned_off(void **state)
{
	const uint32_t line = N_LINES + 5;

	(void)state;
	*reg(cpu, GICC_IAR) = line;
	irq_chip_dispatch(&gic.chip);
	assert_int_equal(*reg(distributor, GIC_ICENABLER(line)), 1u << line % 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(is_not_taken_for_another_version, setup),
		cmocka_unit_test_setup(has_no_more_lines_than_the_hardware, setup),
		cmocka_unit_test_setup(attaching_routes_and_enables_a_line, setup),
		cmocka_unit_test_setup(level_lines_are_not_edge_lines, setup),
		cmocka_unit_test_setup(dispatch_calls_the_handler_and_ends_the_interrupt, setup),
		cmocka_unit_test_setup(a_spurious_interrupt_is_not_ended, setup),
		cmocka_unit_test_setup(a_line_without_a_handler_is_turned_off, setup),
		cmocka_unit_test_setup(a_line_behind_the_table_is_turned_off, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
