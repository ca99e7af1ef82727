/* SPDX-License-Identifier: ISC */
/* What net/mld has of its own; what is said when is tested with net/igmp, which shares it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ip/ipv6_addr.h"
#include "net/mld/mld.h"
#include "net/mld/mld_msg.h"
#include "tests/fakes/frames6.h"
#include "tests/fakes/ipv6_rig.h"

#define GROUP     "ff05::1:3"
#define SOLICITED "ff02::1:ff00:2" /* of fd00::2 */
#define QUERIER   "fe80::7"

enum { SECOND = US_PER_S, EXTENSION = 8, RECORDS = GROUP_ENTRIES_MAX };

static struct ipv6_rig rig;
static struct mld mld;

/* A message that was sent. */
struct sent {
	struct ip_addr src, dst, group; /* group: of version 1 */
	uint8_t type;
	unsigned n;
	struct {
		uint8_t type;
		struct ip_addr group;
	} record[RECORDS];
};

static bool take(struct sent *out)
{
	static const uint8_t alert[8] = {58, 0, 5, 2, 0, 0, 1, 0};
	const uint8_t *ip = rig.frame + FRAME_ETH, *m = ip + 48;
	uint8_t mac[6];
	size_t len = ipv6_rig_sent(&rig);
	if (len == 0)
		return false;
	if (ip[6] != 0) /* Neighbor Discovery */
		return take(out);
	memset(out, 0, sizeof(*out));
	memcpy(&out->src, ip + 8, 16);
	memcpy(&out->dst, ip + 24, 16);
	eth_group_addr(&out->dst, mac);
	assert_memory_equal(rig.frame, mac, 6);
	assert_int_equal(ip[7], 1); /* hop limit */
	assert_memory_equal(ip + 40, alert, 8);
	assert_int_equal(load_be16(ip + 4), len - FRAME_ETH - 40);
	size_t bytes = len - FRAME_ETH - 48;
	const struct ip_meta meta = {.src = out->src, .dst = out->dst, .proto = IP_PROTO_ICMPV6};
	uint32_t sum = ip_pseudo_sum(&meta, (uint32_t)bytes);
	assert_int_equal(csum_fold(csum_add(sum, m, bytes)), 0);
	out->type = m[0];
	if (out->type != MLD_V2_REPORT) {
		assert_int_equal(bytes, MLD_OLD_BYTES);
		memcpy(&out->group, m + 8, 16);
		return true;
	}
	out->n = load_be16(m + 6);
	assert_int_equal(bytes, mld_report_bytes(out->n));
	for (unsigned i = 0; i < out->n; i++) {
		out->record[i].type = m[8 + 20 * i];
		assert_int_equal(load_be16(m + 8 + 20 * i + 2), 0);
		memcpy(&out->record[i].group, m + 12 + 20 * i, 16);
	}
	return true;
}

static bool has(const struct sent *s, uint8_t type, const char *group)
{
	struct ip_addr wanted = ip6(group);
	for (unsigned i = 0; i < s->n; i++) {
		if (s->record[i].type == type && ip_addr_equal(&s->record[i].group, &wanted))
			return true;
	}
	return false;
}

/* Polls until a message is sent. */
static struct sent next(uint64_t until_us)
{
	struct sent s;
	uint64_t due_us = mld_poll(&mld, rig.now_us);
	while (!take(&s)) {
		assert_true(due_us <= until_us);
		rig.now_us = due_us;
		due_us = mld_poll(&mld, due_us);
	}
	return s;
}

static unsigned run(uint64_t until_us)
{
	struct sent s;
	unsigned n = 0;
	while (mld_poll(&mld, rig.now_us) <= until_us)
		rig.now_us = mld_poll(&mld, rig.now_us);
	rig.now_us = until_us;
	while (take(&s))
		n++;
	return n;
}

static int setup(void **state)
{
	(void)state;
	ipv6_rig_setup_static(&rig, 0);
	ipv6_rig_run_until(&rig, rig.now_us + 10ull * SECOND);
	ipv6_rig_forget_sent(&rig);
	mld_init(&mld, &rig.ipv6, &rig.icmpv6, &rig.tx, &rig.random.rng, rig.now_us);
	return 0;
}

/* The same, with what is said at the start over. */
static int setup_quiet(void **state)
{
	(void)setup(state);
	(void)run(rig.now_us + 10ull * SECOND);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	ipv6_rig_fini(&rig);
	return 0;
}

static enum err join(const char *group)
{
	struct ip_addr addr = ip6(group);
	return ip_join(&rig.ipv6.ip, rig.now_us, &addr);
}

