/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/checksum.h"
#include "base/crc32c.h"
#include "base/cursor.h"
#include "base/inet.h"
#include "base/list.h"
#include "base/pkt.h"
#include "tests/fakes/crc32c.h"

static void cursor_fails_for_good(void **state)
{
	(void)state;
	const uint8_t bytes[] = {1, 2, 3};
	struct cursor c = cursor_over(bytes, sizeof(bytes));
	assert_int_equal(cursor_be16(&c), 0x0102);
	assert_int_equal(cursor_be16(&c), 0);
	assert_false(cursor_ok(&c));
	assert_int_equal(cursor_u8(&c), 0); /* one byte is left, but the cursor has failed */
	assert_null(cursor_bytes(&c, 0));
}

static void checksum_of_rfc1071_example(void **state)
{
	(void)state;
	const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
	uint8_t field[2];
	csum_store(field, csum_partial(csum_add(0, bytes, sizeof(bytes))));
	assert_int_equal(field[0], 0xdd);
	assert_int_equal(field[1], 0xf2);
}

static uint16_t checksum_word_by_word(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (i & 1) != 0 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void checksum_of_any_length_and_split(void **state)
{
	(void)state;
	uint8_t bytes[131], field[2];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 73 + 255);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		for (size_t cut = 0; cut <= n; cut++) {
			uint32_t sum = csum_add(0, bytes, cut);
			if ((cut & 1) != 0)
				sum = csum_add_odd(sum, bytes + cut, n - cut);
			else
				sum = csum_add(sum, bytes + cut, n - cut);
			csum_store(field, csum_fold(sum));
			assert_int_equal(load_be16(field), checksum_word_by_word(bytes, n));
		}
	}
}

/* Also where each addition carries, and where the bytes begin anywhere. */
static void checksum_of_any_alignment(void **state)
{
	(void)state;
	static const uint8_t fill[] = {0x00, 0x01, 0x80, 0xfe, 0xff};
	uint8_t bytes[216], field[2];
	for (size_t f = 0; f <= sizeof(fill); f++) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = f < sizeof(fill) ? fill[f] : (uint8_t)(i * i * 31 + i);
		for (size_t start = 0; start < 16; start++) {
			for (size_t n = 0; n <= 200; n++) {
				csum_store(field, csum_fold(csum_add(0, bytes + start, n)));
				assert_int_equal(load_be16(field),
						 checksum_word_by_word(bytes + start, n));
			}
		}
	}
}

/* What was summed before counts in full, and the order does not matter. */
static void checksum_carries_the_sum_before(void **state)
{
	(void)state;
	static const uint32_t before[] = {1, 0xffff, 0x10000, 0xfffeffff, UINT32_MAX};
	uint8_t bytes[136];
	memset(bytes, 0xff, sizeof(bytes));
	bytes[1] = 0x12;
	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		uint32_t word = before[i];
		for (size_t n = 0; n <= sizeof(bytes); n += 2) {
			uint32_t sum = csum_add(csum_add(0, bytes, n), &word, sizeof(word));
			assert_int_equal(csum_fold(csum_add(word, bytes, n)), csum_fold(sum));
		}
	}
}

static void crc32c_is_that_of_the_standard(void **state)
{
	(void)state;
	const uint8_t zeros[32] = {0};
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(crc32c(0, zeros, 32), 0x8a9136aa); /* RFC 3720 appendix B.4 */
}

/* Tests with stores have it by tables. */
static void crc32c_is_the_same_by_tables(void **state)
{
	(void)state;
	uint8_t bytes[40];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * i * 37 + 11 * i + 5);
	for (size_t from = 0; from <= sizeof(bytes); from++) {
		for (size_t len = 0; len <= sizeof(bytes) - from; len++)
			assert_int_equal(crc32c(7 * (uint32_t)len, bytes + from, len),
					 crc32c_by_tables(7 * (uint32_t)len, bytes + from, len));
	}
}

