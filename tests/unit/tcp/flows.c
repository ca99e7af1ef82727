/* SPDX-License-Identifier: ISC */
/* Flows as their users see them: the contract of hal/flow.h. */
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

/* A block whose release is counted. */
struct block {
	struct ref ref;
	unsigned released;
	uint8_t bytes[20000];
};

static void block_release(struct ref *r)
{
	container_of(r, struct block, ref)->released++;
}

static struct block block;

static struct slice block_slice(size_t len)
{
	memset(&block, 0, sizeof(block));
	for (size_t i = 0; i < sizeof(block.bytes); i++)
		block.bytes[i] = (uint8_t)(i * 5);
	block.ref = (struct ref){.count = 1, .release = block_release};
	return (struct slice){.data = block.bytes, .len = len, .owner = &block.ref};
}

/* References are held until the bytes are acknowledged, and no longer. */
static void slices_are_held_until_acknowledged(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct slice s = block_slice(3000);
	assert_int_equal(flow_write(a->flow, &s, 1), 3000);
	assert_int_equal(block.ref.count, 2);
	ref_put(&block.ref);
	assert_int_equal(peer_drain(&p), 3000);
	assert_int_equal(block.released, 0);
	peer_ack(&p, p.ack + 2999);
	peer_expect_silence(&p);
	assert_int_equal(block.released, 0);
	assert_int_equal(a->events & FLOW_DRAINED, 0);
	peer_ack(&p, p.ack + 1);
	assert_int_equal(block.released, 1);
	assert_int_equal(a->events & FLOW_DRAINED, 0); /* not inside input */
	peer_expect_silence(&p);
	assert_int_equal(a->events & FLOW_DRAINED, FLOW_DRAINED);
	a->events = 0;
	flow_shutdown(a->flow); /* the FIN is nothing that was written */
	peer_ack(&p, peer_expect(&p, TCP_FIN | TCP_ACK)->seq + 1);
	peer_expect_silence(&p);
	assert_int_equal(a->events, 0);
	world_free(w);
}

static void abort_lets_slices_go(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct slice s = block_slice(3000);
	assert_int_equal(flow_write(a->flow, &s, 1), 3000);
	ref_put(&block.ref);
	flow_abort(a->flow);
	a->flow = NULL;
	assert_int_equal(block.released, 1);
	world_free(w);
}

/* Runs that follow each other in memory need one entry of the pool. */
static void adjacent_slices_are_one(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct slice s = block_slice(1000);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(flow_write(a->flow, &s, 1), 1000);
		s.data += 1000;
	}
	assert_int_equal(w->side[0].tcp->slices.used, 1);
	assert_int_equal(block.ref.count, 2);
	ref_put(&block.ref);
	(void)peer_drain(&p);
	peer_ack(&p, p.ack + 10000);
	assert_int_equal(block.released, 1);
	world_free(w);
}

static void short_copies_share_a_packet(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	char text[16];
	for (int i = 0; i < 100; i++) {
		memset(text, 'a' + i % 26, sizeof(text));
		assert_int_equal(flow_write_copy(a->flow, text, sizeof(text)), sizeof(text));
		if (i == 20) /* what was sent does not change what comes behind it */
			assert_int_equal(peer_drain(&p), 21 * 16);
	}
	memset(text, 'X', sizeof(text));
	assert_int_equal(pool_in_use(&w->side[0].tx), 1);
	assert_int_equal(w->side[0].tcp->slices.used, 1);
	const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
	assert_int_equal(s->len, 79 * 16);
	for (int i = 21; i < 100; i++)
		assert_int_equal(s->data[(i - 21) * 16], 'a' + i % 26);
	peer_ack(&p, p.ack + 1600);
	assert_int_equal(pool_in_use(&w->side[0].tx), 0);
	world_free(w);
}

/* A header by copy, the body by slice: one segment, in order. */
static void copies_and_slices_mix(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	const struct slice body[3] = {SLICE_STATIC("body", 4), SLICE_STATIC("", 0),
				      SLICE_STATIC("tail", 4)};
	assert_int_equal(flow_write_copy(a->flow, "head:", 5), 5);
	assert_int_equal(flow_write(a->flow, body, 3), 8);
	assert_int_equal(flow_write_copy(a->flow, "!", 1), 1);
	assert_int_equal(flow_write(a->flow, body, 0), 0);
	const struct seen *s = peer_expect(&p, TCP_ACK | TCP_PSH);
	assert_int_equal(s->len, 14);
	assert_memory_equal(s->data, "head:bodytail!", 14);
	world_free(w);
}

