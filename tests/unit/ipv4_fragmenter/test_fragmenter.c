/* SPDX-License-Identifier: ISC */
/* Fragments that are sent: tests/unit/ipv4_fragments has those that arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ipv4/fragments/ipv4_fragments.h"
#include "net/udp/udp.h"
#include "tests/fakes/net_rig.h"

enum {
	BYTES_MAX = 65535 - 20, /* of an IPv4 payload */
	MTU_PAYLOAD = 1480,
	MORE = 0x2000,
	PEER_PORT = 4000,
	MEMORY_BYTES = 80 * 1024,
};

static struct net_rig rig;
static struct fragmenter fragmenter;
static struct udp udp;
static struct udp_socket echo_socket;
static uint8_t bytes[BYTES_MAX], got[BYTES_MAX];
static _Alignas(CACHE_LINE_BYTES) uint8_t memory[MEMORY_BYTES];
static struct pkt_pool big;
static _Alignas(CACHE_LINE_BYTES) uint8_t big_memory[PKT_POOL_BYTES(2, BYTES_MAX + PKT_HEADROOM)];

static void echo(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		 const struct ip_addr *local)
{
	if (udp_send(&udp, s, now_us, p, peer, local) != OK)
		pkt_put(p);
}

static void setup_as(uint32_t features)
{
	net_rig_setup(&rig, features);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	ipv4_fragmenter_init(&fragmenter, &rig.ipv4, &rig.tx, &rig.random.rng);
	pkt_pool_init(&big, big_memory, 2, BYTES_MAX + PKT_HEADROOM);
	assert_int_equal(udp_init(&udp, &rig.ipv4.ip, &rig.random.rng), OK);
	echo_socket = (struct udp_socket){.port = 7, .input = echo};
	assert_int_equal(udp_open(&udp, &echo_socket), OK);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + i / 256 * 11);
}

static int setup(void **state)
{
	(void)state;
	setup_as(NETIF_SG);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_rig_fini(&rig);
	assert_int_equal(big.pool.used, 0);
	return 0;
}

static struct ip_meta meta_of(uint8_t proto)
{
	return (struct ip_meta){
		.src = ip_addr_from_v4(RIG_ADDR), .dst = ip_addr_from_v4(RIG_PEER), .proto = proto};
}

/* A packet with the first `len` of `bytes`, in one piece. */
static struct pkt *whole(size_t len)
{
	struct pkt *p = pkt_alloc(&big, PKT_HEADROOM);
	assert_non_null(p);
	memcpy(pkt_append(p, (uint32_t)len), bytes, len);
	return p;
}

static enum err output(struct pkt *p, uint8_t proto)
{
	struct ip_meta meta = meta_of(proto);
	return ip_output(&rig.ipv4.ip, rig.now_us, p, &meta);
}

/* Takes all that was sent, as fragments of one datagram, to `got`: its payload's bytes. */
static size_t take_all(unsigned *count, uint16_t *id)
{
	size_t at = 0, len;
	uint16_t field = MORE;
	*count = 0;
	while ((len = net_rig_sent(&rig)) > 0) {
		const uint8_t *ip = rig.frame + FRAME_ETH;
		assert_int_equal(field & MORE, MORE); /* none behind the last */
		field = load_be16(ip + 6);
		assert_true(len <= 1514);
		assert_int_equal(ip[0], 0x45);
		assert_int_equal(load_be16(ip + 2), len - FRAME_ETH);
		assert_int_equal(csum_fold(csum_add(0, ip, 20)), 0);
		assert_int_equal((field & 0x1fff) * 8, at);
		assert_int_equal(field & 0xc000, 0); /* DF is not set */
		assert_int_equal(load_be32(ip + 16), RIG_PEER);
		if (*count > 0)
			assert_int_equal(load_be16(ip + 4), *id);
		*id = load_be16(ip + 4);
		memcpy(got + at, rig.frame + FRAME_L4, len - FRAME_L4);
		at += len - FRAME_L4;
		++*count;
	}
	assert_int_equal(field & MORE, 0);
	return at;
}

