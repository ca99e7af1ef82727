/* SPDX-License-Identifier: ISC */
/*
 * System registers that the drivers of Arm's own devices use, the same on aarch64 and armv7a:
 * the generic timer (Arm ARM D11, for Armv7 chapter B8) and the CPU interface of the GICv3
 * (Arm IHI 0069, chapter 12). They belong to the core that runs the call. Any context.
 */
#ifndef ARCH_ARM_SYSREG_H
#define ARCH_ARM_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

/* CNTx_CTL: the bits of a timer's control register. */
enum {
	ARM_TIMER_ENABLE = 1 << 0,
	ARM_TIMER_MASKED = 1 << 1, /* the condition raises no interrupt */
	ARM_TIMER_FIRED = 1 << 2,  /* read only: the counter has reached the compare value */
};

/* CNTFRQ: ticks a second, as firmware noted it. */
static inline uint32_t arm_counter_hz(void);

/* CNTVCT and CNTPCT: the counters, read neither earlier nor later than where the call stands. */
static inline uint64_t arm_counter_virtual(void);
static inline uint64_t arm_counter_physical(void);

/* The virtual counter as it was when the image was entered. */
static inline uint64_t arm_counter_at_entry(void);

/* CNTV_CVAL, CNTV_CTL. */
static inline void arm_timer_virtual_compare(uint64_t count);
static inline void arm_timer_virtual_control(uint32_t bits);

/* CNTP_CVAL, CNTP_CTL. */
static inline void arm_timer_physical_compare(uint64_t count);
static inline void arm_timer_physical_control(uint32_t bits);

/* MPIDR's affinity fields as GICR_TYPER has them: Aff3, Aff2, Aff1, Aff0 from bit 31 to bit 0. */
static inline uint32_t arm_cpu_affinity(void);

/* ICC_SRE: turns on the system register interface; false if it stays off. */
static inline bool arm_icc_enable(void);

/* ICC_PMR, ICC_BPR1, ICC_CTLR, ICC_IGRPEN1: priority mask, binary point, control, group 1 enable.
 */
static inline void arm_icc_set_priority_mask(uint32_t mask);
static inline void arm_icc_set_binary_point(uint32_t point);
static inline void arm_icc_set_control(uint32_t bits);
static inline void arm_icc_set_group1(bool enable);

/* ICC_IAR1: takes the pending interrupt of the highest priority; 1020 to 1023 are none. */
static inline uint32_t arm_icc_acknowledge(void);

/* ICC_EOIR1: drops the priority and deactivates. */
static inline void arm_icc_end(uint32_t intid);

#include "arch/impl/arm_sysreg.h"

#endif
