/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the driver share: usb_net.c (life of the adapter) and usb_net_data.c (frames).
 */
#ifndef DRIVERS_NET_USB_NET_USB_NET_INTERNAL_H
#define DRIVERS_NET_USB_NET_USB_NET_INTERNAL_H

#include "drivers/net/usb_net/usb_net.h"
#include "drivers/usb/core/usb_spec.h"

static inline struct usb_net *usb_net_of(struct netif *nif)
{
	return container_of(nif, struct usb_net, nif);
}

/* Says why in the log, stops the bus and frees all packets. */
void usb_net_give_up(struct usb_net *n, const char *why);

/* After a transfer of `p` failed with `e`: true if another may be begun, else it was given up. */
MUST_USE bool usb_net_recover(struct usb_net *n, struct usb_pipe *p, enum err e);

/* Begin to receive, into n->rx, and to wait for a notification. */
void usb_net_rx_begin(struct usb_net *n);
void usb_net_notify_begin(struct usb_net *n);

enum err usb_net_send(struct netif *nif, struct pkt *p);
void usb_net_flush(struct netif *nif);
struct pkt *usb_net_recv(struct netif *nif);
bool usb_net_rx_arm(struct netif *nif);

#endif