static void expect_sent(size_t len, unsigned fragments)
{
	unsigned count;
	uint16_t id;
	assert_int_equal(take_all(&count, &id), len);
	assert_int_equal(count, fragments);
	assert_memory_equal(got, bytes, len);
}

/* --- what is sent ---------------------------------------------------------------------------- */

static void each_length(void **state)
{
	(void)state;
	static const struct {
		size_t len;
		unsigned fragments;
	} cases[] = {{1481, 2}, {1488, 2},   {2960, 2},   {2961, 3},
		     {8008, 6}, {20008, 14}, {65507, 45}, {BYTES_MAX, 45}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(output(whole(cases[i].len), IP_PROTO_UDP), OK);
		expect_sent(cases[i].len, cases[i].fragments);
	}
	assert_int_equal(fragmenter.stats.datagrams, ARRAY_SIZE(cases));
	assert_int_equal(rig.ipv4.stats.out, ARRAY_SIZE(cases));
	assert_int_equal(output(whole(1480), IP_PROTO_UDP), OK);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(load_be16(rig.frame + FRAME_ETH + 6), 0); /* whole; a router may cut it */
	assert_int_equal(fragmenter.stats.datagrams, ARRAY_SIZE(cases));
}

/* The second word of the header of a packet that fits. */
static uint32_t word_of_whole(uint8_t proto)
{
	assert_int_equal(output(whole(100), proto), OK);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(csum_fold(csum_add(0, rig.frame + FRAME_ETH, 20)), 0);
	return load_be32(rig.frame + FRAME_ETH + 4);
}

/* RFC 1191 section 3, RFC 8085 section 3.2; identifications: RFC 6864 section 4. */
static void routers_may_cut_all_but_tcp(void **state)
{
	(void)state;
	static const uint8_t others[] = {IP_PROTO_UDP, IP_PROTO_ICMP};
	static bool seen[UINT16_MAX + 1];
	memset(seen, 0, sizeof(seen));
	rig.ipv4.id = 0xfff0; /* wherever it begins */
	for (unsigned i = 0; i < ARRAY_SIZE(seen); i++) {
		uint32_t word = word_of_whole(others[i % 2]);
		assert_int_equal(word & 0xffff, 0);
		assert_false(seen[word >> 16]);
		seen[word >> 16] = true;
		if (i % 1024 == 0)
			assert_int_equal(word_of_whole(IP_PROTO_TCP), 0x4000);
	}
}

static void payload_is_not_copied(void **state)
{
	(void)state;
	struct pkt *p = whole(4000);
	const uint8_t *data = p->data;
	assert_int_equal(output(p, IP_PROTO_UDP), OK);
	for (size_t at = 0; at < 4000; at += MTU_PAYLOAD) {
		struct pkt *f = netif_fake_take(&rig.fake);
		assert_int_equal(f->len, FRAME_L4);
		assert_int_equal(f->n_pieces, 1);
		assert_ptr_equal(f->piece[0].data, data + at);
		assert_int_equal(big.pool.used, 1); /* until the last one is sent */
		pkt_put(f);
	}
	assert_int_equal(big.pool.used, 0);
}

static void a_device_without_pieces_gets_copies(void **state)
{
	(void)teardown(state);
	setup_as(0);
	assert_int_equal(output(whole(20000), IP_PROTO_UDP), OK);
	assert_int_equal(big.pool.used, 0);
	expect_sent(20000, 14);
}

