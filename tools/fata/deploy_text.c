/* SPDX-License-Identifier: ISC */
#include "tools/fata/deploy_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/fata/fata.h"

void text_free(struct text *t)
{
	free(t->chars);
	*t = (struct text){0};
}

void text_bytes(struct text *t, const void *bytes, size_t size)
{
	if (size >= t->capacity - t->size) {
		t->capacity = 2 * (t->size + size + 64);
		t->chars = reallocate(t->chars, t->capacity, 1);
	}
	if (size > 0)
		memcpy(t->chars + t->size, bytes, size);
	t->size += size;
	t->chars[t->size] = '\0';
}

static void add_char(struct text *t, char c)
{
	text_bytes(t, &c, 1);
}

void text_add(struct text *t, const char *format, ...)
{
	char *chars = NULL;
	va_list ap;

	va_start(ap, format);
	int n = vasprintf(&chars, format, ap);
	va_end(ap);
	if (n < 0) {
		complain("there is not enough memory");
		exit(STATUS_FAILED);
	}
	text_bytes(t, chars, (size_t)n);
	free(chars);
}

void text_shell(struct text *t, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		text_add(t, "%s", word);
		return;
	}
	add_char(t, '\'');
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			text_add(t, "'\\''");
		else
			add_char(t, *word);
	}
	add_char(t, '\'');
}

static const char *xml_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\'':
		return "&apos;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void text_xml(struct text *t, const char *word)
{
	for (; *word != '\0'; word++) {
		const char *entity = xml_entity(*word);
		if (entity != NULL)
			text_add(t, "%s", entity);
		else
			add_char(t, *word);
	}
}

void text_xl(struct text *t, const char *word)
{
	add_char(t, '"');
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			add_char(t, '\\');
		add_char(t, *word);
	}
	add_char(t, '"');
}

void text_systemd_word(struct text *t, const char *word, bool is_program)
{
	add_char(t, '"');
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			add_char(t, '\\');
		if (*word == '%' || (*word == '$' && !is_program))
			add_char(t, *word);
		add_char(t, *word);
	}
	add_char(t, '"');
}

void text_systemd_value(struct text *t, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '%')
			add_char(t, '%');
		add_char(t, *value);
	}
}

void text_base64(struct text *t, const char *word)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	size_t left = strlen(word);

	while (left > 0) {
		uint8_t b[3] = {0};
		size_t n = MIN(left, sizeof(b));
		memcpy(b, word, n);
		uint32_t group = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
		add_char(t, digits[group >> 18]);
		add_char(t, digits[group >> 12 & 63]);
		add_char(t, n > 1 ? digits[group >> 6 & 63] : '=');
		add_char(t, n > 2 ? digits[group & 63] : '=');
		word += n;
		left -= n;
	}
}

/* The length that the first byte of a character announces; 0 if it cannot be one. */
static size_t announced(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >> 5 == 0x06)
		return 2;
	if (first >> 4 == 0x0e)
		return 3;
	return first >> 3 == 0x1e ? 4 : 0;
}

/* Stores the character at `s`. Returns its length in bytes; 0 if that is not UTF-8. */
static size_t decode(const uint8_t *s, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = announced(s[0]);

	if (n == 0)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	return *c < least[n] || *c > 0x10ffff ? 0 : n;
}

static bool is_printable(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	if (c == 0x2028 || c == 0x2029) /* separators of lines and paragraphs */
		return false;
	return !(c >= 0xd800 && c < 0xe000) && c != 0xfffe && c != 0xffff;
}

bool text_is_printable(const char *word)
{
	for (const uint8_t *s = (const uint8_t *)word; *s != 0;) {
		uint32_t c;
		size_t n = decode(s, &c);
		if (n == 0 || !is_printable(c))
			return false;
		s += n;
	}
	return true;
}
