/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "virtio-blk"

#include "drivers/block/virtio_blk/virtio_blk.h"

#include <string.h>

#include "arch/barrier.h"
#include "base/log.h"
#include "drivers/block/virtio_blk/virtio_blk_internal.h"

#define USEFUL_FEATURES                                                                            \
	(VIRTIO_BLK_F_SIZE_MAX | VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_RO | VIRTIO_BLK_F_BLK_SIZE |  \
	 VIRTIO_BLK_F_FLUSH | VIRTIO_BLK_F_TOPOLOGY | VIRTIO_BLK_F_DISCARD |                       \
	 VIRTIO_BLK_F_WRITE_ZEROES)

enum {
	BYTES_MAX =
		1 << 30,    /* of a request: what is counted by 32 bits stays far below their end */
	QUEUE_SIZE_MIN = 4, /* header, data and status */
	SECTOR_BYTES_MAX = 4096,
};

/* --- what the device says of itself ---------------------------------------------------------- */

static enum err read_config32(struct virtio_blk *v, uint64_t feature, uint32_t at, uint32_t *value)
{
	return virtio_has(v->dev, feature) ? virtio_config_read(v->dev, at, 4, 1, value) : OK;
}

static enum err read_capacity(struct virtio_blk *v, uint64_t *sectors)
{
	uint32_t half[2];
	enum err e = virtio_config_read(v->dev, VIRTIO_BLK_CAPACITY, 4, 2, half);

	if (e == OK)
		*sectors = ((uint64_t)half[1] << 32 | half[0]) /
			   (v->block.sector_bytes / VIRTIO_BLK_SECTOR_BYTES);
	return e;
}

static enum err read_sector_bytes(struct virtio_blk *v)
{
	uint32_t bytes = VIRTIO_BLK_SECTOR_BYTES;
	enum err e = read_config32(v, VIRTIO_BLK_F_BLK_SIZE, VIRTIO_BLK_BLK_SIZE, &bytes);

	if (e == OK && bytes != VIRTIO_BLK_SECTOR_BYTES && bytes != SECTOR_BYTES_MAX) {
		log_error("%s: sectors of %u bytes are not supported", v->block.name,
			  (unsigned)bytes);
		e = ERR_UNSUPPORTED;
	}
	v->block.sector_bytes = bytes;
	return e;
}

/*
 * How many pieces and sectors fit a chain. A piece of n bytes becomes n / size_max pieces for the
 * device, and one more: where it takes small ones only, half are for the caller's.
 */
static void set_transfer_limits(struct virtio_blk *v, uint32_t segments)
{
	struct block_limits *l = &v->block.limits;
	uint64_t bytes = BYTES_MAX;

	segments = MAX(1u, MIN(segments, (uint32_t)MIN(v->queue.size - 2, VIRTIO_BLK_DATA_MAX)));
	l->pieces_max = segments;
	if (v->size_max < BYTES_MAX) {
		l->pieces_max = MAX(1u, segments / 2);
		bytes = (uint64_t)MAX(1u, segments - l->pieces_max) * v->size_max;
	}
	l->any_memory = true; /* devices are coherent with the caches */
	l->count_max = (uint32_t)(MIN(bytes, (uint64_t)BYTES_MAX) / v->block.sector_bytes);
}

static enum err read_transfer_limits(struct virtio_blk *v)
{
	uint32_t segments = 1, size_max = BYTES_MAX;
	enum err e = read_config32(v, VIRTIO_BLK_F_SEG_MAX, VIRTIO_BLK_SEG_MAX, &segments);

	if (e == OK)
		e = read_config32(v, VIRTIO_BLK_F_SIZE_MAX, VIRTIO_BLK_SIZE_MAX, &size_max);
	if (e != OK)
		return e;
	if (size_max < v->block.sector_bytes)
		return ERR_UNSUPPORTED;
	v->size_max = MIN(size_max, (uint32_t)BYTES_MAX);
	set_transfer_limits(v, segments);
	return OK;
}

/* Section 5.2.4: in blocks of blk_size, which are the sectors here. */
static enum err read_topology(struct virtio_blk *v)
{
	uint32_t best = 0;
	uint8_t exponent = 0;
	enum err e = read_config32(v, VIRTIO_BLK_F_TOPOLOGY, VIRTIO_BLK_OPT_IO, &best);

