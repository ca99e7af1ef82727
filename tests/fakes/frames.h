/* SPDX-License-Identifier: ISC */
/*
 * Builds frames as another station would send them, right unless told to be wrong: for tests of
 * what is received. Addresses are in host order. Each returns the length of what it wrote.
 */
#ifndef TESTS_FAKES_FRAMES_H
#define TESTS_FAKES_FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum {
	FRAME_ETH = 14, /* where the network header begins */
	FRAME_L4 = 34,  /* where the transport header begins, without IP options */
	FRAME_MAX = 2048,
};

size_t frame_eth(uint8_t *out, const uint8_t dst[6], const uint8_t src[6], uint16_t type);

struct frame_arp {
	const uint8_t *eth_dst; /* NULL: broadcast */
	const uint8_t *mac;     /* of the sender */
	uint16_t op;
	uint32_t sender, target;
};

size_t frame_arp(uint8_t *out, const struct frame_arp *a);

struct frame_ipv4 {
	const uint8_t *eth_dst, *eth_src;
	uint32_t src, dst;
	uint8_t proto;
	uint8_t ttl; /* 0: 64 */
	uint8_t tos;
	uint16_t fragment;    /* the flags and offset field */
	uint8_t option_bytes; /* of NOPs, a multiple of 4 */
};

/* An IPv4 packet with `len` bytes of payload. */
size_t frame_ipv4(uint8_t *out, const struct frame_ipv4 *ip, const void *payload, size_t len);

/* Its IPv4 header alone, of a payload of `len` bytes; returns how long that is. */
size_t frame_ipv4_header(uint8_t *out, const struct frame_ipv4 *ip, size_t len);

/* Makes the header's checksum right again after a change. */
void frame_ipv4_fix(uint8_t *frame);

/* An ICMP message: type, code, the second word, then the payload; ip->proto is set. */
size_t frame_icmp(uint8_t *out, const struct frame_ipv4 *ip, uint8_t type, uint8_t code,
		  uint32_t rest, const void *payload, size_t len);

/* A UDP datagram; ip->proto is set. */
size_t frame_udp(uint8_t *out, const struct frame_ipv4 *ip, uint16_t from, uint16_t to,
		 const void *payload, size_t len);

/*
 * The transport header of a whole IPv4 packet without options or an IPv6 packet without extension
 * headers, `*bytes` of it with its payload, its protocol in *proto; NULL: the frame is neither.
 */
const uint8_t *frame_transport(const uint8_t *frame, size_t len, uint8_t *proto, size_t *bytes);

/* The same if it is TCP with a whole header; NULL: it is not. */
const uint8_t *frame_tcp(const uint8_t *frame, size_t len, size_t *bytes);

/* Zero if the UDP or TCP checksum of such a packet is right (or absent). */
uint16_t frame_transport_error(const uint8_t *frame, size_t len);

/* Makes the lengths and the IPv4 header's checksum those of a packet up to the frame's end. */
void frame_set_length(uint8_t *frame, size_t len);

/* Zero if the UDP or TCP checksum of an IPv4 frame is right (or absent: UDP's field is 0). */
uint16_t frame_l4_error(const uint8_t *frame, size_t len);

/* Bytes that differ from their neighbours, to fill payloads with. */
void frame_pattern(void *out, size_t len);

#endif
