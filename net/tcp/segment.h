/* SPDX-License-Identifier: ISC */
/*
 * Segments: what stands in a TCP header (RFC 9293 section 3.1), parsed and to be emitted.
 */
#ifndef NET_TCP_SEGMENT_H
#define NET_TCP_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "net/ip/ip.h"

struct tcp;
struct tcp_conn;

enum tcp_flag {
	TCP_FIN = 1 << 0,
	TCP_SYN = 1 << 1,
	TCP_RST = 1 << 2,
	TCP_PSH = 1 << 3,
	TCP_ACK = 1 << 4,
	TCP_ECE = 1 << 6, /* RFC 3168 section 6.1 */
	TCP_CWR = 1 << 7,
};

struct tcp_tuple {
	struct ip_addr local, remote;
	uint16_t local_port, remote_port;
};

/* The options that this side understands, but for SACK blocks. */
struct tcp_options {
	uint16_t mss; /* 0: absent; of a SYN */
	uint8_t scale;
	bool has_scale; /* of a SYN */
	bool sack;      /* SACK-permitted, of a SYN */
	bool has_ts;
	uint32_t ts, ts_echo; /* TSval and TSecr */
};

/* Bytes from `start` up to `end`. */
struct tcp_range {
	uint32_t start, end;
};

/* A received segment, its header checked and removed. */
struct tcp_segment {
	struct pkt *p; /* the payload; NULL once it has been queued */
	uint32_t seq, ack;
	uint32_t len;    /* payload bytes, without SYN and FIN */
	uint16_t window; /* as it stands in the header */
	uint8_t flags;
	bool marked;          /* the network layer says: congestion experienced */
	uint8_t blocks;       /* of SACK … */
	const uint8_t *block; /* … as they stand in p's header, 8 bytes each */
	struct tcp_options options;
};

/* SEG.LEN of section 3.3.1, which counts SYN and FIN. */
static inline uint32_t segment_span(const struct tcp_segment *s)
{
	return s->len + ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);
}

/* A segment to be sent, but for its payload. */
struct tcp_header {
	uint32_t seq, ack;
	uint16_t window;
	uint8_t flags;
	bool ect; /* routers may mark it instead of dropping it */
	uint8_t blocks;
	const struct tcp_range *block; /* SACK; borrowed */
	struct tcp_options options;
};

/*
 * Checks the header and checksum of a received packet and removes the header. False, counted, if
 * it is not a segment to act on; the packet stays the caller's in any case.
 */
bool tcp_segment_parse(struct tcp *tcp, struct pkt *p, const struct ip_meta *meta,
		       struct tcp_segment *s, struct tcp_tuple *tuple);

/*
 * Gives the payload in `p` a header and a checksum and sends it. `features` and `mss` say what the
 * device can do; a payload longer than mss is left to it to cut. The packet is used up in any case.
 * OK also when the network layer had no way for it: as lost, as far as TCP is concerned.
 */
enum err tcp_segment_send(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			  const struct tcp_header *h, struct pkt *p, uint32_t features,
			  uint16_t mss);

/*
 * The same for what a connection sends, but for SYN, RST and what has SACK blocks or tells of
 * congestion: with its acknowledgement, and no option but timestamps. That is nearly every segment,
 * so the header is written straight from the connection, and the way that was found is kept.
 */
enum err tcp_segment_send_plain(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t seq,
				uint8_t flags, uint16_t window);

#endif
