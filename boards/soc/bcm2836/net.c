/* SPDX-License-Identifier: ISC */
/*
 * The network interface: an adapter on the USB, since the chip has none of its own. The boards up
 * to the 3 B carry a LAN9512 or LAN9514, the 3 B+ a LAN7515; others, and QEMU, have one plugged in.
 */
#include "boards/common/common.h"
#include "boards/soc/bcm2836/bcm2836.h"
#include "boards/soc/rpi/rpi.h"
#include "drivers/irq/bcm2836_irq/bcm2836_irq.h"
#include "drivers/net/cdc_ecm/cdc_ecm.h"
#include "drivers/net/lan78xx/lan78xx.h"
#include "drivers/net/lan95xx/lan95xx.h"
#include "drivers/usb/dwc2/dwc2.h"
#include "hal/board.h"

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const struct usb_net_function *const functions[] = {&lan95xx, &lan78xx, &cdc_ecm,
								   NULL};
	static struct dwc2 controller;
	static struct usb_net net;

	if (index > 0) {
		board_complain("there is one network interface only");
		return NULL;
	}
	if (net.nif.ops != NULL)
		return &net.nif;
	/* The firmware has it off unless it booted from it; one that does not know the question,
	 * on. */
	if (rpi_firmware_power(&rpi_mailbox, RPI_POWER_USB, true) == ERR_NODEV) {
		board_complain("the firmware does not turn the USB on");
		return NULL;
	}
	return usb_net_init(&net,
			    dwc2_init(&controller, BCM2836_USB_BASE, BCM2836_BUS_UNCACHED,
				      rpi_irq_chip(), BCM2836_USB, board_timer()),
			    functions, rpi_mac, rx, "net0");
}
