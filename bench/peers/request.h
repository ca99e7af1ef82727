/* SPDX-License-Identifier: ISC */
/*
 * The least that an HTTP server must do with a request: find its end, and whether the connection
 * is to be closed. Shared by the servers that are compared without their HTTP, so that it costs
 * both the same. Requests are expected in one piece, which is what the load generators send.
 */
#ifndef BENCH_PEERS_REQUEST_H
#define BENCH_PEERS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The bytes of the first complete request, 0 if there is none; *close: the peer wants the end. */
static inline size_t request_length(const char *at, size_t len, bool *close)
{
	static const char field[] = "Connection: close";
	const char *line = at, *end = at + len, *eol;

	*close = false;
	while ((eol = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		if (eol - line == 1)
			return (size_t)(eol + 1 - at);
		if ((size_t)(eol - line) == sizeof(field) &&
		    memcmp(line, field, sizeof(field) - 1) == 0)
			*close = true;
		line = eol + 1;
	}
	return 0;
}

#endif
