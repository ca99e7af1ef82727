/* SPDX-License-Identifier: ISC */
#include "net/ndp/ndp.h"

#include "base/attr.h"
#include "net/ip/icmp_core.h"
#include "net/ip/ipv6_header.h"
#include "net/ndp/ndp_internal.h"

/* --- what the other files use ---------------------------------------------------------------- */

SELDOM uint64_t ndp_after_s(uint64_t now_us, uint32_t seconds)
{
	return seconds == NDP_FOREVER_S ? TIME_NEVER : now_us + (uint64_t)seconds * US_PER_S;
}

uint64_t ndp_random(struct ndp *ndp)
{
	ndp->drawn++;
	return siphash_2_4(&ndp->random_key, &ndp->drawn, 1);
}

void ndp_expect_poll_at(struct ndp *ndp, uint64_t time_us)
{
	if (time_us >= ndp->deadline_us)
		return;
	ndp->deadline_us = time_us;
	eth_want_batch(ndp->eth); /* whoever polls has slept with the old deadline in mind */
}

void ndp_tell(struct ndp *ndp, uint64_t now_us)
{
	list_for_each (node, &ndp->watchers) {
		struct ndp_watcher *w = list_entry(node, struct ndp_watcher, node);
		w->changed(w, ndp, now_us);
	}
}

UNGUARDED SELDOM void ndp_log(const struct eth *eth, enum log_level level, const char *format,
			      const struct ip_addr *addr, unsigned bits)
{
	char text[INET_ADDR_CHARS];
	log_line(level, format, eth->netif->name, inet_format_v6(addr, text), bits);
}

void ndp_watch(struct ndp *ndp, struct ndp_watcher *w)
{
	list_push_back(&ndp->watchers, &w->node);
}

/* The message, whose checksum follows, at the end of the packet. */
static void append(const struct ndp *ndp, struct pkt *p, const struct ndp_out *out)
{
	uint32_t fixed = out->target != NULL ? NDP_NEIGHBOR_BYTES : NDP_RS_BYTES;
	uint8_t *msg = memset(pkt_append(p, fixed), 0, fixed);
	msg[0] = out->type;
	msg[4] = out->flags;
	if (out->target != NULL)
		memcpy(msg + 8, out->target, sizeof(*out->target));
	if (out->option != 0)
		ndp_option_emit(pkt_append(p, NDP_OPTION_UNIT), out->option,
				out->nonce != NULL ? out->nonce : ndp->eth->netif->mac);
}

static struct pkt *build(const struct ndp *ndp, const struct ip_meta *meta,
			 const struct ndp_out *out)
{
	struct pkt *p = pkt_alloc(ndp->tx, PKT_HEADROOM);
	if (p == NULL)
		return NULL;
	append(ndp, p, out);
	uint32_t len = p->len;
	icmp_write_checksum(p, meta);
	p->l4 = (uint16_t)pkt_headroom(p);
	ipv6_header_emit(meta, (uint16_t)len, pkt_push(p, IPV6_HEADER_BYTES));
	p->l3 = (uint16_t)pkt_headroom(p);
	return p;
}

void ndp_send(struct ndp *ndp, const struct ip_addr *src, const struct ip_addr *dst,
	      const uint8_t *mac, const struct ndp_out *out)
{
	const struct ip_meta meta = {
		.src = *src, .dst = *dst, .proto = IP_PROTO_ICMPV6, .ttl = NDP_HOP_LIMIT};
	struct pkt *p = build(ndp, &meta, out);
	enum err e = p == NULL     ? ERR_NOMEM
		     : mac != NULL ? eth_output(ndp->eth, p, mac, ETH_TYPE_IPV6)
				   : eth_output_group(ndp->eth, p, dst);
	if (e == OK) {
		++*out->sent;
		return;
	}
	ndp->stats.tx_failed++;
	if (p != NULL)
		pkt_put(p);
}

/* --- receiving ------------------------------------------------------------------------------- */

