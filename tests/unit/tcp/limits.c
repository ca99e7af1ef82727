/* SPDX-License-Identifier: ISC */
/* Devices that are full, pools that are empty, tables of a thousand: nothing is lost, nothing
 * spins. */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/tcp/peer.h"

static const uint8_t data[65536];

/* The device's queue is full: output stops at once, and goes on where it stopped. */
static void full_device_stops_output(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct ip_pipe_end *end = &w->pipe.end[0];
	struct peer p, q;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	struct app *a = peer_open(&p), *b = peer_open(&q);
	app_write(a, data, 5000);
	app_write(b, data, 100);
	end->refuse = 1;
	world_poll(w, 0);
	assert_int_equal(end->refused, 1); /* it does not try the next one */
	static struct seen s;
	assert_false(peer_take(&p, &s));
	assert_true(w->side[0].deadline_us > world_now(w)); /* the device's waker will tell */
	end->refuse = 1;
	world_poll(w, 0);
	assert_int_equal(end->refused, 2);
	assert_int_equal(pool_in_use(&w->side[0].tx), 0);
	assert_int_equal(peer_drain(&p), 5100);
	assert_int_equal(tcp_stats(w->side[0].tcp)->bytes_out, 5100);
	world_free(w);
}

/* The same for what no connection remembers, for handshakes and for resets. */
static void full_device_keeps_replies(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p, q;
	peer_init(&q, w, 4000);
	struct app *a = peer_open(&q);
	flow_abort(a->flow);
	a->flow = NULL;
	peer_init(&p, w, 4001);
	p.remote_port = 81;
	peer_put(&p, TCP_SYN, 1, 0, NULL, 0);
	p.remote_port = PORT;
	peer_put(&p, TCP_SYN, 1, 0, NULL, 0);
	w->pipe.end[0].refuse = 1;
	world_poll(w, 0);
	static struct seen s;
	assert_false(peer_take(&p, &s));
	(void)peer_expect(&p, TCP_RST | TCP_ACK);
	assert_true(peer_take(&q, &s));
	assert_int_equal(s.flags, TCP_RST | TCP_ACK);
	assert_int_equal(s.dst, 4000);
	assert_true(peer_take(&p, &s));
	assert_int_equal(s.flags, TCP_SYN | TCP_ACK);
	world_free(w);
}

/* More replies than the ring holds: the rest is lost, as on any network. */
static void replies_are_bounded(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	peer_init(&p, w, 4001);
	p.remote_port = 81;
	for (uint32_t i = 0; i < 3 * TCP_REPLIES_MAX; i++)
		peer_put(&p, TCP_SYN, i, 0, NULL, 0);
	world_poll(w, 0);
	static struct seen s;
	for (uint32_t i = 0; i < TCP_REPLIES_MAX; i++) {
		assert_true(peer_take(&p, &s));
		assert_int_equal(s.ack, i + 1);
	}
	assert_false(peer_take(&p, &s));
	world_free(w);
}

/* Everything that wants a packet and finds none is sent later. */
static void everything_waits_for_packets(void **state)
{
	(void)state;
	struct world *w = world_new_sized(&world_config, false, 8, WORLD_BUF);
	struct side *s = &w->side[0];
	struct peer p, q, r;
	struct pkt *hoard[8];
	struct app b = {0};
	struct flow *f;
	static struct seen seen;
	unsigned flags = 0;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	peer_init(&r, w, 7);
	struct app *a = peer_open(&p);
	(void)peer_open(&q);
	for (int i = 0; i < 8; i++)
		hoard[i] = pkt_alloc(&s->tx, 0);
	flow_abort(a->flow);
	a->flow = NULL;
	peer_send(&q, TCP_ACK | TCP_FIN, "x", 1); /* wants an ACK */
	assert_int_equal(tcp_connect(s->tcp, &w->pipe.end[1].addr, 7, world_now(w), &f), OK);
	app_attach(&b, w, f);
	p.port = 4002;
	peer_put(&p, TCP_SYN, 5, 0, NULL, 0); /* a SYN,ACK */
	p.remote_port = 81;
	peer_put(&p, TCP_SYN, 5, 0, NULL, 0); /* a reset */
	for (int i = 0; i < 8; i++) {
		peer_expect_silence(&p);
		w->pipe.now_us += TCP_RETRY_US;
	}
	for (int i = 0; i < 8; i++)
		pkt_put(hoard[i]);
	world_poll(w, 0);
	for (int i = 0; i < 5; i++) {
		assert_true(peer_take(&r, &seen));
		flags |= 1u << seen.flags;
	}
	assert_int_equal(flags, 1u << (TCP_RST | TCP_ACK) | 1u << TCP_ACK | 1u << TCP_SYN |
					1u << (TCP_SYN | TCP_ACK));
	app_fini(&b);
	world_free(w);
}

