/* SPDX-License-Identifier: ISC */
/* Armv7-M Arm ARM, B1.4.2: of the register the lower nine bits may be set. */
#ifndef ARCH_IMPL_ARM_EXCEPTION_H
#define ARCH_IMPL_ARM_EXCEPTION_H

static inline uint32_t arm_exception_running(void)
{
	uint32_t number;
	__asm__ volatile("mrs %0, ipsr" : "=r"(number));
	return number;
}

#endif
