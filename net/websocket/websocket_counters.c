/* SPDX-License-Identifier: ISC */
#include "net/websocket/websocket.h"

#include "base/counter.h"

const struct counter websocket_counters[] = {
	COUNTER(struct websocket_stats, bytes_in, "websocket_bytes_in",
		"Bytes of messages received."),
	COUNTER(struct websocket_stats, bytes_out, "websocket_bytes_out",
		"Bytes of messages sent."),
	COUNTER(struct websocket_stats, messages_in, "websocket_messages_in", "Messages received."),
	GAUGE(struct websocket_stats, connections, "websocket_connections", "Connections now."),
	COUNTER(struct websocket_stats, opened, "websocket_opened", "Handshakes completed."),
	COUNTER(struct websocket_stats, rejected, "websocket_rejected", "Handshakes refused."),
	COUNTER(struct websocket_stats, errors, "websocket_errors",
		"Connections closed for what the peer sent."),
	COUNTER(struct websocket_stats, timeouts, "websocket_timeouts",
		"Connections closed for what it did not send."),
	COUNTERS_END,
};
