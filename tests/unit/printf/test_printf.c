/* SPDX-License-Identifier: ISC */
/*
 * The image's snprintf() against that of the build machine's C library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

int image_snprintf(char *buffer, size_t size, const char *format, ...);
int image_vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);

#define snprintf  image_snprintf
#define vsnprintf image_vsnprintf
#include "runtime/newlib/printf.c"
#undef snprintf
#undef vsnprintf

/* Formats with both, into room of every size, and compares. */
static void both(const char *format, ...)
{
	char ours[100], theirs[100];
	va_list ap;

	for (size_t room = 0; room <= sizeof(ours); room += room < 12 ? 1 : 11) {
		memset(ours, '#', sizeof(ours));
		memset(theirs, '#', sizeof(theirs));
		va_start(ap, format);
		int n = image_vsnprintf(ours, room, format, ap);
		va_end(ap);
		va_start(ap, format);
		int m = vsnprintf(theirs, room, format, ap);
		va_end(ap);
		assert_int_equal(n, m);
		assert_memory_equal(ours, theirs, sizeof(ours));
	}
}

static void integers(void **state)
{
	static const char *const flags[] = {"",   "-",  "0",  "+",  " ",  "#", "-0",
					    "+0", "-+", "#0", "-#", " 0", "+ "};
	static const char *const widths[] = {"", "1", "7", "20", ".0", ".1", ".5", "8.3", "3.8"};
	static const char conversions[] = "diuxXo";
	static const struct {
		const char *length;
		bool wide;
	} lengths[] = {{"", false},  {"h", false}, {"hh", false}, {"l", true},
		       {"ll", true}, {"j", true},  {"z", true},   {"t", true}};
	static const long long values[] = {
		0,     1,         -1,        9,         10,        255,       -128,
		65535, INT32_MAX, INT32_MIN, 1ll << 32, INT64_MAX, INT64_MIN, -1234567890123};
	char format[32];
	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(flags); f++)
		for (size_t w = 0; w < ARRAY_SIZE(widths); w++)
			for (size_t l = 0; l < ARRAY_SIZE(lengths); l++)
				for (const char *c = conversions; *c != '\0'; c++) {
					snprintf(format, sizeof(format), "<%%%s%s%s%c>", flags[f],
						 widths[w], lengths[l].length, *c);
					for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
						if (lengths[l].wide)
							both(format, values[v]);
						else
							both(format, (int)values[v]);
					}
				}
}

static void strings_and_characters(void **state)
{
	static const char unterminated[3] = {'a', 'b', 'c'};
	(void)state;
	both("%s|%10s|%-10s|%.2s|%5.1s|%.0s|", "hello", "x", "y", "cut", "long", "none");
	both("%c%3c%-3c|%%|100%%", 'a', 'b', 'c');
	both("%*d|%-*d|%*d|%.*s|%.*s", 6, 42, 6, 42, -6, 42, 2, "abcdef", -1, "all");
	both("%.3s", unterminated);
	both("no conversion at all, but a text that is longer than ten");
	both("");
}

static void addresses(void **state)
{
	(void)state;
	both("%p %18p", (void *)0x1234abcd, (void *)UINTPTR_MAX);
}

static void what_is_wrong_does_no_harm(void **state)
{
	char text[40];
	const char *volatile end_of_format = "50%", *volatile unknown = "%y %f|",
			     *volatile null = NULL;
	(void)state;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	assert_int_equal(image_snprintf(text, sizeof(text), end_of_format), 2);
	assert_string_equal(text, "50");
	image_snprintf(text, sizeof(text), unknown);
	assert_string_equal(text, "y f|");
	image_snprintf(text, sizeof(text), "%s", null);
	assert_string_equal(text, "(null)");
#pragma GCC diagnostic pop
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),
		cmocka_unit_test(strings_and_characters),
		cmocka_unit_test(addresses),
		cmocka_unit_test(what_is_wrong_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
