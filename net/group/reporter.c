/* SPDX-License-Identifier: ISC */
#include "net/group/reporter.h"

#include "base/assert.h"
#include "base/attr.h"

/* --- time ------------------------------------------------------------------------------------ */

/* From 1 to `max_us`; a generator that answers nothing makes it half of that. */
static uint64_t random_us(struct group_reporter *r, uint64_t max_us)
{
	uint64_t n;
	if (max_us == 0)
		return 0;
	return rng_read(r->rng, &n, sizeof(n)) == OK ? 1 + n % max_us : (max_us + 1) / 2;
}

/* Something has changed: the next poll looks when the next thing is due. */
static void look_again(struct group_reporter *r)
{
	r->deadline_us = 0;
}

/* --- entries --------------------------------------------------------------------------------- */

static SELDOM struct group_entry *find(struct group_reporter *r, const struct ip_addr *group)
{
	for (unsigned i = 0; i < r->n; i++) {
		if (ip_addr_equal(&r->entry[i].group, group))
			return &r->entry[i];
	}
	return NULL;
}

static SELDOM void remove_at(struct group_reporter *r, unsigned i)
{
	r->entry[i] = r->entry[--r->n];
}

/* Entries of groups that were left make room: what they still have to say was said once. */
static struct group_entry *create(struct group_reporter *r, const struct ip_addr *group)
{
	for (unsigned i = 0; r->n == GROUP_ENTRIES_MAX && i < r->n; i++) {
		if (!r->entry[i].member)
			remove_at(r, i);
	}
	assert(r->n < GROUP_ENTRIES_MAX);
	struct group_entry *e = &r->entry[r->n++];
	*e = (struct group_entry){
		.group = *group, .change_us = TIME_NEVER, .answer_us = TIME_NEVER};
	return e;
}

static void forget_left(struct group_reporter *r)
{
	for (unsigned i = r->n; i-- > 0;) {
		if (!r->entry[i].member && r->entry[i].changes_left == 0)
			remove_at(r, i);
	}
}

/* --- modes (RFC 3376 section 7.2.1, RFC 3810 section 8.2.1) ----------------------------------- */

static void cancel(struct group_entry *e)
{
	e->changes_left = 0;
	e->change_us = TIME_NEVER;
	e->answer_us = TIME_NEVER;
}

static void cancel_all(struct group_reporter *r)
{
	r->general_us = TIME_NEVER;
	for (unsigned i = 0; i < r->n; i++)
		cancel(&r->entry[i]);
	forget_left(r);
}

static void update_mode(struct group_reporter *r, uint64_t now_us)
{
	uint8_t mode = GROUP_OLDEST;
	while (mode > GROUP_RECORDS && now_us >= r->until_us[mode])
		mode--;
	if (mode == r->mode)
		return;
	r->mode = mode;
	cancel_all(r);
}

/* Of an older querier that is there: sections 8.12, and 9.12 of RFC 3810. */
static void note_version(struct group_reporter *r, uint64_t now_us, const struct group_query *q)
{
	uint64_t present_us = (uint64_t)r->robustness * r->query_interval_s * US_PER_S +
			      q->max_delay_us;
	if (q->mode == GROUP_RECORDS) {
		r->robustness = q->robustness != 0 ? q->robustness : GROUP_ROBUSTNESS;
		r->query_interval_s = q->query_interval_s != 0 ? q->query_interval_s
							       : GROUP_QUERY_INTERVAL_S;
	} else {
		r->until_us[q->mode] = now_us + present_us;
	}
	update_mode(r, now_us);
}

/* --- changes (RFC 3376 section 5.1, RFC 3810 section 6.1) ------------------------------------- */

void group_reporter_changed(struct group_reporter *r, uint64_t now_us, const struct ip_addr *group,
			    bool joined)
{
	update_mode(r, now_us);
	struct group_entry *e = find(r, group);
	if (e == NULL && !joined)
		return;
	if (e == NULL)
		e = create(r, group);
	e->member = joined;
	e->changes_left = r->robustness;
	e->change_us = now_us;
	e->answer_us = TIME_NEVER;
	look_again(r);
	(void)group_reporter_poll(r, now_us);
}

/* --- queries (RFC 3376 section 5.2, RFC 3810 section 6.2, RFC 2236 section 3) ----------------- */

/* Draws the time of an answer, unless one that says as much comes earlier. */
static void answer_within(struct group_reporter *r, uint64_t now_us, uint64_t *timer_us,
			  uint64_t max_delay_us)
{
	uint64_t due_us = now_us + random_us(r, max_delay_us);
	due_us = MAX(due_us, r->answered_us + GROUP_ANSWER_MIN_US);
	if (due_us < r->general_us)
		*timer_us = MIN(*timer_us, due_us);
}

