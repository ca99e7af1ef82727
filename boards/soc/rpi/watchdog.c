/* SPDX-License-Identifier: ISC */
#include "boards/soc/rpi/rpi.h"
#include "drivers/watchdog/bcm2835_pm/bcm2835_pm.h"
#include "hal/board.h"

struct watchdog *board_watchdog(void)
{
	static struct bcm2835_watchdog pm;

	if (pm.watchdog.ops == NULL)
		bcm2835_watchdog_init(&pm, rpi_chip.peripherals + RPI_PM);
	return &pm.watchdog;
}
