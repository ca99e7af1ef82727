/* SPDX-License-Identifier: ISC */
/*
 * What the messages of MLD are (RFC 3810 section 5, RFC 2710 section 3), of which net/group knows
 * the rest. Internal to net/mld.
 */
#ifndef NET_MLD_MLD_MSG_H
#define NET_MLD_MLD_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/group/message.h"

enum mld_type {
	MLD_QUERY = 130,
	MLD_V1_REPORT = 131,
	MLD_V1_DONE = 132,
	MLD_V2_REPORT = 143,
};

enum {
	MLD_OLD_BYTES = 24, /* every message of version 1 */
	MLD_QUERY_BYTES = 28,
	MLD_REPORT_BYTES = 8, /* and the records */
	MLD_RECORD_BYTES = 20,
};

extern const struct group_family mld_family;

static inline uint32_t mld_report_bytes(unsigned n)
{
	return MLD_REPORT_BYTES + n * MLD_RECORD_BYTES;
}

#endif
