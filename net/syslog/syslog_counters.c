/* SPDX-License-Identifier: ISC */
#include "net/syslog/syslog.h"

#include "base/counter.h"

#define SYSLOG_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                           \
	COUNTER(struct syslog_stats, sent, "messages")                                             \
	COUNTER(struct syslog_stats, retries, "retries")                                           \
	COUNTER(struct syslog_stats, own, "own" COUNTS("Lines not sent: they came of sending"))    \
	DROPS(struct syslog_stats, overflow)                                                       \
	DROPS(struct syslog_stats, refused)

const struct counters syslog_counters = COUNTERS("syslog", SYSLOG_COUNTERS);
