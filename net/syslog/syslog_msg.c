/* SPDX-License-Identifier: ISC */
#include "net/syslog/syslog_msg.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/utf8.h"

#define UNIX_MAX_US UINT64_C(253402300799999999) /* the end of the year 9999 */

struct writer {
	char *at;
	char *end;
};

/* A field of the header, of printable ASCII without spaces, or "-" (RFC 5424 section 6). */
static void put_field(struct writer *w, const char *text, size_t chars_max)
{
	if (text == NULL || text[0] == '\0')
		text = "-";
	for (size_t i = 0; i < chars_max && text[i] != '\0'; i++)
		*w->at++ = text[i] > ' ' && text[i] <= '~' ? text[i] : '?';
	*w->at++ = ' ';
}

/* RFC 5424 table 2. */
static unsigned severity(enum log_level level)
{
	switch (level) {
	case LOG_ERROR:
		return 3;
	case LOG_WARN:
		return 4;
	case LOG_DEBUG:
		return 7;
	default:
		return 6;
	}
}

static void put_number(struct writer *w, const char *format, unsigned value)
{
	w->at += snprintf(w->at, (size_t)(w->end - w->at), format, value);
}

static void put_header(struct writer *w, const struct syslog_msg *m)
{
	put_number(w, "<%u>1 ", m->facility * 8 + severity(m->level));
	if (m->unix_us != 0 && m->unix_us <= UNIX_MAX_US)
		w->at += strlen(date_format(m->unix_us, w->at));
	else
		*w->at++ = '-';
	*w->at++ = ' ';
	put_field(w, m->hostname, SYSLOG_HOSTNAME_CHARS);
	put_field(w, m->app_name, SYSLOG_APP_NAME_CHARS);
	put_field(w, NULL, 1); /* an image is no process */
	put_field(w, m->msgid, SYSLOG_MSGID_CHARS);
	put_number(w, "[meta sequenceId=\"%u\"]", m->number);
	*w->at++ = ' '; /* in place of a NUL */
}

/* The bytes of the character at `text`, of which there are `left`; 0: it is none. */
static size_t character_bytes(const uint8_t *text, size_t left)
{
	struct utf8 u = {0};

	for (size_t n = 0; n < left && utf8_feed(&u, text + n, 1);) {
		n++;
		if (utf8_is_complete(&u))
			return n;
	}
	return 0;
}

/* C0, DEL and C1: a receiver that shows them on a terminal would obey them. */
static bool is_control(const uint8_t *c, size_t bytes)
{
	return c[0] < ' ' || c[0] == 0x7f || (bytes == 2 && c[0] == 0xc2 && c[1] < 0xa0);
}

static void put_text(struct writer *w, const char *text, size_t len)
{
	const uint8_t *at = (const uint8_t *)text;

	while (len > 0) {
		size_t n = character_bytes(at, len);
		bool good = n > 0 && !is_control(at, n);
		size_t out = good ? n : 1;
		if (out > (size_t)(w->end - w->at))
			return;
		memcpy(w->at, good ? (const char *)at : "?", out);
		w->at += out;
		n = MAX(n, (size_t)1);
		at += n;
		len -= n;
	}
}

size_t syslog_emit(const struct syslog_msg *m, char *out, size_t max)
{
	struct writer w = {.at = out, .end = out + MIN(max, (size_t)SYSLOG_MSG_BYTES_MAX)};

	assert(max >= SYSLOG_HEADER_BYTES_MAX && m->facility <= SYSLOG_FACILITY_MAX);
	assert(m->number <= SYSLOG_NUMBER_MAX);
	put_header(&w, m);
	put_text(&w, m->text, m->text_bytes);
	return (size_t)(w.at - out);
}
