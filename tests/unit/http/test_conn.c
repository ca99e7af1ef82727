/* SPDX-License-Identifier: ISC */
/* Connections: order, back pressure, time limits, limits of number, late answers, breaks. */
#include <stdlib.h>

#include "tests/unit/http/rig.h"
#include "tests/unit/http/tests.h"

#define GET(path)   "GET " path " HTTP/1.1\r\nHost: example\r\n\r\n"
#define TIMEOUT     ERROR("408 Request Timeout", "20", CLOSE)
#define UNAVAILABLE ERROR("503 Service Unavailable", "24", CLOSE)

static void finish(struct flow_fake *f)
{
	flow_fake_eof(f);
	rig_run(f);
	assert_true(flow_fake_is_over(f));
	flow_fake_fini(f);
}

static void many_pipelined_requests(void **state)
{
	enum { REQUESTS = 100 };
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	char text[REQUESTS * 64] = "", expected[REQUESTS * 256] = "";
	for (unsigned i = 0; i < REQUESTS; i++) {
		char part[256];
		snprintf(part, sizeof(part), "GET /show/%02u HTTP/1.1\r\nHost: a\r\n\r\n", i);
		strcat(text, part);
		snprintf(part, sizeof(part),
			 "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n/show/%02u|", i);
		strcat(expected, part);
	}
	flow_fake_feed(&rig.flow, text, strlen(text));
	flow_fake_poll(&rig.flow, rig.now_us);
	/* A bounded number in one go; the rest when it is this task's turn again. */
	assert_int_equal(http_stats(rig.http)->requests, HTTP_BATCH);
	assert_true(rig.wakes > 0);
	rig_run(&rig.flow);
	rig_expect(expected);
	finish(&rig.flow);
	rig_stop();
}

