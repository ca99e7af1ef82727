/* SPDX-License-Identifier: ISC */
/*
 * MLD messages to a host that joins and leaves groups. The input is steps of a byte (the low two
 * bits enum step, the others what enum flaw says, a group, or the time that passes) and, of a
 * message, its length and bytes. What is sent must be well-formed, and not more than the rate
 * allows.
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cursor.h"
#include "net/ip/ipv6_addr.h"
#include "net/mld/mld.h"
#include "net/mld/mld_msg.h"
#include "tests/fakes/frames6.h"
#include "tests/fakes/netif_fake.h"

enum { PACKETS = 64, BUF_BYTES = 512, GROUPS = 20, MESSAGE_MAX = 255 };

enum step { STEP_JOIN_OR_LEAVE, STEP_TO_ALL, STEP_TO_GROUP, STEP_TIME };

/* Of a message to all hosts: what it is dropped for. */
enum flaw { FLAW_NO_ALERT = 1 << 0, FLAW_FOREIGN = 1 << 1, FLAW_HOPS = 1 << 2 };

static _Alignas(CACHE_LINE_BYTES) uint8_t rx_memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];
static _Alignas(CACHE_LINE_BYTES) uint8_t tx_memory[PKT_POOL_BYTES(PACKETS, BUF_BYTES)];

struct world {
	struct pkt_pool rx, tx;
	struct netif_fake fake;
	struct eth eth;
	struct ndp ndp;
	struct ipv6 ipv6;
	struct icmpv6 icmpv6;
	struct mld mld;
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

static struct ip_addr group_of(unsigned i)
{
	struct ip_addr group = ip6("ff15::1");
	((uint8_t *)group.word)[15] = (uint8_t)(i + 1);
	return group;
}

/* --- what is sent ---------------------------------------------------------------------------- */

static void check_report(const uint8_t *ip, size_t len)
{
	static const uint8_t alert[8] = {58, 0, 5, 2, 0, 0, 1, 0};
	const uint8_t *m = ip + 48;
	const struct ip_meta meta = {.src = ipv6_addr_load(ip + 8),
				     .dst = ipv6_addr_load(ip + 24),
				     .proto = IP_PROTO_ICMPV6};
	assert(len >= 48 + MLD_OLD_BYTES - 16 && load_be16(ip + 4) == len - 40);
	assert(ip[7] == 1 && memcmp(ip + 40, alert, sizeof(alert)) == 0);
	assert(ip_addr_is_group(&meta.dst));
	assert(csum_fold(csum_add(ip_pseudo_sum(&meta, (uint32_t)(len - 48)), m, len - 48)) == 0);
	if (m[0] == MLD_V2_REPORT)
		assert(len - 48 == mld_report_bytes(load_be16(m + 6)));
	else
		assert(len - 48 == MLD_OLD_BYTES);
}

static void check_sent(struct world *w)
{
	static uint8_t frame[NETIF_FAKE_FRAME_MAX];
	struct pkt *p;
	while ((p = netif_fake_take(&w->fake)) != NULL) {
		size_t len = netif_fake_flatten(p, frame, sizeof(frame));
		pkt_put(p);
		assert(len >= FRAME6_L4);
		if (frame[FRAME_ETH + 6] != 0) /* Neighbor Discovery */
			continue;
		check_report(frame + FRAME_ETH, len - FRAME_ETH);
		w->answers++;
	}
}

static void poll(struct world *w)
{
	(void)ndp_poll(&w->ndp, w->now_us);
	(void)mld_poll(&w->mld, w->now_us);
	assert(w->mld.reporter.n <= GROUP_ENTRIES_MAX);
	check_sent(w);
}

/* --- steps ----------------------------------------------------------------------------------- */

static void join_or_leave(struct world *w, unsigned i)
{
	struct ip_addr group = group_of(i);
	w->changes++;
	if (w->joined[i]) {
		ip_leave(&w->ipv6.ip, w->now_us, &group);
		w->joined[i] = false;
	} else {
		w->joined[i] = ip_join(&w->ipv6.ip, w->now_us, &group) == OK;
	}
	check_sent(w);
}

static void arrive(struct world *w, struct ip_addr dst, unsigned flaws, const uint8_t *bytes,
		   size_t len)
{
	static const uint8_t peer_mac[6] = {2, 0, 0, 0, 0, 7};
	static const uint8_t alert[8] = {58, 0, 5, 2, 0, 0, 1, 0};
	static const uint8_t padding[8] = {58, 0, 1, 4, 0, 0, 0, 0};
	uint8_t frame[FRAME_MAX], message[MESSAGE_MAX] = {0};
	const struct frame_ipv6 ip = {
		.eth_src = peer_mac,
		.src = ip6((flaws & FLAW_FOREIGN) != 0 ? "fd00::7" : "fe80::7"),
		.dst = dst,
		.hop_limit = (flaws & FLAW_HOPS) != 0 ? 64 : 1,
		.extension = (flaws & FLAW_NO_ALERT) != 0 ? padding : alert,
		.extension_bytes = sizeof(alert),
	};
	if (len > 0)
		memcpy(message, bytes, len);
	size_t n = frame_icmpv6(frame, &ip, message, MAX(len, (size_t)4));
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
		bool all = step % 4 == STEP_TO_ALL;
		arrive(w, all ? ip6("ff02::1") : group_of(value % GROUPS), all ? value : 0,
		       cursor_bytes(c, len), len);
	}
	poll(w);
	return true;
}

static void start(struct world *w)
{
	static const struct rng_ops rng_ops = {.read = rng_fill};
	const struct ndp_config config = {.secret = "a secret"};
	pkt_pool_init(&w->rx, rx_memory, PACKETS, BUF_BYTES);
	pkt_pool_init(&w->tx, tx_memory, PACKETS, BUF_BYTES);
	netif_fake_init(&w->fake, "net0", 1, &w->rx, 0);
	w->rng = (struct rng){.ops = &rng_ops, .name = "constant"};
	w->now_us = 1;
	enum err e = eth_start(&w->eth, &w->fake.netif, &w->tx, (struct waker){0});
	assert(e == OK);
	e = ndp_start(&w->ndp, &w->eth, &w->tx, &w->rng, &config, w->now_us);
	assert(e == OK);
	e = ipv6_start(&w->ipv6, &w->eth, &w->ndp);
	assert(e == OK);
	e = icmpv6_init(&w->icmpv6, &w->ipv6, &w->tx);
	assert(e == OK);
	mld_init(&w->mld, &w->ipv6, &w->icmpv6, &w->tx, &w->rng, w->now_us);
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
	assert(w.answers <= 8u * (w.changes + 2 * NDP_ADDRS_MAX) +
				    (w.now_us / GROUP_ANSWER_MIN_US + 2) * GROUP_ENTRIES_MAX);
	neighbours_clear(&w.ndp.neighbours);
	netif_fake_fini(&w.fake);
	return 0;
}
