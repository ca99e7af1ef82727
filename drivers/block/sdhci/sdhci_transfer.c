/* SPDX-License-Identifier: ISC */
/* A command and its data (SD Host Controller Simplified Specification, sections 3.7.1 and 3.7.2).
 */
#include "drivers/block/sdhci/sdhci_internal.h"

#include "base/bytes.h"

/* Of one poll: 32 KiB, after which others have their turn. */
enum { BATCH_BLOCKS = 64 };

static const uint32_t answers[] = {
	[SD_NO_RESPONSE] = SDHCI_RESPONSE_NONE,
	[SD_R1] = SDHCI_RESPONSE_48 | SDHCI_CHECK_CRC | SDHCI_CHECK_INDEX,
	[SD_R1B] = SDHCI_RESPONSE_48_BUSY | SDHCI_CHECK_CRC | SDHCI_CHECK_INDEX,
	[SD_R2] = SDHCI_RESPONSE_136 | SDHCI_CHECK_CRC,
	[SD_R3] = SDHCI_RESPONSE_48,
};

static uint32_t mode(const struct sd_command *c)
{
	uint32_t m = SDHCI_HAS_DATA;

	if (!c->writes)
		m |= SDHCI_MODE_READS;
	if (c->blocks > 1)
		m |= SDHCI_MODE_MANY | SDHCI_MODE_COUNTS;
	return m;
}

static void end(struct sdhci *s)
{
	s->command = NULL;
	if (s->armed) {
		sdhci_write(s, SDHCI_SIGNAL_ENABLE, 0);
		s->armed = false;
	}
}

/* What is half done is forgotten; the clock, the power and the width stay. */
static void reset_lines(struct sdhci *s)
{
	/* One that does not come back from it says so by the timeout of the next command. */
	if (sdhci_reset(s, SDHCI_RESET_COMMAND) == OK)
		sdhci_reset(s, SDHCI_RESET_DATA);
	sdhci_write(s, SDHCI_STATUS, UINT32_MAX);
}

void sdhci_begin(struct sd_host *h, struct sd_command *c)
{
	struct sdhci *s = sdhci_of(h);
	uint32_t word = (uint32_t)c->index << SDHCI_INDEX_SHIFT | answers[c->response];

	if ((sdhci_read(s, SDHCI_STATE) & (SDHCI_STATE_COMMAND_BUSY | SDHCI_STATE_DATA_BUSY)) != 0)
		reset_lines(s);
	s->command = c;
	s->waits_for = SDHCI_COMMAND_DONE;
	s->blocks_left = 0;
	if (c->data != NULL) {
		s->blocks_left = c->blocks;
		s->next = c->data;
		word |= mode(c);
		sdhci_write(s, SDHCI_BLOCK, c->blocks << SDHCI_BLOCK_COUNT_SHIFT | c->block_bytes);
	}
	if (c->data != NULL || c->response == SD_R1B)
		s->waits_for |= SDHCI_TRANSFER_DONE;
	sdhci_write(s, SDHCI_STATUS, UINT32_MAX);
	sdhci_write(s, SDHCI_ARGUMENT, c->argument);
	sdhci_write(s, SDHCI_COMMAND, word);
}

/* The controller has left out the last eight bits of an R2, the checksum. */
static void take_answer(struct sdhci *s)
{
	struct sd_command *c = s->command;
	uint32_t word[4] = {0};

	for (unsigned i = 0; i < (c->response == SD_R2 ? 4u : 1u); i++)
		word[i] = sdhci_read(s, SDHCI_RESPONSE + 4 * i);
	if (c->response != SD_R2) {
		c->answer[0] = word[0];
		return;
	}
	for (unsigned i = 0; i < 4; i++)
		c->answer[3 - i] = word[i] << 8 | (i > 0 ? word[i - 1] >> 24 : 0);
}

static void move_block(struct sdhci *s)
{
	const uintptr_t buffer = s->config.base + SDHCI_BUFFER;
	uint8_t *end = s->next + s->command->block_bytes;

	/* The buffer takes a word with every clock of the bus: no gaps. */
	for (; s->next < end; s->next += sizeof(uint32_t)) {
		if (s->command->writes)
			mmio_write32(buffer, load_le32(s->next));
		else
			store_le32(s->next, mmio_read32(buffer));
	}
	s->blocks_left--;
}

/* Moves the blocks that the controller is ready for; false if there were more than a batch. */
static bool move_blocks(struct sdhci *s, uint32_t status)
{
	uint32_t ready = s->command->writes ? SDHCI_CAN_WRITE : SDHCI_CAN_READ;

	for (unsigned i = 0; i < BATCH_BLOCKS; i++) {
		if (s->blocks_left == 0 || (status & ready) == 0)
			return true;
		/* First this: when the block is moved it may be set for the next one. */
		sdhci_write(s, SDHCI_STATUS, ready);
		move_block(s);
		status = sdhci_read(s, SDHCI_STATUS);
	}
	return s->blocks_left == 0;
}

static enum err fail(struct sdhci *s, uint32_t status)
{
	end(s);
	reset_lines(s);
	return (status & SDHCI_SILENT) != 0 ? ERR_TIMEOUT : ERR_IO;
}

/* Looks at what has happened: OK when it was the last. */
static enum err advance(struct sdhci *s, bool *is_whole)
{
	uint32_t status = sdhci_read(s, SDHCI_STATUS), done;

	*is_whole = true;
	if ((status & SDHCI_ERRORS) != 0)
		return fail(s, status);
	done = status & s->waits_for & SDHCI_COMMAND_DONE;
	if (done != 0) {
		sdhci_write(s, SDHCI_STATUS, done);
		take_answer(s);
		s->waits_for &= ~done;
	}
	if ((s->waits_for & SDHCI_COMMAND_DONE) != 0)
		return ERR_AGAIN;
	if (s->blocks_left > 0) {
		*is_whole = move_blocks(s, status);
		status = sdhci_read(s, SDHCI_STATUS);
		if ((status & SDHCI_ERRORS) != 0)
			return fail(s, status);
	}
	if (s->blocks_left > 0) {
		/* Done with less than what was asked for, which no length excuses. */
		uint32_t ends = status & (SDHCI_TRANSFER_DONE | SDHCI_CAN_READ | SDHCI_CAN_WRITE);

		return ends == SDHCI_TRANSFER_DONE ? fail(s, 0) : ERR_AGAIN;
	}
	s->waits_for &= ~status;
	return s->waits_for == 0 ? OK : ERR_AGAIN;
}

enum err sdhci_poll(struct sd_host *h)
{
	struct sdhci *s = sdhci_of(h);
	bool is_whole;
	enum err e;

	if (s->command == NULL)
		return ERR_IO;
	e = advance(s, &is_whole);
	if (e == OK) {
		end(s);
	} else if (e == ERR_AGAIN && !is_whole) {
		waker_wake(&h->waker);
	} else if (e == ERR_AGAIN && !s->armed) {
		s->armed = true; /* before the interrupt that may come at once */
		sdhci_write(s, SDHCI_SIGNAL_ENABLE,
			    SDHCI_ERRORS | s->waits_for |
				    (s->blocks_left > 0 ? SDHCI_CAN_WRITE | SDHCI_CAN_READ : 0));
	}
	return e;
}

void sdhci_cancel(struct sd_host *h)
{
	struct sdhci *s = sdhci_of(h);

	if (s->command == NULL)
		return;
	end(s);
	reset_lines(s);
}
