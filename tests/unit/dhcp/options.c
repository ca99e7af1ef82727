/* SPDX-License-Identifier: ISC */
/*
 * What servers say: each option, right, wrong and in parts.
 */
#include "tests/fakes/counted.h"
#include "tests/unit/dhcp/bench.h"

static struct said said;

/* Asks, is offered something usual, and is about to be told `said`. */
static void is_about_to_be_told(void)
{
	hears_type(DHCP_DISCOVER);
	says_usual(DHCP_OFFER, SERVER);
	hears_type(DHCP_REQUEST);
	begin_reply(&said, DHCP_ACK, SERVER);
	add_addr(&said, OPTION_LEASE, LEASE_S);
}

/* Is told `said`, and the lease that comes of it. */
static const struct dhcp_lease *told(void)
{
	says(&said);
	assert_non_null(dhcp_lease(&b.dhcp));
	return dhcp_lease(&b.dhcp);
}

static void start_again(void)
{
	teardown(NULL);
	setup(NULL);
	is_about_to_be_told();
}

static void servers_and_domain_are_handed_out(void **state)
{
	(void)state;
	static const uint8_t dns[] = {10, 0, 2, 3, 0, 0, 0, 0, 1, 1, 1, 1, 8, 8, 8, 8, 9, 9, 9, 9};
	is_about_to_be_told();
	add(&said, OPTION_DNS, dns, sizeof(dns));
	add_addr(&said, OPTION_NTP, 0x0a000204);
	add(&said, OPTION_DOMAIN, "example.org\0", 12);
	const struct dhcp_lease *l = told();
	assert_int_equal(l->dns.n, 3); /* the first three that can be */
	assert_int_equal(l->dns.addr[0], 0x0a000203);
	assert_int_equal(l->dns.addr[1], 0x01010101);
	assert_int_equal(l->dns.addr[2], 0x08080808);
	assert_int_equal(l->ntp.n, 1);
	assert_int_equal(l->ntp.addr[0], 0x0a000204);
	assert_string_equal(l->domain, "example.org");
}

static void a_mask_must_be_contiguous(void **state)
{
	(void)state;
	static const struct {
		uint32_t mask;
		uint8_t bits;
	} cases[] = {
		{0xffffff00, 24}, {0xfffffffc, 0}, {0xffffffff, 32}, {0xff000000, 8},
		{0xff00ff00, 8},  {0x00ffffff, 8}, {0, 8}, /* as the class of 10.0.2.15 says */
	};
	is_about_to_be_told();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		add_addr(&said, OPTION_MASK, cases[i].mask);
		if (cases[i].bits != 0) {
			assert_int_equal(told()->prefix.bits, cases[i].bits);
		} else { /* of that subnet it is the broadcast address */
			says(&said);
			assert_null(dhcp_lease(&b.dhcp));
			assert_counted(b.dhcp.stats.unusable, 1);
		}
		start_again();
	}
}

static void a_gateway_must_be_a_neighbour(void **state)
{
	(void)state;
	static const uint32_t bad[] = {RIG_FAR, OFFERED,    0x0a0002ff, 0x0a000200,
				       0,       0x7f000001, 0xe0000001};
	is_about_to_be_told();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		add_addr(&said, OPTION_MASK, 0xffffff00);
		add_addr(&said, OPTION_ROUTERS, bad[i]);
		assert_int_equal(told()->gateway, 0);
		start_again();
	}
	add_addr(&said, OPTION_MASK, 0xffffffff); /* of such a subnet it need not be */
	add_addr(&said, OPTION_ROUTERS, RIG_FAR);
	assert_int_equal(told()->gateway, RIG_FAR);
}

/* --- classless routes ------------------------------------------------------------------------ */

static uint32_t gateway_by(const uint8_t *routes, size_t len)
{
	start_again();
	add_addr(&said, OPTION_MASK, 0xffffff00);
	add_addr(&said, OPTION_ROUTERS, RIG_GATEWAY);
	add(&said, OPTION_ROUTES, routes, len);
	return told()->gateway;
}

