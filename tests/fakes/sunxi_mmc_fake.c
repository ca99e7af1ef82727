/* SPDX-License-Identifier: ISC */
#include "tests/fakes/sunxi_mmc_fake.h"

#include <string.h>

#include "drivers/block/sunxi_mmc/sunxi_mmc_regs.h"
#include "tests/fakes/cache_fake.h"
#include "tests/fakes/sd_fake.h"
#include "tests/fakes/sd_machine.h"

struct sunxi_mmc_fake sunxi_mmc_fake;

/* A descriptor's words, and bytes of the first. */
enum { STATUS, BYTES, BUFFER, NEXT, WORDS, STATUS_BYTES = 4 };

static uint32_t *reg(uint32_t offset)
{
	return &sunxi_mmc_fake.regs[offset / 4];
}

static bool pending(void)
{
	return (*reg(MMC_EVENTS) & *reg(MMC_INT_ENABLE)) != 0 &&
	       (*reg(MMC_CONTROL) & MMC_CONTROL_INTERRUPTS) != 0;
}

void sunxi_mmc_fake_init(void)
{
	sunxi_mmc_fake = (struct sunxi_mmc_fake){0};
	cache_fake_init();
	sd_machine_init(pending);
}

void sunxi_mmc_fake_fini(void)
{
	cache_fake_fini();
}

/* What the test has lies within 4 GiB of this. */
static uint8_t *memory_at(uint32_t address)
{
	uintptr_t near = (uintptr_t)&sunxi_mmc_fake;

	return (uint8_t *)(near + (uintptr_t)(intptr_t)(int32_t)(address - (uint32_t)near));
}

/* The list of descriptors, as far as the controller has gone through it. */
struct list_at {
	uint32_t address, desc[WORDS], at; /* byte of the descriptor's buffer */
};

static void fetch(struct list_at *l, uint32_t address)
{
	l->address = address;
	l->at = 0;
	cache_fake_device_read(l->desc, memory_at(address), sizeof(l->desc));
	assert((l->desc[STATUS] & MMC_DESC_OWNED) != 0);
	assert(l->desc[BYTES] > 0 && l->desc[BYTES] <= 65536 && l->desc[BYTES] % 4 == 0);
}

/* Moves a block to or from the memory of the list. */
static void move(struct list_at *l, uint8_t *block, uint32_t bytes, bool writes)
{
	for (uint32_t done = 0, n; done < bytes; done += n, l->at += n) {
		if (l->at == l->desc[BYTES]) {
			uint32_t status = l->desc[STATUS] & ~MMC_DESC_OWNED;

			assert((status & MMC_DESC_CHAINED) != 0);
			cache_fake_device_write(memory_at(l->address), &status, STATUS_BYTES);
			fetch(l, l->desc[NEXT]);
		}
		n = MIN(bytes - done, l->desc[BYTES] - l->at);
		if (writes)
			cache_fake_device_read(block + done, memory_at(l->desc[BUFFER]) + l->at, n);
		else
			cache_fake_device_write(memory_at(l->desc[BUFFER]) + l->at, block + done,
						n);
	}
}

static void transfer(bool writes)
{
	uint32_t bytes = *reg(MMC_BLOCK_BYTES), blocks = *reg(MMC_BYTES) / bytes;
	uint8_t block[512];
	struct list_at l;

	assert((*reg(MMC_CONTROL) & MMC_CONTROL_DMA) != 0);
	assert((*reg(MMC_DMA) & MMC_DMA_ON) != 0);
	assert((*reg(MMC_WIDTH) == MMC_WIDTH_4) == (sd_fake.width == 4));
	if (sunxi_mmc_fake.dma_fails) {
		*reg(MMC_DMA_EVENTS) |= 0x204;
		return;
	}
	fetch(&l, *reg(MMC_DMA_DESCRIPTORS));
	assert((l.desc[STATUS] & MMC_DESC_FIRST) != 0);
	for (; blocks > 0; blocks--) {
		enum err e;

		if (writes)
			move(&l, block, bytes, true);
		e = sd_fake_block(block, bytes, writes);
		if (e == ERR_IO)
			*reg(MMC_EVENTS) |= MMC_EVENT_DATA_CRC;
		if (e != OK)
			return;
		if (!writes)
			move(&l, block, bytes, false);
	}
	assert((l.desc[STATUS] & MMC_DESC_LAST) != 0 && l.at == l.desc[BYTES]);
	if (sunxi_mmc_fake.index == 17 || sunxi_mmc_fake.index == 24 || sd_fake.count != 0)
		sd_fake_data_end();
	*reg(MMC_EVENTS) |= MMC_EVENT_DATA_DONE;
	if (!writes && sunxi_mmc_fake.dma_late == 0)
		*reg(MMC_DMA_EVENTS) |= MMC_DMA_EVENT_WRITTEN;
}

