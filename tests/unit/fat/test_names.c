/* SPDX-License-Identifier: ISC */
#include "storage/fat/volume.h"
#include "tests/unit/fat/rig.h"

static size_t units_of(const char *text, uint16_t out[static FAT_NAME_UNITS_MAX])
{
	ssize_t n = fat_name_units(text, strlen(text), out);

	assert_true(n > 0);
	return (size_t)n;
}

static void test_utf8_and_back(void **state)
{
	static const char *const names[] = {"a",
					    "read me.txt",
					    "\xc3\xa4\xc3\xb6.txt",
					    "\xe6\x97\xa5\xe6\x9c\xac",
					    "\xf0\x9f\x98\x80.png",
					    "\xef\xbf\xbd",
					    "\xf4\x8f\xbf\xbf"};
	uint16_t units[FAT_NAME_UNITS_MAX];
	char text[KV_KEY_BYTES_MAX + 1];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = units_of(names[i], units);

		assert_int_equal(fat_name_text(units, n, text, sizeof(text)), strlen(names[i]));
		assert_string_equal(text, names[i]);
	}
	assert_int_equal(units_of("\xf0\x9f\x98\x80", units), 2);
	assert_int_equal(units[0], 0xd83d);
	assert_int_equal(units[1], 0xde00);
}

static void test_what_is_no_name(void **state)
{
	static const char *const names[] = {"",
					    "a.",
					    "a ",
					    "a*b",
					    "a:b",
					    "a\x01",
					    "a\\b",
					    "\xff",
					    "\xc0\xaf",
					    "\xed\xa0\x80",
					    "\xe0\x80\x80",
					    "\xc3",
					    "\xf5\x80\x80\x80",
					    "\xf0\x80\x80\x80",
					    "\xf4\x90\x80\x80",
					    "a\x80"};
	uint16_t units[FAT_NAME_UNITS_MAX];
	char long_name[300];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		assert_true(fat_name_units(names[i], strlen(names[i]), units) < 0);
	memset(long_name, 'x', sizeof(long_name));
	assert_int_equal(fat_name_units(long_name, 255, units), 255);
	assert_true(fat_name_units(long_name, 256, units) < 0);
	assert_true(fat_name_units("\0", 1, units) < 0);
}

static void test_half_a_pair_is_no_text(void **state)
{
	static const uint16_t halves[][3] = {
		{'a', 0xd83d, 'b'}, {'a', 0xde00, 'b'}, {0xde00, 0xd83d, 'a'}, {'a', 'b', 0xd83d}};
	char text[20];

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(halves); i++)
		assert_int_equal(fat_name_text(halves[i], 3, text, sizeof(text)), 0);
	assert_int_equal(fat_name_text((const uint16_t[]){'a', 'b', 'c'}, 3, text, 3), 0);
	assert_int_equal(fat_name_text((const uint16_t[]){'a', 'b', 'c'}, 3, text, 4), 3);
}

static void test_case(void **state)
{
	uint16_t a[FAT_NAME_UNITS_MAX], b[FAT_NAME_UNITS_MAX];
	static const char *const same[][2] = {{"ReadMe", "rEADmE"},
					      {"\xc3\x84\xc3\xa9", "\xc3\xa4\xc3\x89"},
					      {"\xce\xb1\xcf\x89", "\xce\x91\xce\xa9"},
					      {"\xd0\xbf\xd1\x91", "\xd0\x9f\xd0\x81"}};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(same); i++) {
		size_t n = units_of(same[i][0], a);

		assert_int_equal(units_of(same[i][1], b), n);
		assert_true(fat_names_match(a, b, n));
		assert_int_equal(fat_name_bit(a, n), fat_name_bit(b, n));
	}
	units_of("\xc3\xb7", a);
	units_of("\xc3\x97", b); /* the signs of division and multiplication are no letters */
	assert_false(fat_names_match(a, b, 1));
}

struct short_case {
	const char *name, *expected;
	bool alone, fits;
	uint8_t letter_case;
};

