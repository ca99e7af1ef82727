/* SPDX-License-Identifier: ISC */
#include "tests/unit/tcp/world.h"

#include <stdlib.h>
#include <string.h>

#include "net/tcp/tcp_internal.h"
#include "tests/unit/tcp/tests.h"

const struct tcp_config world_config = {
	.connections = 8,
	.half_open = 4,
	.time_wait = 4,
	.listeners = 2,
	.send_slices = 64,
	.send_bytes = 16384,
	.recv_bytes = 16384,
	.recv_packets = 16,
	.sack = true,
};

/* --- apps ------------------------------------------------------------------------------------ */

static void app_push(struct app *a)
{
	while (a->flow != NULL && a->out_done < a->out_len) {
		const uint8_t *at = a->out + a->out_done;
		size_t left = a->out_len - a->out_done;
		struct slice s = SLICE_STATIC(at, left);
		ssize_t n = a->copy ? flow_write_copy(a->flow, at, left)
				    : flow_write(a->flow, &s, 1);
		if (n < 0)
			return;
		a->out_done += (size_t)n;
	}
	if (a->flow != NULL && a->close_when_out && a->out_len > 0 && a->out_done == a->out_len)
		app_close(a);
}

void app_read(struct app *a)
{
	struct slice s;

	while (a->flow != NULL && (a->read_error = flow_read(a->flow, &s)) == OK) {
		if (a->in_len + s.len > a->in_max) {
			a->in_max = (a->in_len + s.len) * 2;
			a->in = realloc(a->in, a->in_max);
		}
		memcpy(a->in + a->in_len, s.data, s.len);
		a->in_len += s.len;
		if (a->reply) {
			ssize_t n = flow_write(a->flow, &s, 1);
			if (n > 0)
				flow_consume(a->flow, (size_t)n);
			if (n < (ssize_t)s.len)
				return;
		} else {
			flow_consume(a->flow, s.len);
		}
	}
}

static void app_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct app *a = arg;

	assert_ptr_equal(a->flow, f);
	assert_int_equal(now_us, world_now(a->world));
	a->events |= events;
	a->calls++;
	if (a->hook != NULL)
		a->hook(a, events);
	if (a->flow == NULL)
		return;
	if (!a->paused)
		app_read(a);
	app_push(a);
	if (a->flow != NULL && a->close_at_eof && a->read_error == ERR_EOF)
		app_close(a);
}

void app_attach(struct app *a, struct world *w, struct flow *f)
{
	a->world = w;
	a->flow = f;
	a->read_error = ERR_AGAIN;
	f->event = app_event;
	f->arg = a;
}

void app_write(struct app *a, const void *bytes, size_t len)
{
	a->out = bytes;
	a->out_len = len;
	a->out_done = 0;
	app_push(a);
}

void app_close(struct app *a)
{
	struct flow *f = a->flow;
	a->flow = NULL;
	flow_close(f);
}

void app_fini(struct app *a)
{
	if (a->flow != NULL)
		app_close(a);
	free(a->in);
	a->in = NULL;
}

/* --- the world ------------------------------------------------------------------------------- */

static enum err test_rng_read(struct rng *r, void *bytes, size_t len)
{
	struct test_rng *t = container_of(r, struct test_rng, rng);
	for (size_t i = 0; i < len; i++)
		((uint8_t *)bytes)[i] = (uint8_t)(t->next++ * 37 + 11);
	return OK;
}

static const struct rng_ops test_rng_ops = {.read = test_rng_read};

static void side_wake(void *arg)
{
	((struct side *)arg)->woken = true;
}

static void side_accept(void *arg, struct flow *f, uint64_t now_us)
{
	struct world *w = arg;
	struct side *s = &w->side[0];
	struct app *a = &s->app[s->accepted++];

	assert_int_equal(now_us, world_now(w));
	app_attach(a, w, f);
	if (s->on_accept != NULL)
		s->on_accept(a);
}

static void pool_new(struct pkt_pool *pool, void **memory, uint32_t packets, uint32_t buf_bytes)
{
	*memory = aligned_alloc(CACHE_LINE_BYTES, PKT_POOL_BYTES(packets, buf_bytes));
	assert_non_null(*memory);
	pkt_pool_init(pool, *memory, packets, buf_bytes);
}

static void side_start(struct world *w, unsigned i, const struct tcp_config *config)
{
	struct side *s = &w->side[i];
	struct waker waker = {.wake = side_wake, .arg = s};

	w->config = *config;
	s->rng = (struct test_rng){.rng.ops = &test_rng_ops, .next = (uint8_t)(i * 100)};
	s->memory_bytes = tcp_memory_bytes(config);
	s->memory = aligned_alloc(CACHE_LINE_BYTES, s->memory_bytes);
	assert_non_null(s->memory);
	memset(s->memory, 0xa5, s->memory_bytes);
	assert_int_equal(tcp_init(&s->tcp, s->memory, &w->config, &w->pipe.end[i].ip, &s->tx,
				  &s->rng.rng, waker),
			 OK);
	s->deadline_us = TIME_NEVER;
}

