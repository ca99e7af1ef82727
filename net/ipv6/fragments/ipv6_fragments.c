/* SPDX-License-Identifier: ISC */
#include "net/ipv6/fragments/ipv6_fragments.h"

#include "base/bytes.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/ipv6_chain.h"
#include "net/ipv6/ipv6_internal.h"

enum { HEADERS_BYTES = IPV6_HEADER_BYTES + IPV6_FRAGMENT_BYTES };

/* --- in -------------------------------------------------------------------------------------- */

static struct pkt *reassemble(void *self, uint64_t now_us, struct pkt *p, struct ip_meta *meta,
			      const struct ipv6_chain *c)
{
	const struct fragment f = {
		.pkt = p,
		.id = load_be32(p->data + c->fragment_at + 4),
		.begin = c->fragment_offset,
		.more = c->more,
	};
	meta->proto = IPV6_FRAGMENT; /* what fragments belong together does not depend on it */
	pkt_pull(p, c->fragment_at + IPV6_FRAGMENT_BYTES);
	p->l4 = (uint16_t)pkt_headroom(p);
	struct pkt *whole = reassembly_add(self, now_us, &f, meta);
	if (whole != NULL)
		pkt_push(whole, whole->l4 - (uint32_t)whole->l3);
	return whole;
}

/* Takes the fragment header, the last one in front of p->l4, out of the chain. */
static void finish(struct pkt *p, uint32_t payload_bytes)
{
	uint8_t *packet = p->buf + p->l3;
	struct ipv6_chain c;
	/* It was walked when it arrived; what would follow is behind these bytes. */
	(void)!ipv6_chain_walk(&c, packet, (size_t)p->l4 - (size_t)p->l3);
	uint32_t kept = c.fragment_at;
	packet[c.fragment_named_at] = packet[kept];
	store_be16(packet + 4, (uint16_t)(kept - IPV6_HEADER_BYTES + payload_bytes));
	memmove(packet + IPV6_FRAGMENT_BYTES, packet, kept);
	p->l3 = (uint16_t)(p->l3 + IPV6_FRAGMENT_BYTES);
}

struct reassembly *ipv6_reassembly_init(struct ipv6 *ipv6, void *memory,
					const struct reassembly_config *config)
{
	static const struct reassembly_family family = {.timeout_us = IPV6_REASSEMBLY_US,
							.uncounted_bytes = HEADERS_BYTES,
							.finish = finish};
	struct reassembly *r = reassembly_init(&ipv6->ip, &family, memory, config);
	ipv6->reassemble = reassemble;
	ipv6->reassemble_self = r;
	return r;
}

/* --- the path's MTU -------------------------------------------------------------------------- */

static struct ipv6_path *find(struct ipv6_fragmenter *f, uint64_t now_us, const struct ip_addr *dst)
{
	for (unsigned i = 0; i < IPV6_PATHS_MAX; i++) {
		struct ipv6_path *path = &f->path[i];
		if (now_us < path->until_us && ip_addr_equal(&path->dst, dst))
			return path;
	}
	return NULL;
}

static struct ipv6_path *oldest(struct ipv6_fragmenter *f)
{
	struct ipv6_path *first = &f->path[0];
	for (unsigned i = 1; i < IPV6_PATHS_MAX; i++) {
		if (f->path[i].until_us < first->until_us)
			first = &f->path[i];
	}
	return first;
}

static uint16_t path_mtu(void *self, uint64_t now_us, const struct ip_addr *dst, uint16_t mtu)
{
	const struct ipv6_path *path = find(self, now_us, dst);
	return path != NULL ? MIN(path->mtu, mtu) : mtu;
}

static void too_big(void *self, uint64_t now_us, const struct ip_addr *dst, uint16_t mtu)
{
	struct ipv6_path *path = find(self, now_us, dst);
	if (path != NULL && path->mtu <= mtu)
		return; /* section 4: never larger because of such a message */
	if (path == NULL)
		path = oldest(self);
	*path = (struct ipv6_path){.dst = *dst, .mtu = mtu, .until_us = now_us + IPV6_PATH_MTU_US};
}

/* --- out ------------------------------------------------------------------------------------- */

static void emit(const struct fragment_header *h, uint8_t *out)
{
	struct ip_meta meta = *h->meta;
	meta.proto = IPV6_FRAGMENT;
	ipv6_header_emit(&meta, (uint16_t)(IPV6_FRAGMENT_BYTES + h->bytes), out);
	uint8_t *fragment = out + IPV6_HEADER_BYTES;
	fragment[0] = h->meta->proto;
	fragment[1] = 0;
	store_be16(fragment + 2, (uint16_t)(h->offset | h->more));
	store_be32(fragment + 4, h->id);
}

static enum err send(void *network, uint64_t now_us, struct pkt *p, const void *dst)
{
	return ipv6_send(network, now_us, p, dst);
}

static enum err output(void *self, uint64_t now_us, struct pkt *p, const struct ip_meta *meta,
		       uint16_t mtu)
{
	struct ipv6_fragmenter *f = self;
	return fragmenter_output(&f->out, now_us, p, meta, mtu, &meta->dst);
}

void ipv6_fragmenter_init(struct ipv6_fragmenter *f, struct ipv6 *ipv6, struct pkt_pool *tx,
			  struct rng *rng)
{
	static const struct fragmenter_family family = {
		.header_bytes = HEADERS_BYTES, .emit = emit, .send = send};
	static const struct ipv6_cutter cutter = {
		.path_mtu = path_mtu, .output = output, .too_big = too_big};
	*f = (struct ipv6_fragmenter){
		.out = {.family = &family, .network = ipv6, .tx = tx, .rng = rng}};
	ipv6->cutter = &cutter;
	ipv6->cutter_self = f;
}
