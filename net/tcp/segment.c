/* SPDX-License-Identifier: ISC */
/*
 * The TCP header: parsing, emitting, checksum (section 3.1).
 */
#include "base/bytes.h"
#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_SACK = 5,
	OPTION_TS = 8,
	BLOCK_BYTES = 8,
	SCALE_MAX = 14, /* RFC 7323 section 2.3 */
	CHECKSUM_OFFSET = 16,
	ECN_ECT_0 = 2, /* of the network layer: RFC 3168 section 5 */
	ECN_CE = 3,
};

/* --- options (section 3.2, RFC 7323 sections 2.2 and 3.2, RFC 2018) -------------------------- */

#define OPTION(kind, bytes) ((unsigned)OPTION_##kind << 8 | (bytes))

static void option_take(struct tcp_segment *s, uint8_t kind, uint8_t size, const uint8_t *body)
{
	struct tcp_options *o = &s->options;

	switch ((unsigned)kind << 8 | size) {
	case OPTION(MSS, 4):
		o->mss = load_be16(body);
		break;
	case OPTION(SCALE, 3):
		o->has_scale = true;
		o->scale = MIN(body[0], SCALE_MAX);
		break;
	case OPTION(SACK_PERMITTED, 2):
		o->sack = tcp_parts.sack;
		break;
	case OPTION(TS, 10):
		if (!tcp_parts.timestamps)
			break;
		o->has_ts = true;
		s->ts = load_be32(body);
		s->ts_echo = load_be32(body + 4);
		break;
	case OPTION(SACK, 10):
	case OPTION(SACK, 18):
	case OPTION(SACK, 26):
	case OPTION(SACK, 34):
		if (!tcp_parts.sack)
			break;
		s->block = body;
		s->blocks = size / BLOCK_BYTES;
		break;
	default:
		break;
	}
}

/* Unknown options are skipped by their length; a length that cannot be ends the parsing. */
static void options_parse(struct tcp_segment *s, const uint8_t *bytes, uint32_t len)
{
	if (tcp_parts.timestamps && len == TCP_TS_BYTES &&
	    load_be32(bytes) == TCP_TS_HEAD) { /* nearly always */
		s->options.has_ts = true;
		s->ts = load_be32(bytes + 4);
		s->ts_echo = load_be32(bytes + 8);
		return;
	}
	const uint8_t *end = bytes + len;
	while (bytes < end) {
		uint8_t kind = *bytes++;
		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		/* Its length, which counts kind and length, ends within the options. */
		if (bytes == end || *bytes < 2 || end - bytes < *bytes - 1)
			return;
		uint8_t size = *bytes;
		option_take(s, kind, size, bytes + 1);
		bytes += size - 1;
	}
}

/* Each option is padded to words, so that those behind it stay aligned. */
static uint32_t head(uint32_t kind, uint32_t bytes)
{
	return OPTION_NOP << 24 | OPTION_NOP << 16 | kind << 8 | bytes;
}

ALWAYS_INLINE void ts_emit(uint8_t *at, uint32_t ts, uint32_t ts_echo)
{
	store_be32(at, TCP_TS_HEAD);
	store_be32(at + 4, ts);
	store_be32(at + 8, ts_echo);
}

/* Returns where they end. */
static uint8_t *options_emit(const struct tcp_header *h, uint8_t *at, uint8_t scale)
{
	const struct tcp_options *o = &h->options;

	if (tcp_parts.timestamps && o->has_ts) {
		ts_emit(at, h->ts, h->ts_echo);
		at += TCP_TS_BYTES;
	}
	if ((h->flags & TCP_SYN) != 0) {
		store_be32(at, (uint32_t)(OPTION_MSS << 24 | 4 << 16 | o->mss));
		at += 4;
		if (tcp_parts.sack && o->sack) {
			store_be32(at, head(OPTION_SACK_PERMITTED, 2));
			at += 4;
		}
		if (o->has_scale) {
			store_be32(at, (uint32_t)(OPTION_NOP << 24 | OPTION_SCALE << 16 | 3 << 8 |
						  scale));
			at += 4;
		}
	}
	return at;
}

