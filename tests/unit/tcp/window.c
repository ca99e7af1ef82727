/* SPDX-License-Identifier: ISC */
/* Windows: RFC 9293 sections 3.8.6.1 (probes), 3.8.6.2 (silly windows), and sequence wrap-around.
 */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

static const uint8_t data[16384];

static struct world *open_one(struct peer *p, struct app **a)
{
	struct world *w = world_new(&world_config, false);
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

/* Section 3.8.6.1: probes at increasing intervals, as long as they are answered */
static void zero_window_is_probed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 0;
	peer_ack(&p, p.ack);
	app_write(a, data, 5000);
	peer_expect_silence(&p);
	uint64_t interval_us = RTO_MIN_US;
	for (int i = 0; i < 14; i++) {
		w->pipe.now_us += interval_us - 1;
		peer_expect_silence(&p);
		w->pipe.now_us += 1;
		const struct seen *s = peer_expect(&p, TCP_ACK);
		assert_int_equal(s->len, 1);
		assert_int_equal(s->seq, p.ack);
		peer_ack(&p, p.ack);
		peer_expect_silence(&p);
		interval_us = MIN(2 * interval_us, (uint64_t)RTO_MAX_US);
	}
	assert_int_equal(flow_error(a->flow), OK); /* ten minutes, and it lives */
	p.window = 65535;
	peer_ack(&p, p.ack);
	assert_int_equal(peer_drain(&p), 5000);
	w->pipe.now_us += RTO_MIN_US; /* the probes' intervals do not slow retransmission */
	assert_int_equal(peer_drain(&p), 1460);
	peer_ack(&p, p.ack + 5000);
	peer_expect_silence(&p);
	assert_true((a->events & FLOW_DRAINED) != 0);
	world_free(w);
}

/* An ACK that follows a probe has a number that the peer, who refused the probe, finds acceptable.
 */
static void probe_does_not_move_our_numbers(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 0;
	peer_ack(&p, p.ack);
	app_write(a, data, 5000);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_MIN_US;
	assert_int_equal(peer_expect(&p, TCP_ACK)->len, 1);
	peer_put(&p, TCP_ACK, p.seq + 5, p.ack, "gap", 3);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->len, 0);
	assert_int_equal(s->seq, p.ack);
	world_free(w);
}

/* The probe's byte is taken: it is acknowledged like any other. */
static void probe_may_be_accepted(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 0;
	peer_ack(&p, p.ack);
	app_write(a, data, 3000);
	world_poll(w, 0);
	w->pipe.now_us += RTO_MIN_US;
	assert_int_equal(peer_expect(&p, TCP_ACK)->len, 1);
	peer_ack(&p, p.ack + 1); /* taken, and still closed */
	peer_expect_silence(&p);
	w->pipe.now_us += 2 * RTO_MIN_US;
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	p.window = 65535;
	peer_ack(&p, p.ack + 1);
	assert_int_equal(peer_drain(&p), 2998);
	world_free(w);
}

/* R2: nobody answers the probes */
static void unanswered_probes_time_out(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 0;
	peer_ack(&p, p.ack);
	app_write(a, data, 100);
	world_run(w, 250 * (uint64_t)US_PER_S);
	assert_int_equal(flow_error(a->flow), ERR_TIMEOUT);
	world_free(w);
}

