/* SPDX-License-Identifier: ISC */
/*
 * Listening: SYNs, half-open connections (SYN-RECEIVED) and their completion.
 */
#include "net/tcp/input.h"

#include "base/counter.h"
#include "net/tcp/tcp_internal.h"
#include "net/tcp/tcp_memory.h"

/* Whether a connection goes the way of its SYN,ACK. On a small board no device cuts segments. */
enum { KEEPS_WAY = BY_MEMORY(true, false) };

/* Port 0: a free entry. */
static SELDOM struct tcp_listener *find(struct tcp *tcp, uint16_t port)
{
	for (unsigned i = 0; i < tcp->config->listeners; i++) {
		if (tcp->listeners[i].port == port)
			return &tcp->listeners[i];
	}
	return NULL;
}

struct tcp_listener *tcp_listener_find(struct tcp *tcp, uint16_t port)
{
	return port != 0 ? find(tcp, port) : NULL;
}

enum err tcp_listen(struct tcp *tcp, uint16_t port, flow_accept_fn *accept, void *arg)
{
	assert(port != 0 && accept != NULL);
	if (tcp_listener_find(tcp, port) != NULL)
		return ERR_EXISTS;
	struct tcp_listener *l = find(tcp, 0);
	if (l == NULL)
		return ERR_NOMEM;
	*l = (struct tcp_listener){.port = port, .accept = accept, .arg = arg};
	return OK;
}

void tcp_unlisten(struct tcp *tcp, uint16_t port)
{
	struct tcp_listener *l = tcp_listener_find(tcp, port);
	if (l != NULL)
		*l = (struct tcp_listener){0};
}

/* --- half-open connections ------------------------------------------------------------------- */

static struct tcp_half_open *half_open_new(struct tcp *tcp, const struct tcp_tuple *tuple,
					   uint32_t hash, const struct tcp_segment *s)
{
	struct tcp_half_open *h = pool_get(&tcp->half_opens);
	if (h == NULL) {
		COUNT(tcp->stats.syn_dropped);
		return NULL;
	}
	tcp_table_insert(tcp, &h->ep, TCP_HALF_OPEN, tuple, hash);
	h->irs = s->seq;
	h->peer = s->options;
	h->window = s->window;
	h->ecn = tcp_ecn_wanted(tcp, s);
	h->promised = 0;
	h->tries = 0;
	h->sent_us = 0;
	h->way = 0;
	h->mtu = h->features = 0;
	list_init(&h->waiting);
	return h;
}

/* Its first SYN,ACK is due. */
static void answer(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us)
{
	h->tries = 1;
	h->sent_us = (uint32_t)now_us;
	tcp_timer_set(tcp, &h->ep, now_us + RTO_INITIAL_US);
	tcp_pend(tcp, &h->ep);
}

static void wait_no_longer(struct tcp *tcp, struct tcp_half_open *h)
{
	if (list_linked(&h->waiting)) {
		list_remove(&h->waiting);
		tcp->waiting_used--;
	}
}

/*
 * A handshake promises a connection. One that is promised to nobody else must be free, lest the
 * peer believe that it is connected while its segments find no place; until then its SYN waits.
 */
bool tcp_half_open_may_admit(const struct tcp *tcp)
{
	return tcp->waiting_used > 0 &&
	       pool_available(&tcp->conns) > tcp->half_opens.used - tcp->waiting_used;
}

/* Answers a new one, or lets it wait behind others. */
static void admit_or_wait(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us)
{
	if (tcp->waiting_used == 0 && pool_available(&tcp->conns) >= tcp->half_opens.used) {
		answer(tcp, h, now_us);
		return;
	}
	list_push_back(&tcp->waiting, &h->waiting);
	tcp->waiting_used++;
	tcp_timer_set(tcp, &h->ep, now_us + TCP_SYN_WAIT_US);
}

void tcp_half_open_admit(struct tcp *tcp, uint64_t now_us)
{
	while (tcp_half_open_may_admit(tcp)) {
		struct tcp_half_open *h =
			list_entry(tcp->waiting.next, struct tcp_half_open, waiting);
		wait_no_longer(tcp, h);
		answer(tcp, h, now_us);
	}
}

void tcp_half_open_free(struct tcp *tcp, struct tcp_half_open *h)
{
	tcp_table_remove(tcp, &h->ep);
	tcp_timer_stop(tcp, &h->ep);
	list_remove(&h->ep.pending);
	wait_no_longer(tcp, h);
	pool_put(&tcp->half_opens, h);
}

/* Section 3.9.2.3: neither broadcast nor multicast addresses are connected to. */
bool tcp_is_unicast(const struct ip_addr *a)
{
	if (!inet_is_v4(a))
		return (load_be32(a->word) >> 24) != 0xff &&
		       (a->word[0] | a->word[1] | a->word[2] | a->word[3]) != 0;
	uint32_t v4 = ip_addr_v4(a);
	return v4 != 0 && v4 >> 28 < 0xe;
}

/* Nothing is left to remember the SYN in, or to promise it, but a connection may be free for it: of
 * those that hold entries in a flood, few will come. */
