/* SPDX-License-Identifier: ISC */
/* Opening connections: RFC 9293 sections 3.5 and 3.10.7.1 to 3.10.7.4, RFC 6528, RFC 7323. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "net/tcp/tcp_internal.h"
#include "tests/unit/tcp/peer.h"

/* RFC 9293 figure 6, the right side; section 3.7.1 for the MSS */
static void passive_open(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->ack, p.iss + 1);
	assert_int_equal(s->mss, 1460);
	assert_int_equal(s->scale, -1); /* the peer did not offer it: RFC 7323 section 2.2 */
	assert_int_equal(s->window, 16384);
	assert_int_equal(w->side[0].accepted, 0);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);

	p.ack = s->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	assert_int_equal(w->side[0].accepted, 0); /* not inside input */
	peer_expect_silence(&p);
	assert_int_equal(w->side[0].accepted, 1);
	struct ip_addr addr;
	uint16_t port;
	flow_peer(world_server(w)->flow, &addr, &port);
	assert_true(ip_addr_equal(&addr, &w->pipe.end[1].addr));
	assert_int_equal(port, 4000);
	assert_int_equal(tcp_stats(w->side[0].tcp)->accepted, 1);
	world_free(w);
}

/* RFC 7323 section 2.2 and 2.3 */
static void window_scale_is_negotiated(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.recv_bytes = 1 << 20;
	config.recv_packets = 1024;
	struct world *w = world_new(&config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.scale = 7;
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->scale, 5);
	assert_int_equal(s->window, 65535); /* of a SYN: not scaled */
	p.ack = s->seq + 1;
	p.window = 100; /* 12800 bytes */
	peer_send(&p, TCP_ACK, NULL, 0);
	world_poll(w, 0);
	peer_send(&p, TCP_ACK | TCP_PSH, "hello", 5);
	world_poll(w, 0);
	/* What a SYN could not announce is made up for as soon as there is traffic. */
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->window << 5, 1 << 20);
	static const uint8_t data[16384];
	app_write(world_server(w), data, sizeof(data));
	assert_int_equal(peer_drain(&p), 12800 / 1460 * 1460);
	world_free(w);
}

static void mss_bounds_segments(void **state)
{
	(void)state;
	static const uint8_t data[4000];
	const struct {
		uint16_t option, expected;
	} cases[] = {{0, 536}, {1, TCP_MSS_MIN}, {700, 700}, {9000, 1460}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world *w = world_new(&world_config, false);
		struct peer p;
		peer_init(&p, w, 4000);
		p.mss = cases[i].option;
		struct app *a = peer_open(&p);
		app_write(a, data, sizeof(data));
		assert_int_equal(peer_expect(&p, TCP_ACK)->len, cases[i].expected);
		world_free(w);
	}
}

/* Section 3.8.1; the entry is bounded in time */
static void syn_ack_is_repeated_and_given_up(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	uint32_t iss = peer_expect(&p, TCP_SYN | TCP_ACK)->seq;
	for (uint64_t wait_us = 1000000; wait_us <= 16000000; wait_us *= 2) {
		w->pipe.now_us += wait_us - 1;
		peer_expect_silence(&p);
		assert_true(w->side[0].deadline_us == world_now(w) + 1);
		w->pipe.now_us += 1;
		assert_int_equal(peer_expect(&p, TCP_SYN | TCP_ACK)->seq, iss);
	}
	w->pipe.now_us += 32000000;
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	assert_true(w->side[0].deadline_us == TIME_NEVER);
	world_free(w);
}

static void repeated_syn_is_answered_again(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_put(&p, TCP_SYN, p.iss, 0, NULL, 0);
	uint32_t iss = peer_expect(&p, TCP_SYN | TCP_ACK)->seq;
	peer_put(&p, TCP_SYN, p.iss, 0, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_SYN | TCP_ACK)->seq, iss);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);
	world_free(w);
}

/* Data may come with the ACK of the handshake, and the FIN too. */
static void data_and_fin_with_the_last_ack(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_ACK | TCP_FIN, "bye", 3);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	struct app *a = world_server(w);
	assert_int_equal(a->in_len, 3);
	assert_int_equal(a->read_error, ERR_EOF);
	world_free(w);
}

