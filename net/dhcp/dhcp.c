/* SPDX-License-Identifier: ISC */
#include "net/dhcp/dhcp.h"

#define LOG_MODULE "dhcp"
#include "base/attr.h"
#include "base/counter.h"
#include "base/divide.h"
#include "base/log.h"
#include "base/text.h"

enum { MESSAGE_BYTES_MIN = 576 }; /* RFC 2132 section 9.10 */

static const char *netif_name(const struct dhcp *d)
{
	return d->ipv4->eth->netif->name;
}

/* --- randomness ------------------------------------------------------------------------------ */

static bool new_xid(struct dhcp *d)
{
	return rng_read(d->rng, &d->xid, sizeof(d->xid)) == OK;
}

/* Section 4.1: doubled each time, give or take up to a second. */
static uint64_t retry_us(struct dhcp *d, unsigned tries)
{
	uint64_t wait_us = (uint64_t)DHCP_RETRY_US << MIN(tries, DHCP_RETRY_DOUBLINGS_MAX);
	return wait_us - US_PER_S + rng_below(d->rng, 2 * US_PER_S);
}

/* --- sending --------------------------------------------------------------------------------- */

/*
 * More than half of a message are zeros, which a buffer of a small board needs no room for where
 * the device takes packets with pieces: its end then lies in front of its head, below the headers'
 * room.
 */
enum { PIECES_HEADROOM = 64, ZEROS = DHCP_ZERO_BYTES / 2 };

static bool in_pieces(const struct ipv4 *ipv4)
{
	return BY_MEMORY(true, false) &&
	       (netif_features_of(ipv4->eth->netif->features) & NETIF_SG) != 0;
}

/* Of a buffer for a message. */
static uint32_t buffer_bytes(const struct ipv4 *ipv4)
{
	return in_pieces(ipv4) ? DHCP_TAIL_BYTES_MAX + PIECES_HEADROOM + DHCP_HEAD_BYTES
			       : PKT_HEADROOM + DHCP_EMIT_BYTES_MAX;
}

static void emit(struct pkt *p, const struct dhcp_request *r)
{
	uint8_t *at = pkt_append(p, DHCP_EMIT_BYTES_MAX);
	memset(at, 0, DHCP_EMIT_BYTES_MAX);
	pkt_trim(p, DHCP_HEAD_BYTES + DHCP_ZERO_BYTES +
			    dhcp_request_emit(r, at, at + DHCP_HEAD_BYTES + DHCP_ZERO_BYTES));
}

static void emit_in_pieces(struct pkt *p, const struct dhcp_request *r)
{
	static const uint8_t zeros[ZEROS];
	const struct slice half = SLICE_STATIC(zeros, sizeof(zeros));
	uint8_t *head = pkt_append(p, DHCP_HEAD_BYTES);
	memset(head, 0, DHCP_HEAD_BYTES);
	memset(p->buf, 0, DHCP_TAIL_BYTES_MAX);
	size_t len = dhcp_request_emit(r, head, p->buf);
	bool added = pkt_add_piece(p, half) && pkt_add_piece(p, half) &&
		     pkt_add_piece(p, SLICE_STATIC(p->buf, len));
	assert(added); /* it has no others */
}

static struct pkt *message(const struct ipv4 *ipv4, const struct dhcp_request *r)
{
	bool pieces = in_pieces(ipv4);
	struct pkt *p = pkt_alloc(ipv4->eth->tx,
				  pieces ? DHCP_TAIL_BYTES_MAX + PIECES_HEADROOM : PKT_HEADROOM);
	if (p != NULL)
		(pieces ? emit_in_pieces : emit)(p, r);
	return p;
}

static void send_to(struct dhcp *d, uint64_t now_us, const struct dhcp_request *r, uint32_t to)
{
	struct pkt *p = message(d->ipv4, r);
	const struct udp_peer peer = {.addr = ip_addr_from_v4(to), .port = DHCP_SERVER_PORT};
	const struct ip_addr from = ip_addr_from_v4(d->lease.prefix.addr); /* never link-local */
	if (p != NULL && udp_send(&d->udp, &d->socket, now_us, p, &peer,
				  d->ipv4->addr != 0 ? &from : NULL) == OK) {
		COUNT(d->stats.sent);
		return;
	}
	COUNT(d->stats.unsent);
	if (p != NULL)
		pkt_put(p);
}

