/* SPDX-License-Identifier: ISC */
#include "net/tcp/rto.h"

#include "base/attr.h"

void rto_init(struct tcp_rto *r)
{
	r->rto_us = RTO_INITIAL_US;
	r->least_us = RTO_MAX_US;
}

ALWAYS_INLINE void weigh(struct tcp_rto *r, uint32_t rtt_us, uint32_t delta, uint32_t beta,
			 uint32_t alpha)
{
	r->rttvar_us = r->rttvar_us - r->rttvar_us / beta + delta / beta;
	r->srtt_us = r->srtt_us - r->srtt_us / alpha + rtt_us / alpha;
}

HOT(input) inline void rto_sample(struct tcp_rto *r, uint32_t rtt_us, uint32_t expected)
{
	rtt_us = MIN(rtt_us, (uint32_t)RTO_MAX_US);
	r->least_us = MIN(r->least_us, rtt_us);
	if (!r->measured) {
		r->srtt_us = rtt_us;
		r->rttvar_us = rtt_us / 2;
		r->measured = true;
	} else {
		uint32_t delta = r->srtt_us > rtt_us ? r->srtt_us - rtt_us : rtt_us - r->srtt_us;
		/* The reciprocals of beta and alpha are constants where one is all that is
		 * expected. */
		if (LIKELY(expected == 1))
			weigh(r, rtt_us, delta, 4, 8);
		else
			weigh(r, rtt_us, delta, 4 * expected, 8 * expected);
	}
	/* The clock granularity G is a microsecond and never the larger term. */
	uint32_t rto = r->srtt_us + MAX(4 * r->rttvar_us, (uint32_t)RTO_MIN_US);
	r->rto_us = MIN(rto, (uint32_t)RTO_MAX_US);
	r->backoff = 0;
}

HOT(output) inline uint32_t rto_interval_us(const struct tcp_rto *r)
{
	if (LIKELY(r->backoff == 0))
		return r->rto_us;
	uint64_t us = (uint64_t)r->rto_us << r->backoff;
	return (uint32_t)MIN(us, (uint64_t)RTO_MAX_US);
}

uint64_t rto_expired(struct tcp_rto *r, uint64_t now_us)
{
	uint32_t now_ms = (uint32_t)(now_us >> 10);

	if (r->retries == 0)
		r->stalled_ms = now_ms;
	if (r->retries < UINT8_MAX)
		r->retries++;
	if (rto_interval_us(r) < RTO_MAX_US)
		r->backoff++; /* (5.5) */
	r->timing = false;    /* Karn: what is sent again cannot be timed */
	return (uint64_t)(now_ms - r->stalled_ms) << 10;
}
