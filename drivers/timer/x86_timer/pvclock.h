/* SPDX-License-Identifier: ISC */
/*
 * Time from the time-stamp counter: nanoseconds = base + (TSC - TSC at base) * rate.
 *
 * The structure is the one that KVM and Xen share with their guests and rewrite when the rate
 * changes (Linux, Documentation/virt/kvm/x86/msr.rst, MSR_KVM_SYSTEM_TIME_NEW); without them the
 * timer driver fills one itself. Pure: tested on the build machine.
 */
#ifndef DRIVERS_TIMER_X86_TIMER_PVCLOCK_H
#define DRIVERS_TIMER_X86_TIMER_PVCLOCK_H

#include <stdint.h>

struct pvclock {
	uint32_t version; /* odd while the hypervisor writes */
	uint32_t reserved0;
	uint64_t tsc; /* at `base_ns` */
	uint64_t base_ns;
	uint32_t mult; /* ns = (ticks << shift) * mult / 2^32; a negative shift is to the right */
	int8_t shift;
	uint8_t flags;
	uint8_t reserved1[2];
};
_Static_assert(sizeof(struct pvclock) == 32, "the hypervisor's layout");

/* Fills `p` for a counter of `khz`, not 0, that counts from `tsc` at time 0. */
void pvclock_set(struct pvclock *p, uint32_t khz, uint64_t tsc);

/* The nanoseconds of `ticks`. */
uint64_t pvclock_ticks_to_ns(const struct pvclock *p, uint64_t ticks);

/* The counter's rate in ticks for each nanosecond, times 2^32. 0 if the structure holds no rate. */
uint64_t pvclock_ticks_per_ns_q32(const struct pvclock *p);

/* A copy that is not half old and half new, of a structure that may be rewritten at any time. */
struct pvclock pvclock_snapshot(const volatile struct pvclock *p);

/* The time at `tsc`, read after the snapshot `p` was taken. */
uint64_t pvclock_ns(const struct pvclock *p, uint64_t tsc);

#endif
