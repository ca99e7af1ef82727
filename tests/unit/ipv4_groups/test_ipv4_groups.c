/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/group/table.h"
#include "net/udp/udp.h"
#include "tests/fakes/net_rig.h"

#define GROUP   UINT32_C(0xef010203) /* 239.1.2.3 */
#define SAME    UINT32_C(0xee810203) /* another of the same Ethernet address */
#define ANOTHER UINT32_C(0xe00000fb) /* 224.0.0.251 */

enum { PORT = 5353, THEIR_PORT = 40000 };

static struct net_rig rig;
static struct group_table groups;
static struct udp udp;
static struct udp_socket socket, other;
static unsigned inputs, changes;
static uint32_t last_local, last_changed;
static bool last_joined;

static void keep(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		 const struct ip_addr *local)
{
	(void)s, (void)now_us, (void)peer;
	inputs++;
	last_local = ip_addr_v4(local);
	pkt_put(p);
}

static void note(void *self, uint64_t now_us, const struct ip_addr *group, bool joined)
{
	assert_ptr_equal(self, &changes);
	assert_int_equal(now_us, rig.now_us);
	changes++;
	last_changed = ip_addr_v4(group);
	last_joined = joined;
}

static int setup(void **state)
{
	(void)state;
	net_rig_setup(&rig, 0);
	inputs = changes = 0;
	groups = (struct group_table){
		.eth = &rig.eth,
		.everybody = ip_addr_from_v4(IPV4_ALL_HOSTS),
		.max = GROUP_TABLE_MAX,
		.changed = note,
		.changed_self = &changes,
	};
	rig.ipv4.hook->groups = (struct ip_groups){&group_table_membership, &groups};
	assert_int_equal(udp_init(&udp, &rig.ipv4.ip, &rig.random.rng), OK);
	socket = (struct udp_socket){.port = PORT, .input = keep};
	other = (struct udp_socket){.port = PORT + 1, .input = keep};
	assert_int_equal(udp_open(&udp, &socket), OK);
	assert_int_equal(udp_open(&udp, &other), OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

static enum err join(struct udp_socket *s, uint32_t group)
{
	struct ip_addr addr = ip_addr_from_v4(group);
	return udp_join(&udp, s, rig.now_us, &addr);
}

static void leave(struct udp_socket *s, uint32_t group)
{
	struct ip_addr addr = ip_addr_from_v4(group);
	udp_leave(&udp, s, rig.now_us, &addr);
}

static void arrive(uint32_t group, uint16_t port)
{
	uint8_t mac[6];
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	ip.dst = group;
	ip.eth_dst = mac;
	const struct ip_addr to = ip_addr_from_v4(group);
	eth_group_addr(&to, mac);
	net_rig_receive(&rig, frame_udp(rig.frame, &ip, THEIR_PORT, port, "who", 3));
}

static void a_group_is_received_between_join_and_leave(void **state)
{
	(void)state;
	arrive(GROUP, PORT);
	assert_int_equal(rig.eth.stats.not_for_us, 1);
	assert_int_equal(join(&socket, GROUP), OK);
	arrive(GROUP, PORT);
	assert_int_equal(inputs, 1);
	assert_int_equal(last_local, GROUP);
	leave(&socket, GROUP);
	arrive(GROUP, PORT);
	assert_int_equal(inputs, 1);
	assert_int_equal(rig.eth.stats.not_for_us, 2);
	assert_int_equal(net_rig_sent(&rig), 0); /* and nobody is answered */
}

static void groups_of_one_ethernet_address_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(join(&socket, GROUP), OK);
	arrive(SAME, PORT);
	assert_int_equal(inputs, 0);
	assert_int_equal(rig.ipv4.stats.not_for_us, 1);
	assert_int_equal(join(&socket, SAME), OK);
	leave(&socket, GROUP);
	arrive(SAME, PORT);
	assert_int_equal(inputs, 1);
	arrive(GROUP, PORT);
	assert_int_equal(inputs, 1);
}

static void a_socket_gets_only_what_it_has_joined(void **state)
{
	(void)state;
	assert_int_equal(join(&socket, GROUP), OK);
	assert_int_equal(join(&other, ANOTHER), OK);
	arrive(GROUP, PORT + 1);
	arrive(ANOTHER, PORT);
	assert_int_equal(inputs, 0);
	assert_int_equal(udp.stats.not_joined, 2);
	arrive(GROUP, PORT);
	arrive(ANOTHER, PORT + 1);
	arrive(IPV4_ALL_HOSTS, PORT);
	assert_int_equal(inputs, 3);
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void the_layer_leaves_with_the_last_socket(void **state)
{
	(void)state;
	assert_int_equal(join(&socket, GROUP), OK);
	assert_int_equal(join(&other, GROUP), OK);
	assert_int_equal(changes, 1);
	assert_true(last_joined);
	leave(&socket, GROUP);
	assert_int_equal(changes, 1);
	arrive(GROUP, PORT + 1);
	assert_int_equal(inputs, 1);
	leave(&other, GROUP);
	assert_int_equal(changes, 2);
	assert_int_equal(last_changed, GROUP);
	assert_false(last_joined);
}

static void joins_are_checked_and_bounded(void **state)
{
	(void)state;
	struct ip_addr addr;
	assert_int_equal(join(&socket, RIG_PEER), ERR_INVALID);
	assert_int_equal(join(&socket, IPV4_BROADCAST), ERR_INVALID);
	assert_int_equal(inet_parse_v6("ff02::fb", &addr), OK);
	assert_int_equal(udp_join(&udp, &socket, rig.now_us, &addr), ERR_UNSUPPORTED);
	for (uint32_t i = 0; i < UDP_GROUPS_MAX; i++)
		assert_int_equal(join(&socket, GROUP + i), OK);
	assert_int_equal(join(&socket, GROUP), ERR_EXISTS);
	assert_int_equal(join(&socket, GROUP + UDP_GROUPS_MAX), ERR_NOMEM);
	expect_assert_failure(udp_close(&udp, &socket));
	expect_assert_failure(leave(&other, GROUP));
	for (uint32_t i = UDP_GROUPS_MAX; i < GROUP_TABLE_MAX; i++) {
		addr = ip_addr_from_v4(GROUP + i);
		assert_int_equal(ip_join(&rig.ipv4.ip, rig.now_us, &addr), OK);
	}
	assert_int_equal(join(&other, GROUP + GROUP_TABLE_MAX), ERR_NOMEM);
	assert_int_equal(join(&other, IPV4_ALL_HOSTS), OK); /* takes no place */
	leave(&other, IPV4_ALL_HOSTS);
	leave(&socket, GROUP);
	assert_int_equal(join(&other, GROUP + GROUP_TABLE_MAX), OK);
	arrive(GROUP + GROUP_TABLE_MAX, PORT + 1);
	assert_int_equal(inputs, 1);
}

static void a_full_filter_refuses(void **state)
{
	(void)state;
	uint8_t mac[6] = {0x33, 0x33};
	while (eth_join(&rig.eth, mac) == OK)
		mac[5]++;
	assert_int_equal(join(&socket, GROUP), ERR_NOMEM);
	assert_int_equal(changes, 0);
	mac[5] = 0;
	eth_leave(&rig.eth, mac);
	assert_int_equal(join(&socket, GROUP), OK);
}

static void without_support_nothing_is_joined(void **state)
{
	(void)state;
	rig.ipv4.hook->groups.ops = NULL;
	assert_int_equal(join(&socket, GROUP), ERR_UNSUPPORTED);
	arrive(IPV4_ALL_HOSTS, PORT);
	assert_int_equal(inputs, 1);
}

static void sends_to_a_group_without_asking_anybody(void **state)
{
	(void)state;
	static const uint8_t mac[6] = {0x01, 0x00, 0x5e, 0x01, 0x02, 0x03};
	const struct udp_peer to = {.addr = ip_addr_from_v4(SAME), .port = PORT};
	struct ip_route route;
	for (unsigned ttl = 0; ttl < 256; ttl += 255) {
		socket.ttl = (uint8_t)ttl;
		struct pkt *p = net_rig_packet(&rig, 20);
		assert_int_equal(udp_send(&udp, &socket, rig.now_us, p, &to, NULL), OK);
		size_t len = net_rig_sent(&rig);
		assert_int_equal(len, FRAME_L4 + 8 + 20);
		assert_memory_equal(rig.frame, mac, 6);
		assert_int_equal(rig.frame[FRAME_ETH + 8], ttl == 0 ? 1 : 255);
		assert_int_equal(load_be32(rig.frame + FRAME_ETH + 16), SAME);
		assert_int_equal(frame_l4_error(rig.frame, len), 0);
	}
	assert_int_equal(ip_route(&rig.ipv4.ip, &to.addr, &route), OK);
	assert_int_equal(ip_addr_v4(&route.src), RIG_ADDR);
	assert_int_equal(route.prefix_bits, 0);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, (struct ipv4_prefix){0}, 0), OK);
	assert_int_equal(ip_route(&rig.ipv4.ip, &to.addr, &route), ERR_NOTREADY);
}

