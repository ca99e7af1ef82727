/* SPDX-License-Identifier: ISC */
/*
 * What addresses say of themselves.
 */
#include "tests/unit/ipv6/bench.h"

static void scopes_are_those_of_the_architecture(void **state)
{
	static const struct {
		const char *addr;
		uint8_t scope;
	} cases[] = {
		{"::1", 2},      {"fe80::1", 2},  {"febf::1", 2},  {"fec0::1", 5},
		{"fd00::1", 14}, {"2001::1", 14}, {"ff01::1", 1},  {"ff02::1", 2},
		{"ff05::2", 5},  {"ff18::1", 8},  {"ff0e::1", 14},
	};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct ip_addr a = ip6(cases[i].addr);
		assert_int_equal(ipv6_addr_scope(&a), cases[i].scope);
	}
}

static void hosts_are_told_from_others(void **state)
{
	static const char *const others[] = {"::", "::1", "ff02::1", "::ffff:10.0.0.1"};
	static const char *const hosts[] = {"fe80::1", "fd00::1", "2001:db8::1", "::2"};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(others); i++) {
		const struct ip_addr other = ip6(others[i]), host = ip6(hosts[i]);
		assert_false(ipv6_addr_is_host(&other));
		assert_true(ipv6_addr_is_host(&host));
	}
}

static void common_bits_are_counted_over_all_words(void **state)
{
	(void)state;
	const struct ip_addr zero = {{0}};
	for (unsigned bit = 0; bit < 128; bit++) {
		struct ip_addr a = {{0}};
		uint8_t *bytes = (uint8_t *)&a;
		bytes[bit / 8] = (uint8_t)(0x80 >> bit % 8);
		assert_int_equal(ipv6_addr_common_bits(&a, &zero), bit);
		const struct ipv6_prefix p = {.bits = (uint8_t)bit};
		assert_true(ipv6_prefix_has(&p, &a));
		const struct ipv6_prefix longer = {.bits = (uint8_t)(bit + 1)};
		assert_false(ipv6_prefix_has(&longer, &a));
	}
	assert_int_equal(ipv6_addr_common_bits(&zero, &zero), 128);
}

static void groups_follow_from_addresses(void **state)
{
	(void)state;
	const struct ip_addr a = ip6("2001:db8::1:2:345:6789");
	const struct ip_addr group = ipv6_solicited_node(&a);
	uint8_t mac[6];
	assert_addr(&group, "ff02::1:ff45:6789");
	eth_group_addr(&group, mac);
	assert_memory_equal(mac, "\x33\x33\xff\x45\x67\x89", 6);
}

static void the_header_is_parsed_as_emitted(void **state)
{
	(void)state;
	const struct ip_meta meta = {.src = ip6("fd00::2"),
				     .dst = ip6("2001:db8::1"),
				     .proto = 17,
				     .ttl = 3,
				     .tos = 0xb9};
	uint8_t bytes[IPV6_HEADER_BYTES];
	struct ipv6_header h;
	ipv6_header_emit(&meta, 1234, bytes);
	assert_true(ipv6_header_parse(&h, bytes, sizeof(bytes)));
	assert_true(ip_addr_equal(&h.meta.src, &meta.src) && ip_addr_equal(&h.meta.dst, &meta.dst));
	assert_int_equal(h.payload_bytes, 1234);
	assert_int_equal(h.meta.proto, 17);
	assert_int_equal(h.meta.ttl, 3);
	assert_int_equal(h.meta.tos, 0xb9);
	assert_false(ipv6_header_parse(&h, bytes, sizeof(bytes) - 1));
	bytes[0] = 0x45;
	assert_false(ipv6_header_parse(&h, bytes, sizeof(bytes)));
}

#define PURE(f) cmocka_unit_test(f)

const struct CMUnitTest addresses_tests[] = {
	PURE(scopes_are_those_of_the_architecture),   PURE(hosts_are_told_from_others),
	PURE(common_bits_are_counted_over_all_words), PURE(groups_follow_from_addresses),
	PURE(the_header_is_parsed_as_emitted),
};
const size_t n_addresses_tests = ARRAY_SIZE(addresses_tests);
