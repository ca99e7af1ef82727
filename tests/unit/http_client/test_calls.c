/* SPDX-License-Identifier: ISC */
/* One call: what is sent, what is told, and how it ends. */
#include "net/http_client/http_client_internal.h"
#include "tests/unit/http_client/rig.h"
#include "tests/unit/http_client/tests.h"

static void a_page_is_fetched(void **state)
{
	struct http_client_response response;
	struct http_text fields, name, value;
	struct slice run;

	(void)state;
	rig_get("http://a.test/");
	assert_string_equal(rig.host, "a.test");
	assert_int_equal(rig.port, 80);
	assert_int_equal(http_call_response(&rig.call, &response), ERR_AGAIN);
	unsigned flow = rig_connect();
	rig_expect(flow, GET_ROOT);
	rig.wakes = 0;
	rig_answer(flow, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Y: z \r\n\r\nhe");
	assert_true(rig.wakes > 0);
	assert_int_equal(http_call_response(&rig.call, &response), OK);
	assert_int_equal(response.status, 200);
	assert_int_equal(response.bytes, 5);
	fields = response.fields;
	assert_true(http_next_field(&fields, &name, &value));
	assert_true(http_next_field(&fields, &name, &value));
	assert_true(http_text_equal(name, "X-Y") && http_text_equal(value, "z"));
	assert_false(http_next_field(&fields, &name, &value));
	assert_int_equal(http_call_read(&rig.call, &run), OK);
	assert_int_equal(run.len, 2);
	http_call_consume(&rig.call, 1);
	assert_int_equal(http_call_read(&rig.call, &run), OK);
	assert_memory_equal(run.data, "e", 1);
	http_call_consume(&rig.call, 1);
	assert_int_equal(http_call_read(&rig.call, &run), ERR_AGAIN);
	rig.wakes = 0;
	rig_answer(flow, "llo");
	assert_true(rig.wakes > 0);
	rig_expect_body("llo");
	http_call_end(&rig.call);
	assert_false(flow_fake_is_over(&rig.flow[flow]));
}

static void what_is_asked_for_is_sent(void **state)
{
	(void)state;
	rig_start(&(struct http_client_request){.method = HTTP_DELETE,
						.url = "http://[fd00::2]:8080?x=1#y",
						.fields = "X-A: b\r\nX-C: d\r\n"});
	assert_string_equal(rig.host, "fd00::2");
	assert_int_equal(rig.port, 8080);
	rig_expect(rig_connect(), "DELETE /?x=1 HTTP/1.1\r\nHost: [fd00::2]:8080\r\n" IDENTITY
				  "X-A: b\r\nX-C: d\r\n\r\n");
	rig_answer(0, "HTTP/1.1 204 No Content\r\n\r\n");
	rig_expect_status(204);
	rig_expect_body("");
	http_call_end(&rig.call);
}

static void a_request_waits_for_room(void **state)
{
	(void)state;
	rig_get("http://a.test/");
	struct connector_request *r = rig.connecting;
	flow_fake_init(&rig.flow[0]);
	rig.flows = 1;
	rig.flow[0].room = 0;
	rig.connecting = NULL;
	r->flow = &rig.flow[0].flow;
	r->error = OK;
	r->done(r, rig.now_us);
	for (unsigned i = 0; i < sizeof(GET_ROOT) - 1; i++) {
		rig_run();
		assert_int_equal(rig.flow[0].out_bytes, i);
		flow_fake_room(&rig.flow[0], 1);
	}
	rig_run();
	rig_expect(0, GET_ROOT);
	rig_answer(0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	rig_expect_status(200);
	http_call_end(&rig.call);
}

static void wrong_requests_are_refused_at_once(void **state)
{
	struct http_client_request request = {.method = HTTP_GET, .url = "https://a.test/"};
	static char url[5000], fields[5000];
	struct waker waker = {0};

	(void)state;
	assert_int_equal(http_call_start(&rig.call, rig.client, &request, waker, 0),
			 ERR_UNSUPPORTED);
	request.url = "http://";
	assert_int_equal(http_call_start(&rig.call, rig.client, &request, waker, 0), ERR_INVALID);
	memset(url, 'a', sizeof(url) - 1);
	memcpy(url, "http://a/", 9);
	request.url = url;
	assert_int_equal(http_call_start(&rig.call, rig.client, &request, waker, 0), ERR_RANGE);
	url[300] = '\0';
	memset(url + 7, 'a', 290);
	assert_int_equal(http_call_start(&rig.call, rig.client, &request, waker, 0), ERR_INVALID);
	memset(fields, 'x', 4000);
	request.url = "http://a.test/";
	request.fields = fields;
	assert_int_equal(http_call_start(&rig.call, rig.client, &request, waker, 0), ERR_RANGE);
	assert_int_equal(rig.connects, 0);
}

static void expect_error(enum err e)
{
	struct http_client_response response;
	struct slice run;

	assert_int_equal(http_call_response(&rig.call, &response), e);
	assert_int_equal(http_call_read(&rig.call, &run), e);
	http_call_end(&rig.call);
}

static void a_host_that_is_not_there(void **state)
{
	(void)state;
	rig_get("http://a.test/");
	rig.wakes = 0;
	rig_refuse(ERR_NOTFOUND);
	assert_true(rig.wakes > 0);
	expect_error(ERR_NOTFOUND);
	rig.connect_error = ERR_NOTREADY;
	rig_get("http://a.test/");
	expect_error(ERR_NOTREADY);
}

static void a_connection_that_breaks(void **state)
{
	(void)state;
	rig_get("http://a.test/");
	unsigned flow = rig_connect();
	flow_fake_reset(&rig.flow[flow]);
	rig_run();
	assert_true(rig.flow[flow].aborted);
	expect_error(ERR_RESET);
	rig_get("http://a.test/");
	flow = rig_connect();
	rig_answer(flow, "HTTP/1.1 200");
	flow_fake_eof(&rig.flow[flow]);
	rig_run();
	expect_error(ERR_RESET);
	assert_int_equal(rig.connects, 2); /* on a new connection nothing is tried again */
}

static void a_server_that_says_nothing(void **state)
{
	struct http_client_response response;

	(void)state;
	rig_get("http://a.test/");
	assert_int_equal(http_call_response(&rig.call, &response), ERR_AGAIN);
	rig_wait(29 * SECOND);
	unsigned flow = rig_connect();
	rig_wait(29 * SECOND);
	rig_answer(flow, "HTTP/1.1 200 OK\r\n"); /* progress */
	rig_wait(29 * SECOND);
	assert_int_equal(http_call_response(&rig.call, &response), ERR_AGAIN);
	rig_wait(2 * SECOND);
	assert_true(rig.flow[flow].aborted);
	expect_error(ERR_TIMEOUT);
	rig_get("http://a.test/");
	assert_int_equal(http_call_response(&rig.call, &response), ERR_AGAIN);
	rig_wait(31 * SECOND);
	assert_int_equal(rig.cancels, 1);
	expect_error(ERR_TIMEOUT);
}

static void a_caller_may_take_his_time(void **state)
{
	struct slice run;

	(void)state;
	rig_get("http://a.test/");
	unsigned flow = rig_connect();
	rig_answer(flow, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab");
	rig_wait(100 * SECOND);
	rig_expect_status(200);
	assert_int_equal(http_call_read(&rig.call, &run), OK);
	http_call_consume(&rig.call, 2);
	rig_wait(29 * SECOND);
	assert_int_equal(http_call_read(&rig.call, &run), ERR_AGAIN); /* waits from here on */
	rig_wait(29 * SECOND);
	assert_int_equal(http_call_read(&rig.call, &run), ERR_AGAIN);
	rig_wait(2 * SECOND);
	assert_int_equal(http_call_read(&rig.call, &run), ERR_TIMEOUT);
	http_call_end(&rig.call);
}

static void a_call_can_be_ended_at_any_time(void **state)
{
	(void)state;
	rig_get("http://a.test/");
	http_call_end(&rig.call);
	assert_int_equal(rig.cancels, 1);
	rig_get("http://a.test/");
	unsigned flow = rig_connect();
	http_call_end(&rig.call);
	assert_true(rig.flow[flow].aborted);
	rig_get("http://a.test/");
	flow = rig_connect();
	rig_answer(flow, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab");
	http_call_end(&rig.call);
	assert_true(rig.flow[flow].aborted);
}

/* The bytes are the caller's until he says so, whatever happens to the connection. */
static void lent_bytes_outlive_the_connection(void **state)
{
	struct slice run;

	(void)state;
	rig_get("http://a.test/");
	unsigned flow = rig_connect();
	rig_answer(flow, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
	assert_int_equal(http_call_read(&rig.call, &run), OK);
	flow_fake_reset(&rig.flow[flow]);
	rig_run();
	assert_memory_equal(run.data, "ab", 2);
	http_call_consume(&rig.call, 2);
	assert_int_equal(http_call_read(&rig.call, &run), ERR_RESET);
	http_call_end(&rig.call);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int run_call_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_is_fetched),
		TEST(what_is_asked_for_is_sent),
		TEST(a_request_waits_for_room),
		TEST(wrong_requests_are_refused_at_once),
		TEST(a_host_that_is_not_there),
		TEST(a_connection_that_breaks),
		TEST(a_server_that_says_nothing),
		TEST(a_caller_may_take_his_time),
		TEST(a_call_can_be_ended_at_any_time),
		TEST(lent_bytes_outlive_the_connection),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
