/* SPDX-License-Identifier: ISC */
#include "net/syslog/syslog.h"

#include "base/counter.h"

const struct counter syslog_counters[] = {
	COUNTER(struct syslog_stats, sent, "syslog_messages", "Log lines sent."),
	COUNTER(struct syslog_stats, retries, "syslog_retries", "Attempts to send that failed."),
	COUNTER(struct syslog_stats, own, "syslog_own", "Lines not sent: they came of sending."),
	DROPS(struct syslog_stats, overflow, "syslog"),
	DROPS(struct syslog_stats, refused, "syslog"),
	COUNTERS_END,
};
