/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/syslog/syslog.h"
#include "tests/fakes/udp_fake.h"

#undef assert

#define SECOND ((uint64_t)US_PER_S)
#define SERVER UINT32_C(0x0a000202)
#define UNIX   (UINT64_C(1795280799) * SECOND)

enum { LINES = 60, TX_BYTES = 512 };

static struct udp_fake net;
static struct syslog sys;
static struct syslog_line lines[LINES];
static struct wall_clock wall;
static struct syslog_config config;

static int setup(void **state)
{
	(void)state;
	udp_fake_init(&net, TX_BYTES);
	wall = (struct wall_clock){0};
	config = (struct syslog_config){.server = "10.0.2.2",
					.hostname = "web.example",
					.app_name = "fata",
					.facility = 16,
					.level = LOG_INFO};
	assert_int_equal(
		syslog_init(&sys, &config, lines, LINES, &net.udp, &net.tx, &wall, net.work), OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	udp_close(&net.udp, &sys.socket);
	udp_fake_fini(&net);
	return 0;
}

static void log_line(enum log_level level, const char *text)
{
	sys.sink.line(&sys.sink, net.now_us, level, "tcp", text, strlen(text));
}

static uint64_t poll(void)
{
	uint64_t due_us = syslog_poll(&sys, net.now_us);

	assert_true(due_us > net.now_us);
	return due_us;
}

/* The next message as a text; NULL: there is none. */
static const char *message(void)
{
	static char text[SYSLOG_MSG_BYTES_MAX + 1];
	const struct udp_fake_sent *s = udp_fake_take(&net);

	if (s == NULL)
		return NULL;
	assert_int_equal(ip_addr_v4(&s->to), SERVER);
	assert_int_equal(s->to_port, 514);
	assert_in_range(s->len, 1, SYSLOG_MSG_BYTES_MAX);
	memcpy(text, s->bytes, s->len);
	text[s->len] = '\0';
	return text;
}

static void lines_become_messages(void **state)
{
	(void)state;
	wall_clock_set(&wall, net.now_us, UNIX + 45);
	log_line(LOG_INFO, "listening at port 80");
	assert_int_equal(net.wakes, 1);
	net.now_us += 3 * SECOND; /* the time is that of the line */
	log_line(LOG_WARN, "odd");
	assert_int_equal(poll(), TIME_NEVER);
	assert_string_equal(message(), "<134>1 2026-11-21T17:06:39.000045Z web.example fata - tcp "
				       "[meta sequenceId=\"1\"] listening at port 80");
	assert_string_equal(message(), "<132>1 2026-11-21T17:06:42.000045Z web.example fata - tcp "
				       "[meta sequenceId=\"2\"] odd");
	assert_null(message());
}

static void severity_is_that_of_the_level(void **state)
{
	static const char *const begins[] = {"<131>1 ", "<132>1 ", "<134>1 ", "<135>1 "};
	(void)state;
	sys.config.level = LOG_DEBUG;
	for (unsigned level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		log_line(level, "x");
		(void)poll();
		assert_memory_equal(message(), begins[level - LOG_ERROR], 7);
	}
}

static void less_important_lines_are_left_out(void **state)
{
	(void)state;
	log_line(LOG_DEBUG, "seen on the console only");
	assert_int_equal(poll(), TIME_NEVER);
	assert_null(message());
	assert_int_equal(sys.number, 0);
}

static void what_is_unknown_is_a_hyphen(void **state)
{
	(void)state;
	sys.config.app_name = "";
	log_line(LOG_INFO, "early");
	(void)poll();
	assert_string_equal(message(),
			    "<134>1 - web.example - - tcp [meta sequenceId=\"1\"] early");
	sys.config.hostname = NULL; /* its address then */
	log_line(LOG_INFO, "x");
	(void)poll();
	assert_string_equal(message(), "<134>1 - 10.0.2.15 - - tcp [meta sequenceId=\"2\"] x");
}

/* Written when the time was not known, before the network was there. */
static void lines_wait_for_network_and_time(void **state)
{
	(void)state;
	net.now_us = 3 * SECOND;
	net.route_error = ERR_NOTREADY;
	log_line(LOG_INFO, "booting");
	uint64_t due_us = poll();
	assert_int_equal(due_us, net.now_us + SYSLOG_RETRY_US);
	net.now_us++;
	assert_int_equal(poll(), due_us); /* it does not try in between */
	assert_int_equal(sys.stats.retries, 1);
	net.now_us = due_us;
	net.route_error = OK;
	wall_clock_set(&wall, net.now_us, UNIX);
	assert_int_equal(poll(), TIME_NEVER);
	assert_non_null(strstr(message(), "1 2026-11-21T17:06:38.500000Z "));
}

static void a_full_ring_drops_and_the_numbers_show_it(void **state)
{
	(void)state;
	net.output_error = ERR_AGAIN;
	for (unsigned i = 0; i < LINES + 3; i++)
		log_line(LOG_INFO, "x");
	assert_int_equal(sys.stats.overflow, 3);
	net.output_error = OK;
	for (unsigned i = 0; i < 100; i++) {
		net.now_us += SECOND / 10;
		(void)syslog_poll(&sys, net.now_us);
	}
	assert_int_equal(sys.stats.sent, LINES);
	log_line(LOG_INFO, "after");
	(void)poll();
	for (unsigned i = 0; i < LINES; i++)
		assert_non_null(message());
	assert_non_null(strstr(message(), "\"64\"] after"));
}

static void numbers_begin_anew_at_1(void **state)
{
	(void)state;
	sys.number = SYSLOG_NUMBER_MAX - 1;
	log_line(LOG_INFO, "last");
	log_line(LOG_INFO, "first");
	(void)poll();
	assert_non_null(strstr(message(), "\"2147483647\"] last"));
	assert_non_null(strstr(message(), "\"1\"] first"));
}

static void no_more_than_so_many_a_second(void **state)
{
	(void)state;
	uint64_t begin_us = net.now_us;
	net.now_us += 100 * SECOND;
	for (unsigned i = 0; i < LINES; i++)
		log_line(LOG_INFO, "x");
	uint64_t due_us = poll();
	assert_int_equal(sys.stats.sent, SYSLOG_BURST);
	assert_int_equal(due_us - net.now_us, SECOND / SYSLOG_PER_S);
	while (due_us != TIME_NEVER) {
		net.now_us = due_us;
		due_us = poll();
	}
	assert_int_equal(net.now_us - begin_us,
			 100 * SECOND + (LINES - SYSLOG_BURST) * SECOND / SYSLOG_PER_S);
}

static void log_inside(void *arg)
{
	(void)arg;
	log_line(LOG_WARN, "made by sending");
}

static void lines_that_come_of_sending_are_not_sent(void **state)
{
	(void)state;
	net.on_output = log_inside;
	log_line(LOG_INFO, "x");
	assert_int_equal(poll(), TIME_NEVER);
	assert_int_equal(sys.stats.own, 1);
	net.output_error = ERR_AGAIN;
	log_line(LOG_INFO, "x");
	(void)poll();
	assert_int_equal(sys.stats.own, 2);
	assert_int_equal(sys.count, 1);
	net.on_output = NULL;
	log_line(LOG_INFO, "x");
	assert_int_equal(sys.count, 2);
}

static void what_can_never_be_sent_is_dropped(void **state)
{
	(void)state;
	net.output_error = ERR_INVALID;
	log_line(LOG_INFO, "x");
	assert_int_equal(poll(), TIME_NEVER);
	assert_int_equal(sys.stats.refused, 1);
}

static void answers_are_ignored(void **state)
{
	(void)state;
	udp_fake_deliver(&net, "x", 1, SERVER, 514, sys.socket.port);
	assert_null(message());
}

/* --- the message ----------------------------------------------------------------------------- */

/* The text of a message, in a buffer of just the size. */
static void assert_text(const char *text, size_t len, size_t room, const char *expected)
{
	const struct syslog_msg m = {
		.facility = 1, .level = LOG_INFO, .number = 7, .text = text, .text_bytes = len};
	static const char header[] = "<14>1 - - - - - [meta sequenceId=\"7\"] ";
	size_t max = MAX(sizeof(header) - 1 + room, (size_t)SYSLOG_HEADER_BYTES_MAX);
	char *out = malloc(max);

	room = max - (sizeof(header) - 1);
	len = syslog_emit(&m, out, max);
	assert_memory_equal(out, header, sizeof(header) - 1);
	assert_int_equal(len - (sizeof(header) - 1), strlen(expected));
	assert_memory_equal(out + sizeof(header) - 1, expected, strlen(expected));
	free(out);
}

static void controls_and_broken_characters_are_replaced(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"a\nb\r\x1b[2J\x7f\t", "a?b??[2J??"},
		{"\xc2\x85 \xc2\x9b", "? ?"}, /* C1 */
		{"Füße €5 😀", "Füße €5 😀"},
		{"\xff\xfe\xc0\x80", "????"},
		{"\xe2\x82", "??"}, /* cut short */
		{"\xe2\x82x", "??x"},
		{"\xed\xa0\x80", "???"},      /* a surrogate */
		{"\xf4\x90\x80\x80", "????"}, /* beyond Unicode */
		{"\xe0\x80\xaf", "???"},      /* longer than it need be */
		{"\xf8\x88\x80\x80\x80", "?????"},
		{"", ""},
	};
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		assert_text(cases[i].text, strlen(cases[i].text), 300, cases[i].expected);
	assert_text("a\0b", 3, 300, "a?b");
}

