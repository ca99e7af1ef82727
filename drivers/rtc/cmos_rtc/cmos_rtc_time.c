/* SPDX-License-Identifier: ISC */
#include "drivers/rtc/cmos_rtc/cmos_rtc.h"
#include "drivers/rtc/cmos_rtc/cmos_rtc_regs.h"

enum { BAD = 255 };

/* The value of a register, or BAD if its BCD digits are none. */
static unsigned number(uint8_t value, bool binary)
{
	if (binary)
		return value;
	if ((value & 0xf) > 9 || value >> 4 > 9)
		return BAD;
	return (value >> 4) * 10u + (value & 0xf);
}

static unsigned hour_number(uint8_t value, uint8_t status_b)
{
	bool binary = (status_b & CMOS_B_BINARY) != 0;
	if ((status_b & CMOS_B_24_HOURS) != 0)
		return number(value, binary);
	unsigned hour = number(value & (uint8_t)~CMOS_HOUR_PM, binary);
	if (hour < 1 || hour > 12)
		return BAD;
	return hour % 12 + ((value & CMOS_HOUR_PM) != 0 ? 12 : 0);
}

/* A machine that keeps no century leaves anything in the byte; then it is this one. */
static unsigned full_year(unsigned year, unsigned century)
{
	return (century == 20 || century == 21 ? century : 20) * 100 + year;
}

static bool is_leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in_month(unsigned month, unsigned year)
{
	static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

/* Days from 1970-01-01 to the date. */
static uint64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
	uint64_t before = year - 1;
	uint64_t days = before * 365 + before / 4 - before / 100 + before / 400;
	for (unsigned m = 1; m < month; m++)
		days += days_in_month(m, year);
	return days + day - 1 - 719162; /* 1970-01-01, counted from 0001-01-01 */
}

enum err cmos_rtc_decode(const struct cmos_rtc_registers *r, uint64_t *unix_s)
{
	bool binary = (r->status_b & CMOS_B_BINARY) != 0;
	unsigned second = number(r->second, binary), minute = number(r->minute, binary);
	unsigned hour = hour_number(r->hour, r->status_b), day = number(r->day, binary);
	unsigned month = number(r->month, binary), year = number(r->year, binary);
	if (second > 59 || minute > 59 || hour > 23 || month < 1 || month > 12 || year > 99)
		return ERR_NOTREADY;
	year = full_year(year, number(r->century, binary));
	if (day < 1 || day > days_in_month(month, year))
		return ERR_NOTREADY;
	*unix_s = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
	return OK;
}
