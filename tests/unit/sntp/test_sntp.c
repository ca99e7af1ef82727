/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/sntp/sntp.h"
#include "net/sntp/sntp_msg.h"
#include "tests/fakes/udp_fake.h"

#define SECOND   ((uint64_t)US_PER_S)
#define SERVER_1 UINT32_C(0x0a000202)
#define SERVER_2 UINT32_C(0x0a000203)
#define UNIX_S   INT64_C(1795280799) /* of the servers, when the test begins */

static struct udp_fake net;
static struct sntp sntp;
static struct wall_clock wall;
static uint64_t begin_us;

/* A resolver that holds one question back until the test answers it. */
static struct resolver resolver;
static struct resolver_request *question;
static char asked[64];
static enum resolver_family asked_family;
static enum err resolver_error;

static enum err fake_start(struct resolver *r, struct resolver_request *request, const char *name,
			   enum resolver_family family, uint64_t now_us)
{
	(void)r;
	(void)now_us;
	assert_null(question);
	if (resolver_error != OK)
		return resolver_error;
	question = request;
	asked_family = family;
	strcpy(asked, name);
	return OK;
}

static void fake_cancel(struct resolver *r, struct resolver_request *request)
{
	(void)r;
	assert_ptr_equal(question, request);
	question = NULL;
}

static void resolve(uint32_t address)
{
	struct resolver_request *r = question;

	assert_non_null(r);
	question = NULL;
	r->error = address != 0 ? OK : ERR_NOTFOUND;
	r->count = address != 0;
	r->address[0] = ip_addr_from_v4(address);
	r->done(r, net.now_us);
}

/* Polls as often as the client wants at once; it must be content soon. */
static uint64_t poll(void)
{
	uint64_t due_us = sntp_poll(&sntp, net.now_us);

	for (unsigned i = 0; due_us <= net.now_us; i++) {
		assert_true(i < 20);
		due_us = sntp_poll(&sntp, net.now_us);
	}
	return due_us;
}

/* Until the client sends, within `seconds`; NULL: it does not. */
static const struct udp_fake_sent *request_within(uint64_t seconds)
{
	uint64_t end_us = net.now_us + seconds * SECOND;
	const struct udp_fake_sent *s;

	for (;;) {
		uint64_t due_us = poll();
		s = udp_fake_take(&net);
		if (s != NULL || due_us > end_us)
			break;
		net.now_us = due_us;
	}
	if (s == NULL)
		net.now_us = end_us;
	return s;
}

static const struct udp_fake_sent *request_to(uint32_t server, uint64_t seconds)
{
	const struct udp_fake_sent *s = request_within(seconds);

	assert_non_null(s);
	assert_int_equal(ip_addr_v4(&s->to), server);
	assert_int_equal(s->to_port, 123);
	return s;
}

static void put_time(uint8_t *at, int64_t unix_us)
{
	uint64_t us = (uint64_t)(unix_us + INT64_C(2208988800) * US_PER_S);

	store_be32(at, (uint32_t)(us / US_PER_S));
	store_be32(at + 4, (uint32_t)(((us % US_PER_S << 32) + US_PER_S - 1) / US_PER_S));
}

/* A good answer to `s` from a server whose time, now, is `ahead_us` ahead of ours. */
static void fill(uint8_t reply[SNTP_MSG_BYTES], const struct udp_fake_sent *s, int64_t ahead_us)
{
	int64_t unix_us = UNIX_S * US_PER_S + (int64_t)(net.now_us - begin_us) + ahead_us;

	memset(reply, 0, SNTP_MSG_BYTES);
	reply[0] = 0x24; /* version 4, mode 4 */
	reply[1] = 2;
	reply[2] = 6;
	store_be32(reply + 4, 0x00000800); /* 31 ms */
	store_be32(reply + 8, 0x00000100);
	memcpy(reply + 24, s->bytes + 40, 8);
	put_time(reply + 32, unix_us);
	put_time(reply + 40, unix_us);
}

