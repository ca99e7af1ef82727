/* SPDX-License-Identifier: ISC */
/*
 * What the messages of IGMP are (RFC 3376 section 4), of which net/group knows the rest. Internal
 * to net/igmp.
 */
#ifndef NET_IGMP_IGMP_MSG_H
#define NET_IGMP_IGMP_MSG_H

#include "net/group/message.h"

enum igmp_type {
	IGMP_QUERY = 0x11,
	IGMP_V1_REPORT = 0x12,
	IGMP_V2_REPORT = 0x16,
	IGMP_V2_LEAVE = 0x17,
	IGMP_V3_REPORT = 0x22,
};

extern const struct group_family igmp_family;

#endif
