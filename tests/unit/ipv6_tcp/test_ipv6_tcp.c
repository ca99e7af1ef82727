/* SPDX-License-Identifier: ISC */
/* TCP between two hosts over IPv6: with and without offloads, with losses, and on a narrow path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/ip/ipv6_header.h"
#include "net/tcp/tcp.h"
#include "tests/fakes/ipv6_rig.h"

enum {
	PORT = 80,
	BYTES = 200 * 1000,
	MEMORY_BYTES = 64 * 1024,
	NARROW_MTU = 1300,
};

static const struct tcp_config config = {
	.connections = 2,
	.half_open = 2,
	.time_wait = 2,
	.listeners = 1,
	.send_slices = 64,
	.send_bytes = 64 * 1024,
	.recv_bytes = 64 * 1024,
	.recv_packets = 64,
};

static struct host {
	struct ipv6_rig rig;
	_Alignas(CACHE_LINE_BYTES) uint8_t memory[MEMORY_BYTES];
	struct tcp *tcp;
} server, client;

static uint8_t page[BYTES];
static struct flow *flow;
static size_t sent, received;
static bool is_over;
static unsigned frames, longest, told;
static enum err failed; /* why the server's flow did */

/* --- both ends ------------------------------------------------------------------------------- */

static void send_page(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	(void)arg, (void)now_us;
	if ((events & FLOW_FAILED) != 0) {
		failed = flow_error(f);
		flow_abort(f);
		return;
	}
	while (sent < BYTES) {
		const struct slice s = SLICE_STATIC(page + sent, BYTES - sent);
		ssize_t n = flow_write(f, &s, 1);
		if (n <= 0)
			return;
		sent += (size_t)n;
	}
	flow_close(f);
}

static void accept(void *arg, struct flow *f, uint64_t now_us)
{
	f->event = send_page;
	f->arg = arg;
	send_page(f, arg, FLOW_WRITABLE, now_us);
}

static void receive_page(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	struct slice s;
	enum err e;
	(void)arg, (void)now_us;
	assert_int_equal(events & FLOW_FAILED, 0);
	while ((e = flow_read(f, &s)) == OK) {
		assert_true(received + s.len <= BYTES);
		assert_memory_equal(s.data, page + received, s.len);
		received += s.len;
		flow_consume(f, s.len);
	}
	if (e == ERR_EOF) {
		flow_close(f);
		is_over = true;
	}
}

static uint64_t poll_tcp(void *self, uint64_t now_us)
{
	struct host *h = self;
	return tcp_poll(h->tcp, now_us);
}

static void start_host(struct host *h, uint32_t features, const char *prefix, uint8_t last)
{
	const uint8_t mac[6] = {2, 0, 0, 0, 0, last};
	ipv6_rig_init(&h->rig, features);
	memcpy(h->rig.fake.netif.mac, mac, 6);
	h->rig.fake.netif.tso_bytes = 60000;
	h->rig.random.next = last;
	assert_int_equal(ipv6_rig_try_start(&h->rig, prefix, "fe80::ffff", ""), OK);
	assert_true(tcp_memory_bytes(&config) <= MEMORY_BYTES);
	assert_int_equal(tcp_init(&h->tcp, h->memory, &config, &h->rig.ipv6.ip, &h->rig.tx,
				  &h->rig.random.rng, (struct waker){0}),
			 OK);
	h->rig.transport = poll_tcp;
	h->rig.transport_self = h;
}

/* Both to their next deadline, a minute at most. */
static void run(uint64_t until_us)
{
	uint64_t now_us = server.rig.now_us;
	while (now_us < until_us && !is_over) {
		for (unsigned i = 0; i < 4; i++) {
			ipv6_rig_poll_at(&server.rig, now_us);
			ipv6_rig_poll_at(&client.rig, now_us);
		}
		uint64_t due_us = MIN(server.rig.deadline_us, client.rig.deadline_us);
		now_us = MAX(now_us + 1, MIN(due_us, now_us + US_PER_MS));
	}
}

static void setup_with(uint32_t features)
{
	const struct ip_addr addr = ip6("fd00::2");
	frame_pattern(page, sizeof(page));
	sent = received = frames = longest = told = 0;
	is_over = false;
	failed = OK;
	start_host(&server, features, "fd00::2/64", 2);
	start_host(&client, features, "fd00::7/64", 7);
	netif_fake_wire(&server.rig.fake, &client.rig.fake);
	run(server.rig.now_us + 2 * US_PER_S);
	assert_int_equal(tcp_listen(server.tcp, PORT, accept, NULL), OK);
	assert_int_equal(tcp_connect(client.tcp, &addr, PORT, client.rig.now_us, &flow), OK);
	flow->event = receive_page;
}

