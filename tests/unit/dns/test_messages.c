/* SPDX-License-Identifier: ISC */
/* What is taken from responses, well-formed and not. */
#include <stdio.h>

#include "tests/unit/dns/rig.h"

static struct dns_question question;
static struct sent sent;
static struct dns_answer answer;

static int ask(void **state)
{
	(void)state;
	question = (struct dns_question){.id = 0x1234, .type = DNS_TYPE_A, .edns = true};
	assert_int_equal(dns_name_from_text(&question.name, "name.test"), OK);
	sent.len = dns_msg_emit(&question, sent.bytes);
	return 0;
}

/* Parses bytes that end where the heap block does. */
static enum err parse_bytes(const uint8_t *bytes, size_t len, bool cut)
{
	uint8_t *copy = malloc(len);
	memcpy(copy, bytes, len);
	enum err e = ERR_NOTFOUND;
	if (dns_msg_matches(&question, copy, len))
		e = dns_msg_parse(&question, copy, len, cut, &answer);
	free(copy);
	return e;
}

static enum err parse(const struct message *m)
{
	return parse_bytes(m->bytes, m->len, false);
}

static void assert_found(const struct message *m, uint32_t address, uint32_t ttl_s)
{
	assert_int_equal(parse(m), OK);
	assert_int_equal(answer.count, 1);
	assert_int_equal(ip_addr_v4(&answer.address[0]), address);
	assert_true(answer.may_cache);
	assert_int_equal(answer.ttl_s, ttl_s);
}

static void aliases_are_followed(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_cname(&m, NULL, 300, "b.test");
	put_cname(&m, "b.test", 200, "C.test");
	put_a(&m, "c.TEST", 250, 9);
	assert_found(&m, 9, 200);
}

static void aliases_may_stand_in_any_order(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_a(&m, "c.test", 250, 9);
	put_a(&m, "other.test", 1, 8);
	put_cname(&m, "b.test", 200, "c.test");
	put_cname(&m, "name.test", 300, "b.test");
	assert_found(&m, 9, 200);
}

static void alias_may_be_a_pointer(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, NULL, DNS_TYPE_CNAME, 300, "\1b\300\21", 4); /* b.test */
	put_a(&m, "b.test", 250, 9);
	assert_found(&m, 9, 250);
}

/* name.test → 1.test → … → `n`.test, and its address. */
static struct message chain(unsigned n)
{
	struct message m = reply_to(&sent, FLAGS_OK);
	char from[16] = "name.test", to[16];
	for (unsigned i = 1; i <= n; i++) {
		(void)snprintf(to, sizeof(to), "%u.test", i);
		put_cname(&m, from, 60, to);
		memcpy(from, to, sizeof(from));
	}
	put_a(&m, from, 60, 9);
	return m;
}

static void number_of_aliases_is_bounded(void **state)
{
	(void)state;
	struct message m = chain(DNS_CNAMES_MAX);
	assert_found(&m, 9, 60);
	m = chain(DNS_CNAMES_MAX + 1);
	assert_int_equal(parse(&m), ERR_INVALID);
}

static void loops_of_aliases_end(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_cname(&m, NULL, 60, "name.test");
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, FLAGS_OK);
	put_cname(&m, "b.test", 60, "name.test");
	put_cname(&m, NULL, 60, "b.test");
	assert_int_equal(parse(&m), ERR_INVALID);
}

static void other_records_are_passed_over(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, NULL, 16, 5, "\4text", 5);
	put_record(&m, ANSWER, NULL, DNS_TYPE_AAAA, 5, "0123456789abcdef", 16);
	put_a(&m, "other.test", 5, 8);
	put_a(&m, NULL, 60, 9);
	put_record(&m, ANSWER, NULL, DNS_TYPE_A, 60, "\1\2\3\4", 4);
	store_be16(m.bytes + m.len - 4 - 8, 3); /* of class Chaos */
	put_record(&m, AUTHORITY, NULL, DNS_TYPE_A, 60, "\1\2\3\5", 4);
	assert_found(&m, 9, 60);
}

