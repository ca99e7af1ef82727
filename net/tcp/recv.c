/* SPDX-License-Identifier: ISC */
/*
 * Received bytes: what is taken, how it is kept for the user without a copy, and which window is
 * announced for more.
 *
 * A packet of one byte occupies a whole receive buffer of the device. Three bounds keep a stranger
 * from pinning them all: few bytes are copied behind the packet before them; a connection holds at
 * most config.recv_packets; and none has more than it leaves for others (may_hold()). What is
 * refused is not acknowledged, so the peer sends it again.
 *
 * The window promises no more than config.recv_packets can hold if each is full (packet_room()). A
 * peer that sends short segments into a large window would need more packets than that; so what
 * no longer fits into packets of its own fills up the last one (fits_alone()), and the promise
 * holds.
 */
#include "net/tcp/tcp_internal.h"

#include "base/counter.h"

enum { PACKETS_MAX = 1 << 14 }; /* full ones of these are more than any window */

/* --- packets --------------------------------------------------------------------------------- */

/* Segments that a device has put together, where there is one that can. */
ALWAYS_INLINE bool is_run(const struct pkt *p)
{
	return (netif_features_any & NETIF_COALESCE) != 0 && p->more != NULL;
}

/* Removes bytes from one packet of a run; returns how many it does not have. */
static uint32_t pull_one(struct pkt *p, uint32_t bytes)
{
	uint32_t n = MIN(bytes, p->len);
	unsigned gone = 0;

	pkt_pull(p, n);
	for (bytes -= n; bytes > 0 && gone < p->n_pieces; bytes -= n) {
		struct slice *s = &p->piece[gone];
		n = (uint32_t)MIN((size_t)bytes, s->len);
		s->data += n;
		s->len -= n;
		p->rest_bytes -= n;
		if (s->len > 0)
			continue;
		ref_put(s->owner);
		gone++;
	}
	p->n_pieces -= (uint8_t)gone;
	memmove(p->piece, p->piece + gone, p->n_pieces * sizeof(p->piece[0]));
	return bytes;
}

void tcp_pkt_pull(struct pkt *p, uint32_t bytes)
{
	struct pkt *first = p;

	while ((bytes = pull_one(p, bytes)) > 0) {
		if (p == first)
			first->rest_bytes -= bytes;
		p = p->more;
		assert(p != NULL);
	}
}

bool tcp_recv_coalesce(const struct tcp_conn *c, struct pkt *tail, struct pkt *p, uint32_t len)
{
	bool crowded = c->rcv.packets > c->tcp->config->recv_packets / 2;

	if ((len > TCP_COALESCE_BYTES && !crowded) || tail->n_pieces > 0 ||
	    len > pkt_tailroom(tail))
		return false;
	for (unsigned i = 0; i <= p->n_pieces; i++) {
		struct slice s = pkt_slice(p, i);
		memcpy(pkt_append(tail, (uint32_t)s.len), s.data, s.len);
	}
	return true;
}

void tcp_recv_drop(struct tcp_conn *c, struct pkt *p)
{
	c->rcv.packets--;
	c->tcp->held--;
	pkt_put(p);
}

/*
 * May `n` more packets of p's pool be kept in order? The users' are counted with those in the
 * queues: an echo holds what it received, by reference, until the peer acknowledges it, which may
 * never happen. So a connection that has packets may have no more than are left for others above a
 * quarter of the pool, and most of that quarter is for connections that have none, so that those
 * who read go on while others do not. A sixteenth stays free, whoever has all the others: the
 * acknowledgements that free those arrive in it.
 */
HOT(input) static bool leaves_enough(const struct tcp_conn *c, const struct pkt *p, uint32_t n)
{
	uint32_t free = pool_available(&p->pool->pool), count = p->pool->pool.count;
	uint32_t has = c->rcv.packets + c->snd.pinned + n - 1;

	return has == 0 ? free > count / 16 : free > (count - 1) / 4 + has;
}

