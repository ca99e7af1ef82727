/* SPDX-License-Identifier: ISC */
/*
 * HTTP/1.1 server (RFC 9110, RFC 9112) over flows.
 *
 * The caller gives it flows (http_accept() has the signature of a listener's callback) and, at any
 * time, a table of routes; until then every path is answered 404. The server parses requests,
 * answers protocol errors itself, and asks the route's handler for a response: bytes in slices (an
 * embedded file: without a copy), or a source that produces them as the peer takes them. Handlers
 * do not block; one that needs time answers later by http_respond().
 *
 * Connections come from an array that the caller sized, with a few more for newcomers. While these
 * are in use, connections are reset that keep others waiting, by a quarter of a second at least:
 * who has been idle longest, between requests or before the first; else who was answered and is
 * about to be closed; else who is latest with a header, or with taking or bringing a body, at a
 * thousand bytes a second. So who sends nothing, or little, or reads nothing keeps nobody else out;
 * without others it may stay until its time is over. One more yet gets the place of the longest
 * idle, or is reset.
 *
 * A request's header is parsed where it was received; only one that comes in pieces takes a buffer,
 * of which there are fewer. Each state has its time limit; for a body it is body_timeout_us behind
 * a peer that moves a thousand bytes a second. While a response waits for the peer to take it,
 * nothing more is read. No file-scope state; time is an argument.
 *
 * All calls and callbacks come from the event loop, none blocks. A struct http_conn belongs to the
 * server. A route may use the one that its callbacks are shown until its request is over: the
 * handler has returned anything but ERR_AGAIN, http_respond() was called, or gone() tells that the
 * connection is lost; for http_wake(), until source->done().
 */
#ifndef NET_HTTP_HTTP_H
#define NET_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/waker.h"
#include "base/wall_clock.h"
#include "hal/flow.h"
#include "hal/kv.h"

enum {
	/*
	 * Of a request's line and fields together, with the empty line; 414 or 431 beyond. A server
	 * has http_parts.header_bytes, which is no more.
	 */
	HTTP_HEADER_BYTES_MAX = 4096,
	/* Fields of a request; 431 beyond. */
	HTTP_FIELDS_MAX = 48,
};

/*
 * HTTP_OTHER never reaches a handler: the server answers OPTIONS, and 405 or 501 to the rest. PUT,
 * DELETE and PATCH reach those of routes that name them.
 */
enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_PATCH,
	HTTP_OTHER,
};

/* A string that the request holds; valid until its response has begun. */
struct http_text {
	const char *at;
	size_t len;
};

struct http_request {
	enum http_method method;
	bool has_body;
	struct http_text path;  /* percent-decoded, begins with '/', dot segments removed */
	struct http_text query; /* as it came, without '?' */
};

/* Produces a body of known or unknown length while it is sent. */
struct http_source {
	/*
	 * The next run of bytes, not empty, with an owner (the server takes its own reference) or
	 * static: OK, ERR_EOF at the end, ERR_AGAIN to be asked again after http_wake(). `offset`
	 * is the byte of the body that it should begin with; the first is not 0 when the peer asked
	 * for a range. Another error, or an end before source_bytes, breaks the connection. Of
	 * known length it is asked once more behind the last byte that the peer gets, and what it
	 * answers is not sent; but ERR_AGAIN keeps the response from being over.
	 */
	enum err (*next)(struct http_source *s, uint64_t offset, struct slice *out);
	/* The response is over, complete or not; called once; may be NULL. */
	void (*done)(struct http_source *s);
};

#define HTTP_LENGTH_UNKNOWN UINT64_MAX /* sent chunked */

