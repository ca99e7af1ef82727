/* SPDX-License-Identifier: ISC */
#include "net/websocket/websocket.h"

#include "base/counter.h"

#define WEBSOCKET_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                        \
	COUNTER(struct websocket_stats, bytes_in, "bytes_in")                                      \
	COUNTER(struct websocket_stats, bytes_out, "bytes_out")                                    \
	COUNTER(struct websocket_stats, messages_in, "messages_in")                                \
	GAUGE(struct websocket_stats, connections, "connections")                                  \
	COUNTER(struct websocket_stats, opened, "opened")                                          \
	COUNTER(struct websocket_stats, rejected, "rejected")                                      \
	COUNTER(struct websocket_stats, errors,                                                    \
		"errors" COUNTS("Connections closed for what the peer sent"))                      \
	COUNTER(struct websocket_stats, timeouts,                                                  \
		"timeouts" COUNTS("Connections closed for its silence"))

const struct counters websocket_counters = COUNTERS("websocket", WEBSOCKET_COUNTERS);
