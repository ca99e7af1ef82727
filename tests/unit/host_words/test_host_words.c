/* SPDX-License-Identifier: ISC */
#include "boards/host/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct host_words w;

static void its_words_are_taken_and_others_kept(void **state)
{
	static const uint8_t mac[6] = {0x02, 0, 0, 0, 0xab, 1};
	(void)state;
	assert_null(host_words_parse(&w, "--port=1 --tap=tap0  --name=\"a --tap=b\" --memory=2M "
					 "--mac=02:00:00:00:aB:01 --help"));
	assert_string_equal(w.tap, "tap0");
	assert_int_equal(w.memory_bytes, 2 << 20);
	assert_true(w.has_mac && w.help);
	assert_memory_equal(w.mac, mac, 6);
	assert_string_equal(w.rest, "--port=1 --name=\"a --tap=b\" --help ");
}

static void nothing_means_the_defaults(void **state)
{
	(void)state;
	assert_null(host_words_parse(&w, NULL));
	assert_null(host_words_parse(&w, ""));
	assert_string_equal(w.tap, "");
	assert_int_equal(w.memory_bytes, 16 << 20);
	assert_false(w.has_mac || w.help);
	assert_string_equal(w.rest, "");
}

static void sizes(void **state)
{
	(void)state;
	assert_null(host_words_parse(&w, "--memory=65536"));
	assert_int_equal(w.memory_bytes, 65536);
	assert_null(host_words_parse(&w, "--memory=64k"));
	assert_int_equal(w.memory_bytes, 65536);
	assert_null(host_words_parse(&w, "--memory=1G"));
	assert_int_equal(w.memory_bytes, 1 << 30);
}

static void faults_are_explained(void **state)
{
	static const char *const bad[] = {
		"--tap=",
		"--tap=a/b",
		"--tap=a-name-of-16-chr",
		"--memory=",
		"--memory=63k",
		"--memory=1025M",
		"--memory=2G",
		"--memory=64kb",
		"--memory=-1",
		"--memory=99999999999999999999",
		"--mac=01:00:00:00:00:01",
		"--mac=02:00:00",
		"--mac=02:00:00:00:00:0g",
		"--mac=02:00:00:00:00:011",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *fault = host_words_parse(&w, bad[i]);
		assert_non_null(fault);
		assert_memory_equal(fault, bad[i], strlen(bad[i]));
	}
}

static void the_longest_arguments_fit_and_longer_are_refused(void **state)
{
	static char line[HOST_WORDS_BYTES + 1];
	(void)state;
	memset(line, 'x', HOST_WORDS_BYTES - 1);
	assert_null(host_words_parse(&w, line));
	assert_int_equal(strlen(w.rest), HOST_WORDS_BYTES); /* with a space behind it */
	line[HOST_WORDS_BYTES - 1] = 'x';
	assert_non_null(host_words_parse(&w, line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_words_are_taken_and_others_kept),
		cmocka_unit_test(nothing_means_the_defaults),
		cmocka_unit_test(sizes),
		cmocka_unit_test(faults_are_explained),
		cmocka_unit_test(the_longest_arguments_fit_and_longer_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
