/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/arp/arp.h"
#include "tests/fakes/counted.h"
#include "tests/fakes/net_rig.h"
#include "tests/fakes/runtime.h"

static struct net_rig rig;

static struct arp *arp(void)
{
	return &rig.arp;
}

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, 0);
	memset(&arp()->stats, 0, sizeof(arp()->stats));
	fake_log_lines = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* A packet of `len` bytes for the neighbour `addr`: what arp_output() says of it. */
static enum err output(uint32_t addr, size_t len)
{
	struct pkt *p = net_rig_packet(&rig, len);
	enum err e = arp_output(arp(), rig.now_us, p, addr);
	if (e != OK)
		pkt_put(p);
	return e;
}

static void hear(uint16_t op, const uint8_t mac[6], uint32_t sender, uint32_t target)
{
	const struct frame_arp f = {.mac = mac, .op = op, .sender = sender, .target = target};
	net_rig_receive(&rig, frame_arp(rig.frame, &f));
}

static void expect_arp(uint16_t op, const uint8_t dst[6], const uint8_t target_mac[6],
		       uint32_t target)
{
	static const uint8_t fixed[] = {0, 1, 8, 0, 6, 4};
	const uint8_t *f = rig.frame;
	assert_int_equal(net_rig_sent(&rig), 42);
	assert_memory_equal(f, dst, 6);
	assert_memory_equal(f + 6, rig.fake.netif.mac, 6);
	assert_int_equal(load_be16(f + 12), 0x0806);
	assert_memory_equal(f + 14, fixed, sizeof(fixed));
	assert_int_equal(load_be16(f + 20), op);
	assert_memory_equal(f + 22, rig.fake.netif.mac, 6);
	assert_int_equal(load_be32(f + 28), RIG_ADDR);
	assert_memory_equal(f + 32, target_mac, 6);
	assert_int_equal(load_be32(f + 38), target);
}

static void expect_request(const uint8_t dst[6], uint32_t target)
{
	static const uint8_t nobody[6];
	expect_arp(1, dst, nobody, target);
}

/* The oldest sent frame is an IPv4 packet of `len` bytes to that station. */
static void expect_packet(const uint8_t dst[6], size_t len)
{
	assert_int_equal(net_rig_sent(&rig), FRAME_ETH + len);
	assert_memory_equal(rig.frame, dst, 6);
	assert_int_equal(load_be16(rig.frame + 12), 0x0800);
}

static unsigned entries(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < ARP_ENTRIES; i++)
		n += arp()->neighbours.entry[i].state != NEIGHBOUR_FREE;
	return n;
}

static void pass(uint64_t us)
{
	net_rig_poll_at(&rig, rig.now_us + us);
}

static void answers_and_learns_who_asks_us(void **state)
{
	(void)state;
	hear(1, rig_peer_mac, RIG_PEER, RIG_ADDR);
	expect_arp(2, rig_peer_mac, rig_peer_mac, RIG_PEER);
	assert_counted(arp()->stats.replies_out, 1);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
	assert_counted(arp()->stats.requests_out, 0);
}

static void learns_nothing_unasked(void **state)
{
	(void)state;
	hear(1, rig_peer_mac, RIG_PEER, RIG_GATEWAY);       /* asks somebody else */
	hear(1, rig_peer_mac, RIG_PEER, RIG_PEER);          /* announces itself */
	hear(2, rig_peer_mac, RIG_PEER, RIG_PEER);          /* the same as a reply */
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);          /* answers what nobody asked */
	hear(1, rig_peer_mac, RIG_FAR, RIG_ADDR);           /* asks us, but is no neighbour */
	expect_arp(2, rig_peer_mac, rig_peer_mac, RIG_FAR); /* (answered, not learnt) */
	hear(1, rig_peer_mac, 0, RIG_ADDR);                 /* a probe, RFC 5227 */
	expect_arp(2, rig_peer_mac, rig_peer_mac, 0);
	hear(1, rig_peer_mac, 0x0a0002ff, RIG_ADDR);     /* claims the broadcast address */
	hear(1, rig_peer_mac, 0x0a000200, RIG_ADDR);     /* claims the network's */
	hear(1, rig.fake.netif.mac, RIG_PEER, RIG_ADDR); /* our own station address */
	assert_int_equal(entries(), 0);
}

