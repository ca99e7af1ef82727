/* SPDX-License-Identifier: ISC */
#include "net/http_files/http_files.h"

#define HTTP_FILES_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                        \
	COUNTER(struct http_files_stats, requests, "requests" COUNTS("Requests that found room"))   \
	COUNTER(struct http_files_stats, busy, "busy" COUNTS("Requests refused for want of room"))  \
	COUNTER(struct http_files_stats, stalled,                                                   \
		"stalled" COUNTS(                                                                   \
			"Requests broken off, whose peers were slow while others waited for room")) \
	COUNTER(struct http_files_stats, store_errors,                                              \
		"store_errors" COUNTS(                                                              \
			"Answers of 500, 503 or 507, and those broken off, because of the store"))  \
	COUNTER(struct http_files_stats, uploads,                                                   \
		"uploads" COUNTS("Uploads that took their place"))                                  \
	COUNTER(struct http_files_stats, uploads_ended,                                             \
		"uploads_ended" COUNTS("Uploads that did not"))

const struct counters http_files_counters = COUNTERS("http_files", HTTP_FILES_COUNTERS);