static void a_peer_that_does_not_read_is_not_read(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig.flow.room = 20;
	for (unsigned i = 0; i < 1000; i++)
		rig_send(GET("/"));
	assert_int_equal(http_stats(rig.http)->requests, 1);
	assert_int_equal(rig.flow.segments, 999);
	assert_int_equal(rig.flow.write_calls, 1); /* not tried again for nothing */
	flow_fake_reset(&rig.flow);
	rig_run(&rig.flow);
	assert_true(flow_fake_is_over(&rig.flow));
	assert_int_equal(http_stats(rig.http)->aborted, 1);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void an_idle_connection_closes_silently(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_wait(29 * SECOND);
	assert_false(flow_fake_is_over(&rig.flow));
	rig_send(GET("/"));
	rig_expect(INDEX_RESPONSE);
	rig_wait(29 * SECOND); /* counted from the last response */
	assert_false(flow_fake_is_over(&rig.flow));
	rig_wait(2 * SECOND);
	rig_expect("");
	assert_true(rig.flow.closed);
	assert_int_equal(http_stats(rig.http)->timeouts, 0);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void a_slow_header_is_408(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send("GET / HTTP/1.1\r\n");
	for (unsigned i = 0; i < 9; i++) {
		rig_wait(SECOND);
		rig_send("X: y\r\n"); /* no help: the limit is for the header as a whole */
	}
	rig_expect("");
	rig_wait(2 * SECOND);
	rig_expect(TIMEOUT);
	assert_int_equal(http_stats(rig.http)->timeouts, 1);
	assert_true(rig.flow.shut_down);
	finish(&rig.flow);
	rig_stop();
}

static void a_slow_body_is_408(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n");
	for (unsigned i = 0; i < 29; i++) {
		rig_wait(SECOND);
		rig_send("x"); /* little help: it is late by a second less a millisecond more */
	}
	rig_expect("");
	rig_wait(2 * SECOND);
	rig_expect(TIMEOUT);
	assert_int_equal(rig.gone_calls, 1);
	finish(&rig.flow);
	rig_stop();
}

static void a_slow_reader_is_cut_off(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig.flow.room = 0;
	rig_send(GET("/"));
	for (unsigned i = 0; i < 29; i++) {
		rig_wait(SECOND);
		flow_fake_room(&rig.flow, 1);
		rig_run(&rig.flow);
		assert_int_equal(rig.flow.out_bytes, i + 1);
	}
	assert_false(rig.flow.aborted);
	rig_wait(2 * SECOND);
	assert_true(rig.flow.aborted);
	assert_int_equal(http_stats(rig.http)->timeouts, 1);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void the_next_deadline_is_always_known(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	assert_true(http_poll(rig.http, rig.now_us) == UINT64_MAX);
	unsigned wakes = rig.wakes;
	rig_open(&rig.flow);
	assert_int_equal(rig.wakes, wakes + 1); /* there is one now */
	assert_true(http_poll(rig.http, rig.now_us) == rig.now_us + 30 * SECOND);
	flow_fake_feed(&rig.flow, "G", 1);
	wakes = rig.wakes;
	flow_fake_poll(&rig.flow, rig.now_us);
	assert_int_equal(rig.wakes, wakes + 1); /* an earlier one */
	assert_true(http_poll(rig.http, rig.now_us) == rig.now_us + 10 * SECOND);
	rig_send("ET / HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_true(http_poll(rig.http, rig.now_us) == rig.now_us + 30 * SECOND);
	finish(&rig.flow);
	rig_stop();
}

#define UPLOAD_BEGUN "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 250\r\n\r\n"

static const struct http_config two_connections = {.connections = 2,
						   .header_timeout_us = 10 * SECOND,
						   .idle_timeout_us = 30 * SECOND,
						   .body_timeout_us = 30 * SECOND,
						   .body_bytes_max = 1000};

/* Asks, and takes nothing of the answer. */
static void stall(struct flow_fake *f)
{
	f->room = 0;
	flow_fake_feed(f, GET("/"), strlen(GET("/")));
	rig_run(f);
}

static void expect_served(struct flow_fake *f)
{
	flow_fake_feed(f, GET("/"), strlen(GET("/")));
	rig_run(f);
	assert_int_equal(f->out_bytes, strlen(INDEX_RESPONSE));
	assert_memory_equal(f->out, INDEX_RESPONSE, strlen(INDEX_RESPONSE));
}

static void too_many_connections(void **state)
{
	static struct flow_fake flows[5];
	(void)state;
	rig_start(&two_connections, 0);
	for (unsigned i = 0; i < 2; i++) {
		rig_open(&flows[i]);
		stall(&flows[i]);
	}
	rig_open(&flows[2]); /* is served before others have made room */
	expect_served(&flows[2]);
	rig_open(&flows[3]); /* at once: it gets the place of who is idle */
	assert_true(flows[2].aborted);
	flow_fake_fini(&flows[2]);
	stall(&flows[3]);
	rig_open(&flows[2]); /* nobody is */
	assert_true(flows[2].aborted);
	assert_int_equal(http_stats(rig.http)->rejected, 1);
	assert_int_equal(http_stats(rig.http)->displaced, 1);
	flow_fake_room(&flows[3], SIZE_MAX);
	finish(&flows[3]);
	rig_wait(SECOND); /* without others who want the place nobody has to go */
	assert_false(flow_fake_is_over(&flows[0]) || flow_fake_is_over(&flows[1]));
	rig_open(&flows[4]);
	expect_served(&flows[4]);
	assert_true(flows[0].aborted);
	assert_false(flow_fake_is_over(&flows[1]));
	flow_fake_fini(&flows[0]);
	flow_fake_fini(&flows[2]);
	finish(&flows[4]);
	flow_fake_room(&flows[1], SIZE_MAX);
	finish(&flows[1]);
	rig_stop();
}

static void who_is_idle_makes_room(void **state)
{
	static struct flow_fake flows[4];
	(void)state;
	rig_start(&two_connections, 0);
	rig_open(&flows[0]);
	rig_open(&flows[1]);
	rig_wait(SECOND);
	expect_served(&flows[0]); /* so the other one has been idle longer */
	rig_open(&flows[2]);
	rig_run(&flows[2]);
	assert_true(flows[1].aborted);
	rig_wait(SECOND);
	/* What has come, though nobody has looked at it yet, is no idleness. */
	flow_fake_feed(&flows[0], "GET / HTTP", 10);
	rig_open(&flows[3]);
	expect_served(&flows[3]);
	assert_true(flows[2].aborted);
	rig_run(&flows[0]);
	flow_fake_feed(&flows[0], "/1.1\r\nHost: a\r\n\r\n", 17);
	rig_run(&flows[0]);
	assert_int_equal(flows[0].out_bytes, 2 * strlen(INDEX_RESPONSE));
	assert_int_equal(http_stats(rig.http)->displaced, 2);
	assert_int_equal(http_stats(rig.http)->rejected, 0);
	for (unsigned i = 1; i < 3; i++)
		flow_fake_fini(&flows[i]);
	finish(&flows[0]);
	finish(&flows[3]);
	rig_stop();
}

/* Late by a quarter of a second, at a thousand bytes a second. */
static void who_is_slowest_makes_room(void **state)
{
	static struct flow_fake flows[3];
	(void)state;
	rig_start(&two_connections, 0);
	rig_open(&flows[0]);
	rig_open(&flows[1]);
	stall(&flows[0]);
	flow_fake_feed(&flows[1], UPLOAD_BEGUN, strlen(UPLOAD_BEGUN));
	rig_run(&flows[1]);
	for (unsigned i = 0; i < 20; i++) {
		rig_wait(SECOND);
		flow_fake_room(&flows[0], 1); /* too slow, but that is nobody's loss … */
		rig_run(&flows[0]);
		flow_fake_feed(&flows[1], "0123456789", 10);
		rig_run(&flows[1]);
	}
	rig_open(&flows[2]); /* … yet */
	expect_served(&flows[2]);
	assert_true(flows[0].aborted);
	assert_false(flow_fake_is_over(&flows[1]));
	assert_int_equal(rig.gone_calls, 0);
	flow_fake_fini(&flows[0]);
	flow_fake_init(&flows[0]);
	rig_wait(SECOND);
	stall(&flows[2]);
	rig_open(&flows[0]);
	rig_run(&flows[0]);
	assert_true(flows[1].aborted);
	assert_int_equal(rig.gone_calls, 1);
	flow_fake_fini(&flows[1]);
	finish(&flows[0]);
	flow_fake_room(&flows[2], SIZE_MAX);
	finish(&flows[2]);
	rig_stop();
}

/* The application's time is none of the peer's. */
static void who_waits_for_the_application_keeps_the_place(void **state)
{
	static struct flow_fake flows[3];
	(void)state;
	rig_start(&two_connections, 0);
	rig_open(&flows[0]);
	flow_fake_feed(&flows[0], GET("/late"), strlen(GET("/late")));
	rig_run(&flows[0]);
	rig_open(&flows[1]);
	stall(&flows[1]);
	rig_wait(20 * SECOND);
	rig_open(&flows[2]);
	expect_served(&flows[2]);
	assert_true(flows[1].aborted);
	assert_false(flow_fake_is_over(&flows[0]));
	http_respond(rig.pending, &(struct http_response){.status = 204});
	rig_run(&flows[0]);
	for (unsigned i = 0; i < 3; i += 2)
		finish(&flows[i]);
	flow_fake_fini(&flows[1]);
	rig_stop();
}

static void too_many_headers_in_pieces(void **state)
{
	static struct flow_fake flows[3];
	const struct http_config config = {.connections = 8,
					   .header_buffers = 2,
					   .header_timeout_us = 10 * SECOND,
					   .idle_timeout_us = 30 * SECOND,
					   .body_timeout_us = 30 * SECOND};
	(void)state;
	rig_start(&config, 0);
	for (unsigned i = 0; i < 3; i++) {
		rig_open(&flows[i]);
		flow_fake_feed(&flows[i], "GET ", 4);
		rig_run(&flows[i]);
	}
	assert_memory_equal(flows[2].out, UNAVAILABLE, strlen(UNAVAILABLE));
	finish(&flows[2]);
	/* Whoever sends a header in one piece is served all the same, if its path is plain. */
	rig_open(&rig.flow);
	rig_send(GET("/"));
	rig_expect(INDEX_RESPONSE);
	rig_send(GET("/%61.css"));
	rig_expect(UNAVAILABLE);
	finish(&rig.flow);
	rig_wait(11 * SECOND);
	for (unsigned i = 0; i < 2; i++) {
		assert_memory_equal(flows[i].out, TIMEOUT, strlen(TIMEOUT));
		finish(&flows[i]);
	}
	rig_stop();
}

static void errors_outlive_what_the_peer_still_sends(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send("nonsense\r\n\r\n");
	rig_expect(BAD_REQUEST);
	assert_true(rig.flow.shut_down);
	for (unsigned i = 0; i < 10; i++)
		rig_send("more of it");
	assert_false(flow_fake_is_over(&rig.flow));
	assert_int_equal(rig.flow.received_bytes, 0);
	rig_wait(3 * SECOND); /* not for ever */
	assert_true(rig.flow.closed);
	flow_fake_fini(&rig.flow);

	static char flood[HTTP_LINGER_BYTES + 1000]; /* and not any amount */
	rig_open(&rig.flow);
	rig_send("nonsense\r\n\r\n");
	flow_fake_feed_split(&rig.flow, flood, sizeof(flood), 100);
	rig_run(&rig.flow);
	assert_true(rig.flow.closed);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* The refused body is still on its way: closing now would answer it with a reset. */
static void a_refused_body_is_drained(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
	rig_expect(ERROR("405 Method Not Allowed", "23", "Allow: GET, HEAD, OPTIONS\r\n" CLOSE));
	assert_true(rig.flow.shut_down);
	assert_false(flow_fake_is_over(&rig.flow));
	rig_send("abcde");
	assert_int_equal(rig.flow.received_bytes, 0);
	finish(&rig.flow);
	rig_stop();
}

/* --- late answers ---------------------------------------------------------------------------- */

static void a_late_answer(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send(GET("/late") GET("/"));
	rig_expect("");
	assert_int_equal(rig.late_calls, 1);
	rig_wait(20 * SECOND);
	http_respond(rig.pending, &(struct http_response){.status = 201,
							  .content_type = "text/plain",
							  .body = SLICE_STATIC("done", 4)});
	expect_assert_failure(http_respond(rig.pending, &(struct http_response){.status = 200}));
	rig.pending = NULL;
	rig_run(&rig.flow);
	rig_expect("HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"
		   "done" INDEX_RESPONSE);
	assert_int_equal(rig.gone_calls, 0);
	finish(&rig.flow);
	rig_stop();
}

static void a_late_answer_after_a_body(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send("POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
	assert_non_null(rig.pending);
	http_respond(rig.pending, &(struct http_response){.status = 404});
	rig.pending = NULL;
	rig_run(&rig.flow);
	rig_expect(ERROR("404 Not Found", "14", ""));
	finish(&rig.flow);
	assert_int_equal(rig.gone_calls, 0);
	rig_stop();
}

static void an_answer_too_late(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send(GET("/late"));
	rig_wait(31 * SECOND);
	assert_null(rig.pending);
	assert_int_equal(rig.gone_calls, 1);
	rig_expect(UNAVAILABLE);
	finish(&rig.flow);
	rig_stop();
}

static void the_peer_leaves_before_the_answer(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig_open(&rig.flow);
	rig_send(GET("/late"));
	flow_fake_reset(&rig.flow);
	rig_run(&rig.flow);
	assert_null(rig.pending);
	assert_int_equal(rig.gone_calls, 1);
	flow_fake_fini(&rig.flow);

	rig_open(&rig.flow); /* half-closed is not left: it may still read */
	rig_send(GET("/late"));
	flow_fake_eof(&rig.flow);
	rig_run(&rig.flow);
	http_respond(rig.pending, &(struct http_response){.status = 204});
	rig.pending = NULL;
	rig_run(&rig.flow);
	rig_expect("HTTP/1.1 204 No Content\r\n\r\n");
	assert_true(rig.flow.closed);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* --- breaks ---------------------------------------------------------------------------------- */

/* The connection breaks after each number of bytes written: everything is given back. */
static void a_reset_at_every_byte_of_a_response(void **state)
{
	static const char *const paths[] = {"/owned", "/sized", "/stream"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char request[64];
		snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i]);
		for (size_t room = 0; room < 260; room++) {
			rig_start(NULL, 0);
			rig.stream = "abcdefghijklmnopqrstuvwxyz";
			rig.run_bytes = 7;
			rig_open(&rig.flow);
			rig.flow.room = room;
			rig_send(request);
			flow_fake_reset(&rig.flow);
			rig_run(&rig.flow);
			assert_true(flow_fake_is_over(&rig.flow));
			assert_int_equal(rig.sources_done, i > 0);
			flow_fake_fini(&rig.flow);
			rig_stop();
		}
	}
}

/* The write itself fails, before the event comes. */
static void a_write_that_fails(void **state)
{
	(void)state;
	for (size_t room = 0; room < 100; room += 30) {
		rig_start(NULL, 0);
		rig_open(&rig.flow);
		rig.flow.room = room;
		rig_send(GET("/"));
		rig.flow.error = ERR_RESET;
		rig.flow.short_write = true;
		flow_fake_room(&rig.flow, 10);
		rig_run(&rig.flow);
		assert_true(flow_fake_is_over(&rig.flow));
		flow_fake_fini(&rig.flow);
		rig_stop();
	}
}

static void waking_for_nothing_is_harmless(void **state)
{
	(void)state;
	rig_start(NULL, 0);
	rig.stream = "abc";
	rig_open(&rig.flow);
	rig.flow.room = 0;
	rig_send(GET("/stream"));
	http_wake(rig.streaming);
	http_wake(rig.streaming);
	flow_fake_reset(&rig.flow); /* ends while it is in the queue of http_poll() */
	flow_fake_poll(&rig.flow, rig.now_us);
	http_poll(rig.http, rig.now_us);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void everything_is_404_until_there_are_routes(void **state)
{
	(void)state;
	rig_start_without_routes(NULL, 0);
	rig_open(&rig.flow);
	rig_send(GET("/") GET("/upload"));
	rig_expect(ERROR("404 Not Found", "14", "") ERROR("404 Not Found", "14", ""));
	rig_set_routes();
	rig_send(GET("/"));
	rig_expect(INDEX_RESPONSE);
	expect_assert_failure(rig_set_routes());
	finish(&rig.flow);
	rig_stop();
	rig_start_without_routes(NULL, 0);
	rig_exchange("a body that nobody wants",
		     "POST /upload HTTP/1.1\r\nHost: example\r\nContent-Length: 5\r\n\r\nhello",
		     ERROR("404 Not Found", "14", CLOSE));
	rig_stop();
}

static void a_thousand_connections_need_little(void **state)
{
	const struct http_config config = {.connections = 1000};
	(void)state;
	assert_true(sizeof(struct http_conn) <= 300);
	assert_in_range(http_memory_bytes(&config), 1, 900 * 1024);
}

int http_conn_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_pipelined_requests),
		cmocka_unit_test(a_peer_that_does_not_read_is_not_read),
		cmocka_unit_test(an_idle_connection_closes_silently),
		cmocka_unit_test(a_slow_header_is_408),
		cmocka_unit_test(a_slow_body_is_408),
		cmocka_unit_test(a_slow_reader_is_cut_off),
		cmocka_unit_test(the_next_deadline_is_always_known),
		cmocka_unit_test(too_many_connections),
		cmocka_unit_test(who_is_idle_makes_room),
		cmocka_unit_test(who_is_slowest_makes_room),
		cmocka_unit_test(who_waits_for_the_application_keeps_the_place),
		cmocka_unit_test(too_many_headers_in_pieces),
		cmocka_unit_test(errors_outlive_what_the_peer_still_sends),
		cmocka_unit_test(a_refused_body_is_drained),
		cmocka_unit_test(a_late_answer),
		cmocka_unit_test(a_late_answer_after_a_body),
		cmocka_unit_test(an_answer_too_late),
		cmocka_unit_test(the_peer_leaves_before_the_answer),
		cmocka_unit_test(a_reset_at_every_byte_of_a_response),
		cmocka_unit_test(a_write_that_fails),
		cmocka_unit_test(waking_for_nothing_is_harmless),
		cmocka_unit_test(everything_is_404_until_there_are_routes),
		cmocka_unit_test(a_thousand_connections_need_little),
	};
	return cmocka_run_group_tests_name("connections", tests, NULL, NULL);
}
