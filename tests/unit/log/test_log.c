/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fakes/console.h"

/* The fakes that every test links have those of that name. */
#define log_write       real_log_write
#define log_write_brief real_log_write_brief
#include "runtime/log.c"

const bool boot_arguments = true;

static uint64_t fake_now_us;

uint64_t time_now_us(void)
{
	return fake_now_us;
}

bool time_runs(void)
{
	return fake_now_us != 0;
}

static int start_over(void **state)
{
	(void)state;
	rules = NULL;
	sinks = NULL;
	fake_now_us = 12345;
	fake_console_clear();
	return 0;
}

static void lines_are_aligned_and_marked_in_words(void **state)
{
	(void)state;
	log_write(LOG_INFO, "tcp", "port %d", 80);
	log_write(LOG_WARN, "net0", "link lost");
	fake_now_us = 99999999999;
	log_write(LOG_ERROR, "dhcp", "no address");
	assert_string_equal(fake_console_text, "[    0.012] tcp: port 80\r\n"
					       "[    0.012] net0: warning: link lost\r\n"
					       "[99999.999] dhcp: error: no address\r\n");
}

static void without_a_timer_lines_have_no_time(void **state)
{
	(void)state;
	fake_now_us = 0;
	log_write(LOG_WARN, "virtio-rng", "no random bytes: %s", "timeout");
	assert_string_equal(fake_console_text, "virtio-rng: warning: no random bytes: timeout\r\n");
}

static void levels_are_by_module(void **state)
{
	(void)state;
	assert_true(log_shows(LOG_INFO, "tcp"));
	assert_false(log_shows(LOG_DEBUG, "tcp"));
	assert_int_equal(log_configure("tcp:debug,*:warn"), OK);
	assert_true(log_shows(LOG_DEBUG, "tcp"));
	assert_true(log_shows(LOG_WARN, "ip"));
	assert_false(log_shows(LOG_INFO, "ip"));
	assert_false(log_shows(LOG_INFO, "tcp2"));
	assert_int_equal(log_configure("debug"), OK);
	assert_true(log_shows(LOG_DEBUG, "ip"));
	assert_int_equal(log_configure("a:off,b:off,c:off,d:off,e:off,f:off,g:off,h:off,i:off"),
			 OK);
	assert_false(log_shows(LOG_ERROR, "i"));
	assert_true(log_shows(LOG_INFO, "j"));
	assert_int_equal(log_configure("*:debug,tcp:off"), OK);
	assert_false(log_shows(LOG_ERROR, "tcp"));
	log_write(LOG_ERROR, "tcp", "unseen");
	assert_int_equal(fake_console_len, 0);
}

static void bad_configurations_change_nothing(void **state)
{
	static const char *const bad[] = {
		"",     "loud",       "tcp",    "tcp:loud",         ":debug",
		"tcp:", "tcp:debug,", ",debug", "tcp:debug;*:info", "a-name-of-sixteen:debug"};
	(void)state;
	assert_int_equal(log_configure("tcp:debug"), OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(log_configure(bad[i]), ERR_INVALID);
	assert_true(log_shows(LOG_DEBUG, "tcp"));
}

static void long_lines_are_cut_and_marked(void **state)
{
	char text[400];
	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_write(LOG_INFO, "tcp", "%s", text);
	assert_int_equal(fake_console_len, CONSOLE_LINE_BYTES - 1 + 2);
	assert_string_equal(fake_console_text + CONSOLE_LINE_BYTES - 1 - 3, "…\r\n");
}

static void a_character_is_not_cut_in_two(void **state)
{
	char text[400];
	(void)state;
	for (unsigned shift = 0; shift < 3; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "€", 4);
		fake_console_clear();
		log_write(LOG_INFO, "tcp", "%s", text);
		size_t len = fake_console_len - 2;
		assert_in_range(len, CONSOLE_LINE_BYTES - 3, CONSOLE_LINE_BYTES - 1);
		assert_memory_equal(fake_console_text + len - 6, "€…", 6);
	}
}

static void a_message_stays_one_line(void **state)
{
	(void)state;
	log_write(LOG_INFO, "http", "GET /%s", "\x1b[2J\nforged: line\r\x7f");
	assert_string_equal(fake_console_text, "[    0.012] http: GET /?[2J?forged: line??\r\n");
}

static struct {
	unsigned lines;
	uint64_t now_us;
	enum log_level level;
	char module[16], text[CONSOLE_LINE_BYTES];
} sunk;

static void sink_line(struct log_sink *sink, uint64_t now_us, enum log_level level,
		      const char *module, const char *text, size_t len)
{
	(void)sink;
	sunk.lines++;
	sunk.now_us = now_us;
	sunk.level = level;
	strcpy(sunk.module, module);
	memcpy(sunk.text, text, len);
	sunk.text[len] = '\0';
}

static void sinks_get_what_is_shown(void **state)
{
	static struct log_sink one = {.line = sink_line}, two = {.line = sink_line};
	(void)state;
	log_add_sink(&one);
	log_add_sink(&two);
	log_write(LOG_WARN, "net0", "link %s\n", "lost");
	assert_int_equal(sunk.lines, 2);
	assert_int_equal(sunk.now_us, fake_now_us);
	assert_int_equal(sunk.level, LOG_WARN);
	assert_string_equal(sunk.module, "net0");
	assert_string_equal(sunk.text, "link lost?");
	assert_string_equal(fake_console_text, "[    0.012] net0: warning: link lost?\r\n");
	log_write(LOG_DEBUG, "net0", "unseen");
	assert_int_equal(sunk.lines, 2);
}

static void a_brief_log_has_lines_without_time_and_level(void **state)
{
	(void)state;
	log_write_brief("dhcp", "net0", "10.0.2.15");
	assert_string_equal(fake_console_text, "dhcp: net0: 10.0.2.15\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines_are_aligned_and_marked_in_words, start_over),
		cmocka_unit_test_setup(without_a_timer_lines_have_no_time, start_over),
		cmocka_unit_test_setup(levels_are_by_module, start_over),
		cmocka_unit_test_setup(bad_configurations_change_nothing, start_over),
		cmocka_unit_test_setup(long_lines_are_cut_and_marked, start_over),
		cmocka_unit_test_setup(a_character_is_not_cut_in_two, start_over),
		cmocka_unit_test_setup(a_message_stays_one_line, start_over),
		cmocka_unit_test_setup(sinks_get_what_is_shown, start_over),
		cmocka_unit_test_setup(a_brief_log_has_lines_without_time_and_level, start_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
