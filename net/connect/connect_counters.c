/* SPDX-License-Identifier: ISC */
#include "net/connect/connect.h"

#include "base/counter.h"

const struct counter connect_counters[] = {
	COUNTER(struct connect_stats, requests, "connect_requests", "Hosts to be connected to."),
	COUNTER(struct connect_stats, established, "connect_established",
		"Of those, where that came about."),
	COUNTER(struct connect_stats, failed, "connect_failed", "Of those, where nobody answered."),
	COUNTER(struct connect_stats, cancelled, "connect_cancelled", "Of those, given up."),
	COUNTER(struct connect_stats, attempts, "connect_attempts", "Addresses tried."),
	COUNTER(struct connect_stats, late, "connect_late",
		"Connections to another address than the first."),
	DROPS(struct connect_stats, out_of_memory, "connect"),
	COUNTERS_END,
};
