/* SPDX-License-Identifier: ISC */
/*
 * The network device as it shows itself: features (section 5.1.3) and configuration (section
 * 5.1.4), little-endian. The header of each packet is in drivers/net/vnet.
 */
#ifndef DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_REGS_H
#define DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_REGS_H

#include <stdint.h>

#define VIRTIO_NET_F_CSUM       (UINT64_C(1) << 0)
#define VIRTIO_NET_F_GUEST_CSUM (UINT64_C(1) << 1)
#define VIRTIO_NET_F_MTU        (UINT64_C(1) << 3)
#define VIRTIO_NET_F_MAC        (UINT64_C(1) << 5)
#define VIRTIO_NET_F_GUEST_TSO4 (UINT64_C(1) << 7)
#define VIRTIO_NET_F_GUEST_TSO6 (UINT64_C(1) << 8)
#define VIRTIO_NET_F_GUEST_ECN  (UINT64_C(1) << 9)
#define VIRTIO_NET_F_HOST_TSO4  (UINT64_C(1) << 11)
#define VIRTIO_NET_F_HOST_TSO6  (UINT64_C(1) << 12)
#define VIRTIO_NET_F_MRG_RXBUF  (UINT64_C(1) << 15)
#define VIRTIO_NET_F_STATUS     (UINT64_C(1) << 16)

enum {
	/* Queues. */
	VIRTIO_NET_QUEUE_RX = 0,
	VIRTIO_NET_QUEUE_TX = 1,

	/* Offsets in the configuration. */
	VIRTIO_NET_CONFIG_MAC = 0,
	VIRTIO_NET_CONFIG_STATUS = 6,
	VIRTIO_NET_CONFIG_MTU = 10,

	VIRTIO_NET_STATUS_LINK_UP = 1,
	VIRTIO_NET_MTU_MIN = 68,
};

#endif
