/* SPDX-License-Identifier: ISC */
/*
 * The TCP header: parsing, emitting, checksum (section 3.1).
 */
#include "base/bytes.h"
#include "base/cursor.h"
#include "net/tcp/tcp_internal.h"

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	SCALE_MAX = 14, /* RFC 7323 section 2.3 */
	CHECKSUM_OFFSET = 16,
};

/* --- options (section 3.2, RFC 7323 section 2.2) --------------------------------------------- */

/* Unknown options are skipped by their length; a length that cannot be ends the parsing. */
static void options_parse(struct tcp_options *o, const uint8_t *bytes, uint32_t len)
{
	struct cursor c = cursor_over(bytes, len);

	*o = (struct tcp_options){0};
	while (c.left > 0) {
		uint8_t kind = cursor_u8(&c);
		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		uint8_t size = cursor_u8(&c);
		const uint8_t *body = size >= 2 ? cursor_bytes(&c, size - 2u) : NULL;
		if (body == NULL)
			return;
		if (kind == OPTION_MSS && size == 4)
			o->mss = load_be16(body);
		if (kind == OPTION_SCALE && size == 3) {
			o->has_scale = true;
			o->scale = MIN(body[0], SCALE_MAX);
		}
	}
}

/* Writes the options, a multiple of four bytes, and returns how many. */
static uint32_t options_emit(const struct tcp_options *o, uint8_t *at)
{
	uint32_t n = 0;

	if (o->mss != 0) {
		at[0] = OPTION_MSS;
		at[1] = 4;
		store_be16(at + 2, o->mss);
		n = 4;
	}
	if (o->has_scale) {
		at[n] = OPTION_NOP;
		at[n + 1] = OPTION_SCALE;
		at[n + 2] = 3;
		at[n + 3] = o->scale;
		n += 4;
	}
	return n;
}

static uint32_t options_bytes(const struct tcp_options *o)
{
	return (o->mss != 0 ? 4 : 0) + (o->has_scale ? 4 : 0);
}

/* --- checksum (section 3.1, RFC 1071) -------------------------------------------------------- */

static bool checksum_ok(const struct pkt *p, const struct ip_meta *meta, uint32_t bytes)
{
	if ((p->flags & PKT_CSUM_OK) != 0)
		return true;
	return csum_fold(pkt_csum(ip_pseudo_sum(meta, bytes), p)) == 0;
}

/* --- the whole segment ----------------------------------------------------------------------- */

bool tcp_segment_parse(struct tcp *tcp, struct pkt *p, const struct ip_meta *meta,
		       struct tcp_segment *s, struct tcp_tuple *tuple)
{
	const uint8_t *h = p->data;
	uint32_t header = p->len >= TCP_HEADER_BYTES ? (h[12] >> 4) * 4u : 0;

	/* The header lies in the first piece (base/pkt.h); one that does not is not one. */
	if (header < TCP_HEADER_BYTES || header > p->len) {
		tcp->stats.bad_header++;
		return false;
	}
	uint32_t bytes = (uint32_t)pkt_bytes(p);
	if (!checksum_ok(p, meta, bytes)) {
		tcp->stats.bad_checksum++;
		return false;
	}
	*tuple = (struct tcp_tuple){meta->dst, meta->src, load_be16(h + 2), load_be16(h)};
	s->p = p;
	s->seq = load_be32(h + 4);
	s->ack = load_be32(h + 8);
	s->len = bytes - header;
	s->flags = h[13];
	s->window = load_be16(h + 14);
	if ((s->flags & TCP_SYN) != 0)
		options_parse(&s->options, h + TCP_HEADER_BYTES, header - TCP_HEADER_BYTES);
	pkt_pull(p, header);
	return true;
}

static void header_emit(uint8_t *at, const struct tcp_tuple *tuple, const struct tcp_header *h,
			uint32_t bytes)
{
	store_be16(at, tuple->local_port);
	store_be16(at + 2, tuple->remote_port);
	store_be32(at + 4, h->seq);
	store_be32(at + 8, h->ack);
	at[12] = (uint8_t)(bytes / 4 << 4);
	at[13] = h->flags;
	store_be16(at + 14, h->window);
	store_be32(at + CHECKSUM_OFFSET, 0); /* and the urgent pointer */
	(void)options_emit(&h->options, at + TCP_HEADER_BYTES);
}

/*
 * Offloads: the device completes the checksum from the pseudo-header's sum, and cuts what is longer
 * than mss. Offsets are counted from p->data, the transport header; the layers below add theirs.
 */
static void offload(struct pkt *p, const struct ip_meta *meta, uint32_t bytes, uint32_t header,
		    uint16_t mss)
{
	p->flags |= PKT_CSUM_PARTIAL;
	p->csum_start = 0;
	p->csum_offset = CHECKSUM_OFFSET;
	csum_store(p->data + CHECKSUM_OFFSET, csum_partial(ip_pseudo_sum(meta, bytes)));
	if (bytes - header > mss) {
		p->flags |= ip_addr_is_v4(&meta->dst) ? PKT_GSO_TCP4 : PKT_GSO_TCP6;
		p->gso_bytes = mss;
		p->gso_header = (uint16_t)header;
	}
}

static void count_sent(struct tcp *tcp, const struct tcp_header *h, uint32_t payload, uint16_t mss)
{
	tcp->stats.segments_out += payload > mss ? (payload + mss - 1) / mss : 1;
	if ((h->flags & TCP_RST) != 0)
		tcp->stats.resets_out++;
}

enum err tcp_segment_send(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			  const struct tcp_header *h, struct pkt *p, uint32_t features,
			  uint16_t mss)
{
	const struct ip_meta meta = {
		.src = tuple->local, .dst = tuple->remote, .proto = IP_PROTO_TCP};
	uint32_t payload = (uint32_t)pkt_bytes(p);
	uint32_t header = TCP_HEADER_BYTES + options_bytes(&h->options);

	header_emit(pkt_push(p, header), tuple, h, header);
	p->l4 = (uint16_t)pkt_headroom(p);
	if ((features & NETIF_CSUM_TX) != 0) {
		offload(p, &meta, payload + header, header, mss);
	} else {
		uint32_t sum = pkt_csum(ip_pseudo_sum(&meta, payload + header), p);
		csum_store(p->data + CHECKSUM_OFFSET, csum_fold(sum));
	}
	enum err e = ip_output(tcp->ip, now_us, p, &meta);
	if (e != OK)
		pkt_put(p);
	if (e == ERR_AGAIN)
		return e;
	if (e == OK)
		count_sent(tcp, h, payload, mss);
	return OK;
}
