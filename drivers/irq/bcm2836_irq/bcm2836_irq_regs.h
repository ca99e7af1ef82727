/* SPDX-License-Identifier: ISC */
/*
 * Registers of the two interrupt controllers of the BCM2836 and BCM2837 ("BCM2835 ARM Peripherals",
 * chapter 7; "Quad-A7 control", chapter 4).
 */
#ifndef DRIVERS_IRQ_BCM2836_IRQ_BCM2836_IRQ_REGS_H
#define DRIVERS_IRQ_BCM2836_IRQ_BCM2836_IRQ_REGS_H

/* That of the peripherals. Bank 0 and 1 have 32 lines each. */
#define ARMCTRL_BASIC_PENDING 0x00
#define ARMCTRL_BASIC_LINES   0xffu /* the bits above repeat some lines of the banks */
#define ARMCTRL_PENDING(bank) (0x04 + 4 * (bank))
#define ARMCTRL_FIQ_CONTROL   0x0c
#define ARMCTRL_ENABLE(bank)  (0x10 + 4 * (bank))
#define ARMCTRL_ENABLE_BASIC  0x18
#define ARMCTRL_DISABLE(bank) (0x1c + 4 * (bank))
#define ARMCTRL_DISABLE_BASIC 0x24
#define ARMCTRL_BANKS         2

/* That of the cores; registers of core 0. */
#define LOCAL_GPU_ROUTING     0x0c /* 0: the peripherals interrupt core 0 */
#define LOCAL_TIMER_CONTROL   0x40 /* bits 0 to 3: the generic timers as IRQ, 4 to 7 as FIQ */
#define LOCAL_MAILBOX_CONTROL 0x50
#define LOCAL_IRQ_SOURCE      0x60
#define LOCAL_SOURCE_LINES    0xfffu
#define LOCAL_SOURCE_GPU      8 /* something of the other controller is pending */
#define LOCAL_TIMERS          4

#endif