static void the_default_of_classless_routes_wins(void **state)
{
	(void)state;
	static const uint8_t routes[] = {24, 192, 0,  2,   10, 0,  2,  7,         /* a network */
					 32, 198, 51, 100, 1,  10, 0,  2, 8,      /* a host */
					 0,  10,  0,  2,   9,  0,  10, 0, 2, 10}; /* all else */
	hears_type(DHCP_DISCOVER);
	assert_int_equal(gateway_by(routes, sizeof(routes)), 0x0a000209);
	assert_int_equal(gateway_by(routes, 17), 0); /* there is none */
	assert_int_equal(gateway_by(NULL, 0), RIG_GATEWAY);
	assert_int_equal(gateway_by((const uint8_t[]){0, 0, 0, 0, 0}, 5), 0); /* on the link */
}

static uint32_t hop_to(uint32_t dst)
{
	struct ipv4_way way = {.hop = b.rig.ipv4.gateway};
	return b.rig.ipv4.hook->find_way(b.rig.ipv4.hook->find_way_self, dst, way).hop;
}

static void classless_routes_are_used(void **state)
{
	(void)state;
	static const uint8_t routes[] = {
		24, 192, 0,   2,    10, 0, 2, 7,    /* a network */
		0,  10,  0,   2,    9,              /* the default */
		20, 172, 16,  0xff, 10, 0, 2, 8,    /* with bits too many: 172.16.240.0/20 */
		32, 192, 0,   2,    77, 0, 0, 0, 0, /* on the link */
		8,  127, 10,  0,    2,  7,          /* no network of hosts */
		16, 192, 168, 224,  0,  0, 1,       /* no router */
	};
	is_about_to_be_told();
	add(&said, OPTION_ROUTES, routes, sizeof(routes));
	const struct dhcp_lease *l = told();
	assert_int_equal(l->routes.n, 3);
	assert_int_equal(hop_to(0xc0000201), 0x0a000207);
	assert_int_equal(hop_to(0xac10f101), 0x0a000208);
	assert_int_equal(hop_to(0xac100001), 0x0a000209);
	assert_int_equal(hop_to(0xc000024d), 0xc000024d);
	start_again(); /* without a lease there are none */
	assert_int_equal(b.dhcp.routes.n, 0);
}

static void more_routes_than_are_kept(void **state)
{
	(void)state;
	uint8_t routes[30 * 7];
	for (uint8_t i = 0; i < 30; i++) {
		const uint8_t route[7] = {16, 172, i, 10, 0, 2, 7};
		memcpy(routes + i * 7, route, 7);
	}
	is_about_to_be_told();
	add(&said, OPTION_ROUTES, routes, sizeof(routes));
	assert_int_equal(told()->routes.n, DHCP_ROUTES_MAX);
	assert_int_equal(hop_to(0xac000001), 0x0a000207);
}

static void malformed_classless_routes_are_as_none(void **state)
{
	(void)state;
	static const uint8_t too_long[] = {33, 1, 2, 3, 4, 5, 10, 0, 2, 9};
	static const uint8_t good_first[] = {0, 10, 0, 2, 9, 24, 192, 0, 2, 10, 0, 2, 7};
	hears_type(DHCP_DISCOVER);
	assert_int_equal(gateway_by(too_long, sizeof(too_long)), RIG_GATEWAY);
	assert_int_equal(gateway_by(good_first, sizeof(good_first)), 0x0a000209);
	for (size_t n = 1; n < sizeof(good_first); n++) {
		if (n != 5)
			assert_int_equal(gateway_by(good_first, n), RIG_GATEWAY);
	}
}

/* --- parts and overload ---------------------------------------------------------------------- */

static void parts_of_an_option_are_put_together(void **state)
{
	(void)state;
	static const uint8_t dns[] = {10, 0, 2, 3, 10, 0, 2, 4};
	is_about_to_be_told();
	add(&said, OPTION_DNS, dns, 3);
	said.bytes[said.len++] = OPTION_PAD;
	add_addr(&said, OPTION_MASK, 0xffffff00);
	add(&said, OPTION_DNS, dns + 3, 5);
	const struct dhcp_lease *l = told();
	assert_int_equal(l->dns.n, 2);
	assert_int_equal(l->dns.addr[1], 0x0a000204);
	assert_int_equal(l->prefix.bits, 24);
}

