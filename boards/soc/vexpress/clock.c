/* SPDX-License-Identifier: ISC */
#include "boards/soc/vexpress/vexpress.h"
#include "drivers/rtc/pl031/pl031.h"
#include "hal/board.h"

struct clock *board_clock(void)
{
	static struct pl031 rtc;

	return pl031_init(&rtc, VEXPRESS_RTC) == OK ? &rtc.clock : NULL;
}
