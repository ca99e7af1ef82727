/* SPDX-License-Identifier: ISC */
#include "net/fragments/reassembly.h"

#include "base/assert.h"
#include "net/fragments/reassembly_internal.h"

enum {
	LARGE_BYTES = PKT_HEADROOM + UINT16_MAX, /* of a buffer for any datagram */
	ECN_MASK = 3,                            /* of the TOS byte: RFC 3168 section 5 */
};

/* A fragment with what follows from it. */
struct part {
	struct pkt *pkt;
	uint32_t begin, end; /* of its payload in that of the datagram */
	uint32_t packets;    /* buffers that it lies in */
	uint32_t bytes_min;
	bool more;
};

/* --- the table ------------------------------------------------------------------------------- */

static struct datagram *datagram_of(struct list *node)
{
	return list_entry(node, struct datagram, node);
}

static bool is_same_source(const struct datagram *d, const struct ip_meta *meta)
{
	return ip_addr_equal(&d->meta.src, &meta->src);
}

static struct datagram *find(struct reassembly *r, const struct ip_meta *meta, uint32_t id)
{
	list_for_each (node, &r->used) {
		struct datagram *d = datagram_of(node);
		if (d->id == id && is_same_source(d, meta) && d->meta.proto == meta->proto &&
		    ip_addr_equal(&d->meta.dst, &meta->dst))
			return d;
	}
	return NULL;
}

static void drop_fragments(struct reassembly *r, struct datagram *d)
{
	for (struct list *node; (node = list_pop_front(&d->fragments)) != NULL;)
		pkt_put(reassembly_pkt_of(node));
	r->packets -= d->packets;
	d->packets = 0;
}

static void forget(struct reassembly *r, struct datagram *d)
{
	drop_fragments(r, d);
	list_remove(&d->node);
	pool_put(&r->datagrams, d);
}

/* Or has been: its entry stays, so that what still comes of it starts nothing new (RFC 8200
 * section 4.5). */
static void give_up(struct reassembly *r, struct datagram *d, uint32_t *counter)
{
	++*counter;
	drop_fragments(r, d);
	d->given_up = true;
}

/*
 * Evicts the oldest datagram from `source`, or from anybody if that is NULL; if it is to make room
 * for packets of `d`, another one that holds some. False: there is none.
 */
static SELDOM bool evict_oldest(struct reassembly *r, const struct ip_meta *source,
				const struct datagram *d)
{
	list_for_each (node, &r->used) {
		struct datagram *other = datagram_of(node);
		if ((d != NULL && (other == d || other->packets == 0)) ||
		    (source != NULL && !is_same_source(other, source)))
			continue;
		r->stats.evicted++;
		forget(r, other);
		return true;
	}
	return false;
}

/* Makes room in the table for one more from this source, which may have half of it. */
static void make_room_for_datagram(struct reassembly *r, const struct ip_meta *source)
{
	unsigned n = 0;
	list_for_each (node, &r->used)
		n += is_same_source(datagram_of(node), source);
	bool of_source = n >= MAX(r->config.datagrams / 2, 1);
	if (of_source || pool_available(&r->datagrams) == 0)
		(void)evict_oldest(r, of_source ? source : NULL, NULL);
}

static struct datagram *create(struct reassembly *r, uint64_t now_us, const struct ip_meta *meta,
			       uint32_t id)
{
	make_room_for_datagram(r, meta);
	struct datagram *d = pool_get(&r->datagrams);
	assert(d != NULL);
	*d = (struct datagram){.id = id, .born_us = now_us};
	d->meta = *meta;
	list_init(&d->fragments);
	list_push_back(&r->used, &d->node);
	return d;
}

/* --- how much may be held -------------------------------------------------------------------- */

/* Three quarters of all packets are for one source: 64 let it send 65,535 bytes over Ethernet. */
static bool source_has_too_many(struct reassembly *r, const struct ip_meta *source, uint32_t more)
{
	uint32_t held = more;
	list_for_each (node, &r->used) {
		const struct datagram *d = datagram_of(node);
		if (is_same_source(d, source))
			held += d->packets;
	}
	return held > r->config.packets - r->config.packets / 4u;
}

/* All together no more than half of what the device's pool has beside what others hold. */
static bool all_have_too_many(const struct reassembly *r, const struct part *f)
{
	uint32_t held = r->packets + f->packets;
	return held > r->config.packets ||
	       r->packets > (r->packets + pool_available(&f->pkt->pool->pool)) / 2;
}

