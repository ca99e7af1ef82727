/* SPDX-License-Identifier: ISC */
/*
 * Name servers and search domains of router advertisements (RFC 8106).
 */
#include "net/ndp/servers.h"
#include "tests/unit/ndp/bench.h"

static struct ndp_servers servers;
static struct ndp_watcher watcher;
static unsigned told;

static void changed(struct ndp_watcher *w, struct ndp *ndp, uint64_t now_us)
{
	(void)w, (void)ndp, (void)now_us;
	told++;
}

static void watch(void)
{
	told = 0;
	watcher = (struct ndp_watcher){.changed = changed};
	ndp_servers_init(&servers, &rig.ndp);
	ndp_watch(&rig.ndp, &watcher);
}

static void says_servers(const char *first, const char *second, uint32_t lifetime_s)
{
	uint8_t option[40] = {NDP_OPTION_RDNSS, second != NULL ? 5 : 3};
	const struct ip_addr a = ip6(first), b = ip6(second != NULL ? second : "::");
	store_be32(option + 4, lifetime_s);
	memcpy(option + 8, &a, 16);
	memcpy(option + 24, &b, 16);
	ipv6_rig_advertise(&rig, 1800, option, option[1] * 8u);
}

static unsigned known(struct ip_addr out[NDP_SERVERS_MAX])
{
	return ndp_servers_get(&servers, out);
}

static void servers_are_known_as_long_as_they_last(void **state)
{
	(void)state;
	struct ip_addr s[NDP_SERVERS_MAX];
	watch();
	says_servers("fd00::53", "fe80::53", 100);
	assert_int_equal(told, 1);
	assert_int_equal(known(s), 2);
	assert_addr(&s[0], "fd00::53");
	assert_addr(&s[1], "fe80::53");
	passes_s(50);
	says_servers("fd00::53", NULL, 100);
	assert_int_equal(told, 1); /* only its lifetime */
	passes_s(50);
	assert_int_equal(told, 2);
	assert_int_equal(known(s), 1);
	says_servers("fd00::53", NULL, 0);
	assert_int_equal(told, 3);
	assert_int_equal(known(s), 0);
	says_servers("fd00::53", NULL, 0);
	assert_int_equal(told, 3);
}

static void servers_are_bounded_and_hosts(void **state)
{
	(void)state;
	struct ip_addr s[NDP_SERVERS_MAX];
	char name[] = "fd00::10";
	watch();
	says_servers("::", "ff02::1", 100);
	assert_int_equal(known(s), 0);
	for (char c = '0'; c <= '9'; c++) {
		name[6] = c;
		says_servers(name, NULL, 100);
	}
	assert_int_equal(known(s), NDP_SERVERS_MAX);
	assert_addr(&s[0], "fd00::"); /* the first are kept while they last as long */
	says_servers("fd00::99", NULL, 1000);
	assert_int_equal(known(s), NDP_SERVERS_MAX);
	assert_addr(&s[0], "fd00::99");
}

static void says_domains(const char *labels, size_t len, uint32_t lifetime_s)
{
	uint8_t option[264] = {NDP_OPTION_DNSSL};
	size_t bytes = ROUND_UP(8 + len, 8);
	option[1] = (uint8_t)(bytes / 8);
	store_be32(option + 4, lifetime_s);
	memcpy(option + 8, labels, len);
	ipv6_rig_advertise(&rig, 1800, option, bytes);
}

#define DOMAINS(text, lifetime_s) says_domains((text), sizeof(text) - 1, (lifetime_s))

static void domains_are_read_as_text(void **state)
{
	(void)state;
	watch();
	DOMAINS("\7example\3org\0\4home\4arpa\0", 100);
	assert_int_equal(told, 1);
	assert_string_equal(servers.domain[0].name, "example.org");
	assert_string_equal(servers.domain[1].name, "home.arpa");
	DOMAINS("\7example\3org\0", 0);
	assert_int_equal(servers.domain[0].until_us, 0);
	passes_s(100);
	assert_int_equal(servers.domain[1].until_us, 0);
	assert_int_equal(told, 3);
}

static void names_that_are_none_are_skipped(void **state)
{
	(void)state;
	char longest[200];
	watch();
	DOMAINS("\7exa\nple\3org\0", 100);
	DOMAINS("\77example", 100); /* a label beyond the option's end */
	DOMAINS("\300\14\0", 100);  /* a pointer */
	DOMAINS("\0\0\0\0\0\0\0\0", 100);
	for (size_t len = 1; len < sizeof(longest); len++) {
		memset(longest, 1, sizeof(longest));
		memset(longest, 'a', len);
		longest[0] = (char)MIN(len, 63);
		says_domains(longest, len, 100);
	}
	assert_int_equal(told, 0);
	memset(longest, 'a', 64);
	longest[0] = 63;
	memcpy(longest + 64, "\0\1b\0", 4);
	says_domains(longest, 68, 100);
	assert_int_equal(told, 1);
	assert_int_equal(strlen(servers.domain[0].name), 63);
	assert_string_equal(servers.domain[1].name, "b");
}

const struct CMUnitTest servers_tests[] = {
	TEST(servers_are_known_as_long_as_they_last),
	TEST(servers_are_bounded_and_hosts),
	TEST(domains_are_read_as_text),
	TEST(names_that_are_none_are_skipped),
};
const size_t n_servers_tests = ARRAY_SIZE(servers_tests);
