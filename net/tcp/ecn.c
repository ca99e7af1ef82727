/* SPDX-License-Identifier: ISC */
/*
 * Explicit congestion notification (RFC 3168): routers mark what they would have to drop soon. The
 * receiver tells the sender of a mark until it hears that the sender has taken it for what it is, a
 * loss without a retransmission.
 */
#include "net/tcp/input.h"

#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

bool tcp_ecn_wanted(const struct tcp *tcp, const struct tcp_segment *syn)
{
	const uint8_t both = TCP_ECE | TCP_CWR; /* section 6.1.1 */
	return tcp->config->ecn != TCP_ECN_OFF && (syn->flags & both) == both;
}

/* Section 6.1.3. Each is answered at once: the peer waits for neither. */
static void receive_mark(struct tcp_conn *c, const struct tcp_segment *s)
{
	if ((s->flags & TCP_CWR) != 0 && s->len > 0)
		c->ecn_echo = false;
	if (!s->marked)
		return;
	COUNT(c->tcp->stats.marked);
	c->ecn_echo = true;
	c->ack_now = true;
}

/* The segment that tells the peer begins there: until it is acknowledged, too, echoes are old ones.
 * An end beyond all that was sent is one of 2 GiB ago. */
static bool is_old_echo(const struct tcp_conn *c)
{
	return seq_le(c->snd.una, c->cwr_end) && seq_le(c->cwr_end, c->snd.max);
}

/* Section 6.1.2: once in a window of data, losses included. */
static void take_echo(struct tcp_conn *c)
{
	if (c->snd.una == c->snd.max || c->cc.recovery || seq_lt(c->snd.una, c->cc.recover) ||
	    is_old_echo(c))
		return;
	COUNT(c->tcp->stats.echoed);
	cc_reduce(&c->cc, c->snd.mss, c->snd.una, c->snd.max);
	c->cwr_end = c->snd.max;
	c->cwr_due = true;
}

void tcp_ecn_input(struct tcp_conn *c, const struct tcp_segment *s)
{
	receive_mark(c, s);
	if ((s->flags & TCP_ECE) != 0)
		take_echo(c);
}

uint8_t tcp_ecn_flags(struct tcp_conn *c, bool new)
{
	uint8_t flags = c->ecn_echo ? TCP_ECE : 0;

	if (new && c->cwr_due) {
		c->cwr_due = false;
		flags |= TCP_CWR;
	}
	return flags;
}
