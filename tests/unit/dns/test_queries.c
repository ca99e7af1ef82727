/* SPDX-License-Identifier: ISC */
/* What is asked, whom, when; and what requests come to. */
#include "tests/unit/dns/rig.h"

static void question_as_the_standard_says(void **state)
{
	(void)state;
	static const uint8_t tail[] = {0,          28, 0, 1, 0, 0, 41, 1232 >> 8,
				       1232 & 255, 0,  0, 0, 0, 0, 0};
	struct lookup l;
	look_up(&l, "www.example.test", RESOLVER_IPV6);
	const struct sent *q = take_query(SERVER_1);
	assert_int_equal(q->len, 12 + 18 + sizeof(tail));
	assert_memory_equal(q->bytes + 4, "\0\1\0\0\0\0\0\1\3", 9);
	for (unsigned i = 0; i < 18; i++)
		assert_int_equal(q->bytes[12 + i] | 0x20, "\3www\7example\4test\0"[i] | 0x20);
	assert_memory_equal(q->bytes + 30, tail, sizeof(tail));
	assert_null(take_sent());
	resolver_cancel(rig.resolver, &l.request);
}

static void addresses_are_given(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_OK);
	for (uint32_t i = 1; i <= 10; i++)
		put_a(&m, i % 2 != 0 ? NULL : "A.test", 60, i);
	put_record(&m, ADDITIONAL, "x.test", DNS_TYPE_A, 60, "\1\2\3\4", 4);
	put_bytes(&m, "junk", 4);
	deliver(&m, q);
	assert_int_equal(l.done, 1);
	assert_int_equal(l.request.error, OK);
	assert_int_equal(l.request.count, RESOLVER_ADDRESSES_MAX);
	for (uint32_t i = 0; i < RESOLVER_ADDRESSES_MAX; i++)
		assert_int_equal(ip_addr_v4(&l.request.address[i]), i + 1);
	assert_int_equal(rig.due_us, TIME_NEVER);
}

static void ipv6_addresses_are_given(void **state)
{
	(void)state;
	static const uint8_t address[16] = {0x20, 1, 0xd, 0xb8, [15] = 7};
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV6);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_OK);
	put_record(&m, ANSWER, NULL, DNS_TYPE_AAAA, 60, address, sizeof(address));
	deliver(&m, q);
	assert_int_equal(l.request.count, 1);
	assert_memory_equal(&l.request.address[0], address, 16);
}

static void responses_may_come_in_pieces(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 60, 99);
	rig.pieces = 3;
	deliver(&m, q);
	assert_address(&l, 99);

	look_up(&l, "b.test", RESOLVER_IPV4);
	q = take_query(SERVER_1);
	m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 60, 99);
	m.len = DNS_UDP_BYTES_MAX + 1; /* more than was asked for */
	deliver(&m, q);
	assert_int_equal(l.done, 0);
	assert_int_equal(dns_stats(rig.dns)->malformed, 1);
	resolver_cancel(rig.resolver, &l.request);
}

static void addresses_answer_themselves(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "192.0.2.7", RESOLVER_IPV4);
	rig_poll();
	assert_address(&l, 0xc0000207);
	look_up(&l, "192.0.2.7", RESOLVER_IPV6);
	rig_poll();
	assert_error(&l, ERR_NOTFOUND);
	look_up(&l, "fd00::7", RESOLVER_IPV6);
	rig_poll();
	assert_int_equal(l.request.error, OK);
	assert_int_equal(load_be16(&l.request.address[0]), 0xfd00);
	look_up(&l, "host.localhost", RESOLVER_IPV4);
	rig_poll();
	assert_address(&l, 0x7f000001);
	look_up(&l, "localhost", RESOLVER_IPV6);
	rig_poll();
	assert_memory_equal(&l.request.address[0], "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	assert_int_equal(rig.n_sent, 0);
}

static void servers_are_asked_in_turn_and_given_up(void **state)
{
	(void)state;
	static const struct {
		uint32_t server;
		uint64_t after_us;
	} expected[] = {
		{SERVER_1, 0},          {SERVER_2, SECOND},     {SERVER_1, SECOND},
		{SERVER_2, 2 * SECOND}, {SERVER_1, 2 * SECOND}, {SERVER_2, 4 * SECOND},
	};
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		if (i > 0) {
			rig_pass(expected[i].after_us - 1);
			assert_null(take_sent());
			assert_int_equal(rig.due_us, rig.now_us + 1);
			rig_pass(1);
		}
		(void)take_query(expected[i].server);
	}
	rig_pass(4 * SECOND - 1);
	assert_int_equal(l.done, 0);
	rig_pass(1);
	assert_error(&l, ERR_TIMEOUT);
	assert_int_equal(rig.due_us, TIME_NEVER);
	assert_null(take_sent());
}

