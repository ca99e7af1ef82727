/* SPDX-License-Identifier: ISC */
/*
 * Microchip's LAN95xx, the Ethernet controller of the Raspberry Pi 1 B to 3 B: 100 Mb/s at
 * high speed, behind a hub in the same chip (LAN9512, LAN9514).
 *
 * One frame is one transfer. Its own means to put several into one, and checksums, are left off.
 * On these boards it has no memory for an address, so that the board's is used. It notifies when
 * its PHY sees a change; what the link is like is then asked, by control transfers that the event
 * loop waits for: about ten, each of which an adapter that lives answers within a millisecond.
 *
 * QEMU has no such device, and it was not tried on hardware: it is tested against a fake that was
 * written from the data sheet.
 */
#ifndef DRIVERS_NET_LAN95XX_LAN95XX_H
#define DRIVERS_NET_LAN95XX_LAN95XX_H

#include "drivers/net/usb_net/usb_net.h"

extern const struct usb_net_function lan95xx;

#endif