/* As after reassembly, and worse: many pieces, of any length. */
static void random_pieces(void **state)
{
	(void)state;
	srand(1);
	for (unsigned round = 0; round < 500; round++) {
		struct pkt *p = net_rig_packet(&rig, 0);
		size_t at = 0;
		unsigned count;
		uint16_t id;
		for (unsigned i = 0; i <= PKT_PIECES_MAX; i++) {
			size_t n = 1 + (size_t)rand() % (rand() % 2 != 0 ? 20 : 6000);
			if (i == 0) {
				n %= 1000;
				memcpy(pkt_append(p, (uint32_t)n), bytes, n);
			} else {
				assert_true(pkt_add_piece(p, SLICE_STATIC(bytes + at, n)));
			}
			at += n;
		}
		if (at <= MTU_PAYLOAD) { /* would not be cut */
			pkt_put(p);
			continue;
		}
		assert_int_equal(output(p, IP_PROTO_UDP), OK);
		assert_int_equal(take_all(&count, &id), at);
		assert_memory_equal(got, bytes, at);
	}
}

static void pieces_that_run_out_end_a_fragment(void **state)
{
	(void)state;
	struct pkt *p = net_rig_packet(&rig, 0);
	unsigned count;
	uint16_t id;
	memcpy(pkt_append(p, 9), bytes, 9);
	for (size_t i = 0; i < PKT_PIECES_MAX; i++)
		assert_true(pkt_add_piece(p, SLICE_STATIC(bytes + 9 + i, i < 7 ? 1 : 3000)));
	assert_int_equal(output(p, IP_PROTO_UDP), OK);
	assert_int_equal(take_all(&count, &id), 3016);
	assert_memory_equal(got, bytes, 3016);
	assert_int_equal(count, 4);
}

static void small_mtu(void **state)
{
	(void)state;
	rig.fake.netif.mtu = 68;
	assert_int_equal(output(whole(1000), IP_PROTO_UDP), OK);
	expect_sent(1000, 21);
	rig.fake.netif.mtu = 75; /* 55 bytes of room are 48 */
	assert_int_equal(output(whole(1000), IP_PROTO_UDP), OK);
	expect_sent(1000, 21);
}

static void broadcasts_too(void **state)
{
	(void)state;
	struct ip_meta meta = meta_of(IP_PROTO_UDP);
	meta.dst = ip_addr_from_v4(0x0a0002ff);
	assert_int_equal(ip_output(&rig.ipv4.ip, rig.now_us, whole(2000), &meta), OK);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(net_rig_sent(&rig) > 0);
		assert_memory_equal(rig.frame, rig_everybody, 6);
	}
	assert_int_equal(net_rig_sent(&rig), 0);
}

static void identifications_come_from_the_generator(void **state)
{
	(void)state;
	uint16_t id[4];
	unsigned count;
	rig.random.next = 0xfd; /* 0xfefd, 0x00ff, 0x0201 …: the counter goes around */
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(output(whole(2000), IP_PROTO_UDP), OK);
		(void)take_all(&count, &id[i]);
		for (unsigned j = 0; j < i; j++)
			assert_int_not_equal(id[i], id[j]);
	}
}

/* --- what is not ----------------------------------------------------------------------------- */

static void all_but_tcp(void **state)
{
	(void)state;
	struct pkt *p = whole(1481);
	assert_int_equal(output(p, IP_PROTO_TCP), ERR_INVALID);
	pkt_put(p);
	assert_int_equal(rig.ipv4.stats.too_long, 1);
	assert_int_equal(output(whole(1481), IP_PROTO_ICMP), OK);
	expect_sent(1481, 2);
}

static void more_than_64k_is_refused(void **state)
{
	(void)state;
	struct pkt *p = whole(BYTES_MAX);
	assert_true(pkt_add_piece(p, SLICE_STATIC(bytes, 1)));
	assert_int_equal(output(p, IP_PROTO_UDP), ERR_INVALID);
	pkt_put(p);
	assert_int_equal(rig.ipv4.stats.too_long, 1);
}

