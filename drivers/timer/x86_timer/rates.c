/* SPDX-License-Identifier: ISC */
#include "drivers/timer/x86_timer/rates.h"

#include <stdbool.h>
#include <string.h>

#include "arch/barrier.h"
#include "arch/x86.h"
#include "drivers/irq/apic/apic_regs.h"

#define CPUID_FEATURES   0x1
#define CPUID_TSC        0x15 /* TSC and core crystal clock */
#define CPUID_HYPERVISOR 0x40000000
#define CPUID_HV_TIMING  0x10 /* from the hypervisor's first leaf: kHz of TSC and APIC bus */

#define CPUID_1_ECX_HYPERVISOR (1u << 31)

/* KVM (APIC_BUS_CYCLE_NS) and QEMU run the APIC's timer on a clock of nanoseconds. */
#define APIC_KHZ_NS 1000000u

/* How long counters are compared. Reading one takes up to 0.3 us under emulation. */
#define WINDOW_US        100u
#define WINDOW_POLLS_MAX 1000000u
#define PIT_POLLS_MAX    100000u

/* The 8254: channel 0 counts down from 65535 and its interrupt stays masked. */
#define PIT_CHANNEL0   0x40
#define PIT_COMMAND    0x43
#define PIT_MODE0_WORD 0x30 /* channel 0, low then high byte, interrupt on terminal count */
#define PIT_LATCH      0x00 /* channel 0: both bytes read next are of one moment */
#define PIT_HZ         1193182u
#define PIT_TICKS      1193u /* 1 ms */

/* Whether the range of leaves at `base` is of the hypervisor with this signature. */
static bool signature_is(uint32_t base, const char signature[static 12])
{
	struct cpuid c = cpuid(base, 0);
	uint32_t words[3] = {c.ebx, c.ecx, c.edx};
	return memcmp(words, signature, sizeof(words)) == 0;
}

static bool has_hypervisor(void)
{
	return (cpuid(CPUID_FEATURES, 0).ecx & CPUID_1_ECX_HYPERVISOR) != 0;
}

/* KVM moves its range up by 0x100 when it also shows Hyper-V's. */
uint32_t kvm_cpuid_base(void)
{
	if (!has_hypervisor())
		return 0;
	for (uint32_t base = CPUID_HYPERVISOR; base <= CPUID_HYPERVISOR + 0x100; base += 0x100) {
		if (signature_is(base, "KVMKVMKVM\0\0"))
			return base;
	}
	return 0;
}

/* Fills in what can be known without measuring; what cannot stays 0. */
static void ask(struct x86_rates *rates)
{
	if (has_hypervisor()) {
		uint32_t kvm = kvm_cpuid_base();
		uint32_t base = kvm != 0 ? kvm : CPUID_HYPERVISOR;
		struct cpuid timing = {0};
		if (cpuid(base, 0).eax >= base + CPUID_HV_TIMING)
			timing = cpuid(base + CPUID_HV_TIMING, 0);
		if (rates->tsc_khz == 0)
			rates->tsc_khz = timing.eax;
		if (rates->apic_khz == 0)
			rates->apic_khz = timing.ebx;
		if (rates->apic_khz == 0 && (kvm != 0 || signature_is(base, "TCGTCGTCGTCG")))
			rates->apic_khz = APIC_KHZ_NS;
	}
	if (rates->tsc_khz == 0 && cpuid(0, 0).eax >= CPUID_TSC) {
		/* EBX / EAX: TSC ticks for each tick of the crystal, of ECX Hz. */
		struct cpuid c = cpuid(CPUID_TSC, 0);
		if (c.eax != 0)
			rates->tsc_khz = (uint32_t)((uint64_t)c.ecx * c.ebx / c.eax / 1000);
		if (rates->tsc_khz != 0 && rates->apic_khz == 0)
			rates->apic_khz = c.ecx / 1000;
	}
}

/* Both counters at one moment; that of the APIC's timer counts down from UINT32_MAX. */
struct moment {
	uint64_t tsc;
	uint32_t apic;
};

/* The closest of a few pairs of readings: the other may have been interrupted by the host. */
static struct moment read_both(const struct apic *apic)
{
	struct moment best = {0};
	uint64_t best_gap = UINT64_MAX;
	for (unsigned i = 0; i < 5; i++) {
		uint64_t before = tsc_read();
		uint32_t count = apic_read(apic, APIC_TIMER_CURRENT);
		uint64_t gap = tsc_read() - before;
		if (gap < best_gap) {
			best_gap = gap;
			best = (struct moment){.tsc = before + gap / 2, .apic = UINT32_MAX - count};
		}
	}
	return best;
}

