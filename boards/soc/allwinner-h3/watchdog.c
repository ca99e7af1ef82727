/* SPDX-License-Identifier: ISC */
#include "boards/soc/allwinner-h3/h3.h"
#include "drivers/watchdog/sunxi_watchdog/sunxi_watchdog.h"
#include "hal/board.h"

struct watchdog *board_watchdog(void)
{
	static struct sunxi_watchdog w;

	if (w.watchdog.ops == NULL)
		(void)sunxi_watchdog_init(&w, H3_WATCHDOG_BASE);
	return &w.watchdog;
}
