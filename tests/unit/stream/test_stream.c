/* SPDX-License-Identifier: ISC */
/*
 * One fiber uses the stream, another plays the network.
 */
#include "runtime/fiber/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/loop/loop.h"
#include "tests/fakes/flow_fake.h"
#include "tests/fakes/machine.h"
#include "tests/unit/fiber/world.h"

static struct flow_fake fake;
static struct stream stream;
static struct fiber user, network;

static void network_step(void)
{
	(void)flow_fake_poll(&fake, time_now_us());
	fiber_sleep(10);
}

static void play(void (*use)(void *arg), void (*peer)(void *arg))
{
	flow_fake_init(&fake);
	stream_init(&stream, &fake.flow);
	spawn(&user, use, NULL);
	spawn(&network, peer, NULL);
	run_until_ended(&user);
	run_until_ended(&network);
	flow_fake_fini(&fake);
}

static void read_all(void *arg)
{
	char bytes[5];
	ssize_t n;
	(void)arg;
	while ((n = stream_read(&stream, bytes, sizeof(bytes) - 1, TIME_NEVER)) > 0) {
		bytes[n] = '\0';
		note(bytes);
		note("|");
	}
	assert_int_equal(n, ERR_EOF);
	stream_close(&stream);
}

static void send_in_pieces(void *arg)
{
	(void)arg;
	network_step();
	flow_fake_feed(&fake, "hello, ", 7);
	network_step();
	flow_fake_feed(&fake, "world", 5);
	flow_fake_eof(&fake);
	network_step();
}

static void reads_what_comes_until_the_end(void **state)
{
	(void)state;
	play(read_all, send_in_pieces);
	assert_string_equal(trace, "hell|o, |worl|d|");
}

static void read_with_deadline(void *arg)
{
	struct slice s;
	char byte;
	(void)arg;
	assert_int_equal(stream_read(&stream, &byte, 1, 5), ERR_TIMEOUT);
	assert_int_equal(time_now_us(), 5);
	assert_int_equal(stream_peek(&stream, &s, TIME_NEVER), OK);
	assert_memory_equal(s.data, "hello, ", 7);
	stream_consume(&stream, 5);
	assert_int_equal(stream_peek(&stream, &s, 0), OK);
	assert_memory_equal(s.data, ", ", 2);
	stream_abort(&stream);
}

static void a_read_can_time_out_and_be_repeated(void **state)
{
	(void)state;
	play(read_with_deadline, send_in_pieces);
	assert_true(fake.aborted);
}

static void write_hello(void *arg)
{
	(void)arg;
	assert_int_equal(stream_write_all(&stream, "hello, world", 12, TIME_NEVER), OK);
	note("written");
	assert_int_equal(stream_drain(&stream, TIME_NEVER), OK);
	note(" and acknowledged");
	stream_shutdown(&stream);
	stream_close(&stream);
}

static void take_slowly(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < 4; i++) {
		assert_string_equal(trace, "");
		network_step();
		flow_fake_room(&fake, 3);
	}
	network_step();
	assert_string_equal(trace, "written");
	flow_fake_ack(&fake);
	network_step();
	assert_string_equal(trace, "written and acknowledged");
}

static void start_without_room(void *arg)
{
	fake.room = 0;
	write_hello(arg);
}

static void writes_all_however_little_is_taken(void **state)
{
	(void)state;
	play(start_without_room, take_slowly);
	assert_true(fake.closed);
}

static void write_some(void *arg)
{
	struct slice text = SLICE_STATIC("hello", 5);
	(void)arg;
	fake.room = 2;
	assert_int_equal(stream_write_some(&stream, text, TIME_NEVER), 2);
	assert_int_equal(stream_write_some(&stream, text, 50), ERR_TIMEOUT);
	assert_int_equal(time_now_us(), 50);
	assert_int_equal(stream_write_some(&stream, text, TIME_NEVER), 3);
	assert_int_equal(stream_write_some(&stream, text, TIME_NEVER), ERR_RESET);
	assert_memory_equal(fake.out, "hehel", 5);
	stream_close(&stream);
}