static bool may_hold(struct tcp_conn *c, const struct pkt *p)
{
	/* One that is out of order makes way: what it is good for is what comes in order now. */
	if (c->rcv.packets >= c->tcp->config->recv_packets && !tcp_gap_evict(c, c->rcv.nxt))
		return false;
	return leaves_enough(c, p, 1);
}

/* Bytes that fit in packets not yet taken, in segments as long as the peer may send them. `more`
 * will be taken first. Those out of order are not counted: they make way. */
static inline uint32_t packet_room(const struct tcp_conn *c, uint32_t more)
{
	uint32_t used = c->rcv.packets - (tcp_parts.reassembly ? c->rcv.gap_packets : 0) + more;
	uint32_t max = c->tcp->config->recv_packets;

	return used < max ? MIN(max - used, (uint32_t)PACKETS_MAX) * c->rcv.packet_bytes : 0;
}

/* Is what was promised beyond `len` bytes still possible if their `places` packets, of which p is
 * the last one, are taken as they are? */
static bool fits_alone(const struct tcp_conn *c, struct pkt *p, uint32_t len, uint32_t places)
{
	uint32_t promised = conn_recv_window(c), tail = p->n_pieces == 0 ? pkt_tailroom(p) : 0;

	return promised <= len || promised - len <= packet_room(c, places) + tail;
}

/* Moves bytes from the front of p behind those of `tail`, as many as fit there. */
static uint32_t fill(struct pkt *tail, struct pkt *p, uint32_t len)
{
	uint32_t done = 0;

	if (tail->n_pieces > 0)
		return 0;
	for (unsigned i = 0; i <= p->n_pieces && done < len; i++) {
		struct slice s = pkt_slice(p, i);
		uint32_t n = MIN((uint32_t)s.len, pkt_tailroom(tail));
		memcpy(pkt_append(tail, n), s.data, n);
		done += n;
	}
	tcp_pkt_pull(p, done);
	return done;
}

/* Puts the packets from p to `last`, with `bytes` new ones, at the end of the queue. */
ALWAYS_INLINE void push(struct tcp_conn *c, struct pkt *p, struct pkt *last, uint32_t bytes)
{
	if (c->rcv.head == NULL)
		c->rcv.head = p;
	else
		c->rcv.tail->more = p;
	c->rcv.tail = last;
	c->rcv.bytes += bytes;
}

/* Whether a packet behind another is queued as it is, as nearly all full ones are, without a look
 * at the one before it: append_to_tail() would do nothing. */
static inline bool goes_alone(const struct tcp_conn *c, uint32_t len)
{
	return len > TCP_COALESCE_BYTES && c->rcv.packets <= c->tcp->config->recv_packets / 2 &&
	       conn_recv_left(c) <= (int32_t)(len + packet_room(c, 1));
}

/* Puts what it can of the packet, which takes `places`, behind the last one in the queue, if there
 * is one; returns how many bytes. */
static NOINLINE uint32_t append_to_tail(struct tcp_conn *c, struct pkt *p, uint32_t len,
					uint32_t places)
{
	struct pkt *tail = c->rcv.tail;
	uint32_t n = 0;

	if (c->rcv.head == NULL)
		return 0;
	if (tcp_recv_coalesce(c, tail, p, len))
		n = len;
	else if (!fits_alone(c, p, len, places))
		n = fill(tail, p, len);
	c->rcv.bytes += n;
	return n;
}

void tcp_recv_append_held(struct tcp_conn *c, struct pkt *p, uint32_t len)
{
	uint32_t copied = append_to_tail(c, p, len, 0);

	if (copied == len) {
		tcp_recv_drop(c, p);
		return;
	}
	push(c, p, p, len - copied);
}

/* Whether the packet is queued without a look at any other, as it nearly always is. */
static inline bool is_kept(const struct tcp_conn *c, const struct pkt *p, uint32_t len)
{
	return !is_run(p) && !conn_has_gap(c) && (c->rcv.head == NULL || goes_alone(c, len)) &&
	       c->rcv.packets < c->tcp->config->recv_packets && leaves_enough(c, p, 1);
}