static void leave(const char *group)
{
	struct ip_addr addr = ip6(group);
	ip_leave(&rig.ipv6.ip, rig.now_us, &addr);
}

struct packet {
	const char *src, *dst; /* NULL: the querier, all nodes */
	uint8_t hop_limit;     /* 0: 1 */
	bool without_alert;
};

static void arrive(const struct packet *as, void *message, size_t len)
{
	static const uint8_t alert[8] = {58, 0, 5, 2, 0, 0, 1, 0};
	static const uint8_t padding[8] = {58, 0, 1, 4};
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	ip.src = ip6(as->src != NULL ? as->src : QUERIER);
	ip.dst = ip6(as->dst != NULL ? as->dst : "ff02::1");
	ip.eth_dst = ipv6_addr_is_group(&ip.dst) ? NULL : ip.eth_dst;
	ip.hop_limit = as->hop_limit != 0 ? as->hop_limit : 1;
	ip.next = 0;
	ip.extension = as->without_alert ? padding : alert;
	ip.extension_bytes = sizeof(alert);
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, message, len));
}

static size_t query(uint8_t *m, const char *group, uint16_t delay_ms)
{
	struct ip_addr addr = group != NULL ? ip6(group) : (struct ip_addr){{0}};
	memset(m, 0, MLD_QUERY_BYTES);
	m[0] = MLD_QUERY;
	store_be16(m + 4, delay_ms);
	memcpy(m + 8, &addr, 16);
	m[24] = 2;
	m[25] = 125;
	return MLD_QUERY_BYTES;
}

static void groups_of_addresses_are_reported_at_the_start(void **state)
{
	(void)state;
	struct sent s;
	bool told = false;
	struct ip_addr routers = ip6("ff02::16");
	while (take(&s)) {
		assert_true(ipv6_addr_is_link_local(&s.src));
		assert_true(ip_addr_equal(&s.dst, &routers));
		told = told || has(&s, GROUP_TO_EXCLUDE, SOLICITED);
	}
	assert_true(told);
}

static void joins_and_leaves_are_reported(void **state)
{
	(void)state;
	struct sent s;
	assert_int_equal(join(GROUP), OK);
	assert_true(take(&s));
	assert_true(has(&s, GROUP_TO_EXCLUDE, GROUP));
	s = next(rig.now_us + SECOND);
	assert_true(has(&s, GROUP_TO_EXCLUDE, GROUP));
	leave(GROUP);
	assert_true(take(&s));
	assert_true(has(&s, GROUP_TO_INCLUDE, GROUP));
	assert_int_equal(run(rig.now_us + 100ull * SECOND), 1);
}

static void queries_are_answered(void **state)
{
	(void)state;
	uint8_t m[MLD_QUERY_BYTES];
	assert_int_equal(join(GROUP), OK);
	(void)run(rig.now_us + 10ull * SECOND);
	arrive(&(struct packet){0}, m, query(m, NULL, 5000));
	struct sent s = next(rig.now_us + 5ull * SECOND);
	assert_true(has(&s, GROUP_IS_EXCLUDE, GROUP));
	assert_true(has(&s, GROUP_IS_EXCLUDE, SOLICITED));
	assert_false(has(&s, GROUP_IS_EXCLUDE, "ff02::1"));
	arrive(&(struct packet){.dst = GROUP}, m, query(m, GROUP, 1000));
	s = next(rig.now_us + SECOND);
	assert_int_equal(s.n, 1);
	assert_true(has(&s, GROUP_IS_EXCLUDE, GROUP));
	assert_int_equal(mld.reporter.stats.queries, 2);
}

static void to_version_1_it_speaks_that(void **state)
{
	(void)state;
	struct sent s;
	uint8_t m[MLD_QUERY_BYTES];
	struct ip_addr group = ip6(GROUP), routers = ip6("ff02::2");
	query(m, NULL, 1000);
	arrive(&(struct packet){0}, m, MLD_OLD_BYTES);
	(void)run(rig.now_us + 2ull * SECOND);
	assert_int_equal(join(GROUP), OK);
	assert_true(take(&s));
	assert_int_equal(s.type, MLD_V1_REPORT);
	assert_true(ip_addr_equal(&s.group, &group) && ip_addr_equal(&s.dst, &group));
	/* Another's report spares our second one. */
	query(m, GROUP, 0);
	m[0] = MLD_V1_REPORT;
	arrive(&(struct packet){.dst = GROUP}, m, MLD_OLD_BYTES);
	assert_int_equal(run(rig.now_us + 20ull * SECOND), 0);
	leave(GROUP);
	assert_true(take(&s));
	assert_int_equal(s.type, MLD_V1_DONE);
	assert_true(ip_addr_equal(&s.group, &group) && ip_addr_equal(&s.dst, &routers));
}

