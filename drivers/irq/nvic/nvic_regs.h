/* SPDX-License-Identifier: ISC */
/*
 * Registers of the NVIC (Armv7-M Arm ARM, B3.2.4 and B3.4), from the start of the system control
 * space.
 */
#ifndef DRIVERS_IRQ_NVIC_NVIC_REGS_H
#define DRIVERS_IRQ_NVIC_NVIC_REGS_H

#define NVIC_ISER(bank)     (0x100 + 4 * (bank)) /* write ones: enable */
#define NVIC_ICER(bank)     (0x180 + 4 * (bank)) /* disable */
#define NVIC_ICPR(bank)     (0x280 + 4 * (bank)) /* no longer pending */
#define NVIC_IPR(line)      (0x400 + (line))     /* a byte of priority a line */
#define NVIC_FIRST_EXTERNAL 16u                  /* number of line 0's exception */

#endif
