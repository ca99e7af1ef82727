/* SPDX-License-Identifier: ISC */
#include "tests/unit/connect/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#undef assert

struct world w;

static bool is_unready(const struct ip_addr *dst)
{
	return w.unready[ip_addr_is_v4(dst) ? RESOLVER_IPV4 : RESOLVER_IPV6];
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip;
	if (is_unready(dst))
		return ERR_NOTREADY;
	*out = (struct ip_route){.src = *dst};
	return OK;
}

static const struct ip_ops ip_ops = {.route = route};
static struct ip ip = {&ip_ops};

struct ip *tcp_ip(const struct tcp *tcp)
{
	assert_ptr_equal(tcp, &w);
	return &ip;
}

enum err tcp_connect(struct tcp *tcp, const struct ip_addr *addr, uint16_t port, uint64_t now_us,
		     struct flow **flow)
{
	struct begun *b = &w.flow[w.flows];

	assert_ptr_equal(tcp, &w);
	assert_int_equal(port, PORT);
	assert_int_equal(now_us, w.now_us);
	if (is_unready(addr))
		return ERR_NOTREADY;
	if (w.connect_error != OK)
		return w.connect_error;
	assert_in_range(w.flows, 0, FLOWS - 1);
	w.flows++;
	flow_fake_init(&b->fake);
	b->to = *addr;
	b->at_us = now_us;
	*flow = &b->fake.flow;
	return OK;
}

static enum err resolver_start_(struct resolver *r, struct resolver_request *request,
				const char *name, enum resolver_family family, uint64_t now_us)
{
	assert_ptr_equal(r, &w.resolver);
	assert_string_equal(name, "a.test");
	assert_int_equal(now_us, w.now_us);
	assert_null(w.query[family]);
	if (w.refusal[family] == OK)
		w.query[family] = request;
	return w.refusal[family];
}

static void resolver_cancel_(struct resolver *r, struct resolver_request *request)
{
	assert_ptr_equal(r, &w.resolver);
	for (unsigned i = 0; i < 2; i++) {
		if (w.query[i] == request) {
			w.query[i] = NULL;
			return;
		}
	}
	fail(); /* it was not open */
}

static void count_wake(void *arg)
{
	(void)arg;
	w.wakes++;
}

void done(struct connector_request *r, uint64_t now_us)
{
	assert_ptr_equal(r, &w.request);
	assert_int_equal(now_us, w.now_us);
	w.done++;
	if (w.when_done != NULL)
		w.when_done();
}

void make(const struct connect_families *families, struct resolver *resolver)
{
	const struct connect_config config = {.requests = 2, .families = families};

	w.memory = malloc(connect_memory_bytes(&config));
	assert_non_null(w.memory);
	w.c = connect_init(w.memory, &config, (struct tcp *)&w, resolver,
			   (struct waker){count_wake, NULL});
	w.request = (struct connector_request){.done = done};
}

int setup(void **state)
{
	static const struct resolver_ops ops = {.start = resolver_start_,
						.cancel = resolver_cancel_};

	(void)state;
	memset(&w, 0, sizeof(w));
	w.now_us = 1000000;
	w.resolver.ops = &ops;
	make(&connect_both_families, &w.resolver);
	return 0;
}

int teardown(void **state)
{
	(void)state;
	for (unsigned i = 0; i < w.flows; i++)
		flow_fake_fini(&w.flow[i].fake);
	assert_null(w.query[0]);
	assert_null(w.query[1]);
	assert_int_equal(connect_poll(w.c, w.now_us), TIME_NEVER);
	free(w.memory);
	return 0;
}

enum err begin(const char *host)
{
	return connector_start(connect_connector(w.c), &w.request, host, PORT, w.now_us);
}

void pass(uint64_t us)
{
	uint64_t end_us = w.now_us + us, due_us;

	while ((due_us = connect_poll(w.c, w.now_us)) <= end_us)
		w.now_us = due_us;
	w.now_us = end_us;
}

void answer(enum resolver_family family, enum err error, const char *first, const char *second)
{
	struct resolver_request *r = w.query[family];

	assert_non_null(r);
	w.query[family] = NULL;
	r->error = error;
	r->count = (first != NULL) + (second != NULL);
	if (first != NULL)
		assert_int_equal(connect_both_families.parse(first, &r->address[0]), OK);
	if (second != NULL)
		assert_int_equal(connect_both_families.parse(second, &r->address[1]), OK);
	unsigned wakes = w.wakes, was_done = w.done;
	r->done(r, w.now_us);
	assert_true(w.wakes > wakes || w.done > was_done); /* somebody will poll */
}

void raise_events(unsigned i, unsigned events)
{
	struct flow *f = &w.flow[i].fake.flow;

	f->event(f, f->arg, events, w.now_us);
}

void establish(unsigned i)
{
	raise_events(i, FLOW_CONNECTED | FLOW_READABLE);
}

void refuse(unsigned i)
{
	w.flow[i].fake.error = ERR_REFUSED;
	raise_events(i, FLOW_FAILED);
}

void expect_flow(unsigned i, const char *to, uint64_t at_us)
{
	char text[INET_ADDR_CHARS];

	assert_true(i < w.flows);
	assert_string_equal(inet_format(&w.flow[i].to, text), to);
	assert_int_equal(w.flow[i].at_us, at_us);
}

void expect_connected(unsigned i)
{
	assert_int_equal(w.done, 1);
	assert_int_equal(w.request.error, OK);
	assert_ptr_equal(w.request.flow, &w.flow[i].fake.flow);
	for (unsigned other = 0; other < w.flows; other++)
		assert_int_equal(w.flow[other].fake.aborted, other != i);
	flow_close(w.request.flow);
}

void expect_failed(enum err e)
{
	assert_int_equal(w.done, 1);
	assert_int_equal(w.request.error, e);
	assert_null(w.request.flow);
}
