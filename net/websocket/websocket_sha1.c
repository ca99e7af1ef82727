/* SPDX-License-Identifier: ISC */
/*
 * The handshake's hash: SHA-1 (RFC 3174) of a text of known length, in base64 (RFC 4648 section 4).
 * It proves that the server has read the request, and protects nothing.
 */
#include <string.h>

#include "base/bytes.h"
#include "net/websocket/websocket_frame.h"

/* --- SHA-1 ----------------------------------------------------------------------------------- */

enum { BLOCK_WORDS = 16, WORDS = 5 };

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

/* Section 6.2. `w` is a block, and then the words of the schedule, which go round in sixteen. */
static void hash_block(uint32_t h[static WORDS], uint32_t w[static BLOCK_WORDS])
{
	uint32_t v[WORDS];
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
	for (unsigned i = 0; i < WORDS; i++)
		h[i] += v[i];
}

/* --- base64 ---------------------------------------------------------------------------------- */

static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Six bits at a time, of which the last two are none of the digest's. */
static void encode_digest(const uint32_t digest[static WORDS + 1], char *to)
{
	for (unsigned bit = 0; bit < 32 * WORDS; bit += 6) {
		const uint32_t *word = digest + bit / 32;
		uint64_t bits = (uint64_t)word[0] << 32 | word[1];
		*to++ = alphabet[bits >> (58 - bit % 32) & 63];
	}
	*to = '='; /* 20 bytes leave two in the last group */
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
	/* RFC 3174 section 4: behind the text a bit of 1; its length in bits ends the second block.
	 */
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11\x80\0\0";
	enum { GUID = 36, BITS = (WEBSOCKET_KEY_CHARS + GUID) * 8 };
	uint32_t w[BLOCK_WORDS],
		h[WORDS + 1] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	uint8_t *text = (uint8_t *)w;
	_Static_assert(WEBSOCKET_KEY_CHARS + sizeof(guid) == sizeof(w), "one block");
	memcpy(text, key, WEBSOCKET_KEY_CHARS);
	memcpy(text + WEBSOCKET_KEY_CHARS, guid, sizeof(guid));
	for (unsigned i = 0; i < BLOCK_WORDS; i++)
		w[i] = load_be32(text + 4 * (size_t)i);
	hash_block(h, w);
	memset(w, 0, sizeof(w));
	w[BLOCK_WORDS - 1] = BITS;
	hash_block(h, w);
	encode_digest(h, accept);
}
