/* SPDX-License-Identifier: ISC */
#include "drivers/irq/gicv2/gicv2.h"

#include "arch/barrier.h"
#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/irq/gic/gic_lines.h"
#include "drivers/irq/gicv2/gicv2_regs.h"

enum {
	ARCH_V1 = 0x10,
	ARCH_V2 = 0x20,
};

static struct gicv2 *gic_of(struct irq_chip *chip)
{
	return container_of(chip, struct gicv2, chip);
}

static enum err gicv2_enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	struct gicv2 *gic = gic_of(chip);

	if (line >= chip->n_lines)
		return ERR_RANGE;
	if (line >= GIC_SPI_FIRST) {
		/* The first registers read as the mask of this core; 0 if there is but one. */
		uint8_t self = mmio_read8(gic->distributor + GICD_ITARGETS(0));

		mmio_write8(gic->distributor + GICD_ITARGETS(line), self);
	}
	return gic_enable_line(gic->distributor, line, trigger);
}

static void gicv2_disable(struct irq_chip *chip, uint32_t line)
{
	gic_disable_line(gic_of(chip)->distributor, line);
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

enum err gicv2_init(struct gicv2 *gic, uintptr_t distributor, uintptr_t cpu, struct irq_line *lines,
		    uint32_t n_lines)
{
	uint32_t arch = mmio_read32(distributor + GICD_PIDR2) & GICD_PIDR2_ARCH;
	uint32_t hardware_lines;

	/* Version 1 has the same registers, but for what is not used here. */
	if (arch != ARCH_V1 && arch != ARCH_V2)
		return ERR_NODEV;
	hardware_lines = gic_hardware_lines(distributor);
	*gic = (struct gicv2){
		.chip = {.ops = &gicv2_ops,
			 .lines = lines,
			 .n_lines = MIN(n_lines, hardware_lines)},
		.distributor = distributor,
		.cpu = cpu,
	};
	mmio_write32(distributor + GICD_CTLR, 0);
	gic_reset_lines(distributor, 0, hardware_lines);
	mmio_write32(cpu + GICC_PMR, GIC_PRIORITY_MASK_NONE);
	mmio_write32(cpu + GICC_BPR, 0);
	mmio_write32(cpu + GICC_CTLR, GICC_CTLR_ENABLE);
	mmio_write32(distributor + GICD_CTLR, GICD_CTLR_ENABLE);
	return OK;
}