/*
 * What the state says: asks all, for an address if there is one, of its server; or goes on with the
 * address, asking its server or, rebinding, all. What is not sent is sent the next time.
 */
static void send(struct dhcp *d, uint64_t now_us, enum dhcp_type type)
{
	const struct netif *netif = d->ipv4->eth->netif;
	bool renews = d->state == DHCP_RENEWING || d->state == DHCP_REBINDING;
	const struct dhcp_request r = {
		.type = (uint8_t)type,
		.xid = d->xid,
		.secs = d->secs,
		.address = renews ? d->address : 0,
		.requested = renews ? 0 : d->address,
		.server = renews || d->state == DHCP_REBOOTING ? 0 : d->server,
		.mac = netif->mac,
		.hostname = d->hostname,
		.max_bytes = MAX(netif->mtu, (uint16_t)MESSAGE_BYTES_MIN),
	};
	send_to(d, now_us, &r, d->state == DHCP_RENEWING ? d->server : IPV4_BROADCAST);
}

static void send_again(struct dhcp *d, uint64_t now_us, enum dhcp_type type)
{
	d->due_us = now_us + retry_us(d, d->tries++);
	send(d, now_us, type);
}

static void discover(struct dhcp *d, uint64_t now_us)
{
	uint32_t rest_us;
	uint64_t secs = divide(now_us - d->began_us, US_PER_S, &rest_us);
	d->secs = (uint16_t)MIN(secs, (uint64_t)UINT16_MAX);
	send_again(d, now_us, DHCP_DISCOVER);
}

/* Each attempt has a number of its own, so that the lease counts from the very request that was
 * answered. */
static void ask_anew(struct dhcp *d, uint64_t now_us)
{
	if (!new_xid(d))
		return;
	d->secs = 0;
	d->asked_us = now_us;
	send(d, now_us, DHCP_REQUEST);
}

/* --- beginning and losing -------------------------------------------------------------------- */

/* While the server is silent, net/link_local may have taken the place for an address of its own. */
static bool is_probing(const struct dhcp *d)
{
	return !inet_is_minimal && d->address != 0 && d->ipv4->arp->probed == d->address;
}

static bool is_taken(const struct dhcp *d)
{
	return !inet_is_minimal && is_probing(d) && arp_probe_taken(d->ipv4->arp);
}

static void stop_watching(struct dhcp *d)
{
	if (inet_is_minimal)
		return;
	d->watch_until_us = TIME_NEVER;
	if (is_probing(d))
		arp_probe(d->ipv4->arp, 0);
}

static void begin(struct dhcp *d, uint64_t now_us)
{
	stop_watching(d);
	d->state = DHCP_INIT;
	d->due_us = now_us + DHCP_RETRY_US;
	if (!new_xid(d))
		return;
	d->state = DHCP_SELECTING;
	d->address = 0;
	d->server = 0;
	d->tries = 0;
	d->began_us = now_us;
	discover(d, now_us);
}

static void begin_at(struct dhcp *d, uint64_t due_us)
{
	d->state = DHCP_INIT;
	d->due_us = due_us;
}

static void tell(struct dhcp *d, uint64_t now_us)
{
	list_for_each_safe (node, next, &d->watchers) {
		struct dhcp_watcher *w = list_entry(node, struct dhcp_watcher, node);
		w->changed(w, d, now_us);
	}
}

/* Gives the address back, if there is one. */
static void lose(struct dhcp *d, uint64_t now_us)
{
	stop_watching(d);
	if (d->lease.prefix.addr == 0)
		return;
	d->lease = (struct dhcp_lease){0};
	d->routes.n = 0;
	enum err e = ipv4_set_address(d->ipv4, now_us, (struct ipv4_prefix){0}, 0);
	assert(e == OK); /* none is always possible */
	d->state = DHCP_INIT;
	tell(d, now_us);
}

static void expire(struct dhcp *d, uint64_t now_us)
{
	COUNT(d->stats.expirations);
	log_warn("%s: no server has renewed the lease, which is over", netif_name(d));
	lose(d, now_us);
	begin(d, now_us);
}