struct world *world_new_sized(const struct tcp_config *config, bool both, uint32_t packets,
			      uint32_t buf_bytes)
{
	struct world *w = calloc(1, sizeof(*w));
	assert_non_null(w);
	for (unsigned i = 0; i < 2; i++) {
		pool_new(&w->side[i].tx, &w->side[i].tx_memory, packets, buf_bytes);
		pool_new(&w->side[i].rx, &w->side[i].rx_memory, packets, WORLD_BUF);
	}
	ip_pipe_init(&w->pipe, &w->side[0].rx, &w->side[1].rx);
	w->pipe.now_us = 10 * US_PER_S;
	side_start(w, 0, config);
	assert_int_equal(tcp_listen(w->side[0].tcp, PORT, side_accept, w), OK);
	if (both)
		side_start(w, 1, config);
	return w;
}

struct world *world_new(const struct tcp_config *config, bool both)
{
	return world_new_sized(config, both, WORLD_PACKETS, WORLD_BUF);
}

void world_abandon(struct world *w)
{
	ip_pipe_fini(&w->pipe);
	for (unsigned i = 0; i < 2; i++) {
		for (unsigned j = 0; j < w->side[i].accepted; j++)
			free(w->side[i].app[j].in);
		free(w->side[i].memory);
		free(w->side[i].tx_memory);
		free(w->side[i].rx_memory);
	}
	free(w);
}

void world_free(struct world *w)
{
	for (unsigned i = 0; i < 2; i++) {
		struct side *s = &w->side[i];
		for (unsigned j = 0; j < s->accepted; j++) {
			if (s->app[j].flow != NULL)
				app_close(&s->app[j]);
		}
	}
	world_run(w, 200 * (uint64_t)US_PER_S);
	for (unsigned i = 0; i < 2; i++) {
		struct side *s = &w->side[i];
		assert_int_equal(pool_in_use(&s->tx), 0);
		assert_int_equal(pool_in_use(&s->rx), 0);
		if (s->tcp == NULL)
			continue;
		assert_int_equal(tcp_connections(s->tcp), 0);
		assert_int_equal(s->tcp->slices.used, 0);
		assert_int_equal(s->tcp->repairs.used, 0);
		assert_int_equal(s->tcp->held, 0);
		assert_int_equal(s->tcp->grown, 0);
		assert_int_equal(s->tcp->time_waits.used, 0);
		assert_int_equal(s->tcp->heap_used, 0);
		assert_true(list_empty(&s->tcp->pending));
		assert_true(list_empty(&s->tcp->ready));
		assert_int_equal(s->deadline_us, TIME_NEVER);
	}
	world_abandon(w);
}

void world_poll(struct world *w, unsigned i)
{
	struct side *s = &w->side[i];
	s->woken = false;
	s->polls++;
	s->deadline_us = tcp_poll(s->tcp, w->pipe.now_us);
	assert_false(s->woken); /* nothing wakes the instance from inside its poll */
}

void world_settle(struct world *w)
{
	/* A bound stands for "nothing spins": no sane exchange takes more rounds at one moment. */
	for (unsigned round = 0;; round++) {
		bool busy = false;
		assert_true(round < 1000);
		for (unsigned i = 0; i < 2; i++) {
			struct side *s = &w->side[i];
			bool input = s->tcp != NULL && ip_pipe_deliver(&w->pipe, i) > 0;
			if (s->tcp == NULL ||
			    (!input && !s->woken && s->deadline_us > w->pipe.now_us))
				continue;
			world_poll(w, i);
			busy = true;
		}
		if (!busy)
			return;
	}
}

void world_run(struct world *w, uint64_t us)
{
	uint64_t end_us = w->pipe.now_us + us;

	for (;;) {
		world_settle(w);
		uint64_t next_us = MIN(w->side[0].deadline_us, w->side[1].deadline_us);
		if (w->side[1].tcp == NULL)
			next_us = w->side[0].deadline_us;
		else
			next_us = MIN(next_us, ip_pipe_next(&w->pipe));
		if (next_us > end_us)
			break;
		w->pipe.now_us = MAX(next_us, w->pipe.now_us);
	}
	w->pipe.now_us = end_us;
}

void world_connect(struct world *w, struct app *a)
{
	struct flow *f;
	assert_int_equal(tcp_connect(w->side[1].tcp, &w->pipe.end[0].addr, PORT, world_now(w), &f),
			 OK);
	app_attach(a, w, f);
}

struct app *world_server(struct world *w)
{
	assert_true(w->side[0].accepted > 0);
	return &w->side[0].app[w->side[0].accepted - 1];
}