static void late_answer_of_the_first_server_counts(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	rig_pass(SECOND);
	assert_int_equal(take_query(SERVER_2)->from_port, q->from_port);
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 60, 5);
	deliver(&m, q);
	assert_address(&l, 5);
	assert_int_equal(l.at_us, 8 * SECOND);
	deliver(&m, q); /* once more: there is no socket */
	assert_int_equal(l.done, 1);
	assert_int_equal(rig.unreachable, 1);
}

/* A response without an answer. */
static void respond(const struct sent *q, uint16_t flags)
{
	struct message m = reply_to(q, flags);
	deliver(&m, q);
}

static void server_that_cannot_answer_is_left(void **state)
{
	(void)state;
	static const struct {
		uint16_t flags;
		enum err error;
	} cases[] = {
		{0x8182, ERR_IO},      /* SERVFAIL */
		{0x8185, ERR_REFUSED}, /* REFUSED */
		{0x8100, ERR_REFUSED}, /* nothing known, and nobody to ask */
		{0x8187, ERR_IO},      /* a code of dynamic updates */
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct lookup l;
		look_up(&l, "a.test", RESOLVER_IPV4);
		respond(take_query(SERVER_1), cases[i].flags);
		assert_int_equal(l.done, 0);
		respond(take_query(SERVER_2), cases[i].flags);
		assert_error(&l, cases[i].error);
		assert_null(take_sent());
	}
}

static void late_refusal_does_not_hurry_the_other(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *first = take_query(SERVER_1);
	rig_pass(SECOND);
	const struct sent *second = take_query(SERVER_2);
	respond(first, 0x8182);
	assert_null(take_sent());
	rig_pass(SECOND);
	(void)take_query(SERVER_2); /* the first is not asked again */
	struct message m = reply_to(second, FLAGS_OK);
	put_a(&m, NULL, 1, 3);
	deliver(&m, second);
	assert_address(&l, 3);
}

static void nobody_at_the_port_leads_to_the_next_server(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	uint16_t port = take_query(SERVER_1)->from_port;
	deliver_error(ERR_REFUSED, port, SERVER_1, 53);
	assert_int_equal(take_query(SERVER_2)->from_port, port);
	rig_pass(SECOND);
	const struct sent *q = take_query(SERVER_2); /* the first is not asked again */
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 0, 3);
	deliver(&m, q);
	assert_address(&l, 3);

	look_up(&l, "b.test", RESOLVER_IPV4); /* by nobody, and known at once */
	port = take_query(SERVER_1)->from_port;
	deliver_error(ERR_REFUSED, port, SERVER_1, 53);
	(void)take_query(SERVER_2);
	deliver_error(ERR_REFUSED, port, SERVER_2, 53);
	assert_error(&l, ERR_REFUSED);
	assert_int_equal(rig.due_us, TIME_NEVER);
}

/* Routers may find a way soon: rounds keep their time. */
static void unreachable_servers_are_asked_again(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	for (uint64_t wait_us = SECOND; wait_us <= 4 * SECOND; wait_us *= 2) {
		uint16_t port = take_query(SERVER_1)->from_port;
		deliver_error(ERR_UNREACHABLE, port, SERVER_1, 53);
		(void)take_query(SERVER_2);
		deliver_error(ERR_UNREACHABLE, port, SERVER_2, 53);
		rig_pass(wait_us - 1);
		assert_null(take_sent());
		rig_pass(1);
	}
	assert_error(&l, ERR_TIMEOUT);
}

static void errors_about_other_datagrams_change_nothing(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	uint16_t port = take_query(SERVER_1)->from_port;
	deliver_error(ERR_REFUSED, port ^ 1, SERVER_1, 53);
	deliver_error(ERR_REFUSED, port, SERVER_1, 54);
	deliver_error(ERR_REFUSED, port, SERVER_2, 53); /* not asked yet */
	deliver_error(ERR_REFUSED, port, 0x0a000207, 53);
	assert_null(take_sent());
	rig_pass(SECOND);
	(void)take_query(SERVER_2);
	deliver_error(ERR_UNREACHABLE, port, SERVER_1, 53); /* late: the second has its time */
	assert_null(take_sent());
	rig_pass(SECOND);
	(void)take_query(SERVER_1);
	resolver_cancel(rig.resolver, &l.request);
}

static void server_without_edns_is_asked_again(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, 0x8181); /* FORMERR, of which only the header comes */
	m.len = DNS_HEADER_BYTES;
	store_be16(m.bytes + 4, 0);
	deliver(&m, q);
	q = take_query(SERVER_1);
	assert_int_equal(load_be16(q->bytes + ADDITIONAL), 0);
	assert_int_equal(q->len, 12 + 8 + 4);
	m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 1, 3);
	deliver(&m, q);
	assert_address(&l, 3);
}

