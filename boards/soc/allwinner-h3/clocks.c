/* SPDX-License-Identifier: ISC */
/*
 * The clock control unit (datasheet, section 4.3).
 */
#include "arch/mmio.h"
#include "boards/soc/allwinner-h3/h3.h"

static void set_bit(uint32_t offset, unsigned bit)
{
	mmio_write32(H3_CCU_BASE + offset, mmio_read32(H3_CCU_BASE + offset) | UINT32_C(1) << bit);
}

void h3_turn_on(const struct h3_bus_device *d)
{
	set_bit(d->gate, d->gate_bit);
	set_bit(d->reset, d->reset_bit);
}
