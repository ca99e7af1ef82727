/* SPDX-License-Identifier: ISC */
/* GET and HEAD of a store that waits, fails, changes and hangs. */
#include "tests/unit/http_files/rig.h"

enum { LONG = 1000 };

static char long_text[LONG + 1];

static void put_files(void)
{
	for (unsigned i = 0; i < LONG; i++)
		long_text[i] = (char)('a' + i * 7 % 26);
	kv_memory_put(&rig.store, "index.html", "<p>Hello.\n");
	kv_memory_put(&rig.store, "empty.txt", "");
	kv_memory_put(&rig.store, "long.bin", long_text);
	kv_memory_put(&rig.store, "d/index.html", "below");
}

static void values_are_served(void **state)
{
	(void)state;
	put_files();
	const char *answer = rig_ask(GET("", ""));
	assert_begins(answer, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
			      "Content-Length: 10\r\nETag: \"0000000000000001\"\r\n");
	assert_non_null(strstr(answer, "Last-Modified: Thu, 01 Jan 1970 00:00:01 GMT\r\n"));
	assert_string_equal(content(answer), "<p>Hello.\n");
	assert_string_equal(content(rig_ask(GET("d/", ""))), "below");
	assert_string_equal(content(rig_ask(GET("long.bin", ""))), long_text);
	answer = rig_ask(GET("empty.txt", ""));
	assert_non_null(strstr(answer, "Content-Length: 0\r\n"));
	assert_string_equal(content(answer), "");
	assert_int_equal(http_files_stats(rig.files)->requests, 4);
}

static void what_is_not_there_is_404(void **state)
{
	static const char *const keys[] = {GET("none", ""), GET("d", ""), GET("e/", ""),
					   GET("d//index.html", ""), GET("%00", "")};

	(void)state;
	put_files();
	for (unsigned i = 0; i < 4; i++)
		assert_begins(rig_ask(keys[i]), "HTTP/1.1 404 ");
	assert_begins(rig_ask(keys[4]), "HTTP/1.1 400 ");
}

