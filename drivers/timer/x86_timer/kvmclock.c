/* SPDX-License-Identifier: ISC */
#include "drivers/timer/x86_timer/kvmclock.h"

#include "arch/barrier.h"
#include "arch/x86.h"
#include "drivers/timer/x86_timer/rates.h"

#define CPUID_KVM_FEATURES     1 /* from KVM's first leaf */
#define KVM_FEATURE_CLOCK      (1u << 3)
#define MSR_KVM_WALL_CLOCK     0x4b564d00
#define MSR_KVM_SYSTEM_TIME    0x4b564d01
#define KVM_SYSTEM_TIME_ENABLE 1u

#define NS_PER_S 1000000000u

bool kvmclock_start(struct pvclock *page)
{
	uint32_t base = kvm_cpuid_base();
	if (base == 0 || (cpuid(base + CPUID_KVM_FEATURES, 0).eax & KVM_FEATURE_CLOCK) == 0)
		return false;
	msr_write(MSR_KVM_SYSTEM_TIME, (uintptr_t)page | KVM_SYSTEM_TIME_ENABLE);
	/* KVM fills the page before the guest goes on. */
	compiler_barrier();
	if (pvclock_snapshot(page).mult != 0)
		return true;
	msr_write(MSR_KVM_SYSTEM_TIME, 0);
	return false;
}

/* KVM writes the time of day at which the page's clock was 0. */
struct wall_time {
	uint32_t version, s, ns;
};

static enum err read_clock(struct clock *clock, uint64_t *unix_s)
{
	static volatile struct wall_time wall ALIGNED(16);
	const struct kvm_wall_clock *c = container_of(clock, struct kvm_wall_clock, clock);

	msr_write(MSR_KVM_WALL_CLOCK, (uintptr_t)&wall);
	compiler_barrier();
	uint64_t start_ns = (uint64_t)wall.s * NS_PER_S + wall.ns;
	if (start_ns == 0)
		return ERR_NOTREADY;
	struct pvclock now = pvclock_snapshot(c->page);
	*unix_s = (start_ns + pvclock_ns(&now, tsc_read())) / NS_PER_S;
	return OK;
}

static const struct clock_ops ops = {.read = read_clock};

void kvm_wall_clock_init(struct kvm_wall_clock *c, const struct pvclock *page)
{
	c->clock.ops = &ops;
	c->page = page;
}
