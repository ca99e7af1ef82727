/* SPDX-License-Identifier: ISC */
#include "net/ipv4/ipv4.h"

#include "net/ipv4/ipv4_header.h"

#define LOG_MODULE "ipv4"
#include "base/log.h"

/* --- addresses ------------------------------------------------------------------------------- */

/* 0/8 "this network", 127/8 loopback, 224/4 multicast, 240/4 reserved, the limited broadcast. */
static bool is_special(uint32_t addr)
{
	uint32_t first = addr >> 24;
	return first == 0 || first == 127 || first >= 224;
}

/* Subnets of two (RFC 3021) or one address have neither a network nor a broadcast address. */
static bool has_broadcast(uint32_t mask)
{
	return ~mask > 1;
}

bool ipv4_is_host(struct ipv4_prefix p)
{
	if (p.bits > 32 || is_special(p.addr))
		return false;
	uint32_t mask = ipv4_prefix_mask(p), host = p.addr & ~mask;
	return !has_broadcast(mask) || (host != 0 && host != ~mask);
}

static bool is_on_link(const struct ipv4 *ipv4, uint32_t addr)
{
	return ((addr ^ ipv4->addr) & ipv4->mask) == 0;
}

static bool is_network_address(const struct ipv4 *ipv4, uint32_t addr)
{
	return has_broadcast(ipv4->mask) && addr == (ipv4->addr & ipv4->mask);
}

static bool is_broadcast(const struct ipv4 *ipv4, uint32_t addr)
{
	return addr == IPV4_BROADCAST || addr == ipv4->broadcast;
}

/* --- transports ------------------------------------------------------------------------------ */

static const struct ipv4_binding *find_binding(const struct ipv4 *ipv4, uint8_t proto)
{
	for (unsigned i = 0; i < ipv4->n_bindings; i++) {
		if (ipv4->binding[i].proto == proto)
			return &ipv4->binding[i];
	}
	return NULL;
}

static enum err bind(struct ip *ip, uint8_t proto, ip_input_fn *input, ip_error_fn *error,
		     void *self)
{
	struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	if (find_binding(ipv4, proto) != NULL)
		return ERR_EXISTS;
	if (ipv4->n_bindings == IPV4_BINDINGS_MAX)
		return ERR_NOMEM;
	ipv4->binding[ipv4->n_bindings++] =
		(struct ipv4_binding){.proto = proto, .input = input, .error = error, .self = self};
	return OK;
}

static void unreachable(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
			enum ip_unreachable why)
{
	struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	if (ipv4->unreachable != NULL)
		ipv4->unreachable(ipv4->unreachable_self, now_us, p, meta, why);
	else
		pkt_put(p);
}

void ipv4_set_unreachable(struct ipv4 *ipv4, ipv4_unreachable_fn *fn, void *self)
{
	ipv4->unreachable = fn;
	ipv4->unreachable_self = self;
}

bool ipv4_report_error(struct ipv4 *ipv4, uint64_t now_us, const struct ip_meta *meta,
		       const uint8_t *transport, uint32_t len, enum err error, uint16_t mtu)
{
	const struct ipv4_binding *b = find_binding(ipv4, meta->proto);
	if (b == NULL || b->error == NULL)
		return false;
	b->error(b->self, now_us, meta, transport, len, error, mtu);
	return true;
}

/* --- receiving ------------------------------------------------------------------------------- */

/* RFC 1122 section 3.2.1.3, RFC 1812 section 5.3.7: no packet comes from these. */
static bool is_martian(const struct ipv4 *ipv4, uint32_t src)
{
	return is_special(src) || src == ipv4->addr || src == ipv4->broadcast ||
	       is_network_address(ipv4, src);
}

/*
 * Why a packet with this header is dropped: the counter, or NULL if it is for us. A TTL of 0 or
 * 1 is fine for the last host (RFC 1122 section 3.2.1.7).
 */
