/* SPDX-License-Identifier: ISC */
/* The records, made when they are needed. */
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "net/mdns/mdns_internal.h"

_Static_assert(MDNS_RECORDS_MAX <= 64, "a set of records is a word");
_Static_assert(MDNS_OF_ALL(1) == (MDNS_BIT(MDNS_SERVICE_RECORDS * MDNS_SERVICES_MAX) - 1) /
					 (MDNS_BIT(MDNS_SERVICE_RECORDS) - 1),
	       "one of each service's");

static uint64_t addrs(const struct mdns *m)
{
	return (MDNS_BIT(m->n_addrs) - 1) << MDNS_ADDR;
}

uint64_t mdns_present(const struct mdns *m)
{
	uint64_t services = MDNS_BIT(MDNS_SERVICE_RECORDS * m->n_entries) - 1;

	return addrs(m) | addrs(m) << MDNS_REVERSE | MDNS_BIT(MDNS_HOST_NSEC) |
	       services << MDNS_SERVICE;
}

uint64_t mdns_announced(const struct mdns *m)
{
	return mdns_present(m) &
	       ~(MDNS_BIT(MDNS_HOST_NSEC) | MDNS_OF_ALL(MDNS_SERVICE_0(MDNS_NSEC)));
}

uint64_t mdns_records_of(const struct mdns *m, unsigned number)
{
	if (number == 0)
		return addrs(m);
	return (MDNS_SERVICE_0(MDNS_SRV) | MDNS_SERVICE_0(MDNS_TXT))
	       << MDNS_SERVICE_RECORDS * (number - 1);
}

uint64_t mdns_nsec_of(unsigned number)
{
	return MDNS_BIT(MDNS_HOST_NSEC + MDNS_SERVICE_RECORDS * number);
}

uint64_t mdns_additional(const struct mdns *m, uint64_t answers)
{
	uint64_t found = answers & MDNS_OF_ALL(MDNS_SERVICE_0(MDNS_PTR));
	uint64_t set = answers | found << (MDNS_SRV - MDNS_PTR) | found << (MDNS_TXT - MDNS_PTR);

	if ((set & (MDNS_OF_ALL(MDNS_SERVICE_0(MDNS_SRV)) | addrs(m))) != 0)
		set |= addrs(m) | MDNS_BIT(MDNS_HOST_NSEC);
	return set & ~answers;
}

/* --- making ---------------------------------------------------------------------------------- */

static void make_addr(const struct ip_addr *addr, struct mdns_record *r)
{
	bool is_v4 = ip_addr_is_v4(addr);

	r->type = is_v4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
	r->head_bytes = is_v4 ? 4 : 16;
	r->head = (const uint8_t *)(addr + 1) - r->head_bytes;
}

static void make_reverse(const struct mdns *m, const struct ip_addr *addr, struct mdns_record *r)
{
	mdns_reverse_name(addr, &r->made);
	r->owner = &r->made;
	r->type = DNS_TYPE_PTR;
	r->name = &m->name[0];
}

/* RFC 6762 section 6.1: in block 0 of the types that there are `type` is one. */
static void note_type(struct mdns_record *r, enum dns_type type)
{
	uint8_t bytes = (uint8_t)(type / 8 + 1);

	r->own[1] = MAX(r->own[1], bytes);
	r->own[1 + bytes] |= (uint8_t)(0x80 >> type % 8);
	r->tail_bytes = (uint8_t)(2 + r->own[1]);
	r->name = r->owner;
}

static void make_host_nsec(const struct mdns *m, struct mdns_record *r)
{
	for (unsigned i = 0; i < m->n_addrs; i++) {
		if (ip_addr_is_v4(&m->addr[i]))
			note_type(r, DNS_TYPE_A);
		else
			note_type(r, DNS_TYPE_AAAA);
	}
}

static void make_service(const struct mdns *m, unsigned service, unsigned record,
			 struct mdns_record *r)
{
	const struct mdns_entry *e = &m->entry[service];
	const struct dns_name *instance = &m->name[1 + service];

