/* SPDX-License-Identifier: ISC */
/* Selective acknowledgement and the recovery that goes by it: RFC 2018, 2883, 6937, 8985. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/sack_peer.h"

/* Bytes that the peer is known to have behind gaps. */
static uint32_t had(const struct tcp_conn *c)
{
	return c->board != NULL ? tcp_board_bytes(c, TCP_RUN_HAD) : 0;
}

/* --- negotiation and blocks that we send ----------------------------------------------------- */

static void permitted_is_offered_and_answered(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct flow *f;
	struct app a = {0};
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 5000, world_now(w), &f),
			 OK);
	app_attach(&a, w, f);
	peer_init(&p, w, 5000);
	assert_true(peer_expect(&p, TCP_SYN)->sack);
	for (int sack = 0; sack < 2; sack++) {
		struct peer q;
		peer_init(&q, w, (uint16_t)(4000 + sack));
		q.sack = sack != 0;
		peer_send(&q, TCP_SYN, NULL, 0);
		assert_int_equal(peer_expect(&q, TCP_SYN | TCP_ACK)->sack, sack);
	}
	app_fini(&a);
	world_abandon(w);
}

static void expect_blocks(struct peer *p, unsigned n, const uint32_t offsets[][2])
{
	const struct seen *s = peer_expect(p, TCP_ACK);
	assert_int_equal(s->ack, p->seq);
	assert_int_equal(s->blocks, n);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(s->block[i].start - p->seq, offsets[i][0]);
		assert_int_equal(s->block[i].end - p->seq, offsets[i][1]);
	}
}

static void put_at(struct peer *p, uint32_t offset, uint32_t len)
{
	peer_put(p, TCP_ACK, p->seq + offset, p->ack, sack_data, len);
}

/* RFC 2018 section 4: the first block has the segment that came; then the farthest others */
static void latest_block_is_first(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	put_at(&p, 1000, 500);
	expect_blocks(&p, 1, (const uint32_t[][2]){{1000, 1500}});
	put_at(&p, 3000, 500);
	expect_blocks(&p, 2, (const uint32_t[][2]){{3000, 3500}, {1000, 1500}});
	put_at(&p, 5000, 500);
	put_at(&p, 1500, 500); /* grows the first run */
	world_poll(w, 0);
	const uint32_t grown[][2] = {{1000, 2000}, {5000, 5500}, {3000, 3500}};
	expect_blocks(&p, 3, grown);
	expect_blocks(&p, 3, grown);
	put_at(&p, 7000, 500); /* three are told */
	expect_blocks(&p, 3, (const uint32_t[][2]){{7000, 7500}, {5000, 5500}, {3000, 3500}});
	put_at(&p, 3100, 100); /* again: it is told first, and then its run (RFC 2883) */
	expect_blocks(&p, 3, (const uint32_t[][2]){{3100, 3200}, {3000, 3500}, {7000, 7500}});
	put_at(&p, 2000, 1000); /* two runs become one */
	expect_blocks(&p, 3, (const uint32_t[][2]){{1000, 3500}, {7000, 7500}, {5000, 5500}});
	peer_send(&p, TCP_ACK, sack_data, 1000);
	p.seq += 2500;
	expect_blocks(&p, 2, (const uint32_t[][2]){{1500, 2000}, {3500, 4000}});
	world_free(w);
}

/* Data carries the blocks that fit beside it into the MSS. */
static void blocks_ride_on_short_segments(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	put_at(&p, 1000, 500);
	(void)peer_expect(&p, TCP_ACK);
	app_write(a, sack_data, 100);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->blocks, 1);
	app_write(a, sack_data, MSS - 11);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH)->blocks, 0);
	app_write(a, sack_data, 2 * MSS);
	assert_int_equal(peer_expect(&p, TCP_ACK)->blocks, 0);
	world_free(w);
}

static void peer_without_sack_gets_none(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	(void)peer_open(&p);
	put_at(&p, 1000, 500);
	assert_int_equal(peer_expect(&p, TCP_ACK)->blocks, 0);
	/* and its blocks, which it may not send, count for nothing */
	app_write(world_server(w), sack_data, 5000);
	(void)peer_drain(&p);
	peer_sack(&p, p.ack, &(struct tcp_range){p.ack + 2000, p.ack + 5000}, 1);
	assert_int_equal(had(peer_conn(&p)), 0);
	world_free(w);
}

/* --- recovery -------------------------------------------------------------------------------- */

