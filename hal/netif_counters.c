/* SPDX-License-Identifier: ISC */
#include "base/counter.h"
#include "hal/netif.h"

const struct counter netif_counters[] = {
	COUNTER(struct netif_stats, rx_packets, "netif_frames_in", "Frames received."),
	COUNTER(struct netif_stats, rx_bytes, "netif_bytes_in", "Bytes received."),
	COUNTER(struct netif_stats, tx_packets, "netif_frames_out", "Frames sent."),
	COUNTER(struct netif_stats, tx_bytes, "netif_bytes_out", "Bytes sent."),
	COUNTER(struct netif_stats, tx_full, "netif_tx_full", "Sends refused by a full queue."),
	COUNTER(struct netif_stats, resets, "netif_resets", "Times that the device was reset."),
	DROPS(struct netif_stats, rx_dropped, "netif"),
	DROPS(struct netif_stats, rx_errors, "netif"),
	DROPS(struct netif_stats, tx_errors, "netif"),
	COUNTERS_END,
};
