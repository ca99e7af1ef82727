/* SPDX-License-Identifier: ISC */
/*
 * The instance: its memory, and the poll that drives it.
 */
#include "net/tcp/tcp.h"

#include "base/counter.h"

#include "net/tcp/input.h"
#include "net/tcp/tcp_internal.h"
#include "net/tcp/tcp_memory.h"

const struct tcp_config tcp_config_default = {
	.connections = 64,
	.half_open = 64,
	.time_wait = 64,
	.listeners = 4,
	.send_slices = 512,
	.send_bytes = 64 * 1024,
	.recv_bytes = 64 * 1024,
	.recv_packets = 64,
	.congestion = &tcp_cubic,
	.mtu_probing = true,
	.sack = true,
};

/* --- memory ---------------------------------------------------------------------------------- */

/* A part of their callers, all of this is computed when the image is made, of a configuration that
 * is written down in it. */

/* Where each array begins in the block that the caller gives. */
struct layout {
	size_t conns, half_opens, time_waits, slices, repairs, boards, listeners, table, heap,
		total;
	uint32_t buckets; /* a power of two */
};

/* Reserves `n` objects of `bytes` and returns their offset. */
ALWAYS_INLINE size_t reserve(struct layout *l, uint32_t n, size_t bytes)
{
	size_t at = l->total, align = BY_MEMORY(sizeof(uint64_t), CACHE_LINE_BYTES);
	l->total = ROUND_UP(at + n * bytes, align);
	return at;
}

/* CUBIC's variables and those of a loss that was none end struct tcp_cc, and what other parts need
 * follows it. */
ALWAYS_INLINE size_t conn_bytes(const struct tcp_config *c)
{
	bool all = tcp_cuts() || tcp_parts.timestamps || tcp_parts.connect || tcp_parts.sack ||
		   tcp_parts.ecn || tcp_parts.mtu_probing || tcp_parts.tuning ||
		   tcp_parts.keepalive || (c->congestion != &tcp_newreno && c->congestion != NULL);
	size_t plain = offsetof(struct tcp_conn, cc.acked) + sizeof(uint32_t);

	return all ? sizeof(struct tcp_conn) : ROUND_UP(plain, sizeof(uint64_t));
}

ALWAYS_INLINE size_t table_key_bytes(void)
{
	return (inet_has_v6 ? TCP_TABLE_KEY_WORDS : TCP_TABLE_KEY_WORDS_V4) * sizeof(uint64_t);
}

ALWAYS_INLINE size_t instance_bytes(void)
{
	if (counters_are_kept)
		return sizeof(struct tcp);
	if (tcp_parts.sack || tcp_parts.cookies)
		return offsetof(struct tcp, stats);
	return offsetof(struct tcp, table_key) + table_key_bytes();
}

/* Gaps: enough for all connections, if nothing else is said. */
ALWAYS_INLINE uint32_t repairs_of(const struct tcp_config *c)
{
	return c->repairs > 0 ? c->repairs : c->connections;
}

/* Boards are larger, and taken while a loss of ours is repaired: a quarter can do so at once. */
ALWAYS_INLINE uint32_t boards_of(const struct tcp_config *c)
{
	return c->sack ? MIN(repairs_of(c), 8u + c->connections / 4) : 0;
}

ALWAYS_INLINE struct layout layout_of(const struct tcp_config *c)
{
	uint32_t timers = (uint32_t)c->connections + c->half_open;
	uint32_t endpoints = timers + c->time_wait;
	struct layout l = {.buckets = 1u << (32 - __builtin_clz((endpoints - 1) | 1))};

	(void)reserve(&l, 1, instance_bytes());
	l.conns = reserve(&l, c->connections, conn_bytes(c));
	l.half_opens = reserve(&l, c->half_open, tcp_half_open_bytes());
	l.time_waits = reserve(&l, c->time_wait, tcp_time_wait_bytes());
	l.slices = reserve(&l, c->send_slices, sizeof(struct tcp_slice));
	l.repairs = reserve(&l, repairs_of(c), sizeof(struct tcp_gap));
	l.boards = reserve(&l, boards_of(c), sizeof(struct tcp_board));
	l.listeners = reserve(&l, c->listeners, sizeof(struct tcp_listener));
	l.table = reserve(&l, l.buckets, sizeof(struct tcp_endpoint *));
	l.heap = reserve(&l, timers, sizeof(struct tcp_endpoint *));
	return l;
}

size_t tcp_memory_bytes(const struct tcp_config *config)
{
	return layout_of(config).total;
}

