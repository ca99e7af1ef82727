/* SPDX-License-Identifier: ISC */
#define HOT_FILE

#include "net/ipv4/ipv4.h"

#include "base/bytes.h"
#include "base/counter.h"
#include "net/ipv4/ipv4_header.h"
#include "net/ipv4/ipv4_internal.h"
#include "net/ipv4/ipv4_options.h"

/* --- addresses ------------------------------------------------------------------------------- */

/* A link-local address counts as none for a DHCP client, which goes on (RFC 3927 section 2.11). */
static bool is_configured(const struct ipv4 *ipv4)
{
	return ipv4->addr != 0 && !ipv4_is_link_local(ipv4->addr);
}

static bool is_on_link(const struct ipv4 *ipv4, uint32_t addr)
{
	return ((addr ^ ipv4->addr) & ipv4->mask) == 0;
}

static bool is_broadcast(const struct ipv4 *ipv4, uint32_t addr)
{
	return addr == IPV4_BROADCAST || addr == ipv4->broadcast;
}

/* --- groups ---------------------------------------------------------------------------------- */

static bool is_member(const struct ipv4 *ipv4, uint32_t group)
{
	const struct ip_addr addr = ip_addr_from_v4(group);
	return !inet_is_minimal &&
	       (group == IPV4_ALL_HOSTS || ip_groups_have(&ipv4->hook->groups, &addr));
}

static enum err join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	const struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	if (inet_is_minimal)
		return ip_addr_is_group(group) ? ERR_UNSUPPORTED : ERR_INVALID;
	return ip_groups_join(&ipv4->hook->groups, true, now_us, group);
}

static void leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	const struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	if (!inet_is_minimal)
		ip_groups_leave(&ipv4->hook->groups, true, now_us, group);
}

/* --- transports ------------------------------------------------------------------------------ */

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	return ip_bindings_add(&ipv4->bindings, proto, input, error, self);
}

HOT(input) static struct ip *owner(struct ip *ip, const struct ip_addr *addr)
{
	const struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	if (ipv4->addr == 0 || !ip_addr_is_v4(addr))
		return NULL;
	uint32_t v4 = ip_addr_v4(addr);
	return v4 == ipv4->addr || (v4 == 0 && !is_configured(ipv4)) ? ip : NULL;
}

static void unreachable(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	if (!inet_is_minimal && ipv4->hook->unreachable != NULL)
		ipv4->hook->unreachable(ipv4->hook->unreachable_self, now_us, p, meta, why);
	else
		pkt_put(p);
}

void ipv4_set_unreachable(struct ipv4 *ipv4, ipv4_unreachable_fn *fn, void *self)
{
	ipv4->hook->unreachable = fn;
	ipv4->hook->unreachable_self = self;
}

