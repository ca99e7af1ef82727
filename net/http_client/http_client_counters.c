/* SPDX-License-Identifier: ISC */
#include "net/http_client/http_client.h"

#include "base/counter.h"

const struct counter http_client_counters[] = {
	COUNTER(struct http_client_stats, calls, "http_client_calls", "Calls begun."),
	COUNTER(struct http_client_stats, connections, "http_client_connections",
		"Connections begun."),
	COUNTER(struct http_client_stats, reused, "http_client_reused",
		"Calls on a connection that had been kept."),
	COUNTER(struct http_client_stats, queued, "http_client_queued",
		"Calls that waited for a connection."),
	COUNTER(struct http_client_stats, retried, "http_client_retried",
		"Calls sent again after a kept connection had died."),
	COUNTER(struct http_client_stats, redirected, "http_client_redirected",
		"Redirects followed."),
	COUNTER(struct http_client_stats, malformed, "http_client_malformed",
		"Responses that broke a rule."),
	COUNTER(struct http_client_stats, timeouts, "http_client_timeouts",
		"Calls that waited too long."),
	COUNTER(struct http_client_stats, broken, "http_client_broken",
		"Calls whose connection failed."),
	COUNTER(struct http_client_stats, bytes_in, "http_client_bytes_in",
		"Bytes of responses' bodies."),
	COUNTER(struct http_client_stats, bytes_out, "http_client_bytes_out",
		"Bytes of requests' bodies."),
	COUNTERS_END,
};