static void deliver(const uint8_t reply[SNTP_MSG_BYTES], const struct udp_fake_sent *s)
{
	udp_fake_deliver(&net, reply, SNTP_MSG_BYTES, ip_addr_v4(&s->to), 123, s->from_port);
}

static void answer(const struct udp_fake_sent *s, int64_t ahead_us)
{
	uint8_t reply[SNTP_MSG_BYTES];

	fill(reply, s, ahead_us);
	deliver(reply, s);
}

static int64_t wall_error_us(void)
{
	return (int64_t)wall_clock_us(&wall, net.now_us) -
	       (UNIX_S * US_PER_S + (int64_t)(net.now_us - begin_us));
}

static int setup(void **state)
{
	static const struct resolver_ops ops = {.start = fake_start, .cancel = fake_cancel};

	(void)state;
	udp_fake_init(&net, 256);
	resolver.ops = &ops;
	resolver_error = OK;
	question = NULL;
	wall = (struct wall_clock){0};
	begin_us = net.now_us;
	sntp_init(&sntp, &wall, &net.udp, &net.tx, &net.rng, &resolver, net.work);
	return 0;
}

static void start_with(const char *first, const char *second)
{
	assert_int_equal(sntp_add_server(&sntp, first), OK);
	if (second != NULL)
		assert_int_equal(sntp_add_server(&sntp, second), OK);
	sntp_start(&sntp, net.now_us);
}

static int teardown(void **state)
{
	(void)state;
	sntp_replace_servers_v4(&sntp, net.now_us, NULL, 0); /* ends what is under way */
	assert_null(question);
	udp_fake_fini(&net);
	return 0;
}

static void the_first_answer_sets_the_clock(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	const struct udp_fake_sent *s = request_to(SERVER_1, 0);
	assert_int_equal(s->len, 48);
	assert_int_equal(s->bytes[0], 0x23); /* version 4, mode 3 */
	static const uint8_t nothing[39];
	assert_memory_equal(s->bytes + 1, nothing, 39); /* tells nothing about us */
	assert_false(sntp_is_synchronised(&sntp));
	answer(s, 0);
	assert_true(sntp_is_synchronised(&sntp));
	assert_in_range(wall_error_us() + 1, 0, 2);
	assert_int_equal(sntp.stats.steps, 1);
}

static void half_the_round_trip_counts(void **state)
{
	uint8_t reply[SNTP_MSG_BYTES];
	(void)state;
	start_with("10.0.2.2", NULL);
	const struct udp_fake_sent *s = request_to(SERVER_1, 0);
	net.now_us += 40000; /* there */
	fill(reply, s, 0);
	net.now_us += 500000; /* the server thinks */
	put_time(reply + 40, UNIX_S * US_PER_S + 540000);
	net.now_us += 40000; /* back */
	deliver(reply, s);
	assert_in_range(wall_error_us() + 1, 0, 2);
	assert_int_equal(sntp.delay_us, 80000);
}

static void asks_from_64_to_1024_seconds(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	answer(request_to(SERVER_1, 0), 0);
	uint64_t at_us = net.now_us;
	unsigned expected_s = 64;
	for (unsigned i = 0; i < 8; i++) {
		const struct udp_fake_sent *s = request_to(SERVER_1, 2000);
		assert_in_range(s->at_us - at_us, expected_s * SECOND, expected_s * SECOND * 9 / 8);
		at_us = s->at_us;
		answer(s, 0);
		expected_s = MIN(expected_s * 2, 1024u);
	}
}

static void ports_and_nonces_differ(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	const struct udp_fake_sent *a = request_to(SERVER_1, 0);
	answer(a, 0);
	const struct udp_fake_sent *b = request_to(SERVER_1, 100);
	assert_true(a->from_port != b->from_port);
	assert_memory_not_equal(a->bytes + 40, b->bytes + 40, 8);
}

