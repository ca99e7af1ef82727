/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/udp/udp.h"
#include "tests/fakes/counted.h"
#include "tests/fakes/net_rig.h"

enum { PORT = 7, THEIR_PORT = 40000, EPHEMERAL = 65536 - 49152 };

static struct net_rig rig;
static struct udp udp;
static struct udp_socket server;

static struct {
	unsigned count;
	uint8_t payload[FRAME_MAX];
	size_t len;
	struct udp_peer peer;
	struct ip_addr local;
} last;

static void keep(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		 const struct ip_addr *local)
{
	(void)s;
	assert_int_equal(now_us, rig.now_us);
	last.count++;
	last.len = netif_fake_flatten(p, last.payload, sizeof(last.payload));
	last.peer = *peer;
	last.local = *local;
	pkt_put(p);
}

static void setup_with(uint32_t features)
{
	net_rig_setup(&rig, features);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	memset(&last, 0, sizeof(last));
	server = (struct udp_socket){.port = PORT, .input = keep};
	assert_int_equal(udp_init(&udp, &rig.ipv4.ip, &rig.random.rng), OK);
	assert_int_equal(udp_open(&udp, &server), OK);
}

static int setup(void **state)
{
	(void)state;
	setup_with(0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	return 0;
}

/* A datagram of `len` bytes from the neighbour to `port`, in rig.frame. */
static size_t build(uint16_t port, size_t len)
{
	uint8_t payload[FRAME_MAX];
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	frame_pattern(payload, len);
	return frame_udp(rig.frame, &ip, THEIR_PORT, port, payload, len);
}

static void delivers_to_the_socket_of_the_port(void **state)
{
	(void)state;
	uint8_t payload[1472];
	frame_pattern(payload, sizeof(payload));
	for (size_t len = 0; len <= 1472; len = len < 67 ? len + 1 : len * 2 + 1) {
		net_rig_receive(&rig, build(PORT, len));
		assert_int_equal(last.len, len);
		assert_memory_equal(last.payload, payload, len);
	}
	assert_counted(udp.stats.in, last.count);
	assert_int_equal(last.peer.port, THEIR_PORT);
	assert_int_equal(ip_addr_v4(&last.peer.addr), RIG_PEER);
	assert_int_equal(ip_addr_v4(&last.local), RIG_ADDR);
	assert_counted(udp.stats.bad_checksum, 0);
}

static void delivers_pieces_of_odd_length(void **state)
{
	(void)state;
	uint8_t payload[900];
	frame_pattern(payload, sizeof(payload));
	rig.fake.rx_first_max = 43;
	rig.fake.rx_chunk_max = 127;
	net_rig_receive(&rig, build(PORT, 900));
	assert_int_equal(last.len, 900);
	assert_memory_equal(last.payload, payload, 900);
}

static void lengths_must_be_possible(void **state)
{
	(void)state;
	static const uint16_t bad[] = {0, 7, 29, 65535};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t len = build(PORT, 20);
		store_be16(rig.frame + FRAME_L4 + 4, bad[i]);
		store_be16(rig.frame + FRAME_L4 + 6, 0);
		net_rig_receive(&rig, len);
		assert_counted(udp.stats.bad_length, i + 1);
	}
	ip.proto = IP_PROTO_UDP;
	for (size_t n = 0; n < 8; n++)
		net_rig_receive(&rig, frame_ipv4(rig.frame, &ip, "\0\7\0\7\0\10\0", n));
	assert_counted(udp.stats.bad_length, ARRAY_SIZE(bad) + 8);
	assert_int_equal(last.count, 0);

	size_t len = build(PORT, 20); /* shorter than the packet is fine: the rest is not ours */
	store_be16(rig.frame + FRAME_L4 + 4, 8 + 13);
	store_be16(rig.frame + FRAME_L4 + 6, 0);
	net_rig_receive(&rig, len);
	assert_int_equal(last.len, 13);
}

