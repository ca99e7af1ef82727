/* SPDX-License-Identifier: ISC */
/* Closing connections: RFC 9293 sections 3.6, 3.10.4 and 3.10.5, RFC 1337, RFC 2525. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

static struct world *open_one(struct peer *p, struct app **a)
{
	struct world *w = world_new(&world_config, false);
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

static unsigned time_waits(const struct world *w)
{
	return w->side[0].tcp->time_waits.used;
}

/* Figure 12 from the left: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT */
static void active_close(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_close(a);
	const struct seen *s = peer_expect(&p, TCP_FIN | TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	peer_ack(&p, s->seq + 1);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);
	peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->ack, p.seq);
	assert_int_equal(s->seq, p.ack);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0); /* TIME-WAIT holds no connection */
	assert_int_equal(time_waits(w), 1);
	peer_wait(&p, TCP_TIME_WAIT_US - 1);
	assert_int_equal(time_waits(w), 1);
	peer_wait(&p, 1);
	assert_int_equal(time_waits(w), 0);
	world_free(w);
}

/* Figure 12 from the right: CLOSE-WAIT, LAST-ACK */
static void passive_close(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	assert_int_equal(a->read_error, ERR_EOF);
	assert_int_equal(a->events, FLOW_READABLE);
	app_close(a);
	const struct seen *s = peer_expect(&p, TCP_FIN | TCP_ACK);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);
	peer_ack(&p, s->seq + 1);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	assert_int_equal(time_waits(w), 0);
	world_free(w);
}

/* Section 3.10.7.4, seventh: there is nothing behind the end of the stream. */
static void bytes_behind_the_fin_are_ignored(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	peer_send(&p, TCP_FIN | TCP_ACK, "abc", 3);
	(void)peer_expect(&p, TCP_ACK);
	peer_put(&p, TCP_ACK | TCP_FIN, p.seq, p.ack, "more", 4);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 3);
	assert_int_equal(a->read_error, ERR_EOF);
	assert_int_equal(peer_conn(&p)->rcv.nxt, p.seq);
	world_free(w);
}

/* Figure 13: both FINs cross, CLOSING */
static void simultaneous_close(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_close(a);
	uint32_t fin = peer_expect(&p, TCP_FIN | TCP_ACK)->seq;
	peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0); /* acknowledges nothing new */
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->ack, p.seq);
	assert_int_equal(s->seq, fin + 1);
	assert_int_equal(time_waits(w), 0);
	peer_ack(&p, fin + 1);
	peer_expect_silence(&p);
	assert_int_equal(time_waits(w), 1);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

/* The peer's FIN and its acknowledgement of ours come in one batch: its FIN is acknowledged too. */
static void simultaneous_close_in_one_batch(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_close(a);
	uint32_t fin = peer_expect(&p, TCP_FIN | TCP_ACK)->seq;
	peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
	peer_ack(&p, fin + 1);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_expect_silence(&p);
	assert_int_equal(time_waits(w), 1);
	world_free(w);
}