struct http_response {
	unsigned status;          /* 200 to 599 */
	const char *content_type; /* static string, or NULL for none */
	uint64_t etag;            /* 0: none; else conditional requests and ranges are honoured */
	/*
	 * The whole body, or empty when `source` is set. The server takes its own reference on the
	 * owner. An error status with neither body nor source gets a line of text as its body.
	 */
	struct slice body;
	struct http_source *source;
	uint64_t source_bytes;     /* length of what source produces, or HTTP_LENGTH_UNKNOWN */
	const char *cache_control; /* static string or NULL */
	/*
	 * Further field lines, each with its CR LF at the end, or NULL: "Location: /x\r\n". They go
	 * with whatever the response turns into (206, 304, 416), and must live until it is over.
	 */
	const char *fields;
	bool gzip; /* body or source is so coded: Content-Encoding will say it */
	/*
	 * A request of the same text will always be answered with the same, so that the server may
	 * do so without asking again; also one that differs in a field that the server knows
	 * nothing of, unless the handler has asked for http_fields(). Only for GET, with an etag
	 * and a body without an owner; ignored if another route's handler was asked before.
	 */
	bool constant;
};

struct http_conn;

/*
 * A route's handler, called once a request. Fills *response, whose fields are zero but status 200,
 * and returns OK; or returns ERR_NOTFOUND (the server answers 404, after trying the next route that
 * matches, unless the request had a body), ERR_AGAIN (it will call http_respond(conn) later, within
 * body_timeout_us, unless gone() is called first), ERR_UNSUPPORTED (405: not with this method) or
 * another error (500).
 */
typedef enum err http_handler_fn(void *arg, struct http_conn *conn,
				 const struct http_request *request,
				 struct http_response *response);

/*
 * Is shown the body of a request as it arrives, borrowed (keep it with a reference on the owner);
 * `last` at its end, when `bytes` may be empty. ERR_AGAIN: the same is shown again after
 * http_wake(), within body_timeout_us, maybe with more behind it, and nothing is read until then.
 * Not OK otherwise: 413, or 503 for ERR_NOMEM, and close, no further call.
 */
typedef enum err http_body_fn(void *arg, struct http_conn *conn, struct slice bytes, bool last);

/*
 * The request will not be completed, because the peer left, sent nonsense or was too slow, or the
 * answer was late: `conn` must not be used any more. Called once, and only for a request that
 * body() has seen a part of, without an error but ERR_AGAIN, or that the handler answered with
 * ERR_AGAIN.
 */
typedef void http_gone_fn(void *arg, struct http_conn *conn);

struct http_route {
	const char *path; /* "/" matches all; a path that ends in '/' matches what is below it */
	http_handler_fn *handler; /* called when the request, its body included, is complete */
	http_body_fn *body;       /* NULL: a request with a body is answered 405 (GET, HEAD: 400) */
	void *arg;
	http_gone_fn *gone; /* NULL: neither body() nor the handler keeps anything */
	/*
	 * Methods that it is for: 1 << HTTP_PUT | 1 << HTTP_DELETE. 0: GET, HEAD and POST. Others
	 * are for further routes of the same path, else they are answered 405.
	 */
	uint8_t methods;
};

struct http_config {
	/*
	 * Without newcomers, for which there are min(8, connections / 8 + 1) more. The flows'
	 * provider should have these, too: only who is connected can be given a place.
	 */
	uint16_t connections;
	/*
	 * Requests at one time whose header comes in pieces or whose path must be decoded; 503
	 * beyond. Each takes http_parts.header_bytes. 0: an eighth of `connections`, and 2.
	 */
	uint16_t header_buffers;
	uint64_t header_timeout_us; /* from the first byte of a request to its last header: 10 s */
	uint64_t idle_timeout_us;   /* between requests: 30 s */
	uint64_t body_timeout_us;   /* of a body's lateness, or for the application's part: 30 s */
	uint64_t body_bytes_max;    /* of a request; 413 beyond */
};

/* Sensible values for a small server: 64 connections, request bodies up to 1 MiB. */
extern const struct http_config http_config_default;

/*
 * What the servers of the image can do besides. It is a constant of the image, so that the linker
 * leaves out what is false or 0; an image that does not define it has all. A server without a part
 * still answers as RFC 9110 and 9112 ask for.
 */
struct http_parts {
	uint16_t kept;       /* responses kept for who asks next, an even number, 254 at most … */
	uint16_t kept_bytes; /* … each with its request in so many bytes at most; a multiple of 8 */
	bool variants;       /* … also for requests that differ in a field nobody reads */
	uint16_t header_bytes; /* of a request; see HTTP_HEADER_BYTES_MAX */
	bool bodies;     /* requests may have a body; without, no route has body() (asserted) */
	bool sources;    /* responses may have a source, and be chunked (else asserted) */
	bool conditions; /* If-Match, If-None-Match, If-Range and Range are honoured */
	bool date;       /* says the time, where it is known */
	bool reasons;    /* says status codes in words */
};

