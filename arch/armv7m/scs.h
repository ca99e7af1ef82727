/* SPDX-License-Identifier: ISC */
/*
 * The system control space (Armv7-M Arm ARM, B3.2 to B3.5): what the architecture itself uses of
 * it.
 */
#ifndef ARCH_ARMV7M_SCS_H
#define ARCH_ARMV7M_SCS_H

/* SysTick, which counts the processor's cycles down. */
#define SCS_SYST_CSR        0xe000e010u
#define SCS_SYST_CSR_ENABLE (1u << 0)
#define SCS_SYST_CSR_CLOCK  (1u << 2) /* the processor's */
#define SCS_SYST_RVR        0xe000e014u
#define SCS_SYST_CVR        0xe000e018u
#define SCS_SYST_MAX        0xffffffu

#define SCS_VTOR          0xe000ed08u
#define SCS_CCR           0xe000ed14u
#define SCS_CCR_DIV_0_TRP (1u << 4)
#define SCS_CCR_STKALIGN  (1u << 9)
#define SCS_SHCSR         0xe000ed24u
#define SCS_SHCSR_FAULTS  (7u << 16) /* memory management, bus and usage faults on their own */

/* Configurable faults: memory management in bits 7:0, bus in 15:8, usage in 31:16. */
#define SCS_CFSR             0xe000ed28u
#define SCS_CFSR_IACCVIOL    (1u << 0)
#define SCS_CFSR_DACCVIOL    (1u << 1)
#define SCS_CFSR_MSTKERR     (1u << 4)
#define SCS_CFSR_MMARVALID   (1u << 7)
#define SCS_CFSR_IBUSERR     (1u << 8)
#define SCS_CFSR_PRECISERR   (1u << 9)
#define SCS_CFSR_IMPRECISERR (1u << 10)
#define SCS_CFSR_STKERR      (1u << 12)
#define SCS_CFSR_BFARVALID   (1u << 15)
#define SCS_CFSR_UNDEFINSTR  (1u << 16)
#define SCS_CFSR_INVSTATE    (1u << 17)
#define SCS_CFSR_UNALIGNED   (1u << 24)
#define SCS_CFSR_DIVBYZERO   (1u << 25)
#define SCS_HFSR             0xe000ed2cu
#define SCS_MMFAR            0xe000ed34u
#define SCS_BFAR             0xe000ed38u

#define SCS_MPU_TYPE         0xe000ed90u
#define SCS_MPU_TYPE_REGIONS 0xff00u
#define SCS_MPU_CTRL         0xe000ed94u
#define SCS_MPU_CTRL_ENABLE  (1u << 0)
#define SCS_MPU_RNR          0xe000ed98u
#define SCS_MPU_RBAR         0xe000ed9cu
#define SCS_MPU_RASR         0xe000eda0u
#define SCS_MPU_RASR_ENABLE  (1u << 0)

#endif
