/* SPDX-License-Identifier: ISC */
/* PUT and DELETE. */
#include "tests/unit/http_files/rig.h"

#define PUT(KEY, LINES, LENGTH, BODY)                                                              \
	"PUT /" KEY " HTTP/1.1\r\nHost: h\r\n" LINES "Content-Length: " LENGTH "\r\n\r\n" BODY
#define DELETE(KEY, LINES) "DELETE /" KEY " HTTP/1.1\r\nHost: h\r\n" LINES "\r\n"

static void assert_value(const char *key, const char *text)
{
	char out[2000];
	ssize_t n = kv_read(&rig.store.rw.kv, key, strlen(key), 0, out, sizeof(out));

	assert_int_equal(n, strlen(text));
	assert_memory_equal(out, text, strlen(text));
}

static void a_value_is_new_or_another(void **state)
{
	(void)state;
	assert_begins(rig_ask(PUT("a/b.txt", "", "3", "one")), "HTTP/1.1 201 Created\r\n");
	assert_value("a/b.txt", "one");
	assert_begins(rig_ask(PUT("a/b.txt", "", "5", "three")), "HTTP/1.1 204 ");
	assert_string_equal(content(rig_ask(GET("a/b.txt", ""))), "three");
	assert_begins(rig_ask(PUT("a/b.txt", "", "0", "")), "HTTP/1.1 204 ");
	assert_value("a/b.txt", "");
	assert_int_equal(http_files_stats(rig.files)->uploads, 3);
	kv_memory_lose_power(&rig.store); /* each was synced */
	assert_value("a/b.txt", "");
}

/* A request with a body of so many bytes, in segments of `step`. */
static const char *put_long(size_t len, size_t step, char *body)
{
	char request[2200];
	size_t before = rig.flow.out_bytes;

	for (size_t i = 0; i < len; i++)
		body[i] = (char)('a' + i * 11 % 26);
	body[len] = '\0';
	int n = snprintf(request, sizeof(request),
			 "PUT /long HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n%s", len,
			 body);
	assert_true(n > 0 && (size_t)n < sizeof(request));
	flow_fake_feed_split(&rig.flow, request, (size_t)n, step);
	rig_run();
	return rig_answer() + before;
}

static void a_long_value_comes_in_pieces(void **state)
{
	static const size_t steps[] = {1, 7, 100, 127, 128, 129, 500, 2000};
	static char body[UPLOAD_MAX + 2];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(steps); i++) {
		assert_begins(put_long(UPLOAD_MAX - i, steps[i], body),
			      i == 0 ? "HTTP/1.1 201 " : "HTTP/1.1 204 ");
		assert_value("long", body);
	}
}

static void a_chunked_value_comes_as_a_whole(void **state)
{
	static const char request[] =
		"PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
		"3\r\nabc\r\n80\r\n";
	char rest[200];

	(void)state;
	memset(rest, 'x', 128);
	memcpy(rest + 128, "\r\n2\r\nyz\r\n0\r\n\r\n", 15);
	flow_fake_feed_split(&rig.flow, request, sizeof(request) - 1, 5);
	flow_fake_feed_split(&rig.flow, rest, 142, 50);
	rig_run();
	assert_begins(rig_answer(), "HTTP/1.1 201 ");
	memmove(rest + 3, rest, 128);
	memcpy(rest, "abc", 3);
	memcpy(rest + 131, "yz", 3);
	assert_value("c", rest);
}

static void what_is_too_large_is_refused(void **state)
{
	static char body[UPLOAD_MAX + 2];

	(void)state;
	kv_memory_put(&rig.store, "long", "old");
	assert_begins(put_long(UPLOAD_MAX + 1, 100, body), "HTTP/1.1 413 ");
	assert_value("long", "old");
	assert_int_equal(http_files_stats(rig.files)->uploads_ended, 1);
}

static void a_full_store_keeps_what_it_has(void **state)
{
	static char body[UPLOAD_MAX + 2];

	(void)state;
	rig.store.room_bytes = 500;
	kv_memory_put(&rig.store, "long", "old");
	const char *answer = put_long(900, 100, body);
	assert_begins(answer, "HTTP/1.1 507");
	assert_string_equal(content(answer), "The store is full.\n");
	assert_value("long", "old");
	assert_begins(rig_ask(PUT("small", "", "1", "x")), "HTTP/1.1 201 ");
}

