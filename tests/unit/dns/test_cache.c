/* SPDX-License-Identifier: ISC */
/* What is remembered, and for how long. */
#include "tests/unit/dns/rig.h"

static bool is_cached(const char *name, enum resolver_family family)
{
	struct lookup l;
	look_up(&l, name, family);
	bool asked = take_sent() != NULL;
	if (asked)
		resolver_cancel(rig.resolver, &l.request);
	assert_int_equal(l.done, asked ? 0 : 1);
	return !asked;
}

static void answers_live_as_long_as_their_ttl(void **state)
{
	(void)state;
	struct lookup l;
	learn("a.test", 60, 5);
	rig_pass(60 * SECOND - 1);
	look_up(&l, "A.test", RESOLVER_IPV4);
	rig_poll();
	assert_address(&l, 5);
	assert_false(is_cached("a.test", RESOLVER_IPV6));
	assert_false(is_cached("b.test", RESOLVER_IPV4));
	rig_pass(1);
	assert_false(is_cached("a.test", RESOLVER_IPV4));
	learn("a.test", 60, 6); /* in the same place */
	look_up(&l, "a.test", RESOLVER_IPV4);
	rig_poll();
	assert_address(&l, 6);
	assert_int_equal(dns_stats(rig.dns)->cached, 2);
}

static void lifetimes_have_limits(void **state)
{
	(void)state;
	learn("none.test", 0, 5);
	assert_true(is_cached("none.test", RESOLVER_IPV4));
	learn("long.test", INT32_MAX, 5);
	rig_pass(SECOND);
	assert_false(is_cached("none.test", RESOLVER_IPV4));
	rig_pass((86400 - 1) * SECOND - 1);
	assert_true(is_cached("long.test", RESOLVER_IPV4));
	rig_pass(1);
	assert_false(is_cached("long.test", RESOLVER_IPV4));
}

/* A lookup that ends without an address; with an SOA record if ttl_s is not 0. */
static void learn_absence(const char *name, uint16_t flags, uint32_t ttl_s)
{
	struct lookup l;
	look_up(&l, name, RESOLVER_IPV4);
	const struct sent *q = take_query(SERVER_1);
	struct message m = reply_to(q, flags);
	if (ttl_s != 0)
		put_soa(&m, "test", 1 << 30, ttl_s);
	deliver(&m, q);
	assert_error(&l, ERR_NOTFOUND);
}

static void absence_is_remembered(void **state)
{
	(void)state;
	struct lookup l;
	learn_absence("nobody.test", 0x8183, 30);
	learn_absence("empty.test", FLAGS_OK, 40);
	learn_absence("loose.test", 0x8183, 0); /* without SOA: not kept */
	assert_false(is_cached("loose.test", RESOLVER_IPV4));
	rig_pass(30 * SECOND - 1);
	look_up(&l, "nobody.test", RESOLVER_IPV4);
	rig_poll();
	assert_error(&l, ERR_NOTFOUND);
	rig_pass(1);
	assert_false(is_cached("nobody.test", RESOLVER_IPV4));
	assert_true(is_cached("empty.test", RESOLVER_IPV4));
	rig_pass(10 * SECOND);
	assert_false(is_cached("empty.test", RESOLVER_IPV4));
}

static void absence_is_not_remembered_for_long(void **state)
{
	(void)state;
	learn_absence("nobody.test", 0x8183, 1 << 30);
	rig_pass(DNS_TTL_NEGATIVE_MAX_S * SECOND - 1);
	assert_true(is_cached("nobody.test", RESOLVER_IPV4));
	rig_pass(1);
	assert_false(is_cached("nobody.test", RESOLVER_IPV4));
}

static void first_to_expire_makes_place(void **state)
{
	(void)state;
	_Static_assert(ENTRIES == 4, "as many as are learnt before the last");
	learn("a.test", 50, 1);
	learn("b.test", 20, 2);
	learn("c.test", 70, 3);
	learn("d.test", 30, 4);
	learn("e.test", 40, 5);
	assert_false(is_cached("b.test", RESOLVER_IPV4));
	assert_true(is_cached("a.test", RESOLVER_IPV4));
	assert_true(is_cached("c.test", RESOLVER_IPV4));
	assert_true(is_cached("d.test", RESOLVER_IPV4));
	assert_true(is_cached("e.test", RESOLVER_IPV4));
}

static void works_without_a_cache(void **state)
{
	(void)state;
	struct dns_cache none = {.count = 0};
	const struct dns_answer answer = {.may_cache = true, .ttl_s = 60, .count = 1};
	struct dns_question q = {.type = DNS_TYPE_A};
	assert_int_equal(dns_name_from_text(&q.name, "a.test"), OK);
	dns_cache_store(&none, &q, &answer, 1);
	assert_null(dns_cache_find(&none, &q.name, DNS_TYPE_A, 1));
}

int run_cache(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_live_as_long_as_their_ttl),
		TEST(lifetimes_have_limits),
		TEST(absence_is_remembered),
		TEST(absence_is_not_remembered_for_long),
		TEST(first_to_expire_makes_place),
		TEST(works_without_a_cache),
	};
	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
