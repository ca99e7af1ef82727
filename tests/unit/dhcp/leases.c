/* SPDX-License-Identifier: ISC */
/*
 * From nothing to an address: offers, acknowledgements, denials, conflicts, lost messages.
 */
#include "tests/fakes/counted.h"
#include "tests/unit/dhcp/bench.h"

static void the_first_discover_is_sent_at_once(void **state)
{
	(void)state;
	size_t len = 0;
	const uint8_t *value;
	hears_type(DHCP_DISCOVER);
	assert_int_equal(b.asked.src, 0);
	assert_int_equal(b.asked.dst, IPV4_BROADCAST);
	assert_memory_equal(b.asked.eth_dst, rig_everybody, 6);
	assert_int_equal(b.asked.ciaddr, 0);
	assert_int_equal(b.asked.secs, 0);
	assert_int_equal(asked_addr(OPTION_REQUESTED), 0);
	assert_int_equal(asked_addr(OPTION_SERVER), 0);
	value = asked_option(OPTION_HOSTNAME, &len);
	assert_int_equal(len, 4);
	assert_memory_equal(value, "fata", 4);
	value = asked_option(OPTION_CLIENT, &len);
	assert_int_equal(len, 7);
	assert_int_equal(value[0], 1);
	assert_memory_equal(value + 1, b.rig.fake.netif.mac, 6);
	value = asked_option(OPTION_MAX_BYTES, &len);
	assert_int_equal(load_be16(value), 1500);
	hears_nothing();
}

/* RFC 3442: a server may cut the list short, and the routers would win. */
static void classless_routes_are_asked_for_before_routers(void **state)
{
	(void)state;
	size_t len = 0;
	hears_type(DHCP_DISCOVER);
	const uint8_t *value = asked_option(OPTION_PARAMETERS, &len);
	assert_non_null(value);
	const uint8_t *routes = memchr(value, OPTION_ROUTES, len);
	assert_non_null(routes);
	assert_true(routes < (const uint8_t *)memchr(value, OPTION_ROUTERS, len));
}

static void four_messages_give_an_address(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	uint32_t xid = b.asked.xid;
	assert_null(dhcp_lease(&b.dhcp));
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	assert_int_equal(b.asked.xid, xid);
	assert_int_equal(b.asked.dst, IPV4_BROADCAST);
	assert_int_equal(b.asked.src, 0);
	assert_int_equal(b.asked.ciaddr, 0);
	assert_int_equal(asked_addr(OPTION_REQUESTED), OFFERED);
	assert_int_equal(asked_addr(OPTION_SERVER), SERVER);
	assert_int_equal(b.told, 0);
	says_usual(DHCP_ACK, SERVER);
	const struct dhcp_lease *lease = dhcp_lease(&b.dhcp);
	assert_non_null(lease);
	assert_int_equal(lease->prefix.addr, OFFERED);
	assert_int_equal(lease->prefix.bits, 24);
	assert_int_equal(lease->gateway, RIG_GATEWAY);
	assert_int_equal(lease->seconds, LEASE_S);
	assert_int_equal(b.rig.ipv4.addr, OFFERED);
	assert_int_equal(b.rig.ipv4.mask, 0xffffff00);
	assert_int_equal(b.rig.ipv4.gateway, RIG_GATEWAY);
	assert_int_equal(b.told, 1);
	b.arps = 0;
	hears_nothing();
	assert_int_equal(b.arp_sender, OFFERED); /* announced */
	assert_int_equal(b.arp_target, OFFERED);
}

static void replies_to_the_offered_address_are_heard(void **state)
{
	(void)state;
	struct said s;
	const struct frame_ipv4 ip = {
		.eth_dst = b.rig.fake.netif.mac,
		.eth_src = rig_gateway_mac,
		.src = SERVER,
		.dst = OFFERED,
	};
	hears_type(DHCP_DISCOVER);
	usual_reply(&s, DHCP_OFFER, SERVER);
	net_rig_receive(&b.rig, frame_udp(b.rig.frame, &ip, 67, 68, s.bytes, s.len));
	hears_type(DHCP_REQUEST);
	usual_reply(&s, DHCP_ACK, SERVER);
	net_rig_receive(&b.rig, frame_udp(b.rig.frame, &ip, 67, 68, s.bytes, s.len));
	assert_non_null(dhcp_lease(&b.dhcp));
}

