/* SPDX-License-Identifier: ISC */
/*
 * A lease over time: T1, T2, its end, changes that a renewal brings.
 */
#include "tests/fakes/counted.h"
#include "tests/unit/dhcp/bench.h"

/* The clock goes to `s` seconds after the lease was asked for, and what was sent is forgotten. */
static void forget_until(uint64_t s)
{
	uint64_t at_us = b.dhcp.asked_us + s * US_PER_S;
	passes(at_us - b.rig.now_us);
	while (hears())
		continue;
}

/* The server is known to ARP, so that what is sent to it alone is seen. */
static void server_is_known(void)
{
	net_rig_know(&b.rig, SERVER, rig_gateway_mac);
}

static void at_t1_the_server_is_asked(void **state)
{
	(void)state;
	obtains();
	uint32_t xid = b.asked.xid;
	forget_until(LEASE_S / 2 - 2);
	hears_nothing();
	server_is_known();
	passes(b.dhcp.t1_us - b.rig.now_us);
	hears_type(DHCP_REQUEST);
	assert_int_equal(b.dhcp.state, DHCP_RENEWING);
	assert_true(b.asked.xid != xid);
	assert_int_equal(b.asked.src, OFFERED);
	assert_int_equal(b.asked.dst, SERVER);
	assert_memory_equal(b.asked.eth_dst, rig_gateway_mac, 6);
	assert_int_equal(b.asked.ciaddr, OFFERED);
	assert_int_equal(asked_addr(OPTION_REQUESTED), 0); /* RFC 2131 table 5 */
	assert_int_equal(asked_addr(OPTION_SERVER), 0);
	uint64_t asked_us = b.rig.now_us;
	b.arps = 0;
	says_usual(DHCP_ACK, SERVER);
	assert_int_equal(b.dhcp.state, DHCP_BOUND);
	assert_counted(b.dhcp.stats.renewals, 1);
	assert_int_equal(b.told, 2);
	assert_int_equal(b.dhcp.end_us, asked_us + LEASE_S * UINT64_C(1000000));
	hears_nothing();
	assert_int_equal(b.arps, 0); /* the address is not news */
}

static void at_t2_all_servers_are_asked(void **state)
{
	(void)state;
	obtains();
	forget_until(LEASE_S / 2);
	assert_int_equal(b.dhcp.state, DHCP_RENEWING);
	passes(b.dhcp.t2_us - b.rig.now_us - 1);
	assert_int_equal(b.dhcp.state, DHCP_RENEWING);
	while (hears())
		continue;
	passes(1);
	hears_type(DHCP_REQUEST);
	assert_int_equal(b.dhcp.state, DHCP_REBINDING);
	assert_int_equal(b.asked.dst, IPV4_BROADCAST);
	assert_int_equal(b.asked.src, OFFERED);
	assert_int_equal(b.asked.ciaddr, OFFERED);
	says_usual(DHCP_ACK, OTHER);
	assert_int_equal(b.dhcp.state, DHCP_BOUND);
	assert_int_equal(dhcp_lease(&b.dhcp)->server, OTHER);
	assert_int_equal(b.dhcp.server, OTHER);
}

static void the_waits_between_attempts_halve_down_to_a_minute(void **state)
{
	(void)state;
	unsigned n = 0;
	obtains();
	server_is_known();
	passes(b.dhcp.t1_us - b.rig.now_us);
	while (hears())
		continue;
	for (uint64_t last_us = b.rig.now_us; b.dhcp.state == DHCP_RENEWING; n++) {
		passes(b.dhcp.due_us - b.rig.now_us);
		uint64_t wait_us = b.rig.now_us - last_us, left_us = b.dhcp.t2_us - last_us;
		assert_true(wait_us >= MIN(left_us, (uint64_t)DHCP_RENEW_MIN_US));
		last_us = b.rig.now_us;
	}
	assert_in_range(n, 3, 12);
	assert_int_equal(b.rig.now_us, b.dhcp.t2_us);
}

static void at_its_end_the_address_goes(void **state)
{
	(void)state;
	obtains();
	passes(b.dhcp.end_us - b.rig.now_us - 1);
	assert_non_null(dhcp_lease(&b.dhcp));
	assert_int_equal(b.rig.ipv4.addr, OFFERED);
	while (hears())
		continue;
	passes(1);
	assert_null(dhcp_lease(&b.dhcp));
	assert_int_equal(b.rig.ipv4.addr, 0);
	assert_int_equal(b.told, 2);
	assert_counted(b.dhcp.stats.expirations, 1);
	obtains();
	assert_int_equal(b.rig.ipv4.addr, OFFERED);
}

