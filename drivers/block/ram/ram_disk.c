/* SPDX-License-Identifier: ISC */
#include "drivers/block/ram/ram_disk.h"

#include <string.h>

enum { SECTOR_BYTES = 512, BATCH_MAX = 16 }; /* requests of one poll */

static struct ram_disk *of(struct block *b)
{
	return container_of(b, struct ram_disk, block);
}

static enum err start(struct block *b)
{
	b->sectors = of(b)->sectors;
	return b->sectors > 0 ? OK : ERR_NODEV;
}

static struct block_request *take(struct ram_disk *d)
{
	struct list *node = list_pop_front(&d->queue);

	return node != NULL ? list_entry(node, struct block_request, node) : NULL;
}

static void stop(struct block *b)
{
	struct block_request *r;

	b->sectors = 0; /* so that nothing is submitted meanwhile */
	while ((r = take(of(b))) != NULL)
		r->done(r, ERR_CLOSED);
}

static enum err submit(struct block *b, struct block_request *r)
{
	list_push_back(&of(b)->queue, &r->node);
	waker_wake(&b->waker);
	return OK;
}

static void move(struct ram_disk *d, const struct block_request *r)
{
	uint8_t *at = d->bytes + r->sector * SECTOR_BYTES;
	uint32_t run;

	for (uint32_t i = 0; i < r->count; i += run, at += (size_t)run * SECTOR_BYTES) {
		uint8_t *memory = block_request_memory(r, SECTOR_BYTES, i, &run);
		size_t len = (size_t)run * SECTOR_BYTES;

		if (r->op == BLOCK_READ)
			memcpy(memory, at, len);
		else
			memcpy(at, memory, len);
	}
}

static void perform(struct ram_disk *d, const struct block_request *r)
{
	if (block_is_transfer(r))
		move(d, r);
	else if (r->op != BLOCK_FLUSH)
		memset(d->bytes + r->sector * SECTOR_BYTES, 0, (size_t)r->count * SECTOR_BYTES);
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	struct ram_disk *d = of(b);
	struct block_request *r;

	for (unsigned i = 0; i < BATCH_MAX && (r = take(d)) != NULL; i++) {
		perform(d, r);
		r->done(r, OK);
	}
	return list_empty(&d->queue) ? UINT64_MAX : now_us; /* others first */
}

struct block *ram_disk_init(struct ram_disk *d, void *bytes, size_t len, const char *name)
{
	static const struct block_ops ops = {
		.start = start, .stop = stop, .submit = submit, .poll = poll};

	*d = (struct ram_disk){
		.block = {.ops = &ops,
			  .name = name,
			  .sector_bytes = SECTOR_BYTES,
			  .limits = {.discard_max = UINT32_MAX,
				     .zero_max = UINT32_MAX,
				     .any_memory = true}},
		.bytes = bytes,
		.sectors = len / SECTOR_BYTES,
	};
	list_init(&d->queue);
	return &d->block;
}
