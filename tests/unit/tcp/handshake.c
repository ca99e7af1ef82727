/* SPDX-License-Identifier: ISC */
/* Opening connections: RFC 9293 sections 3.5 and 3.10.7.1 to 3.10.7.4, RFC 6528, RFC 7323. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

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

/* RFC 9293 figure 6, the left side */
static void active_open(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	peer_init(&p, w, 7);
	struct flow *f;
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &f),
			 OK);
	assert_true(w->side[0].woken);
	app_attach(&a, w, f);
	const struct seen *s = peer_expect(&p, TCP_SYN);
	assert_int_equal(s->mss, 1460);
	assert_int_equal(s->scale, 0);
	assert_true(s->src >= 49152);
	p.remote_port = s->src;
	p.ack = s->seq + 1;
	app_write(&a, "early", 5); /* section 3.10.2: queued until established */
	assert_int_equal(a.out_done, 5);
	peer_expect_silence(&p);
	assert_int_equal(a.events, 0);
	peer_send(&p, TCP_SYN | TCP_ACK, NULL, 0);
	s = peer_expect(&p, TCP_ACK | TCP_PSH);
	assert_int_equal(s->ack, p.seq);
	assert_memory_equal(s->data, "early", 5);
	assert_int_equal(a.events, FLOW_CONNECTED);
	assert_int_equal(tcp_stats(w->side[0].tcp)->connected, 1);
	app_fini(&a);
	world_free(w);
}

/* Section 3.8.3: R2 of a SYN is three minutes at least */
static void connect_times_out(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct app a = {0};
	struct flow *f;
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &f),
			 OK);
	app_attach(&a, w, f);
	world_run(w, 179 * (uint64_t)US_PER_S);
	assert_int_equal(a.events, 0);
	assert_true(tcp_stats(w->side[0].tcp)->retransmits >= 6);
	assert_true(tcp_stats(w->side[0].tcp)->retransmits <= 9);
	world_run(w, 70 * (uint64_t)US_PER_S);
	assert_int_equal(a.events, FLOW_FAILED);
	assert_int_equal(flow_error(f), ERR_TIMEOUT);
	app_fini(&a);
	world_free(w);
}

static void start_connect(struct world *w, struct peer *p, struct app *a)
{
	struct flow *f;
	peer_init(p, w, 7);
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &f),
			 OK);
	app_attach(a, w, f);
	const struct seen *s = peer_expect(p, TCP_SYN);
	p->remote_port = s->src;
	p->ack = s->seq + 1;
}

/* Section 3.10.7.3, second */
static void connect_is_refused(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	start_connect(w, &p, &a);
	peer_put(&p, TCP_RST, 0, 0, NULL, 0); /* no ACK: anybody's */
	peer_put(&p, TCP_RST | TCP_ACK, 0, p.ack + 1, NULL, 0);
	peer_put(&p, TCP_RST | TCP_ACK, 0, p.ack - 1, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(a.events, 0);
	peer_put(&p, TCP_RST | TCP_ACK, 0, p.ack, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(a.events, FLOW_FAILED);
	assert_int_equal(flow_error(a.flow), ERR_REFUSED);
	app_fini(&a);
	world_free(w);
}

/* Section 3.10.7.3, first: an old SYN,ACK is reset, and the handshake goes on */
static void bad_ack_of_a_syn_is_reset(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	start_connect(w, &p, &a);
	peer_put(&p, TCP_SYN | TCP_ACK, 5, p.ack + 77, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_RST)->seq, p.ack + 77);
	peer_send(&p, TCP_SYN | TCP_ACK, NULL, 0);
	(void)peer_expect(&p, TCP_ACK);
	assert_int_equal(a.events, FLOW_CONNECTED);
	app_fini(&a);
	world_free(w);
}

/* Figure 7 (simultaneous open) */
static void simultaneous_open(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	start_connect(w, &p, &a);
	uint32_t iss = p.ack - 1;
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->seq, iss);
	assert_int_equal(s->ack, p.seq);
	assert_int_equal(s->scale, -1);
	assert_int_equal(a.events, 0);
	/* The peer's own SYN,ACK is an old segment as far as sequence numbers go. */
	peer_put(&p, TCP_SYN | TCP_ACK, p.iss, p.ack, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_send(&p, TCP_ACK, "x", 1);
	world_poll(w, 0);
	assert_int_equal(a.events, FLOW_CONNECTED | FLOW_READABLE);
	assert_int_equal(a.in_len, 1);
	app_fini(&a);
	world_free(w);
}

/* Two instances that connect to each other's port from that port cannot be arranged through the
 * API; but a SYN,ACK of the simultaneous kind must be repeated when lost. */
static void simultaneous_open_repeats_its_syn_ack(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	start_connect(w, &p, &a);
	peer_send(&p, TCP_SYN, NULL, 0);
	(void)peer_expect(&p, TCP_SYN | TCP_ACK);
	w->pipe.now_us += 1000000;
	(void)peer_expect(&p, TCP_SYN | TCP_ACK);
	peer_put(&p, TCP_ACK, p.seq, p.ack + 5, NULL, 0); /* fifth: a wrong ACK is reset */
	assert_int_equal(peer_expect(&p, TCP_RST)->seq, p.ack + 5);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(flow_error(a.flow), ERR_REFUSED);
	app_fini(&a);
	world_free(w);
}

/* The acknowledgement comes in one batch with the SYN, before ours could go out again. */
static void simultaneous_open_in_one_batch(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	start_connect(w, &p, &a);
	peer_send(&p, TCP_SYN, NULL, 0);
	peer_send(&p, TCP_ACK, "x", 1);
	peer_expect_silence(&p);
	assert_int_equal(a.events, FLOW_CONNECTED | FLOW_READABLE);
	app_write(&a, "answer", 6);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->seq, p.ack);
	app_fini(&a);
	world_free(w);
}