/* FIN-WAIT-1 to TIME-WAIT at once: the peer's FIN acknowledges ours */
static void fin_answers_fin(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_close(a);
	p.ack = peer_expect(&p, TCP_FIN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
	(void)peer_expect(&p, TCP_ACK);
	assert_int_equal(time_waits(w), 1);
	world_free(w);
}

/* Section 3.6, case 1: after our FIN the peer's data is still received and acknowledged */
static void half_close_by_us(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	assert_int_equal(flow_write_copy(a->flow, "req", 3), 3);
	flow_shutdown(a->flow);
	flow_shutdown(a->flow); /* once is enough */
	assert_int_equal(flow_write_copy(a->flow, "x", 1), ERR_CLOSED);
	const struct seen *s = peer_expect(&p, TCP_FIN | TCP_ACK | TCP_PSH);
	assert_int_equal(s->len, 3);
	peer_ack(&p, s->seq + 4);
	peer_wait(&p, 3 * (uint64_t)TCP_FIN_WAIT_2_US); /* the user has it: no time limit */
	peer_send(&p, TCP_ACK | TCP_PSH, "answer", 6);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 6);
	peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	assert_int_equal(a->read_error, ERR_EOF);
	assert_int_equal(time_waits(w), 1);
	assert_int_equal(flow_error(a->flow), OK);
	app_close(a);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

/* Section 3.6, case 2: after the peer's FIN we go on sending */
static void half_close_by_the_peer(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	peer_send(&p, TCP_FIN | TCP_ACK, "req", 3);
	(void)peer_expect(&p, TCP_ACK);
	assert_int_equal(a->in_len, 3);
	assert_int_equal(a->read_error, ERR_EOF);
	app_write(a, "long answer", 11);
	const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
	assert_int_equal(s->len, 11);
	peer_ack(&p, s->seq + 11);
	world_poll(w, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);
	app_close(a);
	(void)peer_expect(&p, TCP_FIN | TCP_ACK);
	world_free(w);
}

/* Received bytes stay readable after TIME-WAIT began, and then comes the end. */
static void unread_bytes_survive_time_wait(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct slice s;
	a->paused = true;
	flow_shutdown(a->flow);
	p.ack = peer_expect(&p, TCP_FIN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_FIN | TCP_ACK, "last words", 10);
	(void)peer_expect(&p, TCP_ACK);
	assert_int_equal(time_waits(w), 1);
	assert_int_equal(flow_read(a->flow, &s), OK);
	assert_int_equal(s.len, 10);
	flow_consume(a->flow, 10);
	assert_int_equal(flow_read(a->flow, &s), ERR_EOF);
	assert_int_equal(flow_write_copy(a->flow, "x", 1), ERR_CLOSED);
	app_close(a);
	world_free(w);
}

static void fin_is_retransmitted(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, "bye", 3);
	app_close(a);
	const struct seen *s = peer_expect(&p, TCP_FIN | TCP_ACK | TCP_PSH);
	uint32_t seq = s->seq;
	w->pipe.now_us += RTO_MIN_US;
	s = peer_expect(&p, TCP_FIN | TCP_ACK | TCP_PSH);
	assert_int_equal(s->seq, seq);
	peer_ack(&p, seq + 3); /* the bytes, not the FIN */
	peer_expect_silence(&p);
	w->pipe.now_us += 2 * RTO_MIN_US;
	s = peer_expect(&p, TCP_FIN | TCP_ACK);
	assert_int_equal(s->seq, seq + 3);
	assert_int_equal(s->len, 0);
	peer_ack(&p, seq + 4);
	peer_expect_silence(&p);
	world_free(w);
}

