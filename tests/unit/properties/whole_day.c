/* SPDX-License-Identifier: ISC */
/*
 * A day of a host that has all there is: addresses from DHCP and from a router, a resolver, a clock
 * that is set, a name in mDNS, and a client of HTTP that asks twice each seven minutes. All that
 * expires does so, from what neighbours are to leases; for four hours there is no router, and by
 * then no IPv6. At noon 32 bits of milliseconds wrap, and those of microseconds each 72 minutes.
 */
#include "tests/unit/properties/tests.h"

#include <string.h>

#include "base/bytes.h"
#include "base/wall_clock.h"
#include "net/connect/connect.h"
#include "net/dhcp/dhcp.h"
#include "net/dhcp/dhcp_format.h"
#include "net/dns/dns.h"
#include "net/http_client/http_client.h"
#include "net/igmp/igmp.h"
#include "net/ip/ipv6_addr.h"
#include "net/mdns/mdns.h"
#include "net/mld/mld.h"
#include "net/sntp/sntp.h"
#include "tests/fakes/frames6.h"

#define WRAP      (UINT64_C(1) << 32)
#define MINUTE_US (60 * (uint64_t)US_PER_S)
#define HOUR_US   (60 * MINUTE_US)
#define MIDNIGHT  (WRAP * US_PER_MS - 12 * HOUR_US) /* milliseconds wrap at noon */
#define UNIX_US   (UINT64_C(1800000000) * US_PER_S) /* the time then */
#define NTP_S     UINT64_C(2208988800)              /* from 1900 to 1970 */

enum {
	HTTP_PORT = 80,
	LEASE_S = 1800,
	DNS_TTL_S = 300,
	VALID_S = 7200,
	PREFERRED_S = 3600,
	ROUTER_S = 1800,
	ADVERTISED_MIN = 10, /* so often */
	ASKED_MIN = 7,
	ROUTER_GOES_H = 9,
	ROUTER_COMES_H = 14,
	MEMORY_BYTES = 64 * 1024,
};

static const uint8_t router_mac[6] = {2, 0, 0, 0, 0, 0x77};

/* What stands on the client's host. */
static struct {
	struct igmp igmp;
	struct mld mld;
	struct dhcp dhcp;
	struct dns *dns;
	struct sntp sntp;
	struct wall_clock wall;
	struct mdns mdns;
	struct connect *connect;
	struct http_client *http;
	_Alignas(CACHE_LINE_BYTES) uint8_t dns_memory[MEMORY_BYTES];
	_Alignas(CACHE_LINE_BYTES) uint8_t connect_memory[MEMORY_BYTES];
	_Alignas(CACHE_LINE_BYTES) uint8_t http_memory[MEMORY_BYTES];
} on;

static uint64_t poll_client(void *self, uint64_t now_us)
{
	(void)self;
	uint64_t due_us = http_client_poll(on.http, now_us);
	due_us = time_earlier(due_us, connect_poll(on.connect, now_us));
	due_us = time_earlier(due_us, sntp_poll(&on.sntp, now_us));
	due_us = time_earlier(due_us, mdns_poll(&on.mdns, now_us));
	due_us = time_earlier(due_us, dns_poll(on.dns, now_us));
	due_us = time_earlier(due_us, dhcp_poll(&on.dhcp, now_us));
	due_us = time_earlier(due_us, igmp_poll(&on.igmp, now_us));
	return time_earlier(due_us, mld_poll(&on.mld, now_us));
}

/* --- the servers, at the other host's address ------------------------------------------------ */

static void answer(uint32_t to, uint16_t from_port, uint16_t to_port, const void *bytes, size_t len)
{
	static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	uint8_t frame[FRAME_MAX];
	const struct frame_ipv4 ip = {
		.eth_dst = to == UINT32_MAX ? everybody : world.host[0].rig.fake.netif.mac,
		.eth_src = world.host[1].rig.fake.netif.mac,
		.src = SERVER_ADDR,
		.dst = to,
	};
	(void)link_sim_inject(&world.sim, 0, frame,
			      frame_udp(frame, &ip, from_port, to_port, bytes, len));
}

