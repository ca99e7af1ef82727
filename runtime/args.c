/* SPDX-License-Identifier: ISC */
/*
 * Cutting the boot arguments into words and finding the key of each.
 */
#include "runtime/args.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

enum { NAME_CHARS_MAX = 32 };

/* How much of a stranger's word a message repeats. */
#define SHOWN "%.40s"

static const char white_space[] = " \t\r\n";

struct parse {
	const struct key *const *tables;
	char *message;
	size_t message_bytes;
};

PRINTF(2, 3) static enum err fault(const struct parse *p, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(p->message, p->message_bytes, format, ap);
	va_end(ap);
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

/*
 * The names of words that firmware and hypervisors add for the kernels that they usually start. One
 * that ends in '.' or '_' is the beginning of a family.
 */
static const char loader_names[] =
	"virtio_mmio. console earlycon earlyprintk root rootfstype rootwait ro rw init initrd panic "
	"reboot pci nomodule nomodules quiet splash loglevel BOOT_IMAGE 8250. bcm2708_ bcm2709. "
	"snd_bcm2835. vc_mem. smsc95xx. dwc_otg. coherent_pool fsck. cgroup_ dma. video cma "
	"numa_policy nvme. system_heap. i8042. tsc random. ";

static bool added_by_loader(const char *word)
{
	const char *name = loader_names;
	while (*name != '\0') {
		size_t n = strcspn(name, " ");
		bool family = name[n - 1] == '.' || name[n - 1] == '_';
		if (text_begins(word, name, n) && (family || word[n] == '=' || word[n] == '\0'))
			return true;
		name += n + 1;
	}
	return false;
}

static const struct key *find(const struct parse *p, const char *name, size_t len)
{
	for (const struct key *const *table = p->tables; *table != NULL; table++) {
		for (const struct key *k = *table; k->name != NULL; k++) {
			if (text_begins(k->name, name, len) && k->name[len] == '\0')
				return k;
		}
	}
	return NULL;
}

/* The number of characters to insert, delete or replace to make `b` of `a` (Levenshtein). */
static unsigned distance(const char *a, size_t a_len, const char *b)
{
	uint8_t row[NAME_CHARS_MAX + 1];
	size_t b_len = strlen(b);

	if (b_len > NAME_CHARS_MAX)
		return UINT32_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = (uint8_t)j;
	for (size_t i = 0; i < a_len; i++) {
		uint8_t diagonal = row[0];
		row[0] = (uint8_t)(i + 1);
		for (size_t j = 0; j < b_len; j++) {
			uint8_t above = row[j + 1];
			uint8_t replaced = (uint8_t)(diagonal + (a[i] != b[j]));
			uint8_t moved = (uint8_t)(MIN(above, row[j]) + 1);
			row[j + 1] = MIN(replaced, moved);
			diagonal = above;
		}
	}
	return row[b_len];
}

/* Says that there is no such key, and names one that may have been meant. */
static enum err unknown(const struct parse *p, const char *name, size_t len)
{
	const struct key *nearest = NULL;
	/* Two slips in a long name, one in a short one. */
	unsigned least = len > 3 ? 3 : 2;

	for (const struct key *const *table = p->tables; len <= NAME_CHARS_MAX && *table; table++) {
		for (const struct key *k = *table; k->name != NULL; k++) {
			unsigned d = distance(name, len, k->name);
			if (d < least) {
				least = d;
				nearest = k;
			}
		}
	}
	int shown = (int)MIN(len, (size_t)40);
	if (nearest != NULL)
		return fault(p, "--%.*s: unknown argument (did you mean --%s?)", shown, name,
			     nearest->name);
	return fault(p, "--%.*s: unknown argument", shown, name);
}

/* "--name" or "--no-name", without a value. */
static enum err parse_switch(const struct parse *p, const char *name)
{
	size_t len = strlen(name);
	bool value = true;
	const struct key *k = find(p, name, len);

	if (k == NULL && text_begins(name, "no-", 3)) {
		k = find(p, name + 3, len - 3);
		value = false;
		if (k != NULL && k->type->parse != NULL)
			return fault(p, "--" SHOWN ": only a switch can be turned off", name);
	}
	if (k == NULL)
		return unknown(p, name, len);
	if (k->type->parse != NULL)
		return fault(p, "--%s: a value is missing, as in --%s=VALUE", k->name, k->name);
	*(bool *)k->value = value;
	return OK;
}

/* What follows the '=', without the quote that next_word() has found closed. */
static const char *value_of(const char *equals)
{
	return equals[1] == '"' ? equals + 2 : equals + 1;
}

static enum err parse_word(const struct parse *p, const char *word)
{
	char range[KEY_TEXT_BYTES] = "";

	if (!text_begins(word, "--", 2) || word[2] == '\0') {
		if (added_by_loader(word))
			return OK;
		return fault(p, SHOWN ": an argument begins with --", word);
	}
	const char *name = word + 2;
	if (text_equal(name, "help"))
		return ERR_EOF;
	size_t len = strcspn(name, "=");
	if (name[len] == '\0')
		return parse_switch(p, name);
	const char *value = value_of(name + len);
	const struct key *k = find(p, name, len);
	if (k == NULL)
		return unknown(p, name, len);
	if (k->type->parse == NULL)
		return fault(p, "--%s=" SHOWN ": takes no value; say --%s or --no-%s", k->name,
			     value, k->name, k->name);
	enum err e = k->type->parse(k, value);
	if (e == OK)
		return OK;
	if (k->type->format_range != NULL)
		k->type->format_range(k, range);
	(void)fault(p, "--%s=" SHOWN ": expected %s%s", k->name, value, k->type->expected, range);
	return e == ERR_RANGE ? ERR_RANGE : ERR_INVALID;
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
			return fault(&p, SHOWN ": a quote has no partner, or text follows it",
				     word);
		enum err e = parse_word(&p, word);
		if (e != OK)
			return e;
	}
	return OK;
}
