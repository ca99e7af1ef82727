/* SPDX-License-Identifier: ISC */
/*
 * Replies that no connection sends: resets and acknowledgements without payload, in a ring that
 * tcp_poll() empties. When it is full, what comes is lost, as on any network.
 */
#ifndef NET_TCP_REPLY_H
#define NET_TCP_REPLY_H

#include <stdint.h>

#include "base/err.h"
#include "net/tcp/endpoint.h"
#include "net/tcp/segment.h"

struct tcp;
struct tcp_ts;

struct tcp_reply {
	struct tcp_tuple tuple;
	struct tcp_header header;
	uint32_t way; /* struct ip_meta's */
};

/*
 * Queues a segment, whose header is zero but for its flags and is filled in by the caller. `way` is
 * what the network layer has noted for the peer, or 0. NULL, and a counter, when too many wait to
 * be sent.
 */
struct tcp_header *tcp_reply(struct tcp *tcp, const struct tcp_tuple *tuple, uint8_t flags,
			     uint32_t way);

/* Queues an acknowledgement, with timestamps if `ts` has them on. */
void tcp_reply_ack(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple, uint32_t way,
		   uint32_t seq, uint32_t ack, uint16_t window, const struct tcp_ts *ts);

/* A reset in answer to a segment that belongs to nothing (section 3.10.7.1). */
void tcp_reply_reset(struct tcp *tcp, const struct tcp_tuple *tuple, const struct tcp_segment *s);

/* Sends what is queued. Not OK: not all of it could go; it is to be called again. */
enum err tcp_reply_output(struct tcp *tcp, uint64_t now_us);

#endif
