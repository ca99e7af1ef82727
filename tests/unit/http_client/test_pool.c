/* SPDX-License-Identifier: ISC */
/* Connections that are kept, and calls that wait for one. */
#include "net/http_client/http_client_internal.h"
#include "tests/unit/http_client/rig.h"
#include "tests/unit/http_client/tests.h"

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

static void fetch_from(const char *url, unsigned flow)
{
	rig_get(url);
	if (flow == rig.flows)
		rig_connect();
	rig_answer(flow, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
}

static void start_second(struct http_call *call, const char *url)
{
	struct http_client_request request = {.method = HTTP_GET, .url = url};

	assert_int_equal(http_call_start(call, rig.client, &request, (struct waker){0}, rig.now_us),
			 OK);
	rig_run();
}

static void a_connection_is_used_again(void **state)
{
	(void)state;
	fetch_from("http://a.test/", 0);
	fetch_from("http://a.test/x", 0);
	assert_int_equal(rig.connects, 1);
	fetch_from("http://a.test:81/", 1); /* another port is another server */
	fetch_from("http://a.test/", 0);
	assert_int_equal(rig.connects, 2);
	assert_int_equal(http_client_stats(rig.client)->reused, 2);
}

static void one_that_is_not_used_is_closed(void **state)
{
	(void)state;
	fetch_from("http://a.test/", 0);
	rig_wait(14 * SECOND);
	assert_false(rig.flow[0].closed);
	rig_wait(2 * SECOND);
	assert_true(rig.flow[0].closed);
}

static void one_that_the_server_closes_is_closed(void **state)
{
	(void)state;
	fetch_from("http://a.test/", 0);
	flow_fake_eof(&rig.flow[0]);
	rig_run();
	assert_true(rig.flow[0].closed);
}

static void one_on_which_the_server_speaks_unasked_is_closed(void **state)
{
	(void)state;
	fetch_from("http://a.test/", 0);
	rig_answer(0, "HTTP/1.1 408 Request Timeout\r\n\r\n");
	assert_true(rig.flow[0].closed);
}

/* The bytes are there, and the client does not know it yet when it begins the next call. */
static void nothing_is_sent_on_one_with_bytes_that_wait(void **state)
{
	struct http_client_request request = {.method = HTTP_GET, .url = "http://a.test/"};

	(void)state;
	fetch_from("http://a.test/", 0);
	flow_fake_feed(&rig.flow[0], "HTTP/1.1 200 OK\r\n", 17);
	size_t before = rig.flow[0].out_bytes;
	assert_int_equal(
		http_call_start(&rig.call, rig.client, &request, (struct waker){0}, rig.now_us),
		OK);
	assert_int_equal(rig.flow[0].out_bytes, before);
	assert_true(rig.flow[0].aborted);
	rig_connect();
	rig_answer(1, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
}

static void a_request_that_dies_with_it_is_sent_again(void **state)
{
	(void)state;
	fetch_from("http://a.test/", 0);
	rig_get("http://a.test/");
	flow_fake_reset(&rig.flow[0]);
	rig_run();
	rig_connect();
	rig_expect(1, GET_ROOT);
	rig_answer(1, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
	assert_int_equal(http_client_stats(rig.client)->retried, 1);
}

static void die_during(const struct http_client_request *request, const char *answer)
{
	struct http_client_response response;

	fetch_from("http://a.test/", 0);
	rig_start(request);
	rig_answer(0, answer);
	flow_fake_reset(&rig.flow[0]);
	rig_run();
	assert_int_equal(http_call_response(&rig.call, &response), ERR_RESET);
	http_call_end(&rig.call);
	assert_int_equal(rig.connects, 1);
}

static void but_not_one_that_may_have_had_an_effect(void **state)
{
	(void)state;
	die_during(&(struct http_client_request){.method = HTTP_POST, .url = "http://a.test/"}, "");
}

static void and_not_one_that_was_answered(void **state)
{
	(void)state;
	die_during(&(struct http_client_request){.method = HTTP_GET, .url = "http://a.test/"}, "H");
}

static void only_once(void **state)
{
	struct http_client_response response;

	(void)state;
	fetch_from("http://a.test/", 0);
	rig_get("http://a.test/");
	flow_fake_reset(&rig.flow[0]);
	rig_run();
	rig_connect();
	flow_fake_reset(&rig.flow[1]);
	rig_run();
	assert_int_equal(http_call_response(&rig.call, &response), ERR_RESET);
	http_call_end(&rig.call);
}

static void the_one_that_is_idle_longest_makes_room(void **state)
{
	(void)state;
	fetch_from("http://a.test/", 0);
	fetch_from("http://b.test/", 1);
	fetch_from("http://c.test/", 2);
	assert_true(flow_fake_is_over(&rig.flow[0]));
	assert_false(flow_fake_is_over(&rig.flow[1]));
	fetch_from("http://b.test/", 1);
}

static void calls_wait_for_their_turn(void **state)
{
	struct http_call second, third, fourth;

	(void)state;
	rig_get("http://a.test/");
	rig_connect();
	start_second(&second, "http://b.test/");
	rig_connect();
	start_second(&third, "http://c.test/");
	start_second(&fourth, "http://b.test/");
	assert_null(rig.connecting);
	assert_int_equal(http_client_stats(rig.client)->queued, 2);
	http_call_end(&third); /* one that waits can be ended too */
	start_second(&third, "http://c.test/");
	rig_answer(1, OK_EMPTY);
	http_call_end(&second);
	rig_run();
	rig_expect(1, "GET / HTTP/1.1\r\nHost: b.test\r\n" IDENTITY "\r\n"
		      "GET / HTTP/1.1\r\nHost: b.test\r\n" IDENTITY "\r\n"); /* the fourth */
	http_call_end(&rig.call);
	rig_run();
	assert_string_equal(rig.host, "c.test");
	rig_connect();
	http_call_end(&third);
	http_call_end(&fourth);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int run_pool_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_connection_is_used_again),
		TEST(one_that_is_not_used_is_closed),
		TEST(one_that_the_server_closes_is_closed),
		TEST(one_on_which_the_server_speaks_unasked_is_closed),
		TEST(nothing_is_sent_on_one_with_bytes_that_wait),
		TEST(a_request_that_dies_with_it_is_sent_again),
		TEST(but_not_one_that_may_have_had_an_effect),
		TEST(and_not_one_that_was_answered),
		TEST(only_once),
		TEST(the_one_that_is_idle_longest_makes_room),
		TEST(calls_wait_for_their_turn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
