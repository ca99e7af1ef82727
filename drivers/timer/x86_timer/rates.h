/* SPDX-License-Identifier: ISC */
/*
 * How fast the time-stamp counter and the local APIC's timer count: as the hypervisor or the
 * processor says, else measured.
 */
#ifndef DRIVERS_TIMER_X86_TIMER_RATES_H
#define DRIVERS_TIMER_X86_TIMER_RATES_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "drivers/irq/apic/apic.h"

struct x86_rates {
	uint32_t tsc_khz;
	uint32_t apic_khz; /* of the timer before its divider */
};

/* The first leaf of KVM's CPUID range, or 0 if the hypervisor is not KVM. */
uint32_t kvm_cpuid_base(void);

/*
 * Finds the rates that are 0. Takes up to 2 ms if nobody knows them, 0.3 ms under QEMU's TCG, else
 * no time. ERR_UNSUPPORTED if there is nothing to measure with.
 */
MUST_USE enum err x86_rates_find(struct x86_rates *rates, const struct apic *apic);

#endif
