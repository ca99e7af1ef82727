/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "mdns"
#include "net/mdns/mdns.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/log.h"
#include "net/mdns/mdns_internal.h"

enum {
	PROBES = 3, /* RFC 6762 section 8.1 */
	PROBE_US = 250 * US_PER_MS,
	ANNOUNCEMENTS = 2, /* section 8.3 */
	ANNOUNCE_US = US_PER_S,
	AGAIN_US = US_PER_S, /* section 6: no record is multicast more often */
};

static const struct ip_addr group_v6 = {
	{__builtin_bswap32(0xff020000), 0, 0, __builtin_bswap32(0xfb)}};

static void forget_answers(struct mdns *m)
{
	m->deferred.link = NULL;
	m->link[0].pending = m->link[1].pending = 0;
}

SELDOM void mdns_begin(struct mdns *m, uint64_t due_us)
{
	m->state = MDNS_PROBING;
	m->step = 0;
	m->due_us = due_us;
	forget_answers(m);
	waker_wake(&m->work);
}

uint64_t mdns_heard(const struct mdns_link *link, uint64_t now_us, uint64_t us)
{
	uint64_t set = 0;

	for (unsigned id = 0; id < MDNS_RECORDS_MAX; id++) {
		if (link->sent_us[id] != 0 && now_us - link->sent_us[id] < us)
			set |= MDNS_BIT(id);
	}
	return set;
}

void mdns_note(struct mdns_link *link, uint64_t records, uint64_t at_us)
{
	for (; records != 0; records &= records - 1)
		link->sent_us[__builtin_ctzll(records)] = at_us;
}

void mdns_multicast(struct mdns *m, struct mdns_link *link, uint64_t records, uint64_t due_us)
{
	link->due_us = link->pending != 0 ? time_earlier(link->due_us, due_us) : due_us;
	link->pending |= records;
	waker_wake(&m->work);
}

/* --- input ----------------------------------------------------------------------------------- */

/* Section 11: what is sent to a group comes from the link, and so must the rest. */
static bool is_from_link(const struct mdns *m, const struct udp_peer *peer,
			 const struct ip_addr *local)
{
	struct ip_route route;

	if (ip_addr_equal(local, &m->link[0].to.addr) || ip_addr_equal(local, &m->link[1].to.addr))
		return true;
	return ip_route(m->udp->ip, &peer->addr, &route) == OK && route.prefix_bits > 0;
}

static bool read_header(struct mdns_message *in, const struct pkt *p)
{
	if (p->n_pieces > 0 || p->len < DNS_HEADER_BYTES)
		return false;
	in->reader = (struct dns_reader){.msg = p->data, .len = p->len, .at = DNS_HEADER_BYTES};
	in->id = load_be16(p->data);
	in->flags = load_be16(p->data + 2);
	in->questions = load_be16(p->data + DNS_QUESTIONS);
	in->answers = load_be16(p->data + DNS_ANSWERS);
	in->authorities = load_be16(p->data + DNS_AUTHORITIES);
	in->additionals = load_be16(p->data + DNS_ADDITIONALS);
	return (in->flags & (DNS_FLAG_OPCODE | DNS_FLAG_RCODE)) == 0; /* sections 18.3, 18.11 */
}

static void input(struct udp_socket *s, uint64_t now_us, struct pkt *p, const struct udp_peer *peer,
		  const struct ip_addr *local)
{
	struct mdns *m = container_of(s, struct mdns, socket);
	struct mdns_message in;

	in.peer = peer;
	in.link = &m->link[!ip_addr_is_v4(&peer->addr)];
	if (m->state == MDNS_OFFLINE)
		(void)0;
	else if (!is_from_link(m, peer, local))
		m->stats.off_link++;
	else if (!read_header(&in, p))
		m->stats.malformed++;
	else if ((in.flags & DNS_FLAG_RESPONSE) != 0)
		mdns_response_input(m, now_us, &in);
	else
		mdns_query_input(m, now_us, &in);
	pkt_put(p);
}

/* --- life ------------------------------------------------------------------------------------ */

enum err mdns_init(struct mdns *m, const char *label, struct udp *udp, struct pkt_pool *tx,
		   struct rng *rng, struct waker work)
{
	struct dns_name name;

