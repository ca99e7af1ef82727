/* SPDX-License-Identifier: ISC */
/* ICMP errors about requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/sntp/sntp.h"
#include "tests/fakes/udp_fake.h"

#define SECOND   ((uint64_t)US_PER_S)
#define SERVER_1 UINT32_C(0x0a000202)
#define SERVER_2 UINT32_C(0x0a000203)

static struct udp_fake net;
static struct sntp sntp;
static struct wall_clock wall;

static int setup(void **state)
{
	static const uint32_t servers[] = {SERVER_1, SERVER_2};

	(void)state;
	udp_fake_init(&net, 256);
	wall = (struct wall_clock){0};
	sntp_init(&sntp, &wall, &net.udp, &net.tx, &net.rng, NULL, net.work);
	sntp_replace_servers_v4(&sntp, net.now_us, servers, 2);
	sntp_start(&sntp, net.now_us);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sntp_replace_servers_v4(&sntp, net.now_us, NULL, 0); /* ends what is under way */
	udp_fake_fini(&net);
	return 0;
}

/* What is sent in the next `us`, to nobody but `server`; NULL: nothing is. */
static const struct udp_fake_sent *request_within(uint64_t us, uint32_t server)
{
	uint64_t end_us = net.now_us + us;
	const struct udp_fake_sent *s = NULL;

	for (unsigned i = 0; s == NULL; i++) {
		uint64_t due_us = sntp_poll(&sntp, net.now_us);
		assert_true(i < 20);
		s = udp_fake_take(&net);
		if (s == NULL && due_us > end_us) {
			net.now_us = end_us;
			return NULL;
		}
		if (s == NULL)
			net.now_us = due_us;
	}
	assert_int_equal(ip_addr_v4(&s->to), server);
	return s;
}

static void the_next_server_is_asked_at_once(void **state)
{
	(void)state;
	udp_fake_error(&net, ERR_REFUSED, request_within(0, SERVER_1));
	assert_non_null(request_within(0, SERVER_2));
	assert_int_equal(sntp.stats.timeouts, 1);
}

static void errors_about_other_datagrams_change_nothing(void **state)
{
	(void)state;
	const struct udp_fake_sent *s = request_within(0, SERVER_1);
	struct udp_fake_sent other = *s;

	other.to_port = 124;
	udp_fake_error(&net, ERR_REFUSED, &other);
	other = *s;
	other.from_port ^= 1;
	udp_fake_error(&net, ERR_REFUSED, &other);
	other = *s;
	other.to = ip_addr_from_v4(SERVER_2);
	udp_fake_error(&net, ERR_REFUSED, &other);
	assert_null(request_within(SNTP_TIMEOUT_US - 1, 0));
	assert_int_equal(sntp.stats.timeouts, 0);
}

/* RFC 4330 section 10: never more often than in 15 s, and ever more seldom. */
static void absent_servers_are_asked_no_more_often_than_silent_ones(void **state)
{
	(void)state;
	for (uint64_t wait_us = 16 * SECOND; wait_us < 1000 * SECOND; wait_us *= 2) {
		udp_fake_error(&net, ERR_UNREACHABLE, request_within(wait_us, SERVER_1));
		udp_fake_error(&net, ERR_UNREACHABLE, request_within(0, SERVER_2));
		assert_null(request_within(wait_us - 1, 0));
	}
}

int main(void)
{
#define TEST(F) cmocka_unit_test_setup_teardown(F, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_next_server_is_asked_at_once),
		TEST(errors_about_other_datagrams_change_nothing),
		TEST(absent_servers_are_asked_no_more_often_than_silent_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