/* Our SYN is due again, the device has no room, and then the answer to the first one comes. */
static void connected_before_the_syn_is_repeated(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	start_connect(w, &p, &a);
	w->pipe.now_us += RTO_INITIAL_US;
	w->pipe.end[0].refuse = 1;
	peer_expect_silence(&p);
	peer_send(&p, TCP_SYN | TCP_ACK, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->seq, p.ack);
	app_write(&a, "hello", 5);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->seq, p.ack);
	app_fini(&a);
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
	uint32_t a = tcp_initial_seq(w->side[0].tcp, &t, 1000000);
	assert_int_equal(tcp_initial_seq(w->side[0].tcp, &t, 1000400) - a, 100);
	assert_int_not_equal(tcp_initial_seq(w->side[1].tcp, &t, 1000000), a); /* the secret */
	t.remote_port++;
	assert_int_not_equal(tcp_initial_seq(w->side[0].tcp, &t, 1000000), a);
	world_free(w);
}

static void connect_without_a_way(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct tcp *tcp = w->side[0].tcp;
	struct flow *f = NULL;
	w->pipe.end[0].route_error = ERR_UNREACHABLE;
	assert_int_equal(tcp_connect(tcp, &w->pipe.end[1].addr, 7, world_now(w), &f),
			 ERR_UNREACHABLE);
	w->pipe.end[0].route_error = ERR_NOTREADY;
	assert_int_equal(tcp_connect(tcp, &w->pipe.end[1].addr, 7, world_now(w), &f), ERR_NOTREADY);
	w->pipe.end[0].route_error = OK;
	/* Section 3.9.2.3: not to many */
	const uint32_t many[] = {0xe0000001, 0xffffffff, 0};
	for (size_t i = 0; i < ARRAY_SIZE(many); i++) {
		struct ip_addr addr = ip_addr_from_v4(many[i]);
		assert_int_equal(tcp_connect(tcp, &addr, 7, world_now(w), &f), ERR_UNREACHABLE);
	}
	assert_null(f);
	assert_int_equal(tcp_connections(tcp), 0);
	world_free(w);
}

/* RFC 6056: ports do not repeat while they are in use, and differ from one connect to the next */
static void ephemeral_ports_differ(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct flow *f[8];
	struct peer p;
	uint16_t ports[8];
	static struct seen s;
	peer_init(&p, w, 7);
	for (int i = 0; i < 8; i++)
		assert_int_equal(
			tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &f[i]),
			OK);
	struct flow *more;
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &more),
			 ERR_NOMEM);
	world_poll(w, 0);
	for (int i = 0; i < 8; i++) {
		assert_true(peer_take(&p, &s));
		ports[i] = s.src;
		for (int j = 0; j < i; j++)
			assert_int_not_equal(ports[i], ports[j]);
	}
	for (int i = 0; i < 8; i++)
		flow_close(f[i]);
	world_free(w);
}

