/* SPDX-License-Identifier: ISC */
/*
 * The header in front of each frame of a virtio network device (OASIS Virtual I/O Device, version
 * 1.2, section 5.1.6), little-endian. Linux's tap devices have the same with IFF_VNET_HDR.
 */
#ifndef DRIVERS_NET_VNET_VNET_REGS_H
#define DRIVERS_NET_VNET_VNET_REGS_H

enum {
	/* Offsets. */
	VNET_FLAGS = 0,       /* 8 bits */
	VNET_GSO_TYPE = 1,    /* 8 bits */
	VNET_LEN = 2,         /* bytes of all headers, to the TCP payload; a hint */
	VNET_GSO_SIZE = 4,    /* TCP payload bytes a segment */
	VNET_CSUM_START = 6,  /* from the frame's first byte */
	VNET_CSUM_OFFSET = 8, /* from there */
	VNET_NUM_BUFFERS = 10,

	VNET_BYTES_SHORT = 10, /* without num_buffers */
	VNET_BYTES = 12,

	VNET_F_NEEDS_CSUM = 1,
	VNET_F_DATA_VALID = 2,

	VNET_GSO_NONE = 0,
	VNET_GSO_TCPV4 = 1,
	VNET_GSO_TCPV6 = 4,
	VNET_GSO_ECN = 0x80, /* beside one of the two: the first segment has CWR set */
};

#endif
