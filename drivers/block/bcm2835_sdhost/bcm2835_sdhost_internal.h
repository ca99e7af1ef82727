/* SPDX-License-Identifier: ISC */
/* What the sources of this folder share. */
#ifndef DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_INTERNAL_H
#define DRIVERS_BLOCK_BCM2835_SDHOST_BCM2835_SDHOST_INTERNAL_H

#include "arch/mmio.h"
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost.h"
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost_regs.h"

static inline struct bcm2835_sdhost *sdhost_of(struct sd_host *h)
{
	return container_of(h, struct bcm2835_sdhost, host);
}

static inline uint32_t sdhost_read(const struct bcm2835_sdhost *s, uint32_t offset)
{
	return mmio_read32(s->config.base + offset);
}

static inline void sdhost_write(const struct bcm2835_sdhost *s, uint32_t offset, uint32_t value)
{
	mmio_write32(s->config.base + offset, value);
}

void bcm2835_sdhost_begin(struct sd_host *h, struct sd_command *c);
enum err bcm2835_sdhost_poll(struct sd_host *h);
void bcm2835_sdhost_cancel(struct sd_host *h);

#endif
