/* SPDX-License-Identifier: ISC */
#include "bench/instructions/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "bench/instructions/link.h"
#include "bench/instructions/segment.h"

enum {
	FIRST_PORT = 2048,
	PORTS = 60000,       /* then they come again */
	BURST_SEGMENTS = 32, /* sent in a round, by one connection */
	WINDOW = 0xffff,     /* scaled by SEGMENT_SCALE: never the limit */
	RESPONSE_BYTES_MAX = 2 * SEGMENT_MSS,
};

enum client_state { CLOSED, SYN_SENT, ESTABLISHED, LAST_ACK };

struct client_conn {
	enum client_state state;
	uint16_t port;
	uint32_t una, nxt; /* sent */
	uint32_t edge;     /* of the server's window */
	uint32_t rcv_nxt;
	uint32_t ts_echo;
	uint8_t scale; /* of the server's windows */
	bool timestamps;
	bool ask;         /* a request is due */
	unsigned unacked; /* frames of data since the last acknowledgement */
	uint32_t large;   /* bytes of them in frames of more than a segment */
	uint32_t left;    /* of the response that is awaited */
};

static struct client_conn conns[CLIENT_CONNECTIONS_MAX];
static struct client_config config;
static uint64_t units_bytes, requests;
static uint32_t response_bytes, now_ms, opened, asked;
static unsigned established;

uint64_t client_units(void)
{
	return config.load == CLIENT_SEND || config.load == CLIENT_RECEIVE
		       ? units_bytes / SEGMENT_MSS
		       : requests;
}

unsigned client_established(void)
{
	return established;
}

/* --- sending --------------------------------------------------------------------------------- */

static void emit(struct client_conn *c, uint8_t flags, const void *payload, uint32_t len)
{
	const struct segment s = {
		.client_port = c->port,
		.server_port = config.port,
		.seq = c->nxt,
		.ack = c->rcv_nxt,
		.flags = flags,
		.window = WINDOW,
		.timestamps = c->timestamps,
		.ts_value = now_ms,
		.ts_echo = c->ts_echo,
		.payload = payload,
		.len = len,
	};

	segment_send(&s);
	c->nxt += len + ((flags & (SEGMENT_SYN | SEGMENT_FIN)) != 0);
	c->unacked = 0;
	c->large = 0;
}

static void open_one(struct client_conn *c)
{
	/* Connection i has every port that is i beyond a multiple of their number. */
	*c = (struct client_conn){.state = SYN_SENT,
				  .port = (uint16_t)(FIRST_PORT + opened % PORTS),
				  .una = opened * 64021,
				  .nxt = opened * 64021,
				  .timestamps = config.options};
	opened++;
	emit(c, SEGMENT_SYN, NULL, 0);
}

static void ask(struct client_conn *c)
{
	/* lwIP's server keeps only connections that ask for it. */
	static const char keep[] = "GET /favicon.svg HTTP/1.1\r\nHost: 10.0.2.15\r\n"
				   "Connection: keep-alive\r\n\r\n";
	static const char close[] =
		"GET /favicon.svg HTTP/1.1\r\nHost: 10.0.2.15\r\nConnection: close\r\n\r\n";
	static char vary[] = "GET /favicon.svg HTTP/1.1\r\nHost: 10.0.2.15\r\n"
			     "Cookie: 00000000\r\nConnection: keep-alive\r\n\r\n";
	const char *text = keep;
	size_t len = sizeof(keep) - 1;

	if (config.load == CLIENT_CLOSE) {
		text = close;
		len = sizeof(close) - 1;
	} else if (config.load == CLIENT_VARY) {
		char *digit = strstr(vary, "\r\nConnection");
		for (uint32_t n = asked++, i = 0; i < 8; i++, n /= 10)
			*--digit = (char)('0' + n % 10);
		text = vary;
		len = sizeof(vary) - 1;
	}
	c->ask = false;
	c->left = response_bytes != 0 ? response_bytes : UINT32_MAX;
	emit(c, SEGMENT_ACK | SEGMENT_PSH, text, (uint32_t)len);
}

/* Full segments as far as the window goes; a device that puts them together has as many in one. */
static void send_some(struct client_conn *c)
{
	static const uint8_t bytes[BURST_SEGMENTS * SEGMENT_MSS];
	uint32_t mss = SEGMENT_MSS - (c->timestamps ? 12 : 0);
	int32_t room = (int32_t)(c->edge - c->nxt);
	uint32_t segments = room > 0 ? MIN((uint32_t)room / mss, (uint32_t)BURST_SEGMENTS) : 0;

	if (segments > 0 && link_coalesces()) {
		emit(c, SEGMENT_ACK, bytes, segments * mss);
		return;
	}
	for (uint32_t i = 0; i < segments; i++)
		emit(c, SEGMENT_ACK, bytes, mss);
}

