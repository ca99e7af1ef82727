/* SPDX-License-Identifier: ISC */
#include "net/eth/eth.h"

#include "base/counter.h"

const struct counter eth_counters[] = {
	COUNTER(struct eth_stats, in, "eth_frames_in", "Frames received for this station."),
	COUNTER(struct eth_stats, out, "eth_frames_out", "Frames sent."),
	COUNTER(struct eth_stats, linearised, "eth_linearised", "Packets copied for the device."),
	DROPS(struct eth_stats, runts, "eth"),
	DROPS(struct eth_stats, not_for_us, "eth"),
	DROPS(struct eth_stats, bad_source, "eth"),
	DROPS(struct eth_stats, unknown_type, "eth"),
	DROPS(struct eth_stats, refused, "eth"),
	COUNTERS_END,
};
