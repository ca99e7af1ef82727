/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/udp/udp.h"
#include "tests/fakes/counted.h"
#include "tests/fakes/net_rig.h"
#include "tests/fakes/runtime.h"

enum { ECHO_PORT = 7 };

static struct net_rig rig, other;

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* --- starting -------------------------------------------------------------------------------- */

static void start_says_who_we_are(void **state)
{
	(void)state;
	assert_string_equal(fake_log_last, "net0: 10.0.2.15/24 gateway 10.0.2.2");
	net_rig_fini(&rig);
	net_rig_init(&rig, 0);
	net_rig_start(&rig, 0xc0a80001, 16, 0);
	assert_string_equal(fake_log_last, "net0: 192.168.0.1/16 gateway none");
}

static void start_announces_and_points_the_wakers_here(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	net_rig_init(&rig, 0);
	assert_int_equal(net_rig_try_start(&rig, RIG_ADDR, 24, 0), OK);
	assert_ptr_equal(rig.fake.netif.rx.arg, &rig.wakes);
	assert_ptr_equal(rig.fake.netif.tx.arg, &rig.wakes);
	assert_int_equal(rig.fake.flushes, 1);
	assert_int_equal(rig.wakes, 0);
	assert_int_equal(net_rig_sent(&rig), 42);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 14), RIG_ADDR);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 24), RIG_ADDR);
	assert_int_equal(net_rig_poll(&rig, rig.now_us), rig.now_us + ARP_ANNOUNCE_US);
}

static void start_refuses_what_cannot_be(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	net_rig_init(&rig, 0);
	assert_int_equal(net_rig_try_start(&rig, 0x0a0002ff, 24, 0), ERR_INVALID);
	assert_string_equal(fake_log_last,
			    "net0: 10.0.2.255/24 is no address that a host can have");
	assert_int_equal(net_rig_try_start(&rig, RIG_ADDR, 24, RIG_FAR), ERR_INVALID);
	assert_string_equal(fake_log_last, "net0: in the network of 10.0.2.15/24 the gateway "
					   "198.51.100.1 is no other host");
	rig.fake.netif.mtu = 67;
	assert_int_equal(net_rig_try_start(&rig, RIG_ADDR, 24, 0), ERR_UNSUPPORTED);
	assert_string_equal(fake_log_last, "net0: an MTU of 67 is too small for IPv4");
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_true(rig.fake.started);
	eth_stop(&rig.eth);
	assert_false(rig.fake.started);
}

/* An interface whose network layer did not start may be polled: nobody is at home there. */
static void without_an_address_nobody_is_answered(void **state)
{
	(void)state;
	const struct frame_arp request = {
		.mac = rig_peer_mac, .op = 1, .sender = RIG_PEER, .target = 0};
	const struct frame_arp probe = {
		.mac = rig_peer_mac, .op = 1, .sender = 0, .target = RIG_ADDR};
	net_rig_fini(&rig);
	net_rig_init(&rig, 0);
	assert_int_equal(net_rig_try_start(&rig, 0, 24, 0), ERR_INVALID);
	fake_log_lines = 0;
	net_rig_receive(&rig, frame_arp(rig.frame, &request));
	net_rig_receive(&rig, frame_arp(rig.frame, &probe));
	assert_counted(rig.arp.stats.requests_in, 2);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_int_equal(rig.deadline_us, TIME_NEVER);
	assert_int_equal(fake_log_lines, 0);
}

/* --- polling --------------------------------------------------------------------------------- */

struct poller {
	unsigned calls;
	uint64_t deadline_us;
	unsigned flushes_before; /* what the poller saw when it was called */
	bool inject;             /* a frame arrives meanwhile */
};

static uint64_t poll_one(void *self, uint64_t now_us)
{
	struct poller *p = self;
	assert_int_equal(now_us, rig.now_us);
	p->calls++;
	p->flushes_before = rig.fake.flushes;
	if (p->inject) {
		p->inject = false;
		assert_true(netif_fake_inject(&rig.fake, "runt", 4));
	}
	return p->deadline_us;
}

static void plug(uint64_t (*transport)(void *self, uint64_t now_us), void *self)
{
	rig.transport = transport;
	rig.transport_self = self;
}