static void gratuitous_replies_update_entries_that_exist(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	hear(2, rig_other_mac, RIG_PEER, RIG_PEER);
	assert_counted(arp()->neighbours.stats.moved, 1);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_other_mac, 40);
}

static void packet_waits_for_the_answer(void **state)
{
	(void)state;
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_request(rig_everybody, RIG_PEER);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_int_equal(arp()->deadline_us, rig.now_us + ARP_RETRY_US);
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);
	expect_packet(rig_peer_mac, 40);
	assert_int_equal(output(RIG_PEER, 41), OK);
	expect_packet(rig_peer_mac, 41);
	assert_counted(arp()->stats.requests_out, 1);
	pass(ARP_RETRY_US);
	assert_int_equal(rig.deadline_us, rig.now_us - ARP_RETRY_US + ARP_REACHABLE_US);
}

/* As many connections that begin at once send: none of them has to try again. */
static void many_packets_wait_in_order(void **state)
{
	(void)state;
	for (size_t len = 40; len < 40 + ARP_WAITING_MAX; len++)
		assert_int_equal(output(RIG_PEER, len), OK);
	expect_request(rig_everybody, RIG_PEER);
	assert_int_equal(net_rig_sent(&rig), 0); /* one request for all */
	assert_counted(arp()->neighbours.stats.dropped, 0);
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);
	for (size_t len = 40; len < 40 + ARP_WAITING_MAX; len++)
		expect_packet(rig_peer_mac, len);
	assert_int_equal(net_rig_sent(&rig), 0);
}

/* The latest takes the place of the oldest; a second neighbour's latest waits all the same. */
static void waiting_packets_are_bounded(void **state)
{
	(void)state;
	for (size_t len = 40; len < 45 + ARP_WAITING_MAX; len++)
		assert_int_equal(output(RIG_PEER, len), OK);
	for (size_t len = 40; len < 45; len++)
		assert_int_equal(output(RIG_GATEWAY, len), OK);
	expect_request(rig_everybody, RIG_PEER);
	expect_request(rig_everybody, RIG_GATEWAY);
	assert_counted(arp()->neighbours.stats.dropped, 5 + 4);
	assert_int_equal(rig.tx.pool.used, ARP_WAITING_MAX + 1);
	hear(2, rig_gateway_mac, RIG_GATEWAY, RIG_ADDR);
	expect_packet(rig_gateway_mac, 44);
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);
	for (size_t len = 45; len < 45 + ARP_WAITING_MAX; len++)
		expect_packet(rig_peer_mac, len);
	assert_int_equal(arp()->neighbours.waiting, 0);
	assert_int_equal(rig.tx.pool.used, 0);
}

static void neighbour_that_never_answers_is_refused_for_a_while(void **state)
{
	(void)state;
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_request(rig_everybody, RIG_PEER);
	for (unsigned i = 1; i < ARP_TRIES; i++) {
		pass(ARP_RETRY_US - 1);
		assert_int_equal(net_rig_sent(&rig), 0);
		pass(1);
		expect_request(rig_everybody, RIG_PEER);
	}
	pass(ARP_RETRY_US);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_counted(arp()->stats.failed, 1);
	assert_counted(arp()->neighbours.stats.dropped, 1);
	assert_int_equal(output(RIG_PEER, 40), ERR_UNREACHABLE);
	assert_int_equal(rig.tx.pool.used, 0);
	assert_int_equal(rig.deadline_us, rig.now_us + ARP_FAILED_US);

	pass(ARP_FAILED_US);
	assert_int_equal(entries(), 0);
	assert_int_equal(rig.deadline_us, TIME_NEVER);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_request(rig_everybody, RIG_PEER);
}

static void late_answer_ends_the_refusal(void **state)
{
	(void)state;
	assert_int_equal(output(RIG_PEER, 40), OK);
	for (unsigned i = 0; i < ARP_TRIES; i++)
		pass(ARP_RETRY_US);
	assert_int_equal(output(RIG_PEER, 40), ERR_UNREACHABLE);
	while (net_rig_sent(&rig) > 0)
		continue;
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
}

static void unused_neighbour_is_forgotten_silently(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	pass(ARP_REACHABLE_US - 1);
	assert_int_equal(entries(), 1);
	pass(1);
	assert_int_equal(entries(), 0);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_int_equal(rig.deadline_us, TIME_NEVER);
}

