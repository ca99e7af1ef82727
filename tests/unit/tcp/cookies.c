/* SPDX-License-Identifier: ISC */
/* SYN cookies: RFC 4987 section 3.6. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "tests/unit/tcp/peer.h"

#define PERIOD_US (UINT64_C(1) << 26)

/* A world whose half-open entries are all taken. */
static struct world *flooded(void)
{
	struct tcp_config config = world_config;
	struct peer p;
	struct seen s;
	config.cookies = true;
	struct world *w = world_new(&config, false);
	for (unsigned i = 0; i < config.half_open; i++) {
		peer_init(&p, w, (uint16_t)(10000 + i));
		peer_send(&p, TCP_SYN, NULL, 0);
	}
	world_poll(w, 0);
	while (peer_take(&p, &s))
		;
	assert_int_equal(w->side[0].tcp->half_opens.used, config.half_open);
	assert_int_equal(tcp_stats(w->side[0].tcp)->cookies_sent, 0);
	return w;
}

/* Sends a SYN and takes the answer, which nothing remembers. */
static void get_cookie(struct peer *p)
{
	struct tcp *tcp = p->world->side[0].tcp;
	unsigned entries = tcp->half_opens.used;
	peer_send(p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->ack, p->seq);
	p->irs = s->seq;
	p->ack = s->seq + 1;
	p->echo = s->ts;
	assert_int_equal(tcp->half_opens.used, entries);
}

static struct app *complete(struct peer *p)
{
	unsigned accepted = p->world->side[0].accepted;
	peer_send(p, TCP_ACK, NULL, 0);
	world_poll(p->world, 0);
	assert_int_equal(p->world->side[0].accepted, accepted + 1);
	return world_server(p->world);
}

static void full_backlog_is_no_hindrance(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct peer p;
	struct seen s;
	peer_init(&p, w, 4000);
	get_cookie(&p);
	struct app *a = complete(&p);
	a->reply = true;
	peer_send(&p, TCP_ACK | TCP_PSH, "hello", 5);
	world_poll(w, 0);
	assert_true(peer_take(&p, &s));
	assert_memory_equal(s.data, "hello", 5);
	assert_int_equal(tcp_stats(w->side[0].tcp)->cookies_sent, 1);
	assert_int_equal(tcp_stats(w->side[0].tcp)->cookies_taken, 1);
	world_free(w);
}

/* The bare acknowledgement was lost: the first data brings the cookie back. */
static void data_brings_it_back(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct peer p;
	peer_init(&p, w, 4000);
	get_cookie(&p);
	peer_send(&p, TCP_ACK | TCP_FIN, "hello", 5);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 1);
	assert_memory_equal(world_server(w)->in, "hello", 5);
	assert_int_equal(world_server(w)->read_error, ERR_EOF);
	world_free(w);
}

/* What the peer asked for: rounded down, and never more. */
static void mss_is_remembered(void **state)
{
	static const uint16_t asked[] = {0,    1,    88,   100,  535,  536,  1219, 1220, 1300,
					 1380, 1420, 1440, 1452, 1460, 4000, 8960, 65535};
	static const uint16_t kept[] = {536,  88,   88,   88,   88,   536,  536,  1220, 1220,
					1360, 1400, 1440, 1440, 1460, 1460, 8940, 8940};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(asked); i++) {
		struct world *w = flooded();
		struct peer p;
		peer_init(&p, w, 4000);
		p.mss = asked[i];
		get_cookie(&p);
		(void)complete(&p);
		assert_int_equal(peer_conn(&p)->snd.peer_mss, kept[i]);
		world_free(w);
	}
}

/* Without timestamps there is no room for scale and SACK, so they are not offered. */
static void options_without_timestamps(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct peer p;
	peer_init(&p, w, 4000);
	p.scale = 7;
	p.sack = true;
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_int_equal(s->scale, -1);
	assert_false(s->sack);
	assert_false(s->has_ts);
	p.ack = s->seq + 1;
	p.window = 1000;
	(void)complete(&p);
	assert_int_equal(peer_conn(&p)->snd.wnd, 1000);
	assert_false(peer_conn(&p)->sack);
	world_free(w);
}

