/* SPDX-License-Identifier: ISC */
#include "net/mld/mld.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/mld/mld_msg.h"

enum {
	/* A hop-by-hop header with the Router Alert option (RFC 2711) and padding. */
	ALERT_BYTES = 8,
	ROUTER_ALERT = 5,
	PAD1 = 0,
	LAST_SCOPE_UNREPORTED = 1, /* 0 reserved, 1 interface-local: section 6 */
};

/* --- sending --------------------------------------------------------------------------------- */

static struct mld *mld_of(struct group_reporter *r)
{
	return container_of(r, struct mld, reporter);
}

/* Section 5.2.13: from our link-local address, or while there is none from nowhere. */
static struct ip_addr source(const struct mld *mld)
{
	const struct ndp_addr *a = ndp_source(mld->ipv6->ndp, &ipv6_all_routers);
	return a != NULL && ipv6_addr_is_link_local(&a->addr) ? a->addr : ipv6_unspecified;
}

/* The checksum, and both headers in front of the message. */
static void push_headers(const struct mld *mld, struct pkt *p, const struct ip_addr *dst)
{
	static const uint8_t alert[ALERT_BYTES] = {IP_PROTO_ICMPV6, 0, ROUTER_ALERT, 2, 0, 0, 1, 0};
	struct ip_meta meta = {.src = source(mld), .dst = *dst, .proto = IP_PROTO_ICMPV6, .ttl = 1};
	icmp_write_checksum(p, &meta);
	p->l4 = (uint16_t)pkt_headroom(p);
	memcpy(pkt_push(p, ALERT_BYTES), alert, ALERT_BYTES);
	meta.proto = IPV6_HOP_BY_HOP;
	uint32_t payload_bytes = p->len;
	ipv6_header_emit(&meta, (uint16_t)payload_bytes, pkt_push(p, IPV6_HEADER_BYTES));
	p->l3 = (uint16_t)pkt_headroom(p);
}

static enum err send(struct group_reporter *r, uint64_t now_us, struct pkt *p,
		     const struct ip_addr *dst)
{
	const struct mld *mld = mld_of(r);
	(void)now_us;
	push_headers(mld, p, dst);
	return eth_output_group(mld->ipv6->eth, p, dst);
}

const struct group_family mld_family = {
	.local = INET_ADDR(UINT32_C(0xff020000), 0, 0, 0),
	.addr_bytes = sizeof(struct ip_addr),
	.old_bytes = MLD_OLD_BYTES,
	.query = MLD_QUERY,
	.report = MLD_V2_REPORT,
	.old_report = MLD_V1_REPORT,
	.oldest_report = MLD_V1_REPORT,
	.done = MLD_V1_DONE,
	.delay_bits = 12,
	.delay_unit_us = US_PER_MS,
	.send = send,
};

/* --- receiving ------------------------------------------------------------------------------- */

/* In the hop-by-hop header, whose lengths were checked when the packet arrived. */
static bool has_router_alert(const struct pkt *p)
{
	const uint8_t *header = p->buf + p->l3, *at = header + IPV6_HEADER_BYTES;
	if (header[IPV6_NEXT_HEADER_AT] != IPV6_HOP_BY_HOP)
		return false;
	const uint8_t *end = at + (at[1] + 1) * 8;
	for (at += 2; at + 1 < end; at += *at == PAD1 ? 1 : 2 + at[1]) {
		if (*at == ROUTER_ALERT)
			return true;
	}
	return false;
}

static uint32_t *handle(struct mld *mld, uint64_t now_us, const struct pkt *p,
			const struct ip_meta *meta)
{
	struct group_reporter *r = &mld->reporter;
	if (meta->ttl != 1 || !ipv6_addr_is_link_local(&meta->src) || !has_router_alert(p))
		return &r->stats.foreign;
	return group_reporter_input(r, now_us, p, meta, true);
}

static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	++*handle(self, now_us, p, meta);
	pkt_put(p);
}

/* --- groups ---------------------------------------------------------------------------------- */

static void changed(void *self, uint64_t now_us, const struct ip_addr *group, bool joined)
{
	struct mld *mld = self;
	if (ipv6_addr_scope(group) <= LAST_SCOPE_UNREPORTED ||
	    ip_addr_equal(group, &ipv6_all_nodes))
		return;
	group_reporter_changed(&mld->reporter, now_us, group, joined);
	eth_want_batch(mld->ipv6->eth); /* in which mld_poll() says when it wants the next */
}

/* Of ip_join(): what an address has brought goes on when nobody else is in it any more. */
static void table_changed(void *self, uint64_t now_us, const struct ip_addr *group, bool joined)
{
	struct mld *mld = self;
	if (joined || !ndp_is_member(mld->ipv6->ndp, group))
		changed(mld, now_us, group, joined);
}

/* Of an address: that somebody has joined the group too goes on. */
static void address_changed(void *self, uint64_t now_us, const struct ip_addr *group, bool joined)
{
	struct mld *mld = self;
	if (!group_table_membership.is_member(&mld->groups, group))
		changed(self, now_us, group, joined);
}

uint64_t mld_poll(struct mld *mld, uint64_t now_us)
{
	return group_reporter_poll(&mld->reporter, now_us);
}

void mld_init(struct mld *mld, struct ipv6 *ipv6, struct icmpv6 *icmpv6, struct pkt_pool *tx,
	      struct rng *rng, uint64_t now_us)
{
	*mld = (struct mld){
		.ipv6 = ipv6,
		.groups = {.eth = ipv6->eth,
			   .everybody = ipv6_all_nodes,
			   .max = MLD_GROUPS_MAX,
			   .changed = table_changed,
			   .changed_self = mld},
	};
	group_reporter_init(&mld->reporter, &mld_family, tx, rng);
	icmpv6_set_listener(icmpv6, input, mld);
	ipv6->groups = (struct ip_groups){&group_table_membership, &mld->groups};
	eth_batch_begin(ipv6->eth);
	ndp_watch_groups(ipv6->ndp, now_us, address_changed, mld);
	eth_batch_end(ipv6->eth);
	eth_want_batch(ipv6->eth); /* which looks at our deadline */
}