/* Returns where the message counts. */
static uint32_t *handle(struct ndp *ndp, uint64_t now_us, struct ndp_msg *m)
{
	uint8_t type = m->bytes[0];
	if (m->meta->ttl != NDP_HOP_LIMIT || m->options == NULL)
		return &ndp->stats.bad;
	bool of_sender = type == NDP_NEIGHBOR_SOLICITATION || type == NDP_ROUTER_ADVERTISEMENT;
	m->mac = ndp_option_mac(m->options, m->end,
				of_sender ? NDP_OPTION_SOURCE : NDP_OPTION_TARGET);
	switch (type) {
	case NDP_NEIGHBOR_SOLICITATION:
		return ndp_solicitation_input(ndp, now_us, m);
	case NDP_NEIGHBOR_ADVERTISEMENT:
		return ndp_advertisement_input(ndp, now_us, m);
	case NDP_ROUTER_ADVERTISEMENT:
		return ndp_router_input(ndp, now_us, m);
	case NDP_REDIRECT:
		return ndp_redirect_input(ndp, now_us, m);
	default: /* routers are solicited, and this is none */
		return &counter_of_nothing;
	}
}

uint32_t *ndp_input(struct ndp *ndp, uint64_t now_us, const uint8_t *msg, size_t len,
		    const struct ip_meta *meta)
{
	struct ndp_msg m = {
		.bytes = msg, .options = ndp_msg_options(msg, len), .end = msg + len, .meta = meta};
	return handle(ndp, now_us, &m);
}

/* --- time ------------------------------------------------------------------------------------ */

uint64_t ndp_poll(struct ndp *ndp, uint64_t now_us)
{
	if (LIKELY(now_us < ndp->deadline_us))
		return ndp->deadline_us;
	ndp->deadline_us = TIME_NEVER; /* what the steps below begin lowers it again */
	uint64_t due_us = ndp_addr_poll(ndp, now_us);
	due_us = time_earlier(due_us, ndp_router_poll(ndp, now_us));
	due_us = time_earlier(due_us, ndp_solicit_poll(ndp, now_us));
	due_us = time_earlier(due_us, ndp_resolve_poll(ndp, now_us));
	if (ndp->part != NULL)
		due_us = time_earlier(due_us, ndp->part->poll(ndp->part_self, now_us));
	ndp->deadline_us = time_earlier(due_us, ndp->deadline_us);
	return ndp->deadline_us;
}

/* --- starting -------------------------------------------------------------------------------- */

static bool has_static_address(const struct ndp_config *config)
{
	return config->address.bits != 0 || !ipv6_addr_is_unspecified(&config->address.addr);
}

/* A router is a neighbour: it has a link-local address, or one in the static address's prefix. */
static bool is_gateway(const struct ndp_config *config)
{
	const struct ip_addr *gateway = &config->gateway;
	if (!ipv6_addr_is_host(gateway) || ip_addr_equal(gateway, &config->address.addr))
		return false;
	return ipv6_addr_is_link_local(gateway) ||
	       (has_static_address(config) && ipv6_prefix_has(&config->address, gateway));
}

/* Says what is wrong, if anything is. */
static enum err check(const struct eth *eth, const struct ndp_config *config)
{
	const struct ip_addr *addr = &config->address.addr, *gateway = &config->gateway;
	if (has_static_address(config) &&
	    (!ipv6_addr_is_host(addr) || config->address.bits > IPV6_ADDR_BITS)) {
		ndp_log(eth, LOG_ERROR, "%s: %s/%u is no address that a host can have", addr,
			config->address.bits);
		return ERR_INVALID;
	}
	if (!ipv6_addr_is_unspecified(gateway) && !is_gateway(config)) {
		ndp_log(eth, LOG_ERROR, "%s: the gateway %s is no other host of this link", gateway,
			0);
		return ERR_INVALID;
	}
	if (eth->netif->mtu < IPV6_MTU_MIN) {
		log_error("%s: an MTU of %u is too small for IPv%u", eth->netif->name,
			  (unsigned)eth->netif->mtu, 6u);
		return ERR_UNSUPPORTED;
	}
	return OK;
}

