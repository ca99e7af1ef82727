/* SPDX-License-Identifier: ISC */
/* The parts that are pure functions: headers, masks, UTF-8, the handshake's hash. */
#include "tests/unit/websocket/rig.h"

#include <stdlib.h>

static void accept_keys(void **state)
{
	static const struct {
		const char *key, *accept;
	} table[] = {
		/* RFC 6455 section 1.3, and two from Python's hashlib. */
		{"dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
		{"AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI="},
		{"/////////////////////w==", "XXpj4jYzLM2yUE0C7TIgMwTQh2g="},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char got[WEBSOCKET_ACCEPT_CHARS + 1] = "";
		websocket_accept_key(table[i].key, got);
		assert_string_equal(got, table[i].accept);
	}
}

static void keys(void **state)
{
	static const char *const bad[] = {
		"",
		"dGhlIHNhbXBsZSBub25jZQ=",
		"dGhlIHNhbXBsZSBub25jZQ===",
		"dGhlIHNhbXBsZSBub25jZR==", /* bits beyond the sixteenth byte */
		"dGhlIHNhbXBsZSBub25jZQ=A",
		"dGhlIHNhbXBsZSBub25jZQA=",
		"dGhlIHNhbXB-ZSBub25jZQ==",
		"dGhlIHNhbXBsZSBub25=ZQ==",
	};
	(void)state;
	assert_true(websocket_key_is_valid("dGhlIHNhbXBsZSBub25jZQ==", 24));
	assert_true(websocket_key_is_valid("/+AZaz09azAZ+/+/+/+/+w==", 24));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(websocket_key_is_valid(bad[i], strlen(bad[i])));
}

/* What every prefix of a header says, up to its end. */
static enum err parse(const char *header, size_t len, struct websocket_frame *frame)
{
	enum err e = ERR_AGAIN;
	for (size_t n = 0; n <= len && e == ERR_AGAIN; n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1); /* for ASan */
		memcpy(copy, header, n);
		e = websocket_parse_header(frame, copy, n);
		free(copy);
		if (e == OK)
			assert_int_equal(n, len);
	}
	return e;
}

#define H(text) text, sizeof(text) - 1

static void headers(void **state)
{
	static const struct {
		const char *header;
		size_t len;
		enum err wanted;
		uint64_t bytes;
	} table[] = {
		{H("\x81\x80"
		   "mask"),
		 OK, 0},
		{H("\x02\xfd"
		   "mask"),
		 OK, 125},
		{H("\x82\xfe\x00\x7e"
		   "mask"),
		 OK, 126},
		{H("\x80\xfe\xff\xff"
		   "mask"),
		 OK, 65535},
		{H("\x81\xff\0\0\0\0\0\1\0\0"
		   "mask"),
		 OK, 65536},
		{H("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"
		   "mask"),
		 OK, INT64_MAX},
		{H("\x88\x82"
		   "mask"),
		 OK, 2},
		{H("\x89\xfd"
		   "mask"),
		 OK, 125},
		{H("\x8a\x80"
		   "mask"),
		 OK, 0},
		{H("\x81\xfe\x00\x7e"
		   "mas"),
		 ERR_AGAIN, 0},
		{H("\x81\x05"), ERR_INVALID, 0}, /* not masked */
		{H("\xc1"), ERR_INVALID, 0},     /* reserved bits */
		{H("\xa1"), ERR_INVALID, 0},
		{H("\x91"), ERR_INVALID, 0},
		{H("\x83"), ERR_INVALID, 0}, /* reserved opcodes */
		{H("\x87"), ERR_INVALID, 0},
		{H("\x8b"), ERR_INVALID, 0},
		{H("\x8f"), ERR_INVALID, 0},
		{H("\x09"), ERR_INVALID, 0},     /* control, in fragments */
		{H("\x89\xfe"), ERR_INVALID, 0}, /* … or long */
		{H("\x88\xff"), ERR_INVALID, 0},
		{H("\x81\xfe\x00\x7d"
		   "mask"),
		 ERR_INVALID, 0}, /* not the shortest form */
		{H("\x81\xff\0\0\0\0\0\0\xff\xff"
		   "mask"),
		 ERR_INVALID, 0},
		{H("\x81\xff\x80\0\0\0\0\0\0\0"
		   "mask"),
		 ERR_INVALID, 0}, /* the highest bit */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct websocket_frame frame;
		if (parse(table[i].header, table[i].len, &frame) != table[i].wanted)
			fail_msg("header %zu", i);
		if (table[i].wanted != OK)
			continue;
		assert_true(frame.bytes == table[i].bytes);
		assert_memory_equal(frame.mask, "mask", 4);
		assert_int_equal(frame.opcode, table[i].header[0] & 15);
		assert_int_equal(frame.fin, (table[i].header[0] & 0x80) != 0);
	}
}

static void codes(void **state)
{
	static const struct {
		unsigned first, last;
		bool valid;
	} ranges[] = {
		{0, 999, false},           {1000, 1003, true},  {1004, 1006, false},
		{1007, 1014, true},        {1015, 2999, false}, {3000, 4999, true},
		{5000, UINT16_MAX, false},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		for (unsigned code = ranges[i].first; code <= ranges[i].last; code++)
			assert_int_equal(websocket_code_is_valid(code), ranges[i].valid);
	}
}

/* --- UTF-8 ----------------------------------------------------------------------------------- */

/* By arithmetic: what a decoder without tables says of a whole text. */
static bool is_utf8(const uint8_t *t, size_t len)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	for (size_t i = 0; i < len;) {
		unsigned more = t[i] < 0x80 ? 0 : t[i] >> 5 == 6 ? 1 : t[i] >> 4 == 14 ? 2 : 3;
		if (t[i] >= 0x80 && (t[i] < 0xc0 || t[i] >= 0xf8))
			return false;
		uint32_t c = more == 0 ? t[i] : t[i] & (0x3fu >> more);
		if (more > len - i - 1)
			return false;
		for (unsigned n = 1; n <= more; n++) {
			if (t[i + n] >> 6 != 2)
				return false;
			c = c << 6 | (t[i + n] & 0x3f);
		}
		if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
		i += 1 + more;
	}
	return true;
}

static bool feed_bytes(const uint8_t *t, size_t len)
{
	struct utf8 u = {0};
	for (size_t i = 0; i < len; i++) {
		if (!utf8_feed(&u, t + i, 1))
			return false;
	}
	return utf8_is_complete(&u);
}

/* Every text of up to three bytes, and each of four that begins like one. */
static void utf8_is_as_arithmetic_says(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 1 << 24; n++) {
		uint8_t t[4] = {(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n, 0x80};
		if (feed_bytes(t, 3) != is_utf8(t, 3))
			fail_msg("%02x %02x %02x", t[0], t[1], t[2]);
		if (t[0] >= 0xf0 && feed_bytes(t, 4) != is_utf8(t, 4))
			fail_msg("%02x %02x %02x 80", t[0], t[1], t[2]);
	}
}

int websocket_parts_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accept_keys),
		cmocka_unit_test(keys),
		cmocka_unit_test(headers),
		cmocka_unit_test(codes),
		cmocka_unit_test(utf8_is_as_arithmetic_says),
	};
	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
