/* SPDX-License-Identifier: ISC */
/*
 * What the processor offers: random numbers and a counter.
 */
#include "arch/cpu.h"

#include <string.h>

#include "arch/aarch64/boot.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arm_sysreg.h"

enum { RNDR_TRIES = 10 };

const char arch_name[] = "aarch64";

static bool has_rndr(void)
{
	return id_field(sysreg_read(id_aa64isar0_el1), ID_AA64ISAR0_RNDR) != 0;
}

/* RNDR (Arm ARM D17.2.121) sets Z if it had no number. */
static bool rndr(uint64_t *value)
{
	bool ok;

	for (int i = 0; i < RNDR_TRIES; i++) {
		__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %w1, ne"
				 : "=r"(*value), "=r"(ok)::"cc");
		if (ok)
			return true;
	}
	return false;
}

enum err cpu_random(void *bytes, size_t len)
{
	uint8_t *out = bytes;

	if (!has_rndr())
		return ERR_NODEV;
	while (len > 0) {
		uint64_t value;
		size_t n = MIN(len, sizeof(value));

		if (!rndr(&value))
			return ERR_NOTREADY;
		memcpy(out, &value, n);
		out += n;
		len -= n;
	}
	return OK;
}

/*
 * Without RNDR only the counter differs from start to start, which makes a weak key; it is mixed so
 * that it differs in every bit (the finaliser of SplitMix64).
 */
USED uint64_t boot_random(void)
{
	uint64_t z;

	if (has_rndr() && rndr(&z))
		return z;
	z = arm_counter_virtual() * UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void cpu_send_event(void)
{
	__asm__ volatile("dsb sy\n\tsev" ::: "memory");
}

uint64_t cpu_cycles(void)
{
	return sysreg_read(cntvct_el0);
}
