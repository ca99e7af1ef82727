/* SPDX-License-Identifier: ISC */
#include "net/fragments/reassembly_internal.h"

enum {
	ECN_CE = 3, /* congestion experienced: RFC 3168 section 5 */
	ECN_NOT_ECT = 0,
};

/* Adds all of `from`, which is given, as pieces. There is room. */
static void add_pieces(struct pkt *to, struct pkt *from)
{
	for (unsigned i = 0; i <= from->n_pieces; i++) {
		bool added = pkt_add_piece(to, pkt_slice(from, i));
		assert(added);
	}
	pkt_put(from);
}

static void copy_bytes(struct pkt *to, struct pkt *from)
{
	for (unsigned i = 0; i <= from->n_pieces; i++) {
		struct slice s = pkt_slice(from, i);
		memcpy(pkt_append(to, (uint32_t)s.len), s.data, s.len);
	}
}

/* The first fragment with all others as its pieces. */
static struct pkt *chain(struct datagram *d)
{
	struct pkt *whole = reassembly_pkt_of(list_pop_front(&d->fragments));
	for (struct list *node; (node = list_pop_front(&d->fragments)) != NULL;)
		add_pieces(whole, reassembly_pkt_of(node));
	return whole;
}

/* A large buffer with the first fragment's network header and the payload of all; or NULL. */
static struct pkt *copy(struct reassembly *r, struct datagram *d)
{
	struct pkt *whole = pkt_alloc(&r->large, PKT_HEADROOM);
	if (whole == NULL)
		return NULL;
	const struct pkt *first = reassembly_pkt_of(d->fragments.next);
	uint32_t header = first->l4 - (uint32_t)first->l3;
	memcpy(pkt_append(whole, header), first->buf + first->l3, header);
	whole->l3 = (uint16_t)pkt_headroom(whole);
	whole->l4 = (uint16_t)(whole->l3 + header);
	list_for_each (node, &d->fragments)
		copy_bytes(whole, reassembly_pkt_of(node));
	pkt_pull(whole, header);
	r->stats.copied++;
	return whole;
}

/* Congestion that one fragment has met the datagram has met; from a sender without ECN none can
 * tell of it (RFC 3168 section 5.3). */
static bool merge_ecn(struct datagram *d)
{
	if ((d->ecn & 1 << ECN_CE) == 0)
		return true;
	d->meta.tos |= ECN_CE;
	return (d->ecn & 1 << ECN_NOT_ECT) == 0;
}

/* Why all fragments together are no datagram, or NULL. */
static uint32_t *fault_of_whole(struct reassembly *r, struct datagram *d)
{
	const struct pkt *first = reassembly_pkt_of(d->fragments.next);
	if (first->l4 - (uint32_t)first->l3 - r->family->uncounted_bytes + d->total > UINT16_MAX)
		return &r->stats.bad; /* its header has more options than the last one's */
	return merge_ecn(d) ? NULL : &r->stats.inconsistent;
}

struct pkt *reassembly_whole(struct reassembly *r, struct datagram *d, uint32_t **fault)
{
	*fault = fault_of_whole(r, d);
	if (*fault != NULL)
		return NULL;
	struct pkt *whole = d->packets <= 1 + PKT_PIECES_MAX ? chain(d) : copy(r, d);
	if (whole == NULL) {
		*fault = &r->stats.no_large;
		return NULL;
	}
	r->family->finish(whole, d->total);
	whole->flags = 0; /* the device has checked fragments at most */
	return whole;
}