static void long_texts_are_cut_between_characters(void **state)
{
	char text[600], expected[600];
	const size_t room = SYSLOG_MSG_BYTES_MAX -
			    (sizeof("<14>1 - - - - - [meta sequenceId=\"7\"] ") - 1);
	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "€", 4);
		size_t fits = shift + (room - shift) / 3 * 3;
		memcpy(expected, text, fits);
		expected[fits] = '\0';
		assert_text(text, strlen(text), 1000, expected);
	}
}

static void fields_of_the_header_are_printable_and_bounded(void **state)
{
	char name[300], out[SYSLOG_MSG_BYTES_MAX], expected[SYSLOG_MSG_BYTES_MAX];
	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	struct syslog_msg m = {.facility = 23,
			       .level = LOG_DEBUG,
			       .unix_us = UNIX,
			       .hostname = name,
			       .app_name = name,
			       .msgid = name,
			       .number = SYSLOG_NUMBER_MAX,
			       .text = "",
			       .text_bytes = 0};
	assert_int_equal(syslog_emit(&m, out, SYSLOG_HEADER_BYTES_MAX), SYSLOG_HEADER_BYTES_MAX);
	m.hostname = "a b\n\x80";
	m.app_name = "\"]";
	m.msgid = "";
	m.unix_us = UINT64_MAX;
	m.number = 1;
	size_t len = syslog_emit(&m, out, sizeof(out));
	strcpy(expected, "<191>1 - a?b?? \"] - - [meta sequenceId=\"1\"] ");
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(out, expected, len);
}

