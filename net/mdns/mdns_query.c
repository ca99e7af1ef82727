/* SPDX-License-Identifier: ISC */
/* Questions of others. */
#include "net/mdns/mdns_internal.h"

enum {
	SHARED_DELAY_US = 20 * US_PER_MS, /* RFC 6762 section 6: from here … */
	SHARED_RANGE_US = 100 * US_PER_MS,
	MORE_DELAY_US = 400 * US_PER_MS, /* section 7.2 */
	DEFEND_US = 250 * US_PER_MS,     /* section 6: a probe is answered sooner than others */
};

/* What is to be said to a query. */
struct answer {
	uint64_t multicast, unicast;
};

/* The set of records that answer a question; what we have not counts where a name is ours alone. */
static uint64_t answers_to(const struct mdns *m, const struct dns_name *name, uint16_t type)
{
	uint64_t present = mdns_present(m), set = 0;
	struct mdns_record r;

	while (mdns_next(m, &present, &r)) {
		bool wanted = r.type == type || (type == DNS_TYPE_ANY && r.type != DNS_TYPE_NSEC);
		if (wanted && dns_name_equal(r.owner, name))
			set |= r.bit;
	}
	for (unsigned i = 0; i < mdns_names(m) && set == 0; i++) {
		if (dns_name_equal(mdns_name(m, i), name))
			set = MDNS_BIT(mdns_nsec_of(i));
	}
	return set;
}

/* Those of `set` that everybody has heard within a quarter of their lives. */
static uint64_t recent(const struct mdns *m, const struct mdns_link *link, uint64_t now_us,
		       uint64_t set)
{
	uint64_t found = 0;
	struct mdns_record r;

	while (mdns_next(m, &set, &r)) {
		uint64_t sent_us = link->sent_us[__builtin_ctzll(r.bit)];
		if (sent_us != 0 && now_us - sent_us < (uint64_t)r.ttl_s * US_PER_S / 4)
			found |= r.bit;
	}
	return found;
}

/* Takes what the asker knows, and will for half its life yet, out of the set (section 7.1). */
static enum err suppress_known(struct mdns *m, struct mdns_message *in, uint64_t *set)
{
	struct dns_record known;
	struct mdns_record r;
	uint64_t same_type;

	for (unsigned i = 0; i < in->answers; i++) {
		enum err e = dns_record_read(&in->reader, &known);
		if (e != OK)
			return e;
		uint64_t same = *set;
		if (same != 0)
			same &= mdns_find(m, &in->reader, &known, &same_type);
		while (mdns_next(m, &same, &r)) {
			if (known.ttl_s >= r.ttl_s / 2) {
				*set &= ~r.bit;
				m->stats.suppressed++;
			}
		}
	}
	return OK;
}

/* A bound on what single hosts, or those who pretend to be, make us say. */
static SELDOM bool may_unicast(struct mdns *m, uint64_t now_us)
{
	if (now_us - m->second_us >= US_PER_S) {
		m->second_us = now_us;
		m->unicasts = 0;
	}
	if (m->unicasts == MDNS_UNICASTS_PER_S) {
		m->stats.limited++;
		return false;
	}
	m->unicasts++;
	return true;
}

/* Section 6.7: an ordinary resolver, to which it is as any server's response to one question. */
static void answer_legacy(struct mdns *m, uint64_t now_us, struct mdns_message *in)
{
	struct dns_name name;
	uint16_t type, class;

	if (dns_question_read(&in->reader, &name, &type, &class) != OK) {
		m->stats.malformed++;
		return;
	}
	m->stats.queries++;
	uint64_t set = answers_to(m, &name, type);
	const struct mdns_response r = {
		.to = in->peer, .question = &name, .id = in->id, .type = type};
	if (set != 0 && may_unicast(m, now_us))
		(void)mdns_send_response(m, now_us, &r, set, mdns_additional(m, set));
}

static enum err read_questions(struct mdns *m, struct mdns_message *in, struct answer *out)
{
	struct dns_name name;
	uint16_t type, class;

	for (unsigned i = 0; i < in->questions; i++) {
		enum err e = dns_question_read(&in->reader, &name, &type, &class);
		if (e != OK)
			return e;
		bool unicast = (class & MDNS_CLASS_UNICAST) != 0;
		class &= (uint16_t)~MDNS_CLASS_UNICAST;
		if (i >= MDNS_QUESTIONS_MAX || (class != DNS_CLASS_IN && class != DNS_CLASS_ANY))
			continue;
		*(unicast ? &out->unicast : &out->multicast) |= answers_to(m, &name, type);
	}
	return OK;
}