static void small_offsets_are_slewed(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	answer(request_to(SERVER_1, 0), 0);
	const struct udp_fake_sent *s = request_to(SERVER_1, 100);
	answer(s, 20000);
	assert_in_range(wall_error_us() + 1, 0, 2);
	net.now_us += 60 * SECOND;
	assert_in_range(wall_error_us() - 20000 + 1, 0, 2);
	assert_int_equal(sntp.stats.steps, 1);
}

/* One server, which is asked again soon. */
static void a_step_takes_two_answers(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	answer(request_to(SERVER_1, 0), 0);
	answer(request_to(SERVER_1, 100), 3600 * (int64_t)SECOND);
	assert_in_range(wall_error_us() + 1, 0, 2);
	answer(request_to(SERVER_1, 20), 0); /* a single one is forgotten */
	answer(request_to(SERVER_1, 1000), 3600 * (int64_t)SECOND);
	answer(request_to(SERVER_1, 20), 7200 * (int64_t)SECOND); /* they don't agree */
	assert_in_range(wall_error_us() + 1, 0, 2);
	answer(request_to(SERVER_1, 20), 7200 * (int64_t)SECOND);
	assert_in_range(wall_error_us() - 7200 * (int64_t)SECOND + 1, 0, 2);
	assert_int_equal(sntp.stats.steps, 2);
	assert_int_equal(sntp.stats.suspect, 3);
}

static void another_server_is_asked_about_a_step(void **state)
{
	(void)state;
	start_with("10.0.2.2", "10.0.2.3");
	answer(request_to(SERVER_1, 0), 0);
	answer(request_to(SERVER_1, 100), 3600 * (int64_t)SECOND);
	answer(request_to(SERVER_2, 20), 0);
	assert_in_range(wall_error_us() + 1, 0, 2);
	assert_int_equal(sntp.stats.steps, 1);
}

static void a_clock_that_the_board_knew_is_set_too(void **state)
{
	(void)state;
	wall_clock_set(&wall, net.now_us, UINT64_C(1700000000) * US_PER_S);
	start_with("10.0.2.2", NULL);
	answer(request_to(SERVER_1, 0), 0);
	assert_in_range(wall_error_us() + 1, 0, 2);
}

static void the_next_server_is_asked_when_one_is_silent(void **state)
{
	(void)state;
	start_with("10.0.2.2", "10.0.2.3");
	request_to(SERVER_1, 0);
	uint64_t at_us = net.now_us;
	answer(request_to(SERVER_2, 3), 0);
	assert_int_equal(net.now_us - at_us, SNTP_TIMEOUT_US);
	assert_int_equal(sntp.stats.timeouts, 1);
	request_to(SERVER_2, 100); /* it stays the one */
}

/* RFC 4330 section 10: never more often than in 15 s, and ever more seldom. */
static void silent_servers_are_asked_ever_more_seldom(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	uint64_t at_us = request_to(SERVER_1, 0)->at_us, last_us = 15 * SECOND;
	for (unsigned i = 0; i < 10; i++) {
		uint64_t next_us = request_to(SERVER_1, 1200)->at_us;
		assert_true(next_us - at_us >= last_us);
		last_us = (next_us - at_us) * 3 / 4;
		at_us = next_us;
	}
	assert_true(last_us > 700 * SECOND);
}

static void without_a_network_it_tries_each_second(void **state)
{
	(void)state;
	net.route_error = ERR_NOTREADY;
	start_with("10.0.2.2", "10.0.2.3");
	assert_null(request_within(60));
	assert_in_range(sntp.stats.unsent, 100, 130);
	net.route_error = OK;
	assert_non_null(request_within(2));
}

