/* SPDX-License-Identifier: ISC */
/*
 * Frames, UTF-8 and the handshake's hash: pure functions without a connection (RFC 6455 sections 4
 * and 5).
 */
#ifndef NET_WEBSOCKET_WEBSOCKET_FRAME_H
#define NET_WEBSOCKET_WEBSOCKET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum {
	WEBSOCKET_HEADER_BYTES_MAX = 14,
	WEBSOCKET_CONTROL_BYTES_MAX = 125, /* payload of a control frame */
	WEBSOCKET_KEY_CHARS = 24,
	WEBSOCKET_ACCEPT_CHARS = 28,
};

enum websocket_opcode {
	WEBSOCKET_OP_CONTINUATION = 0,
	WEBSOCKET_OP_TEXT = 1,
	WEBSOCKET_OP_BINARY = 2,
	WEBSOCKET_OP_CLOSE = 8,
	WEBSOCKET_OP_PING = 9,
	WEBSOCKET_OP_PONG = 10,
};

struct websocket_frame {
	uint64_t bytes; /* of the payload */
	uint8_t mask[4];
	uint8_t opcode; /* enum websocket_opcode */
	bool fin;
};

/*
 * Parses a client's frame header from its first `len` bytes. OK: it has just that length; ERR_AGAIN
 * if there is more of it; ERR_INVALID if no client may send it: reserved bits or opcodes, no mask,
 * a length not in its shortest form, a control frame that is long or in fragments. Section 5.2.
 */
MUST_USE enum err websocket_parse_header(struct websocket_frame *frame, const uint8_t *bytes,
					 size_t len);

/* Writes an unmasked header for `bytes` of payload; returns its length, 10 at most. */
size_t websocket_emit_header(uint8_t *out, uint8_t opcode, bool fin, uint64_t bytes);

/* Copies `len` bytes that begin `offset` into a payload, unmasked. Section 5.3. */
void websocket_unmask(uint8_t *to, const uint8_t *from, size_t len, const uint8_t mask[static 4],
		      uint64_t offset);

/* Whether a peer may send this code in a Close frame. Section 7.4, and IANA's registry. */
bool websocket_code_is_valid(unsigned code);

/* The value of Sec-WebSocket-Accept for that of Sec-WebSocket-Key. Section 4.2.2. */
void websocket_accept_key(const char key[static WEBSOCKET_KEY_CHARS],
			  char accept[static WEBSOCKET_ACCEPT_CHARS]);

/* Whether `key` is 16 bytes in base64. */
bool websocket_key_is_valid(const char *key, size_t len);

#endif