/* FLOW_WRITABLE follows a write that was not taken whole, when there is room worth it. */
static void full_queue_says_when_there_is_room(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct slice s = block_slice(20000);
	assert_int_equal(flow_write(a->flow, &s, 1), 16384); /* ends inside the slice */
	assert_int_equal(flow_write(a->flow, &s, 1), ERR_AGAIN);
	assert_int_equal(flow_write_copy(a->flow, "x", 1), ERR_AGAIN);
	assert_int_equal(peer_drain(&p), 14600);
	assert_int_equal(a->events & FLOW_WRITABLE, 0);
	peer_ack(&p, p.ack + 1460);
	(void)peer_drain(&p);
	assert_int_equal(a->events & FLOW_WRITABLE, 0); /* less than a quarter */
	peer_ack(&p, p.ack + 8760);
	world_poll(w, 0);
	assert_int_equal(a->events & FLOW_WRITABLE, FLOW_WRITABLE);
	a->events = 0;
	(void)peer_drain(&p);
	peer_ack(&p, p.ack + 16384 - 1460 - 8760);
	world_poll(w, 0);
	assert_int_equal(a->events & FLOW_WRITABLE, 0); /* said once */
	ref_put(&block.ref);
	world_free(w);
}

/* What was lent stays valid as long as a reference is held, and until it is consumed. */
static void lent_bytes_outlive_the_connection(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct slice first, again;
	a->paused = true;
	peer_send(&p, TCP_ACK, "precious", 8);
	peer_send(&p, TCP_ACK, " more", 5);
	world_poll(w, 0);
	assert_int_equal(flow_read(a->flow, &first), OK);
	assert_int_equal(flow_read(a->flow, &again), OK);
	assert_ptr_equal(first.data, again.data);
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_poll(w, 0);
	assert_memory_equal(first.data, "precious", 8); /* borrowed still */
	assert_int_equal(flow_read(a->flow, &again), ERR_RESET);
	ref_get(first.owner);
	flow_consume(a->flow, 13);
	app_close(a);
	assert_memory_equal(first.data, "precious", 8);
	assert_int_equal(pool_in_use(&w->side[0].rx), 1);
	ref_put(first.owner);
	assert_int_equal(pool_in_use(&w->side[0].rx), 0);
	world_free(w);
}

static void misuse_is_asserted(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	struct flow *f = a->flow;
	struct slice s;
	enum err read_error = OK;
	a->paused = true;
	peer_send(&p, TCP_ACK, "abc", 3);
	world_poll(w, 0);
	expect_assert_failure(flow_consume(f, 4));
	app_close(a);
	expect_assert_failure(read_error = flow_read(f, &s));
	expect_assert_failure(flow_close(f));
	world_poll(w, 0);
	expect_assert_failure((void)flow_error(f));
	assert_int_equal(read_error, OK);
	world_free(w);
}

/* Calls from outside the poll wake; those inside need not. */
static void calls_wake_the_instance(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	bool *woken = &w->side[0].woken;
	*woken = false;
	assert_int_equal(flow_write_copy(a->flow, "x", 1), 1);
	assert_true(*woken);
	(void)peer_drain(&p);
	flow_shutdown(a->flow);
	assert_true(*woken);
	(void)peer_drain(&p);
	app_close(a);
	assert_true(*woken);
	world_free(w); /* world_poll() asserts the rest */
}

/* --- reentrancy ------------------------------------------------------------------------------ */

static void hook_close_self(struct app *a, unsigned events)
{
	(void)events;
	app_read(a);
	app_close(a);
}

static void hook_abort_self(struct app *a, unsigned events)
{
	(void)events;
	struct flow *f = a->flow;
	a->flow = NULL;
	flow_abort(f);
}

static void events_may_end_their_flow(void **state)
{
	(void)state;
	struct peer p, q;
	struct app *a;
	struct world *w = open_one(&p, &a);
	a->hook = hook_close_self;
	peer_send(&p, TCP_ACK | TCP_FIN, "bye", 3);
	assert_int_equal(peer_expect(&p, TCP_ACK | TCP_FIN)->ack, p.seq);
	assert_int_equal(a->calls, 1);
	peer_init(&q, w, 4001);
	struct app *b = peer_open(&q);
	b->hook = hook_abort_self;
	peer_send(&q, TCP_ACK, "x", 1);
	(void)peer_expect(&q, TCP_RST | TCP_ACK);
	assert_int_equal(b->calls, 1);
	world_free(w);
}

static struct app *victims[2];

static void hook_kill_the_other(struct app *a, unsigned events)
{
	(void)events;
	struct app *other = victims[0] == a ? victims[1] : victims[0];
	if (other->flow == NULL)
		return;
	struct flow *f = other->flow;
	other->flow = NULL;
	flow_abort(f);
}

