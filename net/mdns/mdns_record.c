/* SPDX-License-Identifier: ISC */
/* The records, made when they are needed. */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "net/mdns/mdns_internal.h"

enum { TTL_HOST_S = 120, TTL_OTHER_S = 75 * 60 }; /* RFC 6762 section 10 */

_Static_assert(MDNS_RECORDS_MAX <= 64, "a set of records is a word");

static unsigned service_id(unsigned entry, enum mdns_id record)
{
	return MDNS_SERVICE + MDNS_SERVICE_RECORDS * entry + record;
}

static uint64_t addrs(const struct mdns *m)
{
	return (MDNS_BIT(m->n_addrs) - 1) << MDNS_ADDR;
}

static uint64_t services(const struct mdns *m, enum mdns_id record)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < m->n_entries; i++)
		set |= MDNS_BIT(service_id(i, record));
	return set;
}

uint64_t mdns_announced(const struct mdns *m)
{
	return addrs(m) | addrs(m) << MDNS_REVERSE | services(m, MDNS_PTR) | services(m, MDNS_SRV) |
	       services(m, MDNS_TXT) | services(m, MDNS_TYPE);
}

uint64_t mdns_present(const struct mdns *m)
{
	return mdns_announced(m) | MDNS_BIT(MDNS_HOST_NSEC) | services(m, MDNS_NSEC);
}

/* --- names ----------------------------------------------------------------------------------- */

unsigned mdns_names(const struct mdns *m)
{
	return 1 + m->n_entries;
}

SELDOM const struct dns_name *mdns_name(const struct mdns *m, unsigned number)
{
	return number == 0 ? &m->host : &m->entry[number - 1].instance;
}

uint64_t mdns_records_of(const struct mdns *m, unsigned number)
{
	if (number == 0)
		return addrs(m);
	return MDNS_BIT(service_id(number - 1, MDNS_SRV)) |
	       MDNS_BIT(service_id(number - 1, MDNS_TXT));
}

unsigned mdns_nsec_of(unsigned number)
{
	return number == 0 ? MDNS_HOST_NSEC : service_id(number - 1, MDNS_NSEC);
}

uint64_t mdns_additional(const struct mdns *m, uint64_t answers)
{
	uint64_t set = answers;

	for (unsigned i = 0; i < m->n_entries; i++) {
		if ((set & MDNS_BIT(service_id(i, MDNS_PTR))) != 0)
			set |= mdns_records_of(m, 1 + i);
	}
	if ((set & (services(m, MDNS_SRV) | addrs(m))) != 0)
		set |= addrs(m) | MDNS_BIT(MDNS_HOST_NSEC);
	return set & ~answers;
}

/* --- making ---------------------------------------------------------------------------------- */

static void make_addr(const struct mdns *m, unsigned i, struct mdns_record *r)
{
	bool is_v4 = ip_addr_is_v4(&m->addr[i]);

	r->owner = &m->host;
	r->type = is_v4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
	r->head_bytes = is_v4 ? 4 : 16;
	memcpy(r->head, (const uint8_t *)m->addr[i].word + (is_v4 ? 12 : 0), r->head_bytes);
}

static void make_reverse(const struct mdns *m, unsigned i, struct mdns_record *r)
{
	mdns_reverse_name(&m->addr[i], &r->made);
	r->owner = &r->made;
	r->type = DNS_TYPE_PTR;
	r->name = &m->host;
}

/* RFC 6762 section 6.1: block 0 of the types that there are. */
static void make_nsec(const struct dns_name *owner, const uint8_t *types, unsigned n,
		      struct mdns_record *r)
{
	r->owner = r->name = owner;
	r->type = DNS_TYPE_NSEC;
	r->tail = r->bitmap;
	memset(r->bitmap, 0, sizeof(r->bitmap));
	for (unsigned i = 0; i < n; i++) {
		uint8_t bytes = (uint8_t)(types[i] / 8 + 1);
		r->bitmap[1] = MAX(r->bitmap[1], bytes);
		r->bitmap[1 + bytes] |= (uint8_t)(0x80 >> types[i] % 8);
	}
	r->tail_bytes = (uint8_t)(2 + r->bitmap[1]);
}

static void make_host_nsec(const struct mdns *m, struct mdns_record *r)
{
	uint8_t types[MDNS_ADDRS_MAX];

	for (unsigned i = 0; i < m->n_addrs; i++)
		types[i] = ip_addr_is_v4(&m->addr[i]) ? DNS_TYPE_A : DNS_TYPE_AAAA;
	make_nsec(&m->host, types, m->n_addrs, r);
}

static void make_type(const struct mdns_entry *e, struct mdns_record *r)
{
	(void)!dns_name_from_text(&r->made, "_services._dns-sd._udp.local");
	r->owner = &r->made;
	r->name = &e->type;
	r->type = DNS_TYPE_PTR;
	r->ttl_s = TTL_OTHER_S;
	r->unique = false;
}