static void options_ride_on_timestamps(void **state)
{
	(void)state;
	for (int scale = -1; scale <= 14; scale++) {
		struct world *w = flooded();
		struct peer p;
		peer_init(&p, w, 4000);
		w->pipe.now_us += (uint64_t)(scale + 1) * 7777;
		p.scale = scale;
		p.sack = scale % 2 == 0;
		p.ts = true;
		p.now = 5000;
		get_cookie(&p);
		p.window = 100;
		uint32_t sent = p.echo;
		(void)complete(&p);
		const struct tcp_conn *c = peer_conn(&p);
		assert_int_equal(c->sack, p.sack);
		assert_int_equal(c->snd.wnd, 100 << (scale > 0 ? scale : 0));
		assert_int_equal(c->rcv.scale, scale < 0 ? 0 : w->side[0].tcp->recv_scale);
		assert_true(c->ts.on);
		assert_int_equal(c->ts.recent, 5000);
		/* Its clock never goes back, and is nearly right. */
		uint32_t now = c->ts.offset + tcp_ts_clock(world_now(w));
		assert_in_range(now - sent, 0, 64);
		world_free(w);
	}
}

static void expect_refusal(struct peer *p, uint32_t seq, uint32_t ack)
{
	peer_put(p, TCP_ACK, seq, ack, NULL, 0);
	peer_expect_silence(p);
	assert_int_equal(p->world->side[0].accepted, 0);
}

/* Another number, another peer, another port: nothing of it is taken. */
static void forgeries_are_refused(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct peer p, q;
	peer_init(&p, w, 4000);
	get_cookie(&p);
	for (unsigned bit = 0; bit < 32; bit++) {
		expect_refusal(&p, p.seq, p.ack ^ UINT32_C(1) << bit);
		expect_refusal(&p, p.seq ^ UINT32_C(1) << bit, p.ack);
	}
	peer_init(&q, w, 4001);
	expect_refusal(&q, p.seq, p.ack);
	(void)complete(&p);
	world_free(w);
}

/* One lasts for a minute at least, and for two and a quarter at most. */
static void cookies_expire(void **state)
{
	(void)state;
	for (unsigned quarters = 0; quarters < 12; quarters++) {
		struct world *w = flooded();
		struct peer p;
		struct seen s;
		w->pipe.now_us = 3 * PERIOD_US + 1000;
		peer_init(&p, w, 4000);
		peer_send(&p, TCP_SYN, NULL, 0);
		world_poll(w, 0); /* which also ends what was half open: the SYN came before */
		do
			assert_true(peer_take(&p, &s));
		while (s.dst != 4000);
		assert_int_equal(tcp_stats(w->side[0].tcp)->cookies_sent, 1);
		p.ack = s.seq + 1;
		while (peer_take(&p, &s))
			;
		w->pipe.now_us += quarters * PERIOD_US / 4;
		bool good = quarters < 8;
		peer_send(&p, TCP_ACK, NULL, 0);
		world_poll(w, 0);
		assert_int_equal(w->side[0].accepted, good);
		world_free(w);
	}
}

/* Something comes before what acknowledges the cookie, and is sent again; once no cookie can come
 * back it is of nobody. */
static void what_is_early_is_not_reset(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct peer p;
	peer_init(&p, w, 4000);
	get_cookie(&p);
	peer_put(&p, TCP_ACK, p.seq + 5, p.ack, "world", 5);
	peer_put(&p, TCP_ACK, p.seq + 10, p.ack, NULL, 0);
	peer_expect_silence(&p);
	peer_put(&p, TCP_ACK, p.seq, p.ack, "hello", 5);
	peer_put(&p, TCP_ACK, p.seq + 5, p.ack, "world", 5);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 1);
	assert_int_equal(world_server(w)->in_len, 10);
	w->pipe.now_us += 2 * PERIOD_US;
	world_poll(w, 0);
	(void)peer_drain(&p);
	p.port = 4001;
	peer_put(&p, TCP_ACK, p.seq + 5, p.ack, "world", 5);
	assert_int_equal(peer_expect(&p, TCP_RST)->seq, p.ack);
	world_free(w);
}