static void earliest_deadline_counts(void **state)
{
	(void)state;
	struct poller a = {.deadline_us = TIME_NEVER};
	assert_int_equal(net_rig_poll(&rig, rig.now_us), TIME_NEVER);
	plug(poll_one, &a);
	assert_int_equal(net_rig_poll(&rig, rig.now_us), TIME_NEVER);
	assert_int_equal(a.calls, 1);
	a.deadline_us = rig.now_us + 100;
	assert_int_equal(net_rig_poll(&rig, rig.now_us), rig.now_us + 100);
	a.deadline_us = 100 * (uint64_t)ARP_REACHABLE_US;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	assert_int_equal(rig.deadline_us, rig.now_us + ARP_REACHABLE_US);
	a.deadline_us = rig.now_us + ARP_REACHABLE_US - 1;
	assert_int_equal(net_rig_poll(&rig, rig.now_us), rig.now_us + ARP_REACHABLE_US - 1);
	assert_int_equal(a.calls, 4);
}

static uint64_t poll_sends(void *self, uint64_t now_us)
{
	struct pkt *p = net_rig_packet(&rig, 8);
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(RIG_ADDR), .dst = ip_addr_from_v4(RIG_PEER), .proto = 253};
	assert_int_equal(ip_output(&rig.ipv4.ip, now_us, p, &meta), OK);
	return *(uint64_t *)self;
}

static void deadline_that_a_poller_brings_on_counts(void **state)
{
	(void)state;
	uint64_t never = TIME_NEVER;
	plug(poll_sends, &never);
	assert_int_equal(net_rig_poll(&rig, rig.now_us), rig.now_us + ARP_RETRY_US);
	assert_int_equal(rig.fake.flushes, 1); /* the ARP request */
}

static void batch_is_bounded_and_flushed_once(void **state)
{
	enum { MORE = BY_MEMORY(2, 10) };
	(void)state;
	struct poller p = {.deadline_us = TIME_NEVER};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	plug(poll_one, &p);
	rig.fake.flushes = 0;
	rig.wakes = 0;
	for (unsigned i = 0; i < ETH_BATCH + MORE; i++) {
		size_t len = frame_icmp(rig.frame, &ip, 8, 0, i, NULL, 0);
		assert_true(netif_fake_inject(&rig.fake, rig.frame, len));
	}
	assert_int_equal(rig.wakes, 1); /* one interrupt for them all */
	assert_int_equal(net_rig_poll(&rig, rig.now_us), rig.now_us);
	assert_int_equal(rig.fake.n_rx, MORE);
	assert_int_equal(rig.fake.n_sent, ETH_BATCH);
	assert_int_equal(p.calls, 1);
	assert_int_equal(p.flushes_before, 0);
	assert_int_equal(rig.fake.flushes, 1);
	assert_false(rig.fake.armed);
	assert_true(net_rig_poll(&rig, rig.now_us) > rig.now_us);
	assert_int_equal(rig.fake.n_sent, ETH_BATCH + MORE);
	assert_int_equal(rig.fake.flushes, 2);
	assert_true(rig.fake.armed);
	assert_int_equal(rig.wakes, 1);
	assert_true(net_rig_poll(&rig, rig.now_us) > rig.now_us);
	assert_int_equal(rig.fake.flushes, 2); /* nothing was sent */
}

static void frame_that_comes_between_is_not_forgotten(void **state)
{
	(void)state;
	struct poller p = {.deadline_us = TIME_NEVER, .inject = true};
	plug(poll_one, &p);
	rig.fake.armed = false; /* as after an interrupt */
	assert_int_equal(net_rig_poll(&rig, rig.now_us), rig.now_us);
	assert_int_equal(net_rig_poll(&rig, rig.now_us), TIME_NEVER);
	assert_counted(rig.eth.stats.runts, 1);
}

static void sending_from_outside_asks_for_a_poll(void **state)
{
	(void)state;
	uint64_t never = TIME_NEVER;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	rig.wakes = 0;
	rig.fake.flushes = 0;
	(void)poll_sends(&never, rig.now_us);
	assert_true(rig.wakes > 0);
	assert_int_equal(rig.fake.flushes, 0);
	(void)net_rig_poll(&rig, rig.now_us);
	assert_int_equal(rig.fake.flushes, 1);
}

/* --- two stacks, back to back ---------------------------------------------------------------- */

static struct {
	struct udp udp;
	struct udp_socket socket;
	unsigned count;
	uint8_t payload[FRAME_MAX];
	size_t len;
} here, there;

static void wired_teardown(void)
{
	net_rig_fini(&rig);
	net_rig_fini(&other);
}

