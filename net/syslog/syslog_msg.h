/* SPDX-License-Identifier: ISC */
/*
 * Messages of the syslog protocol (RFC 5424), as they are written. Values only; no context.
 */
#ifndef NET_SYSLOG_MSG_H
#define NET_SYSLOG_MSG_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/log.h"

enum {
	/* Every receiver takes so much (RFC 5424 section 6.1), and no network cuts it in two. */
	SYSLOG_MSG_BYTES_MAX = 480,
	SYSLOG_HOSTNAME_CHARS = 64, /* of the longest that is sent; RFC 5424 would allow 255 */
	SYSLOG_APP_NAME_CHARS = 48,
	SYSLOG_MSGID_CHARS = 32,
	SYSLOG_FACILITY_MAX = 23,
	/* "<191>1 ", the time, the three names, "- ", "[meta sequenceId=\"2147483647\"] ". */
	SYSLOG_HEADER_BYTES_MAX = 7 + 28 + SYSLOG_HOSTNAME_CHARS + 1 + SYSLOG_APP_NAME_CHARS + 1 +
				  2 + SYSLOG_MSGID_CHARS + 1 + 31,
};

#define SYSLOG_NUMBER_MAX UINT32_C(2147483647) /* of a message: RFC 5424 section 7.3.1 */

/* Texts that are NULL or empty are said to be unknown. */
struct syslog_msg {
	unsigned facility; /* 0 to SYSLOG_FACILITY_MAX */
	enum log_level level;
	uint64_t unix_us; /* of the line; 0: unknown */
	const char *hostname, *app_name, *msgid;
	uint32_t number; /* from 1 to SYSLOG_NUMBER_MAX, so that a receiver sees what is missing */
	const char *text;
	size_t text_bytes;
};

/*
 * Writes the message to `out`, of which there are `max` bytes, SYSLOG_HEADER_BYTES_MAX at least,
 * and returns its length. The text is cut to fit, not within a character; control characters and
 * what is no UTF-8 become '?'.
 */
size_t syslog_emit(const struct syslog_msg *m, char *out, size_t max);

#endif
