/* SPDX-License-Identifier: ISC */
/*
 * The network device as it shows itself: features (section 5.1.3), configuration (section 5.1.4)
 * and the header of each packet (section 5.1.6), little-endian.
 */
#ifndef DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_REGS_H
#define DRIVERS_NET_VIRTIO_NET_VIRTIO_NET_REGS_H

#include <stdint.h>

#define VIRTIO_NET_F_CSUM       (UINT64_C(1) << 0)
#define VIRTIO_NET_F_GUEST_CSUM (UINT64_C(1) << 1)
#define VIRTIO_NET_F_MTU        (UINT64_C(1) << 3)
#define VIRTIO_NET_F_MAC        (UINT64_C(1) << 5)
#define VIRTIO_NET_F_GUEST_TSO4 (UINT64_C(1) << 7)
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

	/* Offsets in the header. */
	VIRTIO_NET_HDR_FLAGS = 0,       /* 8 bits */
	VIRTIO_NET_HDR_GSO_TYPE = 1,    /* 8 bits */
	VIRTIO_NET_HDR_LEN = 2,         /* bytes of all headers, to the TCP payload */
	VIRTIO_NET_HDR_GSO_SIZE = 4,    /* TCP payload bytes a segment */
	VIRTIO_NET_HDR_CSUM_START = 6,  /* from the frame's first byte */
	VIRTIO_NET_HDR_CSUM_OFFSET = 8, /* from there */
	VIRTIO_NET_HDR_NUM_BUFFERS = 10,

	VIRTIO_NET_HDR_BYTES_LEGACY = 10, /* without num_buffers */
	VIRTIO_NET_HDR_BYTES = 12,

	VIRTIO_NET_HDR_F_NEEDS_CSUM = 1,
	VIRTIO_NET_HDR_F_DATA_VALID = 2,

	VIRTIO_NET_HDR_GSO_NONE = 0,
	VIRTIO_NET_HDR_GSO_TCPV4 = 1,
	VIRTIO_NET_HDR_GSO_TCPV6 = 4,
};

#endif
