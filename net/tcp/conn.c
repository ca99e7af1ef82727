/* SPDX-License-Identifier: ISC */
/*
 * The life of a connection: made, established, ended, freed.
 */
#define HOT_FILE

#include "net/tcp/tcp_internal.h"
#include "net/tcp/tcp_memory.h"

#include "base/counter.h"

void tcp_conn_set_route(struct tcp_conn *c, const struct ip_route *route)
{
	c->features = (uint16_t)route->features;
	if (tcp_cuts())
		c->tso_bytes = route->tso_bytes;
	c->way = route->way; /* perhaps by another interface now */
	c->path_mtu = MIN(c->path_mtu, route->mtu);
	c->rcv.mss_max = tcp_announced_mss(route, &c->ep.tuple);
	c->rcv.packet_bytes = MIN(c->rcv.mss_max, TCP_PACKET_BYTES);
	tcp_conn_set_mss(c);
}

/* The effective send MSS (section 3.7.1, RFC 6691), less the options of each data segment. */
SELDOM uint32_t tcp_mss_of_mtu(uint32_t mtu, const struct tcp_tuple *t)
{
	uint32_t overhead = (inet_is_v4(&t->remote) ? 20 : 40) + TCP_HEADER_BYTES;
	return MAX(mtu, overhead + TCP_MSS_MIN) - overhead;
}

void tcp_conn_set_mss(struct tcp_conn *c)
{
	uint32_t mss = MIN(tcp_mss_of_mtu(c->path_mtu, &c->ep.tuple), c->snd.peer_mss);
	mss = MAX(mss, (uint32_t)TCP_MSS_MIN);
	if (conn_has_ts(c))
		mss -= TCP_TS_BYTES;
	c->snd.mss = (uint16_t)mss;
}

struct tcp_conn *tcp_conn_new(struct tcp *tcp, const struct tcp_tuple *tuple, uint32_t hash)
{
	struct tcp_conn *c = tcp_entry_new(&tcp->conns);

	if (c == NULL) {
		COUNT(tcp->stats.out_of_memory);
		return NULL;
	}
	tcp_table_insert(tcp, &c->ep, TCP_CONN, tuple, hash);
	c->ep.deadline_us = TIME_NEVER;
	c->tcp = tcp;
	c->nagle = tcp->config->nagle;
	c->snd.timeout_s = TCP_AS_CONFIGURED;
	c->rcv.silence_s = TCP_AS_CONFIGURED;
	c->flow.ops = &tcp_flow_ops;
	c->path_mtu = UINT16_MAX;
	c->rexmit_us = c->ack_us = c->watch_us = TIME_NEVER;
	c->snd.peer_mss = tcp_mss_default(tuple);
	c->rcv.size = tcp->recv_initial;
	c->rcv.mss = 536; /* until a longer one has been seen */
	list_init(&c->ready);
	list_init(&c->starved);
	rto_init(&c->rto);
	return c;
}

void tcp_conn_peer_options(struct tcp_conn *c, const struct tcp_options *o)
{
	c->sack = o->sack && c->tcp->config->sack;
	if (o->mss != 0)
		c->snd.peer_mss = o->mss;
	/* RFC 7323 section 2.2: windows are scaled only if both sides have said so. */
	if (o->has_scale) {
		c->peer_scales = true;
		c->snd.scale = o->scale;
		c->rcv.scale = c->tcp->recv_scale;
	}
	tcp_conn_set_mss(c);
}

SELDOM void tcp_conn_answered(struct tcp_conn *c, uint64_t now_us, uint32_t echo)
{
	if (c->syn_lost)
		tcp_ts_measure_syn(c, now_us, echo);
	else if (c->rto.timed_us != 0)
		rto_sample(&c->rto, (uint32_t)now_us - c->rto.timed_us, 1);
	tcp_conn_established(c);
}

void tcp_conn_established(struct tcp_conn *c)
{
	c->state = c->fin_queued ? TCP_FIN_WAIT_1 : TCP_ESTABLISHED;
	/* The SYN has arrived, even if it was about to be sent once more. */
	c->snd.una = c->snd.nxt = c->snd.iss + 1;
	if (tcp_parts.ecn)
		c->cwr_end = c->snd.iss;
	const struct tcp_cc_ops *ops = c->tcp->config->congestion;
	cc_init(&c->cc, ops != NULL ? ops : &tcp_newreno, c->snd.mss, c->snd.iss, c->syn_lost);
	if (c->syn_lost && !c->rto.measured)
		c->rto.rto_us = RTO_AFTER_SYN_LOSS_US; /* RFC 6298 (5.7) */
	c->rto.retries = 0;
	c->rto.backoff = 0;
	c->rexmit_us = TIME_NEVER;
}

