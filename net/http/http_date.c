/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/date.h"
#include "base/divide.h"
#include "net/http/http_internal.h"

static char *put_text(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

void http_format_date(uint64_t unix_s, char text[static HTTP_DATE_CHARS])
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
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
	at = date_put_digits(at, second / 3600, 2);
	*at++ = ':';
	at = date_put_digits(at, second / 60 % 60, 2);
	*at++ = ':';
	at = date_put_digits(at, second % 60, 2);
	put_text(at, " GMT", 4);
}
