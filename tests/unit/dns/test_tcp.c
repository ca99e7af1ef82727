/* SPDX-License-Identifier: ISC */
/* Responses that did not fit into a datagram. */
#include "tests/unit/dns/rig.h"

/* Asks, gets a truncated response, and connects. */
static const struct sent *ask_over_tcp(struct lookup *l, const char *name)
{
	unsigned connects = rig.connects;
	look_up(l, name, RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_TRUNCATED);
	put_a(&m, NULL, 60, 1);
	deliver(&m, q);
	assert_int_equal(rig.connects, connects + 1);
	assert_int_equal(rig.connected_to, SERVER_1);
	return q;
}

static void event(unsigned events)
{
	rig.flow.pending |= events;
	(void)flow_fake_poll(&rig.flow, rig.now_us);
	rig_poll();
}

/* Establishes the connection; the question is the one that was sent as a datagram. */
static void connect(const struct sent *q)
{
	event(FLOW_CONNECTED);
	assert_int_equal(rig.flow.out_bytes, 2 + q->len);
	assert_int_equal(load_be16(rig.flow.out), q->len);
	assert_memory_equal(rig.flow.out + 2, q->bytes, q->len);
}

/* A response with `n` addresses from 1 on, behind its length. */
static struct message framed(const struct sent *q, uint16_t flags, uint32_t n)
{
	struct message m = reply_to(q, flags), out = {.len = 0};
	for (uint32_t i = 1; i <= n; i++)
		put_a(&m, NULL, 60, i);
	put_be16(&out, (uint16_t)m.len);
	put_bytes(&out, m.bytes, m.len);
	return out;
}

static void feed(const struct message *m, size_t step)
{
	flow_fake_feed_split(&rig.flow, m->bytes, m->len, step);
	event(0);
}

static void assert_eight(const struct lookup *l)
{
	assert_int_equal(l->done, 1);
	assert_int_equal(l->request.error, OK);
	assert_int_equal(l->request.count, 8);
	assert_int_equal(ip_addr_v4(&l->request.address[7]), 8);
}

static void answer_comes_in_any_division(void **state)
{
	(void)state;
	static const size_t steps[] = {1, 2, 3, 17, 4096};
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		struct lookup l;
		const struct sent *q = ask_over_tcp(&l, &"edcba"[i]);
		connect(q);
		struct message m = framed(q, FLAGS_OK, 50);
		feed(&m, steps[i]);
		assert_eight(&l);
		assert_true(flow_fake_is_over(&rig.flow));
	}
}

static void long_answer_is_good_for_what_there_is_room_for(void **state)
{
	(void)state;
	struct lookup l;
	const struct sent *q = ask_over_tcp(&l, "a.test");
	connect(q);
	struct message m = framed(q, FLAGS_OK, 200);
	assert_true(m.len > 3 * TCP_BYTES);
	feed(&m, 999);
	assert_eight(&l);
}

static void next_server_is_asked_when_tcp_fails(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct lookup l;
		const struct sent *q = ask_over_tcp(&l, &"fedcba"[i]);
		struct message m = framed(q, i == 4 ? FLAGS_TRUNCATED : FLAGS_OK, 3);
		if (i > 0)
			connect(q);
		if (i == 0 || i == 1) {
			flow_fake_reset(&rig.flow);
			event(FLOW_FAILED);
		} else if (i == 2) {
			m.len -= 1;
			feed(&m, 10);
			flow_fake_eof(&rig.flow);
			event(FLOW_READABLE);
		} else {
			if (i == 3)
				m.bytes[2] ^= 1; /* another id */
			if (i == 5)
				store_be16(m.bytes + 2 + ANSWER, 4); /* malformed */
			feed(&m, 10);
		}
		assert_true(flow_fake_is_over(&rig.flow));
		assert_int_equal(l.done, 0);
		q = take_query(SERVER_2);
		m = reply_to(q, FLAGS_OK);
		put_a(&m, NULL, 60, 4);
		deliver(&m, q);
		assert_address(&l, 4);
	}
}

static void tcp_has_its_time(void **state)
{
	(void)state;
	struct lookup l;
	(void)ask_over_tcp(&l, "a.test");
	rig_pass(5 * SECOND - 1);
	assert_null(take_sent());
	rig_pass(1);
	assert_true(flow_fake_is_over(&rig.flow));
	(void)take_query(SERVER_2);
	resolver_cancel(rig.resolver, &l.request);
}

