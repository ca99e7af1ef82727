/* SPDX-License-Identifier: ISC */
#include "net/http/http.h"

#include <string.h>

#include "base/assert.h"
#include "base/counter.h"
#include "hal/timer.h"
#include "net/http/http_internal.h"

const struct http_config http_config_default = {
	.connections = 64,
	.header_timeout_us = 10 * US_PER_S,
	.idle_timeout_us = 30 * US_PER_S,
	.body_timeout_us = 30 * US_PER_S,
	.body_bytes_max = 1 << 20,
};

/* --- memory ---------------------------------------------------------------------------------- */

/* Computed when the image is made, as TCP's is. */

#define ALIGNED_BYTES(type) ROUND_UP(sizeof(type), 8)

/* With what TCP has of it, an idle connection takes less than a KiB. */
_Static_assert(sizeof(struct http_conn) <= 320, "an idle connection has become larger");

/* A few more than there should be for long: newcomers, until others have made room. */
ALWAYS_INLINE uint32_t conn_count(const struct http_config *config)
{
	return config->connections + MIN(config->connections / 8u + 1, 8u);
}

ALWAYS_INLINE uint32_t buffer_count(const struct http_config *config)
{
	return config->header_buffers != 0 ? config->header_buffers : config->connections / 8u + 2;
}

ALWAYS_INLINE size_t server_bytes(void)
{
	return ALIGNED_BYTES(struct http) +
	       http_parts.kept * (sizeof(struct http_kept) + http_parts.kept_bytes);
}

size_t http_memory_bytes(const struct http_config *config)
{
	return server_bytes() + conn_count(config) * ALIGNED_BYTES(struct http_conn) +
	       (size_t)buffer_count(config) * http_parts.header_bytes;
}

static void init_pools(struct http *h, const struct http_config *config, uint8_t *memory)
{
	uint32_t conns = conn_count(config);
	pool_init(&h->conns, memory, ALIGNED_BYTES(struct http_conn), conns);
	memory += conns * ALIGNED_BYTES(struct http_conn);
	pool_init(&h->buffers, memory, http_parts.header_bytes, buffer_count(config));
}

static const struct http_route no_routes[] = {{0}};

struct http *http_init(void *memory, const struct http_config *config,
		       const struct wall_clock *wall, uint64_t now_us, struct waker work)
{
	struct http *h = memory;
	assert((uintptr_t)memory % 8 == 0 && config->connections > 0);
	*h = (struct http){
		.routes = no_routes,
		.config = *config,
		.wall = http_parts.date ? wall : NULL,
		.work = work,
		.timeout_us = {[HTTP_TIMER_IDLE] = config->idle_timeout_us,
			       [HTTP_TIMER_HEADER] = config->header_timeout_us,
			       [HTTP_TIMER_BODY] = config->body_timeout_us,
			       [HTTP_TIMER_LINGER] = HTTP_LINGER_US},
		.now_us = now_us,
		.timed_us = TIME_NEVER,
		.next_poll_us = TIME_NEVER,
	};
	init_pools(h, config, (uint8_t *)memory + server_bytes());
	for (unsigned kind = 0; kind < HTTP_TIMERS; kind++)
		list_init(&h->timers[kind]);
	list_init(&h->ready);
	http_kept_init(h);
	return h;
}

/* Once: a request that is under way points into the table. */
void http_set_routes(struct http *http, const struct http_route *routes)
{
	assert(http->routes == no_routes);
	for (const struct http_route *route = routes; route->path != NULL; route++)
		assert(http_parts.bodies || route->body == NULL);
	http->routes = routes;
}

/* --- time ------------------------------------------------------------------------------------ */

/* More are here than should be, so that somebody else can connect. */
static bool is_crowded(const struct http *h)
{
	return h->stats.connections > h->config.connections;
}

static void wake_at(struct http *h, uint64_t time_us)
{
	if (time_us >= h->next_poll_us)
		return;
	h->next_poll_us = time_us;
	waker_wake(&h->work);
}

