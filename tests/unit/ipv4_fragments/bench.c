/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "tests/unit/ipv4_fragments/bench.h"

enum { MEMORY_BYTES = 80 * 1024 };

struct net_rig rig;
struct reassembly *table;
static _Alignas(CACHE_LINE_BYTES) uint8_t memory[MEMORY_BYTES];
uint8_t payload[PAYLOAD_MAX];
static uint8_t last_payload[PAYLOAD_MAX];
unsigned inputs;
struct ip_meta last;
static size_t last_len;
unsigned last_pieces;
uint32_t last_source;

struct sender from;

const struct reassembly_stats *stats(void)
{
	return reassembly_stats(table);
}

static void keep(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	(void)self, (void)now_us;
	const uint8_t *header = p->buf + p->l3;
	size_t header_bytes = (header[0] & 15) * 4u;
	inputs++;
	last = *meta;
	last_pieces = p->n_pieces;
	last_source = ip_addr_v4(&meta->src);
	last_len = netif_fake_flatten(p, last_payload, sizeof(last_payload));
	assert_int_equal(p->flags, 0);
	assert_int_equal(p->l4, pkt_headroom(p));
	assert_int_equal(p->l4 - p->l3, header_bytes);
	assert_int_equal(load_be16(header + 2), header_bytes + last_len);
	assert_int_equal(load_be16(header + 6), 0);
	assert_int_equal(csum_fold(csum_add(0, header, header_bytes)), 0);
	pkt_put(p);
}

static uint64_t poll(void *self, uint64_t now_us)
{
	(void)self;
	return reassembly_poll(table, now_us);
}

void setup_with(const struct reassembly_config *config)
{
	net_rig_setup(&rig, 0);
	rig.fake.rx_flags = PKT_CSUM_OK; /* must not be believed of a whole */
	assert_true(reassembly_memory_bytes(config) <= sizeof(memory));
	table = ipv4_reassembly_init(&rig.ipv4, memory, config);
	rig.transport = poll;
	assert_int_equal(ip_bind(&rig.ipv4.ip, PROTO, keep, NULL, NULL), OK);
	assert_int_equal(ip_bind(&rig.ipv4.ip, IP_PROTO_TCP, keep, NULL, NULL), OK);
	net_rig_know(&rig, RIG_PEER, rig_peer_mac);
	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 37 + i / 256 * 11 + i / 65536);
	inputs = 0;
	from.src = RIG_PEER;
	from.id = 1;
	from.proto = PROTO;
	from.tos = 0;
	from.option_bytes = 0;
}

int setup(void **state)
{
	(void)state;
	setup_with(&(const struct reassembly_config){
		.datagrams = DATAGRAMS, .packets = PACKETS, .large = 1});
	return 0;
}

int teardown(void **state)
{
	(void)state;
	reassembly_clear(table);
	net_rig_fini(&rig); /* asserts that every packet came back */
	return 0;
}

void fragment(uint32_t offset, uint32_t len, uint16_t more)
{
	struct frame_ipv4 f = net_rig_from_peer(&rig);
	f.src = from.src;
	f.proto = from.proto;
	f.tos = from.tos;
	f.option_bytes = from.option_bytes;
	f.fragment = (uint16_t)(offset / UNIT | more);
	size_t bytes = frame_ipv4(rig.frame, &f, payload + MIN(offset, PAYLOAD_MAX - len), len);
	store_be16(rig.frame + FRAME_ETH + 4, from.id);
	frame_ipv4_fix(rig.frame);
	net_rig_receive(&rig, bytes);
}

void expect_whole(size_t len)
{
	assert_int_equal(inputs, 1);
	assert_int_equal(last_len, len);
	assert_memory_equal(last_payload, payload, len);
	inputs = 0;
}

void send_datagram(uint32_t len)
{
	for (uint32_t at = 0; at < len; at += MTU_PAYLOAD) {
		uint32_t n = MIN(len - at, (uint32_t)MTU_PAYLOAD);
		fragment(at, n, at + n < len ? MORE : 0);
	}
}

void expect_given_up(const uint32_t *counter)
{
	assert_int_equal(*counter, 1);
	assert_int_equal(rig.rx.pool.used, 0);
	uint32_t late = stats()->late;
	send_datagram(3 * MTU_PAYLOAD);
	assert_int_equal(inputs, 0);
	assert_int_equal(stats()->late, late + 3);
	assert_int_equal(*counter, 1);
}
