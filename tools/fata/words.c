/* SPDX-License-Identifier: ISC */
#include "tools/fata/words.h"

#include <stdlib.h>
#include <string.h>

#include "tools/fata/fata.h"

static bool is_allowed(const char *word)
{
	for (const char *c = word; *c != '\0'; c++) {
		if (*c == '"') {
			complain("%s: boot arguments cannot hold a double quote", word);
			return false;
		}
		if ((unsigned char)*c < ' ' || *c == 0x7f) {
			complain("boot arguments cannot hold control characters");
			return false;
		}
	}
	return true;
}

static char *quoted(const char *word)
{
	size_t name = strcspn(word, "= ");

	if (strchr(word, ' ') == NULL && word[0] != '\0')
		return duplicate(word);
	if (word[name] == '=')
		return text_of("%.*s\"%s\"", (int)name + 1, word, word + name + 1);
	return text_of("\"%s\"", word);
}

char *words_join(char *const words[], int count)
{
	char *text = duplicate("");

	for (int i = 0; i < count; i++) {
		if (!is_allowed(words[i])) {
			free(text);
			return NULL;
		}
		char *word = quoted(words[i]);
		char *longer = text_of("%s%s%s", text, i > 0 ? " " : "", word);
		free(word);
		free(text);
		text = longer;
	}
	return text;
}

char *word_quote(const char *word)
{
	size_t quotes = 0;
	for (const char *c = word; *c != '\0'; c++)
		quotes += *c == '\'';
	char *text = allocate(strlen(word) + 3 * quotes + 3), *out = text;
	*out++ = '\'';
	for (const char *c = word; *c != '\0'; c++)
		out = *c == '\'' ? stpcpy(out, "'\\''") : (*out = *c, out + 1);
	*out = '\'';
	return text;
}
