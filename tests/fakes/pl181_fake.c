/* SPDX-License-Identifier: ISC */
#include "tests/fakes/pl181_fake.h"

#include <string.h>

#include "base/bytes.h"
#include "drivers/block/pl181/pl181_regs.h"
#include "tests/fakes/sd_fake.h"
#include "tests/fakes/sd_machine.h"

struct pl181_fake pl181_fake;

static bool is_on(void)
{
	return (pl181_fake.control & MCI_DATA_CTRL_ENABLE) != 0;
}

static bool reads(void)
{
	return (pl181_fake.control & MCI_DATA_CTRL_FROM_CARD) != 0;
}

static uint32_t block_bytes(void)
{
	return UINT32_C(1) << (pl181_fake.control >> MCI_DATA_CTRL_BLOCK_SHIFT);
}

uint32_t pl181_fake_hz(void)
{
	const struct pl181_fake *f = &pl181_fake;

	if (f->power != MCI_POWER_ON || (f->clock & MCI_CLOCK_ENABLE) == 0)
		return 0;
	if ((f->clock & MCI_CLOCK_BYPASS) != 0)
		return PL181_FAKE_CLOCK_HZ;
	return PL181_FAKE_CLOCK_HZ / (2 * ((f->clock & MCI_CLOCK_DIVIDER_MAX) + 1));
}

static void data_over(void)
{
	struct pl181_fake *f = &pl181_fake;

	if (f->index == 17 || f->index == 24 || sd_fake.count != 0)
		sd_fake_data_end();
	if (!f->never_ends)
		f->status |= MCI_STATUS_DATA_END;
}

/* One block between the card and us; false if it does not come. */
static bool move_block(void)
{
	struct pl181_fake *f = &pl181_fake;
	enum err e;

	f->status |= f->data_status;
	if (f->data_status != 0) {
		f->data_status = 0;
		return false;
	}
	e = sd_fake_block(f->block, block_bytes(), !reads());
	if (e == ERR_IO)
		f->status |= MCI_STATUS_DATA_CRC_FAIL;
	assert(e != OK || ((f->clock & MCI_CLOCK_WIDE_BUS) != 0) == (sd_fake.width == 4));
	return e == OK;
}

/* A block's words from the card to the FIFO, as many as it takes. */
static void fill(struct pl181_fake *f)
{
	if (!f->filled) {
		f->filled = move_block();
		f->at = 0;
	}
	for (; f->filled && f->words < f->fifo_words && f->at < block_bytes(); f->at += 4)
		f->fifo[f->words++] = load_le32(&f->block[f->at]);
}

/* As many words of the FIFO as the block still wants, and the block when it is whole. */
static void drain(struct pl181_fake *f)
{
	if (f->at == block_bytes())
		return; /* it was not taken */
	for (; f->words > 0 && f->at < block_bytes(); f->at += 4) {
		store_le32(&f->block[f->at], f->fifo[0]);
		memmove(f->fifo, f->fifo + 1, --f->words * sizeof(f->fifo[0]));
	}
	f->filled = f->at == block_bytes() && move_block();
}

/* What happens in a while. */
static void run(void)
{
	struct pl181_fake *f = &pl181_fake;

	if (!is_on() || f->left == 0 || (f->status & MCI_STATUS_DATA_ERRORS) != 0)
		return;
	if (f->gap_left > 0) {
		f->gap_left--;
		return;
	}
	f->gap_left = f->gap;
	if (reads())
		fill(f);
	else
		drain(f);
	if (!f->filled || f->at < block_bytes())
		return;
	f->filled = false;
	f->at = 0;
	f->left -= block_bytes();
	if (f->left == 0)
		data_over();
}

static uint32_t status(void)
{
	const struct pl181_fake *f = &pl181_fake;
	uint32_t bits = f->status;

	if (!is_on())
		return bits;
	if (reads() && f->words > 0)
		bits |= MCI_STATUS_RX_DATA_AVLBL;
	if (reads() && f->words >= f->fifo_words / 2)
		bits |= MCI_STATUS_RX_FIFO_HALF_FULL;
	if (!reads() && f->left > 0 && f->words <= f->fifo_words / 2)
		bits |= MCI_STATUS_TX_FIFO_HALF_EMPTY;
	return bits;
}

/* There is time until something happens. */
static bool pending(void)
{
	pl181_fake.gap_left = 0;
	run();
	return (status() & pl181_fake.mask) != 0;
}