/* Section 3.6.1, RFC 2525 section 2.17 */
static void close_with_unread_bytes_resets(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	a->paused = true;
	peer_send(&p, TCP_ACK | TCP_PSH, "ignored", 7);
	world_poll(w, 0);
	app_close(a);
	const struct seen *s = peer_expect(&p, TCP_RST | TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

static void bytes_after_close_are_reset(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_close(a);
	(void)peer_expect(&p, TCP_FIN | TCP_ACK);
	peer_send(&p, TCP_ACK | TCP_PSH, "late", 4);
	assert_int_equal(peer_expect(&p, TCP_RST | TCP_ACK)->seq, p.ack + 1);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	peer_send(&p, TCP_ACK | TCP_PSH, "late", 4); /* section 3.10.7.1 */
	assert_int_equal(peer_expect(&p, TCP_RST)->seq, p.ack);
	world_free(w);
}

/* Section 3.10.5 */
static void abort_resets(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, "never arrives", 13);
	w->side[0].woken = false;
	flow_abort(a->flow);
	a->flow = NULL;
	assert_true(w->side[0].woken);
	const struct seen *s = peer_expect(&p, TCP_RST | TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	assert_int_equal(s->ack, p.seq);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

static void close_while_connecting_is_silent(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct flow *f;
	struct peer p;
	peer_init(&p, w, 7);
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &f),
			 OK);
	(void)peer_expect(&p, TCP_SYN);
	flow_close(f);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

static void wait_in_steps(struct peer *p, uint64_t us)
{
	for (; us > US_PER_S; us -= US_PER_S)
		peer_wait(p, US_PER_S);
	peer_wait(p, us);
}

/* A closed flow must not live for ever: FIN-WAIT-2 ends after a minute, in silence. */
static void fin_wait_2_is_bounded(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_close(a);
	uint32_t fin = peer_expect(&p, TCP_FIN | TCP_ACK)->seq;
	w->pipe.now_us += TCP_FIN_WAIT_2_US / 2;
	(void)peer_expect(&p, TCP_FIN | TCP_ACK);
	peer_ack(&p, fin + 1); /* the minute begins now */
	peer_expect_silence(&p);
	wait_in_steps(&p, TCP_FIN_WAIT_2_US - 1);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);
	w->pipe.now_us += 1;
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

/* Shut down by the user first, closed in FIN-WAIT-2: the same limit. */
static void close_in_fin_wait_2_is_bounded(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	flow_shutdown(a->flow);
	peer_ack(&p, peer_expect(&p, TCP_FIN | TCP_ACK)->seq + 1);
	peer_wait(&p, 5 * (uint64_t)TCP_FIN_WAIT_2_US);
	app_close(a);
	peer_expect_silence(&p);
	wait_in_steps(&p, TCP_FIN_WAIT_2_US);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

/* Closes a flow whose peer's window is closed; returns after how long it was given up. */
static uint64_t time_to_end(bool alive, bool half_closed)
{
	static const uint8_t data[8000];
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 0;
	peer_ack(&p, p.ack);
	if (half_closed)
		peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
	app_write(a, data, sizeof(data));
	app_close(a);
	uint64_t start_us = world_now(w);
	static struct seen s;
	bool reset = false;
	while (tcp_connections(w->side[0].tcp) > 0 &&
	       world_now(w) < start_us + 20 * (uint64_t)TCP_FIN_WAIT_2_US) {
		world_poll(w, 0);
		while (peer_take(&p, &s)) {
			reset |= (s.flags & TCP_RST) != 0;
			if (!reset && alive)
				peer_ack(&p, p.ack); /* but no room */
		}
		w->pipe.now_us += 100000;
	}
	/* It is told that not all has come, whichever side closed first and if it lives or not. */
	assert_true(reset);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	uint64_t took_us = world_now(w) - start_us;
	world_free(w);
	return took_us;
}

/* The peer has a slow reader, and says so; or is gone. */
static void closed_flow_without_progress_is_reset(void **state)
{
	const uint64_t slow_us = TCP_LINGERS_MAX * (uint64_t)TCP_LINGER_US, grain_us = 200000;
	(void)state;
	for (unsigned half_closed = 0; half_closed < 2; half_closed++) {
		uint64_t us = time_to_end(true, half_closed);
		assert_in_range(us, slow_us, slow_us + grain_us);
		us = time_to_end(false, half_closed);
		assert_in_range(us, TCP_GIVE_UP_US, 2 * TCP_GIVE_UP_US);
	}
}

/* How a place is held by somebody who never ends: no FIN, or no acknowledgement of ours. */
enum holding { NO_FIN, NO_ACK_OF_FIN, NO_ACK_IN_LAST_ACK, NO_ACK_IN_CLOSING, HOLDINGS };

static void hold(struct peer *p, enum holding how)
{
	struct app *a = peer_open(p);
	if (how == NO_ACK_IN_LAST_ACK) {
		peer_send(p, TCP_FIN | TCP_ACK, NULL, 0);
		(void)peer_expect(p, TCP_ACK);
	}
	app_close(a);
	uint32_t fin = peer_expect(p, TCP_FIN | TCP_ACK)->seq;
	if (how == NO_FIN)
		peer_ack(p, fin + 1);
	else if (how == NO_ACK_IN_CLOSING)
		peer_send(p, TCP_FIN | TCP_ACK, NULL, 0);
	(void)peer_drain(p);
}

/* After how many seconds a newcomer is answered who knocks as Linux does. */
static unsigned seconds_to_answer(struct world *w, struct peer *q)
{
	static struct seen s;
	bool answered = false;
	unsigned after_s = 0;
	for (;; after_s++) {
		if (after_s == 0 || after_s == 1 || after_s == 3 || after_s == 7 || after_s == 15)
			peer_put(q, TCP_SYN, q->iss, 0, NULL, 0);
		world_poll(w, 0);
		while (peer_take(q, &s))
			answered |= s.dst == q->port && s.flags == (TCP_SYN | TCP_ACK);
		if (answered || after_s == 70)
			return after_s;
		peer_wait(q, US_PER_S);
	}
}

/* Closed flows hold all places but one, each way there is: a newcomer is not refused for that, and
 * whoever is served stays. */
static void closed_flows_keep_nobody_out(void **state)
{
	(void)state;
	for (unsigned how = 0; how < HOLDINGS; how++) {
		struct world *w = world_new(&world_config, false);
		struct peer p[8], q;
		for (uint16_t i = 0; i < world_config.connections; i++) {
			peer_init(&p[i], w, (uint16_t)(4000 + i));
			if (i > 0)
				hold(&p[i], how);
			else
				(void)peer_open(&p[i]);
		}
		assert_int_equal(tcp_connections(w->side[0].tcp), world_config.connections);
		peer_init(&q, w, 5000);
		assert_in_range(seconds_to_answer(w, &q), 0, how == NO_FIN ? 4 : 8);
		assert_non_null(peer_conn(&p[0]));
		assert_int_equal(tcp_stats(w->side[0].tcp)->syn_dropped, 0);
		world_free(w);
	}
}

/* Others want the place of a closed flow whose peer takes nothing. */
static void closed_flow_makes_place(void **state)
{
	(void)state;
	static const uint8_t data[8000];
	struct tcp_config config = world_config;
	config.connections = 1;
	struct world *w = world_new(&config, false);
	struct peer p, q;
	static struct seen s;
	peer_init(&p, w, 4000);
	p.window = 0;
	struct app *a = peer_open(&p);
	app_write(a, data, sizeof(data));
	app_close(a);
	peer_init(&q, w, 4001);
	bool answered = false;
	for (unsigned i = 0; i < 70 && !answered; i++) {
		peer_put(&q, TCP_SYN, q.iss, 0, NULL, 0);
		world_poll(w, 0);
		while (peer_take(&p, &s)) {
			answered |= s.dst == 4001;
			if (s.dst == 4000 && (s.flags & TCP_RST) == 0)
				peer_ack(&p, p.ack);
		}
		w->pipe.now_us += US_PER_S;
	}
	assert_true(answered);
	world_free(w);
}

/* Everything written before the close arrives. */
static void close_delivers_what_was_written(void **state)
{
	(void)state;
	static uint8_t data[60000];
	struct world *w = world_new(&world_config, true);
	struct app a = {0};
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	a.close_when_out = true;
	world_connect(w, &a);
	app_write(&a, data, sizeof(data));
	world_run(w, 2 * US_PER_S);
	struct app *b = world_server(w);
	assert_null(a.flow);
	assert_int_equal(b->in_len, sizeof(data));
	assert_memory_equal(b->in, data, sizeof(data));
	assert_int_equal(b->read_error, ERR_EOF);
	app_fini(&a);
	world_free(w);
}

int closing_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(active_close),
		cmocka_unit_test(passive_close),
		cmocka_unit_test(bytes_behind_the_fin_are_ignored),
		cmocka_unit_test(simultaneous_close),
		cmocka_unit_test(simultaneous_close_in_one_batch),
		cmocka_unit_test(fin_answers_fin),
		cmocka_unit_test(half_close_by_us),
		cmocka_unit_test(half_close_by_the_peer),
		cmocka_unit_test(unread_bytes_survive_time_wait),
		cmocka_unit_test(fin_is_retransmitted),
		cmocka_unit_test(close_with_unread_bytes_resets),
		cmocka_unit_test(bytes_after_close_are_reset),
		cmocka_unit_test(abort_resets),
		cmocka_unit_test(close_while_connecting_is_silent),
		cmocka_unit_test(fin_wait_2_is_bounded),
		cmocka_unit_test(close_in_fin_wait_2_is_bounded),
		cmocka_unit_test(closed_flow_without_progress_is_reset),
		cmocka_unit_test(closed_flow_makes_place),
		cmocka_unit_test(closed_flows_keep_nobody_out),
		cmocka_unit_test(close_delivers_what_was_written),
	};
	return cmocka_run_group_tests_name("tcp closing", tests, NULL, NULL);
}
