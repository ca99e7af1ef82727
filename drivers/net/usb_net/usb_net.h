/* SPDX-License-Identifier: ISC */
/*
 * A USB network adapter as a struct netif: whole Ethernet frames, one a bulk transfer, with
 * whatever header the kind of adapter wants in front. What a kind is, how it is found and
 * configured, is a struct usb_net_function (drivers/net/cdc_ecm).
 *
 * One transfer to receive is always under way, into a packet of the pool, so nothing is copied. To
 * send, frames wait in a bounded queue, and are copied, header and pieces together, into one
 * buffer: the controller's DMA takes neither pieces nor addresses that are no multiple of four,
 * and an Ethernet header in front of an aligned IP header lies at none.
 *
 * netif_start() finds the adapter on the bus and waits for that, as usb_bus_find() does. One that
 * is unplugged, falls silent or talks nonsense all the time is given up, with a line in the
 * log: the link goes down and sends fail with ERR_IO. When something is plugged in afterwards, or
 * later than at the start, at the controller's port or at a hub, the bus is looked through again,
 * which the event loop waits for (0.3 to 0.6 s, with devices that do not answer 0.5 s more for
 * each), and the adapter that is found takes over: the link comes up. The interface keeps the
 * address with which it began.
 *
 * Event loop only. struct usb_net is static memory, 4 KiB, and must live as long as the image.
 */
#ifndef DRIVERS_NET_USB_NET_USB_NET_H
#define DRIVERS_NET_USB_NET_USB_NET_H

#include "drivers/usb/core/usb.h"
#include "hal/netif.h"

enum {
	USB_NET_TX_QUEUE = 32,         /* frames */
	USB_NET_RX_BYTES = 2048,       /* of a buffer that are used */
	USB_NET_TX_BYTES = 1600,       /* of the longest frame with its header */
	USB_NET_HEADER_BYTES_MAX = 16, /* in front of a frame */
	USB_NET_FAULTS_MAX = 8,        /* of transfers, one after the other, until it is given up */
	USB_NET_HUBS_MAX = 4,          /* that are watched for something new */
	USB_NET_LOOKS_MAX =
		16, /* for an adapter, one after the other, until nothing is looked for */
};

struct usb_net;

struct usb_net_function {
	const char *name; /* "CDC-ECM"; for messages */
	bool knows_link;  /* notifies of it when it comes up: down until then; else up */
	/*
	 * Makes the device ready: sets the pipes (usb_net_pipes()), the MTU, and the MAC address
	 * (usb_net_mac(), usb_net_board_mac()). ERR_NODEV: it is not of this kind.
	 */
	enum err (*bind)(struct usb_net *n, const struct usb_device *d);
	/* Writes what goes in front of a frame of so many bytes; returns its bytes. NULL: nothing.
	 */
	uint32_t (*write_header)(uint8_t *at, uint32_t frame_bytes);
	/* Checks what was received and cuts it to the frame; false: it is none. NULL: as it is. */
	bool (*read_header)(struct pkt *p);
	/*
	 * The notify pipe brought so many bytes. NULL if there is no such pipe. False: that is no
	 * notification; nobody listens any more.
	 */
	bool (*notified)(struct usb_net *n, const uint8_t *bytes, uint32_t len);
};

struct usb_net {
	struct netif nif;
	struct usb_hcd *hcd;
	const struct usb_net_function *const *functions;
	const struct usb_net_function *function; /* of the adapter that was found */
	enum err (*fallback_mac)(uint8_t mac[static 6]);
	const struct usb_device *device;
	struct usb_pipe in, out, notify;
	struct pkt_pool *rx_pool;
	struct pkt *rx; /* lent to `in` */
	struct pkt *tx[USB_NET_TX_QUEUE];
	uint16_t tx_first, tx_count;
	uint8_t faults;
	bool running;
	bool tx_blocked; /* a send was refused: the tx waker is owed */
	bool notifies;   /* the notify pipe is open */
	bool has_mac;    /* it began with an address */
	uint8_t waits;   /* enum usb_net_waits, unless it runs */
	uint8_t looks;   /* without an adapter, since there was one */
	uint8_t n_hubs;
	struct usb_pipe hubs[USB_NET_HUBS_MAX];
	const struct usb_device *hub_devices[USB_NET_HUBS_MAX];
	struct usb_bus bus;
	ALIGNED(CACHE_LINE_BYTES) uint8_t tx_bytes[USB_NET_TX_BYTES];
	ALIGNED(CACHE_LINE_BYTES) uint8_t notify_bytes[CACHE_LINE_BYTES];
	ALIGNED(CACHE_LINE_BYTES) uint8_t hub_bytes[USB_NET_HUBS_MAX][CACHE_LINE_BYTES];
};

/*
 * Prepares `n` to use the first adapter behind `hcd` that is of one of the `functions`, a list with
 * NULL at its end, and returns its netif. Does not touch the controller before netif_start().
 * `rx`, with buffers of USB_NET_RX_BYTES or more, and `name` must outlive it. `fallback_mac`
 * tells the address of an adapter that has none of its own, and of the interface if there is no
 * adapter yet; NULL: then neither can be used.
 */
struct netif *usb_net_init(struct usb_net *n, struct usb_hcd *hcd,
			   const struct usb_net_function *const *functions,
			   enum err (*fallback_mac)(uint8_t mac[static 6]), struct pkt_pool *rx,
			   const char *name);

/* For functions: the pipes, to those endpoints of `d`; `notify` with address 0: there is none. */
void usb_net_pipes(struct usb_net *n, const struct usb_device *d, const struct usb_endpoint *in,
		   const struct usb_endpoint *out, const struct usb_endpoint *notify);

/*
 * For functions: the adapter has this address. False: the interface has begun with another, whose
 * frames the adapter would have to be told to take.
 */
MUST_USE bool usb_net_mac(struct usb_net *n, const uint8_t mac[static 6]);

/*
 * For functions: the adapter has no address, or takes any: the interface keeps the one that it
 * began with, else takes the board's. ERR_NOTFOUND: that has none.
 */
MUST_USE enum err usb_net_board_mac(struct usb_net *n);

/* For functions: what the adapter says of its link. */
void usb_net_link(struct usb_net *n, bool up);

/* Whether `mac` can be a station's address: neither a group's nor zero. */
bool usb_net_is_station(const uint8_t mac[static 6]);

#endif
