/* SPDX-License-Identifier: ISC */
#include "drivers/irq/gicv3/gicv3.h"

#include <stdbool.h>

#include "arch/arm_sysreg.h"
#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/irq/gic/gic_lines.h"
#include "drivers/irq/gicv3/gicv3_regs.h"

enum {
	ARCH_V3 = 0x30,
	ARCH_V4 = 0x40,
	POLLS_MAX = 1000000, /* reads of a register: a device access takes 100 ns or more */
};

static struct gicv3 *gic_of(struct irq_chip *chip)
{
	return container_of(chip, struct gicv3, chip);
}

/* The frame with the registers of the line: GIC_… are offsets in it. */
static uintptr_t frame(const struct gicv3 *gic, uint32_t line)
{
	return line < GIC_SPI_FIRST ? gic->redistributor + GICR_SGI_FRAME : gic->distributor;
}

/* Waits until all of `bits` in the register are zero. */
static enum err wait_clear(uintptr_t address, uint32_t bits)
{
	for (int i = 0; i < POLLS_MAX; i++) {
		if ((mmio_read32(address) & bits) == 0)
			return OK;
		cpu_relax();
	}
	return ERR_TIMEOUT;
}

/* Sends an SPI to this core (12.9.22). */
static void route(const struct gicv3 *gic, uint32_t line)
{
	uint32_t affinity = arm_cpu_affinity();

	mmio_write32(gic->distributor + GICD_IROUTER(line), affinity & 0x00ffffff);
	mmio_write32(gic->distributor + GICD_IROUTER(line) + 4, affinity >> 24);
}

static enum err gicv3_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct gicv3 *gic = gic_of(chip);
	uintptr_t registers = frame(gic, line);
	uintptr_t group = registers + GIC_IGROUPR(line);

	if (line >= chip->n_lines)
		return ERR_RANGE;
	mmio_write32(group, mmio_read32(group) | gic_bit(line));
	if (line >= GIC_SPI_FIRST)
		route(gic, line);
	return gic_enable_line(registers, line, trigger);
}

static void gicv3_disable(struct irq_chip *chip, uint32_t line)
{
	gic_disable_line(frame(gic_of(chip), line), line);
}

/*
 * Handles one interrupt. If more are pending the core takes the next right after this one.
 */
static void gicv3_dispatch(struct irq_chip *chip)
{
	uint32_t line = arm_icc_acknowledge();

	if (line >= GIC_SPECIAL_FIRST && line <= GIC_SPECIAL_LAST)
		return;
	if (line <
	    GIC_SPECIAL_FIRST) /* beyond are those that nobody has enabled, of other registers */
		irq_chip_handle(chip, line);
	arm_icc_end(line);
}

static const struct irq_chip_ops gicv3_ops = {
	.enable = gicv3_enable,
	.disable = gicv3_disable,
	.dispatch = gicv3_dispatch,
};

/* The redistributor whose affinity is this core's (12.10), or 0. */
static uintptr_t find_redistributor(uintptr_t start, size_t bytes)
{
	uint32_t self = arm_cpu_affinity();
	size_t offset = 0;

	while (bytes - offset >= GICR_BYTES) {
		uint32_t type = mmio_read32(start + offset + GICR_TYPER_LOW);
		size_t stride = (type & GICR_TYPER_VLPIS) != 0 ? GICR_BYTES_V4 : GICR_BYTES;

		if (mmio_read32(start + offset + GICR_TYPER_AFFINITY) == self)
			return start + offset;
		if ((type & GICR_TYPER_LAST) != 0 || bytes - offset < stride)
			break;
		offset += stride;
	}
	return 0;
}

static enum err init_distributor(struct gicv3 *gic, uint32_t hardware_lines)
{
	uintptr_t control = gic->distributor + GICD_CTLR;
	enum err e;

	mmio_write32(control, 0);
	e = wait_clear(control, GICD_CTLR_RWP);
	if (e != OK)
		return e;
	/* Affinity routing first: it changes which registers there are (12.9.4). */
	mmio_write32(control, GICD_CTLR_ARE);
	gic_reset_lines(gic->distributor, GIC_SPI_FIRST, hardware_lines);
	e = wait_clear(control, GICD_CTLR_RWP);
	mmio_write32(control, GICD_CTLR_ARE | GICD_CTLR_GROUP1 | GICD_CTLR_GROUP0);
	return e;
}

static enum err init_redistributor(struct gicv3 *gic)
{
	uintptr_t waker = gic->redistributor + GICR_WAKER;
	enum err e;

	mmio_write32(waker, mmio_read32(waker) & ~GICR_WAKER_SLEEP);
	e = wait_clear(waker, GICR_WAKER_CHILDREN_ASLEEP);
	if (e != OK)
		return e;
	gic_reset_lines(gic->redistributor + GICR_SGI_FRAME, 0, GIC_SPI_FIRST);
	return wait_clear(gic->redistributor + GICR_CTLR, GICR_CTLR_RWP);
}

static void init_cpu_interface(void)
{
	arm_icc_set_priority_mask(GIC_PRIORITY_MASK_NONE);
	arm_icc_set_binary_point(0);
	arm_icc_set_control(0); /* the end of an interrupt also deactivates it */
	arm_icc_set_group1(true);
}

enum err gicv3_init(struct gicv3 *gic, uintptr_t distributor, uintptr_t redistributors,
		    size_t redistributors_bytes, struct irq_line *lines, uint32_t n_lines)
{
	uint32_t arch = mmio_read32(distributor + GICD_PIDR2) & GICD_PIDR2_ARCH;
	uint32_t hardware_lines;
	enum err e;

	if ((arch != ARCH_V3 && arch != ARCH_V4) || !arm_icc_enable())
		return ERR_NODEV;
	hardware_lines = gic_hardware_lines(distributor);
	*gic = (struct gicv3){
		.chip = {.ops = &gicv3_ops,
			 .lines = lines,
			 .n_lines = MIN(n_lines, hardware_lines)},
		.distributor = distributor,
		.redistributor = find_redistributor(redistributors, redistributors_bytes),
	};
	if (gic->redistributor == 0)
		return ERR_NODEV;
	e = init_distributor(gic, hardware_lines);
	if (e == OK)
		e = init_redistributor(gic);
	if (e == OK)
		init_cpu_interface();
	return e;
}
