/* SPDX-License-Identifier: ISC */
/*
 * WebSocket server (RFC 6455) over the HTTP server: a route whose handler is websocket_upgrade()
 * and whose gone is websocket_gone(), with the struct websocket as their arg, takes connections
 * over from HTTP. One struct websocket serves one purpose: it has one set of handlers.
 *
 * Messages are not collected. The data handler is shown a message's bytes as they arrive, unmasked
 * and, for text, checked to be UTF-8 so far; what it does not take stays in the flow, whose window
 * slows the peer down. Likewise websocket_write() takes what the flow takes, in frames of the
 * length that the caller offers. Pings are answered, and sent to peers that have been silent; a
 * peer that breaks the protocol is told so in a Close frame and dropped.
 *
 * A struct websocket_conn belongs to the server and comes from an array that the caller sized; it
 * may be used from open() until closed() returns. Extensions and subprotocols are not negotiated.
 * All calls and callbacks come from the event loop, none blocks. No file-scope state; time is an
 * argument.
 */
#ifndef NET_WEBSOCKET_WEBSOCKET_H
#define NET_WEBSOCKET_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/waker.h"
#include "net/http/http.h"

enum websocket_type { WEBSOCKET_TEXT = 1, WEBSOCKET_BINARY = 2 };

/* Why a connection ends (RFC 6455 section 7.4.1); 3000 to 4999 are for applications. */
enum websocket_code {
	WEBSOCKET_NORMAL = 1000,
	WEBSOCKET_GOING_AWAY = 1001,
	WEBSOCKET_PROTOCOL_ERROR = 1002,
	WEBSOCKET_UNSUPPORTED = 1003,
	WEBSOCKET_NO_CODE = 1005,  /* never sent: the peer's Close had none */
	WEBSOCKET_LOST = 1006,     /* never sent: there was no Close */
	WEBSOCKET_NOT_UTF8 = 1007, /* in a text */
	WEBSOCKET_POLICY = 1008,
	WEBSOCKET_TOO_LARGE = 1009,
	WEBSOCKET_INTERNAL_ERROR = 1011,
};

struct websocket_conn;

/* What an application does; `arg` is that of websocket_set_handlers(). */
struct websocket_handlers {
	/*
	 * Whether a request may become a WebSocket: 403 if not. Browsers let any page connect
	 * anywhere and name it in Origin; who relies on cookies or addresses looks at that (RFC
	 * 6455 section 10.2). NULL: all may.
	 */
	bool (*admit)(void *arg, const struct http_request *request, struct http_text fields);
	/* There is a new connection. May be NULL. */
	void (*open)(void *arg, struct websocket_conn *ws);
	/*
	 * The next bytes of a message, borrowed; `last` at its end, when `len` may be 0. Returns
	 * how many it takes: after fewer it is shown the others at once; after ERR_AGAIN, or 0 of
	 * some, when the flow can be written again or after websocket_resume(). Until then nothing
	 * more is read. Any other error closes the connection with WEBSOCKET_INTERNAL_ERROR.
	 */
	ssize_t (*data)(void *arg, struct websocket_conn *ws, enum websocket_type type,
			const uint8_t *bytes, size_t len, bool last);
	/* After a write that was not taken whole: there is room. May be NULL. */
	void (*writable)(void *arg, struct websocket_conn *ws);
	/*
	 * The connection is over, and `ws` with it: with the code of whoever closed first,
	 * WEBSOCKET_NO_CODE or WEBSOCKET_LOST. Once for each open(). May be NULL.
	 */
	void (*closed)(void *arg, struct websocket_conn *ws, unsigned code);
};

struct websocket_config {
	uint16_t connections;       /* at once; 503 beyond */
	uint64_t frame_bytes_max;   /* of a frame's payload; closed with 1009 beyond */
	uint64_t message_bytes_max; /* of a message's; the same */
	/* Of silence until a ping; after as much again, or without progress of what is to be
	 * written, the connection is given up. */
	uint64_t idle_timeout_us;
	uint64_t close_timeout_us; /* from our Close to the peer's: then it is cut off */
};

/* 16 connections, messages up to 1 MiB, 30 s and 5 s. */
extern const struct websocket_config websocket_config_default;

struct websocket_stats {
	uint64_t bytes_in, bytes_out;          /* of messages */
	uint64_t messages_in;                  /* received to their end */
	uint32_t connections, connections_max; /* now, ever at once */
	uint32_t opened, rejected;             /* handshakes: completed, answered with an error */
	uint32_t errors;                       /* connections closed for what the peer sent */
	uint32_t timeouts;                     /* … for what it did not */
};

/* It, described (base/counter.h). */
extern const struct counters websocket_counters;

struct websocket;

/* Bytes of memory that websocket_init() needs for `config`. */
size_t websocket_memory_bytes(const struct websocket_config *config);

/*
 * Makes a server in `memory` (8-byte aligned, websocket_memory_bytes() long) that refuses everybody
 * until it has handlers. `work` is woken when websocket_poll() should be called.
 */
struct websocket *websocket_init(void *memory, const struct websocket_config *config,
				 uint64_t now_us, struct waker work);

/* Gives it its handlers, once (asserted); they must outlive it, and have `data`. */
void websocket_set_handlers(struct websocket *server, const struct websocket_handlers *handlers,
			    void *arg);

/* Takes over new connections, enforces time limits; returns the time of its next call. */
uint64_t websocket_poll(void *server, uint64_t now_us);

/* For the route, whose arg is the struct websocket. */
http_handler_fn websocket_upgrade;
http_gone_fn websocket_gone;
#define WEBSOCKET_ROUTE(PATH, SERVER)                                                              \
	{                                                                                          \
		.path = (PATH), .handler = websocket_upgrade, .arg = (SERVER),                     \
		.gone = websocket_gone                                                             \
	}

/*
 * Writes bytes of a message as a frame, its last one if `last`: of static bytes, or of those of an
 * owner, on whom the flow takes its own reference. A text must be UTF-8 (the caller's duty).
 * Returns how many were taken (0 for an empty frame), ERR_AGAIN (then writable() follows), or
 * ERR_CLOSED or another error when the connection is about to end.
 *
 * The frame's length and `last` are settled by the call that begins it, whatever that returns. What
 * is not taken must be offered again, before anything else; more may be offered behind it, but is
 * not taken in the same call.
 */
MUST_USE ssize_t websocket_write(struct websocket_conn *ws, enum websocket_type type,
				 struct slice bytes, bool last);

/* The same for passing bytes, which the flow copies. */
MUST_USE ssize_t websocket_write_copy(struct websocket_conn *ws, enum websocket_type type,
				      const void *bytes, size_t len, bool last);

/*
 * Begins to close with `code`: 1000, 1001, 1003, 1007 to 1014 or 3000 to 4999 (asserted). No data
 * follows in either direction, closed() does. Does nothing if it is closing already.
 */
void websocket_close(struct websocket_conn *ws, unsigned code);

/* A data handler that answered ERR_AGAIN can go on: it is called in websocket_poll(). */
void websocket_resume(struct websocket_conn *ws);

/* A pointer for the application's use, NULL in open(). */
void websocket_set_context(struct websocket_conn *ws, void *context);
void *websocket_context(const struct websocket_conn *ws);

/* Counters; borrowed, live. */
const struct websocket_stats *websocket_stats(const struct websocket *server);

#endif
