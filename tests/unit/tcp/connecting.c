/* SPDX-License-Identifier: ISC */
/* Connecting: RFC 9293 sections 3.5, 3.10.1 and 3.10.7.3, RFC 6056. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

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

int connect_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(active_open),
		cmocka_unit_test(connect_times_out),
		cmocka_unit_test(connect_is_refused),
		cmocka_unit_test(bad_ack_of_a_syn_is_reset),
		cmocka_unit_test(simultaneous_open),
		cmocka_unit_test(simultaneous_open_repeats_its_syn_ack),
		cmocka_unit_test(simultaneous_open_in_one_batch),
		cmocka_unit_test(connected_before_the_syn_is_repeated),
		cmocka_unit_test(connect_without_a_way),
		cmocka_unit_test(ephemeral_ports_differ),
		cmocka_unit_test(ephemeral_ports_in_use_are_skipped),
		cmocka_unit_test(two_instances_connect),
#ifndef PLAIN_IPV4 /* which has IPv4 alone */
		cmocka_unit_test(two_instances_connect_over_ipv6),
#endif
	};
	return cmocka_run_group_tests_name("tcp connecting", tests, NULL, NULL);
}
