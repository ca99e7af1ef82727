/* SPDX-License-Identifier: ISC */
/* Bringing the controller up, its clock and its width. */
#include "arch/barrier.h"
#include "drivers/block/pl181/pl181_internal.h"

enum {
	POWER_US = 20 * US_PER_MS, /* off, up, and on: until each is stable */
	CLOCK_US = 1 * US_PER_MS,  /* 74 clocks before the first command, and some more */
	HZ_IDENTIFY = 400000,
	BLOCKS_MAX = UINT16_MAX / 512,
};

static void delay(const struct pl181 *s, uint32_t us)
{
	uint64_t end = timer_now_us(s->host.timer) + us;

	while (timer_now_us(s->host.timer) < end)
		cpu_relax();
}

static enum err set_clock(struct sd_host *h, uint32_t hz)
{
	struct pl181 *s = pl181_of(h);
	uint32_t halves = (s->config.clock_hz + 2 * hz - 1) / (2 * hz);
	uint32_t divider = MIN(halves - 1, MCI_CLOCK_DIVIDER_MAX);

	s->clock &= ~(MCI_CLOCK_DIVIDER_MAX | MCI_CLOCK_BYPASS);
	if (s->config.clock_hz <= hz) {
		s->clock |= MCI_CLOCK_BYPASS;
		s->hz = s->config.clock_hz;
	} else {
		s->clock |= divider;
		s->hz = s->config.clock_hz / (2 * (divider + 1));
	}
	s->clock |= MCI_CLOCK_ENABLE;
	pl181_write(s, MCI_CLOCK, s->clock);
	delay(s, CLOCK_US);
	return OK;
}

static void set_width(struct sd_host *h, unsigned bits)
{
	struct pl181 *s = pl181_of(h);

	s->clock &= ~MCI_CLOCK_WIDE_BUS;
	if (bits == 4)
		s->clock |= MCI_CLOCK_WIDE_BUS;
	pl181_write(s, MCI_CLOCK, s->clock);
}

static enum err identify(struct pl181 *s)
{
	uint32_t id = 0, config;

	for (unsigned i = 0; i < 4; i++)
		id |= (pl181_read(s, MCI_PERIPH_ID0 + 4 * i) & 0xff) << 8 * i;
	config = id >> MCI_ID_CONFIG_SHIFT;
	id &= MCI_ID_PART;
	if (id != MCI_ID_ARM_PL180 && id != MCI_ID_ARM_PL181)
		return ERR_NODEV;
	s->fifo_words = MCI_FIFO_WORDS;
	s->clock = 0;
	if (id == MCI_ID_ARM_PL180 && config >= MCI_CONFIG_LARGE_FIFO)
		s->fifo_words = MCI_LARGE_FIFO_WORDS;
	if (id == MCI_ID_ARM_PL180 && config >= MCI_CONFIG_FLOW_CONTROL)
		s->clock = MCI_CLOCK_FLOW_CONTROL;
	return OK;
}

/* Nothing is under way, and nothing interrupts. */
static void turn_off(const struct pl181 *s)
{
	pl181_write(s, MCI_MASK0, 0);
	pl181_write(s, MCI_MASK1, 0);
	pl181_write(s, MCI_COMMAND, 0);
	pl181_write(s, MCI_DATA_CTRL, 0);
	pl181_write(s, MCI_CLOCK, 0);
	pl181_write(s, MCI_POWER, MCI_POWER_OFF);
	pl181_write(s, MCI_CLEAR, MCI_STATUS_STATIC);
}

/* The clock runs from the power-on phase on. */
static enum err power_up(struct sd_host *h)
{
	const struct pl181 *s = pl181_of(h);

	delay(s, POWER_US);
	pl181_write(s, MCI_POWER, MCI_POWER_UP);
	delay(s, POWER_US);
	pl181_write(s, MCI_POWER, MCI_POWER_ON);
	return set_clock(h, HZ_IDENTIFY);
}

static enum err start(struct sd_host *h)
{
	struct pl181 *s = pl181_of(h);
	enum err e = identify(s);

	if (e != OK)
		return e;
	s->command = NULL;
	s->armed = false;
	turn_off(s);
	if (!s->attached) {
		e = irq_attach(s->irq, s->config.line, IRQ_LEVEL_HIGH, pl181_interrupt, s);
		s->attached = e == OK;
	}
	return e == OK ? power_up(h) : e;
}

static void stop(struct sd_host *h)
{
	struct pl181 *s = pl181_of(h);

	if (!s->attached)
		return;
	pl181_cancel(h);
	turn_off(s);
	irq_detach(s->irq, s->config.line);
	s->attached = false;
}

static bool has_card(struct sd_host *h)
{
	const struct pl181 *s = pl181_of(h);

	return s->config.has_card == NULL || s->config.has_card();
}

static const struct sd_host_ops pl181_ops = {
	.start = start,
	.stop = stop,
	.has_card = has_card,
	.set_clock = set_clock,
	.set_width = set_width,
	.begin = pl181_begin,
	.poll = pl181_poll,
	.cancel = pl181_cancel,
};

struct sd_host *pl181_init(struct pl181 *s, const struct pl181_config *config, struct irq_chip *irq,
			   struct timer *timer)
{
	*s = (struct pl181){
		.host = {.ops = &pl181_ops,
			 .timer = timer,
			 .hz_max = config->hz_max,
			 .blocks_max = BLOCKS_MAX,
			 .has_one_line = config->has_one_line},
		.config = *config,
		.irq = irq,
	};
	return &s->host;
}
