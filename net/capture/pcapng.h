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
	PCAPNG_PACKET_FRAME = 7 * 4,         /* where the frame stands in pcapng_packet()'s block */
	PCAPNG_PACKET_OVERHEAD = 4 * 8 + 12, /* of that besides the frame, a multiple of four */
};

/* Sections 4.1 and 4.2: the section's header and the interface, of whose frames `snap_bytes` are
 * kept at most. Up to PCAPNG_HEADER_MAX bytes. */
size_t pcapng_header(uint8_t *out, const char *interface, uint32_t snap_bytes);

/* Section 4.3: a frame of `frame_bytes`, sent or received, of which the first `kept_bytes` are at
 * out + PCAPNG_PACKET_FRAME already. The block is PCAPNG_PACKET_OVERHEAD longer than they, rounded
 * up to four. */
size_t pcapng_packet(uint8_t *out, uint64_t unix_us, uint32_t frame_bytes, uint32_t kept_bytes,
		     bool sent);

/* Section 4.6: how many frames there were, and how many of them are not in the file. Up to
 * PCAPNG_STATISTICS_MAX bytes. */
size_t pcapng_statistics(uint8_t *out, uint64_t unix_us, uint64_t frames, uint64_t missing);

#endif
