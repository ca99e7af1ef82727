/* SPDX-License-Identifier: ISC */
/* The address of an interface: which ones there can be, and what follows from one. */
#include "net/ipv4/ipv4_internal.h"

/* Subnets of two (RFC 3021) or one address have neither a network nor a broadcast address. */
static bool has_broadcast(uint32_t mask)
{
	return ~mask > 1;
}

bool ipv4_is_host(struct ipv4_prefix p)
{
	if (p.bits > 32 || ipv4_is_special(p.addr))
		return false;
	uint32_t mask = ipv4_prefix_mask(p), host = p.addr & ~mask;
	return !has_broadcast(mask) || (host != 0 && host != ~mask);
}

bool ipv4_is_gateway(struct ipv4_prefix prefix, uint32_t gateway)
{
	struct ipv4_prefix there = {.addr = gateway, .bits = prefix.bits};
	if (gateway == 0)
		return true;
	if (prefix.addr == 0 || !ipv4_is_host(there) || gateway == prefix.addr)
		return false;
	return prefix.bits == 32 || ((gateway ^ prefix.addr) & ipv4_prefix_mask(prefix)) == 0;
}

UNGUARDED SELDOM void ipv4_log(enum log_level level, const char *module, const char *format,
			       const char *netif, struct ipv4_prefix prefix, uint32_t gateway,
			       uint32_t seconds)
{
	char addr[INET_V4_CHARS], way[INET_V4_CHARS];
	if (log_is_kept)
		log_write(level, module, format, netif, inet_format_v4(prefix.addr, addr),
			  (unsigned)prefix.bits,
			  gateway != 0 ? inet_format_v4(gateway, way) : "none", (unsigned)seconds);
}

enum err ipv4_address_check(const struct netif *netif, struct ipv4_prefix prefix, uint32_t gateway)
{
	if (!ipv4_is_none(prefix) && !ipv4_is_host(prefix)) {
		ipv4_log(LOG_ERROR, LOG_MODULE, "%s: %s/%u is no address that a host can have",
			 netif->name, prefix, gateway, 0);
		return ERR_INVALID;
	}
	if (!ipv4_is_gateway(prefix, gateway)) {
		ipv4_log(LOG_ERROR, LOG_MODULE,
			 "%s: in the network of %s/%u the gateway %s is no other host", netif->name,
			 prefix, gateway, 0);
		return ERR_INVALID;
	}
	if (netif->mtu < IPV4_MTU_MIN) {
		log_error("%s: an MTU of %u is too small for IPv%u", netif->name,
			  (unsigned)netif->mtu, 4u);
		return ERR_UNSUPPORTED;
	}
	return OK;
}

void ipv4_address_log(const struct netif *netif, struct ipv4_prefix prefix, uint32_t gateway)
{
	if (ipv4_is_none(prefix))
		log_info("%s: no address", netif->name);
	else
		ipv4_log(LOG_INFO, LOG_MODULE, "%s: %s/%u gateway %s", netif->name, prefix, gateway,
			 0);
}

void ipv4_address_take(struct ipv4 *ipv4, struct ipv4_prefix prefix, uint32_t gateway)
{
	uint32_t mask = ipv4_is_none(prefix) ? UINT32_MAX : ipv4_prefix_mask(prefix);
	ipv4->addr = prefix.addr;
	ipv4->mask = mask;
	ipv4->prefix_bits = ipv4_is_none(prefix) ? 32 : prefix.bits;
	ipv4->gateway = gateway;
	ipv4->broadcast = has_broadcast(mask) ? prefix.addr | ~mask : IPV4_BROADCAST;
	ipv4->network = has_broadcast(mask) ? prefix.addr & mask : prefix.addr;
}

enum err ipv4_set_address(struct ipv4 *ipv4, uint64_t now_us, struct ipv4_prefix prefix,
			  uint32_t gateway)
{
	enum err e = ipv4_address_check(ipv4->eth->netif, prefix, gateway);
	if (e != OK)
		return e;
	const struct ipv4_prefix *known = &ipv4->arp->prefix;
	ipv4_address_take(ipv4, prefix, gateway);
	neighbours_renumber(&ipv4->arp->neighbours); /* the ways have changed, if not the address */
	ipv4_address_log(ipv4->eth->netif, prefix, gateway);
	if (known->addr == prefix.addr && known->bits == prefix.bits)
		return OK;
	if (!inet_is_minimal &&
	    ipv4->hook->forget_fragments != NULL) /* they were sent to the address that has gone */
		ipv4->hook->forget_fragments(ipv4->hook->reassemble_self);
	arp_set_address(ipv4->arp, now_us, prefix);
	return OK;
}
