/* SPDX-License-Identifier: ISC */
/* Who is answered what, when, and where. */
#include "tests/unit/mdns/rig.h"

enum { ANSWER_AT_ONCE_US = 0, SHARED_LEAST_US = 20000, SHARED_MOST_US = 120000 };

static void addresses_are_said_at_once(void **state)
{
	struct heard h;
	(void)state;
	uint64_t asked_us = net.now_us;
	ask("Web.LOCAL", DNS_TYPE_A, DNS_CLASS_IN);
	pass(SECOND);
	assert_true(hear(&h));
	assert_int_equal(h.at_us, asked_us);
	assert_int_equal(h.to, GROUP);
	assert_int_equal(h.questions, 0);
	assert_int_equal(h.answers, 1);
	assert_non_null(find_record(&h, HOST, DNS_TYPE_A));
	assert_false(hear(&h));
}

/* RFC 6762 section 6.1: nobody needs to wait for what there is not. */
static void what_there_is_not_is_said(void **state)
{
	struct heard h;
	(void)state;
	ask(HOST, DNS_TYPE_AAAA, DNS_CLASS_IN);
	pass(0);
	assert_true(hear(&h));
	assert_int_equal(h.answers, 1);
	const struct dns_record *r = find_record(&h, HOST, DNS_TYPE_NSEC);
	assert_memory_equal(h.bytes + r->data + r->data_bytes - 3, "\0\1\100", 3); /* A alone */
	pass(2 * SECOND);
	ask(PAGE, DNS_TYPE_A, DNS_CLASS_IN);
	pass(0);
	assert_true(hear(&h));
	r = find_record(&h, PAGE, DNS_TYPE_NSEC);
	assert_memory_equal(h.bytes + r->data + r->data_bytes - 7, "\0\5\0\0\200\0\100", 7);
}

static void services_come_with_all_that_is_needed(void **state)
{
	struct heard h;
	(void)state;
	uint64_t asked_us = net.now_us;
	ask(HTTP, DNS_TYPE_PTR, DNS_CLASS_IN);
	pass(SECOND);
	assert_true(hear(&h));
	assert_in_range(h.at_us - asked_us, SHARED_LEAST_US, SHARED_MOST_US);
	assert_int_equal(h.answers, 1);
	assert_int_equal(h.record[0].type, DNS_TYPE_PTR);
	assert_non_null(find_record(&h, PAGE, DNS_TYPE_SRV));
	assert_non_null(find_record(&h, PAGE, DNS_TYPE_TXT));
	assert_non_null(find_record(&h, HOST, DNS_TYPE_A));
}

static void any_and_other_questions(void **state)
{
	struct heard h;
	(void)state;
	ask(PAGE, DNS_TYPE_ANY, DNS_CLASS_ANY);
	pass(SECOND);
	assert_true(hear(&h));
	assert_int_equal(h.answers, 2);
	ask("_services._dns-sd._udp.local", DNS_TYPE_PTR, DNS_CLASS_IN);
	ask("15.2.0.10.in-addr.arpa", DNS_TYPE_PTR, DNS_CLASS_IN);
	pass(SECOND);
	assert_true(hear(&h));
	assert_int_equal(h.answers, 2);
	ask("other.local", DNS_TYPE_ANY, DNS_CLASS_IN);
	ask("local", DNS_TYPE_ANY, DNS_CLASS_IN);
	ask(HOST, DNS_TYPE_A, 3);
	pass(SECOND);
	assert_false(hear(&h));
}

/* Section 6: everybody has heard it. */
static void no_record_is_said_twice_within_a_second(void **state)
{
	struct heard h;
	uint64_t last_us = 0;
	unsigned said = 0;
	(void)state;
	uint64_t end_us = net.now_us + 5 * SECOND;
	while (net.now_us < end_us) {
		ask(HOST, DNS_TYPE_A, DNS_CLASS_IN);
		pass(50000);
	}
	while (hear(&h)) {
		assert_true(last_us == 0 || h.at_us - last_us >= SECOND);
		last_us = h.at_us;
		said++;
	}
	assert_in_range(said, 4, 6);
}

