/* SPDX-License-Identifier: ISC */
/* Peers that fall silent: RFC 9293 sections 3.8.3 and 3.8.4, RFC 5482; and section 3.7.4. */
#include "tests/unit/tcp/tests.h"

#include "tests/unit/tcp/peer.h"

enum { IDLE_S = 100, INTERVAL_S = 10, COUNT = 3 };

static struct tcp_config config_with_keepalive(void)
{
	struct tcp_config config = world_config;
	config.keepalive = &tcp_keepalive;
	config.keepalive_idle_s = IDLE_S;
	config.keepalive_interval_s = INTERVAL_S;
	config.keepalive_count = COUNT;
	return config;
}

static struct world *open_one(const struct tcp_config *config, struct peer *p, struct app **a)
{
	struct world *w = world_new(config, false);
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

static void wait_s(struct peer *p, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		p->world->pipe.now_us += US_PER_S;
		if (p->world->side[0].deadline_us <= p->world->pipe.now_us)
			world_poll(p->world, 0);
	}
}

static void expect_question(struct peer *p)
{
	const struct seen *s = peer_expect(p, TCP_ACK);
	assert_int_equal(s->seq, p->ack - 1);
	assert_int_equal(s->ack, p->seq);
	assert_int_equal(s->len, 0);
}

static void silent_peer_is_given_up(void **state)
{
	struct tcp_config config = config_with_keepalive();
	struct peer p;
	struct app *a;
	(void)state;
	struct world *w = open_one(&config, &p, &a);
	wait_s(&p, IDLE_S - 1);
	peer_expect_silence(&p);
	wait_s(&p, 2);
	expect_question(&p);
	for (unsigned i = 1; i < COUNT; i++) {
		wait_s(&p, INTERVAL_S - 1);
		peer_expect_silence(&p);
		wait_s(&p, 1);
		expect_question(&p);
	}
	assert_int_equal(flow_error(a->flow), OK);
	wait_s(&p, INTERVAL_S);
	const struct seen *s = peer_expect(&p, TCP_RST | TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	peer_expect_silence(&p);
	assert_int_equal(flow_error(a->flow), ERR_TIMEOUT);
	assert_true((a->events & FLOW_FAILED) != 0);
	assert_int_equal(tcp_stats(w->side[0].tcp)->keepalives, COUNT);
	world_free(w);
}

static void answering_peer_is_kept(void **state)
{
	struct tcp_config config = config_with_keepalive();
	struct peer p;
	struct app *a;
	(void)state;
	struct world *w = open_one(&config, &p, &a);
	wait_s(&p, IDLE_S + 1);
	expect_question(&p);
	for (unsigned i = 0; i < 20; i++) {
		wait_s(&p, INTERVAL_S + 1);
		expect_question(&p); /* the second */
		peer_ack(&p, p.ack);
		wait_s(&p, IDLE_S - 2);
		peer_expect_silence(&p); /* what was heard begins the time anew */
		wait_s(&p, 4);
		expect_question(&p);
	}
	assert_int_equal(flow_error(a->flow), OK);
	peer_send(&p, TCP_RST, NULL, 0); /* it has forgotten the connection */
	world_poll(w, 0);
	assert_int_equal(flow_error(a->flow), ERR_RESET);
	world_free(w);
}

/* The answer to each question is older than the idle time when the next is due, or just as old. */
static void answering_peer_is_kept_whatever_the_times(void **state)
{
	static const unsigned idle_s[] = {1, INTERVAL_S - 1, INTERVAL_S, INTERVAL_S + 1};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(idle_s); i++) {
		struct tcp_config config = config_with_keepalive();
		struct peer p;
		struct app *a;
		config.keepalive_idle_s = idle_s[i];
		struct world *w = open_one(&config, &p, &a);
		wait_s(&p, idle_s[i] + 1);
		for (unsigned n = 0; n < 5 * COUNT; n++) {
			expect_question(&p);
			peer_ack(&p, p.ack);
			wait_s(&p, MAX(idle_s[i], (unsigned)INTERVAL_S) + 1);
		}
		assert_int_equal(flow_error(a->flow), OK);
		world_free(w);
	}
}

/* Bytes in flight: the retransmission timer asks, and nothing else. */
static void retransmissions_ask_too(void **state)
{
	struct tcp_config config = config_with_keepalive();
	struct peer p;
	struct app *a;
	(void)state;
	config.keepalive_idle_s = 5;
	struct world *w = open_one(&config, &p, &a);
	app_write(a, "hello", 5);
	wait_s(&p, 60);
	assert_int_equal(tcp_stats(w->side[0].tcp)->keepalives, 0);
	assert_true(tcp_stats(w->side[0].tcp)->retransmits > 3);
	world_abandon(w);
}

/* A closed flow has its own limit, and there are none unless they are asked for. */
static void closed_flows_are_not_kept_alive(void **state)
{
	struct tcp_config config = config_with_keepalive();
	struct peer p;
	struct app *a;
	(void)state;
	config.keepalive_idle_s = 30;
	struct world *w = open_one(&config, &p, &a);
	app_close(a);
	uint32_t fin = peer_expect(&p, TCP_FIN | TCP_ACK)->seq;
	peer_ack(&p, fin + 1);
	wait_s(&p, TCP_FIN_WAIT_2_US / US_PER_S + 1);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);

	w = open_one(&world_config, &p, &a);
	wait_s(&p, 10000);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);
	world_free(w);
}

