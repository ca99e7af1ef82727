/* SPDX-License-Identifier: ISC */
/* Responses of every form, in every division; those that break a rule. */
#include "net/http_client/http_client_internal.h"
#include "tests/unit/http_client/rig.h"
#include "tests/unit/http_client/tests.h"

/* What a response is for the caller: its status and body, or the error, and the connection's end.
 */
struct outcome {
	enum err error;
	unsigned status;
	char body[256];
	bool kept;
};

/* Fetches; the server sends `text` in segments of `step` bytes, and then its end if `eof`. */
static struct outcome fetch(enum http_method method, const char *text, size_t step, bool eof)
{
	struct http_client_response response = {0};
	struct outcome o = {0};
	struct slice run;

	rig_setup(NULL);
	rig_start(&(struct http_client_request){.method = method, .url = "http://a.test/"});
	unsigned flow = rig_connect();
	flow_fake_feed_split(&rig.flow[flow], text, strlen(text), step);
	if (eof)
		flow_fake_eof(&rig.flow[flow]);
	rig_run();
	o.error = http_call_response(&rig.call, &response);
	o.status = response.status;
	while (o.error == OK && (o.error = http_call_read(&rig.call, &run)) == OK) {
		assert_true(strlen(o.body) + run.len < sizeof(o.body));
		strncat(o.body, (const char *)run.data, run.len);
		http_call_consume(&rig.call, run.len);
	}
	http_call_end(&rig.call);
	o.kept = !flow_fake_is_over(&rig.flow[flow]);
	rig_teardown(NULL);
	return o;
}

static void expect(enum http_method method, const char *text, bool eof, struct outcome want)
{
	for (size_t step = 1; step <= strlen(text); step++) {
		struct outcome o = fetch(method, text, step, eof);
		assert_int_equal(o.error, want.error);
		if (want.error == ERR_EOF)
			assert_int_equal(o.status, want.status);
		assert_string_equal(o.body, want.body);
		assert_int_equal(o.kept, want.kept);
	}
}

#define COMPLETE(STATUS, BODY, KEPT)                                                               \
	((struct outcome){.error = ERR_EOF, .status = (STATUS), .body = (BODY), .kept = (KEPT)})
#define WRONG(ERROR) ((struct outcome){.error = (ERROR)})

static void bodies_end_where_they_should(void **state)
{
	(void)state;
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false,
	       COMPLETE(200, "hello", true));
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false,
	       COMPLETE(200, "", true));
	expect(HTTP_GET,
	       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	       "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: v\r\n\r\n",
	       false, COMPLETE(200, "hello", true));
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\n\r\nhello", true, COMPLETE(200, "hello", false));
	expect(HTTP_GET, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false,
	       COMPLETE(200, "hello", false));
	expect(HTTP_GET, "HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nno", false,
	       COMPLETE(404, "no", true));
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nno",
	       false, COMPLETE(200, "no", false));
}

static void some_responses_have_no_body(void **state)
{
	(void)state;
	expect(HTTP_HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false,
	       COMPLETE(200, "", true));
	expect(HTTP_HEAD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false,
	       COMPLETE(200, "", true));
	expect(HTTP_GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false,
	       COMPLETE(304, "", true));
	expect(HTTP_GET, "HTTP/1.1 204 No Content\r\n\r\n", false, COMPLETE(204, "", true));
}

static void interim_responses_are_passed_over(void **state)
{
	(void)state;
	expect(HTTP_GET,
	       "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
	       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	       false, COMPLETE(200, "ok", true));
	expect(HTTP_GET, "HTTP/1.1 101 Switching Protocols\r\n\r\n", false, WRONG(ERR_INVALID));
	expect(HTTP_GET, "HTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\n", false,
	       WRONG(ERR_INVALID));
}

static void a_server_cannot_go_on_with_interim_responses_for_ever(void **state)
{
	char text[400] = "";

	(void)state;
	for (unsigned i = 0; i <= HTTP_INTERIM_MAX; i++)
		strcat(text, "HTTP/1.1 102 Wait\r\n\r\n");
	assert_int_equal(fetch(HTTP_GET, text, 7, false).error, ERR_INVALID);
}

/* Bytes behind a response are nobody's: the connection is not used again. */
static void what_follows_a_response_is_not_the_next_one(void **state)
{
	(void)state;
	expect(HTTP_HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false,
	       COMPLETE(200, "", false));
	struct outcome o = fetch(HTTP_GET,
				 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
				 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
				 1000, false);
	assert_string_equal(o.body, "ok");
	assert_false(o.kept);
}