static bool wants_cookie(const struct tcp *tcp)
{
	uint32_t promised = tcp->half_opens.used - tcp->waiting_used;
	uint32_t free = pool_available(&tcp->conns);

	return tcp_parts.cookies && tcp->config->cookies && free > 0 &&
	       (pool_available(&tcp->half_opens) == 0 || free <= promised);
}

static void syn_arrived(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			uint32_t hash, const struct tcp_segment *s, const uint32_t *iss_min)
{
	struct tcp_half_open *h = half_open_new(tcp, tuple, hash, s);
	if (h == NULL)
		return;
	uint64_t secret = tcp_tuple_secret(tcp, tuple);
	h->iss = tcp_initial_seq(secret, now_us);
	if (tcp_parts.timestamps) {
		h->ts.on = s->options.has_ts;
		h->ts.offset = tcp_ts_offset(secret);
		tcp_ts_take(&h->ts, now_us, s->ts);
	}
	if (iss_min != NULL && seq_le(h->iss, *iss_min))
		h->iss = *iss_min + 1;
	admit_or_wait(tcp, h, now_us);
}

enum err tcp_half_open_output(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us)
{
	const struct tcp_tuple *t = &h->ep.tuple;
	struct ip_route route;
	if (ip_route_from(tcp->ip, &t->local, &t->remote, &route) != OK)
		return OK; /* the timer tries again */
	if (KEEPS_WAY) {
		h->mtu = route.mtu;
		h->features = (uint16_t)route.features;
		h->way = route.way;
	}
	uint16_t mss = tcp_announced_mss(&route, &h->ep.tuple);
	h->promised = tcp_syn_window(tcp, mss);
	struct tcp_header header = {
		.flags = TCP_SYN | TCP_ACK | (h->ecn ? TCP_ECE : 0),
		.seq = h->iss,
		.ack = h->irs + 1,
		.window = h->promised,
		.options = h->peer,
	};
	header.options.mss = mss;
	header.options.sack &= tcp->config->sack;
	tcp_ts_put(&header, &h->ts, now_us);
	return tcp_segment_send(tcp, now_us, &h->ep.tuple, &header,
				KEEPS_WAY ? &h->way : &route.way);
}

void tcp_half_open_timeout(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us)
{
	if (list_linked(&h->waiting)) {
		COUNT(tcp->stats.syn_dropped);
		tcp_half_open_free(tcp, h);
		return;
	}
	/* Where others wait, or most entries are taken, those that do not answer make place
	 * sooner. */
	bool crowded = tcp->waiting_used > 0 || tcp->half_opens.used > tcp->half_opens.count / 2;
	unsigned tries = crowded ? TCP_SYN_ACK_TRIES_CROWDED : TCP_SYN_ACK_TRIES;

	if (h->tries >= tries) {
		COUNT(tcp->stats.abandoned);
		tcp_half_open_free(tcp, h);
		return;
	}
	COUNT(tcp->stats.retransmits);
	tcp_timer_set(tcp, &h->ep, now_us + ((uint64_t)RTO_INITIAL_US << h->tries));
	h->tries++;
	tcp_pend(tcp, &h->ep);
}

/* --- from half-open to open ------------------------------------------------------------------ */

/* Of what is not acceptable (RFC 5961 sections 3.2 and 4.2). */
static void challenge(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us)
{
	if (tcp_may_challenge(tcp, &h->ep, now_us))
		tcp_reply_ack(tcp, now_us, &h->ep.tuple, KEEPS_WAY ? h->way : 0, h->iss + 1,
			      h->irs + 1, h->promised, &h->ts);
}

static void set_sequences(struct tcp_conn *c, const struct tcp_half_open *h,
			  const struct tcp_segment *s)
{
	/* A cookie does not remember what was promised; it can only have been this. */
	uint32_t promised = h->promised > 0 ? h->promised : tcp_syn_window(c->tcp, c->rcv.mss_max);

	c->snd.iss = h->iss;
	c->snd.max = c->snd.end = h->iss + 1;
	c->snd.wnd_max = h->window;
	tcp_conn_take_window(c, s);
	c->rcv.nxt = c->rcv.acked = h->irs + 1;
	c->rcv.edge = c->rcv.nxt + promised;
}

/* Makes the connection. NULL: there is no place, and the peer will try again. */
static struct tcp_conn *open_conn(struct tcp *tcp, const struct tcp_half_open *h, uint64_t now_us,
				  const struct tcp_segment *s)
{
	const struct tcp_tuple *t = &h->ep.tuple;
	struct ip_route route;
	if (KEEPS_WAY && h->mtu != 0) {
		route.mtu = h->mtu;
		route.features = h->features;
		route.tso_bytes = 0;
		route.way = h->way;
	} else if (ip_route_from(tcp->ip, &t->local, &t->remote, &route) != OK) {
		return NULL;
	}
	struct tcp_conn *c = tcp_conn_new(tcp, &h->ep.tuple, h->ep.hash);
	if (c == NULL)
		return NULL;
	tcp_conn_set_route(c, &route);
	if (tcp_parts.timestamps)
		c->ts = h->ts;
	c->ecn = tcp_parts.ecn && h->ecn;
	c->sent_ms = tcp_ts_clock(now_us); /* it has not been idle */
	tcp_conn_peer_options(c, &h->peer);
	set_sequences(c, h, s);
	c->syn_lost = h->tries > 1;
	c->rto.timed_us = h->sent_us;
	tcp_conn_answered(c, now_us, s->ts_echo);
	c->accept_due = true;
	tcp_conn_raise(c, 0);
	return c;
}

