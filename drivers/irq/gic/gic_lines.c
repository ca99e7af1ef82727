/* SPDX-License-Identifier: ISC */
#include "drivers/irq/gic/gic_lines.h"

#include "arch/mmio.h"

enum { PRIORITY = 0xa0 };

uint32_t gic_hardware_lines(uintptr_t distributor)
{
	return 32 * ((mmio_read32(distributor + GICD_TYPER) & GICD_TYPER_LINES) + 1);
}

void gic_reset_lines(uintptr_t registers, uint32_t first, uint32_t end)
{
	for (uint32_t line = first; line < end; line += 32) {
		mmio_write32(registers + GIC_ICENABLER(line), UINT32_MAX);
		mmio_write32(registers + GIC_ICACTIVER(line), UINT32_MAX);
		mmio_write32(registers + GIC_ICPENDR(line), UINT32_MAX);
	}
}

static void set_trigger(uintptr_t registers, uint32_t line, enum irq_trigger trigger)
{
	uintptr_t address = registers + GIC_ICFGR(line);
	unsigned shift = line % 16 * 2;
	uint32_t config = mmio_read32(address) & ~(GIC_ICFGR_EDGE << shift);

	if (trigger == IRQ_EDGE_RISING)
		config |= GIC_ICFGR_EDGE << shift;
	mmio_write32(address, config); /* that of PPIs may be fixed: the write is ignored */
}

enum err gic_enable_line(uintptr_t registers, uint32_t line, enum irq_trigger trigger)
{
	uintptr_t enabled = registers + GIC_ISENABLER(line);

	set_trigger(registers, line, trigger);
	mmio_write8(registers + GIC_IPRIORITY(line), PRIORITY);
	mmio_write32(enabled, gic_bit(line));
	/* A line that is not there, or that belongs to the secure side, stays off (IHI 0048B 4.3.5,
	 * IHI 0069H 12.9.26). */
	return (mmio_read32(enabled) & gic_bit(line)) != 0 ? OK : ERR_NODEV;
}

void gic_disable_line(uintptr_t registers, uint32_t line)
{
	mmio_write32(registers + GIC_ICENABLER(line), gic_bit(line));
}
