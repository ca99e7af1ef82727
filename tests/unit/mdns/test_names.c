/* SPDX-License-Identifier: ISC */
/* Probing, ties, conflicts, addresses that come and go. */
#include "tests/unit/mdns/rig.h"

static int setup_probing(void **state)
{
	setup_fresh(state);
	assert_int_equal(mdns_start(&mdns, net.now_us), OK);
	while (net.n_sent == 0)
		pass(10000);
	return 0;
}

static void probes_three_times_then_announces_twice(void **state)
{
	struct heard h;
	uint64_t last_us = 0;
	(void)state;
	uint64_t begin_us = net.now_us;
	assert_int_equal(mdns_start(&mdns, net.now_us), OK);
	pass(10 * SECOND);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(hear(&h));
		assert_int_equal(h.flags, 0);
		assert_int_equal(h.question.type, DNS_TYPE_ANY);
		assert_int_equal(h.question.class, DNS_CLASS_IN | MDNS_CLASS_UNICAST);
		assert_int_equal(h.authorities, 1);
		assert_int_equal(h.record[0].class, DNS_CLASS_IN);
		if (i == 0)
			assert_in_range(h.at_us - begin_us, 0, SECOND / 4);
		else
			assert_int_equal(h.at_us - last_us, SECOND / 4);
		last_us = h.at_us;
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_true(hear(&h));
		assert_int_equal(h.answers, 2);
		assert_int_equal(h.at_us - last_us, i == 0 ? SECOND / 4 : SECOND);
		last_us = h.at_us;
	}
	assert_false(hear(&h));
	assert_int_equal(mdns_poll(&mdns, net.now_us), TIME_NEVER);
	(void)teardown(state);
}

static void nothing_is_answered_before(void **state)
{
	struct heard h;
	(void)state;
	deafen();
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	pass(10000);
	assert_false(hear(&h));
}

static void who_has_the_name_keeps_it(void **state)
{
	struct heard h;
	(void)state;
	(void)message(DNS_FLAG_RESPONSE | DNS_FLAG_AUTHORITATIVE);
	put_a(DNS_ANSWERS, "WEB.local", 120, PEER);
	deliver_message();
	deafen();
	pass(3 * SECOND);
	assert_true(hear(&h));
	const struct dns_name expected = name_of("web-2.local");
	assert_true(dns_name_equal(&h.question.owner, &expected));
	assert_true(dns_name_equal(&mdns.name[0], &expected));
	assert_int_equal(mdns.state, MDNS_RUNNING);
	assert_int_equal(mdns.stats.renamed, 1);
}

/* RFC 6762 section 9: whatever type it is of, and not what is the same as ours, or at its end. */
static void what_is_no_conflict(void **state)
{
	(void)state;
	(void)message(DNS_FLAG_RESPONSE);
	put_a(DNS_ANSWERS, HOST, 120, UDP_FAKE_LOCAL);
	put_a(DNS_ANSWERS, HOST, 0, PEER);
	put_a(DNS_ANSWERS, "other.local", 120, PEER);
	deliver_message();
	assert_int_equal(mdns.stats.conflicts, 0);
	put_record(DNS_ADDITIONALS, HOST, DNS_TYPE_TXT, DNS_CLASS_IN, 9, "\1x", 2);
	deliver_message();
	assert_int_equal(mdns.stats.conflicts, 1);
}

static void contend(const char *owner, uint32_t addr, bool more)
{
	(void)message(0);
	put_question(owner, DNS_TYPE_ANY, DNS_CLASS_IN);
	put_a(DNS_AUTHORITIES, owner, 120, addr);
	if (more)
		put_record(DNS_AUTHORITIES, owner, DNS_TYPE_AAAA, DNS_CLASS_IN, 120,
			   "0123456789abcdef", 16);
	deliver_message();
}

/* RFC 6762 section 8.2: ours is 10.0.2.15. */
static void ties_are_broken_by_data(void **state)
{
	(void)state;
	contend(HOST, UDP_FAKE_LOCAL - 1, true); /* ours is later: we win */
	contend(HOST, UDP_FAKE_LOCAL, false);    /* ourselves */
	contend("other.local", UINT32_MAX, true);
	assert_int_equal(mdns.stats.conflicts, 0);
	contend(HOST, UDP_FAKE_LOCAL, true); /* he has more */
	assert_int_equal(mdns.stats.conflicts, 1);
	contend(HOST, UDP_FAKE_LOCAL + 1, false);
	assert_int_equal(mdns.stats.conflicts, 2);
}

/* The winner may have gone away since: a second later the same name is tried again. */
static void who_has_lost_tries_again(void **state)
{
	struct heard h;
	(void)state;
	contend(HOST, UINT32_MAX, false);
	deafen();
	pass(SECOND - 1);
	assert_false(hear(&h));
	pass(2 * SECOND);
	assert_int_equal(mdns.state, MDNS_RUNNING);
	const struct dns_name expected = name_of(HOST);
	assert_true(dns_name_equal(&mdns.name[0], &expected));
}