void client_step(void)
{
	now_ms++;
	for (unsigned i = 0; i < config.connections; i++) {
		struct client_conn *c = &conns[i];
		if (c->state == CLOSED)
			open_one(c);
		else if (c->state != ESTABLISHED)
			continue;
		else if (c->ask)
			ask(c);
		else if (config.load == CLIENT_SEND)
			send_some(c);
	}
}

void client_start(const struct client_config *given)
{
	assert(given->connections <= CLIENT_CONNECTIONS_MAX);
	config = *given;
	segment_greet();
}

/* --- receiving ------------------------------------------------------------------------------- */

static struct client_conn *find(uint16_t port)
{
	for (unsigned i = 0; i < config.connections; i++)
		if (conns[i].state != CLOSED && conns[i].port == port)
			return &conns[i];
	return NULL;
}

/* The length of the first response, which is that of all. */
static uint32_t measure(const struct segment *s)
{
	char text[RESPONSE_BYTES_MAX + 1];
	uint32_t len = MIN(s->len, (uint32_t)RESPONSE_BYTES_MAX);

	memcpy(text, s->payload, len);
	text[len] = '\0';
	const char *field = strstr(text, "Content-Length: "), *body = strstr(text, "\r\n\r\n");
	assert(strncmp(text, "HTTP/1.1 200 ", 13) == 0 && field != NULL && body != NULL);
	return (uint32_t)(body + 4 - text) +
	       (uint32_t)strtoul(field + strlen("Content-Length: "), NULL, 10);
}

static void take_response(struct client_conn *c, const struct segment *s)
{
	if (response_bytes == 0) {
		response_bytes = measure(s);
		for (unsigned i = 0; i < config.connections; i++)
			conns[i].left = MIN(conns[i].left, response_bytes);
	}
	assert(s->len <= c->left);
	c->left -= s->len;
	if (c->left == 0) {
		requests++;
		c->ask = config.load == CLIENT_KEEP || config.load == CLIENT_VARY;
	}
}

/* As Linux does: every second segment is acknowledged, and one that was put together at once. */
static void take_data(struct client_conn *c, const struct segment *s)
{
	assert(s->seq == c->rcv_nxt);
	c->rcv_nxt += s->len;
	if (config.load != CLIENT_RECEIVE) {
		take_response(c, s);
		return;
	}
	units_bytes += s->len;
	if (++c->unacked == 2 || s->len > SEGMENT_MSS)
		emit(c, SEGMENT_ACK, NULL, 0);
}

static void take_fin(struct client_conn *c)
{
	c->rcv_nxt++;
	established--;
	c->state = LAST_ACK;
	emit(c, SEGMENT_FIN | SEGMENT_ACK, NULL, 0);
}

static void take_ack(struct client_conn *c, const struct segment *s)
{
	assert((int32_t)(c->nxt - s->ack) >= 0);
	if (config.load == CLIENT_SEND)
		units_bytes += s->ack - c->una;
	c->una = s->ack;
	c->edge = s->ack + ((uint32_t)s->window << c->scale);
}

static void take_syn(struct client_conn *c, const struct segment *s)
{
	assert((s->flags & SEGMENT_SYN) != 0 && s->ack == c->nxt);
	c->state = ESTABLISHED;
	established++;
	c->una = s->ack;
	c->rcv_nxt = s->seq + 1;
	c->edge = s->ack + s->window;
	c->scale = s->scale;
	c->timestamps = s->timestamps;
	c->ts_echo = s->ts_value;
	emit(c, SEGMENT_ACK, NULL, 0);
	c->ask = config.load <= CLIENT_CLOSE;
}

static void receive(const uint8_t *frame, size_t len)
{
	struct segment s;

	if (!segment_parse(frame, len, &s))
		return;
	assert((s.flags & SEGMENT_RST) == 0);
	struct client_conn *c = find(s.client_port);
	assert(c != NULL);
	if (c->state == SYN_SENT) {
		take_syn(c, &s);
		return;
	}
	if (s.timestamps)
		c->ts_echo = s.ts_value;
	take_ack(c, &s);
	if (c->state == LAST_ACK) {
		if (s.ack == c->nxt)
			c->state = CLOSED;
		return;
	}
	if (s.len > 0)
		take_data(c, &s);
	if ((s.flags & SEGMENT_FIN) != 0)
		take_fin(c);
}

link_frame_fn *const client_receive = receive;