static void expect_refused(struct pkt *p, enum err e)
{
	const uint8_t *data = p->data;
	uint32_t len = p->len, used = rig.tx.pool.used;
	assert_int_equal(output(p, IP_PROTO_UDP), e);
	assert_ptr_equal(p->data, data);
	assert_int_equal(p->len, len);
	assert_int_equal(p->ref.count, 1); /* nobody reads it any more */
	assert_int_equal(rig.tx.pool.used, used);
	assert_int_equal(net_rig_sent(&rig), 0);
	pkt_put(p);
}

static void without_packets_it_is_refused(void **state)
{
	(void)state;
	struct pkt *hold[RIG_PACKETS];
	unsigned n = 0;
	while (pool_available(&rig.tx.pool) > RIG_PACKETS / 4 + 3)
		hold[n++] = pkt_alloc(&rig.tx, 0);
	expect_refused(whole(4 * MTU_PAYLOAD), ERR_NOMEM);
	assert_int_equal(output(whole(3 * MTU_PAYLOAD), IP_PROTO_UDP), OK);
	expect_sent(3 * MTU_PAYLOAD, 3);
	while (n > 0)
		pkt_put(hold[--n]);
	assert_int_equal(fragmenter.stats.no_packets, 1);
}

static void without_random_numbers_it_is_refused(void **state)
{
	(void)state;
	rig.random.fails = true;
	expect_refused(whole(2000), ERR_NOTREADY);
	rig.random.fails = false;
	assert_int_equal(fragmenter.stats.no_id, 1);
}

static void a_full_device_refuses_it(void **state)
{
	(void)state;
	rig.fake.queue_max = 0;
	expect_refused(whole(4000), ERR_AGAIN);
}

static void a_device_that_becomes_full_has_had_it(void **state)
{
	(void)state;
	rig.fake.queue_max = 2;
	assert_int_equal(output(whole(8000), IP_PROTO_UDP), OK); /* it cannot go back */
	assert_int_equal(fragmenter.stats.cut_short, 1);
	assert_true(net_rig_sent(&rig) > 0);
	assert_true(net_rig_sent(&rig) > 0);
	assert_int_equal(net_rig_sent(&rig), 0);
	assert_int_equal(big.pool.used, 0);
}

/* --- with the transports --------------------------------------------------------------------- */

static void echoes_of_each_kind_of_device(void **state)
{
	static const uint32_t features[] = {0, NETIF_SG, NETIF_SG | NETIF_CSUM_TX,
					    NETIF_SG | NETIF_CSUM_TX | NETIF_TSO4};
	static uint8_t datagram[20000];
	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		struct ip_meta meta = meta_of(IP_PROTO_UDP);
		unsigned count;
		uint16_t id;
		(void)teardown(state);
		setup_as(features[i]);
		struct pkt *p = whole(19992);
		const struct udp_peer peer = {ip_addr_from_v4(RIG_PEER), PEER_PORT};
		assert_int_equal(udp_send(&udp, &echo_socket, rig.now_us, p, &peer, NULL), OK);
		assert_int_equal(take_all(&count, &id), 20000);
		memcpy(datagram, got, sizeof(datagram));
		assert_memory_equal(datagram + 8, bytes, 19992);
		assert_int_equal(csum_fold(csum_add(ip_pseudo_sum(&meta, 20000), datagram, 20000)),
				 0);
	}
}

static void inject(const uint8_t *datagram, size_t len, uint8_t proto)
{
	for (size_t at = 0; at < len; at += MTU_PAYLOAD) {
		struct frame_ipv4 f = net_rig_from_peer(&rig);
		size_t n = MIN(len - at, (size_t)MTU_PAYLOAD);
		f.proto = proto;
		f.fragment = (uint16_t)(at / 8 | (at + n < len ? MORE : 0));
		net_rig_receive(&rig, frame_ipv4(rig.frame, &f, datagram + at, n));
	}
}