/* Returns how many bytes they take in front of the packet. */
static uint32_t blocks_emit(const struct tcp_news *news, struct pkt *p)
{
	uint32_t bytes = news->blocks * (uint32_t)BLOCK_BYTES;

	if (bytes == 0)
		return 0;
	uint8_t *at = pkt_push(p, 4 + bytes);
	store_be32(at, head(OPTION_SACK, 2 + bytes));
	for (const struct tcp_range *r = news->block; r < news->block + news->blocks; r++) {
		at += BLOCK_BYTES;
		store_be32(at - 4, r->start);
		store_be32(at, r->end);
	}
	return 4 + bytes;
}

/* --- checksum (section 3.1, RFC 1071) -------------------------------------------------------- */

static bool checksum_ok(const struct pkt *p, const struct ip_meta *meta, uint32_t bytes)
{
	if ((netif_features_any & NETIF_CSUM_RX) != 0 && (p->flags & PKT_CSUM_OK) != 0)
		return true;
	return csum_is_intact(
		pkt_csum(ip_pseudo_sum_of(&meta->src, &meta->dst, IP_PROTO_TCP, bytes), p));
}

/* --- the whole segment ----------------------------------------------------------------------- */

bool tcp_segment_check(struct tcp *tcp, const struct pkt *p, const struct ip_meta *meta)
{
	/* Section 3.9.2.3: what was sent to many is not for TCP. */
	if (UNLIKELY(meta->broadcast)) {
		COUNT(tcp->stats.to_many);
		return false;
	}
	/* The header lies in the first piece (base/pkt.h); one that does not is not one. */
	if (UNLIKELY(p->len < TCP_HEADER_BYTES)) {
		COUNT(tcp->stats.bad_header);
		return false;
	}
	if (UNLIKELY(!checksum_ok(p, meta, (uint32_t)pkt_bytes(p)))) {
		COUNT(tcp->stats.bad_checksum);
		return false;
	}
	return true;
}

bool tcp_segment_parse(struct pkt *p, const struct ip_meta *meta, struct tcp_segment *s)
{
	const uint8_t *h = p->data;
	uint32_t header = tcp_header_bytes(p);

	s->p = p;
	if (header < TCP_HEADER_BYTES || header > p->len)
		return false;
	s->seq = load_be32(h + 4);
	s->ack = load_be32(h + 8);
	s->len = (uint32_t)pkt_bytes(p) - header;
	s->flags = h[13];
	s->span = s->len + ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);
	s->marked = tcp_parts.ecn && (meta->tos & ECN_CE) == ECN_CE;
	s->window = load_be16(h + 14);
	s->blocks = 0;
	s->options = (struct tcp_options){0};
	if (header > TCP_HEADER_BYTES)
		options_parse(s, h + TCP_HEADER_BYTES, header - TCP_HEADER_BYTES);
	p->data += header;
	p->len -= header;
	return true;
}

/* All but the options; `bytes` with them, a multiple of four, is counted in words. */
ALWAYS_INLINE void fixed_emit(uint8_t *at, const struct tcp_tuple *tuple, uint32_t seq,
			      uint32_t ack, uint32_t bytes, uint8_t flags, uint16_t window)
{
	uint32_t ports = tcp_tuple_ports(tuple); /* as the peer writes them: the other way round */
	store_be32(at, ports << 16 | ports >> 16);
	store_be32(at + 4, seq);
	store_be32(at + 8, ack);
	store_be32(at + 12, bytes << 26 | (uint32_t)flags << 16 | window);
	store_be32(at + CHECKSUM_OFFSET, 0); /* and the urgent pointer */
}

/*
 * Offloads: the device completes the checksum from the pseudo-header's sum, and cuts what is longer
 * than mss. Offsets are counted from p->data, the transport header; the layers below add theirs.
 * Returns how many segments it becomes.
 */
