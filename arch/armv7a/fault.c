/* SPDX-License-Identifier: ISC */
#include "arch/fault.h"

#include "arch/arm_sysreg.h"
#include "arch/armv7a/fault_state.h"
#include "arch/armv7a/mmu.h"
#include "arch/cpu.h"

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

static const char *data_abort_cause(uint32_t fsr, uint32_t address)
{
	bool write = (fsr & DFSR_WRITE) != 0;

	switch (fsr_status(fsr)) {
	case FSR_TRANSLATION_SECTION:
	case FSR_TRANSLATION_PAGE:
		if (mmu_is_guard(address))
			return "stack overflow: access to a guard page";
		return write ? "data abort: write to an unmapped page"
			     : "data abort: read from an unmapped page";
	case FSR_PERMISSION_SECTION:
	case FSR_PERMISSION_PAGE:
		return "data abort: write to a read-only page";
	case FSR_ALIGNMENT:
		return "data abort: unaligned access";
	case FSR_EXTERNAL:
		return "data abort: no device or memory answers there";
	case FSR_EXTERNAL_ASYNC:
		return "data abort: an earlier write failed";
	}
	return "data abort";
}

static const char *prefetch_abort_cause(uint32_t fsr)
{
	switch (fsr_status(fsr)) {
	case FSR_TRANSLATION_SECTION:
	case FSR_TRANSLATION_PAGE:
		return "prefetch abort: jump to an unmapped page";
	case FSR_PERMISSION_SECTION:
	case FSR_PERMISSION_PAGE:
		return "prefetch abort: jump to data";
	case FSR_DEBUG:
		return "breakpoint";
	}
	return "prefetch abort";
}

/* What __builtin_trap() is in Thumb: UDF #255. The processor just fetched it, so it can be read. */
static bool is_builtin_trap(uintptr_t pc, uint32_t cpsr)
{
	return (cpsr & CPSR_T) != 0 && *(const uint16_t *)pc == 0xdeff;
}

/* The cause, the address and the instruction: how far LR is beyond it depends on the kind. */
static void describe(struct fault *f, enum fault_kind kind, const struct trap *trap)
{
	switch (kind) {
	case FAULT_DATA:
		f->code = CP15_READ(c5, 0, c0, 0);
		f->address = CP15_READ(c6, 0, c0, 0);
		f->has_address = fsr_status(f->code) != FSR_EXTERNAL_ASYNC;
		f->cause = data_abort_cause(f->code, f->address);
		f->pc = trap->lr - 8;
		break;
	case FAULT_PREFETCH:
		f->code = CP15_READ(c5, 0, c0, 1);
		f->address = CP15_READ(c6, 0, c0, 2);
		f->has_address = fsr_status(f->code) != FSR_DEBUG;
		f->cause = prefetch_abort_cause(f->code);
		f->pc = trap->lr - 4;
		break;
	case FAULT_FIQ:
		f->cause = "unexpected FIQ";
		f->pc = trap->lr - 4;
		break;
	case FAULT_UNDEFINED:
	case FAULT_SVC:
		f->cause = kind == FAULT_SVC ? "unexpected SVC" : "undefined instruction";
		f->pc = trap->lr - ((trap->cpsr & CPSR_T) != 0 ? 2 : 4);
		f->is_assertion = kind == FAULT_UNDEFINED && is_builtin_trap(f->pc, trap->cpsr);
		break;
	}
}

static void add_register(struct fault *f, const char *name, uint32_t value)
{
	f->reg[f->n_regs++] = (struct fault_reg){name, value};
}

static void add_registers(struct fault *f, const struct trap *trap, uint32_t sp, uint32_t lr)
{
	static const char names[13][4] = {"r0", "r1", "r2", "r3",  "r4",  "r5", "r6",
					  "r7", "r8", "r9", "r10", "r11", "r12"};

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		add_register(f, names[i], trap->r[i]);
	add_register(f, "sp", sp);
	add_register(f, "lr", lr);
	add_register(f, "pc", f->pc);
	add_register(f, "cpsr", trap->cpsr);
	add_register(f, "fsr", f->code);
	add_register(f, "far", f->address);
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