static void answers_to_something_else_are_dropped(void **state)
{
	uint8_t reply[SNTP_MSG_BYTES];
	(void)state;
	start_with("10.0.2.2", NULL);
	const struct udp_fake_sent *s = request_to(SERVER_1, 0);
	for (unsigned bit = 0; bit < 64; bit++) {
		fill(reply, s, 0);
		reply[24 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		deliver(reply, s);
	}
	fill(reply, s, 0);
	for (unsigned mode = 0; mode < 8; mode++) {
		reply[0] = (uint8_t)(0x20 | mode);
		if (mode != 4)
			deliver(reply, s);
	}
	reply[0] = 0x04; /* version 0 */
	deliver(reply, s);
	assert_int_equal(sntp.stats.unexpected, 64 + 7 + 1);
	reply[0] = 0x24;
	udp_fake_deliver(&net, reply, SNTP_MSG_BYTES, SERVER_2, 123, s->from_port);
	udp_fake_deliver(&net, reply, SNTP_MSG_BYTES, SERVER_1, 124, s->from_port);
	assert_int_equal(sntp.stats.bad_source, 2);
	udp_fake_deliver(&net, reply, SNTP_MSG_BYTES - 1, SERVER_1, 123, s->from_port);
	udp_fake_deliver(&net, reply, 0, SERVER_1, 123, s->from_port);
	assert_int_equal(sntp.stats.malformed, 2);
	assert_int_equal(wall_clock_us(&wall, net.now_us), 0);
	deliver(reply, s); /* the right one still counts, once */
	deliver(reply, s);
	assert_int_equal(sntp.stats.accepted, 1);
	assert_int_equal(net.unreachable, 1);
}

/* What makes an answer to our request worthless: changed bytes, and the counter. */
static void times_that_are_none_are_not_used(void **state)
{
	static const struct {
		unsigned at;
		uint8_t bytes[4];
		const uint32_t *counter;
	} wrong[] = {
		{0, {0xe4, 2, 6, 0}, &sntp.stats.unsynchronised},  /* leap 3 */
		{0, {0x24, 16, 6, 0}, &sntp.stats.unsynchronised}, /* stratum 16 */
		{4, {0, 4, 0, 0}, &sntp.stats.unusable},           /* root delay 4 s */
		{8, {0, 2, 0, 0}, &sntp.stats.unusable},           /* root dispersion 2 s */
		{8, {0xff, 0xff, 0xff, 0xff}, &sntp.stats.unusable},
		{32, {0xff, 0xff, 0xff, 0xff}, &sntp.stats.unusable}, /* received behind sent */
		{32, {0xe0, 0, 0, 0}, &sntp.stats.unusable},          /* 2019 */
		{40, {0x80, 0, 0, 0}, &sntp.stats.unusable},
	};
	(void)state;
	start_with("10.0.2.2", NULL);
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		uint8_t reply[SNTP_MSG_BYTES];
		uint32_t before = *wrong[i].counter;
		const struct udp_fake_sent *s = request_to(SERVER_1, 2000);
		fill(reply, s, 0);
		memcpy(reply + wrong[i].at, wrong[i].bytes, 4);
		deliver(reply, s);
		assert_int_equal(*wrong[i].counter, before + 1);
		assert_int_equal(wall_clock_us(&wall, net.now_us), 0);
	}
	answer(request_to(SERVER_1, 2000), 0);
	assert_true(sntp_is_synchronised(&sntp));
}

static void a_server_that_held_the_request_longer_than_it_was_away_lies(void **state)
{
	uint8_t reply[SNTP_MSG_BYTES];
	(void)state;
	start_with("10.0.2.2", NULL);
	const struct udp_fake_sent *s = request_to(SERVER_1, 0);
	fill(reply, s, 0);
	put_time(reply + 40, UNIX_S * US_PER_S + 20000);
	deliver(reply, s);
	assert_int_equal(sntp.stats.unusable, 1);
}