static void what_can_be_no_key_is_a_conflict(void **state)
{
	(void)state;
	assert_begins(rig_ask(PUT("folder/", "", "1", "x")), "HTTP/1.1 409 ");
	assert_begins(rig_ask(PUT("a//b", "", "1", "x")), "HTTP/1.1 409 ");
	assert_begins(rig_ask(DELETE("folder/", "")), "HTTP/1.1 409 ");
	assert_begins(rig_ask(DELETE("none", "")), "HTTP/1.1 404 ");
}

static void a_value_is_removed(void **state)
{
	(void)state;
	kv_memory_put(&rig.store, "a", "one");
	assert_begins(rig_ask(DELETE("a", "")), "HTTP/1.1 204 ");
	assert_begins(rig_ask(GET("a", "")), "HTTP/1.1 404 ");
	assert_begins(rig_ask(DELETE("a", "")), "HTTP/1.1 404 ");
}

static void conditions_are_about_what_there_is(void **state)
{
	(void)state;
	assert_begins(rig_ask(PUT("a", "If-Match: *\r\n", "1", "x")), "HTTP/1.1 412 ");
	assert_begins(rig_ask(PUT("a", "If-None-Match: *\r\n", "1", "x")), "HTTP/1.1 201 ");
	assert_begins(rig_ask(PUT("a", "If-None-Match: *\r\n", "1", "y")), "HTTP/1.1 412 ");
	assert_begins(rig_ask(PUT("a", "If-Match: \"0000000000000009\"\r\n", "1", "y")),
		      "HTTP/1.1 412 ");
	assert_begins(rig_ask(PUT("a", "If-Match: \"0000000000000001\"\r\n", "1", "z")),
		      "HTTP/1.1 204 ");
	assert_value("a", "z");
	assert_begins(rig_ask(DELETE("a", "If-Match: \"0000000000000001\"\r\n")), "HTTP/1.1 412 ");
	assert_begins(rig_ask(DELETE("a", "If-Match: *\r\n")), "HTTP/1.1 204 ");
}

#define UNMODIFIED(DATE) "If-Unmodified-Since: " DATE "\r\n"

/* The value is of the first second of 1970 (tests/fakes/kv_memory), and then of the next. */
static void dates_are_about_what_there_is(void **state)
{
	(void)state;
	assert_begins(rig_ask(PUT("a", UNMODIFIED("Thu, 01 Jan 1970 00:00:00 GMT"), "1", "x")),
		      "HTTP/1.1 201 "); /* there is none, so it has no date */
	assert_begins(rig_ask(PUT("a", UNMODIFIED("Thu, 01 Jan 1970 00:00:00 GMT"), "1", "y")),
		      "HTTP/1.1 412 ");
	assert_value("a", "x");
	assert_begins(rig_ask(PUT("a", UNMODIFIED("Thu, 01 Jan 1970 00:00:01 GMT"), "1", "y")),
		      "HTTP/1.1 204 ");
	assert_begins(rig_ask(DELETE("a", UNMODIFIED("Thu Jan  1 00:00:01 1970"))),
		      "HTTP/1.1 412 ");
	assert_begins(rig_ask(GET("a", UNMODIFIED("Thursday, 01-Jan-70 00:00:01 GMT"))),
		      "HTTP/1.1 412 ");
	assert_begins(rig_ask(GET("a", UNMODIFIED("Fri, 02 Jan 1970 00:00:01 GMT"))),
		      "HTTP/1.1 200 ");
	/* What is no date, or several, says nothing; and If-Match counts instead. */
	assert_begins(rig_ask(PUT("a", UNMODIFIED("yesterday"), "1", "z")), "HTTP/1.1 204 ");
	assert_begins(rig_ask(PUT("a",
				  UNMODIFIED("Thu, 01 Jan 1970 00:00:01 GMT")
					  UNMODIFIED("Thu, 01 Jan 1970 00:00:01 GMT"),
				  "1", "z")),
		      "HTTP/1.1 204 ");
	assert_begins(
		rig_ask(PUT("a", "If-Match: *\r\n" UNMODIFIED("Thu, 01 Jan 1970 00:00:01 GMT"), "1",
			    "z")),
		"HTTP/1.1 204 ");
	assert_begins(rig_ask(DELETE("a", "If-None-Match: *\r\n" UNMODIFIED(
						  "Fri, 02 Jan 1970 00:00:01 GMT"))),
		      "HTTP/1.1 412 ");
	assert_begins(rig_ask(DELETE("a", UNMODIFIED("Fri, 02 Jan 1970 00:00:01 GMT"))),
		      "HTTP/1.1 204 ");
	assert_begins(rig_ask(DELETE("a", UNMODIFIED("Thu, 01 Jan 1970 00:00:01 GMT"))),
		      "HTTP/1.1 404 ");
	assert_begins(rig_ask(DELETE("a", "If-Match: *\r\n")), "HTTP/1.1 404 ");
}

