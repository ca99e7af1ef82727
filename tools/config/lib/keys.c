/* SPDX-License-Identifier: ISC */
/*
 * Keys: their constructors and values. Values are parsed by the functions that the image has, so
 * that both understand and say the same.
 */
#include <string.h>

#include "tools/config/lib/graph.h"

enum {
	NAME_CHARS_MAX = 32,
	MESSAGE_BYTES = 512,
	LIST_MAX = 1024,
	INITIALISER_BYTES = 1 << 17, /* of the longest value as C */
};

/* --- values ---------------------------------------------------------------------------------- */

bool key_is_switch(const struct fata_node *node)
{
	return node->key.type->parse == NULL;
}

/* The value `text` of the key as C; NULL if it is none. Texts of one value become the same. */
static const char *initialiser(const struct fata_node *node, const char *text)
{
	char *out = make(INITIALISER_BYTES);
	return node->type->emit(&node->key, text, out, INITIALISER_BYTES) == OK ? out : NULL;
}

/* What is wrong with a text that is no value of the key, in the words of a boot. */
static const char *refusal(const struct fata_node *node, const char *text)
{
	char *copy = strcpy(make(strlen(text) + 1), text);
	char message[MESSAGE_BYTES] = "expected on or off";

	if (!key_is_switch(node))
		args_explain(&node->key, copy, message, sizeof(message));
	return fata_text("--%s=%s: %s", node->name, text, message);
}

const char *key_store(struct fata_node *node, const char *text)
{
	char *copy = strcpy(make(strlen(text) + 1), text);
	const char *value = initialiser(node, text);

	if (value == NULL)
		return refusal(node, text);
	if (key_is_switch(node))
		*(bool *)node->key.value = strcmp(value, "true") == 0;
	else if (node->key.type->parse(&node->key, copy) != OK)
		return refusal(node, text);
	node->initial = text;
	return NULL;
}

/* --- constructors ---------------------------------------------------------------------------- */

static bool check_name(const char *name)
{
	if (!name_is_plain(name) || strlen(name) > NAME_CHARS_MAX)
		fata_fault("\"%s\" cannot be the name of a key: " NAME_EXPECTED ", at most %d",
			   name, NAME_CHARS_MAX);
	else if (strncmp(name, "no-", 3) == 0)
		fata_fault("\"%s\" cannot be the name of a key: --no-… turns a switch off", name);
	else if (strcmp(name, "help") == 0 || strcmp(name, "log") == 0)
		fata_fault("\"%s\" cannot be the name of a key: every image has --%s", name, name);
	else
		return true;
	return false;
}

static void check_help(const struct fata_node *node)
{
	const char *help = node->key.help;

	if (help == NULL || help[strspn(help, " \t\n")] == '\0')
		fata_fault("--%s has no help: say in a few words what it is for", node->name);
	else if (strchr(help, '\n') != NULL)
		fata_fault("the help of --%s has more than one line", node->name);
}

/* Takes over the range, of which a missing end is that of the type. */
static bool take_range(struct fata_node *node, const struct fata_key_options *given)
{
	const struct key_type_info *number = node->element != NULL ? node->element : node->type;
	long long min = given->min, max = given->max;

	if (number->range == KEY_RANGE_UNSIGNED && (min < 0 || max < 0)) {
		fata_fault("--%s: a range from %lld to %lld, but a %s is never less than 0",
			   node->name, min, max, number->name);
		return false;
	}
	node->limits.min = (uint64_t)min;
	node->limits.max = min > 0 && max == 0 ? number->range_max : (uint64_t)max;
	if (min != 0 || max != 0)
		node->key.limits = &node->limits;
	return true;
}

/* Whether the key makes sense, apart from its value; else notes what does not. */
static bool check_key(struct fata_node *node, const struct fata_key_options *given)
{
	char message[MESSAGE_BYTES];

	check_help(node);
	if (!check_name(node->name) || !take_range(node, given))
		return false;
	if (key_check(&node->key, message, sizeof(message)) == OK)
		return true;
	fata_fault("--%s: %s", node->name, message);
	return false;
}

static struct fata_node *key_new(const char *name, const char *initial, const char *help)
{
	struct fata_node *node = node_new(NODE_KEY, name != NULL ? name : "");

	node->initial = initial != NULL ? initial : "";
	node->key = (struct key){.name = node->name, .help = help};
	return node;
}

/* Gives the key its type and, if that is sound, its value. */
static void complete(struct fata_node *node, const struct key_type_info *type,
		     const struct fata_key_options *given)
{
	node->type = type;
	node->stage = given->stage;
	node->key.type = type->type;
	node->key.value = make(type->bytes);
	if (node->element != NULL)
		((struct key_list *)node->key.value)->items =
			make(node->list_max * node->element->bytes);
	node->faulty = !check_key(node, given);
	if (node->faulty)
		return;
	const char *fault = key_store(node, node->initial);
	if (fault != NULL)
		fata_fault("%s", fault);
	settings_apply(node);
}

