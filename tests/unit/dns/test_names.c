/* SPDX-License-Identifier: ISC */
/* Names as text and in messages. */
#include "tests/unit/dns/rig.h"

#include "net/dns/dns_name.h"

static void text_becomes_labels(void **state)
{
	(void)state;
	struct dns_name name;
	assert_int_equal(dns_name_from_text(&name, "Www.Ex-1.test"), OK);
	assert_int_equal(name.len, 15);
	assert_memory_equal(name.bytes, "\3www\4ex-1\4test", 15);
	assert_int_equal(dns_name_from_text(&name, "_dns.resolver.arpa."), OK);
	assert_memory_equal(name.bytes, "\4_dns\10resolver\4arpa", 20);
	assert_int_equal(dns_name_from_text(&name, "x"), OK);
	assert_int_equal(name.len, 3);
}

static void wrong_text_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"",         ".",    "..",    "a..b", ".a",
					    "a..",      "a b",  "a/b",   "a@b",  "a\n",
					    "\xc3\xa4", "a:80", "a.b c", "*.a"};
	struct dns_name name;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(dns_name_from_text(&name, wrong[i]), ERR_INVALID);
}

/* `labels` labels of `len` letters, then one of `rest`. */
static char *text_of(unsigned labels, unsigned len, unsigned rest)
{
	static char text[512];
	char *at = text;
	for (unsigned i = 0; i < labels; i++) {
		memset(at, 'a', len);
		at += len;
		*at++ = '.';
	}
	memset(at, 'b', rest);
	at[rest] = '\0';
	return text;
}

static void limits_of_length(void **state)
{
	(void)state;
	struct dns_name name;
	assert_int_equal(dns_name_from_text(&name, text_of(1, 63, 63)), OK);
	assert_int_equal(dns_name_from_text(&name, text_of(1, 64, 1)), ERR_INVALID);
	assert_int_equal(dns_name_from_text(&name, text_of(1, 1, 64)), ERR_INVALID);
	assert_int_equal(strlen(text_of(3, 63, 61)), 253);
	assert_int_equal(dns_name_from_text(&name, text_of(3, 63, 61)), OK);
	assert_int_equal(name.len, DNS_NAME_BYTES_MAX);
	assert_int_equal(dns_name_from_text(&name, text_of(3, 63, 62)), ERR_INVALID);
	assert_int_equal(dns_name_from_text(&name, text_of(126, 1, 1)), OK);
	assert_int_equal(dns_name_from_text(&name, text_of(127, 1, 1)), ERR_INVALID);
}

/* Reads a name at `at` of bytes that end where the heap block does. */
static enum err read_at(struct dns_name *name, const void *bytes, size_t len, size_t *at)
{
	uint8_t *copy = malloc(len);
	memcpy(copy, bytes, len);
	struct dns_reader r = {.msg = copy, .len = len, .at = *at};
	enum err e = dns_name_read(name, &r);
	*at = r.at;
	free(copy);
	return e;
}

static void pointers_are_followed(void **state)
{
	(void)state;
	static const uint8_t msg[] = "\1x\4test\0\3www\300\2\1a\300\10\300\22";
	struct dns_name name, expected;
	size_t at = 8;
	assert_int_equal(read_at(&name, msg, sizeof(msg) - 1, &at), OK);
	assert_int_equal(at, 14);
	assert_int_equal(dns_name_from_text(&expected, "www.test"), OK);
	assert_true(dns_name_equal(&name, &expected));
	assert_int_equal(read_at(&name, msg, sizeof(msg) - 1, &at), OK);
	assert_int_equal(at, 18);
	assert_int_equal(dns_name_from_text(&expected, "A.WWW.test"), OK);
	assert_true(dns_name_equal(&name, &expected));
	assert_int_equal(read_at(&name, msg, sizeof(msg) - 1, &at), ERR_INVALID); /* to itself */
}

static void wrong_names_in_messages(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len, at;
	} wrong[] = {
		{"", 0, 0},             /* nothing */
		{"\0", 1, 1},           /* behind the end */
		{"\3ab", 3, 0},         /* a label over the end */
		{"\3abc", 4, 0},        /* no end */
		{"\300", 1, 0},         /* half a pointer */
		{"\1a\300", 3, 0},      /* the same behind a label */
		{"\300\0", 2, 0},       /* to itself */
		{"\1a\300\0", 4, 0},    /* to its own beginning */
		{"\300\2\1a\0", 5, 0},  /* forward */
		{"\300\2\300\0", 4, 2}, /* a loop of two */
		{"\0\377\377", 3, 1},   /* over the end */
		{"\100a\0", 3, 0},      /* kinds of label that are not */
		{"\200a\0", 3, 0},
	};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct dns_name name;
		size_t at = wrong[i].at;
		assert_int_equal(read_at(&name, wrong[i].bytes, wrong[i].len, &at), ERR_INVALID);
	}
}

static void expansion_is_bounded(void **state)
{
	(void)state;
	uint8_t msg[600];
	struct dns_name name;
	memset(msg, 'a', sizeof(msg));
	for (size_t at = 0; at < 256; at += 64)
		msg[at] = 63; /* 256 bytes of labels, and no end */
	msg[256] = 0;
	size_t at = 0;
	assert_int_equal(read_at(&name, msg, sizeof(msg), &at), ERR_INVALID);
	at = 64;
	assert_int_equal(read_at(&name, msg, sizeof(msg), &at), OK);
	assert_int_equal(at, 257);
	/* Pointers to pointers. */
	for (uint16_t i = 0; i < 20; i++)
		store_be16(msg + 258 + 2 * i, (uint16_t)(0xc000 | (i == 0 ? 256 : 256 + 2 * i)));
	at = 258 + 2 * 15;
	assert_int_equal(read_at(&name, msg, sizeof(msg), &at), OK);
	assert_int_equal(name.len, 1);
	at = 258 + 2 * 16;
	assert_int_equal(read_at(&name, msg, sizeof(msg), &at), ERR_INVALID);
}

static void localhost_is_known(void **state)
{
	(void)state;
	static const char *const yes[] = {"localhost", "LocalHost.", "a.b.localhost"};
	static const char *const no[] = {"localhost.test", "xlocalhost", "local", "a.alocalhost"};
	struct dns_name name;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		assert_int_equal(dns_name_from_text(&name, yes[i]), OK);
		assert_true(dns_name_is_localhost(&name));
	}
	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		assert_int_equal(dns_name_from_text(&name, no[i]), OK);
		assert_false(dns_name_is_localhost(&name));
	}
}

int run_names(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_labels),     cmocka_unit_test(wrong_text_is_refused),
		cmocka_unit_test(limits_of_length),        cmocka_unit_test(pointers_are_followed),
		cmocka_unit_test(wrong_names_in_messages), cmocka_unit_test(expansion_is_bounded),
		cmocka_unit_test(localhost_is_known),
	};
	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
