/* SPDX-License-Identifier: ISC */
/*
 * Pools that all connections share, against peers that send, or ask, and never read: others go on,
 * acknowledgements arrive and leave, and everything comes back when those peers are gone.
 */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>
#include <string.h>

#include "apps/services/services.h"
#include "tests/unit/tcp/peer.h"

enum { HOGS = 200, SEGMENT = 1460, WINDOW_SEGMENTS = 40, ROUNDS = 60, PACKETS = 1536 };

static const uint8_t data[65536];

static const struct tcp_config crowd_config = {
	.sack = true,
	.connections = HOGS + 8,
	.half_open = 16,
	.time_wait = 16,
	.listeners = 2,
	.send_slices = 4 * (HOGS + 8),
	.send_bytes = 128 * 1024,
	.recv_bytes = 64 * 1024 - 1,
	.recv_packets = 48,
};

/* A world whose port 7 is the real echo of apps/services. */
static struct world *echo_world(void)
{
	struct world *w = world_new_sized(&crowd_config, false, PACKETS, WORLD_BUF);
	assert_int_equal(tcp_listen(w->side[0].tcp, PORT_ECHO, echo_accept, NULL), OK);
	return w;
}

static void forget_sent(struct peer *p)
{
	static struct seen s;
	while (peer_take(p, &s))
		;
}

static void open_echo(struct peer *p, struct world *w, uint16_t port)
{
	peer_init(p, w, port);
	p->remote_port = PORT_ECHO;
	peer_send(p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(p, TCP_SYN | TCP_ACK);
	p->irs = s->seq;
	p->ack = s->seq + 1;
	peer_send(p, TCP_ACK, NULL, 0);
	peer_expect_silence(p);
}

/* Sends again and again all that the window allows, and never acknowledges what comes back. */
static void push(struct peer *p, uint32_t segment)
{
	const struct tcp_conn *c = peer_conn(p);
	for (unsigned i = 0; i < WINDOW_SEGMENTS && conn_recv_window(c) >= segment; i++)
		peer_put(p, TCP_ACK, c->rcv.nxt, p->ack, data, segment);
	world_poll(p->world, 0);
	forget_sent(p);
}

static struct peer *crowd(struct world *w, unsigned n, uint32_t segment)
{
	struct peer *hogs = calloc(n, sizeof(*hogs));
	assert_non_null(hogs);
	for (unsigned i = 0; i < n; i++)
		open_echo(&hogs[i], w, (uint16_t)(4000 + i));
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < n; i++)
			push(&hogs[i], segment);
	}
	return hogs;
}

/* A few bytes there and back, and their acknowledgement. */
static void echo_once(struct peer *p, const char *text)
{
	size_t len = strlen(text);
	peer_send(p, TCP_ACK | TCP_PSH, text, len);
	const struct seen *s = peer_expect(p, TCP_ACK | TCP_PSH);
	assert_int_equal(s->len, len);
	assert_memory_equal(s->data, text, len);
	peer_ack(p, p->ack + (uint32_t)len);
	peer_expect_silence(p);
}

/* The peers go away, one half with a reset, the other reads at last. */
static void disperse(struct peer *hogs, unsigned n)
{
	struct world *w = hogs[0].world;
	for (unsigned i = 0; i < n; i++) {
		const struct tcp_conn *c = peer_conn(&hogs[i]);
		uint32_t max = c->snd.max, nxt = c->rcv.nxt;
		if (i % 2 == 0) {
			peer_put(&hogs[i], TCP_RST, nxt, 0, NULL, 0);
			world_poll(w, 0);
			continue;
		}
		hogs[i].seq = nxt;
		for (uint32_t last = hogs[i].ack; max != last;) {
			last = max;
			peer_ack(&hogs[i], max);
			world_poll(w, 0);
			forget_sent(&hogs[i]);
			max = c->snd.max;
		}
		assert_int_equal(c->snd.bytes, 0);
		assert_int_equal(c->snd.slices, 0);
		assert_int_equal(c->snd.pinned, 0);
		assert_int_equal(c->rcv.packets, 0);
		peer_put(&hogs[i], TCP_RST, nxt, 0, NULL, 0);
		world_poll(w, 0);
	}
	free(hogs);
}