static void kiss_of(const struct udp_fake_sent *s, const char *code, int8_t poll_log)
{
	uint8_t reply[SNTP_MSG_BYTES];

	fill(reply, s, 0);
	reply[0] = 0xe4;
	reply[1] = 0;
	reply[2] = (uint8_t)poll_log;
	memcpy(reply + 12, code, 4);
	deliver(reply, s);
}

static void rate_is_obeyed(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	kiss_of(request_to(SERVER_1, 0), "RATE", 4);
	assert_null(request_within(127));
	kiss_of(request_to(SERVER_1, 20), "RATE", 12);
	assert_null(request_within(4095));
	kiss_of(request_to(SERVER_1, 600), "RATE", 127); /* bounded */
	assert_null(request_within(16383));
	answer(request_to(SERVER_1, 3000), 0);
	assert_null(request_within(16383)); /* it stays so */
	assert_int_equal(sntp.stats.rate_limited, 3);
}

static void denial_is_for_ever(void **state)
{
	(void)state;
	start_with("10.0.2.2", "10.0.2.3");
	kiss_of(request_to(SERVER_1, 0), "DENY", 0);
	for (unsigned i = 0; i < 10; i++)
		request_to(SERVER_2, 2000);
	kiss_of(request_to(SERVER_2, 2000), "RSTR", 0);
	assert_null(request_within(1000000));
	assert_int_equal(sntp.stats.denied, 2);
}

static void a_forged_kiss_does_nothing(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	struct udp_fake_sent s = *request_to(SERVER_1, 0);
	s.bytes[47] ^= 1;
	kiss_of(&s, "DENY", 0);
	kiss_of(&s, "RATE", 10);
	s.bytes[47] ^= 1;
	answer(&s, 0);
	assert_int_equal(sntp.stats.accepted, 1);
	assert_int_equal(sntp.stats.denied + sntp.stats.rate_limited, 0);
}

static void other_kisses_are_no_answers(void **state)
{
	(void)state;
	start_with("10.0.2.2", NULL);
	kiss_of(request_to(SERVER_1, 0), "STEP", 0);
	assert_int_equal(sntp.stats.other_kisses, 1);
	answer(request_to(SERVER_1, 20), 0);
	assert_true(sntp_is_synchronised(&sntp));
}

static void names_are_looked_up(void **state)
{
	(void)state;
	start_with("ntp.test", "10.0.2.3");
	assert_null(request_within(1));
	assert_string_equal(asked, "ntp.test");
	assert_int_equal(asked_family, RESOLVER_IPV4);
	resolve(0); /* none of this kind: the next one, and then of the other */
	request_to(SERVER_2, 0);
	assert_null(request_within(30));
	assert_int_equal(asked_family, RESOLVER_IPV6);
	resolve(SERVER_1);
	answer(request_to(SERVER_1, 0), 0);
	request_to(SERVER_1, 100); /* the address is kept */
	assert_int_equal(sntp.stats.unresolved, 1);
	assert_null(request_within(1));
	resolver_error = ERR_NOTREADY;
	assert_non_null(request_within(30)); /* the other one */
}

static void addresses_of_names_are_forgotten_after_a_day(void **state)
{
	(void)state;
	start_with("ntp.test", NULL);
	assert_null(request_within(1));
	resolve(SERVER_1);
	uint64_t end_us = net.now_us + 25 * 3600 * SECOND;
	unsigned asked_again = 0;
	while (net.now_us < end_us && asked_again == 0) {
		const struct udp_fake_sent *s = request_within(1200);
		if (s != NULL)
			answer(s, 0);
		asked_again += question != NULL;
		if (net.n_sent == UDP_FAKE_SENT_MAX)
			net.n_sent = net.n_taken = 0;
	}
	assert_int_equal(asked_again, 1);
	assert_in_range(net.now_us, end_us - 3600 * SECOND, end_us);
	resolve(SERVER_2);
	request_to(SERVER_2, 0);
}

