/* SPDX-License-Identifier: ISC */
/* TCP segments of the client: built into frames for the link, and taken out of frames from it. */
#ifndef BENCH_INSTRUCTIONS_SEGMENT_H
#define BENCH_INSTRUCTIONS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEGMENT_CLIENT UINT32_C(0x0a000202) /* 10.0.2.2 */
#define SEGMENT_SERVER UINT32_C(0x0a00020f) /* 10.0.2.15 */

enum {
	SEGMENT_FIN = 1,
	SEGMENT_SYN = 2,
	SEGMENT_RST = 4,
	SEGMENT_PSH = 8,
	SEGMENT_ACK = 16,
	SEGMENT_MSS = 1460,
	SEGMENT_SCALE = 7, /* of the client's windows */
};

struct segment {
	uint16_t client_port, server_port;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	bool timestamps; /* on a SYN: with SACK as well */
	uint32_t ts_value, ts_echo;
	uint8_t scale; /* of the server's SYN, 0 if it has none */
	const uint8_t *payload;
	uint32_t len;
};

/* Sends an ARP request for the server, which so learns where the client is. */
void segment_greet(void);

/* Sends a segment of the client. */
void segment_send(const struct segment *s);

/* A frame of the server's. False: it is no TCP segment. Asserts that it is right in all respects.
 */
bool segment_parse(const uint8_t *frame, size_t len, struct segment *out);

#endif
