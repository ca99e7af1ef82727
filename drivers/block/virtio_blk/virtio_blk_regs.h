/* SPDX-License-Identifier: ISC */
/*
 * What a virtio block device and its driver say to each other (section 5.2): features, places in
 * the configuration, requests. Little-endian; sectors are of 512 bytes here, whatever blk_size is.
 */
#ifndef DRIVERS_BLOCK_VIRTIO_BLK_VIRTIO_BLK_REGS_H
#define DRIVERS_BLOCK_VIRTIO_BLK_VIRTIO_BLK_REGS_H

#include <stdint.h>

/* Section 5.2.3. */
#define VIRTIO_BLK_F_SIZE_MAX     (UINT64_C(1) << 1)
#define VIRTIO_BLK_F_SEG_MAX      (UINT64_C(1) << 2)
#define VIRTIO_BLK_F_RO           (UINT64_C(1) << 5)
#define VIRTIO_BLK_F_BLK_SIZE     (UINT64_C(1) << 6)
#define VIRTIO_BLK_F_FLUSH        (UINT64_C(1) << 9)
#define VIRTIO_BLK_F_TOPOLOGY     (UINT64_C(1) << 10)
#define VIRTIO_BLK_F_DISCARD      (UINT64_C(1) << 13)
#define VIRTIO_BLK_F_WRITE_ZEROES (UINT64_C(1) << 14)

/* Section 5.2.4: bytes from the start of the configuration. */
enum {
	VIRTIO_BLK_CAPACITY = 0, /* 64 bits */
	VIRTIO_BLK_SIZE_MAX = 8,
	VIRTIO_BLK_SEG_MAX = 12,
	VIRTIO_BLK_BLK_SIZE = 20,
	VIRTIO_BLK_PHYSICAL_EXP = 24, /* 8 bits: blocks of a physical one, as an exponent */
	VIRTIO_BLK_OPT_IO = 28,       /* blocks */
	VIRTIO_BLK_DISCARD_MAX = 36,
	VIRTIO_BLK_DISCARD_ALIGN = 44,
	VIRTIO_BLK_ZERO_MAX = 48,
	VIRTIO_BLK_SECTOR_BYTES = 512,
};

/* Section 5.2.6: types of requests, and their status. */
enum {
	VIRTIO_BLK_T_IN = 0,
	VIRTIO_BLK_T_OUT = 1,
	VIRTIO_BLK_T_FLUSH = 4,
	VIRTIO_BLK_T_DISCARD = 11,
	VIRTIO_BLK_T_WRITE_ZEROES = 13,

	VIRTIO_BLK_S_OK = 0,
	VIRTIO_BLK_S_IOERR = 1,
	VIRTIO_BLK_S_UNSUPP = 2,
	VIRTIO_BLK_S_UNTOUCHED = 0xff, /* none of the device's */
};

/* In front of the data. */
struct virtio_blk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

/* The data of a discard or of zeroes. */
struct virtio_blk_range {
	uint64_t sector;
	uint32_t count;
	uint32_t flags;
};

#endif