/* Data in a SYN is not taken before the handshake is complete: the peer sends it again. */
static void data_in_a_syn_is_left(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_put(&p, TCP_SYN, p.iss, 0, "early", 5);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->ack, p.iss + 1);
	p.seq = p.iss + 1;
	p.ack = s->seq + 1;
	peer_send(&p, TCP_ACK, "early", 5);
	world_poll(w, 0);
	assert_int_equal(world_server(w)->in_len, 5);
	world_free(w);
}

/* Section 3.10.7.1 */
static void closed_port_resets(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.remote_port = 81;
	peer_put(&p, TCP_SYN, 500, 0, "ab", 2);
	const struct seen *s = peer_expect(&p, TCP_RST | TCP_ACK);
	assert_int_equal(s->seq, 0);
	assert_int_equal(s->ack, 503);
	assert_int_equal(s->src, 81);
	peer_put(&p, TCP_ACK, 500, 12345, NULL, 0);
	s = peer_expect(&p, TCP_RST);
	assert_int_equal(s->seq, 12345);
	peer_put(&p, TCP_RST, 500, 0, NULL, 0);
	peer_put(&p, TCP_RST | TCP_ACK, 500, 1, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(tcp_stats(w->side[0].tcp)->no_listener, 4);
	assert_int_equal(tcp_stats(w->side[0].tcp)->resets_out, 2);

	/* LISTEN, section 3.10.7.2: an ACK is reset, anything else but a SYN is dropped. */
	p.remote_port = PORT;
	peer_put(&p, TCP_ACK, 500, 777, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_RST)->seq, 777);
	peer_put(&p, TCP_RST, 500, 0, NULL, 0);
	peer_put(&p, TCP_FIN, 500, 0, NULL, 0);
	peer_put(&p, 0, 500, 0, "x", 1);
	peer_expect_silence(&p);
	assert_int_equal(tcp_stats(w->side[0].tcp)->unexpected, 3);
	world_free(w);
}

/* What would be said to many at once is bounded, and what is not said is counted. */
static void too_many_resets_are_counted(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	static struct seen s;
	unsigned answers = 0;
	struct peer p;

	peer_init(&p, w, 4000);
	p.remote_port = 81;
	for (unsigned i = 0; i < TCP_REPLIES_MAX + 5; i++)
		peer_put(&p, TCP_SYN, i, 0, NULL, 0);
	world_poll(w, 0);
	while (peer_take(&p, &s))
		answers++;
	assert_int_equal(answers, TCP_REPLIES_MAX);
	assert_int_equal(tcp_stats(w->side[0].tcp)->resets_out, TCP_REPLIES_MAX);
	assert_int_equal(tcp_stats(w->side[0].tcp)->replies_full, 5);
	world_free(w);
}

static void never_accept(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	(void)f;
	(void)now_us;
	fail();
}

static void listeners_come_and_go(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct tcp *tcp = w->side[0].tcp;
	struct peer p, q;
	assert_int_equal(tcp_listen(tcp, PORT, never_accept, NULL), ERR_EXISTS);
	assert_int_equal(tcp_listen(tcp, 81, never_accept, NULL), OK);
	assert_int_equal(tcp_listen(tcp, 82, never_accept, NULL), ERR_NOMEM);
	tcp_unlisten(tcp, 81);
	tcp_unlisten(tcp, 81);
	assert_int_equal(tcp_listen(tcp, 82, never_accept, NULL), OK);

	/* One open, one half-open when the port goes. */
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	peer_init(&q, w, 4001);
	peer_send(&q, TCP_SYN, NULL, 0);
	q.ack = peer_expect(&q, TCP_SYN | TCP_ACK)->seq + 1;
	tcp_unlisten(tcp, PORT);
	peer_send(&q, TCP_ACK, NULL, 0);
	assert_int_equal(peer_expect(&q, TCP_RST)->seq, q.ack);
	peer_send(&p, TCP_ACK | TCP_PSH, "x", 1);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 1);
	world_free(w);
}

