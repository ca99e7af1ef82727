/* SPDX-License-Identifier: ISC */
/*
 * Cutting the boot arguments into words and finding the key of each.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/attr.h"
#include "base/text.h"
#include "runtime/args_internal.h"

static const char white_space[] = " \t\r\n";

struct parse {
	const struct key *const *tables;
	char *message;
	size_t message_bytes;
};

/* Writes the word, of which a stranger may have made a long one, and what is wrong with it. */
static enum err fault(const struct parse *p, const char *word, const char *why)
{
	snprintf(p->message, p->message_bytes, "%.40s: %s", word, why);
	return ERR_INVALID;
}

/*
 * Takes the next word off *text and ends it with NUL. Quotes stand around all of it, or around what
 * follows the first '=': then the opening one is left for value_of(). NULL at the end of the text;
 * *closed is false if a quote has no partner or is followed by anything but white space.
 */
static char *next_word(char **text, bool *closed)
{
	char *word = *text + strspn(*text, white_space);
	if (*word == '\0')
		return NULL;
	char *end = word + strcspn(word, white_space);
	char *quote = word;
	if (*word != '"') {
		quote += strcspn(word, "=");
		quote = quote < end ? quote + 1 : end;
	}
	*closed = true;
	if (*quote == '"') {
		char *close = quote + 1 + strcspn(quote + 1, "\"");
		*closed = *close != '\0' && strcspn(close + 1, white_space) == 0;
		if (*closed) {
			if (quote == word)
				word++;
			*close = '\0';
			end = close + 1;
		}
	}
	*text = end;
	if (*end != '\0') {
		*end = '\0';
		*text = end + 1;
	}
	return word;
}

/* The names of words that firmware and hypervisors add for the kernels that they usually start. */
static const char loader_names[] =
	"console earlycon earlyprintk root rootfstype rootwait ro rw init initrd panic reboot pci "
	"nomodule nomodules quiet splash loglevel video cma tsc random ";

/* One of those, or a parameter of a driver or a loader: NAME=VALUE with '.' or '_' in the name. */
static bool added_by_loader(const char *word)
{
	size_t len = strcspn(word, "=");
	if (word[len] == '=' && strcspn(word, "._") < len)
		return true;
	for (const char *name = loader_names; *name != '\0';) {
		size_t n = strcspn(name, " ");
		if (n == len && text_begins(word, name, n))
			return true;
		name += n + 1;
	}
	return false;
}

/* How many characters are left of the longer one without what both begin and end with. */
static size_t difference(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	while (a_len > 0 && b_len > 0 && *a == *b) {
		a++, a_len--;
		b++, b_len--;
	}
	while (a_len > 0 && b_len > 0 && a[a_len - 1] == b[b_len - 1])
		a_len--, b_len--;
	return MAX(a_len, b_len);
}

/* The key whose name is most like `name`: the very one if *differs is 0. NULL if there are none. */
static const struct key *nearest(const struct parse *p, const char *name, size_t *differs)
{
	const struct key *found = NULL;
	*differs = SIZE_MAX;
	for (const struct key *const *table = p->tables; *table != NULL; table++) {
		for (const struct key *k = *table; k->name != NULL; k++) {
			size_t d = difference(name, k->name);
			if (d < *differs) {
				*differs = d;
				found = k;
			}
		}
	}
	return found;
}

/* Says that there is no such key, and names one that may have been meant. */
static enum err unknown(const struct parse *p, const char *word, const struct key *similar,
			bool is_similar)
{
	(void)fault(p, word, "unknown argument");
	size_t len = strlen(p->message);
	if (is_similar)
		snprintf(p->message + len, p->message_bytes - len, " (did you mean --%s?)",
			 similar->name);
	return ERR_INVALID;
}

static enum err set_value(const struct parse *p, const struct key *k, char *value)
{
	enum err e = k->type->parse(k, value);
	if (e == OK)
		return OK;
	snprintf(p->message, p->message_bytes, "--%s=%.40s: ", k->name, value);
	size_t len = strlen(p->message);
	args_explain(k, value, p->message + len, p->message_bytes - len);
	return e;
}

/* "--name=value", "--name" or, with `on` false, "--no-name"; `value` is NULL if there is none. */
static enum err set(const struct parse *p, const char *word, const struct key *k, bool on,
		    char *value)
{
	if (k->type->parse == NULL) {
		if (value != NULL)
			return fault(p, word, "takes no value; say --NAME or --no-NAME");
		*(bool *)k->value = on;
		return OK;
	}
	if (value != NULL)
		return set_value(p, k, value);
	return fault(p, word,
		     on ? "a value is missing; say --NAME=VALUE"
			: "only a switch can be turned off");
}

/* Cuts a word at its '=' and returns what follows, without a quote; NULL if there is none. */
static char *value_of(char *word)
{
	char *equals = word + strcspn(word, "=");
	if (*equals == '\0')
		return NULL;
	*equals = '\0';
	return equals[1] == '"' ? equals + 2 : equals + 1;
}

static enum err parse_word(const struct parse *p, char *word)
{
	if (!text_begins(word, "--", 2) || word[2] == '\0') {
		if (added_by_loader(word))
			return OK;
		return fault(p, word, "an argument begins with --");
	}
	const char *name = word + 2;
	if (text_equal(name, "help"))
		return ERR_EOF;
	char *value = value_of(word);
	size_t differs, rest_differs;
	const struct key *k = nearest(p, name, &differs);
	if (differs == 0)
		return set(p, word, k, true, value);
	if (value == NULL && text_begins(name, "no-", 3)) {
		const struct key *rest = nearest(p, name + 3, &rest_differs);
		if (rest_differs == 0)
			return set(p, word, rest, false, NULL);
	}
	return unknown(p, word, k, differs <= strlen(name) / 2);
}

void args_range(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	text[0] = '\0';
	if (key->type->format_range != NULL)
		key->type->format_range(key, text);
}

UNGUARDED void args_explain(const struct key *key, char *text, char *message, size_t message_bytes)
{
	const struct key_type *type = key->type;
	char range[KEY_TEXT_BYTES];

	if (type->explain != NULL) {
		type->explain(key, text, message, message_bytes);
		return;
	}
	args_range(key, range);
	snprintf(message, message_bytes, range[0] != '\0' ? "expected %s %s" : "expected %s",
		 type->expected, range);
}

enum err args_parse(char *text, const struct key *const tables[], char *message,
		    size_t message_bytes)
{
	const struct parse p = {
		.tables = tables, .message = message, .message_bytes = message_bytes};
	bool closed;
	char *word;

	assert(message_bytes > 0);
	message[0] = '\0';
	while ((word = next_word(&text, &closed)) != NULL) {
		if (!closed)
			return fault(&p, word, "a quote has no partner, or text follows it");
		enum err e = parse_word(&p, word);
		if (e != OK)
			return e;
	}
	return OK;
}