/* Somebody is about to take a name of ours: he hears of it, whoever heard of it just now. */
static void defend(struct mdns *m, struct mdns_link *link, uint64_t now_us, uint64_t set)
{
	for (unsigned id = 0; id < MDNS_RECORDS_MAX; id++) {
		if ((set & MDNS_BIT(id)) != 0 && now_us - link->sent_us[id] >= DEFEND_US)
			link->sent_us[id] = 0;
	}
	mdns_multicast(m, link, set, now_us);
}

/* Section 6: at once where nobody else can answer; else not together with the others. */
static void answer_all(struct mdns *m, struct mdns_link *link, uint64_t now_us, uint64_t set)
{
	struct mdns_record r;
	bool shared = false;

	for (uint64_t rest = set; !shared && mdns_next(m, &rest, &r);)
		shared = !r.unique;
	uint64_t due_us = now_us;
	if (shared)
		due_us = mdns_random_us(m, now_us + SHARED_DELAY_US, SHARED_RANGE_US);
	mdns_multicast(m, link, set, due_us);
}

/* Section 5.4: what all have heard lately is said to the one who asks. */
static void answer_one(struct mdns *m, uint64_t now_us, const struct mdns_message *in,
		       struct answer *a)
{
	const struct mdns_response r = {.to = in->peer};
	uint64_t set = recent(m, in->link, now_us, a->unicast);

	a->multicast |= a->unicast & ~set;
	if (set != 0 && may_unicast(m, now_us))
		(void)mdns_send_response(m, now_us, &r, set, mdns_additional(m, set));
}

/* The rest of what an asker knows. False if it is not from him. */
static bool continue_deferred(struct mdns *m, struct mdns_message *in)
{
	struct mdns_deferred *d = &m->deferred;

	if (d->link != in->link || d->peer.port != in->peer.port ||
	    !ip_addr_equal(&d->peer.addr, &in->peer.addr))
		return false;
	if (suppress_known(m, in, &d->answers) != OK)
		m->stats.malformed++;
	return true;
}

static void defer(struct mdns *m, uint64_t now_us, const struct mdns_message *in, uint64_t set)
{
	m->deferred = (struct mdns_deferred){
		.link = in->link,
		.peer = in->peer,
		.answers = set,
		.due_us = mdns_random_us(m, now_us + MORE_DELAY_US, SHARED_RANGE_US),
	};
	waker_wake(&m->work);
}

static void answer(struct mdns *m, uint64_t now_us, struct mdns_message *in)
{
	struct answer a = {0};

	if (in->questions == 0 && continue_deferred(m, in))
		return;
	uint64_t unknown = 0;
	enum err e = read_questions(m, in, &a);
	if (e == OK) {
		unknown = a.multicast | a.unicast;
		e = suppress_known(m, in, &unknown);
	}
	if (e != OK) {
		m->stats.malformed++;
		return;
	}
	a.multicast &= unknown;
	a.unicast &= unknown;
	m->stats.queries++;
	answer_one(m, now_us, in, &a);
	if (a.multicast == 0)
		return;
	bool more = (in->flags & DNS_FLAG_TRUNCATED) != 0 && m->deferred.link == NULL;
	if (in->authorities > 0)
		defend(m, in->link, now_us, a.multicast);
	else if (more)
		defer(m, now_us, in, a.multicast);
	else
		answer_all(m, in->link, now_us, a.multicast);
}

enum err mdns_skip_questions(struct mdns_message *in)
{
	struct dns_name name;
	uint16_t type, class;
	enum err e = OK;

	for (unsigned i = 0; i < in->questions && e == OK; i++)
		e = dns_question_read(&in->reader, &name, &type, &class);
	return e;
}

/* Before the names are ours nothing is answered, but others may want them too. */
static DEEP void contend(struct mdns *m, uint64_t now_us, struct mdns_message *in)
{
	struct dns_record record;

	if (mdns_skip_questions(in) != OK)
		return;
	for (unsigned i = 0; i < in->answers; i++) {
		if (dns_record_read(&in->reader, &record) != OK)
			return;
	}
	mdns_probe_input(m, now_us, in);
}

void mdns_query_input(struct mdns *m, uint64_t now_us, struct mdns_message *in)
{
	if (m->state == MDNS_PROBING)
		contend(m, now_us, in);
	else if (in->peer.port != MDNS_PORT)
		answer_legacy(m, now_us, in);
	else
		answer(m, now_us, in);
}
