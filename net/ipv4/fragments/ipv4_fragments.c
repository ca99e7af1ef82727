/* SPDX-License-Identifier: ISC */
#include "net/ipv4/fragments/ipv4_fragments.h"

#include "base/bytes.h"
#include "net/ipv4/ipv4_header.h"
#include "net/ipv4/ipv4_internal.h"

enum {
	TCP_HEADER_BYTES = 20,
	OTHER_HEADER_BYTES = 8, /* UDP, ICMP; what ICMP quotes of any (RFC 792) */
};

/* --- in -------------------------------------------------------------------------------------- */

static struct pkt *reassemble(void *self, uint64_t now_us, struct pkt *p, struct ip_meta *meta)
{
	const uint8_t *header = p->buf + p->l3;
	uint16_t field = load_be16(header + 6);
	const struct fragment f = {
		.pkt = p,
		.id = load_be16(header + 4),
		.begin = (uint32_t)(field & IPV4_FRAGMENT_OFFSET) * FRAGMENT_UNIT,
		.bytes_min = meta->proto == IP_PROTO_TCP ? TCP_HEADER_BYTES : OTHER_HEADER_BYTES,
		.more = (field & IPV4_MORE_FRAGMENTS) != 0,
	};
	return reassembly_add(self, now_us, &f, meta);
}

/* What ICMP may quote: the header as that of an ordinary packet (RFC 791 section 3.2). */
static void finish(struct pkt *p, uint32_t payload_bytes)
{
	uint8_t *header = p->buf + p->l3;
	store_be16(header + 2, (uint16_t)(p->l4 - p->l3 + payload_bytes));
	store_be16(header + 6, 0);
	ipv4_header_emit_checksum(header);
}

static void forget(void *self)
{
	reassembly_clear(self);
}

struct reassembly *ipv4_reassembly_init(struct ipv4 *ipv4, void *memory,
					const struct reassembly_config *config)
{
	static const struct reassembly_family family = {.timeout_us = IPV4_REASSEMBLY_US,
							.finish = finish};
	struct reassembly *r = reassembly_init(&ipv4->ip, &family, memory, config);
	ipv4->hook->reassemble = reassemble;
	ipv4->hook->reassemble_self = r;
	ipv4->hook->forget_fragments = forget;
	return r;
}

/* --- out ------------------------------------------------------------------------------------- */

static void emit(const struct fragment_header *h, uint8_t *out)
{
	uint32_t field = ipv4_fragment_field(h->offset, h->more);

	ipv4_header_emit(h->meta, ipv4_ttl(h->meta), (uint16_t)(IPV4_HEADER_BYTES + h->bytes),
			 (uint16_t)h->id | __builtin_bswap32(field), out);
}

static enum err send(void *network, uint64_t now_us, struct pkt *p, const void *hop)
{
	const uint32_t *addr = hop;
	return ipv4_send(network, now_us, p, *addr);
}

static enum err output(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		       uint32_t hop)
{
	struct fragmenter *f = self;
	struct ipv4 *ipv4 = f->network;
	enum err e = fragmenter_output(f, now_us, p, meta, ipv4->eth->netif->mtu, &hop);
	if (e == OK)
		COUNT(ipv4->stats.out);
	return e;
}

void ipv4_fragmenter_init(struct fragmenter *f, struct ipv4 *ipv4, struct pkt_pool *tx,
			  struct rng *rng)
{
	static const struct fragmenter_family family = {
		.header_bytes = IPV4_HEADER_BYTES, .emit = emit, .send = send};
	*f = (struct fragmenter){.family = &family, .network = ipv4, .tx = tx, .rng = rng};
	ipv4->hook->fragment = output;
	ipv4->hook->fragment_self = f;
}
