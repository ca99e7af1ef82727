/* SPDX-License-Identifier: ISC */
#include "net/igmp/igmp_msg.h"

#include <string.h>

#include "base/bytes.h"
#include "base/checksum.h"

enum {
	DELAY_UNIT_US = US_PER_S / 10,
	DELAY_V1_US = 10 * US_PER_S, /* RFC 1112 appendix I */
	ROBUSTNESS_MASK = 7,
};

/* RFC 3376 sections 4.1.1 and 4.1.7: from 128 on with an exponent. */
static uint32_t decode(uint8_t code)
{
	if (code < 128)
		return code;
	return (uint32_t)(0x10 | (code & 15)) << ((code >> 4 & 7) + 3);
}

/* Section 7.1: a query's version is in its length. */
static bool parse_version(struct group_query *q, const uint8_t *bytes, size_t len)
{
	uint8_t code = bytes[1];
	if (len == IGMP_OLD_BYTES) {
		q->mode = code == 0 ? GROUP_OLDEST : GROUP_OLD;
		q->max_delay_us = code == 0 ? DELAY_V1_US : (uint64_t)code * DELAY_UNIT_US;
		return true;
	}
	if (len < IGMP_QUERY_BYTES)
		return false;
	q->mode = GROUP_RECORDS;
	q->max_delay_us = (uint64_t)decode(code) * DELAY_UNIT_US;
	q->robustness = bytes[8] & ROBUSTNESS_MASK;
	q->query_interval_s = decode(bytes[9]);
	return len >= IGMP_QUERY_BYTES + load_be16(bytes + 10) * 4u;
}

bool igmp_query_parse(struct group_query *q, const uint8_t *bytes, size_t len)
{
	if (len < IGMP_OLD_BYTES || bytes[0] != IGMP_QUERY)
		return false;
	uint32_t group = load_be32(bytes + 4);
	*q = (struct group_query){.general = group == 0, .group = ip_addr_from_v4(group)};
	return (q->general || ip_addr_is_group(&q->group)) && parse_version(q, bytes, len);
}

static void emit_checksum(uint8_t *out, size_t len)
{
	csum_store(out + 2, csum_fold(csum_add(0, out, len)));
}

void igmp_old_emit(uint8_t type, uint32_t group, uint8_t *out)
{
	memset(out, 0, IGMP_OLD_BYTES);
	out[0] = type;
	store_be32(out + 4, group);
	emit_checksum(out, IGMP_OLD_BYTES);
}

void igmp_report_emit(const struct group_record *record, unsigned n, uint8_t *out)
{
	memset(out, 0, igmp_report_bytes(n));
	out[0] = IGMP_V3_REPORT;
	store_be16(out + 6, (uint16_t)n);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *at = out + igmp_report_bytes(i);
		at[0] = record[i].type;
		store_be32(at + 4, ip_addr_v4(&record[i].group));
	}
	emit_checksum(out, igmp_report_bytes(n));
}
