/* SPDX-License-Identifier: ISC */
/*
 * KVM's clocks for its guests: the page that says how to turn the time-stamp counter into time,
 * and the time of day (Linux, Documentation/virt/kvm/x86/msr.rst).
 */
#ifndef DRIVERS_TIMER_X86_TIMER_KVMCLOCK_H
#define DRIVERS_TIMER_X86_TIMER_KVMCLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/timer/x86_timer/pvclock.h"
#include "hal/clock.h"

/* Has KVM keep `page`, static memory, up to date from now on. False: there is no such clock. */
bool kvmclock_start(struct pvclock *page);

/* The hypervisor's time of day. */
struct kvm_wall_clock {
	struct clock clock;
	const struct pvclock *page;
};

/* Takes the clock; kvmclock_start() has succeeded with `page`. */
void kvm_wall_clock_init(struct kvm_wall_clock *c, const struct pvclock *page);

#endif
