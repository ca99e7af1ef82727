/* SPDX-License-Identifier: ISC */
/* The closing handshake, what breaks the protocol, and time limits. */
#include "tests/unit/websocket/rig.h"

static struct bytes in, out;

static void begin(void)
{
	in.len = 0;
	out.len = 0;
}

static void put_close(struct bytes *b, unsigned code)
{
	const uint8_t payload[2] = {(uint8_t)(code >> 8), (uint8_t)code};
	put_plain(b, FIN | CLOSE, payload, 2);
}

#define SEND(first, text) put_masked(&in, (first), text, sizeof(text) - 1)

/* --- the peer closes ------------------------------------------------------------------------- */

static void the_peer_closes(void **state)
{
	static const struct {
		const char *payload;
		size_t len;
		unsigned answer, told; /* answer 0: a Close without a code */
	} table[] = {
		{"", 0, 0, WEBSOCKET_NO_CODE},
		{"\x03\xe8", 2, 1000, 1000},
		{"\x03\xe8"
		 "bye",
		 5, 1000, 1000},
		{"\x0f\xa0", 2, 4000, 4000},
		{"\x03", 1, 1002, 1002},     /* half a code */
		{"\x03\xed", 2, 1002, 1002}, /* 1005 is never sent */
		{"\x00\x00", 2, 1002, 1002},
		{"\x03\xe8\xc3\x28", 4, 1007, 1007}, /* a reason that is not UTF-8 */
		{"\x03\xe8\xc3", 3, 1007, 1007},
	};
	(void)state;
	rig_start(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		begin();
		put_masked(&in, FIN | CLOSE, table[i].payload, table[i].len);
		SEND(FIN | TEXT, "never looked at");
		if (table[i].answer == 0)
			put_plain(&out, FIN | CLOSE, "", 0);
		else
			put_close(&out, table[i].answer);
		rig_exchange("close", &in, &out);
		assert_int_equal(rig.code, table[i].told);
		assert_int_equal(rig.shown_bytes, 0);
	}
	rig_stop();
}

/* In the middle of a fragmented message, with an answer to a ping still due. */
static void closing_between_fragments(void **state)
{
	(void)state;
	rig_start(NULL);
	rig.silent = true;
	begin();
	SEND(TEXT, "abc");
	SEND(FIN | PING, "x");
	SEND(FIN | CLOSE, "\x03\xe9");
	put_plain(&out, FIN | PONG, "x", 1);
	put_close(&out, 1001);
	rig_exchange("close", &in, &out);
	rig_stop();
}

/* --- what no client may send ----------------------------------------------------------------- */

static void check_error(const char *what, unsigned code)
{
	unsigned errors = websocket_stats(rig.ws)->errors;
	rig.silent = true;
	put_close(&out, code);
	rig_exchange(what, &in, &out);
	assert_int_equal(rig.code, code);
	assert_true(websocket_stats(rig.ws)->errors > errors);
	begin();
}

static void errors(void **state)
{
	struct websocket_config config = websocket_config_default;
	(void)state;
	config.frame_bytes_max = 20;
	config.message_bytes_max = 30;
	rig_start(&config);
	begin();
	put_plain(&in, FIN | TEXT, "abc", 3);
	check_error("not masked", 1002);
	SEND(FIN | CONT, "x");
	check_error("nothing to continue", 1002);
	SEND(TEXT, "x");
	SEND(FIN | TEXT, "y");
	check_error("a message in a message", 1002);
	SEND(FIN | TEXT | 0x40, "x");
	check_error("an extension", 1002);
	SEND(FIN | 3, "x");
	check_error("an unknown opcode", 1002);
	SEND(PING, "x");
	check_error("a ping in fragments", 1002);
	SEND(FIN | BINARY, "123456789012345678901");
	check_error("a long frame", 1009);
	SEND(BINARY, "12345678901234567890");
	SEND(CONT, "1234567890");
	SEND(FIN | CONT, "1");
	check_error("a long message", 1009);
	SEND(FIN | TEXT, "a\xff");
	check_error("no UTF-8", 1007);
	SEND(FIN | TEXT, "a\xc3");
	check_error("half a character", 1007);
	SEND(TEXT, "a\xed");
	SEND(CONT, "\xa0");
	check_error("a surrogate, refused before the message is over", 1007);
	SEND(TEXT, "a\xc3");
	SEND(FIN | CONT, "");
	check_error("half a character at the end of fragments", 1007);
	rig.fails = true;
	SEND(FIN | TEXT, "a");
	check_error("the application's error", 1011);
	rig_stop();
}

