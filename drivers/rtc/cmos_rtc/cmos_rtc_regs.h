/* SPDX-License-Identifier: ISC */
/*
 * Registers of the MC146818 (Motorola's data sheet, "Address map"), and the PC's century byte.
 */
#ifndef DRIVERS_RTC_CMOS_RTC_CMOS_RTC_REGS_H
#define DRIVERS_RTC_CMOS_RTC_CMOS_RTC_REGS_H

#define CMOS_INDEX_PORT 0x70 /* bit 7 masks the NMI */
#define CMOS_DATA_PORT  0x71

#define CMOS_SECOND   0x00
#define CMOS_MINUTE   0x02
#define CMOS_HOUR     0x04
#define CMOS_DAY      0x07
#define CMOS_MONTH    0x08
#define CMOS_YEAR     0x09
#define CMOS_STATUS_A 0x0a
#define CMOS_STATUS_B 0x0b
#define CMOS_STATUS_D 0x0d
#define CMOS_CENTURY  0x32

#define CMOS_A_UPDATING 0x80 /* the registers change within 244 us */
#define CMOS_B_24_HOURS 0x02
#define CMOS_B_BINARY   0x04 /* else BCD */
#define CMOS_D_VALID    0x80 /* power was never lost; the other bits read as zero */

#define CMOS_HOUR_PM 0x80 /* in the hour register of a 12-hour clock */

#endif
