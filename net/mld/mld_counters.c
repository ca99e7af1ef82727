/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "net/mld/mld.h"

const struct counter mld_counters[] = {
	COUNTER(struct mld_stats, queries, "mld_queries_in", "Queries that were taken."),
	COUNTER(struct mld_stats, heard, "mld_reports_in", "Reports of other hosts, of version 1."),
	COUNTER(struct mld_stats, out, "mld_out", "Reports and Dones sent."),
	DROPS(struct mld_stats, ignored, "mld"),
	DROPS(struct mld_stats, bad, "mld"),
	DROPS(struct mld_stats, foreign, "mld"),
	DROPS(struct mld_stats, unsent, "mld"),
	COUNTERS_END,
};