/* Packets have run out: tried again a little later, without anybody's help. */
static void empty_packet_pool_is_retried(void **state)
{
	(void)state;
	struct world *w = world_new_sized(&world_config, false, 8, WORLD_BUF);
	struct side *s = &w->side[0];
	struct peer p;
	struct pkt *hoard[8];
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	for (int i = 0; i < 8; i++) {
		hoard[i] = pkt_alloc(&s->tx, 0);
		assert_non_null(hoard[i]);
	}
	app_write(a, data, 3000);
	peer_expect_silence(&p);
	assert_true(s->deadline_us == world_now(w) + TCP_RETRY_US);
	assert_true(tcp_stats(s->tcp)->out_of_memory > 0);
	unsigned polls = s->polls;
	world_run(w, 20 * TCP_RETRY_US);
	assert_int_equal(s->polls, polls + 20);
	pkt_put(hoard[0]);
	world_run(w, TCP_RETRY_US);
	assert_int_equal(peer_drain(&p), 3000);
	for (int i = 1; i < 8; i++)
		pkt_put(hoard[i]);
	world_free(w);
}

/* write_copy() finds no packet: FLOW_WRITABLE follows when there is one. */
static void copy_waits_for_packets(void **state)
{
	(void)state;
	struct world *w = world_new_sized(&world_config, false, 8, WORLD_BUF);
	struct side *s = &w->side[0];
	struct peer p;
	struct pkt *hoard[8];
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	for (int i = 0; i < 8; i++)
		hoard[i] = pkt_alloc(&s->tx, 0);
	assert_int_equal(flow_write_copy(a->flow, "text", 4), ERR_AGAIN);
	assert_true(s->woken);
	peer_expect_silence(&p);
	assert_int_equal(a->events & FLOW_WRITABLE, 0);
	for (int i = 0; i < 8; i++)
		pkt_put(hoard[i]);
	world_run(w, TCP_RETRY_US);
	assert_int_equal(a->events & FLOW_WRITABLE, FLOW_WRITABLE);
	assert_int_equal(flow_write_copy(a->flow, "text", 4), 4);
	(void)peer_expect(&p, TCP_ACK | TCP_PSH);
	world_free(w);
}

/* A retransmission and its original at once: both hold what they carry. */
static void transfer_with_scarce_packets(void **state)
{
	(void)state;
	static uint8_t bytes[100000];
	struct world *w = world_new_sized(&world_config, true, 24, WORLD_BUF);
	struct app a = {.copy = true};
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 11);
	w->pipe.loss = 20;
	world_connect(w, &a);
	app_write(&a, bytes, sizeof(bytes));
	world_run(w, 60 * (uint64_t)US_PER_S);
	assert_int_equal(world_server(w)->in_len, sizeof(bytes));
	assert_memory_equal(world_server(w)->in, bytes, sizeof(bytes));
	app_fini(&a);
	world_free(w);
}

/* The receiver's device runs dry: what it drops is sent again. */
static void transfer_into_a_small_pool(void **state)
{
	(void)state;
	static uint8_t bytes[60000];
	struct world *w = world_new_sized(&world_config, true, 12, WORLD_BUF);
	struct app a = {0};
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 13);
	w->pipe.reorder = 100;
	world_connect(w, &a);
	app_write(&a, bytes, sizeof(bytes));
	world_run(w, 60 * (uint64_t)US_PER_S);
	assert_int_equal(world_server(w)->in_len, sizeof(bytes));
	assert_memory_equal(world_server(w)->in, bytes, sizeof(bytes));
	app_fini(&a);
	world_free(w);
}

enum { MANY = 1000 };

