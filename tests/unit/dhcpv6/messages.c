/* SPDX-License-Identifier: ISC */
/* What is written, and what is read of replies that are right, wrong and cut off. */
#include "tests/unit/dhcpv6/tests.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "net/dhcpv6/dhcpv6_msg.h"

const uint8_t test_mac[6] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

#define DUID 0, 3, 0, 1, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56

static const uint8_t client_id[] = {DUID};
static const uint8_t server_id[] = {0, 3, 0, 1, 2, 0, 0, 0, 0, 1};
static const uint8_t dns_1[16] = {0xfd, 0, [15] = 0x53};
static const uint8_t dns_2[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x53};

void message_option(struct message *m, uint16_t code, const void *value, size_t len)
{
	assert_true(m->len + 4 + len <= sizeof(m->bytes));
	store_be16(m->bytes + m->len, code);
	store_be16(m->bytes + m->len + 2, (uint16_t)len);
	memcpy(m->bytes + m->len + 4, value, len);
	m->len += 4 + len;
}

void message_begin(struct message *m, uint32_t xid)
{
	store_be32(m->bytes, UINT32_C(7) << 24 | xid);
	m->len = 4;
	message_option(m, 1, client_id, sizeof(client_id));
	message_option(m, 2, server_id, sizeof(server_id));
}

/* From memory of just its size, so that a read beyond is noticed. */
static bool parse(struct dhcpv6_reply *r, const struct message *m, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	memcpy(copy, m->bytes, len);
	bool ok = dhcpv6_reply_parse(r, copy, len, test_mac);
	free(copy);
	return ok;
}

static void a_request_says_who_asks_for_what(void **state)
{
	static const uint8_t wanted[DHCPV6_REQUEST_BYTES] = {
		11, 0xab, 0xcd, 0xef, 0,  1, 0,  10, DUID, 0, 8,  0, 2,  0x12, 0x34, 0,
		6,  0,    12,   0,    23, 0, 24, 0,  31,   0, 32, 0, 56, 0,    83,
	};
	uint8_t out[DHCPV6_REQUEST_BYTES];
	(void)state;
	dhcpv6_request_emit(out, 0xabcdef, test_mac, 0x1234);
	assert_memory_equal(out, wanted, sizeof(wanted));
}

static void a_reply_with_everything(void **state)
{
	static const uint8_t names[] = "\4home\7example\0\5other";
	static const uint8_t refresh[] = {0, 0, 0x0e, 0x10}, wait[] = {0, 0, 0, 120};
	uint8_t dns[32], ntp[20] = {0, 1, 0, 16};
	struct dhcpv6_reply r;
	struct message m;
	(void)state;
	memcpy(dns, dns_1, 16);
	memcpy(dns + 16, dns_2, 16);
	memcpy(ntp + 4, dns_2, 16);
	message_begin(&m, 0x010203);
	message_option(&m, 23, dns, sizeof(dns));
	message_option(&m, 24, names, sizeof(names));
	message_option(&m, 99, "unknown", 7);
	message_option(&m, 56, ntp, sizeof(ntp));
	message_option(&m, 31, dns_1, 16);
	message_option(&m, 32, refresh, sizeof(refresh));
	message_option(&m, 83, wait, sizeof(wait));
	message_option(&m, 13, "\0\0fine", 6);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.xid, 0x010203);
	assert_int_equal(r.dns.n, 2);
	assert_memory_equal(&r.dns.addr[0], dns_1, 16);
	assert_memory_equal(&r.dns.addr[1], dns_2, 16);
	assert_int_equal(r.ntp.n, 2);
	assert_memory_equal(&r.ntp.addr[0], dns_2, 16);
	assert_string_equal(r.domain, "home.example");
	assert_int_equal(r.refresh_s, 3600);
	assert_int_equal(r.max_wait_s, 120);
}

