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

static size_t length_bytes(uint8_t second)
{
	switch (second & LENGTH) {
	case LENGTH_16:
		return 2;
	case LENGTH_64:
		return 8;
	default:
		return 0;
	}
}

static bool is_known(uint8_t opcode)
{
	return opcode <= WEBSOCKET_OP_BINARY ||
	       (opcode >= WEBSOCKET_OP_CLOSE && opcode <= WEBSOCKET_OP_PONG);
}

/* The first two bytes, of which one is enough to refuse a frame. */
static bool may_begin(const uint8_t *bytes, size_t len)
{
	uint8_t opcode = bytes[0] & OPCODE;
	if ((bytes[0] & RESERVED) != 0 || !is_known(opcode))
		return false;
	if ((opcode & CONTROL) != 0 && (bytes[0] & FIN) == 0)
		return false;
	if (len < 2)
		return true;
	return (bytes[1] & MASK) != 0 && ((opcode & CONTROL) == 0 || length_bytes(bytes[1]) == 0);
}

enum err websocket_parse_header(struct websocket_frame *frame, const uint8_t *bytes, size_t len)
{
	if (len > 0 && !may_begin(bytes, len))
		return ERR_INVALID;
	if (len < 2)
		return ERR_AGAIN;
	size_t extra = length_bytes(bytes[1]);
	if (len < 2 + extra + sizeof(frame->mask))
		return ERR_AGAIN;
	uint64_t n = 0;
	for (size_t i = 0; i < extra; i++)
		n = n << 8 | bytes[2 + i];
	if (extra == 0)
		n = bytes[1] & LENGTH;
	else if (n <= (extra == 2 ? SHORT_MAX : UINT16_MAX) || n > INT64_MAX)
		return ERR_INVALID;
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