/* What the peers pin is bounded: there are buffers to receive in, and packets to send with. */
static void assert_room(struct world *w)
{
	const struct pool *rx = &w->side[0].rx.pool, *tx = &w->side[0].tx.pool;
	assert_true(pool_available(rx) >= rx->count / 16);
	assert_true(pool_available(tx) >= tx->count / 8);
}

static void run_crowd(unsigned n, uint32_t segment)
{
	struct world *w = echo_world();
	struct peer *hogs = crowd(w, n, segment), p;
	assert_room(w);
	open_echo(&p, w, 3000);
	for (int i = 0; i < 20; i++)
		echo_once(&p, "others get through");
	disperse(hogs, n);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_free(w); /* asserts that both pools are whole */
}

static void many_who_do_not_read(void **state)
{
	(void)state;
	run_crowd(HOGS, SEGMENT);
}

/* Short segments pin a whole buffer each: the window's bytes are no bound. */
static void few_who_send_short_segments(void **state)
{
	(void)state;
	for (unsigned n = 1; n < 10; n += 2)
		run_crowd(n, 20);
}

/* Each of several that do not read leaves others as much as it takes itself. */
static void pinned_packets_are_shared(void **state)
{
	(void)state;
	struct world *w = echo_world();
	const struct pool *rx = &w->side[0].rx.pool;
	struct peer *hogs = crowd(w, 3, 20);
	uint32_t before = pool_available(rx);
	for (int i = 0; i < 3; i++) {
		const struct tcp_conn *c = peer_conn(&hogs[i]);
		assert_true(c->rcv.packets + c->snd.pinned > 20);
		assert_true(c->rcv.packets + c->snd.pinned < rx->count / 2);
	}
	assert_true(before > rx->count / 4);
	struct peer p;
	open_echo(&p, w, 3000);
	for (int i = 0; i < 5; i++)
		peer_send(&p, TCP_ACK, data, 20);
	assert_int_equal(peer_drain(&p), 100); /* several at once, too */
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	disperse(hogs, 3);
	world_free(w);
}

/* Whoever has packets stops above a quarter of the pool; one that has none may go on below. */
static void last_buffers_are_for_those_without(void **state)
{
	(void)state;
	struct world *w = echo_world();
	struct pkt_pool *rx = &w->side[0].rx;
	struct pkt *hoard[PACKETS];
	unsigned n = 0;
	struct peer p;
	open_echo(&p, w, 3000);
	while (pool_available(&rx->pool) > rx->pool.count / 4u + 1u)
		hoard[n++] = pkt_alloc(rx, 0);
	peer_send(&p, TCP_ACK, data, 20);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 20);
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 20); /* has one in its send queue */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_ack(&p, p.ack + 20);
	echo_once(&p, "again");
	while (pool_available(&rx->pool) > rx->pool.count / 16)
		hoard[n++] = pkt_alloc(rx, 0);
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 20);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq); /* the rest is for what passes */
	while (n > 0)
		pkt_put(hoard[--n]);
	echo_once(&p, "and again");
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_free(w);
}

/* --- what is sent ---------------------------------------------------------------------------- */

/* Those who found no slice are told when there are some. */
static void slices_are_shared(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.send_slices = 4;
	struct world *w = world_new(&config, false);
	struct peer p[3];
	struct app *a[3];
	for (uint16_t i = 0; i < 3; i++) {
		peer_init(&p[i], w, (uint16_t)(4000 + i));
		a[i] = peer_open(&p[i]);
	}
	const struct slice s[5] = {SLICE_STATIC(data, 10), SLICE_STATIC(data + 100, 10),
				   SLICE_STATIC(data + 200, 10), SLICE_STATIC(data + 300, 10),
				   SLICE_STATIC(data + 400, 10)};
	assert_int_equal(flow_write(a[0]->flow, s, 5), 20); /* two are left for others */
	assert_int_equal(flow_write(a[0]->flow, s, 5), ERR_AGAIN);
	assert_int_equal(flow_write(a[1]->flow, s, 5), 20);
	assert_int_equal(flow_write(a[2]->flow, s, 1), ERR_AGAIN);
	assert_int_equal(flow_write_copy(a[2]->flow, data, 1), ERR_AGAIN);
	assert_int_equal(pool_in_use(&w->side[0].tx), 0);
	assert_int_equal(peer_drain(&p[0]), 40);
	peer_ack(&p[0], p[0].ack + 20);
	world_run(w, TCP_RETRY_US);
	assert_int_equal(a[0]->events & FLOW_WRITABLE, FLOW_WRITABLE);
	assert_int_equal(a[1]->events & FLOW_WRITABLE, 0);
	assert_int_equal(a[2]->events & FLOW_WRITABLE, FLOW_WRITABLE);
	assert_int_equal(flow_write(a[2]->flow, s, 1), 10);
	assert_int_equal(peer_drain(&p[2]), 10);
	world_free(w);
}