static void names_need_a_resolver(void **state)
{
	(void)state;
	sntp.resolver = NULL;
	assert_int_equal(sntp_add_server(&sntp, "ntp.test"), ERR_INVALID);
	assert_int_equal(sntp_add_server(&sntp, "fd00::2"), OK);
	for (unsigned i = 1; i < SNTP_SERVERS_MAX; i++)
		assert_int_equal(sntp_add_server(&sntp, "10.0.2.2"), OK);
	assert_int_equal(sntp_add_server(&sntp, "10.0.2.2"), ERR_NOMEM);
}

static void servers_of_a_lease_replace_others(void **state)
{
	const uint32_t lease[] = {SERVER_2, SERVER_1, 3, 4, 5};
	(void)state;
	sntp_start(&sntp, net.now_us);
	assert_null(request_within(10));
	sntp_replace_servers_v4(&sntp, net.now_us, lease, 1);
	const struct udp_fake_sent *s = request_to(SERVER_2, 0);
	sntp_replace_servers_v4(&sntp, net.now_us, lease, 1); /* renewed: nothing has changed */
	answer(s, 0);
	assert_int_equal(sntp.stats.accepted, 1);
	sntp_replace_servers_v4(&sntp, net.now_us, lease, 5);
	assert_int_equal(sntp.n_servers, SNTP_SERVERS_MAX);
	s = request_to(SERVER_2, 0);
	sntp_replace_servers_v4(&sntp, net.now_us, lease + 1, 1); /* that one is out of date */
	answer(s, 0);
	assert_int_equal(sntp.stats.accepted, 1);
	answer(request_to(SERVER_1, 0), 0);
	sntp_replace_servers_v4(&sntp, net.now_us, NULL, 0);
	assert_null(request_within(5000));
}

static void eras_end_in_2036(void **state)
{
	(void)state;
	assert_int_equal(sntp_unix_us(UINT64_C(0xffffffff) << 32), INT64_C(2085978495) * US_PER_S);
	assert_int_equal(sntp_unix_us(1), INT64_C(2085978496) * US_PER_S);
	assert_int_equal(sntp_unix_us(UINT64_C(0x7fffffff80000000)),
			 INT64_C(4233462143) * US_PER_S + 500000);
	assert_int_equal(sntp_unix_us(UINT64_C(2208988800) << 32), 0);
}

static void without_random_numbers_nothing_is_asked(void **state)
{
	(void)state;
	net.rng_error = ERR_NOTREADY;
	start_with("10.0.2.2", NULL);
	assert_null(request_within(10));
	net.rng_error = OK;
	assert_non_null(request_within(2));
}

int main(void)
{
#define TEST(F) cmocka_unit_test_setup_teardown(F, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_first_answer_sets_the_clock),
		TEST(half_the_round_trip_counts),
		TEST(asks_from_64_to_1024_seconds),
		TEST(ports_and_nonces_differ),
		TEST(small_offsets_are_slewed),
		TEST(a_step_takes_two_answers),
		TEST(another_server_is_asked_about_a_step),
		TEST(a_clock_that_the_board_knew_is_set_too),
		TEST(the_next_server_is_asked_when_one_is_silent),
		TEST(silent_servers_are_asked_ever_more_seldom),
		TEST(without_a_network_it_tries_each_second),
		TEST(answers_to_something_else_are_dropped),
		TEST(times_that_are_none_are_not_used),
		TEST(a_server_that_held_the_request_longer_than_it_was_away_lies),
		TEST(rate_is_obeyed),
		TEST(denial_is_for_ever),
		TEST(a_forged_kiss_does_nothing),
		TEST(other_kisses_are_no_answers),
		TEST(names_are_looked_up),
		TEST(addresses_of_names_are_forgotten_after_a_day),
		TEST(names_need_a_resolver),
		TEST(servers_of_a_lease_replace_others),
		TEST(eras_end_in_2036),
		TEST(without_random_numbers_nothing_is_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
