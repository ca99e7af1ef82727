/* SPDX-License-Identifier: ISC */
#include "net/link_local/link_local.h"

#include "base/assert.h"
#include "base/attr.h"

#define LOG_MODULE "link_local"
#include "base/log.h"

enum {
	FIRST = 0xa9fe0100, /* 169.254.1.0: section 2.1 reserves the first and last 256 … */
	COUNT = 254 * 256,  /* … so that 169.254.254.255 is the last */
	PREFIX_BITS = 16,
};

static struct arp *arp_of(const struct link_local *ll)
{
	return ll->dhcp->ipv4->arp;
}

/* --- what is random -------------------------------------------------------------------------- */

/*
 * Section 2.1: by the station's address, so that a host has the same one each time and two hosts
 * have different ones. The steps are those of SplitMix64, which makes each bit depend on all.
 */
static uint32_t pick(const uint8_t *mac, unsigned attempt)
{
	uint64_t x = (uint64_t)attempt << 48 | (uint64_t)load_be16(mac) << 32 | load_be32(mac + 2);
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	x ^= x >> 31;
	return FIRST + (uint32_t)(x % COUNT);
}

static void pick_next(struct link_local *ll)
{
	uint32_t last = ll->addr;
	while (ll->addr == last)
		ll->addr = pick(ll->dhcp->ipv4->eth->netif->mac, ll->attempt++);
}

/* --- steps ----------------------------------------------------------------------------------- */

static void wait_for_dhcp(struct link_local *ll, uint64_t now_us)
{
	ll->state = LINK_LOCAL_WAITING;
	ll->due_us = now_us + LINK_LOCAL_AFTER_US;
}

/* Section 2.2.1: not all at once after a power failure. */
static SELDOM void probe_soon(struct link_local *ll, uint64_t now_us)
{
	ll->state = LINK_LOCAL_PROBING;
	ll->probes = 0;
	ll->due_us = now_us + rng_below(ll->dhcp->rng, LINK_LOCAL_PROBE_WAIT_US);
}

/* Somebody else has the address: the next one, but not too many (section 2.2.1). */
static void try_another(struct link_local *ll, uint64_t now_us)
{
	pick_next(ll);
	if (++ll->conflicts <= LINK_LOCAL_CONFLICTS_MAX) {
		probe_soon(ll, now_us);
		return;
	}
	ll->state = LINK_LOCAL_WAITING;
	ll->due_us = now_us + LINK_LOCAL_RATE_LIMIT_US;
}

static void probe(struct link_local *ll, uint64_t now_us)
{
	ll->probes++;
	arp_probe(arp_of(ll), ll->addr);
	ll->due_us = now_us + LINK_LOCAL_ANNOUNCE_WAIT_US;
	if (ll->probes < LINK_LOCAL_PROBES)
		ll->due_us =
			now_us + LINK_LOCAL_PROBE_MIN_US +
			rng_below(ll->dhcp->rng, LINK_LOCAL_PROBE_MAX_US - LINK_LOCAL_PROBE_MIN_US);
}

/*
 * Section 2.6.2: from a link-local address everybody is looked for on the link. The routes are the
 * client's, which replaces them when it has a lease.
 */
static void set_route(struct link_local *ll, bool on)
{
	static const struct ipv4_route everybody_on_link = {.gateway = 0};
	enum err e = ipv4_routes_set(&ll->dhcp->routes, &everybody_on_link, on ? 1 : 0);
	assert(e == OK);
}

/* ARP announces it, twice (section 2.4). */
static void claim(struct link_local *ll, uint64_t now_us)
{
	const struct ipv4_prefix prefix = {.addr = ll->addr, .bits = PREFIX_BITS};
	arp_probe(arp_of(ll), 0);
	enum err e = ipv4_set_address(ll->dhcp->ipv4, now_us, prefix, 0);
	assert(e == OK); /* each that pick() answers is possible */
	set_route(ll, true);
	ll->stats.claims++;
	ll->state = LINK_LOCAL_BOUND;
	ll->claimed_us = now_us;
	ll->due_us = TIME_NEVER;
}

