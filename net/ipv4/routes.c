/* SPDX-License-Identifier: ISC */
#include "net/ipv4/routes.h"

#include "net/ipv4/ipv4_internal.h"

static bool contains(struct ipv4_prefix p, uint32_t addr)
{
	return ((addr ^ p.addr) & ipv4_prefix_mask(p)) == 0;
}

/* A router is a neighbour. An address that has changed may have made it none. */
static bool is_usable(const struct ipv4 *ipv4, const struct ipv4_route *r)
{
	const struct ipv4_prefix link = {.addr = ipv4->addr, .bits = ipv4->prefix_bits};
	return r->gateway == 0 || ipv4_is_gateway(link, r->gateway);
}

/* The first that fits is the one with the longest prefix. */
static struct ipv4_way find(const void *self, uint32_t dst, struct ipv4_way otherwise)
{
	const struct ipv4_routes *routes = self;
	for (unsigned i = 0; i < routes->n; i++) {
		const struct ipv4_route *r = &routes->route[i];
		if (r->dst.bits < otherwise.bits)
			break;
		if (contains(r->dst, dst) && is_usable(routes->ipv4, r))
			return (struct ipv4_way){.hop = r->gateway != 0 ? r->gateway : dst,
						 .bits = r->dst.bits};
	}
	return otherwise;
}

void ipv4_routes_init(struct ipv4_routes *routes, struct ipv4 *ipv4)
{
	*routes = (struct ipv4_routes){.ipv4 = ipv4};
	ipv4->hook->find_way = find;
	ipv4->hook->find_way_self = routes;
}

/* A network of hosts, or all of them: 0.0.0.0/0. */
static bool is_network(struct ipv4_prefix p)
{
	const struct ipv4_prefix first = {.addr = p.addr, .bits = 32};
	if (p.bits > 32 || (p.addr & ~ipv4_prefix_mask(p)) != 0)
		return false;
	return p.bits == 0 || ipv4_is_host(first);
}

bool ipv4_is_route(const struct ipv4_route *route)
{
	const struct ipv4_prefix gateway = {.addr = route->gateway, .bits = 32};
	return is_network(route->dst) && (route->gateway == 0 || ipv4_is_host(gateway));
}

static void insert(struct ipv4_routes *routes, const struct ipv4_route *r)
{
	struct ipv4_route *at = routes->route, *end = &routes->route[routes->n++];
	while (at < end && at->dst.bits >= r->dst.bits)
		at++;
	memmove(at + 1, at, (size_t)(end - at) * sizeof(*at));
	*at = *r;
}

enum err ipv4_routes_set(struct ipv4_routes *routes, const struct ipv4_route *route, unsigned n)
{
	if (n > IPV4_ROUTES_MAX)
		return ERR_NOMEM;
	for (unsigned i = 0; i < n; i++) {
		if (ipv4_is_route(&route[i]))
			continue;
		ipv4_log(LOG_ERROR, LOG_MODULE, "%s: there is no route to %s/%u by %s",
			 routes->ipv4->eth->netif->name, route[i].dst, route[i].gateway, 0);
		return ERR_INVALID;
	}
	routes->n = 0;
	for (unsigned i = 0; i < n; i++)
		insert(routes, &route[i]);
	neighbours_renumber(&routes->ipv4->arp->neighbours);
	return OK;
}
