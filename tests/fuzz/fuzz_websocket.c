/* SPDX-License-Identifier: ISC */
/*
 * A WebSocket server that echoes, and one connection, upgraded. The input is a list of steps: a
 * byte that says what happens (enum step and a number), and the bytes that the step takes. What
 * comes back must be frames; when the peer is gone, everything must have been given back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/cursor.h"
#include "hal/timer.h"
#include "net/http/http_internal.h"
#include "net/websocket/websocket.h"
#include "net/websocket/websocket_internal.h"
#include "tests/fuzz/flow.h"

enum step {
	STEP_FEED,  /* the next 1 to 32 bytes as they are */
	STEP_FRAME, /* a byte that begins a frame, and 0 to 31 bytes for it to mask: all right */
	STEP_LONG,  /* the same, of 0 to 1922 equal bytes */
	STEP_ROOM,  /* the flow takes 0 to 31 bytes more; 31: 16 KiB */
	STEP_TIME,  /* 0 to 31 seconds pass */
	STEP_MODE,  /* how the data handler behaves from now on */
	STEP_CALL,  /* the application resumes, writes or closes */
	STEP_END,   /* the peer ends its direction, or breaks the connection */
};

enum mode { MODE_ECHO, MODE_ONE, MODE_NONE, MODE_DROP, MODE_CLOSE, MODE_FAIL, MODES };

enum { IN_BYTES = 1 << 16, OUT_BYTES = 1 << 16 };

/* One connection: what it has received and not read, and what it was sent. */
struct world {
	struct fuzz_flow flow;
	struct http *http;
	struct websocket *ws;
	struct websocket_conn *conn;
	uint64_t now_us;
	size_t in_begin, in_end;
	size_t answer_bytes; /* of the handshake */
	unsigned mode, opened, closed;
	uint8_t in[IN_BYTES], out[OUT_BYTES];
};

static struct world w;

/* --- flow ------------------------------------------------------------------------------------ */

/* All that has arrived is one run: several frames may be in it. */
static enum err fuzz_read(struct flow *f, struct slice *out, unsigned n)
{
	(void)f;
	assert(!w.flow.over && n == 1);
	if (w.flow.reset)
		return ERR_RESET;
	if (w.in_begin == w.in_end)
		return w.flow.eof ? ERR_EOF : ERR_AGAIN;
	*out = SLICE_STATIC(w.in + w.in_begin, w.in_end - w.in_begin);
	return OK;
}

static void fuzz_consume(struct flow *f, size_t bytes)
{
	(void)f;
	assert(!w.flow.over && bytes <= w.in_end - w.in_begin);
	w.in_begin += bytes;
}

static void open_flow(void)
{
	static struct flow_ops ops;

	fuzz_flow_init(&w.flow, 1000, w.out, sizeof(w.out));
	ops = fuzz_flow_ops;
	ops.read = fuzz_read;
	ops.consume = fuzz_consume;
	w.flow.flow.ops = &ops;
}

/* --- handlers -------------------------------------------------------------------------------- */

static void on_open(void *arg, struct websocket_conn *ws)
{
	(void)arg;
	w.conn = ws;
	w.opened++;
}

static ssize_t on_data(void *arg, struct websocket_conn *ws, enum websocket_type type,
		       const uint8_t *bytes, size_t len, bool last)
{
	(void)arg;
	assert(ws == w.conn && (len > 0 || last));
	assert(type == WEBSOCKET_TEXT || type == WEBSOCKET_BINARY);
	switch (w.mode) {
	case MODE_ECHO:
		return websocket_write_copy(ws, type, bytes, len, last);
	case MODE_ONE:
		return len > 0 ? 1 : 0;
	case MODE_DROP:
		return (ssize_t)len;
	case MODE_CLOSE:
		websocket_close(ws, WEBSOCKET_POLICY);
		return ERR_AGAIN;
	case MODE_FAIL:
		return ERR_IO;
	default:
		return ERR_AGAIN;
	}
}

static void on_closed(void *arg, struct websocket_conn *ws, unsigned code)
{
	(void)arg;
	assert(ws == w.conn && code >= 1000 && code < 5000);
	w.conn = NULL;
	w.closed++;
}

static const struct websocket_handlers handlers = {
	.open = on_open, .data = on_data, .closed = on_closed};

/* --- steps ----------------------------------------------------------------------------------- */

static void event(unsigned events)
{
	fuzz_flow_raise(&w.flow, events, w.now_us);
	bool busy;
	do {
		busy = http_poll(w.http, w.now_us) <= w.now_us;
		busy |= websocket_poll(w.ws, w.now_us) <= w.now_us;
	} while (busy);
}

static void feed(const void *bytes, size_t len)
{
	if (w.flow.over || w.flow.eof || len > IN_BYTES - w.in_end)
		return;
	memcpy(w.in + w.in_end, bytes, len);
	w.in_end += len;
}

static void feed_frame(uint8_t first, const uint8_t *payload, size_t len)
{
	static const uint8_t mask[4] = {1, 2, 3, 4};
	uint8_t frame[2048 + WEBSOCKET_HEADER_BYTES_MAX];
	size_t header = websocket_emit_header(frame, first & 0x0f, (first & 0x80) != 0, len);
	frame[0] = first;
	frame[1] |= 0x80;
	memcpy(frame + header, mask, sizeof(mask));
	websocket_unmask(frame + header + 4, payload, len, mask, 0);
	feed(frame, header + 4 + len);
	event(FLOW_READABLE);
}

