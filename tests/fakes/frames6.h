/* SPDX-License-Identifier: ISC */
/*
 * Builds IPv6 frames as another station would send them, right unless told to be wrong: for tests
 * of what is received. Each returns the length of what it wrote.
 */
#ifndef TESTS_FAKES_FRAMES6_H
#define TESTS_FAKES_FRAMES6_H

#include <stddef.h>
#include <stdint.h>

#include "base/inet.h"
#include "tests/fakes/frames.h"

enum {
	FRAME6_L4 = FRAME_ETH + 40, /* where the transport header begins, without extensions */
};

/* An address from its text; asserts that it is one. */
struct ip_addr ip6(const char *text);

struct frame_ipv6 {
	const uint8_t *eth_dst, *eth_src; /* eth_dst NULL: that of the group dst */
	struct ip_addr src, dst;
	uint8_t next;
	uint8_t hop_limit; /* 0: 255 */
	uint8_t traffic_class;
	const uint8_t *extension; /* headers between, or NULL; the last names the transport */
	size_t extension_bytes;
};

/* An IPv6 packet with `len` bytes of payload. */
size_t frame_ipv6(uint8_t *out, const struct frame_ipv6 *ip, const void *payload, size_t len);

/* Its IPv6 header alone, with the extensions; returns how long that is. */
size_t frame_ipv6_header(uint8_t *out, const struct frame_ipv6 *ip, size_t len);

/* An ICMPv6 message of `len` bytes whose checksum is filled in; ip->next is set. */
size_t frame_icmpv6(uint8_t *out, const struct frame_ipv6 *ip, const void *message, size_t len);

/* A UDP datagram; ip->next is set. */
size_t frame_udp6(uint8_t *out, const struct frame_ipv6 *ip, uint16_t from, uint16_t to,
		  const void *payload, size_t len);

/* Zero if the UDP, TCP or ICMPv6 checksum of a frame without extension headers is right. */
uint16_t frame6_l4_error(const uint8_t *frame, size_t len);

/* Options of Neighbor Discovery, to `out`; each returns its length. */
size_t nd_mac(uint8_t *out, uint8_t type, const uint8_t mac[6]);
size_t nd_prefix(uint8_t *out, const char *prefix, uint8_t bits, uint8_t flags, uint32_t valid_s,
		 uint32_t preferred_s);
size_t nd_mtu(uint8_t *out, uint32_t mtu);

#endif
