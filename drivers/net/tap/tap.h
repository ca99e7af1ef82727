/* SPDX-License-Identifier: ISC */
/*
 * A network interface over a Linux tap device, for the host board.
 *
 * With the kernel's virtio-net header the kernel stands in for offloading hardware: it fills in
 * checksums and cuts segments of what is sent, and hands over TCP segments that it has put together
 * or never cut, and vouches for their checksums. A frame is one system call in either direction:
 * the header lies in the packet's headroom, payload in pieces is gathered by writev(), and readv()
 * spreads a large frame over as many packets of the pool as it needs, which become a run.
 *
 * Short frames are copied once more than that: for the kernel to go through a vector costs more. A
 * frame in pieces is put together if it is no longer than the MTU allows, and after many short ones
 * the next is read to one buffer, from which it goes to the packets. Handing the kernel a batch by
 * io_uring costs as much for each frame as a call does, since a frame's way through the kernel is
 * seven times as long as that into it and back.
 *
 * Coalesced segments are asked for if the pool has packets enough (vnet_may_coalesce()): room for
 * the longest waits empty for the next frame, and the rest is for those who hold what was received.
 */
#ifndef DRIVERS_NET_TAP_TAP_H
#define DRIVERS_NET_TAP_TAP_H

#include <stdbool.h>
#include <sys/uio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "drivers/irq/epoll/epoll_irq.h"
#include "drivers/net/vnet/vnet.h"
#include "hal/netif.h"

enum { TAP_SPARES_MAX = 64 }; /* packets of the longest frame, the smaller their buffers the more */

struct tap {
	struct netif netif;
	struct epoll_irq *irq;
	struct pkt_pool *rx;
	int fd;
	uint8_t header_bytes; /* of the virtio header in front of each frame, or 0 */
	uint8_t n_spares;
	bool tx_waits; /* a send was refused: wake `tx` when the kernel has room */
	bool more;     /* the kernel may hold more frames */
	bool broken;   /* the device is gone */
	struct pkt *spare[TAP_SPARES_MAX];   /* empty packets for the next frame to read … */
	struct iovec vector[TAP_SPARES_MAX]; /* … and their buffers */
	uint8_t n_short; /* frames of one packet at most in a row, up to a limit */
	/* A frame in one piece, in passing; a byte more, so that one too long is seen to be. */
	uint8_t whole[VNET_BYTES_SHORT + VNET_FRAME_MAX + 1];
};

/*
 * Opens tap device `device` as interface `name` ("net0"), a string that outlives it. ERR_NODEV:
 * there is none of that name that this user may open; ERR_IO. `mac` is the address that the image
 * will use on it. `rx` has buffers of at least 2048 bytes.
 */
MUST_USE enum err tap_init(struct tap *t, const char *name, const char *device,
			   const uint8_t mac[static 6], struct pkt_pool *rx, struct epoll_irq *irq);

#endif
