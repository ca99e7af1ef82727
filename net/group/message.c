/* SPDX-License-Identifier: ISC */
#include "net/group/message.h"

#include <string.h>

#include "base/bytes.h"
#include "net/group/reporter.h"

enum {
	ROBUSTNESS_MASK = 7,
	INTERVAL_BITS = 4,               /* of the mantissa */
	OLDEST_DELAY_US = 10 * US_PER_S, /* RFC 1112 appendix I */
};

/* --- in -------------------------------------------------------------------------------------- */

/*
 * RFC 3376 section 4.1.1, RFC 3810 section 5.1.3: as it is while its highest bit is 0, else three
 * bits of exponent and a mantissa of `bits` bits.
 */
static SELDOM uint32_t decode(uint32_t code, unsigned bits)
{
	uint32_t one = UINT32_C(1) << bits;
	if (code < one * 8)
		return code;
	return (one | (code & (one - 1))) << ((code >> bits & 7) + 3);
}

/* RFC 3376 section 7.1, RFC 3810 section 8.1: a query's version is in its length. */
static bool parse_version(const struct group_family *f, struct group_query *q, const uint8_t *bytes,
			  size_t len)
{
	uint32_t code = f->delay_bits > INTERVAL_BITS ? load_be16(bytes + 4) : bytes[1];
	const uint8_t *newer = bytes + f->old_bytes;
	size_t newer_bytes = len - f->old_bytes;
	if (newer_bytes == 0) {
		bool oldest = code == 0 && f->oldest_report != f->old_report;
		q->mode = oldest ? GROUP_OLDEST : GROUP_OLD;
		q->max_delay_us = oldest ? OLDEST_DELAY_US : (uint64_t)code * f->delay_unit_us;
		return true;
	}
	if (newer_bytes < GROUP_NEWER_BYTES)
		return false;
	q->mode = GROUP_RECORDS;
	q->max_delay_us = (uint64_t)decode(code, f->delay_bits) * f->delay_unit_us;
	q->robustness = newer[0] & ROBUSTNESS_MASK;
	q->query_interval_s = decode(newer[1], INTERVAL_BITS);
	return newer_bytes >= GROUP_NEWER_BYTES + (size_t)load_be16(newer + 2) * f->addr_bytes;
}

/* The bytes of an address that messages have, and where those of old versions have them. */
static const void *tail_of(const struct group_family *f, const struct ip_addr *addr)
{
	return (const uint8_t *)(addr + 1) - f->addr_bytes;
}

static size_t group_at(const struct group_family *f)
{
	return (size_t)f->old_bytes - f->addr_bytes;
}

bool group_query_parse(const struct group_family *f, struct group_query *q, const uint8_t *bytes,
		       size_t len)
{
	static const struct ip_addr none;
	if (len < f->old_bytes)
		return false;
	const uint8_t *group = bytes + group_at(f);
	*q = (struct group_query){.group = f->local,
				  .general = memcmp(group, &none, f->addr_bytes) == 0};
	memcpy((uint8_t *)(&q->group + 1) - f->addr_bytes, group, f->addr_bytes);
	return (q->general || ip_addr_is_group(&q->group)) && parse_version(f, q, bytes, len);
}

/* RFC 3376 section 4.1.12, RFC 3810 section 5.1.15: to us alone or to a group, a general query to
 * that of all hosts. */
static bool is_addressed_well(const struct group_family *f, const struct group_query *q,
			      const struct ip_meta *meta)
{
	const struct ip_addr everybody = group_local(f, GROUP_EVERYBODY);
	return !q->general || !meta->broadcast || ip_addr_equal(&meta->dst, &everybody);
}

static uint32_t *query(struct group_reporter *r, uint64_t now_us, const struct pkt *p,
		       const struct ip_meta *meta, bool alerted)
{
	const struct group_family *f = r->family;
	struct group_query q;
	size_t bytes = pkt_bytes(p);
	if (p->len < MIN(bytes, (size_t)f->old_bytes + GROUP_NEWER_BYTES) ||
	    !group_query_parse(f, &q, p->data, bytes) || !is_addressed_well(f, &q, meta))
		return &r->stats.bad;
	if (q.mode != GROUP_OLDEST && !alerted)
		return &r->stats.foreign;
	group_reporter_query(r, now_us, &q);
	return &r->stats.queries;
}

static uint32_t *old_report(struct group_reporter *r, const struct pkt *p,
			    const struct ip_meta *meta)
{
	const struct group_family *f = r->family;
	if (p->len < f->old_bytes ||
	    memcmp(p->data + group_at(f), tail_of(f, &meta->dst), f->addr_bytes) != 0)
		return &r->stats.bad;
	group_reporter_heard(r, &meta->dst);
	return &r->stats.heard;
}

uint32_t *group_reporter_input(struct group_reporter *r, uint64_t now_us, const struct pkt *p,
			       const struct ip_meta *meta, bool alerted)
{
	const struct group_family *f = r->family;
	uint8_t type = p->data[0];
	if (type == f->query)
		return query(r, now_us, p, meta, alerted);
	if (type == f->old_report || type == f->oldest_report)
		return old_report(r, p, meta);
	return &r->stats.ignored;
}

/* --- out ------------------------------------------------------------------------------------- */

/* A packet of `bytes` zeros behind the type, or NULL; what is not said now is said the next time.
 */
static struct pkt *message(struct group_reporter *r, uint8_t type, uint32_t bytes)
{
	struct pkt *p = pkt_alloc_message(r->tx, bytes);
	if (p == NULL) {
		r->stats.unsent++;
		return NULL;
	}
	memset(pkt_append(p, bytes), 0, bytes);
	p->data[0] = type;
	return p;
}

static void emit_group(const struct group_family *f, const struct ip_addr *group, uint8_t *out)
{
	memcpy(out, tail_of(f, group), f->addr_bytes);
}

static void send(struct group_reporter *r, uint64_t now_us, struct pkt *p,
		 const struct ip_addr *dst)
{
	if (r->family->send(r, now_us, p, dst) == OK) {
		r->stats.out++;
		return;
	}
	r->stats.unsent++;
	pkt_put(p);
}

void group_send_report(struct group_reporter *r, uint64_t now_us, const struct group_record *record,
		       unsigned n)
{
	const struct group_family *f = r->family;
	const struct ip_addr dst = group_local(f, GROUP_REPORTS_TO);
	uint32_t record_bytes = GROUP_RECORD_BYTES + (uint32_t)f->addr_bytes;
	struct pkt *p = message(r, f->report, GROUP_REPORT_BYTES + n * record_bytes);
	if (p == NULL)
		return;
	uint8_t *at = p->data + GROUP_REPORT_BYTES;
	store_be16(p->data + 6, (uint16_t)n);
	for (unsigned i = 0; i < n; i++, at += record_bytes) {
		at[0] = record[i].type;
		emit_group(f, &record[i].group, at + GROUP_RECORD_BYTES);
	}
	send(r, now_us, p, &dst);
}

void group_send_old(struct group_reporter *r, uint64_t now_us, uint8_t type,
		    const struct ip_addr *group, const struct ip_addr *dst)
{
	const struct group_family *f = r->family;
	struct pkt *p = message(r, type, f->old_bytes);
	if (p == NULL)
		return;
	emit_group(f, group, p->data + group_at(f));
	send(r, now_us, p, dst);
}
