/* SPDX-License-Identifier: ISC */
/*
 * What the files of net/http_client share: http_client.c (client, time), http_link.c (connections),
 * http_call.c (calls), http_exchange.c (both halves of an exchange), http_upload.c (streamed
 * bodies), http_response.c (parsing).
 */
#ifndef NET_HTTP_CLIENT_INTERNAL_H
#define NET_HTTP_CLIENT_INTERNAL_H

#include "base/pool.h"
#include "net/http_client/http_client.h"

enum {
	HTTP_INTERIM_MAX = 8, /* interim responses to one request */
	HTTP_HOST_BYTES = 256,
};

/* What is to be sent next. */
enum http_sending {
	HTTP_SEND_NOTHING_YET, /* there is no connection */
	HTTP_SEND_HEADER,
	HTTP_SEND_CONTINUE, /* 100 Continue is waited for */
	HTTP_SEND_BODY,
	HTTP_SEND_DONE,
};

/* What is to come next. */
enum http_receiving {
	HTTP_AWAIT_HEADER,
	HTTP_AWAIT_BODY,
	HTTP_AWAIT_NOTHING, /* the response is complete */
	HTTP_AWAIT_FAILED,  /* it never will: call->error */
};

/* A connection, and room for the texts of the exchange on it. */
struct http_link {
	struct list node; /* in client->used */
	struct http_client *client;
	struct http_call *call; /* NULL: idle */
	struct flow *flow;      /* NULL: being connected */
	struct connector_request connecting;
	uint64_t deadline_us;
	bool is_connecting;
	bool restart;        /* the deadline runs from the next poll on */
	bool kept;           /* it has served a call before */
	bool answered;       /* something of a response has come */
	struct http_url url; /* of the present or the last call; points into url_text */
	uint16_t header_bytes, header_sent;
	struct http_scan scan;
	char url_text[HTTP_URL_BYTES_MAX + 1]; /* room for a NUL behind the host */
	char header[]; /* the request's until it is sent, then the response's */
};

struct http_client {
	struct http_client_config config;
	struct http_client_stats stats;
	struct connector *connector;
	struct waker work;
	struct pool links;
	struct list used;  /* links: of those without a call the one that is idle longest first */
	struct list queue; /* calls that wait for their turn */
	uint64_t now_us;   /* at the last call from outside that told it */
};

/* --- http_link.c ----------------------------------------------------------------------------- */

/* Gives the call a connection, or puts it into the queue. The URL has been checked. */
void http_link_assign(struct http_client *client, struct http_call *call);

/* Begins anew with the URL in link->url_text, on a new connection. Not OK: it cannot. */
enum err http_link_connect(struct http_link *link);

/* Begins an exchange with that URL, on the connection there is or a new one. */
void http_link_begin(struct http_link *link);

/* The call is over: keeps the connection for others if it may, else gives it back. */
void http_link_release(struct http_link *link);

/* Aborts what there is of a connection; the link stays. */
void http_link_disconnect(struct http_link *link);

/* Makes link->url that of the text, which has been parsed before. */
void http_link_set_url(struct http_link *link, const char *text, size_t len);

/* The time limit runs anew. */
void http_link_restart(struct http_link *link);

/* --- http_call.c ----------------------------------------------------------------------------- */

/* The call will not be completed. */
void http_call_fail(struct http_call *call, enum err e);

/* Prepares both halves for the beginning of an exchange. */
void http_call_reset(struct http_call *call);

/* Notes that the caller waits, and answers ERR_AGAIN. */
enum err http_call_wait(struct http_call *call);

static inline bool http_awaits_continue(const struct http_call *call)
{
	return call->sending == HTTP_SEND_CONTINUE && call->receiving == HTTP_AWAIT_HEADER;
}

/* --- http_exchange.c ------------------------------------------------------------------------- */

/* A flow's event function, whose argument is the link. */
void http_exchange_event(struct flow *flow, void *arg, unsigned events, uint64_t now_us);

/* There is a connection: sends the request. The link may be gone afterwards. */
void http_exchange_begin(struct http_link *link);

/* Does all that can be done now. The link may be gone afterwards. */
void http_exchange_run(struct http_link *link);

/* The connection failed with `e`: sends the request again if that is safe, or fails the call. */
void http_exchange_broken(struct http_link *link, enum err e);

/* --- http_upload.c --------------------------------------------------------------------------- */

/* Whether the request has a body that http_call_write() has given some of. */
static inline bool http_upload_begun(const struct http_call *call)
{
	return call->request.upload &&
	       (call->sent > 0 || call->chunk_left > 0 || call->frame_sent > 0 || call->ending);
}

/* --- http_response.c ------------------------------------------------------------------------- */

/*
 * Parses a response's header that http_scan() found complete; *head as of http_parse_head(), whose
 * request is not touched. OK, ERR_INVALID, or ERR_UNSUPPORTED for a transfer coding. RFC 9112
 * sections 4 and 6.3.
 */
MUST_USE enum err http_parse_response(struct http_head *head, const char *header, size_t len);

/* How the body of the final response to `method` ends. */
enum http_body_kind { HTTP_BODY_NONE, HTTP_BODY_FRAMED, HTTP_BODY_UNTIL_CLOSE };
enum http_body_kind http_body_kind(const struct http_head *head, enum http_method method);

#endif
