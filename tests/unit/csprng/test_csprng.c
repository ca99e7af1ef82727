/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "runtime/random/csprng.h"

/* RFC 8439 section 2.3.2. */
static void chacha20_block_of_the_rfc(void **state)
{
	static const uint8_t expected[64] = {
		0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3,
		0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22,
		0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa,
		0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1,
		0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e};
	static const uint32_t nonce[3] = {0x09000000, 0x4a000000, 0};
	uint32_t key[8];
	uint8_t bytes[32], out[64];
	(void)state;
	for (unsigned i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	for (unsigned i = 0; i < 8; i++)
		key[i] = load_le32(bytes + (size_t)4 * i);
	chacha20_block(key, 1, nonce, out);
	assert_memory_equal(out, expected, sizeof(expected));
}

/* RFC 8439 appendix A.1, test vectors #1 and #2: zero key and nonce, counters 0 and 1. */
static void chacha20_blocks_of_zero(void **state)
{
	static const uint8_t first[8] = {0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90};
	static const uint8_t second[8] = {0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a};
	static const uint32_t key[8], nonce[3];
	uint8_t out[64];
	(void)state;
	chacha20_block(key, 0, nonce, out);
	assert_memory_equal(out, first, sizeof(first));
	chacha20_block(key, 1, nonce, out);
	assert_memory_equal(out, second, sizeof(second));
}

static const uint8_t seed[32] = "thirty-two bytes of unknown seed";

static void answers_only_with_enough_seed(void **state)
{
	struct csprng c;
	uint8_t out[8] = {0};
	(void)state;
	csprng_init(&c);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), ERR_NOTREADY);
	csprng_mix(&c, seed, 31, 31);
	csprng_mix(&c, "a guess", 7, 0);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), ERR_NOTREADY);
	assert_int_equal(load_le64(out), 0);
	csprng_mix(&c, seed + 31, 1, 1);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), OK);
	assert_int_not_equal(load_le64(out), 0);
}

static void the_stream_does_not_depend_on_how_it_is_read(void **state)
{
	struct csprng a, b;
	uint8_t whole[1000], parts[1000];
	(void)state;
	csprng_init(&a);
	csprng_init(&b);
	csprng_mix(&a, seed, 32, 32);
	csprng_mix(&b, seed, 32, 32);
	assert_int_equal(rng_read(&a.rng, whole, sizeof(whole)), OK);
	for (size_t at = 0, n = 1; at < sizeof(parts); at += n, n = n % 37 + 1) {
		if (n > sizeof(parts) - at)
			n = sizeof(parts) - at;
		assert_int_equal(rng_read(&b.rng, parts + at, n), OK);
	}
	assert_memory_equal(whole, parts, sizeof(whole));
}

/* The first buffer of a key, less the 32 bytes that become the next key. */
static void output_follows_the_construction(void **state)
{
	static const uint32_t nonce[3];
	struct csprng c;
	uint8_t out[300];
	uint8_t stream[256];
	uint32_t key[8];
	(void)state;
	csprng_init(&c);
	csprng_mix(&c, seed, 32, 32);
	memcpy(key, c.key, sizeof(key));
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), OK);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 4; i++)
			chacha20_block(key, i, nonce, stream + (size_t)64 * i);
		memcpy(key, stream, 32);
		assert_memory_equal(out + (size_t)224 * round, stream + 32, round == 0 ? 224 : 76);
	}
}

/* Whoever reads the memory afterwards finds nothing of what was handed out. */
static void nothing_handed_out_stays_in_memory(void **state)
{
	struct csprng c;
	uint8_t out[40];
	(void)state;
	csprng_init(&c);
	csprng_mix(&c, seed, 32, 32);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), OK);
	for (size_t i = 0; i + 8 <= sizeof(c); i++)
		assert_memory_not_equal((uint8_t *)&c + i, out, 8);
}

static void mixing_changes_what_follows(void **state)
{
	struct csprng a, b;
	uint8_t x[16], y[16];
	(void)state;
	csprng_init(&a);
	csprng_mix(&a, seed, 32, 32);
	b = a;
	csprng_mix(&b, "more", 4, 0);
	assert_int_equal(rng_read(&a.rng, x, sizeof(x)), OK);
	assert_int_equal(rng_read(&b.rng, y, sizeof(y)), OK);
	assert_memory_not_equal(x, y, sizeof(x));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chacha20_block_of_the_rfc),
		cmocka_unit_test(chacha20_blocks_of_zero),
		cmocka_unit_test(answers_only_with_enough_seed),
		cmocka_unit_test(the_stream_does_not_depend_on_how_it_is_read),
		cmocka_unit_test(output_follows_the_construction),
		cmocka_unit_test(nothing_handed_out_stays_in_memory),
		cmocka_unit_test(mixing_changes_what_follows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
