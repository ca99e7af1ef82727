/* SPDX-License-Identifier: ISC */
/* Loss and acknowledgement: RFC 6298, RFC 5681, RFC 6582, RFC 6928, RFC 9293 section 3.8. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

static uint8_t data[65536];

static struct world *open_one(struct peer *p, struct app **a)
{
	struct tcp_config config = world_config;
	config.send_bytes = sizeof(data);
	struct world *w = world_new(&config, false);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i / 1460 + i);
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

/* RFC 6298 (5.4) to (5.6) */
static void timeout_doubles(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 1000);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	uint64_t interval_us = RTO_MIN_US;
	for (int i = 0; i < 8; i++) {
		w->pipe.now_us += interval_us - 1;
		peer_expect_silence(&p);
		w->pipe.now_us += 1;
		const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
		assert_int_equal(s->seq, p.ack);
		assert_int_equal(s->len, 1000);
		assert_memory_equal(s->data, data, 1000);
		interval_us *= 2;
	}
	assert_int_equal(tcp_stats(w->side[0].tcp)->retransmits, 8);
	assert_int_equal(tcp_stats(w->side[0].tcp)->timeouts, 8);
	assert_int_equal(tcp_stats(w->side[0].tcp)->bytes_out, 1000);
	world_free(w);
}

/* RFC 6298 section 3 (Karn): a segment sent twice is not measured */
static void retransmitted_segments_are_not_timed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 100);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	uint32_t srtt_us = peer_conn(&p)->rto.srtt_us;
	w->pipe.now_us += RTO_MIN_US;
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	w->pipe.now_us += 100000;
	peer_ack(&p, p.ack + 100);
	peer_expect_silence(&p);
	assert_int_equal(peer_conn(&p)->rto.srtt_us, srtt_us);
	/* The next one is, and its measurement counts. */
	app_write(a, data, 100);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	w->pipe.now_us += 80000;
	peer_ack(&p, p.ack + 100);
	peer_expect_silence(&p);
	assert_int_equal(peer_conn(&p)->rto.srtt_us, 10000); /* 7/8 * 0 + 1/8 * 80 ms */
	world_free(w);
}

/* RFC 9293 section 3.8.3: R2 is at least 100 seconds */
static void silence_times_out(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 100);
	world_run(w, 99 * (uint64_t)US_PER_S);
	assert_int_equal(flow_error(a->flow), OK);
	world_run(w, 100 * (uint64_t)US_PER_S);
	assert_int_equal(flow_error(a->flow), ERR_TIMEOUT);
	assert_true((a->events & FLOW_FAILED) != 0);
	assert_int_equal(flow_write_copy(a->flow, "x", 1), ERR_TIMEOUT);
	assert_true(tcp_stats(w->side[0].tcp)->retransmits < 15);
	assert_int_equal(w->side[0].tcp->slices.used, 0); /* what cannot arrive is let go */
	world_free(w);
}

/* RFC 6928: ten segments at first */
static void initial_window_is_ten(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 30000);
	assert_int_equal(peer_drain(&p), 14600);
	peer_ack(&p, p.ack + 2920);
	assert_int_equal(peer_drain(&p), 2 * 2920); /* slow start */
	world_free(w);
}

/* RFC 5681 section 3.1, RFC 6298 (5.7): a lost SYN,ACK makes us careful */
static void lost_handshake_begins_slowly(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	(void)peer_expect(&p, TCP_SYN | TCP_ACK);
	w->pipe.now_us += 1000000;
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_expect_silence(&p);
	app_write(world_server(w), data, 10000);
	assert_int_equal(peer_drain(&p), 1460);
	w->pipe.now_us += 3000000 - 1;
	peer_expect_silence(&p);
	w->pipe.now_us += 1;
	assert_int_equal(peer_drain(&p), 1460);
	world_free(w);
}

/* RFC 5681 section 3.2, RFC 3042 */
static void three_duplicates_retransmit(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 40000);
	assert_int_equal(peer_drain(&p), 14600);
	peer_ack(&p, p.ack + 1460);
	(void)peer_drain(&p);
	uint32_t lost = p.ack, srtt_us = peer_conn(&p)->rto.srtt_us;
	w->pipe.now_us += 50000;
	for (int i = 0; i < 2; i++) {
		peer_ack(&p, lost);
		const struct seen *s = peer_expect(&p, TCP_ACK); /* limited transmit: new data */
		assert_true(seq_gt(s->seq, lost + 14600));
	}
	peer_ack(&p, lost);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, lost);
	assert_int_equal(s->len, 1460);
	assert_memory_equal(s->data, data + 1460, 1460);
	assert_int_equal(tcp_stats(w->side[0].tcp)->retransmits, 1);
	assert_int_equal(tcp_stats(w->side[0].tcp)->timeouts, 0);

	/* RFC 6582: a partial acknowledgement shows the next hole, which goes out at once. */
	uint32_t hole = lost + 2 * 1460;
	peer_ack(&p, hole);
	assert_int_equal(peer_conn(&p)->rto.srtt_us, srtt_us); /* Karn */
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, hole);
	assert_int_equal(tcp_stats(w->side[0].tcp)->retransmits, 2);
	(void)peer_drain(&p);
	struct tcp_conn *c = peer_conn(&p);
	assert_true(c->cc.recovery);
	w->pipe.now_us += 100000;
	peer_ack(&p, c->cc.recover);               /* all of it */
	assert_int_equal(c->rto.srtt_us, srtt_us); /* it waited for the hole: no measure */
	assert_false(c->cc.recovery);
	assert_true(c->cc.cwnd <= c->cc.ssthresh);
	world_free(w);
}

