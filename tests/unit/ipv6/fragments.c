/* SPDX-License-Identifier: ISC */
/*
 * Fragments both ways (RFC 8200 section 4.5, RFC 5722, RFC 6946, RFC 7112), and the path's MTU (RFC
 * 8201). What all families have in common is tested by tests/unit/ipv4_fragments.
 */
#include "net/ipv6/fragments/ipv6_fragments.h"
#include "tests/unit/ipv6/bench.h"

enum { FRAGMENT = 44, OPTIONS = 60, TOO_BIG = 2, EXCEEDED = 3, PROBLEM = 4, UDP = 17 };

static _Alignas(CACHE_LINE_BYTES) uint8_t memory[160 * 1024];
static struct reassembly *table;
static struct ipv6_fragmenter fragmenter;

static int setup_fragments(void **state)
{
	static const struct reassembly_config config = {.datagrams = 8, .packets = 40, .large = 1};
	setup_with(state != NULL ? 0 : NETIF_SG);
	assert_true(reassembly_memory_bytes(&config) <= sizeof(memory));
	table = ipv6_reassembly_init(&rig.ipv6, memory, &config);
	ipv6_fragmenter_init(&fragmenter, &rig.ipv6, &rig.tx, &rig.random.rng);
	return 0;
}

static int teardown_fragments(void **state)
{
	reassembly_clear(table);
	return teardown(state);
}

/* A part of a datagram whose payload is the pattern, behind `before` and the fragment header. */
struct part {
	const uint8_t *before;
	size_t before_bytes;
	uint8_t first, next; /* headers: of the packet, and of what was cut */
	uint32_t id;
	size_t begin, end;
	bool more;
};

static void sends_part(const struct part *part)
{
	uint8_t headers[64], all[4096];
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	uint8_t *fragment = headers + part->before_bytes;
	if (part->before_bytes > 0)
		memcpy(headers, part->before, part->before_bytes);
	fragment[0] = part->next;
	fragment[1] = 0;
	store_be16(fragment + 2, (uint16_t)(part->begin | part->more));
	store_be32(fragment + 4, part->id);
	ip.next = part->before_bytes > 0 ? part->first : FRAGMENT;
	ip.extension = headers;
	ip.extension_bytes = part->before_bytes + 8;
	frame_pattern(all, sizeof(all));
	ipv6_rig_receive(&rig,
			 frame_ipv6(rig.frame, &ip, all + part->begin, part->end - part->begin));
}

static void sends_range(uint32_t id, size_t begin, size_t end, bool more)
{
	const struct part part = {
		.next = PROTO, .id = id, .begin = begin, .end = end, .more = more};
	sends_part(&part);
}

static void expect_whole(size_t len)
{
	uint8_t all[4096];
	frame_pattern(all, sizeof(all));
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.len, len);
	assert_memory_equal(taken.bytes, all, MIN(len, sizeof(taken.bytes)));
	assert_int_equal(taken.meta.proto, PROTO);
	hears_nothing();
}

static void parts_in_any_order_become_whole(void **state)
{
	(void)state;
	sends_range(1, 800, 1200, true);
	sends_range(1, 1200, 1901, false);
	assert_int_equal(taken.count, 0);
	sends_range(1, 0, 800, true);
	expect_whole(1901);
	assert_int_equal(taken.l4 - taken.l3, 40);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void headers_in_front_and_behind_stay(void **state)
{
	(void)state;
	static const uint8_t options[8] = {FRAGMENT, 0, 1, 4};
	struct part part = {.before = options,
			    .before_bytes = 8,
			    .first = OPTIONS,
			    .next = PROTO,
			    .id = 7,
			    .end = 80,
			    .more = true};
	sends_part(&part);
	part.begin = 80;
	part.end = 100;
	part.more = false;
	sends_part(&part);
	expect_whole(100);
	assert_int_equal(taken.l4 - taken.l3, 40 + 8);
}

static void datagrams_are_told_apart(void **state)
{
	(void)state;
	sends_range(1, 0, 80, true);
	sends_range(2, 80, 100, false);
	sends_range(0x10001, 80, 100, false);
	assert_int_equal(taken.count, 0);
	sends_range(1, 80, 100, false);
	expect_whole(100);
}

static void overlaps_give_the_datagram_up(void **state)
{
	(void)state;
	sends_range(1, 0, 80, true);
	sends_range(1, 72, 160, true);
	sends_range(1, 80, 160, true);
	sends_range(1, 160, 170, false);
	assert_int_equal(taken.count, 0);
	assert_int_equal(reassembly_stats(table)->overlaps, 1);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void the_first_has_all_headers(void **state)
{
	(void)state;
	uint8_t payload[8] = {PROTO, 1}; /* options that go on in the next one */
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	uint8_t fragment[8] = {OPTIONS, 0, 0, 1, 0, 0, 0, 1};
	ip.next = FRAGMENT;
	ip.extension = fragment;
	ip.extension_bytes = 8;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, payload, 8));
	assert_int_equal(load_be32(hears(PROBLEM, 3) + 4), 0);
	fragment[0] = 6; /* half a TCP header */
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, payload, 8));
	hears(PROBLEM, 3);
	assert_int_equal(reassembly_stats(table)->fragments, 0);
}

