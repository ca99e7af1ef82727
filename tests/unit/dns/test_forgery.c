/* SPDX-License-Identifier: ISC */
/* What is no answer to what was asked, or not from whom it was (RFC 5452 section 9.1). */
#include "tests/unit/dns/rig.h"

static struct lookup l;
static const struct sent *query;

static struct message begin(void)
{
	look_up(&l, "name.test", RESOLVER_IPV4);
	query = take_query(SERVER_1);
	struct message m = reply_to(query, FLAGS_OK);
	put_a(&m, NULL, 60, 7);
	return m;
}

/* What came was dropped; the right answer, `m` but for what was wrong, still counts. */
static void finish(const struct message *m)
{
	assert_int_equal(l.done, 0);
	deliver(m, query);
	assert_address(&l, 7);
}

static void other_sources_are_not_heard(void **state)
{
	(void)state;
	struct message m = begin();
	deliver_from(&m, SERVER_2, 53, query->from_port); /* not asked yet */
	deliver_from(&m, 0x0a000207, 53, query->from_port);
	deliver_from(&m, SERVER_1, 54, query->from_port);
	assert_int_equal(dns_stats(rig.dns)->bad_source, 3);
	deliver_from(&m, SERVER_1, 53, (uint16_t)(query->from_port ^ 1));
	assert_int_equal(rig.unreachable, 1);
	finish(&m);
}

static void every_bit_of_id_and_question_counts(void **state)
{
	(void)state;
	struct message m = begin();
	size_t question_end = DNS_HEADER_BYTES + 11 + 4;
	unsigned dropped = 0;
	for (size_t bit = 0; bit < question_end * 8; bit++) {
		size_t at = bit / 8;
		if (at == 2 || at == 3 || (at >= 6 && at < 12))
			continue; /* flags and other counts */
		m.bytes[at] ^= (uint8_t)(1 << bit % 8);
		deliver(&m, query);
		m.bytes[at] ^= (uint8_t)(1 << bit % 8);
		dropped++;
	}
	assert_int_equal(dns_stats(rig.dns)->bad_question, dropped);
	assert_int_equal(dropped, 16 + 16 + 15 * 8);
	finish(&m);
}

static void other_kinds_of_message_are_dropped(void **state)
{
	(void)state;
	static const uint16_t flags[] = {0x0100, 0x8980, 0xa180};
	struct message m = begin();
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) { /* a question, opcodes 1 and 4 */
		store_be16(m.bytes + 2, flags[i]);
		deliver(&m, query);
	}
	assert_int_equal(dns_stats(rig.dns)->bad_question, ARRAY_SIZE(flags));
	store_be16(m.bytes + 2, FLAGS_OK);
	finish(&m);
}

static void headers_alone_are_no_answers(void **state)
{
	(void)state;
	static const uint16_t flags[] = {FLAGS_OK, 0x8183};
	struct message m = begin();
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		struct message bare = m;
		store_be16(bare.bytes + 2, flags[i]);
		store_be16(bare.bytes + 4, 0);
		deliver(&bare, query);
		bare.len = DNS_HEADER_BYTES;
		deliver(&bare, query);
		bare.len = DNS_HEADER_BYTES - 1;
		deliver(&bare, query);
		bare.len = 0;
		deliver(&bare, query);
	}
	finish(&m);
}

static void ids_ports_and_letters_differ(void **state)
{
	(void)state;
	unsigned same_id = 0, same_port = 0, same_letters = 0;
	const struct sent *last = NULL;
	for (unsigned i = 0; i < 32; i++) {
		look_up(&l, "abcdefghijklmnop.test", RESOLVER_IPV4);
		const struct sent *q = take_query(SERVER_1);
		if (last != NULL) {
			same_id += memcmp(q->bytes, last->bytes, 2) == 0;
			same_port += q->from_port == last->from_port;
			same_letters += memcmp(q->bytes + 12, last->bytes + 12, 23) == 0;
		}
		last = q;
		resolver_cancel(rig.resolver, &l.request);
	}
	assert_int_equal(same_id + same_port + same_letters, 0);
}

int run_forgery(void)
{
	const struct CMUnitTest tests[] = {
		TEST(other_sources_are_not_heard),        TEST(every_bit_of_id_and_question_counts),
		TEST(other_kinds_of_message_are_dropped), TEST(headers_alone_are_no_answers),
		TEST(ids_ports_and_letters_differ),
	};
	return cmocka_run_group_tests_name("forgery", tests, NULL, NULL);
}