static void thousand_connections(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.connections = config.half_open = config.time_wait = MANY;
	config.send_slices = 2 * MANY;
	struct world *w = world_new_sized(&config, true, 3000, WORLD_BUF);
	struct app *a = calloc(MANY, sizeof(*a));
	for (int i = 0; i < MANY; i++) {
		world_connect(w, &a[i]);
		if (i % 100 == 99)
			world_run(w, 5000);
	}
	world_run(w, 100000);
	assert_int_equal(w->side[0].accepted, MANY);
	for (int i = 0; i < MANY; i++) {
		w->side[0].app[i].reply = true;
		app_write(&a[i], "hello", 5);
	}
	world_run(w, US_PER_S);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(a[i].in_len, 5);

	/* Idle: nothing to do, for ever. */
	unsigned polls = w->side[0].polls;
	world_run(w, 3600 * (uint64_t)US_PER_S);
	assert_int_equal(w->side[0].polls, polls);
	assert_true(w->side[0].deadline_us == TIME_NEVER);
	assert_int_equal(w->side[0].tcp->heap_used, 0);
	for (int i = 0; i < MANY; i++)
		app_fini(&a[i]);
	free(a);
	world_free(w);
}

/* The bytes that are asked for are those that are used, whatever the sizes. */
static void memory_is_what_was_asked_for(void **state)
{
	(void)state;
	for (uint16_t n = 1; n < 70; n += 3) {
		struct tcp_config config = world_config;
		config.connections = n;
		config.half_open = (uint16_t)(n / 2);
		config.time_wait = (uint16_t)(n / 3);
		config.listeners = 1;
		config.send_slices = n;
		assert_int_equal(tcp_memory_bytes(&config) % CACHE_LINE_BYTES, 0);
		struct world *w = world_new(&config, true); /* ASan watches the block's end */
		struct app a = {0};
		world_connect(w, &a);
		world_run(w, 100000);
		app_fini(&a);
		world_free(w);
	}
}

/* Memory for losses is less than there are connections: the newer gap displaces the older one; all
 * arrives nevertheless. */
static void few_repairs_are_shared(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.repairs = 1;
	struct world *w = world_new(&config, false);
	struct peer p, q;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	p.sack = true;
	struct app *a = peer_open(&p), *b = peer_open(&q);
	peer_put(&p, TCP_ACK, p.seq + 3, p.ack, "def", 3);
	assert_non_null(peer_conn(&p)->rcv.gap);
	peer_put(&q, TCP_ACK, q.seq + 3, q.ack, "def", 3);
	assert_null(peer_conn(&p)->rcv.gap);
	assert_non_null(peer_conn(&q)->rcv.gap);
	world_poll(w, 0);
	(void)peer_drain(&q);

	app_write(a, data, 8000);
	world_poll(w, 0);
	(void)peer_drain(&p);
	uint32_t una = p.ack;
	peer_sack(&p, una, &(struct tcp_range){una + 1460, una + 2920}, 1);
	assert_non_null(peer_conn(&p)->board);
	assert_int_equal(w->side[0].tcp->boards.count, 1);
	peer_put(&q, TCP_ACK, q.seq, q.ack, "abc", 3);
	peer_put(&q, TCP_ACK, q.seq + 3, q.ack, "def", 3);
	peer_ack(&p, una + 8000);
	peer_put(&p, TCP_ACK, p.seq, una + 8000, "abcdef", 6);
	world_poll(w, 0);
	assert_int_equal(a->in_len, 6);
	assert_int_equal(b->in_len, 6);
	assert_int_equal(w->side[0].tcp->repairs.used, 0);
	world_free(w);
}

int limit_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_device_stops_output),
		cmocka_unit_test(full_device_keeps_replies),
		cmocka_unit_test(replies_are_bounded),
		cmocka_unit_test(everything_waits_for_packets),
		cmocka_unit_test(empty_packet_pool_is_retried),
		cmocka_unit_test(copy_waits_for_packets),
		cmocka_unit_test(transfer_with_scarce_packets),
		cmocka_unit_test(transfer_into_a_small_pool),
		cmocka_unit_test(few_repairs_are_shared),
		cmocka_unit_test(thousand_connections),
		cmocka_unit_test(memory_is_what_was_asked_for),
	};
	return cmocka_run_group_tests_name("tcp limits", tests, NULL, NULL);
}
