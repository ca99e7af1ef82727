/* SPDX-License-Identifier: ISC */
#include "drivers/dma/bcm2835_dma/bcm2835_dma.h"

#include "arch/barrier.h"
#include "arch/cache.h"
#include "arch/mmio.h"
#include "base/assert.h"
#include "drivers/dma/bcm2835_dma/bcm2835_dma_regs.h"

static void interrupt(void *arg)
{
	struct bcm2835_dma *d = arg;

	/* Only then: without its bit ACTIVE the write would halt a transfer under way. */
	if ((mmio_read32(d->base + DMA_CS) & DMA_CS_INTERRUPTS) == 0)
		return;
	mmio_write32(d->base + DMA_CS, DMA_CS_INTERRUPTS);
	waker_wake(&d->waker);
}

void bcm2835_dma_init(struct bcm2835_dma *d, uintptr_t base, uint32_t bus_offset,
		      struct irq_chip *irq, uint32_t line)
{
	*d = (struct bcm2835_dma){.base = base, .bus_offset = bus_offset, .irq = irq, .line = line};
}

enum err bcm2835_dma_start(struct bcm2835_dma *d)
{
	enum err e = OK;

	bcm2835_dma_stop(d);
	if (!d->attached)
		e = irq_attach(d->irq, d->line, IRQ_LEVEL_HIGH, interrupt, d);
	d->attached = e == OK;
	return e;
}

/* Goes. The block is in memory before the controller is told of it. */
static void go(struct bcm2835_dma *d)
{
	cache_clean(&d->block, sizeof(d->block));
	dma_write_barrier();
	mmio_write32(d->base + DMA_BLOCK, (uint32_t)(uintptr_t)&d->block | d->bus_offset);
	mmio_write32(d->base + DMA_CS, DMA_CS_ACTIVE | DMA_CS_END | DMA_CS_INTERRUPTS |
					       DMA_CS_PRIORITY | DMA_CS_PANIC | DMA_CS_WAIT_WRITES);
}

void bcm2835_dma_read(struct bcm2835_dma *d, const struct bcm2835_dma_device *from, void *memory,
		      size_t bytes)
{
	assert((uintptr_t)memory % CACHE_LINE_BYTES == 0 && bytes % sizeof(uint32_t) == 0);
	d->memory = memory;
	d->bytes = bytes;
	cache_invalidate(memory, bytes); /* no line is written back over what comes */
	d->block = (struct bcm2835_dma_block){
		.how = DMA_INTERRUPTS | DMA_WAITS_FOR_WRITES | DMA_TO_STEPS | DMA_FROM_PACED |
		       (uint32_t)from->request << DMA_DEVICE_SHIFT,
		.from = from->bus_address,
		.to = (uint32_t)(uintptr_t)memory | d->bus_offset,
		.bytes = (uint32_t)bytes,
	};
	go(d);
}

void bcm2835_dma_write(struct bcm2835_dma *d, const struct bcm2835_dma_device *to,
		       const void *memory, size_t bytes)
{
	assert((uintptr_t)memory % CACHE_LINE_BYTES == 0 && bytes % sizeof(uint32_t) == 0);
	d->memory = NULL;
	cache_clean(memory, bytes);
	d->block = (struct bcm2835_dma_block){
		.how = DMA_INTERRUPTS | DMA_WAITS_FOR_WRITES | DMA_FROM_STEPS | DMA_TO_PACED |
		       (uint32_t)to->request << DMA_DEVICE_SHIFT,
		.from = (uint32_t)(uintptr_t)memory | d->bus_offset,
		.to = to->bus_address,
		.bytes = (uint32_t)bytes,
	};
	go(d);
}

enum err bcm2835_dma_poll(struct bcm2835_dma *d)
{
	uint32_t state = mmio_read32(d->base + DMA_CS);

	if ((state & DMA_CS_ERROR) != 0) {
		bcm2835_dma_stop(d);
		return ERR_IO;
	}
	if ((state & DMA_CS_ACTIVE) != 0)
		return ERR_AGAIN;
	dma_read_barrier(); /* the data after what says that they are there */
	if (d->memory != NULL)
		cache_invalidate(d->memory, d->bytes); /* fetched ahead meanwhile */
	return OK;
}

void bcm2835_dma_stop(struct bcm2835_dma *d)
{
	mmio_write32(d->base + DMA_CS, DMA_CS_RESET);
	mmio_write32(d->base + DMA_DEBUG, DMA_DEBUG_ERRORS);
	/* What it has begun to write is there before the memory is somebody else's. */
	dma_full_barrier();
}

void bcm2835_dma_detach(struct bcm2835_dma *d)
{
	bcm2835_dma_stop(d);
	if (d->attached)
		irq_detach(d->irq, d->line);
	d->attached = false;
}