	if (e == OK && virtio_has(v->dev, VIRTIO_BLK_F_TOPOLOGY))
		e = virtio_config_read(v->dev, VIRTIO_BLK_PHYSICAL_EXP, 1, 1, &exponent);
	v->block.limits.best = best != 0 ? best : 1u << MIN(exponent, (uint8_t)16);
	return e;
}

/* Numbers of 512 bytes; what is less than a sector means that the device cannot. */
static enum err read_other_limits(struct virtio_blk *v)
{
	struct block_limits *l = &v->block.limits;
	uint32_t scale = v->block.sector_bytes / VIRTIO_BLK_SECTOR_BYTES;
	uint32_t discard = 0, align = 0, zero = 0;
	enum err e = read_config32(v, VIRTIO_BLK_F_DISCARD, VIRTIO_BLK_DISCARD_MAX, &discard);

	if (e == OK)
		e = read_config32(v, VIRTIO_BLK_F_DISCARD, VIRTIO_BLK_DISCARD_ALIGN, &align);
	if (e == OK)
		e = read_config32(v, VIRTIO_BLK_F_WRITE_ZEROES, VIRTIO_BLK_ZERO_MAX, &zero);
	l->discard_max = discard / scale;
	l->discard_align = align / scale;
	l->zero_max = zero / scale;
	return e;
}

static enum err read_geometry(struct virtio_blk *v)
{
	enum err e = read_sector_bytes(v);

	if (e == OK)
		e = read_transfer_limits(v);
	if (e == OK)
		e = read_topology(v);
	return e == OK ? read_other_limits(v) : e;
}

static enum err set_up(struct virtio_blk *v)
{
	const struct virtqueue_memory memory = {
		.ring = v->ring, .slots = v->ring_slots, .size = VIRTIO_BLK_QUEUE_SIZE};
	uint64_t sectors = 0;
	enum err e = virtio_negotiate(v->dev, USEFUL_FEATURES);

	if (e == OK)
		e = virtqueue_setup(&v->queue, v->dev, 0, &memory);
	if (e == OK && v->queue.size < QUEUE_SIZE_MIN)
		e = ERR_UNSUPPORTED;
	if (e == OK)
		e = read_geometry(v);
	if (e == OK)
		e = read_capacity(v, &sectors);
	if (e != OK)
		return e;
	v->block.read_only = virtio_has(v->dev, VIRTIO_BLK_F_RO);
	v->block.sectors = sectors;
	v->config_changed = false;
	compiler_barrier(); /* from here on the interrupt handler uses the queue */
	v->running = true;
	virtio_ready(v->dev);
	return OK;
}

/* --- faults ---------------------------------------------------------------------------------- */

static bool take_down(struct virtio_blk *v)
{
	v->running = false;
	compiler_barrier(); /* from here on the interrupt handler leaves the queue alone */
	if (virtio_reset(v->dev) == OK)
		return true;
	log_error("%s: does not reset", v->block.name);
	return false;
}

static bool may_reset(struct virtio_blk *v)
{
	uint64_t good = v->stats.reads + v->stats.writes + v->stats.others;

	if (good - v->good_at_reset >= VIRTIO_BLK_REQUESTS_BETWEEN_RESETS)
		v->resets_left = VIRTIO_BLK_RESETS_MAX;
	v->good_at_reset = good;
	if (v->resets_left == 0)
		return false;
	v->resets_left--;
	v->stats.resets++;
	return true;
}

/* What waits was held against the limits of before. */
static bool set_up_again(struct virtio_blk *v)
{
	const struct block before = v->block;

	if (set_up(v) != OK)
		return false;
	return v->block.sector_bytes == before.sector_bytes &&
	       memcmp(&v->block.limits, &before.limits, sizeof(before.limits)) == 0;
}

static void recover(struct virtio_blk *v, enum err result)
{
	bool again = false;

	log_error("%s: device fault: %s", v->block.name, v->queue.fault);
	if (take_down(v) && may_reset(v))
		again = set_up_again(v);
	if (!again) {
		log_error("%s: given up", v->block.name);
		v->running = false;
		virtio_give_up(v->dev);
		v->block.sectors = 0;
	}
	virtio_blk_queue_end(v, result, false);
	if (!again)
		virtio_blk_queue_end(v, ERR_NODEV, true);
}

