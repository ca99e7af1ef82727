/* SPDX-License-Identifier: ISC */
#include "net/http_client/http_client.h"

#include "base/counter.h"

#define HTTP_CLIENT_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                      \
	COUNTER(struct http_client_stats, calls, "calls", "Calls begun")                           \
	COUNTER(struct http_client_stats, connections, "connections", "Connections begun")         \
	COUNTER(struct http_client_stats, reused, "reused",                                        \
		"Calls on a connection that had been kept")                                        \
	COUNTER(struct http_client_stats, queued, "queued", "Calls that waited for a connection")  \
	COUNTER(struct http_client_stats, retried, "retried",                                      \
		"Calls sent again after a kept connection had died")                               \
	COUNTER(struct http_client_stats, redirected, "redirected", "Redirects followed")          \
	COUNTER(struct http_client_stats, malformed, "malformed", "Responses that broke a rule")   \
	COUNTER(struct http_client_stats, timeouts, "timeouts", "Calls that waited too long")      \
	COUNTER(struct http_client_stats, broken, "broken", "Calls whose connection failed")       \
	COUNTER(struct http_client_stats, bytes_in, "bytes_in", "Bytes of responses' bodies")      \
	COUNTER(struct http_client_stats, bytes_out, "bytes_out", "Bytes of requests' bodies")

const struct counters http_client_counters = COUNTERS("http_client", HTTP_CLIENT_COUNTERS);
