/* SPDX-License-Identifier: ISC */
#include "net/igmp/igmp.h"

#include "base/counter.h"

const struct counter igmp_counters[] = {
	COUNTER(struct igmp_stats, queries, "igmp_queries_in", "Queries that were taken."),
	COUNTER(struct igmp_stats, heard, "igmp_reports_in",
		"Reports of other hosts, of old versions."),
	COUNTER(struct igmp_stats, out, "igmp_out", "Reports and leaves sent."),
	DROPS(struct igmp_stats, ignored, "igmp"),
	DROPS(struct igmp_stats, bad, "igmp"),
	DROPS(struct igmp_stats, foreign, "igmp"),
	DROPS(struct igmp_stats, unsent, "igmp"),
	COUNTERS_END,
};
