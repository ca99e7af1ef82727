/* SPDX-License-Identifier: ISC */
/* Requests with bodies, in memory and streamed. */
#include <stdlib.h>

#include "net/http_client/http_client_internal.h"
#include "tests/unit/http_client/rig.h"
#include "tests/unit/http_client/tests.h"

#define PUT_ROOT(FIELDS) "PUT / HTTP/1.1\r\n" HOST IDENTITY FIELDS "\r\n"
#define OK_EMPTY         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

static void start_upload(uint64_t bytes)
{
	rig_start(&(struct http_client_request){.method = HTTP_PUT,
						.url = "http://a.test/",
						.upload = true,
						.upload_bytes = bytes});
}

static void finish_well(void)
{
	rig_answer(0, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
	assert_false(flow_fake_is_over(&rig.flow[0]));
}

static void release(struct ref *ref)
{
	ref->count = 0;
}

static void a_body_in_memory_is_sent_without_a_copy(void **state)
{
	struct ref owner = {1, release};

	(void)state;
	rig_start(&(struct http_client_request){
		.method = HTTP_POST,
		.url = "http://a.test/",
		.body = {.data = (const uint8_t *)"hello", .len = 5, .owner = &owner}});
	rig_connect();
	rig_expect(0, "POST / HTTP/1.1\r\n" HOST IDENTITY "Content-Length: 5\r\n\r\nhello");
	assert_int_equal(flow_fake_held(&rig.flow[0]), 1);
	finish_well();
	flow_fake_ack(&rig.flow[0]);
	assert_int_equal(owner.count, 1);
}

static void a_request_without_a_body_says_so_where_one_is_expected(void **state)
{
	(void)state;
	rig_start(&(struct http_client_request){.method = HTTP_PUT, .url = "http://a.test/"});
	rig_connect();
	rig_expect(0, PUT_ROOT("Content-Length: 0\r\n"));
	finish_well();
}

static void a_streamed_body_of_known_length(void **state)
{
	(void)state;
	start_upload(5);
	assert_int_equal(http_call_write(&rig.call, "hello", 5), ERR_AGAIN);
	rig_connect();
	rig.flow[0].room = 2;
	rig_expect(0, PUT_ROOT("Content-Length: 5\r\n"));
	assert_int_equal(http_call_write(&rig.call, "hello", 5), 2);
	assert_int_equal(http_call_write(&rig.call, "llo", 3), ERR_AGAIN);
	rig.wakes = 0;
	flow_fake_room(&rig.flow[0], SIZE_MAX);
	rig_run();
	assert_true(rig.wakes > 0);
	assert_int_equal(http_call_write(&rig.call, "llo", 3), 3);
	assert_int_equal(http_call_finish(&rig.call), OK);
	rig_expect(0, "hello");
	finish_well();
}

/* Whatever little the flow takes at a time, the chunks are the same. */
static void a_chunked_body_in_any_division(void **state)
{
	static const char text[] = "PUT / HTTP/1.1\r\n" HOST IDENTITY
				   "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
				   "11\r\nseventeen letters\r\n5\r\nhello\r\n0\r\n\r\n";
	static const char *const parts[] = {"seventeen letters", "hello"};

	(void)state;
	for (size_t room = 1; room < 40; room++) {
		ssize_t n;
		rig_setup(NULL);
		start_upload(HTTP_LENGTH_UNKNOWN);
		rig_connect();
		rig_answer(0, "HTTP/1.1 100 Continue\r\n\r\n");
		rig.flow[0].room = room;
		for (unsigned i = 0; i < 2; i++) {
			const char *at = parts[i];
			while (*at != '\0') {
				n = http_call_write(&rig.call, at, strlen(at));
				at += n > 0 ? n : 0;
				flow_fake_room(&rig.flow[0], n > 0 ? 0 : room);
				rig_run();
			}
		}
		while ((n = http_call_finish(&rig.call)) == ERR_AGAIN) {
			flow_fake_room(&rig.flow[0], room);
			rig_run();
		}
		assert_int_equal(n, OK);
		rig_expect(0, text);
		finish_well();
		rig_teardown(NULL);
	}
	rig_setup(NULL); /* for the teardown */
}

static void a_large_body_waits_for_100_continue(void **state)
{
	(void)state;
	start_upload(HTTP_EXPECT_BYTES);
	rig_connect();
	rig_expect(0, PUT_ROOT("Content-Length: 65536\r\nExpect: 100-continue\r\n"));
	assert_int_equal(http_call_write(&rig.call, "x", 1), ERR_AGAIN);
	rig.wakes = 0;
	rig_answer(0, "HTTP/1.1 100 Continue\r\n\r\n");
	assert_true(rig.wakes > 0);
	assert_int_equal(http_call_write(&rig.call, "x", 1), 1);
	http_call_end(&rig.call);
}

static void but_not_for_ever(void **state)
{
	(void)state;
	start_upload(HTTP_EXPECT_BYTES);
	rig_connect();
	assert_int_equal(http_call_write(&rig.call, "x", 1), ERR_AGAIN);
	rig_wait(SECOND - 1);
	assert_int_equal(http_call_write(&rig.call, "x", 1), ERR_AGAIN);
	rig_wait(1);
	assert_int_equal(http_call_write(&rig.call, "x", 1), 1);
	http_call_end(&rig.call);
}

static void a_server_may_refuse_before_it_is_sent(void **state)
{
	(void)state;
	start_upload(HTTP_EXPECT_BYTES);
	rig_connect();
	rig_expect(0, PUT_ROOT("Content-Length: 65536\r\nExpect: 100-continue\r\n"));
	rig_answer(0, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
	assert_int_equal(http_call_write(&rig.call, "x", 1), ERR_CLOSED);
	assert_int_equal(http_call_finish(&rig.call), ERR_CLOSED);
	rig_expect_status(413);
	rig_wait(10 * SECOND);
	rig_expect_body("no");
	rig_expect(0, "");
	http_call_end(&rig.call);
	assert_true(
		flow_fake_is_over(&rig.flow[0])); /* the body never came: not to be used again */
}

static void a_body_in_memory_is_not_sent_after_a_refusal(void **state)
{
	static char body[HTTP_EXPECT_BYTES];

	(void)state;
	rig_start(&(struct http_client_request){.method = HTTP_PUT,
						.url = "http://a.test/",
						.body = SLICE_STATIC(body, sizeof(body))});
	rig_connect();
	rig_answer(0, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
	rig_wait(10 * SECOND);
	rig_expect(0, PUT_ROOT("Content-Length: 65536\r\nExpect: 100-continue\r\n"));
	rig_expect_status(417);
	http_call_end(&rig.call);
}

static void a_connection_that_breaks_during_an_upload(void **state)
{
	(void)state;
	start_upload(10);
	rig_connect();
	assert_int_equal(http_call_write(&rig.call, "x", 1), 1);
	flow_fake_reset(&rig.flow[0]);
	assert_int_equal(http_call_write(&rig.call, "x", 1), ERR_RESET);
	rig_run();
	assert_int_equal(http_call_finish(&rig.call), ERR_RESET);
	http_call_end(&rig.call);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int run_upload_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_body_in_memory_is_sent_without_a_copy),
		TEST(a_request_without_a_body_says_so_where_one_is_expected),
		TEST(a_streamed_body_of_known_length),
		TEST(a_chunked_body_in_any_division),
		TEST(a_large_body_waits_for_100_continue),
		TEST(but_not_for_ever),
		TEST(a_server_may_refuse_before_it_is_sent),
		TEST(a_body_in_memory_is_not_sent_after_a_refusal),
		TEST(a_connection_that_breaks_during_an_upload),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
