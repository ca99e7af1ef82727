/* SPDX-License-Identifier: ISC */
#include "tests/unit/igmp/bench.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

struct bench bench;

int bench_setup(void **state)
{
	(void)state;
	net_rig_setup(&bench.rig, 0);
	assert_int_equal(
		igmp_init(&bench.igmp, &bench.rig.ipv4, &bench.rig.tx, &bench.rig.random.rng), OK);
	return 0;
}

int bench_teardown(void **state)
{
	(void)state;
	net_rig_fini(&bench.rig);
	return 0;
}

enum err bench_join(uint32_t group)
{
	struct ip_addr addr = ip_addr_from_v4(group);
	return ip_join(&bench.rig.ipv4.ip, bench.rig.now_us, &addr);
}

void bench_leave(uint32_t group)
{
	struct ip_addr addr = ip_addr_from_v4(group);
	ip_leave(&bench.rig.ipv4.ip, bench.rig.now_us, &addr);
}

static void take_records(struct sent *out, const uint8_t *igmp, size_t len)
{
	out->n = load_be16(igmp + 6);
	assert_int_equal(len, 8 + out->n * 8);
	for (unsigned i = 0; i < out->n; i++) {
		const uint8_t *record = igmp + 8 + i * 8;
		out->record[i].type = record[0];
		out->record[i].group = load_be32(record + 4);
		assert_int_equal(load_be16(record + 1), 0); /* no auxiliary data, no sources */
		assert_int_equal(record[3], 0);
	}
}

bool bench_sent(struct sent *out)
{
	static const uint8_t alert[4] = {0x94, 4, 0, 0};
	uint8_t mac[6];
	const uint8_t *ip = bench.rig.frame + FRAME_ETH, *igmp = ip + 24;
	size_t len = net_rig_sent(&bench.rig);
	if (len == 0)
		return false;
	memset(out, 0, sizeof(*out));
	out->src = load_be32(ip + 12);
	out->dst = load_be32(ip + 16);
	const struct ip_addr to = ip_addr_from_v4(out->dst);
	eth_group_addr(&to, mac);
	assert_memory_equal(bench.rig.frame, mac, 6);
	assert_int_equal(ip[0], 0x46);
	assert_int_equal(ip[1], 0xc0);
	assert_int_equal(load_be16(ip + 2), len - FRAME_ETH);
	assert_int_equal(ip[8], 1);
	assert_int_equal(ip[9], 2);
	assert_memory_equal(ip + 20, alert, 4);
	assert_int_equal(csum_fold(csum_add(0, ip, 24)), 0);
	len -= FRAME_ETH + 24;
	assert_true(len >= 8);
	assert_int_equal(csum_fold(csum_add(0, igmp, len)), 0);
	out->type = igmp[0];
	assert_int_equal(igmp[1], 0);
	if (out->type == 0x22) {
		assert_int_equal(out->dst, V3_ALL);
		take_records(out, igmp, len);
	} else {
		assert_int_equal(len, 8);
		out->group = load_be32(igmp + 4);
	}
	return true;
}

static uint64_t poll_at(uint64_t now_us)
{
	bench.rig.now_us = now_us;
	return igmp_poll(&bench.igmp, now_us);
}

unsigned bench_run(uint64_t until_us)
{
	struct sent s;
	unsigned n = 0;
	uint64_t due_us = poll_at(bench.rig.now_us);
	while (due_us <= until_us)
		due_us = poll_at(due_us);
	bench.rig.now_us = until_us;
	while (bench_sent(&s))
		n++;
	return n;
}

struct sent bench_next(uint64_t until_us)
{
	struct sent s = {0};
	uint64_t due_us = poll_at(bench.rig.now_us);
	while (!bench_sent(&s)) {
		assert_true(due_us <= until_us);
		due_us = poll_at(due_us);
	}
	return s;
}

void bench_is_record(const struct sent *s, uint8_t type, uint32_t group)
{
	assert_int_equal(s->type, 0x22);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->record[0].type, type);
	assert_int_equal(s->record[0].group, group);
}

void bench_arrive(const struct bench_packet *as, uint8_t *message, size_t len)
{
	uint8_t mac[6];
	struct frame_ipv4 ip = net_rig_from_peer(&bench.rig);
	ip.dst = as->dst != 0 ? as->dst : IPV4_ALL_HOSTS;
	if (as->src != 0)
		ip.src = as->src == UINT32_MAX ? 0 : as->src;
	ip.ttl = as->ttl != 0 ? as->ttl : 1;
	ip.proto = 2;
	ip.option_bytes = as->without_alert ? 0 : 4;
	if (ipv4_is_group(ip.dst)) {
		const struct ip_addr to = ip_addr_from_v4(ip.dst);
		eth_group_addr(&to, mac);
		ip.eth_dst = mac;
	}
	store_be16(message + 2, 0);
	csum_store(message + 2, csum_fold(csum_add(0, message, len)));
	message[3] ^= as->bad_checksum;
	size_t bytes = frame_ipv4(bench.rig.frame, &ip, message, len);
	if (!as->without_alert)
		store_be32(bench.rig.frame + FRAME_ETH + 20, 0x94040000);
	frame_ipv4_fix(bench.rig.frame);
	net_rig_receive(&bench.rig, bytes);
}

void bench_query(unsigned version, uint32_t group, uint8_t code)
{
	uint8_t m[12] = {0x11, code};
	struct bench_packet as = {.dst = group, .without_alert = version == 1};
	store_be32(m + 4, group);
	m[8] = 2;
	m[9] = 125;
	bench_arrive(&as, m, version == 3 ? 12 : 8);
}
