/* SPDX-License-Identifier: ISC */
#include "tools/fata/keytable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "runtime/args.h"
#include "runtime/args_types.h"
#include "tools/fata/fata.h"
#include "tools/fata/words.h"

enum { MESSAGE_BYTES = 256, LIST_ITEMS_MAX = 4096 };

/* The runtime's parsers assert on tables that make no sense, which take() below refuses. */
void assert_failed(const char *expression, const char *file, unsigned line)
{
	fprintf(stderr, "fata: %s:%u: %s is false; this is a fault of fata\n", file, line,
		expression);
	abort();
}

/* --- --log, which every image knows -------------------------------------------------------------
 */

static bool is_level(const char *text, size_t len)
{
	static const char *const names[] = {"off", "error", "warn", "info", "debug"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strlen(names[i]) == len && strncmp(names[i], text, len) == 0)
			return true;
	}
	return false;
}

/* LEVEL or MODULE:LEVEL, with commas between. */
static enum err parse_log(const struct key *key, char *text)
{
	(void)key;
	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ",:");
		if (at[len] == ':') {
			if (len == 0)
				return ERR_INVALID;
			at += len + 1;
			len = strcspn(at, ",");
		}
		if (!is_level(at, len))
			return ERR_INVALID;
		at += len;
		if (*at == '\0')
			return OK;
	}
}

static void format_nothing(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	(void)key;
	text[0] = '\0';
}

static const struct key_type log_levels = {
	.placeholder = "MODULE:LEVEL",
	.expected = "levels off, error, warn, info, debug, such as tcp:debug,*:info",
	.parse = parse_log,
	.format = format_nothing,
};

static const struct key runtime_keys[] = {{.name = "log", .type = &log_levels}, {0}};

/* --- the application's --------------------------------------------------------------------------
 */

/* A key whose values go nowhere. */
struct slot {
	struct key_limits limits;
	struct key_list_info info;
	struct key_list list;
	void *value;
	void *items;
};

/* Fills in what a list is made of. False if the manifest does not say it. */
static bool take_list(struct key *key, struct slot *slot, const struct manifest_key *from)
{
	const struct key_type *of = key_type_by_name(from->of);
	const struct key_type_info *info = of != NULL ? key_type_info_of(of) : NULL;

	if (info == NULL || from->count_max < 1 || from->count_max > LIST_ITEMS_MAX)
		return false;
	slot->items = allocate(from->count_max * info->bytes);
	slot->list = (struct key_list){.items = slot->items};
	slot->info = (struct key_list_info){
		.type = of,
		.item_bytes = info->bytes,
		.items_max = (unsigned)from->count_max,
		.info = from->words,
	};
	key->value = &slot->list;
	key->info = &slot->info;
	return true;
}

static bool take(struct key *key, struct slot *slot, const struct manifest_key *from)
{
	char message[MESSAGE_BYTES] = "unknown type";
	/* What this version of fata has not heard of may hold any text. */
	const struct key_type *type = key_type_by_name(from->type);
	const struct key_type_info *info = key_type_info_of(type != NULL ? type : &key_string);

	slot->limits = (struct key_limits){(uint64_t)from->min, (uint64_t)from->max};
	*key = (struct key){
		.name = from->name,
		.type = info->type,
		.limits = from->min != 0 || from->max != 0 ? &slot->limits : NULL,
		.help = from->help,
		.info = from->words,
	};
	slot->value = key->value = allocate(info->bytes);
	if (info->type == &key_list && !take_list(key, slot, from)) {
		complain("the manifest is damaged: key \"%s\" does not say what it is a list of",
			 from->name);
		return false;
	}
	if (key_check(key, message, sizeof(message)) == OK)
		return true;
	complain("the manifest is damaged: key \"%s\": %s", from->name, message);
	return false;
}

/* Whether `word` gives a value to the key: --NAME, --no-NAME or --NAME=VALUE. */
static bool is_for(const char *word, const struct manifest_key *key)
{
	size_t len = strlen(key->name);

	if (strncmp(word, "--", 2) != 0)
		return false;
	word += 2;
	if (strncmp(word, "no-", 3) == 0 && strcmp(word + 3, key->name) == 0)
		return true;
	return strncmp(word, key->name, len) == 0 && (word[len] == '\0' || word[len] == '=');
}

/* Says so if one of the words is for a key that is fixed in the image. */
static bool any_is_fixed(const struct manifest *m, char *const words[], int count)
{
	for (size_t i = 0; i < m->key_count; i++) {
		const struct manifest_key *k = &m->keys[i];
		for (int w = 0; w < count; w++) {
			if (k->is_boot_time || !is_for(words[w], k))
				continue;
			complain("--%s is decided at build time: give it to 'fata configure'",
				 k->name);
			return true;
		}
	}
	return false;
}

static int parse(const struct key *keys, char *const words[], int count)
{
	const struct key *const tables[] = {keys, runtime_keys, NULL};
	char message[MESSAGE_BYTES];
	char *text = words_join(words, count); /* which the parser cuts, and values point into */

	if (text == NULL)
		return STATUS_BAD_USAGE;
	enum err e = args_parse(text, tables, message, sizeof(message));
	free(text);
	if (e == ERR_EOF)
		complain("--help: the image would print its list of arguments and stop, each time");
	else if (e != OK)
		complain("%s", message);
	return e == OK ? STATUS_OK : STATUS_BAD_USAGE;
}

int keys_check(const struct manifest *m, char *const words[], int count)
{
	if (any_is_fixed(m, words, count))
		return STATUS_BAD_USAGE;
	struct key *keys = allocate((m->key_count + 1) * sizeof(*keys));
	struct slot *slots = allocate((m->key_count + 1) * sizeof(*slots));
	size_t taken = 0;
	bool good = true;

	for (size_t i = 0; good && i < m->key_count; i++) {
		if (m->keys[i].is_boot_time) {
			good = take(&keys[taken], &slots[taken], &m->keys[i]);
			taken++;
		}
	}
	int status = good ? parse(keys, words, count) : STATUS_FAILED;
	for (size_t i = 0; i < taken; i++) {
		free(slots[i].value);
		free(slots[i].items);
	}
	free(slots);
	free(keys);
	return status;
}
