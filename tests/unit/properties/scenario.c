/* SPDX-License-Identifier: ISC */
#include "tests/unit/properties/scenario.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "tests/fakes/frames6.h"

struct world world;

/* --- drawing --------------------------------------------------------------------------------- */

/* From low to high, each power of two as likely as the next. */
static uint64_t between_log(struct random *r, uint64_t low, uint64_t high)
{
	unsigned doublings = 0;
	while (low << (doublings + 1) <= high)
		doublings++;
	uint64_t from = low << random_below(r, doublings + 1);
	return random_between(r, from, MIN(from * 2, high));
}

static uint32_t one_of(struct random *r, const uint32_t *values, size_t n)
{
	return values[random_below(r, n)];
}
#define ONE_OF(r, ...)                                                                             \
	one_of(r, (const uint32_t[]){__VA_ARGS__},                                                 \
	       sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void draw_bursts(struct random *r, struct link_conditions *c)
{
	c->bad_us = random_between(r, 5, 200) * US_PER_MS;
	c->good_us = random_between(r, 5, 20) * c->bad_us;
	c->bad_loss_ppm = (uint32_t)random_between(r, 300000, 1000000);
}

static void draw_rate(struct random *r, struct link_conditions *c)
{
	c->rate_bytes_per_s = between_log(r, 10000, 10000000);
	c->queue_bytes = (uint32_t)between_log(r, 3000, 64 * 1024);
}

static void draw_everything(struct random *r, struct link_conditions *c)
{
	c->loss_ppm = (uint32_t)random_below(r, 20000);
	c->duplicate_ppm = (uint32_t)random_below(r, 20000);
	c->corrupt_ppm = (uint32_t)random_below(r, 10000);
	c->reorder_ppm = (uint32_t)random_below(r, 50000);
	c->reorder_us = between_log(r, 100, 20000);
	c->jitter_us = random_below(r, 5000);
}

static struct link_conditions draw_link(struct random *r)
{
	struct link_conditions c = {.delay_us = between_log(r, 10, 100000)};
	switch (random_below(r, 10)) {
	case 0:
		break;
	case 1:
	case 2:
		c.loss_ppm = (uint32_t)between_log(r, 1000, 60000);
		break;
	case 3:
		draw_bursts(r, &c);
		break;
	case 4:
		c.reorder_ppm = (uint32_t)between_log(r, 5000, 300000);
		c.reorder_us = between_log(r, 100, 100000);
		break;
	case 5:
		c.duplicate_ppm = (uint32_t)between_log(r, 5000, 500000);
		break;
	case 6:
		c.corrupt_ppm = (uint32_t)between_log(r, 1000, 60000);
		break;
	case 7:
		draw_rate(r, &c);
		break;
	case 8:
		c.delay_us = random_between(r, 100, 600) * US_PER_MS;
		c.jitter_us = random_below(r, 100 * US_PER_MS);
		break;
	default:
		draw_everything(r, &c);
		break;
	}
	return c;
}

/* Every third TCP is a tiny one in some respect. */
static struct tcp_config draw_tcp(struct random *r)
{
	struct tcp_config c = {
		.connections = (uint16_t)ONE_OF(r, CONNECTIONS_MAX, 8, 64),
		/* With fewer, a lost handshake may keep another one out until it gives up. */
		.half_open = (uint16_t)ONE_OF(r, CONNECTIONS_MAX, 16, 64),
		.time_wait = (uint16_t)ONE_OF(r, CONNECTIONS_MAX, 16, 64),
		.listeners = CONNECTIONS_MAX,
		.send_slices = ONE_OF(r, 64, 512),
		.send_bytes = ONE_OF(r, 16384, 65536, 131072),
		.recv_bytes = ONE_OF(r, 8192, 16384, 65535, 65536, 262144),
		.recv_packets = ONE_OF(r, 16, 48, 64, 128),
	};
	switch (random_below(r, 12)) {
	case 0:
		c.recv_bytes = (uint32_t)between_log(r, 1, 4096);
		break;
	case 1:
		c.recv_packets = (uint32_t)random_between(r, 1, 8);
		break;
	case 2:
		c.send_bytes = (uint32_t)between_log(r, 1, 4096);
		break;
	case 3:
		c.send_slices = (uint32_t)random_between(r, 2 * CONNECTIONS_MAX, 16);
		break;
	default:
		break;
	}
	return c;
}

static struct sim_host_config draw_host(struct random *r, uint32_t addr,
					const struct tcp_config *tcp)
{
	const uint32_t features = ONE_OF(
		r, 0, NETIF_SG, NETIF_CSUM_TX, NETIF_CSUM_RX, NETIF_SG | NETIF_CSUM_TX,
		NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX, NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4,
		NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_TSO4);
	return (struct sim_host_config){
		.addr = addr,
		.features = features,
		.mtu = (uint16_t)(random_below(r, 4) > 0 ? 1500 : random_between(r, 576, 1500)),
		.tcp = tcp,
	};
}

/* Tiny buffers make a round trip of every few bytes: such a stream is short. */
static size_t draw_bytes(struct random *r, const struct tcp_config *from,
			 const struct tcp_config *to)
{
	size_t max = MIN((size_t)MIN(from->send_bytes, to->recv_bytes) * 64, STREAM_BYTES_MAX);
	if (to->recv_packets < 8)
		max = MIN(max, (size_t)64 * 1024);
	return random_below(r, 8) > 0 ? between_log(r, 1, max) : 0;
}

static void draw_party(struct random *r, struct party *p, const struct scenario *s)
{
	p->copy = random_below(r, 3) == 0;
	p->write_max = random_below(r, 4) > 0 ? 65536 : between_log(r, 1, 4096);
	p->read_max = random_below(r, 4) > 0 ? 65536 : between_log(r, 16, 4096);
	/* Slices of a few bytes would be all that a small pool of them holds. */
	if (p->write_max < 512 && p->out_bytes > 16384)
		p->write_max = 512;
	if (random_below(r, 4) == 0) {
		p->pause_max_us = between_log(r, 1000, 8 * US_PER_S);
		p->pause_ppm = (uint32_t)(1000000 / (1 + p->in_bytes / 3000));
	}
	if (random_below(r, 10) == 0)
		p->abort_us = s->start_us + between_log(r, 100, 10 * US_PER_S);
}

static void draw_connection(struct random *r, struct connection *c, const struct scenario *s)
{
	connection_plain(c, draw_bytes(r, &s->tcp[0], &s->tcp[1]),
			 draw_bytes(r, &s->tcp[1], &s->tcp[0]));
	c->client.seed = random_u64(r);
	c->server.seed = random_u64(r);
	c->connect_us = s->start_us + between_log(r, 1, US_PER_S);
	draw_party(r, &c->client, s);
	draw_party(r, &c->server, s);
}

/* What a configuration may have or not. */
static void draw_parts(struct random *r, struct tcp_config *c)
{
	c->repairs = (uint16_t)ONE_OF(r, 0, 0, 1, 3);
	c->nagle = random_below(r, 6) == 0;
	if (random_below(r, 4) == 0) {
		c->keepalive = &tcp_keepalive;
		c->keepalive_idle_s = ONE_OF(r, 1, 10, 60);
		c->keepalive_interval_s = ONE_OF(r, 5, 20);
		c->keepalive_count = 10;
	}
	if (random_below(r, 3) == 0) {
		c->tuning = true;
		uint32_t initial = ONE_OF(r, 1460, 8192, 16384);
		c->recv_initial = MIN(c->recv_bytes, initial);
		c->recv_total = ONE_OF(r, 4096, 65536, 1 << 20);
	}
}

/* As a microcontroller's config.c has it. */
static void make_smallest(struct tcp_config *c, struct sim_host_config *host)
{
	*c = (struct tcp_config){
		.connections = SMALLEST_CONNECTIONS,
		.half_open = SMALLEST_CONNECTIONS,
		.time_wait = SMALLEST_CONNECTIONS,
		.listeners = SMALLEST_CONNECTIONS,
		.send_slices = 8,
		.send_bytes = 2920,
		.recv_bytes = 2920,
		.recv_packets = 2,
		.congestion = &tcp_newreno,
	};
	host->packets = 4;
}

/* The same for a device that puts together what it receives: only that may take jumbo frames. */
static void draw_offloads(struct random *r, struct sim_host_config *h)
{
	if ((h->features & NETIF_TSO4) != 0)
		h->features ^= ONE_OF(r, 0, NETIF_TSO6, NETIF_TSO6 | NETIF_TSO4);
	if (random_below(r, 3) > 0)
		return;
	h->features |= NETIF_CSUM_RX | NETIF_COALESCE;
	if (random_below(r, 3) == 0)
		h->mtu = (uint16_t)ONE_OF(r, 9000, 4000);
}

/* Some connections by IPv6, which every link of it carries 1280 bytes of (RFC 8200 section 5). */
static void draw_family(struct random *r, struct scenario *s)
{
	if (random_below(r, 4) == 0)
		return;
	scenario_add_v6(s);
	for (unsigned i = 0; i < 2; i++) {
		uint16_t *mtu = &s->host[i].mtu;
		if (*mtu < 1280 || random_below(r, 8) == 0)
			*mtu = (uint16_t)(random_below(r, 2) == 0 ? 1280
								  : random_between(r, 1280, 1500));
	}
	for (unsigned i = 0; i < s->connections; i++) {
		struct connection *c = &world.connection[i];
		c->v6 = random_below(r, 3) > 0;
		c->connect_us += c->v6 ? V6_READY_US : 0;
	}
}

/* One side speaks when the other has ended its direction. */
static void draw_turns(struct random *r, struct scenario *s)
{
	for (unsigned i = 0; i < s->connections; i++) {
		struct connection *c = &world.connection[i];
		uint64_t turn = random_below(r, 8);
		c->server.answers = turn == 0;
		c->client.answers = turn == 1;
	}
}

/* The server's memory for handshakes is taken, and it answers by cookies. */
static void draw_backlog(struct random *r, struct scenario *s)
{
	if (random_below(r, 5) > 0)
		return;
	s->tcp[1].cookies = true;
	s->tcp[1].half_open = (uint16_t)random_between(r, 1, CONNECTIONS_MAX);
	s->backlog = s->tcp[1].half_open;
	for (unsigned i = 0; i < s->connections; i++) {
		struct connection *c = &world.connection[i];
		c->server.repeats = true;
		c->client.answers =
			false; /* it would never hear that its acknowledgement was lost */
	}
}

/* What came later, from numbers of its own, so that seeds are the same as before in all else. */
static void draw_more(struct scenario *s, uint64_t seed, bool smallest)
{
	struct random r = {seed ^ UINT64_C(0x6a09e667f3bcc908)};
	for (unsigned i = 0; i < 2; i++) {
		if (random_below(&r, 5) == 0)
			s->tcp[i].user_timeout_s = ONE_OF(&r, 40, 120, 300);
		if (s->host[i].packets == 0)
			draw_offloads(&r, &s->host[i]);
	}
	draw_family(&r, s);
	draw_turns(&r, s);
	if (!smallest)
		draw_backlog(&r, s);
}

static void draw(struct scenario *s, uint64_t seed, bool smallest)
{
	struct random r = {seed};
	scenario_plain(s, seed);
	s->start_us = random_u64(&r) >> 28; /* up to 19 hours */
	s->link[0] = draw_link(&r);
	s->link[1] = random_below(&r, 2) == 0 ? s->link[0] : draw_link(&r);
	for (unsigned i = 0; i < 2; i++) {
		s->tcp[i] = draw_tcp(&r);
		s->tcp[i].congestion = (seed >> i) % 3 == 0 ? &tcp_newreno : &tcp_cubic;
		s->tcp[i].ecn = (enum tcp_ecn)((seed >> i) % 3);
		s->tcp[i].mtu_probing = (seed >> i) % 2 != 0;
		s->tcp[i].sack = (seed >> i) % 8 != 0;
		s->host[i] = draw_host(&r, s->host[i].addr, &s->tcp[i]);
	}
	if (smallest) {
		make_smallest(&s->tcp[1], &s->host[1]);
		if (seed % 2 != 0)
			make_smallest(&s->tcp[0], &s->host[0]);
	}
	s->connections = (unsigned)ONE_OF(&r, 1, 1, 2, CONNECTIONS_MAX);
	if (smallest)
		s->connections = MIN(s->connections, (unsigned)SMALLEST_CONNECTIONS);
	for (unsigned i = 0; i < s->connections; i++)
		draw_connection(&r, &world.connection[i], s);
	for (unsigned i = 0; i < 2 && !smallest; i++)
		draw_parts(&r, &s->tcp[i]);
}

void scenario_draw_v4(struct scenario *s, uint64_t seed)
{
	draw(s, seed, false);
}

void scenario_draw_smallest_v4(struct scenario *s, uint64_t seed)
{
	draw(s, seed, true);
}

void scenario_draw(struct scenario *s, uint64_t seed)
{
	draw(s, seed, false);
	draw_more(s, seed, false);
}

void scenario_draw_smallest(struct scenario *s, uint64_t seed)
{
	draw(s, seed, true);
	draw_more(s, seed, true);
}

void scenario_plain(struct scenario *s, uint64_t seed)
{
	*s = (struct scenario){.seed = seed, .start_us = 10 * US_PER_S};
	for (unsigned i = 0; i < 2; i++) {
		s->link[i].delay_us = 1000;
		s->tcp[i] = tcp_config_default;
		s->host[i] = (struct sim_host_config){.addr = i == 0 ? CLIENT_ADDR : SERVER_ADDR,
						      .tcp = &s->tcp[i]};
	}
}

void scenario_add_v6(struct scenario *s)
{
	for (unsigned i = 0; i < 2; i++) {
		s->v6[i] = (struct ndp_config){
			.address = {.addr = ip6(i == 0 ? CLIENT_V6 : SERVER_V6), .bits = 64},
			.secret = "",
		};
		s->host[i].v6 = &s->v6[i];
	}
}

void connection_plain(struct connection *c, size_t to_server, size_t to_client)
{
	*c = (struct connection){.connect_us = 0};
	struct party *client = &c->client, *server = &c->server;
	const struct party plain = {.write_max = 65536,
				    .read_max = 65536,
				    .abort_us = TIME_NEVER,
				    .wakes = &world.wakes};
	*client = *server = plain;
	client->peer = server;
	server->peer = client;
	client->out = server->in = stream_at(to_server * 31 + to_client);
	server->out = client->in = stream_at(to_client * 17 + to_server + 12345);
	client->out_bytes = server->in_bytes = to_server;
	server->out_bytes = client->in_bytes = to_client;
}

/* --- the users of the connections ------------------------------------------------------------ */

static void connect_client(unsigned i, uint64_t now_us)
{
	struct connection *c = &world.connection[i];
	const struct ip_addr server = c->v6 ? ip6(SERVER_V6) : ip_addr_from_v4(SERVER_ADDR);
	struct flow *f;
	c->connect_us = TIME_NEVER;
	c->connect_error =
		tcp_connect(world.host[0].tcp, &server, (uint16_t)(FIRST_PORT + i), now_us, &f);
	if (c->connect_error == OK)
		party_begin(&c->client, f, now_us);
}

static uint64_t poll_users(void *self, uint64_t now_us)
{
	uint64_t due_us = TIME_NEVER;
	(void)self;
	for (unsigned i = 0; i < world.connections; i++) {
		struct connection *c = &world.connection[i];
		if (c->connect_us <= now_us)
			connect_client(i, now_us);
		due_us = time_earlier(due_us, c->connect_us);
		due_us = time_earlier(due_us, party_poll(&c->client, now_us));
		due_us = time_earlier(due_us, party_poll(&c->server, now_us));
	}
	return due_us;
}

static void on_accept(void *arg, struct flow *f, uint64_t now_us)
{
	party_begin(arg, f, now_us);
}

/* --- the world ------------------------------------------------------------------------------- */

static size_t spoofed_v4(uint8_t *frame, uint32_t stranger, const uint8_t *tcp, size_t len)
{
	const struct frame_ipv4 ip = {
		.eth_dst = world.host[1].rig.fake.netif.mac,
		.eth_src = rig_other_mac,
		.src = UINT32_C(0xc6330000) + stranger,
		.dst = SERVER_ADDR,
		.proto = IP_PROTO_TCP,
	};
	return frame_ipv4(frame, &ip, tcp, len);
}

static size_t spoofed_v6(uint8_t *frame, uint32_t stranger, const uint8_t *tcp, size_t len)
{
	struct frame_ipv6 ip = {
		.eth_dst = world.host[1].rig.fake.netif.mac,
		.eth_src = rig_other_mac,
		.src = ip6(CLIENT_V6),
		.dst = ip6(SERVER_V6),
		.next = IP_PROTO_TCP,
	};
	store_be32(&ip.src.word[2], UINT32_C(0xabcd0000));
	store_be32(&ip.src.word[3], stranger);
	return frame_ipv6(frame, &ip, tcp, len);
}

void world_spoof_syn(struct random *r, uint16_t port, bool v6, uint32_t strangers)
{
	uint8_t frame[FRAME_MAX], tcp[20] = {0};
	size_t at = v6 ? FRAME6_L4 : FRAME_L4;
	store_be16(tcp, (uint16_t)random_between(r, 1024, 65535));
	store_be16(tcp + 2, port);
	store_be32(tcp + 4, (uint32_t)random_u64(r));
	tcp[12] = 5 << 4;
	tcp[13] = 0x02;
	store_be16(tcp + 14, 65535);
	uint32_t stranger = (uint32_t)random_below(r, strangers);
	size_t len = (v6 ? spoofed_v6 : spoofed_v4)(frame, stranger, tcp, sizeof(tcp));
	csum_store(frame + at + 16, frame_transport_error(frame, len));
	(void)link_sim_inject(&world.sim, 1, frame, len);
}

void world_start(const struct scenario *s)
{
	for (unsigned i = 0; i < 2; i++)
		sim_host_init(&world.host[i], &s->host[i]);
	link_sim_init(&world.sim, &world.host[0].rig.fake, &world.host[1].rig.fake, s->link,
		      s->seed, s->start_us);
	for (unsigned i = 0; i < 2; i++)
		sim_host_start(&world.host[i], &s->host[i], &world.sim);
	world.connections = s->connections;
	world.wakes = 0;
	for (unsigned i = 0; i < s->connections; i++) {
		enum err e = tcp_listen(world.host[1].tcp, (uint16_t)(FIRST_PORT + i), on_accept,
					&world.connection[i].server);
		assert(e == OK);
	}
	link_sim_add(&world.sim, poll_users, NULL, &world.wakes);
	world_notice_all();
	struct random r = {s->seed};
	for (unsigned i = 0; i < s->backlog; i++)
		world_spoof_syn(&r, FIRST_PORT, false, 128);
}

static bool is_over(const struct connection *c)
{
	if (c->connect_error != OK)
		return true;
	if (!c->client.over || c->server.flow != NULL)
		return false;
	/* A client that gave up may never have been accepted. */
	return c->server.over || c->client.aborted || c->client.error != OK;
}

bool world_is_over(void)
{
	for (unsigned i = 0; i < world.connections; i++) {
		if (!is_over(&world.connection[i]))
			return false;
	}
	return true;
}

const char *world_end(void)
{
	for (unsigned i = 0; i < world.connections; i++) {
		struct connection *c = &world.connection[i];
		for (unsigned side = 0; side < 2; side++) {
			struct party *p = side == 0 ? &c->client : &c->server;
			p->abort_us = 0;
		}
	}
	world.wakes++;
	link_sim_run(&world.sim, world.sim.now_us + 400 * (uint64_t)US_PER_S);
	const char *leak = sim_host_leak(&world.host[0]);
	if (leak == NULL)
		leak = sim_host_leak(&world.host[1]);
	if (leak == NULL && world.sim.direction[0].wire.n_heap + world.sim.direction[1].wire.n_heap)
		leak = "frames are still exchanged";
	return leak;
}

/* --- the verdict ----------------------------------------------------------------------------- */

static const char *party_fault(const struct connection *c, unsigned side)
{
	const struct party *p = side == 0 ? &c->client : &c->server;
	if (p->fault != NULL)
		return p->fault;
	if (party_was_cut_off(c, 0) || party_was_cut_off(c, 1))
		return NULL;
	if (p->error == ERR_TIMEOUT && !(p->peer->aborted && p->peer->over_us < p->over_us))
		return "a connection timed out";
	if (p->aborted || p->peer->aborted)
		return NULL;
	if (p->error != OK)
		return "a connection failed that nobody aborted";
	if (p->in_done != p->in_bytes)
		return "the stream ended too early";
	return NULL;
}

const char *connection_fault(const struct connection *c)
{
	if (c->connect_error != OK)
		return "tcp_connect() refused";
	const char *fault = party_fault(c, 0);
	return fault != NULL ? fault : party_fault(c, 1);
}
