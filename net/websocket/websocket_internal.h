/* SPDX-License-Identifier: ISC */
/*
 * The server's own structures, shared by websocket.c (server, time), websocket_handshake.c,
 * websocket_input.c and websocket_output.c.
 *
 * websocket_run() is the only place where a connection ends, besides websocket_poll(): callbacks,
 * and calls from them, only note what is to happen. So nobody holds a connection that is gone.
 */
#ifndef NET_WEBSOCKET_WEBSOCKET_INTERNAL_H
#define NET_WEBSOCKET_WEBSOCKET_INTERNAL_H

#include "base/list.h"
#include "base/pool.h"
#include "base/utf8.h"
#include "net/websocket/websocket.h"
#include "net/websocket/websocket_frame.h"

enum {
	/* Unmasked and shown to the data handler at a time. */
	WEBSOCKET_RUN_BYTES = 1024,
	/* Runs for one connection before others get their turn. */
	WEBSOCKET_BATCH = 64,
	/* After an error: what is read and dropped, so that the peer gets to see our Close. */
	WEBSOCKET_LINGER_BYTES = 65536,
	/* "HTTP/1.1 101 …", or a frame's header, or a whole control frame. */
	WEBSOCKET_OUT_BYTES = 136,
};

enum websocket_state {
	WEBSOCKET_ARRIVING, /* still a request of HTTP */
	WEBSOCKET_OPEN,
	WEBSOCKET_CLOSING, /* our Close comes first: until the peer's */
	WEBSOCKET_REPLY,   /* the peer's came: until ours is written */
	WEBSOCKET_FAILED,  /* the peer broke the protocol: until our Close is written */
	WEBSOCKET_LINGER,  /* then, until it has closed too */
};

enum websocket_timer { WEBSOCKET_TIMER_IDLE, WEBSOCKET_TIMER_CLOSE, WEBSOCKET_TIMERS };

enum websocket_step {
	WEBSOCKET_ON,   /* the next step */
	WEBSOCKET_WAIT, /* for an event, a timer or a call */
	WEBSOCKET_OVER, /* the connection is to end */
};

struct websocket_conn {
	struct websocket *server;
	struct http_conn *request; /* in WEBSOCKET_ARRIVING */
	struct flow *flow;         /* later */
	struct list node;          /* in server->arriving or ->timers[] */
	struct list ready;         /* in server->ready, or unlinked */
	uint64_t deadline_us;
	void *context;

	/* Receiving: a frame's header in pieces, then the frame. */
	uint8_t header[WEBSOCKET_HEADER_BYTES_MAX];
	uint8_t header_bytes;
	bool in_frame;
	struct websocket_frame frame;
	uint64_t left;          /* bytes of its payload */
	uint64_t message_bytes; /* of the frames so far, this one included; in LINGER: dropped */
	uint8_t message_type;   /* enum websocket_type, or 0: none has begun */
	struct utf8 utf8;
	uint8_t control[WEBSOCKET_CONTROL_BYTES_MAX];

	/* Sending: what is in `out` goes first, then the rest of the frame under way. */
	uint8_t out[WEBSOCKET_OUT_BYTES];
	uint8_t out_bytes, out_sent;
	size_t out_left;    /* bytes of the frame's payload, for websocket_write() to bring */
	bool out_continues; /* the next frame continues a message */
	uint8_t pong[WEBSOCKET_CONTROL_BYTES_MAX], pong_bytes;
	bool pong_due, ping_due, close_due;

	uint8_t state; /* enum websocket_state */
	bool broken;   /* the flow has failed, or a frame cannot be completed */
	bool paused;   /* the data handler takes nothing now */
	bool blocked;  /* a write was not taken whole */
	bool pinged;   /* and nothing was received since */
	uint16_t code; /* of whoever closed first; of our Close */
};

struct websocket {
	struct websocket_config config;
	struct websocket_stats stats;
	const struct websocket_handlers *handlers;
	void *arg;
	struct waker work;
	struct pool conns;
	struct list arriving, ready, timers[WEBSOCKET_TIMERS];
	uint64_t now_us; /* at the last call from outside */
	uint64_t next_poll_us;
	uint8_t run[WEBSOCKET_RUN_BYTES]; /* the bytes that the data handler is shown */
};

/* --- websocket.c ----------------------------------------------------------------------------- */

/* Restarts the connection's timer, of one of the kinds. */
void websocket_timer_set(struct websocket_conn *c, enum websocket_timer kind);

/* Has websocket_poll() called now. */
void websocket_wake(struct websocket *s);

/* Goes on with the connection in websocket_poll(). */
void websocket_ready(struct websocket_conn *c);

/* Does what can be done now; the connection may be gone afterwards. */
void websocket_run(struct websocket_conn *c);

/* --- websocket_handshake.c ------------------------------------------------------------------- */

/* Takes the connection over from HTTP, and answers. */
void websocket_arrive(struct websocket_conn *c);

/* --- websocket_input.c ----------------------------------------------------------------------- */

/* Reads, in any state but WEBSOCKET_ARRIVING. */
enum websocket_step websocket_input(struct websocket_conn *c);

/* --- websocket_output.c ---------------------------------------------------------------------- */

/* Writes what is due. True if a new frame, or the rest of the one under way, could follow. */
bool websocket_output(struct websocket_conn *c);

/* Our Close is written. */
bool websocket_close_written(const struct websocket_conn *c);

/* Begins to close: a Close frame with c->code follows what is being written. */
void websocket_begin_close(struct websocket_conn *c, enum websocket_state state, unsigned code);

#endif