static void absence_lasts_as_the_soa_says(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, 0x8183);
	put_soa(&m, "test", 900, 300);
	assert_int_equal(parse(&m), OK);
	assert_int_equal(answer.rcode, DNS_NXDOMAIN);
	assert_true(answer.may_cache);
	assert_int_equal(answer.ttl_s, 300);

	m = reply_to(&sent, FLAGS_OK); /* the name is, but has none */
	put_cname(&m, NULL, 20, "b.test");
	put_soa(&m, "test", 100, 300);
	assert_int_equal(parse(&m), OK);
	assert_int_equal(answer.count, 0);
	assert_int_equal(answer.ttl_s, 20);

	m = reply_to(&sent, 0x8183);
	put_cname(&m, NULL, 20, "b.test");
	assert_int_equal(parse(&m), OK);
	assert_false(answer.may_cache);
}

static void ttl_with_the_highest_bit_is_none(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_a(&m, NULL, 0x80000001, 9);
	assert_found(&m, 9, 0);
}

static void nothing_of_a_truncated_response_counts(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_TRUNCATED);
	put_a(&m, NULL, 60, 9);
	assert_int_equal(parse(&m), OK);
	assert_true(answer.truncated);
	assert_int_equal(answer.count, 0);
}

static void malformed_records_are_refused(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, NULL, DNS_TYPE_A, 60, "\1\2\3", 3);
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, NULL, DNS_TYPE_A, 60, "0123456789abcdef", 16);
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, NULL, DNS_TYPE_CNAME, 60, "\1b\0x", 4); /* more than a name */
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, NULL, DNS_TYPE_CNAME, 60, "\1", 1); /* less */
	put_a(&m, NULL, 60, 9);
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, FLAGS_OK);
	put_record(&m, ANSWER, "\377", DNS_TYPE_A, 60, "\1\2\3\4", 4);
	m.bytes[27] = 0xff; /* the record's name is a pointer over the end */
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, 0x8183);
	put_record(&m, AUTHORITY, "test", DNS_TYPE_SOA, 60, "0123456789", 10);
	assert_int_equal(parse(&m), ERR_INVALID);
	m = reply_to(&sent, 0x8183); /* addresses of what does not exist */
	put_a(&m, NULL, 60, 9);
	assert_int_equal(parse(&m), ERR_INVALID);
}

static void counts_that_promise_too_much_are_refused(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	put_a(&m, NULL, 60, 9);
	store_be16(m.bytes + ANSWER, 65535);
	assert_int_equal(parse(&m), ERR_INVALID);
	store_be16(m.bytes + ANSWER, 1);
	store_be16(m.bytes + ADDITIONAL, 65535); /* not read */
	store_be16(m.bytes + AUTHORITY, 65535);
	assert_found(&m, 9, 60);
}

/* Each length but the whole is malformed; if the rest was cut off, what there is counts. */
static void every_length_is_safe(void **state)
{
	(void)state;
	struct message m = reply_to(&sent, FLAGS_OK);
	size_t question_end = m.len;
	put_cname(&m, NULL, 60, "b.test");
	put_a(&m, "b.test", 60, 9);
	size_t first_end = m.len;
	put_a(&m, "b.test", 60, 10);
	for (size_t len = 0; len < m.len; len++) {
		assert_int_equal(parse_bytes(m.bytes, len, false),
				 len < question_end ? ERR_NOTFOUND : ERR_INVALID);
		if (len < question_end)
			continue;
		assert_int_equal(parse_bytes(m.bytes, len, true), OK);
		assert_int_equal(answer.count, len < first_end ? 0 : 1);
	}
	assert_int_equal(parse(&m), OK);
	assert_int_equal(answer.count, 2);
}

#define MESSAGE_TEST(f) cmocka_unit_test_setup(f, ask)

int run_messages(void)
{
	const struct CMUnitTest tests[] = {
		MESSAGE_TEST(aliases_are_followed),
		MESSAGE_TEST(aliases_may_stand_in_any_order),
		MESSAGE_TEST(alias_may_be_a_pointer),
		MESSAGE_TEST(number_of_aliases_is_bounded),
		MESSAGE_TEST(loops_of_aliases_end),
		MESSAGE_TEST(other_records_are_passed_over),
		MESSAGE_TEST(absence_lasts_as_the_soa_says),
		MESSAGE_TEST(ttl_with_the_highest_bit_is_none),
		MESSAGE_TEST(nothing_of_a_truncated_response_counts),
		MESSAGE_TEST(malformed_records_are_refused),
		MESSAGE_TEST(counts_that_promise_too_much_are_refused),
		MESSAGE_TEST(every_length_is_safe),
	};
	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
