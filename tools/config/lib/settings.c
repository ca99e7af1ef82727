/* SPDX-License-Identifier: ISC */
/*
 * The settings of the command line: values that `fata configure --port=8080` gives to keys.
 */
#include <string.h>

#include "tools/config/lib/graph.h"

enum { MESSAGE_BYTES = 512 };

/* No line of config.c is to blame. */
static const struct place command_line = {0};

/*
 * The value that a setting, "port=8080" or "no-tls", has for the key; NULL if it is for another.
 * *fault is set to what is wrong with one that is for this key.
 */
static const char *setting_value(const struct fata_node *node, const char *setting,
				 const char **fault)
{
	size_t len = strlen(node->name);
	bool off = strncmp(setting, "no-", 3) == 0 && strcmp(setting + 3, node->name) == 0;
	const char *behind = strncmp(setting, node->name, len) == 0 ? setting + len : NULL;

	*fault = NULL;
	if (off || (behind != NULL && *behind == '\0')) {
		if (key_is_switch(node))
			return off ? "false" : "true";
		*fault = off ? "only a switch can be turned off"
			     : fata_text("a value is missing; say --%s=VALUE", node->name);
		return "";
	}
	if (behind == NULL || *behind != '=')
		return NULL;
	if (key_is_switch(node))
		*fault = fata_text("takes no value; say --%s or --no-%s", node->name, node->name);
	return behind + 1;
}

void settings_apply(struct fata_node *node)
{
	for (size_t i = 0; i < options.n_settings; i++) {
		const char *fault;
		const char *value = setting_value(node, options.settings[i], &fault);
		if (value == NULL)
			continue;
		node->given = true;
		if (fault != NULL) {
			fault_at(command_line, "--%s: %s (%s)", options.settings[i], fault,
				 place_text(node->place));
			continue;
		}
		fault = key_store(node, value);
		if (fault != NULL)
			fault_at(command_line, "%s (%s)", fault, place_text(node->place));
	}
}

/* The name in a setting: "port" of "port=8080". */
static const char *setting_name(const char *setting)
{
	return fata_text("%.*s", (int)strcspn(setting, "="), setting);
}

/* The key that a setting is for, rather one that is in the image; or NULL. */
static const struct fata_node *setting_key(const char *setting)
{
	const struct fata_node *found = NULL;
	const char *fault;

	for (const struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->kind == NODE_KEY && n->type != NULL &&
		    setting_value(n, setting, &fault) != NULL && (found == NULL || n->needed))
			found = n;
	}
	return found;
}

/* The image's keys as a table for args_parse(), and their names for a message. */
static const struct key *key_table(const char **names)
{
	struct key *table = NULL;
	const char **words = NULL;
	size_t n = 0, n_words = 0;

	for (const struct fata_node *node = graph.nodes; node != NULL; node = node->next) {
		if (node->kind != NODE_KEY || !node->needed || node->type == NULL)
			continue;
		*APPEND(table, n) = node->key;
		*APPEND(words, n_words) = fata_text("--%s", node->name);
	}
	(void)APPEND(table, n);
	*names = text_words(words, n_words, ", ");
	return table;
}

/* "unknown argument (did you mean --port?)", as a boot says it. */
static const char *unknown_text(const char *name, const struct key *table)
{
	const struct key *const tables[] = {table, NULL};
	char *word = (char *)fata_text("--%s=", name);
	char message[MESSAGE_BYTES];

	if (!name_is_plain(name) ||
	    args_parse(word, tables, message, sizeof(message)) != ERR_INVALID)
		return fata_text("--%s: unknown argument", name);
	return fata_text("%s", message);
}

void key_settings_check(void)
{
	const char *names;
	const struct key *table = key_table(&names);

	for (size_t i = 0; i < options.n_settings; i++) {
		const char *name = setting_name(options.settings[i]);
		const struct fata_node *node = setting_key(options.settings[i]);
		if (node != NULL && !node->needed)
			fault_at(command_line, "--%s: the key of %s is not used in this image",
				 options.settings[i], place_text(node->place));
		else if (node == NULL && strcmp(name, "log") == 0)
			fault_at(command_line, "--log: is for the boot of an image only");
		else if (node == NULL)
			fault_at(command_line, "%s; %s", unknown_text(name, table),
				 names[0] != '\0' ? fata_text("the keys are %s", names)
						  : "config.c has no keys");
	}
}
