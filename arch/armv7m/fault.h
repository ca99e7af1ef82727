/* SPDX-License-Identifier: ISC */
#ifndef ARCH_ARMV7M_FAULT_H
#define ARCH_ARMV7M_FAULT_H

#include <stdint.h>

/* What the fault registers said. */
struct fault_status {
	uint32_t cfsr, mmfar, bfar;
	uint32_t pc; /* of the interrupted code */
};

/* The cause in words, static. */
const char *fault_cause(const struct fault_status *s);

#endif
