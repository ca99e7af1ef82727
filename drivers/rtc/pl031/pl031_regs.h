/* SPDX-License-Identifier: ISC */
/*
 * Registers of the PL031 (Arm DDI 0224B, chapter 3).
 */
#ifndef DRIVERS_RTC_PL031_PL031_REGS_H
#define DRIVERS_RTC_PL031_PL031_REGS_H

#define PL031_DR         0x000 /* seconds */
#define PL031_PERIPH_ID0 0xfe0 /* part number, bits 0 to 7 */
#define PL031_PERIPH_ID1 0xfe4
#define PL031_PART_LOW   0x31
#define PL031_PART_HIGH  0x0 /* the lowest four bits of ID1 */

#endif
