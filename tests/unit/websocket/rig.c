/* SPDX-License-Identifier: ISC */
#include "tests/unit/websocket/rig.h"

#include <stdlib.h>

struct rig rig;
static void *http_memory, *ws_memory;

/* --- handlers -------------------------------------------------------------------------------- */

static bool admit(void *arg, const struct http_request *request, struct http_text fields)
{
	struct http_text name, value;
	assert_ptr_equal(arg, &rig);
	(void)request;
	while (http_next_field(&fields, &name, &value)) {
		if (name.len == 6 && memcmp(name.at, "Origin", 6) == 0)
			return value.len == 4 && memcmp(value.at, "good", 4) == 0;
	}
	return true;
}

static void on_open(void *arg, struct websocket_conn *ws)
{
	assert_ptr_equal(arg, &rig);
	assert_null(websocket_context(ws));
	websocket_set_context(ws, &rig);
	rig.conn = ws;
	rig.opened++;
}

static ssize_t on_data(void *arg, struct websocket_conn *ws, enum websocket_type type,
		       const uint8_t *bytes, size_t len, bool last)
{
	(void)arg;
	assert_ptr_equal(websocket_context(ws), &rig);
	assert_true(len > 0 || last);
	if (rig.closes)
		websocket_close(ws, WEBSOCKET_GOING_AWAY);
	if (rig.fails)
		return ERR_IO;
	if (rig.takes_nothing || rig.closes)
		return ERR_AGAIN;
	ssize_t n = (ssize_t)len;
	if (rig.takes_one && len > 0) {
		last = last && len == 1;
		n = 1;
	}
	if (!rig.silent)
		n = websocket_write_copy(ws, type, bytes, (size_t)n, last);
	rig.shown_bytes += n > 0 ? (size_t)n : 0;
	return n;
}

static void on_writable(void *arg, struct websocket_conn *ws)
{
	(void)arg;
	assert_ptr_equal(ws, rig.conn);
	rig.writables++;
}

static void on_closed(void *arg, struct websocket_conn *ws, unsigned code)
{
	(void)arg;
	assert_ptr_equal(websocket_context(ws), &rig);
	rig.ended++;
	rig.code = code;
	if (ws == rig.conn)
		rig.conn = NULL;
}

static const struct websocket_handlers handlers = {admit, on_open, on_data, on_writable, on_closed};

/* --- the servers ----------------------------------------------------------------------------- */

static struct http_route routes[2];

static void wake(void *arg)
{
	(void)arg;
	rig.wakes++;
}

void rig_start(const struct websocket_config *config)
{
	const struct waker work = {wake, NULL};
	config = config != NULL ? config : &websocket_config_default;
	rig = (struct rig){.now_us = 5 * SECOND};
	http_memory = malloc(http_memory_bytes(&http_config_default));
	ws_memory = malloc(websocket_memory_bytes(config));
	rig.http = http_init(http_memory, &http_config_default, NULL, rig.now_us, work);
	rig.ws = websocket_init(ws_memory, config, rig.now_us, work);
	routes[0] = (struct http_route)WEBSOCKET_ROUTE("/ws", rig.ws);
	http_set_routes(rig.http, routes);
	websocket_set_handlers(rig.ws, &handlers, &rig);
}

void rig_stop(void)
{
	assert_int_equal(rig.ws->conns.used, 0);
	assert_int_equal(websocket_stats(rig.ws)->connections, 0);
	assert_int_equal(http_stats(rig.http)->connections, 0);
	assert_int_equal(rig.opened, rig.ended);
	assert_true(websocket_poll(rig.ws, rig.now_us) == UINT64_MAX);
	free(ws_memory);
	free(http_memory);
}

void rig_run(void)
{
	bool busy;
	do {
		unsigned wakes = rig.wakes;
		busy = flow_fake_poll(&rig.flow, rig.now_us);
		busy |= http_poll(rig.http, rig.now_us) <= rig.now_us;
		busy |= websocket_poll(rig.ws, rig.now_us) <= rig.now_us;
		busy |= rig.wakes != wakes;
	} while (busy);
}

void rig_wait(uint64_t us)
{
	rig.now_us += us;
	rig_run();
}

void rig_open(void)
{
	flow_fake_init(&rig.flow);
	rig.expected_bytes = 0;
	http_accept(rig.http, &rig.flow.flow, rig.now_us);
}

void rig_connect(void)
{
	rig_open();
	rig_send(UPGRADE, strlen(UPGRADE));
	rig_expect("the handshake", UPGRADED, strlen(UPGRADED));
}

void rig_send(const void *bytes, size_t len)
{
	flow_fake_feed(&rig.flow, bytes, len);
	rig_run();
}

static void print_bytes(const char *title, const uint8_t *bytes, size_t len)
{
	print_error("\n%s: %zu bytes:", title, len);
	for (size_t i = 0; i < len && i < 64; i++)
		print_error(" %02x", bytes[i]);
}

