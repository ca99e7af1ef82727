/* SPDX-License-Identifier: ISC */
/* Questions of others. */
#include "net/mdns/mdns_internal.h"

enum {
	SHARED_DELAY_US = 20 * US_PER_MS, /* RFC 6762 section 6: from here … */
	SHARED_RANGE_US = 100 * US_PER_MS,
	MORE_DELAY_US = 400 * US_PER_MS, /* section 7.2 */
	DEFEND_US = 250 * US_PER_MS,     /* section 6: a probe is answered sooner than others */
};

/* The set of records that answer a question; what we have not counts where a name is ours alone. */
static uint64_t answers_to(const struct mdns *m, const struct dns_record *question)
{
	uint64_t set = mdns_find(m, question, NULL);
	unsigned number = mdns_find_name(m, &question->owner);

	return set != 0 || number == mdns_names(m) ? set : mdns_nsec_of(number);
}

enum err mdns_read_questions(const struct mdns *m, struct mdns_message *in,
			     struct mdns_answers *out)
{
	const struct dns_record *question = &in->record;

	*out = (struct mdns_answers){0};
	for (unsigned i = 0; i < in->questions; i++) {
		if (dns_question_read(&in->reader, &in->record) != OK)
			return ERR_INVALID;
		uint16_t class = question->class & (uint16_t)~MDNS_CLASS_UNICAST;
		if (i < MDNS_QUESTIONS_MAX && (class == DNS_CLASS_IN || class == DNS_CLASS_ANY))
			*(class == question->class ? &out->multicast : &out->unicast) |=
				answers_to(m, question);
	}
	return OK;
}

SELDOM uint64_t mdns_living(uint32_t ttl_s)
{
	if (ttl_s < MDNS_TTL_S)
		return 0;
	return ttl_s < MDNS_TTL_LASTING_S ? ~MDNS_LASTING : UINT64_MAX;
}

SELDOM void mdns_suppress(struct mdns *m, uint64_t *set, uint64_t known)
{
	for (uint64_t rest = *set & known; rest != 0; rest &= rest - 1)
		m->stats.suppressed++;
	*set &= ~known;
}

/* Takes what the asker knows, and will for half its life yet, out of the set (section 7.1). */
static enum err suppress_known(struct mdns *m, struct mdns_message *in, uint64_t *set)
{
	for (unsigned i = 0; i < in->answers; i++) {
		if (dns_record_read(&in->reader, &in->record) != OK)
			return ERR_INVALID;
		if (*set != 0)
			mdns_suppress(m, set,
				      mdns_find(m, &in->record, &in->reader) &
					      mdns_living(2 * in->record.ttl_s));
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

static void answer_one(struct mdns *m, uint64_t now_us, const struct mdns_output *o, uint64_t set)
{
	if (set != 0 && may_unicast(m, now_us))
		(void)mdns_send(m, now_us, o, set, mdns_additional(m, set));
}

/* Section 6.7: an ordinary resolver, to which it is as any server's response to one question. */
static void answer_legacy(struct mdns *m, uint64_t now_us, const struct mdns_message *in,
			  uint64_t set)
{
	const struct mdns_output o = {.to = in->peer,
				      .kind = MDNS_LEGACY,
				      .question = &in->record.owner,
				      .id = in->id,
				      .type = in->record.type};

	answer_one(m, now_us, &o, set);
}

/* Section 5.4: what all have heard within a quarter of its life is said to the one who asks. */
static uint64_t answer_recent(struct mdns *m, uint64_t now_us, const struct mdns_message *in,
			      uint64_t set)
{
	const struct mdns_output o = {.to = in->peer};
	uint64_t recent = mdns_heard(in->link, now_us, MDNS_TTL_S / 4 * (uint64_t)US_PER_S);

	recent |= MDNS_LASTING &
		  mdns_heard(in->link, now_us, MDNS_TTL_LASTING_S / 4 * (uint64_t)US_PER_S);
	answer_one(m, now_us, &o, set & recent);
	return set & ~recent;
}

/* Somebody is about to take a name of ours: he hears of it, whoever heard of it just now. */
static void defend(struct mdns *m, struct mdns_link *link, uint64_t now_us, uint64_t set)
{
	mdns_note(link, set & ~mdns_heard(link, now_us, DEFEND_US), 0);
	mdns_multicast(m, link, set, now_us);
}

/* Section 6: at once where nobody else can answer; else not together with the others. */
static void answer_all(struct mdns *m, struct mdns_link *link, uint64_t now_us, uint64_t set)
{
	if ((set & MDNS_SHARED) != 0)
		now_us += SHARED_DELAY_US + rng_below(m->rng, SHARED_RANGE_US);
	mdns_multicast(m, link, set, now_us);
}

/* The rest of what an asker knows. False if it is not from him. */
static bool continue_deferred(struct mdns *m, struct mdns_message *in)
{
	struct mdns_deferred *d = &m->deferred;

	if (d->link != in->link || d->peer.port != in->peer->port ||
	    !ip_addr_equal(&d->peer.addr, &in->peer->addr))
		return false;
	if (suppress_known(m, in, &d->answers) != OK)
		m->stats.malformed++;
	return true;
}

static void defer(struct mdns *m, uint64_t now_us, const struct mdns_message *in, uint64_t set)
{
	struct mdns_deferred *d = &m->deferred;

	d->link = in->link;
	d->peer = *in->peer;
	d->answers = set;
	d->due_us = now_us + MORE_DELAY_US + rng_below(m->rng, SHARED_RANGE_US);
	waker_wake(&m->work);
}

static void answer(struct mdns *m, uint64_t now_us, const struct mdns_message *in, uint64_t set)
{
	if (set == 0)
		return;
	if (in->authorities > 0)
		defend(m, in->link, now_us, set);
	else if ((in->flags & DNS_FLAG_TRUNCATED) != 0 && m->deferred.link == NULL)
		defer(m, now_us, in, set);
	else
		answer_all(m, in->link, now_us, set);
}

/* Before the names are ours nothing is answered, but others may want them too. */
DEEP void mdns_query_input(struct mdns *m, uint64_t now_us, struct mdns_message *in)
{
	bool probing = m->state == MDNS_PROBING;
	bool legacy = !probing && in->peer->port != MDNS_PORT;
	struct mdns_answers a;

	if (legacy)
		in->questions = 1;
	else if (in->questions == 0 && continue_deferred(m, in))
		return;
	enum err e = mdns_read_questions(m, in, &a);
	uint64_t set = probing ? 0 : a.multicast | a.unicast;
	if (e == OK && !legacy)
		e = suppress_known(m, in, &set);
	if (e != OK) {
		m->stats.malformed++;
		return;
	}
	if (probing) {
		mdns_probe_input(m, now_us, in);
		return;
	}
	m->stats.queries++;
	if (legacy)
		answer_legacy(m, now_us, in, set);
	else
		answer(m, now_us, in,
		       (a.multicast & set) | answer_recent(m, now_us, in, a.unicast & set));
}
