/* SPDX-License-Identifier: ISC */
#include "tests/fakes/disk_fake.h"

#include <string.h>

static enum err start(struct block *b)
{
	b->sectors = container_of(b, struct disk_fake, block)->sectors;
	return OK;
}

static void stop(struct block *b)
{
	struct disk_fake *d = container_of(b, struct disk_fake, block);
	struct list *node;

	b->sectors = 0;
	while ((node = list_pop_front(&d->queue)) != NULL) {
		struct block_request *r = list_entry(node, struct block_request, node);

		r->done(r, ERR_CLOSED);
	}
}

static enum err submit(struct block *b, struct block_request *r)
{
	struct disk_fake *d = container_of(b, struct disk_fake, block);

	d->requests++;
	d->submitted = r;
	list_push_front(&d->queue, &r->node);
	waker_wake(&b->waker);
	return OK;
}

static enum err move(struct disk_fake *d, struct block_request *r)
{
	size_t sector_bytes = d->block.sector_bytes;
	uint8_t *at = d->bytes + r->sector * sector_bytes;
	uint32_t run;

	if (d->fail_next > 0) {
		d->fail_next--;
		return ERR_IO;
	}
	if (r->op == BLOCK_FLUSH)
		return OK;
	if (d->bad_sector != 0 && d->bad_sector >= r->sector &&
	    d->bad_sector < r->sector + r->count)
		return ERR_IO;
	if (!block_is_transfer(r)) {
		memset(at, r->op == BLOCK_ZERO ? 0 : 0xdd, r->count * sector_bytes);
		return OK;
	}
	for (uint32_t i = 0; i < r->count; i += run) {
		uint8_t *memory = block_request_memory(r, (uint32_t)sector_bytes, i, &run);
		bool in = r->op == BLOCK_READ;

		memcpy(in ? memory : at + i * sector_bytes, in ? at + i * sector_bytes : memory,
		       run * sector_bytes);
	}
	return OK;
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	struct disk_fake *d = container_of(b, struct disk_fake, block);
	struct list *node = d->silent ? NULL : list_pop_front(&d->queue);

	(void)now_us;
	if (node != NULL) {
		struct block_request *r = list_entry(node, struct block_request, node);

		r->done(r, move(d, r));
	}
	if (!list_empty(&d->queue) && !d->silent)
		waker_wake(&b->waker);
	return UINT64_MAX;
}

static const struct block_ops disk_fake_ops = {
	.start = start, .stop = stop, .submit = submit, .poll = poll};

void disk_fake_init(struct disk_fake *d, uint8_t *bytes, uint64_t sectors, uint32_t sector_bytes)
{
	*d = (struct disk_fake){
		.block = {.ops = &disk_fake_ops,
			  .name = "disk",
			  .sectors = sectors,
			  .sector_bytes = sector_bytes},
		.bytes = bytes,
		.sectors = sectors,
	};
	list_init(&d->queue);
}
