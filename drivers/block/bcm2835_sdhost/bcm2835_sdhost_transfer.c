/* SPDX-License-Identifier: ISC */
/* A command and its data. */
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost_internal.h"

#include "arch/barrier.h"

enum {
	BATCH_WORDS = 64 * 128, /* of one poll: 32 KiB */
	GAP_US = 20,            /* that poll waits for the next words, or for a command to end */
	DMA_REQUEST = 13,       /* the controller's number at the DMA controller */
	DMA_LEAVES = 3,         /* words; see dma_words() */
};

#define ERRORS                                                                                     \
	(SDHOST_STATUS_SILENT | SDHOST_STATUS_CRC16 | SDHOST_STATUS_CRC7 | SDHOST_STATUS_FIFO)

static uint32_t command_word(const struct sd_command *c)
{
	uint32_t word = SDHOST_COMMAND_NEW | c->index;

	if (c->response == SD_NO_RESPONSE)
		word |= SDHOST_COMMAND_NO_ANSWER;
	if (c->response == SD_R2)
		word |= SDHOST_COMMAND_LONG;
	if (c->response == SD_R1B)
		word |= SDHOST_COMMAND_BUSY;
	if (c->data != NULL)
		word |= c->writes ? SDHOST_COMMAND_WRITES : SDHOST_COMMAND_READS;
	return word;
}

/* What is half done is forgotten; the clock, the power and the width stay. */
static void reset_data(struct bcm2835_sdhost *s)
{
	if (s->phase == SDHOST_DMA)
		bcm2835_dma_stop(s->config.dma);
	s->phase = SDHOST_WAITS;
	sdhost_write(s, SDHOST_CONFIG, s->mode);
	sdhost_write(s, SDHOST_COMMAND, 0);
	sdhost_write(s, SDHOST_BLOCKS, 0);
	sdhost_write(s, SDHOST_DEBUG, sdhost_read(s, SDHOST_DEBUG) | SDHOST_DEBUG_FORCE_DATA);
	for (unsigned i = 0; i < SDHOST_FIFO_WORDS; i++) {
		if ((sdhost_read(s, SDHOST_DEBUG) >> SDHOST_DEBUG_WORDS_SHIFT &
		     SDHOST_DEBUG_WORDS) == 0)
			break;
		(void)sdhost_read(s, SDHOST_DATA);
	}
	sdhost_write(s, SDHOST_STATUS, SDHOST_STATUS_ALL);
}

/*
 * How much of a command's data the DMA controller moves: more than a block, but for the last words
 * of several blocks that are read, which the device does not ask it for (as Linux has found).
 */
static uint32_t dma_words(const struct bcm2835_sdhost *s)
{
	if (s->config.dma == NULL || s->command->blocks < 2 || s->words_left <= DMA_LEAVES)
		return 0;
	return s->command->writes ? s->words_left : s->words_left - DMA_LEAVES;
}

void bcm2835_sdhost_begin(struct sd_host *h, struct sd_command *c)
{
	struct bcm2835_sdhost *s = sdhost_of(h);

	if ((sdhost_read(s, SDHOST_COMMAND) & SDHOST_COMMAND_NEW) != 0)
		reset_data(s);
	s->command = c;
	s->phase = SDHOST_COMMANDS;
	s->seen = 0;
	s->words_left = 0;
	s->dma_words = 0;
	sdhost_write(s, SDHOST_STATUS, SDHOST_STATUS_ALL);
	if (c->data != NULL) {
		s->next = (uint32_t *)(void *)c->data;
		s->words_left = c->blocks * (c->block_bytes / (uint32_t)sizeof(uint32_t));
		s->dma_words = dma_words(s);
		sdhost_write(s, SDHOST_BLOCK_BYTES, c->block_bytes);
		sdhost_write(s, SDHOST_BLOCKS, c->blocks);
	}
	if (c->response == SD_R1B)
		sdhost_write(s, SDHOST_CONFIG, s->mode | SDHOST_CONFIG_BUSY_END);
	sdhost_write(s, SDHOST_ARGUMENT, c->argument);
	sdhost_write(s, SDHOST_COMMAND, command_word(c));
}

static uint32_t status(const struct bcm2835_sdhost *s)
{
	return s->seen | sdhost_read(s, SDHOST_STATUS);
}

static enum err error_of(const struct bcm2835_sdhost *s, uint32_t what)
{
	if (s->command->response == SD_R3)
		what &= ~SDHOST_STATUS_CRC7; /* it has none */
	if ((what & SDHOST_STATUS_SILENT) != 0)
		return ERR_TIMEOUT;
	return (what & ERRORS) != 0 ? ERR_IO : OK;
}

/* Waits a few microseconds for bits of a register to be clear: true if they are. */
static bool soon_clear(const struct bcm2835_sdhost *s, uint32_t offset, uint32_t bits)
{
	uint64_t end = timer_now_us(s->host.timer) + GAP_US;

	while ((sdhost_read(s, offset) & bits) != 0) {
		if (timer_now_us(s->host.timer) >= end)
			return false;
		cpu_relax();
	}
	return true;
}

static void begin_dma(struct bcm2835_sdhost *s)
{
	const struct bcm2835_dma_device device = {
		.bus_address = s->config.bus_address + SDHOST_DATA, .request = DMA_REQUEST};
	size_t bytes = s->dma_words * sizeof(uint32_t);

	s->phase = SDHOST_DMA;
	if (s->command->writes)
		bcm2835_dma_write(s->config.dma, &device, s->next, bytes);
	else
		bcm2835_dma_read(s->config.dma, &device, s->next, bytes);
}