static void last_question_is_in_small_letters(void **state)
{
	(void)state;
	struct lookup l;
	unsigned large = 0;
	look_up(&l, "abcdefghijklmnop.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	for (unsigned i = 13; i < 29; i++)
		large += q->bytes[i] < 'a';
	assert_in_range(large, 2, 14);
	for (unsigned i = 0; i < 4; i++) {
		rig_pass(2 * SECOND);
		q = take_sent();
	}
	assert_memory_equal(q->bytes + 12, "\20abcdefghijklmnop\4test", 23);
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 1, 3);
	deliver(&m, q);
	assert_address(&l, 3);
}

static void same_questions_are_joined(void **state)
{
	(void)state;
	struct lookup l[3], other;
	look_up(&l[0], "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	look_up(&l[1], "A.TEST.", RESOLVER_IPV4);
	look_up(&l[2], "a.test", RESOLVER_IPV4);
	assert_null(take_sent());
	look_up(&other, "a.test", RESOLVER_IPV6);
	assert_int_not_equal(take_query(SERVER_1)->from_port, q->from_port);
	resolver_cancel(rig.resolver, &l[0].request);
	struct message m = reply_to(q, FLAGS_OK);
	put_a(&m, NULL, 1, 3);
	deliver(&m, q);
	assert_int_equal(l[0].done, 0);
	assert_address(&l[1], 3);
	assert_address(&l[2], 3);
	assert_int_equal(other.done, 0);
	resolver_cancel(rig.resolver, &other.request);
	assert_int_equal(dns_stats(rig.dns)->joined, 2);
}

static void cancelled_request_is_forgotten(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	resolver_cancel(rig.resolver, &l.request);
	respond(q, FLAGS_OK);
	rig_pass(20 * SECOND);
	assert_int_equal(l.done, 0);
	assert_null(take_sent());
	assert_int_equal(rig.due_us, TIME_NEVER);

	look_up(&l, "127.0.0.1", RESOLVER_IPV4); /* answered, but not told yet */
	resolver_cancel(rig.resolver, &l.request);
	rig_poll();
	assert_int_equal(l.done, 0);
	look_up(&l, "127.0.0.1", RESOLVER_IPV4);
	rig_poll();
	resolver_cancel(rig.resolver, &l.request); /* too late, and allowed */
	assert_address(&l, 0x7f000001);
}

static struct lookup again;

/* Done() starts a request anew, and cancels another that is due as well. */
static void start_again(struct resolver_request *r, uint64_t now_us)
{
	(void)now_us;
	resolver_cancel(rig.resolver, r->arg);
	look_up(&again, "::1", RESOLVER_IPV6);
}

static void requests_may_be_started_and_cancelled_in_done(void **state)
{
	(void)state;
	struct lookup first, second;
	look_up(&first, "127.0.0.1", RESOLVER_IPV4);
	look_up(&second, "127.0.0.1", RESOLVER_IPV4);
	first.request.done = start_again;
	first.request.arg = &second.request;
	rig_poll();
	assert_int_equal(second.done, 0);
	assert_int_equal(again.done, 1);
	assert_int_equal(again.request.error, OK);
}

static enum err try_start(const char *name)
{
	static struct lookup l;
	l.request.done = start_again;
	return resolver_start(rig.resolver, &l.request, name, RESOLVER_IPV4, rig.now_us);
}

static void what_cannot_be_asked_is_refused_at_once(void **state)
{
	(void)state;
	struct lookup l[QUERIES];
	assert_int_equal(try_start("a..b"), ERR_INVALID);
	rig.rng_error = ERR_NOTREADY;
	assert_int_equal(try_start("a.test"), ERR_NOTREADY);
	rig.rng_error = OK;
	for (unsigned i = 0; i < QUERIES; i++)
		look_up(&l[i], &"dcba"[i], RESOLVER_IPV4);
	assert_int_equal(try_start("x.test"), ERR_NOMEM);
	assert_int_equal(dns_stats(rig.dns)->out_of_memory, 1);
	for (unsigned i = 0; i < QUERIES; i++)
		resolver_cancel(rig.resolver, &l[i].request);
	dns_clear_servers(rig.dns);
	assert_int_equal(try_start("a.test"), ERR_NOTREADY);
	rig_poll();
	assert_int_equal(rig.n_sent, 0);
}

static void lost_servers_end_the_question(void **state)
{
	(void)state;
	struct lookup l;
	look_up(&l, "a.test", RESOLVER_IPV4);
	(void)take_query(SERVER_1);
	dns_clear_servers(rig.dns);
	rig_pass(SECOND);
	assert_error(&l, ERR_TIMEOUT);
	const struct ip_addr server = ip_addr_from_v4(SERVER_2);
	for (unsigned i = 0; i < DNS_SERVERS_MAX; i++)
		assert_int_equal(dns_add_server(rig.dns, &server), OK);
	assert_int_equal(dns_add_server(rig.dns, &server), ERR_NOMEM);
}

/* The question in flight goes to the new ones, and what the old one still says is not heard. */
static void servers_of_a_lease_are_replaced(void **state)
{
	static const uint32_t first[] = {SERVER_1, SERVER_2, 3, 4, 5}, second[] = {7};
	(void)state;
	struct lookup l;
	dns_clear_servers(rig.dns);
	dns_replace_servers_v4(rig.dns, rig.now_us, DNS_DHCP, first, 5);
	look_up(&l, "a.test", RESOLVER_IPV4);
	const struct sent *old = take_query(SERVER_1);
	dns_replace_servers_v4(rig.dns, rig.now_us, DNS_DHCP, first, 5); /* renewed */
	rig_poll();
	assert_null(take_sent());
	dns_replace_servers_v4(rig.dns, rig.now_us, DNS_DHCP, second, 1);
	rig_poll();
	const struct sent *new = take_query(second[0]);
	struct message m = reply_to(old, FLAGS_OK);
	put_a(&m, NULL, 60, 9);
	deliver(&m, old);
	assert_int_equal(dns_stats(rig.dns)->bad_source, 1);
	m = reply_to(new, FLAGS_OK);
	put_a(&m, NULL, 60, 8);
	deliver(&m, new);
	assert_address(&l, 8);
	dns_replace_servers_v4(rig.dns, rig.now_us, DNS_DHCP, NULL, 0);
	assert_int_equal(try_start("b.test"), ERR_NOTREADY);
}

static void other_sources_keep_their_servers(void **state)
{
	static const uint32_t leased[] = {7};
	(void)state;
	struct lookup l;
	dns_replace_servers_v4(rig.dns, rig.now_us, DNS_DHCP, leased, 1);
	dns_replace_servers_v4(rig.dns, rig.now_us, DNS_ROUTER, leased, 0);
	look_up(&l, "a.test", RESOLVER_IPV4);
	(void)take_query(SERVER_1);
	rig_pass(SECOND);
	(void)take_query(SERVER_2);
	rig_pass(SECOND);
	(void)take_query(leased[0]);
	resolver_cancel(rig.resolver, &l.request);
}

static void refused_sends_are_tried_again(void **state)
{
	(void)state;
	struct lookup l;
	struct pkt *held[PACKETS];
	look_up(&l, "a.test", RESOLVER_IPV4);
	rig.output_error = ERR_AGAIN;
	assert_null(take_sent());
	rig.output_error = OK;
	for (unsigned i = 0; i < PACKETS; i++)
		held[i] = pkt_alloc(&rig.tx, 0);
	rig_pass(SECOND);
	assert_null(take_sent());
	for (unsigned i = 0; i < PACKETS; i++)
		pkt_put(held[i]);
	rig_pass(SECOND);
	(void)take_query(SERVER_1);
	assert_int_equal(dns_stats(rig.dns)->unsent, 2);
	rig.output_error = ERR_UNREACHABLE; /* known at once */
	rig_pass(2 * SECOND);
	rig_pass(2 * SECOND);
	assert_error(&l, ERR_UNREACHABLE);
}

int run_queries(void)
{
	const struct CMUnitTest tests[] = {
		TEST(question_as_the_standard_says),
		TEST(addresses_are_given),
		TEST(ipv6_addresses_are_given),
		TEST(responses_may_come_in_pieces),
		TEST(addresses_answer_themselves),
		TEST(servers_are_asked_in_turn_and_given_up),
		TEST(late_answer_of_the_first_server_counts),
		TEST(server_that_cannot_answer_is_left),
		TEST(late_refusal_does_not_hurry_the_other),
		TEST(nobody_at_the_port_leads_to_the_next_server),
		TEST(unreachable_servers_are_asked_again),
		TEST(errors_about_other_datagrams_change_nothing),
		TEST(server_without_edns_is_asked_again),
		TEST(last_question_is_in_small_letters),
		TEST(same_questions_are_joined),
		TEST(cancelled_request_is_forgotten),
		TEST(requests_may_be_started_and_cancelled_in_done),
		TEST(what_cannot_be_asked_is_refused_at_once),
		TEST(lost_servers_end_the_question),
		TEST(servers_of_a_lease_are_replaced),
		TEST(other_sources_keep_their_servers),
		TEST(refused_sends_are_tried_again),
	};
	return cmocka_run_group_tests_name("queries", tests, NULL, NULL);
}
