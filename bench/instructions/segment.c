/* SPDX-License-Identifier: ISC */
#include "bench/instructions/segment.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "bench/instructions/link.h"
#include "tests/fakes/frames.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	TCP = 6,
	TCP_HEADER_BYTES = 20,
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_TIMESTAMPS = 8,
};

static const uint8_t client_mac[6] = {2, 0, 0, 0, 0, 2};
static const uint8_t server_mac[6] = {2, 0, 0, 0, 0, 1};
static const uint8_t everybody[6] = {255, 255, 255, 255, 255, 255};

void segment_greet(void)
{
	uint8_t frame[64];
	const struct frame_arp request = {
		.mac = client_mac, .op = 1, .sender = SEGMENT_CLIENT, .target = SEGMENT_SERVER};

	(void)everybody;
	link_inject(frame, frame_arp(frame, &request));
}

/* --- building -------------------------------------------------------------------------------- */

static uint8_t *put_timestamps(uint8_t *at, const struct segment *s)
{
	*at++ = OPTION_TIMESTAMPS;
	*at++ = 10;
	store_be32(at, s->ts_value);
	store_be32(at + 4, s->ts_echo);
	return at + 8;
}

/* The options, in the order that Linux has; their length is a multiple of 4. */
static uint8_t *put_options(uint8_t *at, const struct segment *s)
{
	if ((s->flags & SEGMENT_SYN) != 0) {
		*at++ = OPTION_MSS;
		*at++ = 4;
		store_be16(at, SEGMENT_MSS);
		at += 2;
		*at++ = s->timestamps ? OPTION_SACK_PERMITTED : OPTION_NOP;
		*at++ = s->timestamps ? 2 : OPTION_NOP;
		if (!s->timestamps) {
			*at++ = OPTION_NOP;
			*at++ = OPTION_NOP;
		} else {
			at = put_timestamps(at, s);
		}
		*at++ = OPTION_NOP;
		*at++ = OPTION_SCALE;
		*at++ = 3;
		*at++ = SEGMENT_SCALE;
	} else if (s->timestamps) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_NOP;
		at = put_timestamps(at, s);
	}
	return at;
}

static void put_checksum(uint8_t *tcp, size_t len)
{
	uint8_t addresses[8];

	store_be32(addresses, SEGMENT_CLIENT);
	store_be32(addresses + 4, SEGMENT_SERVER);
	uint32_t sum = csum_add(0, addresses, sizeof(addresses));
	sum = csum_add_u16(csum_add_u16(sum, TCP), (uint16_t)len);
	csum_store(tcp + 16, csum_fold(csum_add(sum, tcp, len)));
}

void segment_send(const struct segment *s)
{
	static uint8_t frame[LINK_TSO_BYTES + FRAME_MAX],
		tcp[LINK_TSO_BYTES + FRAME_MAX - FRAME_L4];
	const struct frame_ipv4 ip = {.eth_dst = server_mac,
				      .eth_src = client_mac,
				      .src = SEGMENT_CLIENT,
				      .dst = SEGMENT_SERVER,
				      .proto = TCP};

	memset(tcp, 0, TCP_HEADER_BYTES);
	store_be16(tcp, s->client_port);
	store_be16(tcp + 2, s->server_port);
	store_be32(tcp + 4, s->seq);
	store_be32(tcp + 8, s->ack);
	tcp[13] = s->flags;
	store_be16(tcp + 14, s->window);
	uint8_t *end = put_options(tcp + TCP_HEADER_BYTES, s);
	tcp[12] = (uint8_t)((end - tcp) / 4 << 4);
	if (s->len > 0)
		memcpy(end, s->payload, s->len);
	size_t len = (size_t)(end - tcp) + s->len;
	assert(len <= LINK_MTU - 20 || link_coalesces());
	if (!link_has_checksums())
		put_checksum(tcp, len);
	link_inject(frame, frame_ipv4(frame, &ip, tcp, len));
}

/* --- taking apart ---------------------------------------------------------------------------- */

static void take_option(const uint8_t *at, struct segment *out)
{
	if (at[0] == OPTION_TIMESTAMPS && at[1] == 10) {
		out->timestamps = true;
		out->ts_value = load_be32(at + 2);
		out->ts_echo = load_be32(at + 6);
	} else if (at[0] == OPTION_SCALE && at[1] == 3) {
		out->scale = at[2];
	}
}

static void take_options(const uint8_t *at, const uint8_t *end, struct segment *out)
{
	while (at < end && *at != OPTION_END) {
		if (*at == OPTION_NOP) {
			at++;
			continue;
		}
		assert(end - at >= 2 && at[1] >= 2 && at[1] <= end - at);
		take_option(at, out);
		at += at[1];
	}
}

bool segment_parse(const uint8_t *frame, size_t len, struct segment *out)
{
	const uint8_t *tcp = frame + FRAME_L4;

	if (len < FRAME_L4 || load_be16(frame + 12) != ETHERTYPE_IPV4 || frame[23] != TCP)
		return false;
	/* A packet that the device would cut is longer than its header can say. */
	assert(frame[FRAME_ETH] == 0x45 && len >= FRAME_L4 + TCP_HEADER_BYTES);
	size_t header = (size_t)(tcp[12] >> 4) * 4;
	assert(header >= TCP_HEADER_BYTES && FRAME_L4 + header <= len);
	assert(link_has_checksums() || frame_l4_error(frame, len) == 0);
	*out = (struct segment){
		.server_port = load_be16(tcp),
		.client_port = load_be16(tcp + 2),
		.seq = load_be32(tcp + 4),
		.ack = load_be32(tcp + 8),
		.flags = tcp[13],
		.window = load_be16(tcp + 14),
		.payload = tcp + header,
		.len = (uint32_t)(len - FRAME_L4 - header),
	};
	take_options(tcp + TCP_HEADER_BYTES, tcp + header, out);
	return true;
}
