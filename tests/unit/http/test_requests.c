/* SPDX-License-Identifier: ISC */
/* Rules of RFC 9112 and RFC 9110 for a request's header: one line of a table a rule. */
#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

struct exchange {
	const char *name, *request, *response;
};

#define HOST                "Host: example\r\n"
#define GET_INDEX           "GET / HTTP/1.1\r\n" HOST "\r\n"
#define SHOWN(length, text) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" text
#define NOT_FOUND           ERROR("404 Not Found", "14", "")
#define ALLOW               "Allow: GET, HEAD, OPTIONS\r\n"
#define ALLOW_POST          "Allow: GET, HEAD, OPTIONS, POST\r\n"

static void run_all(const struct exchange *table, size_t n)
{
	rig_start(NULL, 0);
	for (size_t i = 0; i < n; i++)
		rig_exchange(table[i].name, table[i].request, table[i].response);
	rig_stop();
}

static void request_lines(void **state)
{
	static const struct exchange table[] = {
		{"GET", GET_INDEX, INDEX_RESPONSE},
		{"HEAD has the header alone", "HEAD / HTTP/1.1\r\n" HOST "\r\n",
		 INDEX_HEADER "\r\n"},
		{"empty lines before a request are skipped", "\r\n\r\n" GET_INDEX, INDEX_RESPONSE},
		{"but not any number", "\r\n\r\n\r\n\r\n\r\n\r\n" GET_INDEX, BAD_REQUEST},
		{"a later minor version is 1.1", "GET / HTTP/1.7\r\n" HOST "\r\n", INDEX_RESPONSE},
		{"version 2.0", "GET / HTTP/2.0\r\n" HOST "\r\n",
		 ERROR("505 HTTP Version Not Supported", "31", CLOSE)},
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		 ERROR("505 HTTP Version Not Supported", "31", CLOSE)},
		{"no version (HTTP/0.9)", "GET /\r\n\r\n", BAD_REQUEST},
		{"version in lower case", "GET / http/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"version of two digits", "GET / HTTP/1.10\r\n" HOST "\r\n", BAD_REQUEST},
		{"version without minor", "GET / HTTP/1\r\n" HOST "\r\n", BAD_REQUEST},
		{"two spaces", "GET  / HTTP/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"a space at the end", "GET / HTTP/1.1 \r\n" HOST "\r\n", BAD_REQUEST},
		{"a space at the beginning", " GET / HTTP/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"a tab for a space", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"a method that is no token", "G@T / HTTP/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"an unknown method", "BREW / HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("501 Not Implemented", "20", CLOSE)},
		{"methods are case-sensitive", "get / HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("501 Not Implemented", "20", CLOSE)},
		{"a method that no route has", "DELETE / HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("405 Method Not Allowed", "23", ALLOW)},
		{"a method that this route has not", "POST / HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("405 Method Not Allowed", "23", ALLOW)},
		{"PUT where POST is allowed", "PUT /upload HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("405 Method Not Allowed", "23", ALLOW_POST)},
		{"CONNECT", "CONNECT example:443 HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("405 Method Not Allowed", "23", ALLOW)},
		{"OPTIONS of a resource", "OPTIONS /upload HTTP/1.1\r\n" HOST "\r\n",
		 "HTTP/1.1 204 No Content\r\n" ALLOW_POST "\r\n"},
		{"OPTIONS of the server", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
		 "HTTP/1.1 204 No Content\r\n" ALLOW "\r\n"},
		{"* is for OPTIONS alone", "GET * HTTP/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"a lone line feed", "GET / HTTP/1.1\nHost: example\n\n", BAD_REQUEST},
		{"a lone carriage return", "GET / HTTP/1.1\rHost: example\r\n\r\n", BAD_REQUEST},
		{"a control character", "GET /\1 HTTP/1.1\r\n" HOST "\r\n", BAD_REQUEST},
		{"a TLS client", "\x16\x03\x01\x02", BAD_REQUEST},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void half_a_request_is_answered_at_its_end(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send("GET / HTTP/1.1\r\nHo");
	rig_expect("");
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	rig_expect(BAD_REQUEST);
	assert_true(rig.flow.closed);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void targets(void **state)
{
#define SHOW(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"
	static const struct exchange table[] = {
		{"path and query", SHOW("/show/a?b=c?d"), SHOWN("13", "/show/a|b=c?d")},
		{"escapes are decoded once", SHOW("/show/%41%2562"), SHOWN("11", "/show/A%62|")},
		{"a query is left as it is", SHOW("/show/?%41/../x"),
		 SHOWN("15", "/show/|%41/../x")},
		{"absolute form", SHOW("http://other:80/show/x?y"), SHOWN("9", "/show/x|y")},
		{"absolute form without a path", SHOW("HTTP://other"), INDEX_RESPONSE},
		{"its host with an escape", SHOW("http://o%74her"), INDEX_RESPONSE},
		{"its host with no escape", SHOW("http://o%zz?x"), INDEX_RESPONSE},
		{"absolute form without a host", SHOW("http:///show/x"), BAD_REQUEST},
		{"absolute form with a user", SHOW("http://me@other/show/x"), BAD_REQUEST},
		{"another scheme", SHOW("ftp://other/show/x"), BAD_REQUEST},
		{"authority form", SHOW("other:80"), BAD_REQUEST},
		{"a relative path", SHOW("show/x"), BAD_REQUEST},
		{"a fragment", SHOW("/show/x#y"), BAD_REQUEST},
		{"bytes beyond ASCII", SHOW("/show/\xc3\xa4"), BAD_REQUEST},
		{"escaped, they are fine", SHOW("/show/%c3%a4"), SHOWN("9", "/show/\xc3\xa4|")},
		{"an escaped NUL", SHOW("/show/%00"), BAD_REQUEST},
		{"an escaped line feed", SHOW("/show/%0a"), BAD_REQUEST},
		{"an escaped DEL", SHOW("/show/%7f"), BAD_REQUEST},
		{"half an escape", SHOW("/show/%4"), BAD_REQUEST},
		{"no digit in an escape", SHOW("/show/%4g"), BAD_REQUEST},
		{"a lone percent sign", SHOW("/show/%"), BAD_REQUEST},
		{"dot segments", SHOW("/show/./a/../b"), SHOWN("8", "/show/b|")},
		{"dots at the end", SHOW("/show/a/.."), SHOWN("7", "/show/|")},
		{"a dot at the end", SHOW("/show/a/."), SHOWN("9", "/show/a/|")},
		{"dots that are escaped", SHOW("/show/a/%2e%2E/b"), SHOWN("8", "/show/b|")},
		{"a slash that is escaped", SHOW("/show/a%2f..%2fb"), SHOWN("8", "/show/b|")},
		{"above the root", SHOW("/../../../show/a"), SHOWN("8", "/show/a|")},
		{"dots that are names", SHOW("/show/.../..a/.b"), SHOWN("17", "/show/.../..a/.b|")},
		{"out of a route", SHOW("/show/../../etc/passwd"), NOT_FOUND},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void fields(void **state)
{
#define WITH(lines) "GET / HTTP/1.1\r\n" lines "\r\n"
	static const struct exchange table[] = {
		{"no Host", WITH(""), BAD_REQUEST},
		{"two Hosts", WITH(HOST HOST), BAD_REQUEST},
		{"an empty Host", WITH("Host:\r\n"), INDEX_RESPONSE},
		{"Host with a port", WITH("Host: [::1]:80\r\n"), INDEX_RESPONSE},
		{"Host with a space", WITH("Host: a b\r\n"), BAD_REQUEST},
		{"Host with a slash", WITH("Host: a/b\r\n"), BAD_REQUEST},
		{"names in any case, blanks around the value", WITH("hOST: \t example \t\r\n"),
		 INDEX_RESPONSE},
		{"a field nobody knows", WITH(HOST "X-Thing: \x80\xff, \"?\"\r\n"), INDEX_RESPONSE},
		{"a space before the colon", WITH("Host : example\r\n"), BAD_REQUEST},
		{"a folded line", WITH(HOST "X: a\r\n b\r\n"), BAD_REQUEST},
		{"a line folded by a tab", WITH(HOST "X: a\r\n\tb\r\n"), BAD_REQUEST},
		{"a line folded before all others", WITH(" X: a\r\n" HOST), BAD_REQUEST},
		{"no colon", WITH(HOST "X\r\n"), BAD_REQUEST},
		{"no name", WITH(HOST ": a\r\n"), BAD_REQUEST},
		{"a control character in a value", WITH(HOST "X: a\vb\r\n"), BAD_REQUEST},
		{"an expectation without a body", WITH(HOST "Expect: 100-continue\r\n"),
		 INDEX_RESPONSE},
		{"another expectation", WITH(HOST "Expect: a miracle\r\n"),
		 ERROR("417 Expectation Failed", "23", CLOSE)},
		{"If-Modified-Since is ignored",
		 WITH(HOST "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), INDEX_RESPONSE},
		{"If-Unmodified-Since is ignored",
		 WITH(HOST "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
		 INDEX_RESPONSE},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void persistence(void **state)
{
	static const struct exchange table[] = {
		{"1.1 stays open", GET_INDEX GET_INDEX, INDEX_RESPONSE INDEX_RESPONSE},
		{"unless asked", WITH(HOST "Connection: x, CLOSE\r\n") GET_INDEX,
		 INDEX_HEADER CLOSE "\r\n" INDEX_BODY},
		{"1.0 closes", "GET / HTTP/1.0\r\n\r\n" GET_INDEX,
		 INDEX_HEADER CLOSE "\r\n" INDEX_BODY},
		{"unless asked not to",
		 "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" GET_INDEX,
		 INDEX_HEADER "Connection: keep-alive\r\n\r\n" INDEX_BODY INDEX_RESPONSE},
		{"close wins", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n" GET_INDEX,
		 INDEX_HEADER CLOSE "\r\n" INDEX_BODY},
		{"1.0 with two Hosts", "GET / HTTP/1.0\r\n" HOST HOST "\r\n", BAD_REQUEST},
		{"not found is no reason to close", SHOW("/nothing") GET_INDEX,
		 NOT_FOUND INDEX_RESPONSE},
		{"nor is a handler's error", SHOW("/broken") GET_INDEX,
		 ERROR("500 Internal Server Error", "26", "") INDEX_RESPONSE},
		{"all methods in a row, in order",
		 "HEAD / HTTP/1.1\r\n" HOST "\r\n" GET_INDEX "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"
		 "PUT /upload HTTP/1.1\r\n" HOST "\r\n" GET_INDEX,
		 INDEX_HEADER "\r\n" INDEX_RESPONSE "HTTP/1.1 204 No Content\r\n" ALLOW
			      "\r\n" ERROR("405 Method Not Allowed", "23", ALLOW_POST)
				      INDEX_RESPONSE},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void store(void **state)
{
#define FILE_OK(type, length, etag, body)                                                          \
	"HTTP/1.1 200 OK\r\nContent-Type: " type "\r\nContent-Length: " length "\r\nETag: \"" etag \
	"\"\r\nAccept-Ranges: bytes\r\n\r\n" body
	static const struct exchange table[] = {
		{"a file", SHOW("/a.css"),
		 FILE_OK("text/css; charset=utf-8", "3", "00000000000000a2", "b{}")},
		{"a folder's index, by the next route that matches", SHOW("/docs/"),
		 FILE_OK("text/html; charset=utf-8", "4", "00000000000000a3", "docs")},
		{"a name with a space", SHOW("/a%20b.txt"),
		 FILE_OK("text/plain; charset=utf-8", "5", "00000000000000a4", "space")},
		{"an empty file", SHOW("/empty.bin"),
		 FILE_OK("application/octet-stream", "0", "00000000000000a5", "")},
		{"a name that begins like a route", SHOW("/upload.txt"),
		 FILE_OK("text/plain; charset=utf-8", "13", "00000000000000a6", "not the route")},
		{"a folder without its slash", SHOW("/docs"), NOT_FOUND},
		{"HEAD of what is not there", "HEAD /x HTTP/1.1\r\n" HOST "\r\n",
		 "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
		 "Content-Length: 14\r\n\r\n"},
		{"of two routes of the same path the second, if the first has it not",
		 SHOW("/twice"), "HTTP/1.1 418 \r\nContent-Length: 0\r\n\r\n"},
		{"a status without a name", SHOW("/teapot"),
		 "HTTP/1.1 418 \r\nContent-Length: 0\r\n\r\n"},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

/* A request with `n` fields of `value_bytes` each; returns what is answered. */
static void long_header(unsigned n, size_t value_bytes, const char *response)
{
	static char text[16384];
	size_t at = (size_t)sprintf(text, "GET / HTTP/1.1\r\n" HOST);
	for (unsigned i = 0; i < n; i++) {
		at += (size_t)sprintf(text + at, "X-%u: ", i);
		memset(text + at, 'v', value_bytes);
		at += value_bytes;
		at += (size_t)sprintf(text + at, "\r\n");
	}
	sprintf(text + at, "\r\n");
	for (size_t step = 1; step <= at + 2; step = step * 5 + 1) {
		rig_open(&rig.flow);
		flow_fake_feed_split(&rig.flow, text, at + 2, step);
		flow_fake_eof(&rig.flow);
		rig_run(&rig.flow);
		rig_expect(response);
		assert_true(rig.flow.closed);
		flow_fake_fini(&rig.flow);
	}
}

static void limits(void **state)
{
	const char *const too_large = ERROR("431 Request Header Fields Too Large", "36", CLOSE);
	static char target[8192];
	(void)state;
	rig_start(NULL, 0);
	long_header(HTTP_FIELDS_MAX - 1, 1, INDEX_RESPONSE);
	long_header(HTTP_FIELDS_MAX, 1, too_large);
	/* 16 + 15 + "X-0: " + CR LF CR LF are the other bytes. */
	long_header(1, HTTP_HEADER_BYTES_MAX - 40, INDEX_RESPONSE);
	long_header(1, HTTP_HEADER_BYTES_MAX - 39, too_large);
	long_header(2, HTTP_HEADER_BYTES_MAX, too_large);

	strcpy(target, "GET /");
	memset(target + 5, 'a', 5000);
	strcpy(target + 5005, " HTTP/1.1\r\n" HOST "\r\n");
	for (size_t step = 1; step < 6000; step = step * 7 + 1) {
		rig_open(&rig.flow);
		flow_fake_feed_split(&rig.flow, target, strlen(target), step);
		flow_fake_eof(&rig.flow);
		rig_run(&rig.flow);
		rig_expect(ERROR("414 URI Too Long", "17", CLOSE));
		flow_fake_fini(&rig.flow);
	}
	rig_stop();
}

static void a_date_when_the_time_is_known(void **state)
{
	(void)state;
	rig_start(NULL, 784111777); /* at 5 s */
	rig_open(&rig.flow);
	rig_send(SHOW("/show/"));
	rig_expect("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		   "Content-Length: 7\r\n\r\n/show/|");
	rig.now_us += 23 * SECOND;
	rig_send(SHOW("/show/"));
	rig_expect("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:50:00 GMT\r\n"
		   "Content-Length: 7\r\n\r\n/show/|");
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

#define DATED_INDEX(time)                                                                          \
	"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 " time " GMT\r\n"                               \
	"Content-Type: text/html; charset=utf-8\r\nContent-Length: 14\r\nETag: " INDEX_ETAG        \
	"\r\nAccept-Ranges: bytes\r\n\r\n" INDEX_BODY

/* A kept header is sent again, and stays as it is for those who have not got all of it. */
static void headers_are_kept_while_they_are_sent(void **state)
{
	static struct flow_fake others[3];
	(void)state;
	rig_start(&http_config_default, 784111777); /* at 5 s */
	rig_open(&rig.flow);
	rig_send("GET / HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
	rig_expect(DATED_INDEX("08:49:37") DATED_INDEX("08:49:37"));
	/* Nobody acknowledges: each second's header needs another place, of which there are two. */
	for (unsigned i = 0; i < ARRAY_SIZE(others); i++) {
		static const char *const wanted[] = {
			DATED_INDEX("08:49:38"), DATED_INDEX("08:49:39"), DATED_INDEX("08:49:40")};
		static const char request[] = "GET / HTTP/1.1\r\n" HOST "\r\n";
		rig.now_us += SECOND;
		rig_open(&others[i]);
		flow_fake_feed(&others[i], request, sizeof(request) - 1);
		rig_run(&others[i]);
		assert_int_equal(others[i].out_bytes, strlen(wanted[i]));
		assert_memory_equal(others[i].out, wanted[i], others[i].out_bytes);
		assert_int_equal(flow_fake_held(&others[i]), i < 1);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(others); i++) {
		flow_fake_eof(&others[i]);
		rig_run(&others[i]);
		flow_fake_fini(&others[i]);
	}
	flow_fake_ack(&rig.flow);
	rig_send("GET / HTTP/1.1\r\n" HOST "\r\n");
	rig_expect(DATED_INDEX("08:49:40"));
	assert_int_equal(flow_fake_held(&rig.flow), 1);
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* Routes of one path share its methods; what no route is for is told with all that they are for. */
static void routes_are_chosen_by_method_too(void **state)
{
#define ALLOW_ITEM "Allow: GET, HEAD, OPTIONS, PUT, DELETE, PATCH\r\n"
	static const struct exchange table[] = {
		{"the first route", "GET /item HTTP/1.1\r\n" HOST "\r\n",
		 "HTTP/1.1 418 \r\nContent-Length: 0\r\n\r\n"},
		{"the second, with a body",
		 "PUT /item HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab",
		 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[ab]"},
		{"the same, without one", "PATCH /item?x HTTP/1.1\r\n" HOST "\r\n",
		 "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n/item|x"},
		{"the third", "DELETE /item HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("401 Unauthorized", "17", "WWW-Authenticate: Basic\r\nVary: *\r\n")},
		{"a body that the third does not take",
		 "DELETE /item HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx",
		 ERROR("405 Method Not Allowed", "23", ALLOW_ITEM CLOSE)},
		{"what none is for", "POST /item HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("405 Method Not Allowed", "23", ALLOW_ITEM)},
		{"what they are for", "OPTIONS /item HTTP/1.1\r\n" HOST "\r\n",
		 "HTTP/1.1 204 No Content\r\n" ALLOW_ITEM "\r\n"},
		{"a shorter path does not step in", "GET /drop HTTP/1.1\r\n" HOST "\r\n",
		 ERROR("405 Method Not Allowed", "23", "Allow: OPTIONS, PUT\r\n")},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

int http_requests_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_lines),
		cmocka_unit_test(half_a_request_is_answered_at_its_end),
		cmocka_unit_test(targets),
		cmocka_unit_test(routes_are_chosen_by_method_too),
		cmocka_unit_test(fields),
		cmocka_unit_test(persistence),
		cmocka_unit_test(store),
		cmocka_unit_test(limits),
		cmocka_unit_test(a_date_when_the_time_is_known),
		cmocka_unit_test(headers_are_kept_while_they_are_sent),
	};
	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
