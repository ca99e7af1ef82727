/* SPDX-License-Identifier: ISC */
/*
 * A server with routes of every kind over a fake flow, and exchanges with it that are run again
 * with the request cut at each byte and with room to write of a few bytes at a time.
 */
#ifndef TESTS_UNIT_HTTP_RIG_H
#define TESTS_UNIT_HTTP_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/http/http.h"
#include "net/http/http_internal.h"
#include "tests/fakes/flow_fake.h"

#define SECOND ((uint64_t)1000000)

/* The representation of "/": index.html of the fake store. */
#define INDEX_BODY "Hello, world!\n"
#define INDEX_ETAG "\"00000000000000a1\""
#define INDEX_HEADER                                                                               \
	"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 14\r\n"      \
	"ETag: " INDEX_ETAG "\r\nAccept-Ranges: bytes\r\n"
#define INDEX_RESPONSE INDEX_HEADER "\r\n" INDEX_BODY

/* An answer of the server itself: ERROR("404 Not Found\n", "14", "") */
#define ERROR(line, length, fields)                                                                \
	"HTTP/1.1 " line "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " length  \
	"\r\n" fields "\r\n" line "\n"
#define CLOSE       "Connection: close\r\n"
#define BAD_REQUEST ERROR("400 Bad Request", "16", CLOSE)

struct rig {
	struct http *http;
	struct flow_fake flow; /* of the connection that most tests use */
	uint64_t now_us;
	unsigned wakes;

	/* /upload */
	char body[256];
	size_t body_bytes;
	unsigned body_calls, bodies_ended;
	bool body_slow;  /* ERR_AGAIN before each run, until the rig wakes it, unless … */
	bool body_stuck; /* … it does not */
	bool body_asked; /* … and that has been said, of what begins with … */
	uint8_t body_shown[16];
	size_t body_shown_bytes;
	/* /late, and /upload */
	struct http_conn *pending;
	unsigned late_calls, gone_calls;
	/* sources */
	const char *stream;  /* what it produces, in runs of run_bytes */
	size_t run_bytes;    /* at most */
	bool stream_slow;    /* ERR_AGAIN before each run, until the rig wakes it */
	bool stream_asked;   /* … and that has been said */
	enum err stream_end; /* in place of ERR_EOF */
	struct http_conn *streaming;
	unsigned stream_calls, sources_done;
	struct ref owner; /* of /owned and of the sources' runs */
	unsigned handler_calls;
	unsigned kv_calls;  /* of the fake store */
	bool handler_reads; /* the handler of "/" looks at the fields */
};

extern struct rig rig;

/* Fresh server, no connection. `config` may be NULL; wall_s 0 for none. */
void rig_start(const struct http_config *config, uint64_t wall_s);

/* The same in two steps. */
void rig_start_without_routes(const struct http_config *config, uint64_t wall_s);
void rig_set_routes(void);

/* The store is no longer one that never changes, until the next start. */
void rig_let_store_change(void);

/* Ends: every connection must be gone and everything given back (checked). */
void rig_stop(void);

/* Opens rig.flow, or another. */
void rig_open(struct flow_fake *f);

/* Delivers events and polls until nothing happens any more. */
void rig_run(struct flow_fake *f);

/* Time passes; polls. */
void rig_wait(uint64_t us);

/* Feeds all of a text to rig.flow and runs. */
void rig_send(const char *text);

/* What was written to the flow since the last call is exactly `text`. */
void rig_expect(const char *text);

/*
 * The request, on a connection of its own, is answered by exactly the response; and the same in
 * all divisions of the input and with `room` bytes to write at a time for several values of room.
 */
void rig_exchange(const char *name, const char *request, const char *response);

#endif
