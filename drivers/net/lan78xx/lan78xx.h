/* SPDX-License-Identifier: ISC */
/*
 * Microchip's LAN7800, the Ethernet controller in the LAN7515 of the Raspberry Pi 3 B+: gigabit,
 * of which high speed leaves about 300 Mb/s, behind two hubs in the same chip.
 *
 * As with the LAN95xx, one frame is one transfer, checksums are left off, the address is the
 * board's, and the link is asked about when its PHY sees a change. Speed and duplex the controller
 * takes from the PHY by itself.
 *
 * QEMU has no such device, and it was not tried on hardware: it is tested against a fake.
 */
#ifndef DRIVERS_NET_LAN78XX_LAN78XX_H
#define DRIVERS_NET_LAN78XX_LAN78XX_H

#include "drivers/net/usb_net/usb_net.h"

extern const struct usb_net_function lan78xx;

#endif