static void damaged_datagrams_are_dropped(void **state)
{
	(void)state;
	static const uint8_t at[] = {FRAME_ETH + 15, FRAME_L4 + 1, FRAME_L4 + 6, FRAME_L4 + 8,
				     FRAME_L4 + 8 + 32};
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		size_t len = build(PORT, 33);
		rig.frame[at[i]] ^= 4;
		frame_ipv4_fix(rig.frame);
		net_rig_receive(&rig, len);
		assert_counted(udp.stats.bad_checksum, i + 1);
	}
	assert_int_equal(last.count, 0);
	assert_int_equal(net_rig_sent(&rig), 0); /* not even an unreachable */

	size_t len = build(PORT, 33);
	store_be16(rig.frame + FRAME_L4 + 6, 0); /* the sender made none */
	net_rig_receive(&rig, len);
	assert_int_equal(last.count, 1);
	len = build(PORT, 33);
	rig.frame[FRAME_L4 + 7] ^= 1;
	rig.fake.rx_flags = PKT_CSUM_OK; /* the device knows better */
	net_rig_receive(&rig, len);
	assert_int_equal(last.count, 2);
}

static void nobody_at_the_port_is_answered(void **state)
{
	(void)state;
	net_rig_receive(&rig, build(PORT + 1, 20));
	net_rig_receive(&rig, build(0, 20));
	assert_counted(udp.stats.no_port, 2);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(rig.frame[FRAME_ETH + 9], IP_PROTO_ICMP);
	assert_int_equal(rig.frame[FRAME_L4], 3);
	assert_int_equal(rig.frame[FRAME_L4 + 1], 3);
	udp_close(&udp, &server);
	net_rig_receive(&rig, build(PORT, 20));
	assert_counted(udp.stats.no_port, 3);
	assert_int_equal(last.count, 0);
}

static void broadcasts_are_delivered(void **state)
{
	(void)state;
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	ip.dst = IPV4_BROADCAST;
	ip.eth_dst = rig_everybody;
	net_rig_receive(&rig, frame_udp(rig.frame, &ip, THEIR_PORT, PORT, "who", 3));
	assert_int_equal(last.count, 1);
	assert_int_equal(ip_addr_v4(&last.local), IPV4_BROADCAST);
}

static void ports_are_given_once(void **state)
{
	(void)state;
	struct udp_socket other = {.port = PORT, .input = keep};
	assert_int_equal(udp_open(&udp, &other), ERR_EXISTS);
	udp_close(&udp, &server);
	assert_int_equal(udp_open(&udp, &other), OK);
	expect_assert_failure(udp_close(&udp, &server));
}

static void ephemeral_ports_run_out_and_come_back(void **state)
{
	(void)state;
	static struct udp_socket many[EPHEMERAL];
	static const unsigned drawn[] = {0, 1234, EPHEMERAL - 1};
	struct udp_socket more = {.input = keep};
	for (unsigned i = 0; i < EPHEMERAL; i++) {
		many[i] = (struct udp_socket){.input = keep, .port = 49152 + i};
		if (i != drawn[0] && i != drawn[1] && i != drawn[2])
			assert_int_equal(udp_open(&udp, &many[i]), OK);
	}
	unsigned sum = 0; /* of the indices of what was free: each is given once */
	for (unsigned i = 0; i < 3; i++) {
		many[drawn[i]].port = 0;
		assert_int_equal(udp_open(&udp, &many[drawn[i]]), OK);
		unsigned given = many[drawn[i]].port - 49152u;
		assert_true(given == drawn[0] || given == drawn[1] || given == drawn[2]);
		sum += given;
	}
	assert_int_equal(sum, drawn[0] + drawn[1] + drawn[2]);
	assert_int_equal(udp_open(&udp, &more), ERR_NOMEM);
	assert_int_equal(more.port, 0);
	udp_close(&udp, &many[1234]);
	assert_int_equal(udp_open(&udp, &more), OK);
	assert_int_equal(more.port, many[1234].port);
	assert_int_equal(udp_init(&udp, &rig.ipv4.ip, &rig.random.rng), ERR_EXISTS);
}