/* The type of that name, or NULL after noting a fault. */
static const struct key_type_info *type_of(const char *name)
{
	const struct key_type *type = key_type_by_name(name != NULL ? name : "");
	const char **names = NULL;
	size_t n = 0;

	if (type != NULL)
		return key_type_info_of(type);
	for (const struct key_type_info *info; (info = key_type_info_at(n)) != NULL;)
		*APPEND(names, n) = info->name;
	fata_fault("there is no type of keys \"%s\"; the types are %s", name != NULL ? name : "",
		   text_words(names, n, " and "));
	return NULL;
}

struct fata_node *fata_key(const char *type, const char *name, const char *initial,
			   const char *help, const struct fata_key_options *given)
{
	struct fata_node *node = key_new(name, initial, help);
	const struct key_type_info *info = type_of(type);

	if (info == NULL)
		return node;
	if (info->type == &key_enum || info->type == &key_list)
		fata_fault("--%s: a key of type %s is made by key_%s()", node->name, type, type);
	else
		complete(node, info, given);
	return node;
}

struct fata_node *fata_key_enum(const char *name, const char *initial, const char *words,
				const char *help, const struct fata_key_options *given)
{
	struct fata_node *node = key_new(name, initial, help);

	node->words = words;
	node->key.info = words;
	complete(node, key_type_info_of(&key_enum), given);
	return node;
}

struct fata_node *fata_key_list(const char *name, const char *type, unsigned max,
				const char *initial, const char *help,
				const struct fata_key_options *given)
{
	struct fata_node *node = key_new(name, initial, help);
	struct key_list_info *info = make(sizeof(*info));

	node->element = type_of(type);
	if (node->element == NULL)
		return node;
	if (max > LIST_MAX) {
		fata_fault("--%s: a list of up to %u values; %d are the most", node->name, max,
			   LIST_MAX);
		return node;
	}
	node->list_max = max;
	*info = (struct key_list_info){
		.type = node->element->type, .item_bytes = node->element->bytes, .items_max = max};
	node->key.info = info;
	complete(node, key_type_info_of(&key_list), given);
	return node;
}

/* --- choosing by a key ----------------------------------------------------------------------- */

/* Whether config.c may ask for the value of the key; else notes a fault. */
static bool can_read(struct fata_node *node, const char *function)
{
	if (!node_known(node)) {
		fata_fault("the key of %s is an empty handle, or one that was never set", function);
		return false;
	}
	if (node->type == NULL)
		return false; /* there is a fault about that already */
	if (node->stage != BUILD_TIME) {
		fata_fault("the value of --%s is known only when the image boots: to choose by it, "
			   "make it a key of .stage = BUILD_TIME (%s)",
			   node->name, place_text(node->place));
		return false;
	}
	node->needed = true; /* the image depends on it, so it is one of its keys */
	return true;
}

bool fata_key_is_on(struct fata_node *node)
{
	if (!can_read(node, "key_is_on()"))
		return false;
	if (!key_is_switch(node)) {
		fata_fault("key_is_on() is for a bool; --%s is of type %s", node->name,
			   node->type->name);
		return false;
	}
	return *(const bool *)node->key.value;
}

bool fata_key_is(struct fata_node *node, const char *text)
{
	if (!can_read(node, "key_is()"))
		return false;
	const char *asked = initialiser(node, text != NULL ? text : "");
	const char *value = initialiser(node, node->initial);
	if (asked == NULL)
		fata_fault("%s", refusal(node, text != NULL ? text : ""));
	return asked != NULL && value != NULL && strcmp(asked, value) == 0;
}

long long fata_key_number(struct fata_node *node)
{
	if (!can_read(node, "key_number()"))
		return 0;
	if (node->type->range == KEY_RANGE_NONE && node->type->type != &key_enum) {
		fata_fault("key_number() is for numbers; --%s is of type %s", node->name,
			   node->type->name);
		return 0;
	}
	switch (node->type->bytes) {
	case sizeof(uint16_t):
		return *(const uint16_t *)node->key.value;
	case sizeof(uint32_t):
		return *(const uint32_t *)node->key.value;
	default:
		return *(const int64_t *)node->key.value;
	}
}

/* --- keys as C ------------------------------------------------------------------------------- */

const char *key_expression(const struct fata_node *node)
{
	return fata_text(node->element != NULL ? "&arg_%s" : "arg_%s", node->ident);
}

const char *key_parameter_type(const struct fata_node *node)
{
	const struct key_type_info *type = node->type;

	if (type == NULL)
		return "int ";
	if (node->element != NULL || type->c_array[0] != '\0')
		return fata_text("const %s *", type->c_type);
	return fata_text(type->c_type[strlen(type->c_type) - 1] == '*' ? "%s" : "%s ",
			 type->c_type);
}