/* Takes a run as it is, if all its packets may be kept, which are looked at only to count them;
 * else nothing, and it is to be taken apart. */
static NOINLINE bool append_run(struct tcp_conn *c, struct pkt *p, uint32_t len)
{
	struct pkt *last = p;
	uint32_t n = 1;

	for (; last->more != NULL; last = last->more)
		n++;
	if (p->len == 0 || conn_has_gap(c) ||
	    n > (uint32_t)c->tcp->config->recv_packets - c->rcv.packets ||
	    !leaves_enough(c, p, n) || !fits_alone(c, last, len, n))
		return false;
	p->rest_bytes = pkt_piece_bytes(p); /* of the queue rcv.bytes tells */
	push(c, p, last, len);
	c->rcv.packets += (uint16_t)n;
	c->tcp->held += n;
	return true;
}

/* Gives the first packet of the queue back. */
ALWAYS_INLINE void drop_first(struct tcp_conn *c)
{
	c->rcv.head = pkt_put_first(c->rcv.head);
	c->rcv.packets--;
	c->tcp->held--;
}

void tcp_recv_purge(struct tcp_conn *c)
{
	while (c->rcv.head != NULL)
		drop_first(c);
	c->rcv.bytes = 0;
}

/* --- the window ------------------------------------------------------------------------------ */

/* Where the window's right edge could be: what is queued and not yet read takes from it. */
static inline uint32_t edge_possible(const struct tcp_conn *c)
{
	uint32_t max = c->rcv.size;
	uint32_t space = c->rcv.bytes < max ? max - c->rcv.bytes : 0;

	return seq_max(c->rcv.nxt + MIN(space, packet_room(c, 0)), c->rcv.edge);
}

SELDOM uint16_t tcp_syn_window(const struct tcp *tcp, uint32_t mss)
{
	uint32_t packets = MIN(tcp->config->recv_packets, (uint32_t)PACKETS_MAX);
	uint32_t window = MIN(tcp->recv_initial, packets * MIN(mss, (uint32_t)TCP_PACKET_BYTES));
	return (uint16_t)MIN(window, (uint32_t)UINT16_MAX);
}

/* Where the edge goes: on by a good part of the buffer or a segment, or nowhere (section
 * 3.8.6.2.2). */
HOT(output) static inline uint32_t edge_wanted(const struct tcp_conn *c)
{
	uint32_t least = MIN(c->rcv.size / 2, (uint32_t)c->rcv.mss);

	/* As mostly: so much is promised that not even an empty buffer had room for that. */
	if (conn_recv_left(c) > (int32_t)(c->rcv.size - least))
		return c->rcv.edge;
	uint32_t edge = edge_possible(c);
	return edge - c->rcv.edge >= least ? edge : c->rcv.edge;
}

HOT(output) inline uint16_t tcp_recv_announce(struct tcp_conn *c)
{
	c->rcv.edge = edge_wanted(c);
	/* Rounded down to the scale; the promised edge stays in force (RFC 7323 section 2.4). */
	uint32_t field = conn_recv_window(c) >> c->rcv.scale;
	return (uint16_t)MIN(field, (uint32_t)UINT16_MAX);
}

/* Whether the peer is told in time, before it has used up what it was offered; while more than half
 * is left, the next acknowledgement will do. */
ALWAYS_INLINE bool may_tell_of_room(const struct tcp_conn *c)
{
	return conn_recv_left(c) < (int32_t)(c->rcv.size / 2);
}

/* The same of less than a packet, or more than one, or where the peer may have to be told. */
static NOINLINE void consume_any(struct tcp_conn *c, size_t bytes)
{
	struct pkt *p = c->rcv.head;
	uint32_t n = 0;

	for (; bytes > 0; n++) {
		uint32_t len = p->len + p->rest_bytes;
		if (bytes < len) {
			tcp_pkt_pull(p, (uint32_t)bytes);
			break;
		}
		bytes -= len;
		p = c->rcv.head = pkt_put_first(p);
	}
	c->rcv.packets -= (uint16_t)n;
	c->tcp->held -= n;
	if (may_tell_of_room(c) && c->state != TCP_CLOSED && edge_wanted(c) != c->rcv.edge) {
		c->ack_now = true;
		tcp_conn_wake(c);
	}
}

