/* SPDX-License-Identifier: ISC */
#include "net/http_client/http_client_internal.h"
#include "tests/unit/http_client/rig.h"
#include "tests/unit/http_client/tests.h"

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

static void to_the_same_host_on_the_same_connection(void **state)
{
	(void)state;
	rig_start(&(struct http_client_request){
		.method = HTTP_GET, .url = "http://a.test/x/y?z", .fields = "Cookie: c\r\n"});
	rig_connect();
	rig_answer(0, "HTTP/1.1 302 Found\r\nLocation: ../q?r\r\nContent-Length: 0\r\n\r\n");
	rig_expect(0, "GET /x/y?z HTTP/1.1\r\n" HOST IDENTITY "Cookie: c\r\n\r\n"
		      "GET /q?r HTTP/1.1\r\n" HOST IDENTITY "Cookie: c\r\n\r\n");
	rig_answer(0, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
	assert_int_equal(rig.connects, 1);
}

/* What may be secret does not go to another host. */
static void to_another_host(void **state)
{
	(void)state;
	rig_start(&(struct http_client_request){
		.method = HTTP_GET, .url = "http://a.test/", .fields = "Cookie: c\r\n"});
	rig_connect();
	rig_answer(0, "HTTP/1.1 301 Moved\r\nLocation: http://b.test:81/x\r\n"
		      "Content-Length: 3\r\n\r\nodd");
	assert_true(rig.flow[0].aborted);
	assert_string_equal(rig.host, "b.test");
	assert_int_equal(rig.port, 81);
	rig_connect();
	rig_expect(1, "GET /x HTTP/1.1\r\nHost: b.test:81\r\n" IDENTITY "\r\n");
	rig_answer(1, "HTTP/1.1 307 x\r\nLocation: //a.test/\r\nContent-Length: 0\r\n\r\n");
	rig_connect();
	rig_expect(2, GET_ROOT); /* nor back from there */
	rig_answer(2, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
}

static void follow_post(unsigned status, const char *sent_again)
{
	char answer[100];

	rig_setup(NULL);
	rig_start(&(struct http_client_request){
		.method = HTTP_POST, .url = "http://a.test/", .body = SLICE_STATIC("hello", 5)});
	rig_connect();
	rig.seen[0] = rig.flow[0].out_bytes;
	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 %u x\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", status);
	rig_answer(0, answer);
	rig_expect(0, sent_again);
	if (*sent_again != '\0')
		rig_answer(0, OK_EMPTY);
	rig_expect_status(*sent_again != '\0' ? 200 : status);
	http_call_end(&rig.call);
	rig_teardown(NULL);
}

static void what_a_post_becomes(void **state)
{
	static const char get[] = "GET /x HTTP/1.1\r\n" HOST IDENTITY "\r\n";
	static const char post[] = "POST /x HTTP/1.1\r\n" HOST IDENTITY
				   "Content-Length: 5\r\n\r\nhello";

	(void)state;
	follow_post(301, get);
	follow_post(302, get);
	follow_post(303, get);
	follow_post(307, post);
	follow_post(308, post);
	follow_post(300, "");
	follow_post(304, "");
	follow_post(305, "");
	follow_post(201, "");
}

static void what_cannot_be_sent_again_is_not(void **state)
{
	(void)state;
	rig_start(&(struct http_client_request){
		.method = HTTP_PUT, .url = "http://a.test/", .upload = true, .upload_bytes = 1});
	rig_connect();
	assert_int_equal(http_call_write(&rig.call, "x", 1), 1);
	assert_int_equal(http_call_finish(&rig.call), OK);
	rig_answer(0, "HTTP/1.1 307 x\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
	rig_expect_status(307);
	http_call_end(&rig.call);
}

static void see_other_needs_no_body(void **state)
{
	(void)state;
	rig_start(&(struct http_client_request){
		.method = HTTP_PUT, .url = "http://a.test/", .upload = true, .upload_bytes = 2});
	rig_connect();
	assert_int_equal(http_call_write(&rig.call, "x", 1), 1);
	rig_answer(0, "HTTP/1.1 303 x\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
	assert_int_equal(http_call_write(&rig.call, "x", 1), ERR_CLOSED);
	assert_true(rig.flow[0].aborted); /* half a body was sent there */
	rig_connect();
	rig_expect(1, "GET /x HTTP/1.1\r\n" HOST IDENTITY "\r\n");
	rig_answer(1, OK_EMPTY);
	rig_expect_status(200);
	http_call_end(&rig.call);
}

static void where_it_does_not_lead(void **state)
{
	static const char *const locations[] = {
		"Location: https://a.test/\r\n",
		"Location: ftp://a.test/\r\n",
		"Location: http://u@a.test/\r\n",
		"Location: /a b\r\n",
		"Location: //\r\n",
		"X: y\r\n",
	};
	char answer[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(locations); i++) {
		rig_setup(NULL);
		rig_get("http://a.test/");
		rig_connect();
		snprintf(answer, sizeof(answer), "HTTP/1.1 302 x\r\n%sContent-Length: 2\r\n\r\nno",
			 locations[i]);
		rig_answer(0, answer);
		rig_expect_status(302);
		rig_expect_body("no");
		http_call_end(&rig.call);
		rig_teardown(NULL);
	}
	rig_setup(NULL);
}

static void no_further_than_allowed(void **state)
{
	(void)state;
	rig_get("http://a.test/");
	rig_connect();
	for (unsigned i = 0; i <= 5; i++)
		rig_answer(0, "HTTP/1.1 302 x\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
	rig_expect_status(302);
	http_call_end(&rig.call);
	assert_int_equal(http_client_stats(rig.client)->redirected, 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int run_redirect_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(to_the_same_host_on_the_same_connection),
		TEST(to_another_host),
		cmocka_unit_test(what_a_post_becomes),
		TEST(what_cannot_be_sent_again_is_not),
		TEST(see_other_needs_no_body),
		TEST(where_it_does_not_lead),
		TEST(no_further_than_allowed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
