/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "runtime/args_internal.h"
#include "runtime/console.h"

enum { NAME_COLUMNS = 24, TEXT_CHARS = 48 };

/* What the value of a key looks like: --port=NUMBER. */
static const char *placeholder(enum key_type type)
{
	static const char *const names[] = {
		[KEY_U16] = "NUMBER",       [KEY_U32] = "NUMBER",
		[KEY_SIZE] = "SIZE",        [KEY_DURATION] = "TIME",
		[KEY_STRING] = "TEXT",      [KEY_IPV4] = "A.B.C.D",
		[KEY_MAC] = "MAC",          [KEY_IPV4_PREFIX] = "A.B.C.D/BITS",
		[KEY_LOG] = "MODULE:LEVEL", [KEY_IPV4_PORT] = "A.B.C.D:PORT",
	};
	return type < ARRAY_SIZE(names) && names[type] != NULL ? names[type] : "";
}

/* Not inet_format(), which would bring IPv6 into images that have no network. */
static void format_ipv4(uint32_t v4, char text[static TEXT_CHARS])
{
	snprintf(text, TEXT_CHARS, "%u.%u.%u.%u", (unsigned)(v4 >> 24), (unsigned)(v4 >> 16 & 255),
		 (unsigned)(v4 >> 8 & 255), (unsigned)(v4 & 255));
}

static void format_mac(const uint8_t m[static 6], char text[static TEXT_CHARS])
{
	if ((m[0] | m[1] | m[2] | m[3] | m[4] | m[5]) != 0)
		snprintf(text, TEXT_CHARS, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
			 m[4], m[5]);
}

/* The default; empty where nothing is set, which needs no mention. */
static void format_default(const struct key *k, char text[static TEXT_CHARS])
{
	text[0] = '\0';
	switch (k->type) {
	case KEY_U16:
	case KEY_U32:
	case KEY_SIZE:
	case KEY_DURATION:
		args_format_number(k, args_number(k), text, TEXT_CHARS);
		break;
	case KEY_BOOL:
		snprintf(text, TEXT_CHARS, "%s", *(const bool *)k->value ? "on" : "off");
		break;
	case KEY_STRING:
		if (*(const char **)k->value != NULL)
			snprintf(text, TEXT_CHARS, "%s", *(const char **)k->value);
		break;
	case KEY_IPV4:
		if (*(const uint32_t *)k->value != 0)
			format_ipv4(*(const uint32_t *)k->value, text);
		break;
	case KEY_IPV4_PREFIX: {
		const struct ipv4_prefix *p = k->value;
		if (p->addr == 0)
			break;
		format_ipv4(p->addr, text);
		snprintf(text + strlen(text), TEXT_CHARS - strlen(text), "/%u", p->bits);
		break;
	}
	case KEY_IPV4_PORT: {
		const struct key_ipv4_port *p = k->value;
		if (p->addr == 0)
			break;
		format_ipv4(p->addr, text);
		snprintf(text + strlen(text), TEXT_CHARS - strlen(text), ":%u", p->port);
		break;
	}
	case KEY_MAC:
		format_mac(k->value, text);
		break;
	case KEY_LOG:
		break;
	}
}

static void print_line(const char *name, const char *value, const char *help, const char *extra)
{
	int columns = (int)(strlen(name) + (value[0] != '\0' ? 1 : 0) + strlen(value));
	int pad = columns < NAME_COLUMNS ? NAME_COLUMNS - columns : 1;
	console_printf("  --%s%s%s%*s%s", name, value[0] != '\0' ? "=" : "", value, pad, "", help);
	console_printf("%s%s%s\n", extra[0] != '\0' ? " (default " : "", extra,
		       extra[0] != '\0' ? ")" : "");
}

static void print_key(const struct key *k)
{
	char value[TEXT_CHARS];
	format_default(k, value);
	print_line(k->name, placeholder(k->type), k->help, value);
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
