/* SPDX-License-Identifier: ISC */
/*
 * Messages of MLD (RFC 3810 section 5, RFC 2710 section 3), as a host reads and writes them. Values
 * only; internal to net/mld.
 */
#ifndef NET_MLD_MLD_MSG_H
#define NET_MLD_MLD_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/group/reporter.h"

enum mld_type {
	MLD_QUERY = 130,
	MLD_V1_REPORT = 131,
	MLD_V1_DONE = 132,
	MLD_V2_REPORT = 143,
};

enum {
	MLD_OLD_BYTES = 24, /* every message of version 1 */
	MLD_OLD_GROUP_AT = 8,
	MLD_QUERY_BYTES = 28,
	MLD_REPORT_BYTES = 8, /* and the records */
	MLD_RECORD_BYTES = 20,
};

/*
 * Reads a query of `len` bytes, the first MLD_QUERY_BYTES of which (or all, if they are fewer) are
 * at `bytes`. False if it is malformed.
 */
MUST_USE bool mld_query_parse(struct group_query *q, const uint8_t *bytes, size_t len);

/* Writes a message of version 1, MLD_OLD_BYTES bytes; the checksum is left to the caller. */
void mld_old_emit(uint8_t type, const struct ip_addr *group, uint8_t *out);

/* Writes the report with `n` records, mld_report_bytes(n) bytes, in the same way. */
void mld_report_emit(const struct group_record *record, unsigned n, uint8_t *out);

static inline uint32_t mld_report_bytes(unsigned n)
{
	return MLD_REPORT_BYTES + n * MLD_RECORD_BYTES;
}

#endif