/* RFC 5681 section 2: what is not a duplicate acknowledgement */
static void not_every_repeated_ack_is_a_duplicate(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 2920);
	(void)peer_drain(&p);
	for (int i = 0; i < 6; i++) { /* window updates */
		p.window -= 10;
		peer_put(&p, TCP_ACK, p.seq, p.ack, NULL, 0);
	}
	for (int i = 0; i < 6; i++) /* data */
		peer_send(&p, TCP_ACK, "x", 1);
	world_poll(w, 0);
	assert_int_equal(tcp_stats(w->side[0].tcp)->retransmits, 0);
	peer_ack(&p, p.ack + 2920);
	for (int i = 0; i < 6; i++) /* nothing in flight */
		peer_put(&p, TCP_ACK, p.seq, p.ack, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(tcp_stats(w->side[0].tcp)->retransmits, 0);
	world_free(w);
}

/* After a timeout everything not acknowledged goes again, slowly, and acknowledgements of what had
 * arrived all the same are honoured. */
static void timeout_goes_back_and_catches_up(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 14600);
	assert_int_equal(peer_drain(&p), 14600);
	w->pipe.now_us += RTO_MIN_US;
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	peer_expect_silence(&p); /* one segment: the loss window */
	/* Meanwhile a bare ACK goes by the highest number, which the peer expects by now. */
	peer_put(&p, TCP_ACK, p.seq + 5, p.ack, "gap", 3);
	assert_int_equal(peer_expect(&p, TCP_ACK)->seq, p.ack + 14600);
	peer_ack(&p, p.ack + 7300); /* four more had arrived */
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	(void)peer_drain(&p);
	peer_ack(&p, p.ack + 7300);
	peer_expect_silence(&p);
	assert_true((a->events & FLOW_DRAINED) != 0);
	assert_true(w->side[0].deadline_us > world_now(w));
	world_free(w);
}

/* RFC 5681 section 4.1: after a pause the window is the initial one again */
static void idle_window_is_restarted(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	app_write(a, data, 60000);
	for (int i = 0; i < 100 && (a->events & FLOW_DRAINED) == 0; i++) {
		size_t n = peer_drain(&p);
		peer_ack(&p, p.ack + (uint32_t)n);
		w->pipe.now_us += 1000;
	}
	assert_true((a->events & FLOW_DRAINED) != 0);
	struct tcp_conn *c = peer_conn(&p);
	assert_true(c->cc.cwnd > 14600);
	w->pipe.now_us += 10000000;
	app_write(a, data, 60000);
	assert_int_equal(peer_drain(&p), 14600);
	world_free(w);
}

/* --- our acknowledgements -------------------------------------------------------------------- */

/* RFC 9293 section 3.8.6.3 */
static void acknowledgements_are_delayed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	peer_send(&p, TCP_ACK, data, 1460);
	peer_expect_silence(&p);
	w->pipe.now_us += TCP_DELAYED_ACK_US - 1;
	peer_expect_silence(&p);
	assert_true(w->side[0].deadline_us == world_now(w) + 1);
	w->pipe.now_us += 1;
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	/* every second full segment at once, one ACK for a batch */
	for (int i = 0; i < 2; i++)
		peer_send(&p, TCP_ACK, data, 1460);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	for (int i = 0; i < 6; i++)
		peer_send(&p, TCP_ACK, data, 1460);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_expect_silence(&p);
	/* what is sent anyway carries it */
	peer_send(&p, TCP_ACK, data, 100);
	app_write(a, "answer", 6);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->ack, p.seq);
	w->pipe.now_us += TCP_DELAYED_ACK_US;
	peer_expect_silence(&p);
	world_free(w);
}

/* An answer that is written in the event leaves in the same poll, with the acknowledgement. */
static void answer_carries_the_acknowledgement(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	a->reply = true;
	peer_send(&p, TCP_ACK | TCP_PSH, "echo", 4);
	const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
	assert_int_equal(s->ack, p.seq);
	assert_memory_equal(s->data, "echo", 4);
	peer_expect_silence(&p);
	world_free(w);
}

/* RFC 5681 section 4.2: at once for each segment out of order, and when a gap is filled */
static void gaps_are_reported_at_once(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	for (uint32_t i = 1; i <= 3; i++)
		peer_put(&p, TCP_ACK, p.seq + i * 100, p.ack, data, 100);
	for (int i = 0; i < 3; i++) {
		const struct seen *s = peer_expect(&p, TCP_ACK);
		assert_int_equal(s->ack, p.seq);
		assert_int_equal(s->len, 0);
	}
	peer_expect_silence(&p);
	peer_put(&p, TCP_ACK, p.seq, p.ack, data, 100);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq + 400);
	peer_expect_silence(&p);
	assert_int_equal(a->in_len, 400);
	world_free(w);
}

int retransmit_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timeout_doubles),
		cmocka_unit_test(retransmitted_segments_are_not_timed),
		cmocka_unit_test(silence_times_out),
		cmocka_unit_test(initial_window_is_ten),
		cmocka_unit_test(lost_handshake_begins_slowly),
		cmocka_unit_test(three_duplicates_retransmit),
		cmocka_unit_test(not_every_repeated_ack_is_a_duplicate),
		cmocka_unit_test(timeout_goes_back_and_catches_up),
		cmocka_unit_test(idle_window_is_restarted),
		cmocka_unit_test(acknowledgements_are_delayed),
		cmocka_unit_test(answer_carries_the_acknowledgement),
		cmocka_unit_test(gaps_are_reported_at_once),
	};
	return cmocka_run_group_tests_name("tcp retransmit", tests, NULL, NULL);
}
