/* SPDX-License-Identifier: ISC */
#include "drivers/x86_timer/rates.h"

#include <stdbool.h>
#include <string.h>

#include "arch/barrier.h"
#include "arch/x86.h"
#include "drivers/apic/apic_regs.h"

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

/* The 8254: channel 2, whose gate and output are in the port of the PC's speaker. */
#define PIT_CHANNEL2   0x42
#define PIT_COMMAND    0x43
#define PIT_MODE0_WORD 0xb0 /* channel 2, low then high byte, interrupt on terminal count */
#define SPEAKER_PORT   0x61
#define SPEAKER_GATE   0x01
#define SPEAKER_ENABLE 0x02
#define SPEAKER_OUTPUT 0x20
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

/* Waits PIT_TICKS of the 8254. False if there is none: then its output never rises, or is up. */
static bool wait_by_pit(void)
{
	uint8_t speaker = port_read8(SPEAKER_PORT) & (uint8_t) ~(SPEAKER_ENABLE | SPEAKER_GATE);
	port_write8(SPEAKER_PORT, speaker | SPEAKER_GATE);
	port_write8(PIT_COMMAND, PIT_MODE0_WORD);
	port_write8(PIT_CHANNEL2, PIT_TICKS & 0xff);
	port_write8(PIT_CHANNEL2, PIT_TICKS >> 8);
	if ((port_read8(SPEAKER_PORT) & SPEAKER_OUTPUT) != 0)
		return false;
	for (unsigned i = 0; i < WINDOW_POLLS_MAX; i++) {
		if ((port_read8(SPEAKER_PORT) & SPEAKER_OUTPUT) != 0)
			return true;
	}
	return false;
}

static uint32_t khz(uint64_t ticks, uint64_t reference_ticks, uint64_t reference_khz)
{
	return reference_ticks == 0 ? 0 : (uint32_t)(ticks * reference_khz / reference_ticks);
}

/* Measures whatever is not known: by the other counter, or both by the 8254. */
static enum err measure(struct x86_rates *rates, const struct apic *apic)
{
	apic_write(apic, APIC_LVT_TIMER, APIC_LVT_MASKED | APIC_LVT_TIMER_ONE_SHOT);
	apic_write(apic, APIC_TIMER_DIVIDE, APIC_TIMER_DIVIDE_1);
	apic_write(apic, APIC_TIMER_INITIAL, UINT32_MAX);
	struct moment a = read_both(apic);
	bool by_pit = rates->tsc_khz == 0 && rates->apic_khz == 0;
	if (!(by_pit ? wait_by_pit() : wait_by_counter(rates, apic, &a)))
		return ERR_UNSUPPORTED;
	struct moment b = read_both(apic);
	apic_write(apic, APIC_TIMER_INITIAL, 0);

	uint64_t tsc = b.tsc - a.tsc, count = b.apic - a.apic;
	if (by_pit) {
		rates->tsc_khz = khz(tsc, PIT_TICKS * 1000, PIT_HZ);
		rates->apic_khz = khz(count, PIT_TICKS * 1000, PIT_HZ);
	} else if (rates->tsc_khz == 0) {
		rates->tsc_khz = khz(tsc, count, rates->apic_khz);
	} else {
		rates->apic_khz = khz(count, tsc, rates->tsc_khz);
	}
	return OK;
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
