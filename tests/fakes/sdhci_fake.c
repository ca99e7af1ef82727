/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sdhci_fake.h"

#include <string.h>

#include "base/bytes.h"
#include "drivers/block/sdhci/sdhci_regs.h"
#include "tests/fakes/sd_fake.h"
#include "tests/fakes/sd_machine.h"

struct sdhci_fake sdhci_fake;

static uint32_t *reg(uint32_t offset)
{
	return &sdhci_fake.regs[offset / 4];
}

static bool pending(void)
{
	return (*reg(SDHCI_STATUS) & *reg(SDHCI_SIGNAL_ENABLE)) != 0;
}

void sdhci_fake_init(void)
{
	sdhci_fake = (struct sdhci_fake){
		.loses_writes = true,
		.capabilities = 0x01200000 | 50 << 8,
		.version = 2,
		.base_hz = 200000000,
	};
	sd_machine_init(pending);
}

static void happens(uint32_t what)
{
	if ((what & SDHCI_ERRORS) != 0)
		what |= SDHCI_ERROR;
	*reg(SDHCI_STATUS) |= what & (*reg(SDHCI_STATUS_ENABLE) | SDHCI_ERROR);
}

/* The next block is in the buffer, or has room there. */
static void next_block(void)
{
	struct sdhci_fake *f = &sdhci_fake;
	bool reads = (*reg(SDHCI_COMMAND) & SDHCI_MODE_READS) != 0;
	enum err e = OK;

	f->at = 0;
	if (f->left == 0) {
		if (f->index == 17 || f->index == 24 || sd_fake.count != 0)
			sd_fake_data_end();
		happens(SDHCI_TRANSFER_DONE);
		return;
	}
	if (f->ends_early && f->left == 1) {
		happens(SDHCI_TRANSFER_DONE);
		return;
	}
	if (reads)
		e = sd_fake_block(f->block, *reg(SDHCI_BLOCK) & 0xfff, false);
	if (e == OK)
		happens(reads ? SDHCI_CAN_READ : SDHCI_CAN_WRITE);
	else if (e == ERR_IO)
		happens(0x00200000); /* CRC of data */
}

static void block_written(void)
{
	struct sdhci_fake *f = &sdhci_fake;
	enum err e = sd_fake_block(f->block, *reg(SDHCI_BLOCK) & 0xfff, true);

	f->left--;
	if (e == OK)
		next_block();
	else if (e == ERR_IO)
		happens(0x00200000);
}

static void put_answer(const uint32_t answer[static 4], uint32_t kind)
{
	*reg(SDHCI_RESPONSE) = answer[0];
	if (kind != SDHCI_RESPONSE_136)
		return;
	/* Bits 127 to 8: the checksum is left out. */
	for (unsigned i = 0; i < 4; i++)
		*reg(SDHCI_RESPONSE + 4 * i) = answer[3 - i] >> 8 |
					       (i < 3 ? answer[2 - i] << 24 : 0);
}

static void command(uint32_t word)
{
	struct sdhci_fake *f = &sdhci_fake;
	uint32_t answer[4] = {0}, kind = word & 0x00030000;
	enum err e;

	assert(f->hz != 0 && (*reg(SDHCI_CONTROL) & 0xf00) == SDHCI_POWER_3V3);
	f->index = word >> SDHCI_INDEX_SHIFT & 63;
	if (f->silent)
		return;
	assert(!sd_fake.high_speed || f->hz <= 50000000);
	assert(sd_fake.high_speed || sd_fake.width == 0 || f->hz <= 25000000);
	e = sd_fake_command(f->index, *reg(SDHCI_ARGUMENT), answer);
	if (kind != SDHCI_RESPONSE_NONE && e != OK) {
		happens(SDHCI_SILENT_ANSWER);
		return;
	}
	if (f->damages_answers && (word & SDHCI_CHECK_CRC) != 0) {
		happens(0x00020000);
		return;
	}
	put_answer(answer, kind);
	happens(SDHCI_COMMAND_DONE);
	if (kind == SDHCI_RESPONSE_48_BUSY)
		happens(SDHCI_TRANSFER_DONE);
	if ((word & SDHCI_HAS_DATA) != 0) {
		assert(((*reg(SDHCI_CONTROL) & SDHCI_CONTROL_4_BITS) != 0) == (sd_fake.width == 4));
		f->left = *reg(SDHCI_BLOCK) >> SDHCI_BLOCK_COUNT_SHIFT;
		next_block();
	}
}