static uint32_t offload(struct pkt *p, uint32_t pseudo_sum, uint32_t payload, uint32_t header,
			const struct tcp_conn *c)
{
	p->flags |= PKT_CSUM_PARTIAL;
	p->csum_start = 0;
	p->csum_offset = CHECKSUM_OFFSET;
	csum_store(p->data + CHECKSUM_OFFSET, csum_partial(pseudo_sum));
	if (payload <= c->snd.mss)
		return 1;
	p->flags |= inet_is_v4(&c->ep.tuple.remote) ? PKT_GSO_TCP4 : PKT_GSO_TCP6;
	p->gso_bytes = c->snd.mss;
	p->gso_header = (uint16_t)header;
	return (payload + c->snd.mss - 1) / c->snd.mss;
}

static void checksum(struct pkt *p, uint32_t pseudo_sum)
{
	csum_store(p->data + CHECKSUM_OFFSET, csum_fold(pkt_csum(pseudo_sum, p)));
}

/* Counts what was sent, or drops it; OK but for ERR_AGAIN. */
static enum err was_given(struct tcp *tcp, struct pkt *p, enum err e, uint32_t segments)
{
	if (LIKELY(e == OK)) {
		COUNT_BY(tcp->stats.segments_out, segments);
		return OK;
	}
	pkt_put(p);
	return e == ERR_AGAIN ? e : OK;
}

enum err tcp_segment_send(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			  const struct tcp_header *h, uint32_t *way)
{
	struct pkt *p = pkt_alloc(tcp->tx, PKT_HEADROOM);
	if (p == NULL)
		return ERR_NOMEM;
	const struct ip_meta meta = {
		.src = tuple->local, .dst = tuple->remote, .proto = IP_PROTO_TCP, .way = way};
	uint8_t *at = pkt_append(p, TCP_HEADER_MAX);
	uint8_t *end = options_emit(h, at + TCP_HEADER_BYTES, tcp->recv_scale);
	uint32_t header = (uint32_t)(end - at);

	pkt_trim(p, header);
	fixed_emit(at, tuple, h->seq, h->ack, header, h->flags, h->window);
	checksum(p, ip_pseudo_sum(&meta, header));
	enum err e = ip_output(tcp->ip, now_us, p, &meta);
	if (e == OK && (h->flags & TCP_RST) != 0)
		COUNT(tcp->stats.resets_out);
	return was_given(tcp, p, e, 1);
}

enum err tcp_segment_send_of(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t payload,
			     uint32_t seq, uint8_t flags, uint16_t window,
			     const struct tcp_news *news)
{
	struct ip_meta meta = {.src = c->ep.tuple.local,
			       .dst = c->ep.tuple.remote,
			       .proto = IP_PROTO_TCP,
			       .way = &c->way};
	uint32_t header = TCP_HEADER_BYTES, segments = 1;

	/* From the payload to the front. */
	if ((tcp_parts.sack || tcp_parts.ecn) && UNLIKELY(news != NULL)) {
		if (tcp_parts.sack)
			header += blocks_emit(news, p);
		flags |= news->flags;
		meta.tos = news->ect ? ECN_ECT_0 : 0;
	}
	if (conn_has_ts(c)) {
		header += TCP_TS_BYTES;
		ts_emit(pkt_push(p, TCP_TS_BYTES), c->ts.offset + tcp_ts_clock(now_us),
			c->ts.recent);
	}
	fixed_emit(pkt_push(p, TCP_HEADER_BYTES), &c->ep.tuple, seq, c->rcv.nxt, header, flags,
		   window);
	uint32_t pseudo_sum = ip_pseudo_sum_of(&c->ep.tuple.local, &c->ep.tuple.remote,
					       IP_PROTO_TCP, header + payload);
	if (LIKELY((netif_features_of(c->features) & NETIF_CSUM_TX) != 0))
		segments = offload(p, pseudo_sum, payload, header, c);
	else
		checksum(p, pseudo_sum);
	return was_given(c->tcp, p, ip_output(c->tcp->ip, now_us, p, &meta), segments);
}