static void check_config(struct virtio_blk *v)
{
	uint64_t sectors;

	if (LIKELY(!v->config_changed))
		return;
	v->config_changed = false;
	compiler_barrier(); /* before reading: a further change sets it again */
	if (virtio_needs_reset(v->dev)) {
		virtqueue_fail(&v->queue, "asks for a reset");
	} else if (read_capacity(v, &sectors) != OK) {
		virtqueue_fail(&v->queue, "configuration cannot be read");
	} else if (sectors != v->block.sectors) {
		v->block.sectors = sectors;
		log_info("%s: now %llu sectors", v->block.name, (unsigned long long)sectors);
	}
}

/* --- the device as a block ------------------------------------------------------------------- */

static void interrupt(void *arg)
{
	struct virtio_blk *v = arg;
	uint32_t why = virtio_interrupt(v->dev);

	if (why == 0 || !v->running) /* a device may interrupt whenever it likes */
		return;
	if ((why & VIRTIO_INTERRUPT_CONFIG) != 0)
		v->config_changed = true;
	virtqueue_disarm(&v->queue);
	waker_wake(&v->block.waker);
}

static void stop(struct block *b)
{
	struct virtio_blk *v = virtio_blk_of(b);

	if (v->attached)
		irq_detach(v->irq, v->line);
	v->attached = false;
	(void)take_down(v);
	b->sectors = 0;
	virtio_blk_queue_end(v, ERR_CLOSED, true);
}

static enum err attach(struct virtio_blk *v)
{
	enum err e = v->attached ? OK : irq_attach(v->irq, v->line, v->trigger, interrupt, v);

	v->attached = v->attached || e == OK;
	return e;
}

static enum err start(struct block *b)
{
	struct virtio_blk *v = virtio_blk_of(b);
	enum err e = attach(v);

	if (e == OK && !take_down(v))
		e = ERR_TIMEOUT;
	if (e == OK) {
		virtio_blk_queue_end(v, ERR_CLOSED, true); /* of a start before */
		v->resets_left = VIRTIO_BLK_RESETS_MAX;
		e = set_up(v);
	}
	if (e == OK && b->sectors == 0)
		e = ERR_NODEV;
	if (e != OK) {
		log_error("%s: cannot be used: %s", b->name,
			  e == ERR_NODEV ? "it has no sectors" : err_str(e));
		stop(b);
		virtio_give_up(v->dev);
		return e;
	}
	log_info("%s: %llu MiB%s", b->name,
		 (unsigned long long)(b->sectors / ((1u << 20) / b->sector_bytes)),
		 b->read_only ? ", read-only" : "");
	return OK;
}

static enum err submit(struct block *b, struct block_request *r)
{
	struct virtio_blk *v = virtio_blk_of(b);

	if (!v->running)
		return ERR_NODEV;
	list_push_back(&v->waiting, &r->node);
	waker_wake(&b->waker);
	return OK;
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	struct virtio_blk *v = virtio_blk_of(b);
	enum err fault = ERR_IO;

	if (!v->running)
		return UINT64_MAX;
	check_config(v);
	virtio_blk_queue_drain(v);
	if (v->running)
		virtio_blk_queue_fill(v, now_us);
	if (v->running && v->queue.fault == NULL && now_us >= virtio_blk_queue_deadline_us(v)) {
		virtqueue_fail(&v->queue, "does not answer");
		v->stats.timeouts++;
		fault = ERR_TIMEOUT;
	}
	if (v->running && v->queue.fault != NULL) {
		recover(v, fault);
		return now_us;
	}
	if (!v->running)
		return UINT64_MAX;
	/* Too late for that interrupt, or room for what waits. */
	if (virtqueue_arm(&v->queue, 1) || (list_empty(&v->busy) && !list_empty(&v->waiting)))
		return now_us;
	return virtio_blk_queue_deadline_us(v);
}

static const struct block_ops virtio_blk_ops = {
	.start = start, .stop = stop, .submit = submit, .poll = poll};

struct block *virtio_blk_init(struct virtio_blk *v, struct virtio_device *dev, struct irq_chip *irq,
			      uint32_t line, enum irq_trigger trigger, const char *name)
{
	assert(dev->id == VIRTIO_ID_BLOCK);
	memset(v, 0, sizeof(*v));
	v->block = (struct block){.ops = &virtio_blk_ops, .name = name};
	v->block.sector_bytes = VIRTIO_BLK_SECTOR_BYTES;
	v->dev = dev;
	v->irq = irq;
	v->line = line;
	v->trigger = trigger;
	virtio_blk_queue_init(v);
	return &v->block;
}
