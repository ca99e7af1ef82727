/* SPDX-License-Identifier: ISC */
#include "net/sntp/sntp.h"

#include "base/counter.h"

const struct counter sntp_counters[] = {
	COUNTER(struct sntp_stats, sent, "sntp_requests", "Requests sent."),
	COUNTER(struct sntp_stats, timeouts, "sntp_timeouts", "Requests without an answer."),
	COUNTER(struct sntp_stats, unresolved, "sntp_unresolved", "Names without an address."),
	COUNTER(struct sntp_stats, accepted, "sntp_answers", "Answers that the clock follows."),
	COUNTER(struct sntp_stats, steps, "sntp_steps", "Times that the clock was stepped."),
	COUNTER(struct sntp_stats, suspect, "sntp_suspect", "Answers that await another's word."),
	COUNTER(struct sntp_stats, rate_limited, "sntp_rate_limited",
		"Requests refused as too many."),
	COUNTER(struct sntp_stats, denied, "sntp_denied", "Servers that want no requests."),
	DROPS(struct sntp_stats, unsent, "sntp"),
	DROPS(struct sntp_stats, bad_source, "sntp"),
	DROPS(struct sntp_stats, malformed, "sntp"),
	DROPS(struct sntp_stats, unexpected, "sntp"),
	DROPS(struct sntp_stats, unusable, "sntp"),
	DROPS(struct sntp_stats, unsynchronised, "sntp"),
	DROPS(struct sntp_stats, other_kisses, "sntp"),
	COUNTERS_END,
};
