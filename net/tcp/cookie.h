/* SPDX-License-Identifier: ISC */
/* SYN cookies (cookie.c): a part of TCP that an image may leave out, as struct tcp_parts says. */
#ifndef NET_TCP_COOKIE_H
#define NET_TCP_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"
#include "net/tcp/segment.h"

struct tcp_half_open;

struct tcp_cookie_keys {
	struct siphash_key key[2]; /* of this period and of the one before, by its lowest bit */
	uint32_t period;           /* since when key[] is good; 0: no cookie was ever sent */
};

/* Answers a SYN without remembering it. */
void tcp_cookie_answer(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
		       const struct tcp_segment *s);
/* Whether there are any that may come back yet. */
bool tcp_cookies_are_out(const struct tcp *tcp, uint64_t now_us);
/* True if the segment acknowledges such an answer: then *h is as it would have been. */
bool tcp_cookie_check(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
		      const struct tcp_segment *s, struct tcp_half_open *h);

#endif