static void says_what_it_owns_and_how_specific_a_way_is(void **state)
{
	(void)state;
	struct ip_addr ours = ip_addr_from_v4(RIG_ADDR), peer = ip_addr_from_v4(RIG_PEER);
	struct ip_addr far = ip_addr_from_v4(RIG_FAR), none = ip_addr_from_v4(0);
	struct ip_route route;
	assert_true(ip_owns(&rig.ipv4.ip, &ours));
	assert_false(ip_owns(&rig.ipv4.ip, &peer));
	assert_int_equal(ip_route(&rig.ipv4.ip, &peer, &route), OK);
	assert_int_equal(route.prefix_bits, 24);
	assert_int_equal(ip_route(&rig.ipv4.ip, &far, &route), OK);
	assert_int_equal(route.prefix_bits, 0);
	assert_int_equal(ipv4_set_address(&rig.ipv4, rig.now_us, (struct ipv4_prefix){0}, 0), OK);
	assert_false(ip_owns(&rig.ipv4.ip, &none));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_group_is_received_between_join_and_leave),
		TEST(groups_of_one_ethernet_address_are_told_apart),
		TEST(a_socket_gets_only_what_it_has_joined),
		TEST(the_layer_leaves_with_the_last_socket),
		TEST(joins_are_checked_and_bounded),
		TEST(a_full_filter_refuses),
		TEST(without_support_nothing_is_joined),
		TEST(sends_to_a_group_without_asking_anybody),
		TEST(says_what_it_owns_and_how_specific_a_way_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
