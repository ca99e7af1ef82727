/* SPDX-License-Identifier: ISC */
/*
 * Text inside the quotes of C, JSON, DOT and make, and inside a comment.
 */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "tools/config/lib/emit.h"

static void check_memory(bool enough)
{
	if (enough)
		return;
	fputs("fata configure: this machine has too little memory left\n", stderr);
	exit(EX_OSERR);
}

FILE *text_begin(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->bytes, &text->length);
	check_memory(text->out != NULL);
	return text->out;
}

const char *text_end(struct text *text)
{
	check_memory(fclose(text->out) == 0);
	return text->bytes;
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* --- UTF-8 ----------------------------------------------------------------------------------- */

/* The bytes of the UTF-8 character at `s` (RFC 3629 section 4), 0 if it is none. */
static size_t utf8_bytes(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	/* Longer than need be, half of a UTF-16 pair, beyond the last plane. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

unsigned text_columns(const char *text)
{
	unsigned columns = 0;

	for (; *text != '\0'; text++)
		columns += (*text & 0xc0) != 0x80;
	return columns;
}

/* Writes the character at `s`, in one piece; returns its bytes. U+FFFD stands for what is none. */
static size_t put_character(FILE *out, const char *s)
{
	size_t n = utf8_bytes((const unsigned char *)s);

	if (n == 0) {
		fputs("\xef\xbf\xbd", out);
		return 1;
	}
	fwrite(s, 1, n, out);
	return n;
}

/* --- C --------------------------------------------------------------------------------------- */

/*
 * Three digits of octal end an escape whatever follows. The second of two question marks is
 * escaped, since three characters that begin with them can be a trigraph (C17 5.2.1.1).
 */
const char *quote_c(const char *text)
{
	struct text quoted;
	FILE *out = text_begin(&quoted);
	char before = '\0';

	fputc('"', out);
	while (*text != '\0') {
		char c = *text;
		size_t n = utf8_bytes((const unsigned char *)text);
		if (c == '"' || c == '\\' || (c == '?' && before == '?'))
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (c == '\t')
			fputs("\\t", out);
		else if (is_control(c) || n == 0)
			fprintf(out, "\\%03o", (unsigned char)c);
		else
			fwrite(text, 1, n, out);
		before = c;
		text += n != 0 ? n : 1;
	}
	fputc('"', out);
	return text_end(&quoted);
}

const char *quote_comment(const char *text)
{
	struct text quoted;
	FILE *out = text_begin(&quoted);
	char before = '\0';

	while (*text != '\0') {
		char c = *text;
		/* Neither an end nor a beginning of a comment, nor a trigraph. */
		if ((before == '*' && c == '/') || (before == '/' && c == '*') ||
		    (before == '?' && c == '?'))
			fputc(' ', out);
		before = c;
		text += put_character(out, is_control(c) ? " " : text);
	}
	return text_end(&quoted);
}

/* --- others ---------------------------------------------------------------------------------- */

/* For a spec's texts, in which two dollar signs stand for one. */
const char *fata_quote(const char *text)
{
	struct text doubled;
	FILE *out = text_begin(&doubled);

	for (const char *quoted = quote_c(text); *quoted != '\0'; quoted++)
		fputs(*quoted == '$' ? "$$" : (const char[]){*quoted, '\0'}, out);
	return text_end(&doubled);
}

const char *quote_json(const char *text)
{
	struct text quoted;
	FILE *out = text_begin(&quoted);

	fputc('"', out);
	while (*text != '\0') {
		char c = *text;
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (c == '\t')
			fputs("\\t", out);
		else if (is_control(c))
			fprintf(out, "\\u%04x", (unsigned char)c);
		text += strchr("\"\\", c) != NULL || is_control(c) ? 1 : put_character(out, text);
	}
	fputc('"', out);
	return text_end(&quoted);
}

const char *quote_dot(const char *text)
{
	struct text quoted;
	FILE *out = text_begin(&quoted);

	fputc('"', out);
	while (*text != '\0') {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		else if (*text == '\n')
			fputs("\\n", out);
		text += *text == '\n' ? 1 : put_character(out, is_control(*text) ? " " : text);
	}
	fputc('"', out);
	return text_end(&quoted);
}

const char *quote_make(const char *text)
{
	struct text quoted;
	FILE *out = text_begin(&quoted);

	for (; *text != '\0'; text++) {
		if (*text == '$')
			fputc('$', out);
		else if (*text == '#')
			fputc('\\', out);
		fputc(is_control(*text) ? ' ' : *text, out);
	}
	return text_end(&quoted);
}
