/* SPDX-License-Identifier: ISC */
/*
 * Keys that are switches, texts and words out of a few.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "runtime/args.h"

static void format_bool(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	snprintf(text, KEY_TEXT_BYTES, *(const bool *)key->value ? "on" : "off");
}

const struct key_type key_bool = {.placeholder = "", .format = format_bool};

static enum err parse_string(const struct key *key, char *text)
{
	*(const char **)key->value = text;
	return OK;
}

static void format_string(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const char *value = *(const char **)key->value;
	snprintf(text, KEY_TEXT_BYTES, "%s", value != NULL ? value : "");
}

const struct key_type key_string = {
	.placeholder = "TEXT",
	.expected = "a text",
	.parse = parse_string,
	.format = format_string,
};

/* The word behind `word`, which is `len` characters long; NULL behind the last. */
static const char *next_word(const char *word, size_t len)
{
	return word[len] == '|' ? word + len + 1 : NULL;
}

static enum err parse_enum(const struct key *key, char *text)
{
	size_t len = strlen(text), word_len;
	unsigned i = 0;
	for (const char *word = key->info; word != NULL; word = next_word(word, word_len), i++) {
		word_len = strcspn(word, "|");
		if (word_len == len && text_begins(text, word, len)) {
			*(unsigned *)key->value = i;
			return OK;
		}
	}
	return ERR_INVALID;
}

static void format_enum(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const char *word = key->info;
	for (unsigned i = *(const unsigned *)key->value; word != NULL && i > 0; i--)
		word = next_word(word, strcspn(word, "|"));
	text[0] = '\0';
	if (word != NULL)
		snprintf(text, KEY_TEXT_BYTES, "%.*s", (int)strcspn(word, "|"), word);
}

static void format_enum_range(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	char *end = text + KEY_TEXT_BYTES - 2; /* for the longest that a character becomes */
	const char *words = key->info;
	for (; *words != '\0' && text < end; words++) {
		*text++ = *words == '|' ? ',' : *words;
		if (*words == '|')
			*text++ = ' ';
	}
	*text = '\0';
}

const struct key_type key_enum = {
	.placeholder = "WORD",
	.expected = "one of",
	.parse = parse_enum,
	.format = format_enum,
	.format_range = format_enum_range,
};
