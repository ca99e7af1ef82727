/* SPDX-License-Identifier: ISC */
/* Bringing the controller up, its clock and its width. */
#include "drivers/block/bcm2835_sdhost/bcm2835_sdhost_internal.h"

#include "arch/barrier.h"

enum {
	POWER_US = 20 * US_PER_MS, /* off, and on again */
	CLOCK_US = 1 * US_PER_MS,  /* 74 clocks before the first command, and some more */
	POLL_US = 200,
	HZ_IDENTIFY = 400000,
	HZ_HIGH_SPEED = 50000000,
	BLOCKS_MAX = 511,
	TIMEOUTS_PER_S = 2,
};

static void delay(const struct bcm2835_sdhost *s, uint32_t us)
{
	uint64_t end = timer_now_us(s->host.timer) + us;

	while (timer_now_us(s->host.timer) < end)
		cpu_relax();
}

/* The core's clock is divided by two more than the register says. */
static enum err set_clock(struct sd_host *h, uint32_t hz)
{
	struct bcm2835_sdhost *s = sdhost_of(h);
	uint32_t divisor = MAX((s->config.core_hz + hz - 1) / hz, 2);
	uint32_t field = MIN(divisor - 2, (uint32_t)SDHOST_DIVIDER_MAX);

	sdhost_write(s, SDHOST_DIVIDER, field);
	sdhost_write(s, SDHOST_TIMEOUT, s->config.core_hz / (field + 2) / TIMEOUTS_PER_S);
	delay(s, CLOCK_US);
	return OK;
}

static void set_width(struct sd_host *h, unsigned bits)
{
	struct bcm2835_sdhost *s = sdhost_of(h);

	s->mode &= ~SDHOST_CONFIG_4_BITS;
	if (bits == 4)
		s->mode |= SDHOST_CONFIG_4_BITS;
	sdhost_write(s, SDHOST_CONFIG, s->mode);
}

static void interrupt(void *arg)
{
	struct bcm2835_sdhost *s = arg;
	uint32_t status = sdhost_read(s, SDHOST_STATUS);

	s->seen |= status;
	sdhost_write(s, SDHOST_CONFIG, s->mode);
	sdhost_write(s, SDHOST_STATUS,
		     status & (SDHOST_STATUS_BUSY_END | SDHOST_STATUS_BLOCK | SDHOST_STATUS_SDIO));
	waker_wake(&s->host.waker);
}

static void power_up(const struct bcm2835_sdhost *s)
{
	uint32_t debug;

	sdhost_write(s, SDHOST_POWER, 0);
	sdhost_write(s, SDHOST_COMMAND, 0);
	sdhost_write(s, SDHOST_ARGUMENT, 0);
	sdhost_write(s, SDHOST_STATUS, SDHOST_STATUS_ALL);
	sdhost_write(s, SDHOST_CONFIG, 0);
	sdhost_write(s, SDHOST_BLOCK_BYTES, 0);
	sdhost_write(s, SDHOST_BLOCKS, 0);
	debug = sdhost_read(s, SDHOST_DEBUG) & ~SDHOST_DEBUG_THRESHOLDS;
	sdhost_write(s, SDHOST_DEBUG, debug | SDHOST_DEBUG_THRESHOLDS_OF_4);
	delay(s, POWER_US);
	sdhost_write(s, SDHOST_POWER, 1);
	delay(s, POWER_US);
}

static enum err start(struct sd_host *h)
{
	struct bcm2835_sdhost *s = sdhost_of(h);
	enum err e = OK;

	if (s->config.core_hz == 0)
		return ERR_UNSUPPORTED;
	s->command = NULL;
	power_up(s);
	if (!s->attached)
		e = irq_attach(s->irq, s->config.line, IRQ_LEVEL_HIGH, interrupt, s);
	if (e != OK)
		return e;
	s->attached = true;
	if (s->config.dma != NULL) {
		s->config.dma->waker = h->waker;
		e = bcm2835_dma_start(s->config.dma);
	}
	if (e != OK)
		return e;
	/* The clock as it is set, not switched by the device for cards that could be faster. */
	s->mode = SDHOST_CONFIG_WIDE_BUS | SDHOST_CONFIG_SLOW;
	sdhost_write(s, SDHOST_CONFIG, s->mode);
	return set_clock(h, HZ_IDENTIFY);
}

static void stop(struct sd_host *h)
{
	struct bcm2835_sdhost *s = sdhost_of(h);

	if (!s->attached)
		return;
	sdhost_write(s, SDHOST_CONFIG, 0);
	sdhost_write(s, SDHOST_STATUS, SDHOST_STATUS_ALL);
	irq_detach(s->irq, s->config.line);
	if (s->config.dma != NULL)
		bcm2835_dma_detach(s->config.dma);
	s->attached = false;
	sdhost_write(s, SDHOST_POWER, 0);
}

/* Nothing tells. */
static bool has_card(struct sd_host *h)
{
	(void)h;
	return true;
}

static const struct sd_host_ops bcm2835_sdhost_ops = {
	.start = start,
	.stop = stop,
	.has_card = has_card,
	.set_clock = set_clock,
	.set_width = set_width,
	.begin = bcm2835_sdhost_begin,
	.poll = bcm2835_sdhost_poll,
	.cancel = bcm2835_sdhost_cancel,
};

struct sd_host *bcm2835_sdhost_init(struct bcm2835_sdhost *s,
				    const struct bcm2835_sdhost_config *config,
				    struct irq_chip *irq, struct timer *timer)
{
	*s = (struct bcm2835_sdhost){
		.host = {.ops = &bcm2835_sdhost_ops,
			 .timer = timer,
			 .poll_us = POLL_US,
			 .hz_max = HZ_HIGH_SPEED,
			 .blocks_max = BLOCKS_MAX},
		.config = *config,
		.irq = irq,
	};
	return &s->host;
}
