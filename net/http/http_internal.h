/* SPDX-License-Identifier: ISC */
/*
 * The server's own structures, shared by http.c (server, time), http_conn.c, http_route.c
 * and http_body.c (requests), http_reply.c and http_emit.c (responses).
 *
 * A connection is always in one state. http_conn_run() takes steps until one says that there is
 * nothing to do before the next event; each step ends by naming the next state or by that. So no
 * step calls another and the stack stays flat however many requests arrive at once.
 */
#ifndef NET_HTTP_HTTP_INTERNAL_H
#define NET_HTTP_HTTP_INTERNAL_H

#include "base/list.h"
#include "base/pool.h"
#include "net/http/http.h"
#include "net/http/http_parse.h"

enum {
	/* Of a response; an application's longer strings are its bug (asserted). */
	HTTP_REPLY_HEADER_BYTES = 768,
	/* Requests answered in one go before other connections get their turn. */
	HTTP_BATCH = 16,
	/* After an error: how long and how much is read and dropped, so that the peer gets to see
	 * the answer before a reset (RFC 9112 section 9.6). */
	HTTP_LINGER_US = 2 * 1000 * 1000,
	HTTP_LINGER_BYTES = 65536,
	/* Less than a thousand bytes a second is slow, at so long for each; and late by so much is
	 * too late when somebody else wants the place. */
	HTTP_BYTE_US = 1000,
	HTTP_STALL_US = 250 * 1000,
	HTTP_DATE_CHARS = 29,     /* "Sun, 06 Nov 1994 08:49:37 GMT" */
	HTTP_DATE_NAME_CHARS = 8, /* "\r\nDate: " */
};

enum http_state {
	HTTP_READ_HEADER, /* idle as long as it has no byte of a request */
	HTTP_READ_BODY,
	HTTP_PENDING, /* until http_respond() */
	HTTP_REPLY,
	HTTP_LINGER,
};

/*
 * Each has a constant length, so that its connections queue up in the order of their deadlines. Who
 * moves a body too slowly falls back in its queue (http_conn_moved()). A newcomer gets the place of
 * one of the first kind before one of the next.
 */
enum http_timer {
	HTTP_TIMER_IDLE,
	HTTP_TIMER_LINGER,
	HTTP_TIMER_HEADER,
	HTTP_TIMER_BODY,
	HTTP_TIMERS,
};

enum http_step {
	HTTP_ON,   /* the next step */
	HTTP_WAIT, /* an event, a timer or a call goes on */
	HTTP_GONE, /* the connection does not exist any more */
};

/* A response on its way. Its header is made anew from this when the flow did not take all of it. */
struct http_reply {
	uint16_t status;
	uint16_t text_sent; /* bytes of the header or a frame; of "100 Continue" before */
	uint8_t kept; /* its header is the one of this number, from 1; holds a reference; 0: none */
	bool dated;   /* date_s is set, and `kept` if there is one */
	bool header_done;
	bool gzip;
	bool constant;
	bool no_content; /* HEAD, 204, 304 */
	bool frame_due;  /* the chunk's size, or the last chunk, comes next */
	bool source_ended;
	bool starved; /* until http_wake(): the source, or before there is a response body() */
	bool waited;  /* the timer runs for the peer, of this body or the request's */
	/* From here on to `fields` those that say the same are equal, byte by byte. */
	uint64_t etag;
	uint64_t end;    /* offset behind the last byte, or HTTP_LENGTH_UNKNOWN */
	uint64_t date_s; /* Unix time; 0: no Date */
	const char *content_type, *cache_control, *fields;
	struct slice body; /* to be written next; holds a reference */
	struct http_source *source;
	uint64_t offset; /* of the byte to be written next */
	uint64_t first;  /* offset of the first one */
	uint64_t total;  /* bytes of the representation */
};

struct http_conn {
	/* What is used most is in front: there it is reached by shorter instructions. */
	uint8_t state;  /* enum http_state */
	bool body_left; /* of the request, not read yet */
	bool unread;    /* something the peer sent will never be read: linger */
	bool told;      /* the route must be told if the request is not completed */
	uint8_t blank_lines;
	uint16_t header_bytes; /* in the buffer so far, or altogether */
	struct http_head head; /* its body_bytes count down, or up for a chunked body */
	struct http *http;
	struct flow *flow;
	struct http_reply reply;
	struct list timer; /* in one of http->timers */
	struct list ready; /* in http->ready, or unlinked */
	uint64_t deadline_us;

