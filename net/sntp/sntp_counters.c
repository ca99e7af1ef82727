/* SPDX-License-Identifier: ISC */
#include "net/sntp/sntp.h"

#include "base/counter.h"

#define SNTP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct sntp_stats, sent, "requests", "Requests sent")                              \
	COUNTER(struct sntp_stats, timeouts, "timeouts", "Requests without an answer")             \
	COUNTER(struct sntp_stats, unresolved, "unresolved", "Names without an address")           \
	COUNTER(struct sntp_stats, accepted, "answers", "Answers that the clock follows")          \
	COUNTER(struct sntp_stats, steps, "steps", "Times that the clock was stepped")             \
	COUNTER(struct sntp_stats, suspect, "suspect", "Answers that await another's word")        \
	COUNTER(struct sntp_stats, rate_limited, "rate_limited", "Requests refused as too many")   \
	COUNTER(struct sntp_stats, denied, "denied", "Servers that want no requests")              \
	DROPS(struct sntp_stats, unsent)                                                           \
	DROPS(struct sntp_stats, bad_source)                                                       \
	DROPS(struct sntp_stats, malformed)                                                        \
	DROPS(struct sntp_stats, unexpected)                                                       \
	DROPS(struct sntp_stats, unusable)                                                         \
	DROPS(struct sntp_stats, unsynchronised)                                                   \
	DROPS(struct sntp_stats, other_kisses)

const struct counters sntp_counters = COUNTERS("sntp", SNTP_COUNTERS);