/* Who has the name is the other host, by both families. */
static void answer_question(struct udp_socket *s, uint64_t now_us, struct pkt *p,
			    const struct udp_peer *peer, const struct ip_addr *local)
{
	const struct ip_addr v6 = ip6(SERVER_V6);
	uint8_t out[512];
	size_t end = 12;
	(void)now_us;
	(void)local;
	while (end < p->len && p->data[end] != 0)
		end += 1u + p->data[end];
	end += 5;
	assert_true(end <= p->len && end + 28 <= sizeof(out));
	memcpy(out, p->data, end);
	uint16_t type = load_be16(out + end - 4), bytes = type == 1 ? 4 : 16;
	const uint8_t header[] = {0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};
	memcpy(out + 2, header, sizeof(header));
	uint8_t *record = out + end;
	store_be16(record, 0xc00c);
	store_be16(record + 2, type);
	store_be16(record + 4, 1);
	store_be32(record + 6, DNS_TTL_S);
	store_be16(record + 10, bytes);
	store_be32(record + 12, SERVER_ADDR);
	if (type != 1)
		memcpy(record + 12, &v6, 16);
	answer(ip_addr_v4(&peer->addr), s->port, peer->port, out, end + 12 + bytes);
	pkt_put(p);
}

static void tell_time(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		      const struct udp_peer *peer, const struct ip_addr *local)
{
	uint8_t out[48] = {0x24, 2, 6, 0xec};
	uint64_t unix_us = UNIX_US + now_us - MIDNIGHT;
	uint32_t fraction = (uint32_t)((unix_us % US_PER_S << 32) / US_PER_S);
	(void)local;
	assert_int_equal(p->len, 48);
	memcpy(out + 24, p->data + 40, 8);
	for (unsigned at = 16; at < 48; at += at == 16 ? 16 : 8) {
		store_be32(out + at, (uint32_t)(unix_us / US_PER_S + NTP_S));
		store_be32(out + at + 4, fraction);
	}
	answer(ip_addr_v4(&peer->addr), s->port, peer->port, out, sizeof(out));
	pkt_put(p);
}

static void drop(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		 const struct ip_addr *local)
{
	(void)s, (void)now_us, (void)peer, (void)local;
	pkt_put(p);
}

static struct udp_socket server_sockets[] = {{.port = 53, .input = answer_question},
					     {.port = 123, .input = tell_time},
					     {.port = 67, .input = drop}};

static size_t put_option(uint8_t *at, uint8_t code, uint32_t value)
{
	at[0] = code;
	at[1] = 4;
	store_be32(at + 2, value);
	return 6;
}

/* The first address to whoever asks for one. */
static void lease(const uint8_t *asked)
{
	uint8_t out[300] = {2, 1, 6};
	size_t at = DHCP_OPTIONS;
	bool discover = asked[DHCP_OPTIONS + 2] == 1;
	uint32_t has = load_be32(asked + 12);
	assert_int_equal(asked[DHCP_OPTIONS], 53); /* the type comes first */
	memcpy(out + 4, asked + 4, 4);
	store_be32(out + 16, CLIENT_ADDR);
	memcpy(out + DHCP_CHADDR, asked + DHCP_CHADDR, 6);
	store_be32(out + DHCP_COOKIE, DHCP_MAGIC);
	const uint8_t type[] = {53, 1, discover ? 2 : 5};
	memcpy(out + at, type, sizeof(type));
	at += sizeof(type);
	at += put_option(out + at, 54, SERVER_ADDR);
	at += put_option(out + at, 51, LEASE_S);
	at += put_option(out + at, 1, UINT32_C(0xffffff00));
	out[at] = 255;
	answer(has != 0 ? has : UINT32_MAX, 67, 68, out, sizeof(out));
}

static void look_for_dhcp(void *self, uint64_t now_us, const uint8_t *frame, size_t len, bool lost)
{
	uint8_t proto;
	size_t bytes;
	const uint8_t *udp = frame_transport(frame, len, &proto, &bytes);
	(void)self, (void)now_us;
	if (!lost && udp != NULL && proto == 17 && load_be16(udp + 2) == 67)
		lease(udp + 8);
}

static void advertise(void)
{
	uint8_t frame[FRAME_MAX], msg[16 + 32 + 8] = {134, 0, 0, 0, 64, 0};
	const struct frame_ipv6 ip = {
		.eth_src = router_mac, .src = ip6("fe80::77"), .dst = ip6("ff02::1")};
	store_be16(msg + 6, ROUTER_S);
	size_t len = 16 + nd_prefix(msg + 16, "fd00::", 64, 0xc0, VALID_S, PREFERRED_S);
	len += nd_mac(msg + len, 1, router_mac);
	(void)link_sim_inject(&world.sim, 0, frame, frame_icmpv6(frame, &ip, msg, len));
}

