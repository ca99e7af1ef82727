/* SPDX-License-Identifier: ISC */
#include "net/http/http.h"

#include "base/counter.h"

#define HTTP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct http_stats, requests, "requests", "Requests whose header was complete")     \
	COUNTER(struct http_stats, bytes_out, "bytes_out", "Bytes of responses")                   \
	GAUGE(struct http_stats, connections, "connections", "Connections now")                    \
	GAUGE(struct http_stats, connections_max, "connections_max", "Most connections at once")   \
	COUNTER(struct http_stats, rejected, "rejected", "Connections answered 503")               \
	COUNTER(struct http_stats, bad_requests, "bad_requests",                                   \
		"Requests that the parser refused")                                                \
	COUNTER(struct http_stats, timeouts, "timeouts",                                           \
		"Requests and responses that took too long")                                       \
	COUNTER(struct http_stats, aborted, "aborted", "Connections that broke")

const struct counters http_counters = COUNTERS("http", HTTP_COUNTERS);