static void one_loss(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, sizeof(sack_data));
	assert_int_equal(peer_drain(&p), WINDOW);
	/* RFC 3042: the first two let new segments out */
	for (uint32_t i = 2; i <= 3; i++) {
		sack_one(&p, base, 0, 1, i);
		world_poll(w, 0);
		sack_expect(&p, base, 8 + i);
		sack_expect_nothing(&p);
	}
	w->pipe.now_us += 100;
	sack_one(&p, base, 0, 1, 4);
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	assert_int_equal(sack_stats(&p)->retransmits, 1);
	struct tcp_conn *c = peer_conn(&p);
	assert_true(c->cc.recovery);
	assert_int_equal(c->cc.ssthresh, 6 * MSS); /* half of twelve */
	/* RFC 6937: each second delivery lets one out, and the flight falls to ssthresh */
	(void)peer_drain(&p);
	unsigned sent = 0;
	for (uint32_t i = 5; i <= 12; i++) {
		sack_one(&p, base, 0, 1, i);
		sent += (unsigned)(peer_drain(&p) / MSS);
	}
	assert_in_range(sent, 4, 6);
	assert_int_equal(sack_stats(&p)->retransmits, 1); /* and nothing twice */
	peer_ack(&p, base + 12 * MSS);
	world_poll(w, 0);
	assert_false(c->cc.recovery);
	assert_int_equal(had(c), 0);
	assert_true(c->cc.cwnd <= 6 * MSS && c->cc.cwnd >= 5 * MSS);
	assert_int_equal(sack_stats(&p)->timeouts, 0);
	world_free(w);
}

/* More than a round trip's losses are known at once and go out in one. */
static void several_losses(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	/* 0, 2 and 4 are lost: three discontiguous ranges, and three segments behind 4 */
	const struct tcp_range r[] = {{base + 5 * MSS, base + 10 * MSS},
				      {base + 3 * MSS, base + 4 * MSS},
				      {base + 1 * MSS, base + 2 * MSS}};
	peer_sack(&p, base, r, 3);
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	sack_expect(&p, base, 2);
	sack_expect(&p, base, 4);
	sack_expect_nothing(&p);
	peer_ack(&p, base + WINDOW);
	world_poll(w, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);
	assert_int_equal(sack_stats(&p)->retransmits, 3);
	assert_int_equal(sack_stats(&p)->timeouts, 0);
	world_free(w);
}

/* RFC 6675 section 4, IsLost(): small segments are counted, not their bytes */
static void three_duplicates_of_small_segments(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	for (int i = 0; i < 4; i++) {
		app_write(a, sack_data + i * 10, 10);
		(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	}
	for (uint32_t i = 2; i <= 4; i++) {
		peer_expect_silence(&p);
		peer_sack(&p, base, &(struct tcp_range){base + 10, base + i * 10}, 1);
		peer_sack(&p, base, &(struct tcp_range){base + 10, base + i * 10}, 1); /* no news */
	}
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, base);
	assert_int_equal(s->len, 10); /* the peer has what is behind */
	peer_expect_silence(&p);
	peer_ack(&p, base + 40);
	world_free(w);
}

/* RFC 8985: once what was sent again has arrived, all that was sent before it is lost. */
static void tail_is_lost_with_the_rest(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	w->pipe.now_us += 100;
	sack_one(&p, base, 1, 2, 5); /* 1 is lost, and 5 to 9 */
	world_poll(w, 0);
	sack_expect(&p, base, 1);
	sack_expect_nothing(&p);
	w->pipe.now_us += 100;
	peer_ack(&p, base + 5 * MSS);
	world_poll(w, 0);
	for (uint32_t i = 5; i <= 8; i++) /* by PRR */
		sack_expect(&p, base, i);
	sack_expect_nothing(&p);
	peer_ack(&p, base + 9 * MSS);
	world_poll(w, 0);
	sack_expect(&p, base, 9);
	sack_expect_nothing(&p);
	peer_ack(&p, base + WINDOW);
	world_poll(w, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);
	assert_null(peer_conn(&p)->board);
	assert_int_equal(sack_stats(&p)->retransmits, 6);
	assert_int_equal(sack_stats(&p)->timeouts, 0);
	world_free(w);
}

/* RFC 8985: a retransmission that is lost is noticed when what was sent with it arrives. */
static void lost_retransmission_is_noticed(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	w->pipe.now_us += 100;
	const struct tcp_range r[] = {{base + 4 * MSS, base + 10 * MSS},
				      {base + 1 * MSS, base + 3 * MSS}};
	peer_sack(&p, base, r, 2);
	world_poll(w, 0);
	sack_expect(&p, base, 0); /* lost again */
	sack_expect(&p, base, 3);
	w->pipe.now_us += 100;
	sack_one(&p, base, 0, 1, 10);
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	sack_expect_nothing(&p);
	peer_ack(&p, base + WINDOW);
	world_poll(w, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);
	assert_int_equal(sack_stats(&p)->timeouts, 0);
	world_free(w);
}

