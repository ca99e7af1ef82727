/* SPDX-License-Identifier: ISC */
/*
 * The order of addresses, with the examples of RFC 6724 section 10.2. The network layer here gives
 * each destination the source address that the example has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/connect/connect.h"
#include "tests/unit/connect/order.h"

struct way {
	const char *destination, *source; /* NULL: there is none */
};

static struct ip ip;
static const struct way *ways;

static struct ip_addr address(const char *text)
{
	struct ip_addr a;

	assert_int_equal(connect_both_families.parse(text, &a), OK);
	return a;
}

static enum err route(struct ip *self, const struct ip_addr *dst, struct ip_route *out)
{
	assert_ptr_equal(self, &ip);
	for (const struct way *w = ways; w->destination != NULL; w++) {
		struct ip_addr d = address(w->destination);
		if (!ip_addr_equal(&d, dst))
			continue;
		if (w->source == NULL)
			return ERR_UNREACHABLE;
		*out = (struct ip_route){.src = address(w->source)};
		return OK;
	}
	fail();
	return ERR_INVALID;
}

static const struct ip_ops ops = {.route = route};

/* Orders the destinations of `given`, and compares with `want`, texts up to a NULL. */
static void check(const struct way *given, const struct ip_addr *last, const char *const *want)
{
	struct ip_addr list[CONNECT_ADDRESSES_MAX];
	unsigned n = 0;
	char text[INET_ADDR_CHARS];

	ip.ops = &ops;
	ways = given;
	for (; given[n].destination != NULL; n++)
		list[n] = address(given[n].destination);
	connect_both_families.order(&ip, list, n, last);
	for (unsigned i = 0; i < n; i++)
		assert_string_equal(inet_format(&list[i], text), want[i]);
}

#define WAYS(...) ((const struct way[]){__VA_ARGS__, {NULL, NULL}})
#define WANT(...) ((const char *const[]){__VA_ARGS__, NULL})

static void scopes_match_first(void **state)
{
	(void)state;
	check(WAYS({"198.51.100.121", "169.254.13.78"}, {"2001:db8:1::1", "2001:db8:1::2"}), NULL,
	      WANT("2001:db8:1::1", "198.51.100.121"));
	check(WAYS({"2001:db8:1::1", "fe80::1"}, {"198.51.100.121", "198.51.100.117"}), NULL,
	      WANT("198.51.100.121", "2001:db8:1::1"));
}

static void higher_precedence_then_smaller_scope(void **state)
{
	(void)state;
	check(WAYS({"10.1.2.3", "10.1.2.4"}, {"2001:db8:1::1", "2001:db8:1::2"}), NULL,
	      WANT("2001:db8:1::1", "10.1.2.3"));
	check(WAYS({"2001:db8:1::1", "2001:db8:1::2"}, {"fe80::1", "fe80::2"}), NULL,
	      WANT("fe80::1", "2001:db8:1::1"));
}

static void labels_match(void **state)
{
	(void)state;
	check(WAYS({"2002:c633:6401::1", "2002:c633:6401::2"}, {"2001:db8:1::1", "fe80::2"}), NULL,
	      WANT("2002:c633:6401::1", "2001:db8:1::1"));
	check(WAYS({"2001:db8:1::1", "2002:c633:6401::2"},
		   {"2002:c633:6401::1", "2002:c633:6401::2"}),
	      NULL, WANT("2002:c633:6401::1", "2001:db8:1::1"));
	check(WAYS({"2001:db8:1::1", "fd00::2"}, {"192.0.2.1", "192.0.2.2"}), NULL,
	      WANT("192.0.2.1", "2001:db8:1::1")); /* only unique local addresses of our own */
}

static void longest_prefix_in_common(void **state)
{
	(void)state;
	check(WAYS({"2001:db8:3ffe::1", "2001:db8:1::2"}, {"2001:db8:1::1", "2001:db8:1::2"}), NULL,
	      WANT("2001:db8:1::1", "2001:db8:3ffe::1"));
	/* Not of IPv4, and not what is beyond the prefix of the network. */
	check(WAYS({"10.9.2.3", "10.1.2.4"}, {"10.1.2.3", "10.1.2.4"}), NULL,
	      WANT("10.9.2.3", "10.1.2.3"));
	check(WAYS({"2001:db8::7777", "2001:db8::1"}, {"2001:db8::2", "2001:db8::1"}), NULL,
	      WANT("2001:db8::7777", "2001:db8::2"));
}

static void what_cannot_be_reached_comes_last(void **state)
{
	(void)state;
	check(WAYS({"2001:db8::1", NULL}, {"192.0.2.1", "192.0.2.9"}), NULL,
	      WANT("192.0.2.1", "2001:db8::1"));
}

static void families_take_turns(void **state)
{
	struct ip_addr v6 = address("2001:db8::9");

	(void)state;
	const struct way *four = WAYS({"2001:db8::1", "2001:db8::f"},
				      {"2001:db8::2", "2001:db8::f"}, {"192.0.2.1", "192.0.2.9"},
				      {"192.0.2.2", "192.0.2.9"});
	check(four, NULL, WANT("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"));
	check(four, &v6, WANT("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2"));
	check(WAYS({"2001:db8::1", "2001:db8::f"}, {"2001:db8::2", "2001:db8::f"},
		   {"2001:db8::3", "2001:db8::f"}, {"192.0.2.1", "192.0.2.9"}),
	      NULL, WANT("2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"));
}

int run_order_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scopes_match_first),
		cmocka_unit_test(higher_precedence_then_smaller_scope),
		cmocka_unit_test(labels_match),
		cmocka_unit_test(longest_prefix_in_common),
		cmocka_unit_test(what_cannot_be_reached_comes_last),
		cmocka_unit_test(families_take_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
