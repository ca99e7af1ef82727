/* SPDX-License-Identifier: ISC */
/* The client on virtual time: what it asks when, and what it makes of answers. */
#include "tests/unit/dhcpv6/tests.h"

#include <stdlib.h>
#include <string.h>

#include "net/dhcpv6/dhcpv6.h"
#include "tests/fakes/ip_slots.h"

enum { PACKETS = 4, BUF_BYTES = 1536, UDP_HEADER = 8 };

static struct {
	struct ip ip;
	struct udp udp;
	struct rng rng;
	struct pkt_pool pool;
	void *memory;
	struct dhcpv6 dhcp;
	struct dhcpv6_watcher watcher;
	unsigned changes;
	ip_input_fn *input;
	void *input_self;
	uint64_t now_us;
	uint8_t draw;
	enum err output_error, rng_error;
	unsigned sent;
	uint8_t last[64];
	struct ip_meta last_meta;
} rig;

static enum err fake_bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
			  void *self)
{
	(void)ip, (void)proto, (void)error;
	rig.input = input;
	rig.input_self = self;
	return OK;
}

static enum err fake_route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	(void)ip, (void)dst;
	*out = (struct ip_route){.src = {{__builtin_bswap32(0xfe800000), 0, 0, 1}}, .mtu = 1500};
	return OK;
}

static enum err fake_output(struct ip *ip, uint64_t now_us, struct pkt *p,
			    const struct ip_meta *meta)
{
	(void)ip, (void)now_us;
	if (rig.output_error != OK)
		return rig.output_error;
	assert_int_equal(p->len, UDP_HEADER + DHCPV6_REQUEST_BYTES);
	memcpy(rig.last, p->data, p->len);
	rig.last_meta = *meta;
	rig.sent++;
	pkt_put(p);
	return OK;
}

static enum err fake_read(struct rng *r, void *bytes, size_t len)
{
	(void)r;
	memset(bytes, rig.draw, len);
	return rig.rng_error;
}

static void changed(struct dhcpv6_watcher *w, struct dhcpv6 *d, uint64_t now_us)
{
	assert_ptr_equal(w, &rig.watcher);
	assert_ptr_equal(d, &rig.dhcp);
	assert_int_equal(now_us, rig.now_us);
	rig.changes++;
}

static int set_up(void **state)
{
	static const struct ip_ops ip_ops = {
		.bind = fake_bind,
		.route = fake_route,
		.output = fake_output,
		.unreachable = ip_slot_unreachable,
		.join = ip_slot_join,
		.leave = ip_slot_leave,
		.owner = ip_slot_owner,
	};
	static const struct rng_ops rng_ops = {.read = fake_read};
	(void)state;
	memset(&rig, 0, sizeof(rig));
	rig.ip.ops = &ip_ops;
	rig.rng.ops = &rng_ops;
	rig.draw = 0x80; /* the middle: waits are as long as their mean */
	rig.now_us = 7 * US_PER_S;
	rig.memory = aligned_alloc(CACHE_LINE_BYTES, PKT_POOL_BYTES(PACKETS, BUF_BYTES));
	pkt_pool_init(&rig.pool, rig.memory, PACKETS, BUF_BYTES);
	assert_int_equal(udp_init(&rig.udp, &rig.ip, &rig.rng), OK);
	dhcpv6_init(&rig.dhcp, &rig.udp, &rig.pool, &rig.rng, test_mac);
	rig.watcher.changed = changed;
	dhcpv6_watch(&rig.dhcp, &rig.watcher);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(rig.pool.pool.used, 0);
	free(rig.memory);
	return 0;
}

static void start(void)
{
	assert_int_equal(dhcpv6_poll(&rig.dhcp, rig.now_us), TIME_NEVER);
	assert_int_equal(dhcpv6_start(&rig.dhcp, rig.now_us), OK);
}

/* Goes on until the next step; returns how many seconds that took. */
static unsigned step(void)
{
	uint64_t due_us = dhcpv6_poll(&rig.dhcp, rig.now_us), before_us = rig.now_us;
	assert_true(due_us > rig.now_us && due_us != TIME_NEVER);
	rig.now_us = due_us;
	(void)dhcpv6_poll(&rig.dhcp, rig.now_us);
	return (unsigned)((rig.now_us - before_us + US_PER_S / 2) / US_PER_S);
}

static void answer(const struct message *m)
{
	const struct ip_meta meta = {
		.src = {{__builtin_bswap32(0xfe800000), 0, 0, 2}},
		.dst = {{__builtin_bswap32(0xfe800000), 0, 0, 1}},
		.proto = IP_PROTO_UDP,
	};
	struct pkt *p = pkt_alloc(&rig.pool, PKT_HEADROOM);
	uint8_t *at = pkt_append(p, (uint32_t)(UDP_HEADER + m->len));
	store_be16(at, DHCPV6_SERVER_PORT);
	store_be16(at + 2, DHCPV6_CLIENT_PORT);
	store_be16(at + 4, (uint16_t)(UDP_HEADER + m->len));
	store_be16(at + 6, 0);
	memcpy(at + UDP_HEADER, m->bytes, m->len);
	uint16_t sum = csum_fold(pkt_csum(ip_pseudo_sum(&meta, p->len), p));
	csum_store(at + 6, sum != 0 ? sum : UINT16_MAX);
	rig.input(rig.input_self, rig.now_us, p, &meta);
}

static uint32_t sent_xid(void)
{
	return load_be32(rig.last + UDP_HEADER) & 0xffffff;
}

static unsigned sent_elapsed_cs(void)
{
	return load_be16(rig.last + UDP_HEADER + 22);
}

