/* SPDX-License-Identifier: ISC */
/*
 * The list of keys on the console.
 */
#include <string.h>

#include "base/attr.h"
#include "runtime/args_internal.h"
#include "runtime/console.h"

static void print_name(const char *name, const char *placeholder, size_t columns, const char *help)
{
	const char *equals = placeholder[0] != '\0' ? "=" : "";
	size_t used = strlen(name) + strlen(equals) + strlen(placeholder);
	console_printf("  --%s%s%s%*s  %s", name, equals, placeholder, (int)(columns - used), "",
		       help);
}

static UNGUARDED void print_key(const struct key *k, size_t columns)
{
	char range[KEY_TEXT_BYTES], value[KEY_TEXT_BYTES];

	print_name(k->name, k->type->placeholder, columns, k->help);
	args_range(k, range);
	k->type->format(k, value);
	if (range[0] != '\0' || value[0] != '\0')
		console_printf(" (%s%s%s%s)", range,
			       range[0] != '\0' && value[0] != '\0' ? "; " : "",
			       value[0] != '\0' ? "default " : "", value);
	console_write("\n");
}

void args_print_help(const struct key *const tables[])
{
	size_t columns = 0;
	for (const struct key *const *table = tables; *table != NULL; table++) {
		for (const struct key *k = *table; k->name != NULL; k++)
			columns = MAX(columns, strlen(k->name) + strlen(k->type->placeholder) + 1);
	}
	console_write("Arguments:\n");
	for (const struct key *const *table = tables; *table != NULL; table++) {
		for (const struct key *k = *table; k->name != NULL; k++)
			print_key(k, columns);
	}
	print_name("help", "", columns, "print this list\n");
}