/* False if even without any other datagram the fragment would be too much. */
static bool make_room_for_fragment(struct reassembly *r, const struct datagram *d,
				   const struct part *f)
{
	for (;;) {
		bool of_source = source_has_too_many(r, &d->meta, f->packets);
		if (!of_source && !all_have_too_many(r, f))
			return true;
		if (!evict_oldest(r, of_source ? &d->meta : NULL, d))
			return false;
	}
}

/* --- one more fragment ----------------------------------------------------------------------- */

static struct part part_of(const struct fragment *f)
{
	struct pkt *p = f->pkt;
	return (struct part){
		.pkt = p,
		.begin = f->begin,
		.end = f->begin + (uint32_t)pkt_bytes(p),
		.packets = 1u + p->n_pieces,
		.bytes_min = f->bytes_min,
		.more = f->more,
	};
}

static bool is_possible(const struct reassembly *r, const struct part *f)
{
	uint32_t header = f->pkt->l4 - (uint32_t)f->pkt->l3 - r->family->uncounted_bytes;
	uint32_t bytes = f->end - f->begin;
	return bytes > 0 && header + f->end <= UINT16_MAX &&
	       (!f->more || bytes % FRAGMENT_UNIT == 0);
}

/* RFC 1858 section 3, RFC 3128: filters on the way could not see what is in the second one. */
static bool is_tiny(const struct part *f)
{
	return f->begin == 0 && f->pkt->len < f->bytes_min;
}

static SELDOM uint32_t end_of(const struct pkt *p)
{
	return p->user + (uint32_t)pkt_bytes(p);
}

/* The end of what is there. */
static uint32_t end_so_far(const struct datagram *d)
{
	return list_empty(&d->fragments) ? 0 : end_of(reassembly_pkt_of(d->fragments.prev));
}

/* There is one end, and the last fragment has it. */
static bool contradicts(const struct datagram *d, const struct part *f)
{
	if (d->total == 0)
		return !f->more && end_so_far(d) >= f->end;
	return f->more ? f->end >= d->total : f->end != d->total;
}

/* The node behind which the fragment belongs: the last that begins no later. */
static struct list *place_of(struct datagram *d, const struct part *f)
{
	struct list *at = d->fragments.prev;
	while (at != &d->fragments && reassembly_pkt_of(at)->user > f->begin)
		at = at->prev;
	return at;
}

static bool overlaps(struct datagram *d, struct list *at, const struct part *f)
{
	if (at != &d->fragments && end_of(reassembly_pkt_of(at)) > f->begin)
		return true;
	return at->next != &d->fragments && reassembly_pkt_of(at->next)->user < f->end;
}

static bool is_duplicate(struct datagram *d, struct list *at, const struct part *f)
{
	return at != &d->fragments && reassembly_pkt_of(at)->user == f->begin &&
	       end_of(reassembly_pkt_of(at)) == f->end;
}

/* Why the fragment cannot be part of the datagram, or NULL. */
static uint32_t *fault_of(struct reassembly *r, struct datagram *d, struct list *at,
			  const struct part *f)
{
	if (d->given_up)
		return &r->stats.late;
	if (is_tiny(f))
		return &r->stats.tiny;
	if (contradicts(d, f))
		return &r->stats.inconsistent;
	if (overlaps(d, at, f))
		return &r->stats.overlaps;
	return make_room_for_fragment(r, d, f) ? NULL : &r->stats.no_room;
}

static void insert(struct reassembly *r, struct datagram *d, struct list *at, const struct part *f,
		   const struct ip_meta *meta)
{
	f->pkt->user = f->begin;
	list_insert_between(&f->pkt->node, at, at->next);
	d->packets += f->packets;
	r->packets += f->packets;
	d->bytes += f->end - f->begin;
	d->ecn |= (uint8_t)(1 << (meta->tos & ECN_MASK));
	if (!f->more)
		d->total = f->end;
	if (f->begin == 0)
		d->meta = *meta;
}

