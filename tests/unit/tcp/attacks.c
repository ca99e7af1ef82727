/* SPDX-License-Identifier: ISC */
/* What strangers send: RFC 5961, floods, damaged segments, memory that they would like to have. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "tests/unit/tcp/peer.h"

static struct world *open_one(struct peer *p, struct app **a)
{
	struct world *w = world_new(&world_config, false);
	peer_init(p, w, 4000);
	*a = peer_open(p);
	return w;
}

static void still_works(struct peer *p, struct app *a)
{
	size_t before = a->in_len;
	peer_send(p, TCP_ACK | TCP_PSH, "alive", 5);
	world_poll(p->world, 0);
	assert_int_equal(a->in_len, before + 5);
	assert_int_equal(flow_error(a->flow), OK);
}

/* RFC 5961 section 3.2 */
static void reset_must_be_exact(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	peer_put(&p, TCP_RST, p.seq - 1, 0, NULL, 0);
	peer_put(&p, TCP_RST, p.seq + 16384, 0, NULL, 0);
	peer_expect_silence(&p); /* outside the window: dropped */
	peer_put(&p, TCP_RST, p.seq + 1, 0, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_ACK); /* inside: challenged */
	assert_int_equal(s->seq, p.ack);
	assert_int_equal(s->ack, p.seq);
	assert_int_equal(tcp_stats(w->side[0].tcp)->challenge_acks, 1);
	still_works(&p, a);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(flow_error(a->flow), ERR_RESET);
	assert_true((a->events & FLOW_FAILED) != 0);
	assert_int_equal(a->read_error, ERR_RESET);
	assert_int_equal(tcp_stats(w->side[0].tcp)->resets_in, 1);
	world_free(w);
}

/* RFC 5961 section 4.2: whatever its number */
static void syn_on_a_connection_is_challenged(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	const uint32_t numbers[] = {p.iss, p.seq, p.seq + 100, p.seq + 1000000};
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		peer_put(&p, TCP_SYN, numbers[i], 0, NULL, 0);
		const struct seen *s = peer_expect(&p, TCP_ACK);
		assert_int_equal(s->seq, p.ack);
		assert_int_equal(s->ack, p.seq);
		w->pipe.now_us += TCP_CHALLENGE_US;
	}
	still_works(&p, a);
	world_free(w);
}

/* RFC 5961 section 5.2: SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT */
static void blind_data_needs_a_plausible_ack(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	peer_put(&p, TCP_ACK, p.seq, p.ack + 1, "evil", 4); /* acknowledges what was not sent */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	w->pipe.now_us += TCP_CHALLENGE_US;
	peer_put(&p, TCP_ACK, p.seq, p.ack - 65536, "evil", 4); /* too old */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_put(&p, 0, p.seq, p.ack, "evil", 4); /* no ACK at all */
	peer_expect_silence(&p);
	assert_int_equal(a->in_len, 0);
	peer_put(&p, TCP_ACK, p.seq, p.ack - 65535, "okay", 4); /* just old enough */
	world_poll(w, 0);
	assert_int_equal(a->in_len, 4);
	world_free(w);
}

/* RFC 5961 section 7; the limit is the connection's own, so that nobody learns from another's */
static void challenges_are_limited(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p, q;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	(void)peer_open(&p);
	(void)peer_open(&q);
	for (int i = 0; i < 100; i++) {
		peer_put(&p, TCP_SYN, p.seq, 0, NULL, 0);
		if (i == 0)
			(void)peer_expect(&p, TCP_ACK);
		else
			peer_expect_silence(&p);
		w->pipe.now_us += TCP_CHALLENGE_US / 200;
	}
	peer_put(&q, TCP_SYN, q.seq, 0, NULL, 0);
	(void)peer_expect(&q, TCP_ACK);
	w->pipe.now_us += TCP_CHALLENGE_US / 2;
	peer_put(&p, TCP_SYN, p.seq, 0, NULL, 0);
	(void)peer_expect(&p, TCP_ACK);
	world_free(w);
}

/* Two sides that answer each other's unacceptable ACKs would never stop. */
static void empty_segments_outside_the_window_make_no_loop(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	unsigned answers = 0;
	static struct seen s;
	for (int i = 0; i < 50; i++) {
		peer_put(&p, TCP_ACK, p.seq - 5, p.ack, NULL, 0);
		world_poll(w, 0);
		answers += peer_take(&p, &s);
	}
	assert_int_equal(answers, 1);
	/* But a retransmission whose ACK was lost is always answered. */
	still_works(&p, a);
	for (int i = 0; i < 3; i++) {
		peer_put(&p, TCP_ACK, p.seq - 5, p.ack, "alive", 5);
		assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	}
	assert_int_equal(tcp_stats(w->side[0].tcp)->duplicates, 3);
	world_free(w);
}

