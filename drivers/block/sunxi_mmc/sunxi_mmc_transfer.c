/* SPDX-License-Identifier: ISC */
/* A command and its data. */
#include <string.h>

#include "arch/barrier.h"
#include "base/assert.h"
#include "drivers/block/sunxi_mmc/sunxi_mmc_internal.h"

enum { GO_IDLE = 0, STOP_TRANSMISSION = 12 };

/* --- the memory of its data ------------------------------------------------------------------ */

static uint32_t data_bytes(const struct sd_command *c)
{
	return c->blocks * c->block_bytes;
}

/* What a card says of itself may be less than a cache line. */
static bool is_small(const struct sd_command *c)
{
	return data_bytes(c) < CACHE_LINE_BYTES;
}

static enum dma_direction direction(const struct sd_command *c)
{
	return c->writes ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
}

static uint8_t *dma_memory(struct sunxi_mmc *s)
{
	return is_small(s->command) ? s->line : s->command->data;
}

static uint32_t dma_bytes(const struct sunxi_mmc *s)
{
	return is_small(s->command) ? CACHE_LINE_BYTES : data_bytes(s->command);
}

/* The list of pieces that the memory is in for the controller. */
static void describe(struct sunxi_mmc *s)
{
	const uint32_t address = (uint32_t)(uintptr_t)dma_memory(s);
	const uint32_t bytes = data_bytes(s->command);
	unsigned n = 0;

	for (uint32_t at = 0; at < bytes; at += SUNXI_MMC_DESC_BYTES, n++) {
		assert(n < SUNXI_MMC_DESCS);
		s->desc[n] = (struct sunxi_mmc_desc){
			.status = MMC_DESC_OWNED | MMC_DESC_CHAINED | MMC_DESC_SILENT,
			.bytes = MIN(bytes - at, (uint32_t)SUNXI_MMC_DESC_BYTES),
			.buffer = address + at,
			.next = (uint32_t)(uintptr_t)&s->desc[n + 1],
		};
	}
	s->desc[0].status |= MMC_DESC_FIRST;
	s->desc[n - 1].status |= MMC_DESC_LAST;
	s->desc[n - 1].status &= ~(MMC_DESC_CHAINED | MMC_DESC_SILENT);
	s->desc[n - 1].next = 0;
}

static void lend_memory(struct sunxi_mmc *s)
{
	struct sd_command *c = s->command;

	assert(c->data != NULL && (is_small(c) || data_bytes(c) % CACHE_LINE_BYTES == 0));
	if (is_small(c) && c->writes)
		memcpy(s->line, c->data, data_bytes(c));
	describe(s);
	dma_sync_for_device(dma_memory(s), dma_bytes(s), direction(c));
	dma_sync_for_device(s->desc, sizeof(s->desc), DMA_BIDIRECTIONAL);
	s->dma = true;
}

/* The controller has ended with it. */
static void take_memory_back(struct sunxi_mmc *s, bool is_good)
{
	const struct sd_command *c = s->command;

	s->dma = false;
	dma_sync_for_cpu(s->desc, sizeof(s->desc), DMA_BIDIRECTIONAL);
	dma_sync_for_cpu(dma_memory(s), is_good || c->writes ? dma_bytes(s) : 0, direction(c));
	if (is_good && is_small(c) && !c->writes)
		memcpy(c->data, s->line, data_bytes(c));
}

/* --- commands -------------------------------------------------------------------------------- */

static uint32_t command_word(const struct sd_command *c)
{
	uint32_t word = MMC_COMMAND_START | c->index;

	if (c->response != SD_NO_RESPONSE)
		word |= MMC_COMMAND_ANSWER;
	if (c->response == SD_R2)
		word |= MMC_COMMAND_LONG;
	if (c->response != SD_NO_RESPONSE && c->response != SD_R3)
		word |= MMC_COMMAND_CHECK_CRC;
	if (c->index == GO_IDLE)
		word |= MMC_COMMAND_WAKE_UP;
	if (c->index == STOP_TRANSMISSION)
		word |= MMC_COMMAND_STOPS;
	if (c->data != NULL)
		word |= MMC_COMMAND_DATA | MMC_COMMAND_WAITS;
	return c->data != NULL && c->writes ? word | MMC_COMMAND_WRITES : word;
}

static enum err start_dma(struct sunxi_mmc *s)
{
	enum err e = sunxi_mmc_reset(s, MMC_CONTROL_DMA | MMC_CONTROL_RESET_FIFO |
						MMC_CONTROL_RESET_DMA);

	sunxi_mmc_write(s, MMC_DMA, MMC_DMA_RESET);
	sunxi_mmc_write(s, MMC_DMA_EVENTS, MMC_DMA_EVENTS_ALL);
	sunxi_mmc_write(s, MMC_DMA, MMC_DMA_ON | MMC_DMA_FIX_BURST);
	sunxi_mmc_write(s, MMC_BLOCK_BYTES, s->command->block_bytes);
	sunxi_mmc_write(s, MMC_BYTES, data_bytes(s->command));
	return e;
}