	const struct http_route *route;
	const char *header; /* the request's text, while it is needed: in the buffer … */
	struct ref *held;   /* … or in a received slice of this owner */
	uint8_t *buffer;    /* of http->buffers, or NULL */
	union {
		struct http_scan scan;       /* of the header */
		struct http_chunked chunked; /* of the body */
	};
};

/* The field lines of the request, whose text is there. */
struct http_text http_conn_fields(const struct http_conn *c);

/* A response's header as it was put together, and what it was made of (http_kept.c). */
struct http_kept {
	struct ref ref;          /* our own, and those of the flows that are sending it */
	struct http_reply reply; /* before anything of it was sent; etag 0: nothing is here yet */
	uint16_t flags;          /* of enum http_flag, what the header says of the connection */
	/* What is in `text`, one behind the other: the last two may be missing. */
	uint16_t header_bytes, body_bytes, request_bytes;
	/* A request may have any value between these, if the latter is not 0. */
	uint16_t front_bytes, back_bytes;
	uint8_t compared; /* requests for it in other words, up to a limit */
	char text[];      /* http_parts.kept_bytes */
};

struct http {
	const struct http_route *routes;
	struct waker work;
	struct list ready;     /* connections to run in http_poll() */
	uint64_t now_us;       /* at the last call from outside */
	uint64_t next_poll_us; /* what http_poll() returned, or was woken for since */
	struct pool conns, buffers;
	struct list timers[HTTP_TIMERS];
	uint64_t timeout_us[HTTP_TIMERS];
	struct http_config config;
	struct http_stats stats;
	const struct wall_clock *wall; /* or NULL */
	uint64_t timed_us;             /* what now_us was when the time of day was asked for: */
	uint64_t unix_s, second_us; /* the second then, 0: not known; its begin in microseconds */
	uint64_t date_s;            /* that `date` is the field line of */
	char date[HTTP_DATE_NAME_CHARS + HTTP_DATE_CHARS];
	uint64_t kept[]; /* http_parts.kept of struct http_kept, with their text */
};

/* A body whose length nobody knows is chunked. */
ALWAYS_INLINE bool http_length_unknown(const struct http_reply *r)
{
	return http_parts.sources && r->end == HTTP_LENGTH_UNKNOWN;
}

/* --- http.c ---------------------------------------------------------------------------------- */

/* Starts the timer of this kind anew, in place of the one that runs. */
void http_timer_set(struct http_conn *c, enum http_timer kind);

/*
 * The peer has taken, or brought, so many bytes of a body: at a thousand a second that is the time
 * it gets for it, and never more than body_timeout_us. It gets all of that when it was not waited
 * for.
 */
void http_conn_moved(struct http_conn *c, uint64_t bytes);

/* Has http_poll() run the connection. */
void http_conn_ready(struct http_conn *c);

enum http_end { HTTP_END_CLOSE, HTTP_END_ABORT };

/* Gives back everything that the connection holds, its flow included, and forgets it. */
enum http_step http_conn_end(struct http_conn *c, enum http_end how);

/* The same after an error of the flow, or of a source: counted if anything was under way. */
enum http_step http_conn_fail(struct http_conn *c);

/* --- http_conn.c ----------------------------------------------------------------------------- */

/* Does all that can be done now. `c` may be gone afterwards. */
void http_conn_run(struct http_conn *c);

/* Prepares for a request, the first or the next. */
void http_conn_reset(struct http_conn *c);

/* Drops the text of the request. */
void http_conn_release_header(struct http_conn *c);

/* Tells the route that the request is lost, if it needs to know. */
void http_conn_tell_gone(struct http_conn *c);

/* Answers a timeout; `c` may be gone afterwards. */
void http_conn_expire(struct http_conn *c);

/* Answers a request that breaks a rule with an error, and closes. */
enum http_step http_conn_refuse(struct http_conn *c, unsigned status);

/* Answers with the server's own text. */
enum http_step http_conn_answer(struct http_conn *c, unsigned status);

/* --- http_route.c, http_body.c --------------------------------------------------------------- */

