/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "apps/iperf/iperf.h"
#include "base/bytes.h"

/* How a stream is made known and answered; older versions have other numbers. */
#define CONNECT       0x36373839u
#define CONNECT_OLD   123456789u
#define CONNECTED     0x39383736u
#define CONNECTED_OLD 987654321u

enum {
	BATCH = 32,     /* datagrams of a stream before the others' turn */
	PAUSE_US = 200, /* when the device takes no more, or nothing is due */
	TRIES = 20,     /* to make a stream known */
	TRY_US = 250 * US_PER_MS,
};

static struct udp *layer;
static struct pkt_pool *packets;
static struct udp_socket server_socket, client_socket[IPERF_STREAMS_MAX];

/* The other side writes the numbers in its processor's order, which is this one. */
static uint32_t magic_of(const struct pkt *p)
{
	return p->len >= 4 ? load_le32(p->data) : 0;
}

static struct iperf_stream *find(struct iperf_test *t, const struct udp_socket *socket,
				 const struct udp_peer *peer)
{
	for (unsigned i = 0; i < t->opened; i++) {
		struct iperf_stream *s = &t->stream[i];
		if (s->socket == socket && s->peer.port == peer->port &&
		    ip_addr_equal(&s->peer.addr, &peer->addr))
			return s;
	}
	return NULL;
}

/* Answers with the very packet. Is given it. */
static void answer(struct udp_socket *socket, uint64_t now_us, struct pkt *p,
		   const struct udp_peer *peer, const struct ip_addr *local)
{
	bool is_old = magic_of(p) == CONNECT_OLD;

	pkt_trim(p, 4);
	store_le32(p->data, is_old ? CONNECTED_OLD : CONNECTED);
	if (udp_send(layer, socket, now_us, p, peer, local) != OK)
		pkt_put(p);
}

/* Only whom the control connection is with can open streams. */
static void server_input(struct udp_socket *socket, uint64_t now_us, struct pkt *p,
			 const struct udp_peer *peer, const struct ip_addr *local)
{
	struct iperf_test *t = &iperf_test;
	uint32_t magic = magic_of(p);
	struct iperf_stream *s = t->control != NULL ? find(t, socket, peer) : NULL;
	bool connects = magic == CONNECT || magic == CONNECT_OLD;

	if (s == NULL && connects && t->control != NULL && t->params.udp &&
	    ip_addr_equal(&t->peer, &peer->addr)) {
		s = iperf_stream_open(t);
		if (s != NULL) {
			s->socket = socket;
			s->peer = *peer;
		}
	}
	if (s != NULL && connects && !t->running) {
		answer(socket, now_us, p, peer, local);
		return;
	}
	if (s != NULL && !iperf_sends(t) && p->len >= IPERF_UDP_HEADER_MAX)
		iperf_udp_account(s, p->data, pkt_bytes(p), now_us);
	pkt_put(p);
}

enum err iperf_udp_listen(const struct iperf_layers *layers, uint16_t port)
{
	layer = layers->udp;
	packets = layers->tx;
	server_socket = (struct udp_socket){.port = port, .input = server_input};
	return udp_open(layer, &server_socket);
}

/* --- as client ------------------------------------------------------------------------------- */

static void client_input(struct udp_socket *socket, uint64_t now_us, struct pkt *p,
			 const struct udp_peer *peer, const struct ip_addr *local)
{
	struct iperf_test *t = &iperf_test;
	struct iperf_stream *s = find(t, socket, peer);
	uint32_t magic = magic_of(p);

	(void)local;
	if (s != NULL && !s->answered && (magic == CONNECTED || magic == CONNECTED_OLD)) {
		s->answered = true;
		fiber_wake(t->control);
	} else if (s != NULL && !iperf_sends(t) && p->len >= IPERF_UDP_HEADER_MAX) {
		iperf_udp_account(s, p->data, pkt_bytes(p), now_us);
	}
	pkt_put(p);
}

