/* SPDX-License-Identifier: ISC */
/*
 * What a peer sends, made of a few bytes of a fuzzer's input: packets that are right but for what
 * the input says, so that each of its mutations is one of a meaning: another flag, a number beside
 * the one that is expected, a length, an option. A talk is one connection or exchange of datagrams
 * over either family. It keeps what the other side has sent, so that numbers can be told beside it.
 */
#ifndef TESTS_FUZZ_TALK_H
#define TESTS_FUZZ_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "net/ip/ip.h"

enum { TALK_PACKET_MAX = 1500, TALK_QUOTE_MAX = 128 };

struct talk {
	struct ip_addr us, peer;       /* the stack that is tested, and the one that talks to it */
	uint16_t port;                 /* of the peer */
	uint32_t seq, ack;             /* that the stack expects; behind what it has sent */
	uint32_t stamp;                /* the last timestamp that it has sent */
	uint8_t quote[TALK_QUOTE_MAX]; /* the begin of its last packet, from the network header on
					*/
	size_t quote_bytes;
};

/* Takes note of a packet that the stack has sent to the peer: a TCP segment, or else a datagram. */
void talk_heard(struct talk *t, const uint8_t *packet, size_t len);

/*
 * Each writes a packet from its network header on, TALK_PACKET_MAX bytes at most, checksums
 * included, and returns its length. Where the input ends all is as expected.
 */
size_t talk_tcp(const struct talk *t, struct cursor *c, uint8_t *packet);
size_t talk_udp(const struct talk *t, struct cursor *c, uint8_t *packet);

/* A message of ICMP or ICMPv6: an echo request, or an error about the last packet. */
size_t talk_icmp(const struct talk *t, struct cursor *c, uint8_t *packet);

/* A message of Neighbor Discovery with its options; only of a talk over IPv6. */
size_t talk_ndp(const struct talk *t, struct cursor *c, uint8_t *packet);

/*
 * Makes a fragment of a whole packet, in place: `first` and `bytes` of its payload, in units of 8
 * bytes and cut to what there is. Returns its length.
 */
size_t talk_cut(uint8_t *packet, size_t len, uint8_t first, uint8_t units);

#endif
