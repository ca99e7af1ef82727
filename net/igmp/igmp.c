/* SPDX-License-Identifier: ISC */
#include "net/igmp/igmp.h"

#include "base/bytes.h"
#include "net/igmp/igmp_msg.h"
#include "net/ipv4/router_alert.h"

enum { TOS = 0xc0 /* RFC 3376 section 4: Internetwork Control */ };

_Static_assert((int)GROUP_ENTRIES_MAX >= (int)GROUP_TABLE_MAX, "an entry for each group");

/* --- sending --------------------------------------------------------------------------------- */

static struct igmp *igmp_of(struct group_reporter *r)
{
	return container_of(r, struct igmp, reporter);
}

/* A packet of `bytes`, or NULL if there is none; what is not said now is said the next time. */
static struct pkt *message(struct igmp *igmp, uint32_t bytes)
{
	struct pkt *p = pkt_alloc_message(igmp->tx, bytes);
	igmp->stats.unsent += p == NULL;
	return p;
}

static void send(struct igmp *igmp, uint64_t now_us, struct pkt *p, uint32_t dst)
{
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(igmp->ipv4->addr),
		.dst = ip_addr_from_v4(dst),
		.proto = IP_PROTO_IGMP,
		.ttl = 1,
		.tos = TOS,
	};
	if (ipv4_output_router_alert(igmp->ipv4, now_us, p, &meta) == OK) {
		igmp->stats.out++;
		return;
	}
	igmp->stats.unsent++;
	pkt_put(p);
}

static void report(struct group_reporter *r, uint64_t now_us, const struct group_record *record,
		   unsigned n)
{
	struct igmp *igmp = igmp_of(r);
	struct pkt *p = message(igmp, igmp_report_bytes(n));
	if (p == NULL)
		return;
	igmp_report_emit(record, n, pkt_append(p, igmp_report_bytes(n)));
	send(igmp, now_us, p, IGMP_V3_ROUTERS);
}

static void send_old(struct igmp *igmp, uint64_t now_us, uint8_t type, uint32_t group, uint32_t dst)
{
	struct pkt *p = message(igmp, IGMP_OLD_BYTES);
	if (p == NULL)
		return;
	igmp_old_emit(type, group, pkt_append(p, IGMP_OLD_BYTES));
	send(igmp, now_us, p, dst);
}

static void member(struct group_reporter *r, uint64_t now_us, const struct ip_addr *group)
{
	uint8_t type = r->mode == GROUP_OLD ? IGMP_V2_REPORT : IGMP_V1_REPORT;
	send_old(igmp_of(r), now_us, type, ip_addr_v4(group), ip_addr_v4(group));
}

static void done(struct group_reporter *r, uint64_t now_us, const struct ip_addr *group)
{
	send_old(igmp_of(r), now_us, IGMP_V2_LEAVE, ip_addr_v4(group), IPV4_ALL_ROUTERS);
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Sections 4.1.12 and 9.1: to us alone or to a group, a general query to that of all hosts. */
static bool is_addressed_well(const struct group_query *q, const struct ip_meta *meta)
{
	return !q->general || !meta->broadcast || ip_addr_v4(&meta->dst) == IPV4_ALL_HOSTS;
}

static uint32_t *query(struct igmp *igmp, uint64_t now_us, const struct pkt *p,
		       const struct ip_meta *meta)
{
	struct group_query q;
	size_t bytes = pkt_bytes(p);
	if (p->len < MIN(bytes, (size_t)IGMP_QUERY_BYTES) ||
	    !igmp_query_parse(&q, p->data, bytes) || !is_addressed_well(&q, meta))
		return &igmp->stats.bad;
	if (q.mode != GROUP_OLDEST && !ipv4_has_router_alert(p))
		return &igmp->stats.foreign;
	group_reporter_query(&igmp->reporter, now_us, &q);
	return &igmp->stats.queries;
}

static uint32_t *old_report(struct igmp *igmp, const struct pkt *p, const struct ip_meta *meta)
{
	if (load_be32(p->data + 4) != ip_addr_v4(&meta->dst))
		return &igmp->stats.bad;
	group_reporter_heard(&igmp->reporter, &meta->dst);
	return &igmp->stats.heard;
}

/* Returns where the message counts. */
static uint32_t *handle(struct igmp *igmp, uint64_t now_us, const struct pkt *p,
			const struct ip_meta *meta)
{
	if (meta->ttl != 1)
		return &igmp->stats.foreign;
	if (p->len < IGMP_OLD_BYTES || !csum_is_intact(pkt_csum(0, p)))
		return &igmp->stats.bad;
	switch (p->data[0]) {
	case IGMP_QUERY:
		return query(igmp, now_us, p, meta);
	case IGMP_V1_REPORT:
	case IGMP_V2_REPORT:
		return old_report(igmp, p, meta);
	default:
		return &igmp->stats.ignored;
	}
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
	static const struct group_reporter_ops ops = {
		.report = report,
		.member = member,
		.done = done,
	};
	*igmp = (struct igmp){
		.ipv4 = ipv4,
		.tx = tx,
		.groups = {.eth = ipv4->eth,
			   .everybody = ip_addr_from_v4(IPV4_ALL_HOSTS),
			   .max = GROUP_TABLE_MAX,
			   .changed = changed,
			   .changed_self = igmp},
	};
	group_reporter_init(&igmp->reporter, &ops, rng);
	enum err e = ip_bind(&ipv4->ip, IP_PROTO_IGMP, input, NULL, igmp);
	if (e != OK)
		return e;
	ipv4->hook->membership = &group_table_membership;
	ipv4->hook->membership_self = &igmp->groups;
	return OK;
}