HOT(input) void tcp_pend(struct tcp *tcp, struct tcp_endpoint *ep)
{
	if (!list_linked(&ep->pending))
		list_push_back(&tcp->pending, &ep->pending);
}

SELDOM void tcp_conn_pend(struct tcp_conn *c)
{
	tcp_pend(c->tcp, &c->ep);
}

SELDOM void tcp_conn_wake(struct tcp_conn *c)
{
	tcp_conn_pend(c);
	tcp_wake(c->tcp);
}

HOT(input) void tcp_conn_raise(struct tcp_conn *c, unsigned events)
{
	if (conn_orphaned(c))
		return;
	c->events |= (uint8_t)events;
	if (!list_linked(&c->ready))
		list_push_back(&c->tcp->ready, &c->ready);
}

bool tcp_may_challenge(struct tcp *tcp, struct tcp_endpoint *ep, uint64_t now_us)
{
	/* A limit for each endpoint: a common one would tell a stranger, who can use it up,
	 * whether his guesses at others hit. */
	uint16_t now = (uint16_t)(now_us >> 16);
	if ((uint16_t)(now - ep->challenged) < TCP_CHALLENGE_US >> 16)
		return false;
	ep->challenged = now;
	COUNT(tcp->stats.challenge_acks);
	return true;
}

void tcp_conn_challenge(struct tcp_conn *c, uint64_t now_us)
{
	if (!tcp_may_challenge(c->tcp, &c->ep, now_us))
		return;
	c->ack_now = true;
	tcp_conn_pend(c);
}

HOT(output) void tcp_conn_arm(struct tcp_conn *c)
{
	uint64_t first = MIN(MIN(c->rexmit_us, c->ack_us), c->watch_us);

	/* A deadline that moved away costs nothing here: the timer fires early and is set anew,
	 * which is once in many segments. */
	if (first < c->ep.deadline_us)
		tcp_timer_set(c->tcp, &c->ep, first);
}

static void release_window(struct tcp_conn *c)
{
	if (tcp_parts.tuning && c->tcp->config->tuning)
		tcp_tuning_release(c);
}

/* Takes the connection out of everything that finds it, but for the user's hands. */
static void detach(struct tcp_conn *c)
{
	struct tcp *tcp = c->tcp;

	tcp_table_remove(tcp, &c->ep);
	tcp_timer_stop(tcp, &c->ep);
	list_remove(&c->ep.pending);
	list_remove(&c->starved);
	c->rexmit_us = c->ack_us = c->watch_us = TIME_NEVER;
	c->state = TCP_CLOSED;
	c->plain = false;
	tcp_send_purge(c);
	tcp_gap_purge(c);
	c->rcv.edge = c->rcv.nxt; /* nothing is promised any more */
	release_window(c);
}

/* Out of the user's hands, too, with what was received. */
static SELDOM void let_go(struct tcp_conn *c)
{
	detach(c);
	list_remove(&c->ready);
	tcp_recv_purge(c);
	release_window(c);
	c->owned = false;
	c->accept_due = false;
}

void tcp_conn_free(struct tcp_conn *c)
{
	let_go(c);
	pool_put(&c->tcp->conns, c);
}

void tcp_conn_end(struct tcp_conn *c, enum err error)
{
	if (error != OK) {
		COUNT(c->tcp->stats.failed);
		c->error = (int8_t)error;
		tcp_conn_raise(c, FLOW_FAILED);
	}
	if (c->owned)
		detach(c); /* what was received stays: the user may be looking at it */
	else
		tcp_conn_free(c);
}

/* Section 3.10.5. A FIN is queued behind the bytes: as long as there are some, the states that
 * begin with it are, to the peer, those before it. */
static bool wants_reset(const struct tcp_conn *c)
{
	bool ends = c->state == TCP_CLOSING || c->state == TCP_LAST_ACK;

	return c->state > TCP_SYN_SENT && (!ends || c->snd.bytes > 0);
}

SELDOM void tcp_conn_abort(struct tcp_conn *c)
{
	if (!wants_reset(c)) {
		tcp_conn_free(c);
		return;
	}
	/* It stays in its place, found by nothing, until the next poll has sent the reset. */
	let_go(c);
	c->rst_due = true;
	tcp_conn_pend(c);
}

SELDOM void tcp_conn_shutdown(struct tcp_conn *c)
{
	if (c->fin_queued)
		return;
	c->fin_queued = true;
	c->plain = false;
	if (c->state == TCP_ESTABLISHED)
		c->state = TCP_FIN_WAIT_1;
	else if (c->state == TCP_CLOSE_WAIT)
		c->state = TCP_LAST_ACK;
}
