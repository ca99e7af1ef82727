/* SPDX-License-Identifier: ISC */
/* Messages that are sent. */
#include "net/mdns/mdns_internal.h"

enum { TTL_LEGACY_MAX_S = 10 }; /* RFC 6762 section 6.7 */

static struct pkt *begin(struct mdns *m, struct dns_writer *w, uint16_t id, uint16_t flags)
{
	struct pkt *p = pkt_alloc_message(m->tx, DNS_HEADER_BYTES);

	if (p == NULL) {
		m->stats.unsent++;
		return NULL;
	}
	*w = dns_writer_over(p->data, pkt_tailroom(p), id, flags);
	return p;
}

static SELDOM bool finish(struct mdns *m, uint64_t now_us, struct pkt *p,
			  const struct dns_writer *w, const struct udp_peer *to)
{
	p->len = (uint32_t)w->len;
	enum err e = udp_send(m->udp, &m->socket, now_us, p, to, NULL);
	if (e != OK) {
		pkt_put(p);
		m->stats.unsent++;
		return false;
	}
	m->stats.sent++;
	return true;
}

/* False if it does not fit; then the message is as before. */
static bool put_record(struct dns_writer *w, const struct mdns_record *r, enum dns_section section,
		       uint16_t class, uint32_t ttl_s, bool legacy)
{
	size_t len = w->len;
	size_t data = dns_put_record(w, r->owner, r->type, class, ttl_s);

	dns_put_bytes(w, r->head, r->head_bytes);
	/* RFC 6762 section 18.14: those who know only DNS do not look for a pointer in SRV. */
	if (r->name != NULL && legacy && r->type == DNS_TYPE_SRV)
		dns_put_whole_name(w, r->name);
	else if (r->name != NULL)
		dns_put_name(w, r->name);
	dns_put_bytes(w, r->tail, r->tail_bytes);
	dns_put_end(w, data);
	if (w->failed) {
		dns_writer_back(w, len);
		return false;
	}
	dns_count(w, section);
	return true;
}

/* Puts as many records of `set` as fit, and returns which. */
static uint64_t put_records(const struct mdns *m, struct dns_writer *w,
			    const struct mdns_response *response, enum dns_section section,
			    uint64_t set)
{
	bool legacy = response->question != NULL;
	uint64_t done = 0;
	struct mdns_record r;

	while (mdns_next(m, &set, &r)) {
		uint16_t flush = r.unique && !legacy ? MDNS_CLASS_FLUSH : 0;
		uint32_t ttl_s = response->goodbye ? 0 : r.ttl_s;
		if (legacy)
			ttl_s = MIN(ttl_s, (uint32_t)TTL_LEGACY_MAX_S);
		if (put_record(w, &r, section, DNS_CLASS_IN | flush, ttl_s, legacy))
			done |= r.bit;
	}
	return done;
}

static void put_question(struct dns_writer *w, const struct dns_name *name, uint16_t type,
			 uint16_t class)
{
	dns_put_name(w, name);
	dns_put_be16(w, type);
	dns_put_be16(w, class);
	dns_count(w, DNS_QUESTIONS);
}

uint64_t mdns_send_response(struct mdns *m, uint64_t now_us, const struct mdns_response *r,
			    uint64_t answers, uint64_t additional)
{
	uint64_t sent = 0;
	struct dns_writer w;

	while (answers != 0) {
		struct pkt *p = begin(m, &w, r->id, DNS_FLAG_RESPONSE | DNS_FLAG_AUTHORITATIVE);
		if (p == NULL)
			return sent;
		if (r->question != NULL)
			put_question(&w, r->question, r->type, DNS_CLASS_IN);
		uint64_t put = put_records(m, &w, r, DNS_ANSWERS, answers);
		answers &= ~put;
		if (answers == 0)
			put |= put_records(m, &w, r, DNS_ADDITIONALS, additional);
		else if (put == 0 || r->question != NULL)
			answers = 0; /* it never fits, or the asker takes one packet only */
		if (!finish(m, now_us, p, &w, &r->to))
			return sent;
		sent |= put;
	}
	return sent;
}

/* RFC 6762 section 8.1; each name in a packet of its own, since one always fits. */
static void probe_link(struct mdns *m, uint64_t now_us, const struct mdns_link *link,
		       unsigned number)
{
	const struct udp_peer to = {.addr = link->group, .port = MDNS_PORT};
	struct dns_writer w;
	struct mdns_record r;

	struct pkt *p = begin(m, &w, 0, 0);
	if (p == NULL)
		return;
	put_question(&w, mdns_name(m, number), DNS_TYPE_ANY, DNS_CLASS_IN | MDNS_CLASS_UNICAST);
	uint64_t set = mdns_records_of(m, number);
	while (mdns_next(m, &set, &r))
		(void)put_record(&w, &r, DNS_AUTHORITIES, DNS_CLASS_IN, r.ttl_s, false);
	(void)finish(m, now_us, p, &w, &to);
}

void mdns_send_probe(struct mdns *m, uint64_t now_us, unsigned number)
{
	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		if (m->link[i].up)
			probe_link(m, now_us, &m->link[i], number);
	}
}