/* A FIN counts in the window too; a closed one is probed for it. */
static void fin_waits_for_the_window(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 0;
	peer_ack(&p, p.ack);
	flow_shutdown(a->flow);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_MIN_US;
	const struct seen *s = peer_expect(&p, TCP_FIN | TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	peer_ack(&p, p.ack + 1);
	peer_expect_silence(&p);
	assert_int_equal(peer_conn(&p)->state, TCP_FIN_WAIT_2);
	world_free(w);
}

/* Section 3.8.6.2.1: the sender does not fill small windows with small segments */
static void sender_avoids_silly_windows(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 1460;
	peer_ack(&p, p.ack);
	app_write(a, data, 8000);
	assert_int_equal(peer_expect(&p, TCP_ACK)->len, 1460);
	p.window = 100;
	peer_ack(&p, p.ack + 1460);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_MIN_US; /* the override: what fits, when the timer says so */
	assert_int_equal(peer_expect(&p, TCP_ACK)->len, 100);
	p.window = 1460;
	peer_ack(&p, p.ack + 100);
	assert_int_equal(peer_expect(&p, TCP_ACK)->len, 1460);
	world_free(w);
}

/* A probe that waits for the device has nothing to ask any more once all has been taken. */
static void late_probe_sends_nothing(void **state)
{
	struct world *w = world_new(&world_config, false);
	struct peer p;
	(void)state;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	p.window = 0;
	peer_ack(&p, p.ack);
	app_write(a, "x", 1);
	flow_shutdown(a->flow);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_MIN_US;
	(void)peer_expect(&p, TCP_ACK | TCP_PSH | TCP_FIN);
	w->pipe.now_us += 2 * RTO_MIN_US;
	w->pipe.end[0].refuse = 1;
	peer_expect_silence(&p);
	p.window = 1000;
	peer_ack(&p, p.ack + 2);
	peer_expect_silence(&p);
	assert_int_equal(peer_conn(&p)->state, TCP_FIN_WAIT_2);
	assert_true(peer_conn(&p)->snd.max == p.ack);
	world_free(w);
}

/* Section 3.7.4: with Nagle a short segment waits for what is in flight, but not for ever. */
static void nagle_holds_short_segments_back(void **state)
{
	struct tcp_config config = world_config;
	struct peer p;
	(void)state;
	config.nagle = true;
	struct world *w = world_new(&config, false);
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	app_write(a, "a", 1); /* nothing is in flight */
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 1);
	app_write(a, "b", 1);
	peer_expect_silence(&p);
	app_write(a, "c", 1);
	peer_expect_silence(&p);
	peer_ack(&p, p.ack + 1);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 2);
	app_write(a, "d", 1);
	peer_expect_silence(&p);
	tcp_set_nodelay(a->flow, true);
	assert_true(w->side[0].woken);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 1);
	tcp_set_nodelay(a->flow, false);
	app_write(a, "e", 1);
	peer_expect_silence(&p);
	flow_shutdown(a->flow); /* there will be no more to wait for */
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH | TCP_FIN)->len, 1);
	peer_ack(&p, p.ack + 5);
	peer_expect_silence(&p);
	world_free(w);
}

/* What is left goes at once: small segments are not held back (section 3.7.4, Nagle off). */
static void last_bytes_go_at_once(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, "one", 3);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	app_write(a, "two", 3);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	/* Writes of one batch leave together. */
	app_write(a, "three", 5);
	app_write(a, "four", 4);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->len, 9);
	world_free(w);
}

/* The window shrinks as bytes wait to be read, its right edge never goes back (3.8.6.2.2). */
static void unread_bytes_close_the_window(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	a->paused = true;
	uint32_t edge = p.seq + 16384;
	for (int i = 0; i < 16; i++) {
		peer_send(&p, TCP_ACK, data, 1024);
		w->pipe.now_us += TCP_DELAYED_ACK_US;
		world_poll(w, 0);
		static struct seen s;
		while (peer_take(&p, &s))
			assert_int_equal(s.ack + s.window, edge);
	}
	assert_int_equal(conn_recv_window(peer_conn(&p)), 0);
	/* The peer's probe is refused and answered; its ACK counts all the same. */
	app_write(a, "hi", 2);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->window, 0);
	peer_put(&p, TCP_ACK, p.seq, p.ack + 2, "p", 1);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->ack, p.seq);
	assert_int_equal(s->window, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);

	/* Reading opens it: told at once, but not for a few bytes. */
	w->side[0].woken = false;
	flow_consume(a->flow, 100);
	assert_false(w->side[0].woken);
	peer_expect_silence(&p);
	flow_consume(a->flow, 5000);
	assert_true(w->side[0].woken);
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->window, 5100);
	world_free(w);
}

/* Bytes beyond the window are cut off, those within it are taken. */
static void segment_is_cut_to_the_window(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct tcp_config config = world_config;
	config.recv_bytes = 1000;
	struct world *w = world_new(&config, false);
	peer_init(&p, w, 4000);
	a = peer_open(&p);
	a->paused = true;
	peer_put(&p, TCP_ACK | TCP_FIN, p.seq, p.ack, data, 1400);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->ack, p.seq + 1000);
	assert_int_equal(s->window, 0);
	app_read(a);
	assert_int_equal(a->in_len, 1000);
	assert_int_equal(a->read_error, ERR_AGAIN); /* the FIN was beyond */
	world_free(w);
}

