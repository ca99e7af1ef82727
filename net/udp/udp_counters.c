/* SPDX-License-Identifier: ISC */
#include "net/udp/udp.h"

#include "base/counter.h"

const struct counter udp_counters[] = {
	COUNTER(struct udp_stats, in, "udp_datagrams_in", "Datagrams received."),
	COUNTER(struct udp_stats, out, "udp_datagrams_out", "Datagrams sent."),
	COUNTER(struct udp_stats, errors, "udp_errors_in", "ICMP errors that sockets were told."),
	DROPS(struct udp_stats, bad_length, "udp"),
	DROPS(struct udp_stats, bad_checksum, "udp"),
	DROPS(struct udp_stats, no_port, "udp"),
	DROPS(struct udp_stats, not_joined, "udp"),
	COUNTERS_END,
};