void pl181_fake_init(void)
{
	pl181_fake = (struct pl181_fake){.id = MCI_ID_ARM_PL181, .fifo_words = MCI_FIFO_WORDS};
	sd_machine_init(pending);
}

static void command(uint32_t word)
{
	struct pl181_fake *f = &pl181_fake;
	enum err e;

	if ((word & MCI_COMMAND_ENABLE) == 0)
		return;
	assert(pl181_fake_hz() != 0);
	f->index = word & 63;
	memset(f->answer, 0, sizeof(f->answer));
	if (f->silent)
		return;
	e = sd_fake_command(f->index, f->argument, f->answer);
	if ((word & MCI_COMMAND_RESPONSE) == 0)
		f->status |= MCI_STATUS_CMD_SENT;
	else if (e != OK)
		f->status |= MCI_STATUS_CMD_TIME_OUT;
	else if (f->damages_answers || f->index == 41 || f->index == 1)
		f->status |= MCI_STATUS_CMD_CRC_FAIL;
	else
		f->status |= MCI_STATUS_CMD_RESP_END;
	if ((word & MCI_COMMAND_LONG_RSP) == 0)
		f->answer[1] = f->answer[2] = f->answer[3] = 0;
	if (f->left == 0)
		f->status |= MCI_STATUS_DATA_END;
}

static void control(uint32_t value)
{
	struct pl181_fake *f = &pl181_fake;

	f->control = value;
	f->left = 0;
	if (!is_on())
		return;
	assert(f->words == 0); /* what was left would be taken for what comes */
	assert(f->length % block_bytes() == 0 && f->length > 0);
	assert(f->timer == pl181_fake_hz());
	/* What a card sends may come with its answer; it takes data behind it. */
	assert(reads() || f->index == 24 || f->index == 25);
	f->left = f->length;
	f->at = 0;
	f->filled = false;
	f->gap_left = f->gap;
}

static uint32_t pop(void)
{
	struct pl181_fake *f = &pl181_fake;
	uint32_t value = f->fifo[0];

	assert(f->words > 0 || !is_on());
	if (f->words == 0)
		return 0;
	memmove(f->fifo, f->fifo + 1, --f->words * sizeof(f->fifo[0]));
	return value;
}

static void push(uint32_t value)
{
	struct pl181_fake *f = &pl181_fake;

	assert(is_on() && !reads() && f->words < f->fifo_words);
	f->fifo[f->words++] = value;
}

uint32_t pl181_fake_read(uintptr_t address)
{
	struct pl181_fake *f = &pl181_fake;
	uint32_t offset = (uint32_t)(address - PL181_FAKE_BASE);

	assert(offset < 0x1000 && offset % 4 == 0);
	if (offset >= MCI_PERIPH_ID0 && offset < MCI_PERIPH_ID0 + 16)
		return f->id >> (offset - MCI_PERIPH_ID0) * 2 & 0xff;
	if (offset >= MCI_RESPONSE0 && offset < MCI_RESPONSE0 + 16)
		return f->answer[(offset - MCI_RESPONSE0) / 4];
	if (offset == MCI_FIFO)
		return pop();
	assert(offset == MCI_STATUS);
	run();
	return status();
}

void pl181_fake_write(uintptr_t address, uint32_t value)
{
	struct pl181_fake *f = &pl181_fake;
	uint32_t offset = (uint32_t)(address - PL181_FAKE_BASE);

	switch (offset) {
	case MCI_POWER:
		assert(value == MCI_POWER_OFF || value == f->power + 2 || value == f->power + 1);
		f->power = value;
		break;
	case MCI_CLOCK:
		f->clock = value;
		break;
	case MCI_ARGUMENT:
		f->argument = value;
		break;
	case MCI_COMMAND:
		command(value);
		break;
	case MCI_DATA_TIMER:
		f->timer = value;
		break;
	case MCI_DATA_LENGTH:
		assert(value <= UINT16_MAX);
		f->length = value;
		break;
	case MCI_DATA_CTRL:
		control(value);
		break;
	case MCI_CLEAR:
		assert((value & ~MCI_STATUS_STATIC) == 0);
		f->status &= ~value;
		break;
	case MCI_MASK0:
		f->mask = value;
		break;
	case MCI_FIFO:
		push(value);
		break;
	default:
		assert(offset == MCI_MASK1 && value == 0);
	}
}