HOT(output) void tcp_recv_consume(struct tcp_conn *c, size_t bytes)
{
	const struct pkt *p = c->rcv.head;

	assert(bytes <= c->rcv.bytes);
	c->rcv.bytes -= (uint32_t)bytes;
	if (LIKELY(p != NULL && bytes == p->len && p->n_pieces == 0 && !may_tell_of_room(c)))
		drop_first(c);
	else
		consume_any(c, bytes);
}

/* --- arrival (section 3.10.7.4, seventh and eighth) ------------------------------------------ */

SELDOM void tcp_recv_trim(struct tcp_segment *s, uint32_t start)
{
	if (!seq_lt(s->seq, start))
		return;
	uint32_t old = MIN(start - s->seq, s->len);
	tcp_pkt_pull(s->p, old);
	s->seq += old;
	s->len -= old;
}

/* Cuts what lies at or beyond `edge`, the FIN included. True if that was something. */
static bool trim_back(struct tcp_segment *s, uint32_t edge)
{
	uint32_t end = s->seq + s->len + ((s->flags & TCP_FIN) != 0);

	if (seq_le(end, edge))
		return false;
	s->flags &= (uint8_t)~TCP_FIN;
	s->len = seq_gt(edge, s->seq) ? MIN(s->len, edge - s->seq) : 0;
	pkt_trim(s->p, s->len);
	return true;
}

/* Section 3.8.6.3: every second full segment at once, else after a while. */
static void schedule_ack(struct tcp_conn *c, uint64_t now_us)
{
	if (c->rcv.nxt - c->rcv.acked >= 2u * c->rcv.mss)
		c->ack_now = true;
	else if (c->ack_us == TIME_NEVER)
		c->ack_us = now_us + TCP_DELAYED_ACK_US;
}

/* There was no room for what was in its place: says again what is wanted. */
static NOINLINE void refused(struct tcp_conn *c)
{
	c->ack_now = true;
	if (tcp_parts.tuning && c->tcp->config->tuning)
		tcp_tuning_release(c);
}

/* What is behind the gap that was filled. */
static NOINLINE void gap_filled(struct tcp_conn *c)
{
	uint32_t before = c->rcv.nxt;

	tcp_gap_close(c);
	COUNT_BY(c->tcp->stats.bytes_in, c->rcv.nxt - before);
	c->ack_now = true; /* RFC 5681 section 4.2: at once */
}

/* `taken` bytes of a segment of `len` are in the queue, and fill no gap. */
HOT(input)
static inline void advance(struct tcp_conn *c, uint64_t now_us, uint32_t taken, uint32_t len)
{
	struct tcp *tcp = c->tcp;

	c->rcv.nxt += taken;
	COUNT_BY(tcp->stats.bytes_in, taken);
	c->rcv.dup_acks = 0;
	if (UNLIKELY(len > c->rcv.mss))
		c->rcv.mss = (uint16_t)MIN(len, (uint32_t)c->rcv.mss_max);
	schedule_ack(c, now_us);
	tcp_conn_raise(c, FLOW_READABLE);
	if (tcp_parts.tuning && tcp->config->tuning)
		tcp_tuning_arrived(c, now_us);
}

/* Queues a segment of `len` bytes of which `copied` are in the queue already, the others in p. */
static inline void queue(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t len,
			 uint32_t copied)
{
	push(c, p, p, len - copied);
	c->rcv.packets++;
	c->tcp->held++;
	advance(c, now_us, len, len);
}

/* Takes a packet that begins at RCV.NXT, after a look at what is there already. False: not all of
 * it, and it is still the caller's. */
static bool take(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t len)
{
	uint32_t copied = append_to_tail(c, p, len, 1);

	if (copied < len && may_hold(c, p)) {
		queue(c, now_us, p, len, copied);
		return true;
	}
	if (copied == len) {
		pkt_put(p);
	} else {
		COUNT(c->tcp->stats.out_of_memory);
		refused(c);
	}
	if (copied > 0)
		advance(c, now_us, copied, len);
	return copied == len;
}