/* Keys are drawn anew; one that is two periods old is not good even if another was drawn since. */
static void keys_change(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct tcp *tcp = w->side[0].tcp;
	struct tcp_cookie_keys old[3];
	for (unsigned i = 0; i < 3; i++) {
		struct peer p;
		struct tcp_segment s = {.flags = TCP_SYN};
		const struct tcp_tuple t = {.local = w->pipe.end[0].addr,
					    .remote = w->pipe.end[1].addr};
		peer_init(&p, w, 4000);
		tcp_cookie_answer(tcp, (20 + i) * PERIOD_US, &t, &s);
		old[i] = tcp->cookie;
	}
	assert_int_equal(old[0].period + 2, old[2].period);
	for (unsigned i = 0; i < 2; i++) { /* each survives one change, and not the next */
		unsigned at = old[i].period & 1;
		assert_memory_equal(&old[i].key[at], &old[i + 1].key[at], sizeof(old[0].key[0]));
		assert_memory_not_equal(&old[i].key[!at], &old[i + 1].key[!at],
					sizeof(old[0].key[0]));
	}
	world_abandon(w);
}

/* No connection is free: then nothing is promised that way either. */
static void full_table_sends_none(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.connections = 1;
	config.cookies = true;
	struct world *w = world_new(&config, false);
	struct peer p, q;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	(void)peer_open(&p);
	for (unsigned i = 0; i < 10; i++) {
		q.port++;
		peer_put(&q, TCP_SYN, q.iss, 0, NULL, 0);
	}
	peer_expect_silence(&q);
	assert_int_equal(tcp_stats(w->side[0].tcp)->cookies_sent, 0);
	world_free(w);
}

/* The only connection went to somebody else meanwhile: who comes back later finds it free. */
static void late_comer_gets_what_is_free_by_then(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.connections = 1;
	config.half_open = 1;
	config.cookies = true;
	struct world *w = world_new(&config, false);
	struct peer p, q;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	peer_send(&p, TCP_SYN, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	get_cookie(&q);
	struct app *a = complete(&p);
	peer_send(&q, TCP_ACK, NULL, 0);
	peer_put(&q, TCP_ACK, q.seq, q.ack, "hello", 5);
	peer_expect_silence(&q);
	assert_int_equal(w->side[0].accepted, 1);
	app_close(a);
	world_poll(w, 0);
	peer_send(&p, TCP_RST, NULL, 0);
	(void)peer_drain(&p);
	peer_put(&q, TCP_ACK, q.seq, q.ack, "hello", 5);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 2);
	assert_int_equal(world_server(w)->in_len, 5);
	world_free(w);
}

/* A thousand SYNs of strangers between each two segments of a client. */
static void served_during_a_flood(void **state)
{
	(void)state;
	struct world *w = flooded();
	struct peer p, q;
	struct seen s;
	peer_init(&p, w, 4000);
	get_cookie(&p);
	for (unsigned i = 0; i < 1000; i++) {
		peer_init(&q, w, (uint16_t)(20000 + i));
		peer_send(&q, TCP_SYN, NULL, 0);
		if (i % TCP_REPLIES_MAX == 0)
			world_poll(w, 0);
	}
	struct app *a = complete(&p);
	a->reply = true;
	while (peer_take(&q, &s))
		;
	peer_send(&p, TCP_ACK | TCP_PSH, "hello", 5);
	world_poll(w, 0);
	assert_true(peer_take(&p, &s));
	assert_int_equal(s.len, 5);
	assert_true(tcp_stats(w->side[0].tcp)->cookies_sent > 900);
	world_free(w);
}

int cookie_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_backlog_is_no_hindrance),
		cmocka_unit_test(data_brings_it_back),
		cmocka_unit_test(mss_is_remembered),
		cmocka_unit_test(options_without_timestamps),
		cmocka_unit_test(options_ride_on_timestamps),
		cmocka_unit_test(forgeries_are_refused),
		cmocka_unit_test(cookies_expire),
		cmocka_unit_test(what_is_early_is_not_reset),
		cmocka_unit_test(keys_change),
		cmocka_unit_test(full_table_sends_none),
		cmocka_unit_test(late_comer_gets_what_is_free_by_then),
		cmocka_unit_test(served_during_a_flood),
	};
	return cmocka_run_group_tests_name("tcp cookies", tests, NULL, NULL);
}