static enum err fixed(struct rng *r, void *bytes, size_t len)
{
	uint16_t value = 0xffff;
	(void)r;
	assert_int_equal(len, sizeof(value));
	memcpy(bytes, &value, sizeof(value));
	return OK;
}

static enum err unseeded(struct rng *r, void *bytes, size_t len)
{
	(void)r, (void)bytes, (void)len;
	return ERR_NOTREADY;
}

static void ephemeral_ports_are_drawn(void **state)
{
	(void)state;
	static const struct rng_ops fixed_ops = {.read = fixed}, unseeded_ops = {.read = unseeded};
	struct udp_socket a = {.input = keep}, b = a, c = a, d = a, e = a;
	assert_int_equal(udp_open(&udp, &a), OK); /* the rig's generator counts bytes up */
	assert_int_equal(udp_open(&udp, &b), OK);
	assert_int_equal((uint16_t)(b.port - a.port), 0x0202);
	rig.random.rng.ops = &fixed_ops;
	assert_int_equal(udp_open(&udp, &c), OK);
	assert_int_equal(c.port, 65535);
	assert_int_equal(udp_open(&udp, &d), OK); /* that one is taken: the next */
	assert_int_equal(d.port, 49152);
	rig.random.rng.ops = &unseeded_ops;
	assert_int_equal(udp_open(&udp, &e), ERR_NOTREADY);
	assert_int_equal(e.port, 0);
	e.port = 40000; /* needs no drawing */
	assert_int_equal(udp_open(&udp, &e), OK);
}

static enum err send(struct pkt *p, uint32_t addr, const struct ip_addr *from)
{
	const struct udp_peer peer = {.addr = ip_addr_from_v4(addr), .port = THEIR_PORT};
	enum err e = udp_send(&udp, &server, rig.now_us, p, &peer, from);
	if (e != OK)
		pkt_put(p);
	return e;
}

static void sends_with_a_checksum_for_every_length(void **state)
{
	(void)state;
	for (size_t len = 0; len < 80; len++) {
		uint8_t payload[80];
		const uint8_t *datagram = rig.frame + FRAME_L4;
		frame_pattern(payload, len);
		assert_int_equal(send(net_rig_packet(&rig, len), RIG_PEER, NULL), OK);
		size_t n = net_rig_sent(&rig);
		assert_int_equal(n, FRAME_L4 + 8 + len);
		assert_int_equal(load_be16(datagram), PORT);
		assert_int_equal(load_be16(datagram + 2), THEIR_PORT);
		assert_int_equal(load_be16(datagram + 4), 8 + len);
		assert_int_not_equal(load_be16(datagram + 6), 0);
		assert_int_equal(frame_l4_error(rig.frame, n), 0);
		assert_memory_equal(datagram + 8, payload, len);
	}
	assert_counted(udp.stats.out, 80);
}

static void checksum_of_pieces(void **state)
{
	(void)state;
	for (unsigned sg = 0; sg <= 1; sg++) {
		net_rig_fini(&rig);
		setup_with(sg != 0 ? NETIF_SG : 0);
		struct pkt *p = net_rig_packet(&rig, 3);
		assert_true(pkt_add_piece(p, SLICE_STATIC("abcde", 5)));
		assert_true(pkt_add_piece(p, SLICE_STATIC("f", 1)));
		assert_true(pkt_add_piece(p, SLICE_STATIC("ghij", 4)));
		assert_int_equal(send(p, RIG_PEER, NULL), OK);
		size_t n = net_rig_sent(&rig);
		assert_int_equal(n, FRAME_L4 + 8 + 13);
		assert_int_equal(frame_l4_error(rig.frame, n), 0);
		assert_memory_equal(rig.frame + n - 10, "abcdefghij", 10);
	}
}

