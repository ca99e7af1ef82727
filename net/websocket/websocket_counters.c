/* SPDX-License-Identifier: ISC */
#include "net/websocket/websocket.h"

#include "base/counter.h"

#define WEBSOCKET_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                        \
	COUNTER(struct websocket_stats, bytes_in, "bytes_in", "Bytes of messages received")        \
	COUNTER(struct websocket_stats, bytes_out, "bytes_out", "Bytes of messages sent")          \
	COUNTER(struct websocket_stats, messages_in, "messages_in", "Messages received")           \
	GAUGE(struct websocket_stats, connections, "connections", "Connections now")               \
	COUNTER(struct websocket_stats, opened, "opened", "Handshakes completed")                  \
	COUNTER(struct websocket_stats, rejected, "rejected", "Handshakes refused")                \
	COUNTER(struct websocket_stats, errors, "errors",                                          \
		"Connections closed for what the peer sent")                                       \
	COUNTER(struct websocket_stats, timeouts, "timeouts",                                      \
		"Connections closed for what it did not send")

const struct counters websocket_counters = COUNTERS("websocket", WEBSOCKET_COUNTERS);
