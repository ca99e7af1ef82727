/* SPDX-License-Identifier: ISC */
/*
 * Keys that are lists.
 *
 * A list is looked through as a whole, without storing anything, before it is stored: so a bad
 * element leaves the default, and the way to find a fault is also the way to explain it.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "runtime/args_internal.h"

/* The list's key as one of its elements, at `value`, sees it. */
static struct key item_key(const struct key *list, void *value)
{
	const struct key_list_info *info = list->info;
	assert(info->type->parse != NULL && info->type != &key_list);
	assert(info->item_bytes <= KEY_LIST_ITEM_BYTES_MAX);
	return (struct key){.name = list->name,
			    .type = info->type,
			    .value = value,
			    .limits = list->limits,
			    .info = info->info};
}

/* Has the element at `text`, `len` long, parsed into `item`; the text is then as it was. */
static enum err try_item(const struct key *item, char *text, size_t len)
{
	char after = text[len];
	text[len] = '\0';
	enum err e = item->type->parse(item, text);
	text[len] = after;
	return e;
}

/* Counts the elements until the end or the first fault, at which it leaves *text. */
static enum err look_through(const struct key *key, char **text, unsigned *count)
{
	const struct key_list_info *info = key->info;
	ALIGNED(8) char value[KEY_LIST_ITEM_BYTES_MAX];
	struct key item = item_key(key, value);

	*count = 0;
	if (**text == '\0')
		return OK;
	for (;;) {
		size_t len = strcspn(*text, ",");
		if (*count == info->items_max)
			return ERR_RANGE;
		enum err e = try_item(&item, *text, len);
		if (e != OK)
			return e;
		++*count;
		if ((*text)[len] == '\0')
			return OK;
		*text += len + 1;
	}
}

static enum err parse_list(const struct key *key, char *text)
{
	const struct key_list_info *info = key->info;
	struct key_list *list = key->value;
	struct key item = item_key(key, list->items);
	char *rest = text;
	unsigned count;

	enum err e = look_through(key, &rest, &count);
	if (e != OK)
		return e;
	for (unsigned i = 0; i < count; i++) {
		size_t len = strcspn(text, ",");
		text[len] = '\0'; /* for good: a string is a part of the text */
		e = item.type->parse(&item, text);
		assert(e == OK);
		item.value = (char *)item.value + info->item_bytes;
		text += len + 1;
	}
	list->count = count;
	return OK;
}

static void explain_list(const struct key *key, char *text, char *message, size_t message_bytes)
{
	const struct key_list_info *info = key->info;
	unsigned count;

	if (look_through(key, &text, &count) == OK)
		return;
	if (count == info->items_max) {
		snprintf(message, message_bytes, "element %u: expected %u at most", count + 1,
			 count);
		return;
	}
	struct key item = item_key(key, NULL);
	size_t len = (size_t)snprintf(message, message_bytes, "element %u: ", count + 1);
	if (len < message_bytes)
		args_explain(&item, text, message + len, message_bytes - len);
}

static UNGUARDED void format_list(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct key_list_info *info = key->info;
	const struct key_list *list = key->value;
	struct key item = item_key(key, list->items);
	char one[KEY_TEXT_BYTES];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < list->count; i++) {
		item.type->format(&item, one);
		if (len + 1 + strlen(one) + sizeof(",…") > KEY_TEXT_BYTES) {
			snprintf(text + len, KEY_TEXT_BYTES - len, "%s", i > 0 ? ",…" : "…");
			return;
		}
		len += (size_t)snprintf(text + len, KEY_TEXT_BYTES - len, i > 0 ? ",%s" : "%s",
					one);
		item.value = (char *)item.value + info->item_bytes;
	}
}

static UNGUARDED void format_list_range(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	const struct key_list_info *info = key->info;
	struct key item = item_key(key, NULL);
	char range[KEY_TEXT_BYTES];

	args_range(&item, range);
	snprintf(text, KEY_TEXT_BYTES, range[0] != '\0' ? "up to %u of %s %s" : "up to %u of %s",
		 info->items_max, item.type->placeholder, range);
}

const struct key_type key_list = {
	.placeholder = "VALUE,...",
	.expected = "a list with commas between",
	.parse = parse_list,
	.format = format_list,
	.format_range = format_list_range,
	.explain = explain_list,
};
