/* SPDX-License-Identifier: ISC */
#include "net/ndp/ndp.h"

#include "base/counter.h"

#define NDP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct ndp_stats, solicitations_in, "solicitations_in")                            \
	COUNTER(struct ndp_stats, solicitations_out, "solicitations_out")                          \
	COUNTER(struct ndp_stats, advertisements_in, "advertisements_in")                          \
	COUNTER(struct ndp_stats, advertisements_out, "advertisements_out")                        \
	COUNTER(struct ndp_stats, routers_in, "router_advertisements_in")                          \
	COUNTER(struct ndp_stats, routers_out, "router_solicitations_out")                         \
	COUNTER(struct ndp_stats, redirects_in, "redirects_in")                                    \
	COUNTER(struct ndp_stats, conflicts,                                                       \
		"conflicts" COUNTS("Stations heard with our address"))                             \
	COUNTER(struct ndp_stats, failed, "neighbours_failed")                                     \
	DROPS(struct ndp_stats, bad)                                                               \
	DROPS(struct ndp_stats, not_learnt)                                                        \
	DROPS(struct ndp_stats, not_believed)                                                      \
	DROPS(struct ndp_stats, full)                                                              \
	DROPS(struct ndp_stats, tx_failed)

const struct counters ndp_counters = COUNTERS("ndp", NDP_COUNTERS);
