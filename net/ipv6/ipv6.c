/* SPDX-License-Identifier: ISC */
#include "net/ipv6/ipv6.h"

#include "base/bytes.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/ipv6_chain.h"
#include "net/ipv6/ipv6_internal.h"

/* --- addresses and groups -------------------------------------------------------------------- */

static struct ip *owner(struct ip *ip, const struct ip_addr *addr)
{
	return ndp_owns(container_of(ip, struct ipv6, ip)->ndp, addr) ? ip : NULL;
}

static enum err join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	const struct ipv6 *ipv6 = container_of(ip, struct ipv6, ip);
	return ip_groups_join(&ipv6->groups, false, now_us, group);
}

static void leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	const struct ipv6 *ipv6 = container_of(ip, struct ipv6, ip);
	ip_groups_leave(&ipv6->groups, false, now_us, group);
}

static bool is_member(const struct ipv6 *ipv6, const struct ip_addr *group)
{
	return ndp_is_member(ipv6->ndp, group) || ip_groups_have(&ipv6->groups, group);
}

/* --- transports ------------------------------------------------------------------------------ */

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	struct ipv6 *ipv6 = container_of(ip, struct ipv6, ip);
	return ip_bindings_add(&ipv6->bindings, proto, input, error, self);
}

static void unreachable(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	struct ipv6 *ipv6 = container_of(ip, struct ipv6, ip);
	if (ipv6->errors != NULL)
		ipv6->errors->unreachable(ipv6->errors_self, now_us, p, meta, why);
	else
		pkt_put(p);
}

static void problem(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		    uint8_t code, uint32_t at, bool to_groups)
{
	if (ipv6->errors != NULL)
		ipv6->errors->problem(ipv6->errors_self, now_us, p, meta, code, at, to_groups);
	else
		pkt_put(p);
}

