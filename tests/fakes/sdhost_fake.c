/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sdhost_fake.h"

#include <string.h>

#include "base/bytes.h"
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost_regs.h"
#include "tests/fakes/sd_fake.h"
#include "tests/fakes/sd_machine.h"

struct sdhost_fake sdhost_fake;

static uint32_t *reg(uint32_t offset)
{
	return &sdhost_fake.regs[offset / 4];
}

static bool reads(void)
{
	return (*reg(SDHOST_COMMAND) & SDHOST_COMMAND_READS) != 0;
}

static bool pending(void)
{
	uint32_t config = *reg(SDHOST_CONFIG), status = *reg(SDHOST_STATUS);

	if ((config & SDHOST_CONFIG_DATA) != 0 && sdhost_fake.left > 0)
		return reads() ? sdhost_fake.words > 0 : sdhost_fake.words < SDHOST_FIFO_WORDS;
	return (config & SDHOST_CONFIG_BUSY_END) != 0 && (status & SDHOST_STATUS_BUSY_END) != 0;
}

void sdhost_fake_init(void)
{
	sdhost_fake = (struct sdhost_fake){0};
	sd_machine_init(pending);
}

static void data_over(void)
{
	if (sdhost_fake.index == 17 || sdhost_fake.index == 24 || sd_fake.count != 0)
		sd_fake_data_end();
	sdhost_fake.state = SDHOST_STATE_DATA;
	if (sdhost_fake.rests_oddly)
		sdhost_fake.state = reads() ? SDHOST_STATE_READ_WAIT : SDHOST_STATE_WRITE_START;
}

/* One block between the card and us; false if it does not come. */
static bool move_block(void)
{
	struct sdhost_fake *f = &sdhost_fake;
	enum err e = sd_fake_block(f->block, *reg(SDHOST_BLOCK_BYTES), !reads());

	if (e == ERR_IO)
		*reg(SDHOST_STATUS) |= SDHOST_STATUS_CRC16;
	f->at = 0;
	return e == OK;
}

/* Moves words between the FIFO and the block, and the block when it is whole. */
static void run(void)
{
	struct sdhost_fake *f = &sdhost_fake;
	uint32_t bytes = *reg(SDHOST_BLOCK_BYTES);

	if (f->left == 0 || (*reg(SDHOST_STATUS) & SDHOST_STATUS_CRC16) != 0)
		return;
	if (reads() && !f->filled) {
		if (f->gap_left > 0) {
			f->gap_left--;
			return;
		}
		f->filled = move_block();
	}
	while (reads() && f->filled && f->words < SDHOST_FIFO_WORDS && f->at < bytes) {
		f->fifo[f->words++] = load_le32(&f->block[f->at]);
		f->at += 4;
	}
	while (!reads() && f->words > 0 && f->at < bytes) {
		store_le32(&f->block[f->at], f->fifo[0]);
		memmove(f->fifo, f->fifo + 1, --f->words * sizeof(f->fifo[0]));
		f->at += 4;
	}
	if (f->at < bytes || (!reads() && !move_block()))
		return;
	f->at = 0;
	f->filled = false;
	f->gap_left = f->gap;
	if (--f->left == 0)
		data_over();
}

static void command(uint32_t word)
{
	struct sdhost_fake *f = &sdhost_fake;
	uint32_t answer[4] = {0};
	enum err e;

	if ((word & SDHOST_COMMAND_NEW) == 0)
		return;
	assert(*reg(SDHOST_POWER) == 1);
	/* One that rests in a state of data never begins another transfer. */
	assert(f->state == SDHOST_STATE_IDENTIFY || f->state == SDHOST_STATE_DATA);
	f->index = word & 63;
	if (f->silent)
		return;
	*reg(SDHOST_COMMAND) &= ~SDHOST_COMMAND_NEW;
	e = sd_fake_command(f->index, *reg(SDHOST_ARGUMENT), answer);
	if ((word & SDHOST_COMMAND_NO_ANSWER) == 0 && e != OK) {
		*reg(SDHOST_COMMAND) |= SDHOST_COMMAND_FAILED;
		*reg(SDHOST_STATUS) |= 0x40;
		return;
	}
	if (f->damages_answers || f->index == 41 || f->index == 1) {
		*reg(SDHOST_COMMAND) |= SDHOST_COMMAND_FAILED;
		*reg(SDHOST_STATUS) |= SDHOST_STATUS_CRC7;
	}
	for (unsigned i = 0; i < 4; i++)
		*reg(SDHOST_ANSWER + 4 * i) = answer[(word & SDHOST_COMMAND_LONG) != 0 ? 3 - i : i];
	if ((word & SDHOST_COMMAND_BUSY) != 0 &&
	    (*reg(SDHOST_CONFIG) & SDHOST_CONFIG_BUSY_END) != 0)
		*reg(SDHOST_STATUS) |= SDHOST_STATUS_BUSY_END;
	f->words = 0;
	f->at = 0;
	f->filled = false;
	f->left = (word & (SDHOST_COMMAND_READS | SDHOST_COMMAND_WRITES)) != 0 ? *reg(SDHOST_BLOCKS)
									       : 0;
	f->state = f->left == 0 ? SDHOST_STATE_DATA : 2;
	assert(f->left == 0 ||
	       ((*reg(SDHOST_CONFIG) & SDHOST_CONFIG_4_BITS) != 0) == (sd_fake.width == 4));
}

uint32_t sdhost_fake_read(uintptr_t address)
{
	struct sdhost_fake *f = &sdhost_fake;
	uint32_t offset = (uint32_t)(address - SDHOST_FAKE_BASE), value;

	assert(offset < sizeof(f->regs) && offset % 4 == 0);
	run();
	if (offset == SDHOST_DEBUG)
		return *reg(offset) | f->state | f->words << SDHOST_DEBUG_WORDS_SHIFT;
	if (offset == SDHOST_DATA) {
		assert(f->words > 0);
		value = f->fifo[0];
		memmove(f->fifo, f->fifo + 1, --f->words * sizeof(f->fifo[0]));
		return value;
	}
	return *reg(offset);
}

void sdhost_fake_write(uintptr_t address, uint32_t value)
{
	struct sdhost_fake *f = &sdhost_fake;
	uint32_t offset = (uint32_t)(address - SDHOST_FAKE_BASE);

	assert(offset < sizeof(f->regs) && offset % 4 == 0);
	if (offset == SDHOST_STATUS) {
		*reg(offset) &= ~value;
	} else if (offset == SDHOST_DEBUG) {
		if ((value & SDHOST_DEBUG_FORCE_DATA) != 0)
			f->state = SDHOST_STATE_DATA;
		*reg(offset) = value & SDHOST_DEBUG_THRESHOLDS;
	} else if (offset == SDHOST_DATA) {
		assert(f->words < SDHOST_FIFO_WORDS);
		f->fifo[f->words++] = value;
		run();
	} else {
		*reg(offset) = value;
		if (offset == SDHOST_BLOCKS)
			f->left = 0;
		if (offset == SDHOST_COMMAND)
			command(value);
	}
}
