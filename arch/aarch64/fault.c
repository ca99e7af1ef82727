/* SPDX-License-Identifier: ISC */
/*
 * From the registers at a fault to a struct fault.
 */
#include "arch/fault.h"

#include "arch/aarch64/fault_regs.h"
#include "base/text.h"

/* A list (base/text.h) in the order of struct fault_regs. */
static const char register_names[] =
	"x0\0x1\0x2\0x3\0x4\0x5\0x6\0x7\0x8\0x9\0x10\0x11\0x12\0x13\0x14\0x15\0"
	"x16\0x17\0x18\0x19\0x20\0x21\0x22\0x23\0x24\0x25\0x26\0x27\0x28\0x29\0x30\0"
	"sp\0pc\0spsr\0esr\0far\0";

enum { N_REGISTERS = 36 };

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
		.frame = (const void *)r->sp,
		.n_regs = N_REGISTERS,
	};

	f.cause = fault_cause(r, &f);
	f.is_assertion = r->esr == ESR_BUILTIN_TRAP;
	for (unsigned i = 0; i < N_REGISTERS; i++)
		f.reg[i] = (struct fault_reg){text_at(register_names, i), values[i]};
	fault_panic(&f);
}