static void errors_of_the_store_are_statuses(void **state)
{
	static char body[UPLOAD_MAX + 2];

	(void)state;
	kv_memory_put(&rig.store, "long", "old");
	assert_int_equal(kv_sync(&rig.store.rw), OK);
	for (unsigned good = 0; good < 7; good++) {
		kv_memory_break(&rig.store, good, ERR_IO);
		assert_begins(put_long(500, 100, body), "HTTP/1.1 500 ");
		assert_int_equal(http_files_stats(rig.files)->store_errors, good + 1);
		kv_memory_break(&rig.store, 0, ERR_READONLY);
		assert_begins(rig_ask(PUT("x", "", "1", "x")), "HTTP/1.1 403 ");
		kv_memory_break(&rig.store, 0, OK);
		kv_memory_lose_power(&rig.store);
		assert_value("long", "old");
	}
}

static void an_upload_that_breaks_off_leaves_nothing(void **state)
{
	static const char request[] = PUT("a", "", "300", "");
	char some[250];

	(void)state;
	memset(some, 's', sizeof(some));
	kv_memory_put(&rig.store, "a", "old");
	for (unsigned i = 0; i < 6; i++) {
		flow_fake_feed(&rig.flow, request, sizeof(request) - 1);
		flow_fake_feed_split(&rig.flow, some, 40 * i, 20);
		rig.hangs = i % 2 == 1;
		rig_run();
		flow_fake_reset(&rig.flow);
		rig_run();
		rig.hangs = false;
		rig_run();
		assert_true(flow_fake_is_over(&rig.flow));
		flow_fake_fini(&rig.flow);
		rig_open();
		assert_value("a", "old");
	}
	assert_begins(rig_ask(PUT("a", "", "3", "new")), "HTTP/1.1 204 ");
}

/* Half of the places: whoever reads finds one however slow they are. */
static void slow_uploads_leave_room_for_readers(void **state)
{
	enum { SLOW = PLACES / 2 };
	struct flow_fake other[SLOW];
	static const char request[] = PUT("a", "", "300", "begun");

	(void)state;
	kv_memory_put(&rig.store, "r", "read");
	for (unsigned i = 0; i < SLOW; i++) {
		flow_fake_init(&other[i]);
		http_accept(rig.http, &other[i].flow, rig.now_us);
		flow_fake_feed(&other[i], request, sizeof(request) - 1);
		while (flow_fake_poll(&other[i], rig.now_us))
			;
	}
	assert_begins(rig_ask(PUT("b", "", "1", "x")), "HTTP/1.1 503 ");
	assert_int_equal(http_files_stats(rig.files)->busy, 1);
	rig_reopen();
	assert_begins(rig_ask(GET("r", "")), "HTTP/1.1 200 ");
	assert_begins(rig_ask(DELETE("r", "")), "HTTP/1.1 204 ");
	for (unsigned i = 0; i < SLOW; i++) {
		flow_fake_reset(&other[i]);
		while (flow_fake_poll(&other[i], rig.now_us))
			;
		flow_fake_fini(&other[i]);
	}
	assert_begins(rig_ask(PUT("b", "", "1", "x")), "HTTP/1.1 201 ");
}

/* Half a second after the other, this comes of an upload; in the end somebody else wants room. */
static void bring(struct flow_fake other[static PLACES / 2], size_t bytes, unsigned times)
{
	static const char request[] = PUT("a", "", "999", "x");
	static const char body[UPLOAD_MAX];

	for (unsigned i = 0; i < PLACES / 2; i++) {
		flow_fake_init(&other[i]);
		http_accept(rig.http, &other[i].flow, rig.now_us);
		flow_fake_feed(&other[i], request, sizeof(request) - 1);
	}
	for (unsigned n = 0; n <= times; n++, rig.now_us += 500 * 1000) {
		for (unsigned i = 0; i < PLACES / 2; i++) {
			if (n > 0 && bytes > 0)
				flow_fake_feed(&other[i], body, bytes);
			while (flow_fake_poll(&other[i], rig.now_us) || rig_call())
				(void)http_poll(rig.http, rig.now_us);
		}
	}
}