static void wrong_lengths_are_told(void **state)
{
	(void)state;
	sends_range(1, 0, 81, true);
	assert_int_equal(load_be32(hears(PROBLEM, 0) + 4), 4);
	const struct frame_ipv6 base = ipv6_rig_from_peer(&rig);
	struct frame_ipv6 ip = base;
	static const uint8_t last[8] = {PROTO, 0, 0xff, 0xf8, 0, 0, 0, 1};
	ip.next = FRAGMENT;
	ip.extension = last;
	ip.extension_bytes = 8;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, "12345678", 8));
	assert_int_equal(load_be32(hears(PROBLEM, 0) + 4), 42);
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, "1234567", 7)); /* 65,535: it can be */
	hears_nothing();
}

static void fragments_of_fragments_are_dropped(void **state)
{
	(void)state;
	static const uint8_t inner[16] = {PROTO, 0, 0, 1, 0, 0, 0, 9};
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	uint8_t fragment[8] = {FRAGMENT, 0, 0, 1, 0, 0, 0, 1};
	ip.next = FRAGMENT;
	ip.extension = fragment;
	ip.extension_bytes = 8;
	ipv6_rig_receive(&rig, frame_ipv6(rig.frame, &ip, inner, 16));
	assert_int_equal(rig.ipv6.stats.excess, 1);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void a_sender_whose_time_is_over_is_told(void **state)
{
	(void)state;
	sends_range(1, 0, 80, true);
	sends_range(2, 80, 160, false); /* without the first nobody is */
	rig.now_us += IPV6_REASSEMBLY_US - 1;
	assert_int_equal(reassembly_poll(table, rig.now_us), rig.now_us + 1);
	hears_nothing();
	rig.now_us++;
	assert_int_equal(reassembly_poll(table, rig.now_us), TIME_NEVER);
	const uint8_t *message = hears(EXCEEDED, 1);
	assert_int_equal(message[8 + 6], FRAGMENT);
	hears_nothing();
	assert_int_equal(rig.rx.pool.used, 0);
}

/* --- out ------------------------------------------------------------------------------------- */

static enum err sends_udp(const char *dst, size_t len)
{
	const struct ip_meta meta = {.src = ip6(RIG6_ADDR), .dst = ip6(dst), .proto = UDP};
	struct pkt *p = ipv6_rig_packet(&rig, len);
	enum err e = ip_output(&rig.ipv6.ip, rig.now_us, p, &meta);
	if (e != OK)
		pkt_put(p);
	return e;
}

/* The next frame is a fragment; returns its payload's length. */
static size_t hears_fragment(size_t begin, bool more)
{
	uint8_t all[4096];
	const uint8_t *ip = rig.frame + FRAME_ETH, *fragment = rig.frame + FRAME6_L4;
	assert_true(ipv6_rig_sent(&rig) > FRAME6_L4 + 8);
	frame_pattern(all, sizeof(all));
	assert_int_equal(ip[6], FRAGMENT);
	assert_int_equal(ip[7], 64);
	assert_int_equal(load_be16(ip + 4), rig.len - FRAME6_L4);
	assert_int_equal(fragment[0], UDP);
	assert_int_equal(fragment[1], 0);
	assert_int_equal(load_be16(fragment + 2), begin | more);
	assert_memory_equal(fragment + 8, all + begin, rig.len - FRAME6_L4 - 8);
	return rig.len - FRAME6_L4 - 8;
}

static void what_is_too_long_goes_in_fragments(void **state)
{
	(void)state;
	assert_int_equal(sends_udp(RIG6_PEER, 1460), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1460);
	assert_int_equal(sends_udp(RIG6_PEER, 1461), OK);
	assert_int_equal(hears_fragment(0, true), 1448);
	const uint32_t id = load_be32(rig.frame + FRAME6_L4 + 4);
	assert_int_equal(hears_fragment(1448, false), 13);
	assert_int_equal(load_be32(rig.frame + FRAME6_L4 + 4), id);
	hears_nothing();
	assert_int_equal(sends(RIG6_PEER, 1461), ERR_INVALID); /* another protocol */
	rig.random.fails = true;
	assert_int_equal(sends_udp(RIG6_PEER, 1461), ERR_NOTREADY);
}

/* A router says that 1400 bytes to the far host were too many. */
static void too_big(uint8_t proto, uint32_t mtu, const char *dst)
{
	struct frame_ipv6 ip = ipv6_rig_from_peer(&rig);
	const struct ip_meta sent = {.src = ip6(RIG6_ADDR), .dst = ip6(dst), .proto = proto};
	uint8_t message[108] = {TOO_BIG};
	store_be32(message + 4, mtu);
	ipv6_header_emit(&sent, 1460 - 40, message + 8);
	ip.src = ip6("2001:db8::99");
	ipv6_rig_receive(&rig, frame_icmpv6(rig.frame, &ip, message, sizeof(message)));
}

static void the_path_is_followed_for_ten_minutes(void **state)
{
	(void)state;
	too_big(UDP, 1400, RIG6_FAR);
	assert_int_equal(sends_udp(RIG6_FAR, 1360), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1360);
	assert_int_equal(sends_udp(RIG6_FAR, 1361), OK);
	assert_int_equal(hears_fragment(0, true), 1352);
	assert_int_equal(hears_fragment(1352, false), 9);
	too_big(UDP, 1450, RIG6_FAR); /* not larger */
	assert_int_equal(sends_udp(RIG6_FAR, 1361), OK);
	hears_fragment(0, true);
	hears_fragment(1352, false);
	assert_int_equal(sends_udp(RIG6_PEER, 1361), OK); /* another way */
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1361);
	rig.now_us += IPV6_PATH_MTU_US;
	assert_int_equal(sends_udp(RIG6_FAR, 1361), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1361);
}

