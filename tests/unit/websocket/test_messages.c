/* SPDX-License-Identifier: ISC */
/* The opening handshake, messages, control frames between them, and back-pressure. */
#include "tests/unit/websocket/rig.h"

/* --- the opening handshake ------------------------------------------------------------------- */

#define KEY      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION  "Sec-WebSocket-Version: 13\r\n"
#define WANT     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define GET(f)   "GET /ws HTTP/1.1\r\nHost: a\r\n" f "\r\n"
#define PLAIN(n) "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " n "\r\n"
#define REQUIRED                                                                                   \
	"HTTP/1.1 426 Upgrade Required\r\n" PLAIN(                                                 \
		"21") "Upgrade: websocket\r\n"                                                     \
		      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
#define UPGRADE_REQUIRED REQUIRED "\r\n426 Upgrade Required\n"
#define BAD              "HTTP/1.1 400 Bad Request\r\n" PLAIN("16") "\r\n400 Bad Request\n"
#define FORBIDDEN        "HTTP/1.1 403 Forbidden\r\n" PLAIN("14") "\r\n403 Forbidden\n"

static void handshakes(void **state)
{
	static const struct {
		const char *request, *response;
	} table[] = {
		{UPGRADE, UPGRADED},
		{GET("Upgrade: h2c, WebSocket\r\nConnection: keep-alive, upgrade\r\n" KEY VERSION),
		 UPGRADED},
		{GET("Upgrade: h2c\r\nUpgrade: websocket\r\nConnection: x\r\n"
		     "connection: upgrade\r\n" KEY VERSION),
		 UPGRADED},
		{UPGRADE_WITH("Origin: good\r\n"), UPGRADED},
		{UPGRADE_WITH("Origin: evil\r\n"), FORBIDDEN},
		{GET(""), UPGRADE_REQUIRED},
		{GET("Connection: Upgrade\r\n" KEY VERSION), UPGRADE_REQUIRED},
		{GET("Upgrade: websockets\r\nConnection: Upgrade\r\n" KEY VERSION),
		 UPGRADE_REQUIRED},
		{GET("Upgrade: websocket\r\n" KEY VERSION), UPGRADE_REQUIRED},
		{GET(WANT KEY), UPGRADE_REQUIRED},
		{GET(WANT KEY "Sec-WebSocket-Version: 8\r\n"), UPGRADE_REQUIRED},
		{GET(WANT VERSION), BAD},
		{GET(WANT KEY KEY VERSION), BAD},
		{GET(WANT "Sec-WebSocket-Key: abc\r\n" VERSION), BAD},
		{"GET /ws HTTP/1.0\r\n" WANT KEY VERSION "\r\n",
		 REQUIRED "Connection: close\r\n\r\n426 Upgrade Required\n"},
		{"POST /ws HTTP/1.1\r\nHost: a\r\n" WANT KEY VERSION "\r\n",
		 "HTTP/1.1 405 Method Not Allowed\r\n" PLAIN(
			 "23") "Allow: GET, HEAD, OPTIONS\r\n\r\n405 Method Not Allowed\n"},
	};
	(void)state;
	rig_start(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		rig_open();
		rig_send(table[i].request, strlen(table[i].request));
		rig_expect(table[i].request, table[i].response, strlen(table[i].response));
		flow_fake_eof(&rig.flow);
		rig_run();
		assert_true(flow_fake_is_over(&rig.flow));
		flow_fake_fini(&rig.flow);
	}
	assert_int_equal(websocket_stats(rig.ws)->opened, 4);
	rig_stop();
}