void sunxi_mmc_begin(struct sd_host *h, struct sd_command *c)
{
	struct sunxi_mmc *s = sunxi_mmc_of(h);
	enum err e = OK;

	s->command = c;
	s->waits_for = MMC_EVENT_COMMAND_DONE;
	s->events = 0;
	if ((sunxi_mmc_read(s, MMC_COMMAND) & MMC_COMMAND_START) != 0)
		e = sunxi_mmc_reset(s, MMC_CONTROL_RESETS);
	sunxi_mmc_write(s, MMC_EVENTS, UINT32_MAX);
	if (e == OK && c->data != NULL) {
		s->waits_for |= MMC_EVENT_DATA_DONE;
		lend_memory(s);
		e = start_dma(s);
	}
	if (e != OK) { /* nothing is begun, which poll says */
		s->events = MMC_EVENT_ANSWER_LATE;
		return;
	}
	sunxi_mmc_write(s, MMC_ARGUMENT, c->argument);
	sunxi_mmc_write(s, MMC_COMMAND, command_word(c));
}

static void take_answer(const struct sunxi_mmc *s)
{
	struct sd_command *c = s->command;

	if (c->response != SD_R2) {
		c->answer[0] = sunxi_mmc_read(s, MMC_ANSWER);
		return;
	}
	for (unsigned i = 0; i < 4; i++)
		c->answer[3 - i] = sunxi_mmc_read(s, MMC_ANSWER + 4 * i);
}

static void end(struct sunxi_mmc *s, bool is_good)
{
	if (s->armed) {
		sunxi_mmc_write(s, MMC_INT_ENABLE, 0);
		s->armed = false;
	}
	if (s->dma) {
		sunxi_mmc_write(s, MMC_DMA, 0);
		/* Here it ends, too, what it is at; without a clock at least no more data come. */
		if (sunxi_mmc_reset(s, MMC_CONTROL_RESET_FIFO | MMC_CONTROL_RESET_DMA) != OK &&
		    sunxi_mmc_reset(s, MMC_CONTROL_RESETS) != OK)
			mmio_write32(s->config.module, 0);
		dma_full_barrier(); /* what it has written before the memory is somebody else's */
		take_memory_back(s, is_good);
	}
	s->command = NULL;
}

/* What has happened so far: OK when it was the last. */
static enum err advance(struct sunxi_mmc *s)
{
	uint32_t dma_events = s->dma ? sunxi_mmc_read(s, MMC_DMA_EVENTS) : 0;

	s->events |= sunxi_mmc_read(s, MMC_EVENTS);
	if ((s->events & MMC_EVENTS_SILENT) != 0)
		return ERR_TIMEOUT;
	if ((s->events & MMC_EVENTS_ERRORS) != 0 || (dma_events & MMC_DMA_EVENT_ERRORS) != 0)
		return ERR_IO;
	/* As soon as it is there: a card that refuses sends no data. */
	if ((s->events & MMC_EVENT_COMMAND_DONE) != 0)
		take_answer(s);
	if ((s->waits_for & ~s->events) != 0)
		return ERR_AGAIN;
	/* All is read, but may not be in memory yet. */
	if (s->dma && !s->command->writes && (dma_events & MMC_DMA_EVENT_WRITTEN) == 0)
		return ERR_AGAIN;
	if ((s->command->response == SD_R1B || s->dma) &&
	    (sunxi_mmc_read(s, MMC_STATUS) & MMC_STATUS_BUSY) != 0)
		return ERR_AGAIN;
	return OK;
}

static void arm(struct sunxi_mmc *s)
{
	if (s->armed)
		return;
	s->armed = true;
	compiler_barrier(); /* the handler sees that before it may be called */
	/* What has happened already does not interrupt again. */
	sunxi_mmc_write(s, MMC_INT_ENABLE, MMC_EVENTS_ERRORS | (s->waits_for & ~s->events));
}

enum err sunxi_mmc_poll(struct sd_host *h)
{
	struct sunxi_mmc *s = sunxi_mmc_of(h);
	enum err e;

	if (s->command == NULL)
		return ERR_IO;
	e = advance(s);
	if (e == ERR_AGAIN) {
		/* The end of a card's business is polled for: nothing interrupts then. */
		if ((s->waits_for & ~s->events) != 0)
			arm(s);
		return e;
	}
	end(s, e == OK);
	return e;
}

void sunxi_mmc_cancel(struct sd_host *h)
{
	struct sunxi_mmc *s = sunxi_mmc_of(h);

	if (s->command != NULL)
		end(s, false);
}
