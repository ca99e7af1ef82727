/* SPDX-License-Identifier: ISC */
#include "drivers/irq/gicv2/gicv2.h"

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/irq/gicv2/gicv2_regs.h"

enum {
	PRIORITY = 0xa0,
	PRIORITY_MASK_NONE = 0xff,
	ARCH_V1 = 0x10,
	ARCH_V2 = 0x20,
};

static struct gicv2 *gic_of(struct irq_chip *chip)
{
	return container_of(chip, struct gicv2, chip);
}

static uint32_t bit(uint32_t line)
{
	return UINT32_C(1) << line % 32;
}

static void set_trigger(struct gicv2 *gic, uint32_t line, enum irq_trigger trigger)
{
	uintptr_t address = gic->distributor + GICD_ICFGR(line);
	unsigned shift = line % 16 * 2;
	uint32_t config = mmio_read32(address) & ~(GICD_ICFGR_EDGE << shift);

	if (trigger == IRQ_EDGE_RISING)
		config |= GICD_ICFGR_EDGE << shift;
	mmio_write32(address, config); /* that of PPIs may be fixed: the write is ignored */
}

static enum err gicv2_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct gicv2 *gic = gic_of(chip);

	if (line >= chip->n_lines)
		return ERR_RANGE;
	set_trigger(gic, line, trigger);
	mmio_write8(gic->distributor + GICD_IPRIORITY(line), PRIORITY);
	if (line >= GIC_SPI_FIRST) {
		/* The first registers read as the mask of this core; 0 if there is but one. */
		uint8_t self = mmio_read8(gic->distributor + GICD_ITARGETS(0));

		mmio_write8(gic->distributor + GICD_ITARGETS(line), self);
	}
	mmio_write32(gic->distributor + GICD_ISENABLER(line), bit(line));
	/* A line that is not there, or that belongs to the secure side, stays off (4.3.5). */
	if ((mmio_read32(gic->distributor + GICD_ISENABLER(line)) & bit(line)) == 0)
		return ERR_NODEV;
	return OK;
}

static void gicv2_disable(struct irq_chip *chip, uint32_t line)
{
	mmio_write32(gic_of(chip)->distributor + GICD_ICENABLER(line), bit(line));
}

/*
 * Handles one interrupt. If more are pending the core takes the next right after this one: that
 * costs less than asking the controller each time whether there is another.
 */
static void gicv2_dispatch(struct irq_chip *chip)
{
	struct gicv2 *gic = gic_of(chip);
	uint32_t iar = mmio_read32(gic->cpu + GICC_IAR);
	uint32_t line = iar & GICC_IAR_INTID;

	if (line >= GIC_SPECIAL_FIRST)
		return;
	irq_chip_handle(chip, line);
	/* What the handler wrote to its device is done before the line is looked at again. */
	dma_full_barrier();
	mmio_write32(gic->cpu + GICC_EOIR, iar);
}

static const struct irq_chip_ops gicv2_ops = {
	.enable = gicv2_enable,
	.disable = gicv2_disable,
	.dispatch = gicv2_dispatch,
};

static void reset_lines(struct gicv2 *gic, uint32_t hardware_lines)
{
	for (uint32_t line = 0; line < hardware_lines; line += 32) {
		mmio_write32(gic->distributor + GICD_ICENABLER(line), UINT32_MAX);
		mmio_write32(gic->distributor + GICD_ICACTIVER(line), UINT32_MAX);
		mmio_write32(gic->distributor + GICD_ICPENDR(line), UINT32_MAX);
	}
}

enum err gicv2_init(struct gicv2 *gic, uintptr_t distributor, uintptr_t cpu, struct irq_line *lines,
		    uint32_t n_lines)
{
	uint32_t arch = mmio_read32(distributor + GICD_PIDR2) & GICD_PIDR2_ARCH;
	uint32_t hardware_lines;

	/* Version 1 has the same registers, but for what is not used here. */
	if (arch != ARCH_V1 && arch != ARCH_V2)
		return ERR_NODEV;
	hardware_lines = 32 * ((mmio_read32(distributor + GICD_TYPER) & GICD_TYPER_LINES) + 1);
	*gic = (struct gicv2){
		.chip = {.ops = &gicv2_ops,
			 .lines = lines,
			 .n_lines = MIN(n_lines, hardware_lines)},
		.distributor = distributor,
		.cpu = cpu,
	};
	mmio_write32(distributor + GICD_CTLR, 0);
	reset_lines(gic, hardware_lines);
	mmio_write32(cpu + GICC_PMR, PRIORITY_MASK_NONE);
	mmio_write32(cpu + GICC_BPR, 0);
	mmio_write32(cpu + GICC_CTLR, GICC_CTLR_ENABLE);
	mmio_write32(distributor + GICD_CTLR, GICD_CTLR_ENABLE);
	return OK;
}
