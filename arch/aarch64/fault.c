/* SPDX-License-Identifier: ISC */
/*
 * From the registers at a fault to a struct fault.
 */
#include "arch/fault.h"

#include "arch/aarch64/fault_regs.h"

static const char register_names[][5] = {
	"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",   "x10", "x11",
	"x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",  "x22", "x23",
	"x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp",  "pc",  "spsr", "esr", "far",
};

enum { X29 = 29, N_REGISTERS = ARRAY_SIZE(register_names) };

/* The syndrome of BRK #1000, which __builtin_trap() is: class 0x3c, 32-bit instruction. */
static const uint64_t ESR_BUILTIN_TRAP = 0x3cull << 26 | 1u << 25 | 1000;

_Static_assert(offsetof(struct fault_regs, vector) == N_REGISTERS * sizeof(uint64_t),
	       "the names are those of struct fault_regs, in its order");
_Static_assert((int)N_REGISTERS <= (int)FAULT_REGS_MAX, "all fit");

USED void fault_report(const struct fault_regs *r)
{
	const uint64_t *values = r->x;
	struct fault f = {
		.pc = r->pc,
		.address = r->far,
		.code = r->esr,
		.frame = (const void *)r->x[X29],
		.n_regs = N_REGISTERS,
	};

	f.cause = fault_cause(r, &f.has_address);
	f.is_assertion = r->esr == ESR_BUILTIN_TRAP;
	for (unsigned i = 0; i < N_REGISTERS; i++)
		f.reg[i] = (struct fault_reg){register_names[i], values[i]};
	fault_panic(&f);
}
