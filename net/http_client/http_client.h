/* SPDX-License-Identifier: ISC */
/*
 * HTTP/1.1 client (RFC 9110, RFC 9112) over the flows of a connector (hal/connector.h).
 *
 * A call is one request and its response. It does not block: what cannot be answered yet answers
 * ERR_AGAIN, and the call's waker is woken when it is worth while to ask again. For fibers that is
 * direct style (runtime/fiber/fiber.h):
 *
 *         e = http_call_start(&call, client, &request, fiber_waker(fiber_current()), now_us);
 *         if (e == OK)
 *                 e = FIBER_AWAIT(http_call_response(&call, &response), deadline_us);
 *         while (e == OK && (e = FIBER_AWAIT(http_call_read(&call, &run), deadline_us)) == OK)
 *                 http_call_consume(&call, use(run));
 *         http_call_end(&call);
 *
 * Connections are kept for further calls to the same host and port. There are never more than
 * configured: a call takes one that is idle, opens one, closes the one that has been idle longest,
 * or waits for its turn. A request that dies with a connection that had been kept, before anything
 * was answered, is sent once more on a new one if that is safe (RFC 9112 section 9.3.1).
 *
 * A response that two parsers could read differently, whose length is wrong or missing, or that is
 * larger than it may be, is an error, and its connection is never used again. Content codings are
 * not asked for.
 *
 * The caller owns struct http_call, which must stay until http_call_end(). No file-scope state;
 * memory and time are arguments; everything is for the event loop only.
 */
#ifndef NET_HTTP_CLIENT_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/list.h"
#include "base/slice.h"
#include "base/waker.h"
#include "hal/connector.h"
#include "net/http/http.h"
#include "net/http/http_parse.h"

enum {
	HTTP_URL_BYTES_MAX = 1024,
	/* A streamed body from this size on asks first: Expect: 100-continue. */
	HTTP_EXPECT_BYTES = 65536,
};

struct http_client_config {
	uint16_t connections;    /* at one time, idle ones included; about 1200 bytes each, and: */
	uint16_t header_bytes;   /* of a request's and of a response's header */
	uint8_t redirects;       /* followed in one call, at most */
	uint64_t timeout_us;     /* that a call waits without any progress */
	uint64_t idle_us;        /* that an unused connection is kept */
	uint64_t continue_us;    /* that 100 Continue is waited for */
	uint64_t body_bytes_max; /* of a response */
};

/* 4 connections, headers of 4096 bytes, 5 redirects, 30 s, 15 s, 1 s, no limit. */
extern const struct http_client_config http_client_config_default;

struct http_client_request {
	enum http_method method; /* not HTTP_OTHER */
	const char *url;         /* "http://host:8080/path?query"; must live until the end */
	/*
	 * Further field lines, each with its CR LF at the end, or NULL; must live until the end.
	 * Not Host, Content-Length, Transfer-Encoding, Connection, Expect or Accept-Encoding. They
	 * are not sent to another host to which a redirect leads.
	 */
	const char *fields;
	/* A body that lies in memory. The call takes a reference on its owner. */
	struct slice body;
	/*
	 * Or, instead, one that http_call_write() brings, of `upload_bytes`, or
	 * HTTP_LENGTH_UNKNOWN: chunked.
	 */
	bool upload;
	uint64_t upload_bytes;
};

/* As it came; `fields` is good until http_call_end(), for http_next_field(). */
struct http_client_response {
	unsigned status; /* 200 to 599 */
	uint64_t bytes;  /* of the body, or HTTP_LENGTH_UNKNOWN */
	struct http_text fields;
};

struct http_client_stats {
	uint32_t calls, connections; /* begun */
	uint32_t reused;             /* calls on a connection that had been kept */
	uint32_t retried, redirected,
		queued;     /* calls sent again, sent elsewhere, that had to wait */
	uint32_t malformed; /* responses that broke a rule */
	uint32_t timeouts, broken;
	uint64_t bytes_in, bytes_out; /* of bodies */
};

/* It, described (base/counter.h). */
extern const struct counters http_client_counters;

struct http_client;
struct http_link;

