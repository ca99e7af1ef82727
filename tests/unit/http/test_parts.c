/* SPDX-License-Identifier: ISC */
/* The parts that are pure functions: dates, paths, the header's scanner. */
#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void check_date(uint64_t unix_s)
{
	char wanted[64], got[HTTP_DATE_CHARS + 1] = "";
	time_t t = (time_t)unix_s;
	struct tm tm;
	assert_non_null(gmtime_r(&t, &tm));
	strftime(wanted, sizeof(wanted), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	http_format_date(unix_s, got);
	assert_string_equal(got, wanted);
}

static void check_parsed(const char *text, uint64_t wanted)
{
	uint64_t got = 0;

	if (!http_parse_date((struct http_text){text, strlen(text)}, &got) || got != wanted)
		fail_msg("%s is %llu", text, (unsigned long long)got);
}

static void dates_are_parsed(void **state)
{
	static const char *const none[] = {"",
					   "Sun",
					   "Sun,",
					   "Sun, 06 Nov 1994 08:49:37",
					   "Sun, 06 Nov 1994 08:49:37 GMT ",
					   "Sun, 06 Nov 1994 08:49:37 UTC",
					   "Sun, 6 Nov 1994 08:49:37 GMT",
					   "Sun, 06 nov 1994 08:49:37 GMT",
					   "Sun, 06-Nov-1994 08:49:37 GMT",
					   "Sun, 31 Nov 1994 08:49:37 GMT",
					   "Sun, 00 Nov 1994 08:49:37 GMT",
					   "Wed, 29 Feb 1995 08:49:37 GMT",
					   "Sun, 06 Nov 1994 24:49:37 GMT",
					   "Sun, 06 Nov 1994 08:60:37 GMT",
					   "Sun, 06 Nov 1994 08:49:61 GMT",
					   "Sun, 06 Nov 1969 08:49:37 GMT",
					   "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 "
					   "08:49:37 GMT",
					   "Sun Nov 6 08:49:37 1994",
					   "Sun Nov  6 08:49:37 1994 GMT",
					   "784111777"};
	char text[HTTP_DATE_CHARS];

	(void)state;
	check_parsed("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
	check_parsed("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
	check_parsed("Sun Nov  6 08:49:37 1994", 784111777);
	check_parsed("Sun Nov 16 08:49:37 1994", 784111777 + 10 * 86400);
	check_parsed("Sunday, 06-Nov-33 08:49:37 GMT", 2014879777);
	check_parsed("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800);
	check_parsed("Fri, 31 Dec 9999 23:59:59 GMT", HTTP_DATE_MAX_S);
	for (unsigned i = 0; i < ARRAY_SIZE(none); i++) {
		uint64_t got;
		assert_false(http_parse_date((struct http_text){none[i], strlen(none[i])}, &got));
	}
	for (uint64_t day = 0; day < 146097 + 400; day++) {
		uint64_t got = 0;
		http_format_date(day * 86400 + day % 86400, text);
		assert_true(http_parse_date((struct http_text){text, sizeof(text)}, &got));
		assert_int_equal(got, day * 86400 + day % 86400);
	}
}

/* Against the C library: each day of a whole cycle of the calendar, and the extremes. */
static void dates(void **state)
{
	(void)state;
	for (uint64_t day = 0; day < 146097 + 400; day++)
		check_date(day * 86400 + day % 86400);
	check_date(0);
	check_date(HTTP_DATE_MAX_S);
	check_date(951827696); /* 29 February 2000 */
}

/* Whatever the path is, what comes out begins with '/', has no dot segment and is not longer. */
static void random_paths_never_climb(void **state)
{
	static const char *const parts[] = {"/",   ".", "..", "a",  "%2e",
					    "%2F", "%", "%4", "//", "/.."};
	(void)state;
	srand(1);
	for (unsigned run = 0; run < 100000; run++) {
		char path[64] = "/";
		for (int n = rand() % 12; n > 0; n--)
			strcat(path, parts[(size_t)rand() % ARRAY_SIZE(parts)]);
		size_t before = strlen(path), len = before;
		if (!http_normalise_path(path, &len))
			continue;
		assert_in_range(len, 1, before);
		assert_true(path[0] == '/');
		path[len] = '/';
		path[len + 1] = '\0';
		assert_null(strstr(path, "/../"));
		assert_null(strstr(path, "/./"));
	}
}

/* The scanner says the same however the bytes are divided. */
static void scanner_is_incremental(void **state)
{
	static const char *const texts[] = {"GET / HTTP/1.1\r\nA: b\r\n\r\nrest",
					    "\r\nGET",
					    "A\nB",
					    "A\rB",
					    "A\r\r\n",
					    "A\r\n\r\r",
					    "A\tB\x7f"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const uint8_t *bytes = (const uint8_t *)texts[i];
		size_t len = strlen(texts[i]);
		struct http_scan whole = {0};
		enum http_scan_result wanted = http_scan(&whole, bytes, len);
		assert_int_not_equal(wanted, HTTP_SCAN_MORE);
		struct http_scan scan = {0};
		enum http_scan_result r = HTTP_SCAN_MORE;
		for (size_t n = 1; n <= len && r == HTTP_SCAN_MORE; n++)
			r = http_scan(&scan, bytes, n);
		assert_int_equal(r, wanted);
		if (wanted != HTTP_SCAN_BAD)
			assert_int_equal(scan.at, whole.at);
	}
}

/* Parses `len` bytes, of which nothing is known, in a buffer without a byte behind them. */
static void check_parsing(const char *text, size_t len)
{
	char *bytes = malloc(MAX(len, (size_t)1));
	struct http_head tried, head;
	struct http_scan scan = {0};
	uint16_t tried_bytes = 0, known = 0;
	memcpy(bytes, text, len);
	unsigned status = http_parse_head(&tried, bytes, len, &tried_bytes);
	bool done = http_scan(&scan, (const uint8_t *)bytes, len) == HTTP_SCAN_DONE;
	if (done && bytes[len - 1] == '\n') {
		assert_int_equal(http_parse_head(&head, bytes, scan.at, &known), status);
		assert_memory_equal(&tried, &head, sizeof(head));
	}
	if (status == 0) {
		assert_true(done);
		assert_int_equal(tried_bytes, scan.at);
		assert_int_equal(known, scan.at);
	}
	free(bytes);
}

/* A header that is parsed without having been looked at is as right or wrong as one that was, if it
 * is whole; else it is wrong. */
static void parsing_alone_finds_what_scanning_finds(void **state)
{
	static const char *const texts[] = {
		"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n",
		"POST /a.b/c?d HTTP/1.0\r\nContent-Length: 12\r\nX:\ty \t z\t\r\n\r\nbody\r\n\r\n",
		"HEAD http://h/x%20y HTTP/1.1\r\nhost:\r\nConnection: close, x\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\n\r\n",
	};
	static const char odd[] = {'\0', '\t', '\n', '\r', ' ', ':', 'a', 0x7f, (char)0x80};
	char text[128];
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		size_t len = strlen(texts[i]);
		assert_in_range(len, 1, sizeof(text));
		for (size_t n = 0; n <= len; n++)
			check_parsing(texts[i], n);
		for (size_t at = 0; at < 2 * len * ARRAY_SIZE(odd); at++) {
			memcpy(text, texts[i], len);
			text[at % len] = odd[at / len % ARRAY_SIZE(odd)];
			if (at >= len * ARRAY_SIZE(odd))
				text[(at + 1) % len] = odd[at % ARRAY_SIZE(odd)];
			check_parsing(text, len);
		}
	}
}

/* Wherever it stands, and whatever stands around it, the first control character ends the run. */
static void runs_end_at_control_characters(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		bool control = byte < ' ' || byte == 0x7f;
		for (size_t len = 1; len < 20; len++) {
			for (size_t at = 0; at < len; at++) {
				uint8_t *bytes = malloc(len);
				memset(bytes, at % 2 == 0 ? 0xff : ' ', len);
				bytes[at] = (uint8_t)byte;
				if (at + 1 < len)
					bytes[at + 1] = (uint8_t)(control ? '\r' : '~');
				assert_int_equal(http_text_printing(bytes, len),
						 control ? at : len);
				free(bytes);
			}
		}
	}
}

/* A name is known in either case, and by nothing that differs from it in another way. */
static void names_differ_in_case_alone(void **state)
{
	static const char name[] = "if-none-match2";
	enum { LEN = sizeof(name) - 1 };
	(void)state;
	for (size_t at = 0; at < LEN; at++) {
		for (unsigned byte = ' '; byte < 0x7f; byte++) {
			char text[LEN];
			memcpy(text, name, LEN);
			text[at] = (char)byte;
			bool same = tolower((int)byte) == name[at];
			struct http_text t = {text, LEN};
			assert_int_equal(http_text_is_of(t, name, LEN), same);
		}
	}
	assert_false(http_text_is_of((struct http_text){name, LEN - 1}, name, LEN));
	assert_false(http_text_is_of((struct http_text){name, 0}, name, LEN));
}

static void etags_are_hexadecimal(void **state)
{
	(void)state;
	for (unsigned shift = 0; shift < 64; shift += 4) {
		for (uint64_t digit = 0; digit < 16; digit++) {
			uint64_t etag = 0x0123456789abcdefu ^ digit << shift;
			char wanted[32], got[HTTP_ETAG_CHARS + 1] = "";
			snprintf(wanted, sizeof(wanted), "\"%016llx\"", (unsigned long long)etag);
			http_format_etag(etag, got);
			assert_string_equal(got, wanted);
		}
	}
}

/* Every one-byte change of a request is answered somehow, and never out of bounds (ASan). */
static void mutated_requests(void **state)
{
	static const char request[] =
		"POST /upload?a%20b HTTP/1.1\r\nHost: a\r\nRange: bytes=1-2\r\n"
		"If-None-Match: \"x\"\r\nTransfer-Encoding: chunked\r\n\r\n"
		"2;x\r\nab\r\n0\r\n\r\n";
	(void)state;
	rig_start(NULL, 0);
	for (size_t at = 0; at < sizeof(request) - 1; at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			char text[sizeof(request)];
			memcpy(text, request, sizeof(request));
			text[at] = (char)byte;
			rig_open(&rig.flow);
			flow_fake_feed(&rig.flow, text, sizeof(request) - 1);
			flow_fake_eof(&rig.flow);
			rig_run(&rig.flow);
			assert_true(rig.flow.closed);
			assert_true(rig.flow.out_bytes > 12);
			flow_fake_fini(&rig.flow);
			rig.body_bytes = 0;
		}
	}
	rig_stop();
}

int http_parts_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(dates_are_parsed),
		cmocka_unit_test(random_paths_never_climb),
		cmocka_unit_test(scanner_is_incremental),
		cmocka_unit_test(parsing_alone_finds_what_scanning_finds),
		cmocka_unit_test(runs_end_at_control_characters),
		cmocka_unit_test(names_differ_in_case_alone),
		cmocka_unit_test(etags_are_hexadecimal),
		cmocka_unit_test(mutated_requests),
	};
	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