void ipv6_set_errors(struct ipv6 *ipv6, const struct ipv6_errors *errors, void *self)
{
	ipv6->errors = errors;
	ipv6->errors_self = self;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Another station with our address says so from that address (RFC 4861 section 7.2.4). */
static bool is_advertisement(const struct pkt *p)
{
	enum { NEIGHBOR_ADVERTISEMENT = 136 };
	return p->data[IPV6_NEXT_HEADER_AT] == IP_PROTO_ICMPV6 && p->len > IPV6_HEADER_BYTES &&
	       p->data[IPV6_HEADER_BYTES] == NEIGHBOR_ADVERTISEMENT;
}

/* RFC 4291 section 2.5: no packet comes from these; from nowhere only a host without an address. */
static bool is_martian(const struct ipv6 *ipv6, const struct ip_addr *src, const struct pkt *p)
{
	if (ipv6_addr_is_unspecified(src))
		return false;
	if (UNLIKELY(ndp_owns(ipv6->ndp, src)))
		return !is_advertisement(p);
	return !ipv6_addr_is_host(src);
}

static bool is_for_us(const struct ipv6 *ipv6, const struct ip_addr *dst, bool to_group)
{
	return to_group ? is_member(ipv6, dst) : ndp_owns(ipv6->ndp, dst);
}

/* Why the packet with this header is dropped: the counter, or NULL if it is for us. */
static uint32_t *reason_to_drop(struct ipv6 *ipv6, const struct ip_meta *meta, const struct pkt *p,
				bool group_frame)
{
	if (is_martian(ipv6, &meta->src, p))
		return &ipv6->stats.bad_source;
	if (!is_for_us(ipv6, &meta->dst, meta->broadcast))
		return &ipv6->stats.not_for_us;
	if (!meta->broadcast && group_frame)
		return &ipv6->stats.group_frames;
	return NULL;
}

/* What is wrong with the chain of headers has its answer. */
static void refuse(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		   const struct ipv6_chain *c, enum ipv6_verdict verdict)
{
	if (verdict == IPV6_EXCESS) {
		ip_drop(p, &ipv6->stats.excess);
		return;
	}
	ipv6->stats.bad_extension++;
	if (verdict == IPV6_PROBLEM || verdict == IPV6_PROBLEM_ALWAYS)
		problem(ipv6, now_us, p, meta, c->code, c->problem_at,
			verdict == IPV6_PROBLEM_ALWAYS);
	else
		pkt_put(p);
}

static void deliver(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		    uint32_t next_at)
{
	const struct ip_binding *b = ip_bindings_find(&ipv6->bindings, meta->proto);
	if (b == NULL) {
		ipv6->stats.no_protocol++;
		problem(ipv6, now_us, p, meta, IPV6_PROBLEM_NEXT_HEADER, next_at, false);
		return;
	}
	/* From nowhere come only messages of those who have no address yet. */
	if (ipv6_addr_is_unspecified(&meta->src) && meta->proto != IP_PROTO_ICMPV6) {
		ip_drop(p, &ipv6->stats.bad_source);
		return;
	}
	ipv6->stats.in++;
	b->input(b->self, now_us, p, meta);
}

/* RFC 7112 section 5: the first fragment has all headers, the transport's included. */
static bool is_incomplete(const struct pkt *p, const struct ipv6_chain *c,
			  enum ipv6_verdict verdict)
{
	enum { TCP_HEADER_BYTES = 20, OTHER_HEADER_BYTES = 8 };
	uint32_t transport = c->proto == IP_PROTO_TCP ? TCP_HEADER_BYTES : OTHER_HEADER_BYTES;
	if (!c->is_fragment || !c->is_first)
		return false;
	return verdict == IPV6_TRUNCATED ||
	       (verdict == IPV6_ACCEPT && p->len < c->bytes + transport);
}

/* RFC 8200 section 4.5: where a length is wrong, if one is; else 0. */
static uint32_t wrong_length_at(const struct pkt *p, const struct ipv6_chain *c)
{
	uint32_t headers = c->fragment_at + IPV6_FRAGMENT_BYTES;
	uint32_t bytes = (uint32_t)pkt_bytes(p) - headers;
	uint32_t whole = c->fragment_at - IPV6_HEADER_BYTES + c->fragment_offset + bytes;
	if (c->more && bytes % IPV6_FRAGMENT_BYTES != 0)
		return 4; /* the payload length */
	return whole > UINT16_MAX ? c->fragment_at + 2 : 0;
}

/* What a fragment makes whole, or NULL. */
static struct pkt *reassemble(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p,
			      struct ip_meta *meta, const struct ipv6_chain *c)
{
	uint32_t wrong_at = wrong_length_at(p, c);
	if (ipv6->reassemble == NULL) {
		ip_drop(p, &ipv6->stats.fragments);
		return NULL;
	}
	if (wrong_at != 0) {
		ipv6->stats.bad_extension++;
		problem(ipv6, now_us, p, meta, IPV6_PROBLEM_FIELD, wrong_at, false);
		return NULL;
	}
	return ipv6->reassemble(ipv6->reassemble_self, now_us, p, meta, c);
}

/* Walks the chain of p, trimmed, at its network header. False if p is done with. */
static bool take_chain(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p,
		       const struct ip_meta *meta, struct ipv6_chain *c)
{
	enum ipv6_verdict verdict = ipv6_chain_walk(c, p->data, p->len);
	if (UNLIKELY(is_incomplete(p, c, verdict))) {
		verdict = IPV6_PROBLEM;
		c->code = IPV6_PROBLEM_INCOMPLETE;
		c->problem_at = 0;
	}
	if (LIKELY(verdict == IPV6_ACCEPT))
		return true;
	refuse(ipv6, now_us, p, meta, c, verdict);
	return false;
}

/* A packet for us, trimmed, with its network header at p->data. */
static void accept(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p, struct ip_meta *meta)
{
	struct ipv6_chain c;
	if (!take_chain(ipv6, now_us, p, meta, &c))
		return;
	if (UNLIKELY(c.is_fragment)) {
		p = reassemble(ipv6, now_us, p, meta, &c);
		if (p == NULL || !take_chain(ipv6, now_us, p, meta, &c))
			return;
		if (c.fragment_at != 0) { /* fragments of fragments nobody needs */
			ip_drop(p, &ipv6->stats.excess);
			return;
		}
	}
	meta->proto = c.proto;
	pkt_pull(p, c.bytes);
	p->l4 = (uint16_t)pkt_headroom(p);
	deliver(ipv6, now_us, p, meta, c.next_at);
}

static void input(void *self, uint64_t now_us, struct pkt *p, bool group_frame)
{
	struct ipv6 *ipv6 = self;
	struct ipv6_header h;
	if (!ipv6_header_parse(&h, p->data, p->len) ||
	    (size_t)IPV6_HEADER_BYTES + h.payload_bytes > pkt_bytes(p)) {
		ip_drop(p, &ipv6->stats.bad_header);
		return;
	}
	h.meta.broadcast = ipv6_addr_is_group(&h.meta.dst);
	uint32_t *reason = reason_to_drop(ipv6, &h.meta, p, group_frame);
	if (reason != NULL) {
		ip_drop(p, reason);
		return;
	}
	pkt_trim(p, (size_t)IPV6_HEADER_BYTES + h.payload_bytes); /* short frames are padded */
	accept(ipv6, now_us, p, &h.meta);
}

/* --- sending --------------------------------------------------------------------------------- */

/* Packets to ourselves have no way: there is no loopback interface. */
static bool is_elsewhere(const struct ipv6 *ipv6, const struct ip_addr *dst)
{
	return ipv6_addr_is_host(dst) && !ndp_owns(ipv6->ndp, dst);
}

/* The bits of the prefix that chose the way, or less than 0 if there is none. */
static int way_bits(const struct ipv6 *ipv6, const struct ip_addr *dst)
{
	if (ipv6_addr_is_group(dst))
		return 0;
	if (!is_elsewhere(ipv6, dst))
		return -1;
	int bits = ndp_link_bits(ipv6->ndp, dst);
	return bits < 0 && ndp_has_router(ipv6->ndp) ? 0 : bits;
}

/* From a link-local address nothing comes back from beyond the link. */
static const struct ndp_addr *source_for(const struct ipv6 *ipv6, const struct ip_addr *dst)
{
	const struct ndp_addr *a = ndp_source(ipv6->ndp, dst);
	bool reaches = a != NULL && (!ipv6_addr_is_link_local(&a->addr) ||
				     ipv6_addr_scope(dst) <= IPV6_SCOPE_LINK);
	return reaches ? a : NULL;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	const struct ipv6 *ipv6 = container_of(ip, struct ipv6, ip);
	const struct netif *netif = ipv6->eth->netif;
	if (ip_addr_is_v4(dst))
		return ERR_UNREACHABLE;
	const struct ndp_addr *src = source_for(ipv6, dst);
	if (src == NULL)
		return ERR_NOTREADY;
	int bits = way_bits(ipv6, dst);
	if (bits < 0)
		return ERR_UNREACHABLE;
	*out = (struct ip_route){
		.src = src->addr,
		.mtu = ipv6->ndp->mtu,
		.prefix_bits = (uint8_t)bits,
		.features = netif->features,
		.tso_bytes = netif->tso_bytes,
	};
	return OK;
}

/* Longer than the MTU is only what the device will cut up itself. */
static bool is_too_long(const struct ipv6 *ipv6, const struct pkt *p, size_t payload_bytes)
{
	const struct netif *netif = ipv6->eth->netif;
	if (payload_bytes + IPV6_HEADER_BYTES <= ipv6->ndp->mtu)
		return false;
	return payload_bytes > UINT16_MAX || (p->flags & PKT_GSO_TCP6) == 0 ||
	       (netif->features & NETIF_TSO6) == 0;
}

enum err ipv6_send(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p, const struct ip_addr *dst)
{
	const struct ip_addr *hop = NULL;
	if (ipv6_addr_is_group(dst))
		return eth_output_group(ipv6->eth, p, dst);
	if (is_elsewhere(ipv6, dst))
		hop = ndp_next_hop(ipv6->ndp, now_us, dst);
	return hop != NULL ? ndp_output(ipv6->ndp, now_us, p, hop) : ERR_UNREACHABLE;
}

/* Whether net/ipv6/fragments can send what is too long; TCP cuts its stream itself. */
static bool is_fragmentable(const struct ipv6 *ipv6, const struct ip_meta *meta,
			    size_t payload_bytes)
{
	return ipv6->cutter != NULL && payload_bytes <= UINT16_MAX &&
	       (meta->proto == IP_PROTO_UDP || meta->proto == IP_PROTO_ICMPV6);
}

/* The packet in one piece of the way; meta->ttl is set. */
static enum err output_whole(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p,
			     const struct ip_meta *meta, size_t payload_bytes)
{
	if (UNLIKELY(is_too_long(ipv6, p, payload_bytes))) {
		ipv6->stats.too_long++;
		return ERR_INVALID;
	}
	ipv6_header_emit(meta, (uint16_t)payload_bytes, netif_push_header(p, IPV6_HEADER_BYTES));
	p->l3 = (uint16_t)pkt_headroom(p);
	enum err e = ipv6_send(ipv6, now_us, p, &meta->dst);
	if (UNLIKELY(e != OK))
		pkt_pop_header(p, IPV6_HEADER_BYTES);
	return e;
}

static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct ipv6 *ipv6 = container_of(ip, struct ipv6, ip);
	size_t payload_bytes = pkt_bytes(p);
	struct ip_meta filled = *meta;
	uint16_t mtu = ipv6->ndp->mtu;
	enum err e;
	if (UNLIKELY(!ndp_owns(ipv6->ndp, &meta->src))) {
		ipv6->stats.bad_from++;
		return ERR_INVALID;
	}
	if (meta->ttl == 0)
		filled.ttl = ipv6_addr_is_group(&meta->dst) ? 1 : ipv6->ndp->hop_limit;
	bool can_cut = is_fragmentable(ipv6, meta, payload_bytes);
	if (can_cut)
		mtu = ipv6->cutter->path_mtu(ipv6->cutter_self, now_us, &meta->dst, mtu);
	if (UNLIKELY(can_cut && payload_bytes + IPV6_HEADER_BYTES > mtu))
		e = ipv6->cutter->output(ipv6->cutter_self, now_us, p, &filled, mtu);
	else
		e = output_whole(ipv6, now_us, p, &filled, payload_bytes);
	ipv6->stats.unreachable += e == ERR_UNREACHABLE;
	ipv6->stats.out += e == OK;
	return e;
}

static const struct ip_ops ops = {
	.bind = bind,
	.route = route,
	.output = output,
	.unreachable = unreachable,
	.join = join,
	.leave = leave,
	.owner = owner,
};

enum err ipv6_start(struct ipv6 *ipv6, struct eth *eth, struct ndp *ndp)
{
	*ipv6 = (struct ipv6){.ip = {.ops = &ops}, .eth = eth, .ndp = ndp};
	return eth_bind(eth, ETH_TYPE_IPV6, input, ipv6);
}