static void test_short_names(void **state)
{
	static const struct short_case cases[] = {
		{"README.TXT", "README  TXT", true, true, 0},
		{"readme.txt", "README  TXT", true, true, 0x18},
		{"readme.TXT", "README  TXT", true, true, 0x08},
		{"MAKE.txt", "MAKE    TXT", true, true, 0x10},
		{"ReadMe.txt", "README  TXT", false, true, 0},
		{"index.html", "INDEX   HTM", false, false, 0},
		{"noextension", "NOEXTENS   ", false, false, 0},
		{".profile", "PROFILE    ", false, false, 0},
		{"a.tar.gz", "ATAR    GZ ", false, false, 0},
		{"a b.txt", "AB      TXT", false, false, 0},
		{"a+b", "A_B        ", false, false, 0},
		{"\xc3\xa4.txt", "_       TXT", false, false, 0},
		{"...a", "_       A  ", false, false, 0},
	};
	uint16_t units[FAT_NAME_UNITS_MAX];
	uint8_t name[12] = {0}, letter_case;
	bool fits;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t n = units_of(cases[i].name, units);
		bool alone = fat_short_name(units, n, name, &letter_case, &fits);

		assert_string_equal((char *)name, cases[i].expected);
		assert_int_equal(alone, cases[i].alone);
		assert_int_equal(fits, cases[i].fits);
		assert_int_equal(letter_case, cases[i].letter_case);
	}
}

static void test_numbers_of_short_names(void **state)
{
	uint16_t units[FAT_NAME_UNITS_MAX];
	size_t n = units_of("a long name.text", units);
	uint8_t out[12] = {0}, other[12] = {0};

	(void)state;
	fat_short_number(units, n, (const uint8_t *)"ALONGNAMTEX", 0, 3, out);
	assert_string_equal((char *)out, "ALONGN~3TEX");
	fat_short_number(units, n, (const uint8_t *)"AB      TEX", 0, 1, out);
	assert_string_equal((char *)out, "AB~1    TEX");
	fat_short_number(units, n, (const uint8_t *)"ALONGNAMTEX", 1, 9, out);
	assert_memory_equal(out, "AL", 2);
	assert_memory_equal(&out[6], "~9TEX", 5);
	fat_short_number(units, n, (const uint8_t *)"ALONGNAMTEX", 2, 9, other);
	assert_string_not_equal((char *)out, (char *)other);
}

static void test_dates(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	(void)state;
	/* 2026-11-22 10:11:12 UTC */
	assert_int_equal(fat_date(1795342272),
			 (46u << 9 | 11 << 5 | 22) << 16 | 10 << 11 | 11 << 5 | 6);
	for (uint64_t s = 347155200; s < UINT64_C(4354819199); s += 98765432)
		assert_int_equal(fat_date_unix(fat_date(s)), s & ~UINT64_C(1));
	assert_int_equal(fat_date_unix(fat_date(0)), 0);
	assert_int_equal(fat_date(UINT64_MAX), fat_date(UINT64_C(4354819199)));
	assert_int_equal(fat_date_unix(0xffffffff), 0);
	rig_make(r, &shapes[0], 8);
	uint32_t before = fat_date_now(&r->v, 0);
	for (unsigned i = 0; i < 100000; i++) {
		uint32_t now = fat_date_now(&r->v, before);

		assert_true(now > before);
		before = now;
	}
	assert_in_range(fat_date_unix(before), r->now_s + 199998, r->now_s + 200002);
	r->now_s = 0; /* nobody knows: changes are counted in 1980 */
	before = fat_date_now(&r->v, 0);
	for (unsigned i = 0; i < 100000; i++) {
		uint32_t now = fat_date_now(&r->v, before);

		assert_true(now > before);
		before = now;
	}
	assert_int_equal(fat_date_unix(before), 0);
	rig_free(r);
	free(r);
}

const struct CMUnitTest names_tests[] = {
	cmocka_unit_test(test_utf8_and_back),
	cmocka_unit_test(test_what_is_no_name),
	cmocka_unit_test(test_half_a_pair_is_no_text),
	cmocka_unit_test(test_case),
	cmocka_unit_test(test_short_names),
	cmocka_unit_test(test_numbers_of_short_names),
	cmocka_unit_test(test_dates),
};
const size_t names_count = ARRAY_SIZE(names_tests);