extern const struct http_parts http_parts;

struct http_stats {
	uint64_t requests;                     /* whose header was complete */
	uint64_t bytes_out;                    /* given to the flows */
	uint32_t connections, connections_max; /* now, ever at once */
	uint32_t rejected;     /* connections that found no place, and requests answered by 503 */
	uint32_t bad_requests; /* answered by an error that the parser found, 4xx, 501 or 505 */
	uint32_t timeouts;     /* of requests and responses; idle connections are not counted */
	uint32_t displaced;    /* connections that were reset to make room for another */
	uint32_t aborted;      /* connections that broke during a request or a response */
};

/* It, described (base/counter.h). */
extern const struct counters http_counters;

struct http;

/* Bytes of memory that http_init() needs for `config`. */
size_t http_memory_bytes(const struct http_config *config);

/*
 * Makes a server without routes in `memory` (8-byte aligned, http_memory_bytes() long). `wall`,
 * which must outlive it, is where the Date field's time comes from; while it is unknown, or if
 * `wall` is NULL, no Date is sent (RFC 9110 section 6.6.1). `work` is woken when http_poll() should
 * be called.
 */
struct http *http_init(void *memory, const struct http_config *config,
		       const struct wall_clock *wall, uint64_t now_us, struct waker work);

/*
 * Gives the server its routes, once (asserted). The table ends with a NULL path and must outlive
 * the server; the longest path that matches wins.
 */
void http_set_routes(struct http *http, const struct http_route *routes);

/* Takes over a new flow; a flow_accept_fn whose arg is the struct http. */
void http_accept(void *http, struct flow *f, uint64_t now_us);

/* Enforces time limits; returns the time of its next call. Signature of a task's poll function. */
uint64_t http_poll(void *http, uint64_t now_us);

/*
 * The late answer of a handler that returned ERR_AGAIN (asserted), not from inside that handler.
 * It is sent by the next http_poll(), for which `work` is woken. Status, body and source as above;
 * source->done() may be called before this returns, if nothing of the body is to be sent.
 */
void http_respond(struct http_conn *conn, const struct http_response *response);

/*
 * A source that answered ERR_AGAIN has bytes now, or its end, or body() has room: it is asked in
 * http_poll(). For nothing, it does nothing.
 */
void http_wake(struct http_conn *conn);

/*
 * The field lines of the request: for handlers, and until http_respond(). Fields of one name may
 * come more than once, and mean one list (RFC 9110 section 5.3).
 */
struct http_text http_fields(struct http_conn *conn);

/*
 * Takes the next field off *fields; `value` has no white space at its ends. False at the end.
 */
bool http_next_field(struct http_text *fields, struct http_text *name, struct http_text *value);

/* The request is of HTTP/1.0: it knows no chunks and must not be upgraded. */
bool http_is_1_0(const struct http_conn *conn);

/*
 * In place of http_respond(): the server forgets the connection without an answer, gone() does not
 * follow, and the flow is the caller's, who sets its event and arg. For another protocol that the
 * peer has asked for (RFC 9110 section 7.8): write 101 and go on. What the peer has sent since its
 * request can be read from the flow at once.
 */
MUST_USE struct flow *http_detach(struct http_conn *conn);

/* Counters; borrowed, live. */
const struct http_stats *http_stats(const struct http *http);

/*
 * A handler for GET and HEAD that serves the keys of a struct kv (its arg): the key is the
 * request's path without the first slash; a path that ends in '/' means the index.html there.
 */
http_handler_fn http_serve_kv;

/*
 * The same for a store that may hold a key once more with ".gz" behind it, the value compressed:
 * embedded_files("htdocs", .gzip = true). Whoever accepts gzip gets that, with an entity tag of its
 * own (RFC 9110 section 12.5.3). 406 if neither it nor the file itself is acceptable.
 */
http_handler_fn http_serve_kv_gzip;

#endif
