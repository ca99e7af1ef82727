/* SPDX-License-Identifier: ISC */
/* Content codings (RFC 9110 section 12.5.3), and fields that a handler adds. */
#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

#define GET(path, lines)  "GET " path " HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
#define HEAD(path, lines) "HEAD " path " HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
#define ACCEPT(value)     "Accept-Encoding: " value "\r\n"
#define VARY              "Vary: Accept-Encoding\r\n"
#define LONG_ETAG         "\"00000000000000c1\""
#define SHORT_ETAG        "\"00000000000000c2\""
#define LONG                                                                                       \
	"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n"       \
	"ETag: " LONG_ETAG "\r\nAccept-Ranges: bytes\r\n" VARY "\r\nlong"
#define SHORT_HEADER(status, length)                                                               \
	"HTTP/1.1 " status "\r\nContent-Type: text/html; charset=utf-8\r\n"                        \
	"Content-Encoding: gzip\r\nContent-Length: " length "\r\nETag: " SHORT_ETAG                \
	"\r\nAccept-Ranges: bytes\r\n"
#define SHORT SHORT_HEADER("200 OK", "5") VARY "\r\nshort"
#define PLAIN                                                                                      \
	"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n"      \
	"ETag: \"00000000000000c3\"\r\nAccept-Ranges: bytes\r\n\r\nplain"

static void exchanges(void **state)
{
	static const struct {
		const char *name, *request, *response;
	} table[] = {
		{"gzip", GET("/gz/index.html", ACCEPT("gzip")), SHORT},
		{"the index", GET("/gz/", ACCEPT("gzip, deflate, br")), SHORT},
		{"not asked for", GET("/gz/index.html", ""), LONG},
		{"HEAD", HEAD("/gz/", ACCEPT("gzip")), SHORT_HEADER("200 OK", "5") VARY "\r\n"},
		{"there is none", GET("/gz/plain.txt", ACCEPT("gzip")), PLAIN},
		{"a range of the bytes that are sent",
		 GET("/gz/", ACCEPT("gzip") "Range: bytes=1-2\r\n"),
		 SHORT_HEADER("206 Partial Content", "2") "Content-Range: bytes 1-2/5\r\n" VARY
							  "\r\nho"},
		{"an error is not compressed", GET("/gz/", ACCEPT("gzip") "Range: bytes=5-\r\n"),
		 "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Type: text/plain; charset=utf-8\r\n"
		 "Content-Length: 26\r\nContent-Range: bytes */5\r\n" VARY
		 "\r\n416 Range Not Satisfiable\n"},
		{"not modified", GET("/gz/", ACCEPT("gzip") "If-None-Match: " SHORT_ETAG "\r\n"),
		 "HTTP/1.1 304 Not Modified\r\nETag: " SHORT_ETAG "\r\n" VARY "\r\n"},
		{"the other's tag", GET("/gz/", ACCEPT("gzip") "If-None-Match: " LONG_ETAG "\r\n"),
		 SHORT},
		{"nothing is acceptable", GET("/gz/", ACCEPT("br, *;q=0")),
		 ERROR("406 Not Acceptable", "19", VARY)},
		{"nothing is acceptable, and no choice",
		 GET("/gz/plain.txt", ACCEPT("gzip, identity;q=0")),
		 ERROR("406 Not Acceptable", "19", "")},
		{"missing", GET("/gz/x", ACCEPT("gzip")), ERROR("404 Not Found", "14", "")},
		{"the compressed file itself", GET("/gz/index.html.gz", ""),
		 "HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\nContent-Length: 5\r\n"
		 "ETag: " SHORT_ETAG "\r\nAccept-Ranges: bytes\r\n\r\nshort"},
		{"another handler does not negotiate", GET("/", ACCEPT("gzip")), INDEX_RESPONSE},
		{"fields of a handler", GET("/closed", "") GET("/", ""),
		 ERROR("401 Unauthorized", "17", "WWW-Authenticate: Basic\r\nVary: *\r\n")
			 INDEX_RESPONSE},
	};
	(void)state;
	rig_start(NULL, 0);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		rig_exchange(table[i].name, table[i].request, table[i].response);
	rig_stop();
}

static enum http_coding choose(const char *fields, bool has_gzip)
{
	char text[256];
	struct http_head head;
	uint16_t bytes;
	int len = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: x\r\n%s\r\n", fields);
	assert_true(len > 0 && (size_t)len < sizeof(text));
	assert_int_equal(http_parse_head(&head, text, (size_t)len, &bytes), 0);
	return http_choose_coding(
		&head, (struct http_text){text + head.fields_at, (size_t)len - head.fields_at},
		has_gzip);
}

static void choices(void **state)
{
	static const struct {
		const char *fields;
		enum http_coding with_gzip, without;
	} table[] = {
		{"", HTTP_IDENTITY, HTTP_IDENTITY},
		{"Accept: gzip\r\n", HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT(""), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("br"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("GZIP"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("x-gzip"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("*"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("*;q=0.001"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0.000, *"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip ; Q=0.001"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("gzip;q=1.000, identity;q=0.5"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0.5, identity;q=0.5"), HTTP_GZIP, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0.5, identity"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0.1, identity;q=0"), HTTP_GZIP, HTTP_CODING_NONE},
		{ACCEPT("gzip;q=0.1, *;q=0"), HTTP_GZIP, HTTP_CODING_NONE},
		{ACCEPT("*;q=0"), HTTP_CODING_NONE, HTTP_CODING_NONE},
		{ACCEPT("*;q=0, identity;q=0.1"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("identity;q=0"), HTTP_CODING_NONE, HTTP_CODING_NONE},
		{ACCEPT("br") ACCEPT("gzip"), HTTP_GZIP, HTTP_IDENTITY},
		{"accept-encoding: gzip\r\n", HTTP_GZIP, HTTP_IDENTITY},
		/* Malformed items say nothing. */
		{ACCEPT("gzip;q"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q="), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=2"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=1.001"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0.0001"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=0x1"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;q=-1"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzip;level=9"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT("gzipped"), HTTP_IDENTITY, HTTP_IDENTITY},
		{ACCEPT(";q=0, identity;q=0.x"), HTTP_IDENTITY, HTTP_IDENTITY},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (choose(table[i].fields, true) != table[i].with_gzip ||
		    choose(table[i].fields, false) != table[i].without)
			fail_msg("%s", table[i].fields);
	}
}

int http_gzip_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges),
		cmocka_unit_test(choices),
	};
	return cmocka_run_group_tests_name("content codings", tests, NULL, NULL);
}
