/* SPDX-License-Identifier: ISC */
/*
 * A datagram begins with the time at which it was sent, in seconds and microseconds, and its
 * number, from 1, in 32 or 64 bits; all in network byte order.
 */
#include "apps/iperf/iperf.h"
#include "base/bytes.h"
#include "base/divide.h"

enum {
	TIME_BYTES = 8,
	/* A difference of transit times beyond this says more about clocks than about the way. */
	TRANSIT_MAX_US = 10 * US_PER_S,
};

size_t iperf_udp_header(uint8_t header[static IPERF_UDP_HEADER_MAX], uint64_t now_us,
			uint64_t number, bool counters64)
{
	uint32_t us;
	uint64_t s = divide(now_us, US_PER_S, &us);

	store_be32(header, (uint32_t)s);
	store_be32(header + 4, us);
	if (!counters64) {
		store_be32(header + TIME_BYTES, (uint32_t)number);
		return TIME_BYTES + 4;
	}
	store_be32(header + TIME_BYTES, (uint32_t)(number >> 32));
	store_be32(header + TIME_BYTES + 4, (uint32_t)number);
	return TIME_BYTES + 8;
}

/* RFC 1889 appendix A.8. */
static void note_transit(struct iperf_stream *s, const uint8_t *header, uint64_t now_us)
{
	int64_t sent_us = (int64_t)load_be32(header) * US_PER_S + load_be32(header + 4);
	int64_t transit_us = (int64_t)now_us - sent_us;
	int64_t d = transit_us - s->transit_us;

	s->transit_us = transit_us;
	if (!s->begun || d > TRANSIT_MAX_US || d < -TRANSIT_MAX_US)
		return;
	s->jitter_16 += (uint64_t)(d < 0 ? -d : d) - ((s->jitter_16 + 8) >> 4);
	s->mine.jitter_us = s->jitter_16 >> 4;
}

/* What is missing in front of it is lost until it comes. */
static void note_number(struct iperf_stream *s, uint64_t number)
{
	if (number > s->highest) {
		s->mine.lost += number - s->highest - 1;
		s->highest = number;
	} else {
		s->reordered++;
		s->mine.lost -= s->mine.lost > 0;
	}
	s->mine.packets = s->highest - s->omitted;
}

void iperf_udp_account(struct iperf_stream *s, const uint8_t *header, size_t len, uint64_t now_us)
{
	struct iperf_test *t = s->test;
	size_t header_bytes = TIME_BYTES + (t->params.counters64 ? 8u : 4u);

	if (!t->running || len < header_bytes)
		return;
	t->moved += len;
	uint64_t number = load_be32(header + TIME_BYTES);
	if (t->params.counters64)
		number = number << 32 | load_be32(header + TIME_BYTES + 4);
	if (now_us < t->count_us) { /* it is not counted, but known */
		s->highest = s->omitted = MAX(s->highest, number);
		return;
	}
	s->mine.bytes += len;
	note_number(s, number);
	note_transit(s, header, now_us);
	s->begun = true;
}