/* Section 4.4.1, and 3.1 item 5: to begin anew not too soon. */
static UNGUARDED void decline(struct dhcp *d, uint64_t now_us)
{
	char addr[INET_V4_CHARS];
	d->secs = 0;
	COUNT(d->stats.declines);
	log_warn("%s: %s is declined: another station has it", netif_name(d),
		 inet_format_v4(d->address, addr));
	lose(d, now_us);
	send(d, now_us, DHCP_DECLINE);
	begin_at(d, now_us + DHCP_DECLINED_US + rng_below(d->rng, US_PER_S));
}

/* At once, but not again and again for a server that offers what it then denies. */
static void denied(struct dhcp *d, uint64_t now_us)
{
	COUNT(d->stats.denials);
	log_warn("%s: the server denies the address", netif_name(d));
	lose(d, now_us);
	if (d->denials++ == 0)
		begin(d, now_us);
	else
		begin_at(d, now_us + retry_us(d, d->denials));
}

/* --- the lease ------------------------------------------------------------------------------- */

static uint64_t after_s(const struct dhcp *d, uint64_t seconds)
{
	return d->asked_us + seconds * US_PER_S;
}

/* Section 4.4.5: half and seven eighths of the lease, unless the server says something sensible. */
static void set_times(struct dhcp *d, const struct dhcp_reply *r)
{
	uint64_t lease_s = r->lease.seconds, t1_s = r->t1_s, t2_s = r->t2_s;
	if (lease_s == DHCP_FOREVER) {
		d->t1_us = d->t2_us = d->end_us = TIME_NEVER;
		return;
	}
	if (t1_s == 0 || t1_s >= t2_s || t2_s >= lease_s) {
		t2_s = lease_s - lease_s / 8;
		t1_s = lease_s / 2;
	}
	d->t1_us = after_s(d, t1_s) - rng_below(d->rng, US_PER_S); /* clients of one power-on */
	d->t2_us = after_s(d, t2_s);
	d->end_us = after_s(d, lease_s);
}

static void count_lease(struct dhcp *d, uint64_t now_us)
{
	if (d->state == DHCP_REQUESTING) {
		COUNT(d->stats.leases);
		if (!inet_is_minimal)
			d->watch_until_us = now_us + DHCP_WATCH_US;
	} else {
		COUNT(d->stats.renewals);
	}
	d->denials = 0;
}

static bool is_same_route(const struct ipv4_route *a, const struct ipv4_route *b)
{
	return a->dst.addr == b->dst.addr && a->dst.bits == b->dst.bits && a->gateway == b->gateway;
}

static bool are_same_routes(const struct dhcp_routes *a, const struct dhcp_routes *b)
{
	bool same = a->n == b->n;
	for (unsigned i = 0; same && i < a->n; i++)
		same = is_same_route(&a->route[i], &b->route[i]);
	return same;
}

/* Has the network layer use the lease; nothing of it changes with most renewals. */
static bool apply(struct dhcp *d, uint64_t now_us, const struct dhcp_lease *new)
{
	const struct dhcp_lease *old = &d->lease;
	bool same = old->prefix.addr == new->prefix.addr && old->prefix.bits == new->prefix.bits &&
		    old->gateway == new->gateway;
	bool same_routes = inet_is_minimal || are_same_routes(&old->routes, &new->routes);
	if (!same && ipv4_set_address(d->ipv4, now_us, new->prefix, new->gateway) != OK)
		return false;
	d->lease = *new;
	if (!inet_is_minimal) {
		enum err e = ipv4_routes_set(&d->routes, new->routes.route, new->routes.n);
		assert(e == OK); /* they were checked when they were read */
	}
	if (!same || !same_routes)
		dhcp_lease_log(&d->lease, netif_name(d));
	return true;
}

static void acknowledged(struct dhcp *d, uint64_t now_us, const struct dhcp_reply *r)
{
	if (!inet_is_minimal && d->state == DHCP_REQUESTING && is_taken(d)) {
		decline(d, now_us);
		return;
	}
	if (r->lease.prefix.addr != d->address || !dhcp_lease_is_usable(&r->lease) ||
	    !apply(d, now_us, &r->lease)) {
		COUNT(d->stats.unusable);
		return;
	}
	if (!inet_is_minimal && d->state == DHCP_REQUESTING && !is_probing(d))
		arp_probe(d->ipv4->arp, d->address);
	count_lease(d, now_us);
	set_times(d, r);
	d->server = r->lease.server;
	d->state = DHCP_BOUND;
	d->due_us = d->t1_us;
	tell(d, now_us);
}

