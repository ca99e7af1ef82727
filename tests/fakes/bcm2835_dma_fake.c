/* SPDX-License-Identifier: ISC */
#include "tests/fakes/bcm2835_dma_fake.h"

#include "base/assert.h"
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost_regs.h"
#include "drivers/dma/bcm2835_dma/bcm2835_dma.h"
#include "drivers/dma/bcm2835_dma/bcm2835_dma_regs.h"
#include "tests/fakes/sdhost_fake.h"

enum { SDHOST_REQUEST = 13, SDHOST_ASKS_WITH = 4 };

struct bcm2835_dma_fake bcm2835_dma_fake;

void bcm2835_dma_fake_init(void)
{
	bcm2835_dma_fake = (struct bcm2835_dma_fake){0};
}

/* The controller sees 30 bits of an address; the rest of ours is that of everything static. */
static void *memory_at(uint32_t bus)
{
	const uintptr_t seen = ~(uintptr_t)DMA_FAKE_BUS_OFFSET & UINT32_MAX;
	uintptr_t near = (uintptr_t)&bcm2835_dma_fake;

	assert((bus & DMA_FAKE_BUS_OFFSET) == DMA_FAKE_BUS_OFFSET);
	return (void *)((near & ~seen) | (bus & seen));
}

static bool is_asked_to(bool reads)
{
	/* Looking at it is what lets the device move on. */
	uint32_t words = sdhost_fake_read(SDHOST_FAKE_BASE + SDHOST_DEBUG) >>
				 SDHOST_DEBUG_WORDS_SHIFT &
			 SDHOST_DEBUG_WORDS;

	return reads ? words >= SDHOST_ASKS_WITH : words < SDHOST_FIFO_WORDS;
}

static void move_word(struct bcm2835_dma_fake *f, const struct bcm2835_dma_block *b, bool reads)
{
	const uintptr_t device = SDHOST_FAKE_BASE + SDHOST_DATA;
	uint32_t done = b->bytes - f->left;

	if (reads)
		*(uint32_t *)memory_at(b->to + done) = sdhost_fake_read(device);
	else
		sdhost_fake_write(device, *(const uint32_t *)memory_at(b->from + done));
	f->left -= 4;
	f->moved++;
}

static void run(void)
{
	struct bcm2835_dma_fake *f = &bcm2835_dma_fake;
	const struct bcm2835_dma_block *b;
	bool reads;

	if ((f->cs & DMA_CS_ACTIVE) == 0)
		return;
	b = memory_at(f->block);
	reads = (b->how & DMA_FROM_PACED) != 0;
	if (f->fails) {
		f->cs = (f->cs & ~DMA_CS_ACTIVE) | DMA_CS_ERROR;
		return;
	}
	while (f->left > 0 && is_asked_to(reads))
		move_word(f, b, reads);
	if (f->left == 0)
		f->cs = (f->cs & ~DMA_CS_ACTIVE) | DMA_CS_END | DMA_CS_INTERRUPTS;
}

bool bcm2835_dma_fake_interrupts(void)
{
	run();
	return (bcm2835_dma_fake.cs & DMA_CS_INTERRUPTS) != 0;
}

static void begin(struct bcm2835_dma_fake *f)
{
	const struct bcm2835_dma_block *b = memory_at(f->block);
	bool reads = (b->how & DMA_FROM_PACED) != 0;

	assert(f->block % 32 == 0 && b->next == 0);
	assert((b->how >> DMA_DEVICE_SHIFT & 31) == SDHOST_REQUEST);
	assert((reads ? b->from : b->to) == DMA_FAKE_SDHOST + SDHOST_DATA);
	assert((b->how & (DMA_TO_PACED | DMA_TO_STEPS | DMA_FROM_STEPS)) ==
	       (reads ? DMA_TO_STEPS : DMA_TO_PACED | DMA_FROM_STEPS));
	f->left = b->bytes;
}

uint32_t bcm2835_dma_fake_read(uintptr_t address)
{
	assert(address == DMA_FAKE_BASE + DMA_CS);
	run();
	return bcm2835_dma_fake.cs;
}

void bcm2835_dma_fake_write(uintptr_t address, uint32_t value)
{
	struct bcm2835_dma_fake *f = &bcm2835_dma_fake;

	switch (address - DMA_FAKE_BASE) {
	case DMA_CS:
		if ((value & DMA_CS_RESET) != 0) {
			f->resets++;
			f->cs = 0;
			return;
		}
		/* Those two are cleared by a 1; without ACTIVE it halts. */
		f->cs &= ~(value & (DMA_CS_END | DMA_CS_INTERRUPTS)) & ~DMA_CS_ACTIVE;
		f->cs |= value & DMA_CS_ACTIVE;
		if ((value & DMA_CS_ACTIVE) != 0)
			begin(f);
		break;
	case DMA_BLOCK:
		f->block = value;
		break;
	default:
		assert(address == DMA_FAKE_BASE + DMA_DEBUG);
	}
}
