/* SPDX-License-Identifier: ISC */
/* Conditional requests and ranges: RFC 9110 sections 13 and 14. */
#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

#define GET(lines)   "GET / HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
#define HEAD(lines)  "HEAD / HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
#define NOT_MODIFIED "HTTP/1.1 304 Not Modified\r\nETag: " INDEX_ETAG "\r\n\r\n"
#define FAILED       ERROR("412 Precondition Failed", "24", "")
#define PART(length, range, bytes)                                                                 \
	"HTTP/1.1 206 Partial Content\r\nContent-Type: text/html; charset=utf-8\r\n"               \
	"Content-Length: " length "\r\nETag: " INDEX_ETAG "\r\nAccept-Ranges: bytes\r\n"           \
	"Content-Range: bytes " range "/14\r\n\r\n" bytes
#define UNSATISFIABLE                                                                              \
	"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Type: text/plain; charset=utf-8\r\n"        \
	"Content-Length: 26\r\nContent-Range: bytes */14\r\n\r\n416 Range Not Satisfiable\n"

struct exchange {
	const char *name, *request, *response;
};

static void run_all(const struct exchange *table, size_t n)
{
	rig_start(NULL, 0);
	for (size_t i = 0; i < n; i++)
		rig_exchange(table[i].name, table[i].request, table[i].response);
	rig_stop();
}

