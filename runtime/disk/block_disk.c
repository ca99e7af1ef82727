/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "disk"
#include "runtime/disk/block_disk.h"

#include <string.h>

#include "base/log.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/timeout.h"
#include "runtime/time.h"

enum {
	ZERO_PIECES = 16, /* of the buffer, full of zeroes, in one request */
	COUNT_MAX = 1 << 20,
};

/* A request and who waits for it. */
struct transfer {
	struct block_request request;
	struct timeout limit;
	struct fiber *fiber;
	enum err result;
	bool ended, late;
};

static struct block_disk *of(struct disk *d)
{
	return container_of(d, struct block_disk, disk);
}

static void transfer_done(struct block_request *r, enum err result)
{
	struct transfer *t = container_of(r, struct transfer, request);

	t->ended = true;
	t->result = result;
	fiber_wake(t->fiber);
}

static void transfer_late(struct timeout *limit, uint64_t now_us)
{
	struct transfer *t = container_of(limit, struct transfer, limit);

	(void)now_us;
	t->late = true;
	fiber_wake(t->fiber);
}

/* The medium may have gone, or changed its size. */
static void look_at_block(struct block_disk *d)
{
	d->disk.sectors = d->block->sectors;
	d->disk.read_only = d->block->read_only;
}

/* A fiber that is told to give up waits all the same: the device has its memory. */
static enum err await(struct block_disk *d, struct transfer *t)
{
	timeout_init(&t->limit, transfer_late);
	timeout_set(&t->limit, time_now_us() + BLOCK_DISK_WAIT_US);
	while (!t->ended) {
		fiber_park();
		if (t->ended || !t->late)
			continue;
		log_error("%s: a request does not end; the device is stopped", d->disk.name);
		block_stop(d->block); /* ends it */
		assert(t->ended);
		t->result = ERR_TIMEOUT;
	}
	timeout_cancel(&t->limit);
	return t->result;
}

static enum err run(struct block_disk *d, const struct block_request *request)
{
	struct transfer t = {.request = *request, .fiber = fiber_current()};
	enum err e;

	assert(t.fiber != NULL);
	t.request.done = transfer_done;
	d->stats.requests++;
	/* What another user has in the queue may fill it for a while. */
	while ((e = block_submit(d->block, &t.request)) == ERR_AGAIN) {
		e = fiber_sleep(US_PER_MS);
		if (e != OK)
			return e;
	}
	if (e == OK)
		e = await(d, &t);
	if (e != OK)
		d->stats.failed++;
	look_at_block(d);
	return e;
}

/* --- reading and writing --------------------------------------------------------------------- */

static uint32_t count_max(const struct block_disk *d)
{
	uint32_t max = d->block->limits.count_max;

	return max == 0 ? COUNT_MAX : MIN(max, (uint32_t)COUNT_MAX);
}

static bool is_good_memory(const struct block_disk *d, const void *memory)
{
	return d->block->limits.any_memory || (uintptr_t)memory % CACHE_LINE_BYTES == 0;
}

/* A request of as many sectors as the device takes, between it and memory that it can use. */
static enum err move(struct block_disk *d, enum block_op op, uint64_t sector, uint32_t count,
		     uint8_t *memory)
{
	enum err e = OK;

	for (uint32_t n; count > 0 && e == OK; count -= n) {
		const struct block_request r = {.op = op,
						.sector = sector,
						.count = n = MIN(count, count_max(d)),
						.memory = memory};

		e = run(d, &r);
		sector += n;
		memory += (size_t)n * d->disk.sector_bytes;
	}
	return e;
}

/* The same through the buffer. */
static enum err copy(struct block_disk *d, enum block_op op, uint64_t sector, uint32_t count,
		     uint8_t *memory)
{
	uint32_t in_buffer = BLOCK_DISK_BUFFER_BYTES / d->disk.sector_bytes;
	enum err e = OK;

	mutex_lock(&d->lock);
	for (uint32_t n; count > 0 && e == OK; count -= n) {
		size_t bytes = (size_t)(n = MIN(count, in_buffer)) * d->disk.sector_bytes;

		if (op == BLOCK_WRITE)
			memcpy(d->buffer, memory, bytes);
		e = move(d, op, sector, n, d->buffer);
		if (op == BLOCK_READ && e == OK)
			memcpy(memory, d->buffer, bytes);
		d->stats.copied += n;
		sector += n;
		memory += bytes;
	}
	mutex_unlock(&d->lock);
	return e;
}

