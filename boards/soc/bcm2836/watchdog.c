/* SPDX-License-Identifier: ISC */
#include "boards/soc/bcm2836/bcm2836.h"
#include "drivers/watchdog/bcm2835_pm/bcm2835_pm.h"
#include "hal/board.h"

struct watchdog *board_watchdog(void)
{
	static struct bcm2835_watchdog pm;

	if (pm.watchdog.ops == NULL)
		bcm2835_watchdog_init(&pm, BCM2836_PM_BASE);
	return &pm.watchdog;
}
