/* SPDX-License-Identifier: ISC */
/* Responses that are kept: a request in the words of another is answered without the handler. */
#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

#define GET(path, lines)  "GET " path " HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
#define HEAD(path, lines) "HEAD " path " HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
#define ACCEPT            "Accept-Encoding: gzip\r\n"
#define DATED(time, rest)                                                                          \
	"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 " time " GMT\r\n"                               \
	"Content-Type: text/" rest
#define INDEX(time, lines)                                                                         \
	DATED(time, "html; charset=utf-8\r\nContent-Length: 14\r\nETag: " INDEX_ETAG               \
		    "\r\nAccept-Ranges: bytes\r\n" lines "\r\n")
#define CSS(time)                                                                                  \
	DATED(time, "css; charset=utf-8\r\nContent-Length: 3\r\nETag: \"00000000000000a2\"\r\n"    \
		    "Accept-Ranges: bytes\r\n\r\nb{}")

/* On a connection that stays, `times` in a row, each acknowledged; returns how often it was looked
 * for in the store. */
static unsigned ask(const char *request, const char *response, unsigned times)
{
	unsigned before = rig.kv_calls;
	for (unsigned i = 0; i < times; i++) {
		rig_send(request);
		rig_expect(response);
		flow_fake_ack(&rig.flow);
	}
	return rig.kv_calls - before;
}

static void start(void)
{
	rig_start(NULL, 784111777); /* at 5 s */
	rig_open(&rig.flow);
}