static void datagrams_do_not_disturb_the_connection(void **state)
{
	(void)state;
	struct lookup l;
	const struct sent *q = ask_over_tcp(&l, "a.test");
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 60, 4);
	deliver(&m, q); /* too late */
	deliver_error(ERR_REFUSED, q->from_port, SERVER_1, 53);
	assert_int_equal(l.done, 0);
	assert_int_equal(dns_stats(rig.dns)->late, 1);
	assert_null(take_sent());
	assert_false(flow_fake_is_over(&rig.flow));
	resolver_cancel(rig.resolver, &l.request);
}

static void refused_connection_leads_to_the_next_server(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_TRUNCATED);
	rig.connect_error = ERR_NOMEM;
	deliver(&m, q);
	q = take_query(SERVER_2);
	m = reply_to(q, FLAGS_TRUNCATED);
	deliver(&m, q);
	assert_error(&l, ERR_NOMEM);
}

static void others_wait_for_the_connection(void **state)
{
	(void)state;
	struct lookup l, other;
	const struct sent *q = ask_over_tcp(&l, "a.test");
	look_up(&other, "b.test", RESOLVER_IPV4);
	const struct sent *p = take_query(SERVER_1);
	struct message m = reply_to(p, FLAGS_TRUNCATED);
	deliver(&m, p);
	deliver(&m, p); /* repeated by the network */
	m = reply_to(q, FLAGS_TRUNCATED);
	deliver(&m, q);
	assert_int_equal(rig.connects, 1);
	connect(q);
	m = framed(q, FLAGS_OK, 9);
	feed(&m, 100);
	assert_eight(&l);
	assert_int_equal(rig.connects, 2);
	connect(p);
	m = framed(p, FLAGS_OK, 9);
	feed(&m, 100);
	assert_eight(&other);
	assert_null(take_sent());
}

static void cancelled_request_ends_the_connection(void **state)
{
	(void)state;
	struct lookup l;
	const struct sent *q = ask_over_tcp(&l, "a.test");
	connect(q);
	resolver_cancel(rig.resolver, &l.request);
	assert_true(flow_fake_is_over(&rig.flow));
	rig_pass(20 * SECOND);
	assert_int_equal(l.done, 0);
}

static void without_room_to_write_it_fails(void **state)
{
	(void)state;
	struct lookup l;
	(void)ask_over_tcp(&l, "a.test");
	flow_fake_room(&rig.flow, 10);
	rig.flow.room = 10;
	event(FLOW_CONNECTED);
	assert_true(flow_fake_is_over(&rig.flow));
	(void)take_query(SERVER_2);
	resolver_cancel(rig.resolver, &l.request);
}

static void without_tcp_truncated_answers_are_none(void **state)
{
	(void)state;
	const struct dns_config config = {.queries = 1};
	const struct ip_addr server = ip_addr_from_v4(SERVER_1);
	struct lookup l;
	void *memory = malloc(dns_memory_bytes(&config));
	struct dns *dns = rig.dns;
	rig.dns =
		dns_init(memory, &config, &rig.udp, &rig.tx, &rig.rng, (struct waker){NULL, NULL});
	rig.resolver = dns_resolver(rig.dns);
	assert_int_equal(dns_add_servers(rig.dns, &server, 1), OK);
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_TRUNCATED);
	deliver(&m, q);
	assert_error(&l, ERR_UNSUPPORTED);
	rig.dns = dns;
	free(memory);
}

int run_tcp(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answer_comes_in_any_division),
		TEST(long_answer_is_good_for_what_there_is_room_for),
		TEST(next_server_is_asked_when_tcp_fails),
		TEST(tcp_has_its_time),
		TEST(datagrams_do_not_disturb_the_connection),
		TEST(refused_connection_leads_to_the_next_server),
		TEST(others_wait_for_the_connection),
		TEST(cancelled_request_ends_the_connection),
		TEST(without_room_to_write_it_fails),
		TEST(without_tcp_truncated_answers_are_none),
	};
	return cmocka_run_group_tests_name("TCP", tests, NULL, NULL);
}