static void discover_is_sent_again_ever_more_rarely(void **state)
{
	(void)state;
	static const unsigned waits_s[] = {2, 4, 8, 16, 32, 64, 64, 64};
	hears_type(DHCP_DISCOVER);
	uint32_t xid = b.asked.xid, secs = 0;
	for (size_t i = 0; i < ARRAY_SIZE(waits_s); i++) {
		passes((waits_s[i] - 1) * US_PER_S);
		uint64_t since_us = b.rig.now_us;
		while (!hears())
			passes(US_PER_S / 100);
		assert_true(b.rig.now_us - since_us <= 2 * US_PER_S + US_PER_S / 50);
		assert_int_equal(b.asked.xid, xid);
		assert_true(b.asked.secs > secs);
		secs = b.asked.secs;
		hears_nothing();
	}
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	assert_int_equal(b.asked.secs, secs);
}

static void request_is_sent_four_times_and_then_all_begins_anew(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	uint32_t xid = b.asked.xid;
	says_usual(DHCP_OFFER, SERVER);
	for (unsigned i = 0; i < DHCP_REQUESTS_MAX; i++) {
		hears_type(DHCP_REQUEST);
		assert_int_equal(b.asked.xid, xid);
		hears_nothing();
		assert_true(b.rig.deadline_us - b.rig.now_us >= (UINT64_C(1) << i) * US_PER_S);
		passes(b.rig.deadline_us - b.rig.now_us);
	}
	hears_type(DHCP_DISCOVER);
	assert_true(b.asked.xid != xid);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	says_usual(DHCP_ACK, SERVER);
	assert_non_null(dhcp_lease(&b.dhcp));
}

static void of_two_servers_the_first_is_taken(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, OTHER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	assert_int_equal(asked_addr(OPTION_SERVER), OTHER);
	hears_nothing();
	says_usual(DHCP_ACK, SERVER); /* which was not asked */
	says_usual(DHCP_NAK, SERVER);
	assert_int_equal(b.dhcp.state, DHCP_REQUESTING);
	assert_counted(b.dhcp.stats.unexpected, 3);
	says_usual(DHCP_ACK, OTHER);
	assert_int_equal(dhcp_lease(&b.dhcp)->server, OTHER);
}

static void only_answers_to_the_last_question_count(void **state)
{
	(void)state;
	struct said s;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_ACK, SERVER); /* nothing was requested */
	says_usual(DHCP_NAK, SERVER);
	usual_reply(&s, DHCP_OFFER, SERVER);
	s.bytes[DHCP_XID] ^= 1;
	says(&s);
	assert_counted(b.dhcp.stats.unexpected, 3);
	hears_nothing();
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	usual_reply(&s, DHCP_ACK, SERVER);
	store_be32(s.bytes + DHCP_YIADDR, OFFERED + 1); /* not what was offered */
	says(&s);
	assert_null(dhcp_lease(&b.dhcp));
	assert_counted(b.dhcp.stats.unusable, 1);
}

static void a_denial_begins_anew_but_not_at_full_speed(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	for (unsigned i = 0; i < 6; i++) {
		uint64_t since_us = b.rig.now_us;
		says_usual(DHCP_OFFER, SERVER);
		hears_type(DHCP_REQUEST);
		says_usual(DHCP_NAK, SERVER);
		while (!hears())
			passes(US_PER_S / 10);
		assert_int_equal(asked_addr(OPTION_SERVER), 0); /* a DISCOVER */
		if (i > 0)
			assert_true(b.rig.now_us - since_us >= ((UINT64_C(2) << i) - 1) * US_PER_S);
		else
			assert_int_equal(b.rig.now_us, since_us);
	}
	assert_counted(b.dhcp.stats.denials, 6);
	assert_int_equal(b.told, 0);
}

/* --- conflicts ------------------------------------------------------------------------------- */

static void another_station_says(uint32_t sender, uint32_t target)
{
	const struct frame_arp a = {
		.mac = rig_other_mac, .op = 2, .sender = sender, .target = target};
	net_rig_receive(&b.rig, frame_arp(b.rig.frame, &a));
}

static void is_declined(void)
{
	hears_type(DHCP_DECLINE);
	assert_int_equal(b.asked.src, 0);
	assert_int_equal(b.asked.dst, IPV4_BROADCAST);
	assert_int_equal(b.asked.ciaddr, 0);
	assert_int_equal(asked_addr(OPTION_REQUESTED), OFFERED);
	assert_int_equal(asked_addr(OPTION_SERVER), SERVER);
	assert_null(dhcp_lease(&b.dhcp));
	assert_int_equal(b.rig.ipv4.addr, 0);
	passes(DHCP_DECLINED_US - 1);
	hears_nothing();
	passes(US_PER_S + 1);
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	says_usual(DHCP_ACK, SERVER);
	assert_non_null(dhcp_lease(&b.dhcp));
}

static void neighbours_are_asked_while_the_server_is(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	hears_nothing();
	assert_int_equal(b.arps, 1);
	assert_int_equal(b.arp_sender, 0);
	assert_int_equal(b.arp_target, OFFERED);
}

