/* SPDX-License-Identifier: ISC */
/* ICMP errors: RFC 9293 section 3.9.2.2, RFC 5461, RFC 5927, RFC 1191; and errors of sending. */
#include "tests/unit/tcp/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "tests/unit/tcp/peer.h"

static const uint8_t data[16384];

/* An error that quotes the segment with number `seq`. */
static void icmp(struct peer *p, uint32_t seq, enum err error, uint16_t mtu)
{
	struct ip_pipe_end *end = &p->world->pipe.end[0];
	const struct ip_meta meta = {
		.src = end->addr, .dst = p->world->pipe.end[1].addr, .proto = IP_PROTO_TCP};
	uint8_t quote[8];
	store_be16(quote, p->remote_port);
	store_be16(quote + 2, p->port);
	store_be32(quote + 4, seq);
	end->error(end->self, world_now(p->world), &meta, quote, sizeof(quote), error, mtu);
}

static struct flow *start_connect(struct world *w, struct peer *p, struct app *a)
{
	struct flow *f;
	peer_init(p, w, 7);
	assert_int_equal(tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &f),
			 OK);
	app_attach(a, w, f);
	const struct seen *s = peer_expect(p, TCP_SYN);
	p->remote_port = s->src;
	p->ack = s->seq + 1;
	return f;
}

/* RFC 5461 section 4.1: a hard error while connecting ends it */
static void hard_error_refuses_a_connect(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	(void)start_connect(w, &p, &a);
	icmp(&p, p.ack + 5, ERR_REFUSED, 0); /* quotes what was never sent */
	icmp(&p, p.ack, ERR_REFUSED, 0);
	peer_expect_silence(&p);
	assert_int_equal(a.events, 0);
	icmp(&p, p.ack - 1, ERR_REFUSED, 0);
	peer_expect_silence(&p);
	assert_int_equal(flow_error(a.flow), ERR_REFUSED);
	app_fini(&a);
	world_free(w);
}

/* RFC 5461 section 2: a soft one is what the user hears if it times out */
static void soft_error_is_remembered(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	struct app a = {0};
	(void)start_connect(w, &p, &a);
	icmp(&p, p.ack - 1, ERR_UNREACHABLE, 0);
	peer_expect_silence(&p);
	assert_int_equal(a.events, 0);
	world_run(w, 300 * (uint64_t)US_PER_S);
	assert_int_equal(flow_error(a.flow), ERR_UNREACHABLE);
	app_fini(&a);
	world_free(w);
}

/* RFC 5927 section 5.2: an established connection is not ended, whatever they say */
static void errors_do_not_end_a_connection(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	app_write(a, data, 100);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	icmp(&p, p.ack, ERR_REFUSED, 0);
	icmp(&p, p.ack, ERR_UNREACHABLE, 0);
	peer_ack(&p, p.ack + 100);
	peer_send(&p, TCP_ACK, "x", 1);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 1);
	assert_int_equal(flow_error(a->flow), OK);
	world_free(w);
}

/* RFC 1191 section 3 with the checks of RFC 5927 section 7.1 */
static void path_mtu_is_lowered(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	icmp(&p, p.ack, ERR_INVALID, 800); /* nothing is in flight */
	app_write(a, data, 2920);
	assert_int_equal(peer_drain(&p), 2920);
	assert_int_equal(peer_conn(&p)->snd.mss, 1460);
	icmp(&p, p.ack + 2920, ERR_INVALID, 800);
	icmp(&p, p.ack - 1, ERR_INVALID, 800);
	icmp(&p, p.ack, ERR_INVALID, 1500);
	icmp(&p, p.ack, ERR_INVALID, 9000);
	peer_expect_silence(&p);
	icmp(&p, p.ack + 1460, ERR_INVALID, 1000); /* sent again at once, shorter */
	const struct seen *s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->seq, p.ack);
	assert_int_equal(s->len, 960);
	assert_int_equal(960 + peer_drain(&p), 2920);
	icmp(&p, p.ack, ERR_INVALID, 10); /* a lie: not below the minimum */
	s = peer_expect(&p, TCP_ACK);
	assert_int_equal(s->len, TCP_PATH_MTU_MIN - 40);
	(void)peer_drain(&p);
	icmp(&p, p.ack, ERR_INVALID, 1400); /* and not up again */
	peer_expect_silence(&p);
	peer_ack(&p, p.ack + 2920);
	peer_expect_silence(&p);
	assert_true((a->events & FLOW_DRAINED) != 0);
	world_free(w);
}

