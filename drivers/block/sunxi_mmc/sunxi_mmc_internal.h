/* SPDX-License-Identifier: ISC */
/* What the sources of this folder share. */
#ifndef DRIVERS_BLOCK_SUNXI_MMC_SUNXI_MMC_INTERNAL_H
#define DRIVERS_BLOCK_SUNXI_MMC_SUNXI_MMC_INTERNAL_H

#include "arch/mmio.h"
#include "drivers/block/sunxi_mmc/sunxi_mmc.h"
#include "drivers/block/sunxi_mmc/sunxi_mmc_regs.h"
#include "drivers/dma/dma_sync/dma_sync.h"

static inline struct sunxi_mmc *sunxi_mmc_of(struct sd_host *h)
{
	return container_of(h, struct sunxi_mmc, host);
}

static inline uint32_t sunxi_mmc_read(const struct sunxi_mmc *s, uint32_t offset)
{
	return mmio_read32(s->config.base + offset);
}

static inline void sunxi_mmc_write(const struct sunxi_mmc *s, uint32_t offset, uint32_t value)
{
	mmio_write32(s->config.base + offset, value);
}

/* Waits until the bits are clear: ERR_TIMEOUT. */
MUST_USE enum err sunxi_mmc_wait_clear(const struct sunxi_mmc *s, uint32_t offset, uint32_t bits,
				       uint32_t us);

/* Resets by the bits of `what` in MMC_CONTROL, and sets its others. ERR_TIMEOUT: it does not end.
 */
MUST_USE enum err sunxi_mmc_reset(const struct sunxi_mmc *s, uint32_t what);

void sunxi_mmc_begin(struct sd_host *h, struct sd_command *c);
enum err sunxi_mmc_poll(struct sd_host *h);
void sunxi_mmc_cancel(struct sd_host *h);

#endif