/* The port goes between the handshake's end and the poll that would tell of it. */
static void unlisten_before_accept_resets(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_ACK, "x", 1);
	tcp_unlisten(w->side[0].tcp, PORT);
	assert_int_equal(peer_expect(&p, TCP_RST | TCP_ACK)->seq, p.ack);
	assert_int_equal(w->side[0].accepted, 0);
	world_free(w);
}

/* The peer resets between the handshake's end and the poll that would tell of it. */
static void reset_before_accept_is_silent(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_ACK, "x", 1);
	peer_send(&p, TCP_RST, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(w->side[0].accepted, 0);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

/* RFC 6528 section 3: M + F(tuple, secret), and M ticks every 4 microseconds */
static void initial_sequence_numbers(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, true);
	struct tcp_tuple t = {.local = w->pipe.end[0].addr,
			      .remote = w->pipe.end[1].addr,
			      .local_port = 80,
			      .remote_port = 4000};
	uint32_t a = tcp_initial_seq(tcp_tuple_secret(w->side[0].tcp, &t), 1000000);
	assert_int_equal(tcp_initial_seq(tcp_tuple_secret(w->side[0].tcp, &t), 1000400) - a, 100);
	assert_int_not_equal(tcp_initial_seq(tcp_tuple_secret(w->side[1].tcp, &t), 1000000),
			     a); /* the secret */
	t.remote_port++;
	assert_int_not_equal(tcp_initial_seq(tcp_tuple_secret(w->side[0].tcp, &t), 1000000), a);
	world_free(w);
}

/* No way back to the peer for a while: its SYN, or its ACK, comes again. */
static void handshake_without_a_way_back(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	w->pipe.end[0].route_error = ERR_NOTREADY;
	peer_send(&p, TCP_SYN, NULL, 0);
	peer_expect_silence(&p);
	w->pipe.end[0].route_error = OK;
	w->pipe.now_us += RTO_INITIAL_US;
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	w->pipe.end[0].route_error = ERR_NOTREADY;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_expect_silence(&p);
	/* On a small board a connection goes the way of its SYN,ACK. */
	assert_int_equal(w->side[0].accepted, BY_MEMORY(1, 0));
	w->pipe.end[0].route_error = OK;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(w->side[0].accepted, 1);
	world_free(w);
}

static enum err unseeded_read(struct rng *r, void *bytes, size_t len)
{
	(void)r;
	(void)bytes;
	(void)len;
	return ERR_NOTREADY;
}

static void init_needs_a_seed_and_a_free_protocol(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct side *s = &w->side[0];
	const struct rng_ops ops = {.read = unseeded_read};
	struct rng rng = {.ops = &ops};
	static _Alignas(CACHE_LINE_BYTES) uint8_t memory[1 << 16];
	struct tcp *tcp;
	struct waker none = {0};
	assert_true(tcp_memory_bytes(&world_config) <= sizeof(memory));
	assert_int_equal(
		tcp_init(&tcp, memory, &world_config, &w->pipe.end[1].ip, &s->tx, &rng, none),
		ERR_NOTREADY);
	assert_null(w->pipe.end[1].input);
	world_free(w);
}

int handshake_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passive_open),
		cmocka_unit_test(window_scale_is_negotiated),
		cmocka_unit_test(mss_bounds_segments),
		cmocka_unit_test(syn_ack_is_repeated_and_given_up),
		cmocka_unit_test(repeated_syn_is_answered_again),
		cmocka_unit_test(data_and_fin_with_the_last_ack),
		cmocka_unit_test(data_in_a_syn_is_left),
		cmocka_unit_test(closed_port_resets),
		cmocka_unit_test(too_many_resets_are_counted),
		cmocka_unit_test(listeners_come_and_go),
		cmocka_unit_test(unlisten_before_accept_resets),
		cmocka_unit_test(reset_before_accept_is_silent),
		cmocka_unit_test(initial_sequence_numbers),
		cmocka_unit_test(handshake_without_a_way_back),
		cmocka_unit_test(init_needs_a_seed_and_a_free_protocol),
	};
	return cmocka_run_group_tests_name("tcp handshake", tests, NULL, NULL);
}
