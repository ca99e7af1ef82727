/* SPDX-License-Identifier: ISC */
/*
 * Days, seconds and their text: the calendar of the time of day. No state; any context.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

#include "base/attr.h"

enum { DATE_CHARS = 28 }; /* "2026-11-21T17:06:39.000000Z", with its NUL */

struct date {
	unsigned year, month, day; /* month 0 to 11, day 1 to 31 */
};

/* The Gregorian date of a day, counted from 1970-01-01. */
COLD struct date date_of_day(unsigned day);

/* The reverse, for a date since 1970-01-01 that there is. */
COLD unsigned date_to_day(struct date d);

/* Writes `value` with `digits` decimal digits, and returns the place behind them. */
COLD char *date_put_digits(char *at, unsigned value, unsigned digits);

/* Writes the time of day, of a second of it, as "08:49:37", and returns the address behind it. */
COLD char *date_put_time(char *at, uint32_t second);

/*
 * Writes a time in microseconds since 1970 as RFC 3339 (section 5.6) has it, to `text`, DATE_CHARS
 * long, and returns it. The year must be at most 9999.
 */
COLD const char *date_format(uint64_t unix_us, char text[static DATE_CHARS]);

#endif