/* A neighbour asks who web.local is. */
static void ask_by_mdns(void)
{
	static const uint8_t question[] = "\0\0\0\0\0\1\0\0\0\0\0\0\3web\5local\0\0\1\0\1";
	static const uint8_t group[6] = {1, 0, 0x5e, 0, 0, 0xfb};
	uint8_t frame[FRAME_MAX];
	const struct frame_ipv4 ip = {.eth_dst = group,
				      .eth_src = rig_other_mac,
				      .src = CLIENT_ADDR + 8,
				      .dst = UINT32_C(0xe00000fb),
				      .ttl = 255};
	size_t len = frame_udp(frame, &ip, 5353, 5353, question, sizeof(question) - 1);
	(void)link_sim_inject(&world.sim, 0, frame, len);
}

static enum err page(void *arg, struct http_conn *conn, const struct http_request *request,
		     struct http_response *response)
{
	(void)arg, (void)conn, (void)request;
	response->body = SLICE_STATIC(stream_at(0), 5000);
	return OK;
}

/* --- the client ------------------------------------------------------------------------------ */

static void nobody(void *arg)
{
	(void)arg;
}

static void get_page(void)
{
	const struct http_client_request request = {.method = HTTP_GET,
						    .url = "http://server.test/page"};
	struct http_call call;
	struct http_client_response response;
	struct slice s;
	size_t bytes = 0;
	enum err e = http_call_start(&call, on.http, &request, (struct waker){.wake = nobody},
				     world.sim.now_us);
	assert_int_equal(e, OK);
	link_sim_run(&world.sim, world.sim.now_us + 15 * US_PER_S / 10);
	assert_int_equal(http_call_response(&call, &response), OK);
	assert_int_equal(response.status, 200);
	while ((e = http_call_read(&call, &s)) == OK) {
		assert_memory_equal(s.data, stream_at(0) + bytes, s.len);
		bytes += s.len;
		http_call_consume(&call, s.len);
	}
	assert_int_equal(e, ERR_EOF);
	assert_int_equal(bytes, 5000);
	http_call_end(&call);
}

static void start_client(void)
{
	static const struct connect_config both = {.requests = 2,
						   .families = &connect_both_families};
	struct sim_host *h = &world.host[0];
	struct rng *rng = &h->rig.random.rng;
	uint64_t now_us = world.sim.now_us;
	const struct ip_addr server = ip_addr_from_v4(SERVER_ADDR);
	assert_int_equal(igmp_init(&on.igmp, &h->rig.ipv4, &h->rig.tx, rng), OK);
	mld_init(&on.mld, &h->ipv6, &h->icmpv6, &h->rig.tx, rng, now_us);
	assert_int_equal(dhcp_init(&on.dhcp, &h->rig.ipv4, rng, "web"), OK);
	on.dns = dns_init(on.dns_memory, &dns_config_default, &h->udp, &h->rig.tx, rng, h->work);
	assert_int_equal(dns_add_server(on.dns, &server), OK);
	sntp_init(&on.sntp, &on.wall, &h->udp, &h->rig.tx, rng, dns_resolver(on.dns), h->work);
	assert_int_equal(sntp_add_server(&on.sntp, "server.test"), OK);
	assert_int_equal(mdns_init(&on.mdns, "web", &h->udp, &h->rig.tx, rng, h->work), OK);
	on.connect = connect_init(on.connect_memory, &both, h->tcp, dns_resolver(on.dns), h->work);
	on.http = http_client_init(on.http_memory, &http_client_config_default,
				   connect_connector(on.connect), h->work);
	dhcp_start(&on.dhcp, now_us);
	sntp_start(&on.sntp, now_us);
	assert_int_equal(mdns_start(&on.mdns, now_us), OK);
	h->users = poll_client;
	h->rig.wakes++;
}

static void start(struct scenario *s)
{
	static const struct http_route routes[] = {{.path = "/page", .handler = page}, {0}};
	memset(&on, 0, sizeof(on));
	scenario_plain(s, 9);
	scenario_add_v6(s);
	s->start_us = MIDNIGHT;
	s->host[0].addr = 0;
	s->v6[0] = (struct ndp_config){.secret = "a secret"};
	world_start(s);
	for (unsigned i = 0; i < ARRAY_SIZE(server_sockets); i++)
		assert_int_equal(udp_open(&world.host[1].udp, &server_sockets[i]), OK);
	sim_host_serve(&world.host[1], &http_config_default, routes, HTTP_PORT);
	world.sim.direction[0].tap = look_for_dhcp;
	advertise();
	start_client();
	link_sim_run(&world.sim, MIDNIGHT + 20 * US_PER_S);
}

