/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http/http_internal.h"

struct date {
	unsigned year, month, day; /* month 0 to 11, day 1 to 31 */
};

/*
 * The Gregorian date of a day, counted from 1970-01-01. Years are made to begin in March, so that
 * the leap day is the last of its year, and months then follow a pattern of 153 days in five.
 */
static struct date date_of_day(unsigned day)
{
	enum { DAYS_400_YEARS = 146097, DAYS_100_YEARS = 36524, DAYS_4_YEARS = 1461 };
	day += 719468; /* from 0000-03-01 */
	unsigned era = day / DAYS_400_YEARS, of_era = day % DAYS_400_YEARS;
	unsigned year = (of_era - of_era / (DAYS_4_YEARS - 1) + of_era / DAYS_100_YEARS -
			 of_era / (DAYS_400_YEARS - 1)) /
			365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * of_year + 2) / 153; /* 0 is March */
	struct date d = {
		.year = era * 400 + year + (month >= 10),
		.month = (month + 2) % 12,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};
	return d;
}

static char *put_digits(char *at, unsigned value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

static char *put_text(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

void http_format_date(uint64_t unix_s, char text[static HTTP_DATE_CHARS])
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	unsigned day = (unsigned)(unix_s / 86400), second = (unsigned)(unix_s % 86400);
	struct date d = date_of_day(day);

	char *at = put_text(text, days + 3 * (day % 7), 3);
	at = put_text(at, ", ", 2);
	at = put_digits(at, d.day, 2);
	*at++ = ' ';
	at = put_text(at, months + 3 * d.month, 3);
	*at++ = ' ';
	at = put_digits(at, d.year, 4);
	*at++ = ' ';
	at = put_digits(at, second / 3600, 2);
	*at++ = ':';
	at = put_digits(at, second / 60 % 60, 2);
	*at++ = ':';
	at = put_digits(at, second % 60, 2);
	put_text(at, " GMT", 4);
}