/* --- renewing -------------------------------------------------------------------------------- */

/* Between two attempts; of a lease of minutes less, or it would have one attempt only. */
static uint64_t renew_min_us(const struct dhcp *d)
{
	uint64_t share_us = (uint64_t)d->lease.seconds * US_PER_S / 16;
	return MIN(share_us, (uint64_t)DHCP_RENEW_MIN_US);
}

/*
 * Section 4.4.5: asks the server of the lease until T2, then any, until the lease is over; the next
 * time is half of what is left.
 */
static void renew(struct dhcp *d, uint64_t now_us)
{
	if (now_us >= d->end_us) {
		expire(d, now_us);
		return;
	}
	d->state = now_us < d->t2_us ? DHCP_RENEWING : DHCP_REBINDING;
	uint64_t until_us = d->state == DHCP_RENEWING ? d->t2_us : d->end_us;
	uint64_t wait_us = MAX((until_us - now_us) / 2, renew_min_us(d));
	d->due_us = MIN(now_us + wait_us, until_us);
	ask_anew(d, now_us);
}

/*
 * Sections 3.2 and 4.3.2: asks any server whether the address is good where the link leads now. Who
 * hears nothing may go on with the lease.
 */
static void ask_again(struct dhcp *d, uint64_t now_us)
{
	if (d->tries == DHCP_REQUESTS_MAX || now_us >= d->end_us) {
		d->state = DHCP_BOUND;
		d->due_us = MIN(d->t1_us, d->end_us);
		return;
	}
	d->due_us = time_earlier(now_us + retry_us(d, d->tries++), d->end_us);
	ask_anew(d, now_us);
}

static void link_is_back(struct dhcp *d, uint64_t now_us)
{
	if (d->lease.prefix.addr == 0) {
		begin(d, now_us);
		return;
	}
	d->state = DHCP_REBOOTING;
	d->tries = 0;
	ask_again(d, now_us);
}

/* --- receiving ------------------------------------------------------------------------------- */

/* The first that can be used is taken. While the server answers, the neighbours may (RFC 5227). */
static void offered(struct dhcp *d, uint64_t now_us, const struct dhcp_reply *r)
{
	if (!dhcp_lease_is_usable(&r->lease)) {
		COUNT(d->stats.unusable);
		return;
	}
	d->state = DHCP_REQUESTING;
	d->address = r->lease.prefix.addr;
	d->server = r->lease.server;
	d->tries = 0;
	d->asked_us = now_us;
	send_again(d, now_us, DHCP_REQUEST);
	if (!inet_is_minimal)
		arp_probe(d->ipv4->arp, d->address);
}

static bool has_requested(const struct dhcp *d)
{
	return d->state == DHCP_REQUESTING || d->state == DHCP_RENEWING ||
	       d->state == DHCP_REBINDING || d->state == DHCP_REBOOTING;
}

/* Any server answers the last two of them. */
static bool is_from_asked_server(const struct dhcp *d, const struct dhcp_reply *r)
{
	return d->state == DHCP_REBINDING || d->state == DHCP_REBOOTING ||
	       r->lease.server == d->server;
}

static void handle(struct dhcp *d, uint64_t now_us, const struct dhcp_reply *r)
{
	if (d->state == DHCP_SELECTING && r->type == DHCP_OFFER)
		offered(d, now_us, r);
	else if (r->type == DHCP_OFFER || !has_requested(d) || !is_from_asked_server(d, r))
		COUNT(d->stats.unexpected);
	else if (r->type == DHCP_NAK)
		denied(d, now_us);
	else
		acknowledged(d, now_us, r);
}

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	struct dhcp *d = container_of(s, struct dhcp, socket);
	const uint8_t *mac = d->ipv4->eth->netif->mac;
	struct dhcp_reply r;
	(void)local;
	if (peer->port != DHCP_SERVER_PORT || p->n_pieces != 0 ||
	    !dhcp_reply_parse(&r, p->data, p->len, mac))
		COUNT(d->stats.bad);
	else if (r.xid != d->xid)
		COUNT(d->stats.unexpected);
	else
		handle(d, now_us, &r);
	pkt_put(p);
}