ALWAYS_INLINE void init_memory(struct tcp *tcp, const struct tcp_config *c)
{
	struct layout l = layout_of(c);
	uint8_t *base = (uint8_t *)tcp;

	memset(tcp, 0, l.total);
	pool_init(&tcp->conns, base + l.conns, conn_bytes(c), c->connections);
	pool_init(&tcp->half_opens, base + l.half_opens, tcp_half_open_bytes(), c->half_open);
	pool_init(&tcp->time_waits, base + l.time_waits, tcp_time_wait_bytes(), c->time_wait);
	pool_init(&tcp->slices, base + l.slices, sizeof(struct tcp_slice), c->send_slices);
	pool_init(&tcp->repairs, base + l.repairs, sizeof(struct tcp_gap), repairs_of(c));
	if (tcp_parts.sack)
		pool_init(&tcp->boards, base + l.boards, sizeof(struct tcp_board), boards_of(c));
	tcp->listeners = (void *)(base + l.listeners);
	tcp->table = (void *)(base + l.table);
	tcp->table_mask = l.buckets - 1;
	tcp->heap = (void *)(base + l.heap);
	list_init(&tcp->pending);
	list_init(&tcp->ready);
	list_init(&tcp->starved);
	list_init(&tcp->gappy);
	list_init(&tcp->time_wait);
	list_init(&tcp->waiting);
}

void *tcp_entry_new(struct pool *pool)
{
	void *entry = pool_get(pool);

	return entry != NULL ? memset(entry, 0, pool->object_bytes) : NULL;
}

/* --- init ------------------------------------------------------------------------------------ */

static void check_config(const struct tcp_config *c, const struct pkt_pool *tx)
{
	/* Sequence arithmetic needs windows of at most 2^30 bytes (RFC 7323 section 2.3). */
	assert(c->connections > 0 && c->recv_packets > 0);
	assert(!c->tuning || (c->recv_initial > 0 && c->recv_initial <= c->recv_bytes &&
			      c->recv_total <= 1u << 30));
	assert(c->keepalive == NULL || (c->keepalive_idle_s > 0 && c->keepalive_interval_s > 0));
	assert(c->recv_packets <= UINT16_MAX && c->send_slices <= UINT16_MAX);
	assert(c->recv_bytes > 0 && c->recv_bytes <= 1u << 30);
	assert(c->send_bytes > 0 && c->send_bytes <= 1u << 30);
	assert((tcp_parts.sack || !c->sack) && (tcp_parts.ecn || c->ecn == TCP_ECN_OFF) &&
	       (tcp_parts.mtu_probing || !c->mtu_probing));
	assert((tcp_parts.cookies || !c->cookies) && (tcp_parts.tuning || !c->tuning) &&
	       (tcp_parts.keepalive || c->keepalive == NULL));
	assert(tx->buf_bytes >= PKT_HEADROOM + TCP_COPY_BYTES);
}

static uint8_t scale_for(uint32_t window)
{
	uint8_t scale = 0;
	while (window >> scale > UINT16_MAX)
		scale++;
	return scale;
}

enum err tcp_init(struct tcp **out, void *memory, const struct tcp_config *config, struct ip *ip,
		  struct pkt_pool *tx, struct rng *rng, struct waker work)
{
	struct {
		uint64_t table[TCP_TABLE_KEY_WORDS];
		struct siphash_key isn;
	} keys;
	struct tcp *tcp = memory;

	assert((uintptr_t)memory % CACHE_LINE_BYTES == 0);
	check_config(config, tx);
	if (rng_read(rng, &keys, sizeof(keys)) != OK)
		return ERR_NOTREADY;
	init_memory(tcp, config);
	tcp->ip = ip;
	tcp->tx = tx;
	tcp->work = work;
#ifdef BOARD_IS_SMALL
	tcp->config = config;
#else
	*tcp->config = *config;
#endif
	tcp->keepalive = config->keepalive;
	tcp->rng = rng;
	memcpy(tcp->table_key, keys.table, table_key_bytes());
	tcp->isn_key = keys.isn;
	tcp->recv_initial = config->tuning ? config->recv_initial : config->recv_bytes;
	tcp->recv_scale = scale_for(config->recv_bytes);
	enum err e = ip_bind(ip, IP_PROTO_TCP, tcp_input, inet_is_bare() ? NULL : tcp_error, tcp);
	if (e == OK)
		*out = tcp;
	return e;
}

/* --- poll: timers
 * --------------------------------------------------------------------------------- */

static void run_timers(struct tcp *tcp, uint64_t now_us)
{
	struct tcp_endpoint *ep;

	while ((ep = tcp_timer_expired(tcp, now_us)) != NULL) {
		if (ep->kind == TCP_CONN)
			tcp_conn_timeout(conn_of(ep), now_us);
		else
			tcp_half_open_timeout(tcp, container_of(ep, struct tcp_half_open, ep),
					      now_us);
	}
}

