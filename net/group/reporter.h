/* SPDX-License-Identifier: ISC */
/*
 * The host's side of group management: what IGMPv3 (RFC 3376) and MLDv2 (RFC 3810) have in common,
 * for hosts that want a group from any source (EXCLUDE mode with no sources).
 *
 * It decides when which group is reported, and remembers what has not been said often enough: each
 * change is told at once, and again some times at random intervals, since reports get lost. Queries
 * are answered after a random delay. While there is a querier of an older version, its protocol is
 * spoken, and nothing is pending when that begins or ends. What the formats differ in, and sending,
 * is the owner's (net/igmp, net/mld; net/group/message.h). A querier that names sources too is
 * answered as if it did not: that is the truth, and needs no table of sources.
 *
 * The table is bounded, and so is the rate: whatever queries say, two answers are
 * GROUP_ANSWER_MIN_US apart. All calls come from the event loop.
 */
#ifndef NET_GROUP_REPORTER_H
#define NET_GROUP_REPORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/group/message.h"

enum {
	GROUP_ENTRIES_MAX = 16,
	/* RFC 3376 section 8, RFC 3810 section 9. */
	GROUP_ROBUSTNESS = 2,
	GROUP_QUERY_INTERVAL_S = 125,
	GROUP_UNSOLICITED_US = 1 * US_PER_S,
	GROUP_UNSOLICITED_OLD_US = 10 * US_PER_S, /* RFC 2236 section 8.10, RFC 2710 7.10 */
	GROUP_ANSWER_MIN_US = 200 * US_PER_MS,
};

struct group_entry {
	struct ip_addr group;
	bool member;
	uint8_t changes_left; /* reports of its last change */
	uint64_t change_us;   /* of the next of them, or TIME_NEVER */
	uint64_t answer_us;   /* to a query, or TIME_NEVER */
};

struct group_stats {
	uint32_t queries; /* that were taken */
	uint32_t heard;   /* old reports of other hosts */
	uint32_t ignored; /* messages of other types */
	uint32_t bad;     /* malformed, a wrong checksum, or to a group that it is not for */
	uint32_t foreign; /* from beyond the link, or without Router Alert */
	uint32_t out, unsent;
};

struct group_reporter {
	const struct group_family *family;
	struct pkt_pool *tx;
	struct rng *rng;
	uint8_t mode; /* enum group_mode */
	uint8_t robustness;
	uint32_t query_interval_s;
	/* By mode, until when its queriers are there: for ever those of GROUP_RECORDS. */
	uint64_t until_us[GROUP_OLDEST + 1];
	uint64_t general_us; /* the answer to a general query, or TIME_NEVER */
	uint64_t answered_us;
	uint64_t deadline_us;
	struct group_stats stats;
	unsigned n;
	struct group_entry entry[GROUP_ENTRIES_MAX];
};

/* Makes a reporter without groups. `tx` supplies packets, `rng` draws delays. */
void group_reporter_init(struct group_reporter *r, const struct group_family *family,
			 struct pkt_pool *tx, struct rng *rng);

/*
 * This host has joined a group, or left one that it had joined. The caller sees to it that those
 * joined are GROUP_ENTRIES_MAX at most.
 */
void group_reporter_changed(struct group_reporter *r, uint64_t now_us, const struct ip_addr *group,
			    bool joined);

/*
 * Takes a message that icmp_is_intact() has passed, with hop limit 1, and borrows it. Returns where
 * it counts. `alerted`: it has the Router Alert option.
 */
MUST_USE uint32_t *group_reporter_input(struct group_reporter *r, uint64_t now_us,
					const struct pkt *p, const struct ip_meta *meta,
					bool alerted);

/* A querier asks: of what group_reporter_input() has taken. */
void group_reporter_query(struct group_reporter *r, uint64_t now_us, const struct group_query *q);

/* Another host has reported the group in an old mode: so we need not (RFC 2236 section 3). */
void group_reporter_heard(struct group_reporter *r, const struct ip_addr *group);

/* Sends what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t group_reporter_poll(struct group_reporter *r, uint64_t now_us);

#endif
