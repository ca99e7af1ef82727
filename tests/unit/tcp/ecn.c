/* SPDX-License-Identifier: ISC */
/* Explicit congestion notification: RFC 3168. */
#include "tests/unit/tcp/tests.h"

#include "tests/unit/tcp/peer.h"

enum { MSS = 1460, NOT_ECT = 0, ECT_0 = 2, CE = 3 };

static uint8_t data[65536];

static const struct tcp_stats *stats(const struct peer *p)
{
	return tcp_stats(p->world->side[0].tcp);
}

static struct world *new_world(enum tcp_ecn ecn)
{
	struct tcp_config config = world_config;
	config.ecn = ecn;
	config.send_bytes = sizeof(data);
	return world_new(&config, false);
}

/* A connection that the peer has opened with ECN. */
static struct world *open_ecn(struct peer *p, struct app **a)
{
	struct world *w = new_world(TCP_ECN_PASSIVE);
	peer_init(p, w, 4000);
	p->sack = true;
	peer_send(p, TCP_SYN | TCP_ECE | TCP_CWR, NULL, 0);
	const struct seen *s = peer_expect(p, TCP_SYN | TCP_ACK | TCP_ECE);
	assert_int_equal(s->tos, NOT_ECT);
	p->ack = s->seq + 1;
	peer_send(p, TCP_ACK, NULL, 0);
	peer_expect_silence(p);
	*a = world_server(w);
	assert_true(peer_conn(p)->ecn);
	return w;
}

/* --- negotiation (section 6.1.1) ------------------------------------------------------------- */

static void passive_open_answers(void **state)
{
	static const struct {
		enum tcp_ecn ecn;
		uint8_t syn;
		bool yes;
	} cases[] = {
		{TCP_ECN_OFF, TCP_ECE | TCP_CWR, false}, {TCP_ECN_PASSIVE, 0, false},
		{TCP_ECN_PASSIVE, TCP_ECE, false},       {TCP_ECN_PASSIVE, TCP_CWR, false},
		{TCP_ECN_ON, TCP_ECE | TCP_CWR, true},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world *w = new_world(cases[i].ecn);
		struct peer p;
		peer_init(&p, w, 4000);
		peer_send(&p, TCP_SYN | cases[i].syn, NULL, 0);
		const uint8_t flags = TCP_SYN | TCP_ACK | (cases[i].yes ? TCP_ECE : 0);
		p.ack = peer_expect(&p, flags)->seq + 1;
		peer_send(&p, TCP_ACK, NULL, 0);
		peer_expect_silence(&p);
		assert_int_equal(peer_conn(&p)->ecn, cases[i].yes);
		world_free(w);
	}
}

static void active_open_asks(void **state)
{
	static const uint8_t answers[] = {TCP_ECE, 0, TCP_ECE | TCP_CWR};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct world *w = new_world(TCP_ECN_ON);
		struct peer p;
		struct app a = {0};
		struct flow *f;
		peer_init(&p, w, 4000);
		assert_int_equal(
			tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, p.port, world_now(w), &f),
			OK);
		app_attach(&a, w, f);
		const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ECE | TCP_CWR);
		assert_int_equal(s->tos, NOT_ECT);
		p.ack = s->seq + 1;
		p.remote_port = s->src;
		peer_send(&p, TCP_SYN | TCP_ACK | answers[i], NULL, 0);
		assert_int_equal(peer_expect(&p, TCP_ACK)->tos, NOT_ECT);
		assert_int_equal(peer_conn(&p)->ecn, i == 0);
		app_fini(&a);
		world_abandon(w);
	}
}

/* Section 6.1.1.1: a SYN that is lost may have been so for what it asked. */
static void second_syn_does_not_ask(void **state)
{
	(void)state;
	for (int on = 0; on < 2; on++) {
		struct world *w = new_world(on ? TCP_ECN_ON : TCP_ECN_PASSIVE);
		struct peer p;
		struct app a = {0};
		struct flow *f;
		peer_init(&p, w, 4000);
		assert_int_equal(
			tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, p.port, world_now(w), &f),
			OK);
		app_attach(&a, w, f);
		(void)peer_expect(&p, on ? TCP_SYN | TCP_ECE | TCP_CWR : TCP_SYN);
		w->pipe.now_us += RTO_INITIAL_US;
		const struct seen *s = peer_expect(&p, TCP_SYN);
		p.ack = s->seq + 1;
		p.remote_port = s->src;
		peer_send(&p, TCP_SYN | TCP_ACK | TCP_ECE, NULL, 0);
		(void)peer_expect(&p, TCP_ACK);
		assert_false(peer_conn(&p)->ecn);
		app_fini(&a);
		world_abandon(w);
	}
}

/* --- the receiver (section 6.1.3) ------------------------------------------------------------ */

static void marks_are_echoed_until_heard(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = open_ecn(&p, &a);
	(void)state;
	p.tos = CE;
	peer_send(&p, TCP_ACK, data, 1000);
	(void)peer_expect(&p, TCP_ACK | TCP_ECE); /* at once */
	p.tos = ECT_0;
	peer_send(&p, TCP_ACK, data, MSS);
	peer_send(&p, TCP_ACK, data, MSS);
	(void)peer_expect(&p, TCP_ACK | TCP_ECE);
	app_write(a, data, 10);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH | TCP_ECE);
	peer_send(&p, TCP_ACK | TCP_CWR, data, MSS);
	peer_send(&p, TCP_ACK, data, MSS);
	(void)peer_expect(&p, TCP_ACK);
	p.tos = CE; /* one that is marked and says that the window shrank */
	peer_send(&p, TCP_ACK | TCP_CWR, data, MSS);
	(void)peer_expect(&p, TCP_ACK | TCP_ECE);
	assert_int_equal(stats(&p)->marked, 2);
	p.ack += 10;
	world_free(w);
}

