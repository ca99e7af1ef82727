/* SPDX-License-Identifier: ISC */
/* Bringing the controller up, its clock and its width. */
#include "drivers/block/sdhci/sdhci_internal.h"

#include "arch/barrier.h"

enum {
	RESET_US = 100 * US_PER_MS,  /* section 2.2.16 says none */
	STABLE_US = 150 * US_PER_MS, /* of the internal clock (section 3.2.1) */
	POWER_US = 10 * US_PER_MS,   /* until the supply has risen */
	WAKE_UP_US = 1 * US_PER_MS,  /* 74 clocks before the first command, and some more */

	HZ_IDENTIFY = 400000,
	HZ_DEFAULT_SPEED = 25000000,
	HZ_HIGH_SPEED = 50000000,
	BLOCKS_MAX = 65535,
};

static uint64_t now_us(const struct sdhci *s)
{
	return timer_now_us(s->host.timer);
}

static void delay(const struct sdhci *s, uint64_t until_us)
{
	while (now_us(s) < until_us)
		cpu_relax();
}

void sdhci_write(struct sdhci *s, uint32_t offset, uint32_t value)
{
	if (s->gap_us != 0) {
		delay(s, s->last_write_us + s->gap_us);
		s->last_write_us = now_us(s);
	}
	mmio_write32(s->config.base + offset, value);
}

static enum err wait(const struct sdhci *s, uint32_t offset, uint32_t mask, uint32_t value,
		     uint32_t us)
{
	uint64_t end = now_us(s) + us;

	while ((sdhci_read(s, offset) & mask) != value) {
		if (now_us(s) >= end)
			return ERR_TIMEOUT;
		cpu_relax();
	}
	return OK;
}

enum err sdhci_reset(struct sdhci *s, uint32_t which)
{
	sdhci_write(s, SDHCI_CLOCK, sdhci_read(s, SDHCI_CLOCK) | which);
	return wait(s, SDHCI_CLOCK, which, 0, RESET_US);
}

/* Version 3 divides by any even number, those before by powers of two; both by 1. The field has its
 * lower eight bits in front of its upper two (section 2.2.14). */
static uint32_t divider_field(const struct sdhci *s, uint32_t hz)
{
	enum { HALF_MAX = 1023, HALF_MAX_2 = 128 };
	uint32_t half = 0;

	if (s->base_hz <= hz) {
		half = 0;
	} else if (s->version >= SDHCI_VERSION_3) {
		half = MIN((s->base_hz + 2 * hz - 1) / (2 * hz), HALF_MAX);
	} else {
		for (half = 1; half < HALF_MAX_2 && s->base_hz / (2 * half) > hz;)
			half *= 2;
	}
	return (half & 0xff) << 8 | (half >> 8) << 6;
}

/* Two clocks of the card, rounded up, and one more since the clock may be about to tick. */
static uint32_t write_gap_us(const struct sdhci *s, uint32_t hz)
{
	return (s->config.flags & SDHCI_SLOW_WRITES) != 0 ? 2 * US_PER_S / hz + 2 : 0;
}

static enum err set_clock(struct sd_host *h, uint32_t hz)
{
	struct sdhci *s = sdhci_of(h);
	uint32_t clock = SDHCI_TIMEOUT_LONGEST | divider_field(s, hz);
	enum err e;

	/* While the clock stands, as for the slowest: nothing says how long it must be then. */
	s->gap_us = write_gap_us(s, HZ_IDENTIFY);
	sdhci_write(s, SDHCI_CLOCK, SDHCI_TIMEOUT_LONGEST);
	s->control &= ~SDHCI_CONTROL_HIGH_SPEED;
	if (hz > HZ_DEFAULT_SPEED)
		s->control |= SDHCI_CONTROL_HIGH_SPEED;
	sdhci_write(s, SDHCI_CONTROL, s->control);
	sdhci_write(s, SDHCI_CLOCK, clock | SDHCI_CLOCK_INTERNAL);
	e = wait(s, SDHCI_CLOCK, SDHCI_CLOCK_STABLE, SDHCI_CLOCK_STABLE, STABLE_US);
	if (e != OK)
		return e;
	sdhci_write(s, SDHCI_CLOCK, clock | SDHCI_CLOCK_INTERNAL | SDHCI_CLOCK_CARD);
	s->gap_us = write_gap_us(s, hz);
	delay(s, now_us(s) + WAKE_UP_US);
	return OK;
}