/* RFC 7323 section 2.4: the announced window may round down, what was promised is still taken */
static void promised_edge_is_kept(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.recv_bytes = 1 << 18; /* scale 3 */
	config.recv_packets = 256;
	struct world *w = world_new(&config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.scale = 0;
	struct app *a = peer_open(&p);
	a->paused = true;
	peer_send(&p, TCP_ACK, data, 1001);
	peer_expect_silence(&p);
	w->pipe.now_us += TCP_DELAYED_ACK_US;
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->window, ((1 << 18) - 1001) >> 3);
	uint32_t edge = peer_conn(&p)->rcv.edge;
	peer_send(&p, TCP_ACK, data, 3);
	peer_expect_silence(&p);
	w->pipe.now_us += TCP_DELAYED_ACK_US;
	s = peer_expect(&p, TCP_ACK);
	assert_true(seq_le(s->ack + ((uint32_t)s->window << 3), edge));
	assert_int_equal(peer_conn(&p)->rcv.edge, edge);
	world_free(w);
}

/* The peer takes back what it offered: bytes in flight are sent again when it opens. */
static void peer_shrinks_its_window(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 5000);
	assert_int_equal(peer_drain(&p), 5000);
	p.window = 0;
	peer_ack(&p, p.ack + 1460);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_MIN_US;
	world_poll(w, 0);
	for (int i = 0; i < 3; i++)
		peer_wait(&p, 2 * (uint64_t)US_PER_S);
	(void)peer_drain(&p);
	p.window = 65535;
	peer_ack(&p, p.ack);
	assert_int_equal(peer_drain(&p), 1460); /* after a timeout: slow start */
	peer_ack(&p, p.ack + 1460);
	assert_int_equal(peer_drain(&p), 5000 - 2 * 1460);
	world_free(w);
}

/* Section 3.8.6: an old segment's window is not the latest word */
static void old_windows_are_ignored(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	(void)a;
	peer_send(&p, TCP_ACK, "abc", 3);
	world_poll(w, 0);
	assert_int_equal(peer_conn(&p)->snd.wnd, 65535);
	p.window = 10;
	peer_send(&p, TCP_ACK, NULL, 0);
	assert_int_equal(peer_conn(&p)->snd.wnd, 10);
	p.window = 500;
	peer_put(&p, TCP_ACK, p.seq - 1, p.ack, "cd", 2);    /* begins before SND.WL1 */
	assert_int_equal(peer_conn(&p)->rcv.nxt, p.seq + 1); /* its bytes count all the same */
	assert_int_equal(peer_conn(&p)->snd.wnd, 10);
	world_free(w);
}

/* Section 3.4: both directions wrap in the middle of a transfer */
static void sequence_numbers_wrap_around(void **state)
{
	(void)state;
	static uint8_t in[3000];
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.iss = p.seq = 0xffffffff - 1500;
	/* Ours wraps when the clock is right: it adds a quarter of the microseconds. */
	struct tcp_tuple t = {w->pipe.end[0].addr, w->pipe.end[1].addr, PORT, 4000};
	uint32_t iss = tcp_initial_seq(tcp_tuple_secret(w->side[0].tcp, &t), world_now(w));
	w->pipe.now_us += (uint64_t)(0xffffffff - 2000 - iss) * 4;
	struct app *a = peer_open(&p);
	assert_int_equal(p.irs, 0xffffffff - 2000);
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 3);
	for (size_t i = 0; i < sizeof(in); i += 1000)
		peer_send(&p, TCP_ACK, in + i, 1000);
	app_write(a, in, sizeof(in));
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->ack, p.seq);
	assert_true(s->ack < 10000);
	assert_int_equal(1460 + peer_drain(&p), 3000);
	w->pipe.now_us += RTO_MIN_US;
	s = peer_expect(&p, TCP_ACK); /* again from before the wrap */
	assert_int_equal(s->seq, p.ack);
	peer_ack(&p, p.ack + 1460);
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	assert_memory_equal(s->data, in + 1460, 1460);
	(void)peer_drain(&p);
	peer_ack(&p, p.ack + 1540);
	peer_expect_silence(&p);
	assert_int_equal(a->in_len, sizeof(in));
	assert_memory_equal(a->in, in, sizeof(in));
	assert_true((a->events & FLOW_DRAINED) != 0);
	world_free(w);
}

