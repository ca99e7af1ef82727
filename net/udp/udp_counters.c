/* SPDX-License-Identifier: ISC */
#include "net/udp/udp.h"

#include "base/counter.h"

#define UDP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct udp_stats, in, "datagrams_in")                                              \
	COUNTER(struct udp_stats, out, "datagrams_out")                                            \
	COUNTER(struct udp_stats, errors, "errors_in")                                             \
	DROPS(struct udp_stats, bad_length)                                                        \
	DROPS(struct udp_stats, bad_checksum)                                                      \
	DROPS(struct udp_stats, no_port)                                                           \
	DROPS(struct udp_stats, not_joined)

const struct counters udp_counters = COUNTERS("udp", UDP_COUNTERS);