static void set_width(struct sd_host *h, unsigned bits)
{
	struct sdhci *s = sdhci_of(h);

	s->control &= ~SDHCI_CONTROL_4_BITS;
	if (bits == 4)
		s->control |= SDHCI_CONTROL_4_BITS;
	sdhci_write(s, SDHCI_CONTROL, s->control);
}

/* What it can do, as it says or as the board does. */
static enum err read_capabilities(struct sdhci *s)
{
	uint32_t capabilities = SDHCI_CAN_3V3 | SDHCI_CAN_HIGH_SPEED, mhz;

	s->version = sdhci_read(s, SDHCI_VERSION) >> SDHCI_VERSION_SHIFT & SDHCI_VERSION_MASK;
	s->base_hz = s->config.base_hz;
	if ((s->config.flags & SDHCI_NO_CAPABILITIES) == 0)
		capabilities = sdhci_read(s, SDHCI_CAPABILITIES);
	if (s->base_hz == 0) {
		mhz = capabilities >> SDHCI_BASE_MHZ_SHIFT;
		mhz &= s->version >= SDHCI_VERSION_3 ? SDHCI_BASE_MHZ_MASK : SDHCI_BASE_MHZ_MASK_2;
		s->base_hz = mhz * 1000000;
	}
	if ((capabilities & SDHCI_CAN_3V3) == 0 || s->base_hz == 0)
		return ERR_UNSUPPORTED;
	s->host.hz_max = (capabilities & SDHCI_CAN_HIGH_SPEED) != 0 ? HZ_HIGH_SPEED
								    : HZ_DEFAULT_SPEED;
	return OK;
}

static void interrupt(void *arg)
{
	struct sdhci *s = arg;

	sdhci_write(s, SDHCI_SIGNAL_ENABLE, 0);
	s->armed = false;
	waker_wake(&s->host.waker);
}

static enum err start(struct sd_host *h)
{
	struct sdhci *s = sdhci_of(h);
	enum err e;

	s->command = NULL;
	s->armed = false;
	s->control = SDHCI_POWER_3V3;
	s->gap_us = write_gap_us(s, HZ_IDENTIFY);
	e = sdhci_reset(s, SDHCI_RESET_ALL);
	if (e == OK)
		e = read_capabilities(s);
	if (e == OK && !s->attached) {
		sdhci_write(s, SDHCI_SIGNAL_ENABLE, 0);
		e = irq_attach(s->irq, s->config.line, IRQ_LEVEL_HIGH, interrupt, s);
		s->attached = e == OK;
	}
	if (e != OK)
		return e;
	sdhci_write(s, SDHCI_CONTROL, s->control);
	delay(s, now_us(s) + POWER_US);
	sdhci_write(s, SDHCI_STATUS_ENABLE,
		    SDHCI_ERRORS | SDHCI_COMMAND_DONE | SDHCI_TRANSFER_DONE | SDHCI_CAN_WRITE |
			    SDHCI_CAN_READ);
	return set_clock(h, HZ_IDENTIFY);
}

static void stop(struct sd_host *h)
{
	struct sdhci *s = sdhci_of(h);

	if (!s->attached)
		return;
	sdhci_write(s, SDHCI_SIGNAL_ENABLE, 0);
	irq_detach(s->irq, s->config.line);
	s->attached = false;
	/* The clock stops, the power goes; a controller that hangs even now cannot be helped. */
	sdhci_reset(s, SDHCI_RESET_ALL);
}

static bool has_card(struct sd_host *h)
{
	const struct sdhci *s = sdhci_of(h);

	return (s->config.flags & SDHCI_NO_DETECT) != 0 ||
	       (sdhci_read(s, SDHCI_STATE) & SDHCI_STATE_INSERTED) != 0;
}

static const struct sd_host_ops sdhci_ops = {
	.start = start,
	.stop = stop,
	.has_card = has_card,
	.set_clock = set_clock,
	.set_width = set_width,
	.begin = sdhci_begin,
	.poll = sdhci_poll,
	.cancel = sdhci_cancel,
};

struct sd_host *sdhci_init(struct sdhci *s, const struct sdhci_config *config, struct irq_chip *irq,
			   struct timer *timer)
{
	*s = (struct sdhci){
		.host = {.ops = &sdhci_ops, .timer = timer, .blocks_max = BLOCKS_MAX},
		.config = *config,
		.irq = irq,
	};
	return &s->host;
}
