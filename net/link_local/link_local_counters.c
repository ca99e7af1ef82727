/* SPDX-License-Identifier: ISC */
#include "net/link_local/link_local.h"

#include "base/counter.h"

const struct counter link_local_counters[] = {
	COUNTER(struct link_local_stats, claims, "link_local_claims", "Addresses claimed."),
	COUNTER(struct link_local_stats, refusals, "link_local_refusals",
		"Addresses that another station had when they were probed."),
	COUNTER(struct link_local_stats, losses, "link_local_losses",
		"Addresses given up since another station kept using them."),
	COUNTERS_END,
};
