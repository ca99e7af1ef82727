/* SPDX-License-Identifier: ISC */
/*
 * What happens when a connection's timer runs out: retransmission (RFC 6298), window probes
 * (section 3.8.6.1), delayed acknowledgements, the end of a closed flow that makes no progress.
 */
#include "net/tcp/tcp_internal.h"

#include "base/counter.h"

static bool syn_in_flight(const struct tcp_conn *c)
{
	return tcp_parts.connect && (c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED);
}

/* Sections 3.8.3 and 3.8.4. If the peer is there after all, it need not wait for us any longer. */
void tcp_conn_give_up(struct tcp_conn *c, enum err error)
{
	struct tcp_header *h = NULL;

	if (c->state != TCP_SYN_SENT)
		h = tcp_reply(c->tcp, &c->ep.tuple, TCP_RST | TCP_ACK, c->way);
	if (h != NULL) {
		h->seq = c->persisting ? c->snd.nxt : c->snd.max;
		h->ack = c->rcv.nxt;
	}
	tcp_conn_end(c, error);
}

/* True if the peer has been silent for so long that the connection was given up. */
static bool gave_up(struct tcp_conn *c, uint64_t now_us)
{
	uint64_t limit_us = syn_in_flight(c) ? TCP_GIVE_UP_SYN_US : TCP_GIVE_UP_US;

	uint32_t user_s = c->snd.timeout_s;

	if (user_s == TCP_AS_CONFIGURED)
		user_s = c->tcp->config->user_timeout_s;
	if (user_s > 0)
		limit_us = user_s * (uint64_t)US_PER_S;

	COUNT(c->tcp->stats.timeouts);
	if (rto_expired(&c->rto, now_us) < limit_us)
		return false;
	tcp_conn_give_up(c, c->soft_error != OK ? c->soft_error : ERR_TIMEOUT);
	return true;
}

/*
 * The way may have changed, its MTU too. If there is none now, there may be soon. True if our
 * address has gone and there is a way from another, so that nothing can come back: this ends the
 * connection.
 */
static bool lost_address(struct tcp_conn *c)
{
	const struct tcp_tuple *t = &c->ep.tuple;
	struct ip *ip = c->tcp->ip;
	struct ip_route route;
	if (ip_route_from(ip, &t->local, &t->remote, &route) == OK) {
		tcp_conn_set_route(c, &route);
		return false;
	}
	if (ip_owns(ip, &t->local) || ip_route(ip, &t->remote, &route) != OK)
		return false;
	tcp_conn_end(c, ERR_UNREACHABLE);
	return true;
}

/* What was in flight, not for the first time if `again`, is sent again. */
static void retransmit(struct tcp_conn *c, uint64_t now_us, bool again)
{
	if (syn_in_flight(c)) {
		c->syn_lost = true;
		c->snd.nxt = c->snd.iss;
		return;
	}
	if (tcp_parts.mtu_probing && c->tcp->config->mtu_probing)
		tcp_plpmtud_timed_out(c);
	if (tcp_parts.sack && c->tcp->config->sack)
		tcp_frto_timeout(c, !again);
	tcp_ts_stamp(c, now_us);
	cc_timeout(&c->cc, c->snd.mss, c->snd.una, c->snd.max, again);
	if (!conn_has_sack(c) || !tcp_sack_timed_out(c, now_us))
		tcp_send_rewind(c);
}

static void rexmit_timeout(struct tcp_conn *c, uint64_t now_us)
{
	bool again = c->rto.retries > 0;

	c->plain = false;
	c->rexmit_us = TIME_NEVER;
	if (tcp_parts.sack && !c->persisting && c->timer == TCP_TIMER_REORDER) {
		tcp_sack_reorder_timeout(c, now_us);
	} else if (tcp_parts.sack && !c->persisting && c->timer == TCP_TIMER_PROBE) {
		c->rack.probe_due = true;
	} else {
		if (gave_up(c, now_us) || (!c->persisting && lost_address(c)))
			return;
		if (c->persisting)
			c->probe_due = true;
		else
			retransmit(c, now_us, again);
	}
	tcp_conn_pend(c);
}

/*
 * In FIN-WAIT-2 the peer has all that it was sent, and nobody reads what it might send. Else it
 * lives, or gave_up() would have ended this: it has a slow reader (section 3.8.6.1), or much is
 * lost. Both are waited for, if not for ever, nor long while others want the place: those are not
 * refused for the sake of somebody who is not served any more.
 */
static bool may_linger(struct tcp_conn *c)
{
	unsigned most = c->state == TCP_FIN_WAIT_2 ? TCP_LINGERS_FIN_WAIT_2 : TCP_LINGERS_MAX;

	return ++c->lingers < (c->tcp->waiting_used > 0 ? most / TCP_LINGERS_CROWDED : most);
}

/* FIN-WAIT-2 ends in silence, as if TIME-WAIT were over; other states tell the peer. */
static void linger_over(struct tcp_conn *c)
{
	if (c->state == TCP_FIN_WAIT_2)
		tcp_conn_end(c, OK);
	else
		tcp_conn_abort(c);
}

void tcp_conn_watch(struct tcp_conn *c, uint64_t now_us)
{
	if (conn_orphaned(c))
		c->watch_us = now_us + TCP_LINGER_US;
	else if (tcp_parts.keepalive && c->tcp->keepalive != NULL)
		c->tcp->keepalive->begin(c, now_us);
}

/* False: the connection is over. */
static bool watch_over(struct tcp_conn *c, uint64_t now_us)
{
	if (tcp_parts.keepalive && !conn_orphaned(c))
		return c->tcp->keepalive->expired(c, now_us);
	if (!may_linger(c)) {
		linger_over(c);
		return false;
	}
	c->watch_us = now_us + TCP_LINGER_US;
	return true;
}

void tcp_conn_timeout(struct tcp_conn *c, uint64_t now_us)
{
	if (c->watch_us <= now_us && !watch_over(c, now_us))
		return;
	if (c->ack_us <= now_us) {
		c->ack_us = TIME_NEVER;
		c->ack_now = true;
		tcp_conn_pend(c);
	}
	if (c->rexmit_us <= now_us) {
		rexmit_timeout(c, now_us);
		return; /* it may be gone; output arms the timer */
	}
	tcp_conn_arm(c);
}