/* For its functions alone. */
struct http_call {
	struct list node; /* in the client's queue, or unlinked */
	struct http_client *client;
	struct http_link *link; /* NULL: waits for its turn, or is over */
	struct http_client_request request;
	struct waker waker;
	struct http_head head; /* of the response; its body_bytes are left, or were there */
	struct http_chunked chunked;
	size_t run_left;    /* bytes of data that are lent */
	uint64_t sent;      /* bytes of the request's body */
	size_t chunk_left;  /* of the chunk that is being written */
	uint8_t frame_sent; /* bytes of its frame */
	uint8_t sending, receiving;
	uint8_t redirects, interim;
	uint64_t bytes; /* of the response's body */
	bool retried, waiting, expects, frame_due, ending, other_host, last_run;
	enum err error;
};

/* Bytes of memory that http_client_init() needs for `config`. */
size_t http_client_memory_bytes(const struct http_client_config *config);

/*
 * Makes a client in `memory` (8-byte aligned, http_client_memory_bytes() long) and returns it.
 * `work` is woken when http_client_poll() should be called.
 */
struct http_client *http_client_init(void *memory, const struct http_client_config *config,
				     struct connector *connector, struct waker work);

/* Enforces time limits, begins what waits. Returns the time of the next call, or TIME_NEVER. */
uint64_t http_client_poll(struct http_client *client, uint64_t now_us);

/* Counters; borrowed, live. */
const struct http_client_stats *http_client_stats(const struct http_client *client);

/*
 * Begins a call. ERR_INVALID: the URL is malformed; ERR_UNSUPPORTED: its scheme is not http;
 * ERR_RANGE: URL or fields are too long. Then there is no call, and nothing to end.
 */
MUST_USE enum err http_call_start(struct http_call *call, struct http_client *client,
				  const struct http_client_request *request, struct waker waker,
				  uint64_t now_us);

/*
 * Writes a copy of up to `len` bytes, at least 1, of an upload's body, not more than announced
 * (asserted), and returns how many. ERR_AGAIN; ERR_CLOSED: the server has answered and wants no
 * more; the call's error.
 */
MUST_USE ssize_t http_call_write(struct http_call *call, const void *bytes, size_t len);

/* Ends an upload, all of whose announced bytes are written (asserted). ERR_AGAIN; as above. */
MUST_USE enum err http_call_finish(struct http_call *call);

/*
 * The final response, whose body may follow. ERR_AGAIN; ERR_NOTFOUND: no such host; ERR_REFUSED,
 * ERR_UNREACHABLE: it does not answer; ERR_TIMEOUT; ERR_RESET: the connection broke; ERR_INVALID:
 * what came breaks the rules; ERR_RANGE: it is too long; ERR_UNSUPPORTED: in an unknown transfer
 * coding.
 */
MUST_USE enum err http_call_response(struct http_call *call, struct http_client_response *response);

/*
 * Lends the next run of the response's body, not empty: valid until http_call_consume(), or longer
 * with a reference on out->owner. ERR_AGAIN; ERR_EOF: the body is complete; errors as above: it is
 * not.
 */
MUST_USE enum err http_call_read(struct http_call *call, struct slice *out);

/* Removes `bytes` of the run lent last (asserted: not more). */
void http_call_consume(struct http_call *call, size_t bytes);

/* Ends the call, at any time. What is not complete is aborted. */
void http_call_end(struct http_call *call);

/* --- URLs (http_url.c) ----------------------------------------------------------------------- */

struct http_url {
	struct http_text authority; /* "host:8080", "[fd00::2]" */
	struct http_text host;      /* without port and brackets */
	struct http_text target;    /* "/path?query", "?query" or empty */
	uint16_t port;
};

/*
 * Parses an http URL (RFC 9110 section 4.2.1, RFC 3986); a fragment is left out. *url points into
 * `text`. ERR_INVALID: malformed, or with user information; ERR_UNSUPPORTED: another scheme.
 */
MUST_USE enum err http_url_parse(struct http_url *url, struct http_text text);

/*
 * Writes the URL that `reference`, of a document at `base`, means to `out` (RFC 3986 section 5.2)
 * and its length to *len. ERR_RANGE: longer than HTTP_URL_BYTES_MAX; others as http_url_parse().
 */
MUST_USE enum err http_url_resolve(const struct http_url *base, struct http_text reference,
				   char out[static HTTP_URL_BYTES_MAX], size_t *len);

#endif
