/* SPDX-License-Identifier: ISC */
/*
 * Messages of IGMP (RFC 3376 section 4, RFC 2236 section 2, RFC 1112 appendix I), as a host reads
 * and writes them. Values only; internal to net/igmp.
 */
#ifndef NET_IGMP_IGMP_MSG_H
#define NET_IGMP_IGMP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/group/reporter.h"

enum igmp_type {
	IGMP_QUERY = 0x11,
	IGMP_V1_REPORT = 0x12,
	IGMP_V2_REPORT = 0x16,
	IGMP_V2_LEAVE = 0x17,
	IGMP_V3_REPORT = 0x22,
};

enum {
	IGMP_OLD_BYTES = 8, /* every message of the versions 1 and 2 */
	IGMP_QUERY_BYTES = 12,
	IGMP_RECORD_BYTES = 8,
};

/*
 * Reads a query of `len` bytes, the first IGMP_QUERY_BYTES of which (or all, if they are fewer) are
 * at `bytes`. False if it is malformed. Its checksum is the caller's work.
 */
MUST_USE bool igmp_query_parse(struct group_query *q, const uint8_t *bytes, size_t len);

/* Writes a message of version 1 or 2, with its checksum: IGMP_OLD_BYTES bytes. */
void igmp_old_emit(uint8_t type, uint32_t group, uint8_t *out);

/* Writes the report with `n` records: igmp_report_bytes(n) bytes. */
void igmp_report_emit(const struct group_record *record, unsigned n, uint8_t *out);

static inline uint32_t igmp_report_bytes(unsigned n)
{
	return IGMP_OLD_BYTES + n * IGMP_RECORD_BYTES;
}

#endif
