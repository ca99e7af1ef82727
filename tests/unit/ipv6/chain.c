/* SPDX-License-Identifier: ISC */
/*
 * Extension headers (RFC 8200 section 4, RFC 8504 section 5.3): skipped, refused, bounded.
 */
#include <stdlib.h>

#include "tests/unit/ipv6/bench.h"

enum { HOPS = 0, ROUTING = 43, FRAGMENT = 44, NONE = 59, OPTIONS = 60, PROBLEM = 4 };

/* They arrive, and the payload reaches the transport. */
static void expect_taken(uint8_t next, const void *extension, size_t len)
{
	unsigned count = taken.count;
	arrives(next, extension, len, 50);
	assert_int_equal(taken.count, count + 1);
	assert_int_equal(taken.len, 50);
	assert_int_equal(taken.meta.proto, PROTO);
	assert_int_equal(taken.l4 - taken.l3, 40 + len);
	hears_nothing();
}

static void expect_dropped(uint8_t next, const void *extension, size_t len, const uint32_t *counter)
{
	uint32_t before = *counter;
	arrives(next, extension, len, 50);
	assert_int_equal(*counter, before + 1);
	assert_int_equal(taken.count, 0);
	hears_nothing();
}

/* The peer is told of a problem, with the whole packet. */
static void expect_problem(uint8_t next, const void *extension, size_t len, uint8_t code,
			   uint32_t at)
{
	unsigned count = taken.count;
	arrives(next, extension, len, 50);
	const uint8_t *message = hears(PROBLEM, code);
	assert_int_equal(load_be32(message + 4), at);
	assert_int_equal(rig.len, FRAME6_L4 + 8 + 40 + len + 50);
	assert_int_equal(message[8 + 6], next);
	assert_memory_equal(message + 8 + 40, extension, len);
	assert_int_equal(taken.count, count);
	hears_nothing();
}

static void harmless_headers_are_skipped(void **state)
{
	(void)state;
	/* clang-format off */
	static const uint8_t all[] = {
		OPTIONS, 0, 5, 2, 0, 0, 1, 0,  /* hop-by-hop options: router alert */
		ROUTING, 1, 1, 4, 0, 0, 0, 0,  /* options: padding … */
		0x1e, 2, 9, 9, 1, 2, 0, 0,     /* … around an experimental one */
		FRAGMENT, 0, 0, 0, 0, 0, 0, 0, /* routing of type 0, with nothing left */
		OPTIONS, 0, 0, 0, 1, 2, 3, 4,  /* a fragment that is the whole */
		PROTO, 0, 1, 4, 0, 0, 0, 0,
	};
	/* clang-format on */
	expect_taken(HOPS, all, sizeof(all));
	expect_taken(OPTIONS, all + sizeof(all) - 8, 8);
}

static void source_routes_are_refused(void **state)
{
	(void)state;
	uint8_t routing[24] = {PROTO, 2, 0, 1};
	for (unsigned type = 0; type < 5; type++) {
		routing[2] = (uint8_t)type;
		expect_problem(ROUTING, routing, sizeof(routing), 0, 42);
	}
	assert_int_equal(rig.ipv6.stats.bad_extension, 5);
}

static void unknown_options_do_as_their_type_says(void **state)
{
	(void)state;
	uint8_t options[] = {PROTO, 0, 0x1e, 0, 1, 2, 0, 0};
	expect_taken(OPTIONS, options, 8);
	taken.count = 0;
	options[2] = 0x5e;
	expect_dropped(OPTIONS, options, 8, &rig.ipv6.stats.bad_extension);
	options[2] = 0x9e;
	expect_problem(OPTIONS, options, 8, 2, 42);
	options[2] = 0xde;
	expect_problem(OPTIONS, options, 8, 2, 42);
	options[2] = 0xc2; /* a jumbo payload */
	expect_problem(HOPS, options, 8, 2, 42);
}

static void options_in_packets_to_groups_are_answered_only_if_they_insist(void **state)
{
	(void)state;
	uint8_t options[] = {PROTO, 0, 0xde, 0, 1, 2, 0, 0};
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.eth_dst = NULL;
	ip.dst = ip6("ff02::1");
	ip.next = OPTIONS;
	ip.extension = options;
	ip.extension_bytes = sizeof(options);
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, "payload", 7));
	hears_nothing();
	assert_int_equal(rig.icmpv6.icmp.stats.forbidden, 1);
	options[2] = 0x9e;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, "payload", 7));
	hears(PROBLEM, 2);
	const struct ip_addr src = ipv6_addr_load(rig.frame + FRAME_ETH + 8);
	assert_addr(&src, RIG6_ADDR);
}

static void unknown_headers_are_told_with_their_place(void **state)
{
	(void)state;
	static const uint8_t options[8] = {99, 0, 1, 4}, ah[8] = {51, 0, 1, 4};
	static const uint8_t late_hops[16] = {HOPS, 0, 1, 4, 0, 0, 0, 0, PROTO, 0, 1, 4};
	arrives(99, NULL, 0, 50);
	assert_int_equal(load_be32(hears(PROBLEM, 1) + 4), 6);
	expect_problem(OPTIONS, options, 8, 1, 40);
	expect_problem(OPTIONS, ah, 8, 1, 40);
	expect_problem(OPTIONS, late_hops, 16, 1, 40); /* hop-by-hop options come first, or not */
	assert_int_equal(rig.ipv6.stats.no_protocol, 3);
}

