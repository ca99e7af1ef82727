/* SPDX-License-Identifier: ISC */
/* A command and its data. */
#include "arch/barrier.h"
#include "drivers/block/pl181/pl181_internal.h"

static uint32_t command_word(const struct sd_command *c)
{
	uint32_t word = MCI_COMMAND_ENABLE | c->index;

	if (c->response != SD_NO_RESPONSE)
		word |= MCI_COMMAND_RESPONSE;
	if (c->response == SD_R2)
		word |= MCI_COMMAND_LONG_RSP;
	return word;
}

/*
 * What is half done is forgotten; the clock, the power and the width stay. The words that are in
 * the FIFO of an emulated controller would be the next command's.
 */
static void reset_data(const struct pl181 *s)
{
	pl181_write(s, MCI_COMMAND, 0);
	pl181_write(s, MCI_DATA_CTRL, 0);
	for (uint32_t i = 0; i < s->fifo_words; i++)
		(void)pl181_read(s, MCI_FIFO);
	pl181_write(s, MCI_CLEAR, MCI_STATUS_STATIC);
}

static void begin_data(const struct pl181 *s)
{
	const struct sd_command *c = s->command;
	uint32_t log = 31 - (uint32_t)__builtin_clz(c->block_bytes);

	pl181_write(s, MCI_DATA_CTRL,
		    MCI_DATA_CTRL_ENABLE | (c->writes ? 0 : MCI_DATA_CTRL_FROM_CARD) |
			    log << MCI_DATA_CTRL_BLOCK_SHIFT);
}

void pl181_begin(struct sd_host *h, struct sd_command *c)
{
	struct pl181 *s = pl181_of(h);

	s->command = c;
	s->moves = false;
	s->result = ERR_AGAIN;
	s->words_left = 0;
	pl181_write(s, MCI_CLEAR, MCI_STATUS_STATIC);
	if (c->data != NULL) {
		s->next = (uint32_t *)(void *)c->data;
		s->words_left = c->blocks * (c->block_bytes / (uint32_t)sizeof(uint32_t));
		pl181_write(s, MCI_DATA_TIMER, s->hz); /* a second */
		pl181_write(s, MCI_DATA_LENGTH, c->blocks * c->block_bytes);
		/* A card may send before its answer is over. */
		if (!c->writes)
			begin_data(s);
	}
	pl181_write(s, MCI_ARGUMENT, c->argument);
	pl181_write(s, MCI_COMMAND, command_word(c));
}

static enum err command_error(const struct pl181 *s, uint32_t status)
{
	if ((status & MCI_STATUS_CMD_TIME_OUT) != 0)
		return ERR_TIMEOUT;
	/* R3 has no checksum. */
	return (status & MCI_STATUS_CMD_CRC_FAIL) != 0 && s->command->response != SD_R3 ? ERR_IO
											: OK;
}

static enum err data_error(uint32_t status)
{
	if ((status & MCI_STATUS_DATA_TIME_OUT) != 0)
		return ERR_TIMEOUT;
	return (status & MCI_STATUS_DATA_ERRORS) != 0 ? ERR_IO : OK;
}

static void take_answer(const struct pl181 *s)
{
	struct sd_command *c = s->command;
	unsigned words = c->response == SD_R2 ? 4 : 1;

	for (unsigned i = 0; i < words; i++)
		c->answer[i] = pl181_read(s, MCI_RESPONSE0 + 4 * i);
}

static enum err end_of_command(struct pl181 *s)
{
	uint32_t status = pl181_read(s, MCI_STATUS);
	enum err e = command_error(s, status);

	if ((status & MCI_STATUS_CMD_ENDS) == 0)
		return ERR_AGAIN;
	if (e != OK)
		return e;
	take_answer(s);
	s->moves = s->command->data != NULL;
	if (!s->moves || !s->command->writes) {
		pl181_write(s, MCI_CLEAR, MCI_STATUS_CMD_ENDS);
		return OK;
	}
	/* After a command QEMU says that data have ended, whether there are any or not. */
	pl181_write(s, MCI_CLEAR, MCI_STATUS_STATIC);
	begin_data(s);
	return OK;
}