static void both_framings_and_wrong_lengths_are_refused(void **state)
{
	static const char *const wrong[] = {
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"Content-Length: 5, 5\r\n\r\nhello",
		"Content-Length: +5\r\n\r\nhello",
		"Content-Length: -5\r\n\r\nhello",
		"Content-Length: 0x5\r\n\r\nhello",
		"Content-Length: 5 6\r\n\r\nhello",
		"Content-Length:\r\n\r\nhello",
		"Content-Length: 18446744073709551615\r\n\r\nhello",
		"Content-Length: 99999999999999999999999\r\n\r\nhello",
		"Content-Length : 5\r\n\r\nhello",
		"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
		"X: y\r\n z\r\nContent-Length: 5\r\n\r\nhello",
		"X\r\n\r\n",
		": y\r\n\r\n",
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s", wrong[i]);
		expect(HTTP_GET, text, true, WRONG(ERR_INVALID));
	}
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
	       false, WRONG(ERR_UNSUPPORTED));
	expect(HTTP_GET, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false,
	       WRONG(ERR_INVALID));
}

static void wrong_headers_are_refused(void **state)
{
	static const char *const wrong[] = {
		"\r\nHTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\n\n",
		"HTTP/1.1 200 OK\r\nX: \x01\r\n\r\n",
		"HTTP/2.0 200 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",
		"HTTP/1.1 2000 OK\r\n\r\n",
		"HTTP/1.1 099 OK\r\n\r\n",
		"HTTP/1.1 600 OK\r\n\r\n",
		"HTTP/1.1 2x0 OK\r\n\r\n",
		"HTTP/1.1  200 OK\r\n\r\n",
		"ICY 200 OK\r\n\r\n",
		"<html>\r\n\r\n",
		"SSH-2.0-OpenSSH\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		expect(HTTP_GET, wrong[i], true, WRONG(ERR_INVALID));
}

static void wrong_chunks_are_refused(void **state)
{
	static const char *const wrong[] = {
		"x\r\n", "5\r\nhelloX", "5\r\nhello\n", "-1\r\n", "fffffffffffffffff\r\n", "\r\n",
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(text, sizeof(text),
			 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s", wrong[i]);
		struct outcome o = fetch(HTTP_GET, text, 1000, false);
		assert_int_equal(o.error, ERR_INVALID);
		assert_false(o.kept);
	}
}

static void a_body_that_ends_too_early_is_not_complete(void **state)
{
	struct outcome want = {.error = ERR_RESET, .body = "hell"};

	(void)state;
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", true, want);
	expect(HTTP_GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n", true,
	       want);
}

static void a_header_has_a_limit(void **state)
{
	static char text[8192];
	struct http_client_config config = http_client_config_default;

	(void)state;
	strcpy(text, "HTTP/1.1 200 OK\r\nX: ");
	memset(text + strlen(text), 'y', 5000);
	assert_int_equal(fetch(HTTP_GET, text, 1000, false).error, ERR_RANGE);
	strcpy(text, "HTTP/1.1 200 OK\r\n");
	for (unsigned i = 0; i <= HTTP_FIELDS_MAX; i++)
		strcat(text, "X: y\r\n");
	strcat(text, "\r\n");
	assert_int_equal(fetch(HTTP_GET, text, 1000, false).error, ERR_INVALID);
	assert_true(config.header_bytes == 4096);
}

static void fetch_limited(const char *text, enum err e)
{
	struct http_client_config config = http_client_config_default;
	struct http_client_response response;
	struct slice run;

	config.body_bytes_max = 4;
	rig_setup_with(&config);
	rig_get("http://a.test/");
	unsigned flow = rig_connect();
	rig_answer(flow, text);
	enum err found = http_call_response(&rig.call, &response);
	if (found == OK)
		found = http_call_read(&rig.call, &run);
	assert_int_equal(found, e);
	http_call_end(&rig.call);
	rig_teardown(NULL);
}

static void a_body_has_a_limit(void **state)
{
	(void)state;
	fetch_limited("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhell", OK);
	fetch_limited("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", ERR_RANGE);
	fetch_limited("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		      ERR_RANGE);
	fetch_limited("HTTP/1.1 200 OK\r\n\r\nhello", ERR_RANGE);
}

int run_response_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_end_where_they_should),
		cmocka_unit_test(some_responses_have_no_body),
		cmocka_unit_test(interim_responses_are_passed_over),
		cmocka_unit_test(a_server_cannot_go_on_with_interim_responses_for_ever),
		cmocka_unit_test(what_follows_a_response_is_not_the_next_one),
		cmocka_unit_test(both_framings_and_wrong_lengths_are_refused),
		cmocka_unit_test(wrong_headers_are_refused),
		cmocka_unit_test(wrong_chunks_are_refused),
		cmocka_unit_test(a_body_that_ends_too_early_is_not_complete),
		cmocka_unit_test(a_header_has_a_limit),
		cmocka_unit_test(a_body_has_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