/* A key from a text of any length: each word is folded in with what was there before. */
static struct siphash_key key_of_text(const char *text)
{
	struct siphash_key key = {0};
	size_t left = strlen(text);
	do {
		uint64_t word[2] = {0, left};
		size_t n = MIN(left, sizeof(word[0]));
		memcpy(&word[0], text, n);
		key = (struct siphash_key){
			siphash_2_4(&key, word, 2),
			siphash_2_4(&(struct siphash_key){~key.k0, key.k1}, word, 2)};
		text += n;
		left -= n;
	} while (left > 0);
	return key;
}

static enum err draw_keys(struct ndp *ndp, struct rng *rng, const char *secret)
{
	struct siphash_key drawn[2];
	enum err e = rng_read(rng, drawn, sizeof(drawn));
	if (e != OK) {
		log_error("%s: no random numbers for addresses: %s", ndp->eth->netif->name,
			  err_str(e));
		return e;
	}
	ndp->random_key = drawn[0];
	ndp->stable_key = secret[0] != '\0' ? key_of_text(secret) : drawn[1];
	return OK;
}

static enum err add_address(struct ndp *ndp, uint64_t now_us, const struct ndp_addr *a)
{
	struct ndp_addr *place = ndp_addr_place(ndp);
	assert(place != NULL);
	*place = *a;
	place->preferred_us = place->valid_us = TIME_NEVER;
	enum err e = ndp_addr_join(ndp, now_us, place);
	if (e == OK)
		ndp_dad_start(ndp, now_us, place);
	else
		place->state = NDP_ADDR_FREE;
	return e;
}

static enum err add_link_local(struct ndp *ndp, uint64_t now_us)
{
	static const struct ip_addr prefix = {{__builtin_bswap32(0xfe800000)}};
	struct ndp_addr a = {.prefix_bits = 64, .generated = true};
	ndp_addr_generate(ndp, &a, &prefix);
	return add_address(ndp, now_us, &a);
}

static enum err add_static(struct ndp *ndp, uint64_t now_us, const struct ndp_config *config)
{
	const struct ndp_addr a = {.addr = config->address.addr,
				   .prefix_bits = config->address.bits};
	enum err e = OK;
	if (has_static_address(config))
		e = add_address(ndp, now_us, &a);
	if (e == OK && has_static_address(config) && config->address.bits < IPV6_ADDR_BITS)
		e = ndp_prefix_set(ndp, &config->address, TIME_NEVER);
	if (!ipv6_addr_is_unspecified(&config->gateway))
		ndp->router[0] = (struct ndp_router){
			.addr = config->gateway, .until_us = TIME_NEVER, .is_static = true};
	return e;
}

enum err ndp_start(struct ndp *ndp, struct eth *eth, struct pkt_pool *tx, struct rng *rng,
		   const struct ndp_config *config, uint64_t now_us)
{
	enum err e = check(eth, config);
	if (e != OK)
		return e;
	*ndp = (struct ndp){
		.eth = eth,
		.tx = tx,
		.autoconfigure = !has_static_address(config),
		.static_router = !ipv6_addr_is_unspecified(&config->gateway),
		.hop_limit = IPV6_HOP_LIMIT_DEFAULT,
		.mtu = eth->netif->mtu,
		.reachable_us = NDP_REACHABLE_US,
		.retrans_us = NDP_RETRANS_US,
		.solicit_us = TIME_NEVER,
		.deadline_us = TIME_NEVER,
	};
	neighbours_init(&ndp->neighbours, eth, ETH_TYPE_IPV6);
	list_init(&ndp->watchers);
	e = draw_keys(ndp, rng, config->secret);
	if (e == OK)
		e = eth_join_group(eth, &ipv6_all_nodes);
	if (e != OK)
		return e;
	eth_batch_begin(eth);
	e = add_link_local(ndp, now_us);
	if (e == OK)
		e = add_static(ndp, now_us, config);
	if (e == OK && !ndp->static_router)
		ndp_router_solicit(ndp, now_us);
	eth_batch_end(eth);
	return e;
}
