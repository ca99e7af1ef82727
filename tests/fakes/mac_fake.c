/* SPDX-License-Identifier: ISC */
#include "tests/fakes/mac_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/fakes/cache_fake.h"

struct mac_fake mac_fake;

static uint64_t now_us(struct timer *t)
{
	(void)t;
	return mac_fake.now_us++;
}

static void arm(struct timer *t, uint64_t deadline_us)
{
	(void)t;
	mac_fake.alarm_us = deadline_us;
}

static const struct timer_ops timer_ops = {now_us, arm};
struct timer mac_fake_timer = {.ops = &timer_ops};

static enum err enable(struct irq_chip *chip, uint32_t line, enum irq_trigger trigger)
{
	(void)chip;
	assert_int_equal(line, MAC_FAKE_LINE);
	assert_int_equal(trigger, IRQ_LEVEL_HIGH);
	mac_fake.line_enabled = true;
	return OK;
}

static void disable(struct irq_chip *chip, uint32_t line)
{
	(void)chip;
	assert_int_equal(line, MAC_FAKE_LINE);
	mac_fake.line_enabled = false;
}

static const struct irq_chip_ops irq_ops = {.enable = enable, .disable = disable};
static struct irq_line lines[MAC_FAKE_LINE + 1];
struct irq_chip mac_fake_irq = {.ops = &irq_ops, .lines = lines, .n_lines = ARRAY_SIZE(lines)};

void mac_fake_pass(uint64_t us)
{
	mac_fake.now_us += us;
	if (mac_fake.now_us < mac_fake.alarm_us)
		return;
	mac_fake.alarm_us = TIME_NEVER;
	waker_wake(&mac_fake_timer.alarm);
}

void mac_fake_interrupt(void)
{
	if (!mac_fake.line_enabled || !(mac_fake_wants() || mac_fake.babbles))
		return;
	mac_fake.interrupts++;
	irq_storm.left = IRQ_STORM_MAX; /* the loop has a turn between two */
	irq_chip_handle(&mac_fake_irq, MAC_FAKE_LINE);
}

void mac_fake_link(unsigned offers)
{
	if (offers != 0)
		phy_fake_plug(&mac_fake.phy, offers);
	else
		phy_fake_pull(&mac_fake.phy);
}

void mac_fake_keep(const struct mac_fake_frame *f)
{
	mac_fake.sent[mac_fake.n_sent++ % MAC_FAKE_FRAMES] = *f;
}

void *mac_fake_memory(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT,
		       -1, 0);

	assert_true(p != MAP_FAILED);
	return p;
}

void mac_fake_init(uint8_t phy, unsigned offers)
{
	mac_fake = (struct mac_fake){.alarm_us = TIME_NEVER, .now_us = 1000};
	mac_fake.sent = calloc(MAC_FAKE_FRAMES, sizeof(*mac_fake.sent));
	memset(lines, 0, sizeof(lines));
	cache_fake_init();
	phy_fake_init(&mac_fake.phy, phy);
	mac_fake_link(offers);
}

void mac_fake_fini(void)
{
	free(mac_fake.sent);
	cache_fake_fini();
}