static void a_conflict_later_is_looked_into(void **state)
{
	struct heard h;
	(void)state;
	(void)message(DNS_FLAG_RESPONSE);
	put_a(DNS_ANSWERS, HOST, 120, PEER);
	deliver_message();
	assert_int_equal(mdns.state, MDNS_PROBING);
	pass(3 * SECOND); /* nobody says so again: the name is kept */
	assert_true(hear(&h));
	const struct dns_name expected = name_of(HOST);
	assert_true(dns_name_equal(&h.question.owner, &expected));
	assert_true(dns_name_equal(&mdns.name[0], &expected));
}

static void a_title_that_is_taken_gets_a_number(void **state)
{
	(void)state;
	mdns_conflict(&mdns, net.now_us, 1); /* in question */
	(void)message(DNS_FLAG_RESPONSE);
	put_record(DNS_ANSWERS, PAGE, DNS_TYPE_TXT, DNS_CLASS_IN, 4500, "\1x", 2);
	deliver_message();
	pass(3 * SECOND);
	struct dns_name expected = name_of("Page (2)." HTTP);
	assert_true(dns_name_equal(&mdns.name[1], &expected));
	expected = name_of(HOST);
	assert_true(dns_name_equal(&mdns.name[0], &expected));
}

static void long_names_make_room_for_the_number(void **state)
{
	static const char label[] =
		"abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-123456789";
	static const char title[] = "€€€€€€€€€€€€€€€€€€€€€";
	(void)state;
	mdns.label = label;
	mdns.entry[0].service.instance = title;
	assert_int_equal(sizeof(label) - 1, 63);
	assert_int_equal(sizeof(title) - 1, 63);
	mdns_conflict(&mdns, net.now_us, 0); /* in question */
	for (unsigned i = 0; i < 1100; i++) {
		mdns_conflict(&mdns, net.now_us, 0);
		mdns_conflict(&mdns, net.now_us, 1);
		assert_in_range(mdns.name[0].bytes[0], 59, 63);
		assert_in_range(mdns.name[1].bytes[0], 57, 63);
	}
	assert_memory_equal(mdns.name[0].bytes + 1, label, 59);
	/* Whole characters, then the number. */
	unsigned len = mdns.name[1].bytes[0];
	const uint8_t *at = mdns.name[1].bytes + 1;
	unsigned whole = 0;
	while (memcmp(at + whole, "€", 3) == 0)
		whole += 3;
	assert_int_equal(at[whole], ' ');
	assert_int_equal(at[len - 1], ')');
}

/* Somebody who always says that the name is his makes us ask every five seconds, no more often. */
static void who_has_many_conflicts_slows_down(void **state)
{
	struct heard h;
	(void)state;
	for (unsigned i = 0; i < MDNS_CONFLICTS_SOON; i++)
		mdns_conflict(&mdns, net.now_us, 0);
	deafen();
	pass(MDNS_CONFLICT_WAIT_US - 1);
	assert_false(hear(&h));
	pass(SECOND);
	assert_true(hear(&h));
}

static void an_address_that_changes_is_announced(void **state)
{
	struct heard h;
	(void)state;
	net.route_error = ERR_NOTREADY;
	pass(SECOND);
	assert_int_equal(mdns.state, MDNS_OFFLINE);
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	pass(SECOND);
	assert_false(hear(&h));
	net.route_error = OK;
	pass(3 * SECOND);
	assert_true(hear(&h));
	assert_int_equal(h.authorities, 1); /* anew */
	assert_int_equal(mdns.state, MDNS_RUNNING);
}

static void goodbye_ends_all(void **state)
{
	struct heard h;
	(void)state;
	assert_true(mdns_stop(&mdns, net.now_us));
	assert_true(hear(&h));
	assert_int_equal(h.answers, 6);
	for (unsigned i = 0; i < h.n; i++)
		assert_int_equal(h.record[i].ttl_s, 0);
	assert_false(mdns_stop(&mdns, net.now_us));
	assert_int_equal(mdns_poll(&mdns, net.now_us), TIME_NEVER);
}

static void without_groups_it_does_not_start(void **state)
{
	(void)state;
	net.join_error = ERR_UNSUPPORTED;
	assert_int_equal(mdns_start(&mdns, net.now_us), ERR_UNSUPPORTED);
	udp_fake_fini(&net);
}

static void packets_that_are_refused_are_counted(void **state)
{
	(void)state;
	net.output_error = ERR_AGAIN;
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	pass(SECOND);
	assert_int_equal(mdns.stats.unsent, 1);
	net.output_error = OK;
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	pass(SECOND);
	assert_int_equal(net.n_sent, 1);
}

int run_names(void)
{
#define PROBING(F) cmocka_unit_test_setup_teardown(F, setup_probing, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(probes_three_times_then_announces_twice, setup_fresh),
		PROBING(nothing_is_answered_before),
		PROBING(who_has_the_name_keeps_it),
		PROBING(what_is_no_conflict),
		PROBING(ties_are_broken_by_data),
		PROBING(who_has_lost_tries_again),
		TEST(a_conflict_later_is_looked_into),
		TEST(a_title_that_is_taken_gets_a_number),
		TEST(long_names_make_room_for_the_number),
		TEST(who_has_many_conflicts_slows_down),
		TEST(an_address_that_changes_is_announced),
		TEST(goodbye_ends_all),
		cmocka_unit_test_setup(without_groups_it_does_not_start, setup_fresh),
		TEST(packets_that_are_refused_are_counted),
	};
	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
