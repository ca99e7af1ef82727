/* SPDX-License-Identifier: ISC */
#include "net/icmpv6/icmpv6.h"

#include "base/bytes.h"
#include "hal/netif.h"
#include "net/icmpv6/icmpv6_quote.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/ipv6_chain.h"

enum { MLD_FIRST = 130, MLD_LAST = 132, NDP_FIRST = 133, NDP_LAST = 137, MLD_V2_REPORT = 143 };

static struct ipv6 *ipv6_of(const struct icmpv6 *icmpv6)
{
	return container_of(icmpv6->icmp.ip, struct ipv6, ip);
}

/* --- what comes in --------------------------------------------------------------------------- */

/*
 * RFC 8201 section 4, for who does not keep the path's MTU itself as TCP does, which can tell
 * whether it sent the packet. Here anybody can make datagrams go in pieces of 1280 bytes, no more.
 */
static void learn_mtu(struct ipv6 *ipv6, uint64_t now_us, const struct ip_quote *q)
{
	if (q->mtu != 0 && ipv6->cutter != NULL && q->meta.proto != IP_PROTO_TCP)
		ipv6->cutter->too_big(ipv6->cutter_self, now_us, &q->meta.dst, q->mtu);
}

/* Returns where the error counts. */
static uint32_t *report(struct icmpv6 *icmpv6, uint64_t now_us, const struct pkt *p)
{
	struct ipv6 *ipv6 = ipv6_of(icmpv6);
	struct icmp_stats *stats = &icmpv6->icmp.stats;
	struct ip_quote q;
	if (!icmpv6_quote_parse(&q, p->data, p->len))
		return &stats->bad;
	if (!ndp_owns(ipv6->ndp, &q.meta.src))
		return &stats->not_ours;
	learn_mtu(ipv6, now_us, &q);
	return ip_bindings_report(&ipv6->bindings, now_us, &q) ? &stats->errors_in
							       : &stats->not_ours;
}

/* In one piece, without extension headers: of fragments none is believed (RFC 6980 section 5).
 * Returns where it counts. */
static uint32_t *ndp_message(struct icmpv6 *icmpv6, uint64_t now_us, const struct pkt *p,
			     const struct ip_meta *meta)
{
	if (p->l4 - p->l3 != IPV6_HEADER_BYTES || pkt_bytes(p) != p->len)
		return &icmpv6->icmp.stats.bad;
	return ndp_input(ipv6_of(icmpv6)->ndp, now_us, p->data, p->len, meta);
}

void icmpv6_set_listener(struct icmpv6 *icmpv6, ip_input_fn *input, void *self)
{
	icmpv6->listener = input;
	icmpv6->listener_self = self;
}

static bool is_of_listeners(uint8_t type)
{
	return (type >= MLD_FIRST && type <= MLD_LAST) || type == MLD_V2_REPORT;
}

/* Returns where p counts, which is then dropped; or NULL: somebody has it. */
static uint32_t *take(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p,
		      const struct ip_meta *meta)
{
	struct icmp_stats *stats = &icmpv6->icmp.stats;
	if (!icmp_is_intact(p, meta))
		return &stats->bad;
	uint8_t type = p->data[0];
	if (type >= NDP_FIRST && type <= NDP_LAST)
		return ndp_message(icmpv6, now_us, p, meta);
	if (ipv6_addr_is_unspecified(&meta->src)) /* nobody can be answered */
		return &stats->bad;
	if (type == ICMPV6_ECHO) {
		stats->echo_requests++;
		icmp_echo(&icmpv6->icmp, now_us, p, meta, ICMPV6_ECHO_REPLY);
		return NULL;
	}
	if (type >= ICMPV6_UNREACHABLE && type <= ICMPV6_PARAMETER_PROBLEM && !meta->broadcast)
		return report(icmpv6, now_us, p);
	if (!is_of_listeners(type) || icmpv6->listener == NULL)
		return &stats->ignored;
	icmpv6->listener(icmpv6->listener_self, now_us, p, meta);
	return NULL;
}

static void input(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	uint32_t *counter = take(self, now_us, p, meta);
	if (counter != NULL)
		ip_drop(p, counter);
}

/* --- errors that go out ---------------------------------------------------------------------- */

/* What the packet holds behind its extension headers is itself an error, or a redirect. */
static bool is_about_an_error(const struct pkt *p)
{
	const uint8_t *packet = p->buf + p->l3;
	size_t len = (size_t)(p->data + p->len - packet), at;
	if (ipv6_chain_skip(packet, len, &at) != IP_PROTO_ICMPV6)
		return false;
	return at == len || packet[at] < ICMPV6_ERRORS_END || packet[at] == NDP_LAST;
}

/* RFC 4443 section 2.4 (e). Packets from a group have not come so far. */
static bool is_answerable(const struct pkt *p, const struct ip_meta *meta, bool to_groups)
{
	return (!meta->broadcast || to_groups) && !ipv6_addr_is_unspecified(&meta->src) &&
	       !is_about_an_error(p);
}

/* Is given p. */
static void complain(struct icmpv6 *icmpv6, uint64_t now_us, struct pkt *p,
		     const struct ip_meta *meta, struct icmp_complaint c, bool to_groups)
{
	c.by_reference = (ipv6_of(icmpv6)->eth->netif->features & NETIF_SG) != 0;
	if (is_answerable(p, meta, to_groups))
		icmp_complain(&icmpv6->icmp, now_us, p, meta, &c);
	else
		ip_drop(p, &icmpv6->icmp.stats.forbidden);
}

static void unreachable(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	static const struct icmp_complaint complaint[] = {
		/* By who has no protocol behind it: net/ipv6 knows where the chain names it. */
		[IP_UNREACHABLE_PROTOCOL] = {.type = ICMPV6_PARAMETER_PROBLEM,
					     .code = IPV6_PROBLEM_NEXT_HEADER,
					     .word = IPV6_NEXT_HEADER_AT},
		[IP_UNREACHABLE_PORT] = {.type = ICMPV6_UNREACHABLE, .code = ICMPV6_CODE_PORT},
		[IP_REASSEMBLY_TIMEOUT] = {.type = ICMPV6_TIME_EXCEEDED,
					   .code = ICMPV6_CODE_REASSEMBLY},
	};
	complain(self, now_us, p, meta, complaint[why], false);
}

static void problem(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		    uint8_t code, uint32_t at, bool to_groups)
{
	const struct icmp_complaint c = {
		.type = ICMPV6_PARAMETER_PROBLEM, .code = code, .word = at};
	complain(self, now_us, p, meta, c, to_groups);
}

enum err icmpv6_init(struct icmpv6 *icmpv6, struct ipv6 *ipv6, struct pkt_pool *tx)
{
	static const struct ipv6_errors errors = {.unreachable = unreachable, .problem = problem};
	*icmpv6 = (struct icmpv6){.icmp = {.ip = &ipv6->ip,
					   .tx = tx,
					   .answers = {TOKEN_BUCKET(ICMP_BURST, ICMP_REFILL_US)}}};
	enum err e = ip_bind(&ipv6->ip, IP_PROTO_ICMPV6, input, NULL, icmpv6);
	if (e == OK)
		ipv6_set_errors(ipv6, &errors, icmpv6);
	return e;
}
