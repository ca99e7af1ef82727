/* SPDX-License-Identifier: ISC */
/*
 * HTTP/1.1 server (RFC 9110, RFC 9112) over flows.
 *
 * The caller gives it flows (http_accept() has the signature of a listener's callback) and a table
 * of routes. The server parses requests, answers protocol errors itself, and asks the route's
 * handler for a response: bytes in slices (an embedded file: without a copy), or a source that
 * produces them as the peer takes them. Handlers do not block; one that needs time answers later by
 * http_respond().
 *
 * Connections come from an array that the caller sized; a connection more than that is answered 503
 * and closed. Each state has its time limit. No file-scope state; time is an argument.
 */
#ifndef NET_HTTP_HTTP_H
#define NET_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/waker.h"
#include "hal/clock.h"
#include "hal/flow.h"
#include "hal/kv.h"

enum {
	HTTP_HEADER_BYTES_MAX =
		4096,         /* of a request's line and fields together; 431 or 414 beyond */
	HTTP_FIELDS_MAX = 48, /* 431 beyond */
};

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

/* A string that the request holds; valid until its response has begun. */
struct http_text {
	const char *at;
	size_t len;
};

struct http_request {
	enum http_method method;
	struct http_text path;  /* percent-decoded, begins with '/', dot segments removed */
	struct http_text query; /* as it came, without '?' */
	bool has_body;
};

/* Produces a body of known or unknown length while it is sent. */
struct http_source {
	/*
	 * The next run of bytes, with an owner or static: OK, ERR_EOF at the end, ERR_AGAIN to be
	 * asked again after http_wake(). `offset` is the byte of the body that it should begin
	 * with.
	 */
	enum err (*next)(struct http_source *s, uint64_t offset, struct slice *out);
	void (*done)(
		struct http_source *s); /* the response is over, complete or not; may be NULL */
};

#define HTTP_LENGTH_UNKNOWN UINT64_MAX /* sent chunked */

struct http_response {
	unsigned status;          /* 200 */
	const char *content_type; /* static string */
	uint64_t etag;            /* 0: none; else conditional requests and ranges are honoured */
	struct slice body;        /* the whole body, or empty when `source` is set */
	struct http_source *source;
	uint64_t source_bytes;     /* length of what source produces, or HTTP_LENGTH_UNKNOWN */
	const char *cache_control; /* static string or NULL */
};

struct http_conn;

/*
 * A route's handler. Fills *response, whose fields are zero but status 200, and returns OK; or
 * returns ERR_NOTFOUND (the server answers 404, after trying the next route that matches),
 * ERR_AGAIN (it will call http_respond(conn) later) or another error (500).
 */
typedef enum err http_handler_fn(void *arg, struct http_conn *conn,
				 const struct http_request *request,
				 struct http_response *response);

/* Is shown the body of a request as it arrives; `last` at its end. Not OK: 413 and close. */
typedef enum err http_body_fn(void *arg, struct http_conn *conn, struct slice bytes, bool last);

struct http_route {
	const char *path; /* "/" matches all; a path that ends in '/' matches what is below it */
	http_handler_fn *handler; /* called when the request, its body included, is complete */
	http_body_fn *body;       /* NULL: a request with a body is answered 405 */
	void *arg;
};

struct http_config {
	uint16_t connections;
	uint64_t header_timeout_us; /* from the first byte of a request to its last header: 10 s */
	uint64_t idle_timeout_us;   /* between requests: 30 s */
	uint64_t body_timeout_us;   /* without progress of a request's or response's body: 30 s */
	uint64_t body_bytes_max;    /* of a request; 413 beyond */
};

extern const struct http_config http_config_default;

struct http_stats {
	uint64_t requests, bytes_out;
	uint32_t connections, connections_max, rejected; /* now, ever at once, answered 503 */
	uint32_t bad_requests, timeouts, aborted;
};

struct http;

size_t http_memory_bytes(const struct http_config *config);

/*
 * Makes a server in `memory` (8-byte aligned, http_memory_bytes() long). `routes` ends with a NULL
 * path and must outlive it; the longest path that matches wins. `wall_s`, for the Date field, is
 * the Unix time in seconds at `now_us`, or 0 if unknown (then no Date is sent: RFC 9110
 * section 6.6.1). `work` is woken when http_poll() should be called.
 */
struct http *http_init(void *memory, const struct http_config *config,
		       const struct http_route *routes, uint64_t wall_s, uint64_t now_us,
		       struct waker work);

/* Takes over a new flow; a flow_accept_fn whose arg is the struct http. */
void http_accept(void *http, struct flow *f, uint64_t now_us);

/* Enforces time limits; returns the time of its next call. Signature of a task's poll function. */
uint64_t http_poll(void *http, uint64_t now_us);

/* The late answer of a handler that returned ERR_AGAIN. */
void http_respond(struct http_conn *conn, const struct http_response *response);

/* A source that answered ERR_AGAIN has bytes now. */
void http_wake(struct http_conn *conn);

const struct http_stats *http_stats(const struct http *http);

/* A handler that serves the keys of a struct kv (its arg), "/" as index.html, types by suffix. */
http_handler_fn http_serve_kv;

#endif
