/* SPDX-License-Identifier: ISC */
#include "apps/iperf/iperf.h"
#include "base/divide.h"
#include "runtime/console.h"

/* Bytes in microseconds, as megabits a second with two places: bits a microsecond. */
static void put_rate(uint64_t bytes, uint64_t us)
{
	uint32_t rest;
	uint64_t ms = divide(us, 1000, &rest);
	uint64_t hundredths = ms > 0 ? bytes * 8 / (ms * 10) : 0;

	console_printf("%llu bytes in %llu ms, %llu.%02u Mbit/s", (unsigned long long)bytes,
		       (unsigned long long)ms, (unsigned long long)divide(hundredths, 100, &rest),
		       (unsigned)(hundredths % 100));
}

static void put_losses(const struct iperf_result *r)
{
	console_printf(", %llu of %llu datagrams lost, jitter %llu us", (unsigned long long)r->lost,
		       (unsigned long long)r->packets, (unsigned long long)r->jitter_us);
}

static void report_side(const struct iperf_test *t, bool sender)
{
	bool mine = iperf_sends(t) == sender;
	struct iperf_result sum = {0};

	for (unsigned i = 0; i < t->opened; i++) {
		const struct iperf_stream *s = &t->stream[i];
		const struct iperf_result *r = mine ? &s->mine : &s->theirs;
		sum.bytes += r->bytes;
		sum.packets += r->packets;
		sum.lost += r->lost;
		sum.jitter_us = MAX(sum.jitter_us, r->jitter_us);
	}
	console_printf("%s, %u streams, %s: ", t->params.udp ? "UDP" : "TCP", t->opened,
		       sender ? "sent" : "received");
	put_rate(sum.bytes, iperf_counted_us(t));
	if (t->params.udp && !sender)
		put_losses(&sum);
	console_printf("\n");
}

void iperf_report(const struct iperf_test *t)
{
	report_side(t, true);
	report_side(t, false);
}
