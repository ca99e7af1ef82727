/* SPDX-License-Identifier: ISC */
/*
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng): one section, in this machine's byte order,
 * with one Ethernet interface whose times are in microseconds.
 *
 * Each function writes a block to `out`, where there must be room, and returns its bytes.
 */
#ifndef NET_CAPTURE_PCAPNG_H
#define NET_CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PCAPNG_NAME_MAX = 31, /* characters of an interface's name; the rest is left out */
	PCAPNG_HEADER_MAX = 128,
	PCAPNG_STATISTICS_MAX = 64,
};

/* Sections 4.1 and 4.2: the section's header and the interface, of whose frames `snap_bytes` are
 * kept at most. Up to PCAPNG_HEADER_MAX bytes. */
size_t pcapng_header(uint8_t *out, const char *interface, uint32_t snap_bytes);

/* Bytes of pcapng_packet()'s block. */
size_t pcapng_packet_bytes(uint32_t kept_bytes);

/* Section 4.3: a frame of `frame_bytes`, of which the first `kept_bytes` are given; sent or
 * received. */
size_t pcapng_packet(uint8_t *out, uint64_t unix_us, uint32_t frame_bytes, uint32_t kept_bytes,
		     const uint8_t *kept, bool sent);

/* Section 4.6: how many frames there were, and how many of them are not in the file. Up to
 * PCAPNG_STATISTICS_MAX bytes. */
size_t pcapng_statistics(uint8_t *out, uint64_t unix_us, uint64_t frames, uint64_t missing);

#endif
