/* SPDX-License-Identifier: ISC */
/*
 * Whether the description of a key makes sense.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "runtime/args_types.h"

#define COMPLAIN(...) (snprintf(message, message_bytes, __VA_ARGS__), ERR_INVALID)

static enum err check_name(const char *name, char *message, size_t message_bytes)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (strspn(name, letters) == 0 || name[strspn(name, allowed)] != '\0')
		return COMPLAIN("the name \"%s\" is not made of small letters, digits and '-', "
				"beginning with a letter",
				name);
	if (text_begins(name, "no-", 3))
		return COMPLAIN("the name begins with \"no-\", which turns a switch off");
	if (text_equal(name, "help"))
		return COMPLAIN("--help is there already");
	return OK;
}

static enum err check_range(const struct key *key, const struct key_type_info *info, char *message,
			    size_t message_bytes)
{
	const struct key_limits *limits = key->limits;

	if (limits == NULL)
		return OK;
	switch (info->range) {
	case KEY_RANGE_NONE:
		return COMPLAIN("min and max are for numbers, not for %s", info->name);
	case KEY_RANGE_UNSIGNED:
		if (limits->max > info->range_max)
			return COMPLAIN("max %" PRIu64 " is over %" PRIu64, limits->max,
					info->range_max);
		if (limits->min > limits->max)
			return COMPLAIN("min %" PRIu64 " is over max %" PRIu64, limits->min,
					limits->max);
		return OK;
	case KEY_RANGE_SIGNED:
		if ((int64_t)limits->min > (int64_t)limits->max)
			return COMPLAIN("min %" PRId64 " is over max %" PRId64,
					(int64_t)limits->min, (int64_t)limits->max);
	}
	return OK;
}

/* Whether the `len` characters at `word` are one of the words in front of it. */
static bool is_repeated(const char *words, const char *word, size_t len)
{
	for (; words < word; words += strcspn(words, "|") + 1) {
		if (strcspn(words, "|") == len && memcmp(words, word, len) == 0)
			return true;
	}
	return false;
}

static enum err check_words(const char *words, char *message, size_t message_bytes)
{
	const char *word = words;
	if (words == NULL)
		return COMPLAIN("there are no words to choose from");
	for (;; word++) {
		size_t len = strcspn(word, "|");
		if (len == 0 || strcspn(word, " \t\r\n\",") < len)
			return COMPLAIN("the word \"%.*s\" is empty, or holds a space, comma or "
					"quote",
					(int)len, word);
		if (is_repeated(words, word, len))
			return COMPLAIN("the word \"%.*s\" is there twice", (int)len, word);
		word += len;
		if (*word == '\0')
			return OK;
	}
}

/* What depends on the type, of a key or of a list's elements. */
static enum err check_value(const struct key *key, char *message, size_t message_bytes)
{
	const struct key_type_info *info = key_type_info_of(key->type);
	if (info == NULL)
		return COMPLAIN("the type is not known");
	enum err e = check_range(key, info, message, message_bytes);
	if (e == OK && key->type == &key_enum)
		e = check_words(key->info, message, message_bytes);
	return e;
}

static enum err check_list(const struct key *key, char *message, size_t message_bytes)
{
	const struct key_list_info *info = key->info;
	const struct key_type_info *item = info != NULL ? key_type_info_of(info->type) : NULL;

	if (item == NULL)
		return COMPLAIN("the type of the list's elements is not known");
	if (item->type == &key_list || item->type == &key_bool)
		return COMPLAIN("a list cannot have elements of type %s", item->name);
	if (info->items_max == 0)
		return COMPLAIN("the list has room for no element");
	if (info->item_bytes != item->bytes)
		return COMPLAIN("an element has %zu bytes, not %zu", item->bytes, info->item_bytes);
	const struct key of_item = {.type = info->type, .limits = key->limits, .info = info->info};
	return check_value(&of_item, message, message_bytes);
}

enum err key_check(const struct key *key, char *message, size_t message_bytes)
{
	enum err e = check_name(key->name, message, message_bytes);
	if (e != OK)
		return e;
	return key->type == &key_list ? check_list(key, message, message_bytes)
				      : check_value(key, message, message_bytes);
}