static void strange_quotes_are_ignored(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct ip_pipe_end *end = &w->pipe.end[0];
	const struct ip_meta meta = {
		.src = end->addr, .dst = w->pipe.end[1].addr, .proto = IP_PROTO_TCP};
	struct peer p;
	uint8_t quote[8] = {0};
	peer_init(&p, w, 4000);
	peer_send(&p, TCP_SYN, NULL, 0); /* half-open */
	const struct seen *s = peer_expect(&p, TCP_SYN | TCP_ACK);
	for (uint32_t len = 0; len < 8; len++)
		end->error(end->self, world_now(w), &meta, quote, len, ERR_REFUSED, 0);
	end->error(end->self, world_now(w), &meta, quote, 8, ERR_REFUSED, 0);
	icmp(&p, s->seq, ERR_REFUSED, 0);
	p.ack = s->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(w->side[0].accepted, 1);
	world_free(w);
}

/* The way is lost for a while: as if the packets were. */
static void unreachable_output_is_loss(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	w->pipe.end[0].output_error = ERR_UNREACHABLE;
	w->pipe.end[0].route_error = ERR_UNREACHABLE;
	app_write(a, data, 1000);
	peer_expect_silence(&p);
	assert_int_equal(pool_in_use(&w->side[0].tx), 0);
	world_run(w, US_PER_S);
	w->pipe.end[0].output_error = OK;
	w->pipe.end[0].route_error = OK;
	world_run(w, US_PER_S);
	static struct seen s;
	assert_true(peer_take(&p, &s));
	assert_int_equal(s.len, 1000);
	world_free(w);
}

/* This host has another address now: found out at the retransmission; none is but a loss so far. */
static void connection_of_a_vanished_address_ends(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	w->pipe.end[0].output_error = ERR_INVALID;
	w->pipe.end[0].route_error = ERR_NOTREADY;
	app_write(a, data, 1000);
	peer_expect_silence(&p);
	world_run(w, US_PER_S);
	assert_int_equal(a->events & FLOW_FAILED, 0);
	w->pipe.end[0].route_error = OK;
	w->pipe.end[0].addr = ip_addr_from_v4(0x0a000063);
	world_run(w, 4 * US_PER_S);
	assert_int_equal(a->events & FLOW_FAILED, FLOW_FAILED);
	assert_int_equal(flow_error(a->flow), ERR_UNREACHABLE);
	peer_expect_silence(&p);
	assert_int_equal(pool_in_use(&w->side[0].tx), 0);
	world_free(w);
}

/* The configuration changed to a smaller MTU: found out at the retransmission. */
static void smaller_mtu_of_the_device(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	w->pipe.end[0].mtu = 700;
	app_write(a, data, 1460);
	peer_expect_silence(&p); /* ERR_INVALID */
	w->pipe.now_us += RTO_MIN_US;
	assert_int_equal(peer_expect(&p, TCP_ACK)->len, 660);
	world_free(w);
}

int error_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unreachable_output_is_loss),
		cmocka_unit_test(connection_of_a_vanished_address_ends),
		cmocka_unit_test(smaller_mtu_of_the_device),
#ifndef PLAIN_IPV4 /* which heeds none */
		cmocka_unit_test(hard_error_refuses_a_connect),
		cmocka_unit_test(soft_error_is_remembered),
		cmocka_unit_test(errors_do_not_end_a_connection),
		cmocka_unit_test(path_mtu_is_lowered),
		cmocka_unit_test(strange_quotes_are_ignored),
#endif
	};
	return cmocka_run_group_tests_name("tcp errors", tests, NULL, NULL);
}
