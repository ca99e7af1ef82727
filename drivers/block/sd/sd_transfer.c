/* SPDX-License-Identifier: ISC */
/*
 * The queue of requests, as a state machine of one step a command:
 *
 *   SD_SET_COUNT  CMD23, if the card has it: then the transfer ends by itself
 *   SD_MOVE       the data
 *   SD_STOP       CMD12, if there was no CMD23 or the transfer has failed
 *   SD_STATUS     CMD13, after a write until the card has stored it, and after each failure
 *   SD_PAUSE      between two questions to a card that is busy
 */
#define LOG_MODULE "sd"
#include "drivers/block/sd/sd_internal.h"

#include "base/log.h"

enum {
	COMMAND_US = 200 * US_PER_MS,
	MOVE_US = 2 * US_PER_S, /* a piece: the slowest card writes 128 KiB in a fraction of it */
	BUSY_US = 1 * US_PER_S, /* twice what a card may take (section 4.6.2.2) */
	PAUSE_US = 500,
	TRIES_MAX = 3,
	UNANSWERED_MAX = 3,
	PIECE_MAX = 256, /* sectors: 128 KiB */
	BATCH_MAX = 16,  /* commands of one poll */
};

/* What an R1 says: OK, or an error that tells the two kinds of refusal apart. */
static enum err status_error(uint32_t status)
{
	if ((status & SD_STATUS_ERRORS) == 0)
		return OK;
	return (status & SD_STATUS_PROTECTED) != 0 ? ERR_READONLY : ERR_RANGE;
}

static struct block_request *current(struct sd_card *c)
{
	return list_entry(c->queue.next, struct block_request, node);
}

static void end_request(struct sd_card *c, enum err result)
{
	struct block_request *r = current(c);

	c->step = SD_IDLE;
	list_remove(&r->node);
	r->done(r, result);
}

void sd_transfer_end_all(struct sd_card *c, enum err result)
{
	struct list ended;

	/* A callback may submit again, which then is refused, or ends by another round. */
	list_take(&ended, &c->queue);
	while (!list_empty(&ended)) {
		struct block_request *r =
			list_entry(list_pop_front(&ended), struct block_request, node);

		r->done(r, result);
	}
}

static void begin(struct sd_card *c, enum sd_step step, uint64_t deadline_us)
{
	c->step = (uint8_t)step;
	c->deadline_us = deadline_us;
	sd_host_begin(c->host, &c->command);
}

static void begin_stop(struct sd_card *c, uint64_t now_us)
{
	sd_command_set(c, SD_STOP_TRANSMISSION, 0, SD_R1B);
	begin(c, SD_STOP, now_us + BUSY_US);
}

static void begin_status(struct sd_card *c, uint64_t now_us)
{
	sd_command_set(c, SD_SEND_STATUS, (uint32_t)c->address << 16, SD_R1);
	begin(c, SD_STATUS, now_us + COMMAND_US);
}

static void begin_move(struct sd_card *c, uint64_t now_us)
{
	static const uint8_t indices[2][2] = {{SD_READ_SINGLE, SD_READ_MULTIPLE},
					      {SD_WRITE_SINGLE, SD_WRITE_MULTIPLE}};
	const struct block_request *r = current(c);
	bool writes = r->op == BLOCK_WRITE;
	uint32_t run;
	uint64_t sector = r->sector + c->done;
	uint64_t argument = c->is_block_based ? sector : sector * SD_SECTOR_BYTES;

	sd_command_set(c, indices[writes][c->piece > 1], (uint32_t)argument, SD_R1);
	c->command.writes = writes;
	c->command.data = block_request_memory(r, SD_SECTOR_BYTES, c->done, &run);
	c->command.blocks = c->piece;
	c->command.block_bytes = SD_SECTOR_BYTES;
	begin(c, SD_MOVE, now_us + MOVE_US);
}

/* The next piece of the request, or again the one that failed. */
static void begin_piece(struct sd_card *c, uint64_t now_us)
{
	const struct block_request *r = current(c);
	uint32_t run;

	(void)block_request_memory(r, SD_SECTOR_BYTES, c->done, &run);
	c->piece = MIN(run, MIN(PIECE_MAX, c->host->blocks_max));
	c->failed = OK;
	c->unanswered = 0;
	if (c->piece > 1 && c->has_set_count) {
		sd_command_set(c, SD_SET_BLOCK_COUNT, c->piece, SD_R1);
		begin(c, SD_SET_COUNT, now_us + COMMAND_US);
	} else {
		begin_move(c, now_us);
	}
}

static void begin_request(struct sd_card *c, uint64_t now_us)
{
	const struct block_request *r = current(c);

	c->done = 0;
	c->tries = 0;
	if (r->op == BLOCK_FLUSH || r->count == 0)
		end_request(c, OK);
	else
		begin_piece(c, now_us);
}

static void piece_done(struct sd_card *c, uint64_t now_us)
{
	const struct block_request *r = current(c);

	if (r->op == BLOCK_WRITE)
		c->stats.sectors_written += c->piece;
	else
		c->stats.sectors_read += c->piece;
	c->done += c->piece;
	c->tries = 0;
	if (c->done == r->count)
		end_request(c, OK);
	else
		begin_piece(c, now_us);
}

static void count_failure(struct sd_card *c, enum err e)
{
	if (e == ERR_TIMEOUT)
		c->stats.silent++;
	else if (e == ERR_IO)
		c->stats.damaged++;
	else
		c->stats.refused++;
}

/* The piece has failed: the card is told to stop, and then asked how it is. */
static void piece_failed(struct sd_card *c, uint64_t now_us, enum err e)
{
	count_failure(c, e);
	if (c->failed == OK)
		c->failed = e;
	c->busy_until_us = now_us + BUSY_US;
	begin_stop(c, now_us);
}

