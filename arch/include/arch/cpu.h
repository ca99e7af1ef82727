/* SPDX-License-Identifier: ISC */
/*
 * What the processor itself offers.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* The architecture's name for messages: "aarch64". */
extern const char arch_name[];

/*
 * Fills `bytes` from the processor's own random number instruction (RNDR, RDSEED).
 * ERR_NODEV where it has none, ERR_NOTREADY after ten tries without an answer.
 */
MUST_USE enum err cpu_random(void *bytes, size_t len);

/* The counter with the finest grain that is cheap to read: for seeding and benchmarks only. */
uint64_t cpu_cycles(void);

/*
 * Collects up to `max` return addresses from `frame` on, innermost first, and returns how many.
 * `frame` is a frame pointer or, where the architecture keeps none, a stack pointer, and may be
 * damaged: what cannot be read is not.
 */
size_t cpu_backtrace(uintptr_t *addresses, size_t max, const void *frame);

/* Arm: wakes cores that wait for an event (WFE), after all that was written before. */
void cpu_send_event(void);

/*
 * Ends the machine with `status` (0 to 255) as the emulator's or process's exit status where it
 * can be told, else powers off, else halts with interrupts masked. Never returns.
 */
NORETURN void cpu_exit(int status);

#endif
