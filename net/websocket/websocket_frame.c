/* SPDX-License-Identifier: ISC */
#include "net/websocket/websocket_frame.h"

#include <string.h>

#include "base/bytes.h"

enum {
	FIN = 0x80,
	RESERVED = 0x70,
	OPCODE = 0x0f,
	CONTROL = 0x08, /* in opcodes */
	MASK = 0x80,
	LENGTH = 0x7f,
	LENGTH_16 = 126, /* the length is in the next two bytes */
	LENGTH_64 = 127, /* … eight */
	SHORT_MAX = 125,
};

static bool is_known(uint8_t opcode)
{
	return opcode <= WEBSOCKET_OP_BINARY ||
	       (opcode >= WEBSOCKET_OP_CLOSE && opcode <= WEBSOCKET_OP_PONG);
}

/* One byte is enough to refuse a frame. */
static bool may_begin(uint8_t first)
{
	uint8_t opcode = first & OPCODE;
	return (first & RESERVED) == 0 && is_known(opcode) &&
	       ((opcode & CONTROL) == 0 || (first & FIN) != 0);
}

enum err websocket_parse_header(struct websocket_frame *frame, const uint8_t *bytes, size_t len)
{
	size_t extra = 0;
	if (len > 0 && !may_begin(bytes[0]))
		return ERR_INVALID;
	if (len < 2)
		return ERR_AGAIN;
	uint64_t n = bytes[1] & LENGTH;
	if (n > SHORT_MAX)
		extra = n == LENGTH_16 ? 2 : 8;
	if ((bytes[1] & MASK) == 0 || (extra > 0 && (bytes[0] & CONTROL) != 0))
		return ERR_INVALID;
	if (len < 2 + extra + sizeof(frame->mask))
		return ERR_AGAIN;
	if (extra > 0) {
		n = load_be16(bytes + 2);
		if (extra == 8)
			n = n << 48 | (uint64_t)load_be16(bytes + 4) << 32 | load_be32(bytes + 6);
		if (n <= (extra == 2 ? SHORT_MAX : UINT16_MAX) || n > INT64_MAX)
			return ERR_INVALID;
	}
	frame->fin = (bytes[0] & FIN) != 0;
	frame->opcode = bytes[0] & OPCODE;
	frame->bytes = n;
	memcpy(frame->mask, bytes + 2 + extra, sizeof(frame->mask));
	return OK;
}

size_t websocket_emit_header(uint8_t *out, uint8_t opcode, bool fin, uint64_t bytes)
{
	out[0] = (uint8_t)(opcode | (fin ? FIN : 0));
	if (bytes <= SHORT_MAX) {
		out[1] = (uint8_t)bytes;
		return 2;
	}
	size_t extra = bytes <= UINT16_MAX ? 2 : 8;
	out[1] = extra == 2 ? LENGTH_16 : LENGTH_64;
	for (size_t i = 0; i < extra; i++)
		out[2 + i] = (uint8_t)(bytes >> 8 * (extra - 1 - i));
	return 2 + extra;
}

void websocket_unmask(uint8_t *to, const uint8_t *from, size_t len, const uint8_t mask[static 4],
		      uint64_t offset)
{
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] ^ mask[(offset + i) & 3];
}

bool websocket_code_is_valid(unsigned code)
{
	if (code >= 1000 && code <= 1014)
		return code != 1004 && code != 1005 && code != 1006;
	return code >= 3000 && code <= 4999;
}