static struct tcp_conn *complete(struct tcp *tcp, const struct tcp_half_open *h, uint64_t now_us,
				 const struct tcp_segment *s)
{
	struct tcp_conn *c = open_conn(tcp, h, now_us, s);
	if (c == NULL)
		COUNT(tcp->stats.syn_dropped);
	return c;
}

/*
 * An acknowledgement of a cookie: the handshake is complete. What whoever has a cookie sends behind
 * its acknowledgement may come before that, or without it, and all is sent again: a reset would end
 * what is about to begin.
 */
static struct tcp_conn *open_by_cookie(struct tcp *tcp, uint64_t now_us,
				       const struct tcp_tuple *tuple, uint32_t hash,
				       const struct tcp_segment *s)
{
	bool possible = tcp_parts.cookies && tcp->config->cookies && (s->flags & TCP_SYN) == 0 &&
			tcp_is_unicast(&tuple->remote);
	struct tcp_half_open h;

	if (possible && tcp_cookie_check(tcp, now_us, tuple, s, &h)) {
		h.ep.hash = hash;
		return complete(tcp, &h, now_us, s);
	}
	if (possible && tcp_cookies_are_out(tcp, now_us))
		COUNT(tcp->stats.unexpected);
	else
		tcp_reply_reset(tcp, tuple, s);
	return NULL;
}

struct tcp_conn *tcp_listen_input(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
				  uint32_t hash, const struct tcp_segment *s,
				  const uint32_t *iss_min)
{
	if ((s->flags & (TCP_RST | TCP_ACK)) == TCP_ACK) /* second */
		return open_by_cookie(tcp, now_us, tuple, hash, s);
	if ((s->flags & (TCP_RST | TCP_SYN)) != TCP_SYN) /* first; fourth */
		COUNT(tcp->stats.unexpected);
	else if (!tcp_is_unicast(&tuple->remote)) /* third */
		COUNT(tcp->stats.to_many);
	else if (wants_cookie(tcp)) /* text of the SYN is left for the peer to send again */
		tcp_cookie_answer(tcp, now_us, tuple, s);
	else
		syn_arrived(tcp, now_us, tuple, hash, s, iss_min);
	return NULL;
}

/* First to fourth of section 3.10.7.4 and its fifth as far as SYN-RECEIVED goes. */
struct tcp_conn *tcp_half_open_input(struct tcp *tcp, struct tcp_half_open *h, uint64_t now_us,
				     const struct tcp_segment *s)
{
	uint32_t nxt = h->irs + 1;

	if ((s->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN && s->seq == h->irs) {
		if (list_linked(&h->waiting))
			tcp_timer_set(tcp, &h->ep, now_us + TCP_SYN_WAIT_US); /* still there */
		else
			tcp_pend(tcp, &h->ep); /* our SYN,ACK was lost */
		return NULL;
	}
	if (!tcp_seq_acceptable(s, nxt, h->promised)) {
		COUNT(tcp->stats.bad_sequence);
		if ((s->flags & TCP_RST) == 0)
			challenge(tcp, h, now_us);
		return NULL;
	}
	if ((s->flags & TCP_RST) != 0) {
		if (s->seq == nxt) { /* RFC 5961 section 3.2 */
			COUNT(tcp->stats.resets_in);
			tcp_half_open_free(tcp, h);
		} else {
			challenge(tcp, h, now_us);
		}
		return NULL;
	}
	if ((s->flags & TCP_SYN) != 0) { /* RFC 5961 section 4.2 */
		challenge(tcp, h, now_us);
		return NULL;
	}
	if ((s->flags & TCP_ACK) == 0) {
		COUNT(tcp->stats.unexpected);
		return NULL;
	}
	bool good = s->ack == h->iss + 1;
	if (!good || tcp_listener_find(tcp, h->ep.tuple.local_port) == NULL) {
		tcp_reply_reset(tcp, &h->ep.tuple, s);
		if (good) /* nobody listens any more */
			tcp_half_open_free(tcp, h);
		return NULL;
	}
	struct tcp_conn *c = complete(tcp, h, now_us, s);
	if (c == NULL)
		return NULL;
	tcp_half_open_free(tcp, h);
	/* Mostly it says no more than what the connection has from it by now. */
	if (s->span == 0 && s->blocks == 0 && !conn_has_ts(c) && !conn_has_ecn(c)) {
		conn_heard(c, now_us);
		tcp_pend(tcp, &c->ep);
		return NULL;
	}
	return c;
}
