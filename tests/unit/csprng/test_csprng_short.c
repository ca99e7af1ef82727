/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/siphash.h"
#include "runtime/random/csprng.h"

static const uint8_t seed[16] = "sixteen unknown";

static void seeded(struct csprng *c)
{
	csprng_init(c);
	csprng_mix(c, seed, sizeof(seed), sizeof(seed));
}

static void answers_only_with_enough_seed(void **state)
{
	struct csprng c;
	uint8_t out[8] = {0}, zero[8] = {0};
	(void)state;
	csprng_init(&c);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), ERR_NOTREADY);
	csprng_mix(&c, seed, 15, 15);
	csprng_mix(&c, "a guess", 7, 0);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), ERR_NOTREADY);
	assert_memory_equal(out, zero, sizeof(out));
	csprng_mix(&c, seed + 15, 1, 1);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), OK);
	assert_memory_not_equal(out, zero, sizeof(out));
}

/* The words of a counter, each under the key of the call. */
static void output_follows_the_construction(void **state)
{
	struct csprng c;
	uint8_t out[20];
	(void)state;
	seeded(&c);
	for (unsigned call = 0; call < 2; call++) {
		const struct siphash_key key = c.key;
		uint64_t expected[3];
		for (uint64_t i = 0; i < 3; i++)
			expected[i] = siphash_2_4(&key, &i, 1);
		assert_int_equal(rng_read(&c.rng, out, sizeof(out)), OK);
		assert_memory_equal(out, expected, sizeof(out));
		assert_memory_not_equal(&c.key, &key, sizeof(key));
	}
}

/* Whoever reads the memory afterwards finds nothing of what was handed out. */
static void nothing_handed_out_stays_in_memory(void **state)
{
	struct csprng c;
	uint8_t out[40];
	(void)state;
	seeded(&c);
	assert_int_equal(rng_read(&c.rng, out, sizeof(out)), OK);
	for (size_t i = 0; i + 8 <= sizeof(c); i++)
		assert_memory_not_equal((uint8_t *)&c + i, out, 8);
}

static void each_byte_of_a_seed_counts(void **state)
{
	uint8_t x[16], y[16];
	(void)state;
	for (size_t i = 0; i < 40; i++) {
		uint8_t bytes[40] = "some of forty bytes is known";
		struct csprng a, b;
		csprng_init(&a);
		csprng_init(&b);
		csprng_mix(&a, bytes, sizeof(bytes), 16);
		bytes[i] ^= 1;
		csprng_mix(&b, bytes, sizeof(bytes), 16);
		assert_int_equal(rng_read(&a.rng, x, sizeof(x)), OK);
		assert_int_equal(rng_read(&b.rng, y, sizeof(y)), OK);
		assert_memory_not_equal(x, y, sizeof(x));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_only_with_enough_seed),
		cmocka_unit_test(output_follows_the_construction),
		cmocka_unit_test(nothing_handed_out_stays_in_memory),
		cmocka_unit_test(each_byte_of_a_seed_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
