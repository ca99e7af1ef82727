/* SPDX-License-Identifier: ISC */
/*
 * Two hundred clients that take places of an HTTP server and do nothing with them, or little, each
 * way that there is; and a good one, who is answered all the same, and soon.
 */
#include "tests/unit/properties/tests.h"

#include <string.h>

#include "net/tcp/tcp_internal.h"

enum {
	ATTACKERS = 200,
	HTTP_PORT = 80,
	ROUNDS = 100, /* of 1.7 s and what a good request takes */
	LINE_BYTES = 64,
	LARGE_BYTES = 1 << 20,
};

/* What an attacker does on each of its connections. */
struct attack {
	const char *beginning; /* sent when it is connected */
	const char *drip;      /* and that every so many rounds */
	unsigned period;
	unsigned reads; /* bytes a round, or 0: all at once */
	bool stays;     /* takes all, does not end, and is gone after so many rounds */
};

static const struct attack silent = {.beginning = "", .drip = "", .period = 1};
static const struct attack idle = {.beginning = "GET /page HTTP/1.1\r\nHost: a\r\n\r\n",
				   .drip = "GET /page HTTP/1.1\r\nHost: a\r\n\r\n",
				   .period = 20};
static const struct attack header_drip = {
	.beginning = "GET / HTTP/1.1\r\nHost: a\r\nX: ", .drip = "a", .period = 1};
static const struct attack body_drip = {
	.beginning = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n",
	.drip = "a",
	.period = 1};
static const struct attack slow_reader = {.beginning = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
					  .drip = "",
					  .period = 1,
					  .reads = 100};

/* The server closes, and waits in FIN-WAIT-2 for an end that never comes. */
static const struct attack never_ending = {
	.beginning = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
	.drip = "",
	.period = 1,
	.stays = true};

struct attacker {
	struct flow *flow;
	const struct attack *attack;
	unsigned rounds;
};

static struct attacker attackers[ATTACKERS];

static void send_text(struct flow *f, const char *text)
{
	if (text[0] != '\0')
		(void)!flow_write_copy(f, text, strlen(text));
}

/* Reads so many bytes at most; begins again, later, when it was thrown out. */
static void read_some(struct attacker *a, size_t most)
{
	struct slice s;
	enum err e;
	while ((e = flow_read(a->flow, &s)) == OK && most > 0) {
		size_t n = MIN(s.len, most);
		flow_consume(a->flow, n);
		most -= n;
	}
	if (e == OK || e == ERR_AGAIN || (a->attack->stays && e == ERR_EOF))
		return;
	flow_abort(a->flow);
	a->flow = NULL;
}

/* As if its machine had been switched off. */
static void vanish(struct attacker *a)
{
	struct tcp_conn *c = container_of(a->flow, struct tcp_conn, flow);
	if (c->state != TCP_CLOSE_WAIT)
		return;
	tcp_conn_free(c);
	a->flow = NULL;
}

static void attacker_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct attacker *a = arg;
	(void)now_us;
	if ((events & FLOW_CONNECTED) != 0)
		send_text(f, a->attack->beginning);
	read_some(a, a->attack->reads == 0 ? SIZE_MAX : 0);
}

/* Once in a round. */
static void attacker_step(struct attacker *a)
{
	const struct ip_addr server = ip_addr_from_v4(SERVER_ADDR);
	if (a->flow != NULL) {
		if (++a->rounds % a->attack->period == 0)
			send_text(a->flow, a->attack->drip);
		read_some(a, a->attack->reads);
		if (a->attack->stays && a->flow != NULL)
			vanish(a);
		return;
	}
	a->rounds = 0;
	if (tcp_connect(world.host[0].tcp, &server, HTTP_PORT, world.sim.now_us, &a->flow) != OK) {
		a->flow = NULL;
		return;
	}
	a->flow->event = attacker_event;
	a->flow->arg = a;
}

/* One request on a connection of its own. */
static struct {
	struct flow *flow;
	char line[LINE_BYTES]; /* the response's beginning */
	size_t bytes;
} good;

static void good_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e;
	(void)arg;
	(void)now_us;
	if ((events & FLOW_CONNECTED) != 0) {
		static const char get[] =
			"GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
		assert_int_equal(flow_write_copy(f, get, sizeof(get) - 1), sizeof(get) - 1);
	}
	while ((e = flow_read(f, &s)) == OK) {
		if (good.bytes < LINE_BYTES)
			memcpy(good.line + good.bytes, s.data, MIN(s.len, LINE_BYTES - good.bytes));
		good.bytes += s.len;
		flow_consume(f, s.len);
	}
	if (e == ERR_AGAIN)
		return;
	good.flow = NULL;
	flow_close(f);
}

static enum err page(void *arg, struct http_conn *conn, const struct http_request *request,
		     struct http_response *response)
{
	static const uint8_t large[LARGE_BYTES];
	(void)conn;
	(void)request;
	response->content_type = "text/plain";
	response->body = arg != NULL ? SLICE_STATIC(large, LARGE_BYTES)
				     : SLICE_STATIC(stream_at(0), 65536);
	return OK;
}