/* Section 3.7.1: the headers of IPv6 are longer. */
static void two_instances_connect_over_ipv6(void **state)
{
	(void)state;
	static uint8_t bytes[20000];
	struct world *w = world_new(&world_config, true);
	struct app a = {0};
	for (unsigned i = 0; i < 2; i++) {
		w->pipe.end[i].addr.word[0] = 0xb80d0120;
		w->pipe.end[i].addr.word[2] = i;
	}
	world_connect(w, &a);
	world_run(w, 10000);
	assert_int_equal(a.events, FLOW_CONNECTED);
	app_write(&a, bytes, sizeof(bytes));
	world_run(w, 100000);
	assert_int_equal(world_server(w)->in_len, sizeof(bytes));
	assert_int_equal(tcp_stats(w->side[1].tcp)->segments_out - 2 <= 20, 1);
	struct ip_addr many = {{0x000002ff}}; /* ff02:: */
	struct flow *f;
	assert_int_equal(tcp_connect(w->side[1].tcp, &many, PORT, world_now(w), &f),
			 ERR_UNREACHABLE);
	app_fini(&a);
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
	assert_int_equal(w->side[0].accepted, 0);
	w->pipe.end[0].route_error = OK;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(w->side[0].accepted, 1);
	world_free(w);
}

/* All ports have had their turn: the next is one that is free. */
static void ephemeral_ports_in_use_are_skipped(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct tcp *tcp = w->side[0].tcp;
	struct flow *first, *f;
	struct peer p;
	static struct seen s;
	peer_init(&p, w, 7);
	assert_int_equal(tcp_connect(tcp, &w->pipe.end[1].addr, 7, world_now(w), &first), OK);
	uint16_t port = peer_expect(&p, TCP_SYN)->src;
	for (int i = 1; i < 16384; i++) {
		assert_int_equal(tcp_connect(tcp, &w->pipe.end[1].addr, 7, world_now(w), &f), OK);
		flow_close(f);
	}
	assert_int_equal(tcp_connect(tcp, &w->pipe.end[1].addr, 7, world_now(w), &f), OK);
	world_poll(w, 0);
	assert_true(peer_take(&p, &s));
	assert_int_not_equal(s.src, port);
	flow_close(f);
	flow_close(first);
	world_free(w);
}

static void two_instances_connect(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, true);
	struct app a = {0};
	world_connect(w, &a);
	world_run(w, 10000);
	assert_int_equal(a.events, FLOW_CONNECTED);
	assert_int_equal(w->side[0].accepted, 1);
	app_write(&a, "ping", 4);
	world_server(w)->reply = true;
	world_run(w, 10000);
	assert_int_equal(a.in_len, 4);
	assert_memory_equal(a.in, "ping", 4);
	app_fini(&a);
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
		cmocka_unit_test(active_open),
		cmocka_unit_test(connect_times_out),
		cmocka_unit_test(connect_is_refused),
		cmocka_unit_test(bad_ack_of_a_syn_is_reset),
		cmocka_unit_test(simultaneous_open),
		cmocka_unit_test(simultaneous_open_repeats_its_syn_ack),
		cmocka_unit_test(simultaneous_open_in_one_batch),
		cmocka_unit_test(connected_before_the_syn_is_repeated),
		cmocka_unit_test(closed_port_resets),
		cmocka_unit_test(listeners_come_and_go),
		cmocka_unit_test(unlisten_before_accept_resets),
		cmocka_unit_test(reset_before_accept_is_silent),
		cmocka_unit_test(initial_sequence_numbers),
		cmocka_unit_test(connect_without_a_way),
		cmocka_unit_test(ephemeral_ports_differ),
		cmocka_unit_test(handshake_without_a_way_back),
		cmocka_unit_test(ephemeral_ports_in_use_are_skipped),
		cmocka_unit_test(two_instances_connect),
		cmocka_unit_test(two_instances_connect_over_ipv6),
		cmocka_unit_test(init_needs_a_seed_and_a_free_protocol),
	};
	return cmocka_run_group_tests_name("tcp handshake", tests, NULL, NULL);
}
