/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "runtime/args.h"
#include "runtime/console.h"

enum { NAME_COLUMNS = 24 };

static void print_line(const char *name, const char *value, const char *help, const char *extra)
{
	const char *equals = value[0] != '\0' ? "=" : "";
	int columns = (int)(strlen(name) + strlen(equals) + strlen(value));
	int pad = columns < NAME_COLUMNS ? NAME_COLUMNS - columns : 1;
	console_printf("  --%s%s%s%*s%s", name, equals, value, pad, "", help);
	console_printf(extra[0] != '\0' ? " (default %s)\n" : "\n", extra);
}

static void print_key(const struct key *k)
{
	char value[KEY_TEXT_BYTES];
	k->type->format(k, value);
	print_line(k->name, k->type->placeholder, k->help, value);
}

void args_print_help(const struct key *const tables[])
{
	console_write("Arguments:\n");
	for (; *tables != NULL; tables++) {
		for (const struct key *k = *tables; k->name != NULL; k++)
			print_key(k);
	}
	print_line("help", "", "print this list", "");
}