/* A timeout sends all again that the peer has not said that it has; a second one all. */
static void timeouts_send_all_again(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	sack_one(&p, base, 0, 1, 8);
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	w->pipe.now_us += RTO_MIN_US;
	world_poll(w, 0);
	sack_expect(&p, base, 0);
	sack_expect_nothing(&p);
	assert_int_equal(had(peer_conn(&p)), 7 * MSS);
	peer_ack(&p, base + 8 * MSS);
	world_poll(w, 0);
	sack_expect(&p, base, 8); /* slow start */
	sack_expect(&p, base, 9);
	sack_expect_nothing(&p);
	sack_one(&p, base, 8, 9, 10);
	world_poll(w, 0);
	assert_int_equal(had(peer_conn(&p)), MSS);
	(void)peer_drain(&p);
	w->pipe.now_us += 2 * RTO_MIN_US;
	world_poll(w, 0);
	sack_expect(&p, base, 8);
	w->pipe.now_us += 4 * RTO_MIN_US;
	world_poll(w, 0);
	sack_expect(&p, base, 8);
	assert_int_equal(had(peer_conn(&p)), 0); /* RFC 2018 section 8 */
	peer_ack(&p, base + 9 * MSS);
	world_poll(w, 0);
	sack_expect(&p, base, 9);
	peer_ack(&p, base + WINDOW);
	world_poll(w, 0);
	assert_null(peer_conn(&p)->board);
	world_free(w);
}

/* --- what is bounded, and what may be left out ----------------------------------------------- */

static void part_left_out(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.sack = NULL;
	struct world *w = world_new(&config, false);
	struct peer p;
	struct app a = {0};
	struct flow *f;
	peer_init(&p, w, 4000);
	p.sack = true;
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_false(s->sack);
	p.ack = s->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_expect_silence(&p);
	put_at(&p, 1000, 500);
	assert_int_equal(peer_expect(&p, TCP_ACK)->blocks, 0);
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 5000, world_now(w), &f),
			 OK);
	app_attach(&a, w, f);
	peer_init(&p, w, 5000);
	assert_false(peer_expect(&p, TCP_SYN)->sack);
	app_fini(&a);
	world_abandon(w);
}

/* RFC 2883: what had been acknowledged comes again */
static void duplicates_are_told(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	peer_send(&p, TCP_ACK, sack_data, 1000);
	peer_send(&p, TCP_ACK, sack_data, 1000);
	(void)peer_expect(&p, TCP_ACK);
	put_at(&p, (uint32_t)-1000, 1000);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->blocks, 1);
	assert_int_equal(s->block[0].start, p.seq - 1000);
	assert_int_equal(s->block[0].end, p.seq);
	peer_send(&p, TCP_ACK, sack_data, 1000); /* told once */
	peer_send(&p, TCP_ACK, sack_data, 1000);
	assert_int_equal(peer_expect(&p, TCP_ACK)->blocks, 0);
	world_free(w);
}

/* --- reneging -------------------------------------------------------------------------------- */

/* RFC 2018 section 8: what was acknowledged selectively is kept until it is acknowledged */
static void reneging_peer_gets_all(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	sack_one(&p, base, 0, 1, 10);
	(void)peer_drain(&p);
	assert_int_equal(peer_conn(&p)->snd.bytes, WINDOW);
	w->pipe.now_us += RTO_MIN_US;
	for (uint32_t i = 0; i < 10; i++) {
		world_poll(w, 0);
		sack_expect(&p, base, i);
		while (peer_drain(&p) > 0)
			; /* slow start: more at once, which is lost */
		peer_ack(&p, base + (i + 1) * MSS);
		while (peer_drain(&p) > 0)
			;
		w->pipe.now_us += 70 * US_PER_S;
	}
	world_poll(w, 0);
	assert_true((a->events & FLOW_DRAINED) != 0);
	world_free(w);
}

/* A FIN that is lost behind sack_data that arrived, and one that arrived behind sack_data that is
 * lost. */