static enum err read(struct disk *disk, uint64_t sector, uint32_t count, void *out)
{
	struct block_disk *d = of(disk);

	return is_good_memory(d, out) ? move(d, BLOCK_READ, sector, count, out)
				      : copy(d, BLOCK_READ, sector, count, out);
}

static enum err write(struct disk *disk, uint64_t sector, uint32_t count, const void *bytes)
{
	struct block_disk *d = of(disk);
	uint8_t *from = (uint8_t *)(uintptr_t)bytes; /* it is only read */

	return is_good_memory(d, bytes) ? move(d, BLOCK_WRITE, sector, count, from)
					: copy(d, BLOCK_WRITE, sector, count, from);
}

/* --- all else -------------------------------------------------------------------------------- */

/* In requests of at most `max` sectors. */
static enum err command(struct block_disk *d, enum block_op op, uint64_t sector, uint64_t count,
			uint32_t max)
{
	enum err e = max == 0 ? ERR_UNSUPPORTED : OK;

	for (uint64_t n; count > 0 && e == OK; count -= n, sector += n) {
		n = MIN(count, (uint64_t)max);
		e = run(d, &(const struct block_request){
				   .op = op, .sector = sector, .count = (uint32_t)n});
	}
	return e;
}

/* One request of zeroes from the buffer, again and again; how many sectors that is, in `*n`. */
static enum err write_zeroes(struct block_disk *d, uint64_t sector, uint64_t count, uint32_t *n)
{
	const struct block_limits *l = &d->block->limits;
	uint32_t in_buffer = BLOCK_DISK_BUFFER_BYTES / d->disk.sector_bytes, left;
	struct block_piece piece[ZERO_PIECES];
	uint32_t pieces_max = l->pieces_max == 0 ? ZERO_PIECES : MIN(ZERO_PIECES, l->pieces_max);
	struct block_request r = {.op = BLOCK_WRITE, .sector = sector, .pieces = piece};

	r.count = (uint32_t)MIN(count, (uint64_t)MIN(pieces_max * in_buffer, count_max(d)));
	for (left = r.count; left > 0; r.n_pieces++) {
		uint32_t part = MIN(left, in_buffer);

		piece[r.n_pieces] = (struct block_piece){d->buffer, part};
		left -= part;
	}
	*n = r.count;
	return run(d, &r);
}

static enum err zero(struct disk *disk, uint64_t sector, uint64_t count)
{
	struct block_disk *d = of(disk);
	enum err e = command(d, BLOCK_ZERO, sector, count, d->block->limits.zero_max);

	if (e != ERR_UNSUPPORTED)
		return e;
	mutex_lock(&d->lock);
	memset(d->buffer, 0, sizeof(d->buffer));
	e = OK;
	for (uint32_t n; count > 0 && e == OK; count -= n, sector += n)
		e = write_zeroes(d, sector, count, &n);
	mutex_unlock(&d->lock);
	return e;
}

static enum err discard(struct disk *disk, uint64_t sector, uint64_t count)
{
	struct block_disk *d = of(disk);
	enum err e = command(d, BLOCK_DISCARD, sector, count, d->block->limits.discard_max);

	return e == ERR_UNSUPPORTED ? OK : e;
}

static enum err flush(struct disk *disk)
{
	return run(of(disk), &(const struct block_request){.op = BLOCK_FLUSH});
}

static const struct disk_ops block_disk_ops = {
	.read = read, .write = write, .zero = zero, .discard = discard, .flush = flush};

enum err block_disk_start(struct block_disk *d, struct block *block)
{
	enum err e;

	*d = (struct block_disk){.disk = {.ops = &block_disk_ops, .name = block->name},
				 .block = block};
	mutex_init(&d->lock);
	e = block_start(block);
	if (e != OK)
		return e;
	d->disk.sector_bytes = block->sector_bytes;
	look_at_block(d);
	return OK;
}