/* --- half-open connections ------------------------------------------------------------------- */

/* A SYN to one side, which says that it is the other's. */
static void put_syn(struct world *w, unsigned to, uint16_t from_port, uint16_t to_port,
		    uint32_t seq)
{
	const struct ip_meta m = {.src = w->pipe.end[1 - to].addr,
				  .dst = w->pipe.end[to].addr,
				  .proto = IP_PROTO_TCP,
				  .ttl = 64};
	uint8_t b[TCP_HEADER_BYTES] = {0};

	store_be16(b, from_port);
	store_be16(b + 2, to_port);
	store_be32(b + 4, seq);
	b[12] = TCP_HEADER_BYTES / 4 << 4;
	b[13] = TCP_SYN;
	store_be16(b + 14, UINT16_MAX);
	assert_true(ip_pipe_inject(&w->pipe, to, &m, b, sizeof(b), true));
	world_poll(w, to);
}

static void never_accepted(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	(void)f;
	(void)now_us;
	fail_msg("a handshake was completed");
}

static void half_open_is_guarded(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	peer_put(&p, TCP_ACK, p.seq, p.ack + 1, NULL, 0); /* section 3.10.7.4, fifth */
	assert_int_equal(peer_expect(&p, TCP_RST)->seq, p.ack + 1);
	peer_put(&p, TCP_RST, p.seq + 1, 0, NULL, 0); /* RFC 5961 section 3.2 */
	(void)peer_expect(&p, TCP_ACK);
	peer_put(&p, TCP_SYN, p.iss + 9, 0, NULL, 0);
	peer_expect_silence(&p); /* so soon */
	peer_wait(&p, TCP_CHALLENGE_US);
	peer_put(&p, TCP_SYN, p.iss + 9, 0, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_wait(&p, TCP_CHALLENGE_US);
	(void)peer_expect(&p, TCP_SYN | TCP_ACK);              /* once more, after a second */
	peer_put(&p, TCP_ACK, p.seq + 100000, p.ack, NULL, 0); /* first: not in the window */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_put(&p, TCP_RST, p.seq + 100000, p.ack, NULL, 0);
	peer_put(&p, 0, p.seq, 0, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 1);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	peer_expect_silence(&p);
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

/* A SYN to each of two hosts in the other's name: each finds what the other says unacceptable. */
static void half_open_entries_do_not_keep_each_other_busy(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, true);

	w->pipe.delay_us = 50;
	assert_int_equal(tcp_listen(w->side[1].tcp, PORT, never_accepted, w), OK);
	for (unsigned to = 0; to < 2; to++)
		put_syn(w, to, PORT, PORT, 0x10000000 + to * 0x60000000);
	world_run(w, 70 * (uint64_t)US_PER_S);
	for (unsigned i = 0; i < 2; i++) {
		assert_in_range(tcp_stats(w->side[i].tcp)->segments_out, 2, 200);
		assert_int_equal(tcp_connections(w->side[i].tcp), 0);
	}
	world_free(w);
}

/* The same of what is left of a connection, and a SYN in its peer's name. */
static void time_wait_and_half_open_do_not_keep_each_other_busy(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, true);
	struct app a = {0};
	struct ip_addr addr;
	uint16_t port = 0;

	w->pipe.delay_us = 50;
	world_connect(w, &a);
	world_run(w, 10000);
	world_server(w)->close_at_eof = true;
	tcp_local(a.flow, &addr, &port);
	app_close(&a);
	world_run(w, US_PER_S);
	assert_int_equal(w->side[1].tcp->time_waits.used, 1);
	uint64_t before = tcp_stats(w->side[0].tcp)->segments_out;
	put_syn(w, 0, port, PORT, 0x30000000);
	world_run(w, 70 * (uint64_t)US_PER_S);
	assert_in_range(tcp_stats(w->side[0].tcp)->segments_out - before, 1, 200);
	world_free(w);
}