static void fin_is_recovered(void **state)
{
	(void)state;
	for (int lost_fin = 0; lost_fin < 2; lost_fin++) {
		struct peer p;
		struct app *a;
		uint32_t base;
		struct world *w = sack_open(&p, &a, &base);
		app_write(a, sack_data, 5 * MSS);
		flow_shutdown(a->flow);
		assert_int_equal(peer_drain(&p), 5 * MSS);
		if (lost_fin)
			sack_one(&p, base, 0, 1, 4);
		else
			peer_sack(&p, base, &(struct tcp_range){base + MSS, base + 5 * MSS + 1}, 1);
		world_poll(w, 0);
		sack_expect(&p, base, 0);
		if (lost_fin) {
			peer_ack(&p, base + 4 * MSS);
			assert_int_equal(peer_expect(&p, TCP_ACK | TCP_PSH | TCP_FIN)->seq,
					 base + 4 * MSS);
		}
		sack_expect_nothing(&p);
		peer_ack(&p, base + 5 * MSS + 1);
		world_poll(w, 0);
		assert_int_equal(peer_conn(&p)->state, TCP_FIN_WAIT_2);
		world_free(w);
	}
}

/* --- hostile blocks -------------------------------------------------------------------------- */

static void forged_blocks_have_no_effect(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	const struct tcp_range bad[] = {
		{base + 5 * MSS, base + 11 * MSS},   /* beyond what was sent */
		{base + 20 * MSS, base + 21 * MSS},  /* likewise */
		{base + 3 * MSS, base + 3 * MSS},    /* empty */
		{base + 4 * MSS, base + 2 * MSS},    /* backwards */
		{base + 5 * MSS, base + 0x80000000}, /* half of all numbers */
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		peer_sack(&p, base, &bad[i], 1);
	assert_int_equal(sack_stats(&p)->bad_sack, ARRAY_SIZE(bad));
	const struct tcp_range old = {base - 100, base + 2 * MSS}; /* and an RFC 2883 duplicate */
	peer_sack(&p, base, &old, 1);
	world_poll(w, 0);
	struct tcp_conn *c = peer_conn(&p);
	assert_int_equal(had(c), 0);
	assert_false(c->cc.recovery);
	sack_expect_nothing(&p);
	/* One that lies about what is in flight frees nothing, and all arrives in the end. */
	sack_one(&p, base, 0, 1, 10);
	world_poll(w, 0);
	assert_int_equal(c->snd.bytes, WINDOW);
	assert_int_equal(c->snd.una, base);
	sack_expect(&p, base, 0);
	peer_ack(&p, base + MSS);
	world_run(w, 2 * US_PER_S);
	sack_expect(&p, base, 1);
	world_abandon(w);
}

/* The scoreboard is sorted, disjoint, inside what is in flight and bounded, whatever is said. */
static void scoreboard_is_bounded(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	uint32_t base, seed = 7;
	struct world *w = sack_open(&p, &a, &base);
	app_write(a, sack_data, WINDOW);
	assert_int_equal(peer_drain(&p), WINDOW);
	struct tcp_conn *c = peer_conn(&p);
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1103515245 + 12345;
		uint32_t at = base + (seed >> 8) % (11 * MSS), len = (seed >> 16) % 500;
		uint32_t ack = base + (uint32_t)i * 3;
		peer_sack(&p, ack, &(struct tcp_range){at, at + len}, 1);
		const struct tcp_board *b = c->board;
		uint32_t edge = c->snd.una;
		for (unsigned j = 0; b != NULL && j < b->runs; j++) {
			assert_true(seq_gt(b->run[j].end, edge));
			edge = b->run[j].end;
		}
		assert_true(b == NULL || (b->runs <= TCP_RUNS_MAX && edge == c->snd.max));
		assert_int_equal(c->snd.bytes, base + WINDOW - c->snd.una);
	}
	(void)peer_drain(&p);
	world_abandon(w);
}

int sack_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(permitted_is_offered_and_answered),
		cmocka_unit_test(latest_block_is_first),
		cmocka_unit_test(blocks_ride_on_short_segments),
		cmocka_unit_test(peer_without_sack_gets_none),
		cmocka_unit_test(one_loss),
		cmocka_unit_test(several_losses),
		cmocka_unit_test(three_duplicates_of_small_segments),
		cmocka_unit_test(tail_is_lost_with_the_rest),
		cmocka_unit_test(lost_retransmission_is_noticed),
		cmocka_unit_test(timeouts_send_all_again),
		cmocka_unit_test(part_left_out),
		cmocka_unit_test(duplicates_are_told),
		cmocka_unit_test(reneging_peer_gets_all),
		cmocka_unit_test(fin_is_recovered),
		cmocka_unit_test(forged_blocks_have_no_effect),
		cmocka_unit_test(scoreboard_is_bounded),
	};
	return cmocka_run_group_tests_name("tcp sack", tests, NULL, NULL);
}