/* What is begun in the store is given up there first: by then there is room for who asks again. */
static void those_that_drip_give_way_to_others(void **state)
{
	static const struct {
		size_t bytes;
		unsigned times;
		bool give_way;
		const char *answer;
	} cases[] = {{0, 8, false, "HTTP/1.1 503 "},
		     {0, 10, true, "HTTP/1.1 201 "},
		     {1, 10, true, "HTTP/1.1 204 "},
		     {90, 10, false, "HTTP/1.1 503 "},
		     {40, 12, true, "HTTP/1.1 503 "}};
	struct flow_fake other[PLACES / 2];

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		rig_reopen();
		bring(other, cases[n].bytes, cases[n].times);
		assert_begins(rig_ask(PUT("b", "", "1", "y")), cases[n].answer);
		assert_int_equal(other[0].out_bytes > 0, cases[n].give_way);
		if (cases[n].give_way)
			assert_memory_equal(other[0].out, "HTTP/1.1 408 ", 13);
		for (unsigned i = 0; i < PLACES / 2; i++) {
			flow_fake_reset(&other[i]);
			while (flow_fake_poll(&other[i], rig.now_us) || rig_call())
				;
			flow_fake_fini(&other[i]);
		}
	}
}

/* What has failed is read on, so that the answer arrives, but not for ever. */
static void what_never_ends_is_broken_off(void **state)
{
	static const char *const begins[] = {"PUT /folder/", "PUT /a", "DELETE /a"};
	static char request[600], chunk[30] = "10\r\n0123456789abcdef\r\n";

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(begins); i++) {
		int n = snprintf(request, sizeof(request),
				 "%s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
				 begins[i]);
		assert_true(n > 0);
		flow_fake_feed(&rig.flow, request, (size_t)n);
		unsigned chunks = 0;
		while (rig.flow.out_bytes == 0 && ++chunks < 1000) {
			flow_fake_feed(&rig.flow, chunk, strlen(chunk));
			rig_run();
		}
		assert_int_equal(chunks, (i == 1 ? 2 : 1) * (UPLOAD_MAX / 16) + 1);
		assert_begins(rig_answer(), "HTTP/1.1 413 ");
		rig_reopen();
	}
	assert_int_equal(http_files_stats(rig.files)->uploads_ended, 2);
}

/* RFC 9110 section 14.5. */
static void a_part_is_not_the_whole(void **state)
{
	(void)state;
	kv_memory_put(&rig.store, "a", "old");
	assert_begins(rig_ask(PUT("a", "Content-Range: bytes 1-3/4\r\n", "3", "new")),
		      "HTTP/1.1 400 ");
	assert_begins(rig_ask(PUT("a", "content-range: bytes */0\r\n", "0", "")), "HTTP/1.1 400 ");
	assert_value("a", "old");
}

static void a_body_of_delete_means_nothing(void **state)
{
	(void)state;
	kv_memory_put(&rig.store, "a", "one");
	assert_begins(rig_ask("DELETE /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nwords"),
		      "HTTP/1.1 204 ");
	assert_begins(rig_ask(GET("a", "")), "HTTP/1.1 404 ");
}

static void keys_are_as_long_as_they_may_be(void **state)
{
	char request[600], key[KV_KEY_BYTES_MAX + 2];
	const char *const methods[] = {"PUT", "GET", "DELETE"};
	const char *const good[] = {"HTTP/1.1 201 ", "HTTP/1.1 200 ", "HTTP/1.1 204 "};
	const char *const bad[] = {"HTTP/1.1 409 ", "HTTP/1.1 404 ", "HTTP/1.1 409 "};

	(void)state;
	memset(key, 'k', sizeof(key));
	for (unsigned i = 0; i < ARRAY_SIZE(methods); i++) {
		for (int len = KV_KEY_BYTES_MAX; len <= KV_KEY_BYTES_MAX + 1; len++) {
			snprintf(request, sizeof(request), "%s /%.*s HTTP/1.1\r\nHost: h\r\n\r\n",
				 methods[i], len, key);
			assert_begins(rig_ask(request), len <= KV_KEY_BYTES_MAX ? good[i] : bad[i]);
		}
	}
	/* With the name that a folder's page has. */
	key[KV_KEY_BYTES_MAX - 11] = '/';
	memcpy(key + KV_KEY_BYTES_MAX - 10, "index.html", 11);
	kv_memory_put(&rig.store, key, "page");
	snprintf(request, sizeof(request), "GET /%.*s HTTP/1.1\r\nHost: h\r\n\r\n",
		 KV_KEY_BYTES_MAX - 10, key);
	assert_string_equal(content(rig_ask(request)), "page");
}

