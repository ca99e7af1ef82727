/* SPDX-License-Identifier: ISC */
#include "drivers/timer/x86_timer/x86_timer.h"

#include "arch/x86.h"
#include "drivers/irq/apic/apic_regs.h"
#include "drivers/timer/x86_timer/kvmclock.h"
#include "drivers/timer/x86_timer/rates.h"

#define CPUID_1_ECX_TSC_DEADLINE (1u << 24)

#define NS_PER_US    1000u
/* The longest alarm, 2^40 ns: a later one comes early. Keeps all products in 128 bits. */
#define ALARM_NS_MAX (UINT64_C(1) << 40)

enum { ALARM_DIVIDER = 16 }; /* countdown: steps of 16 ns, up to a minute, at 1 GHz */

static struct x86_timer *self(struct timer *timer)
{
	return container_of(timer, struct x86_timer, timer);
}

static uint64_t now_ns(const struct x86_timer *t)
{
	struct pvclock p = pvclock_snapshot(&t->page);
	return pvclock_ns(&p, tsc_read()) - t->zero_ns;
}

/* By multiplication, which is much cheaper here than the division that -Os would make. */
static uint64_t us_of_ns(uint64_t ns)
{
	const uint64_t reciprocal_q64 = UINT64_MAX / NS_PER_US + 1;
	return (uint64_t)((unsigned __int128)ns * reciprocal_q64 >> 64);
}

static uint64_t now_us(struct timer *timer)
{
	struct x86_timer *t = self(timer);
	uint64_t us = us_of_ns(now_ns(t));
	/* Where the hypervisor has corrected its page the new time may be a trifle earlier. */
	if (us > t->last_us)
		t->last_us = us;
	return t->last_us;
}

/* Ticks from now to the deadline, rounded up, at least one. */
static uint64_t ticks_until(const struct x86_timer *t, uint64_t deadline_us)
{
	uint64_t now = now_ns(t);
	uint64_t deadline_ns = deadline_us < UINT64_MAX / NS_PER_US ? deadline_us * NS_PER_US
								    : UINT64_MAX;
	uint64_t ns = deadline_ns > now ? MIN(deadline_ns - now, ALARM_NS_MAX) : 0;
	return (uint64_t)((unsigned __int128)ns * t->alarm_per_ns_q32 >> 32) + 1;
}

static void arm(struct timer *timer, uint64_t deadline_us)
{
	struct x86_timer *t = self(timer);
	uint64_t ticks = deadline_us != TIME_NEVER ? ticks_until(t, deadline_us) : 0;
	if (t->deadline)
		msr_write(MSR_TSC_DEADLINE, ticks != 0 ? tsc_read() + ticks : 0);
	else
		apic_write(t->apic, APIC_TIMER_INITIAL, (uint32_t)MIN(ticks, UINT32_MAX));
}

static const struct timer_ops ops = {.now_us = now_us, .arm = arm};

static void handle_interrupt(void *arg)
{
	const struct x86_timer *t = arg;
	waker_wake(&t->timer.alarm);
}

/* Time zero lies before the page's base, which KVM has set a moment ago. */
static void set_zero(struct x86_timer *t)
{
	struct pvclock p = pvclock_snapshot(&t->page);
	uint64_t tsc = tsc_read();
	uint64_t age_ns = pvclock_ticks_to_ns(&p, tsc - tsc_at_entry);
	t->zero_ns = pvclock_ns(&p, tsc) - age_ns;
}

/* Starts the clock page; returns the rate of the APIC's timer, whose divider is 1. */
static enum err find_rates(struct x86_timer *t, uint32_t *apic_khz)
{
	struct x86_rates rates = {0};
	t->kvm = kvmclock_start(&t->page);
	if (t->kvm) {
		uint64_t per_ns_q32 = pvclock_ticks_per_ns_q32(&t->page);
		rates.tsc_khz = (uint32_t)((unsigned __int128)per_ns_q32 * 1000000 >> 32);
	}
	enum err e = x86_rates_find(&rates, t->apic);
	if (e != OK)
		return e;
	if (!t->kvm)
		pvclock_set(&t->page, rates.tsc_khz, tsc_at_entry);
	*apic_khz = rates.apic_khz;
	return OK;
}

enum err x86_timer_init(struct x86_timer *t, struct apic *apic)
{
	uint32_t apic_khz;
	t->timer.ops = &ops;
	t->apic = apic;
	enum err e = find_rates(t, &apic_khz);
	if (e != OK)
		return e;
	set_zero(t);

	t->deadline = (cpuid(1, 0).ecx & CPUID_1_ECX_TSC_DEADLINE) != 0;
	if (t->deadline)
		t->alarm_per_ns_q32 = pvclock_ticks_per_ns_q32(&t->page);
	else
		t->alarm_per_ns_q32 = ((uint64_t)apic_khz << 32) / 1000000 / ALARM_DIVIDER;
	e = irq_attach(&apic->chip, APIC_LINE_TIMER, IRQ_EDGE_RISING, handle_interrupt, t);
	if (e != OK)
		return e;
	apic_write(apic, APIC_TIMER_DIVIDE, APIC_TIMER_DIVIDE_16);
	apic_write(apic, APIC_LVT_TIMER,
		   (t->deadline ? APIC_LVT_TIMER_DEADLINE : APIC_LVT_TIMER_ONE_SHOT) |
			   (VECTOR_IRQ + APIC_LINE_TIMER));
	return OK;
}
