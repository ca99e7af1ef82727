/* SPDX-License-Identifier: ISC */
/* Others with our names: RFC 6762 sections 8.2 and 9. */
#define LOG_MODULE "mdns"
#include "base/log.h"
#include "net/mdns/mdns_internal.h"

enum {
	NUMBER_MAX = 999,
	LOST_US = US_PER_S, /* until the next attempt of who has lost a tie: section 8.2 */
	RANGE_US = 250 * US_PER_MS,
};

static uint16_t class_of(const struct dns_record *r)
{
	return r->class & (uint16_t)~MDNS_CLASS_FLUSH;
}

/* The next name: "web-2" behind "web", "Web (3)" behind "Web (2)". */
static void rename_to_next(struct mdns *m, unsigned number)
{
	unsigned *n = &m->number[number];

	*n = *n < NUMBER_MAX ? *n + 1 : 2;
	/* A name that was good stays so: labels are cut to make room for the number. */
	(void)!mdns_make_name(m, number);
	m->stats.renamed++;
	log_warn("a name is taken: trying number %u of it", *n);
}

void mdns_conflict(struct mdns *m, uint64_t now_us, unsigned number)
{
	uint64_t wait_us = ++m->conflicts >= MDNS_CONFLICTS_SOON ? MDNS_CONFLICT_WAIT_US : 0;

	m->stats.conflicts++;
	if (m->state == MDNS_PROBING)
		rename_to_next(m, number);
	mdns_begin(m, now_us + wait_us + rng_below(m->rng, RANGE_US));
}

/* --- ties ------------------------------------------------------------------------------------ */

/* Looks for the least of several that is greater than `after`, or for any if that is NULL. */
struct search {
	const struct mdns_data *after;
	struct mdns_data *least;
	bool found;
};

static void look_at(struct search *s, const struct mdns_data *data)
{
	if (s->after != NULL && mdns_data_compare(data, s->after) <= 0)
		return;
	if (!s->found || mdns_data_compare(data, s->least) < 0)
		*s->least = *data;
	s->found = true;
}

/* The next record of ours, of name `number`, behind `after`. */
static bool next_ours(const struct mdns *m, unsigned number, const struct mdns_data *after,
		      struct mdns_data *least)
{
	uint64_t set = mdns_records_of(m, number);
	struct search s = {.after = after, .least = least};
	struct mdns_record r;
	struct mdns_data data;

	while (set != 0) {
		set = mdns_take(m, set, &r);
		mdns_data_of(&r, &data);
		look_at(&s, &data);
	}
	return s.found;
}

/* The same of the records that the other wants to have. */
static bool next_theirs(const struct mdns *m, const struct mdns_message *in, unsigned number,
			const struct mdns_data *after, struct mdns_data *least)
{
	struct search s = {.after = after, .least = least};
	struct dns_reader reader = in->reader;
	struct dns_record r;
	struct mdns_data data;

	for (unsigned i = 0; i < in->authorities && dns_record_read(&reader, &r) == OK; i++) {
		if (class_of(&r) == DNS_CLASS_IN && dns_name_equal(&r.owner, &m->name[number]) &&
		    mdns_data_read(&reader, &r, &data) == OK)
			look_at(&s, &data);
	}
	return s.found;
}

/* Whether the other wins: his records, in order, are the greater ones. */
static bool is_lost(const struct mdns *m, const struct mdns_message *in, unsigned number)
{
	struct mdns_data ours, theirs, last, *after = NULL;

	for (;;) {
		bool have_ours = next_ours(m, number, after, &ours);
		bool have_theirs = next_theirs(m, in, number, after, &theirs);
		if (!have_ours || !have_theirs)
			return have_theirs;
		int order = mdns_data_compare(&ours, &theirs);
		if (order != 0)
			return order < 0;
		last = ours;
		after = &last;
	}
}

void mdns_probe_input(struct mdns *m, uint64_t now_us, const struct mdns_message *in)
{
	for (unsigned i = 0; i < mdns_names(m); i++) {
		if (is_lost(m, in, i)) {
			m->stats.conflicts++;
			mdns_begin(m, now_us + LOST_US);
			return;
		}
	}
}

/* --- responses ------------------------------------------------------------------------------- */

/* One of ours that another says too: it need not be said again, unless it is about to be lost. */
static void hear_same(struct mdns *m, uint64_t now_us, struct mdns_link *link, uint32_t ttl_s,
		      uint64_t same)
{
	uint64_t lost = same & ~mdns_living(2 * ttl_s);

	if (lost != 0)
		mdns_multicast(m, link, lost, now_us);
	mdns_suppress(m, &link->pending, same & mdns_living(ttl_s));
}

/* True if it was a conflict: then the names are others, or are in question. */
static bool hear(struct mdns *m, uint64_t now_us, const struct mdns_message *in)
{
	const struct dns_record *r = &in->record;
	uint64_t same = mdns_find(m, r, &in->reader);
	unsigned number = mdns_find_name(m, &r->owner);

	if (same != 0) {
		if (m->state != MDNS_PROBING)
			hear_same(m, now_us, in->link, r->ttl_s, same);
		return false;
	}
	if (number == mdns_names(m) || r->type == DNS_TYPE_NSEC || r->ttl_s == 0)
		return false;
	if (m->state != MDNS_PROBING && mdns_find(m, r, NULL) == 0)
		return false;
	mdns_conflict(m, now_us, number);
	return true;
}

DEEP void mdns_response_input(struct mdns *m, uint64_t now_us, struct mdns_message *in)
{
	unsigned records = in->answers + in->authorities + in->additionals;
	struct mdns_answers asked;

	if (in->peer->port != MDNS_PORT) {
		m->stats.bad_port++;
		return;
	}
	if (mdns_read_questions(m, in, &asked) != OK)
		records = 0;
	m->stats.responses++;
	for (unsigned i = 0; i < records; i++) {
		if (dns_record_read(&in->reader, &in->record) != OK) {
			m->stats.malformed++;
			return;
		}
		if (class_of(&in->record) == DNS_CLASS_IN && hear(m, now_us, in))
			return;
	}
}