void rig_expect(const char *what, const void *bytes, size_t len)
{
	const uint8_t *out = rig.flow.out + rig.expected_bytes;
	size_t out_bytes = rig.flow.out_bytes - rig.expected_bytes;
	if (out_bytes != len || (len > 0 && memcmp(out, bytes, len) != 0)) {
		print_error("%s", what);
		print_bytes("wanted", bytes, len);
		print_bytes("got", out, out_bytes);
		fail();
	}
	rig.expected_bytes = rig.flow.out_bytes;
}

/* --- frames ---------------------------------------------------------------------------------- */

void put(struct bytes *b, const void *bytes, size_t len)
{
	assert_true(b->len + len <= sizeof(b->at));
	if (len > 0)
		memcpy(b->at + b->len, bytes, len);
	b->len += len;
}

static void put_header(struct bytes *b, unsigned first, size_t len, unsigned mask)
{
	uint8_t header[10] = {(uint8_t)first, (uint8_t)(mask | len)};
	size_t extra = len < 126 ? 0 : len < 65536 ? 2 : 8;
	if (extra > 0)
		header[1] = (uint8_t)(mask | (extra == 2 ? 126 : 127));
	for (size_t i = 0; i < extra; i++)
		header[2 + i] = (uint8_t)((uint64_t)len >> 8 * (extra - 1 - i));
	put(b, header, 2 + extra);
}

void put_masked(struct bytes *b, unsigned first, const void *payload, size_t len)
{
	static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
	put_header(b, first, len, 0x80);
	put(b, mask, sizeof(mask));
	put(b, payload, len);
	for (size_t i = 0; i < len; i++)
		b->at[b->len - len + i] ^= mask[i & 3];
}

void put_plain(struct bytes *b, unsigned first, const void *payload, size_t len)
{
	put_header(b, first, len, 0);
	put(b, payload, len);
}

/* --- exchanges ------------------------------------------------------------------------------- */

/* What the flow got, with the frames of a message that was echoed in pieces put together. */
static void join_frames(const uint8_t *in, size_t len, struct bytes *out)
{
	static struct bytes message;
	unsigned first = 0;
	message.len = 0;
	for (size_t at = 0; at < len;) {
		unsigned op = in[at] & 0xf;
		bool fin = (in[at] & FIN) != 0;
		uint64_t n = in[at + 1];
		at += 2;
		assert_true(n <= 127); /* never masked */
		unsigned extra = n < 126 ? 0 : n == 126 ? 2 : 8;
		n = extra > 0 ? 0 : n;
		for (unsigned i = 0; i < extra; i++)
			n = n << 8 | in[at++];
		assert_true(n <= len - at);
		if (op >= CLOSE) {
			put_plain(out, FIN | op, in + at, n);
		} else {
			assert_int_equal(op == CONT, first != 0);
			first = op != CONT ? op : first;
			put(&message, in + at, n);
		}
		at += n;
		if (op < CLOSE && fin) {
			put_plain(out, FIN | first, message.at, message.len);
			message.len = 0;
			first = 0;
		}
	}
	assert_int_equal(first, 0);
}

static void exchange(const char *what, const struct bytes *in, const struct bytes *out, size_t cut,
		     size_t step, size_t room)
{
	static struct bytes got;
	size_t begin = strlen(UPGRADED);
	rig_open();
	flow_fake_feed(&rig.flow, UPGRADE, strlen(UPGRADE));
	if (room != SIZE_MAX)
		rig.flow.room = 0;
	for (unsigned part = 0; part < 2; part++) {
		size_t from = part == 0 ? 0 : cut, to = part == 0 ? cut : in->len;
		if (to > from)
			flow_fake_feed_split(&rig.flow, in->at + from, to - from, step);
		rig_run();
		while (rig.flow.short_write && !flow_fake_is_over(&rig.flow)) {
			flow_fake_room(&rig.flow, room);
			rig_run();
		}
	}
	assert_true(rig.flow.out_bytes >= begin);
	got.len = 0;
	join_frames(rig.flow.out + begin, rig.flow.out_bytes - begin, &got);
	if (got.len != out->len || memcmp(got.at, out->at, out->len) != 0)
		fail_msg("%s: cut %zu, step %zu, room %zu", what, cut, step, room);
	flow_fake_eof(&rig.flow);
	rig_run();
	assert_null(rig.conn);
	flow_fake_fini(&rig.flow);
}

void rig_exchange(const char *what, const struct bytes *in, const struct bytes *out)
{
	size_t len = in->len;
	exchange(what, in, out, len, len, SIZE_MAX);
	exchange(what, in, out, len, 1, SIZE_MAX);
	for (size_t cut = 0; cut < len; cut += 1 + cut / 16)
		exchange(what, in, out, cut, len, SIZE_MAX);
	for (size_t room = 1; room < 2 * out->len + 150; room += 1 + room / 4)
		exchange(what, in, out, len / 2, 7, room);
}

void rig_exchange_once(const char *what, const struct bytes *in, const struct bytes *out)
{
	exchange(what, in, out, in->len, in->len, SIZE_MAX);
	exchange(what, in, out, in->len / 3, 1460, 1000);
	exchange(what, in, out, in->len, 1460, 7001);
}