static void what_the_asker_knows_is_not_said(void **state)
{
	struct heard h;
	(void)state;
	for (unsigned ttl_s = 2249; ttl_s <= 2250; ttl_s++) {
		(void)message(0);
		put_question(HTTP, DNS_TYPE_PTR, DNS_CLASS_IN);
		put_ptr(DNS_ANSWERS, HTTP, ttl_s, "PAGE." HTTP);
		put_ptr(DNS_ANSWERS, HTTP, 4500, "Other." HTTP);
		deliver_message();
		pass(SECOND);
		assert_int_equal(hear(&h), ttl_s < 2250); /* half its life or more */
	}
	assert_int_equal(mdns.stats.suppressed, 1);
}

/* Section 7.2: what the asker knows comes in several packets. */
static void an_asker_who_knows_much_is_waited_for(void **state)
{
	struct heard h;
	(void)state;
	for (unsigned known = 0; known < 2; known++) {
		uint64_t asked_us = net.now_us;
		(void)message(DNS_FLAG_TRUNCATED);
		put_question(HTTP, DNS_TYPE_PTR, DNS_CLASS_IN);
		put_ptr(DNS_ANSWERS, HTTP, 4500, "Other." HTTP);
		deliver_message();
		pass(100000);
		(void)message(0);
		put_ptr(DNS_ANSWERS, HTTP, 4500, known ? PAGE : "Another." HTTP);
		deliver_from(PEER + 1, MDNS_PORT, GROUP); /* somebody else's */
		deliver_message();
		pass(2 * SECOND);
		assert_int_equal(hear(&h), known == 0);
		if (known == 0)
			assert_in_range(h.at_us - asked_us, 400000, 500000);
	}
}

/* Section 7.4. */
static void what_another_has_just_said_is_not_said(void **state)
{
	struct heard h;
	(void)state;
	ask("_services._dns-sd._udp.local", DNS_TYPE_PTR, DNS_CLASS_IN);
	(void)message(DNS_FLAG_RESPONSE);
	put_ptr(DNS_ANSWERS, "_services._dns-sd._udp.local", 4500, HTTP);
	deliver_message();
	pass(SECOND);
	assert_false(hear(&h));
	assert_int_equal(mdns.stats.suppressed, 1);
}

static void what_another_takes_back_is_said_again(void **state)
{
	struct heard h;
	(void)state;
	(void)message(DNS_FLAG_RESPONSE);
	put_ptr(DNS_ANSWERS, "_services._dns-sd._udp.local", 0, HTTP);
	deliver_message();
	pass(SECOND);
	assert_true(hear(&h));
	assert_int_equal(h.answers, 1);
}

/* Section 5.4: to him alone if the others have heard it lately, else to all. */
static void who_wants_it_alone_gets_it_alone(void **state)
{
	struct heard h;
	(void)state;
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN | MDNS_CLASS_UNICAST);
	pass(0);
	assert_true(hear(&h));
	assert_int_equal(h.to, PEER);
	assert_int_equal(h.to_port, MDNS_PORT);
	assert_int_equal(h.questions, 0);
	assert_int_equal(h.record[0].class, DNS_CLASS_IN | MDNS_CLASS_FLUSH);
	pass(31 * SECOND);
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN | MDNS_CLASS_UNICAST);
	pass(0);
	assert_true(hear(&h));
	assert_int_equal(h.to, GROUP);
	assert_false(hear(&h));
}

/* Section 6.7: as any server would answer. */
static void ordinary_resolvers_are_answered(void **state)
{
	struct heard h;
	(void)state;
	struct dns_writer *w = message(DNS_FLAG_RECURSION_DESIRED);
	store_be16(w->out, 0x1234);
	put_question("WEB.local", DNS_TYPE_A, DNS_CLASS_IN);
	deliver_from(PEER, 40000, GROUP);
	assert_true(hear(&h));
	assert_int_equal(h.to, PEER);
	assert_int_equal(h.to_port, 40000);
	assert_int_equal(h.id, 0x1234);
	const struct dns_name expected = name_of("WEB.local");
	assert_memory_equal(h.question.owner.bytes, expected.bytes,
			    expected.len); /* as he wrote it */
	assert_int_equal(h.question.type, DNS_TYPE_A);
	assert_int_equal(h.question.class, DNS_CLASS_IN);
	for (unsigned i = 0; i < h.n; i++) {
		assert_int_equal(h.record[i].class, DNS_CLASS_IN);
		assert_true(h.record[i].ttl_s <= 10);
	}
	(void)message(0);
	put_question("other.local", DNS_TYPE_A, DNS_CLASS_IN);
	deliver_from(PEER, 40000, UDP_FAKE_LOCAL);
	assert_false(hear(&h));
}