/* With records one report for all; else a message for each group, each at a time of its own. */
void group_reporter_query(struct group_reporter *r, uint64_t now_us, const struct group_query *q)
{
	note_version(r, now_us, q);
	look_again(r);
	for (unsigned i = 0; i < r->n; i++) {
		struct group_entry *e = &r->entry[i];
		if (!e->member || (!q->general && !ip_addr_equal(&e->group, &q->group)))
			continue;
		bool for_all = q->general && r->mode == GROUP_RECORDS;
		answer_within(r, now_us, for_all ? &r->general_us : &e->answer_us, q->max_delay_us);
		if (for_all)
			break;
	}
}

void group_reporter_heard(struct group_reporter *r, const struct ip_addr *group)
{
	struct group_entry *e = find(r, group);
	if (r->mode != GROUP_RECORDS && e != NULL && e->member)
		cancel(e);
}

/* --- what is due ----------------------------------------------------------------------------- */

/* One of the reports of a change is sent: when is the next? In an old mode that a group was left is
 * said once, or not at all. */
static void count_change(struct group_reporter *r, uint64_t now_us, struct group_entry *e)
{
	bool is_old = r->mode != GROUP_RECORDS;
	e->change_us = TIME_NEVER;
	e->changes_left = is_old && !e->member ? 0 : e->changes_left - 1;
	if (e->changes_left > 0)
		e->change_us = now_us + random_us(r, is_old ? GROUP_UNSOLICITED_OLD_US
							    : GROUP_UNSOLICITED_US);
}

/* What is to be said of an entry now; a change tells the state as well as an answer does. False:
 * nothing. */
static bool take_due(struct group_reporter *r, uint64_t now_us, struct group_entry *e,
		     struct group_record *out)
{
	bool asked = e->member && (now_us >= r->general_us || now_us >= e->answer_us);
	bool changed = now_us >= e->change_us;
	out->group = e->group;
	out->type = !changed ? GROUP_IS_EXCLUDE : e->member ? GROUP_TO_EXCLUDE : GROUP_TO_INCLUDE;
	if (asked) {
		e->answer_us = TIME_NEVER;
		r->answered_us = now_us;
	}
	if (changed)
		count_change(r, now_us, e);
	return asked || changed;
}

/* The same in an old mode: that there is a member, or to routers, that there is none any more. */
static void tell_old(struct group_reporter *r, uint64_t now_us, const struct group_record *record)
{
	const struct group_family *f = r->family;
	const struct ip_addr routers = group_local(f, GROUP_ROUTERS);
	if (record->type != GROUP_TO_INCLUDE)
		group_send_old(r, now_us, r->mode == GROUP_OLD ? f->old_report : f->oldest_report,
			       &record->group, &record->group);
	else if (r->mode == GROUP_OLD)
		group_send_old(r, now_us, f->done, &record->group, &routers);
}

static void send_due(struct group_reporter *r, uint64_t now_us)
{
	struct group_record record[GROUP_ENTRIES_MAX];
	unsigned n = 0;
	for (struct group_entry *e = r->entry; e < &r->entry[r->n]; e++) {
		if (!take_due(r, now_us, e, &record[n]))
			continue;
		if (r->mode == GROUP_RECORDS)
			n++;
		else
			tell_old(r, now_us, &record[n]);
	}
	if (now_us >= r->general_us)
		r->general_us = TIME_NEVER;
	if (n > 0)
		group_send_report(r, now_us, record, n);
}

/* The end of an older mode is one, too. */
static uint64_t next_deadline_us(const struct group_reporter *r)
{
	uint64_t at_us = MIN(r->general_us, r->until_us[r->mode]);
	for (unsigned i = 0; i < r->n; i++)
		at_us = MIN(at_us, MIN(r->entry[i].change_us, r->entry[i].answer_us));
	return at_us;
}

uint64_t group_reporter_poll(struct group_reporter *r, uint64_t now_us)
{
	if (LIKELY(now_us < r->deadline_us))
		return r->deadline_us;
	update_mode(r, now_us);
	send_due(r, now_us);
	forget_left(r);
	r->deadline_us = next_deadline_us(r);
	return r->deadline_us;
}

SELDOM void group_reporter_init(struct group_reporter *r, const struct group_family *family,
				struct pkt_pool *tx, struct rng *rng)
{
	*r = (struct group_reporter){
		.family = family,
		.tx = tx,
		.rng = rng,
		.robustness = GROUP_ROBUSTNESS,
		.query_interval_s = GROUP_QUERY_INTERVAL_S,
		.until_us = {[GROUP_RECORDS] = TIME_NEVER},
		.general_us = TIME_NEVER,
		.deadline_us = TIME_NEVER,
	};
}