/* Waits WINDOW_US by the counter whose rate is known. */
static bool wait_by_counter(const struct x86_rates *rates, const struct apic *apic,
			    const struct moment *from)
{
	uint64_t tsc_ticks = (uint64_t)rates->tsc_khz * WINDOW_US / 1000;
	uint64_t apic_ticks = (uint64_t)rates->apic_khz * WINDOW_US / 1000;
	for (unsigned i = 0; i < WINDOW_POLLS_MAX; i++) {
		if (rates->tsc_khz != 0 && tsc_read() - from->tsc >= tsc_ticks)
			return true;
		if (rates->tsc_khz == 0 &&
		    UINT32_MAX - apic_read(apic, APIC_TIMER_CURRENT) - from->apic >= apic_ticks)
			return true;
		cpu_relax();
	}
	return false;
}

static void pit_start(void)
{
	port_write8(PIT_COMMAND, PIT_MODE0_WORD);
	port_write8(PIT_CHANNEL0, 0xff);
	port_write8(PIT_CHANNEL0, 0xff);
}

/* Ticks since pit_start(): 0 for ever where there is no 8254 and all ports read as ones. */
static uint32_t pit_ticks(void)
{
	port_write8(PIT_COMMAND, PIT_LATCH);
	uint32_t low = port_read8(PIT_CHANNEL0), high = port_read8(PIT_CHANNEL0);
	return 0xffff - (high << 8 | low);
}

/* Waits until PIT_TICKS have gone by since pit_start(); *ticks is how many really had. */
static bool wait_by_pit(uint32_t *ticks)
{
	for (unsigned i = 0; i < PIT_POLLS_MAX; i++) {
		*ticks = pit_ticks();
		if (*ticks >= PIT_TICKS)
			return true;
	}
	return false;
}

static uint32_t khz(uint64_t ticks, uint64_t reference_ticks, uint64_t reference_khz)
{
	return reference_ticks == 0 ? 0 : (uint32_t)(ticks * reference_khz / reference_ticks);
}

/* Measures both rates by the 8254. */
static enum err measure_by_pit(struct x86_rates *rates, const struct apic *apic)
{
	uint32_t before, ticks;
	pit_start();
	/* Once to no purpose: an emulator translates what it runs for the first time. */
	(void)read_both(apic);
	before = pit_ticks();
	struct moment a = read_both(apic);
	if (!wait_by_pit(&ticks))
		return ERR_UNSUPPORTED;
	struct moment b = read_both(apic);
	rates->tsc_khz = khz(b.tsc - a.tsc, (uint64_t)(ticks - before) * 1000, PIT_HZ);
	rates->apic_khz = khz(b.apic - a.apic, (uint64_t)(ticks - before) * 1000, PIT_HZ);
	return OK;
}

/* Measures the rate that is not known by the other. */
static enum err measure_by_other(struct x86_rates *rates, const struct apic *apic)
{
	struct moment a = read_both(apic);
	if (!wait_by_counter(rates, apic, &a))
		return ERR_UNSUPPORTED;
	struct moment b = read_both(apic);
	uint64_t tsc = b.tsc - a.tsc, count = b.apic - a.apic;
	if (rates->tsc_khz == 0)
		rates->tsc_khz = khz(tsc, count, rates->apic_khz);
	else
		rates->apic_khz = khz(count, tsc, rates->tsc_khz);
	return OK;
}

static enum err measure(struct x86_rates *rates, const struct apic *apic)
{
	apic_write(apic, APIC_LVT_TIMER, APIC_LVT_MASKED | APIC_LVT_TIMER_ONE_SHOT);
	apic_write(apic, APIC_TIMER_DIVIDE, APIC_TIMER_DIVIDE_1);
	apic_write(apic, APIC_TIMER_INITIAL, UINT32_MAX);
	enum err e = rates->tsc_khz == 0 && rates->apic_khz == 0 ? measure_by_pit(rates, apic)
								 : measure_by_other(rates, apic);
	apic_write(apic, APIC_TIMER_INITIAL, 0);
	return e;
}

enum err x86_rates_find(struct x86_rates *rates, const struct apic *apic)
{
	ask(rates);
	if (rates->tsc_khz == 0 || rates->apic_khz == 0) {
		enum err e = measure(rates, apic);
		if (e != OK)
			return e;
	}
	return rates->tsc_khz != 0 && rates->apic_khz != 0 ? OK : ERR_UNSUPPORTED;
}
