/* SPDX-License-Identifier: ISC */
/* Strangers who take what there is: a flood of SYNs, hundreds of clients that never finish. */
#include "tests/unit/properties/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

enum {
	SPOOFED_SYNS = 10000,
	LORISES = 200,
	HTTP_PORT = 80,
	GOOD_REQUESTS = 100,
	LINE_BYTES = 64,
};

/* --- a flood of SYNs ------------------------------------------------------------------------- */

static void spoof_syn(struct random *r, uint16_t port)
{
	uint8_t frame[FRAME_MAX], tcp[20] = {0};
	const struct frame_ipv4 ip = {
		.eth_dst = world.host[1].rig.fake.netif.mac,
		.eth_src = rig_other_mac,
		.src = UINT32_C(0xc6330000) + (uint32_t)random_below(r, 65536),
		.dst = SERVER_ADDR,
		.proto = IP_PROTO_TCP,
	};
	store_be16(tcp, (uint16_t)random_between(r, 1024, 65535));
	store_be16(tcp + 2, port);
	store_be32(tcp + 4, (uint32_t)random_u64(r));
	tcp[12] = 5 << 4;
	tcp[13] = 0x02;
	store_be16(tcp + 14, 65535);
	size_t len = frame_ipv4(frame, &ip, tcp, sizeof(tcp));
	csum_store(frame + FRAME_L4 + 16, frame_l4_error(frame, len));
	(void)link_sim_inject(&world.sim, 1, frame, len);
}

/* Who is connected notices nothing; who comes during the flood is served when it is over. */
static void connections_survive_a_flood_of_syns(void **state)
{
	struct scenario s;
	struct random r = {1};
	(void)state;
	scenario_plain(&s, 1);
	s.host[1].gateway = CLIENT_ADDR; /* answers to the spoofed addresses go there */
	for (unsigned i = 0; i < 2; i++) {
		s.link[i].rate_bytes_per_s = 200000;
		s.link[i].queue_bytes = 32 * 1024;
	}
	s.connections = 2;
	connection_plain(&world.connection[0], STREAM_BYTES_MAX, STREAM_BYTES_MAX);
	connection_plain(&world.connection[1], 10000, 10000);
	world.connection[1].connect_us = s.start_us + 5 * US_PER_S;
	world_start(&s);
	link_sim_run(&world.sim, s.start_us + US_PER_S);
	for (unsigned i = 0; i < SPOOFED_SYNS; i++) {
		spoof_syn(&r, (uint16_t)(FIRST_PORT + i % 2));
		link_sim_run(&world.sim, world.sim.now_us + US_PER_MS);
	}
	assert_true(tcp_stats(world.host[1].tcp)->syn_dropped > SPOOFED_SYNS / 2);
	assert_int_equal(tcp_stats(world.host[1].tcp)->out_of_memory, 0);
	link_sim_run(&world.sim, world.sim.now_us + 120 * (uint64_t)US_PER_S);
	assert_true(world_is_over());
	assert_null(connection_fault(&world.connection[0]));
	assert_null(connection_fault(&world.connection[1]));
	assert_true(world.connection[0].server.over_us < s.start_us + 30 * US_PER_S);
	assert_null(world_end());
	world_stop();
}

/* --- slow clients ---------------------------------------------------------------------------- */

/* Sends a request's header an octet at a time, and begins again when it was thrown out. */
struct loris {
	struct flow *flow;
	unsigned sent;
};

static struct loris lorises[LORISES];

static void loris_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct loris *l = arg;
	struct slice s;
	enum err e;
	(void)events;
	(void)now_us;
	while ((e = flow_read(f, &s)) == OK)
		flow_consume(f, s.len);
	if (e == ERR_AGAIN)
		return;
	l->flow = NULL;
	flow_close(f);
}

static void loris_step(struct loris *l)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
	const struct ip_addr server = ip_addr_from_v4(SERVER_ADDR);
	if (l->flow == NULL) {
		l->sent = 0;
		if (tcp_connect(world.host[0].tcp, &server, HTTP_PORT, world.sim.now_us,
				&l->flow) != OK) {
			l->flow = NULL;
			return;
		}
		l->flow->event = loris_event;
		l->flow->arg = l;
	}
	const char *octet = l->sent < sizeof(request) - 1 ? &request[l->sent] : "a";
	if (flow_write_copy(l->flow, octet, 1) == 1)
		l->sent++;
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
	(void)arg;
	(void)conn;
	(void)request;
	response->content_type = "text/plain";
	response->body = SLICE_STATIC(stream_at(0), 65536);
	return OK;
}

static void start_server(struct scenario *s)
{
	static const struct http_route routes[] = {{.path = "/page", .handler = page}, {0}};
	struct http_config http = http_config_default;
	scenario_plain(s, 2);
	http.connections = LORISES + 24;
	http.header_buffers = LORISES; /* with fewer the rest is told to go at once */
	for (unsigned i = 0; i < 2; i++) {
		s->link[i].loss_ppm = 5000;
		s->tcp[i].connections = LORISES + 24;
	}
	world_start(s);
	sim_host_serve(&world.host[1], &http, routes, HTTP_PORT);
}

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

/* Two hundred slow clients hold their connections; a good one is served, and at once. */
static void slow_clients_starve_nobody(void **state)
{
	struct scenario s;
	uint64_t slowest_us = 0;
	(void)state;
	start_server(&s);
	for (unsigned i = 0; i < GOOD_REQUESTS; i++) {
		for (unsigned j = 0; j < LORISES; j++)
			loris_step(&lorises[j]);
		link_sim_run(&world.sim, world.sim.now_us + US_PER_S);
		uint64_t took_us = get_page();
		slowest_us = took_us > slowest_us ? took_us : slowest_us;
	}
	const struct http_stats *http = http_stats(world.host[1].http);
	assert_true(http->connections_max > LORISES / 2);
	assert_true(http->timeouts + http->rejected > LORISES); /* they are thrown out */
	assert_true(slowest_us < 5 * US_PER_S);                 /* a lost SYN or two */
	for (unsigned j = 0; j < LORISES; j++) {
		if (lorises[j].flow != NULL)
			flow_abort(lorises[j].flow);
		lorises[j].flow = NULL;
	}
	link_sim_run(&world.sim, world.sim.now_us + 60 * (uint64_t)US_PER_S);
	assert_int_equal(http->connections, 0);
	assert_null(world_end());
	world_stop();
}

int attack_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_survive_a_flood_of_syns),
		cmocka_unit_test(slow_clients_starve_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