static void if_none_match(void **state)
{
	static const struct exchange table[] = {
		{"our tag", GET("If-None-Match: " INDEX_ETAG "\r\n"), NOT_MODIFIED},
		{"HEAD", HEAD("If-None-Match: " INDEX_ETAG "\r\n"), NOT_MODIFIED},
		{"marked weak", GET("If-None-Match: W/" INDEX_ETAG "\r\n"), NOT_MODIFIED},
		{"in a list", GET("If-None-Match: \"x\", ,W/\"y,z\" ," INDEX_ETAG " , \"q\"\r\n"),
		 NOT_MODIFIED},
		{"in a second field",
		 GET("If-None-Match: \"x\"\r\nIf-None-Match: " INDEX_ETAG "\r\n"), NOT_MODIFIED},
		{"any", GET("If-None-Match: *\r\n"), NOT_MODIFIED},
		{"another tag", GET("If-None-Match: \"00000000000000a2\"\r\n"), INDEX_RESPONSE},
		{"the tag without its quotes", GET("If-None-Match: 00000000000000a1\r\n"),
		 INDEX_RESPONSE},
		{"an empty list", GET("If-None-Match:\r\n"), INDEX_RESPONSE},
		{"it wins over If-Modified-Since",
		 GET("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		     "If-None-Match: " INDEX_ETAG "\r\n"),
		 NOT_MODIFIED},
		{"it wins over Range", GET("Range: bytes=0-1\r\nIf-None-Match: " INDEX_ETAG "\r\n"),
		 NOT_MODIFIED},
		{"what was not found stays so",
		 "GET /x HTTP/1.1\r\nHost: example\r\nIf-None-Match: *\r\n\r\n",
		 ERROR("404 Not Found", "14", "")},
		{"a response without a tag is not compared",
		 "GET /show/ HTTP/1.1\r\nHost: example\r\nIf-None-Match: *\r\nRange: bytes=0-1\r\n\r\n",
		 "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n/show/|"},
		{"the connection goes on after 304", GET("If-None-Match: *\r\n") GET(""),
		 NOT_MODIFIED INDEX_RESPONSE},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void if_match(void **state)
{
	static const struct exchange table[] = {
		{"our tag", GET("If-Match: \"x\", " INDEX_ETAG "\r\n"), INDEX_RESPONSE},
		{"any", GET("If-Match: *\r\n"), INDEX_RESPONSE},
		{"another tag", GET("If-Match: \"x\"\r\n"), FAILED},
		{"a weak tag never matches", GET("If-Match: W/" INDEX_ETAG "\r\n"), FAILED},
		{"it comes before If-None-Match", GET("If-None-Match: *\r\nIf-Match: \"x\"\r\n"),
		 FAILED},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void ranges(void **state)
{
	static const struct exchange table[] = {
		{"first and last", GET("Range: bytes=1-4\r\n"), PART("4", "1-4", "ello")},
		{"one byte", GET("Range: bytes=0-0\r\n"), PART("1", "0-0", "H")},
		{"open end", GET("Range: bytes=7-\r\n"), PART("7", "7-13", "world!\n")},
		{"beyond the end", GET("Range: bytes=7-99999999999999999999\r\n"),
		 PART("7", "7-13", "world!\n")},
		{"suffix", GET("Range: bytes=-2\r\n"), PART("2", "12-13", "!\n")},
		{"a suffix of more than all", GET("Range: bytes=-99\r\n"),
		 PART("14", "0-13", INDEX_BODY)},
		{"all of it", GET("Range: BYTES=0-\r\n"), PART("14", "0-13", INDEX_BODY)},
		{"from behind the end", GET("Range: bytes=14-\r\n"), UNSATISFIABLE},
		{"a number that overflows", GET("Range: bytes=18446744073709551616-\r\n"),
		 UNSATISFIABLE},
		{"an empty suffix", GET("Range: bytes=-0\r\n"), UNSATISFIABLE},
		{"backwards", GET("Range: bytes=4-1\r\n"), INDEX_RESPONSE},
		{"several", GET("Range: bytes=0-1,4-5\r\n"), INDEX_RESPONSE},
		{"two fields", GET("Range: bytes=0-1\r\nRange: bytes=0-1\r\n"), INDEX_RESPONSE},
		{"another unit", GET("Range: lines=0-1\r\n"), INDEX_RESPONSE},
		{"no unit", GET("Range: 0-1\r\n"), INDEX_RESPONSE},
		{"no number", GET("Range: bytes=-\r\n"), INDEX_RESPONSE},
		{"nothing", GET("Range: bytes=\r\n"), INDEX_RESPONSE},
		{"rubbish", GET("Range: bytes=1-4x\r\n"), INDEX_RESPONSE},
		{"hexadecimal", GET("Range: bytes=0x1-4\r\n"), INDEX_RESPONSE},
		{"HEAD has no ranges", HEAD("Range: bytes=1-4\r\n"), INDEX_HEADER "\r\n"},
		{"If-Range with our tag", GET("Range: bytes=1-4\r\nIf-Range: " INDEX_ETAG "\r\n"),
		 PART("4", "1-4", "ello")},
		{"If-Range with another tag", GET("If-Range: \"x\"\r\nRange: bytes=1-4\r\n"),
		 INDEX_RESPONSE},
		{"If-Range with a weak tag",
		 GET("If-Range: W/" INDEX_ETAG "\r\nRange: bytes=1-4\r\n"), INDEX_RESPONSE},
		{"If-Range with a date",
		 GET("If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\nRange: bytes=1-4\r\n"),
		 INDEX_RESPONSE},
		{"the connection goes on", GET("Range: bytes=99-\r\n") GET("Range: bytes=-1\r\n"),
		 UNSATISFIABLE PART("1", "13-13", "\n")},
		{"of an empty file",
		 "GET /empty.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=-1\r\n\r\n",
		 "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 0\r\n"
		 "ETag: \"00000000000000a5\"\r\nAccept-Ranges: bytes\r\n\r\n"},
	};
	(void)state;
	run_all(table, ARRAY_SIZE(table));
}

static void ranges_of_sources(void **state)
{
#define SIZED(lines) "GET /sized HTTP/1.1\r\nHost: example\r\n" lines "\r\n"
	(void)state;
	rig_start(NULL, 0);
	rig.stream = "0123456789";
	rig.run_bytes = 3;
	rig_exchange("a source begins where the range does", SIZED("Range: bytes=4-8\r\n"),
		     "HTTP/1.1 206 Partial Content\r\nContent-Type: text/plain\r\n"
		     "Content-Length: 5\r\nETag: \"00000000000000b1\"\r\nAccept-Ranges: bytes\r\n"
		     "Content-Range: bytes 4-8/10\r\nCache-Control: no-store\r\n\r\n45678");
	unsigned done = rig.sources_done;
	rig_exchange("a source that is not asked is told so", SIZED("Range: bytes=10-\r\n"),
		     "HTTP/1.1 416 Range Not Satisfiable\r\n"
		     "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 26\r\n"
		     "Content-Range: bytes */10\r\n\r\n416 Range Not Satisfiable\n");
	assert_true(rig.sources_done > done);
	rig_exchange("there are no ranges of unknown length",
		     "GET /stream HTTP/1.1\r\nHost: example\r\nRange: bytes=0-1\r\n\r\n",
		     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
		     "Transfer-Encoding: chunked\r\nETag: \"00000000000000b1\"\r\n"
		     "Cache-Control: no-store\r\n\r\n"
		     "3\r\n012\r\n3\r\n345\r\n3\r\n678\r\n1\r\n9\r\n0\r\n\r\n");
	rig_exchange("not modified", SIZED("If-None-Match: \"00000000000000b1\"\r\n"),
		     "HTTP/1.1 304 Not Modified\r\nETag: \"00000000000000b1\"\r\n"
		     "Cache-Control: no-store\r\n\r\n");
	rig_stop();
}

int http_conditional_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(if_none_match),
		cmocka_unit_test(if_match),
		cmocka_unit_test(ranges),
		cmocka_unit_test(ranges_of_sources),
	};
	return cmocka_run_group_tests_name("conditions and ranges", tests, NULL, NULL);
}