static void a_sleeper_finds_the_lease_over(void **state)
{
	(void)state;
	obtains();
	while (hears())
		continue;
	net_rig_poll_at(&b.rig, b.dhcp.end_us + 1);
	assert_null(dhcp_lease(&b.dhcp));
	hears_type(DHCP_DISCOVER);
}

static void a_denial_takes_the_address(void **state)
{
	(void)state;
	obtains();
	forget_until(LEASE_S / 2 - 2);
	server_is_known();
	passes(b.dhcp.t1_us - b.rig.now_us);
	hears_type(DHCP_REQUEST);
	says_usual(DHCP_NAK, OTHER); /* not asked */
	assert_non_null(dhcp_lease(&b.dhcp));
	says_usual(DHCP_NAK, SERVER);
	assert_null(dhcp_lease(&b.dhcp));
	assert_int_equal(b.rig.ipv4.addr, 0);
	obtains();
}

static void a_renewal_may_change_subnet_and_servers(void **state)
{
	(void)state;
	struct said s;
	obtains();
	assert_int_equal(dhcp_lease(&b.dhcp)->dns.n, 0);
	passes(b.dhcp.t2_us - b.rig.now_us);
	while (hears())
		continue;
	begin_reply(&s, DHCP_ACK, SERVER);
	add_addr(&s, OPTION_MASK, 0xffff0000);
	add_addr(&s, OPTION_ROUTERS, 0x0a00fe01);
	add_addr(&s, OPTION_LEASE, LEASE_S);
	add_addr(&s, OPTION_DNS, 0x08080808);
	says(&s);
	assert_int_equal(b.rig.ipv4.mask, 0xffff0000);
	assert_int_equal(b.rig.ipv4.gateway, 0x0a00fe01);
	assert_int_equal(dhcp_lease(&b.dhcp)->dns.addr[0], 0x08080808);
}

static void a_lease_without_end_is_not_renewed(void **state)
{
	(void)state;
	struct said s;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	begin_reply(&s, DHCP_ACK, SERVER);
	add_addr(&s, OPTION_LEASE, DHCP_FOREVER);
	says(&s);
	passes(10 * US_PER_S);
	while (hears())
		continue;
	assert_int_equal(b.rig.deadline_us, TIME_NEVER);
	assert_non_null(dhcp_lease(&b.dhcp));
}

/* A lease with these times: when its T1 and T2 are, in seconds. */
static void times_of(uint32_t lease_s, uint32_t t1_s, uint32_t t2_s, uint64_t t1, uint64_t t2)
{
	struct said s;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	begin_reply(&s, DHCP_ACK, SERVER);
	add_addr(&s, OPTION_LEASE, lease_s);
	if (t1_s != 0)
		add_addr(&s, OPTION_T1, t1_s);
	if (t2_s != 0)
		add_addr(&s, OPTION_T2, t2_s);
	says(&s);
	assert_non_null(dhcp_lease(&b.dhcp));
	uint64_t begin_us = b.dhcp.asked_us;
	assert_in_range(b.dhcp.t1_us - begin_us, (t1 - 1) * US_PER_S, t1 * US_PER_S);
	assert_int_equal(b.dhcp.t2_us - begin_us, t2 * US_PER_S);
	assert_int_equal(b.dhcp.end_us - begin_us, lease_s * (uint64_t)US_PER_S);
	teardown(NULL);
	setup(NULL);
}

static void times_of_the_server_are_taken_if_they_make_sense(void **state)
{
	(void)state;
	times_of(1000, 0, 0, 500, 875);
	times_of(1000, 100, 200, 100, 200);
	times_of(1000, 200, 100, 500, 875);
	times_of(1000, 100, 1000, 500, 875);
	times_of(1000, 100, 0, 500, 875);
	times_of(1000, 0, 900, 500, 875);
	times_of(1000, UINT32_MAX, UINT32_MAX, 500, 875);
	times_of(UINT32_MAX - 1, 0, 0, 2147483647, 3758096383);
	times_of(DHCP_LEASE_MIN_S, 0, 0, 5, 9);
}

static void a_short_lease_is_renewed_in_time(void **state)
{
	(void)state;
	struct said s;
	unsigned attempts = 0;
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	begin_reply(&s, DHCP_ACK, SERVER);
	add_addr(&s, OPTION_LEASE, 120);
	says(&s);
	for (; b.dhcp.state != DHCP_SELECTING && attempts < 100; attempts++)
		passes(b.dhcp.due_us - b.rig.now_us);
	assert_in_range(attempts, 5, 30);
}

