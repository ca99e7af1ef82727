/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "virtio-rng"

#include "drivers/rng/virtio_rng/virtio_rng.h"

#include <string.h>

#include "arch/barrier.h"
#include "base/assert.h"
#include "base/log.h"

static enum err set_up(struct virtio_rng *r)
{
	const struct virtqueue_memory memory = {
		.ring = r->ring,
		.slots = r->slots,
		.size = VIRTIO_RNG_QUEUE_SIZE,
	};
	r->queue.fault = NULL; /* of an earlier try */
	enum err e = virtio_negotiate(r->dev, 0);
	if (e == OK)
		e = virtqueue_setup(&r->queue, r->dev, 0, &memory);
	if (e == OK)
		virtio_ready(r->dev);
	r->ready = e == OK;
	return e;
}

/* The device's answer to one request; it wrote `*len` bytes. */
static enum err await(struct virtio_rng *r, uint64_t deadline_us, uint32_t *len)
{
	while (virtqueue_get_used(&r->queue, len) == NULL) {
		if (r->queue.fault != NULL)
			return ERR_IO;
		if (timer_now_us(r->timer) >= deadline_us)
			return ERR_TIMEOUT;
		cpu_relax();
	}
	return OK;
}

/* Asks for up to `max` bytes and appends what comes to `bytes`; `*len` says how many. */
static enum err request(struct virtio_rng *r, uint64_t deadline_us, uint8_t *bytes, uint32_t max,
			uint32_t *len)
{
	const struct virtqueue_piece piece = {.bytes = r->chunk, .len = max};
	enum err e = virtqueue_add(&r->queue, &piece, 0, 1, r);
	if (e != OK)
		return e;
	virtqueue_kick(&r->queue);
	e = await(r, deadline_us, len);
	if (e != OK)
		return e;
	if (*len == 0) /* section 5.4.6.2: it must give one byte at least */
		return ERR_IO;
	memcpy(bytes, r->chunk, *len);
	memset(r->chunk, 0, sizeof(r->chunk));
	compiler_barrier(); /* the seed is wiped, although nobody reads the chunk again */
	return OK;
}

static enum err fill(struct virtio_rng *r, uint8_t *bytes, size_t len)
{
	uint64_t deadline_us = 0;
	for (size_t done = 0; done < len;) {
		uint64_t now_us = timer_now_us(r->timer);
		/* A new allowance for each chunk, not for each answer: those may be a byte long. */
		if (done % VIRTIO_RNG_CHUNK == 0)
			deadline_us = now_us + VIRTIO_RNG_WAIT_US;
		if (now_us >= deadline_us)
			return ERR_TIMEOUT;
		size_t chunk_left = VIRTIO_RNG_CHUNK - done % VIRTIO_RNG_CHUNK;
		uint32_t got, ask = (uint32_t)MIN(len - done, chunk_left);
		enum err e = request(r, deadline_us, bytes + done, ask, &got);
		if (e != OK)
			return e;
		done += got;
	}
	return OK;
}

static enum err virtio_rng_read(struct rng *rng, void *bytes, size_t len)
{
	struct virtio_rng *r = container_of(rng, struct virtio_rng, rng);
	enum err e = r->ready ? OK : set_up(r);
	if (e == OK)
		e = fill(r, bytes, len);
	if (e != OK) {
		/* The chunk is the device's until it was reset. The next set_up() insists on that.
		 */
		if (virtio_reset(r->dev) == OK)
			memset(r->chunk, 0, sizeof(r->chunk));
		r->ready = false;
		log_warn("%s: no random bytes: %s", rng->name,
			 r->queue.fault != NULL ? r->queue.fault : err_str(e));
	}
	return e;
}

static const struct rng_ops virtio_rng_ops = {.read = virtio_rng_read};

struct rng *virtio_rng_init(struct virtio_rng *r, struct virtio_device *dev, struct timer *timer)
{
	assert(dev->id == VIRTIO_ID_RNG);
	memset(r, 0, sizeof(*r));
	r->rng = (struct rng){.ops = &virtio_rng_ops, .name = "virtio-rng"};
	r->dev = dev;
	r->timer = timer;
	return &r->rng;
}