static void used_neighbour_is_asked_again_and_stays_usable(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	pass(ARP_REACHABLE_US / 2);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
	pass(ARP_REACHABLE_US / 2);
	expect_request(rig_peer_mac, RIG_PEER); /* it alone */
	pass(ARP_RETRY_US);
	expect_request(rig_peer_mac, RIG_PEER);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);
	assert_int_equal(rig.deadline_us, rig.now_us + ARP_RETRY_US); /* harmlessly early */
	pass(ARP_REACHABLE_US - 1);
	assert_int_equal(entries(), 1);
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void neighbour_that_falls_silent_is_forgotten(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
	pass(ARP_REACHABLE_US);
	expect_request(rig_peer_mac, RIG_PEER);
	pass(ARP_RETRY_US);
	expect_request(rig_peer_mac, RIG_PEER);
	pass(ARP_RETRY_US);
	expect_request(rig_everybody, RIG_PEER); /* perhaps it has a new card */
	pass(ARP_RETRY_US);
	assert_int_equal(entries(), 0);
	assert_counted(arp()->stats.failed, 1);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_request(rig_everybody, RIG_PEER);
}

static void flood_of_requests_is_bounded_and_spares_what_is_used(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
	for (uint32_t i = 0; i < 200; i++) {
		uint8_t mac[6] = {2, 1, 0, 0, 0, (uint8_t)i};
		net_rig_know(&rig, 0x0a000214 + i, mac);
	}
	assert_int_equal(entries(), ARP_ENTRIES);
	assert_counted(arp()->neighbours.stats.evicted, 200 + 1 - ARP_ENTRIES);
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
}

static void strangers_displace_nobody_in_use_but_we_may(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARP_ENTRIES; i++) {
		uint8_t mac[6] = {2, 1, 0, 0, 0, (uint8_t)i};
		net_rig_know(&rig, 0x0a000214 + i, mac);
		rig.now_us++;
		assert_int_equal(output(0x0a000214 + i, 40), OK);
		assert_int_equal(net_rig_sent(&rig), 54);
	}
	net_rig_know(&rig, RIG_PEER, rig_peer_mac); /* is answered */
	assert_counted(arp()->stats.not_learnt, 1);
	assert_counted(arp()->neighbours.stats.evicted, 0);

	assert_int_equal(output(RIG_PEER, 40), OK); /* in place of the one used longest ago */
	expect_request(rig_everybody, RIG_PEER);
	assert_counted(arp()->neighbours.stats.evicted, 1);
	assert_int_equal(output(0x0a000215, 40), OK);
	assert_int_equal(net_rig_sent(&rig), 54);
	assert_counted(arp()->neighbours.stats.evicted, 1);
	assert_int_equal(output(0x0a000214, 40), OK);
	expect_request(rig_everybody, 0x0a000214);
}

static void unanswered_requests_displace_each_other_first(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	assert_int_equal(output(RIG_PEER, 40), OK);
	for (uint32_t i = 0; i < 3 * ARP_ENTRIES; i++) {
		rig.now_us++;
		assert_int_equal(output(0x0a000214 + i, 40), OK);
	}
	assert_int_equal(rig.tx.pool.used, rig.fake.n_sent + ARP_ENTRIES - 1);
	while (net_rig_sent(&rig) > 0)
		continue;
	assert_int_equal(output(RIG_PEER, 40), OK);
	expect_packet(rig_peer_mac, 40);
}