static void addresses_parse_and_print(void **state)
{
	(void)state;
	static const char *const bad[] = {"",         "1.2.3",    "1.2.3.4.5", "256.1.1.1",
					  "01.2.3.4", "1.2.3.4 ", "1.2.3.-4",  "1..2.3",
					  "a.b.c.d",  "1.2.3.4/"};
	uint32_t v4;
	struct ipv4_prefix p;
	char text[INET_ADDR_CHARS];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(inet_parse_v4(bad[i], &v4), ERR_INVALID);
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15/33", &p), ERR_RANGE);
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15/24x", &p), ERR_INVALID);
	assert_int_equal(inet_parse_v4_prefix("10.0.2.15/24", &p), OK);
	assert_int_equal(p.addr, 0x0a00020f);
	assert_int_equal(ipv4_prefix_mask(p), 0xffffff00);

	struct ip_addr a = ip_addr_from_v4(0xc0a80001);
	assert_string_equal(inet_format(&a, text), "192.168.0.1");
	static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	memcpy(&a, v6, sizeof(a));
	assert_string_equal(inet_format(&a, text), "2001:db8::1");
	memset(&a, 0, sizeof(a));
	assert_string_equal(inet_format(&a, text), "::");
	memset(&a, 0xff, sizeof(a));
	assert_string_equal(inet_format(&a, text), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

static _Alignas(CACHE_LINE_BYTES) uint8_t pool_memory[PKT_POOL_BYTES(3, 256)];

static void packets_push_pull_and_pieces(void **state)
{
	(void)state;
	struct pkt_pool pool;
	pkt_pool_init(&pool, pool_memory, 3, 256);

	struct pkt *payload = pkt_alloc(&pool, 0);
	memset(pkt_append(payload, 100), 'x', 100);
	struct pkt *p = pkt_alloc(&pool, PKT_HEADROOM);
	memcpy(pkt_push(p, 4), "head", 4);
	assert_true(pkt_add_piece(p, pkt_slice(payload, 0)));
	assert_true(pkt_add_piece(p, SLICE_STATIC("tail", 4)));
	assert_int_equal(pkt_bytes(p), 108);

	pkt_put(payload); /* p still holds it */
	assert_int_equal(pool_available(&pool.pool), 1);
	pkt_trim(p, 50);
	assert_int_equal(pkt_bytes(p), 50);
	assert_int_equal(p->n_pieces, 1);
	pkt_trim(p, 4);
	assert_int_equal(p->n_pieces, 0);
	assert_int_equal(pool_available(&pool.pool), 2);
	expect_assert_failure(pkt_pull(p, 5));
	expect_assert_failure((void)pkt_push(p, PKT_HEADROOM));
	pkt_put(p);
	assert_int_equal(pool_available(&pool.pool), 3);
}

/* A run of three packets of 100 bytes, and one of two pieces in its middle. */
static struct pkt *make_run(struct pkt_pool *pool, const uint8_t *bytes)
{
	struct pkt *first = NULL, *last = NULL;
	for (unsigned i = 0; i < 3; i++) {
		struct pkt *p = pkt_alloc(pool, 0);
		uint32_t n = i == 1 ? 40 : 100;
		memcpy(pkt_append(p, n), bytes + i * 100, n);
		if (i == 1) {
			assert_true(pkt_add_piece(p, SLICE_STATIC(bytes + 140, 25)));
			assert_true(pkt_add_piece(p, SLICE_STATIC(bytes + 165, 35)));
		}
		if (first == NULL)
			first = p;
		else
			pkt_extend_run(first, last, p);
		last = p;
	}
	return first;
}

static void a_message_has_room_for_all_of_it(void **state)
{
	static ALIGNED(CACHE_LINE_BYTES) uint8_t memory[PKT_POOL_BYTES(1, 192)];
	struct pkt_pool pool;
	(void)state;
	pkt_pool_init(&pool, memory, 1, 192);
	assert_null(pkt_alloc_message(&pool, 192 - PKT_HEADROOM + 1));
	struct pkt *p = pkt_alloc_message(&pool, 192 - PKT_HEADROOM);
	assert_non_null(p);
	assert_int_equal(pkt_headroom(p), PKT_HEADROOM);
	assert_int_equal(pkt_tailroom(p), 192 - PKT_HEADROOM);
	assert_null(pkt_alloc_message(&pool, 0));
	pkt_put(p);
}

static void runs_are_counted_cut_and_freed(void **state)
{
	(void)state;
	struct pkt_pool pool;
	uint8_t bytes[300];
	pkt_pool_init(&pool, pool_memory, 3, 256);
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37);
	for (unsigned len = 0; len <= 301; len++) {
		struct pkt *p = make_run(&pool, bytes);
		assert_int_equal(pkt_bytes(p), 300);
		pkt_trim(p, len);
		assert_int_equal(pkt_bytes(p), MIN(len, 300u));
		assert_int_equal(csum_fold(pkt_csum(7, p)),
				 csum_fold(csum_add(7, bytes, MIN(len, 300u))));
		/* Packets beyond the cut are free; the first always stays. */
		assert_int_equal(pool_available(&pool.pool), len <= 100 ? 2 : len <= 200);
		pkt_put(p);
		assert_int_equal(pool_available(&pool.pool), 3);
	}
	struct pkt *p = make_run(&pool, bytes), *rest = pkt_split_run(p);
	assert_int_equal(pkt_bytes(p), 100);
	pkt_put(p);
	assert_int_equal(pkt_bytes(rest), 200);
	assert_int_equal(rest->rest_bytes - pkt_piece_bytes(rest), 100);
	ref_get(&rest->more->ref); /* somebody keeps what lies in the middle of a run */
	p = rest->more;
	pkt_put(rest);
	assert_int_equal(pool_available(&pool.pool), 2);
	assert_memory_equal(p->data, bytes + 200, 100);
	pkt_put(p);
	assert_int_equal(pool_available(&pool.pool), 3);
}

static void pools_run_out_and_refuse_strangers(void **state)
{
	(void)state;
	static void *objects[2][2];
	struct pool pool;
	int stranger[4];
	pool_init(&pool, objects, sizeof(objects[0]), 2);
	void *a = pool_get(&pool), *b = pool_get(&pool);
	assert_non_null(a);
	assert_non_null(b);
	assert_null(pool_get(&pool));
	assert_int_equal(pool.exhausted, 1);
	expect_assert_failure(pool_put(&pool, stranger));
	expect_assert_failure(pool_put(&pool, (char *)a + 1));
	pool_put(&pool, a);
	pool_put(&pool, b);
	assert_int_equal(pool.touched, 2);
	expect_assert_failure(pool_put(&pool, b));
}

static void lists_keep_order(void **state)
{
	(void)state;
	struct list l = LIST_INIT(l), other, a, b, c;
	list_init(&a);
	list_remove(&a); /* unlinked: no effect */
	list_push_back(&l, &b);
	list_push_front(&l, &a);
	list_push_back(&l, &c);
	list_remove(&b);
	list_take(&other, &l);
	assert_true(list_empty(&l));
	assert_ptr_equal(list_pop_front(&other), &a);
	assert_ptr_equal(list_pop_front(&other), &c);
	assert_null(list_pop_front(&other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cursor_fails_for_good),
		cmocka_unit_test(checksum_of_rfc1071_example),
		cmocka_unit_test(checksum_of_any_length_and_split),
		cmocka_unit_test(checksum_of_any_alignment),
		cmocka_unit_test(checksum_carries_the_sum_before),
		cmocka_unit_test(crc32c_is_that_of_the_standard),
		cmocka_unit_test(crc32c_is_the_same_by_tables),
		cmocka_unit_test(addresses_parse_and_print),
		cmocka_unit_test(packets_push_pull_and_pieces),
		cmocka_unit_test(a_message_has_room_for_all_of_it),
		cmocka_unit_test(runs_are_counted_cut_and_freed),
		cmocka_unit_test(pools_run_out_and_refuse_strangers),
		cmocka_unit_test(lists_keep_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
