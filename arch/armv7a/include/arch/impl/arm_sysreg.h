/* SPDX-License-Identifier: ISC */
/*
 * The generic timer in CP15 c14 (Arm ARM for Armv7, B8.2) and the GICv3's CPU interface in
 * CP15 c12 (Arm IHI 0069, 12.7).
 */
#ifndef ARCH_IMPL_ARM_SYSREG_H
#define ARCH_IMPL_ARM_SYSREG_H

#define CP15_READ(crn, op1, crm, op2)                                                              \
	({                                                                                         \
		uint32_t value_;                                                                   \
		__asm__ volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2                \
				 : "=r"(value_)::"memory");                                        \
		value_;                                                                            \
	})
#define CP15_WRITE(crn, op1, crm, op2, value)                                                      \
	__asm__ volatile("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 ::"r"(value) : "memory")
#define CP15_READ64(op1, crm)                                                                      \
	({                                                                                         \
		uint64_t value_;                                                                   \
		__asm__ volatile("mrrc p15, " #op1 ", %Q0, %R0, " #crm : "=r"(value_)::"memory");  \
		value_;                                                                            \
	})
#define CP15_WRITE64(op1, crm, value)                                                              \
	__asm__ volatile("mcrr p15, " #op1 ", %Q0, %R0, " #crm ::"r"(value) : "memory")

static inline void arm_isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

static inline uint32_t arm_counter_hz(void)
{
	return CP15_READ(c14, 0, c0, 0);
}

static inline uint64_t arm_counter_virtual(void)
{
	arm_isb();
	return CP15_READ64(1, c14);
}

static inline uint64_t arm_counter_physical(void)
{
	arm_isb();
	return CP15_READ64(0, c14);
}

static inline uint64_t arm_counter_at_entry(void)
{
	extern uint64_t arch_counter_at_entry;
	return arch_counter_at_entry;
}

static inline void arm_timer_virtual_compare(uint64_t count)
{
	CP15_WRITE64(3, c14, count);
}

static inline void arm_timer_virtual_control(uint32_t bits)
{
	CP15_WRITE(c14, 0, c3, 1, bits);
	arm_isb();
}

static inline void arm_timer_physical_compare(uint64_t count)
{
	CP15_WRITE64(2, c14, count);
}

static inline void arm_timer_physical_control(uint32_t bits)
{
	CP15_WRITE(c14, 0, c2, 1, bits);
	arm_isb();
}

/* Armv7 has no Aff3. */
static inline uint32_t arm_cpu_affinity(void)
{
	return CP15_READ(c0, 0, c0, 5) & 0xffffff;
}

static inline bool arm_icc_enable(void)
{
	CP15_WRITE(c12, 0, c12, 5, CP15_READ(c12, 0, c12, 5) | 1);
	arm_isb();
	return (CP15_READ(c12, 0, c12, 5) & 1) != 0;
}

static inline void arm_icc_set_priority_mask(uint32_t mask)
{
	CP15_WRITE(c4, 0, c6, 0, mask);
}

static inline void arm_icc_set_binary_point(uint32_t point)
{
	CP15_WRITE(c12, 0, c12, 3, point);
}

static inline void arm_icc_set_control(uint32_t bits)
{
	CP15_WRITE(c12, 0, c12, 4, bits);
}

static inline void arm_icc_set_group1(bool enable)
{
	CP15_WRITE(c12, 0, c12, 7, enable ? 1u : 0u);
	arm_isb();
}

static inline uint32_t arm_icc_acknowledge(void)
{
	uint32_t intid = CP15_READ(c12, 0, c12, 0);
	/* The acknowledge takes effect before the handler touches its device. */
	__asm__ volatile("dsb" ::: "memory");
	return intid & 0xffffff;
}

static inline void arm_icc_end(uint32_t intid)
{
	CP15_WRITE(c12, 0, c12, 1, intid);
	arm_isb();
}

#endif