/* Two flows have events in one poll; whoever is first ends the other, whose event never comes. */
static void events_may_end_another_flow(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p, q;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	victims[0] = peer_open(&p);
	victims[1] = peer_open(&q);
	victims[0]->hook = victims[1]->hook = hook_kill_the_other;
	peer_send(&p, TCP_ACK, "x", 1);
	peer_send(&q, TCP_ACK, "x", 1);
	world_poll(w, 0);
	assert_int_equal(victims[0]->calls + victims[1]->calls, 1);
	world_free(w);
}

static struct flow *opened;

static void hook_connect(struct app *a, unsigned events)
{
	(void)events;
	struct world *w = a->world;
	hook_abort_self(a, events);
	assert_int_equal(
		tcp_connect(w->side[0].tcp, &w->pipe.end[1].addr, 7, world_now(w), &opened), OK);
}

/* The failed flow's place may be the new one's at once. */
static void events_may_open_flows(void **state)
{
	(void)state;
	struct tcp_config config = world_config;
	config.connections = 1;
	struct world *w = world_new(&config, false);
	struct peer p;
	struct app b = {0};
	peer_init(&p, w, 4000);
	struct app *a = peer_open(&p);
	a->hook = hook_connect;
	peer_put(&p, TCP_RST, p.seq, 0, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(a->calls, 1);
	static struct seen s;
	assert_true(peer_take(&p, &s));
	assert_int_equal(s.flags, TCP_SYN);
	app_attach(&b, w, opened);
	app_fini(&b);
	world_free(w);
}

static void accept_abort(struct app *a)
{
	hook_abort_self(a, 0);
}

static void accept_close(struct app *a)
{
	app_close(a);
}

/* With data already there, so that an event would have followed. */
static void accept_may_end_the_flow(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p;
	for (int i = 0; i < 2; i++) {
		w->side[0].on_accept = i == 0 ? accept_abort : accept_close;
		peer_init(&p, w, (uint16_t)(4000 + i));
		peer_send(&p, TCP_SYN, NULL, 0);
		p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
		peer_send(&p, TCP_ACK, "hello", 5);
		(void)peer_expect(&p, TCP_RST | TCP_ACK);
		assert_int_equal(world_server(w)->calls, 0);
	}
	assert_int_equal(tcp_connections(w->side[0].tcp), 0);
	world_free(w);
}

static void accept_unlisten(struct app *a)
{
	tcp_unlisten(a->world->side[0].tcp, PORT);
}

static void accept_may_stop_listening(void **state)
{
	(void)state;
	struct world *w = world_new(&world_config, false);
	struct peer p, q;
	w->side[0].on_accept = accept_unlisten;
	peer_init(&p, w, 4000);
	peer_init(&q, w, 4001);
	peer_send(&p, TCP_SYN, NULL, 0);
	p.ack = peer_expect(&p, TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&q, TCP_SYN, NULL, 0);
	q.ack = peer_expect(&q, TCP_SYN | TCP_ACK)->seq + 1;
	peer_send(&p, TCP_ACK, NULL, 0);
	peer_send(&q, TCP_ACK, NULL, 0);
	(void)peer_expect(&q, TCP_RST | TCP_ACK); /* both were complete; one came too late */
	assert_int_equal(w->side[0].accepted, 1);
	world_free(w);
}

/* A batch of segments is one event. */
static void batch_is_one_event(void **state)
{
	(void)state;
	struct peer p;
	struct app *a;
	struct world *w = open_one(&p, &a);
	static const uint8_t data[300];
	for (int i = 0; i < 10; i++)
		peer_send(&p, TCP_ACK, data, sizeof(data));
	peer_send(&p, TCP_ACK | TCP_FIN, NULL, 0);
	world_poll(w, 0);
	assert_int_equal(a->calls, 1);
	assert_int_equal(a->in_len, 3000);
	assert_int_equal(a->read_error, ERR_EOF);
	world_free(w);
}

int flow_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_held_until_acknowledged),
		cmocka_unit_test(abort_lets_slices_go),
		cmocka_unit_test(adjacent_slices_are_one),
		cmocka_unit_test(short_copies_share_a_packet),
		cmocka_unit_test(copies_and_slices_mix),
		cmocka_unit_test(full_queue_says_when_there_is_room),
		cmocka_unit_test(lent_bytes_outlive_the_connection),
		cmocka_unit_test(misuse_is_asserted),
		cmocka_unit_test(calls_wake_the_instance),
		cmocka_unit_test(events_may_end_their_flow),
		cmocka_unit_test(events_may_end_another_flow),
		cmocka_unit_test(events_may_open_flows),
		cmocka_unit_test(accept_may_end_the_flow),
		cmocka_unit_test(accept_may_stop_listening),
		cmocka_unit_test(batch_is_one_event),
	};
	return cmocka_run_group_tests_name("tcp flows", tests, NULL, NULL);
}