static void forged_paths_are_bounded(void **state)
{
	(void)state;
	char dst[] = "2001:db8:10::1";
	struct ip_route route;
	const struct ip_addr far = ip6(RIG6_FAR);
	too_big(UDP, 1279, RIG6_FAR);
	too_big(6, 1280, RIG6_FAR); /* TCP's affair */
	assert_int_equal(sends_udp(RIG6_FAR, 1460), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1460);
	too_big(UDP, 1280, RIG6_FAR);
	assert_int_equal(ip_route(&rig.ipv6.ip, &far, &route), OK);
	assert_int_equal(route.mtu, 1500); /* what TCP begins with stays */
	for (unsigned i = 0; i < IPV6_PATHS_MAX; i++) {
		rig.now_us++;
		dst[10] = "0123456789abcdef"[i];
		too_big(UDP, 1280, dst);
	}
	assert_int_equal(sends_udp(RIG6_FAR, 1460), OK);
	assert_int_equal(ipv6_rig_sent(&rig), FRAME6_L4 + 1460); /* forgotten first */
}

static void fragments_are_not_copied_where_pieces_are_taken(void **state)
{
	teardown_fragments(state);
	setup_fragments(NULL);
	assert_int_equal(sends_udp(RIG6_PEER, 1800), OK);
	const struct pkt *p = list_entry(rig.fake.sent.next, struct pkt, node);
	assert_int_equal(p->n_pieces, 1);
	assert_int_equal(hears_fragment(0, true), 1448);
	assert_int_equal(hears_fragment(1448, false), 352);
}

#define TEST_FRAGMENTS(f) cmocka_unit_test_setup_teardown(f, setup_fragments, teardown_fragments)

const struct CMUnitTest fragments_tests[] = {
	TEST_FRAGMENTS(parts_in_any_order_become_whole),
	TEST_FRAGMENTS(headers_in_front_and_behind_stay),
	TEST_FRAGMENTS(datagrams_are_told_apart),
	TEST_FRAGMENTS(overlaps_give_the_datagram_up),
	TEST_FRAGMENTS(the_first_has_all_headers),
	TEST_FRAGMENTS(wrong_lengths_are_told),
	TEST_FRAGMENTS(fragments_of_fragments_are_dropped),
	TEST_FRAGMENTS(a_sender_whose_time_is_over_is_told),
	TEST_FRAGMENTS(what_is_too_long_goes_in_fragments),
	TEST_FRAGMENTS(the_path_is_followed_for_ten_minutes),
	TEST_FRAGMENTS(forged_paths_are_bounded),
	TEST_FRAGMENTS(fragments_are_not_copied_where_pieces_are_taken),
};
const size_t n_fragments_tests = ARRAY_SIZE(fragments_tests);