	*m = (struct mdns){
		.udp = udp,
		.tx = tx,
		.rng = rng,
		.work = work,
		.socket = {.port = MDNS_PORT, .ttl = MDNS_TTL, .input = input},
		.due_us = TIME_NEVER,
		.label = label,
		.number = {1},
		.link = {{.to = {.addr = ip_addr_from_v4(0xe00000fb), .port = MDNS_PORT}},
			 {.to = {.addr = group_v6, .port = MDNS_PORT}}},
	};
	/* Its first label is all of it. */
	if (dns_name_from_text(&name, label) == OK && label[name.bytes[0]] == '\0')
		return mdns_make_name(m, 0);
	log_error("%s is no name of a host", label);
	return ERR_INVALID;
}

/* Lines become strings, each behind its length (RFC 6763 section 6.1); none is one empty string. */
static enum err make_txt(struct mdns_entry *e)
{
	const char *text = e->service.txt != NULL ? e->service.txt : "";
	uint8_t *length = e->txt;

	e->txt_bytes = 1;
	for (*length = 0; *text != '\0'; text++) {
		bool ends = *text == '\n';
		if (ends && text[1] == '\0')
			break;
		if (e->txt_bytes == sizeof(e->txt))
			return ERR_INVALID;
		uint8_t *at = &e->txt[e->txt_bytes++];
		*at = ends ? 0 : (uint8_t)*text;
		if (ends)
			length = at;
		else
			++*length;
	}
	return OK;
}

/* Below its type a label must fit. */
static enum err make_type(struct dns_name *type, const char *text)
{
	if (dns_name_from_text(type, text) != OK)
		return ERR_INVALID;
	type->len--; /* more follows */
	if (type->len > DNS_NAME_BYTES_MAX - DNS_LABEL_BYTES_MAX - 1 - MDNS_LOCAL_BYTES)
		return ERR_INVALID;
	return dns_name_append(type, mdns_local, sizeof(mdns_local));
}

enum err mdns_add_service(struct mdns *m, uint64_t now_us, const struct mdns_service *service)
{
	struct mdns_entry *e = &m->entry[m->n_entries];

	if (m->n_entries == MDNS_SERVICES_MAX)
		return ERR_NOMEM;
	e->service = *service;
	m->number[1 + m->n_entries] = 1;
	if (make_type(&e->type, service->type) != OK || mdns_make_name(m, 1 + m->n_entries) != OK ||
	    make_txt(e) != OK) {
		log_error("%s: type, name or text of a service are not allowed", service->type);
		return ERR_INVALID;
	}
	m->n_entries++;
	if (m->state >= MDNS_PROBING)
		mdns_begin(m, now_us);
	return OK;
}

/* An image may have one address family, or a network layer without groups of the other. */
static enum err join(struct mdns *m, uint64_t now_us)
{
	enum err first = OK;

	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		struct mdns_link *link = &m->link[i];
		enum err e = udp_join(m->udp, &m->socket, now_us, &link->to.addr);
		link->joined = e == OK;
		first = i == 0 ? e : first;
	}
	return m->link[0].joined || m->link[1].joined ? OK : first;
}

enum err mdns_start(struct mdns *m, uint64_t now_us)
{
	assert(m->state == MDNS_OFF);
	enum err e = udp_open(m->udp, &m->socket);
	if (e != OK)
		return e;
	e = join(m, now_us);
	if (e != OK) {
		udp_close(m->udp, &m->socket);
		return e;
	}
	m->state = MDNS_OFFLINE;
	waker_wake(&m->work);
	return OK;
}

static bool say_goodbye(struct mdns *m, uint64_t now_us, const struct mdns_link *link)
{
	const struct mdns_output o = {.to = &link->to, .kind = MDNS_GOODBYE};

	return link->up && m->state > MDNS_PROBING &&
	       mdns_send(m, now_us, &o, mdns_announced(m), 0) != 0;
}

bool mdns_stop(struct mdns *m, uint64_t now_us)
{
	bool said = false;

	if (m->state == MDNS_OFF)
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		struct mdns_link *link = &m->link[i];
		if (!link->joined)
			continue;
		said |= say_goodbye(m, now_us, link);
		udp_leave(m->udp, &m->socket, now_us, &link->to.addr);
	}
	udp_close(m->udp, &m->socket);
	m->state = MDNS_OFF;
	return said;
}

/* --- poll ------------------------------------------------------------------------------------ */