static void syn_flood_is_bounded(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p, q;
	peer_init(&q, w, 4000);
	struct app *a = peer_open(&q);
	for (unsigned i = 0; i < 1000; i++) {
		peer_init(&p, w, (uint16_t)(10000 + i));
		peer_send(&p, TCP_SYN, NULL, 0);
	}
	world_poll(w, 0);
	unsigned answers = 0;
	static struct seen s;
	while (peer_take(&p, &s))
		answers++;
	assert_int_equal(answers, world_config.half_open);
	assert_int_equal(tcp_stats(w->side[0].tcp)->syn_dropped, 1000 - world_config.half_open);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	still_works(&q, a);
	/* Where it is crowded, entries that do not answer leave after 1 + 2 + 4 seconds. */
	for (int i = 0; i < 8; i++)
		peer_wait(&p, 1000000);
	unsigned left = w->side[0].tcp->half_opens.used;
	assert_true(left <= world_config.half_open / 2);
	assert_int_equal(tcp_stats(w->side[0].tcp)->abandoned, world_config.half_open - left);
	while (peer_take(&p, &s))
		;
	peer_init(&p, w, 20000);
	(void)peer_open(&p);
	world_free(w);
}

/* A handshake begins only when there is a place for its end; until then the SYN waits. */
static void full_table_makes_syns_wait(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.connections = 2;
	struct world *w = world_new(&config, false);
	struct tcp *tcp = w->side[0].tcp;
	struct peer p[3], q;
	for (unsigned i = 0; i < 3; i++) {
		peer_init(&p[i], w, (uint16_t)(4000 + i));
		peer_send(&p[i], TCP_SYN, NULL, 0);
		if (i < 2)
			p[i].ack = peer_expect(&p[i], TCP_SYN | TCP_ACK)->seq + 1;
	}
	peer_expect_silence(&p[2]); /* both places are promised */
	for (unsigned i = 0; i < 2; i++)
		peer_send(&p[i], TCP_ACK, NULL, 0);
	peer_expect_silence(&p[2]);
	assert_int_equal(w->side[0].accepted, 2);
	peer_put(&p[2], TCP_SYN, p[2].iss, 0, NULL, 0); /* impatient */
	peer_expect_silence(&p[2]);
	peer_init(&q, w, 5000);
	peer_send(&q, TCP_SYN, NULL, 0);
	peer_expect_silence(&q);
	/* One leaves: the one who has waited the longest comes next, at once. */
	flow_abort(w->side[0].app[0].flow);
	w->side[0].app[0].flow = NULL;
	(void)peer_expect(&p[0], TCP_RST | TCP_ACK);
	assert_true(w->side[0].deadline_us <= world_now(w));
	p[2].ack = peer_expect(&p[2], TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&p[2], TCP_ACK | TCP_PSH, "x", 1);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 3);
	assert_int_equal(world_server(w)->in_len, 1);
	/* The other one waits in vain, and is forgotten. */
	assert_int_equal(tcp_stats(tcp)->syn_dropped, 0);
	world_run(w, TCP_SYN_WAIT_US);
	assert_int_equal(tcp_stats(tcp)->syn_dropped, 1);
	assert_int_equal(tcp->half_opens.used, 0);
	world_free(w);
}

/* One who waits may give up; those who promised to come, and do not, make place for him sooner. */
static void waiting_syns_get_abandoned_places(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.connections = 1;
	struct world *w = world_new(&config, false);
	struct tcp *tcp = w->side[0].tcp;
	struct peer p, q, r;
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0);
	(void)peer_expect(&p, TCP_SYN | TCP_ACK); /* and never comes back */
	peer_init(&q, w, 4001);
	peer_send(&q, TCP_SYN, NULL, 0);
	peer_expect_silence(&q);
	peer_put(&q, TCP_RST, q.seq, 0, NULL, 0);
	assert_int_equal(tcp->waiting_used, 0);
	assert_int_equal(tcp->half_opens.used, 1);
	peer_init(&r, w, 4002);
	uint64_t end_us = world_now(w) + 8 * (uint64_t)US_PER_S;
	static struct seen s;
	bool answered = false;
	while (!answered && world_now(w) < end_us) {
		peer_put(&r, TCP_SYN, r.iss, 0, NULL, 0);
		world_run(w, US_PER_S);
		while (peer_take(&r, &s))
			answered |= s.dst == 4002;
	}
	assert_true(answered);
	r.seq++;
	r.ack = s.seq + 1;
	peer_send(&r, TCP_ACK, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 1);
	world_free(w);
}

/* --- damaged and misdirected ----------------------------------------------------------------- */