static UNGUARDED void give_up(struct link_local *ll, uint64_t now_us)
{
	char addr[INET_V4_CHARS];
	log_warn("%s: %s is given up: another station keeps using it",
		 ll->dhcp->ipv4->eth->netif->name, inet_format_v4(ll->addr, addr));
	ll->stats.losses++;
	if (now_us - ll->claimed_us >= LINK_LOCAL_RATE_LIMIT_US)
		ll->conflicts = 0;
	set_route(ll, false);
	enum err e = ipv4_set_address(ll->dhcp->ipv4, now_us, (struct ipv4_prefix){0}, 0);
	assert(e == OK); /* none is always possible */
	try_another(ll, now_us);
}

/* --- time ------------------------------------------------------------------------------------ */

/*
 * When to look again: the application has set an address, or DHCP probes for one that it was
 * offered. The latter only for the time of an answer: a server that never confirms what it offers
 * is as good as none. 0: there is nothing to wait for.
 */
static uint64_t wait_until_us(const struct link_local *ll, uint64_t now_us)
{
	const struct dhcp *dhcp = ll->dhcp;
	if (dhcp->ipv4->addr != 0)
		return now_us + LINK_LOCAL_AFTER_US;
	if (dhcp->state == DHCP_REQUESTING && now_us - dhcp->asked_us < LINK_LOCAL_REQUEST_US)
		return dhcp->asked_us + LINK_LOCAL_REQUEST_US;
	return 0;
}

static void poll_waiting(struct link_local *ll, uint64_t now_us)
{
	uint64_t until_us = wait_until_us(ll, now_us);
	if (now_us < ll->due_us)
		return;
	if (until_us != 0)
		ll->due_us = until_us;
	else
		probe_soon(ll, now_us);
}

/* Begins anew as soon as it may. */
static void displaced(struct link_local *ll, uint64_t now_us)
{
	ll->state = LINK_LOCAL_WAITING;
	ll->due_us = now_us;
	poll_waiting(ll, now_us);
}

static void poll_probing(struct link_local *ll, uint64_t now_us)
{
	bool lost_place = ll->probes > 0 && arp_of(ll)->probed != ll->addr;
	if (lost_place || wait_until_us(ll, now_us) != 0) {
		displaced(ll, now_us);
	} else if (ll->probes > 0 && arp_probe_taken(arp_of(ll))) {
		ll->stats.refusals++;
		arp_probe(arp_of(ll), 0);
		try_another(ll, now_us);
	} else if (now_us < ll->due_us) {
		return;
	} else if (ll->probes < LINK_LOCAL_PROBES) {
		probe(ll, now_us);
	} else {
		claim(ll, now_us);
	}
}

/* Section 2.5 (b); if the application has set an address of its own instead, it is let be. */
static void poll_bound(struct link_local *ll, uint64_t now_us)
{
	if (UNLIKELY(ll->dhcp->ipv4->addr != ll->addr)) {
		set_route(ll, false);
		wait_for_dhcp(ll, now_us);
	} else if (UNLIKELY(arp_is_contested(arp_of(ll)))) {
		give_up(ll, now_us);
	}
}

uint64_t link_local_poll(struct link_local *ll, uint64_t now_us)
{
	if (ll->state == LINK_LOCAL_WAITING)
		poll_waiting(ll, now_us);
	else if (ll->state == LINK_LOCAL_PROBING)
		poll_probing(ll, now_us);
	else if (ll->state == LINK_LOCAL_BOUND)
		poll_bound(ll, now_us);
	return ll->due_us;
}

/* --- DHCP ------------------------------------------------------------------------------------ */

static void changed(struct dhcp_watcher *w, struct dhcp *dhcp, uint64_t now_us)
{
	struct link_local *ll = container_of(w, struct link_local, watcher);
	if (dhcp_lease(dhcp) != NULL) {
		ll->state = LINK_LOCAL_LEASED;
		ll->due_us = TIME_NEVER;
		return;
	}
	wait_for_dhcp(ll, now_us);
	eth_want_batch(dhcp->ipv4->eth); /* which looks at our deadline */
}

void link_local_start(struct link_local *ll, struct dhcp *dhcp, uint64_t now_us)
{
	*ll = (struct link_local){
		.watcher = {.changed = changed}, .dhcp = dhcp, .due_us = TIME_NEVER};
	if (dhcp->state == DHCP_OFF)
		return;
	pick_next(ll);
	dhcp_watch(dhcp, &ll->watcher);
	wait_for_dhcp(ll, now_us);
	eth_want_batch(dhcp->ipv4->eth);
}
