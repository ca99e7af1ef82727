/* SPDX-License-Identifier: ISC */
/*
 * The exception syndrome (Arm ARM D17.2.37, ESR_EL1) in words.
 */
#include "arch/aarch64/boot.h"
#include "arch/aarch64/fault_regs.h"
#include "arch/aarch64/mmu.h"
#include "arch/fault.h"
#include "base/text.h"

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

/* Lists (base/text.h) in the order of enum access. */
static const char accesses[] = "read from \0"
			       "write to \0"
			       "jump to \0";
static const char forbidden[] = "memory that may not be read\0"
				"read-only memory\0"
				"memory that is not code\0";

/* Names the stack whose guard page the address is in, or NULL. */
static const char *overflown_stack(uintptr_t address)
{
	if (address - (uintptr_t)boot_stack_guard < PAGE_BYTES)
		return "stack overflow of the boot stack";
	if (address - (uintptr_t)irq_stack_guard < PAGE_BYTES)
		return "stack overflow of the interrupt stack";
	if (address - (uintptr_t)fault_stack_guard < PAGE_BYTES)
		return "stack overflow of the fault stack";
	if (address >= PAGE_BYTES && mmu_is_guard(address))
		return "stack overflow: access to a guard page";
	return NULL;
}

/* A translation that failed. */
static const char *place_of(uintptr_t address, enum access access)
{
	if (address < PAGE_BYTES)
		return "a null pointer";
	if (access == EXECUTE && address >= MMU_ADDRESS_END)
		return "an impossible address (a damaged return address?)";
	return "an unmapped address";
}

/* An instruction or data abort. */
static const char *abort_cause(const struct fault_regs *r, enum access access, struct fault *f)
{
	unsigned status = r->esr & ISS_STATUS;
	const char *stack = overflown_stack(r->far);

	f->has_address = true;
	if (status == STATUS_ALIGNMENT)
		return "unaligned access";
	status &= ~3u;
	bool translation = status == STATUS_ADDRESS_SIZE || status == STATUS_TRANSLATION;
	if (translation && stack != NULL)
		return stack;
	f->access = text_at(accesses, access);
	if (translation)
		return place_of(r->far, access);
	if (status == STATUS_PERMISSION)
		return text_at(forbidden, access);
	if (status == STATUS_EXTERNAL || status == STATUS_EXTERNAL_WALK) {
		f->has_address = (r->esr & ISS_FAR_INVALID) == 0;
		return "an address where nothing answers";
	}
	return "memory abort of a rare kind (see ESR)";
}

/* The vectors 1 to 7, but for those of synchronous exceptions. */
static const char *vector_cause(uint64_t vector)
{
	static const char causes[] = "unexpected interrupt\0"
				     "unexpected FIQ\0"
				     "asynchronous error (SError)\0";

	return text_at(causes, (vector & 3) - 1);
}

/* What a class says by itself, and the list of that in words. */
enum cause {
	UNDEFINED,
	NO_LANDING_PAD,
	NOT_AUTHENTIC,
	PC_ALIGNMENT,
	SP_ALIGNMENT,
	TRAP,
	NOT_ENABLED,
	NO_SYSTEM,
	ILLEGAL_STATE,
	NO_DEBUGGER,
	RARE,
};
static const char causes[] = "undefined instruction\0"
			     "indirect branch to no landing pad (BTI)\0"
			     "pointer authentication failed: a damaged return address\0"
			     "misaligned jump\0"
			     "misaligned stack pointer\0"
			     "BRK instruction (the compiler's trap)\0"
			     "instruction or register not enabled\0"
			     "call of a system that is not there (SVC, HVC, SMC)\0"
			     "illegal execution state\0"
			     "debug exception without a debugger\0"
			     "exception of a rare kind (see ESR)\0";

static enum cause class_cause(unsigned class)
{
	switch (class) {
	case EC_UNKNOWN:
		return UNDEFINED;
	case EC_BTI:
		return NO_LANDING_PAD;
	case EC_FPAC:
		return NOT_AUTHENTIC;
	case EC_PC_ALIGNMENT:
		return PC_ALIGNMENT;
	case EC_SP_ALIGNMENT:
		return SP_ALIGNMENT;
	case EC_BRK:
		return TRAP;
	case EC_FP_TRAP:
	case EC_SVE:
	case EC_MSR:
		return NOT_ENABLED;
	case EC_SVC:
	case EC_HVC:
	case EC_SMC:
		return NO_SYSTEM;
	case EC_ILLEGAL_STATE:
		return ILLEGAL_STATE;
	case EC_BREAKPOINT:
	case EC_STEP:
	case EC_WATCHPOINT:
		return NO_DEBUGGER;
	}
	return RARE;
}

const char *fault_cause(const struct fault_regs *r, struct fault *f)
{
	unsigned class = r->esr >> EC_SHIFT & 0x3f;

	if (r->vector != 0)
		return vector_cause(r->vector);
	if (class == EC_FETCH)
		return abort_cause(r, EXECUTE, f);
	if (class == EC_DATA)
		return abort_cause(r, (r->esr & ISS_WRITE) != 0 ? WRITE : READ, f);
	f->has_address = class == EC_PC_ALIGNMENT;
	return text_at(causes, class_cause(class));
}
