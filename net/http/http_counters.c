/* SPDX-License-Identifier: ISC */
#include "net/http/http.h"

#include "base/counter.h"

#define HTTP_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                             \
	COUNTER(struct http_stats, requests, "requests")                                           \
	COUNTER(struct http_stats, bytes_out, "bytes_out")                                         \
	GAUGE(struct http_stats, connections, "connections")                                       \
	GAUGE(struct http_stats, connections_max, "connections_max")                               \
	COUNTER(struct http_stats, rejected, "rejected")                                           \
	COUNTER(struct http_stats, displaced, "displaced")                                         \
	COUNTER(struct http_stats, bad_requests, "bad_requests")                                   \
	COUNTER(struct http_stats, timeouts, "timeouts")                                           \
	COUNTER(struct http_stats, aborted, "aborted")

const struct counters http_counters = COUNTERS("http", HTTP_COUNTERS);