static uint32_t *reason_to_drop(struct ipv4 *ipv4, const struct ipv4_header *h, bool to_group,
				bool group_frame)
{
	if (is_martian(ipv4, h->src))
		return &ipv4->stats.bad_source;
	if (!to_group && h->dst != ipv4->addr)
		return &ipv4->stats.not_for_us;
	if (!to_group && group_frame)
		return &ipv4->stats.group_frames;
	if (h->is_fragment)
		return &ipv4->stats.fragments;
	return NULL;
}

static void deliver(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	const struct ipv4_binding *b = find_binding(ipv4, meta->proto);
	if (b != NULL) {
		ipv4->stats.in++;
		b->input(b->self, now_us, p, meta);
	} else {
		ipv4->stats.no_protocol++;
		unreachable(&ipv4->ip, now_us, p, meta, IP_UNREACHABLE_PROTOCOL);
	}
}

static void drop(struct pkt *p, uint32_t *counter)
{
	++*counter;
	pkt_put(p);
}

static void input(void *self, uint64_t now_us, struct pkt *p, bool group_frame)
{
	struct ipv4 *ipv4 = self;
	struct ipv4_header h;
	if (!ipv4_header_parse(&h, p->data, p->len) || h.total_bytes > pkt_bytes(p)) {
		drop(p, &ipv4->stats.bad_header);
		return;
	}
	if (csum_fold(csum_add(0, p->data, h.header_bytes)) != 0) {
		drop(p, &ipv4->stats.bad_checksum);
		return;
	}
	bool to_group = is_broadcast(ipv4, h.dst) || h.dst == IPV4_ALL_HOSTS;
	uint32_t *reason = reason_to_drop(ipv4, &h, to_group, group_frame);
	if (reason != NULL) {
		drop(p, reason);
		return;
	}
	pkt_trim(p, h.total_bytes); /* short frames are padded */
	pkt_pull(p, h.header_bytes);
	p->l4 = (uint16_t)pkt_headroom(p);
	const struct ip_meta meta = {
		.src = ip_addr_from_v4(h.src),
		.dst = ip_addr_from_v4(h.dst),
		.proto = h.proto,
		.ttl = h.ttl,
		.tos = h.tos,
		.broadcast = to_group,
	};
	deliver(ipv4, now_us, p, &meta);
}

/* --- sending --------------------------------------------------------------------------------- */

/*
 * The neighbour to give a packet for `dst` to: itself on the link, else the gateway; for a
 * broadcast IPV4_BROADCAST; 0 if there is no way. Packets to ourselves have none: there is no
 * loopback interface.
 */
static uint32_t next_hop(const struct ipv4 *ipv4, uint32_t dst)
{
	if (is_broadcast(ipv4, dst))
		return IPV4_BROADCAST;
	if (is_special(dst) || dst == ipv4->addr || is_network_address(ipv4, dst))
		return 0;
	return is_on_link(ipv4, dst) ? dst : ipv4->gateway;
}

