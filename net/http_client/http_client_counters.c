/* SPDX-License-Identifier: ISC */
#include "net/http_client/http_client.h"

#include "base/counter.h"

#define HTTP_CLIENT_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                      \
	COUNTER(struct http_client_stats, calls, "calls")                                          \
	COUNTER(struct http_client_stats, connections, "connections")                              \
	COUNTER(struct http_client_stats, reused,                                                  \
		"reused" COUNTS("Calls on a connection that had been kept"))                       \
	COUNTER(struct http_client_stats, queued, "queued")                                        \
	COUNTER(struct http_client_stats, retried,                                                 \
		"retried" COUNTS("Calls sent again after a kept connection had died"))             \
	COUNTER(struct http_client_stats, redirected, "redirected")                                \
	COUNTER(struct http_client_stats, malformed, "malformed")                                  \
	COUNTER(struct http_client_stats, timeouts, "timeouts")                                    \
	COUNTER(struct http_client_stats, broken, "broken")                                        \
	COUNTER(struct http_client_stats, bytes_in, "bytes_in")                                    \
	COUNTER(struct http_client_stats, bytes_out, "bytes_out")

const struct counters http_client_counters = COUNTERS("http_client", HTTP_CLIENT_COUNTERS);
