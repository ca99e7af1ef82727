/* SPDX-License-Identifier: ISC */
/*
 * A virtio block device behind tests/fakes/virtio_fake: it holds each request against the
 * specification, does it in its own memory, and answers; the last first if several wait.
 */
#ifndef TESTS_FAKES_VIRTIO_BLK_FAKE_H
#define TESTS_FAKES_VIRTIO_BLK_FAKE_H

#include "tests/fakes/virtio_fake.h"

enum { VIRTIO_BLK_FAKE_BYTES = 1 << 20, VIRTIO_BLK_FAKE_HELD = 64 };

struct virtio_blk_fake {
	struct virtio_fake device;
	uint8_t bytes[VIRTIO_BLK_FAKE_BYTES];
	/* Set by the test. */
	bool silent;       /* takes requests and answers none */
	uint8_t status;    /* of all answers; 0: what is right */
	uint32_t short_by; /* of the length that it says */
	unsigned requests, flushes, max_held;
};

/* Plugs it in. `features` besides those of the rings; the configuration is that of 512-byte sectors
 * with all limits 64; a test may change it before the start. */
void virtio_blk_fake_init(struct virtio_blk_fake *f, uint32_t version, uint64_t features);

/* Field of the configuration. */
void virtio_blk_fake_set(struct virtio_blk_fake *f, unsigned at, uint64_t value, unsigned bytes);

/* Does what waits in the queue. */
void virtio_blk_fake_work(struct virtio_blk_fake *f);

#endif
