/* SPDX-License-Identifier: ISC */
#include "base/date.h"

#include "base/divide.h"
#include "storage/fat/volume.h"

/*
 * A date is year - 1980 in 7 bits, month from 1 in 4, day from 1 in 5; a time hours in 5 bits,
 * minutes in 6, seconds / 2 in 5 (the specification, "Date and Time Formats"). Which zone they are
 * of nothing says: here it is UTC.
 */
enum { DAY_S = 86400, FIRST_YEAR = 1980, LAST_YEAR = 2107 };

#define DATE_FIRST   (UINT32_C(0x0021) << 16) /* 1980-01-01 00:00 */
#define DATE_UNKNOWN (UINT32_C(0x0221) << 16) /* what is before 1981-01-01 */
#define DATE_LAST    UINT32_C(0xff9fbf7d)     /* 2107-12-31 23:59:58 */

uint32_t fat_date(uint64_t unix_s)
{
	uint32_t second;
	uint64_t day = divide(unix_s, DAY_S, &second);

	if (day > UINT16_MAX)
		return DATE_LAST;
	struct date d = date_of_day((unsigned)day);
	if (d.year <= FIRST_YEAR)
		return DATE_FIRST;
	if (d.year > LAST_YEAR)
		return DATE_LAST;
	return (uint32_t)((d.year - FIRST_YEAR) << 9 | (d.month + 1) << 5 | d.day) << 16 |
	       (second / 3600) << 11 | (second / 60 % 60) << 5 | (second % 60) / 2;
}

uint64_t fat_date_unix(uint32_t date_time)
{
	uint32_t date = date_time >> 16, time = date_time & 0xffff;
	uint32_t month = date >> 5 & 15, day = date & 31;
	uint32_t second = (time >> 11) * 3600 + (time >> 5 & 63) * 60 + (time & 31) * 2;

	if (date_time < DATE_UNKNOWN || month < 1 || month > 12 || day < 1 || second >= DAY_S)
		return 0;
	struct date d = {.year = FIRST_YEAR + (date >> 9), .month = month - 1, .day = day};
	return (uint64_t)date_to_day(d) * DAY_S + second;
}

/*
 * Two values of a key must not have the same time, since that tells them apart for caches (struct
 * kv_info). Two seconds are the unit; who changes more often runs ahead a little. Without a clock
 * the times count changes, in 1980.
 */
uint32_t fat_date_now(const struct fat_volume *v, uint32_t before)
{
	uint32_t now = fat_date(v->now_s(v->now_arg));

	if (now > before)
		return now;
	if (before >= DATE_LAST)
		return DATE_FIRST;
	if ((before & 31) < 29)
		return before + 1;
	if ((before >> 5 & 63) < 59)
		return (before & ~UINT32_C(31)) + (1 << 5);
	if ((before >> 11 & 31) < 23)
		return (before & ~UINT32_C(0x7ff)) + (1 << 11);
	/* Days of 24 hours, 28 of which every month has: it is a counter by then. */
	uint32_t date = before >> 16;
	if ((date & 31) < 28)
		date++;
	else if ((date >> 5 & 15) < 12)
		date = (date & ~UINT32_C(31)) + (1 << 5) + 1;
	else
		date = ((date >> 9) + 1) << 9 | 1 << 5 | 1;
	return date << 16;
}
