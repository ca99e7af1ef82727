/* SPDX-License-Identifier: ISC */
/* IGMP messages to a host that joins and leaves groups (tests/fuzz/groups.h). */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "net/igmp/igmp.h"
#include "tests/fakes/frames.h"
#include "tests/fuzz/groups.h"

#define ADDR  UINT32_C(0x0a00020f)
#define PEER  UINT32_C(0x0a000207)
#define GROUP UINT32_C(0xef010200)

static struct world {
	struct groups groups;
	struct arp arp;
	struct ipv4 ipv4;
	struct igmp igmp;
} w;

static struct ip_addr group_of(unsigned i)
{
	return ip_addr_from_v4(GROUP + i);
}

static bool check(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + FRAME_ETH;
	if (load_be16(frame + 12) == ETH_TYPE_ARP)
		return false;
	assert(len >= FRAME_ETH + 32 && ip[0] == 0x46 && ip[8] == 1 && ip[9] == 2);
	assert(load_be16(ip + 2) == len - FRAME_ETH);
	assert(ipv4_is_group(load_be32(ip + 16)));
	assert(csum_fold(csum_add(0, ip, 24)) == 0);
	assert(csum_fold(csum_add(0, ip + 24, len - FRAME_ETH - 24)) == 0);
	assert(ip[24] != 0x22 || len - FRAME_ETH - 32 == load_be16(ip + 30) * 8u);
	return true;
}

static void poll(struct groups *g)
{
	(void)igmp_poll(&w.igmp, g->link.now_us);
	assert(w.igmp.reporter.n <= GROUP_ENTRIES_MAX);
}

static void arrive(struct groups *g, enum groups_step step, unsigned value, const uint8_t *bytes,
		   size_t len)
{
	static const uint8_t peer_mac[6] = {2, 0, 0, 0, 0, 7};
	uint32_t dst = step == STEP_TO_ALL ? IPV4_ALL_HOSTS : GROUP + value % GROUPS;
	uint8_t frame[FRAME_MAX], message[GROUPS_MESSAGE_MAX], mac[6];
	const struct frame_ipv4 ip = {.eth_dst = mac,
				      .eth_src = peer_mac,
				      .src = PEER,
				      .dst = dst,
				      .proto = 2,
				      .ttl = 1,
				      .option_bytes = 4};
	const struct ip_addr to = ip_addr_from_v4(dst);
	eth_group_addr(&to, mac);
	if (len > 0)
		memcpy(message, bytes, len);
	if (len >= 4) {
		store_be16(message + 2, 0);
		csum_store(message + 2, csum_fold(csum_add(0, message, len)));
	}
	size_t n = frame_ipv4(frame, &ip, message, len);
	store_be32(frame + FRAME_ETH + 20, 0x94040000);
	frame_ipv4_fix(frame);
	groups_inject(g, frame, n);
}

static void start(void)
{
	const struct ipv4_prefix prefix = {.addr = ADDR, .bits = 24};
	struct fuzz_link *l = &w.groups.link;
	memset(&w, 0, sizeof(w));
	fuzz_link_start(l, 0);
	enum err e = arp_init(&w.arp, &l->eth, &l->tx);
	assert(e == OK);
	e = ipv4_start(&w.ipv4, &l->eth, &w.arp, prefix, 0, l->now_us);
	assert(e == OK);
	e = igmp_init(&w.igmp, &w.ipv4, &l->tx, &l->rng);
	assert(e == OK);
	w.groups.ip = &w.ipv4.ip;
	w.groups.group = group_of;
	w.groups.arrive = arrive;
	w.groups.poll = poll;
	w.groups.check = check;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	start();
	groups_run(&w.groups, data, size);
	/* A change is told seven times at the most, a group's answer five times a second. */
	assert(w.groups.answers <=
	       8u * w.groups.changes + (w.groups.link.now_us / GROUP_ANSWER_MIN_US + 2) * GROUPS);
	fuzz_link_fini(&w.groups.link);
	return 0;
}
