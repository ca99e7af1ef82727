/* SPDX-License-Identifier: ISC */
/*
 * What vectors.S and exit_calls.S share with C: the registers at an interrupt and at a fault, and
 * the instructions that may trap without being one.
 */
/*
 * What vectors.S and exit_calls.S share with C: the registers at an interrupt and at a fault, and
 * the instructions that may trap without being one.
 */
#ifndef ARCH_AARCH64_FAULT_REGS_H
#define ARCH_AARCH64_FAULT_REGS_H

#define FAULT_REGS_BYTES   304 /* a multiple of 16 */
#define IRQ_FRAME_BYTES    576 /* of an interrupted code's registers; the first are its address */
#define FAULT_AGAIN_STATUS 71  /* of the image, if the report of a fault faults: EX_OSERR */
#define EXIT_CALLS_BYTES   24

#ifndef __ASSEMBLER__

#include <stdint.h>

#include "base/attr.h"

struct fault_regs {
	uint64_t x[31];
	uint64_t sp, pc, spsr, esr, far;
	uint64_t vector; /* 0 to 7; a synchronous exception is always 0 */
	uint64_t unused;
};

_Static_assert(sizeof(struct fault_regs) == FAULT_REGS_BYTES, "vectors.S fills it");

/* fault.c: turns the registers into a struct fault and reports it. Called from vectors.S. */
NORETURN void fault_report(const struct fault_regs *r);

struct fault;

/* fault_cause.c: the cause in words; sets `access`, and has_address if r->far is an access's. */
const char *fault_cause(const struct fault_regs *r, struct fault *f);

/* vectors.S: faults so far. */
extern uint32_t fault_depth;

#endif
#endif
