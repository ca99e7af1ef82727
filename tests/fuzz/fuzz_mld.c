/* SPDX-License-Identifier: ISC */
/*
 * MLD messages to a host that joins and leaves groups (tests/fuzz/groups.h). The number of one to
 * all hosts says what is wrong with it (enum flaw).
 */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ip/ipv6_addr.h"
#include "net/mld/mld.h"
#include "net/mld/mld_msg.h"
#include "tests/fakes/frames6.h"
#include "tests/fuzz/groups.h"

/* What a message is dropped for. */
enum flaw { FLAW_NO_ALERT = 1 << 0, FLAW_FOREIGN = 1 << 1, FLAW_HOPS = 1 << 2 };

static struct world {
	struct groups groups;
	struct ndp ndp;
	struct ipv6 ipv6;
	struct icmpv6 icmpv6;
	struct mld mld;
} w;

static struct ip_addr group_of(unsigned i)
{
	struct ip_addr group = ip6("ff15::1");
	((uint8_t *)group.word)[15] = (uint8_t)(i + 1);
	return group;
}

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

static bool check(const uint8_t *frame, size_t len)
{
	assert(len >= FRAME6_L4);
	if (frame[FRAME_ETH + 6] != 0) /* Neighbor Discovery */
		return false;
	check_report(frame + FRAME_ETH, len - FRAME_ETH);
	return true;
}

static void poll(struct groups *g)
{
	(void)ndp_poll(&w.ndp, g->link.now_us);
	(void)mld_poll(&w.mld, g->link.now_us);
	assert(w.mld.reporter.n <= GROUP_ENTRIES_MAX);
}

static void arrive(struct groups *g, enum groups_step step, unsigned value, const uint8_t *bytes,
		   size_t len)
{
	static const uint8_t peer_mac[6] = {2, 0, 0, 0, 0, 7};
	static const uint8_t alert[8] = {58, 0, 5, 2, 0, 0, 1, 0};
	static const uint8_t padding[8] = {58, 0, 1, 4, 0, 0, 0, 0};
	uint8_t frame[FRAME_MAX], message[GROUPS_MESSAGE_MAX] = {0};
	bool all = step == STEP_TO_ALL;
	unsigned flaws = all ? value : 0;
	const struct frame_ipv6 ip = {
		.eth_src = peer_mac,
		.src = ip6((flaws & FLAW_FOREIGN) != 0 ? "fd00::7" : "fe80::7"),
		.dst = all ? ip6("ff02::1") : group_of(value % GROUPS),
		.hop_limit = (flaws & FLAW_HOPS) != 0 ? 64 : 1,
		.extension = (flaws & FLAW_NO_ALERT) != 0 ? padding : alert,
		.extension_bytes = sizeof(alert),
	};
	if (len > 0)
		memcpy(message, bytes, len);
	groups_inject(g, frame, frame_icmpv6(frame, &ip, message, MAX(len, (size_t)4)));
}

static void start(void)
{
	const struct ndp_config config = {.secret = "a secret"};
	struct fuzz_link *l = &w.groups.link;
	memset(&w, 0, sizeof(w));
	fuzz_link_start(l, 0);
	enum err e = ndp_start(&w.ndp, &l->eth, &l->tx, &l->rng, &config, l->now_us);
	assert(e == OK);
	e = ipv6_start(&w.ipv6, &l->eth, &w.ndp);
	assert(e == OK);
	e = icmpv6_init(&w.icmpv6, &w.ipv6, &l->tx);
	assert(e == OK);
	mld_init(&w.mld, &w.ipv6, &w.icmpv6, &l->tx, &l->rng, l->now_us);
	w.groups.ip = &w.ipv6.ip;
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
	       8u * (w.groups.changes + 2 * NDP_ADDRS_MAX) +
		       (w.groups.link.now_us / GROUP_ANSWER_MIN_US + 2) * GROUP_ENTRIES_MAX);
	neighbours_clear(&w.ndp.neighbours);
	fuzz_link_fini(&w.groups.link);
	return 0;
}