/* Adds the fragment, or drops it, and with it perhaps the datagram. True if it has been added. */
static bool add(struct reassembly *r, struct datagram *d, const struct part *f,
		const struct ip_meta *meta)
{
	struct list *at = place_of(d, f);
	if (is_duplicate(d, at, f) && (f->end == d->total) == !f->more) {
		r->stats.duplicates++;
	} else {
		uint32_t *fault = fault_of(r, d, at, f);
		if (fault == NULL) {
			insert(r, d, at, f, meta);
			return true;
		}
		give_up(r, d, fault);
	}
	pkt_put(f->pkt);
	return false;
}

/* --- the whole ------------------------------------------------------------------------------- */

/* The datagram as one packet, or NULL. Its entry becomes free unless it is given up. */
static struct pkt *assemble(struct reassembly *r, struct datagram *d, struct ip_meta *meta)
{
	uint32_t *fault;
	struct pkt *whole = reassembly_whole(r, d, &fault);
	if (whole == NULL) {
		give_up(r, d, fault);
		return NULL;
	}
	*meta = d->meta;
	forget(r, d);
	r->stats.whole++;
	return whole;
}

struct pkt *reassembly_add(struct reassembly *r, uint64_t now_us, const struct fragment *fragment,
			   struct ip_meta *meta)
{
	const struct part f = part_of(fragment);
	struct datagram *d = find(r, meta, fragment->id);
	r->stats.fragments++;
	if (!is_possible(r, &f)) {
		if (d != NULL)
			give_up(r, d, &r->stats.bad);
		else
			r->stats.bad++;
		pkt_put(f.pkt);
		return NULL;
	}
	if (d == NULL)
		d = create(r, now_us, meta, fragment->id);
	if (!add(r, d, &f, meta) || d->bytes != d->total)
		return NULL; /* nothing overlaps: equal only if nothing is missing */
	return assemble(r, d, meta);
}

/* --- time ------------------------------------------------------------------------------------ */

static void expire(struct reassembly *r, uint64_t now_us, struct datagram *d)
{
	struct ip_meta meta = d->meta;
	struct pkt *first = NULL;
	if (!d->given_up)
		r->stats.timeouts++;
	if (!list_empty(&d->fragments) && reassembly_pkt_of(d->fragments.next)->user == 0)
		first = reassembly_pkt_of(list_pop_front(&d->fragments));
	forget(r, d);
	if (first != NULL) /* RFC 1122 section 3.3.2, RFC 8200 section 4.5 */
		ip_unreachable(r->ip, now_us, first, &meta, IP_REASSEMBLY_TIMEOUT);
}

uint64_t reassembly_poll(struct reassembly *r, uint64_t now_us)
{
	while (!list_empty(&r->used)) {
		struct datagram *d = datagram_of(r->used.next);
		uint64_t timeout_us = r->family->timeout_us;
		if (now_us - d->born_us < timeout_us)
			return d->born_us + MIN(timeout_us, TIME_NEVER - d->born_us);
		expire(r, now_us, d);
	}
	return TIME_NEVER;
}

/* --- starting -------------------------------------------------------------------------------- */

enum { TABLE_AT = ROUND_UP(sizeof(struct reassembly), CACHE_LINE_BYTES) };

/* Where the large buffers begin, behind the table. */
static size_t large_at(const struct reassembly_config *config)
{
	size_t table_bytes = (size_t)config->datagrams * sizeof(struct datagram);
	return TABLE_AT + ROUND_UP(table_bytes, CACHE_LINE_BYTES);
}

size_t reassembly_memory_bytes(const struct reassembly_config *config)
{
	return large_at(config) + PKT_POOL_BYTES(config->large, LARGE_BYTES);
}

struct reassembly *reassembly_init(struct ip *ip, const struct reassembly_family *family,
				   void *memory, const struct reassembly_config *config)
{
	struct reassembly *r = memory;
	uint8_t *bytes = memory;
	assert(config->datagrams > 0 && (uintptr_t)memory % CACHE_LINE_BYTES == 0);
	*r = (struct reassembly){.ip = ip, .family = family, .config = *config};
	list_init(&r->used);
	pool_init(&r->datagrams, bytes + TABLE_AT, sizeof(struct datagram), config->datagrams);
	pkt_pool_init(&r->large, bytes + large_at(config), config->large, LARGE_BYTES);
	return r;
}

void reassembly_clear(struct reassembly *r)
{
	while (!list_empty(&r->used))
		forget(r, datagram_of(r->used.next));
}

const struct reassembly_stats *reassembly_stats(const struct reassembly *r)
{
	return &r->stats;
}
