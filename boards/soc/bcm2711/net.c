/* SPDX-License-Identifier: ISC */
/*
 * The network interface: the chip's own.
 */
#include "boards/common/common.h"
#include "boards/soc/bcm2711/bcm2711.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/net/genet/genet.h"
#include "drivers/timer/arm_timer/arm_timer.h"
#include "hal/board.h"

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const struct genet_config config = {
		.base = BCM2711_GENET_BASE,
		.line = BCM2711_GENET,
		.mac = rpi_mac,
	};
	static struct genet net;
	static struct arm_timer
		alarm; /* of the core's two timers the one that board_timer() is not */

	if (index > 0 || !rpi_has(BCM2711_HAS_GENET)) {
		board_complain(
			index > 0 ? "there is one network interface only"
				  : "the device tree has no network interface (QEMU has none)");
		return NULL;
	}
	if (net.mac.nif.ops != NULL)
		return &net.mac.nif;
	if (arm_timer_init(&alarm, ARM_TIMER_PHYSICAL, rpi_irq_chip(), BCM2711_TIMER_PHYSICAL) !=
	    OK) {
		board_complain("the network interface's timer does not work");
		return NULL;
	}
	return genet_init(&net, &config, rpi_irq_chip(), &alarm.timer, rx, "net0");
}