static uint32_t words_ready(const struct pl181 *s, uint32_t status)
{
	uint32_t half = MIN(s->fifo_words / 2, s->words_left);

	if (s->command->writes)
		return (status & MCI_STATUS_TX_FIFO_HALF_EMPTY) != 0 ? half : 0;
	if ((status & MCI_STATUS_RX_FIFO_HALF_FULL) != 0)
		return half;
	return (status & MCI_STATUS_RX_DATA_AVLBL) != 0 ? 1 : 0;
}

/* Follows the FIFO until it has no more, or takes no more: then ERR_AGAIN. */
static enum err move(struct pl181 *s)
{
	while (s->words_left > 0) {
		uint32_t status = pl181_read(s, MCI_STATUS);
		uint32_t words = words_ready(s, status);
		enum err e = data_error(status);

		if (e != OK)
			return e;
		if (words == 0)
			return ERR_AGAIN;
		s->words_left -= words;
		for (; words > 0; words--, s->next++) {
			if (s->command->writes)
				pl181_write(s, MCI_FIFO, *s->next);
			else
				*s->next = pl181_read(s, MCI_FIFO);
		}
	}
	return OK;
}

static enum err end_of_data(const struct pl181 *s)
{
	uint32_t status = pl181_read(s, MCI_STATUS);
	enum err e = data_error(status);

	if (e != OK)
		return e;
	return (status & MCI_STATUS_DATA_END) != 0 ? OK : ERR_AGAIN;
}

/* Goes on as far as it can be gone: how the command has ended, or ERR_AGAIN. */
static enum err advance(struct pl181 *s)
{
	enum err e = OK;

	if (!s->moves)
		e = end_of_command(s);
	if (e != OK || !s->moves)
		return e;
	e = move(s);
	return e == OK ? end_of_data(s) : e;
}

/* What is waited for. */
static uint32_t reasons(const struct pl181 *s)
{
	if (!s->moves)
		return MCI_STATUS_CMD_ENDS;
	if (s->words_left == 0)
		return MCI_STATUS_DATA_ERRORS | MCI_STATUS_DATA_END;
	if (s->command->writes)
		return MCI_STATUS_DATA_ERRORS | MCI_STATUS_TX_FIFO_HALF_EMPTY;
	return MCI_STATUS_DATA_ERRORS |
	       (s->words_left >= s->fifo_words / 2 ? MCI_STATUS_RX_FIFO_HALF_FULL
						   : MCI_STATUS_RX_DATA_AVLBL);
}

static void arm(struct pl181 *s)
{
	compiler_barrier(); /* the command's state is stored before the handler may be called */
	s->armed = true;
	pl181_write(s, MCI_MASK0, reasons(s));
}

static void disarm(struct pl181 *s)
{
	s->armed = false;
	pl181_write(s, MCI_MASK0, 0);
	compiler_barrier(); /* what the handler has changed is loaded after it was called last */
}

void pl181_interrupt(void *arg)
{
	struct pl181 *s = arg;

	/* One that was on its way when it was disarmed. */
	if (!s->armed) {
		pl181_write(s, MCI_MASK0, 0);
		return;
	}
	s->result = advance(s);
	if (s->result == ERR_AGAIN) {
		pl181_write(s, MCI_MASK0, reasons(s));
		return;
	}
	disarm(s);
	waker_wake(&s->host.waker);
}

static void end(struct pl181 *s)
{
	if (s->result != OK)
		reset_data(s);
	else if (s->command->data != NULL)
		pl181_write(s, MCI_DATA_CTRL, 0);
	s->command = NULL;
}

enum err pl181_poll(struct sd_host *h)
{
	struct pl181 *s = pl181_of(h);

	if (s->command == NULL)
		return ERR_IO;
	disarm(s);
	if (s->result == ERR_AGAIN)
		s->result = advance(s);
	if (s->result == ERR_AGAIN) {
		arm(s);
		return ERR_AGAIN;
	}
	end(s);
	return s->result;
}

void pl181_cancel(struct sd_host *h)
{
	struct pl181 *s = pl181_of(h);

	if (s->command == NULL)
		return;
	disarm(s);
	s->result = ERR_CLOSED;
	end(s);
}
