/* SPDX-License-Identifier: ISC */
#include "net/igmp/igmp.h"

#include "base/bytes.h"
#include "net/igmp/igmp_msg.h"
#include "net/ip/icmp_core.h"
#include "net/ipv4/router_alert.h"

enum { TOS = 0xc0 /* RFC 3376 section 4: Internetwork Control */ };

_Static_assert((int)GROUP_ENTRIES_MAX >= (int)GROUP_TABLE_MAX, "an entry for each group");

static struct igmp *igmp_of(struct group_reporter *r)
{
	return container_of(r, struct igmp, reporter);
}

static enum err send(struct group_reporter *r, uint64_t now_us, struct pkt *p,
		     const struct ip_addr *dst)
{
	struct ipv4 *ipv4 = igmp_of(r)->ipv4;
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(ipv4->addr),
		.dst = *dst,
		.proto = IP_PROTO_IGMP,
		.ttl = 1,
		.tos = TOS,
	};
	icmp_write_checksum(p, &meta);
	return ipv4_output_router_alert(ipv4, now_us, p, &meta);
}

const struct group_family igmp_family = {
	.local = INET_ADDR(0, 0, 0xffff, UINT32_C(0xe0000000)),
	.addr_bytes = 4,
	.old_bytes = 8,
	.query = IGMP_QUERY,
	.report = IGMP_V3_REPORT,
	.old_report = IGMP_V2_REPORT,
	.oldest_report = IGMP_V1_REPORT,
	.done = IGMP_V2_LEAVE,
	.delay_bits = 4,
	.delay_unit_us = US_PER_S / 10,
	.send = send,
};

/* Returns where the message counts. */
static uint32_t *handle(struct igmp *igmp, uint64_t now_us, const struct pkt *p,
			const struct ip_meta *meta)
{
	struct group_reporter *r = &igmp->reporter;
	if (meta->ttl != 1)
		return &r->stats.foreign;
	if (!icmp_is_intact(p, meta))
		return &r->stats.bad;
	return group_reporter_input(r, now_us, p, meta, ipv4_has_router_alert(p));
}

static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	++*handle(self, now_us, p, meta);
	pkt_put(p);
}

/* --- the table ------------------------------------------------------------------------------- */

static void changed(void *self, uint64_t now_us, const struct ip_addr *group, bool joined)
{
	struct igmp *igmp = self;
	group_reporter_changed(&igmp->reporter, now_us, group, joined);
	eth_want_batch(igmp->ipv4->eth); /* in which igmp_poll() says when it wants the next */
}

uint64_t igmp_poll(struct igmp *igmp, uint64_t now_us)
{
	return group_reporter_poll(&igmp->reporter, now_us);
}

enum err igmp_init(struct igmp *igmp, struct ipv4 *ipv4, struct pkt_pool *tx, struct rng *rng)
{
	*igmp = (struct igmp){
		.ipv4 = ipv4,
		.groups = {.eth = ipv4->eth,
			   .everybody = ip_addr_from_v4(IPV4_ALL_HOSTS),
			   .max = GROUP_TABLE_MAX,
			   .changed = changed,
			   .changed_self = igmp},
	};
	group_reporter_init(&igmp->reporter, &igmp_family, tx, rng);
	enum err e = ip_bind(&ipv4->ip, IP_PROTO_IGMP, input, NULL, igmp);
	if (e != OK)
		return e;
	ipv4->hook->groups = (struct ip_groups){&group_table_membership, &igmp->groups};
	return OK;
}