/* Waiting for one's own peer costs nothing: no poll until it acknowledges. */
static void share_used_up_does_not_spin(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.send_slices = 4;
	struct world *w = world_new(&config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	for (int i = 0; i < 2; i++)
		assert_int_equal(flow_write(a->flow, &SLICE_STATIC(data + 100 * i, 10), 1), 10);
	assert_int_equal(flow_write(a->flow, &SLICE_STATIC(data + 900, 10), 1), ERR_AGAIN);
	(void)peer_drain(&p);
	assert_true(w->side[0].deadline_us > world_now(w) + 10 * TCP_RETRY_US);
	assert_int_equal(a->events & FLOW_WRITABLE, 0);
	peer_ack(&p, p.ack + 20);
	world_poll(w, 0);
	assert_int_equal(a->events & FLOW_WRITABLE, FLOW_WRITABLE);
	world_free(w);
}

/* As a server does with pipelined requests: a copied header, and a body that lies elsewhere. */
static void answer_until_full(struct flow *f)
{
	for (unsigned i = 0; i < 1000; i++) {
		struct slice body = SLICE_STATIC(data + (i & 1) * 1000, 300);
		if (flow_write_copy(f, data, 200) != 200 || flow_write(f, &body, 1) != 300)
			return;
	}
}

/* Peers that ask and do not read leave packets for others, and for acknowledgements. */
static void copies_leave_packets_for_segments(void **state)
{
	(void)state;
	struct tcp_config config = crowd_config;
	config.send_slices = 4096;
	struct world *w = world_new_sized(&config, false, 64, 512);
	const struct pool *tx = &w->side[0].tx.pool;
	struct peer hog[6], p;
	for (uint16_t i = 0; i < 6; i++) {
		peer_init(&hog[i], w, (uint16_t)(4000 + i));
		hog[i].window = 0;
		answer_until_full(peer_open(&hog[i])->flow);
		world_poll(w, 0);
		assert_true(pool_available(tx) >= tx->count / 8);
		if (i == 0)
			assert_true(pool_available(tx) > tx->count / 2);
	}
	peer_init(&p, w, 3000);
	struct app *a = peer_open(&p);
	answer_until_full(a->flow);
	assert_true(peer_drain(&p) >= 500);
	peer_send(&hog[0], TCP_ACK, data, 100); /* its own bytes are acknowledged all the same */
	(void)peer_drain(&p);
	peer_wait(&p, TCP_DELAYED_ACK_US);
	assert_int_equal(peer_conn(&hog[0])->rcv.acked, hog[0].seq);
	for (int i = 0; i < 6; i++)
		peer_put(&hog[i], TCP_RST, hog[i].seq, 0, NULL, 0);
	world_free(w);
}

int sharing_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_who_do_not_read),
		cmocka_unit_test(few_who_send_short_segments),
		cmocka_unit_test(pinned_packets_are_shared),
		cmocka_unit_test(last_buffers_are_for_those_without),
		cmocka_unit_test(slices_are_shared),
		cmocka_unit_test(share_used_up_does_not_spin),
		cmocka_unit_test(copies_leave_packets_for_segments),
	};
	return cmocka_run_group_tests_name("tcp sharing", tests, NULL, NULL);
}
