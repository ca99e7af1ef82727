/* SPDX-License-Identifier: ISC */
#include "net/ndp/ndp.h"

#include "base/counter.h"

const struct counter ndp_counters[] = {
	COUNTER(struct ndp_stats, solicitations_in, "ndp_solicitations_in",
		"Neighbor solicitations received."),
	COUNTER(struct ndp_stats, solicitations_out, "ndp_solicitations_out",
		"Neighbor solicitations sent."),
	COUNTER(struct ndp_stats, advertisements_in, "ndp_advertisements_in",
		"Neighbor advertisements received."),
	COUNTER(struct ndp_stats, advertisements_out, "ndp_advertisements_out",
		"Neighbor advertisements sent."),
	COUNTER(struct ndp_stats, routers_in, "ndp_router_advertisements_in",
		"Router advertisements received."),
	COUNTER(struct ndp_stats, routers_out, "ndp_router_solicitations_out",
		"Router solicitations sent."),
	COUNTER(struct ndp_stats, redirects_in, "ndp_redirects_in", "Redirects received."),
	COUNTER(struct ndp_stats, conflicts, "ndp_conflicts",
		"Other stations heard with an address of this one."),
	COUNTER(struct ndp_stats, failed, "ndp_neighbours_failed",
		"Neighbours that did not answer."),
	DROPS(struct ndp_stats, bad, "ndp"),
	DROPS(struct ndp_stats, not_learnt, "ndp"),
	DROPS(struct ndp_stats, not_believed, "ndp"),
	DROPS(struct ndp_stats, full, "ndp"),
	DROPS(struct ndp_stats, tx_failed, "ndp"),
	COUNTERS_END,
};