static enum err command_ended(struct bcm2835_sdhost *s)
{
	struct sd_command *c = s->command;
	uint32_t word = sdhost_read(s, SDHOST_COMMAND);
	enum err e = error_of(s, status(s));

	/* The flag says that something is wrong, the status what; R3 always has a wrong checksum.
	 */
	if (e == OK && (word & SDHOST_COMMAND_FAILED) != 0 && c->response != SD_R3)
		e = ERR_IO;
	if (e != OK)
		return e;
	if (c->response == SD_R2) {
		for (unsigned i = 0; i < 4; i++)
			c->answer[3 - i] = sdhost_read(s, SDHOST_ANSWER + 4 * i);
	} else {
		c->answer[0] = sdhost_read(s, SDHOST_ANSWER);
	}
	if (s->dma_words > 0)
		begin_dma(s);
	else
		s->phase = c->data != NULL ? SDHOST_MOVES : SDHOST_WAITS;
	return OK;
}

static enum err moved_by_dma(struct bcm2835_sdhost *s)
{
	enum err e = error_of(s, status(s));

	if (e == OK)
		e = bcm2835_dma_poll(s->config.dma);
	if (e != OK)
		return e;
	s->next += s->dma_words;
	s->words_left -= s->dma_words;
	s->phase = SDHOST_MOVES;
	return OK;
}

/* How many words can be moved now; waits for them a few microseconds. */
static uint32_t words_ready(const struct bcm2835_sdhost *s)
{
	uint64_t end = timer_now_us(s->host.timer) + GAP_US;

	for (;;) {
		uint32_t debug = sdhost_read(s, SDHOST_DEBUG);
		uint32_t words = debug >> SDHOST_DEBUG_WORDS_SHIFT & SDHOST_DEBUG_WORDS;

		words = MIN(words, (uint32_t)SDHOST_FIFO_WORDS);
		if (s->command->writes)
			words = SDHOST_FIFO_WORDS - words;
		if (words > 0 || error_of(s, status(s)) != OK)
			return MIN(words, s->words_left);
		if (timer_now_us(s->host.timer) >= end)
			return 0;
		cpu_relax();
	}
}

/* ERR_AGAIN: none are ready, or it was a batch, then it wakes. */
static enum err move(struct bcm2835_sdhost *s)
{
	for (uint32_t moved = 0; s->words_left > 0;) {
		uint32_t words = words_ready(s);
		enum err e = error_of(s, status(s));

		if (e != OK)
			return e;
		if (words == 0)
			return ERR_AGAIN;
		if (moved >= BATCH_WORDS) {
			waker_wake(&s->host.waker);
			return ERR_AGAIN;
		}
		moved += words;
		s->words_left -= words;
		for (; words > 0; words--, s->next++) {
			if (s->command->writes)
				sdhost_write(s, SDHOST_DATA, *s->next);
			else
				*s->next = sdhost_read(s, SDHOST_DATA);
		}
	}
	s->phase = SDHOST_SETTLES;
	return OK;
}

/* The last checksum. The device may stay in a state that means that it wants another block. */
static enum err settle(struct bcm2835_sdhost *s)
{
	uint32_t debug = sdhost_read(s, SDHOST_DEBUG), state = debug & SDHOST_DEBUG_STATE;
	uint32_t resting = s->command->writes ? SDHOST_STATE_WRITE_START : SDHOST_STATE_READ_WAIT;
	enum err e = error_of(s, status(s));

	if (e != OK)
		return e;
	if (state == resting)
		sdhost_write(s, SDHOST_DEBUG, debug | SDHOST_DEBUG_FORCE_DATA);
	else if (state != SDHOST_STATE_IDENTIFY && state != SDHOST_STATE_DATA)
		return ERR_AGAIN;
	s->phase = SDHOST_WAITS;
	return OK;
}

static enum err advance(struct bcm2835_sdhost *s)
{
	enum err e = OK;

	if (s->phase == SDHOST_COMMANDS) {
		if (!soon_clear(s, SDHOST_COMMAND, SDHOST_COMMAND_NEW))
			return ERR_AGAIN;
		e = command_ended(s);
	}
	if (e == OK && s->phase == SDHOST_DMA)
		e = moved_by_dma(s);
	if (e == OK && s->phase == SDHOST_MOVES)
		e = move(s);
	if (e == OK && s->phase == SDHOST_SETTLES)
		e = settle(s);
	if (e != OK || s->command->response != SD_R1B)
		return e;
	return (status(s) & SDHOST_STATUS_BUSY_END) != 0 ? OK : ERR_AGAIN;
}

static uint32_t reasons(const struct bcm2835_sdhost *s)
{
	if (s->command->response == SD_R1B)
		return SDHOST_CONFIG_BUSY_END;
	return s->phase == SDHOST_MOVES ? SDHOST_CONFIG_DATA | SDHOST_CONFIG_BLOCK : 0;
}

enum err bcm2835_sdhost_poll(struct sd_host *h)
{
	struct bcm2835_sdhost *s = sdhost_of(h);
	enum err e;

	if (s->command == NULL)
		return ERR_IO;
	e = advance(s);
	if (e == ERR_AGAIN) {
		/* What comes before this is seen by the poll after it at the latest. */
		sdhost_write(s, SDHOST_CONFIG, s->mode | reasons(s));
		return e;
	}
	s->command = NULL;
	if (e != OK)
		reset_data(s);
	else
		sdhost_write(s, SDHOST_CONFIG, s->mode);
	return e;
}

void bcm2835_sdhost_cancel(struct sd_host *h)
{
	struct bcm2835_sdhost *s = sdhost_of(h);

	if (s->command == NULL)
		return;
	s->command = NULL;
	reset_data(s);
}