/* Takes a packet, or a run apart: each packet is a buffer that is kept or refused by itself. A run
 * was several segments, of which the third makes a peer without SACK send again what is missing
 * (RFC 5681 section 3.2): so many are answered. Given the packets. */
static NOINLINE void take_parts(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s)
{
	uint32_t dup_acks = c->rcv.dup_acks + 3u;
	bool refused = false;

	while (s->p != NULL && !refused) {
		struct pkt *more = pkt_split_run(s->p);
		uint32_t next;
		s->len = (uint32_t)pkt_bytes(s->p);
		next = s->seq + s->len;
		tcp_recv_trim(s, c->rcv.nxt); /* a gap that the one before has closed */
		if (s->len > 0 && s->seq == c->rcv.nxt) {
			/* If not, there is no room for what follows either. */
			refused = !take(c, now_us, s->p, s->len);
			if (!refused)
				s->p = NULL;
			if (!refused && conn_has_gap(c))
				gap_filled(c);
		} else if (s->len > 0) {
			tcp_gap_insert(c, s);
		}
		if (s->p != NULL)
			pkt_put(s->p);
		s->p = more;
		s->seq = next;
	}
	if (s->p != NULL)
		pkt_put(s->p);
	c->rcv.dup_acks = (uint8_t)MIN(c->rcv.dup_acks, dup_acks);
}

/* The same of what begins at RCV.NXT. */
static NOINLINE void take_or_drop(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t len)
{
	struct tcp_segment s = {.p = p, .seq = c->rcv.nxt, .len = len};

	if (is_run(p) && append_run(c, p, len))
		advance(c, now_us, len, len);
	else
		take_parts(c, now_us, &s);
}

HOT(input)
inline void tcp_recv_next(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t len)
{
	if (LIKELY(is_kept(c, p, len)))
		queue(c, now_us, p, len, 0);
	else
		take_or_drop(c, now_us, p, len);
}

/* Seventh, for text that ends within the window: takes it, or keeps it for later. */
static void text_arrived(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s)
{
	if (s->seq == c->rcv.nxt)
		tcp_recv_next(c, now_us, s->p, s->len);
	else
		take_parts(c, now_us, s);
	s->p = NULL;
}

/* Eighth: check the FIN bit. All before it has been received. */
static void fin_arrived(struct tcp_conn *c, uint64_t now_us)
{
	c->rcv.nxt++;
	c->eof = true;
	c->ack_now = true;
	tcp_gap_purge(c);
	tcp_conn_raise(c, FLOW_READABLE);
	if (c->state == TCP_ESTABLISHED)
		c->state = TCP_CLOSE_WAIT;
	else if (c->state == TCP_FIN_WAIT_1)
		c->state = TCP_CLOSING; /* had our FIN been acknowledged, this were FIN-WAIT-2 */
	else
		tcp_time_wait_enter(c, now_us, true);
}

void tcp_recv_text(struct tcp_conn *c, uint64_t now_us, struct tcp_segment *s)
{
	if (c->eof) /* CLOSE-WAIT, CLOSING, LAST-ACK: there can be nothing more */
		return;
	tcp_recv_trim(s, c->rcv.nxt);
	if (trim_back(s, c->rcv.edge))
		c->ack_now = true;
	if (c->has_fin)
		(void)trim_back(s, c->rcv.fin_seq); /* there is nothing behind the end */
	if (s->len > 0 && conn_orphaned(c)) {
		/* Section 3.6.1, RFC 2525 section 2.17: nobody will ever read this. */
		tcp_conn_abort(c);
		return;
	}
	if ((s->flags & TCP_FIN) != 0) {
		c->has_fin = true;
		c->rcv.fin_seq = s->seq + s->len;
	}
	if (s->len > 0)
		text_arrived(c, now_us, s);
	if (c->has_fin && c->rcv.nxt == c->rcv.fin_seq)
		fin_arrived(c, now_us);
}
