/* SPDX-License-Identifier: ISC */
/*
 * A network interface over a Linux tap device, for the host board.
 *
 * With the kernel's virtio-net header the kernel stands in for offloading hardware: it fills in
 * checksums and cuts segments of what is sent, and vouches for checksums of what it hands over.
 * A frame is one system call in either direction; payload in pieces is gathered by writev().
 */
#ifndef DRIVERS_NET_TAP_TAP_H
#define DRIVERS_NET_TAP_TAP_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "drivers/irq/epoll/epoll_irq.h"
#include "hal/netif.h"

struct tap {
	struct netif netif;
	struct epoll_irq *irq;
	struct pkt_pool *rx;
	struct pkt *spare; /* an empty packet for the next frame to read */
	int fd;
	bool has_vnet_header;
	bool tx_waits; /* a send was refused: wake `tx` when the kernel has room */
	bool more;     /* the kernel may hold more frames */
	bool broken;   /* the device is gone */
};

/*
 * Opens tap device `device` as interface `name` ("net0"), a string that outlives it. ERR_NODEV:
 * there is none of that name that this user may open; ERR_IO. `mac` is the address that the image
 * will use on it.
 */
MUST_USE enum err tap_init(struct tap *t, const char *name, const char *device,
			   const uint8_t mac[static 6], struct pkt_pool *rx, struct epoll_irq *irq);

#endif