static void make_service(const struct mdns *m, const struct mdns_entry *e, unsigned record,
			 struct mdns_record *r)
{
	static const uint8_t types[] = {DNS_TYPE_TXT, DNS_TYPE_SRV};

	r->owner = &e->instance;
	switch (record) {
	case MDNS_PTR:
		r->owner = &e->type;
		r->name = &e->instance;
		r->type = DNS_TYPE_PTR;
		r->ttl_s = TTL_OTHER_S;
		r->unique = false;
		break;
	case MDNS_SRV:
		r->type = DNS_TYPE_SRV;
		r->name = &m->host;
		r->head_bytes = 6;
		store_be16(r->head + 4, e->service.port);
		break;
	case MDNS_TXT:
		r->type = DNS_TYPE_TXT;
		r->ttl_s = TTL_OTHER_S;
		r->tail = e->txt;
		r->tail_bytes = e->txt_bytes;
		break;
	case MDNS_TYPE:
		make_type(e, r);
		break;
	default:
		make_nsec(&e->instance, types, sizeof(types), r);
	}
}

bool mdns_next(const struct mdns *m, uint64_t *set, struct mdns_record *r)
{
	if (*set == 0)
		return false;
	unsigned id = (unsigned)__builtin_ctzll(*set);
	assert(id < MDNS_RECORDS_MAX);
	r->bit = MDNS_BIT(id);
	*set &= ~r->bit;
	r->name = NULL;
	r->tail = NULL;
	r->head_bytes = r->tail_bytes = 0;
	memset(r->head, 0, sizeof(r->head));
	r->ttl_s = TTL_HOST_S;
	r->unique = true;
	if (id < MDNS_REVERSE)
		make_addr(m, id - MDNS_ADDR, r);
	else if (id < MDNS_HOST_NSEC)
		make_reverse(m, id - MDNS_REVERSE, r);
	else if (id == MDNS_HOST_NSEC)
		make_host_nsec(m, r);
	else
		make_service(m, &m->entry[(id - MDNS_SERVICE) / MDNS_SERVICE_RECORDS],
			     (id - MDNS_SERVICE) % MDNS_SERVICE_RECORDS, r);
	return true;
}

/* --- comparing ------------------------------------------------------------------------------- */

static void add(struct mdns_data *d, const void *bytes, size_t len)
{
	len = MIN(len, sizeof(d->bytes) - d->len);
	if (len > 0)
		memcpy(d->bytes + d->len, bytes, len);
	d->len += len;
}

static void add_name(struct mdns_data *d, const struct dns_name *name)
{
	size_t before = d->len;

	add(d, name->bytes, name->len);
	dns_bytes_to_lower(d->bytes + before, d->len - before);
}

void mdns_data_of(const struct mdns_record *r, struct mdns_data *out)
{
	out->type = r->type;
	out->len = 0;
	add(out, r->head, r->head_bytes);
	if (r->name != NULL)
		add_name(out, r->name);
	add(out, r->tail, r->tail_bytes);
}

enum err mdns_data_read(const struct dns_reader *reader, const struct dns_record *in,
			struct mdns_data *out)
{
	enum { SRV_HEAD_BYTES = 6 };
	bool has_name = in->type == DNS_TYPE_PTR || in->type == DNS_TYPE_SRV ||
			in->type == DNS_TYPE_CNAME;
	size_t head = in->type == DNS_TYPE_SRV ? SRV_HEAD_BYTES : 0;
	size_t at = in->data + head, end = in->data + in->data_bytes;
	struct dns_name name;

	out->type = in->type;
	out->len = 0;
	if (!has_name) {
		add(out, reader->msg + in->data, in->data_bytes);
		return OK;
	}
	if (at > end || dns_name_read(&name, reader->msg, reader->len, &at) != OK || at != end)
		return ERR_INVALID;
	add(out, reader->msg + in->data, head);
	add_name(out, &name);
	return OK;
}

int mdns_data_compare(const struct mdns_data *a, const struct mdns_data *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	int order = memcmp(a->bytes, b->bytes, MIN(a->len, b->len));
	if (order != 0 || a->len == b->len)
		return order;
	return a->len < b->len ? -1 : 1;
}

uint64_t mdns_find(const struct mdns *m, const struct dns_reader *reader,
		   const struct dns_record *in, uint64_t *same_type)
{
	uint64_t present = mdns_present(m), same = 0;
	struct mdns_data data, ours;
	struct mdns_record r;

	*same_type = 0;
	if (mdns_data_read(reader, in, &data) != OK)
		return 0;
	while (mdns_next(m, &present, &r)) {
		if (r.type != in->type || !dns_name_equal(r.owner, &in->owner))
			continue;
		*same_type |= r.bit;
		mdns_data_of(&r, &ours);
		if (mdns_data_compare(&ours, &data) == 0)
			same |= r.bit;
	}
	return same;
}