static void make_room_then_reset(void *arg)
{
	(void)arg;
	fiber_sleep(100);
	flow_fake_room(&fake, 3);
	network_step();
	flow_fake_reset(&fake);
	network_step();
}

static void a_write_of_some_tells_how_much(void **state)
{
	(void)state;
	play(write_some, make_room_then_reset);
}

static void write_in_vain(void *arg)
{
	(void)arg;
	fake.room = 2;
	assert_int_equal(stream_write_all(&stream, "hello", 5, 100), ERR_TIMEOUT);
	assert_int_equal(time_now_us(), 100);
	assert_int_equal(stream_write_slice(&stream, SLICE_STATIC("x", 1), TIME_NEVER), ERR_RESET);
	stream_close(&stream);
}

static void reset_later(void *arg)
{
	(void)arg;
	fiber_sleep(200);
	flow_fake_reset(&fake);
	network_step();
}

static void a_write_ends_with_the_deadline_or_the_flow(void **state)
{
	(void)state;
	play(write_in_vain, reset_later);
}

static void wait_for_connection(void *arg)
{
	(void)arg;
	assert_int_equal(stream_connected(&stream, 50), ERR_TIMEOUT);
	assert_int_equal(stream_connected(&stream, TIME_NEVER), OK);
	assert_int_equal(stream_drain(&stream, TIME_NEVER), ERR_RESET);
	stream_close(&stream);
}

static void connect_then_reset(void *arg)
{
	(void)arg;
	fiber_sleep(100);
	fake.flow.event(&fake.flow, fake.flow.arg, FLOW_CONNECTED, time_now_us());
	fiber_sleep(100);
	flow_fake_reset(&fake);
	network_step();
}

static void a_connection_is_waited_for(void **state)
{
	(void)state;
	play(wait_for_connection, connect_then_reset);
}

FIBER_POOL(servers, 1, 16 << 10);

static void serve_echo(struct stream *s)
{
	char bytes[8];
	ssize_t n = stream_read(s, bytes, sizeof(bytes), TIME_NEVER);
	if (n > 0)
		(void)!stream_write_all(s, bytes, (size_t)n, TIME_NEVER);
}

static void offer_two_flows(void *arg)
{
	static struct stream_server server = {"echo", &servers, serve_echo};
	struct flow_fake second;
	(void)arg;
	flow_fake_init(&fake);
	flow_fake_init(&second);
	stream_accept(&server, &fake.flow, time_now_us());
	flow_fake_feed(&fake, "ping", 4); /* before the fiber has run */
	(void)flow_fake_poll(&fake, time_now_us());
	stream_accept(&server, &second.flow, time_now_us());
	assert_true(second.aborted); /* the only fiber is busy */
	fiber_sleep(10);
	assert_true(fake.closed);
	assert_int_equal(fake.out_bytes, 4);
	assert_memory_equal(fake.out, "ping", 4);
	assert_int_equal(servers.used, 0);
	flow_fake_fini(&fake);
	flow_fake_fini(&second);
}

static void a_server_has_a_fiber_for_each_flow(void **state)
{
	(void)state;
	spawn(&network, offer_two_flows, NULL);
	run_until_ended(&network);
}

static void read_just_seven(void *arg)
{
	char bytes[8] = {0};
	(void)arg;
	assert_int_equal(stream_read_all(&stream, bytes, 7, TIME_NEVER), OK);
	assert_string_equal(bytes, "hello, ");
	assert_int_equal(stream_read_all(&stream, bytes, 6, TIME_NEVER), ERR_EOF);
	stream_close(&stream);
}

static void reads_just_as_much_as_it_should(void **state)
{
	(void)state;
	play(read_just_seven, send_in_pieces);
}