static void a_head_has_no_content(void **state)
{
	(void)state;
	put_files();
	const char *answer = rig_ask("HEAD /long.bin HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_begins(answer, "HTTP/1.1 200 ");
	assert_non_null(strstr(answer, "Content-Length: 1000\r\n"));
	assert_non_null(strstr(answer, "Last-Modified: "));
	assert_string_equal(content(answer), "");
	assert_string_equal(content(rig_ask(GET("d/", ""))), "below");
}

static void ranges_and_conditions_are_honoured(void **state)
{
	(void)state;
	put_files();
	const char *answer = rig_ask(GET("long.bin", "Range: bytes=500-699\r\n"));
	assert_begins(answer, "HTTP/1.1 206 ");
	assert_non_null(strstr(answer, "Content-Range: bytes 500-699/1000\r\n"));
	assert_int_equal(strlen(content(answer)), 200);
	assert_memory_equal(content(answer), long_text + 500, 200);
	assert_begins(rig_ask(GET("long.bin", "Range: bytes=1000-\r\n")), "HTTP/1.1 416 ");
	answer = rig_ask(GET("long.bin", "If-None-Match: \"0000000000000003\"\r\n"));
	assert_begins(answer, "HTTP/1.1 304 ");
	assert_non_null(strstr(answer, "Last-Modified: Thu, 01 Jan 1970 00:00:03 GMT\r\n"));
	assert_string_equal(content(answer), "");
	assert_begins(rig_ask(GET("long.bin", "If-None-Match: \"00000000000000ff\"\r\n")),
		      "HTTP/1.1 200 ");
	assert_begins(rig_ask(GET("long.bin", "If-Match: \"00000000000000ff\"\r\n")),
		      "HTTP/1.1 412 ");
}

#define SINCE(DATE) "If-Modified-Since: " DATE "\r\n"

static void a_date_is_compared_with_ours(void **state)
{
	(void)state;
	put_files();
	const char *answer = rig_ask(GET("long.bin", SINCE("Thu, 01 Jan 1970 00:00:03 GMT")));
	assert_begins(answer, "HTTP/1.1 304 ");
	assert_string_equal(content(answer), "");
	assert_begins(rig_ask(GET("long.bin", SINCE("Thu, 01 Jan 1970 00:00:02 GMT"))),
		      "HTTP/1.1 200 ");
	assert_begins(rig_ask(GET("long.bin", SINCE("nonsense"))), "HTTP/1.1 200 ");
	assert_begins(rig_ask(GET("long.bin",
				  SINCE("Thu, 01 Jan 1970 00:00:03 GMT") "If-None-"
									 "Match: \"00\"\r\n")),
		      "HTTP/1.1 200 ");
}

/* --- the pace of the peer -------------------------------------------------------------------- */

static void a_slow_peer_holds_two_pieces(void **state)
{
	size_t before;

	(void)state;
	put_files();
	flow_fake_room(&rig.flow, 300);
	flow_fake_feed(&rig.flow, GET("long.bin", ""), strlen(GET("long.bin", "")));
	for (unsigned i = 0; i < 50; i++) {
		(void)flow_fake_poll(&rig.flow, rig.now_us);
		(void)http_poll(rig.http, rig.now_us);
		(void)rig_call();
	}
	assert_true(rig.calls <= 3); /* nothing is acknowledged */
	before = rig.flow.out_bytes;
	flow_fake_ack(&rig.flow);
	flow_fake_room(&rig.flow, SIZE_MAX);
	rig_run();
	assert_true(rig.flow.out_bytes > before);
	assert_string_equal(content(rig_answer()), long_text);
}

/* --- what goes wrong ------------------------------------------------------------------------- */

static void errors_before_the_header_are_statuses(void **state)
{
	static const struct {
		enum err e;
		const char *line;
	} errors[] = {{ERR_IO, "HTTP/1.1 500 "},
		      {ERR_DAMAGED, "HTTP/1.1 500 "},
		      {ERR_NODEV, "HTTP/1.1 503 "},
		      {ERR_TIMEOUT, "HTTP/1.1 503 "}};

	(void)state;
	put_files();
	for (unsigned i = 0; i < ARRAY_SIZE(errors); i++) {
		for (unsigned good = 0; good < 2; good++) {
			kv_memory_break(&rig.store, good, errors[i].e);
			assert_begins(rig_ask(GET("long.bin", "")), errors[i].line);
			assert_false(flow_fake_is_over(&rig.flow));
		}
	}
	assert_int_equal(http_files_stats(rig.files)->store_errors, 8);
}

static void an_error_behind_the_header_ends_the_connection(void **state)
{
	(void)state;
	put_files();
	kv_memory_break(&rig.store, 5, ERR_IO);
	const char *answer = rig_ask(GET("long.bin", ""));
	assert_begins(answer, "HTTP/1.1 200 ");
	assert_true(strlen(content(answer)) < LONG);
	assert_true(rig.flow.aborted);
	assert_int_equal(http_files_stats(rig.files)->store_errors, 1);
}

static void a_value_that_changes_is_not_mixed_with_the_next(void **state)
{
	(void)state;
	put_files();
	flow_fake_room(&rig.flow, 300);
	flow_fake_feed(&rig.flow, GET("long.bin", ""), strlen(GET("long.bin", "")));
	for (unsigned i = 0; i < 10; i++) {
		(void)flow_fake_poll(&rig.flow, rig.now_us);
		(void)http_poll(rig.http, rig.now_us);
		(void)rig_call();
	}
	for (unsigned i = 0; i < LONG; i++)
		long_text[i] = 'X';
	kv_memory_put(&rig.store, "long.bin", long_text);
	flow_fake_room(&rig.flow, SIZE_MAX);
	rig_run();
	assert_true(rig.flow.aborted);
	assert_null(strchr(content(rig_answer()), 'X'));
}

/* Another fiber changes the value while it is looked at: what is described is not what comes. */
static void change_at_call(void *arg)
{
	unsigned *left = arg;

	if (*left > 0 && --*left == 0) {
		struct kv_memory_value *v = &rig.store.now[0];
		memset(v->bytes, 'X', v->len);
		v->version = 99;
	}
}

static void a_value_that_changes_meanwhile_is_one_or_the_other(void **state)
{
	unsigned left;

	(void)state;
	rig.store.wait = change_at_call;
	rig.store.wait_arg = &left;
	for (unsigned at = 1; at <= 4; at++) {
		left = 0;
		kv_memory_put(&rig.store, "index.html", "<p>Hello.\n");
		left = at;
		const char *answer = rig_ask(GET("", ""));
		if (strstr(answer, "ETag: \"0000000000000063\"") != NULL)
			assert_string_equal(content(answer), "XXXXXXXXXX");
		else if (strncmp(answer, "HTTP/1.1 503 ", 13) != 0)
			assert_string_equal(content(answer), "<p>Hello.\n");
		assert_true(at == 4 || left == 0);
	}
	rig.store.wait = NULL;
}

static void the_last_piece_is_of_the_same_value(void **state)
{
	unsigned left = 0;

	(void)state;
	for (unsigned at = 1; at < 40; at++) {
		left = 0;
		kv_memory_fini(&rig.store);
		kv_memory_init(&rig.store, 4096);
		for (unsigned i = 0; i < LONG; i++)
			long_text[i] = 'a';
		kv_memory_put(&rig.store, "long.bin", long_text);
		rig.store.wait = change_at_call;
		rig.store.wait_arg = &left;
		left = at;
		const char *body = strstr(rig_ask(GET("long.bin", "")), "\r\n\r\n");
		if (body != NULL && strstr(body, "aa") != NULL)
			assert_null(strstr(body, "XX"));
		rig_reopen();
	}
}

static void a_store_that_hangs_is_given_up(void **state)
{
	(void)state;
	put_files();
	rig.hangs = true;
	flow_fake_feed(&rig.flow, GET("long.bin", ""), strlen(GET("long.bin", "")));
	rig_run();
	assert_int_equal(rig.flow.out_bytes, 0);
	rig.now_us += 31 * 1000 * 1000;
	rig_run();
	assert_begins(rig_answer(), "HTTP/1.1 503 ");
}

static void a_peer_that_leaves_gives_its_place_back(void **state)
{
	(void)state;
	put_files();
	for (unsigned i = 0; i < 12; i++) {
		flow_fake_room(&rig.flow, 200 + 10 * i);
		flow_fake_feed(&rig.flow, GET("long.bin", ""), strlen(GET("long.bin", "")));
		for (unsigned j = 0; j < i; j++) {
			(void)flow_fake_poll(&rig.flow, rig.now_us);
			(void)http_poll(rig.http, rig.now_us);
			if (j % 2 == 0)
				(void)rig_call();
		}
		flow_fake_reset(&rig.flow);
		rig_run();
		assert_true(flow_fake_is_over(&rig.flow));
		flow_fake_fini(&rig.flow);
		rig_open();
	}
	assert_string_equal(content(rig_ask(GET("d/", ""))), "below");
}

/* The peer takes what there is, and ends the connection. */
static void end_other(struct flow_fake *other)
{
	for (unsigned i = 0; i < 100 && !flow_fake_is_over(other); i++) {
		if (i == 0)
			flow_fake_eof(other);
		flow_fake_ack(other);
		(void)flow_fake_poll(other, rig.now_us);
		(void)http_poll(rig.http, rig.now_us);
		(void)rig_call();
	}
	flow_fake_fini(other);
}

static void more_requests_than_places_are_told_so(void **state)
{
	struct flow_fake other[PLACES];

	(void)state;
	put_files();
	rig.hangs = true;
	for (unsigned i = 0; i < PLACES; i++) {
		flow_fake_init(&other[i]);
		http_accept(rig.http, &other[i].flow, rig.now_us);
		flow_fake_feed(&other[i], GET("d/", ""), strlen(GET("d/", "")));
		while (flow_fake_poll(&other[i], rig.now_us))
			;
	}
	assert_begins(rig_ask(GET("d/", "")), "HTTP/1.1 503 ");
	assert_int_equal(http_files_stats(rig.files)->busy, 1);
	rig.hangs = false;
	rig_run();
	for (unsigned i = 0; i < PLACES; i++)
		end_other(&other[i]);
	assert_begins(rig_ask(GET("d/", "")), "HTTP/1.1 200 ");
}

/* --- peers that take nothing ----------------------------------------------------------------- */

/* Others ask for this, and their flows take all, but acknowledge nothing. */
static void begin_stalled(struct flow_fake other[static PLACES], const char *request)
{
	for (unsigned i = 0; i < PLACES; i++) {
		flow_fake_init(&other[i]);
		http_accept(rig.http, &other[i].flow, rig.now_us);
		flow_fake_feed(&other[i], request, strlen(request));
	}
	for (unsigned turn = 0; turn < 8 * PLACES; turn++) {
		(void)flow_fake_poll(&other[turn % PLACES], rig.now_us);
		(void)rig_call();
		(void)http_poll(rig.http, rig.now_us);
	}
	for (unsigned i = 0; i < PLACES; i++)
		assert_true(flow_fake_held(&other[i]) > 0);
}

/* Short values are wholly in the flow, which does not make their peers better ones. */
static void those_that_stall_give_way_to_others(void **state)
{
	static const char *const requests[] = {GET("long.bin", ""), GET("d/", ""),
					       GET("d/", "Connection: close\r\n"),
					       GET("long.bin", "Range: bytes=0-99\r\n")};
	struct flow_fake other[PLACES];

	(void)state;
	put_files();
	for (unsigned i = 0; i < ARRAY_SIZE(requests); i++) {
		begin_stalled(other, requests[i]);
		assert_begins(rig_ask(GET("d/", "")), "HTTP/1.1 503 ");
		rig.now_us += 4900 * 1000;
		assert_begins(rig_ask(GET("d/", "")), "HTTP/1.1 503 ");
		rig.now_us += 200 * 1000;
		assert_string_equal(content(rig_ask(GET("d/", ""))), "below");
		assert_int_equal(http_files_stats(rig.files)->stalled, i + 1);
		assert_true(other[0].aborted);
		for (unsigned j = 0; j < PLACES; j++)
			end_other(&other[j]);
	}
	assert_int_equal(http_files_stats(rig.files)->busy, 2 * ARRAY_SIZE(requests));
}

/* All of them take their two pieces after each `step_us`, until a request finds room: after so
 * long; or never within half a minute. */
static uint64_t dripping(uint64_t step_us)
{
	enum { HALF_A_MINUTE = 30 * 1000 * 1000 };
	struct flow_fake other[PLACES];
	uint64_t begun_us = rig.now_us, took_us = 0;

	begin_stalled(other, GET("huge.bin", ""));
	while (took_us == 0 && rig.now_us - begun_us < HALF_A_MINUTE) {
		rig.now_us += step_us;
		for (unsigned j = 0; j < PLACES; j++)
			flow_fake_ack(&other[j]);
		while (rig_call())
			(void)http_poll(rig.http, rig.now_us);
		rig.flow.out_bytes = 0;
		if (strstr(rig_ask(GET("d/", "")), "HTTP/1.1 200 ") != NULL)
			took_us = rig.now_us - begun_us;
	}
	for (unsigned i = 0; i < PLACES; i++) {
		if (!flow_fake_is_over(&other[i]))
			flow_fake_reset(&other[i]);
		(void)flow_fake_poll(&other[i], rig.now_us);
		flow_fake_fini(&other[i]);
	}
	return took_us;
}

/* A thousand bytes a second are enough, though five seconds never pass without any. */
static void those_that_drip_do_too(void **state)
{
	enum { SECOND = 1000 * 1000, PIECES = 2 * PIECE * 1000 };
	static char huge[60000];

	(void)state;
	put_files();
	memset(huge, 'h', sizeof(huge) - 1);
	kv_memory_put(&rig.store, "huge.bin", huge);
	assert_int_equal(dripping(PIECES * 9 / 10), 0);
	assert_int_equal(http_files_stats(rig.files)->stalled, 0);
	assert_in_range(dripping(PIECES * 2), 10 * SECOND, 11 * SECOND);
	assert_int_equal(http_files_stats(rig.files)->stalled, 1);
	assert_in_range(dripping(4 * SECOND), 4 * SECOND, 8 * SECOND);
}

/* As long as the server waits for any other progress. */
static void none_stalls_for_ever(void **state)
{
	static const char *const requests[] = {GET("long.bin", ""), GET("d/", ""),
					       GET("d/", "Connection: close\r\n")};
	struct flow_fake other[PLACES];

	(void)state;
	put_files();
	for (unsigned i = 0; i < ARRAY_SIZE(requests); i++) {
		begin_stalled(other, requests[i]);
		rig.now_us += 29 * 1000 * 1000;
		(void)http_poll(rig.http, rig.now_us);
		for (unsigned j = 0; j < PLACES; j++)
			assert_false(flow_fake_is_over(&other[j]));
		rig.now_us += 2 * 1000 * 1000;
		(void)http_poll(rig.http, rig.now_us);
		for (unsigned j = 0; j < PLACES; j++) {
			assert_true(other[j].aborted);
			flow_fake_fini(&other[j]);
		}
	}
	rig_reopen();
	assert_string_equal(content(rig_ask(GET("d/", ""))), "below");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_are_served),
		TEST(what_is_not_there_is_404),
		TEST(a_head_has_no_content),
		TEST(ranges_and_conditions_are_honoured),
		TEST(a_date_is_compared_with_ours),
		TEST(a_slow_peer_holds_two_pieces),
		TEST(errors_before_the_header_are_statuses),
		TEST(an_error_behind_the_header_ends_the_connection),
		TEST(a_value_that_changes_is_not_mixed_with_the_next),
		TEST(a_value_that_changes_meanwhile_is_one_or_the_other),
		TEST(the_last_piece_is_of_the_same_value),
		TEST(a_store_that_hangs_is_given_up),
		TEST(a_peer_that_leaves_gives_its_place_back),
		TEST(more_requests_than_places_are_told_so),
		TEST(those_that_stall_give_way_to_others),
		TEST(those_that_drip_do_too),
		TEST(none_stalls_for_ever),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed +
	       _cmocka_run_group_tests("uploads", upload_tests, upload_tests_count, NULL, NULL);
}