static void damaged_segments_are_dropped(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	const struct tcp_stats *stats = tcp_stats(w->side[0].tcp);
	struct ip_meta meta = {
		.src = w->pipe.end[1].addr, .dst = w->pipe.end[0].addr, .proto = IP_PROTO_TCP};
	uint8_t bytes[64] = {0};
	p.bad_checksum = true;
	peer_put(&p, TCP_ACK, p.seq, p.ack, "damaged", 7);
	p.bad_checksum = false;
	assert_int_equal(stats->bad_checksum, 1);
	for (size_t len = 0; len < 20; len++)
		assert_true(ip_pipe_inject(&w->pipe, 0, &meta, bytes, len, true));
	assert_int_equal(stats->bad_header, 20);
	bytes[12] = 4 << 4; /* shorter than a header */
	assert_true(ip_pipe_inject(&w->pipe, 0, &meta, bytes, 40, true));
	bytes[12] = 15 << 4; /* longer than the packet */
	assert_true(ip_pipe_inject(&w->pipe, 0, &meta, bytes, 59, true));
	assert_int_equal(stats->bad_header, 22);
	bytes[12] = 5 << 4;
	bytes[13] = TCP_SYN;
	meta.broadcast = true; /* RFC 1122 section 4.2.3.10 */
	assert_true(ip_pipe_inject(&w->pipe, 0, &meta, bytes, 20, true));
	peer_expect_silence(&p);
	assert_int_equal(stats->to_many, 1);
	assert_int_equal(a->in_len, 0);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	still_works(&p, a);
	world_free(w);
}

/* Section 3.2: options that cannot be are where parsing ends, not where reading goes wrong. */
static void malformed_options_are_harmless(void **state)
{
	(void)state;
	static const struct {
		uint8_t bytes[8];
		uint16_t mss;
	} cases[] = {
		{{2, 0, 5, 180, 0, 0, 0, 0}, 536},    /* length 0 */
		{{2, 1, 5, 180, 0, 0, 0, 0}, 536},    /* length 1 */
		{{2, 40, 5, 180, 0, 0, 0, 0}, 536},   /* beyond the header */
		{{2, 3, 5, 1, 1, 1, 1, 1}, 536},      /* an MSS of one byte */
		{{1, 1, 1, 1, 1, 1, 1, 2}, 536},      /* a kind without its length */
		{{8, 4, 0, 0, 2, 4, 2, 88}, 600},     /* an unknown one before */
		{{0, 2, 4, 5, 180, 0, 0, 0}, 536},    /* after the end */
		{{253, 2, 253, 2, 2, 4, 2, 88}, 600}, /* two without a body */
		{{3, 3, 255, 1, 2, 4, 2, 88}, 600},   /* a scale of more than 14 */
	};
	static const uint8_t data[4000];
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world *w = world_new(&world_config, false);
		struct peer p;
		peer_init(&p, w, 4000);
		memcpy(p.extra, cases[i].bytes, 8);
		p.extra_len = 8;
		struct app *a = peer_open(&p);
		app_write(a, data, sizeof(data));
		assert_int_equal(peer_expect(&p, TCP_ACK)->len, cases[i].mss);
		world_free(w);
	}
}

/* RFC 7323 section 2.3: a scale beyond 14 counts as 14. */
static void scale_is_clamped(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	p.scale = 200;
	(void)peer_open(&p);
	assert_int_equal(peer_conn(&p)->snd.scale, 14);
	world_free(w);
}

/* --- memory ---------------------------------------------------------------------------------- */

/* A packet of one byte pins a buffer of 2048: in order they are copied together. */
static void tiny_segments_share_a_buffer(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	a->paused = true;
	for (unsigned i = 0; i < 1500; i++) {
		uint8_t byte = (uint8_t)i;
		peer_send(&p, TCP_ACK, &byte, 1);
		world_poll(w, 0);
	}
	assert_int_equal(pool_in_use(&w->side[0].rx), 1);
	app_read(a);
	assert_int_equal(a->in_len, 1500);
	for (unsigned i = 0; i < 1500; i++)
		assert_int_equal(a->in[i], (uint8_t)i);
	world_free(w);
}

/*
 * Packets of a connection are bounded whatever their size; and the window never promises what they
 * cannot hold, also not to a peer that sends short segments.
 */
