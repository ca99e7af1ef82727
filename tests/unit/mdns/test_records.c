/* SPDX-License-Identifier: ISC */
/* What is said, and how it is written. */
#include "tests/unit/mdns/rig.h"

static void announcement_holds_all(void **state)
{
	struct heard h;
	(void)state;
	const struct mdns_service page = {
		.type = "_http._tcp", .instance = "Page", .txt = "path=/\nv=1", .port = 80};
	assert_int_equal(mdns_add_service(&mdns, net.now_us, &page), OK);
	assert_int_equal(mdns_start(&mdns, net.now_us), OK);
	pass(2 * SECOND);
	do
		assert_true(hear(&h));
	while ((h.flags & DNS_FLAG_RESPONSE) == 0);
	assert_int_equal(h.flags, DNS_FLAG_RESPONSE | DNS_FLAG_AUTHORITATIVE);
	assert_int_equal(h.id, 0);
	assert_int_equal(h.to, GROUP);
	assert_int_equal(h.to_port, MDNS_PORT);
	assert_int_equal(h.answers, 6);
	const struct dns_record *r = find_record(&h, HOST, DNS_TYPE_A);
	assert_int_equal(r->class, DNS_CLASS_IN | MDNS_CLASS_FLUSH);
	assert_int_equal(r->ttl_s, 120);
	assert_int_equal(load_be32(h.bytes + r->data), UDP_FAKE_LOCAL);
	r = find_record(&h, "15.2.0.10.in-addr.arpa", DNS_TYPE_PTR);
	assert_target(&h, r, 0, HOST);
	r = find_record(&h, HTTP, DNS_TYPE_PTR);
	assert_int_equal(r->class, DNS_CLASS_IN); /* others have pages too */
	assert_int_equal(r->ttl_s, 4500);
	assert_target(&h, r, 0, PAGE);
	r = find_record(&h, PAGE, DNS_TYPE_SRV);
	assert_int_equal(r->class, DNS_CLASS_IN | MDNS_CLASS_FLUSH);
	assert_memory_equal(h.bytes + r->data, "\0\0\0\0\0\120", 6);
	assert_target(&h, r, 6, HOST);
	r = find_record(&h, PAGE, DNS_TYPE_TXT);
	assert_int_equal(r->data_bytes, 11);
	assert_memory_equal(h.bytes + r->data, "\6path=/\3v=1", 11);
	r = find_record(&h, "_services._dns-sd._udp.local", DNS_TYPE_PTR);
	assert_target(&h, r, 0, HTTP);
	(void)teardown(state);
}

static void without_pairs_there_is_one_empty_string(void **state)
{
	struct heard h;
	const struct mdns_service echo = {.type = "_echo._udp", .port = 7};
	(void)state;
	assert_int_equal(mdns_add_service(&mdns, net.now_us, &echo), OK);
	pass(2 * SECOND);
	do
		assert_true(hear(&h));
	while (h.answers == 0);
	const struct dns_record *r = find_record(&h, "web._echo._udp.local", DNS_TYPE_TXT);
	assert_int_equal(r->data_bytes, 1);
	assert_int_equal(h.bytes[r->data], 0);
}

