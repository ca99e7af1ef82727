/* SPDX-License-Identifier: ISC */
/*
 * From the exceptions' common vector (entry.S) to fault_panic().
 */
#include "arch/fault.h"

#include "arch/arm/fault_state.h"
#include "arch/armv7m/fault.h"
#include "arch/armv7m/mpu.h"
#include "arch/armv7m/scs.h"
#include "arch/cpu.h"
#include "arch/mmio.h"
#include "base/text.h"

/* What the processor pushes, from the lowest address (Armv7-M Arm ARM, B1.5.6). */
struct frame {
	uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

enum {
	XPSR_ALIGNED = 1 << 9, /* a word was left free above the frame */
	FAULT_STATUS = 1,      /* the image's exit status if the report itself fails */
};

volatile enum fault_state fault_state;

NORETURN void fault_trap(const struct frame *frame, const uint32_t *r4_to_r11);

/* What __builtin_trap() is in Thumb: UDF #255. */
static bool is_builtin_trap(const struct fault_status *s)
{
	return (s->cfsr & SCS_CFSR_UNDEFINSTR) != 0 && mpu_is_flash(s->pc) &&
	       *(const uint16_t *)s->pc == 0xdeff;
}

static void describe(struct fault *f, struct fault_status *s)
{
	s->cfsr = mmio_read32(SCS_CFSR);
	s->mmfar = mmio_read32(SCS_MMFAR);
	s->bfar = mmio_read32(SCS_BFAR);
	f->code = s->cfsr;
	f->cause = fault_in_words ? fault_cause(s) : "";
	f->pc = s->pc;
	f->is_assertion = is_builtin_trap(s);
	f->has_address = (s->cfsr & (SCS_CFSR_MMARVALID | SCS_CFSR_BFARVALID)) != 0;
	f->address = (s->cfsr & SCS_CFSR_MMARVALID) != 0 ? s->mmfar : s->bfar;
}

static void add_registers(struct fault *f, const struct frame *frame, const uint32_t *r4_to_r11)
{
	static const char names[] = "r0\0r1\0r2\0r3\0r12\0lr\0pc\0xpsr\0sp\0"
				    "r4\0r5\0r6\0r7\0r8\0r9\0r10\0r11\0";
	const uint32_t *pushed = (const uint32_t *)frame;
	const unsigned words = sizeof(*frame) / sizeof(*pushed);

	f->n_regs = (uint8_t)(words + 1 + 8);
	for (unsigned i = 0; i < f->n_regs; i++) {
		uint32_t value = i < words    ? pushed[i]
				 : i == words ? (uint32_t)f->frame
					      : r4_to_r11[i - words - 1];

		f->reg[i] = (struct fault_reg){text_at(names, i), value};
	}
}

/*
 * From entry.S, in handler mode. The frame is not there if the stack had no room for it: then
 * nobody knows where it was that the code was interrupted.
 */
void fault_trap(const struct frame *frame, const uint32_t *r4_to_r11)
{
	static const struct frame unknown;
	struct fault_status status = {0};
	struct fault fault = {.frame = frame + 1};

	if (fault_state != FAULT_STATE_RUNNING)
		cpu_exit(FAULT_STATUS); /* halts if that is where we were */
	fault_state = FAULT_STATE_REPORTING;
	if (mmu_is_data((uintptr_t)frame) && mmu_is_data((uintptr_t)(frame + 1) - 1)) {
		status.pc = frame->pc;
		if ((frame->xpsr & XPSR_ALIGNED) != 0)
			fault.frame = &frame[1].r1;
	} else {
		frame = &unknown;
	}
	describe(&fault, &status);
	if (fault_in_words)
		add_registers(&fault, frame, r4_to_r11);
	fault_panic(&fault);
}
