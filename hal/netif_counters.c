/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "hal/netif.h"

#define NETIF_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                            \
	COUNTER(struct netif_stats, rx_packets, "frames_in")                                       \
	COUNTER(struct netif_stats, rx_bytes, "bytes_in")                                          \
	COUNTER(struct netif_stats, tx_packets, "frames_out")                                      \
	COUNTER(struct netif_stats, tx_bytes, "bytes_out")                                         \
	COUNTER(struct netif_stats, tx_full, "tx_full")                                            \
	COUNTER(struct netif_stats, resets, "resets")                                              \
	DROPS(struct netif_stats, rx_dropped)                                                      \
	DROPS(struct netif_stats, rx_errors)                                                       \
	DROPS(struct netif_stats, tx_errors)

const struct counters netif_counters = COUNTERS("netif", NETIF_COUNTERS);
