/* SPDX-License-Identifier: ISC */
/* TIME-WAIT: RFC 9293 section 3.10.7.4, RFC 1337, RFC 6191. */
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

/* A connection that we closed first: the peer's numbers stand behind its FIN. */
static struct world *open_time_wait(struct peer *p)
{
	struct app *a;
	struct world *w = open_one(p, &a);
	app_close(a);
	p->ack = peer_expect(p, TCP_FIN | TCP_ACK)->seq + 1;
	peer_send(p, TCP_FIN | TCP_ACK, NULL, 0);
	(void)peer_expect(p, TCP_ACK);
	assert_int_equal(time_waits(w), 1);
	return w;
}

/* Section 3.10.7.4, eighth, TIME-WAIT: our last ACK was lost */
static void time_wait_acknowledges_again(void **state)
{
	(void)state;
	struct peer p;
	struct world *w = open_time_wait(&p);
	w->pipe.now_us += TCP_TIME_WAIT_US / 2;
	peer_put(&p, TCP_FIN | TCP_ACK, p.seq - 1, p.ack, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->ack, p.seq);
	assert_int_equal(s->seq, p.ack);
	peer_wait(&p, TCP_TIME_WAIT_US - 1); /* 2 MSL began anew */
	assert_int_equal(time_waits(w), 1);
	peer_ack(&p, p.ack); /* an acceptable ACK is no reason to answer */
	peer_expect_silence(&p);
	peer_wait(&p, 1);
	assert_int_equal(time_waits(w), 0);
	world_free(w);
}

/* RFC 1337 */
static void time_wait_ignores_resets(void **state)
{
	(void)state;
	struct peer p;
	struct world *w = open_time_wait(&p);
	for (uint32_t i = 0; i < 3; i++) {
		peer_put(&p, TCP_RST, p.seq + i - 1, 0, NULL, 0);
		peer_expect_silence(&p);
	}
	assert_int_equal(time_waits(w), 1);
	world_free(w);
}

/* Section 3.6.1: a newer SYN opens a new connection with higher numbers; an older one does not */
static void time_wait_gives_way_to_a_newer_syn(void **state)
{
	(void)state;
	struct peer p;
	struct world *w = open_time_wait(&p);
	peer_put(&p, TCP_SYN, p.iss, 0, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_wait(&p, TCP_CHALLENGE_US);
	peer_put(&p, TCP_SYN, p.seq, 0, NULL, 0); /* not beyond RCV.NXT */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	uint32_t old_end = p.ack;
	p.seq += 1000;
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_true(seq_gt(s->seq, old_end));
	assert_int_equal(time_waits(w), 0);
	peer_ack(&p, s->seq + 1);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 2);
	world_free(w);
}

/* A peer that connects with an older number, its clock being new: it says so and comes again. */
static void time_wait_lets_a_persistent_peer_in(void **state)
{
	(void)state;
	struct peer p;
	struct world *w = open_time_wait(&p);
	uint32_t old_end = p.ack, syn = p.iss - 5000;
	peer_put(&p, TCP_SYN, syn, 0, NULL, 0);
	peer_put(&p, TCP_SYN, syn, 0, NULL, 0); /* a ghost that comes twice is one still */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_expect_silence(&p);                      /* one answer is enough */
	peer_put(&p, TCP_RST, p.seq + 1, 0, NULL, 0); /* a guess */
	peer_wait(&p, TCP_CHALLENGE_US);
	peer_put(&p, TCP_SYN, syn, 0, NULL, 0);
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	peer_wait(&p, TCP_CHALLENGE_US);
	peer_put(&p, TCP_SYN, syn - 1, 0, NULL, 0); /* another ghost */
	assert_int_equal(peer_expect(&p, TCP_ACK)->ack, p.seq);
	assert_int_equal(time_waits(w), 1);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	p.seq = syn - 1;
	peer_send(&p, TCP_SYN, NULL, 0);
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	assert_true(seq_gt(s->seq, old_end));
	p.ack = s->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 2);
	world_free(w);
}

/* RFC 6191 section 2: by timestamps; an older one is not heard, whatever its sequence number. */
static void time_wait_goes_by_timestamps(void **state)
{
	(void)state;
	for (unsigned newer = 0; newer < 2; newer++) {
		struct world *w = world_new(&world_config, false);
		struct peer p;
		peer_init(&p, w, 4000);
		p.ts = true;
		p.now = 1000;
		app_close(peer_open(&p));
		p.ack = peer_expect(&p, TCP_FIN | TCP_ACK)->seq + 1;
		peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
		(void)peer_expect(&p, TCP_ACK);
		assert_int_equal(time_waits(w), 1);
		p.now = newer ? 1001 : 999;
		uint32_t seq = newer ? p.iss - 100 : p.seq + 100;
		peer_put(&p, TCP_SYN, seq, 0, NULL, 0);
		(void)peer_expect(&p, newer ? TCP_SYN | TCP_ACK : TCP_ACK);
		assert_int_equal(time_waits(w), !newer);
		world_free(w);
	}
}

static void oldest_time_wait_is_forgotten(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	for (unsigned i = 0; i < 6; i++) {
		peer_init(&p, w, (uint16_t)(5000 + i));
		struct app *a = peer_open(&p);
		app_close(a);
		p.ack = peer_expect(&p, TCP_FIN | TCP_ACK)->seq + 1;
		peer_send(&p, TCP_FIN | TCP_ACK, NULL, 0);
		(void)peer_expect(&p, TCP_ACK);
		w->pipe.now_us += 1000;
	}
	assert_int_equal(time_waits(w), world_config.time_wait);
	p.port = 5001; /* forgotten: as if closed, but a listener is there */
	peer_ack(&p, p.ack);
	(void)peer_expect(&p, TCP_RST);
	world_free(w);
}

static void time_wait_can_be_switched_off(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.time_wait = 0;
	struct world *w = world_new(&config, true);
	struct app a = {0};
	world_connect(w, &a);
	world_run(w, 10000);
	app_close(&a);
	world_server(w)->close_at_eof = true;
	world_server(w)->hook = NULL;
	world_run(w, 10000);
	assert_int_equal(tcp_connections(w->side[1].tcp), 0);
	world_free(w);
}

int time_wait_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_wait_acknowledges_again),
		cmocka_unit_test(time_wait_ignores_resets),
		cmocka_unit_test(time_wait_gives_way_to_a_newer_syn),
		cmocka_unit_test(time_wait_lets_a_persistent_peer_in),
		cmocka_unit_test(time_wait_goes_by_timestamps),
		cmocka_unit_test(oldest_time_wait_is_forgotten),
		cmocka_unit_test(time_wait_can_be_switched_off),
	};
	return cmocka_run_group_tests_name("tcp TIME-WAIT", tests, NULL, NULL);
}
