/* SPDX-License-Identifier: ISC */
#include "net/connect/connect.h"

#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/list.h"
#include "base/pool.h"

struct connect {
	struct connector connector;
	struct tcp *tcp;
	struct resolver *resolver;
	const struct connect_families *families;
	struct waker work;
	struct pool pool;  /* of struct attempt */
	struct list tries; /* those under way */
	/* Since when there has been no address to connect from; TIME_NEVER: there is one. */
	uint64_t unready_us[2];
	struct connect_stats stats;
};

/* A request under way. */
struct attempt {
	struct list node; /* in connect->tries */
	struct connect *connect;
	struct connector_request *request;
	uint64_t begun_us;
	uint64_t resolve_us; /* when to begin without the answer that is still missing */
	uint64_t next_us;    /* when the next address may be tried */
	struct resolver_request query[2];
	struct flow *flow[CONNECT_FLOWS_MAX]; /* being established: `flows` of them */
	uint16_t port;
	uint8_t asked; /* bit N: family N has not been answered */
	uint8_t flows;
	uint8_t count, next; /* addresses known, in the order of trial; the first not tried */
	enum err error;      /* that it ends with if nothing is left to try */
	struct ip_addr address[CONNECT_ADDRESSES_MAX];
};

/* --- the end --------------------------------------------------------------------------------- */

/* Gives back all that it holds, itself included. */
static void release(struct attempt *a)
{
	for (unsigned family = 0; family < ARRAY_SIZE(a->query); family++) {
		if ((a->asked & 1u << family) != 0)
			resolver_cancel(a->connect->resolver, &a->query[family]);
	}
	while (a->flows > 0)
		flow_abort(a->flow[--a->flows]);
	list_remove(&a->node);
	pool_put(&a->connect->pool, a);
}

static void finish(struct attempt *a, enum err error, struct flow *flow, uint64_t now_us)
{
	struct connector_request *request = a->request;

	a->connect->stats.established += error == OK;
	a->connect->stats.failed += error != OK;
	release(a);
	request->error = error;
	request->flow = flow;
	request->done(request, now_us);
}

/* --- attempts -------------------------------------------------------------------------------- */

static void run(struct attempt *a, uint64_t now_us);

/* Takes `flow` out of those that are being established. */
static void forget_flow(struct attempt *a, const struct flow *flow)
{
	unsigned i = 0;

	while (a->flow[i] != flow)
		assert(++i < a->flows);
	a->flow[i] = a->flow[--a->flows];
}

static void on_event(struct flow *flow, void *arg, unsigned events, uint64_t now_us)
{
	struct attempt *a = arg;

	if ((events & (FLOW_FAILED | FLOW_CONNECTED)) == 0)
		return;
	forget_flow(a, flow);
	if ((events & FLOW_FAILED) != 0) {
		a->error = flow_error(flow);
		flow_abort(flow);
		a->next_us = now_us; /* RFC 8305 section 5: the next one at once */
		run(a, now_us);
	} else {
		a->connect->stats.late += a->next > 1;
		finish(a, OK, flow, now_us);
	}
}

/* Puts those that are not tried yet into order, by the addresses that we have now. */
static void order(struct attempt *a)
{
	const struct connect *c = a->connect;

	if (c->families != NULL)
		c->families->order(tcp_ip(c->tcp), &a->address[a->next],
				   (unsigned)a->count - a->next,
				   a->next > 0 ? &a->address[a->next - 1] : NULL);
}

static uint64_t *unready_since(struct connect *c, const struct ip_addr *to)
{
	return &c->unready_us[ip_addr_is_v4(to) ? RESOLVER_IPV4 : RESOLVER_IPV6];
}

/* ERR_NOTREADY: we have no address yet that reaches so far. */
static enum err begin_flow(struct attempt *a, const struct ip_addr *to, uint64_t now_us,
			   struct flow **flow)
{
	uint64_t *since_us = unready_since(a->connect, to);

	enum err e = tcp_connect(a->connect->tcp, to, a->port, now_us, flow);
	*since_us = e == ERR_NOTREADY ? MIN(*since_us, now_us) : TIME_NEVER;
	return e;
}

/* Address `i` is the next one that was tried. */
static void count_tried(struct attempt *a, unsigned i)
{
	const struct ip_addr tried = a->address[i];

	memmove(&a->address[a->next + 1], &a->address[a->next], (i - a->next) * sizeof(tried));
	a->address[a->next++] = tried;
}

