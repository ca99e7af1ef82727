/* SPDX-License-Identifier: ISC */
/* Bodies of requests and responses: RFC 9112 sections 6 and 7. */
#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

#define POST(lines, body)   "POST /upload HTTP/1.1\r\nHost: example\r\n" lines "\r\n" body
#define SIZED(length, body) POST("Content-Length: " length "\r\n", body)
#define CHUNKED(body)       POST("Transfer-Encoding: chunked\r\n", body)
#define GET(path)           "GET " path " HTTP/1.1\r\nHost: example\r\n\r\n"
#define SHOWN(length, text) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" text
#define TOO_LARGE           ERROR("413 Content Too Large", "22", CLOSE)

struct exchange {
	const char *name, *request, *response;
};

static void run_all(const struct exchange *table, size_t n)
{
	rig_start(NULL, 0);
	for (size_t i = 0; i < n; i++) {
		rig_exchange(table[i].name, table[i].request, table[i].response);
		rig.body_bytes = 0;
	}
	rig_stop();
}

static void uploads(void **state)
{
	static const struct exchange table[] = {
		{"sized", SIZED("5", "abcde"), SHOWN("7", "[abcde]")},
		{"empty: there is no body", SIZED("0", "") GET("/"),
		 SHOWN("8", "/upload|") INDEX_RESPONSE},
		{"chunked", CHUNKED("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), SHOWN("7", "[abcde]")},
		{"no chunk", CHUNKED("0\r\n\r\n"), SHOWN("2", "[]")},
		{"the next request follows",
		 SIZED("3", "abc") CHUNKED("1\r\nd\r\n0\r\n\r\n") GET("/"),
		 SHOWN("5", "[abc]") SHOWN("3", "[d]") INDEX_RESPONSE},
		{"extensions and trailers are skipped",
		 CHUNKED("3;a=\"b;c\"\r\nabc\r\n0A ; x\r\n0123456789\r\n000;y\r\nX: y\r\nZ:\r\n\r\n")
			 GET("/"),
		 SHOWN("15", "[abc0123456789]") INDEX_RESPONSE},
		{"coding in any case",
		 POST("Transfer-Encoding: Chunked\r\n", "1\r\na\r\n0\r\n\r\n"), SHOWN("3", "[a]")},
		{"GET with a body, where one is wanted",
		 "GET /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
		 SHOWN("3", "[x]")},
		{"GET with a body elsewhere",
		 "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", BAD_REQUEST},
		{"POST with a body elsewhere",
		 "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
		 ERROR("405 Method Not Allowed", "23", "Allow: GET, HEAD, OPTIONS\r\n" CLOSE)},
		{"the route does not want it", SIZED("4", "abc!"), TOO_LARGE},
		{"more than the server takes", SIZED("1048577", ""), TOO_LARGE},
		{"more than a number holds", SIZED("18446744073709551616", ""), TOO_LARGE},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void smuggling(void **state)
{
	static const struct exchange table[] = {
		{"length and coding",
		 POST("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") GET("/"),
		 BAD_REQUEST},
		{"coding and length",
		 POST("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n") GET("/"),
		 BAD_REQUEST},
		{"two lengths", POST("Content-Length: 5\r\nContent-Length: 6\r\n", "abcdef"),
		 BAD_REQUEST},
		{"the same length twice", POST("Content-Length: 1\r\nContent-Length: 1\r\n", "a"),
		 BAD_REQUEST},
		{"a list of lengths", SIZED("1, 1", "a"), BAD_REQUEST},
		{"a signed length", SIZED("+1", "a"), BAD_REQUEST},
		{"a negative length", SIZED("-1", "a"), BAD_REQUEST},
		{"a hexadecimal length", SIZED("0x1", "a"), BAD_REQUEST},
		{"a length with a fraction", SIZED("1.0", "a"), BAD_REQUEST},
		{"no length", SIZED("", ""), BAD_REQUEST},
		{"a space in the name", POST("Content-Length : 1\r\n", "a"), BAD_REQUEST},
		{"a folded length", POST("Content-Length:\r\n 1\r\n", "a"), BAD_REQUEST},
		{"coding in 1.0",
		 "POST /upload HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		 BAD_REQUEST},
		{"chunked twice", POST("Transfer-Encoding: chunked, chunked\r\n", ""), BAD_REQUEST},
		{"two codings' fields",
		 POST("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", ""),
		 BAD_REQUEST},
		{"chunked not last", POST("Transfer-Encoding: chunked, gzip\r\n", ""), BAD_REQUEST},
		{"not chunked", POST("Transfer-Encoding: identity\r\n", ""), BAD_REQUEST},
		{"no coding", POST("Transfer-Encoding:\r\n", ""), BAD_REQUEST},
		{"a coding that looks alike", POST("Transfer-Encoding: xchunked\r\n", ""),
		 BAD_REQUEST},
		{"a coding in quotes", POST("Transfer-Encoding: \"chunked\"\r\n", ""), BAD_REQUEST},
		{"another coding below", POST("Transfer-Encoding: gzip, chunked\r\n", ""),
		 ERROR("501 Not Implemented", "20", CLOSE)},
		{"a size that is no number", CHUNKED("x\r\n"), BAD_REQUEST},
		{"no size", CHUNKED("\r\n"), BAD_REQUEST},
		{"a signed size", CHUNKED("-1\r\n"), BAD_REQUEST},
		{"a size with a prefix", CHUNKED("0x1\r\n"), BAD_REQUEST},
		{"a size in two parts", CHUNKED("1 1\r\n"), BAD_REQUEST},
		{"a space after the size", CHUNKED("1 \r\n"), BAD_REQUEST},
		{"a size that overflows", CHUNKED("10000000000000001\r\n"), BAD_REQUEST},
		{"a line feed alone after the size", CHUNKED("1\na\r\n"), BAD_REQUEST},
		{"a line feed alone in an extension", CHUNKED("1;x\na\r\n"), BAD_REQUEST},
		{"a trailer with a line feed alone", CHUNKED("0\r\nX: y\n\r\n"), BAD_REQUEST},
		{"a control character in a trailer", CHUNKED("0\r\nX: \x01\r\n\r\n"), BAD_REQUEST},
		{"a carriage return alone at the end", CHUNKED("0\r\n\rX"), BAD_REQUEST},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

/* What follows the data of a chunk is wrong: the route has seen a part and is told. */
static void broken_chunks_are_reported(void **state)
{
	static const char *const bodies[] = {"1\r\nab", "1\r\na\n", "1\r\na\rb", "1\r\na\r\nz",
					     "1\r\na\r\n100001\r\n"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		rig_start(NULL, 0);
		rig_open(&rig.flow);
		rig_send(CHUNKED(""));
		rig_send(bodies[i]);
		if (i == ARRAY_SIZE(bodies) - 1) {
			static char data[0x100000];
			flow_fake_feed(&rig.flow, data, sizeof(data));
			rig_run(&rig.flow);
		}
		rig_expect(i == ARRAY_SIZE(bodies) - 1 ? TOO_LARGE : BAD_REQUEST);
		assert_int_equal(rig.gone_calls, 1);
		assert_int_equal(rig.body_calls, 1);
		assert_int_equal(rig.bodies_ended, 0);
		flow_fake_eof(&rig.flow);
		rig_run(&rig.flow);
		flow_fake_fini(&rig.flow);
		rig_stop();
	}
}

static void endless_extensions_end(void **state)
{
	static const char *const parts[] = {";xxxxxxx", "00000000", "        "};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		rig_start(NULL, 0);
		rig_open(&rig.flow);
		rig_send(CHUNKED("0"));
		for (unsigned n = 0; n < 510; n++)
			rig_send(parts[i]);
		rig_expect("");
		for (unsigned n = 0; n < 10; n++)
			rig_send(parts[i]);
		rig_expect(BAD_REQUEST);
		flow_fake_eof(&rig.flow);
		rig_run(&rig.flow);
		flow_fake_fini(&rig.flow);
		rig_stop();
	}
}

static void expectation_of_100(void **state)
{
#define EXPECT POST("Content-Length: 2\r\nExpect: 100-Continue\r\n", "")
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	(void)state;
	rig_start(NULL, 0);
	for (size_t room = 1; room <= sizeof(go_on); room++) {
		rig_open(&rig.flow);
		rig.flow.room = 0;
		rig_send(EXPECT);
		while (rig.flow.short_write) {
			flow_fake_room(&rig.flow, room);
			rig_run(&rig.flow);
		}
		rig_expect(go_on);
		flow_fake_room(&rig.flow, SIZE_MAX);
		rig_send("ab");
		rig_expect(SHOWN("4", "[ab]"));
		flow_fake_eof(&rig.flow);
		rig_run(&rig.flow);
		flow_fake_fini(&rig.flow);
	}
	rig_stop();

	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send(EXPECT "ab"); /* it did not wait: nothing to say */
	rig_expect(SHOWN("4", "[ab]"));
	rig_send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
	rig_expect(ERROR("405 Method Not Allowed", "23", "Allow: GET, HEAD, OPTIONS\r\n" CLOSE));
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	flow_fake_fini(&rig.flow);

	rig_open(&rig.flow); /* in 1.0 it is ignored */
	rig_send("POST /upload HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
	rig_expect("");
	rig_send("ab");
	rig_expect("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n[ab]");
	assert_true(rig.flow.closed);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void upload_that_ends_early(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send(SIZED("5", "ab"));
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	rig_expect(BAD_REQUEST);
	assert_true(rig.flow.closed);
	assert_int_equal(rig.gone_calls, 1);
	assert_int_equal(rig.handler_calls, 0);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* A route that has no room yet. */
static void a_body_that_has_to_wait(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig.body_slow = true;
	rig_exchange("sized", SIZED("5", "abcde") GET("/"), SHOWN("7", "[abcde]") INDEX_RESPONSE);
	rig_exchange("chunked", CHUNKED("3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n") GET("/"),
		     SHOWN("7", "[abcde]") INDEX_RESPONSE);
	rig_exchange("no chunk", CHUNKED("0\r\n\r\n"), SHOWN("2", "[]"));
	assert_int_equal(rig.gone_calls, 0);
	rig_stop();
}

static void begin_stuck(const char *request)
{
	rig_start(NULL, 0);
	rig.body_slow = rig.body_stuck = true;
	rig_open(&rig.flow);
	rig_send(request);
	assert_int_equal(rig.body_calls, 1);
}

/* It is not asked again because more has come, nor has it longer. */
static void a_body_that_waits_has_its_time(void **state)
{
	static const char *const requests[] = {SIZED("9", "ab"), CHUNKED("5\r\nab")};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(requests); i++) {
		begin_stuck(requests[i]);
		for (unsigned second = 1; second < 30; second++) {
			rig_wait(SECOND);
			if (second % 10 == 0)
				rig_send("x");
		}
		rig_expect("");
		assert_int_equal(rig.body_calls, 1);
		rig_wait(SECOND);
		rig_expect(ERROR("503 Service Unavailable", "24", CLOSE));
		assert_int_equal(rig.gone_calls, 1);
		assert_int_equal(http_stats(rig.http)->timeouts, 1);
		flow_fake_eof(&rig.flow);
		rig_run(&rig.flow);
		flow_fake_fini(&rig.flow);
		rig_stop();
	}
}

/* The route knows the connection by then, even if it has taken nothing yet. */
static void a_peer_leaves_while_its_body_waits(void **state)
{
	(void)state;
	for (unsigned after = 0; after < 2; after++) {
		begin_stuck(SIZED("5", "ab"));
		if (after != 0) {
			http_wake(rig.pending);
			rig_run(&rig.flow);
			rig_send("c");
			assert_int_equal(rig.body_calls, 3);
		}
		flow_fake_reset(&rig.flow);
		rig_run(&rig.flow);
		assert_int_equal(rig.gone_calls, 1);
		assert_null(rig.pending);
		assert_int_equal(rig.handler_calls, 0);
		assert_int_equal(rig.bodies_ended, 0);
		flow_fake_fini(&rig.flow);
		rig_stop();
	}
}

/* --- responses ------------------------------------------------------------------------------- */

#define STREAM_HEADER                                                                              \
	"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"            \
	"ETag: \"00000000000000b1\"\r\nCache-Control: no-store\r\n\r\n"

static void sources(void **state)
{
	static const char text[] = "abcdefghijklmnopqrstuvwxyz";
	(void)state;
	for (unsigned slow = 0; slow < 2; slow++) {
		rig_start(NULL, 0);
		rig.stream_slow = slow != 0;
		rig.stream = text;
		rig.run_bytes = 20;
		rig_exchange("unknown length", GET("/stream"),
			     STREAM_HEADER
			     "14\r\nabcdefghijklmnopqrst\r\n6\r\nuvwxyz\r\n0\r\n\r\n");
		rig_exchange("known length", GET("/sized"),
			     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n"
			     "ETag: \"00000000000000b1\"\r\nAccept-Ranges: bytes\r\n"
			     "Cache-Control: no-store\r\n\r\nabcdefghijklmnopqrstuvwxyz");
		rig_exchange("unknown length for a peer of 1.0",
			     "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
			     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
			     "ETag: \"00000000000000b1\"\r\nCache-Control: no-store\r\n"
			     "Connection: close\r\n\r\nabcdefghijklmnopqrstuvwxyz");
		rig_exchange("HEAD", "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n", STREAM_HEADER);
		rig_exchange("a body with an owner", GET("/owned"),
			     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
			     "Content-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz");
		rig.stream = "";
		rig_exchange("nothing, and the next", GET("/stream") GET("/"),
			     STREAM_HEADER "0\r\n\r\n" INDEX_RESPONSE);
		assert_true(rig.sources_done > 0);
		assert_null(rig.streaming);
		rig_stop();
	}
}

/* A source that has said ERR_AGAIN is left alone, whatever else happens. */
static void a_slow_source_is_asked_when_it_wakes(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig.stream = "abc";
	rig.stream_slow = true;
	rig_open(&rig.flow);
	flow_fake_feed(&rig.flow, GET("/stream"), strlen(GET("/stream")));
	flow_fake_poll(&rig.flow, rig.now_us);
	for (unsigned i = 0; i < 3; i++) {
		rig.flow.short_write = true;
		flow_fake_poll(&rig.flow, rig.now_us);
		http_poll(rig.http, rig.now_us);
	}
	assert_int_equal(rig.stream_calls, 1);
	rig_run(&rig.flow);
	rig_expect(STREAM_HEADER "3\r\nabc\r\n0\r\n\r\n");
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* All is written, but the next request waits until the source has back what it lent. */
static void a_source_says_when_a_known_length_is_over(void **state)
{
	static const char requests[] = GET("/sized") GET("/nothing");

	(void)state;
	rig_start(NULL, 0);
	rig.stream = "abc";
	rig.stream_end = ERR_AGAIN;
	rig_open(&rig.flow);
	flow_fake_feed(&rig.flow, requests, sizeof(requests) - 1);
	for (unsigned i = 0; i < 3; i++) {
		flow_fake_poll(&rig.flow, rig.now_us);
		http_poll(rig.http, rig.now_us);
		assert_memory_equal(rig.flow.out + rig.flow.out_bytes - 3, "abc", 3);
		assert_int_equal(rig.sources_done, 0);
	}
	assert_int_equal(http_stats(rig.http)->requests, 1);
	rig.stream_end = ERR_EOF;
	http_wake(rig.streaming);
	http_poll(rig.http, rig.now_us);
	assert_int_equal(rig.sources_done, 1);
	assert_int_equal(http_stats(rig.http)->requests, 2);

	/* It has no more time than for anything else. */
	rig.stream_end = ERR_AGAIN;
	flow_fake_feed(&rig.flow, GET("/sized"), strlen(GET("/sized")));
	flow_fake_poll(&rig.flow, rig.now_us);
	rig.now_us += http_config_default.body_timeout_us;
	http_poll(rig.http, rig.now_us);
	assert_true(rig.flow.aborted);
	assert_int_equal(rig.sources_done, 2);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* A source that fails, or ends before the length that was promised: the peer must notice. */
static void broken_sources_break_the_connection(void **state)
{
	(void)state;
	for (unsigned known = 0; known < 2; known++) {
		rig_start(NULL, 0);
		rig.stream = "abc";
		rig.stream_end = ERR_IO;
		rig_open(&rig.flow);
		if (known != 0) {
			rig.flow.room = 0;
			rig_send(GET("/sized"));
			rig.stream = ""; /* it has become shorter */
			rig.stream_end = ERR_EOF;
			flow_fake_room(&rig.flow, SIZE_MAX);
			rig_run(&rig.flow);
		} else {
			rig_send(GET("/stream"));
		}
		assert_true(rig.flow.aborted);
		assert_int_equal(rig.sources_done, 1);
		assert_int_equal(http_stats(rig.http)->aborted, 1);
		flow_fake_fini(&rig.flow);
		rig_stop();
	}
}

static void large_body_is_not_copied(void **state)
{
	static char text[100001];
	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	rig_start(NULL, 0);
	rig.stream = text;
	rig_open(&rig.flow);
	rig.flow.room = 1000;
	rig_send(GET("/owned"));
	assert_int_equal(rig.owner.count, 3); /* its own, the response's, the flow's */
	for (unsigned i = 0; i < 98; i++) {
		flow_fake_room(&rig.flow, 1000);
		rig_run(&rig.flow);
		flow_fake_ack(&rig.flow);
	}
	assert_int_equal(rig.owner.count, 2);
	flow_fake_room(&rig.flow, SIZE_MAX);
	rig_run(&rig.flow);
	assert_int_equal(rig.owner.count, 2); /* its own, the flow's last */
	flow_fake_ack(&rig.flow);
	assert_int_equal(rig.owner.count, 1);
	assert_true(rig.flow.out_bytes > 100000 && rig.flow.out_bytes < 100200);
	assert_int_equal(http_stats(rig.http)->bytes_out, rig.flow.out_bytes);
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

int http_body_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uploads),
		cmocka_unit_test(smuggling),
		cmocka_unit_test(broken_chunks_are_reported),
		cmocka_unit_test(endless_extensions_end),
		cmocka_unit_test(expectation_of_100),
		cmocka_unit_test(upload_that_ends_early),
		cmocka_unit_test(a_body_that_has_to_wait),
		cmocka_unit_test(a_body_that_waits_has_its_time),
		cmocka_unit_test(a_peer_leaves_while_its_body_waits),
		cmocka_unit_test(sources),
		cmocka_unit_test(a_slow_source_is_asked_when_it_wakes),
		cmocka_unit_test(a_source_says_when_a_known_length_is_over),
		cmocka_unit_test(broken_sources_break_the_connection),
		cmocka_unit_test(large_body_is_not_copied),
	};
	return cmocka_run_group_tests_name("bodies", tests, NULL, NULL);
}