static void there_input(struct udp_socket *s, uint64_t now_us, struct pkt *p,
			const struct udp_peer *peer, const struct ip_addr *local)
{
	there.count++;
	if (udp_send(&there.udp, s, now_us, p, peer, local) != OK)
		pkt_put(p);
}

static void here_input(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		       const struct udp_peer *peer, const struct ip_addr *local)
{
	(void)s, (void)now_us, (void)local;
	assert_int_equal(peer->port, ECHO_PORT);
	assert_int_equal(ip_addr_v4(&peer->addr), RIG_PEER);
	here.count++;
	here.len = netif_fake_flatten(p, here.payload, sizeof(here.payload));
	pkt_put(p);
}

static void here_keeps(struct udp_socket *s, uint64_t now_us, struct pkt *p,
		       const struct udp_peer *peer, const struct ip_addr *local)
{
	(void)s, (void)now_us, (void)peer, (void)local;
	here.count++;
	pkt_put(p);
}

static void wired_setup(uint32_t features)
{
	memset(&here, 0, sizeof(here));
	memset(&there, 0, sizeof(there));
	net_rig_init(&rig, features);
	net_rig_init(&other, features);
	memcpy(other.fake.netif.mac, rig_peer_mac, 6);
	netif_fake_wire(&rig.fake, &other.fake);
	net_rig_start(&rig, RIG_ADDR, 24, 0);
	net_rig_start(&other, RIG_PEER, 24, 0);
	here.socket.input = here_input;
	there.socket.input = there_input;
	there.socket.port = ECHO_PORT;
	assert_int_equal(udp_init(&here.udp, &rig.ipv4.ip, &rig.random.rng), OK);
	assert_int_equal(udp_init(&there.udp, &other.ipv4.ip, &other.random.rng), OK);
	assert_int_equal(udp_open(&here.udp, &here.socket), OK);
	assert_int_equal(udp_open(&there.udp, &there.socket), OK);
}

/* Polls both until nothing moves. */
static void settle(void)
{
	unsigned rounds = 0;
	do {
		assert_true(rounds++ < 100);
		net_rig_poll_at(&rig, rig.now_us);
		net_rig_poll_at(&other, rig.now_us);
	} while (rig.fake.n_rx > 0 || other.fake.n_rx > 0);
}

static void datagram_goes_there_and_back(size_t len, size_t cut)
{
	static uint8_t payload[FRAME_MAX];
	const struct udp_peer peer = {.addr = ip_addr_from_v4(RIG_PEER), .port = ECHO_PORT};
	struct pkt *p = net_rig_packet(&rig, MIN(cut, len));
	unsigned count = here.count;
	frame_pattern(payload, len);
	if (len > cut)
		assert_true(pkt_add_piece(p, SLICE_STATIC(payload + cut, len - cut)));
	assert_int_equal(udp_send(&here.udp, &here.socket, rig.now_us, p, &peer, NULL), OK);
	settle();
	assert_int_equal(here.count, count + 1);
	assert_int_equal(here.len, len);
	assert_memory_equal(here.payload, payload, len);
}

static void datagrams_of_all_kinds_over_devices_of_all_kinds(void **state)
{
	(void)state;
	static const uint32_t features[] = {
		0, NETIF_SG, NETIF_CSUM_TX, NETIF_CSUM_RX, NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX,
	};
	static const size_t sizes[] = {0, 1, 2, 3, 17, 64, 1471, 1472};
	for (size_t f = 0; f < ARRAY_SIZE(features); f++) {
		wired_setup(features[f]);
		other.fake.rx_first_max = 61;
		other.fake.rx_chunk_max = 333;
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			datagram_goes_there_and_back(sizes[i], SIZE_MAX);
			datagram_goes_there_and_back(sizes[i], sizes[i] / 2);
		}
		assert_counted(here.udp.stats.bad_checksum + there.udp.stats.bad_checksum, 0);
		assert_counted(rig.arp.stats.requests_out, ARP_ANNOUNCEMENTS + 1);
		wired_teardown();
	}
}

static bool flip_a_bit(struct netif_fake *from, uint8_t *frame, size_t len)
{
	(void)from;
	frame[len - 1] ^= 0x10;
	return false;
}

static bool lose(struct netif_fake *from, uint8_t *frame, size_t len)
{
	(void)from, (void)frame, (void)len;
	return true;
}