static void watch_flow(struct attempt *a, struct flow *flow)
{
	a->flow[a->flows++] = flow;
	flow->event = on_event;
	flow->arg = a;
	a->connect->stats.attempts++;
}

/*
 * Begins to connect to the next address. One that cannot be reached is passed over for good, one
 * that cannot be reached from any address that we have yet until later.
 */
static void try_next(struct attempt *a, uint64_t now_us)
{
	struct flow *flow = NULL; /* set if OK, which the compiler may not see */
	enum err e = ERR_NOTREADY;
	unsigned i = a->next;

	order(a);
	while (i < a->count && e == ERR_NOTREADY)
		e = begin_flow(a, &a->address[i++], now_us, &flow);
	if (e == ERR_NOTREADY) {
		a->next_us = now_us + CONNECT_AGAIN_US;
		return;
	}
	count_tried(a, i - 1);
	if (e != OK) {
		a->error = e;
		return;
	}
	watch_flow(a, flow);
	a->next_us = now_us + CONNECT_ATTEMPT_US;
}

/* An address of the other family may come yet, and might be preferred (RFC 8305 section 3). */
static bool waits_for_answer(const struct attempt *a, uint64_t now_us)
{
	return a->next == 0 && a->asked != 0 && now_us < a->resolve_us;
}

static bool may_try(const struct attempt *a)
{
	return a->next < a->count && a->flows < CONNECT_FLOWS_MAX;
}

/* Whether one of the addresses that are left may still become one that can be tried. */
static bool may_wait(const struct attempt *a, uint64_t now_us)
{
	bool may = false;

	for (unsigned i = a->next; i < a->count && now_us - a->begun_us < CONNECT_READY_US; i++) {
		uint64_t since_us = *unready_since(a->connect, &a->address[i]);
		may |= since_us == TIME_NEVER || now_us - since_us < CONNECT_READY_US;
	}
	return may;
}

/* Does what can be done now. `a` may be gone afterwards. */
static void run(struct attempt *a, uint64_t now_us)
{
	if (!waits_for_answer(a, now_us)) {
		while (may_try(a) && now_us >= a->next_us)
			try_next(a, now_us);
	}
	if (a->flows == 0 && a->asked == 0 && !may_wait(a, now_us))
		finish(a, a->next == 0 && a->count > 0 ? ERR_NOTREADY : a->error, NULL, now_us);
	else
		waker_wake(&a->connect->work);
}

static uint64_t due_us(const struct attempt *a, uint64_t now_us)
{
	if (waits_for_answer(a, now_us))
		return a->resolve_us;
	return may_try(a) ? a->next_us : TIME_NEVER;
}

/* --- addresses ------------------------------------------------------------------------------- */

/* They are tried at once if nothing is under way, whatever may be waited for. */
static SELDOM void add_addresses(struct attempt *a, const struct ip_addr *addresses, unsigned n,
				 uint64_t now_us)
{
	n = MIN(n, CONNECT_ADDRESSES_MAX - (unsigned)a->count);
	memcpy(&a->address[a->count], addresses, n * sizeof(addresses[0]));
	a->count = (uint8_t)(a->count + n);
	if (a->flows == 0)
		a->next_us = now_us;
}

static void on_answer(struct resolver_request *r, uint64_t now_us)
{
	struct attempt *a = r->arg;
	unsigned family = (unsigned)(r - a->query);

	a->asked &= (uint8_t) ~(1u << family);
	if (r->error == OK)
		add_addresses(a, r->address, r->count, now_us);
	else if (a->next == 0 && a->error == ERR_NOTFOUND)
		a->error = r->error; /* tells more than that there are no addresses */
	/* IPv6 addresses need not wait for the others. */
	a->resolve_us = family == RESOLVER_IPV6 && r->error == OK ? now_us
								  : now_us + CONNECT_RESOLUTION_US;
	run(a, now_us);
}

static enum err ask(struct attempt *a, enum resolver_family family, const char *host,
		    uint64_t now_us)
{
	struct resolver_request *r = &a->query[family];

	r->done = on_answer;
	r->arg = a;
	enum err e = resolver_start(a->connect->resolver, r, host, family, now_us);
	if (e == OK)
		a->asked |= (uint8_t)(1u << family);
	return e;
}