static int teardown(void **state)
{
	(void)state;
	run(server.rig.now_us); /* acknowledgements under way */
	for (unsigned i = 0; i < 8; i++) {
		ipv6_rig_poll_at(&server.rig, server.rig.now_us);
		ipv6_rig_poll_at(&client.rig, client.rig.now_us);
	}
	return 0;
}

static void expect_page(void)
{
	run(server.rig.now_us + 60 * UINT64_C(1000000));
	assert_true(is_over);
	assert_int_equal(received, BYTES);
	assert_int_equal(server.rig.ipv6.stats.too_long, 0);
}

/* --- tests ----------------------------------------------------------------------------------- */

static bool count(struct netif_fake *from, uint8_t *frame, size_t len)
{
	(void)from, (void)frame;
	frames++;
	longest = MAX(longest, (unsigned)len);
	return false;
}

static void a_page_goes_over_with_any_offload(void **state)
{
	static const uint32_t features[] = {
		0,
		NETIF_SG,
		NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_SG,
		NETIF_CSUM_TX | NETIF_CSUM_RX | NETIF_SG | NETIF_TSO6,
	};
	uint64_t packets[ARRAY_SIZE(features)];
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(features); i++) {
		setup_with(features[i]);
		server.rig.fake.on_wire = count;
		expect_page();
		packets[i] = server.rig.ipv6.stats.out;
		assert_true(longest <= 1514);
		assert_true(frames >= BYTES / 1440);
		teardown(NULL);
	}
	assert_true(packets[3] < packets[2] / 2); /* the device has cut them */
}

static bool lose_some(struct netif_fake *from, uint8_t *frame, size_t len)
{
	(void)from, (void)frame, (void)len;
	return ++frames % 23 == 0;
}

static void a_page_survives_losses(void **state)
{
	(void)state;
	setup_with(0);
	server.rig.fake.on_wire = lose_some;
	client.rig.fake.on_wire = lose_some;
	expect_page();
	assert_true(server.rig.fake.lost > 0);
	teardown(NULL);
}

/* A router in between that cannot hand on more than NARROW_MTU bytes, and says so. */
static bool be_narrow(struct netif_fake *from, uint8_t *frame, size_t len)
{
	uint8_t message[8 + 1232] = {2};
	size_t quoted = MIN(len - FRAME_ETH, 1232);
	if (len <= FRAME_ETH + NARROW_MTU)
		return false;
	const struct frame_ipv6 ip = {
		.eth_dst = from->netif.mac,
		.eth_src = rig6_router_mac,
		.src = ip6("2001:db8::99"),
		.dst = ip6("fd00::2"),
	};
	store_be32(message + 4, NARROW_MTU);
	memcpy(message + 8, frame + FRAME_ETH, quoted);
	size_t bytes = frame_icmpv6(server.rig.frame, &ip, message, 8 + quoted);
	told += netif_fake_inject(from, server.rig.frame, bytes);
	return true;
}

static void segments_shrink_to_the_path(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		setup_with(i == 0 ? 0 : NETIF_CSUM_TX | NETIF_SG | NETIF_TSO6);
		server.rig.fake.on_wire = be_narrow;
		expect_page();
		assert_in_range(told, 1, 40); /* of 140 segments: not each of them was too long */
		teardown(NULL);
	}
}

static bool break_down(struct netif_fake *from, uint8_t *frame, size_t len)
{
	(void)from, (void)frame, (void)len;
	return ++frames > 20;
}

/* The address of a connection has given way to another: it ends at the next timeout. */
static void a_connection_ends_with_its_address(void **state)
{
	const struct ip_addr addr = ip6("fd00::2");
	struct ndp *ndp = &server.rig.ndp;
	(void)state;
	setup_with(0);
	server.rig.fake.on_wire = break_down;
	run(server.rig.now_us + 100 * US_PER_MS);
	assert_in_range(received, 1, BYTES - 1);
	for (unsigned i = 0; i < ARRAY_SIZE(ndp->addr); i++) {
		if (ip_addr_equal(&ndp->addr[i].addr, &addr))
			ndp->addr[i].addr = ip6("fd00::3");
	}
	run(server.rig.now_us + 5 * US_PER_S);
	assert_int_equal(failed, ERR_UNREACHABLE);
	assert_int_equal(tcp_connections(server.tcp), 0);
	flow_abort(flow);
	is_over = true;
	teardown(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_goes_over_with_any_offload),
		cmocka_unit_test(a_page_survives_losses),
		cmocka_unit_test(segments_shrink_to_the_path),
		cmocka_unit_test(a_connection_ends_with_its_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