static void damage_on_the_wire_is_noticed(void **state)
{
	(void)state;
	const struct udp_peer peer = {.addr = ip_addr_from_v4(RIG_PEER), .port = ECHO_PORT};
	wired_setup(0);
	datagram_goes_there_and_back(100, SIZE_MAX);
	rig.fake.on_wire = flip_a_bit;
	assert_int_equal(udp_send(&here.udp, &here.socket, rig.now_us, net_rig_packet(&rig, 100),
				  &peer, NULL),
			 OK);
	settle();
	assert_counted(there.udp.stats.bad_checksum, 1);
	rig.fake.on_wire = lose;
	assert_int_equal(udp_send(&here.udp, &here.socket, rig.now_us, net_rig_packet(&rig, 100),
				  &peer, NULL),
			 OK);
	settle();
	assert_int_equal(rig.fake.lost, 1);
	assert_int_equal(here.count, 1);
	wired_teardown();
}

static unsigned pongs;

static void count_pong(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	(void)self, (void)now_us, (void)meta;
	assert_int_equal(p->data[0], 0);
	assert_int_equal(csum_fold(pkt_csum(0, p)), 0);
	pongs++;
	pkt_put(p);
}

static void one_pings_the_other(void **state)
{
	(void)state;
	const struct ip_meta meta = {.src = ip_addr_from_v4(RIG_ADDR),
				     .dst = ip_addr_from_v4(RIG_PEER),
				     .proto = IP_PROTO_ICMP};
	wired_setup(0);
	struct ip_binding *icmp = rig.ipv4.bindings.at;
	while (icmp->proto != IP_PROTO_ICMP)
		icmp++;
	icmp->input = count_pong;
	pongs = 0;
	for (unsigned i = 1; i <= 50; i++) {
		struct pkt *p = net_rig_packet(&rig, 8 + 29 * i);
		memset(p->data, 0, 4);
		p->data[0] = 8;
		csum_store(p->data + 2, csum_fold(csum_add(0, p->data, p->len)));
		assert_int_equal(ip_output(&rig.ipv4.ip, rig.now_us, p, &meta), OK);
		settle();
		assert_int_equal(pongs, i);
	}
	wired_teardown();
}

/* A TCP segment that the device is to cut arrives as segments with right headers. */
static unsigned segments;
static uint32_t segment_bytes;

static bool see_segment(struct netif_fake *from, uint8_t *frame, size_t len)
{
	const uint8_t *tcp = frame + FRAME_L4;
	(void)from;
	if (frame[FRAME_ETH + 9] != IP_PROTO_TCP)
		return false;
	assert_true(len <= FRAME_ETH + 1500);
	assert_int_equal(frame_l4_error(frame, len), 0);
	assert_int_equal(csum_fold(csum_add(0, frame + FRAME_ETH, 20)), 0);
	assert_int_equal(load_be16(frame + FRAME_ETH + 2), len - FRAME_ETH);
	assert_int_equal(load_be32(tcp + 4), 1000 + segment_bytes);
	segment_bytes += (uint32_t)(len - FRAME_L4 - 20);
	segments++;
	assert_int_equal(tcp[13], segment_bytes == 5000 ? 0x18 : 0x10);
	return true;
}

static void large_segment_is_cut_by_the_device(void **state)
{
	(void)state;
	static uint8_t payload[5000];
	struct ip_meta meta = {.src = ip_addr_from_v4(RIG_ADDR),
			       .dst = ip_addr_from_v4(RIG_PEER),
			       .proto = IP_PROTO_TCP};
	wired_setup(NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4);
	datagram_goes_there_and_back(1, SIZE_MAX);
	segments = 0;
	segment_bytes = 0;
	rig.fake.on_wire = see_segment;
	frame_pattern(payload, sizeof(payload));
	struct pkt *p = net_rig_packet(&rig, 20);
	memset(p->data, 0, 20);
	store_be32(p->data + 4, 1000);
	p->data[12] = 5 << 4;
	p->data[13] = 0x18;
	assert_true(pkt_add_piece(p, SLICE_STATIC(payload, sizeof(payload))));
	p->flags = PKT_GSO_TCP4 | PKT_CSUM_PARTIAL;
	p->csum_start = 0;
	p->csum_offset = 16;
	p->gso_header = 20;
	p->gso_bytes = 1460;
	csum_store(p->data + 16, csum_partial(ip_pseudo_sum(&meta, 5020)));
	assert_int_equal(ip_output(&rig.ipv4.ip, rig.now_us, p, &meta), OK);
	settle();
	assert_int_equal(segments, 4);
	assert_int_equal(segment_bytes, 5000);
	wired_teardown();
}