static void announce(struct mdns *m, uint64_t now_us)
{
	uint64_t all = mdns_announced(m);

	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		if (m->link[i].up)
			mdns_multicast(m, &m->link[i], all, now_us);
	}
	m->due_us = now_us + ANNOUNCE_US;
	if (++m->step == ANNOUNCEMENTS) {
		m->state = MDNS_RUNNING;
		m->due_us = TIME_NEVER;
	}
}

static void begin_to_announce(struct mdns *m, uint64_t now_us)
{
	m->state = MDNS_ANNOUNCING;
	m->step = 0;
	m->due_us = now_us;
}

/* Section 8.1; each name in a packet of its own, since one always fits. */
static void probe_link(struct mdns *m, uint64_t now_us, const struct mdns_link *link)
{
	for (unsigned i = 0; link->up && i < mdns_names(m); i++) {
		const struct mdns_output o = {.to = &link->to,
					      .kind = MDNS_PROBE,
					      .question = &m->name[i],
					      .type = DNS_TYPE_ANY};
		(void)mdns_send(m, now_us, &o, mdns_records_of(m, i), 0);
	}
}

static void probe(struct mdns *m, uint64_t now_us)
{
	if (m->step++ == PROBES) {
		const uint8_t *host = m->name[0].bytes;
		m->conflicts = 0;
		log_info("known as %.*s.local", host[0], (const char *)host + 1);
		begin_to_announce(m, now_us);
		announce(m, now_us);
		return;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++)
		probe_link(m, now_us, &m->link[i]);
	m->due_us = now_us + PROBE_US;
}

/* An address that comes or goes is announced (section 8.4); the first one begins it all. */
static void follow_addrs(struct mdns *m, uint64_t now_us)
{
	if (!mdns_addrs_update(m))
		return;
	if (m->n_addrs == 0) {
		m->state = MDNS_OFFLINE;
		m->due_us = TIME_NEVER;
	} else if (m->state == MDNS_OFFLINE) {
		mdns_begin(m, now_us + rng_below(m->rng, PROBE_US));
	} else if (m->state != MDNS_PROBING) {
		begin_to_announce(m, now_us);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++)
		memset(m->link[i].sent_us, 0, sizeof(m->link[i].sent_us));
	forget_answers(m);
}

static void flush(struct mdns *m, uint64_t now_us, struct mdns_link *link)
{
	const struct mdns_output o = {.to = &link->to};

	if (link->pending == 0 || now_us < link->due_us)
		return;
	uint64_t heard = mdns_heard(link, now_us, AGAIN_US), set = link->pending & ~heard;
	/* Those that must wait are due when the first of them may be sent again. */
	link->pending &= heard;
	link->due_us = TIME_NEVER;
	for (uint64_t rest = link->pending; rest != 0; rest &= rest - 1)
		link->due_us =
			time_earlier(link->due_us, link->sent_us[__builtin_ctzll(rest)] + AGAIN_US);
	/* What comes along is held to the same rate, but nothing waits for it. */
	uint64_t more = mdns_additional(m, set) & ~heard;
	mdns_note(link, mdns_send(m, now_us, &o, set, more), now_us);
}

static void answer_deferred(struct mdns *m, uint64_t now_us)
{
	struct mdns_deferred *d = &m->deferred;

	if (d->link == NULL || now_us < d->due_us)
		return;
	if (d->answers != 0)
		mdns_multicast(m, d->link, d->answers, now_us);
	d->link = NULL;
}

uint64_t mdns_poll(struct mdns *m, uint64_t now_us)
{
	if (m->state == MDNS_OFF)
		return TIME_NEVER;
	follow_addrs(m, now_us);
	if (m->state == MDNS_PROBING && now_us >= m->due_us)
		probe(m, now_us);
	else if (m->state == MDNS_ANNOUNCING && now_us >= m->due_us)
		announce(m, now_us);
	answer_deferred(m, now_us);
	uint64_t due_us = m->due_us;
	if (m->deferred.link != NULL)
		due_us = time_earlier(due_us, m->deferred.due_us);
	for (unsigned i = 0; i < ARRAY_SIZE(m->link); i++) {
		flush(m, now_us, &m->link[i]);
		if (m->link[i].pending != 0)
			due_us = time_earlier(due_us, m->link[i].due_us);
	}
	return due_us;
}
