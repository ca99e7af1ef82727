/* SPDX-License-Identifier: ISC */
/*
 * Registers of the local APIC (Intel SDM volume 3A, chapter 11) and of the 82093AA I/O APIC.
 */
#ifndef DRIVERS_IRQ_APIC_APIC_REGS_H
#define DRIVERS_IRQ_APIC_APIC_REGS_H

/* Local APIC. */
#define APIC_ID            0x020 /* in bits 31:24 */
#define APIC_TASK_PRIORITY 0x080
#define APIC_EOI           0x0b0
#define APIC_SPURIOUS      0x0f0
#define APIC_LVT_TIMER     0x320
#define APIC_LVT_LINT0     0x350
#define APIC_LVT_LINT1     0x360
#define APIC_LVT_ERROR     0x370
#define APIC_TIMER_INITIAL 0x380
#define APIC_TIMER_CURRENT 0x390
#define APIC_TIMER_DIVIDE  0x3e0

#define APIC_SPURIOUS_ENABLE    (1u << 8)
#define APIC_LVT_MASKED         (1u << 16)
#define APIC_LVT_TIMER_ONE_SHOT (0u << 17)
#define APIC_LVT_TIMER_DEADLINE (2u << 17)
#define APIC_LVT_NMI            (4u << 8)
#define APIC_TIMER_DIVIDE_1     0xb
#define APIC_TIMER_DIVIDE_16    0x3

#define MSR_APIC_BASE        0x1b
#define MSR_APIC_BASE_ENABLE (1u << 11)
#define MSR_APIC_BASE_X2APIC (1u << 10)
#define MSR_TSC_DEADLINE     0x6e0

#define APIC_MESSAGE_ADDRESS 0xfee00000u /* and the destination's id in bits 19:12 */

/* I/O APIC: an index register and a window on what it selects. */
#define IOAPIC_INDEX  0x00
#define IOAPIC_WINDOW 0x10

#define IOAPIC_VERSION     0x01             /* bits 23:16: number of the last pin */
#define IOAPIC_REDIRECT(n) (0x10 + 2 * (n)) /* and the upper half, with the destination, behind */

#define IOAPIC_REDIRECT_LEVEL  (1u << 15)
#define IOAPIC_REDIRECT_MASKED (1u << 16)

/* The pair of 8259s, which stays masked. */
#define PIC_MASTER_MASK_PORT 0x21
#define PIC_SLAVE_MASK_PORT  0xa1

#endif