/* --- two stacks in one image ----------------------------------------------------------------- */

static void say_hello_to(struct net_rig *r)
{
	struct frame_ipv4 ip = net_rig_from_peer(r);
	net_rig_receive(r, frame_udp(r->frame, &ip, 40000, ECHO_PORT, "hello", 5));
}

/* The same addresses, neighbours and ports behind either interface: nothing is shared. */
static void two_stacks_do_not_know_of_each_other(void **state)
{
	(void)state;
	memset(&here, 0, sizeof(here));
	memset(&there, 0, sizeof(there));
	net_rig_setup(&other, 0);
	other.fake.netif.name = "net1";
	here.socket = (struct udp_socket){.port = ECHO_PORT, .input = here_keeps};
	there.socket = (struct udp_socket){.port = ECHO_PORT, .input = there_input};
	assert_int_equal(udp_init(&here.udp, &rig.ipv4.ip, &rig.random.rng), OK);
	assert_int_equal(udp_init(&there.udp, &other.ipv4.ip, &other.random.rng), OK);
	assert_int_equal(udp_open(&here.udp, &here.socket), OK);
	assert_int_equal(udp_open(&there.udp, &there.socket), OK);
	net_rig_know(&other, RIG_PEER, rig_other_mac);
	say_hello_to(&rig);
	assert_int_equal(here.count, 1);
	assert_int_equal(there.count, 0);
	say_hello_to(&other);
	assert_int_equal(here.count, 1);
	assert_int_equal(there.count, 1);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_int_equal(net_rig_sent(&other), FRAME_L4 + 8 + 5);
	assert_memory_equal(other.frame, rig_other_mac, 6);
	assert_int_equal(rig.arp.neighbours.entry[0].state,
			 NEIGHBOUR_FREE); /* the neighbour is known where it was heard of */
	net_rig_fini(&other);
}

/* --- whatever arrives ------------------------------------------------------------------------ */

static uint32_t random_state;

static uint32_t random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static void noise_does_no_harm(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	random_state = 20240229;
	assert_int_equal(udp_init(&here.udp, &rig.ipv4.ip, &rig.random.rng), OK);
	for (unsigned i = 0; i < 20000; i++) {
		size_t len;
		if ((i & 1) != 0) {
			const struct frame_arp f = {.mac = rig_peer_mac,
						    .op = 1,
						    .sender = RIG_ADDR - random_u32() % 16,
						    .target = RIG_ADDR};
			len = frame_arp(rig.frame, &f);
		} else {
			len = frame_icmp(rig.frame, &ip, (uint8_t)random_u32(), 4, random_u32(),
					 rig.frame, random_u32() % 128);
		}
		for (unsigned flips = random_u32() % 4; flips > 0; flips--)
			rig.frame[random_u32() % len] ^= (uint8_t)(1 << random_u32() % 8);
		if ((i & 2) != 0)
			frame_ipv4_fix(rig.frame);
		rig.now_us += random_u32() % US_PER_S;
		net_rig_receive(&rig, random_u32() % 8 != 0 ? len : random_u32() % len);
		while (net_rig_sent(&rig) > 0)
			continue;
	}
	assert_true(rig.rx.pool.used <= ARP_ENTRIES);
	assert_true(rig.tx.pool.used <= ARP_ENTRIES);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(start_says_who_we_are),
		TEST(start_announces_and_points_the_wakers_here),
		TEST(start_refuses_what_cannot_be),
		TEST(without_an_address_nobody_is_answered),
		TEST(earliest_deadline_counts),
		TEST(deadline_that_a_poller_brings_on_counts),
		TEST(batch_is_bounded_and_flushed_once),
		TEST(frame_that_comes_between_is_not_forgotten),
		TEST(sending_from_outside_asks_for_a_poll),
		cmocka_unit_test(damage_on_the_wire_is_noticed),
		cmocka_unit_test(one_pings_the_other),
		cmocka_unit_test(large_segment_is_cut_by_the_device),
		TEST(two_stacks_do_not_know_of_each_other),
		TEST(noise_does_no_harm),
#ifndef PLAIN_IPV4 /* which takes nothing in pieces */
		cmocka_unit_test(datagrams_of_all_kinds_over_devices_of_all_kinds),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