static void queries_from_elsewhere_are_not_believed(void **state)
{
	(void)state;
	uint8_t m[MLD_QUERY_BYTES];
	size_t len = query(m, NULL, 1000);
	arrive(&(struct packet){.src = RIG6_PEER}, m, len);
	arrive(&(struct packet){.hop_limit = 2}, m, len);
	arrive(&(struct packet){.without_alert = true}, m, len);
	assert_int_equal(mld.reporter.stats.foreign, 3);
	arrive(&(struct packet){.dst = SOLICITED}, m, len); /* a general one */
	for (size_t short_len = 8; short_len < MLD_OLD_BYTES; short_len++)
		arrive(&(struct packet){0}, m, short_len);
	arrive(&(struct packet){0}, m, MLD_OLD_BYTES + 2);
	store_be16(m + 26, 1); /* a source that is not there */
	arrive(&(struct packet){0}, m, len);
	assert_int_equal(mld.reporter.stats.queries, 0);
	assert_int_equal(mld.reporter.stats.bad, 1 + (MLD_OLD_BYTES - 8) + 2);
	assert_int_equal(run(rig.now_us + 100ull * SECOND), 0);
}

static void groups_of_the_host_alone_are_not_reported(void **state)
{
	(void)state;
	assert_int_equal(join("ff01::7"), OK);
	assert_int_equal(join("ff02::1"), OK);
	assert_int_equal(run(rig.now_us + 10ull * SECOND), 0);
	leave("ff01::7");
	leave("ff02::1");
	assert_int_equal(run(rig.now_us + 10ull * SECOND), 0);
}

static void joins_are_checked_and_bounded(void **state)
{
	(void)state;
	struct ip_addr v4 = ip_addr_from_v4(0xef010203), group = ip6(GROUP);
	assert_int_equal(ip_join(&rig.ipv6.ip, rig.now_us, &v4), ERR_UNSUPPORTED);
	assert_int_equal(join("fd00::7"), ERR_INVALID);
	for (unsigned i = 0; i < MLD_GROUPS_MAX; i++) {
		store_be32(&group.word[3], i);
		assert_int_equal(ip_join(&rig.ipv6.ip, rig.now_us, &group), OK);
	}
	store_be32(&group.word[3], 77);
	assert_int_equal(ip_join(&rig.ipv6.ip, rig.now_us, &group), ERR_NOMEM);
}

static void a_group_of_an_address_may_be_joined_as_well(void **state)
{
	(void)state;
	uint8_t m[MLD_QUERY_BYTES];
	assert_int_equal(join(SOLICITED), OK);
	leave(SOLICITED);
	(void)run(rig.now_us + 10ull * SECOND);
	arrive(&(struct packet){.dst = SOLICITED}, m, query(m, SOLICITED, 1000));
	struct sent s = next(rig.now_us + SECOND);
	assert_true(has(&s, GROUP_IS_EXCLUDE, SOLICITED)); /* the address is still there */
}

static void long_delays_have_an_exponent(void **state)
{
	(void)state;
	struct group_query q;
	uint8_t m[MLD_QUERY_BYTES];
	static const struct {
		uint16_t code;
		uint32_t ms;
	} codes[] = {{0, 0}, {0x7fff, 32767}, {0x8000, 32768}, {0xffff, 8387584}};
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		assert_true(group_query_parse(&mld_family, &q, m, query(m, NULL, codes[i].code)));
		assert_int_equal(q.max_delay_us, codes[i].ms * UINT64_C(1000));
	}
	m[25] = 0x8f;
	assert_true(group_query_parse(&mld_family, &q, m, MLD_QUERY_BYTES));
	assert_int_equal(q.query_interval_s, 248);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_quiet, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(groups_of_addresses_are_reported_at_the_start,
						setup, teardown),
		TEST(joins_and_leaves_are_reported),
		TEST(queries_are_answered),
		TEST(to_version_1_it_speaks_that),
		TEST(queries_from_elsewhere_are_not_believed),
		TEST(groups_of_the_host_alone_are_not_reported),
		TEST(joins_are_checked_and_bounded),
		TEST(a_group_of_an_address_may_be_joined_as_well),
		TEST(long_delays_have_an_exponent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