static void set_clock(uint32_t value)
{
	struct sdhci_fake *f = &sdhci_fake;
	uint32_t half = (value >> 8 & 0xff) | (value >> 6 & 3) << 8;

	if (f->version < 2)
		assert((half & (half - 1)) == 0);
	if ((value & SDHCI_RESET_ALL) != 0) {
		memset(f->regs, 0, sizeof(f->regs));
		value = SDHCI_RESET_ALL;
	}
	if ((value & SDHCI_RESET_DATA) != 0)
		f->left = 0;
	if (!f->never_resets)
		value &= ~(SDHCI_RESET_ALL | SDHCI_RESET_COMMAND | SDHCI_RESET_DATA);
	if ((value & SDHCI_CLOCK_INTERNAL) != 0 && !f->never_stable)
		value |= SDHCI_CLOCK_STABLE;
	f->hz = (value & SDHCI_CLOCK_CARD) == 0 ? 0
		: half == 0                     ? f->base_hz
						: f->base_hz / (2 * half);
	*reg(SDHCI_CLOCK) = value;
}

uint32_t sdhci_fake_read(uintptr_t address)
{
	struct sdhci_fake *f = &sdhci_fake;
	uint32_t offset = (uint32_t)(address - SDHCI_FAKE_BASE), value;

	assert(offset < sizeof(f->regs) && offset % 4 == 0);
	switch (offset) {
	case SDHCI_STATE:
		return sd_fake.present ? SDHCI_STATE_INSERTED : 0;
	case SDHCI_CAPABILITIES:
		return f->capabilities;
	case SDHCI_VERSION:
		return f->version << SDHCI_VERSION_SHIFT;
	case SDHCI_BUFFER:
		assert(f->left > 0);
		value = load_le32(&f->block[f->at]);
		f->at += 4;
		if (f->at == (*reg(SDHCI_BLOCK) & 0xfff)) {
			f->left--;
			next_block();
		}
		return value;
	}
	return *reg(offset);
}

static bool is_lost(uint32_t offset)
{
	struct sdhci_fake *f = &sdhci_fake;
	uint32_t hz = f->hz != 0 ? f->hz : 400000;
	bool soon = f->last_write_us + 2000000 / hz >= sd_machine.now_us && f->last_write_us != 0;

	if (offset == SDHCI_BUFFER || !f->loses_writes)
		return false;
	f->last_write_us = sd_machine.now_us;
	f->lost += soon;
	return soon;
}

void sdhci_fake_write(uintptr_t address, uint32_t value)
{
	struct sdhci_fake *f = &sdhci_fake;
	uint32_t offset = (uint32_t)(address - SDHCI_FAKE_BASE);

	assert(offset < sizeof(f->regs) && offset % 4 == 0);
	if (is_lost(offset))
		return;
	switch (offset) {
	case SDHCI_CLOCK:
		set_clock(value);
		break;
	case SDHCI_STATUS:
		*reg(offset) &= ~value;
		if ((*reg(offset) & SDHCI_ERRORS) == 0)
			*reg(offset) &= ~SDHCI_ERROR;
		break;
	case SDHCI_COMMAND:
		*reg(offset) = value;
		command(value);
		break;
	case SDHCI_BUFFER:
		assert(f->left > 0);
		store_le32(&f->block[f->at], value);
		f->at += 4;
		if (f->at == (*reg(SDHCI_BLOCK) & 0xfff))
			block_written();
		break;
	default:
		*reg(offset) = value;
	}
}