HOT(output) void http_timer_set(struct http_conn *c, enum http_timer kind)
{
	struct http *h = c->http;
	list_remove(&c->timer);
	list_push_back(&h->timers[kind], &c->timer);
	c->deadline_us = h->now_us + h->timeout_us[kind];
	wake_at(h, c->deadline_us);
}

void http_conn_moved(struct http_conn *c, uint64_t bytes)
{
	struct http *h = c->http;
	uint64_t deadline_us = c->deadline_us + bytes * HTTP_BYTE_US;
	struct list *at = &h->timers[HTTP_TIMER_BODY];
	if (!c->reply.waited || deadline_us >= h->now_us + h->timeout_us[HTTP_TIMER_BODY]) {
		c->reply.waited = true;
		http_timer_set(c, HTTP_TIMER_BODY);
		return;
	}
	c->deadline_us = deadline_us;
	list_remove(&c->timer);
	do {
		at = at->prev;
	} while (at != &h->timers[HTTP_TIMER_BODY] &&
		 list_entry(at, struct http_conn, timer)->deadline_us > deadline_us);
	list_push_front(at, &c->timer);
}

static struct http_conn *first_of(const struct http *h, unsigned kind)
{
	const struct list *l = &h->timers[kind];
	return list_empty(l) ? NULL : list_entry(l->next, struct http_conn, timer);
}

/* Each call ends the connection or moves it to the end of a queue with a later deadline. */
static void expire(struct http *h, unsigned kind)
{
	struct http_conn *c;
	while ((c = first_of(h, kind)) != NULL && c->deadline_us <= h->now_us)
		http_conn_expire(c);
}

static uint64_t next_deadline(const struct http *h)
{
	uint64_t next_us = list_empty(&h->ready) ? TIME_NEVER : h->now_us;
	if (is_crowded(h))
		next_us = MIN(next_us, h->now_us + HTTP_STALL_US);
	for (unsigned kind = 0; kind < HTTP_TIMERS; kind++) {
		const struct http_conn *c = first_of(h, kind);
		if (c != NULL)
			next_us = MIN(next_us, c->deadline_us);
	}
	return next_us;
}

/* Whether it waits for its peer alone. */
static bool waits_for_peer(const struct http_conn *c)
{
	struct slice s;
	return c->state == HTTP_READ_HEADER ? flow_read(c->flow, &s) != OK : c->reply.waited;
}

/*
 * Ends the connections of a kind that keep others waiting, the longest first. They are reset: who
 * waits for the peer's close would keep its place.
 */
static void make_room(struct http *h, unsigned kind)
{
	uint64_t late_us = h->now_us + h->timeout_us[kind];
	list_for_each_safe (node, next, &h->timers[kind]) {
		struct http_conn *c = list_entry(node, struct http_conn, timer);
		if (!is_crowded(h) || c->deadline_us + HTTP_STALL_US > late_us)
			break;
		if (waits_for_peer(c)) {
			COUNT(h->stats.displaced);
			http_conn_end(c, HTTP_END_ABORT);
		}
	}
}

static void run_ready(struct http *h)
{
	struct list batch, *node;
	list_take(&batch, &h->ready);
	while ((node = list_pop_front(&batch)) != NULL)
		http_conn_run(list_entry(node, struct http_conn, ready));
}

uint64_t http_poll(void *http, uint64_t now_us)
{
	struct http *h = http;
	h->now_us = now_us;
	h->next_poll_us = 0; /* no need to be woken: it is looked at below */
	run_ready(h);
	for (unsigned kind = 0; kind < HTTP_TIMERS; kind++) {
		expire(h, kind);
		make_room(h, kind);
	}
	h->next_poll_us = next_deadline(h);
	return h->next_poll_us;
}

/* --- connections ----------------------------------------------------------------------------- */

void http_conn_ready(struct http_conn *c)
{
	if (!list_linked(&c->ready))
		list_push_back(&c->http->ready, &c->ready);
	wake_at(c->http, 0);
}

