/* SPDX-License-Identifier: ISC */
#include "net/http/http.h"

#include "base/counter.h"

const struct counter http_counters[] = {
	COUNTER(struct http_stats, requests, "http_requests",
		"Requests whose header was complete."),
	COUNTER(struct http_stats, bytes_out, "http_bytes_out", "Bytes of responses."),
	GAUGE(struct http_stats, connections, "http_connections", "Connections now."),
	GAUGE(struct http_stats, connections_max, "http_connections_max",
	      "Most connections at once."),
	COUNTER(struct http_stats, rejected, "http_rejected", "Connections answered 503."),
	COUNTER(struct http_stats, bad_requests, "http_bad_requests",
		"Requests that the parser refused."),
	COUNTER(struct http_stats, timeouts, "http_timeouts",
		"Requests and responses that took too long."),
	COUNTER(struct http_stats, aborted, "http_aborted", "Connections that broke."),
	COUNTERS_END,
};