static void cut_off_anywhere_it_is_refused_or_shorter(void **state)
{
	struct dhcpv6_reply r;
	struct message m;
	(void)state;
	message_begin(&m, 1);
	size_t identified = m.len;
	message_option(&m, 23, dns_1, sizeof(dns_1));
	for (size_t len = 0; len < m.len; len++)
		assert_int_equal(parse(&r, &m, len), len == identified);
}

static void others_messages_are_refused(void **state)
{
	static const uint8_t other_id[] = {0, 3, 0, 1, 0x52, 0x54, 0x00, 0x12, 0x34, 0x57};
	struct dhcpv6_reply r;
	struct message m;
	(void)state;
	message_begin(&m, 1);
	m.bytes[0] = 2; /* ADVERTISE */
	assert_false(parse(&r, &m, m.len));
	message_begin(&m, 1);
	message_option(&m, 1, other_id, sizeof(other_id));
	assert_false(parse(&r, &m, m.len));
	message_begin(&m, 1);
	m.len -= sizeof(server_id) + 4;
	assert_false(parse(&r, &m, m.len));
	message_begin(&m, 1);
	message_option(&m, 13, "\0\1failed", 8);
	assert_false(parse(&r, &m, m.len));
}

static void what_no_host_can_have_is_left_out(void **state)
{
	static const uint8_t bad[][16] = {
		{0},
		{[15] = 1},
		{[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1},
		{0xff, 2, [15] = 1},
	};
	struct dhcpv6_reply r;
	struct message m;
	(void)state;
	message_begin(&m, 1);
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		message_option(&m, 23, bad[i], 16);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.dns.n, 0);
	for (unsigned i = 0; i < 10; i++)
		message_option(&m, 23, dns_1, 16);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.dns.n, DHCPV6_ADDRS_MAX);
	message_begin(&m, 1);
	message_option(&m, 23, dns_1, 15);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.dns.n, 0);
}

static const char *domain(const void *bytes, size_t len)
{
	static struct dhcpv6_reply r;
	struct message m;
	message_begin(&m, 1);
	message_option(&m, 24, bytes, len);
	assert_true(parse(&r, &m, m.len));
	return r.domain;
}

static void domains_that_are_none_are_left_out(void **state)
{
	uint8_t longest[200];
	(void)state;
	assert_string_equal(domain("\1a\0", 3), "a");
	assert_string_equal(domain("", 0), "");
	assert_string_equal(domain("\0", 1), "");
	assert_string_equal(domain("\1a", 2), "");
	assert_string_equal(domain("\5abc\0", 5), "");
	assert_string_equal(domain("\3a\nb\0", 5), "");
	assert_string_equal(domain("\3a\0b\0", 5), "");
	assert_string_equal(domain("\xc0\x0c", 2), "");
	memset(longest, 'x', sizeof(longest));
	longest[0] = longest[64] = longest[128] = 63;
	longest[192] = 0;
	assert_string_equal(domain(longest, 193), "");
}

static void times_out_of_range_are_not_said(void **state)
{
	struct dhcpv6_reply r;
	struct message m;
	(void)state;
	message_begin(&m, 1);
	message_option(&m, 83, "\0\0\0\x3b", 4);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.max_wait_s, 0);
	message_option(&m, 83, "\0\1\x51\x81", 4);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.max_wait_s, 0);
	message_option(&m, 83, "\0\0\1", 3);
	message_option(&m, 32, "\0\0\1", 3);
	assert_true(parse(&r, &m, m.len));
	assert_int_equal(r.refresh_s, 0);
}

int message_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_says_who_asks_for_what),
		cmocka_unit_test(a_reply_with_everything),
		cmocka_unit_test(cut_off_anywhere_it_is_refused_or_shorter),
		cmocka_unit_test(others_messages_are_refused),
		cmocka_unit_test(what_no_host_can_have_is_left_out),
		cmocka_unit_test(domains_that_are_none_are_left_out),
		cmocka_unit_test(times_out_of_range_are_not_said),
	};
	return cmocka_run_group_tests_name("dhcpv6 messages", tests, NULL, NULL);
}
