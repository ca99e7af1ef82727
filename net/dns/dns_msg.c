/* SPDX-License-Identifier: ISC */
#include "net/dns/dns_msg.h"

#include <string.h>

#include "base/bytes.h"

enum {
	IPV4_BYTES = 4,
	IPV6_BYTES = 16,
	SOA_NUMBERS_BYTES = 20, /* behind its two names; the last is MINIMUM */
};

/* A response that is being read. */
struct reader {
	struct dns_reader in;
	bool cut;
	unsigned answers, authorities; /* what the header promises */
};

/* RFC 1035 section 4.1.1 and 4.1.2; the EDNS record is that of RFC 6891 section 6.1. */
size_t dns_msg_emit(const struct dns_question *q, uint8_t out[static DNS_QUERY_BYTES_MAX])
{
	uint8_t *at = out + DNS_HEADER_BYTES;

	memset(out, 0, DNS_HEADER_BYTES);
	store_be16(out, q->id);
	store_be16(out + 2, DNS_FLAG_RECURSION_DESIRED);
	store_be16(out + 4, 1);
	memcpy(at, q->name.bytes, q->name.len);
	at += q->name.len;
	store_be16(at, q->type);
	store_be16(at + 2, DNS_CLASS_IN);
	at += 4;
	if (q->edns) {
		store_be16(out + 10, 1);
		memset(at, 0, 11);
		store_be16(at + 1, DNS_TYPE_OPT);
		store_be16(at + 3, DNS_UDP_BYTES_MAX);
		at += 11;
	}
	return (size_t)(at - out);
}

static bool is_question(const struct dns_question *q, const uint8_t *msg, size_t len)
{
	size_t end = DNS_HEADER_BYTES + q->name.len;

	return len >= end + 4 && load_be16(msg + end) == q->type &&
	       load_be16(msg + end + 2) == DNS_CLASS_IN &&
	       memcmp(msg + DNS_HEADER_BYTES, q->name.bytes, q->name.len) == 0;
}

bool dns_msg_matches(const struct dns_question *q, const uint8_t *msg, size_t len)
{
	if (len < DNS_HEADER_BYTES || load_be16(msg) != q->id)
		return false;
	uint16_t flags = load_be16(msg + 2);
	if ((flags & (DNS_FLAG_RESPONSE | DNS_FLAG_OPCODE)) != DNS_FLAG_RESPONSE)
		return false;
	uint16_t questions = load_be16(msg + 4);
	uint16_t rcode = flags & DNS_FLAG_RCODE;
	if (questions == 0)
		return rcode != DNS_NOERROR && rcode != DNS_NXDOMAIN;
	return questions == 1 && is_question(q, msg, len);
}

static enum err take_address(const struct reader *r, const struct dns_record *record,
			     struct dns_answer *out)
{
	const uint8_t *data = r->in.msg + record->data;
	bool is_v4 = record->type == DNS_TYPE_A;
	if (record->data_bytes != (is_v4 ? IPV4_BYTES : IPV6_BYTES))
		return ERR_INVALID;
	if (out->count == RESOLVER_ADDRESSES_MAX)
		return OK;
	struct ip_addr *address = &out->address[out->count++];
	if (is_v4)
		*address = ip_addr_from_v4(load_be32(data));
	else
		memcpy(address, data, IPV6_BYTES);
	return OK;
}

static void limit_ttl(struct dns_answer *out, uint32_t ttl_s)
{
	out->ttl_s = MIN(out->ttl_s, ttl_s);
}

/* The name that `record`, an alias, stands for becomes the one that is looked for. */
static enum err take_alias(const struct reader *r, const struct dns_record *record,
			   struct dns_name *wanted)
{
	struct dns_reader in = r->in;

	in.at = record->data;
	enum err e = dns_name_read(wanted, &in);
	return e == OK && in.at != record->data + record->data_bytes ? ERR_INVALID : e;
}

/* Goes through the answers once: takes the addresses of *wanted, which becomes what it is an alias
 * for. */
static enum err read_answers(struct reader *r, uint16_t type, struct dns_name *wanted,
			     unsigned *aliases, struct dns_answer *out)
{
	struct dns_record record;

	for (unsigned left = r->answers; left > 0; left--) {
		enum err e = dns_record_read(&r->in, &record);
		if (e != OK)
			return r->cut ? OK : e;
		if (record.class != DNS_CLASS_IN || !dns_name_equal(&record.owner, wanted))
			continue;
		if (record.type == DNS_TYPE_CNAME) {
			if (++*aliases > DNS_CNAMES_MAX)
				return ERR_INVALID;
			e = take_alias(r, &record, wanted);
		} else if (record.type == type) {
			e = take_address(r, &record, out);
		} else {
			continue;
		}
		if (e != OK)
			return e;
		limit_ttl(out, record.ttl_s);
	}
	return OK;
}

/* RFC 2308 section 5: an absence lasts as long as the SOA record and its MINIMUM say. */
static enum err read_soa(struct reader *r, struct dns_answer *out)
{
	struct dns_record record;

	for (unsigned left = r->authorities; left > 0; left--) {
		enum err e = dns_record_read(&r->in, &record);
		if (e != OK)
			return r->cut ? OK : e;
		if (record.type != DNS_TYPE_SOA || record.class != DNS_CLASS_IN)
			continue;
		if (record.data_bytes < SOA_NUMBERS_BYTES + 2)
			return ERR_INVALID;
		limit_ttl(out, record.ttl_s);
		limit_ttl(out, load_be32(r->in.msg + r->in.at - 4));
		out->may_cache = true;
	}
	return OK;
}

/*
 * Aliases usually stand before what they lead to, and one pass is enough; if they do not, each
 * further pass must have found at least one more, and their number is bounded.
 */
static enum err read_sections(struct reader *r, const struct dns_question *q,
			      struct dns_answer *out)
{
	struct dns_name wanted = q->name;
	size_t begin = r->in.at;
	unsigned aliases = 0, before;
	enum err e;

	do {
		before = aliases;
		r->in.at = begin;
		e = read_answers(r, q->type, &wanted, &aliases, out);
	} while (e == OK && out->count == 0 && aliases > before);
	if (e == OK && out->count == 0)
		return read_soa(r, out);
	out->may_cache = true;
	return e;
}

enum err dns_msg_parse(const struct dns_question *q, const uint8_t *msg, size_t len, bool cut,
		       struct dns_answer *out)
{
	uint16_t flags = load_be16(msg + 2);
	*out = (struct dns_answer){
		.rcode = flags & DNS_FLAG_RCODE,
		.truncated = (flags & DNS_FLAG_TRUNCATED) != 0,
		.recursion_available = (flags & DNS_FLAG_RECURSION_AVAILABLE) != 0,
		.ttl_s = UINT32_MAX,
	};
	/* Nothing of a truncated response may be used (RFC 2181 section 9). */
	if (out->truncated || (out->rcode != DNS_NOERROR && out->rcode != DNS_NXDOMAIN))
		return OK;
	struct reader r = {
		.in = {.msg = msg, .len = len, .at = DNS_HEADER_BYTES + q->name.len + 4u},
		.cut = cut,
		.answers = load_be16(msg + 6),
		.authorities = load_be16(msg + 8),
	};
	enum err e = read_sections(&r, q, out);
	/* It says that the last alias does not exist (RFC 6604 section 3), not that it has these.
	 */
	if (out->rcode == DNS_NXDOMAIN && out->count > 0)
		return ERR_INVALID;
	return e;
}
