/* SPDX-License-Identifier: ISC */
/*
 * A response that is made while it is sent, in buffers of its own.
 *
 * Whoever makes it embeds a struct http_stream for each response that there may be at one time. Its
 * fill function is asked for the next bytes when a buffer is free, that is when the peer has
 * acknowledged what was in it: so memory is constant however long the body is and however slow
 * the peer. The response is chunked, without a length. Event loop only.
 */
#ifndef NET_HTTP_HTTP_STREAM_H
#define NET_HTTP_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "net/http/http.h"

enum {
	HTTP_STREAM_BUFFERS = 2, /* one is filled while the other is on its way */
	HTTP_STREAM_BYTES = 2048,
};

struct http_stream;

/*
 * Writes the next bytes of the body to `bytes`, at most HTTP_STREAM_BYTES, and returns how many; 0:
 * the body ends.
 */
typedef size_t http_fill_fn(struct http_stream *s, uint8_t *bytes);

struct http_stream_buffer {
	struct ref ref; /* 0: free */
	struct http_stream *stream;
	uint8_t bytes[HTTP_STREAM_BYTES];
};

struct http_stream {
	struct http_source source;
	struct http_conn *conn; /* NULL: no response is under way */
	http_fill_fn *fill;
	/* What the server was given last, with a reference of ours. */
	struct http_stream_buffer *showing;
	struct http_stream_buffer buffers[HTTP_STREAM_BUFFERS];
};

/* Prepares a stream for responses, one after the other. */
void http_stream_init(struct http_stream *s, http_fill_fn *fill);

/*
 * For a handler: makes one of `n` streams, each `apart` bytes behind the one before, the body of
 * the response, and returns it. NULL, and 503, if none is free: all are under way or, in part,
 * still to be acknowledged.
 */
MUST_USE struct http_stream *http_stream_begin(struct http_stream *first, unsigned n, size_t apart,
					       struct http_conn *conn,
					       struct http_response *response);

#endif