/* Sends `len` bytes, of which further ones than `copied` are zeros. */
static enum err send(const struct iperf_stream *s, const void *bytes, uint32_t copied, uint32_t len)
{
	static const uint8_t zeros[IPERF_UDP_BYTES_MAX];
	struct pkt *p = pkt_alloc(packets, PKT_HEADROOM);

	if (p == NULL)
		return ERR_NOMEM;
	memcpy(pkt_append(p, copied), bytes, copied);
	bool fits = pkt_add_piece(p, SLICE_STATIC(zeros, len - copied));
	assert(fits);
	enum err e = udp_send(layer, s->socket, time_now_us(), p, &s->peer, NULL);
	if (e != OK)
		pkt_put(p);
	return e;
}

static enum err connect_stream(struct iperf_stream *s)
{
	uint8_t magic[4];

	store_le32(magic, CONNECT);
	for (unsigned i = 0; i < TRIES && !s->answered; i++) {
		uint64_t until_us = time_now_us() + TRY_US;
		enum err e = send(s, magic, sizeof(magic), sizeof(magic));
		if (e == ERR_UNREACHABLE || e == ERR_NOTREADY)
			return e;
		while (!s->answered && fiber_park_until(until_us) == OK) {
		}
	}
	return s->answered ? OK : ERR_TIMEOUT;
}

enum err iperf_udp_connect(struct iperf_test *t, const struct iperf_layers *layers,
			   const struct udp_peer *peer)
{
	enum err e = OK;

	layer = layers->udp;
	packets = layers->tx;
	for (unsigned i = 0; e == OK && i < t->params.streams; i++) {
		client_socket[i] = (struct udp_socket){.input = client_input};
		e = udp_open(layer, &client_socket[i]);
		if (e != OK)
			break;
		struct iperf_stream *s = iperf_stream_open(t);
		assert(s != NULL);
		s->socket = &client_socket[i];
		s->peer = *peer;
		e = connect_stream(s);
	}
	return e;
}

void iperf_udp_disconnect(struct iperf_test *t)
{
	for (unsigned i = 0; i < t->opened; i++) {
		if (t->stream[i].socket != NULL)
			udp_close(layer, t->stream[i].socket);
	}
}

/* --- sending --------------------------------------------------------------------------------- */

/* Whether the next datagram of the stream is due at its rate. */
static bool is_due(const struct iperf_stream *s, uint64_t now_us)
{
	const struct iperf_test *t = s->test;
	uint64_t rate_kbits = t->params.rate_bits / 1000;

	if (rate_kbits == 0)
		return true;
	return s->highest * t->params.block_bytes * 8000 <= (now_us - t->begin_us) * rate_kbits;
}

static enum err send_datagram(struct iperf_stream *s)
{
	const struct iperf_params *params = &s->test->params;
	uint8_t header[IPERF_UDP_HEADER_MAX];
	uint64_t now_us = time_now_us();

	size_t n = iperf_udp_header(header, now_us, s->highest + 1, params->counters64);
	enum err e = send(s, header, (uint32_t)n, params->block_bytes);
	if (e != OK)
		return e;
	s->highest++;
	if (now_us < s->test->count_us)
		s->omitted = s->highest;
	s->mine.packets = s->highest - s->omitted;
	iperf_count(s, params->block_bytes);
	return OK;
}

/* True if something was sent. */
static bool send_batch(struct iperf_stream *s)
{
	unsigned n = 0;

	while (n < BATCH && s->test->running && !iperf_moved_enough(s->test) &&
	       is_due(s, time_now_us()) && send_datagram(s) == OK)
		n++;
	return n > 0;
}

void iperf_udp_sender(void *test)
{
	struct iperf_test *t = test;

	if (!iperf_carry(t))
		return;
	enum err e = iperf_wait_running(t);
	while (e == OK && t->running) {
		bool sent = false;
		for (unsigned i = 0; i < t->opened; i++)
			sent |= send_batch(&t->stream[i]);
		if (sent)
			fiber_yield();
		else
			e = fiber_sleep(PAUSE_US);
	}
	iperf_carry_no_more(t);
}
