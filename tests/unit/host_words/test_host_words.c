/* SPDX-License-Identifier: ISC */
#include "boards/soc/linux/words.h"

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
	assert_int_equal(w.n_taps, 1);
	assert_string_equal(w.tap[0], "tap0");
	assert_int_equal(w.memory_bytes, 2 << 20);
	assert_true(w.help);
	assert_int_equal(w.n_macs, 1);
	assert_memory_equal(w.mac[0], mac, 6);
	assert_string_equal(w.rest, "--port=1 --name=\"a --tap=b\" --help ");
}

static void nothing_means_the_defaults(void **state)
{
	(void)state;
	assert_null(host_words_parse(&w, NULL));
	assert_null(host_words_parse(&w, ""));
	assert_int_equal(w.n_taps, 0);
	assert_int_equal(w.n_macs, 0);
	assert_int_equal(w.memory_bytes, 16 << 20);
	assert_false(w.help);
	assert_string_equal(w.rest, "");
}

static void interfaces_are_counted_in_their_order(void **state)
{
	static const uint8_t macs[3][6] = {
		{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 3}};
	(void)state;
	assert_null(host_words_parse(&w, "--tap=b,a --mac=02:00:00:00:00:01 --tap=c "
					 "--mac=02:00:00:00:00:02,02:00:00:00:00:03"));
	assert_int_equal(w.n_taps, 3);
	assert_string_equal(w.tap[0], "b");
	assert_string_equal(w.tap[1], "a");
	assert_string_equal(w.tap[2], "c");
	assert_int_equal(w.n_macs, 3);
	assert_memory_equal(w.mac, macs, sizeof(macs));
}

#define NAMES_7                                                                                    \
	"a-name-of-15-c0,a-name-of-15-c1,a-name-of-15-c2,a-name-of-15-c3,"                         \
	"a-name-of-15-c4,a-name-of-15-c5,a-name-of-15-c6"
#define MAC    "02:00:00:00:00:01"
#define MACS_8 MAC "," MAC "," MAC "," MAC "," MAC "," MAC "," MAC "," MAC

static void eight_of_the_longest_fit(void **state)
{
	(void)state;
	assert_null(host_words_parse(&w, "--tap=" NAMES_7 ",a-name-of-15-c7 --mac=" MACS_8));
	assert_int_equal(w.n_taps, 8);
	assert_string_equal(w.tap[7], "a-name-of-15-c7");
	assert_int_equal(w.n_macs, 8);
	assert_non_null(host_words_parse(&w, "--tap=" NAMES_7 " --tap=x,y"));
	assert_non_null(host_words_parse(&w, "--mac=" MACS_8 " --mac=" MAC));
	assert_non_null(host_words_parse(&w, "--tap=" NAMES_7 ",a-name-of-15-c7,tap0,tap1,tap2"));
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

static void disks_are_files(void **state)
{
	(void)state;
	assert_null(host_words_parse(&w, "--disk=/tmp/a.img --x --disk=b,c.img"));
	assert_int_equal(w.n_disks, 2);
	assert_string_equal(w.disk[0], "/tmp/a.img");
	assert_string_equal(w.disk[1], "b,c.img");
	assert_non_null(host_words_parse(&w, "--disk="));
	assert_non_null(host_words_parse(&w, "--disk=a --disk=b --disk=c --disk=d --disk=e"));
}

static void faults_are_explained(void **state)
{
	static const char *const bad[] = {
		"--tap=",
		"--tap=a/b",
		"--tap=a-name-of-16-chr",
		"--tap=a,",
		"--tap=,a",
		"--tap=a,b,a",
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
		"--mac=02:00:00:00:00:01,",
		"--mac=02:00:00:00:00:01,01:00:00:00:00",
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
		cmocka_unit_test(interfaces_are_counted_in_their_order),
		cmocka_unit_test(eight_of_the_longest_fit),
		cmocka_unit_test(sizes),
		cmocka_unit_test(disks_are_files),
		cmocka_unit_test(faults_are_explained),
		cmocka_unit_test(the_longest_arguments_fit_and_longer_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
