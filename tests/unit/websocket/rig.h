/* SPDX-License-Identifier: ISC */
/*
 * A WebSocket server behind an HTTP server over a fake flow, with handlers that echo, and frames as
 * a client sends them.
 */
#ifndef TESTS_UNIT_WEBSOCKET_RIG_H
#define TESTS_UNIT_WEBSOCKET_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/http/http.h"
#include "net/websocket/websocket.h"
#include "net/websocket/websocket_internal.h"
#include "tests/fakes/flow_fake.h"

#define SECOND ((uint64_t)1000000)

#define UPGRADE_WITH(fields)                                                                       \
	"GET /ws HTTP/1.1\r\nHost: example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"       \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" fields      \
	"\r\n"
#define UPGRADE UPGRADE_WITH("")
#define UPGRADED                                                                                   \
	"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"        \
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

/* First bytes of frames. */
enum { FIN = 0x80, CONT = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

struct rig {
	struct http *http;
	struct websocket *ws;
	struct flow_fake flow;
	uint64_t now_us;
	unsigned wakes;
	size_t expected_bytes; /* of the output that rig_expect() has seen */

	struct websocket_conn *conn;
	unsigned opened, ended, code, writables;
	size_t shown_bytes;
	bool takes_nothing; /* the data handler answers ERR_AGAIN */
	bool takes_one;     /* … takes a byte at a time */
	bool closes;        /* … calls websocket_close(1001) and takes nothing */
	bool fails;         /* … answers ERR_IO */
	bool silent;        /* … takes all and writes nothing */
};

extern struct rig rig;

void rig_start(const struct websocket_config *config);

/* Every connection must be gone and everything given back (checked). */
void rig_stop(void);

/* Opens rig.flow; rig_connect() upgrades it as well. */
void rig_open(void);
void rig_connect(void);

void rig_run(void);
void rig_wait(uint64_t us);

/* Feeds bytes and runs. */
void rig_send(const void *bytes, size_t len);

/* What was written since the last call is exactly this. */
void rig_expect(const char *what, const void *bytes, size_t len);

/* Bytes that a test puts together. */
struct bytes {
	size_t len;
	uint8_t at[200000];
};

void put(struct bytes *b, const void *bytes, size_t len);

/* Adds a frame as a client sends it, masked, or as a server does. */
void put_masked(struct bytes *b, unsigned first, const void *payload, size_t len);
void put_plain(struct bytes *b, unsigned first, const void *payload, size_t len);

/*
 * After the handshake, `in` is answered by exactly `out`, however the input is cut and however
 * little the flow takes at a time. Then the peer goes.
 */
void rig_exchange(const char *what, const struct bytes *in, const struct bytes *out);

/* The same with a few cuts, for much input. */
void rig_exchange_once(const char *what, const struct bytes *in, const struct bytes *out);

int websocket_parts_tests(void);
int websocket_messages_tests(void);
int websocket_closing_tests(void);

#endif
