/* SPDX-License-Identifier: ISC */
/*
 * Semihosting (Arm IHI 0100): calls that a debugger or an emulator watches for.
 */
#ifndef ARCH_IMPL_ARM_SEMIHOSTING_H
#define ARCH_IMPL_ARM_SEMIHOSTING_H

#include <stdint.h>

/*
 * The instruction of 2.1: on M-profile cores a breakpoint, else the Thumb SVC. Where nobody
 * watches, the first is a fault, and the other comes to vector_svc, which returns, having used LR
 * and r12.
 */
#if __ARM_ARCH_PROFILE == 'M'
#define SEMIHOSTING_CALL "bkpt 0xab"
#else
#define SEMIHOSTING_CALL "svc 0xab"
#endif

static inline void semihosting_call(uint32_t operation, const void *arguments)
{
	register uint32_t r0 __asm__("r0") = operation;
	register const void *r1 __asm__("r1") = arguments;
	__asm__ volatile(SEMIHOSTING_CALL : "+r"(r0) : "r"(r1) : "r12", "lr", "cc", "memory");
}

/* Ends the emulator with `status`; returns where there is none. */
static inline void semihosting_exit(int status)
{
	enum { SYS_EXIT_EXTENDED = 0x20, ADP_STOPPED_APPLICATION_EXIT = 0x20026 };
	const uint32_t arguments[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status & 255};

	semihosting_call(SYS_EXIT_EXTENDED, arguments);
}

#endif
