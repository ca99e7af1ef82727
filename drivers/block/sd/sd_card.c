/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "sd"
#include "drivers/block/sd/sd_internal.h"

#include "base/log.h"

static void forget(struct sd_card *c)
{
	c->step = SD_IDLE;
	c->present = false;
	c->block.sectors = 0;
	c->is_block_based = false;
	c->has_set_count = false;
	c->address = 0;
}

static void stop(struct block *b)
{
	struct sd_card *c = sd_card_of(b);

	sd_host_cancel(c->host);
	sd_host_stop(c->host);
	forget(c);
	sd_transfer_end_all(c, ERR_CLOSED);
}

static enum err start(struct block *b)
{
	struct sd_card *c = sd_card_of(b);
	enum err e;

	assert(list_empty(&c->queue));
	forget(c);
	c->host->waker = b->waker;
	e = sd_host_start(c->host);
	if (e != OK) {
		log_error("%s: the controller does not work: %s", b->name, err_str(e));
		stop(b);
		return e;
	}
	e = sd_identify(c);
	if (e != OK) {
		if (e == ERR_NODEV)
			log_warn("%s: there is no card", b->name);
		else
			log_error("%s: the card cannot be used: %s", b->name, err_str(e));
		stop(b);
		return e;
	}
	c->present = true;
	log_info("%s: %llu MiB%s", b->name, (unsigned long long)(b->sectors >> 11),
		 b->read_only ? ", protected against writing" : "");
	return OK;
}

static enum err submit(struct block *b, struct block_request *r)
{
	struct sd_card *c = sd_card_of(b);

	if (!c->present)
		return ERR_NODEV;
	list_push_back(&c->queue, &r->node);
	waker_wake(&b->waker);
	return OK;
}

static uint64_t poll(struct block *b, uint64_t now_us)
{
	return sd_transfer_poll(sd_card_of(b), now_us);
}

static const struct block_ops sd_card_ops = {
	.start = start, .stop = stop, .submit = submit, .poll = poll};

struct block *sd_card_init(struct sd_card *c, struct sd_host *host, const char *name)
{
	*c = (struct sd_card){
		.block = {.ops = &sd_card_ops, .name = name, .sector_bytes = SD_SECTOR_BYTES},
		.host = host,
	};
	list_init(&c->queue);
	return &c->block;
}
