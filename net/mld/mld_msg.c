/* SPDX-License-Identifier: ISC */
#include "net/mld/mld_msg.h"

#include <string.h>

#include "base/bytes.h"

enum { ROBUSTNESS_MASK = 7 };

/* RFC 3810 section 5.1.3: milliseconds, from 32768 on with an exponent. */
static uint32_t decode_delay_ms(uint16_t code)
{
	if (code < 0x8000)
		return code;
	return (uint32_t)(0x1000 | (code & 0xfff)) << ((code >> 12 & 7) + 3);
}

/* Section 5.1.9: seconds, from 128 on with an exponent. */
static uint32_t decode_interval_s(uint8_t code)
{
	if (code < 128)
		return code;
	return (uint32_t)(0x10 | (code & 15)) << ((code >> 4 & 7) + 3);
}

/* Section 8.1: a query's version is in its length. */
static bool parse_version(struct group_query *q, const uint8_t *bytes, size_t len)
{
	uint16_t code = load_be16(bytes + 4);
	if (len == MLD_OLD_BYTES) {
		q->mode = GROUP_OLD;
		q->max_delay_us = (uint64_t)code * US_PER_MS;
		return true;
	}
	if (len < MLD_QUERY_BYTES)
		return false;
	q->mode = GROUP_RECORDS;
	q->max_delay_us = (uint64_t)decode_delay_ms(code) * US_PER_MS;
	q->robustness = bytes[24] & ROBUSTNESS_MASK;
	q->query_interval_s = decode_interval_s(bytes[25]);
	return len >= MLD_QUERY_BYTES + load_be16(bytes + 26) * sizeof(struct ip_addr);
}

bool mld_query_parse(struct group_query *q, const uint8_t *bytes, size_t len)
{
	static const struct ip_addr all;
	if (len < MLD_OLD_BYTES || bytes[0] != MLD_QUERY)
		return false;
	*q = (struct group_query){0};
	memcpy(&q->group, bytes + MLD_OLD_GROUP_AT, sizeof(q->group));
	q->general = ip_addr_equal(&q->group, &all);
	return (q->general || ip_addr_is_group(&q->group)) && parse_version(q, bytes, len);
}

void mld_old_emit(uint8_t type, const struct ip_addr *group, uint8_t *out)
{
	memset(out, 0, MLD_OLD_BYTES);
	out[0] = type;
	memcpy(out + MLD_OLD_GROUP_AT, group, sizeof(*group));
}

void mld_report_emit(const struct group_record *record, unsigned n, uint8_t *out)
{
	memset(out, 0, mld_report_bytes(n));
	out[0] = MLD_V2_REPORT;
	store_be16(out + 6, (uint16_t)n);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *at = out + mld_report_bytes(i);
		at[0] = record[i].type;
		memcpy(at + 4, &record[i].group, sizeof(record[i].group));
	}
}
