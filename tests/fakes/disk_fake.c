/* SPDX-License-Identifier: ISC */
#include "tests/fakes/disk_fake.h"

#include <string.h>

static enum err start(struct block *b)
{
	(void)b;
	return OK;
}

static void stop(struct block *b)
{
	(void)b;
}

static enum err submit(struct block *b, struct block_request *r)
{
	struct disk_fake *d = container_of(b, struct disk_fake, block);

	d->requests++;
	list_push_front(&d->queue, &r->node);
	waker_wake(&b->waker);
	return OK;
}

static enum err move(struct disk_fake *d, struct block_request *r)
{
	uint8_t *at = d->bytes + r->sector * d->block.sector_bytes;
	size_t len = (size_t)r->count * d->block.sector_bytes;

	if (r->op == BLOCK_FLUSH)
		return OK;
	if (d->bad_sector != 0 && d->bad_sector >= r->sector &&
	    d->bad_sector < r->sector + r->count)
		return ERR_IO;
	memcpy(r->op == BLOCK_READ ? r->memory : at, r->op == BLOCK_READ ? at : r->memory, len);
	return OK;
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	struct disk_fake *d = container_of(b, struct disk_fake, block);
	struct list *node = list_pop_front(&d->queue);

	(void)now_us;
	if (node != NULL) {
		struct block_request *r = list_entry(node, struct block_request, node);

		r->done(r, move(d, r));
	}
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
	};
	list_init(&d->queue);
}