/* Both sides probe, both probes are taken, and so both are behind the other's expectation. */
static void simultaneous_probes_are_answered(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.window = 0;
	struct app *a = peer_open(&p);
	app_write(a, data, 5000);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_INITIAL_US;
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->len, 1);
	peer_send(&p, TCP_ACK, "x", 1); /* the peer's probe, sent before it saw ours */
	peer_expect_silence(&p);
	/* It has taken ours, and does not know that its own was taken: it sends that again. */
	p.window = 4000;
	peer_put(&p, TCP_ACK, p.seq - 1, p.ack + 1, "x", 1);
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, p.ack + 1);
	assert_int_equal(s->len, 1460);
	assert_int_equal(a->in_len, 1);
	world_free(w);
}

/* What a small window lets through is sent after a while, and counts as sent. */
static void small_window_is_used_after_a_while(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.window = 4000;
	struct app *a = peer_open(&p);
	p.window = 100;
	peer_ack(&p, p.ack);
	app_write(a, data, 5000);
	peer_expect_silence(&p);
	w->pipe.now_us += RTO_INITIAL_US;
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->len, 100);
	uint32_t end = s->seq + s->len;
	peer_send(&p, TCP_ACK, "x", 1);
	peer_wait(&p, TCP_DELAYED_ACK_US);
	assert_int_equal(peer_expect(&p, TCP_ACK)->seq, end);
	world_free(w);
}

/* The peer's window is closed by a segment that was lost first, so that later ones have come before
 * it: what it acknowledges makes it the newest. */
static void window_comes_with_the_acknowledgement(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	p.window = 270;
	peer_put(&p, TCP_ACK, p.seq + 1000, p.ack, data, 1000); /* the one before it is lost */
	app_write(a, data, 270);
	assert_int_equal(peer_drain(&p), 270);
	p.window = 0;
	peer_put(&p, TCP_ACK, p.seq, p.ack + 270, data, 1000);
	assert_int_equal(peer_conn(&p)->snd.wnd, 0);
	app_write(a, data, 15);
	assert_int_equal(peer_drain(&p), 0);
	p.window = 500; /* and one that acknowledges no more counts by its number, as ever */
	peer_put(&p, TCP_ACK, p.seq + 2000, p.ack + 270, NULL, 0);
	assert_int_equal(peer_conn(&p)->snd.wnd, 500);
	p.window = 700;
	peer_put(&p, TCP_ACK, p.seq + 2000 - 1, p.ack + 270, NULL, 0);
	assert_int_equal(peer_conn(&p)->snd.wnd, 500);
	world_abandon(w);
}

int window_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_probe_sends_nothing),
		cmocka_unit_test(nagle_holds_short_segments_back),
		cmocka_unit_test(simultaneous_probes_are_answered),
		cmocka_unit_test(small_window_is_used_after_a_while),
		cmocka_unit_test(zero_window_is_probed),
		cmocka_unit_test(probe_does_not_move_our_numbers),
		cmocka_unit_test(probe_may_be_accepted),
		cmocka_unit_test(unanswered_probes_time_out),
		cmocka_unit_test(fin_waits_for_the_window),
		cmocka_unit_test(sender_avoids_silly_windows),
		cmocka_unit_test(last_bytes_go_at_once),
		cmocka_unit_test(unread_bytes_close_the_window),
		cmocka_unit_test(segment_is_cut_to_the_window),
		cmocka_unit_test(promised_edge_is_kept),
		cmocka_unit_test(peer_shrinks_its_window),
		cmocka_unit_test(old_windows_are_ignored),
		cmocka_unit_test(window_comes_with_the_acknowledgement),
		cmocka_unit_test(sequence_numbers_wrap_around),
	};
	return cmocka_run_group_tests_name("tcp window", tests, NULL, NULL);
}
