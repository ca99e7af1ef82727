/* SPDX-License-Identifier: ISC */
/*
 * The key of the log's levels: of images only, since it configures their log.
 */
#include <stdio.h>

#include "runtime/args.h"
#include "runtime/log.h"

static const char *levels = "info"; /* as log.h says */

static enum err parse_log(const struct key *key, char *text)
{
	(void)key;
	enum err e = log_configure(text);
	if (e == OK)
		levels = text;
	return e;
}

static void format_log(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	(void)key;
	snprintf(text, KEY_TEXT_BYTES, "%s", levels);
}

/* By themselves, or the strings would stay in images without boot arguments. */
static const char placeholder[] = "MODULE:LEVEL";
static const char expected[] = "levels off, error, warn, info, debug, such as tcp:debug,*:info";

const struct key_type key_log = {
	.placeholder = placeholder,
	.expected = expected,
	.parse = parse_log,
	.format = format_log,
};