static bool has_v6(void)
{
	const struct ip_addr server = ip6(SERVER_V6);
	const struct ndp_addr *a = ndp_source(&world.host[0].ndp, &server);
	return a != NULL && ipv6_addr_common_bits(&a->addr, &server) >= 64;
}

static void run_hours(unsigned from, unsigned to)
{
	for (unsigned minute = from * 60; minute < to * 60; minute++) {
		bool router = minute < ROUTER_GOES_H * 60 || minute >= ROUTER_COMES_H * 60;
		if (router && minute % ADVERTISED_MIN == 0)
			advertise();
		if (minute % 60 == 30)
			ask_by_mdns();
		if (minute % ASKED_MIN == 0) {
			get_page();
			get_page();
		}
		link_sim_run(&world.sim, MIDNIGHT + (minute + 1) * MINUTE_US);
	}
}

/* What was asked for was asked again when it had expired, and no sooner. */
static void look_back(void)
{
	uint64_t unix_us = wall_clock_us(&on.wall, world.sim.now_us);
	uint64_t right_us = UNIX_US + world.sim.now_us - MIDNIGHT;
	const struct http_client_stats *http = http_client_stats(on.http);
	unsigned rounds = 24 * 60 / ASKED_MIN;
	assert_in_range(unix_us, right_us - 20 * US_PER_MS, right_us + 20 * US_PER_MS);
	assert_in_range(on.sntp.stats.accepted, 80, 100);
	assert_int_equal(on.sntp.stats.steps, 1);
	assert_in_range(on.dhcp.stats.renewals, 24 * 3600 / (LEASE_S / 2) - 2,
			24 * 3600 / (LEASE_S / 2) + 2);
	assert_int_equal(on.dhcp.stats.leases, 1);
	assert_int_equal(on.dhcp.stats.expirations, 0);
	assert_in_range(http->reused, rounds, rounds + 1);
	assert_int_equal(http->calls, 2 * http->reused);
	assert_int_equal(http->broken + http->timeouts + http->retried, 0);
	assert_in_range(dns_stats(on.dns)->sent, 2 * rounds, 2 * rounds + 4);
	assert_int_equal(dns_stats(on.dns)->failed, 0);
	assert_true(on.mdns.stats.sent >= 24);
	assert_int_equal(on.mdns.stats.malformed, 0);
	assert_int_equal(on.mdns.stats.renamed, 0);
	/* Neighbours are asked anew. */
	assert_true(world.host[0].rig.arp.stats.requests_out > rounds);
	assert_true(world.host[0].ndp.stats.solicitations_out > rounds / 2);
	assert_int_equal(world.host[0].rig.arp.stats.failed + world.host[0].ndp.stats.failed, 0);
}

static void close_all(void)
{
	struct sim_host *h = &world.host[0];
	(void)mdns_stop(&on.mdns, world.sim.now_us);
	link_sim_run(&world.sim, world.sim.now_us + 10 * MINUTE_US);
	assert_int_equal(h->rig.arp.neighbours.waiting + h->ndp.neighbours.waiting, 0);
	assert_int_equal(tcp_connections(h->tcp), 0);
	assert_int_equal(http_stats(world.host[1].http)->connections, 0);
	assert_null(world_end());
	for (unsigned i = 0; i < ARRAY_SIZE(server_sockets); i++)
		udp_close(&world.host[1].udp, &server_sockets[i]);
	world_stop();
}

static void a_day_of_everything(void **state)
{
	struct scenario s;
	(void)state;
	start(&s);
	assert_true(has_v6());
	run_hours(0, 2);
	uint64_t begun = world.sim.polls;
	run_hours(2, 3);
	uint64_t an_hour = world.sim.polls - begun;
	run_hours(3, ROUTER_GOES_H + 1);
	assert_true(has_v6());
	run_hours(ROUTER_GOES_H + 1, ROUTER_COMES_H);
	assert_false(has_v6());
	run_hours(ROUTER_COMES_H, 23);
	assert_true(has_v6());
	begun = world.sim.polls;
	run_hours(23, 24);
	/* The last hour is as busy as the third was: no timer is left over. */
	assert_in_range(world.sim.polls - begun, an_hour * 3 / 4, an_hour * 5 / 4);
	look_back();
	close_all();
}

int whole_day_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_of_everything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
