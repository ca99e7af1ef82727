/* SPDX-License-Identifier: ISC */
/*
 * The handshake's hash: SHA-1 (RFC 3174) of a text of known length, in base64 (RFC 4648 section 4).
 * It proves that the server has read the request, and protects nothing.
 */
#include <string.h>

#include "net/websocket/websocket_frame.h"

/* --- SHA-1 ----------------------------------------------------------------------------------- */

enum { BLOCK = 64, DIGEST = 20 };

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* The function and the constant of a round (RFC 3174 section 5). */
static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	if (round < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (round < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (round < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

/* Section 6.2: the words of the schedule go round in sixteen. */
static void hash_block(uint32_t h[static 5], const uint8_t block[static BLOCK])
{
	uint32_t w[16], v[5];
	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	memcpy(v, h, sizeof(v));
	for (unsigned t = 0; t < 80; t++) {
		unsigned s = t & 15;
		if (t >= 16)
			w[s] = rotate(w[(s + 13) & 15] ^ w[(s + 8) & 15] ^ w[(s + 2) & 15] ^ w[s],
				      1);
		uint32_t next = rotate(v[0], 5) + mix(t, v[1], v[2], v[3]) + v[4] + w[s];
		v[4] = v[3];
		v[3] = v[2];
		v[2] = rotate(v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		h[i] += v[i];
}

/* --- base64 ---------------------------------------------------------------------------------- */

static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_digest(const uint8_t digest[static DIGEST], char *to)
{
	for (unsigned at = 0; at < DIGEST; at += 3, to += 4) {
		uint32_t bits = (uint32_t)digest[at] << 16 | (uint32_t)digest[at + 1] << 8 |
				(at + 2 < DIGEST ? digest[at + 2] : 0u);
		for (unsigned i = 0; i < 4; i++)
			to[i] = alphabet[bits >> (18 - 6 * i) & 63];
	}
	to[-1] = '='; /* 20 bytes leave two in the last group */
}

bool websocket_key_is_valid(const char *key, size_t len)
{
	unsigned digit = 0;
	if (len != WEBSOCKET_KEY_CHARS)
		return false;
	for (size_t i = 0; i < len - 2; i++) {
		for (digit = 0; key[i] != alphabet[digit];) {
			if (++digit == sizeof(alphabet))
				return false;
		}
	}
	/* The last digit holds two bits of the sixteenth byte. */
	return digit % 16 == 0 && key[len - 2] == '=' && key[len - 1] == '=';
}

void websocket_accept_key(const char key[static WEBSOCKET_KEY_CHARS],
			  char accept[static WEBSOCKET_ACCEPT_CHARS])
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	enum { GUID = sizeof(guid) - 1, TEXT = WEBSOCKET_KEY_CHARS + GUID, BLOCKS = 2 };
	uint8_t text[BLOCKS * BLOCK] = {0}, digest[DIGEST];
	uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	memcpy(text, key, WEBSOCKET_KEY_CHARS);
	memcpy(text + WEBSOCKET_KEY_CHARS, guid, GUID);
	/* RFC 3174 section 4: a bit of 1, and the length in bits at the end. */
	text[TEXT] = 0x80;
	text[sizeof(text) - 2] = TEXT * 8 >> 8;
	text[sizeof(text) - 1] = TEXT * 8 & 0xff;
	for (unsigned i = 0; i < BLOCKS; i++)
		hash_block(h, text + (size_t)i * BLOCK);
	for (unsigned i = 0; i < DIGEST; i++)
		digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
	encode_digest(digest, accept);
}