static void packets_of_a_connection_are_bounded(void **state)
{
	static const uint32_t lengths[] = {1, 200, 257, 300, 536, 700, 1000, 1200, 1460};
	static uint8_t data[1460];
	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct tcp_config config = world_config;
		config.recv_bytes = 1 << 20;
		struct world *w = world_new(&config, false);
		struct peer p;
		struct seen s = {.window = 1};
		peer_init(&p, w, 4000);
		p.scale = 0;
		struct app *a = peer_open(&p);
		a->paused = true;
		uint32_t promised = peer_conn(&p)->rcv.edge - p.seq, sent = 0;
		assert_int_equal(promised, config.recv_packets * 1460);
		while (sent < promised) {
			uint32_t n = MIN(lengths[i], promised - sent);
			peer_put(&p, TCP_ACK, p.seq + sent, p.ack, data + sent % 1460,
				 MIN(n, 1460 - sent % 1460));
			sent += MIN(n, 1460 - sent % 1460);
			world_poll(w, 0);
			while (peer_take(&p, &s))
				;
		}
		world_run(w, US_PER_S);
		while (peer_take(&p, &s))
			;
		assert_int_equal(s.ack, p.seq + promised); /* all that was promised was taken */
		assert_true(s.window == 0 || lengths[i] < sizeof(data) / 2);
		assert_true(pool_in_use(&w->side[0].rx) <= config.recv_packets);
		assert_int_equal(tcp_stats(w->side[0].tcp)->out_of_memory, 0);
		app_read(a);
		assert_int_equal(a->in_len, promised);
		for (uint32_t at = 0; at < promised; at++)
			assert_int_equal(a->in[at], data[at % 1460]);
		a->paused = false;
		p.seq += promised;
		p.ack = peer_expect(&p, TCP_ACK)->seq; /* there is room again */
		still_works(&p, a);
		world_free(w);
	}
}

/*
 * Many connections together: those that do not read leave room for those that do, and the device
 * keeps buffers to receive with.
 */
static void packets_of_all_are_bounded(void **state)
{
	(void)state;
	enum { HOARDERS = 6, PACKETS = 64 };
	static uint8_t data[1200];
	struct world *w = world_new_sized(&world_config, false, PACKETS, WORLD_BUF);
	struct peer p[HOARDERS], q;
	for (unsigned i = 0; i < HOARDERS; i++) {
		peer_init(&p[i], w, (uint16_t)(4000 + i));
		peer_open(&p[i])->paused = true;
	}
	for (unsigned round = 0; round < 13; round++) {
		for (unsigned i = 0; i < HOARDERS; i++)
			peer_send(&p[i], TCP_ACK, data, sizeof(data));
		world_poll(w, 0);
	}
	assert_true(pool_in_use(&w->side[0].rx) <= PACKETS * 3 / 4);
	static struct seen s;
	while (peer_take(&p[0], &s))
		;
	peer_init(&q, w, 5000);
	struct app *a = peer_open(&q);
	for (int i = 0; i < 20; i++)
		still_works(&q, a);
	world_free(w);
}

/* Gaps that are never filled must not keep others from having theirs. */
static void old_gaps_give_way(void **state)
{
	(void)state;
	enum { HOARDERS = 6, PACKETS = 64 };
	static uint8_t data[1200];
	struct world *w = world_new_sized(&world_config, false, PACKETS, WORLD_BUF);
	struct peer p[HOARDERS], q;
	for (unsigned i = 0; i < HOARDERS; i++) {
		peer_init(&p[i], w, (uint16_t)(4000 + i));
		(void)peer_open(&p[i]);
		for (unsigned j = 1; j < 12; j++)
			peer_put(&p[i], TCP_ACK, p[i].seq + j * 1300, p[i].ack, data, sizeof(data));
		(void)peer_drain(&p[i]);
	}
	assert_true(pool_in_use(&w->side[0].rx) <= PACKETS / 2);
	peer_init(&q, w, 5000);
	struct app *a = peer_open(&q);
	peer_put(&q, TCP_ACK, q.seq + 3, q.ack, "def", 3);
	peer_put(&q, TCP_ACK, q.seq, q.ack, "abc", 3);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 6);
	world_free(w);
}

int attack_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reset_must_be_exact),
		cmocka_unit_test(syn_on_a_connection_is_challenged),
		cmocka_unit_test(blind_data_needs_a_plausible_ack),
		cmocka_unit_test(challenges_are_limited),
		cmocka_unit_test(empty_segments_outside_the_window_make_no_loop),
		cmocka_unit_test(half_open_is_guarded),
		cmocka_unit_test(half_open_entries_do_not_keep_each_other_busy),
		cmocka_unit_test(time_wait_and_half_open_do_not_keep_each_other_busy),
		cmocka_unit_test(syn_flood_is_bounded),
		cmocka_unit_test(full_table_makes_syns_wait),
		cmocka_unit_test(waiting_syns_get_abandoned_places),
		cmocka_unit_test(damaged_segments_are_dropped),
		cmocka_unit_test(malformed_options_are_harmless),
		cmocka_unit_test(scale_is_clamped),
		cmocka_unit_test(tiny_segments_share_a_buffer),
		cmocka_unit_test(packets_of_a_connection_are_bounded),
		cmocka_unit_test(packets_of_all_are_bounded),
		cmocka_unit_test(old_gaps_give_way),
	};
	return cmocka_run_group_tests_name("tcp attacks", tests, NULL, NULL);
}