/* In and out again, by reference and by way of the large buffer. */
static void round_trip(size_t len, uint8_t proto)
{
	unsigned count;
	uint16_t id;
	inject(bytes, len, proto);
	assert_int_equal(take_all(&count, &id), len);
	assert_int_equal(count, (len + MTU_PAYLOAD - 1) / MTU_PAYLOAD);
	assert_memory_equal(got + 8, bytes + 8, len - 8);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void fragments_in_and_out(void **state)
{
	static const size_t lengths[] = {1481,  8008,  9 * MTU_PAYLOAD, 9 * MTU_PAYLOAD + 1,
					 20008, 65508, BYTES_MAX};
	const struct reassembly_config config = {.datagrams = 4, .packets = 64, .large = 1};
	(void)state;
	assert_true(reassembly_memory_bytes(&config) <= sizeof(memory));
	(void)!ipv4_reassembly_init(&rig.ipv4, memory, &config);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t len = lengths[i];
		struct ip_meta meta = meta_of(IP_PROTO_UDP);
		memcpy(bytes, (const uint8_t[8]){8, 0, 0, 0, 1, 2, 3, 4}, 8); /* echo request */
		csum_store(bytes + 2, csum_fold(csum_add(0, bytes, len)));
		round_trip(len, IP_PROTO_ICMP);
		assert_int_equal(got[0], 0);
		assert_int_equal(csum_fold(csum_add(0, got, len)), 0);

		store_be16(bytes, PEER_PORT);
		store_be16(bytes + 2, 7);
		store_be16(bytes + 4, (uint16_t)len);
		store_be16(bytes + 6, 0);
		csum_store(bytes + 6,
			   csum_fold(csum_add(ip_pseudo_sum(&meta, (uint32_t)len), bytes, len)));
		round_trip(len, IP_PROTO_UDP);
		assert_int_equal(load_be16(got + 2), PEER_PORT);
		assert_int_equal(csum_fold(csum_add(ip_pseudo_sum(&meta, (uint32_t)len), got, len)),
				 0);
	}
}

/* The device vouches for each fragment, but the datagram was damaged before it was cut. */
static void the_checksum_is_over_all_pieces(void **state)
{
	static const size_t lengths[] = {8008, 20008};
	const struct reassembly_config config = {.datagrams = 4, .packets = 64, .large = 1};
	struct ip_meta meta = meta_of(IP_PROTO_UDP);
	(void)state;
	(void)!ipv4_reassembly_init(&rig.ipv4, memory, &config);
	rig.fake.rx_flags = PKT_CSUM_OK;
	for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++) {
		uint32_t len = (uint32_t)lengths[i];
		store_be16(bytes + 2, 7);
		store_be16(bytes + 4, (uint16_t)len);
		store_be16(bytes + 6, 0);
		csum_store(bytes + 6, csum_fold(csum_add(ip_pseudo_sum(&meta, len), bytes, len)));
		bytes[2000] ^= 1;
		inject(bytes, len, IP_PROTO_UDP);
		assert_int_equal(udp.stats.bad_checksum, i + 1);
		assert_int_equal(net_rig_sent(&rig), 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_length),
		TEST(routers_may_cut_all_but_tcp),
		TEST(payload_is_not_copied),
		TEST(a_device_without_pieces_gets_copies),
		TEST(random_pieces),
		TEST(pieces_that_run_out_end_a_fragment),
		TEST(small_mtu),
		TEST(broadcasts_too),
		TEST(identifications_come_from_the_generator),
		TEST(all_but_tcp),
		TEST(more_than_64k_is_refused),
		TEST(without_packets_it_is_refused),
		TEST(without_random_numbers_it_is_refused),
		TEST(a_full_device_refuses_it),
		TEST(a_device_that_becomes_full_has_had_it),
		TEST(echoes_of_each_kind_of_device),
		TEST(fragments_in_and_out),
		TEST(the_checksum_is_over_all_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
