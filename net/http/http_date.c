/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "base/divide.h"
#include "net/http/http_internal.h"

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static char *put_text(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

void http_format_date(uint64_t unix_s, char text[static HTTP_DATE_CHARS])
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	uint32_t second;
	unsigned day = (unsigned)divide(unix_s, 86400, &second);
	struct date d = date_of_day(day);

	char *at = put_text(text, days + 3 * (day % 7), 3);
	at = put_text(at, ", ", 2);
	at = date_put_digits(at, d.day, 2);
	*at++ = ' ';
	at = put_text(at, months + 3 * d.month, 3);
	*at++ = ' ';
	at = date_put_digits(at, d.year, 4);
	*at++ = ' ';
	at = date_put_time(at, second);
	put_text(at, " GMT", 4);
}

/* --- parsing --------------------------------------------------------------------------------- */

struct moment {
	struct date date;
	unsigned hour, minute, second;
};

static bool take_char(struct http_text *t, char c)
{
	if (t->len == 0 || t->at[0] != c)
		return false;
	http_text_skip(t, 1);
	return true;
}

static bool take_digits(struct http_text *t, unsigned digits, unsigned *value)
{
	for (*value = 0; digits > 0; digits--) {
		if (t->len == 0 || t->at[0] < '0' || t->at[0] > '9')
			return false;
		*value = *value * 10 + (unsigned)(t->at[0] - '0');
		http_text_skip(t, 1);
	}
	return true;
}

static bool take_month(struct http_text *t, unsigned *month)
{
	for (*month = 0; t->len >= 3 && *month < 12; ++*month) {
		if (memcmp(t->at, months + 3 * (size_t)*month, 3) != 0)
			continue;
		http_text_skip(t, 3);
		return true;
	}
	return false;
}

static bool take_time(struct http_text *t, struct moment *m)
{
	return take_digits(t, 2, &m->hour) && take_char(t, ':') && take_digits(t, 2, &m->minute) &&
	       take_char(t, ':') && take_digits(t, 2, &m->second);
}

/* "06 Nov 1994 08:49:37 GMT", or "06-Nov-94 08:49:37 GMT" of RFC 850. */
static bool take_date(struct http_text t, struct moment *m)
{
	struct date *d = &m->date;
	const char between = t.len > 2 && t.at[2] == '-' ? '-' : ' ';
	const unsigned digits = between == '-' ? 2 : 4;

	if (!take_digits(&t, 2, &d->day) || !take_char(&t, between) || !take_month(&t, &d->month) ||
	    !take_char(&t, between) || !take_digits(&t, digits, &d->year) || !take_char(&t, ' ') ||
	    !take_time(&t, m) || !http_text_equal(t, " GMT"))
		return false;
	/* Two digits are of the last century or of this one: there was no web before 1970. */
	if (digits == 2)
		d->year += d->year < 70 ? 2000 : 1900;
	return true;
}

/* "Nov  6 08:49:37 1994", as asctime() writes it. */
static bool take_asctime(struct http_text t, struct moment *m)
{
	struct date *d = &m->date;

	if (!take_month(&t, &d->month) || !take_char(&t, ' '))
		return false;
	return take_digits(&t, take_char(&t, ' ') ? 1 : 2, &d->day) && take_char(&t, ' ') &&
	       take_time(&t, m) && take_char(&t, ' ') && take_digits(&t, 4, &d->year) && t.len == 0;
}

static bool is_on_the_calendar(struct date d)
{
	if (d.year < 1970 || d.day < 1 || d.day > 31)
		return false;
	struct date same = date_of_day(date_to_day(d));
	return same.month == d.month && same.day == d.day;
}

bool http_parse_date(struct http_text text, uint64_t *unix_s)
{
	struct moment m = {0};
	unsigned name = 0;

	while (name < text.len && text.at[name] != ',' && text.at[name] != ' ')
		name++;
	http_text_skip(&text, name);
	const bool comma = take_char(&text, ',');
	if (!take_char(&text, ' ') || !(comma ? take_date(text, &m) : take_asctime(text, &m)))
		return false;
	/* A leap second is the first of the next minute. */
	if (m.hour > 23 || m.minute > 59 || m.second > 60 || !is_on_the_calendar(m.date))
		return false;
	*unix_s = (uint64_t)date_to_day(m.date) * 86400 + m.hour * 3600 + m.minute * 60 + m.second;
	return true;
}