/* The cable is out for `us`, and in again. */
static void link_is_down_for(uint64_t us)
{
	struct netif *nif = b.dhcp.ipv4->eth->netif;
	nif->link_up = false;
	passes(us);
	while (hears())
		continue;
	nif->link_up = true;
	passes(0);
}

static void after_the_link_any_server_confirms(void **state)
{
	(void)state;
	obtains();
	forget_until(100);
	link_is_down_for(20 * US_PER_S);
	hears_type(DHCP_REQUEST);
	assert_int_equal(b.dhcp.state, DHCP_REBOOTING);
	assert_int_equal(b.asked.dst, IPV4_BROADCAST);
	assert_int_equal(b.asked.ciaddr, 0); /* section 4.3.2 */
	assert_int_equal(asked_addr(OPTION_REQUESTED), OFFERED);
	assert_int_equal(asked_addr(OPTION_SERVER), 0);
	assert_non_null(dhcp_lease(&b.dhcp)); /* in use meanwhile */
	uint64_t asked_us = b.rig.now_us;
	says_usual(DHCP_ACK, OTHER);
	assert_int_equal(b.dhcp.state, DHCP_BOUND);
	assert_int_equal(b.dhcp.server, OTHER);
	assert_int_equal(b.dhcp.end_us, asked_us + LEASE_S * UINT64_C(1000000));
	hears_nothing();
}

static void in_another_network_the_address_goes_at_once(void **state)
{
	(void)state;
	obtains();
	forget_until(100);
	link_is_down_for(20 * US_PER_S);
	hears_type(DHCP_REQUEST);
	says_usual(DHCP_NAK, OTHER);
	assert_null(dhcp_lease(&b.dhcp));
	hears_type(DHCP_DISCOVER);
}

static void where_nobody_answers_the_lease_goes_on(void **state)
{
	(void)state;
	obtains();
	forget_until(100);
	uint64_t end_us = b.dhcp.end_us;
	link_is_down_for(20 * US_PER_S);
	for (unsigned i = 0; i < DHCP_REQUESTS_MAX; i++) {
		hears_type(DHCP_REQUEST);
		passes(b.dhcp.due_us - b.rig.now_us);
	}
	hears_nothing();
	assert_int_equal(b.dhcp.state, DHCP_BOUND);
	assert_int_equal(b.dhcp.due_us, b.dhcp.t1_us);
	assert_int_equal(b.dhcp.end_us, end_us);
}

static void a_lease_that_ran_out_meanwhile_is_over(void **state)
{
	(void)state;
	obtains();
	forget_until(LEASE_S - 5);
	uint64_t end_us = b.dhcp.end_us;
	link_is_down_for(1);
	passes(end_us - b.rig.now_us - 1);
	assert_non_null(dhcp_lease(&b.dhcp));
	passes(1);
	assert_null(dhcp_lease(&b.dhcp));
	assert_counted(b.dhcp.stats.expirations, 1);
}

static void without_a_lease_the_link_begins_anew_at_once(void **state)
{
	(void)state;
	hears_type(DHCP_DISCOVER);
	link_is_down_for(100 * US_PER_S);
	hears_type(DHCP_DISCOVER);
	assert_int_equal(b.asked.secs, 0);
	assert_int_equal(b.dhcp.tries, 1);
}

const struct CMUnitTest renewing_tests[] = {
	TEST(at_t1_the_server_is_asked),
	TEST(at_t2_all_servers_are_asked),
	TEST(the_waits_between_attempts_halve_down_to_a_minute),
	TEST(at_its_end_the_address_goes),
	TEST(a_sleeper_finds_the_lease_over),
	TEST(a_denial_takes_the_address),
	TEST(a_lease_without_end_is_not_renewed),
	TEST(times_of_the_server_are_taken_if_they_make_sense),
	TEST(a_short_lease_is_renewed_in_time),
	TEST(after_the_link_any_server_confirms),
	TEST(in_another_network_the_address_goes_at_once),
	TEST(where_nobody_answers_the_lease_goes_on),
	TEST(a_lease_that_ran_out_meanwhile_is_over),
	TEST(without_a_lease_the_link_begins_anew_at_once),
#ifndef PLAIN_IPV4 /* which wants no servers */
	TEST(a_renewal_may_change_subnet_and_servers),
#endif
};
const size_t n_renewing_tests = ARRAY_SIZE(renewing_tests);
