/* SPDX-License-Identifier: ISC */
#include "net/websocket/websocket.h"

#include <string.h>

#include "base/assert.h"
#include "hal/timer.h"
#include "net/websocket/websocket_internal.h"

const struct websocket_config websocket_config_default = {
	.connections = 16,
	.frame_bytes_max = 1 << 20,
	.message_bytes_max = 1 << 20,
	.idle_timeout_us = 30 * US_PER_S,
	.close_timeout_us = 5 * US_PER_S,
};

#define ALIGNED_BYTES(type) ROUND_UP(sizeof(type), 8)

size_t websocket_memory_bytes(const struct websocket_config *config)
{
	return ALIGNED_BYTES(struct websocket) +
	       config->connections * ALIGNED_BYTES(struct websocket_conn);
}

struct websocket *websocket_init(void *memory, const struct websocket_config *config,
				 uint64_t now_us, struct waker work)
{
	struct websocket *s = memory;
	assert((uintptr_t)memory % 8 == 0 && config->connections > 0);
	assert(config->idle_timeout_us > 0 && config->close_timeout_us > 0);
	*s = (struct websocket){
		.config = *config, .work = work, .now_us = now_us, .next_poll_us = TIME_NEVER};
	pool_init(&s->conns, (uint8_t *)memory + ALIGNED_BYTES(struct websocket),
		  ALIGNED_BYTES(struct websocket_conn), config->connections);
	list_init(&s->arriving);
	list_init(&s->ready);
	for (unsigned kind = 0; kind < WEBSOCKET_TIMERS; kind++)
		list_init(&s->timers[kind]);
	return s;
}

void websocket_set_handlers(struct websocket *server, const struct websocket_handlers *handlers,
			    void *arg)
{
	assert(server->handlers == NULL && handlers->data != NULL);
	server->handlers = handlers;
	server->arg = arg;
}

/* --- time ------------------------------------------------------------------------------------ */

static void wake_at(struct websocket *s, uint64_t time_us)
{
	if (time_us >= s->next_poll_us)
		return;
	s->next_poll_us = time_us;
	waker_wake(&s->work);
}

void websocket_wake(struct websocket *s)
{
	wake_at(s, 0);
}

void websocket_ready(struct websocket_conn *c)
{
	if (!list_linked(&c->ready))
		list_push_back(&c->server->ready, &c->ready);
	websocket_wake(c->server);
}

/* Each kind has a constant length, so that connections queue up in the order of deadlines. */
void websocket_timer_set(struct websocket_conn *c, enum websocket_timer kind)
{
	struct websocket *s = c->server;
	list_remove(&c->node);
	list_push_back(&s->timers[kind], &c->node);
	c->deadline_us = s->now_us + (kind == WEBSOCKET_TIMER_IDLE ? s->config.idle_timeout_us
								   : s->config.close_timeout_us);
	wake_at(s, c->deadline_us);
}

/* --- connections ----------------------------------------------------------------------------- */

static void end(struct websocket_conn *c)
{
	struct websocket *s = c->server;
	if (c->state == WEBSOCKET_OPEN)
		c->code = WEBSOCKET_LOST;
	if (s->handlers->closed != NULL)
		s->handlers->closed(s->arg, c, c->code);
	list_remove(&c->node);
	list_remove(&c->ready);
	if (c->broken)
		flow_abort(c->flow);
	else
		flow_close(c->flow);
	s->stats.connections--;
	pool_put(&s->conns, c);
}

static void tell_writable(struct websocket_conn *c)
{
	const struct websocket *s = c->server;
	if (c->blocked || c->state != WEBSOCKET_OPEN || s->handlers->writable == NULL)
		return;
	s->handlers->writable(s->arg, c);
}

void websocket_run(struct websocket_conn *c)
{
	enum websocket_step step = WEBSOCKET_ON;
	(void)websocket_output(c);
	for (unsigned i = 0; step == WEBSOCKET_ON && !c->broken; i++) {
		if (i == WEBSOCKET_BATCH) {
			websocket_ready(c);
			break;
		}
		step = websocket_input(c);
		(void)websocket_output(c);
	}
	if (c->broken || step == WEBSOCKET_OVER)
		end(c);
}

