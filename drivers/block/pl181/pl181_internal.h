/* SPDX-License-Identifier: ISC */
/* What the sources of this folder share. */
#ifndef DRIVERS_BLOCK_PL181_PL181_INTERNAL_H
#define DRIVERS_BLOCK_PL181_PL181_INTERNAL_H

#include "arch/mmio.h"
#include "drivers/block/pl181/pl181.h"
#include "drivers/block/pl181/pl181_regs.h"

static inline struct pl181 *pl181_of(struct sd_host *h)
{
	return container_of(h, struct pl181, host);
}

static inline uint32_t pl181_read(const struct pl181 *s, uint32_t offset)
{
	return mmio_read32(s->config.base + offset);
}

static inline void pl181_write(const struct pl181 *s, uint32_t offset, uint32_t value)
{
	mmio_write32(s->config.base + offset, value);
}

void pl181_interrupt(void *arg);
void pl181_begin(struct sd_host *h, struct sd_command *c);
enum err pl181_poll(struct sd_host *h);
void pl181_cancel(struct sd_host *h);

#endif