static void connections_are_limited(void **state)
{
	struct websocket_config config = websocket_config_default;
	static const char full[] =
		"HTTP/1.1 503 Service Unavailable\r\n" PLAIN("24") "\r\n503 Service Unavailable\n";
	static struct flow_fake first;
	(void)state;
	config.connections = 1;
	rig_start(&config);
	rig_connect();
	struct websocket_conn *conn = rig.conn;
	assert_non_null(conn);
	flow_fake_init(&first);
	http_accept(rig.http, &first.flow, rig.now_us);
	flow_fake_feed(&first, UPGRADE, strlen(UPGRADE));
	flow_fake_poll(&first, rig.now_us);
	rig_run();
	assert_int_equal(first.out_bytes, strlen(full));
	assert_memory_equal(first.out, full, strlen(full));
	assert_int_equal(websocket_stats(rig.ws)->rejected, 1);
	flow_fake_eof(&first);
	flow_fake_poll(&first, rig.now_us);
	flow_fake_eof(&rig.flow);
	rig_run();
	flow_fake_fini(&first);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* The peer has gone before the server could answer. */
static void a_handshake_that_is_lost(void **state)
{
	(void)state;
	rig_start(NULL);
	rig_open();
	flow_fake_feed(&rig.flow, UPGRADE, strlen(UPGRADE));
	flow_fake_poll(&rig.flow, rig.now_us);
	assert_int_equal(rig.ws->conns.used, 1);
	flow_fake_reset(&rig.flow);
	flow_fake_poll(&rig.flow, rig.now_us);
	assert_int_equal(rig.ws->conns.used, 0);
	rig_run();
	assert_int_equal(rig.opened, 0);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

/* --- messages -------------------------------------------------------------------------------- */

static struct bytes in, out;

static void begin(void)
{
	in.len = 0;
	out.len = 0;
}

/* A message in one frame, echoed. */
static void both(unsigned first, const void *payload, size_t len)
{
	put_masked(&in, first, payload, len);
	put_plain(&out, first, payload, len);
}

static void echoes(void **state)
{
	static uint8_t noise[70000];
	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * 7 + i / 251);
	rig_start(NULL);
	begin();
	both(FIN | TEXT, "Hello", 5);
	both(FIN | TEXT, "", 0);
	both(FIN | BINARY, noise, 126);
	both(FIN | BINARY, "", 0);
	both(FIN | TEXT, "\xe2\x82\xac\xf0\x9d\x84\x9e", 7);
	rig_exchange("messages", &in, &out);
	begin();
	both(FIN | BINARY, noise, sizeof(noise));
	put_masked(&in, FIN | PING, "p", 1);
	put_plain(&out, FIN | PONG, "p", 1);
	both(FIN | TEXT, "behind it", 9);
	rig_exchange_once("a long message", &in, &out);
	assert_int_equal(rig.code, WEBSOCKET_LOST);
	assert_true(websocket_stats(rig.ws)->bytes_in == websocket_stats(rig.ws)->bytes_out);
	rig_stop();
}

static void fragments_with_control_frames_between(void **state)
{
	(void)state;
	rig_start(NULL);
	begin();
	put_masked(&in, TEXT, "\xe2\x82", 2); /* a character in two frames */
	put_masked(&in, FIN | PING, "ping", 4);
	put_masked(&in, CONT, "", 0);
	put_masked(&in, FIN | PONG, "nobody asked", 12);
	put_masked(&in, CONT, "\xac-", 2);
	put_masked(&in, FIN | CONT, "end", 3);
	put_plain(&out, FIN | TEXT, "\xe2\x82\xac-end", 7);
	put_masked(&in, BINARY, "", 0);
	put_masked(&in, FIN | CONT, "", 0);
	put_plain(&out, FIN | BINARY, "", 0);
	/* Where among the pieces of the message the pong stands depends on the pieces. */
	struct bytes *with_pong = &out;
	static struct bytes first;
	first.len = 0;
	put_plain(&first, FIN | PONG, "ping", 4);
	put(&first, with_pong->at, with_pong->len);
	rig_exchange("fragments", &in, &first);
	rig_stop();
}

/* --- back-pressure --------------------------------------------------------------------------- */

static void what_the_handler_does_not_take_stays_in_the_flow(void **state)
{
	(void)state;
	rig_start(NULL);
	rig_connect();
	begin();
	both(FIN | TEXT, "wait for me", 11);
	rig.takes_nothing = true;
	rig_send(in.at, in.len);
	rig_expect("nothing yet", "", 0);
	assert_int_equal(rig.flow.received_bytes, 11);
	rig_wait(100 * SECOND); /* nor is the peer to blame */
	assert_int_equal(rig.ended, 0);
	rig.takes_nothing = false;
	websocket_resume(rig.conn);
	rig_run();
	rig_expect("the echo", out.at, out.len);
	flow_fake_reset(&rig.flow);
	rig_run();
	assert_int_equal(rig.code, WEBSOCKET_LOST);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void a_handler_that_takes_little(void **state)
{
	(void)state;
	rig_start(NULL);
	rig.takes_one = true;
	begin();
	both(FIN | TEXT, "\xc3\xa4\xc3\xb6\xc3\xbc", 6);
	both(FIN | BINARY, "12345", 5);
	rig_exchange("one at a time", &in, &out);
	rig_stop();
}

/* A peer that sends and does not read fills nothing of ours, and is given up in the end. */
static void a_peer_that_does_not_read(void **state)
{
	static uint8_t zeros[8192];
	(void)state;
	rig_start(NULL);
	rig_connect();
	rig.flow.room = 100;
	begin();
	put_masked(&in, FIN | BINARY, zeros, sizeof(zeros));
	rig_send(in.at, in.len);
	assert_int_equal(rig.flow.room, 0);
	assert_int_equal(rig.flow.received_bytes, sizeof(zeros) - 96);
	rig_wait(29 * SECOND);
	assert_int_equal(rig.ended, 0);
	rig_wait(2 * SECOND);
	assert_int_equal(rig.ended, 1);
	assert_int_equal(rig.code, WEBSOCKET_LOST);
	assert_true(rig.flow.aborted);
	assert_int_equal(websocket_stats(rig.ws)->timeouts, 1);
	flow_fake_fini(&rig.flow);
	rig_stop();
}

static void slices_go_out_without_a_copy(void **state)
{
	static const uint8_t text[] = "static bytes";
	struct slice s = SLICE_STATIC(text, 12);
	(void)state;
	rig_start(NULL);
	rig_connect();
	rig.flow.room = 1;
	assert_int_equal(websocket_write(rig.conn, WEBSOCKET_TEXT, s, true), ERR_AGAIN);
	rig.flow.room = 5;
	rig.flow.short_write = true;
	rig_run();
	assert_int_equal(rig.writables, 1);
	assert_int_equal(websocket_write(rig.conn, WEBSOCKET_TEXT, s, true), 4);
	flow_fake_room(&rig.flow, SIZE_MAX);
	rig_run();
	s.data += 4;
	assert_int_equal(websocket_write(rig.conn, WEBSOCKET_TEXT, s, true), 8);
	begin();
	put_plain(&out, FIN | TEXT, text, 12);
	rig_expect("one frame", out.at, out.len);
	flow_fake_reset(&rig.flow);
	rig_run();
	flow_fake_fini(&rig.flow);
	rig_stop();
}

int websocket_messages_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshakes),
		cmocka_unit_test(connections_are_limited),
		cmocka_unit_test(a_handshake_that_is_lost),
		cmocka_unit_test(echoes),
		cmocka_unit_test(fragments_with_control_frames_between),
		cmocka_unit_test(what_the_handler_does_not_take_stays_in_the_flow),
		cmocka_unit_test(a_handler_that_takes_little),
		cmocka_unit_test(a_peer_that_does_not_read),
		cmocka_unit_test(slices_go_out_without_a_copy),
	};
	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
