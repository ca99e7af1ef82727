/* SPDX-License-Identifier: ISC */
/*
 * The calls that go up from an architecture's entry code: to start, to interrupts, to faults.
 *
 * The architecture may include only base/, so it declares here what others provide. After the
 * entry code has a stack, cleared BSS and the address space of arch/mmu.h, it calls start();
 * an interrupt calls interrupt(); an exception that nothing handles becomes a struct fault
 * and calls fault_panic(), on a stack of its own, so that a stack overflow is reported too.
 */
#ifndef ARCH_FAULT_H
#define ARCH_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/boot.h"
#include "base/attr.h"

enum { FAULT_REGS_MAX = BY_MEMORY(20, 40) };

struct fault_reg {
	const char *name; /* "x0" */
	uintptr_t value;
};

struct fault {
	const char *cause;  /* in words: "data abort: write to an unmapped page" */
	const char *access; /* NULL, or what stands in front of the cause: "write to " */
	uintptr_t pc;       /* where */
	uintptr_t address;  /* of the access, if has_address */
	uintptr_t code;     /* the machine's own syndrome (ESR, DFSR, error code) */
	const void *frame;  /* of the code that faulted, for cpu_backtrace() */
	bool has_address;
	bool is_assertion; /* the trap instruction that a failed assert() is (base/assert.h) */
	uint8_t n_regs;
	struct fault_reg reg[FAULT_REGS_MAX];
};

/*
 * Whether a fault is told in words and with all registers; else by its address and the processor's
 * code for it. A constant of the image.
 */
extern const bool fault_in_words;

/* runtime/: initialises everything and runs the application. Interrupts are masked. */
NORETURN void start(const struct boot *boot);

/* boards/: dispatches the pending interrupts. Interrupts are masked. */
void interrupt(void);

/* runtime/: prints the fault and ends the machine with a non-zero status. */
NORETURN COLD void fault_panic(const struct fault *fault);

#endif