static void an_address_that_a_neighbour_has_is_declined(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	another_station_says(OFFERED, 0);
	says_usual(DHCP_ACK, SERVER);
	assert_int_equal(b.told, 0);
	is_declined();
}

static void so_is_one_whose_owner_answers_late(void **state)
{
	(void)state;
	obtains();
	hears_nothing();
	passes(DHCP_WATCH_US - 1);
	another_station_says(OFFERED, 0);
	assert_int_equal(b.told, 2);
	is_declined();
}

static void later_it_is_defended(void **state)
{
	(void)state;
	obtains();
	passes(DHCP_WATCH_US);
	hears_nothing();
	b.arps = 0;
	another_station_says(OFFERED, OFFERED);
	hears_nothing();
	assert_int_equal(b.arps, 1);
	assert_int_equal(b.arp_sender, OFFERED);
	assert_non_null(dhcp_lease(&b.dhcp));
}

static void other_neighbours_are_no_conflict(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	another_station_says(OFFERED + 1, OFFERED);
	says_usual(DHCP_ACK, SERVER);
	assert_non_null(dhcp_lease(&b.dhcp));
}

/* --- what is missing ------------------------------------------------------------------------- */

static void without_packets_the_next_try_asks(void **state)
{
	(void)state;
	struct pkt *held[RIG_PACKETS];
	unsigned n = 0;
	hears_type(DHCP_DISCOVER);
	while ((held[n] = pkt_alloc(&b.rig.tx, 0)) != NULL && ++n < RIG_PACKETS)
		continue;
	passes(3 * US_PER_S);
	assert_counted(b.dhcp.stats.unsent, 1);
	while (n > 0)
		pkt_put(held[--n]);
	passes(5 * US_PER_S);
	hears_type(DHCP_DISCOVER);
}

static enum err no_numbers(struct rng *r, void *bytes, size_t len)
{
	(void)r, (void)bytes, (void)len;
	return ERR_NOTREADY;
}

static void without_numbers_nothing_is_asked(void **state)
{
	(void)state;
	static const struct rng_ops none = {.read = no_numbers};
	const struct rng_ops *some = b.rig.random.rng.ops;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	b.rig.random.rng.ops = &none;
	says_usual(DHCP_NAK, SERVER);
	passes(DHCP_RETRY_US * 3);
	hears_nothing();
	b.rig.random.rng.ops = some;
	passes(DHCP_RETRY_US);
	hears_type(DHCP_DISCOVER);
}

static void names_of_hosts_are_checked(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"a.b", "a b", "\xc3\xa4",
		"a234567890123456789012345678901234567890123456789012345678901234"};
	static struct dhcp d;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(dhcp_init(&d, &b.rig.ipv4, &b.rig.random.rng, bad[i]),
				 ERR_INVALID);
	assert_int_equal(dhcp_init(&d, &b.rig.ipv4, &b.rig.random.rng, ""), OK);
	assert_int_equal(dhcp_init(&d, &b.rig.ipv4, &b.rig.random.rng, bad[3] + 1), OK);
}

/* The client is its interface's own: another UDP over it, or over more, may do as it likes. */
static void the_port_stays_free_for_others(void **state)
{
	(void)state;
	struct udp_socket same = {.port = DHCP_CLIENT_PORT};
	assert_int_equal(udp_open(&b.udp, &same), OK);
	obtains();
	assert_counted(b.udp.stats.in, 0);
	udp_close(&b.udp, &same);
}

const struct CMUnitTest leases_tests[] = {
	TEST(the_first_discover_is_sent_at_once),
	TEST(classless_routes_are_asked_for_before_routers),
	TEST(four_messages_give_an_address),
	TEST(replies_to_the_offered_address_are_heard),
	TEST(discover_is_sent_again_ever_more_rarely),
	TEST(request_is_sent_four_times_and_then_all_begins_anew),
	TEST(of_two_servers_the_first_is_taken),
	TEST(only_answers_to_the_last_question_count),
	TEST(a_denial_begins_anew_but_not_at_full_speed),
	TEST(other_neighbours_are_no_conflict),
	TEST(without_packets_the_next_try_asks),
	TEST(without_numbers_nothing_is_asked),
	TEST(names_of_hosts_are_checked),
	TEST(the_port_stays_free_for_others),
#ifndef PLAIN_IPV4 /* which looks for no conflicts */
	TEST(an_address_that_a_neighbour_has_is_declined),
	TEST(later_it_is_defended),
	TEST(neighbours_are_asked_while_the_server_is),
	TEST(so_is_one_whose_owner_answers_late),
#endif
};
const size_t n_leases_tests = ARRAY_SIZE(leases_tests);