static void options_continue_in_file_and_sname(void **state)
{
	(void)state;
	static const uint8_t mask[] = {OPTION_MASK, 4, 255, 255, 255, 0, OPTION_DNS, 2, 10, 0, 255};
	static const uint8_t more[] = {OPTION_DNS, 2, 2, 3, OPTION_NTP, 4, 10, 0, 2, 4, 255};
	for (uint8_t overload = 0; overload < 4; overload++) {
		if (overload == 0)
			is_about_to_be_told();
		else
			start_again();
		if (overload != 0)
			add(&said, OPTION_OVERLOAD, &overload, 1);
		memcpy(said.bytes + DHCP_FILE, mask, sizeof(mask));
		memcpy(said.bytes + DHCP_SNAME, more, sizeof(more));
		const struct dhcp_lease *l = told();
		assert_int_equal(l->prefix.bits, (overload & 1) != 0 ? 24 : 8);
		assert_int_equal(l->ntp.n, overload >> 1);
		assert_int_equal(l->dns.n, overload == 3);
	}
	assert_int_equal(dhcp_lease(&b.dhcp)->dns.addr[0], 0x0a000203);
}

static void an_area_that_overflows_spoils_the_message(void **state)
{
	(void)state;
	static const uint8_t both = 3;
	is_about_to_be_told();
	add(&said, OPTION_OVERLOAD, &both, 1);
	memset(said.bytes + DHCP_SNAME, 0, 64);
	said.bytes[DHCP_SNAME + 62] = OPTION_DNS; /* 60 bytes at the end of the field */
	said.bytes[DHCP_SNAME + 63] = 60;
	says(&said);
	assert_counted(b.dhcp.stats.bad, 1);
	assert_null(dhcp_lease(&b.dhcp));
}

/* --- malformed ------------------------------------------------------------------------------- */

static void options_of_wrong_length_are_as_none(void **state)
{
	(void)state;
	static const uint8_t codes[] = {OPTION_MASK, OPTION_ROUTERS, OPTION_DNS,
					OPTION_NTP,  OPTION_T1,      OPTION_T2};
	uint8_t bytes[255];
	memset(bytes, 10, sizeof(bytes));
	is_about_to_be_told();
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		for (size_t len = 0; len <= 255; len += len < 9 ? 1 : 82) {
			if (len % 4 == 0)
				continue;
			add(&said, codes[i], bytes, len);
			const struct dhcp_lease *l = told();
			assert_int_equal(l->prefix.bits, 8);
			assert_int_equal(l->gateway, 0);
			assert_int_equal(l->dns.n + l->ntp.n, 0);
			start_again();
		}
	}
}

static void a_domain_that_is_no_name_is_left_out(void **state)
{
	(void)state;
	static const char *const bad[] = {"a b", "a\nb", "a\x1b[31m", "a/b", "\xff"};
	char text[DHCP_DOMAIN_CHARS];
	is_about_to_be_told();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		add(&said, OPTION_DOMAIN, bad[i], strlen(bad[i]));
		assert_string_equal(told()->domain, "");
		start_again();
	}
	memset(text, 'a', sizeof(text));
	add(&said, OPTION_DOMAIN, text, sizeof(text));
	assert_string_equal(told()->domain, "");
	start_again();
	add(&said, OPTION_DOMAIN, text, sizeof(text) - 1);
	assert_int_equal(strlen(told()->domain), sizeof(text) - 1);
}

static void an_option_longer_than_any_is_left_out(void **state)
{
	(void)state;
	uint8_t bytes[252];
	is_about_to_be_told();
	for (size_t i = 0; i < sizeof(bytes); i += 4)
		store_be32(bytes + i, 0x01010101);
	add(&said, OPTION_DNS, bytes, sizeof(bytes));
	add(&said, OPTION_DNS, bytes, 8);
	assert_int_equal(told()->dns.n, 0);
}

/* The ACK is dropped as bad after this change at `at`. */
static void is_bad_with(size_t at, uint8_t value)
{
	said.bytes[at] = value;
	says(&said);
	assert_null(dhcp_lease(&b.dhcp));
	assert_counted(b.dhcp.stats.bad, 1);
	start_again();
}

