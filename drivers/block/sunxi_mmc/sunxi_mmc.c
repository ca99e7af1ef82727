/* SPDX-License-Identifier: ISC */
/* Bringing the controller up, its clock and its width. */
#include "arch/barrier.h"
#include "drivers/block/sunxi_mmc/sunxi_mmc_internal.h"

enum {
	RESET_US = 10 * US_PER_MS,
	CLOCK_US = 10 * US_PER_MS,  /* until the settings are taken over */
	POWER_US = 10 * US_PER_MS,  /* until a card that has just been put in has power */
	WAKE_UP_US = 1 * US_PER_MS, /* 74 clocks before the first command, and some more */

	HZ_IDENTIFY = 400000,
	POLL_US = 1 * US_PER_MS, /* a card that is busy, and data on their way to memory */
	BLOCKS_MAX = SUNXI_MMC_DESCS * SUNXI_MMC_DESC_BYTES / 512,
};

static uint64_t now_us(const struct sunxi_mmc *s)
{
	return timer_now_us(s->host.timer);
}

static void delay(const struct sunxi_mmc *s, uint32_t us)
{
	uint64_t end = now_us(s) + us;

	while (now_us(s) < end)
		cpu_relax();
}

enum err sunxi_mmc_wait_clear(const struct sunxi_mmc *s, uint32_t offset, uint32_t bits,
			      uint32_t us)
{
	uint64_t end = now_us(s) + us;

	while ((sunxi_mmc_read(s, offset) & bits) != 0) {
		if (now_us(s) >= end)
			return ERR_TIMEOUT;
		cpu_relax();
	}
	return OK;
}

enum err sunxi_mmc_reset(const struct sunxi_mmc *s, uint32_t what)
{
	sunxi_mmc_write(s, MMC_CONTROL, MMC_CONTROL_INTERRUPTS | what);
	return sunxi_mmc_wait_clear(s, MMC_CONTROL, what & MMC_CONTROL_RESETS, RESET_US);
}

/* The two dividers of the module clock that make the fastest one not above `hz`. */
static uint32_t module_divider(uint32_t hz)
{
	enum { LOW_MAX = 16, HIGH_MAX = 3 };
	uint32_t by = (MMC_MODULE_HZ + hz - 1) / hz, high = 0;

	while (by > LOW_MAX && high < HIGH_MAX) {
		by = (by + 1) / 2;
		high++;
	}
	return high << MMC_MODULE_DIVIDER_SHIFT | (MIN(by, (uint32_t)LOW_MAX) - 1);
}

/* Has the controller take over what MMC_CLOCK says. */
static enum err update_clock(const struct sunxi_mmc *s, uint32_t clock)
{
	sunxi_mmc_write(s, MMC_CLOCK, clock);
	sunxi_mmc_write(s, MMC_COMMAND,
			MMC_COMMAND_START | MMC_COMMAND_CLOCK_ONLY | MMC_COMMAND_WAITS);
	return sunxi_mmc_wait_clear(s, MMC_COMMAND, MMC_COMMAND_START, CLOCK_US);
}

static enum err set_clock(struct sd_host *h, uint32_t hz)
{
	const struct sunxi_mmc *s = sunxi_mmc_of(h);
	enum err e = update_clock(s, 0);

	if (e != OK)
		return e;
	mmio_write32(s->config.module, MMC_MODULE_ON | module_divider(hz));
	e = update_clock(s, MMC_CLOCK_ON);
	/* It has counted as an event. */
	sunxi_mmc_write(s, MMC_EVENTS, UINT32_MAX);
	delay(s, WAKE_UP_US);
	return e;
}

static void set_width(struct sd_host *h, unsigned bits)
{
	sunxi_mmc_write(sunxi_mmc_of(h), MMC_WIDTH, bits == 4 ? MMC_WIDTH_4 : MMC_WIDTH_1);
}

static void interrupt(void *arg)
{
	struct sunxi_mmc *s = arg;

	sunxi_mmc_write(s, MMC_INT_ENABLE, 0);
	s->armed = false;
	waker_wake(&s->host.waker);
}

static enum err start(struct sd_host *h)
{
	struct sunxi_mmc *s = sunxi_mmc_of(h);
	enum err e;

	s->command = NULL;
	s->armed = false;
	mmio_write32(s->config.module, MMC_MODULE_ON | module_divider(HZ_IDENTIFY));
	e = sunxi_mmc_reset(s, MMC_CONTROL_RESETS);
	if (e != OK)
		return e;
	sunxi_mmc_write(s, MMC_INT_ENABLE, 0);
	sunxi_mmc_write(s, MMC_DMA_INT_ENABLE, 0);
	sunxi_mmc_write(s, MMC_EVENTS, UINT32_MAX);
	if (!s->attached) {
		e = irq_attach(s->irq, s->config.line, IRQ_LEVEL_HIGH, interrupt, s);
		s->attached = e == OK;
	}
	if (e != OK)
		return e;
	sunxi_mmc_write(s, MMC_FIFO_LEVELS, MMC_FIFO_LEVELS_DMA);
	sunxi_mmc_write(s, MMC_TIMEOUT, UINT32_MAX);
	sunxi_mmc_write(s, MMC_DMA_DESCRIPTORS, (uint32_t)(uintptr_t)s->desc);
	set_width(h, 1);
	delay(s, POWER_US);
	return set_clock(h, HZ_IDENTIFY);
}

static void stop(struct sd_host *h)
{
	struct sunxi_mmc *s = sunxi_mmc_of(h);

	if (!s->attached)
		return;
	sunxi_mmc_cancel(h);
	sunxi_mmc_write(s, MMC_INT_ENABLE, 0);
	irq_detach(s->irq, s->config.line);
	s->attached = false;
	/* The clock stops; a controller that hangs even now cannot be helped. */
	sunxi_mmc_write(s, MMC_CLOCK, 0);
	mmio_write32(s->config.module, 0);
}

/* Nothing tells. */
static bool has_card(struct sd_host *h)
{
	(void)h;
	return true;
}

static const struct sd_host_ops sunxi_mmc_ops = {
	.start = start,
	.stop = stop,
	.has_card = has_card,
	.set_clock = set_clock,
	.set_width = set_width,
	.begin = sunxi_mmc_begin,
	.poll = sunxi_mmc_poll,
	.cancel = sunxi_mmc_cancel,
};

struct sd_host *sunxi_mmc_init(struct sunxi_mmc *s, const struct sunxi_mmc_config *config,
			       struct irq_chip *irq, struct timer *timer)
{
	*s = (struct sunxi_mmc){
		.host = {.ops = &sunxi_mmc_ops,
			 .timer = timer,
			 .poll_us = POLL_US,
			 .hz_max = MMC_MODULE_HZ,
			 .blocks_max = BLOCKS_MAX},
		.config = *config,
		.irq = irq,
	};
	return &s->host;
}
