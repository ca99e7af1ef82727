/* SPDX-License-Identifier: ISC */
/*
 * The cause of a fault in words (Armv7-M Arm ARM, B3.2.15). The MPU does not say whether an access
 * was a read or a write, but to flash only a write is refused.
 */
#include "arch/armv7m/fault.h"
#include "arch/armv7m/mpu.h"
#include "arch/armv7m/scs.h"
#include "base/attr.h"
#include "base/text.h"

/* The causes, and the list (base/text.h) of them in words. */
enum cause {
	STACK,
	DATA_NULL,
	DATA_READ_ONLY,
	DATA_UNMAPPED,
	DATA_EXTERNAL,
	DATA_EXTERNAL_ASYNC,
	DATA_UNALIGNED,
	FETCH_DATA,
	FETCH_UNMAPPED,
	DIVISION,
	ARM_STATE,
	UNDEFINED,
	OTHER,
};
static const char causes[] = "stack overflow: access to a guard page\0"
			     "data access: null pointer\0"
			     "data access: write to read-only memory\0"
			     "data access: unmapped page\0"
			     "bus fault: no device or memory answers there\0"
			     "bus fault: an earlier write failed\0"
			     "data access: unaligned\0"
			     "instruction access: jump to data\0"
			     "instruction access: jump to an unmapped page\0"
			     "division by zero\0"
			     "undefined instruction: Arm code, which this core does not have\0"
			     "undefined instruction\0"
			     "unexpected exception\0";

static enum cause data_cause(const struct fault_status *s)
{
	if ((s->cfsr & SCS_CFSR_MMARVALID) == 0)
		return DATA_UNMAPPED;
	if (s->mmfar < PAGE_BYTES)
		return DATA_NULL;
	if (mmu_is_guard(s->mmfar))
		return STACK;
	return mpu_is_flash(s->mmfar) ? DATA_READ_ONLY : DATA_UNMAPPED;
}

/* Several bits may be set: that the stack is at its end comes first, as the others follow from it.
 */
static enum cause cause_of(const struct fault_status *s)
{
	if ((s->cfsr & (SCS_CFSR_MSTKERR | SCS_CFSR_STKERR)) != 0)
		return STACK;
	if ((s->cfsr & SCS_CFSR_DACCVIOL) != 0)
		return data_cause(s);
	if ((s->cfsr & (SCS_CFSR_IACCVIOL | SCS_CFSR_IBUSERR)) != 0)
		return mmu_is_data(s->pc) ? FETCH_DATA : FETCH_UNMAPPED;
	if ((s->cfsr & SCS_CFSR_INVSTATE) != 0)
		return mmu_is_data(s->pc) ? FETCH_DATA : ARM_STATE;
	if ((s->cfsr & SCS_CFSR_PRECISERR) != 0)
		return DATA_EXTERNAL;
	if ((s->cfsr & SCS_CFSR_IMPRECISERR) != 0)
		return DATA_EXTERNAL_ASYNC;
	if ((s->cfsr & SCS_CFSR_UNALIGNED) != 0)
		return DATA_UNALIGNED;
	if ((s->cfsr & SCS_CFSR_DIVBYZERO) != 0)
		return DIVISION;
	return (s->cfsr & SCS_CFSR_UNDEFINSTR) != 0 ? UNDEFINED : OTHER;
}

const char *fault_cause(const struct fault_status *s)
{
	return text_at(causes, cause_of(s));
}
