/* SPDX-License-Identifier: ISC */
/* Messages that are sent. */
#include "net/mdns/mdns_internal.h"

enum { TTL_LEGACY_MAX_S = 10 }; /* RFC 6762 section 6.7 */

static struct pkt *begin(struct mdns *m, struct dns_writer *w, const struct mdns_output *o)
{
	bool is_probe = o->kind == MDNS_PROBE;
	struct pkt *p = pkt_alloc_message(m->tx, DNS_HEADER_BYTES);

	if (p == NULL) {
		m->stats.unsent++;
		return NULL;
	}
	dns_writer_init(w, p->data, pkt_tailroom(p), o->id,
			is_probe ? 0 : DNS_FLAG_RESPONSE | DNS_FLAG_AUTHORITATIVE);
	if (o->question != NULL) {
		dns_put_question(w, o->question, o->type,
				 is_probe ? DNS_CLASS_IN | MDNS_CLASS_UNICAST : DNS_CLASS_IN);
		dns_count(w, DNS_QUESTIONS);
	}
	return p;
}

static bool finish(struct mdns *m, uint64_t now_us, struct pkt *p, const struct dns_writer *w,
		   const struct udp_peer *to)
{
	p->len = (uint32_t)w->len;
	if (udp_send_or_put(m->udp, &m->socket, now_us, p, to) == OK) {
		m->stats.sent++;
		return true;
	}
	m->stats.unsent++;
	return false;
}

/* False if it does not fit; then the message is as before. */
static bool put_record(struct dns_writer *w, const struct mdns_record *r, enum mdns_kind kind,
		       enum dns_section section)
{
	bool all = (kind == MDNS_RESPONSE || kind == MDNS_GOODBYE) && (r->bit & MDNS_SHARED) == 0;
	uint32_t ttl_s = (r->bit & MDNS_LASTING) != 0 ? MDNS_TTL_LASTING_S : MDNS_TTL_S;

	if (kind == MDNS_GOODBYE)
		ttl_s = 0;
	if (kind == MDNS_LEGACY)
		ttl_s = TTL_LEGACY_MAX_S;
	dns_put_record(w, r->owner, r->type, all ? DNS_CLASS_IN | MDNS_CLASS_FLUSH : DNS_CLASS_IN,
		       ttl_s);
	dns_put_bytes(w, r->head, r->head_bytes);
	/* RFC 6762 section 18.14: those who know only DNS do not look for a pointer in SRV. */
	if (r->name != NULL && kind == MDNS_LEGACY && r->type == DNS_TYPE_SRV)
		dns_put_whole_name(w, r->name);
	else if (r->name != NULL)
		dns_put_name(w, r->name);
	dns_put_bytes(w, r->tail, r->tail_bytes);
	return dns_put_end(w, section);
}

/* Puts as many records of `set` as fit, and returns which. */
static uint64_t put_records(const struct mdns *m, struct dns_writer *w, enum mdns_kind kind,
			    enum dns_section section, uint64_t set)
{
	uint64_t done = 0;
	struct mdns_record r;

	while (set != 0) {
		set = mdns_take(m, set, &r);
		if (put_record(w, &r, kind, section))
			done |= r.bit;
	}
	return done;
}

uint64_t mdns_send(struct mdns *m, uint64_t now_us, const struct mdns_output *o, uint64_t answers,
		   uint64_t additional)
{
	enum dns_section section = o->kind == MDNS_PROBE ? DNS_AUTHORITIES : DNS_ANSWERS;
	uint64_t sent = 0;
	struct dns_writer w;

	while (answers != 0) {
		struct pkt *p = begin(m, &w, o);
		if (p == NULL)
			return sent;
		uint64_t put = put_records(m, &w, o->kind, section, answers);
		answers &= ~put;
		if (answers == 0)
			put |= put_records(m, &w, o->kind, DNS_ADDITIONALS, additional);
		else if (put == 0 || o->question != NULL)
			answers = 0; /* it never fits, or the asker takes one packet only */
		if (!finish(m, now_us, p, &w, o->to))
			return sent;
		sent |= put;
	}
	return sent;
}