static void feed_raw(struct cursor *c, size_t len)
{
	len = MIN(len, c->left);
	if (len == 0)
		return;
	feed(cursor_bytes(c, len), len);
	event(FLOW_READABLE);
}

static void feed_short(struct cursor *c, size_t len)
{
	uint8_t first = cursor_u8(c);
	len = MIN(len, c->left);
	feed_frame(first, cursor_bytes(c, len), len);
}

static void feed_long(struct cursor *c, size_t len)
{
	uint8_t bytes[2048];
	uint8_t first = cursor_u8(c);
	memset(bytes, cursor_u8(c), sizeof(bytes));
	feed_frame(first, bytes, len);
}

/* Nothing can go out between two pieces of an echo but the echo. */
static void call(unsigned n)
{
	if (w.conn == NULL)
		return;
	if (n % 4 == 0)
		websocket_close(w.conn, 3000 + n);
	else if (n % 4 == 1 && w.mode != MODE_ECHO && w.conn->out_left == 0)
		(void)!websocket_write(w.conn, WEBSOCKET_TEXT, SLICE_STATIC("12345678", n % 9),
				       n % 2);
	else
		websocket_resume(w.conn);
	event(0);
}

static void take_step(struct cursor *c)
{
	uint8_t what = cursor_u8(c), n = what >> 3;
	switch (what & 7) {
	case STEP_FEED:
		feed_raw(c, n + 1u);
		break;
	case STEP_FRAME:
		feed_short(c, n);
		break;
	case STEP_LONG:
		feed_long(c, 62u * n);
		break;
	case STEP_ROOM:
		w.flow.room += n < 31 ? n : 16384;
		event(0);
		break;
	case STEP_TIME:
		w.now_us += n * US_PER_S;
		event(0);
		break;
	case STEP_MODE:
		w.mode = n % MODES;
		break;
	case STEP_CALL:
		call(n);
		break;
	default:
		event(fuzz_flow_end(&w.flow, n == 31));
	}
}

/* --- what came back -------------------------------------------------------------------------- */

static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n";

/* The length of the frame at the front, or 0 if there is no whole one. */
static size_t frame_bytes(const uint8_t *bytes, size_t len)
{
	if (len < 2)
		return 0;
	uint8_t opcode = bytes[0] & 15;
	size_t n = bytes[1], header = 2;
	assert((bytes[0] & 0x70) == 0 && n <= 126); /* no frame is longer than what we send */
	assert(opcode <= 2 || (opcode >= 8 && opcode <= 10 && n <= 125 && bytes[0] >= 0x80));
	if (n == 126) {
		if (len < 4)
			return 0;
		n = (size_t)bytes[2] << 8 | bytes[3];
		header = 4;
	}
	return header + n <= len ? header + n : 0;
}

/* Frames, whose messages do not mix, and nothing behind a Close. */
static void check_output(void)
{
	const uint8_t *bytes = w.out + w.answer_bytes;
	assert(memcmp(w.out, answer, sizeof(answer) - 1) == 0);
	bool continues = false, closed = false;
	size_t len = w.flow.out_bytes - w.answer_bytes, n;
	while ((n = frame_bytes(bytes, len)) > 0) {
		uint8_t opcode = bytes[0] & 15;
		assert(!closed);
		closed = opcode == 8;
		if (opcode <= 2) {
			assert((opcode == 0) == continues);
			continues = bytes[0] < 0x80;
		}
		bytes += n;
		len -= n;
	}
}

static void start(void *http_memory, void *ws_memory, const struct websocket_config *config)
{
	static const char request[] =
		"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
	static struct http_route routes[2];
	memset(&w, 0, sizeof(w));
	open_flow();
	w.now_us = 1;
	w.http = http_init(http_memory, &http_config_default, NULL, w.now_us, (struct waker){0});
	w.ws = websocket_init(ws_memory, config, w.now_us, (struct waker){0});
	routes[0] = (struct http_route)WEBSOCKET_ROUTE("/", w.ws);
	http_set_routes(w.http, routes);
	websocket_set_handlers(w.ws, &handlers, NULL);
	feed(request, sizeof(request) - 1);
	http_accept(w.http, &w.flow.flow, w.now_us);
	event(0);
	assert(w.conn != NULL);
	w.answer_bytes = w.flow.out_bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct websocket_config config = {
		.connections = 1,
		.frame_bytes_max = 1500,
		.message_bytes_max = 4000,
		.idle_timeout_us = 20 * US_PER_S,
		.close_timeout_us = 5 * US_PER_S,
	};
	struct cursor c = cursor_over(data, size);
	void *http_memory = malloc(http_memory_bytes(&http_config_default));
	void *ws_memory = malloc(websocket_memory_bytes(&config));
	assert(http_memory != NULL && ws_memory != NULL);
	start(http_memory, ws_memory, &config);
	while (c.left > 0)
		take_step(&c);
	w.mode = MODE_DROP; /* a handler that takes nothing may keep a connection for ever */
	if (w.conn != NULL)
		websocket_resume(w.conn);
	for (unsigned i = 0; i < 4; i++) {
		w.now_us += 21 * US_PER_S;
		event(0);
	}
	check_output();
	assert(w.flow.over && w.conn == NULL && w.opened == 1 && w.closed == 1);
	assert(w.ws->conns.used == 0 && w.http->conns.used == 0);
	fuzz_flow_fini(&w.flow);
	free(ws_memory);
	free(http_memory);
	return 0;
}