/* Four services with long names do not fit into one packet of this pool. */
static void long_announcements_take_more_packets(void **state)
{
	struct heard h;
	char title[DNS_LABEL_BYTES_MAX + 1], txt[150];
	(void)state;
	memset(title, 't', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	memset(txt, 'x', sizeof(txt) - 1);
	txt[sizeof(txt) - 1] = '\0';
	static const char *const types[] = {"_a._tcp", "_b._tcp", "_c._tcp"};
	for (unsigned i = 0; i < 3; i++) {
		const struct mdns_service s = {
			.type = types[i], .instance = title, .txt = txt, .port = 1};
		assert_int_equal(mdns_add_service(&mdns, net.now_us, &s), OK);
	}
	pass(SECOND);
	unsigned packets = 0, records = 0;
	while (hear(&h)) {
		if (h.answers == 0) {
			assert_true(h.authorities <= 2 && h.questions == 1);
			continue;
		}
		packets++;
		records += h.answers;
	}
	assert_int_equal(records, 2 + 4 * 4);
	assert_true(packets > 1 && packets < 6);
}

static void reverse_names_of_both_families(void **state)
{
	struct dns_name name;
	struct ip_addr addr;
	(void)state;
	addr = ip_addr_from_v4(0xc0000201);
	mdns_reverse_name(&addr, &name);
	struct dns_name expected = name_of("1.2.0.192.in-addr.arpa");
	assert_true(dns_name_equal(&name, &expected));
	assert_int_equal(inet_parse_v6("2001:db8::567:89ab", &addr), OK);
	mdns_reverse_name(&addr, &name);
	expected = name_of("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
			   "ip6.arpa"); /* RFC 3596 section 2.5 */
	assert_true(dns_name_equal(&name, &expected));
}

static void services_that_are_none_are_refused(void **state)
{
	char txt[MDNS_TXT_BYTES_MAX + 1], title[DNS_LABEL_BYTES_MAX + 2];
	(void)state;
	memset(txt, 'x', MDNS_TXT_BYTES_MAX);
	txt[MDNS_TXT_BYTES_MAX] = '\0';
	memset(title, 'x', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	const struct mdns_service bad[] = {
		{.type = "_http..tcp"},
		{.type = ""},
		{.type = "_http._tcp", .instance = title},
		{.type = "_http._tcp", .txt = txt},
	};
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(mdns_add_service(&mdns, net.now_us, &bad[i]), ERR_INVALID);
	txt[MDNS_TXT_BYTES_MAX - 1] = '\0';
	const struct mdns_service good = {.type = "_http._tcp", .txt = txt};
	for (unsigned i = 0; i < MDNS_SERVICES_MAX; i++)
		assert_int_equal(mdns_add_service(&mdns, net.now_us, &good), OK);
	assert_int_equal(mdns_add_service(&mdns, net.now_us, &good), ERR_NOMEM);
	struct mdns other;
	static const char *const labels[] = {"", "a.b", "a b", "."};
	for (unsigned i = 0; i < ARRAY_SIZE(labels); i++)
		assert_int_equal(
			mdns_init(&other, labels[i], &net.udp, &net.tx, &net.rng, net.work),
			ERR_INVALID);
	udp_fake_fini(&net);
}

/* Names that end alike share their ends; what does not fit leaves no trace. */
static void names_are_compressed(void **state)
{
	uint8_t bytes[64];
	const struct dns_name a = name_of("a.b.local"), b = name_of("x.B.LOCAL"), c = name_of("b");
	(void)state;
	struct dns_writer w;
	dns_writer_init(&w, bytes, sizeof(bytes), 1, 2);
	dns_put_name(&w, &a);
	dns_put_name(&w, &b);
	dns_put_name(&w, &a);
	assert_int_equal(w.len, 12 + a.len + 4 + 2);
	assert_memory_equal(bytes + 12 + a.len, "\1x\300\16\300\14", 6);
	dns_put_name(&w, &c); /* no end of another */
	assert_int_equal(w.len, 12 + a.len + 6 + 3);
	size_t len = w.len;
	dns_put_record(&w, &b, DNS_TYPE_TXT, DNS_CLASS_IN, 1);
	for (unsigned i = 0; i < 100 && !w.failed; i++)
		dns_put_bytes(&w, "seven", 5);
	assert_true(w.failed);
	assert_false(dns_put_end(&w, DNS_ANSWERS));
	assert_int_equal(w.len, len);
	dns_put_name(&w, &b);
	assert_false(w.failed);
	assert_int_equal(w.len, len + 2);
}

int run_records(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(announcement_holds_all, setup_fresh),
		TEST(without_pairs_there_is_one_empty_string),
		TEST(long_announcements_take_more_packets),
		cmocka_unit_test(reverse_names_of_both_families),
		cmocka_unit_test_setup(services_that_are_none_are_refused, setup_fresh),
		cmocka_unit_test(names_are_compressed),
	};
	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