/* Two of us: each answers the other, for a day. */
static void two_instances_keep_each_other(void **state)
{
	struct tcp_config config = config_with_keepalive();
	(void)state;
	struct world *w = world_new(&config, true);
	struct app a = {0};
	world_connect(w, &a);
	world_run(w, 24 * 3600 * (uint64_t)US_PER_S);
	assert_int_equal(flow_error(a.flow), OK);
	assert_int_equal(flow_error(world_server(w)->flow), OK);
	uint64_t asked = tcp_stats(w->side[0].tcp)->keepalives +
			 tcp_stats(w->side[1].tcp)->keepalives;
	assert_in_range(asked, 24 * 3600 / IDLE_S - 10, 2 * 24 * 3600 / IDLE_S);
	app_fini(&a);
	world_free(w);
}

static uint64_t time_to_fail(uint32_t user_timeout_s, bool of_flow)
{
	struct tcp_config config = world_config;
	struct peer p;
	struct app *a;
	config.user_timeout_s = of_flow ? 7 : user_timeout_s;
	struct world *w = open_one(&config, &p, &a);
	uint64_t start_us = world_now(w);
	app_write(a, "hello", 5);
	world_poll(w, 0);
	if (of_flow)
		tcp_set_user_timeout(a->flow, (uint16_t)user_timeout_s);
	while (flow_error(a->flow) == OK && world_now(w) < start_us + 100000 * (uint64_t)US_PER_S)
		wait_s(&p, 1);
	assert_int_equal(flow_error(a->flow), ERR_TIMEOUT);
	static struct seen s;
	do /* section 3.8.3: the peer, if it is there, is told */
		assert_true(peer_take(&p, &s));
	while ((s.flags & TCP_RST) == 0);
	assert_int_equal(s.seq, p.ack + 5);
	assert_false(peer_take(&p, &s));
	uint64_t took_us = world_now(w) - start_us;
	world_abandon(w);
	return took_us / US_PER_S;
}

static void user_timeout_bounds_silence(void **state)
{
	(void)state;
	for (int of_flow = 0; of_flow < 2; of_flow++) {
		assert_in_range(time_to_fail(0, of_flow), 100, 200);
		assert_in_range(time_to_fail(10, of_flow), 10, 20);
		assert_in_range(time_to_fail(600, of_flow), 600, 660);
		assert_in_range(time_to_fail(20000, of_flow), 20000, 20060);
	}
}

/* One flow is kept alive, and others not, in an instance without; and then not any more. */
static void one_flow_is_kept_alive(void **state)
{
	struct tcp_config config = world_config;
	struct peer p;
	struct app *a;
	(void)state;
	config.keepalive_interval_s = INTERVAL_S;
	config.keepalive_count = COUNT;
	struct world *w = open_one(&config, &p, &a);
	tcp_set_keepalive(a->flow, 50);
	peer_expect_silence(&p);
	wait_s(&p, 49);
	peer_expect_silence(&p);
	wait_s(&p, 2);
	expect_question(&p);
	peer_ack(&p, p.ack);
	tcp_set_keepalive(a->flow, 0);
	wait_s(&p, 1000);
	peer_expect_silence(&p);
	assert_int_equal(flow_error(a->flow), OK);
	world_free(w);
}

/* Without the Nagle algorithm each write of its own batch leaves; with it they wait together. */
static void short_segments_wait_if_asked(void **state)
{
	(void)state;
	for (unsigned nagle = 0; nagle < 2; nagle++) {
		struct tcp_config config = world_config;
		struct peer p;
		struct app *a;
		static uint8_t data[2000];
		config.nagle = nagle;
		struct world *w = open_one(&config, &p, &a);
		app_write(a, data, 10);
		assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 10);
		app_write(a, data, 20);
		if (nagle)
			peer_expect_silence(&p);
		else
			assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 20);
		app_write(a, data, 2000); /* a full segment goes at once */
		if (nagle) {
			assert_int_equal(peer_expect(&p, TCP_ACK)->len, 1460);
			peer_expect_silence(&p);
		} else {
			assert_int_equal(peer_drain(&p), 2000);
		}
		peer_ack(&p, p.ack + 10 + (nagle ? 1460 : 2020));
		if (nagle)
			assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 560);
		peer_ack(&p, p.ack + 2030);
		world_abandon(w);
	}
}

int keepalive_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silent_peer_is_given_up),
		cmocka_unit_test(answering_peer_is_kept),
		cmocka_unit_test(answering_peer_is_kept_whatever_the_times),
		cmocka_unit_test(retransmissions_ask_too),
		cmocka_unit_test(closed_flows_are_not_kept_alive),
		cmocka_unit_test(two_instances_keep_each_other),
		cmocka_unit_test(user_timeout_bounds_silence),
		cmocka_unit_test(one_flow_is_kept_alive),
		cmocka_unit_test(short_segments_wait_if_asked),
	};
	return cmocka_run_group_tests_name("tcp keep-alives", tests, NULL, NULL);
}