static void run_ready(struct websocket *s)
{
	struct list batch, *node;
	list_take(&batch, &s->ready);
	while ((node = list_pop_front(&batch)) != NULL)
		websocket_run(list_entry(node, struct websocket_conn, ready));
}

static void on_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct websocket_conn *c = arg;
	(void)f;
	c->server->now_us = now_us;
	c->broken |= (events & FLOW_FAILED) != 0;
	if ((events & FLOW_WRITABLE) != 0 && c->blocked) {
		c->blocked = false;
		c->paused = false; /* an echo, for instance, was waiting for this */
		(void)websocket_output(c);
		tell_writable(c);
	}
	websocket_run(c);
}

static void take_arriving(struct websocket *s)
{
	struct list *node;
	while ((node = list_pop_front(&s->arriving)) != NULL) {
		struct websocket_conn *c = list_entry(node, struct websocket_conn, node);
		websocket_arrive(c);
		c->flow->event = on_event;
		c->flow->arg = c;
		if (s->handlers->open != NULL)
			s->handlers->open(s->arg, c);
		websocket_run(c); /* the first frames may be here already */
	}
}

/* --- time limits ----------------------------------------------------------------------------- */

static struct websocket_conn *first_of(const struct list *l)
{
	return list_empty(l) ? NULL : list_entry(l->next, struct websocket_conn, node);
}

/* Its time is over: it is given up, or pinged. */
static void expire(struct websocket_conn *c, enum websocket_timer kind)
{
	if (kind == WEBSOCKET_TIMER_CLOSE || c->pinged || c->blocked) {
		c->server->stats.timeouts++;
		c->broken = true;
		end(c);
		return;
	}
	/* While the application does not read, nobody can tell whether the peer answers. */
	c->pinged = c->ping_due = !c->paused;
	websocket_timer_set(c, WEBSOCKET_TIMER_IDLE);
	websocket_run(c);
}

/* Each call ends the connection or moves it to the end of the queue with a later deadline. */
static void expire_all(struct websocket *s)
{
	for (unsigned kind = 0; kind < WEBSOCKET_TIMERS; kind++) {
		struct websocket_conn *c;
		while ((c = first_of(&s->timers[kind])) != NULL && c->deadline_us <= s->now_us)
			expire(c, kind);
	}
}

uint64_t websocket_poll(void *server, uint64_t now_us)
{
	struct websocket *s = server;
	s->now_us = now_us;
	s->next_poll_us = 0; /* no need to be woken: it is looked at below */
	take_arriving(s);
	run_ready(s);
	expire_all(s);
	s->next_poll_us = list_empty(&s->ready) && list_empty(&s->arriving) ? TIME_NEVER : now_us;
	for (unsigned kind = 0; kind < WEBSOCKET_TIMERS; kind++) {
		const struct websocket_conn *c = first_of(&s->timers[kind]);
		if (c != NULL)
			s->next_poll_us = MIN(s->next_poll_us, c->deadline_us);
	}
	return s->next_poll_us;
}

/* --- what applications call ------------------------------------------------------------------ */

void websocket_close(struct websocket_conn *ws, unsigned code)
{
	assert(websocket_code_is_valid(code) && code != WEBSOCKET_PROTOCOL_ERROR);
	if (ws->state != WEBSOCKET_OPEN)
		return;
	websocket_begin_close(ws, WEBSOCKET_CLOSING, code);
	websocket_ready(ws);
}

void websocket_resume(struct websocket_conn *ws)
{
	ws->paused = false;
	websocket_ready(ws);
}

void websocket_set_context(struct websocket_conn *ws, void *context)
{
	ws->context = context;
}

void *websocket_context(const struct websocket_conn *ws)
{
	return ws->context;
}

const struct websocket_stats *websocket_stats(const struct websocket *server)
{
	return &server->stats;
}