static void it_asks_all_servers_at_once(void **state)
{
	static const uint8_t group[16] = {0xff, 2, [13] = 1, [15] = 2};
	(void)state;
	start();
	assert_int_equal(rig.sent, 1);
	assert_memory_equal(&rig.last_meta.dst, group, 16);
	assert_int_equal(load_be16(rig.last), DHCPV6_CLIENT_PORT);
	assert_int_equal(load_be16(rig.last + 2), DHCPV6_SERVER_PORT);
	assert_int_equal(sent_xid(), 0x808080);
	assert_int_equal(sent_elapsed_cs(), 0);
	assert_null(dhcpv6_reply(&rig.dhcp));
}

static void waits_double_up_to_an_hour(void **state)
{
	unsigned s = 0;
	(void)state;
	start();
	for (unsigned wanted = 1; wanted < DHCPV6_MAX_WAIT_S; wanted *= 2) {
		s = step();
		assert_in_range(s, wanted, wanted + wanted / 100);
	}
	assert_int_equal(sent_elapsed_cs(), UINT16_MAX);
	assert_in_range(step(), DHCPV6_MAX_WAIT_S, DHCPV6_MAX_WAIT_S + 4);
	assert_in_range(step(), DHCPV6_MAX_WAIT_S, DHCPV6_MAX_WAIT_S + 4);
	assert_int_equal(sent_xid(), 0x808080);
	assert_int_equal(rig.sent, 15);
}

static void waits_are_spread(void **state)
{
	(void)state;
	rig.draw = 0;
	start();
	assert_int_equal(dhcpv6_poll(&rig.dhcp, rig.now_us), rig.now_us + 900000);
	rig.draw = 0xff;
	(void)step();
	assert_in_range(dhcpv6_poll(&rig.dhcp, rig.now_us) - rig.now_us, 1619999, 1620000);
	(void)step();
	assert_in_range(dhcpv6_poll(&rig.dhcp, rig.now_us) - rig.now_us, 3563900, 3564000);
}

static void an_answer_is_kept_and_told(void **state)
{
	static const uint8_t dns[16] = {0xfd, [15] = 1};
	struct message m;
	(void)state;
	start();
	message_begin(&m, sent_xid());
	message_option(&m, 23, dns, sizeof(dns));
	answer(&m);
	assert_int_equal(rig.changes, 1);
	assert_non_null(dhcpv6_reply(&rig.dhcp));
	assert_memory_equal(&dhcpv6_reply(&rig.dhcp)->dns.addr[0], dns, 16);
	/* Not twice. */
	answer(&m);
	assert_int_equal(rig.changes, 1);
	assert_int_equal(rig.dhcp.stats.unexpected, 1);
	/* A day later anew, with a number of its own. */
	rig.draw = 0x81;
	assert_in_range(step(), DHCPV6_REFRESH_S - 1, DHCPV6_REFRESH_S + 200);
	assert_int_equal(rig.sent, 2);
	assert_int_equal(sent_xid(), 0x818181);
	assert_int_equal(sent_elapsed_cs(), 0);
	assert_non_null(dhcpv6_reply(&rig.dhcp));
	message_begin(&m, sent_xid());
	message_option(&m, 32, "\xff\xff\xff\xff", 4);
	answer(&m);
	assert_int_equal(rig.changes, 2);
	assert_int_equal(dhcpv6_reply(&rig.dhcp)->dns.n, 0);
	assert_int_equal(dhcpv6_poll(&rig.dhcp, rig.now_us), TIME_NEVER);
}

static void a_server_cannot_have_it_ask_all_the_time(void **state)
{
	struct message m;
	(void)state;
	start();
	message_begin(&m, sent_xid());
	message_option(&m, 32, "\0\0\0\1", 4);
	answer(&m);
	assert_in_range(step(), DHCPV6_REFRESH_MIN_S - 1, DHCPV6_REFRESH_MIN_S + 1);
}

static void what_is_no_answer_changes_nothing(void **state)
{
	struct message m;
	(void)state;
	start();
	message_begin(&m, sent_xid() ^ 1);
	answer(&m);
	message_begin(&m, sent_xid());
	m.len--;
	answer(&m);
	assert_int_equal(rig.dhcp.stats.unexpected, 1);
	assert_int_equal(rig.dhcp.stats.bad, 1);
	assert_int_equal(rig.changes, 0);
	assert_int_equal(step(), 1);
}

static void what_cannot_be_sent_is_tried_again(void **state)
{
	(void)state;
	rig.output_error = ERR_NOTREADY;
	start();
	assert_int_equal(rig.dhcp.stats.unsent, 1);
	rig.output_error = OK;
	assert_int_equal(step(), 1);
	assert_int_equal(rig.sent, 1);
}

static void without_random_numbers_it_begins_later(void **state)
{
	(void)state;
	rig.rng_error = ERR_NOTREADY;
	start();
	assert_int_equal(rig.sent, 0);
	rig.rng_error = OK;
	assert_int_equal(step(), 1);
	assert_int_equal(rig.sent, 1);
	assert_int_equal(sent_elapsed_cs(), 0);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int client_tests(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_asks_all_servers_at_once),
		TEST(waits_double_up_to_an_hour),
		TEST(waits_are_spread),
		TEST(an_answer_is_kept_and_told),
		TEST(a_server_cannot_have_it_ask_all_the_time),
		TEST(what_is_no_answer_changes_nothing),
		TEST(what_cannot_be_sent_is_tried_again),
		TEST(without_random_numbers_it_begins_later),
	};
	return cmocka_run_group_tests_name("dhcpv6 client", tests, NULL, NULL);
}
