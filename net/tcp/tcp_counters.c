/* SPDX-License-Identifier: ISC */
#include "net/tcp/tcp.h"

#include "base/counter.h"

const struct counter tcp_counters[] = {
	COUNTER(struct tcp_stats, segments_in, "tcp_segments_in", "Segments received."),
	COUNTER(struct tcp_stats, segments_out, "tcp_segments_out", "Segments sent."),
	COUNTER(struct tcp_stats, bytes_in, "tcp_bytes_in", "Bytes received in order."),
	COUNTER(struct tcp_stats, bytes_out, "tcp_bytes_out", "Bytes sent."),
	COUNTER(struct tcp_stats, retransmits, "tcp_retransmits", "Segments sent again."),
	COUNTER(struct tcp_stats, timeouts, "tcp_timeouts", "Retransmission timeouts."),
	COUNTER(struct tcp_stats, spurious, "tcp_spurious", "Losses that were none."),
	COUNTER(struct tcp_stats, tail_probes, "tcp_tail_probes", "Tail loss probes sent."),
	COUNTER(struct tcp_stats, sent_twice, "tcp_sent_twice",
		"Segments that the peer says it got twice."),
	COUNTER(struct tcp_stats, out_of_order, "tcp_out_of_order",
		"Segments received out of order."),
	COUNTER(struct tcp_stats, duplicates, "tcp_duplicates", "Segments received again."),
	COUNTER(struct tcp_stats, resets_in, "tcp_resets_in", "Connections that the peer reset."),
	COUNTER(struct tcp_stats, resets_out, "tcp_resets_out", "Resets sent."),
	COUNTER(struct tcp_stats, challenge_acks, "tcp_challenge_acks",
		"Challenge acknowledgments sent."),
	COUNTER(struct tcp_stats, cookies_sent, "tcp_cookies_sent", "SYN cookies sent."),
	COUNTER(struct tcp_stats, cookies_taken, "tcp_cookies_taken",
		"Handshakes completed by a SYN cookie."),
	COUNTER(struct tcp_stats, accepted, "tcp_accepted", "Connections accepted."),
	COUNTER(struct tcp_stats, connected, "tcp_connected", "Connections made."),
	COUNTER(struct tcp_stats, failed, "tcp_failed", "Connections that failed."),
	DROPS(struct tcp_stats, bad_checksum, "tcp"),
	DROPS(struct tcp_stats, bad_header, "tcp"),
	DROPS(struct tcp_stats, no_listener, "tcp"),
	DROPS(struct tcp_stats, bad_sequence, "tcp"),
	DROPS(struct tcp_stats, syn_dropped, "tcp"),
	DROPS(struct tcp_stats, out_of_memory, "tcp"),
	COUNTERS_END,
};
