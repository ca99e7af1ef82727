/* SPDX-License-Identifier: ISC */
#include "net/sntp/sntp.h"

#include "base/counter.h"

#define SNTP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct sntp_stats, sent, "requests")                                               \
	COUNTER(struct sntp_stats, timeouts, "timeouts")                                           \
	COUNTER(struct sntp_stats, unresolved, "unresolved")                                       \
	COUNTER(struct sntp_stats, accepted, "answers")                                            \
	COUNTER(struct sntp_stats, steps, "steps")                                                 \
	COUNTER(struct sntp_stats, suspect, "suspect" COUNTS("Answers that await another's word")) \
	COUNTER(struct sntp_stats, rate_limited, "rate_limited")                                   \
	COUNTER(struct sntp_stats, denied, "denied" COUNTS("Servers that want no requests"))       \
	DROPS(struct sntp_stats, unsent)                                                           \
	DROPS(struct sntp_stats, bad_source)                                                       \
	DROPS(struct sntp_stats, malformed)                                                        \
	DROPS(struct sntp_stats, unexpected)                                                       \
	DROPS(struct sntp_stats, unusable)                                                         \
	DROPS(struct sntp_stats, unsynchronised)                                                   \
	DROPS(struct sntp_stats, other_kisses)

const struct counters sntp_counters = COUNTERS("sntp", SNTP_COUNTERS);