static void zero_checksum_is_sent_as_all_ones(void **state)
{
	(void)state;
	unsigned ones = 0;
	for (unsigned word = 0; word < 65536; word++) {
		struct pkt *p = net_rig_packet(&rig, 2);
		store_be16(p->data, (uint16_t)word);
		assert_int_equal(send(p, RIG_PEER, NULL), OK);
		size_t n = net_rig_sent(&rig);
		assert_int_not_equal(load_be16(rig.frame + FRAME_L4 + 6), 0);
		assert_int_equal(frame_l4_error(rig.frame, n), 0);
		ones += load_be16(rig.frame + FRAME_L4 + 6) == 0xffff;
	}
	assert_true(ones > 0);
}

static void device_finishes_the_checksum(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	setup_with(NETIF_CSUM_TX);
	assert_int_equal(send(net_rig_packet(&rig, 33), RIG_PEER, NULL), OK);
	struct pkt *p = netif_fake_take(&rig.fake);
	assert_int_equal(p->flags, PKT_CSUM_PARTIAL);
	assert_int_equal(p->csum_start, FRAME_L4);
	assert_int_equal(p->csum_offset, 6);
	uint8_t *datagram = p->data + p->csum_start;
	uint32_t sum = csum_add(0, datagram, p->len - p->csum_start); /* as the device does */
	csum_store(datagram + p->csum_offset, csum_fold(sum));
	assert_int_equal(frame_l4_error(p->data, p->len), 0);
	pkt_put(p);
}

static void refused_datagram_is_as_before(void **state)
{
	(void)state;
	static const uint8_t much[65535];
	struct ip_addr elsewhere = ip_addr_from_v4(IPV4_BROADCAST);
	struct udp_peer peer = {.addr = ip_addr_from_v4(RIG_PEER), .port = 1};
	net_rig_fini(&rig);
	setup_with(NETIF_CSUM_TX | NETIF_SG);
	struct pkt *p = net_rig_packet(&rig, 33);
	uint8_t *data = p->data;
	rig.fake.queue_max = 0;
	assert_int_equal(udp_send(&udp, &server, rig.now_us, p, &peer, NULL), ERR_AGAIN);
	rig.fake.queue_max = 9;
	assert_int_equal(udp_send(&udp, &server, rig.now_us, p, &peer, &elsewhere), ERR_INVALID);
	peer.addr = ip_addr_from_v4(0x7f000001);
	assert_int_equal(udp_send(&udp, &server, rig.now_us, p, &peer, NULL), ERR_UNREACHABLE);
	assert_ptr_equal(p->data, data);
	assert_int_equal(p->len, 33);
	assert_int_equal(p->flags, 0);
	assert_true(pkt_add_piece(p, SLICE_STATIC(much, 1472 - 32)));
	peer.addr = ip_addr_from_v4(RIG_PEER);
	assert_int_equal(udp_send(&udp, &server, rig.now_us, p, &peer, NULL), ERR_INVALID);
	assert_true(pkt_add_piece(p, SLICE_STATIC(much, 65535)));
	assert_int_equal(udp_send(&udp, &server, rig.now_us, p, &peer, NULL), ERR_INVALID);
	assert_counted(udp.stats.out, 0);
	pkt_trim(p, 1472);
	assert_int_equal(udp_send(&udp, &server, rig.now_us, p, &peer, NULL), OK);
}

static void headroom_is_asserted(void **state)
{
	(void)state;
	struct udp_peer peer = {.addr = ip_addr_from_v4(RIG_PEER), .port = 1};
	struct pkt *p = pkt_alloc(&rig.tx, 41); /* without a device's header */
	expect_assert_failure((void)!udp_send(&udp, &server, rig.now_us, p, &peer, NULL));
	pkt_put(p);
}

static void answer_in_place(struct udp_socket *s, uint64_t now_us, struct pkt *p,
			    const struct udp_peer *peer, const struct ip_addr *local)
{
	assert_int_equal(udp_send(&udp, s, now_us, p, peer, local), OK);
	udp_close(&udp, s); /* allowed in the callback */
}

