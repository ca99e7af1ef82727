/* SPDX-License-Identifier: ISC */
/*
 * The generic timer and the GIC CPU interface of aarch64. GIC registers go by their encoding, so
 * that the assembler need not be told of an extension.
 */
#ifndef ARCH_IMPL_ARM_SYSREG_H
#define ARCH_IMPL_ARM_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

/* boot.c: CNTVCT_EL0 as entry.S found it. */
extern uint64_t arch_counter_at_entry;

static inline uint32_t arm_counter_hz(void)
{
	uint64_t hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	return (uint32_t)hz;
}

static inline uint64_t arm_counter_virtual(void)
{
	uint64_t count;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count)::"memory");
	return count;
}

static inline uint64_t arm_counter_physical(void)
{
	uint64_t count;

	__asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(count)::"memory");
	return count;
}

static inline uint64_t arm_counter_at_entry(void)
{
	return arch_counter_at_entry;
}

static inline void arm_timer_virtual_compare(uint64_t count)
{
	__asm__ volatile("msr cntv_cval_el0, %0" ::"r"(count) : "memory");
}

static inline void arm_timer_virtual_control(uint32_t bits)
{
	__asm__ volatile("msr cntv_ctl_el0, %0\n\tisb" ::"r"((uint64_t)bits) : "memory");
}

static inline void arm_timer_physical_compare(uint64_t count)
{
	__asm__ volatile("msr cntp_cval_el0, %0" ::"r"(count) : "memory");
}

static inline void arm_timer_physical_control(uint32_t bits)
{
	__asm__ volatile("msr cntp_ctl_el0, %0\n\tisb" ::"r"((uint64_t)bits) : "memory");
}

static inline uint32_t arm_cpu_affinity(void)
{
	uint64_t mpidr;

	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	return (uint32_t)((mpidr >> 8 & 0xff000000) | (mpidr & 0x00ffffff));
}

static inline bool arm_icc_enable(void)
{
	uint64_t pfr0, sre;

	/* ID_AA64PFR0_EL1.GIC: 0 means that the registers do not exist. */
	__asm__("mrs %0, id_aa64pfr0_el1" : "=r"(pfr0));
	if ((pfr0 >> 24 & 15) == 0)
		return false;
	__asm__ volatile("mrs %0, s3_0_c12_c12_5\n\t" /* ICC_SRE_EL1.SRE */
			 "orr %0, %0, #1\n\t"
			 "msr s3_0_c12_c12_5, %0\n\t"
			 "isb\n\t"
			 "mrs %0, s3_0_c12_c12_5"
			 : "=r"(sre)::"memory");
	return (sre & 1) != 0;
}

static inline void arm_icc_set_priority_mask(uint32_t mask)
{
	__asm__ volatile("msr s3_0_c4_c6_0, %0" ::"r"((uint64_t)mask) : "memory");
}

static inline void arm_icc_set_binary_point(uint32_t point)
{
	__asm__ volatile("msr s3_0_c12_c12_3, %0" ::"r"((uint64_t)point) : "memory");
}

static inline void arm_icc_set_control(uint32_t bits)
{
	__asm__ volatile("msr s3_0_c12_c12_4, %0" ::"r"((uint64_t)bits) : "memory");
}

static inline void arm_icc_set_group1(bool enable)
{
	__asm__ volatile("msr s3_0_c12_c12_7, %0\n\tisb" ::"r"((uint64_t)enable) : "memory");
}

static inline uint32_t arm_icc_acknowledge(void)
{
	uint64_t intid;

	/* The barrier: the device is not looked at before the interrupt is taken. */
	__asm__ volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(intid)::"memory");
	return (uint32_t)intid;
}

static inline void arm_icc_end(uint32_t intid)
{
	/* The barrier: writes that silence the device are done before the line is looked at again.
	 */
	__asm__ volatile("dsb sy\n\tmsr s3_0_c12_c12_1, %0\n\tisb" ::"r"((uint64_t)intid)
			 : "memory");
}

#endif