static void malformed_messages_are_dropped(void **state)
{
	(void)state;
	static const struct {
		uint8_t at, value;
	} bad[] = {
		{14, 1},  {15, 2}, {16, 0x86}, {17, 1}, {18, 5}, {18, 8},
		{19, 16}, {20, 1}, {21, 0},    {21, 3}, {22, 3}, /* a group as the sender */
	};
	const struct frame_arp f = {
		.mac = rig_peer_mac, .op = 1, .sender = RIG_PEER, .target = RIG_ADDR};
	for (size_t len = 0; len < 28; len++) {
		frame_arp(rig.frame, &f);
		net_rig_receive(&rig, FRAME_ETH + len);
	}
	assert_counted(arp()->stats.bad, 28);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t len = frame_arp(rig.frame, &f);
		rig.frame[bad[i].at] = bad[i].value;
		net_rig_receive(&rig, len);
	}
	size_t len = frame_arp(rig.frame, &f);
	memset(rig.frame + 22, 0, 6);
	net_rig_receive(&rig, len);
	assert_counted(arp()->stats.bad, 28 + ARRAY_SIZE(bad) + 1);
	assert_int_equal(entries(), 0);
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void padded_message_is_fine(void **state)
{
	(void)state;
	const struct frame_arp f = {
		.mac = rig_peer_mac, .op = 1, .sender = RIG_PEER, .target = RIG_ADDR};
	memset(rig.frame, 0xaa, 60);
	frame_arp(rig.frame, &f);
	net_rig_receive(&rig, 60);
	expect_arp(2, rig_peer_mac, rig_peer_mac, RIG_PEER);
}

static void conflict_is_told_once_and_defended_now_and_then(void **state)
{
	(void)state;
	hear(1, rig_other_mac, RIG_ADDR, RIG_ADDR);
	assert_int_equal(fake_log_lines, 1);
	assert_string_equal(fake_log_last, "net0: another station uses our address: "
					   "02:00:00:00:00:99");
	expect_request(rig_everybody, RIG_ADDR);
	hear(2, rig_other_mac, RIG_ADDR, RIG_PEER);
	pass(ARP_DEFEND_US - 1);
	hear(1, rig_other_mac, RIG_ADDR, RIG_PEER);
	assert_int_equal(net_rig_sent(&rig), 0);
	pass(1);
	hear(1, rig_other_mac, RIG_ADDR, RIG_ADDR);
	expect_request(rig_everybody, RIG_ADDR);
	assert_counted(arp()->stats.conflicts, 4);
	assert_int_equal(fake_log_lines, 1);
	assert_int_equal(entries(), 0);
}

static void announces_twice(void **state)
{
	(void)state;
	arp_set_address(arp(), rig.now_us, arp()->prefix);
	expect_request(rig_everybody, RIG_ADDR);
	assert_int_equal(arp()->deadline_us, rig.now_us + ARP_ANNOUNCE_US);
	pass(ARP_ANNOUNCE_US - 1);
	assert_int_equal(net_rig_sent(&rig), 0);
	pass(1);
	expect_request(rig_everybody, RIG_ADDR);
	assert_int_equal(rig.deadline_us, TIME_NEVER);
	pass(100 * US_PER_S);
	assert_int_equal(net_rig_sent(&rig), 0);
}

/* --- an address that comes and goes ---------------------------------------------------------- */

static void without_an_address_nobody_is_answered_or_asked(void **state)
{
	(void)state;
	assert_int_equal(output(RIG_PEER, 100), OK);
	arp_set_address(arp(), rig.now_us, (struct ipv4_prefix){0});
	while (net_rig_sent(&rig) > 0)
		continue;
	hear(1, rig_peer_mac, RIG_PEER, RIG_ADDR);
	hear(2, rig_other_mac, RIG_ADDR, RIG_PEER);
	pass(100 * US_PER_S);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_counted(arp()->stats.conflicts, 0);
	assert_int_equal(rig.deadline_us, TIME_NEVER);
}

static void expect_probe(void)
{
	assert_int_equal(net_rig_sent(&rig), 42);
	assert_memory_equal(rig.frame, rig_everybody, 6);
	assert_int_equal(load_be16(rig.frame + FRAME_ETH + 6), 1);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 14), 0);
	assert_int_equal(load_be32(rig.frame + FRAME_ETH + 24), RIG_ADDR);
}

static void a_probe_finds_who_has_or_wants_the_address(void **state)
{
	(void)state;
	static const struct {
		uint16_t op;
		uint32_t sender, target;
		bool taken;
	} cases[] = {
		{2, RIG_ADDR, 0, true},  {1, RIG_ADDR, RIG_PEER, true},  {1, 0, RIG_ADDR, true},
		{2, 0, RIG_ADDR, false}, {1, RIG_PEER, RIG_ADDR, false}, {1, 0, RIG_PEER, false},
	};
	arp_set_address(arp(), rig.now_us, (struct ipv4_prefix){0});
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		arp_probe(arp(), RIG_ADDR);
		expect_probe();
		assert_false(arp_probe_taken(arp()));
		hear(cases[i].op, rig_other_mac, cases[i].sender, cases[i].target);
		assert_int_equal(arp_probe_taken(arp()), cases[i].taken);
		arp_probe(arp(), 0);
		assert_false(arp_probe_taken(arp()));
		hear(cases[i].op, rig_other_mac, cases[i].sender, cases[i].target);
		assert_false(arp_probe_taken(arp()));
		assert_int_equal(net_rig_sent(&rig), 0);
	}
	arp_probe(arp(), RIG_ADDR);
	expect_probe();
	hear(2, rig.fake.netif.mac, RIG_ADDR, 0); /* our own, come back */
	assert_false(arp_probe_taken(arp()));
}