/* --- time ------------------------------------------------------------------------------------ */

static void watch_probe(struct dhcp *d, uint64_t now_us)
{
	if (is_taken(d))
		decline(d, now_us);
	else if (now_us >= d->watch_until_us)
		stop_watching(d);
}

static void step(struct dhcp *d, uint64_t now_us)
{
	switch (d->state) {
	case DHCP_OFF:
		break;
	case DHCP_INIT:
		begin(d, now_us);
		break;
	case DHCP_SELECTING:
		discover(d, now_us);
		break;
	case DHCP_REQUESTING:
		if (d->tries < DHCP_REQUESTS_MAX)
			send_again(d, now_us, DHCP_REQUEST);
		else
			begin(d, now_us);
		break;
	case DHCP_REBOOTING:
		ask_again(d, now_us);
		break;
	default:
		renew(d, now_us);
	}
}

static void watch_link(struct dhcp *d, uint64_t now_us)
{
	d->link_up = !d->link_up;
	if (d->link_up && d->state != DHCP_OFF)
		link_is_back(d, now_us);
}

uint64_t dhcp_poll(struct dhcp *d, uint64_t now_us)
{
	if (UNLIKELY(d->link_up != d->ipv4->eth->netif->link_up))
		watch_link(d, now_us);
	if (!inet_is_minimal && UNLIKELY(d->watch_until_us != TIME_NEVER))
		watch_probe(d, now_us);
	if (UNLIKELY(now_us >= d->due_us))
		step(d, now_us);
	return time_earlier(d->due_us, d->watch_until_us);
}

/* --- starting -------------------------------------------------------------------------------- */

static bool is_hostname(const char *name)
{
	const char *end = name;
	while (text_is_name_char(*end))
		end++;
	return *end == '\0' && end - name <= DHCP_HOSTNAME_MAX;
}

enum err dhcp_init(struct dhcp *d, struct ipv4 *ipv4, struct rng *rng, const char *hostname)
{
	*d = (struct dhcp){
		.socket = {.port = DHCP_CLIENT_PORT, .input = input},
		.ipv4 = ipv4,
		.rng = rng,
		.hostname = hostname,
		.due_us = TIME_NEVER,
		.watch_until_us = TIME_NEVER,
	};
	list_init(&d->watchers);
	udp_init_apart(&d->udp, &ipv4->ip, rng);
	if (!inet_is_minimal)
		ipv4_routes_init(&d->routes, ipv4);
	if (!is_hostname(hostname)) {
		log_error("%s: \"%s\" is no name of a host: up to %u letters, digits and hyphens",
			  netif_name(d), hostname, (unsigned)DHCP_HOSTNAME_MAX);
		return ERR_INVALID;
	}
	if (ipv4->eth->tx->buf_bytes < buffer_bytes(ipv4)) {
		log_error("%s: packets to send of %u bytes are too short, %u are needed",
			  netif_name(d), (unsigned)ipv4->eth->tx->buf_bytes,
			  (unsigned)buffer_bytes(ipv4));
		return ERR_INVALID;
	}
	return OK;
}

void dhcp_start(struct dhcp *d, uint64_t now_us)
{
	enum err e = udp_open(&d->udp, &d->socket);
	assert(e == OK); /* it is the only one there */
	ipv4_set_dhcp_client(d->ipv4, udp_input, &d->udp);
	d->link_up = d->ipv4->eth->netif->link_up;
	eth_batch_begin(d->ipv4->eth);
	begin(d, now_us);
	eth_batch_end(d->ipv4->eth);
	eth_want_batch(d->ipv4->eth); /* which looks at our deadline */
}

const struct dhcp_lease *dhcp_lease(const struct dhcp *d)
{
	return d->lease.prefix.addr != 0 ? &d->lease : NULL;
}

void dhcp_watch(struct dhcp *d, struct dhcp_watcher *w)
{
	list_push_back(&d->watchers, &w->node);
}
