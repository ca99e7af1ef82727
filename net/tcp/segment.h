/* SPDX-License-Identifier: ISC */
/*
 * Segments: what stands in a TCP header (RFC 9293 section 3.1), parsed and to be emitted.
 */
#ifndef NET_TCP_SEGMENT_H
#define NET_TCP_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
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

/* RFC 7323 appendix A: how timestamps begin, two NOPs and the option's kind and length. */
#define TCP_TS_HEAD UINT32_C(0x0101080a)

struct tcp_tuple {
	struct ip_addr local, remote;
	uint16_t local_port, remote_port;
};

/* Bits take less memory, and more instructions. */
#ifdef BOARD_IS_SMALL
#define TCP_IN_BITS(n) : n
#else
#define TCP_IN_BITS(n)
#endif

/* The options that this side understands, but for SACK blocks and what timestamps say. A SYN's
 * count for the whole connection. */
struct tcp_options {
	uint16_t mss; /* 0: absent; of a SYN */
	uint8_t scale;
	bool has_scale TCP_IN_BITS(1); /* of a SYN */
	bool sack TCP_IN_BITS(1);      /* SACK-permitted, of a SYN */
	bool has_ts TCP_IN_BITS(1);
};

enum { TCP_SACK_BLOCKS = 3 }; /* in a segment that we send: what fits beside timestamps */

/* Bytes from `start` up to `end`. */
struct tcp_range {
	uint32_t start, end;
};

/* A received segment, its header checked and removed. */
struct tcp_segment {
	struct pkt *p; /* the payload; NULL once it has been queued */
	uint32_t seq, ack;
	uint32_t len;    /* payload bytes, without SYN and FIN */
	uint32_t span;   /* as it arrived: SEG.LEN of section 3.3.1, which counts them */
	uint16_t window; /* as it stands in the header */
	uint8_t flags;
	bool marked;          /* the network layer says: congestion experienced */
	uint8_t blocks;       /* of SACK … */
	const uint8_t *block; /* … as they stand in p's header, 8 bytes each */
	struct tcp_options options;
	uint32_t ts, ts_echo; /* TSval and TSecr, if they are there */
};

/* A segment that no connection in a synchronised state sends: a SYN, a reset, a reply. */
struct tcp_header {
	uint32_t seq, ack;
	uint32_t ts, ts_echo; /* if it has them */
	uint16_t window;
	uint8_t flags;
	struct tcp_options options; /* the scale is this side's in any case */
};

/* What a segment of a connection tells beside its acknowledgement. */
struct tcp_news {
	uint8_t flags; /* ECE, CWR */
	bool ect;      /* routers may mark it instead of dropping it */
	uint8_t blocks;
	struct tcp_range block[TCP_SACK_BLOCKS];
};

/* The header's length as its fifth word says (section 3.1, data offset). */
static inline uint32_t tcp_header_bytes(const struct pkt *p)
{
	return (p->data[12] >> 4) * 4u;
}

/* Checks the checksum of a received packet, that it has what each header has, and that it was sent
 * to nobody else. False, counted, if it is not a segment to act on. */
bool tcp_segment_check(struct tcp *tcp, const struct pkt *p, const struct ip_meta *meta);

/* Reads the header of a packet that was checked, and removes it. False: its length cannot be,
 * and s has but the packet. */
MUST_USE bool tcp_segment_parse(struct pkt *p, const struct ip_meta *meta, struct tcp_segment *s);

/*
 * Sends a segment without payload. OK also when the network layer had no way for it: as lost, as
 * far as TCP is concerned. ERR_NOMEM without a packet, ERR_AGAIN while the device is full. `way` is
 * struct ip_meta's, or NULL.
 */
enum err tcp_segment_send(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			  const struct tcp_header *h, uint32_t *way);

/*
 * The same for the `payload` bytes in `p` that a connection sends, with its acknowledgement,
 * timestamps if it has them, and `news` unless NULL. Checksum and cutting are left to the device
 * that can. The header is written straight from the connection, which also keeps the way that was
 * found.
 */
enum err tcp_segment_send_of(struct tcp_conn *c, uint64_t now_us, struct pkt *p, uint32_t payload,
			     uint32_t seq, uint8_t flags, uint16_t window,
			     const struct tcp_news *news);

#endif