/* After an error the rest is dropped, but not for ever. */
static void after_an_error(void **state)
{
	static const uint8_t zeros[40000];
	(void)state;
	rig_start(NULL);
	rig_connect();
	begin();
	put_plain(&in, FIN | TEXT, "abc", 3);
	rig_send(in.at, in.len);
	assert_true(rig.flow.shut_down);
	rig_send(zeros, sizeof(zeros));
	assert_int_equal(rig.ended, 0);
	rig_send(zeros, sizeof(zeros));
	assert_int_equal(rig.ended, 1);
	flow_fake_fini(&rig.flow);
	rig_connect();
	rig_send(in.at, in.len);
	rig_wait(6 * SECOND);
	assert_int_equal(rig.ended, 2);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* --- we close -------------------------------------------------------------------------------- */

static void we_close(void **state)
{
	(void)state;
	rig_start(NULL);
	rig_connect();
	websocket_close(rig.conn, 4321);
	websocket_close(rig.conn, 1000); /* the first counts */
	assert_int_equal(websocket_write_copy(rig.conn, WEBSOCKET_TEXT, "x", 1, true), ERR_CLOSED);
	rig_run();
	begin();
	put_close(&out, 4321);
	rig_expect("our Close", out.at, out.len);
	SEND(FIN | TEXT, "on its way already");
	SEND(FIN | PING, "so is this");
	rig_send(in.at, in.len);
	rig_expect("no more", "", 0);
	assert_int_equal(rig.shown_bytes, 0);
	assert_int_equal(rig.ended, 0);
	begin();
	SEND(FIN | CLOSE, "\x10\xe1");
	rig_send(in.at, in.len);
	assert_int_equal(rig.code, 4321);
	assert_true(rig.flow.closed);
	flow_fake_fini(&rig.flow);

	rig_connect();
	websocket_close(rig.conn, 1000);
	rig_wait(4 * SECOND);
	assert_int_equal(rig.ended, 1);
	rig_wait(2 * SECOND);
	assert_int_equal(rig.ended, 2);
	assert_true(rig.flow.aborted);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void closing_from_the_data_handler(void **state)
{
	(void)state;
	rig_start(NULL);
	rig.closes = true;
	rig_connect();
	begin();
	SEND(TEXT, "first");
	SEND(FIN | CONT, "second");
	SEND(FIN | CLOSE, "\x03\xe9");
	put_close(&out, 1001);
	rig_send(in.at, in.len);
	rig_expect("our Close", out.at, out.len);
	assert_int_equal(rig.code, 1001);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* A frame whose rest will never come: no Close can follow it. */
static void closing_in_the_middle_of_a_frame(void **state)
{
	(void)state;
	rig_start(NULL);
	rig_connect();
	rig.flow.room = 5;
	assert_int_equal(websocket_write_copy(rig.conn, WEBSOCKET_TEXT, "12345", 5, true), 3);
	websocket_close(rig.conn, 1000);
	flow_fake_room(&rig.flow, SIZE_MAX);
	rig_run();
	begin();
	put(&out,
	    "\x81\x05"
	    "123",
	    5);
	rig_expect("nothing behind it", out.at, out.len);
	assert_true(rig.flow.aborted);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* --- silence --------------------------------------------------------------------------------- */

static void silent_peers_are_pinged(void **state)
{
	(void)state;
	rig_start(NULL);
	rig_connect();
	rig_wait(29 * SECOND);
	rig_expect("not yet", "", 0);
	rig_wait(SECOND);
	begin();
	put_plain(&out, FIN | PING, "", 0);
	rig_expect("a ping", out.at, out.len);
	SEND(FIN | PONG, "");
	rig_wait(20 * SECOND);
	rig_send(in.at, in.len);
	rig_wait(29 * SECOND);
	assert_int_equal(rig.ended, 0);
	rig_wait(SECOND);
	rig_expect("another", out.at, out.len);
	rig_wait(30 * SECOND);
	assert_int_equal(rig.ended, 1);
	assert_int_equal(rig.code, WEBSOCKET_LOST);
	assert_true(rig.flow.aborted);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

int websocket_closing_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_peer_closes),
		cmocka_unit_test(closing_between_fragments),
		cmocka_unit_test(errors),
		cmocka_unit_test(after_an_error),
		cmocka_unit_test(we_close),
		cmocka_unit_test(closing_from_the_data_handler),
		cmocka_unit_test(closing_in_the_middle_of_a_frame),
		cmocka_unit_test(silent_peers_are_pinged),
	};
	return cmocka_run_group_tests_name("closing", tests, NULL, NULL);
}