/* One question that could be asked is enough. RFC 8305 section 3: that for AAAA comes first. */
static enum err ask_all(struct attempt *a, const char *host, uint64_t now_us)
{
	enum err e = ERR_NOTREADY;

	if (a->connect->resolver == NULL)
		return e;
	for (unsigned left = a->connect->families != NULL ? 2 : 1; left > 0; left--)
		e = ask(a, left == 2 ? RESOLVER_IPV6 : RESOLVER_IPV4, host, now_us);
	return a->asked != 0 ? OK : e;
}

static enum err parse_address(const struct connect *c, const char *host, struct ip_addr *address)
{
	uint32_t v4;

	if (c->families != NULL)
		return c->families->parse(host, address);
	enum err e = inet_parse_v4(host, &v4);
	if (e == OK)
		*address = ip_addr_from_v4(v4);
	return e;
}

/* --- as a connector -------------------------------------------------------------------------- */

static enum err start(struct connector *connector, struct connector_request *request,
		      const char *host, uint16_t port, uint64_t now_us)
{
	struct connect *c = container_of(connector, struct connect, connector);
	struct attempt *a = pool_get(&c->pool);
	struct ip_addr address;
	enum err e = OK;

	assert(request->done != NULL && port != 0);
	if (a == NULL) {
		c->stats.out_of_memory++;
		return ERR_NOMEM;
	}
	memset(a, 0, sizeof(*a));
	a->connect = c;
	a->request = request;
	a->port = port;
	a->error = ERR_NOTFOUND;
	a->begun_us = now_us;
	a->resolve_us = TIME_NEVER;
	if (parse_address(c, host, &address) == OK)
		add_addresses(a, &address, 1, now_us);
	else
		e = ask_all(a, host, now_us);
	if (e != OK) {
		pool_put(&c->pool, a);
		return e;
	}
	c->stats.requests++;
	request->work = a;
	list_push_back(&c->tries, &a->node);
	waker_wake(&c->work);
	return OK;
}

static void cancel(struct connector *connector, struct connector_request *request)
{
	struct connect *c = container_of(connector, struct connect, connector);

	c->stats.cancelled++;
	release(request->work);
}

uint64_t connect_poll(struct connect *c, uint64_t now_us)
{
	struct list batch, *node;
	uint64_t next_us = TIME_NEVER;

	/* done() may start and cancel others: each is taken off before it runs. */
	list_take(&batch, &c->tries);
	while ((node = list_pop_front(&batch)) != NULL) {
		struct attempt *a = list_entry(node, struct attempt, node);
		list_push_back(&c->tries, node);
		if (due_us(a, now_us) <= now_us)
			run(a, now_us);
	}
	list_for_each (it, &c->tries)
		next_us =
			time_earlier(next_us, due_us(list_entry(it, struct attempt, node), now_us));
	return next_us;
}

/* --- life ------------------------------------------------------------------------------------ */

enum { ALIGNMENT = 8, CONNECT_BYTES = ROUND_UP(sizeof(struct connect), ALIGNMENT) };

size_t connect_memory_bytes(const struct connect_config *config)
{
	return CONNECT_BYTES + config->requests * ROUND_UP(sizeof(struct attempt), ALIGNMENT);
}

struct connect *connect_init(void *memory, const struct connect_config *config, struct tcp *tcp,
			     struct resolver *resolver, struct waker work)
{
	static const struct connector_ops ops = {.start = start, .cancel = cancel};
	struct connect *c = memory;

	assert((uintptr_t)memory % ALIGNMENT == 0 && config->requests > 0);
	*c = (struct connect){
		.connector.ops = &ops,
		.tcp = tcp,
		.resolver = resolver,
		.families = config->families,
		.work = work,
		.unready_us = {TIME_NEVER, TIME_NEVER},
	};
	pool_init(&c->pool, (uint8_t *)memory + CONNECT_BYTES,
		  ROUND_UP(sizeof(struct attempt), ALIGNMENT), config->requests);
	list_init(&c->tries);
	return c;
}

struct connector *connect_connector(struct connect *c)
{
	return &c->connector;
}

const struct connect_stats *connect_stats(const struct connect *c)
{
	return &c->stats;
}