static void a_probed_address_of_ours_is_shared_with_those_who_ask(void **state)
{
	(void)state;
	arp_probe(arp(), RIG_ADDR);
	expect_probe();
	hear(1, rig_peer_mac, 0, RIG_ADDR); /* somebody probes for what is ours */
	assert_false(arp_probe_taken(arp()));
	assert_int_equal(net_rig_sent(&rig), 42); /* and learns that it is */
	hear(2, rig_other_mac, RIG_ADDR, 0);
	assert_true(arp_probe_taken(arp()));
	assert_int_equal(net_rig_sent(&rig), 0); /* not defended */
}

static void without_memory_the_next_try_asks(void **state)
{
	(void)state;
	struct pkt *hold[RIG_PACKETS];
	unsigned n = 0;
	struct pkt *p = net_rig_packet(&rig, 40);
	while (n < RIG_PACKETS - 1)
		hold[n++] = net_rig_packet(&rig, 1);
	unsigned wakes = rig.wakes;
	assert_int_equal(arp_output(arp(), rig.now_us, p, RIG_PEER), OK);
	assert_counted(arp()->stats.tx_failed, 1);
	assert_true(rig.wakes > wakes); /* whoever polls hears of the new deadline */
	while (n > 0)
		pkt_put(hold[--n]);
	pass(ARP_RETRY_US);
	expect_request(rig_everybody, RIG_PEER);
	hear(2, rig_peer_mac, RIG_PEER, RIG_ADDR);
	expect_packet(rig_peer_mac, 40);
}

static void full_device_refuses_or_drops(void **state)
{
	(void)state;
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	rig.fake.queue_max = 0;
	assert_int_equal(output(RIG_PEER, 40), ERR_AGAIN);
	assert_int_equal(output(RIG_GATEWAY, 40), OK); /* waits; the request is lost */
	assert_counted(arp()->stats.tx_failed, 1);
	hear(2, rig_gateway_mac, RIG_GATEWAY, RIG_ADDR);
	assert_counted(arp()->neighbours.stats.dropped, 1);
	assert_int_equal(rig.tx.pool.used, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_and_learns_who_asks_us),
		TEST(learns_nothing_unasked),
		TEST(gratuitous_replies_update_entries_that_exist),
		TEST(packet_waits_for_the_answer),
		TEST(neighbour_that_never_answers_is_refused_for_a_while),
		TEST(late_answer_ends_the_refusal),
		TEST(unused_neighbour_is_forgotten_silently),
		TEST(used_neighbour_is_asked_again_and_stays_usable),
		TEST(neighbour_that_falls_silent_is_forgotten),
		TEST(flood_of_requests_is_bounded_and_spares_what_is_used),
		TEST(strangers_displace_nobody_in_use_but_we_may),
		TEST(malformed_messages_are_dropped),
		TEST(padded_message_is_fine),
		TEST(announces_twice),
		TEST(without_an_address_nobody_is_answered_or_asked),
		TEST(without_memory_the_next_try_asks),
		TEST(full_device_refuses_or_drops),
#ifndef PLAIN_IPV4 /* a minimal IPv4 neither looks for conflicts nor defends */
		TEST(a_probe_finds_who_has_or_wants_the_address),
		TEST(a_probed_address_of_ours_is_shared_with_those_who_ask),
		TEST(conflict_is_told_once_and_defended_now_and_then),
#endif
#ifndef RIG_SMALLEST /* these have more packets under way */
		TEST(many_packets_wait_in_order),
		TEST(unanswered_requests_displace_each_other_first),
		TEST(waiting_packets_are_bounded),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