/* Gives back all that it holds but the flow. */
static void drop_conn(struct http_conn *c)
{
	struct http *h = c->http;
	http_conn_tell_gone(c);
	http_reply_release(c);
	http_conn_release_header(c);
	list_remove(&c->timer);
	list_remove(&c->ready);
	h->stats.connections--;
	pool_put(&h->conns, c);
}

enum http_step http_conn_end(struct http_conn *c, enum http_end how)
{
	struct flow *f = c->flow;
	drop_conn(c);
	if (how == HTTP_END_CLOSE)
		flow_close(f);
	else
		flow_abort(f);
	return HTTP_GONE;
}

enum http_step http_conn_fail(struct http_conn *c)
{
	bool idle = c->state == HTTP_READ_HEADER && c->header_bytes == 0;
	if (!idle && c->state != HTTP_LINGER)
		COUNT(c->http->stats.aborted);
	return http_conn_end(c, HTTP_END_ABORT);
}

/* It waits for its source alone: that is none of the peer's time. */
static void peer_has_all(struct http_conn *c)
{
	c->reply.waited = false;
	http_timer_set(c, HTTP_TIMER_BODY);
}

HOT(output) static void on_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct http_conn *c = arg;
	(void)f;
	c->http->now_us = now_us;
	if ((events & FLOW_FAILED) != 0)
		http_conn_fail(c);
	else if ((events & FLOW_WRITABLE) != 0 ||
		 ((events & FLOW_READABLE) != 0 && c->state != HTTP_REPLY))
		http_conn_run(c);
	else if (http_parts.sources && (events & FLOW_DRAINED) != 0 && c->reply.starved)
		peer_has_all(c);
}

static struct http_conn *new_conn(struct http *h, struct flow *f)
{
	struct http_conn *c = pool_get(&h->conns);
	if (c == NULL)
		return NULL;
	memset(c, 0, sizeof(*c));
	c->http = h;
	c->flow = f;
	list_init(&c->timer);
	list_init(&c->ready);
	f->event = on_event;
	f->arg = c;
	h->stats.connections++;
	h->stats.connections_max = MAX(h->stats.connections_max, h->stats.connections);
	return c;
}

void http_accept(void *http, struct flow *f, uint64_t now_us)
{
	struct http *h = http;
	h->now_us = now_us;
	struct http_conn *c = new_conn(h, f), *idle = first_of(h, HTTP_TIMER_IDLE);
	if (c == NULL && idle != NULL) { /* too many have come at once */
		COUNT(h->stats.displaced);
		http_conn_end(idle, HTTP_END_ABORT);
		c = new_conn(h, f);
	}
	if (c == NULL) {
		COUNT(h->stats.rejected);
		flow_abort(f);
		return;
	}
	http_timer_set(c, HTTP_TIMER_IDLE);
	if (is_crowded(h))
		wake_at(h, 0);
	http_conn_run(c); /* the request may be here already */
}

/* --- late answers ---------------------------------------------------------------------------- */

void http_respond(struct http_conn *conn, const struct http_response *response)
{
	assert(conn->state == HTTP_PENDING);
	http_reply_begin(conn, response);
	http_conn_ready(conn);
}

void http_wake(struct http_conn *conn)
{
	conn->reply.starved = false;
	http_conn_ready(conn);
}

/* --- what handlers ask ----------------------------------------------------------------------- */

struct http_text http_conn_fields(const struct http_conn *c)
{
	size_t at = c->head.fields_at;
	return (struct http_text){c->header + at, c->header_bytes - at};
}

struct http_text http_fields(struct http_conn *conn)
{
	assert(conn->header != NULL);
	conn->head.flags |= HTTP_ASKED;
	return http_conn_fields(conn);
}

bool http_is_1_0(const struct http_conn *conn)
{
	return (conn->head.flags & HTTP_1_0) != 0;
}

struct flow *http_detach(struct http_conn *conn)
{
	struct flow *f = conn->flow;
	assert(conn->state == HTTP_PENDING);
	conn->told = false;
	drop_conn(conn);
	return f;
}

const struct http_stats *http_stats(const struct http *http)
{
	return &http->stats;
}
