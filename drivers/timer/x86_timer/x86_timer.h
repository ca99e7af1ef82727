/* SPDX-License-Identifier: ISC */
/*
 * Time on x86: the time-stamp counter, read by KVM's clock page where there is one, and the local
 * APIC's timer as the alarm, by deadline where the processor can and else as a countdown.
 *
 * Time zero is the image's entry. The counter is taken to run at a constant rate, as all of the
 * last fifteen years do, or to be corrected by KVM. The struct belongs to the caller, static.
 */
#ifndef DRIVERS_TIMER_X86_TIMER_X86_TIMER_H
#define DRIVERS_TIMER_X86_TIMER_X86_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/irq/apic/apic.h"
#include "drivers/timer/x86_timer/pvclock.h"
#include "hal/timer.h"

struct x86_timer {
	struct timer timer;
	const struct apic *apic;
	ALIGNED(32) struct pvclock page; /* KVM's, or filled once; must not cross a page */
	bool kvm;                        /* KVM keeps the page */
	bool deadline;                   /* the alarm takes TSC values */
	uint64_t zero_ns;                /* the page's time at time zero */
	uint64_t last_us;                /* answered last: time never goes back */
	uint64_t alarm_per_ns_q32;       /* ticks of the alarm's counter for each ns, times 2^32 */
};

/*
 * Initialises `t`, disarmed, with the alarm on line APIC_LINE_TIMER. Measures what rates nobody
 * tells (rates.h), for 2 ms at most. ERR_UNSUPPORTED: that cannot be done; or an error of
 * irq_attach().
 */
MUST_USE enum err x86_timer_init(struct x86_timer *t, struct apic *apic);

#endif