static void callback_may_answer_with_the_packet(void **state)
{
	(void)state;
	server.input = answer_in_place;
	rig.fake.rx_flags = PKT_CSUM_OK;
	rig.fake.rx_headroom = 0; /* its own headers make the room */
	net_rig_receive(&rig, build(PORT, 101));
	assert_int_equal(list_entry(rig.fake.sent.next, struct pkt, node)->flags, 0);
	assert_int_equal(net_rig_sent(&rig), FRAME_L4 + 8 + 101);
	assert_int_equal(frame_l4_error(rig.frame, FRAME_L4 + 8 + 101), 0);
	assert_int_equal(load_be16(rig.frame + FRAME_L4 + 2), THEIR_PORT);
	net_rig_receive(&rig, build(PORT, 101));
	assert_counted(udp.stats.no_port, 1);
}

static struct {
	unsigned count;
	struct udp_peer peer;
	enum err error;
	uint16_t mtu;
} told;

static void note_error(struct udp_socket *s, uint64_t now_us, const struct udp_peer *peer,
		       enum err error, uint16_t mtu)
{
	assert_int_equal(now_us, rig.now_us);
	told.count++;
	told.peer = *peer;
	told.error = error;
	told.mtu = mtu;
	if (error == ERR_REFUSED)
		udp_close(&udp, s); /* allowed in the callback */
}

/* An ICMP error about a datagram from `port` to the neighbour. */
static void error_about(uint16_t port, uint8_t code, uint32_t rest, size_t transport_bytes)
{
	uint8_t quoted[28] = {0x45, 0, 5, 220, 0, 0, 0x40, 0, 64, IP_PROTO_UDP};
	struct frame_ipv4 ip = net_rig_from_peer(&rig);
	store_be32(quoted + 12, RIG_ADDR);
	store_be32(quoted + 16, RIG_PEER);
	store_be16(quoted + 20, port);
	store_be16(quoted + 22, THEIR_PORT);
	store_be16(quoted + 24, 40);
	net_rig_receive(&rig,
			frame_icmp(rig.frame, &ip, 3, code, rest, quoted, 20 + transport_bytes));
}

static void errors_are_told_to_the_socket_that_sent(void **state)
{
	(void)state;
	memset(&told, 0, sizeof(told));
	error_about(PORT, 3, 0, 8); /* who does not ask is not told */
	assert_counted(udp.stats.errors, 0);
	server.error = note_error;
	error_about(PORT + 1, 3, 0, 8);
	error_about(PORT, 3, 0, 7);
	assert_int_equal(told.count, 0);
	error_about(PORT, 4, 1200, 8);
	assert_int_equal(told.error, ERR_INVALID);
	assert_int_equal(told.mtu, 1200);
	error_about(PORT, 1, 0, 8);
	assert_int_equal(told.error, ERR_UNREACHABLE);
	assert_int_equal(told.mtu, 0);
	error_about(PORT, 3, 0, 8);
	assert_int_equal(told.error, ERR_REFUSED);
	assert_int_equal(ip_addr_v4(&told.peer.addr), RIG_PEER);
	assert_int_equal(told.peer.port, THEIR_PORT);
	error_about(PORT, 3, 0, 8); /* closed by now */
	assert_int_equal(told.count, 3);
	assert_counted(udp.stats.errors, 3);
	assert_int_equal(net_rig_sent(&rig), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(delivers_to_the_socket_of_the_port),
		TEST(lengths_must_be_possible),
		TEST(damaged_datagrams_are_dropped),
		TEST(broadcasts_are_delivered),
		TEST(ports_are_given_once),
		TEST(ephemeral_ports_run_out_and_come_back),
		TEST(ephemeral_ports_are_drawn),
		TEST(sends_with_a_checksum_for_every_length),
		TEST(checksum_of_pieces),
		TEST(zero_checksum_is_sent_as_all_ones),
		TEST(device_finishes_the_checksum),
		TEST(refused_datagram_is_as_before),
		TEST(headroom_is_asserted),
		TEST(callback_may_answer_with_the_packet),
#ifndef PLAIN_IPV4 /* it takes nothing in pieces, and neither sends nor heeds errors */
		TEST(delivers_pieces_of_odd_length),
		TEST(nobody_at_the_port_is_answered),
		TEST(errors_are_told_to_the_socket_that_sent),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