/* Escapes are what they stand for before a path becomes a key, so none leads out of the store. */
static void escapes_lead_nowhere_else(void **state)
{
	(void)state;
	assert_begins(rig_ask(PUT("d/%2e%2e/%2E%2e/%61", "", "1", "x")), "HTTP/1.1 201 ");
	assert_value("a", "x");
	assert_begins(rig_ask(PUT("d%2fb%20c", "", "1", "y")), "HTTP/1.1 201 ");
	assert_value("d/b c", "y");
	assert_begins(rig_ask(PUT("d%2f..%2fa", "", "1", "z")), "HTTP/1.1 204 ");
	assert_value("a", "z");
	assert_begins(rig_ask(GET("%61", "")), "HTTP/1.1 200 ");
	assert_begins(rig_ask(PUT("d%2f%2fb", "", "1", "z")), "HTTP/1.1 409 ");
	assert_begins(rig_ask(PUT("%2f", "", "1", "z")), "HTTP/1.1 409 ");
	assert_begins(rig_ask(PUT("a%00b", "", "1", "z")), "HTTP/1.1 400 ");
	rig_reopen();
	assert_begins(rig_ask(PUT("a%0ab", "", "1", "z")), "HTTP/1.1 400 ");
	rig_reopen();
	assert_begins(rig_ask(PUT("a%g", "", "1", "z")), "HTTP/1.1 400 ");
}

/* One behind the other in one segment: each sees what those before it did. */
/* It is not the peer's fault. */
static void without_a_store_it_is_ours(void **state)
{
	static const enum err errors[] = {ERR_INVALID, ERR_UNSUPPORTED, ERR_DAMAGED};
	static char body[UPLOAD_MAX + 2];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(errors); i++) {
		kv_memory_break(&rig.store, 0, errors[i]);
		assert_begins(rig_ask(PUT("a", "", "1", "x")), "HTTP/1.1 500 ");
		assert_begins(put_long(500, 100, body), "HTTP/1.1 500 ");
		assert_begins(rig_ask(DELETE("a", "")), "HTTP/1.1 500 ");
		assert_begins(rig_ask(GET("a", "")), "HTTP/1.1 500 ");
	}
}

static void requests_wait_for_those_before(void **state)
{
	static const char *const answers[] = {"201", "200", "204", "404", "404", "201"};
	const char *at;

	(void)state;
	at = rig_ask(PUT("a", "", "3", "one") GET("a", "") DELETE("a", "") GET("a", "")
			     DELETE("a", "") PUT("a", "", "0", ""));
	for (unsigned i = 0; i < ARRAY_SIZE(answers); i++) {
		at = strstr(at, "HTTP/1.1 ");
		assert_non_null(at);
		at += strlen("HTTP/1.1 ");
		assert_memory_equal(at, answers[i], 3);
	}
	assert_value("a", "");
}

static void without_a_writable_store_nothing_changes(void **state)
{
	(void)state;
	kv_memory_put(&rig.store, "a", "old");
	http_files_set_store(rig.files, &rig.store.rw.kv, NULL);
	assert_begins(rig_ask(PUT("a", "", "1", "x")), "HTTP/1.1 403 ");
	assert_begins(rig_ask(DELETE("a", "")), "HTTP/1.1 403 ");
	assert_value("a", "old");
}

const struct CMUnitTest upload_tests[] = {
	TEST(a_value_is_new_or_another),
	TEST(a_long_value_comes_in_pieces),
	TEST(a_chunked_value_comes_as_a_whole),
	TEST(what_is_too_large_is_refused),
	TEST(a_full_store_keeps_what_it_has),
	TEST(what_can_be_no_key_is_a_conflict),
	TEST(a_value_is_removed),
	TEST(conditions_are_about_what_there_is),
	TEST(dates_are_about_what_there_is),
	TEST(errors_of_the_store_are_statuses),
	TEST(an_upload_that_breaks_off_leaves_nothing),
	TEST(slow_uploads_leave_room_for_readers),
	TEST(those_that_drip_give_way_to_others),
	TEST(what_never_ends_is_broken_off),
	TEST(a_part_is_not_the_whole),
	TEST(a_body_of_delete_means_nothing),
	TEST(keys_are_as_long_as_they_may_be),
	TEST(escapes_lead_nowhere_else),
	TEST(without_a_store_it_is_ours),
	TEST(requests_wait_for_those_before),
	TEST(without_a_writable_store_nothing_changes),
};
const size_t upload_tests_count = ARRAY_SIZE(upload_tests);