void ipv4_set_dhcp_client(struct ipv4 *ipv4, ip_input_fn *input, void *self)
{
	ipv4->dhcp = input;
	ipv4->dhcp_self = self;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* RFC 1122 section 3.2.1.3, RFC 1812 section 5.3.7: no packet comes from these. */
HOT(input) static bool is_martian(const struct ipv4 *ipv4, uint32_t src)
{
	return ipv4_is_special(src) || src == ipv4->addr || src == ipv4->broadcast ||
	       src == ipv4->network;
}

/* RFC 3376 section 4.2.13: from who has no address; switches that ask are among them. */
static bool is_igmp_of_nobody(const struct ipv4_header *h)
{
	return h->src == 0 && h->proto == IP_PROTO_IGMP;
}

/* RFC 2131 section 4.1: what a host without an address takes, for it may be the one offered. */
static bool is_to_dhcp_client(const struct ipv4_header *h, const struct pkt *p)
{
	return h->proto == IP_PROTO_UDP && !h->is_fragment && p->len >= h->header_bytes + 4u &&
	       load_be16(p->data + h->header_bytes + 2) == IPV4_DHCP_CLIENT_PORT;
}

/*
 * Why the packet p with this header is dropped: the counter, or NULL if it is for us. A TTL of 0
 * or 1 is fine for the last host (RFC 1122 section 3.2.1.7).
 */
static uint32_t *reason_to_drop(struct ipv4 *ipv4, const struct ipv4_header *h, const struct pkt *p,
				bool to_group, bool group_frame)
{
	if (is_martian(ipv4, h->src) && !is_igmp_of_nobody(h))
		return COUNTER_AT(ipv4->stats.bad_source);
	bool for_us = ipv4->addr != 0 && (to_group || h->dst == ipv4->addr);
	if (!for_us)
		return !is_configured(ipv4) && is_to_dhcp_client(h, p)
			       ? NULL
			       : COUNTER_AT(ipv4->stats.not_for_us);
	if (!to_group && group_frame)
		return COUNTER_AT(ipv4->stats.group_frames);
	return NULL;
}

/* The same for the options that the header has. */
static uint32_t *reason_in_options(struct ipv4 *ipv4, const struct pkt *p,
				   const struct ipv4_header *h)
{
	const uint8_t *options = p->data + IPV4_HEADER_BYTES;
	size_t len = h->header_bytes - (size_t)IPV4_HEADER_BYTES;
	switch (ipv4_options_find(options, len, IPV4_LOOSE_SOURCE_ROUTE,
				  IPV4_STRICT_SOURCE_ROUTE)) {
	case IPV4_OPTIONS_BAD:
		return COUNTER_AT(ipv4->stats.bad_options);
	case IPV4_OPTIONS_FOUND:
		return COUNTER_AT(ipv4->stats.source_routed);
	default:
		return NULL;
	}
}

/* p->data is at the transport's header. */
static bool is_for_own_client(const struct ipv4 *ipv4, const struct pkt *p,
			      const struct ip_meta *meta)
{
	return meta->proto == IP_PROTO_UDP && ipv4->dhcp != NULL && p->len >= 4 &&
	       load_be16(p->data + 2) == IPV4_DHCP_CLIENT_PORT;
}

/* What a fragment makes whole, with its `meta`, or NULL. */
static struct pkt *reassemble(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p,
			      struct ip_meta *meta)
{
	if (!inet_is_minimal && ipv4->hook->reassemble != NULL)
		return ipv4->hook->reassemble(ipv4->hook->reassemble_self, now_us, p, meta);
	ip_drop(p, COUNTER_AT(ipv4->stats.fragments));
	return NULL;
}

static bool is_intact(const uint8_t *header, size_t bytes)
{
	if (bytes == IPV4_HEADER_BYTES)
		return csum_is_intact(ipv4_header_sum(header));
	return csum_is_intact(csum_add(0, header, bytes));
}

/* What is unusual about a packet. */
enum { TO_GROUP = 1 << 0, FRAGMENT = 1 << 1, DROPPED = 1 << 2 };

/* Gives a packet that was checked to the transport that it is for. */
static inline void deliver(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p,
			   const struct ip_meta *meta)
{
	if (UNLIKELY(is_for_own_client(ipv4, p, meta))) {
		COUNT(ipv4->stats.in);
		ipv4->dhcp(ipv4->dhcp_self, now_us, p, meta);
		return;
	}
	const struct ip_binding *b = ip_bindings_find(&ipv4->bindings, meta->proto);
	if (LIKELY(b != NULL)) {
		COUNT(ipv4->stats.in);
		b->input(b->self, now_us, p, meta);
	} else {
		COUNT(ipv4->stats.no_protocol);
		unreachable(&ipv4->ip, now_us, p, meta, IP_UNREACHABLE_PROTOCOL);
	}
}

/*
 * The complete way, for what is_plain() denies: checks everything. The answer is of the enum above,
 * 0 if the packet is as good as a plain one.
 */
static NOINLINE unsigned examine(struct ipv4 *ipv4, struct pkt *p, bool group_frame)
{
	struct ipv4_header h;
	uint32_t *reason = NULL;
	bool to_group = false;
	if (!ipv4_header_parse(&h, p->data, p->len) || h.total_bytes > pkt_bytes(p)) {
		reason = COUNTER_AT(ipv4->stats.bad_header);
	} else if (!is_intact(p->data, h.header_bytes)) {
		reason = COUNTER_AT(ipv4->stats.bad_checksum);
	} else {
		to_group = is_broadcast(ipv4, h.dst) ||
			   (ipv4_is_group(h.dst) && is_member(ipv4, h.dst));
		reason = reason_to_drop(ipv4, &h, p, to_group, group_frame);
		if (h.header_bytes > IPV4_HEADER_BYTES && reason == NULL)
			reason = reason_in_options(ipv4, p, &h);
	}
	if (reason != NULL) {
		ip_drop(p, reason);
		return DROPPED;
	}
	pkt_trim(p, h.total_bytes);
	return (to_group ? TO_GROUP : 0) | (h.is_fragment ? FRAGMENT : 0);
}

/*
 * What nearly all packets are: whole, without padding or options, to our address from one that a
 * host can have, with a good checksum.
 */
static bool is_plain(const struct ipv4 *ipv4, const struct pkt *p)
{
	const uint8_t *h = p->data;
	return p->len >= IPV4_HEADER_BYTES && h[0] == IPV4_VERSION_AND_LENGTH &&
	       !ipv4_is_fragment(h) && load_be16(h + 2) == pkt_bytes(p) &&
	       load_be32(h + 16) == ipv4->addr && ipv4->addr != 0 &&
	       !is_martian(ipv4, load_be32(h + 12)) && csum_is_intact(ipv4_header_sum(h));
}

/* Takes the padding of a short frame off, which an acknowledgement has on a wire. False: there is
 * none. */
static UNUSED bool unpad(struct pkt *p)
{
	uint32_t total_bytes = p->len >= IPV4_HEADER_BYTES ? load_be16(p->data + 2) : 0;

	if (total_bytes < IPV4_HEADER_BYTES || total_bytes >= pkt_bytes(p))
		return false;
	pkt_trim(p, total_bytes);
	return true;
}

HOT(input) static void input(void *self, uint64_t now_us, struct pkt *p, bool group_frame)
{
	struct ipv4 *ipv4 = self;
	uint32_t header_bytes = IPV4_HEADER_BYTES;
	unsigned what = 0;
	while (UNLIKELY(group_frame || !is_plain(ipv4, p))) {
		if (BY_MEMORY(true, false) && unpad(p)) /* on a wire, not in a virtual machine */
			continue;
		what = examine(ipv4, p, group_frame);
		if (what == DROPPED)
			return;
		header_bytes = (p->data[0] & 15) * 4u;
		break;
	}
	const uint8_t *h = p->data;
	struct ip_meta meta; /* one by one: it were cleared before */
	meta.src = ip_addr_from_v4(load_be32(h + 12));
	meta.dst = ip_addr_from_v4(load_be32(h + 16));
	meta.proto = h[9];
	meta.ttl = h[8];
	meta.tos = h[1];
	meta.broadcast = false;
	meta.way = NULL;
	p->data += header_bytes; /* which p->len was compared with */
	p->len -= header_bytes;
	p->l4 = (uint16_t)pkt_headroom(p);
	if (UNLIKELY(what != 0)) {
		meta.broadcast = (what & TO_GROUP) != 0;
		if ((what & FRAGMENT) != 0)
			p = reassemble(ipv4, now_us, p, &meta);
		if (p == NULL)
			return;
	}
	deliver(ipv4, now_us, p, &meta);
}

/* --- sending --------------------------------------------------------------------------------- */

/*
 * To a host: itself on the link, where link-local addresses are (RFC 3927 section 2.6.2), else the
 * router of the longest prefix.
 */
static struct ipv4_way way_to_host(const struct ipv4 *ipv4, uint32_t dst)
{
	struct ipv4_way way = {.hop = ipv4->gateway};
	if (ipv4_is_link_local(dst) && ipv4->addr != 0)
		way = (struct ipv4_way){.hop = dst, .bits = 16};
	if (is_on_link(ipv4, dst))
		way = (struct ipv4_way){.hop = dst, .bits = ipv4->prefix_bits};
	if (!inet_is_minimal && UNLIKELY(ipv4->hook->find_way != NULL) && ipv4->addr != 0)
		way = ipv4->hook->find_way(ipv4->hook->find_way_self, dst, way);
	return way;
}

/*
 * The neighbour to give a packet for `dst` to; for a broadcast IPV4_BROADCAST, for a group that; 0
 * if there is no way. Packets to ourselves have none: there is no loopback interface.
 */
static struct ipv4_way way_to(const struct ipv4 *ipv4, uint32_t dst)
{
	if (is_broadcast(ipv4, dst))
		return (struct ipv4_way){.hop = IPV4_BROADCAST};
	if (!inet_is_minimal && UNLIKELY(ipv4_is_group(dst)))
		return (struct ipv4_way){.hop = ipv4->addr != 0 ? dst : 0};
	if (ipv4_is_special(dst) || dst == ipv4->addr || dst == ipv4->network)
		return (struct ipv4_way){0};
	return way_to_host(ipv4, dst);
}

/* Why there is no way. */
static enum err no_way(const struct ipv4 *ipv4)
{
	return ipv4->addr == 0 ? ERR_NOTREADY : ERR_UNREACHABLE;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	const struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	const struct netif *netif = ipv4->eth->netif;
	if (!ip_addr_is_v4(dst))
		return ERR_UNREACHABLE;
	const struct ipv4_way way = way_to(ipv4, ip_addr_v4(dst));
	if (way.hop == 0)
		return no_way(ipv4);
	*out = (struct ip_route){
		.src = ip_addr_from_v4(ipv4->addr),
		.prefix_bits = way.bits,
		.mtu = netif->mtu,
		.features = netif->features,
		.tso_bytes = netif->tso_bytes,
		.way = BY_MEMORY(true, false) ? arp_number(ipv4->arp, way.hop) : 0,
	};
	return OK;
}

/* Longer than the MTU is only what the device will cut up itself. */
static bool is_too_long(const struct ipv4 *ipv4, const struct pkt *p, size_t total_bytes)
{
	const struct netif *netif = ipv4->eth->netif;
	if (total_bytes <= netif->mtu)
		return false;
	return total_bytes > UINT16_MAX || (p->flags & PKT_GSO_TCP4) == 0 ||
	       (netif->features & NETIF_TSO4) == 0;
}

/* p, which begins with our header. */
static bool is_from_dhcp_client(const struct pkt *p)
{
	return p->data[9] == IP_PROTO_UDP && p->len >= IPV4_HEADER_BYTES + 2 &&
	       load_be16(p->data + IPV4_HEADER_BYTES) == IPV4_DHCP_CLIENT_PORT;
}

/* Whether net/ipv4/fragments can send what is too long: TCP cuts its stream itself. */
static bool is_fragmentable(const struct ipv4 *ipv4, const struct ip_meta *meta, size_t total_bytes)
{
	return !inet_is_minimal && ipv4->hook->fragment != NULL && total_bytes <= UINT16_MAX &&
	       meta->proto != IP_PROTO_TCP;
}

/* To all on the link, or to those of a group. */
static NOINLINE enum err send_to_many(struct ipv4 *ipv4, struct pkt *p, uint32_t hop)
{
	const struct ip_addr group = ip_addr_from_v4(hop);
	if (inet_is_minimal || hop == IPV4_BROADCAST)
		return eth_output(ipv4->eth, p, eth_broadcast, ETH_TYPE_IPV4);
	return eth_output_group(ipv4->eth, p, &group);
}

enum err ipv4_send(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p, uint32_t hop)
{
	if (UNLIKELY(hop == IPV4_BROADCAST && ipv4->addr == 0 && !is_from_dhcp_client(p)))
		return ERR_NOTREADY;
	if (UNLIKELY(hop == IPV4_BROADCAST || (!inet_is_minimal && ipv4_is_group(hop))))
		return send_to_many(ipv4, p, hop);
	return arp_output(ipv4->arp, now_us, p, hop);
}

/* Beside a link-local address 0.0.0.0 is a DHCP client's, to everybody. */
static bool is_from_us(const struct ipv4 *ipv4, const struct ip_addr *src, uint32_t hop)
{
	if (!ip_addr_is_v4(src))
		return false;
	uint32_t v4 = ip_addr_v4(src);
	return v4 == ipv4->addr ||
	       (v4 == 0 && hop == IPV4_BROADCAST && ipv4_is_link_local(ipv4->addr));
}

/*
 * The neighbour at the end of the way that was noted (struct ip_meta), or NULL: the note says that
 * packets from meta->src to meta->dst go there, and nothing has changed since.
 */
static struct neighbour *noted_neighbour(const struct ipv4 *ipv4, const struct ip_meta *meta)
{
	if (meta->way == NULL)
		return NULL;
	return neighbour_numbered(&ipv4->arp->neighbours, *meta->way);
}

static enum err send_noted(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p, struct neighbour *e)
{
	e->used_us = now_us;
	return eth_output(ipv4->eth, p, e->mac, ETH_TYPE_IPV4);
}

HOT(output)
static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	size_t total_bytes = IPV4_HEADER_BYTES + pkt_bytes(p);
	struct neighbour *noted = noted_neighbour(ipv4, meta);
	uint8_t ttl = meta->ttl != 0 ? meta->ttl : IPV4_TTL_DEFAULT;
	uint32_t hop = 0;
	if (UNLIKELY(noted == NULL)) {
		ttl = ipv4_ttl(meta);
		if (ip_addr_is_v4(&meta->dst))
			hop = way_to(ipv4, ip_addr_v4(&meta->dst)).hop;
		if (hop == 0) {
			COUNT(ipv4->stats.unreachable);
			return no_way(ipv4);
		}
	}
	bool ours = noted != NULL && ip_addr_v4(&meta->src) == ipv4->addr; /* nearly always */
	if (!ours && !is_from_us(ipv4, &meta->src, hop)) {
		COUNT(ipv4->stats.bad_from);
		return ERR_INVALID;
	}
	if (is_too_long(ipv4, p, total_bytes)) {
		if (noted == NULL && is_fragmentable(ipv4, meta, total_bytes))
			return ipv4->hook->fragment(ipv4->hook->fragment_self, now_us, p, meta,
						    hop);
		COUNT(ipv4->stats.too_long);
		return ERR_INVALID;
	}
	uint32_t fragment = IPV4_WHOLE;
	if (inet_is_minimal || meta->proto != IP_PROTO_TCP)
		fragment = ++ipv4->id; /* nobody would hear that it is too long */
	ipv4_header_emit(meta, ttl, (uint16_t)total_bytes, fragment,
			 netif_push_header(p, IPV4_HEADER_BYTES));
	enum err e;
	if (noted != NULL)
		e = send_noted(ipv4, now_us, p, noted);
	else
		e = ipv4_send(ipv4, now_us, p, hop);
	if (LIKELY(e == OK)) {
		COUNT(ipv4->stats.out);
		if (UNLIKELY(noted == NULL && meta->way != NULL))
			*meta->way = arp_number(ipv4->arp, hop); /* 0: many, or not known yet */
		return OK;
	}
	if (e == ERR_UNREACHABLE || e == ERR_NOTREADY)
		COUNT(ipv4->stats.unreachable);
	pkt_pop_header(p, IPV4_HEADER_BYTES);
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

/* --- start ----------------------------------------------------------------------------------- */

/* RFC 1112 section 4: every host belongs to it. */
static enum err join_all_hosts(struct eth *eth)
{
	const struct ip_addr all_hosts = ip_addr_from_v4(IPV4_ALL_HOSTS);
	return eth_join_group(eth, &all_hosts);
}

enum err ipv4_start(struct ipv4 *ipv4, struct eth *eth, struct arp *arp, struct ipv4_prefix prefix,
		    uint32_t gateway, uint64_t now_us)
{
	enum err e = ipv4_address_check(eth->netif, prefix, gateway);
	if (e != OK)
		return e;
	*ipv4 = (struct ipv4){.ip = {.ops = &ops}, .eth = eth, .arp = arp};
	ipv4_address_take(ipv4, prefix, gateway);
	e = eth_bind(eth, ETH_TYPE_IPV4, input, ipv4);
	if (e == OK && !inet_is_minimal)
		e = join_all_hosts(eth);
	if (e != OK || ipv4_is_none(prefix))
		return e;
	ipv4_address_log(eth->netif, prefix, gateway);
	eth_batch_begin(eth);
	arp_set_address(arp, now_us, prefix);
	eth_batch_end(eth);
	return OK;
}
