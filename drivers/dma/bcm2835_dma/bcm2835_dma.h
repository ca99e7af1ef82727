/* SPDX-License-Identifier: ISC */
/*
 * A channel of the DMA controller of the Raspberry Pi 1 to 3 and Zero: moves words between memory
 * and one register of a device, as fast as that device asks for them.
 *
 * A transfer begins and is polled for, or ended by a stop; when it has ended the interrupt handler
 * wakes `waker`. A device that asks for nothing lets it wait for ever: how long that may be is the
 * business of the device's driver. Memory is lent from the beginning until poll answers anything
 * but ERR_AGAIN, or until stop returns.
 *
 * The controller does not see the caches, and has memory and devices at addresses of its own: those
 * of memory are `bus_offset` above the processor's. Event loop and start-up only.
 */
#ifndef DRIVERS_DMA_BCM2835_DMA_BCM2835_DMA_H
#define DRIVERS_DMA_BCM2835_DMA_BCM2835_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/waker.h"
#include "hal/irq.h"

/* What a channel does, as it reads it from memory. */
struct bcm2835_dma_block {
	uint32_t how, from, to, bytes, stride, next, unused[2];
};

struct bcm2835_dma {
	uintptr_t base;
	uint32_t bus_offset;
	struct irq_chip *irq;
	uint32_t line;
	struct waker waker; /* set by the device's driver before the start */
	bool attached;
	void *memory; /* that is written to, or NULL */
	size_t bytes;
	ALIGNED(CACHE_LINE_BYTES) struct bcm2835_dma_block block;
};

/* The device's register, and the number by which it asks. */
struct bcm2835_dma_device {
	uint32_t bus_address;
	uint8_t request;
};

/* From the registers of a channel to those of the next. */
enum { BCM2835_DMA_CHANNEL_BYTES = 0x100 };

/* Prepares the channel with its registers (36 bytes) at `base`. Does not touch it. */
void bcm2835_dma_init(struct bcm2835_dma *d, uintptr_t base, uint32_t bus_offset,
		      struct irq_chip *irq, uint32_t line);

/* Resets the channel. What attaching the interrupt says. */
MUST_USE enum err bcm2835_dma_start(struct bcm2835_dma *d);

/* Moves `bytes`, a multiple of 4; `memory` is CACHE_LINE_BYTES aligned, and its last line is used
 * by nobody else meanwhile. None is under way. */
void bcm2835_dma_read(struct bcm2835_dma *d, const struct bcm2835_dma_device *from, void *memory,
		      size_t bytes);
void bcm2835_dma_write(struct bcm2835_dma *d, const struct bcm2835_dma_device *to,
		       const void *memory, size_t bytes);

/* ERR_AGAIN: under way. ERR_IO: the controller could not, and has stopped. */
MUST_USE enum err bcm2835_dma_poll(struct bcm2835_dma *d);

/* Ends the transfer under way, if there is one. */
void bcm2835_dma_stop(struct bcm2835_dma *d);

/* Stops, and nothing interrupts any more. */
void bcm2835_dma_detach(struct bcm2835_dma *d);

#endif
