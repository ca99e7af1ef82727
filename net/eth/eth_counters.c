/* SPDX-License-Identifier: ISC */
#include "net/eth/eth.h"

#include "base/counter.h"

#define ETH_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct eth_stats, in, "frames_in")                                                 \
	COUNTER(struct eth_stats, out, "frames_out")                                               \
	COUNTER(struct eth_stats, linearised,                                                      \
		"linearised" COUNTS("Packets copied for the device"))                              \
	DROPS(struct eth_stats, runts)                                                             \
	DROPS(struct eth_stats, not_for_us)                                                        \
	DROPS(struct eth_stats, bad_source)                                                        \
	DROPS(struct eth_stats, unknown_type)                                                      \
	DROPS(struct eth_stats, refused)

const struct counters eth_counters = COUNTERS("eth", ETH_COUNTERS);
