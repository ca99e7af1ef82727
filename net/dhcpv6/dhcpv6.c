/* SPDX-License-Identifier: ISC */
#include "net/dhcpv6/dhcpv6.h"

#define LOG_MODULE "dhcpv6"
#include "base/attr.h"
#include "base/log.h"

/* ff02::1:2, all relay agents and servers: RFC 8415 section 7.1 */
static const struct udp_peer servers = {
	.addr = {{__builtin_bswap32(0xff020000), 0, 0, __builtin_bswap32(0x00010002)}},
	.port = DHCPV6_SERVER_PORT,
};

#define DHCPV6_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                           \
	COUNTER(struct dhcpv6_stats, sent, "messages_out")                                         \
	COUNTER(struct dhcpv6_stats, answers, "answers")                                           \
	DROPS(struct dhcpv6_stats, unsent)                                                         \
	DROPS(struct dhcpv6_stats, bad)                                                            \
	DROPS(struct dhcpv6_stats, unexpected)

const struct counters dhcpv6_counters = COUNTERS("dhcpv6", DHCPV6_COUNTERS);

/* --- asking ---------------------------------------------------------------------------------- */

/* `us` with up to a tenth more or less, so that clients of one power-on part (section 15: RAND). */
static uint64_t about(struct dhcpv6 *d, uint64_t us)
{
	uint64_t tenth = us / 10;
	return us - tenth + (2 * tenth * rng_below(d->rng, 1 << 16) >> 16);
}

static enum err send(struct dhcpv6 *d, uint64_t now_us)
{
	uint64_t elapsed_cs = (now_us - d->began_us) / (US_PER_S / 100);
	struct pkt *p = pkt_alloc(d->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	dhcpv6_request_emit(pkt_append(p, DHCPV6_REQUEST_BYTES), d->xid, d->mac,
			    (uint16_t)MIN(elapsed_cs, (uint64_t)UINT16_MAX));
	return udp_send_or_put(d->udp, &d->socket, now_us, p, &servers);
}

static uint64_t max_wait_us(const struct dhcpv6 *d)
{
	uint64_t s = d->reply.max_wait_s > 0 ? d->reply.max_wait_s : (uint64_t)DHCPV6_MAX_WAIT_S;
	return s * US_PER_S;
}

/* Section 15: each wait is about twice as long as the one before. */
static void ask(struct dhcpv6 *d, uint64_t now_us)
{
	if (send(d, now_us) == OK)
		d->stats.sent++;
	else
		d->stats.unsent++;
	d->due_us = now_us + d->wait_us;
	d->wait_us = about(d, MIN(2 * d->wait_us, max_wait_us(d)));
}

/* A new transaction; without random numbers for it, it begins later. */
static void begin(struct dhcpv6 *d, uint64_t now_us)
{
	d->due_us = now_us + DHCPV6_TIMEOUT_US;
	if (rng_read(d->rng, &d->xid, sizeof(d->xid)) != OK)
		return;
	d->xid &= 0xffffff;
	d->asking = true;
	d->began_us = now_us;
	d->wait_us = about(d, DHCPV6_TIMEOUT_US);
	ask(d, now_us);
}

/* --- answers --------------------------------------------------------------------------------- */

static UNGUARDED void log_answer(const struct dhcpv6_reply *r)
{
	char addr[INET_ADDR_CHARS];
	log_info("%u name servers, the first %s; domain %s", r->dns.n,
		 r->dns.n > 0 ? inet_format(&r->dns.addr[0], addr) : "none",
		 r->domain[0] != '\0' ? r->domain : "none");
}

static void answered(struct dhcpv6 *d, uint64_t now_us, const struct dhcpv6_reply *r)
{
	/* Section 18.2.12: less than ten minutes would be a burden. */
	uint64_t refresh_s = r->refresh_s != 0 ? r->refresh_s : (uint64_t)DHCPV6_REFRESH_S;
	if (!d->known)
		log_answer(r);
	d->reply = *r;
	d->known = true;
	d->asking = false;
	d->stats.answers++;
	d->due_us = TIME_NEVER;
	if (refresh_s != UINT32_MAX)
		d->due_us = now_us +
			    about(d, MAX(refresh_s, (uint64_t)DHCPV6_REFRESH_MIN_S) * US_PER_S);
	list_for_each_safe (node, next, &d->watchers) {
		struct dhcpv6_watcher *w = list_entry(node, struct dhcpv6_watcher, node);
		w->changed(w, d, now_us);
	}
}

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	struct dhcpv6 *d = container_of(s, struct dhcpv6, socket);
	struct dhcpv6_reply r;
	(void)peer;
	(void)local;
	if (p->n_pieces != 0 || !dhcpv6_reply_parse(&r, p->data, p->len, d->mac))
		d->stats.bad++;
	else if (!d->asking || r.xid != d->xid)
		d->stats.unexpected++;
	else
		answered(d, now_us, &r);
	pkt_put(p);
}

/* --- the client ------------------------------------------------------------------------------ */

void dhcpv6_init(struct dhcpv6 *d, struct udp *udp, struct pkt_pool *tx, struct rng *rng,
		 const uint8_t *mac)
{
	*d = (struct dhcpv6){
		.socket = {.port = DHCPV6_CLIENT_PORT, .input = input},
		.udp = udp,
		.tx = tx,
		.rng = rng,
		.mac = mac,
		.due_us = TIME_NEVER,
	};
	list_init(&d->watchers);
}

enum err dhcpv6_start(struct dhcpv6 *d, uint64_t now_us)
{
	enum err e = udp_open(d->udp, &d->socket);
	if (e == OK)
		begin(d, now_us);
	return e;
}

const struct dhcpv6_reply *dhcpv6_reply(const struct dhcpv6 *d)
{
	return d->known ? &d->reply : NULL;
}

void dhcpv6_watch(struct dhcpv6 *d, struct dhcpv6_watcher *w)
{
	list_push_back(&d->watchers, &w->node);
}

uint64_t dhcpv6_poll(struct dhcpv6 *d, uint64_t now_us)
{
	if (now_us >= d->due_us) {
		if (d->asking)
			ask(d, now_us);
		else
			begin(d, now_us);
	}
	return d->due_us;
}
