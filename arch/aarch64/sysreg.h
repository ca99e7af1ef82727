/* SPDX-License-Identifier: ISC */
/*
 * Bits of system registers (Arm ARM D17), for C and for assembly.
 */
#ifndef ARCH_AARCH64_SYSREG_H
#define ARCH_AARCH64_SYSREG_H

/* SCTLR_EL1. The first are those that must be one where a feature is absent. */
#define SCTLR_RES1 0x30d00800
#define SCTLR_M    (1 << 0)  /* MMU */
#define SCTLR_C    (1 << 2)  /* data cache */
#define SCTLR_SA   (1 << 3)  /* the stack pointer must be aligned to 16 */
#define SCTLR_I    (1 << 12) /* instruction cache */
#define SCTLR_WXN  (1 << 19) /* what is writable is not executable, whatever the tables say */
#define SCTLR_ENIA (1 << 31) /* pointer authentication with key A for instructions */
#define SCTLR_BT1  (1 << 36) /* PACIASP is a landing pad for calls only, not for jumps */

/* HCR_EL2 and SCR_EL3. */
#define HCR_RW    (1 << 31) /* EL1 is 64 bits wide */
#define HCR_APK   (1 << 40) /* no trap of pointer authentication keys */
#define HCR_API   (1 << 41) /* nor of its instructions */
#define SCR_NS    (1 << 0)
#define SCR_RES1  (3 << 4)
#define SCR_HCE   (1 << 8)  /* HVC is enabled */
#define SCR_RW    (1 << 10) /* the next lower level is 64 bits wide */
#define SCR_APK   (1 << 16)
#define SCR_API   (1 << 17)
#define SCR_FGTEN (1 << 27) /* no trap of the registers of fine-grained traps */

#define CPTR_EL2_RES1 0x33ff /* also traps SVE, which the image does not use */
#define CPACR_FPEN    (3 << 20)
#define ICC_SRE_ALL   0xf /* system registers, at this level and the next lower one */

/* MAIR_EL1's bytes, and PAR_EL1, which has one of them. */
#define MAIR_DEVICE          0x04 /* nGnRE */
#define MAIR_NORMAL          0xff /* write-back, allocated by reads and writes */
#define MAIR_UNCACHED        0x44 /* normal memory, but in no cache */
#define PAR_FAILED           1
#define PAR_ATTRIBUTES_SHIFT 56

/* SPSR: returns to EL1 with SP_EL0, all exceptions masked. */
#define SPSR_EL1T_MASKED 0x3c4
#define SPSR_SP_HANDLER  (1 << 0) /* the exception came from a handler, with SP_EL1 */

/* Fields of ID registers: the lowest bit of four. */
#define ID_AA64PFR0_EL2   8
#define ID_AA64PFR0_GIC   24
#define ID_AA64PFR1_BT    0
#define ID_AA64ISAR0_RNDR 60
#define ID_AA64ISAR1_APA  4
#define ID_AA64ISAR1_API  8
#define ID_AA64ISAR2_APA3 12
#define ID_AA64MMFR0_PA   0
#define ID_AA64MMFR0_FGT  56
#define ID_AA64MMFR1_HCX  40

#ifndef __ASSEMBLER__

#include <stdint.h>

#define sysreg_read(name)                                                                          \
	({                                                                                         \
		uint64_t value_;                                                                   \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory");                       \
		value_;                                                                            \
	})

/* The four bits of an ID register that begin at `shift`. */
static inline unsigned id_field(uint64_t id, unsigned shift)
{
	return id >> shift & 15;
}

#endif
#endif
