/* SPDX-License-Identifier: ISC */
/*
 * IGMP messages to a host that joins and leaves groups. The input is steps of a byte (the low two
 * bits enum step, the others the time that passes or a group), a message with its length in front.
 * What is sent must be well-formed, and not more than the rate allows.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cursor.h"
#include "net/igmp/igmp.h"
#include "tests/fakes/frames.h"
#include "tests/fakes/netif_fake.h"

#define ADDR  UINT32_C(0x0a00020f)
#define PEER  UINT32_C(0x0a000207)
#define GROUP UINT32_C(0xef010200)

enum { PACKETS = 64, BUF_BYTES = 512, GROUPS = 20, MESSAGE_MAX = 255 };

enum step { STEP_JOIN_OR_LEAVE, STEP_TO_ALL, STEP_TO_GROUP, STEP_TIME };

static _Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];
static _Alignas(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];

struct world {
	struct pkt_pool rx, tx;
	struct netif_fake fake;
	struct eth eth;
	struct arp arp;
	struct ipv4 ipv4;
	struct igmp igmp;
	struct rng rng;
	uint64_t now_us;
	uint64_t answers;
	unsigned changes;
	bool joined[GROUPS];
};

static enum err rng_fill(struct rng *r, void *bytes, size_t len)
{
	(void)r;
	memset(bytes, 0x5a, len);
	return OK;
}

static void check_sent(struct world *w)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	struct pkt *p;
	while ((p = netif_fake_take(&w->fake)) != NULL) {
		const uint8_t *ip = frame + FRAME_ETH;
		size_t len = netif_fake_flatten(p, frame, sizeof(frame));
		pkt_put(p);
		if (load_be16(frame + 12) == ETH_TYPE_ARP)
			continue;
		assert(len >= FRAME_ETH + 32 && ip[0] == 0x46 && ip[8] == 1 && ip[9] == 2);
		assert(load_be16(ip + 2) == len - FRAME_ETH);
		assert(ipv4_is_group(load_be32(ip + 16)));
		assert(csum_fold(csum_add(0, ip, 24)) == 0);
		assert(csum_fold(csum_add(0, ip + 24, len - FRAME_ETH - 24)) == 0);
		assert(ip[24] != 0x22 || len - FRAME_ETH - 32 == load_be16(ip + 30) * 8u);
		w->answers++;
	}
}

static void poll(struct world *w)
{
	(void)igmp_poll(&w->igmp, w->now_us);
	assert(w->igmp.reporter.n <= GROUP_ENTRIES_MAX);
	check_sent(w);
}

static void join_or_leave(struct world *w, unsigned i)
{
	struct ip_addr group = ip_addr_from_v4(GROUP + i);
	w->changes++;
	if (w->joined[i]) {
		ip_leave(&w->ipv4.ip, w->now_us, &group);
		w->joined[i] = false;
	} else {
		w->joined[i] = ip_join(&w->ipv4.ip, w->now_us, &group) == OK;
	}
	check_sent(w);
}

static void arrive(struct world *w, uint32_t dst, const uint8_t *bytes, size_t len)
{
	uint8_t frame[FRAME_MAX], message[MESSAGE_MAX], mac[6];
	struct frame_ipv4 ip = {.eth_dst = mac,
				.eth_src = mac,
				.src = PEER,
				.dst = dst,
				.proto = 2,
				.ttl = 1,
				.option_bytes = 4};
	static const uint8_t peer_mac[6] = {2, 0, 0, 0, 0, 7};
	ip.eth_src = peer_mac;
	ipv4_group_mac(dst, mac);
	if (len > 0)
		memcpy(message, bytes, len);
	if (len >= 4) {
		store_be16(message + 2, 0);
		csum_store(message + 2, csum_fold(csum_add(0, message, len)));
	}
	size_t n = frame_ipv4(frame, &ip, message, len);
	store_be32(frame + FRAME_ETH + 20, 0x94040000);
	frame_ipv4_fix(frame);
	if (netif_fake_inject(&w->fake, frame, n))
		eth_input(&w->eth, w->now_us, netif_recv(&w->fake.netif));
}

/* False when the input is used up. */
static bool take_step(struct world *w, struct cursor *c)
{
	uint8_t step = cursor_u8(c), value = step >> 2;
	if (!cursor_ok(c))
		return false;
	if (step % 4 == STEP_JOIN_OR_LEAVE) {
		join_or_leave(w, value % GROUPS);
	} else if (step % 4 == STEP_TIME) {
		w->now_us += UINT64_C(1) << value % 30;
	} else {
		size_t wanted = cursor_u8(c), len = MIN(wanted, c->left);
		uint32_t dst = step % 4 == STEP_TO_ALL ? IPV4_ALL_HOSTS : GROUP + value % GROUPS;
		arrive(w, dst, cursor_bytes(c, len), len);
	}
	poll(w);
	return true;
}

static void start(struct world *w)
{
	static const struct rng_ops rng_ops = {.read = rng_fill};
	const struct ipv4_prefix prefix = {.addr = ADDR, .bits = 24};
	pkt_pool_init(&w->rx, rx_memory, PACKETS, BUF_BYTES);
	pkt_pool_init(&w->tx, tx_memory, PACKETS, BUF_BYTES);
	netif_fake_init(&w->fake, "net0", 1, &w->rx, 0);
	w->rng = (struct rng){.ops = &rng_ops, .name = "constant"};
	w->now_us = 1;
	enum err e = eth_start(&w->eth, &w->fake.netif, &w->tx, (struct waker){0});
	assert(e == OK);
	e = arp_init(&w->arp, &w->eth, &w->tx);
	assert(e == OK);
	e = ipv4_start(&w->ipv4, &w->eth, &w->arp, prefix, 0, w->now_us);
	assert(e == OK);
	e = igmp_init(&w->igmp, &w->ipv4, &w->tx, &w->rng);
	assert(e == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct cursor c = cursor_over(data, size);
	memset(&w, 0, sizeof(w));
	start(&w);
	while (take_step(&w, &c))
		continue;
	/* A change is told seven times at the most, a group's answer five times a second. */
	assert(w.answers <= 8u * w.changes + (w.now_us / GROUP_ANSWER_MIN_US + 2) * GROUPS);
	netif_fake_fini(&w.fake);
	return 0;
}