static void card_gone(struct sd_card *c)
{
	log_warn("%s: the card is gone, or does not answer any more", c->block.name);
	c->step = SD_IDLE;
	c->present = false;
	c->block.sectors = 0;
	sd_transfer_end_all(c, ERR_NODEV);
}

/* The card is ready again after a failure. */
static void try_again(struct sd_card *c, uint64_t now_us)
{
	const struct block_request *r = current(c);

	if (++c->tries < TRIES_MAX && c->failed != ERR_READONLY) {
		c->stats.tried_again++;
		begin_piece(c, now_us);
		return;
	}
	if (c->stats.given_up++ == 0)
		log_warn("%s: %s %u sectors at %llu failed: %s", c->block.name,
			 r->op == BLOCK_WRITE ? "writing" : "reading", (unsigned)c->piece,
			 (unsigned long long)(r->sector + c->done), err_str(c->failed));
	end_request(c, c->failed == ERR_READONLY ? ERR_READONLY : ERR_IO);
}

static void moved(struct sd_card *c, uint64_t now_us, enum err e)
{
	bool writes = current(c)->op == BLOCK_WRITE;

	/* What was refused is not followed by data: the refusal says more than their absence. */
	if (status_error(c->command.answer[0]) != OK)
		e = status_error(c->command.answer[0]);
	if (e != OK) {
		piece_failed(c, now_us, e);
		return;
	}
	c->busy_until_us = now_us + BUSY_US;
	if (c->piece > 1 && !c->has_set_count)
		begin_stop(c, now_us);
	else if (writes)
		begin_status(c, now_us);
	else
		piece_done(c, now_us);
}

static void stopped(struct sd_card *c, uint64_t now_us, enum err e)
{
	uint32_t status = c->command.answer[0];

	/* After the last sector a card may call what it would have read next out of range (section
	 * 4.10.1), and to one that has stopped already the command means nothing. */
	if (current(c)->op == BLOCK_READ)
		status &= ~SD_STATUS_OUT_OF_RANGE;
	if (c->failed == OK) {
		if (e == OK)
			e = status_error(status);
		if (e != OK) {
			count_failure(c, e);
			c->failed = e;
		} else if (current(c)->op == BLOCK_READ) {
			piece_done(c, now_us);
			return;
		}
	}
	begin_status(c, now_us);
}

static void answered(struct sd_card *c, uint64_t now_us)
{
	uint32_t status = c->command.answer[0];

	c->unanswered = 0;
	/* After a failure its errors stand in here once more, and are cleared by that. */
	if (c->failed == OK) {
		c->failed = status_error(status);
		if (c->failed != OK)
			count_failure(c, c->failed);
	}
	if (sd_state(status) == SD_STATE_TRANSFER && (status & SD_STATUS_READY) != 0) {
		if (c->failed == OK)
			piece_done(c, now_us);
		else
			try_again(c, now_us);
	} else if (sd_state(status) <= SD_STATE_STANDBY || now_us >= c->busy_until_us) {
		card_gone(c); /* another one, or one that has lost its power; or it hangs */
	} else {
		c->step = SD_PAUSE;
		c->pause_until_us = now_us + PAUSE_US;
	}
}

static void ended(struct sd_card *c, uint64_t now_us, enum err e)
{
	switch ((enum sd_step)c->step) {
	case SD_SET_COUNT:
		if (e == OK)
			e = status_error(c->command.answer[0]);
		if (e == OK)
			begin_move(c, now_us);
		else
			piece_failed(c, now_us, e);
		break;
	case SD_MOVE:
		moved(c, now_us, e);
		break;
	case SD_STOP:
		stopped(c, now_us, e);
		break;
	case SD_STATUS:
		if (e == OK)
			answered(c, now_us);
		else if (++c->unanswered < UNANSWERED_MAX && sd_host_has_card(c->host))
			begin_status(c, now_us);
		else
			card_gone(c);
		break;
	case SD_IDLE:
	case SD_PAUSE:
		break;
	}
}

/* The answer to a command is there before its data, which then never come. */
static bool is_refused(const struct sd_card *c)
{
	return c->step == SD_MOVE && status_error(c->command.answer[0]) != OK;
}

/* Whether there is more to do now; else `*due_us` is when. */
static bool go_on(struct sd_card *c, uint64_t now_us, uint64_t *due_us)
{
	enum err e;

	*due_us = TIME_NEVER;
	if (c->step == SD_IDLE) {
		if (list_empty(&c->queue))
			return false;
		begin_request(c, now_us);
		return true;
	}
	if (c->step == SD_PAUSE) {
		*due_us = c->pause_until_us;
		if (now_us < c->pause_until_us)
			return false;
		begin_status(c, now_us);
		return true;
	}
	e = sd_host_poll(c->host);
	if (e == ERR_AGAIN && now_us < c->deadline_us && !is_refused(c)) {
		*due_us = c->deadline_us;
		if (c->host->poll_us != 0)
			*due_us = time_earlier(*due_us, now_us + c->host->poll_us);
		return false;
	}
	if (e == ERR_AGAIN) {
		sd_host_cancel(c->host);
		e = ERR_TIMEOUT;
	}
	ended(c, now_us, e);
	return true;
}

uint64_t sd_transfer_poll(struct sd_card *c, uint64_t now_us)
{
	uint64_t due_us;

	for (unsigned i = 0; i < BATCH_MAX; i++) {
		if (!go_on(c, now_us, &due_us))
			return due_us;
	}
	return now_us; /* others first */
}
