/* SPDX-License-Identifier: ISC */
/* What the sources of this folder share. */
#ifndef DRIVERS_BLOCK_SDHCI_SDHCI_INTERNAL_H
#define DRIVERS_BLOCK_SDHCI_SDHCI_INTERNAL_H

#include "arch/mmio.h"
#include "drivers/block/sdhci/sdhci.h"
#include "drivers/block/sdhci/sdhci_regs.h"

static inline struct sdhci *sdhci_of(struct sd_host *h)
{
	return container_of(h, struct sdhci, host);
}

static inline uint32_t sdhci_read(const struct sdhci *s, uint32_t offset)
{
	return mmio_read32(s->config.base + offset);
}

/* Waits first, some microseconds, where the controller needs time after the last one. */
void sdhci_write(struct sdhci *s, uint32_t offset, uint32_t value);

/* Resets what `which` says, and waits until it is done. ERR_TIMEOUT, which the next
 * command says again. */
enum err sdhci_reset(struct sdhci *s, uint32_t which);

void sdhci_begin(struct sd_host *h, struct sd_command *c);
enum err sdhci_poll(struct sd_host *h);
void sdhci_cancel(struct sd_host *h);

#endif