static void stop(void)
{
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* The first of a second makes the header, the second is noted. */
static void the_third_is_answered_at_once(void **state)
{
	(void)state;
	start();
	assert_int_equal(ask(GET("/", ""), INDEX("08:49:37", "") INDEX_BODY, 9), 2);
	assert_int_equal(http_stats(rig.http)->requests, 9);
	rig.now_us += SECOND;
	assert_int_equal(ask(GET("/", ""), INDEX("08:49:38", "") INDEX_BODY, 9), 2);
	/* Others have their own. */
	assert_int_equal(ask(GET("/a.css", ""), CSS("08:49:38"), 9), 2);
	assert_int_equal(ask(GET("/", ""), INDEX("08:49:38", "") INDEX_BODY, 9), 0);
	stop();
}

/* The same file, in other words: each is understood by itself. */
static void other_words_are_another_request(void **state)
{
	static const char index[] = INDEX("08:49:37", "") INDEX_BODY;
	static const char kept_alive[] = INDEX("08:49:37", "Connection: keep-alive\r\n") INDEX_BODY;
	(void)state;
	start();
	assert_int_equal(ask(GET("/", ""), index, 5), 2);
	assert_int_equal(ask(GET("/", "X: y\r\n"), index, 2), 2);
	assert_int_equal(ask(HEAD("/", ""), INDEX("08:49:37", ""), 3), 3);
	assert_int_equal(ask(GET("/", "If-Match: \"x\"\r\n"),
			     "HTTP/1.1 412 Precondition Failed\r\n"
			     "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			     "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 24\r\n\r\n"
			     "412 Precondition Failed\n",
			     3),
			 3);
	assert_int_equal(ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", kept_alive, 3), 2);
	assert_int_equal(ask(GET("/", ""), index, 3), 0);
	/* Two in one segment are not one. */
	rig_send(GET("/", "") GET("/", ""));
	rig_expect(INDEX("08:49:37", "") INDEX_BODY INDEX("08:49:37", "") INDEX_BODY);
	stop();
}

/* Whatever the field says, however long it is, where nobody looks at it. */
static void a_field_that_nobody_reads_may_say_anything(void **state)
{
	static const char index[] = INDEX("08:49:37", "") INDEX_BODY;
	(void)state;
	start();
	assert_int_equal(ask(GET("/", "Cookie: 1\r\n" ACCEPT), index, 2), 2);
	assert_int_equal(ask(GET("/", "Cookie: 22\r\n" ACCEPT), index, 1), 1);
	assert_int_equal(ask(GET("/", "Cookie: 3; a=\t\xe4\r\n" ACCEPT), index, 3), 0);
	assert_int_equal(ask(GET("/", "Cookie:\r\n" ACCEPT), index, 3), 0);
	assert_int_equal(ask(GET("/", "Cookie: 1\r\n" ACCEPT), index, 3), 0);
	assert_int_equal(http_stats(rig.http)->requests, 12);
	/* Another field, another line, less or more of them. */
	assert_int_equal(ask(GET("/", "Cookies: 1\r\n" ACCEPT), index, 1), 1);
	assert_int_equal(ask(GET("/", ACCEPT), index, 1), 1);
	assert_int_equal(ask(GET("/", "Cookie: 1\r\nX: y\r\n" ACCEPT), index, 1), 1);
	assert_int_equal(ask(GET("/", "Cookie: 4\r\n" ACCEPT), index, 1), 0);
	assert_int_equal(ask(GET("/a.css", "Cookie: 1\r\n" ACCEPT), CSS("08:49:37"), 1), 1);
	/* Of the values that no field may have the parser tells. */
	rig_send(GET("/", "Cookie: 5\r\nCookie: 6\001\r\n" ACCEPT));
	assert_int_equal(http_stats(rig.http)->bad_requests, 1);
	stop();
}

/* That the two differ in one which is read is no reason to let it say anything. */
static void a_field_that_is_read_may_not(void **state)
{
	static const char index[] = INDEX("08:49:37", "") INDEX_BODY;
	(void)state;
	start();
	assert_int_equal(ask(GET("/", ACCEPT), index, 2), 2);
	assert_int_equal(ask(GET("/", "accept-encoding: br\r\n"), index, 2), 2);
	assert_int_equal(ask("GET / HTTP/1.1\r\nHost: other\r\n" ACCEPT "\r\n", index, 2), 2);
	rig_send("GET / HTTP/1.1\r\nHost: b@d\r\n" ACCEPT "\r\n");
	assert_int_equal(http_stats(rig.http)->bad_requests, 1);
	stop();
}

/* The whole of it counts for what a header may have. */
static void a_value_may_not_be_too_long(void **state)
{
	static const char index[] = INDEX("08:49:37", "") INDEX_BODY;
	static char request[9000];
	(void)state;
	start();
	assert_int_equal(ask(GET("/", "X: 1\r\n"), index, 2), 2);
	assert_int_equal(ask(GET("/", "X: 2\r\n"), index, 1), 1);
	size_t others = strlen(GET("/", "X: \r\n"));
	for (size_t more = 0; more < 2; more++) {
		size_t value = http_parts.header_bytes - others + more;
		assert_true(value + others < sizeof(request));
		snprintf(request, sizeof(request), GET("/", "X: %0*d\r\n"), (int)value, 1);
		rig_send(request);
		assert_int_equal(http_stats(rig.http)->bad_requests, more);
	}
	assert_int_equal(rig.kv_calls, 3);
	stop();
}

/* A handler that looks at the fields is asked about each of them. */
static void a_handler_that_reads_is_asked(void **state)
{
	static const char index[] = INDEX("08:49:37", "") INDEX_BODY;
	(void)state;
	start();
	rig.handler_reads = true;
	assert_int_equal(ask(GET("/", "Cookie: 1\r\n"), index, 3), 2);
	assert_int_equal(ask(GET("/", "Cookie: 2\r\n"), index, 3), 3);
	stop();
}

static void nothing_new_is_known_too(void **state)
{
	(void)state;
	start();
	assert_int_equal(ask(GET("/", "If-None-Match: " INDEX_ETAG "\r\n"),
			     "HTTP/1.1 304 Not Modified\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			     "ETag: " INDEX_ETAG "\r\n\r\n",
			     5),
			 2);
	stop();
}

/* The known request wants the connection to end. */
static void a_known_end_of_the_connection(void **state)
{
	(void)state;
	rig_start(NULL, 784111777);
	for (unsigned i = 0; i < 5; i++) {
		rig_open(&rig.flow);
		rig_send(GET("/", CLOSE));
		rig_expect(INDEX("08:49:37", CLOSE) INDEX_BODY);
		assert_true(flow_fake_is_over(&rig.flow));
		flow_fake_fini(&rig.flow);
	}
	assert_int_equal(rig.kv_calls, 2);
	rig_stop();
}

/* Another time the first of the routes may find it; a store that changes is always asked. */
static void what_may_change_is_not_known(void **state)
{
	(void)state;
	start();
	assert_int_equal(
		ask(GET("/docs/", ""),
		    DATED("08:49:37", "html; charset=utf-8\r\nContent-Length: 4\r\n"
				      "ETag: \"00000000000000a3\"\r\nAccept-Ranges: bytes\r\n\r\n"
				      "docs"),
		    5),
		5);
	rig_let_store_change();
	assert_int_equal(ask(GET("/", ""), INDEX("08:49:37", "") INDEX_BODY, 5), 5);
	stop();
}

/* Longer ones have no place. */
static void a_long_request_is_not_known(void **state)
{
	static char request[2000];
	(void)state;
	start();
	snprintf(request, sizeof(request), GET("/", "X: %0*d\r\n"), (int)http_parts.kept_bytes, 1);
	assert_int_equal(ask(request, INDEX("08:49:37", "") INDEX_BODY, 5), 5);
	stop();
}

int http_kept_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_is_answered_at_once),
		cmocka_unit_test(other_words_are_another_request),
		cmocka_unit_test(a_field_that_nobody_reads_may_say_anything),
		cmocka_unit_test(a_field_that_is_read_may_not),
		cmocka_unit_test(a_value_may_not_be_too_long),
		cmocka_unit_test(a_handler_that_reads_is_asked),
		cmocka_unit_test(nothing_new_is_known_too),
		cmocka_unit_test(a_known_end_of_the_connection),
		cmocka_unit_test(what_may_change_is_not_known),
		cmocka_unit_test(a_long_request_is_not_known),
	};
	return cmocka_run_group_tests_name("kept responses", tests, NULL, NULL);
}