static void use_until_cancelled(void *arg)
{
	char byte;
	(void)arg;
	fake.room = 0;
	assert_int_equal(stream_read(&stream, &byte, 1, TIME_NEVER), ERR_CANCELLED);
	assert_int_equal(time_now_us(), 100);
	assert_int_equal(stream_write_all(&stream, "x", 1, TIME_NEVER), ERR_CANCELLED);
	assert_int_equal(stream_drain(&stream, TIME_NEVER), ERR_CANCELLED);
	stream_abort(&stream);
}

static void cancel_user(void *arg)
{
	(void)arg;
	fiber_sleep(100);
	fiber_cancel(&user);
}

static void a_cancelled_fiber_gives_its_stream_back(void **state)
{
	(void)state;
	play(use_until_cancelled, cancel_user);
	assert_true(fake.aborted);
}

static struct stream_backlog backlog;
static struct flow *waiting_flows[2];
static struct flow_fake offered[3];

static void take_three(void *arg)
{
	struct stream s;
	char bytes[4];
	(void)arg;
	assert_int_equal(stream_backlog_take(&backlog, &s, 50), ERR_TIMEOUT);
	assert_int_equal(stream_backlog_take(&backlog, &s, TIME_NEVER), OK);
	assert_ptr_equal(s.flow, &offered[0].flow);
	assert_int_equal(stream_connected(&s, 0), OK);
	assert_int_equal(stream_read(&s, bytes, 4, TIME_NEVER), 4); /* came while it waited */
	stream_close(&s);
	assert_int_equal(stream_backlog_take(&backlog, &s, TIME_NEVER), OK);
	assert_ptr_equal(s.flow, &offered[1].flow);
	stream_close(&s);
	assert_int_equal(stream_backlog_take(&backlog, &s, TIME_NEVER), ERR_CLOSED);
}

static void offer_three(void *arg)
{
	(void)arg;
	fiber_sleep(100);
	for (unsigned i = 0; i < 3; i++)
		stream_backlog_add(&backlog, &offered[i].flow, time_now_us());
	assert_true(offered[2].aborted);
	assert_int_equal(backlog.refused, 1);
	flow_fake_feed(&offered[0], "ping", 4);
	(void)flow_fake_poll(&offered[0], time_now_us());
	fiber_sleep(100);
	assert_true(offered[1].closed);
	stream_backlog_close(&backlog);
}

static void connections_wait_for_a_fiber_to_take_them(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		flow_fake_init(&offered[i]);
	stream_backlog_init(&backlog, waiting_flows, 2);
	spawn(&user, take_three, NULL);
	spawn(&network, offer_three, NULL);
	run_until_ended(&user);
	run_until_ended(&network);
	for (unsigned i = 0; i < 3; i++)
		flow_fake_fini(&offered[i]);
}

static void those_that_wait_at_its_end_are_aborted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++)
		flow_fake_init(&offered[i]);
	stream_backlog_init(&backlog, waiting_flows, 2);
	stream_backlog_add(&backlog, &offered[0].flow, 0);
	stream_backlog_close(&backlog);
	stream_backlog_add(&backlog, &offered[1].flow, 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(offered[i].aborted);
		flow_fake_fini(&offered[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reads_what_comes_until_the_end, world_setup),
		cmocka_unit_test_setup(a_read_can_time_out_and_be_repeated, world_setup),
		cmocka_unit_test_setup(writes_all_however_little_is_taken, world_setup),
		cmocka_unit_test_setup(a_write_ends_with_the_deadline_or_the_flow, world_setup),
		cmocka_unit_test_setup(a_write_of_some_tells_how_much, world_setup),
		cmocka_unit_test_setup(a_connection_is_waited_for, world_setup),
		cmocka_unit_test_setup(a_server_has_a_fiber_for_each_flow, world_setup),
		cmocka_unit_test_setup(reads_just_as_much_as_it_should, world_setup),
		cmocka_unit_test_setup(a_cancelled_fiber_gives_its_stream_back, world_setup),
		cmocka_unit_test_setup(connections_wait_for_a_fiber_to_take_them, world_setup),
		cmocka_unit_test_setup(those_that_wait_at_its_end_are_aborted, world_setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