static void servers_have_an_address_and_perhaps_a_port(void **state)
{
	static const struct {
		const char *text, *addr;
		uint16_t port;
	} good[] = {
		{"10.0.2.2", "10.0.2.2", 514},         {"10.0.2.2:5514", "10.0.2.2", 5514},
		{"fd00::2", "fd00::2", 514},           {"[fd00::2]", "fd00::2", 514},
		{"[fd00::2]:65535", "fd00::2", 65535}, {"::ffff:10.0.2.2", "10.0.2.2", 514},
	};
	static const char *const bad[] = {
		"",
		"10.0.2",
		"10.0.2.2:",
		"10.0.2.2:0",
		"10.0.2.2:65536",
		":514",
		"[fd00::2",
		"[fd00::2]514",
		"[fd00::2]:",
		"10.0.2.2:5x",
		"[]",
		"log.test",
		"fd00::2]",
		"[[fd00::2]]",
		"10.0.2.2:+5",
		"10.0.2.2:51400000000000",
		"[fd00:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0002]"};
	struct udp_peer peer;
	char text[INET_ADDR_CHARS];
	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(syslog_parse_server(good[i].text, &peer), OK);
		assert_string_equal(inet_format(&peer.addr, text), good[i].addr);
		assert_int_equal(peer.port, good[i].port);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(syslog_parse_server(bad[i], &peer), ERR_INVALID);
}

int main(void)
{
#define TEST(F) cmocka_unit_test_setup_teardown(F, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(lines_become_messages),
		TEST(severity_is_that_of_the_level),
		TEST(less_important_lines_are_left_out),
		TEST(what_is_unknown_is_a_hyphen),
		TEST(lines_wait_for_network_and_time),
		TEST(a_full_ring_drops_and_the_numbers_show_it),
		TEST(numbers_begin_anew_at_1),
		TEST(no_more_than_so_many_a_second),
		TEST(lines_that_come_of_sending_are_not_sent),
		TEST(what_can_never_be_sent_is_dropped),
		TEST(answers_are_ignored),
		cmocka_unit_test(controls_and_broken_characters_are_replaced),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(fields_of_the_header_are_printable_and_bounded),
		cmocka_unit_test(servers_have_an_address_and_perhaps_a_port),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