static enum err upload_body(void *arg, struct http_conn *conn, struct slice bytes, bool last)
{
	(void)arg;
	(void)conn;
	(void)bytes;
	(void)last;
	return OK;
}

/* With so many places in TCP and in HTTP. */
static void start_server(uint16_t places, uint32_t loss_ppm, const struct http_config *http)
{
	static const struct http_route routes[] = {
		{.path = "/page", .handler = page},
		{.path = "/large", .handler = page, .arg = attackers},
		{.path = "/upload", .handler = page, .body = upload_body},
		{0}};
	struct scenario s;
	scenario_plain(&s, 2);
	s.tcp[0].connections = ATTACKERS + 24;
	s.tcp[0].recv_bytes = 2048; /* or those who read nothing hold all of their host's packets */
	s.tcp[1].connections = places;
	for (unsigned i = 0; i < 2; i++)
		s.link[i].loss_ppm = loss_ppm;
	world_start(&s);
	sim_host_serve(&world.host[1], http, routes, HTTP_PORT);
}

/* How long one request takes. */
static uint64_t get_page(void)
{
	const struct ip_addr server = ip_addr_from_v4(SERVER_ADDR);
	uint64_t start_us = world.sim.now_us;
	memset(&good, 0, sizeof(good));
	assert_int_equal(tcp_connect(world.host[0].tcp, &server, HTTP_PORT, start_us, &good.flow),
			 OK);
	good.flow->event = good_event;
	while (good.flow != NULL && world.sim.now_us < start_us + 30 * US_PER_S)
		link_sim_run(&world.sim, world.sim.now_us + US_PER_MS);
	assert_null(good.flow);
	assert_memory_equal(good.line, "HTTP/1.1 200 OK\r\n", 17);
	assert_true(good.bytes > 65536);
	return world.sim.now_us - start_us;
}

/* All attack for so many rounds; the longest that a good request has taken. */
static uint64_t attack(const struct attack *attack)
{
	uint64_t slowest_us = 0;
	for (unsigned i = 0; i < ROUNDS; i++) {
		for (unsigned j = 0; j < ATTACKERS; j++) {
			attackers[j].attack = attack;
			attacker_step(&attackers[j]);
		}
		link_sim_run(&world.sim, world.sim.now_us + 17 * US_PER_S / 10);
		uint64_t took_us = get_page();
		slowest_us = took_us > slowest_us ? took_us : slowest_us;
	}
	return slowest_us;
}

/* They go, and leave nothing behind. */
static void stop(void)
{
	const struct http_stats *http = http_stats(world.host[1].http);
	for (unsigned j = 0; j < ATTACKERS; j++) {
		if (attackers[j].flow != NULL)
			flow_abort(attackers[j].flow);
		attackers[j].flow = NULL;
	}
	link_sim_run(&world.sim, world.sim.now_us + 60 * (uint64_t)US_PER_S);
	assert_int_equal(http->connections, 0);
	assert_null(world_end());
	world_stop();
}

/* There is room for all of them and some more. */
static void slow_headers_keep_nobody_waiting_where_there_is_room(void **state)
{
	struct http_config config = http_config_default;
	(void)state;
	config.connections = ATTACKERS + 24;
	config.header_buffers = ATTACKERS; /* with fewer the rest is told to go at once */
	start_server(ATTACKERS + 24, 5000, &config);
	uint64_t slowest_us = attack(&header_drip);
	const struct http_stats *http = http_stats(world.host[1].http);
	assert_true(http->connections_max > ATTACKERS / 2);
	assert_true(http->timeouts + http->rejected > ATTACKERS); /* they are thrown out */
	assert_int_equal(http->displaced, 0);
	assert_true(slowest_us < 5 * US_PER_S); /* a lost SYN or two */
	stop();
}

/* There are 64 places, and eight in TCP to knock at the door. */
static void they_keep_nobody_out(void **state)
{
	start_server(72, 0, &http_config_default);
	uint64_t slowest_us = attack(*state);
	assert_true(slowest_us < 2 * US_PER_S);
	stop();
}

/* Two hundred come anew in each round, and the server has to wait for the end of each of them. */
static void nor_do_those_who_never_end(void **state)
{
	(void)state;
	start_server(72, 0, &http_config_default);
	uint64_t slowest_us = attack(&never_ending);
	assert_true(slowest_us < 5 * US_PER_S); /* a SYN or two that there was no memory for */
	assert_true(tcp_stats(world.host[1].tcp)->accepted > 15 * ATTACKERS);
	stop();
}

#define AGAINST(ATTACK)                                                                            \
	{                                                                                          \
		.name = "nobody is kept out: " #ATTACK, .test_func = they_keep_nobody_out,         \
		.initial_state = (void *)(uintptr_t) & (ATTACK)                                    \
	}

int overload_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_headers_keep_nobody_waiting_where_there_is_room),
		AGAINST(silent),
		AGAINST(idle),
		AGAINST(header_drip),
		AGAINST(body_drip),
		AGAINST(slow_reader),
		cmocka_unit_test(nor_do_those_who_never_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
