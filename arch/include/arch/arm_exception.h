/* SPDX-License-Identifier: ISC */
/*
 * What an interrupt controller of Arm's M-profile cores asks the core.
 */
#ifndef ARCH_ARM_EXCEPTION_H
#define ARCH_ARM_EXCEPTION_H

#include <stdint.h>

/* IPSR: the number of the exception that runs, 0 outside of all. 16 is the first external one. */
static inline uint32_t arm_exception_running(void);

#include "arch/impl/arm_exception.h"

#endif
