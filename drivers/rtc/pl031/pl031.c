/* SPDX-License-Identifier: ISC */
#include "drivers/rtc/pl031/pl031.h"

#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/rtc/pl031/pl031_regs.h"

/* 32 bits: until 2106. A clock that was never set counts from 0 at power-on. */
static enum err pl031_read(struct clock *clock, uint64_t *unix_s)
{
	const uint32_t year_s = 365 * 24 * 3600;
	uint32_t now = mmio_read32(container_of(clock, struct pl031, clock)->base + PL031_DR);

	if (now < year_s)
		return ERR_NOTREADY;
	*unix_s = now;
	return OK;
}

static const struct clock_ops pl031_ops = {.read = pl031_read};

enum err pl031_init(struct pl031 *c, uintptr_t base)
{
	if ((mmio_read32(base + PL031_PERIPH_ID0) & 0xff) != PL031_PART_LOW ||
	    (mmio_read32(base + PL031_PERIPH_ID1) & 0x0f) != PL031_PART_HIGH)
		return ERR_NODEV;
	*c = (struct pl031){.clock = {.ops = &pl031_ops}, .base = base};
	return OK;
}