static void command(uint32_t word)
{
	struct sunxi_mmc_fake *f = &sunxi_mmc_fake;
	uint32_t answer[4] = {0};
	enum err e;

	if (f->never_takes)
		return;
	*reg(MMC_COMMAND) &= ~MMC_COMMAND_START;
	if ((word & MMC_COMMAND_CLOCK_ONLY) != 0) {
		uint32_t module = *reg(MMC_FAKE_MODULE - MMC_FAKE_BASE);
		uint32_t by = ((module & 15) + 1) << (module >> MMC_MODULE_DIVIDER_SHIFT & 3);

		f->hz = (*reg(MMC_CLOCK) & MMC_CLOCK_ON) != 0 && (module & MMC_MODULE_ON) != 0
				? MMC_MODULE_HZ / by
				: 0;
		*reg(MMC_EVENTS) |= MMC_EVENT_COMMAND_DONE;
		return;
	}
	assert(f->hz != 0);
	f->index = word & 63;
	assert((f->index == 0) == ((word & MMC_COMMAND_WAKE_UP) != 0));
	if (f->silent)
		return;
	e = sd_fake_command(f->index, *reg(MMC_ARGUMENT), answer);
	if ((word & MMC_COMMAND_ANSWER) != 0 && e != OK) {
		*reg(MMC_EVENTS) |= MMC_EVENT_ANSWER_LATE;
		return;
	}
	if (f->damages_answers && (word & MMC_COMMAND_CHECK_CRC) != 0)
		*reg(MMC_EVENTS) |= MMC_EVENT_ANSWER_CRC;
	for (unsigned i = 0; i < 4; i++)
		*reg(MMC_ANSWER + 4 * i) = answer[(word & MMC_COMMAND_LONG) != 0 ? 3 - i : i];
	*reg(MMC_EVENTS) |= MMC_EVENT_COMMAND_DONE;
	if ((word & MMC_COMMAND_DATA) == 0)
		return;
	if (f->ends_early)
		*reg(MMC_EVENTS) |= MMC_EVENT_DATA_DONE;
	else if (f->data_late > 0)
		f->data_left = f->data_late;
	else
		transfer((word & MMC_COMMAND_WRITES) != 0);
}

static void control(uint32_t value)
{
	sunxi_mmc_fake.resets += (value & MMC_CONTROL_RESET) != 0;
	if (!sunxi_mmc_fake.never_resets)
		value &= ~MMC_CONTROL_RESETS;
	sunxi_mmc_fake.data_left = 0;
	*reg(MMC_CONTROL) = value;
}

uint32_t sunxi_mmc_fake_read(uintptr_t address)
{
	struct sunxi_mmc_fake *f = &sunxi_mmc_fake;
	uint32_t offset = (uint32_t)(address - MMC_FAKE_BASE);

	assert(offset < sizeof(f->regs) && offset % 4 == 0);
	if (offset == MMC_STATUS && f->busy_left > 0) {
		f->busy_left--;
		return MMC_STATUS_BUSY;
	}
	if (offset == MMC_EVENTS && f->data_left > 0 && --f->data_left == 0)
		transfer((*reg(MMC_COMMAND) & MMC_COMMAND_WRITES) != 0);
	if (offset == MMC_DMA_EVENTS && f->dma_late > 0 &&
	    (*reg(MMC_EVENTS) & MMC_EVENT_DATA_DONE) != 0 && --f->dma_late == 0)
		*reg(offset) |= MMC_DMA_EVENT_WRITTEN;
	return *reg(offset);
}

void sunxi_mmc_fake_write(uintptr_t address, uint32_t value)
{
	uint32_t offset = (uint32_t)(address - MMC_FAKE_BASE);

	assert(offset < sizeof(sunxi_mmc_fake.regs) && offset % 4 == 0);
	switch (offset) {
	case MMC_EVENTS:
	case MMC_DMA_EVENTS:
		*reg(offset) &= ~value;
		break;
	case MMC_CONTROL:
		control(value);
		break;
	case MMC_COMMAND:
		*reg(offset) = value;
		if ((value & MMC_COMMAND_START) != 0)
			command(value);
		break;
	default:
		*reg(offset) = value;
	}
}