static void answers_to_single_hosts_are_bounded(void **state)
{
	struct heard h;
	unsigned said = 0;
	(void)state;
	for (unsigned i = 0; i < 3 * MDNS_UNICASTS_PER_S; i++) {
		(void)message(0);
		put_question(HOST, DNS_TYPE_A, DNS_CLASS_IN);
		deliver_from(PEER, 40000, GROUP);
	}
	while (hear(&h))
		said++;
	assert_int_equal(said, MDNS_UNICASTS_PER_S);
	assert_int_equal(mdns.stats.limited, 2 * MDNS_UNICASTS_PER_S);
}

/* Somebody probes for our name: he hears of it though it was said less than a second ago. */
static void names_are_defended(void **state)
{
	struct heard h;
	(void)state;
	ask(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	pass(300000);
	assert_true(hear(&h));
	(void)message(0);
	put_question(HOST, DNS_TYPE_ANY, DNS_CLASS_IN);
	put_a(DNS_AUTHORITIES, HOST, 120, UINT32_MAX);
	deliver_message();
	pass(0);
	assert_true(hear(&h));
	assert_int_equal(h.to, GROUP);
	assert_non_null(find_record(&h, HOST, DNS_TYPE_A));
	deliver_message(); /* at once again: not heard */
	pass(0);
	assert_false(hear(&h));
}

/* Section 11. */
static void strangers_are_not_heard(void **state)
{
	struct heard h;
	(void)state;
	(void)message(0);
	put_question(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	deliver_from(0xc6336401, MDNS_PORT, UDP_FAKE_LOCAL); /* from behind a router */
	deliver_from(0xc6336401, 40000, UDP_FAKE_LOCAL);
	assert_int_equal(mdns.stats.off_link, 2);
	(void)message(DNS_FLAG_RESPONSE);
	put_a(DNS_ANSWERS, HOST, 120, PEER);
	deliver_from(PEER, 40000, GROUP);
	assert_int_equal(mdns.stats.bad_port, 1);
	assert_int_equal(mdns.stats.conflicts, 0);
	pass(SECOND);
	assert_false(hear(&h));
}

static void what_is_malformed_is_dropped(void **state)
{
	struct heard h;
	(void)state;
	(void)message(0);
	put_question(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	put_a(DNS_ANSWERS, HOST, 120, PEER);
	uint8_t bytes[256];
	struct dns_writer *w = message(0);
	put_question(HOST, DNS_TYPE_A, DNS_CLASS_IN);
	put_a(DNS_ANSWERS, HOST, 120, PEER);
	size_t len = w->len;
	memcpy(bytes, w->out, len);
	const struct ip_meta meta = {.src = ip_addr_from_v4(PEER),
				     .dst = ip_addr_from_v4(GROUP),
				     .proto = IP_PROTO_UDP,
				     .broadcast = true};
	for (size_t cut = 0; cut < len; cut++)
		udp_fake_deliver_as(&net, bytes, cut, &meta, MDNS_PORT, MDNS_PORT);
	assert_int_equal(mdns.stats.malformed, len);
	static const uint8_t others[] = {0x08, 0x28}; /* opcodes 1 and 5 */
	for (unsigned i = 0; i < sizeof(others); i++) {
		bytes[2] = others[i];
		udp_fake_deliver_as(&net, bytes, len, &meta, MDNS_PORT, MDNS_PORT);
	}
	assert_int_equal(mdns.stats.malformed, len + 2);
	pass(SECOND);
	assert_false(hear(&h));
}

int run_answers(void)
{
	const struct CMUnitTest tests[] = {
		TEST(addresses_are_said_at_once),
		TEST(what_there_is_not_is_said),
		TEST(services_come_with_all_that_is_needed),
		TEST(any_and_other_questions),
		TEST(no_record_is_said_twice_within_a_second),
		TEST(what_the_asker_knows_is_not_said),
		TEST(an_asker_who_knows_much_is_waited_for),
		TEST(what_another_has_just_said_is_not_said),
		TEST(what_another_takes_back_is_said_again),
		TEST(who_wants_it_alone_gets_it_alone),
		TEST(ordinary_resolvers_are_answered),
		TEST(answers_to_single_hosts_are_bounded),
		TEST(names_are_defended),
		TEST(strangers_are_not_heard),
		TEST(what_is_malformed_is_dropped),
	};
	return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