static void messages_that_are_no_replies_to_us_are_dropped(void **state)
{
	(void)state;
	is_about_to_be_told();
	is_bad_with(DHCP_OP, BOOTREQUEST);
	is_bad_with(DHCP_HTYPE, 6);
	is_bad_with(DHCP_HLEN, 8);
	is_bad_with(DHCP_CHADDR + 5, 0x77);
	is_bad_with(DHCP_COOKIE, 0);
	is_bad_with(DHCP_OPTIONS + 2, DHCP_REQUEST); /* the type */
	is_bad_with(DHCP_OPTIONS + 2, 0);            /* … */
	is_bad_with(DHCP_OPTIONS + 1, 0);            /* … of no length */
	is_bad_with(DHCP_OPTIONS + 3, OPTION_PAD);   /* no server identifier */
	is_bad_with(DHCP_OPTIONS + 5, 224);          /* one that is a group's */
	is_bad_with(DHCP_OPTIONS + 4, 200);          /* beyond the end */
}

static void truncated_messages_of_each_length_are_dropped(void **state)
{
	(void)state;
	is_about_to_be_told();
	size_t len = said.len;
	for (said.len = 0; said.len < len; said.len++)
		arrives(&said);
	assert_null(dhcp_lease(&b.dhcp));
	assert_counted(b.dhcp.stats.bad + b.dhcp.stats.unusable, len);
	said.len = len; /* without an end, but whole */
	arrives(&said);
	assert_non_null(dhcp_lease(&b.dhcp));
}

static void other_ports_and_pieces_are_dropped(void **state)
{
	(void)state;
	const struct frame_ipv4 ip = {.eth_dst = rig_everybody,
				      .eth_src = rig_gateway_mac,
				      .src = SERVER,
				      .dst = IPV4_BROADCAST};
	is_about_to_be_told();
	net_rig_receive(&b.rig, frame_udp(b.rig.frame, &ip, 6767, 68, said.bytes, said.len));
	assert_counted(b.dhcp.stats.bad, 1);
	b.rig.fake.rx_first_max = (uint32_t)(FRAME_L4 + 8 + said.len);
	b.rig.fake.rx_chunk_max = 100;
	said.len += 50; /* of OPTION_PAD */
	says(&said);
	assert_counted(b.dhcp.stats.bad, 2);
	assert_null(dhcp_lease(&b.dhcp));
}

static void addresses_and_leases_that_cannot_be_are_refused(void **state)
{
	(void)state;
	static const uint32_t bad[] = {0,          0x7f000001, 0xe0000001,
				       0xffffffff, 0x0a0002ff, 0x0a000200};
	hears_type(DHCP_DISCOVER);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		usual_reply(&said, DHCP_OFFER, SERVER);
		store_be32(said.bytes + DHCP_YIADDR, bad[i]);
		says(&said);
	}
	static const uint32_t leases_s[] = {0, 1, DHCP_LEASE_MIN_S - 1};
	for (size_t i = 0; i < ARRAY_SIZE(leases_s); i++) {
		begin_reply(&said, DHCP_OFFER, SERVER);
		add_addr(&said, OPTION_LEASE, leases_s[i]);
		says(&said);
	}
	begin_reply(&said, DHCP_OFFER, SERVER); /* no lease time at all */
	says(&said);
	assert_counted(b.dhcp.stats.unusable, ARRAY_SIZE(bad) + ARRAY_SIZE(leases_s) + 1);
	hears_nothing();
	assert_int_equal(b.dhcp.state, DHCP_SELECTING);
}

const struct CMUnitTest options_tests[] = {
	TEST(a_mask_must_be_contiguous),
	TEST(a_gateway_must_be_a_neighbour),
	TEST(an_area_that_overflows_spoils_the_message),
	TEST(options_of_wrong_length_are_as_none),
	TEST(a_domain_that_is_no_name_is_left_out),
	TEST(an_option_longer_than_any_is_left_out),
	TEST(messages_that_are_no_replies_to_us_are_dropped),
	TEST(truncated_messages_of_each_length_are_dropped),
	TEST(other_ports_and_pieces_are_dropped),
	TEST(addresses_and_leases_that_cannot_be_are_refused),
#ifndef PLAIN_IPV4 /* which has one router, and wants no servers */
	TEST(servers_and_domain_are_handed_out),
	TEST(the_default_of_classless_routes_wins),
	TEST(classless_routes_are_used),
	TEST(more_routes_than_are_kept),
	TEST(malformed_classless_routes_are_as_none),
	TEST(parts_of_an_option_are_put_together),
	TEST(options_continue_in_file_and_sname),
#endif
};
const size_t n_options_tests = ARRAY_SIZE(options_tests);