static void nothing_is_behind_the_last_header(void **state)
{
	(void)state;
	expect_dropped(NONE, NULL, 0, &rig.ipv6.stats.bad_extension);
}

static void lengths_that_cannot_be_are_dropped(void **state)
{
	(void)state;
	uint8_t options[16] = {PROTO, 0, 0x1e, 3, 1, 2, 3, 0};
	uint32_t *bad = &rig.ipv6.stats.bad_extension;
	expect_taken(OPTIONS, options, 8);
	taken.count = 0;
	options[3] = 5; /* an option beyond its header */
	expect_dropped(OPTIONS, options, 8, bad);
	options[6] = 0x1e;
	options[3] = 3;
	options[7] = 0x1e; /* one without a length */
	expect_dropped(OPTIONS, options, 8, bad);
	options[1] = 255; /* a header beyond the packet */
	expect_dropped(OPTIONS, options, 8, bad);
	for (size_t len = 0; len < 8; len++) {
		uint32_t before = *bad;
		arrives(ROUTING, options, len, 0);
		assert_int_equal(*bad, before + 1);
	}
	hears_nothing();
}

static void excess_is_dropped(void **state)
{
	(void)state;
	uint8_t many[8 * (IPV6_EXTENSIONS_MAX + 1)], options[40] = {PROTO, 3};
	for (size_t i = 0; i < sizeof(many); i += 8)
		memcpy(many + i, (uint8_t[8]){OPTIONS, 0, 1, 4}, 8);
	many[8 * (IPV6_EXTENSIONS_MAX - 1)] = PROTO;
	expect_taken(OPTIONS, many, 8 * IPV6_EXTENSIONS_MAX);
	taken.count = 0;
	many[8 * (IPV6_EXTENSIONS_MAX - 1)] = OPTIONS;
	many[8 * IPV6_EXTENSIONS_MAX] = PROTO;
	expect_dropped(OPTIONS, many, sizeof(many), &rig.ipv6.stats.excess);
	for (unsigned i = 2; i < 32; i += 2)
		options[i] = 0x1e; /* fifteen of them */
	expect_dropped(OPTIONS, options, 32, &rig.ipv6.stats.excess);
	memset(options + 2, 0, 38); /* nothing but padding */
	expect_dropped(OPTIONS, options, 32, &rig.ipv6.stats.excess);
	static const uint8_t fragments[16] = {FRAGMENT, 0, 0, 0, 0, 0, 0, 0, PROTO};
	expect_dropped(FRAGMENT, fragments, 16, &rig.ipv6.stats.excess);
}

static void fragments_that_nobody_puts_together_are_dropped(void **state)
{
	(void)state;
	uint8_t fragment[8] = {PROTO, 0, 0, 1, 0, 0, 0, 1};
	expect_dropped(FRAGMENT, fragment, 8, &rig.ipv6.stats.fragments);
	fragment[3] = 8;
	expect_dropped(FRAGMENT, fragment, 8, &rig.ipv6.stats.fragments);
	fragment[3] = 0;
	expect_taken(FRAGMENT, fragment, 8);
}

static void any_chain_is_walked_within_its_bytes(void **state)
{
	(void)state;
	uint8_t packet[40 + 24] = {0x60};
	static const uint8_t next[] = {HOPS, ROUTING, FRAGMENT, OPTIONS, PROTO};
	struct ipv6_chain c;
	size_t at;
	for (unsigned i = 0; i < 5 * 5 * 5 * 256; i++) {
		packet[6] = next[i % 5];
		packet[40] = next[i / 5 % 5];
		packet[41] = (uint8_t)(i / 125 % 3);
		packet[43] = (uint8_t)(i / 125);
		packet[48] = next[i / 25 % 5];
		for (size_t len = 40; len <= sizeof(packet); len += 4) {
			uint8_t *exact = malloc(len); /* a byte too far is seen */
			memcpy(exact, packet, len);
			enum ipv6_verdict v = ipv6_chain_walk(&c, exact, len);
			assert_true(v != IPV6_ACCEPT || c.bytes <= len);
			(void)ipv6_chain_skip(exact, len, &at);
			assert_true(at <= len);
			free(exact);
		}
	}
}

const struct CMUnitTest chain_tests[] = {
	TEST(harmless_headers_are_skipped),
	TEST(source_routes_are_refused),
	TEST(unknown_options_do_as_their_type_says),
	TEST(options_in_packets_to_groups_are_answered_only_if_they_insist),
	TEST(unknown_headers_are_told_with_their_place),
	TEST(nothing_is_behind_the_last_header),
	TEST(lengths_that_cannot_be_are_dropped),
	TEST(excess_is_dropped),
	TEST(fragments_that_nobody_puts_together_are_dropped),
	TEST(any_chain_is_walked_within_its_bytes),
};
const size_t n_chain_tests = ARRAY_SIZE(chain_tests);
