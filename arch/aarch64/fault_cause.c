/* SPDX-License-Identifier: ISC */
/*
 * The exception syndrome (Arm ARM D17.2.37, ESR_EL1) in words.
 */
#include "arch/aarch64/boot.h"
#include "arch/aarch64/fault_regs.h"
#include "arch/aarch64/mmu.h"

/* Exception classes: ESR_EL1.EC. */
enum {
	EC_UNKNOWN = 0x00,
	EC_FP_TRAP = 0x07,
	EC_BTI = 0x0d,
	EC_ILLEGAL_STATE = 0x0e,
	EC_SVC = 0x15,
	EC_HVC = 0x16,
	EC_SMC = 0x17,
	EC_MSR = 0x18,
	EC_SVE = 0x19,
	EC_FPAC = 0x1c,
	EC_FETCH = 0x21,
	EC_PC_ALIGNMENT = 0x22,
	EC_DATA = 0x25,
	EC_SP_ALIGNMENT = 0x26,
	EC_BREAKPOINT = 0x31,
	EC_STEP = 0x33,
	EC_WATCHPOINT = 0x35,
	EC_BRK = 0x3c,
	EC_SHIFT = 26,
};

/* ESR_EL1.ISS of aborts. */
enum {
	ISS_STATUS = 0x3f, /* the fault status, its level in the lowest two bits */
	ISS_WRITE = 1 << 6,
	ISS_FAR_INVALID = 1 << 10,
	STATUS_ADDRESS_SIZE = 0x00,
	STATUS_TRANSLATION = 0x04,
	STATUS_PERMISSION = 0x0c,
	STATUS_EXTERNAL = 0x10,
	STATUS_ALIGNMENT = 0x21,
	STATUS_EXTERNAL_WALK = 0x14,
};

enum access { READ, WRITE, EXECUTE };

static const char *const null_page[] = {
	"read through a null pointer",
	"write through a null pointer",
	"call of a null pointer",
};
static const char *const unmapped[] = {
	"read from an unmapped address",
	"write to an unmapped address",
	"jump to an unmapped address",
};
static const char *const forbidden[] = {
	"read from memory that may not be read",
	"write to read-only memory",
	"execution of memory that is not code",
};
static const char *const external[] = {
	"read from an address where nothing answers",
	"write to an address where nothing answers",
	"jump to an address where nothing answers",
};

/* Names the stack whose guard page the address is in, or NULL. */
static const char *overflown_stack(uintptr_t address)
{
	const struct {
		const uint8_t *guard;
		const char *cause;
	} stacks[] = {
		{boot_stack_guard, "stack overflow of the boot stack"},
		{irq_stack_guard, "stack overflow of the interrupt stack"},
		{fault_stack_guard, "stack overflow of the fault stack"},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(stacks); i++) {
		if (address - (uintptr_t)stacks[i].guard < PAGE_BYTES)
			return stacks[i].cause;
	}
	return mmu_is_guard(address) ? "stack overflow: access to a guard page" : NULL;
}

static const char *translation_cause(uintptr_t address, enum access access)
{
	const char *stack = overflown_stack(address);

	if (stack != NULL)
		return stack;
	if (address < PAGE_BYTES)
		return null_page[access];
	if (access == EXECUTE && address >= MMU_ADDRESS_END)
		return "jump to an impossible address (a damaged return address?)";
	return unmapped[access];
}

/* An instruction or data abort. */
static const char *abort_cause(const struct fault_regs *r, enum access access, bool *has_address)
{
	unsigned status = r->esr & ISS_STATUS;

	*has_address = true;
	if (status == STATUS_ALIGNMENT)
		return "unaligned access";
	switch (status & ~3u) {
	case STATUS_ADDRESS_SIZE:
	case STATUS_TRANSLATION:
		return translation_cause(r->far, access);
	case STATUS_PERMISSION:
		return forbidden[access];
	case STATUS_EXTERNAL:
	case STATUS_EXTERNAL_WALK:
		*has_address = (r->esr & ISS_FAR_INVALID) == 0;
		return external[access];
	default:
		return "memory abort of a rare kind (see ESR)";
	}
}

/* The vectors that are not a synchronous exception at EL1. */
static const char *vector_cause(uint64_t vector)
{
	static const char *const causes[] = {NULL, "unexpected interrupt", "unexpected FIQ",
					     "asynchronous error (SError)"};

	return vector < 8 ? causes[vector & 3] : "exception from EL0";
}

const char *fault_cause(const struct fault_regs *r, bool *has_address)
{
	*has_address = false;
	if (r->vector != 0)
		return vector_cause(r->vector);
	switch (r->esr >> EC_SHIFT & 0x3f) {
	case EC_UNKNOWN:
		return "undefined instruction";
	case EC_BTI:
		return "indirect branch to what is no landing pad (BTI)";
	case EC_FPAC:
		return "pointer authentication failed: a damaged return address";
	case EC_FETCH:
		return abort_cause(r, EXECUTE, has_address);
	case EC_DATA:
		return abort_cause(r, (r->esr & ISS_WRITE) != 0 ? WRITE : READ, has_address);
	case EC_PC_ALIGNMENT:
		*has_address = true;
		return "jump to an address that is not a multiple of 4";
	case EC_SP_ALIGNMENT:
		return "stack pointer that is not a multiple of 16";
	case EC_BRK:
		return "BRK instruction (the compiler's trap)";
	case EC_FP_TRAP:
	case EC_SVE:
	case EC_MSR:
		return "instruction or register that is not enabled";
	case EC_SVC:
	case EC_HVC:
	case EC_SMC:
		return "call of a system that is not there (SVC, HVC, SMC)";
	case EC_ILLEGAL_STATE:
		return "illegal execution state";
	case EC_BREAKPOINT:
	case EC_STEP:
	case EC_WATCHPOINT:
		return "debug exception without a debugger";
	default:
		return "exception of a rare kind (see ESR)";
	}
}
