/* SPDX-License-Identifier: ISC */
/*
 * RFC 3927 sections 2.1 to 2.4: which address, when, after what has been said.
 */
#include "tests/unit/link_local/bench.h"

static void dhcp_is_given_some_seconds(void **state)
{
	(void)state;
	passes(LINK_LOCAL_AFTER_US - 1);
	assert_int_equal(n_probes(), 0);
	assert_true(n_discovers() >= 2);
	assert_int_equal(b.rig.ipv4.addr, 0);
	passes(LINK_LOCAL_PROBE_WAIT_US + 1);
	assert_int_equal(n_probes(), 1);
}

static void three_probes_and_two_announcements(void **state)
{
	(void)state;
	forget();
	claims();
	passes(30 * US_PER_S);
	struct said arp[8];
	unsigned n = 0;
	for (unsigned i = 0; i < b.n; i++) {
		if (b.said[i].op == 0)
			continue;
		assert_true(n < 8);
		arp[n] = b.said[i];
		assert_true(arp[n].broadcast);
		assert_int_equal(arp[n].op, 1);
		assert_int_equal(arp[n].target, b.ll.addr);
		assert_int_equal(arp[n].sender, n < 3 ? 0 : b.ll.addr);
		n++;
	}
	assert_int_equal(n, 5);
	for (unsigned i = 1; i < 3; i++)
		assert_in_range(arp[i].at_us - arp[i - 1].at_us, LINK_LOCAL_PROBE_MIN_US,
				LINK_LOCAL_PROBE_MAX_US);
	assert_int_equal(arp[3].at_us - arp[2].at_us, LINK_LOCAL_ANNOUNCE_WAIT_US);
	assert_int_equal(arp[4].at_us - arp[3].at_us, ARP_ANNOUNCE_US);
	assert_int_equal(b.ll.stats.claims, 1);
}

/* The same at each start, another for another station, and in the range that is allowed. */
static void the_address_follows_from_that_of_the_station(void **state)
{
	(void)state;
	uint32_t first = b.ll.addr;
	unsigned same = 0;
	for (unsigned mac = 0; mac < 5000; mac++) {
		struct link_local ll;
		store_be16(b.rig.fake.netif.mac + 4, (uint16_t)mac);
		link_local_start(&ll, &b.dhcp, b.rig.now_us);
		assert_in_range(ll.addr, 0xa9fe0100, 0xa9fefeff);
		same += ll.addr == first;
		list_remove(&ll.watcher.node);
	}
	assert_in_range(same, 1, 3); /* our own, and by chance */
}

static void a_client_that_is_off_is_let_be(void **state)
{
	(void)state;
	static struct dhcp off;
	struct link_local ll;
	assert_int_equal(dhcp_init(&off, &b.rig.ipv4, &b.rig.random.rng, ""), OK);
	link_local_start(&ll, &off, b.rig.now_us);
	assert_int_equal(link_local_poll(&ll, b.rig.now_us + US_PER_S * 1000), TIME_NEVER);
	assert_int_equal(ll.state, LINK_LOCAL_OFF);
}

static void an_address_of_the_application_is_let_be(void **state)
{
	(void)state;
	const struct ipv4_prefix own = {.addr = RIG_ADDR, .bits = 24};
	claims();
	assert_int_equal(ipv4_set_address(&b.rig.ipv4, b.rig.now_us, own, 0), OK);
	passes(100 * US_PER_S);
	assert_int_equal(b.rig.ipv4.addr, RIG_ADDR);
	assert_int_equal(b.dhcp.routes.n, 0);
	assert_int_equal(ipv4_set_address(&b.rig.ipv4, b.rig.now_us, (struct ipv4_prefix){0}, 0),
			 OK);
	passes(20 * US_PER_S);
	assert_int_equal(b.rig.ipv4.addr, b.ll.addr);
}

/* Section 2.5: replies and questions too. */
static void all_of_arp_is_said_to_everybody(void **state)
{
	(void)state;
	struct ip_meta meta = {.dst = ip_addr_from_v4(NEIGHBOUR), .proto = IP_PROTO_UDP};
	claims();
	passes(5 * US_PER_S);
	forget();
	arp_says(1, NEIGHBOUR, b.ll.addr);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.said[0].op, 2);
	assert_true(b.said[0].broadcast);
	meta.src = ip_addr_from_v4(b.ll.addr);
	struct pkt *p = net_rig_packet(&b.rig, 8);
	assert_int_equal(ip_output(&b.rig.ipv4.ip, b.rig.now_us, p, &meta), OK);
	passes(ARP_REACHABLE_US + US_PER_S); /* in use, it is asked again */
	unsigned asked = 0;
	for (unsigned i = 0; i < b.n; i++) {
		asked += b.said[i].op == 1;
		assert_true(b.said[i].op == 0 || b.said[i].broadcast);
	}
	assert_true(asked > 0);
}

/* Section 2.6.2: who is sent to is looked for on the link, wherever it is. */
static void there_is_no_gateway(void **state)
{
	(void)state;
	const struct ip_addr dst = ip_addr_from_v4(RIG_FAR);
	struct ip_route route;
	claims();
	passes(5 * US_PER_S);
	forget();
	assert_int_equal(ip_route(&b.rig.ipv4.ip, &dst, &route), OK);
	assert_int_equal(ip_addr_v4(&route.src), b.ll.addr);
	assert_int_equal(route.prefix_bits, 0);
	const struct ip_meta meta = {.src = route.src, .dst = dst, .proto = IP_PROTO_UDP};
	struct pkt *p = net_rig_packet(&b.rig, 8);
	assert_int_equal(ip_output(&b.rig.ipv4.ip, b.rig.now_us, p, &meta), OK);
	passes(1);
	assert_int_equal(b.said[0].op, 1);
	assert_int_equal(b.said[0].target, RIG_FAR);
}

const struct CMUnitTest claiming_tests[] = {
	TEST(dhcp_is_given_some_seconds),
	TEST(three_probes_and_two_announcements),
	TEST(the_address_follows_from_that_of_the_station),
	TEST(a_client_that_is_off_is_let_be),
	TEST(an_address_of_the_application_is_let_be),
	TEST(all_of_arp_is_said_to_everybody),
	TEST(there_is_no_gateway),
};
const size_t n_claiming_tests = ARRAY_SIZE(claiming_tests);
