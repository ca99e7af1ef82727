/* SPDX-License-Identifier: ISC */
#include "base/date.h"

#include "base/divide.h"

/*
 * Years are made to begin in March, so that the leap day is the last of its year, and months then
 * follow a pattern of 153 days in five.
 */
struct date date_of_day(unsigned day)
{
	enum { DAYS_400_YEARS = 146097, DAYS_100_YEARS = 36524, DAYS_4_YEARS = 1461 };
	day += 719468; /* from 0000-03-01 */
	unsigned era = day / DAYS_400_YEARS, of_era = day % DAYS_400_YEARS;
	unsigned year = (of_era - of_era / (DAYS_4_YEARS - 1) + of_era / DAYS_100_YEARS -
			 of_era / (DAYS_400_YEARS - 1)) /
			365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * of_year + 2) / 153; /* 0 is March */

	return (struct date){
		.year = era * 400 + year + (month >= 10),
		.month = (month + 2) % 12,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};
}

unsigned date_to_day(struct date d)
{
	unsigned year = d.year - (d.month < 2), month = (d.month + 10) % 12;

	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + d.day - 1 -
	       719468;
}

char *date_put_digits(char *at, unsigned value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

static char *put_two(char *at, unsigned value, char behind)
{
	at = date_put_digits(at, value, 2);
	*at = behind;
	return at + 1;
}

char *date_put_time(char *at, uint32_t second)
{
	at = put_two(at, second / 3600, ':');
	at = put_two(at, second / 60 % 60, ':');
	return date_put_digits(at, second % 60, 2);
}

const char *date_format(uint64_t unix_us, char text[static DATE_CHARS])
{
	uint32_t us, second;
	unsigned day = (unsigned)divide(divide(unix_us, 1000000, &us), 86400, &second);
	struct date d = date_of_day(day);

	char *at = date_put_digits(text, d.year, 4);
	*at++ = '-';
	at = put_two(at, d.month + 1, '-');
	at = put_two(at, d.day, 'T');
	at = date_put_time(at, second);
	*at++ = '.';
	at = date_put_digits(at, us, 6);
	*at++ = 'Z';
	*at = '\0';
	return text;
}
