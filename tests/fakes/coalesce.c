/* SPDX-License-Identifier: ISC */
#include "tests/fakes/coalesce.h"

#include <string.h>

#include "base/bytes.h"
#include "tests/fakes/frames.h"

enum { HEADERS_MAX = FRAME_ETH + 40 + 60, SEQ = 4, FLAGS = 13, CHECKSUM = 16, PSH = 8, ACK = 16 };

/* Where the headers of a segment are that may be put together with others; false: of none. */
static bool is_plain(const uint8_t *frame, size_t len, size_t *tcp_at, size_t *header)
{
	size_t bytes;
	const uint8_t *tcp = frame_tcp(frame, len, &bytes);
	if (tcp == NULL || (tcp[FLAGS] & ~PSH) != ACK || frame_transport_error(frame, len) != 0)
		return false;
	*tcp_at = (size_t)(tcp - frame);
	*header = *tcp_at + (size_t)(tcp[12] >> 4) * 4;
	return *header >= *tcp_at + 20 && *header < len && *tcp_at + bytes == len;
}

/* The headers without what differs from segment to segment; the number is that behind `payload`. */
static void strip(uint8_t *out, const uint8_t *frame, size_t tcp, size_t header, size_t payload)
{
	uint8_t *ip = out + FRAME_ETH;
	memcpy(out, frame, header);
	if (tcp == FRAME_L4) {
		memset(ip + 2, 0, 4); /* length and identification */
		memset(ip + 10, 0, 2);
	} else {
		memset(ip + 4, 0, 2);
	}
	store_be32(out + tcp + SEQ, load_be32(out + tcp + SEQ) + (uint32_t)payload);
	out[tcp + FLAGS] &= (uint8_t)~PSH;
	memset(out + tcp + CHECKSUM, 0, 2);
}

static bool follows(const struct coalesced *c, const uint8_t *frame, size_t len, size_t tcp,
		    size_t header)
{
	uint8_t ours[HEADERS_MAX], its[HEADERS_MAX];
	if (c->ended || tcp != c->tcp || header != c->header || len - header > c->each ||
	    c->len + len - header > FRAME_ETH + UINT16_MAX)
		return false;
	strip(ours, c->frame, tcp, header, c->len - header);
	strip(its, frame, tcp, header, 0);
	return memcmp(ours, its, header) == 0;
}

static void begin(struct coalesced *c, const uint8_t *frame, size_t len, size_t tcp, size_t header)
{
	memcpy(c->frame, frame, header);
	c->len = c->header = header;
	c->tcp = tcp;
	c->each = len - header;
	c->segments = 0;
	c->ended = false;
}

bool coalesced_add(struct coalesced *c, const uint8_t *frame, size_t len)
{
	size_t tcp, header;
	if (!is_plain(frame, len, &tcp, &header))
		return false;
	if (c->len == 0)
		begin(c, frame, len, tcp, header);
	else if (!follows(c, frame, len, tcp, header))
		return false;
	memcpy(c->frame + c->len, frame + header, len - header);
	c->len += len - header;
	c->segments++;
	c->frame[tcp + FLAGS] |= frame[tcp + FLAGS] & PSH;
	c->ended = len - header < c->each || (frame[tcp + FLAGS] & PSH) != 0;
	frame_set_length(c->frame, c->len);
	return true;
}
