/* SPDX-License-Identifier: ISC */
/*
 * Keys that are switches, texts and log levels.
 */
#include <stdio.h>

#include "runtime/args.h"
#include "runtime/log.h"

static void format_bool(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	snprintf(text, KEY_TEXT_BYTES, *(const bool *)key->value ? "on" : "off");
}

const struct key_type key_bool = {.placeholder = "", .format = format_bool};

static enum err parse_string(const struct key *key, const char *text)
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

static enum err parse_log(const struct key *key, const char *text)
{
	(void)key;
	return log_configure(text);
}

static void format_nothing(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	(void)key;
	text[0] = '\0';
}

const struct key_type key_log = {
	.placeholder = "MODULE:LEVEL",
	.expected = "levels off, error, warn, info, debug, such as tcp:debug,*:info",
	.parse = parse_log,
	.format = format_nothing,
};