static void run_due(struct tcp *tcp, uint64_t now_us)
{
	run_timers(tcp, now_us);
	uint64_t time_wait_us = tcp_time_wait_expire(tcp, now_us);
	tcp->due_us = MIN(tcp_timer_next(tcp), time_wait_us);
}

/* --- poll: events
 * --------------------------------------------------------------------------------- */

/* Writers that found a pool empty may try again, as many as there is something for. */
static void wake_starved(struct tcp *tcp)
{
	uint32_t n = tcp_send_places(tcp);
	struct list *node;

	while (n-- > 0 && (node = list_pop_front(&tcp->starved)) != NULL) {
		struct tcp_conn *c = list_entry(node, struct tcp_conn, starved);
		c->want_write = false;
		tcp_conn_raise(c, FLOW_WRITABLE);
	}
}

/* Gives a new connection to its listener. Not to be touched afterwards: it may be gone. */
static void deliver_accept(struct tcp_conn *c, struct list *batch, uint64_t now_us)
{
	struct tcp *tcp = c->tcp;
	struct tcp_listener *l = tcp_listener_find(tcp, c->ep.tuple.local_port);

	if (l == NULL) { /* it has stopped listening meanwhile */
		tcp_conn_abort(c);
		return;
	}
	c->accept_due = false;
	c->owned = true;
	COUNT(tcp->stats.accepted);
	if (c->events != 0)
		list_push_front(batch, &c->ready); /* data came with the handshake: next */
	l->accept(l->arg, &c->flow, now_us);
}

static void deliver_events(struct tcp_conn *c, uint64_t now_us)
{
	unsigned events = c->events;

	c->events = 0;
	if (c->flow.event != NULL)
		c->flow.event(&c->flow, c->flow.arg, events, now_us);
}

/*
 * A user's function may close this flow or any other, and open new ones. So each connection is
 * taken off the list before its function is called and not looked at afterwards; closing unlinks
 * it from here; and what becomes ready meanwhile waits for the next round.
 */
static void deliver(struct tcp *tcp, uint64_t now_us)
{
	struct list batch, *node;

	list_take(&batch, &tcp->ready);
	while ((node = list_pop_front(&batch)) != NULL) {
		struct tcp_conn *c = list_entry(node, struct tcp_conn, ready);
		if (c->accept_due)
			deliver_accept(c, &batch, now_us);
		else
			deliver_events(c, now_us);
	}
}

/* --- poll: output
 * --------------------------------------------------------------------------------- */

static enum err output(struct tcp *tcp, struct tcp_endpoint *ep, uint64_t now_us)
{
	if (ep->kind == TCP_CONN)
		return tcp_conn_output(conn_of(ep), now_us);
	return tcp_half_open_output(tcp, container_of(ep, struct tcp_half_open, ep), now_us);
}

/* All that is pending, until the device is full or packets have run out. */
static enum err output_pending(struct tcp *tcp, uint64_t now_us)
{
	enum err e = tcp_reply_output(tcp, now_us);

	while (e == OK && !list_empty(&tcp->pending)) {
		struct list *node = list_pop_front(&tcp->pending);
		e = output(tcp, list_entry(node, struct tcp_endpoint, pending), now_us);
		if (e != OK)
			list_push_front(&tcp->pending, node); /* it is still there */
	}
	return e;
}

HOT(output) uint64_t tcp_poll(struct tcp *tcp, uint64_t now_us)
{
	tcp->polling = true;
	if (UNLIKELY(now_us >= tcp->due_us))
		run_due(tcp, now_us);
	if (!list_empty(&tcp->starved))
		wake_starved(tcp);
	/* Before output, so that an answer written in the event carries the acknowledgement. */
	deliver(tcp, now_us);
	if (tcp->waiting_used > 0)
		tcp_half_open_admit(tcp, now_us);
	enum err e = output_pending(tcp, now_us);
	tcp->polling = false;

	if (e == ERR_NOMEM)
		COUNT(tcp->stats.out_of_memory);
	/* ERR_AGAIN needs no deadline: the device's waker has us polled when it has room. */
	if (e == ERR_NOMEM || !list_empty(&tcp->starved))
		tcp_due(tcp, now_us + TCP_RETRY_US);
	if (!list_empty(&tcp->ready) || tcp_half_open_may_admit(tcp))
		return now_us;
	return tcp->due_us;
}

HOT(output) inline void tcp_wake(struct tcp *tcp)
{
	if (!tcp->polling)
		waker_wake(&tcp->work);
}

const struct tcp_stats *tcp_stats(const struct tcp *tcp)
{
	static const struct tcp_stats none;

	return counters_are_kept ? &tcp->stats : &none;
}

unsigned tcp_connections(const struct tcp *tcp)
{
	return tcp->conns.used + tcp->half_opens.used;
}

struct ip *tcp_ip(const struct tcp *tcp)
{
	return tcp->ip;
}