/* The header is parsed: finds the route, and begins to read the body or calls the handler. */
enum http_step http_dispatch(struct http_conn *c);

/* The request is complete: asks the handlers of the routes that match. */
enum http_step http_call_handler(struct http_conn *c);

/* The methods that the path of `found`, which may be NULL, is for; bits of enum http_method. */
unsigned http_allowed_methods(const struct http *h, const struct http_route *found);

/* The request has a body, and the route wants it: decides whether it may come, and begins to read
 * it. */
enum http_step http_body_begin(struct http_conn *c);

/* Reads one run of the body. */
enum http_step http_body_read(struct http_conn *c);

/* --- http_kv.c ------------------------------------------------------------------------------- */

enum {
	HTTP_KEY_BYTES_MAX = 256, /* of one that is put together */
};

/*
 * Fills *response for a GET or HEAD of what the path stands for. The key, which may be in `whole`,
 * is *key then. ERR_NOTFOUND, ERR_UNSUPPORTED, or an error of the store.
 */
MUST_USE enum err http_kv_find(struct kv *kv, const struct http_request *request,
			       struct http_response *response,
			       char whole[static HTTP_KEY_BYTES_MAX], struct http_text *key);

/* --- http_reply.c ---------------------------------------------------------------------------- */

/* Begins a response: conditions and ranges are applied, the request's text is dropped. */
void http_reply_begin(struct http_conn *c, const struct http_response *response);

/* Begins an error response, or 204, with the server's own text. */
void http_reply_status(struct http_conn *c, unsigned status);

/* The same for a request that is lost, which the route is told if it needs to know: closes the
 * connection after it, since what follows cannot be understood. */
void http_reply_refuse(struct http_conn *c, unsigned status);

/* Writes what is missing of a text of the connection's own, which must be the same each time. */
enum http_step http_reply_write(struct http_conn *c, const char *text, size_t len);

/* Writes what the flow takes. */
enum http_step http_reply_output(struct http_conn *c);

/* Drops what the response holds and tells the source. Idempotent. */
void http_reply_release(struct http_conn *c);

/* --- http_kept.c ----------------------------------------------------------------------------- */

/* "Vary: Accept-Encoding" with its end: the one field line that a kept header may have. */
extern const char http_vary[];

void http_kept_init(struct http *h);

/* Number i of the responses kept, from 0. */
ALWAYS_INLINE struct http_kept *http_kept_at(const struct http *h, unsigned i)
{
	const size_t words = (sizeof(struct http_kept) + http_parts.kept_bytes) / sizeof(uint64_t);
	return (struct http_kept *)(uintptr_t)(h->kept + i * words);
}

/* Sets the time of c->reply, and its header if that is kept. */
void http_kept_choose(struct http_conn *c);

/* Keeps the header that was made for c->reply; false if it may not be, or if there is no place. */
bool http_kept_add(struct http_conn *c, const char *text, size_t len);

/* Makes c->reply and c->head.flags what they were for such a request before; false if they were
 * not.
 */
bool http_kept_answer(struct http_conn *c, const struct slice *request);

/* --- http_emit.c, http_date.c ---------------------------------------------------------------- */

/* "404 Not Found\n": the status line's end and the text of an error. */
const char *http_find_status_text(unsigned status);

ALWAYS_INLINE const char *http_status_text(unsigned status)
{
	return http_parts.reasons ? http_find_status_text(status) : NULL;
}

/* Writes the header of c->reply and returns its length. */
size_t http_emit_header(struct http_conn *c, char text[static HTTP_REPLY_HEADER_BYTES]);

/* Writes what stands between chunks: "\r\n1000\r\n" and the like. Returns its length. */
size_t http_emit_frame(const struct http_reply *r, char text[static 24]);

/* Writes an IMF-fixdate (RFC 9110 section 5.6.7) without a NUL, for years up to 9999. */
void http_format_date(uint64_t unix_s, char text[static HTTP_DATE_CHARS]);

/*
 * Reads a date of any of the forms of RFC 9110 section 5.6.7; the day of the week is not looked at.
 * False: it is none, or before 1970.
 */
bool http_parse_date(struct http_text text, uint64_t *unix_s);

#define HTTP_DATE_MAX_S 253402300799u /* the end of the year 9999 */

#endif
