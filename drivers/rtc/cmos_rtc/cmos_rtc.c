/* SPDX-License-Identifier: ISC */
#include "drivers/rtc/cmos_rtc/cmos_rtc.h"

#include <string.h>

#include "arch/x86.h"
#include "drivers/rtc/cmos_rtc/cmos_rtc_regs.h"

enum {
	UPDATE_POLLS = 10000, /* an update takes 2 ms at most; a port read about 1 us */
	READ_TRIES = 5,
};

static uint8_t get(uint8_t reg)
{
	port_write8(CMOS_INDEX_PORT, reg);
	return port_read8(CMOS_DATA_PORT);
}

static bool wait_for_update(void)
{
	for (unsigned i = 0; i < UPDATE_POLLS; i++) {
		if ((get(CMOS_STATUS_A) & CMOS_A_UPDATING) == 0)
			return true;
	}
	return false;
}

static struct cmos_rtc_registers get_all(void)
{
	return (struct cmos_rtc_registers){
		.second = get(CMOS_SECOND),
		.minute = get(CMOS_MINUTE),
		.hour = get(CMOS_HOUR),
		.day = get(CMOS_DAY),
		.month = get(CMOS_MONTH),
		.year = get(CMOS_YEAR),
		.century = get(CMOS_CENTURY),
		.status_b = get(CMOS_STATUS_B),
	};
}

/* An update may begin between two registers: only what reads the same twice is one moment. */
static enum err read_clock(UNUSED struct clock *clock, uint64_t *unix_s)
{
	for (unsigned i = 0; i < READ_TRIES; i++) {
		if (!wait_for_update())
			return ERR_IO;
		struct cmos_rtc_registers first = get_all(), second = get_all();
		if (memcmp(&first, &second, sizeof(first)) == 0)
			return cmos_rtc_decode(&first, unix_s);
	}
	return ERR_IO;
}

static const struct clock_ops ops = {.read = read_clock};

enum err cmos_rtc_init(struct cmos_rtc *c)
{
	/* Where there is no device, every port reads as ones. */
	if (get(CMOS_STATUS_D) != CMOS_D_VALID)
		return ERR_NODEV;
	c->clock.ops = &ops;
	return OK;
}