static void marks_without_ecn_are_nothing(void **state)
{
	struct world *w = new_world(TCP_ECN_PASSIVE);
	struct peer p;
	(void)state;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	p.tos = CE;
	for (int i = 0; i < 2; i++)
		peer_send(&p, TCP_ACK, data, MSS);
	(void)peer_expect(&p, TCP_ACK);
	app_write(a, data, MSS);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->tos, NOT_ECT);
	uint32_t cwnd = peer_conn(&p)->cc.cwnd;
	peer_put(&p, TCP_ACK | TCP_ECE, p.seq, p.ack, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(peer_conn(&p)->cc.cwnd, cwnd);
	world_free(w);
}

/* --- the sender (sections 6.1.2, 6.1.5) ------------------------------------------------------ */

static void window_shrinks_once_a_round_trip(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = open_ecn(&p, &a);
	(void)state;
	app_write(a, data, 40 * MSS);
	assert_int_equal(peer_expect(&p, TCP_ACK)->tos, ECT_0);
	assert_int_equal(peer_drain(&p), 9 * MSS);
	struct tcp_conn *c = peer_conn(&p);
	uint32_t una = p.ack;
	for (uint32_t i = 1; i <= 5; i++)
		peer_put(&p, TCP_ACK | TCP_ECE, p.seq, una + i * MSS, NULL, 0);
	assert_in_range(c->cc.cwnd, 4 * MSS, 6 * MSS);
	assert_int_equal(stats(&p)->echoed, 1);
	peer_expect_silence(&p);
	peer_put(&p, TCP_ACK, p.seq, una + 7 * MSS, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_ACK | TCP_CWR); /* once, on what is new */
	assert_int_equal(s->seq, una + 10 * MSS);
	assert_int_equal(s->tos, ECT_0);
	/* The peer has not got that one yet, so it goes on. */
	peer_put(&p, TCP_ACK | TCP_ECE, p.seq, una + 10 * MSS, NULL, 0);
	assert_int_equal(stats(&p)->echoed, 1);
	(void)peer_expect(&p, TCP_ACK);
	(void)peer_drain(&p);
	/* What was sent since then is marked, too. */
	uint32_t cwnd = c->cc.cwnd;
	peer_put(&p, TCP_ACK | TCP_ECE, p.seq, una + 11 * MSS, NULL, 0);
	assert_true(c->cc.cwnd < cwnd);
	assert_int_equal(stats(&p)->echoed, 2);
	assert_int_equal(stats(&p)->retransmits, 0);
	world_abandon(w);
}

/* Neither what is sent again, nor bare acknowledgements, nor probes may be marked. */
static void only_new_data_may_be_marked(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = open_ecn(&p, &a);
	(void)state;
	app_write(a, data, MSS);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->tos, ECT_0);
	w->pipe.now_us += RTO_MIN_US;
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->tos, NOT_ECT);
	p.window = 0;
	peer_ack(&p, p.ack + MSS);
	app_write(a, data, MSS);
	peer_expect_silence(&p);
	w->pipe.now_us += 2 * RTO_MIN_US;
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->len, 1);
	assert_int_equal(s->tos, NOT_ECT);
	world_abandon(w);
}

/* A device that cuts segments would put the flag on each. */
static void cwr_is_on_one_segment(void **state)
{
	struct peer p;
	struct app *a;
	struct world *w = new_world(TCP_ECN_PASSIVE);
	(void)state;
	w->pipe.end[0].features = NETIF_CSUM_TX | NETIF_SG | NETIF_TSO4;
	w->pipe.end[0].tso_bytes = 65535;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN | TCP_ECE | TCP_CWR, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK | TCP_ECE)->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_expect_silence(&p);
	a = world_server(w);
	app_write(a, data, 40 * MSS);
	uint32_t una = p.ack;
	assert_int_equal(peer_drain(&p), 10 * MSS);
	peer_put(&p, TCP_ACK | TCP_ECE, p.seq, una + MSS, NULL, 0);
	peer_put(&p, TCP_ACK, p.seq, una + 10 * MSS, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_CWR)->len, MSS);
	static struct seen s;
	assert_true(peer_take(&p, &s));
	assert_int_equal(s.flags, TCP_ACK);
	world_abandon(w);
}

int ecn_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passive_open_answers),
		cmocka_unit_test(active_open_asks),
		cmocka_unit_test(second_syn_does_not_ask),
		cmocka_unit_test(marks_are_echoed_until_heard),
		cmocka_unit_test(marks_without_ecn_are_nothing),
		cmocka_unit_test(window_shrinks_once_a_round_trip),
		cmocka_unit_test(only_new_data_may_be_marked),
		cmocka_unit_test(cwr_is_on_one_segment),
	};
	return cmocka_run_group_tests_name("tcp ecn", tests, NULL, NULL);
}
