/* SPDX-License-Identifier: ISC */
#include "arch/fault.h"

#include "arch/arm/fault_state.h"
#include "arch/arm_sysreg.h"
#include "arch/armv7a/mmu.h"
#include "arch/cpu.h"
#include "base/text.h"

enum fault_kind { /* as in vectors.S */
		  FAULT_UNDEFINED,
		  FAULT_SVC,
		  FAULT_PREFETCH,
		  FAULT_DATA,
		  FAULT_FIQ,
};

/* What vectors.S has saved, from the lowest address. */
struct trap {
	uint32_t r[13];
	uint32_t lr; /* of the exception */
	uint32_t cpsr;
};

enum {
	CPSR_T = 1 << 5,
	DFSR_WRITE = 1 << 11,
	FAULT_STATUS = 1, /* the image's exit status if the report itself fails */
};

/* FSR[10,3:0] in the short descriptor format (Arm ARM for Armv7, table B3-23). */
enum {
	FSR_ALIGNMENT = 0x01,
	FSR_DEBUG = 0x02,
	FSR_TRANSLATION_SECTION = 0x05,
	FSR_TRANSLATION_PAGE = 0x07,
	FSR_EXTERNAL = 0x08,
	FSR_PERMISSION_SECTION = 0x0d,
	FSR_PERMISSION_PAGE = 0x0f,
	FSR_EXTERNAL_ASYNC = 0x16,
};

volatile enum fault_state fault_state;

NORETURN void fault_trap(enum fault_kind kind, const struct trap *trap, uint32_t sp, uint32_t lr);

static uint32_t fsr_status(uint32_t fsr)
{
	return (fsr & 0xf) | (fsr >> 6 & 0x10);
}

/* The causes, and the list (base/text.h) of them in words. */
enum cause {
	DATA_STACK,
	DATA_READ_UNMAPPED,
	DATA_WRITE_UNMAPPED,
	DATA_READ_ONLY,
	DATA_UNALIGNED,
	DATA_EXTERNAL,
	DATA_EXTERNAL_ASYNC,
	DATA_OTHER,
	FETCH_UNMAPPED,
	FETCH_DATA,
	FETCH_BREAKPOINT,
	FETCH_OTHER,
	UNEXPECTED_FIQ,
	UNEXPECTED_SVC,
	UNDEFINED,
};
static const char causes[] = "stack overflow: access to a guard page\0"
			     "data abort: read from an unmapped page\0"
			     "data abort: write to an unmapped page\0"
			     "data abort: write to a read-only page\0"
			     "data abort: unaligned access\0"
			     "data abort: no device or memory answers there\0"
			     "data abort: an earlier write failed\0"
			     "data abort\0"
			     "prefetch abort: jump to an unmapped page\0"
			     "prefetch abort: jump to data\0"
			     "breakpoint\0"
			     "prefetch abort\0"
			     "unexpected FIQ\0"
			     "unexpected SVC\0"
			     "undefined instruction\0";

static enum cause data_abort_cause(uint32_t fsr, uint32_t address)
{
	switch (fsr_status(fsr)) {
	case FSR_TRANSLATION_SECTION:
	case FSR_TRANSLATION_PAGE:
		if (address >= PAGE_BYTES && mmu_is_guard(address))
			return DATA_STACK;
		return (fsr & DFSR_WRITE) != 0 ? DATA_WRITE_UNMAPPED : DATA_READ_UNMAPPED;
	case FSR_PERMISSION_SECTION:
	case FSR_PERMISSION_PAGE:
		return DATA_READ_ONLY;
	case FSR_ALIGNMENT:
		return DATA_UNALIGNED;
	case FSR_EXTERNAL:
		return DATA_EXTERNAL;
	case FSR_EXTERNAL_ASYNC:
		return DATA_EXTERNAL_ASYNC;
	}
	return DATA_OTHER;
}

static enum cause prefetch_abort_cause(uint32_t fsr)
{
	switch (fsr_status(fsr)) {
	case FSR_TRANSLATION_SECTION:
	case FSR_TRANSLATION_PAGE:
		return FETCH_UNMAPPED;
	case FSR_PERMISSION_SECTION:
	case FSR_PERMISSION_PAGE:
		return FETCH_DATA;
	case FSR_DEBUG:
		return FETCH_BREAKPOINT;
	}
	return FETCH_OTHER;
}

/* What __builtin_trap() is in Thumb: UDF #255. The processor just fetched it, so it can be read. */
static bool is_builtin_trap(uintptr_t pc, uint32_t cpsr)
{
	return (cpsr & CPSR_T) != 0 && *(const uint16_t *)pc == 0xdeff;
}

/* The cause, the address and the instruction: how far LR is beyond it depends on the kind. */
static void describe(struct fault *f, enum fault_kind kind, const struct trap *trap)
{
	enum cause cause = UNDEFINED;

	switch (kind) {
	case FAULT_DATA:
		f->code = CP15_READ(c5, 0, c0, 0);
		f->address = CP15_READ(c6, 0, c0, 0);
		f->has_address = fsr_status(f->code) != FSR_EXTERNAL_ASYNC;
		cause = data_abort_cause(f->code, f->address);
		f->pc = trap->lr - 8;
		break;
	case FAULT_PREFETCH:
		f->code = CP15_READ(c5, 0, c0, 1);
		f->address = CP15_READ(c6, 0, c0, 2);
		f->has_address = fsr_status(f->code) != FSR_DEBUG;
		cause = prefetch_abort_cause(f->code);
		f->pc = trap->lr - 4;
		break;
	case FAULT_FIQ:
		cause = UNEXPECTED_FIQ;
		f->pc = trap->lr - 4;
		break;
	case FAULT_SVC:
		cause = UNEXPECTED_SVC;
		/* fall through */
	case FAULT_UNDEFINED:
		f->pc = trap->lr - ((trap->cpsr & CPSR_T) != 0 ? 2 : 4);
		f->is_assertion = kind == FAULT_UNDEFINED && is_builtin_trap(f->pc, trap->cpsr);
		break;
	}
	f->cause = text_at(causes, cause);
}

static void add_registers(struct fault *f, const struct trap *trap, uint32_t sp, uint32_t lr)
{
	static const char names[] = "r0\0r1\0r2\0r3\0r4\0r5\0r6\0r7\0r8\0r9\0r10\0r11\0r12\0"
				    "sp\0lr\0pc\0cpsr\0fsr\0far\0";
	const uint32_t others[] = {sp, lr, f->pc, trap->cpsr, f->code, f->address};
	const unsigned numbered = ARRAY_SIZE(trap->r);

	f->n_regs = numbered + ARRAY_SIZE(others);
	for (unsigned i = 0; i < f->n_regs; i++) {
		uint32_t value = i < numbered ? trap->r[i] : others[i - numbered];

		f->reg[i] = (struct fault_reg){text_at(names, i), value};
	}
}

/* From vectors.S, on the fault stack, in the exception's mode. `sp`, `lr`: the interrupted code's.
 */
void fault_trap(enum fault_kind kind, const struct trap *trap, uint32_t sp, uint32_t lr)
{
	struct fault fault = {.frame = (const void *)sp};

	if (fault_state != FAULT_STATE_RUNNING)
		cpu_exit(FAULT_STATUS); /* halts if that is where we were */
	fault_state = FAULT_STATE_REPORTING;
	describe(&fault, kind, trap);
	add_registers(&fault, trap, sp, lr);
	fault_panic(&fault);
}