static enum err route(struct ip *ip, const struct ip_addr *dst, struct ip_route *out)
{
	const struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	const struct netif *netif = ipv4->eth->netif;
	if (!ip_addr_is_v4(dst) || next_hop(ipv4, ip_addr_v4(dst)) == 0)
		return ERR_UNREACHABLE;
	*out = (struct ip_route){
		.src = ip_addr_from_v4(ipv4->addr),
		.mtu = netif->mtu,
		.features = netif->features,
		.tso_bytes = netif->tso_bytes,
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

static enum err send(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p, uint32_t hop)
{
	if (UNLIKELY(hop == IPV4_BROADCAST))
		return eth_output(ipv4->eth, p, eth_broadcast, ETH_TYPE_IPV4);
	return arp_output(ipv4->arp, now_us, p, hop);
}

static enum err output(struct ip *ip, uint64_t now_us, struct pkt *p, const struct ip_meta *meta)
{
	struct ipv4 *ipv4 = container_of(ip, struct ipv4, ip);
	size_t total_bytes = IPV4_HEADER_BYTES + pkt_bytes(p);
	uint32_t hop = ip_addr_is_v4(&meta->dst) ? next_hop(ipv4, ip_addr_v4(&meta->dst)) : 0;
	if (hop == 0) {
		ipv4->stats.unreachable++;
		return ERR_UNREACHABLE;
	}
	if (!ip_addr_is_v4(&meta->src) || ip_addr_v4(&meta->src) != ipv4->addr) {
		ipv4->stats.bad_from++;
		return ERR_INVALID;
	}
	if (is_too_long(ipv4, p, total_bytes)) {
		ipv4->stats.too_long++;
		return ERR_INVALID;
	}
	ipv4_header_emit(meta, (uint16_t)total_bytes, pkt_push_header(p, IPV4_HEADER_BYTES));
	p->l3 = (uint16_t)pkt_headroom(p);
	p->l4 = (uint16_t)(p->l3 + IPV4_HEADER_BYTES);
	enum err e = send(ipv4, now_us, p, hop);
	if (LIKELY(e == OK)) {
		ipv4->stats.out++;
		return OK;
	}
	if (e == ERR_UNREACHABLE)
		ipv4->stats.unreachable++;
	pkt_pop_header(p, IPV4_HEADER_BYTES);
	return e;
}

static const struct ip_ops ops = {
	.bind = bind,
	.route = route,
	.output = output,
	.unreachable = unreachable,
};

/* --- starting -------------------------------------------------------------------------------- */

/* 0: there is none. Of a subnet of one address the gateway lies outside. */
static bool is_gateway(struct ipv4_prefix prefix, uint32_t gateway)
{
	struct ipv4_prefix there = {.addr = gateway, .bits = prefix.bits};
	if (gateway == 0)
		return true;
	if (!ipv4_is_host(there) || gateway == prefix.addr)
		return false;
	return prefix.bits == 32 || ((gateway ^ prefix.addr) & ipv4_prefix_mask(prefix)) == 0;
}

/* Says what is wrong, if anything is. */
static enum err check(const struct netif *netif, struct ipv4_prefix prefix, uint32_t gateway)
{
	char addr[INET_V4_CHARS], way[INET_V4_CHARS];
	if (!ipv4_is_host(prefix)) {
		log_error("%s: %s/%u is no address that a host can have", netif->name,
			  inet_format_v4(prefix.addr, addr), (unsigned)prefix.bits);
		return ERR_INVALID;
	}
	if (!is_gateway(prefix, gateway)) {
		log_error("%s: the gateway %s is no other host of the network of %s/%u",
			  netif->name, inet_format_v4(gateway, way),
			  inet_format_v4(prefix.addr, addr), (unsigned)prefix.bits);
		return ERR_INVALID;
	}
	if (netif->mtu < IPV4_MTU_MIN) {
		log_error("%s: an MTU of %u is too small for IPv4", netif->name,
			  (unsigned)netif->mtu);
		return ERR_UNSUPPORTED;
	}
	return OK;
}

static void log_start(const struct netif *netif, struct ipv4_prefix prefix, uint32_t gateway)
{
	char addr[INET_V4_CHARS], way[INET_V4_CHARS];
	log_info("%s: %s/%u gateway %s", netif->name, inet_format_v4(prefix.addr, addr),
		 (unsigned)prefix.bits, gateway != 0 ? inet_format_v4(gateway, way) : "none");
}

enum err ipv4_start(struct ipv4 *ipv4, struct eth *eth, struct arp *arp, struct ipv4_prefix prefix,
		    uint32_t gateway, uint64_t now_us)
{
	enum err e = check(eth->netif, prefix, gateway);
	if (e != OK)
		return e;
	uint32_t mask = ipv4_prefix_mask(prefix);
	*ipv4 = (struct ipv4){
		.ip = {.ops = &ops},
		.eth = eth,
		.arp = arp,
		.addr = prefix.addr,
		.mask = mask,
		.gateway = gateway,
		.broadcast = has_broadcast(mask) ? prefix.addr | ~mask : IPV4_BROADCAST,
	};
	e = eth_bind(eth, ETH_TYPE_IPV4, input, ipv4);
	if (e != OK)
		return e;
	log_start(eth->netif, prefix, gateway);
	eth_batch_begin(eth);
	arp_set_address(arp, now_us, prefix);
	eth_batch_end(eth);
	return OK;
}
