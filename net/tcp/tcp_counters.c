/* SPDX-License-Identifier: ISC */
#include "net/tcp/tcp.h"

#include "base/counter.h"

#define TCP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                              \
	COUNTER(struct tcp_stats, segments_in, "segments_in")                                      \
	COUNTER(struct tcp_stats, segments_out, "segments_out")                                    \
	COUNTER(struct tcp_stats, bytes_in, "bytes_in")                                            \
	COUNTER(struct tcp_stats, bytes_out, "bytes_out")                                          \
	COUNTER(struct tcp_stats, retransmits, "retransmits")                                      \
	COUNTER(struct tcp_stats, timeouts, "timeouts")                                            \
	COUNTER(struct tcp_stats, black_holes,                                                     \
		"black_holes" COUNTS("Paths that lose full segments"))                             \
	COUNTER(struct tcp_stats, mtu_probes, "mtu_probes")                                        \
	COUNTER(struct tcp_stats, marked, "marked" COUNTS("Segments that routers marked"))         \
	COUNTER(struct tcp_stats, echoed, "echoed" COUNTS("Windows that shrank by marks"))         \
	COUNTER(struct tcp_stats, spurious, "spurious" COUNTS("Losses that were none"))            \
	COUNTER(struct tcp_stats, tail_probes, "tail_probes")                                      \
	COUNTER(struct tcp_stats, bad_sack, "bad_sack")                                            \
	COUNTER(struct tcp_stats, sent_twice,                                                      \
		"sent_twice" COUNTS("Segments that the peer got twice"))                           \
	COUNTER(struct tcp_stats, out_of_order, "out_of_order")                                    \
	COUNTER(struct tcp_stats, duplicates, "duplicates")                                        \
	COUNTER(struct tcp_stats, resets_in, "resets_in")                                          \
	COUNTER(struct tcp_stats, resets_out, "resets_out")                                        \
	COUNTER(struct tcp_stats, challenge_acks, "challenge_acks")                                \
	COUNTER(struct tcp_stats, cookies_sent, "cookies_sent")                                    \
	COUNTER(struct tcp_stats, cookies_taken,                                                   \
		"cookies_taken" COUNTS("Handshakes completed by a cookie"))                        \
	COUNTER(struct tcp_stats, abandoned, "handshakes_abandoned")                               \
	COUNTER(struct tcp_stats, keepalives, "keepalives")                                        \
	COUNTER(struct tcp_stats, accepted, "accepted")                                            \
	COUNTER(struct tcp_stats, connected, "connected")                                          \
	COUNTER(struct tcp_stats, failed, "failed")                                                \
	DROPS(struct tcp_stats, bad_checksum)                                                      \
	DROPS(struct tcp_stats, bad_header)                                                        \
	DROPS(struct tcp_stats, no_listener)                                                       \
	DROPS(struct tcp_stats, bad_sequence)                                                      \
	DROPS(struct tcp_stats, old_timestamp)                                                     \
	DROPS(struct tcp_stats, unexpected)                                                        \
	DROPS(struct tcp_stats, to_many)                                                           \
	DROPS(struct tcp_stats, replies_full)                                                      \
	DROPS(struct tcp_stats, syn_dropped)                                                       \
	DROPS(struct tcp_stats, out_of_memory)

const struct counters tcp_counters = COUNTERS("tcp", TCP_COUNTERS);