	r->owner = instance;
	switch (record) {
	case MDNS_PTR:
		r->owner = &e->type;
		r->name = instance;
		r->type = DNS_TYPE_PTR;
		break;
	case MDNS_SRV:
		r->type = DNS_TYPE_SRV;
		r->name = &m->name[0];
		r->head_bytes = 6;
		store_be16(r->own + 4, e->service.port);
		break;
	case MDNS_TXT:
		r->type = DNS_TYPE_TXT;
		r->tail = e->txt;
		r->tail_bytes = e->txt_bytes;
		break;
	case MDNS_TYPE:
		(void)!dns_name_from_text(&r->made, "_services._dns-sd._udp.local");
		r->owner = &r->made;
		r->name = &e->type;
		r->type = DNS_TYPE_PTR;
		break;
	default:
		note_type(r, DNS_TYPE_TXT);
		note_type(r, DNS_TYPE_SRV);
	}
}

uint64_t mdns_take(const struct mdns *m, uint64_t set, struct mdns_record *r)
{
	unsigned id = (unsigned)__builtin_ctzll(set);
	assert(id < MDNS_RECORDS_MAX);
	r->bit = MDNS_BIT(id);
	r->owner = &m->name[0];
	r->name = NULL;
	r->head = r->tail = r->own;
	r->type = DNS_TYPE_NSEC;
	r->head_bytes = r->tail_bytes = 0;
	memset(r->own, 0, sizeof(r->own));
	if (id < MDNS_REVERSE)
		make_addr(&m->addr[id - MDNS_ADDR], r);
	else if (id < MDNS_HOST_NSEC)
		make_reverse(m, &m->addr[id - MDNS_REVERSE], r);
	else if (id == MDNS_HOST_NSEC)
		make_host_nsec(m, r);
	else
		make_service(m, (id - MDNS_SERVICE) / MDNS_SERVICE_RECORDS,
			     (id - MDNS_SERVICE) % MDNS_SERVICE_RECORDS, r);
	return set & ~r->bit;
}

/* --- comparing ------------------------------------------------------------------------------- */

/* There is room for all that makes up one record: of bytes of others for as many. */
static void add(struct mdns_data *d, const uint8_t *bytes, size_t len)
{
	memcpy(d->bytes + d->len, bytes, len);
	d->len += len;
}

static void add_name(struct mdns_data *d, const struct dns_name *name)
{
	uint8_t *at = d->bytes + d->len;

	add(d, name->bytes, name->len);
	dns_bytes_to_lower(at, name->len);
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
	bool is_srv = in->type == DNS_TYPE_SRV;
	size_t head = is_srv ? SRV_HEAD_BYTES : 0;
	struct dns_reader name_at = {.msg = reader->msg, .len = reader->len, .at = in->data + head};
	const uint8_t *data = reader->msg + in->data;
	struct dns_name name;

	out->type = in->type;
	out->len = 0;
	if (!is_srv && in->type != DNS_TYPE_PTR && in->type != DNS_TYPE_CNAME) {
		add(out, data, MIN(in->data_bytes, sizeof(out->bytes)));
		return OK;
	}
	/* A name that begins behind the record does not end with it. */
	if (dns_name_read(&name, &name_at) != OK || name_at.at != in->data + in->data_bytes)
		return ERR_INVALID;
	add(out, data, head);
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

uint64_t mdns_find(const struct mdns *m, const struct dns_record *in,
		   const struct dns_reader *reader)
{
	uint64_t rest = mdns_present(m), found = 0;
	struct mdns_data data, ours;
	struct mdns_record r;

	if (reader != NULL && mdns_data_read(reader, in, &data) != OK)
		return 0;
	while (rest != 0) {
		rest = mdns_take(m, rest, &r);
		if (r.type != in->type && (in->type != DNS_TYPE_ANY || r.type == DNS_TYPE_NSEC))
			continue;
		if (!dns_name_equal(r.owner, &in->owner))
			continue;
		mdns_data_of(&r, &ours);
		if (reader == NULL || mdns_data_compare(&ours, &data) == 0)
			found |= r.bit;
	}
	return found;
}
