/* SPDX-License-Identifier: ISC */
/*
 * \_S5 in the bytecode of the DSDT, without an interpreter: the name is looked for in its encoding,
 * and what follows has to be a package that begins with two constants (sections 20.2.3, 20.2.5).
 */
#include <string.h>

#include "base/cursor.h"
#include "drivers/acpi/acpi_internal.h"

enum {
	OP_ZERO = 0x00,
	OP_ONE = 0x01,
	OP_NAME = 0x08,
	OP_BYTE = 0x0a,
	OP_WORD = 0x0b,
	OP_DWORD = 0x0c,
	OP_PACKAGE = 0x12,
	OP_ROOT = '\\',
	SLEEP_TYPE_MAX = 7, /* section 4.8.3.2.1: three bits */
};

static const char name[] = {'_', 'S', '5', '_'};

/* Whether the four bytes at `at` are the name of an object that is being defined. */
static bool defines(const uint8_t *bytes, size_t at)
{
	return bytes[at - 1] == OP_NAME || (bytes[at - 1] == OP_ROOT && bytes[at - 2] == OP_NAME);
}

/* Section 20.2.4: one to four bytes; the upper two bits of the first say how many follow. */
static void skip_length(struct cursor *c)
{
	cursor_skip(c, cursor_u8(c) >> 6);
}

static uint8_t take_type(struct cursor *c)
{
	uint8_t type = 0;
	size_t rest = 0;

	switch (cursor_u8(c)) {
	case OP_ZERO:
		return 0;
	case OP_ONE:
		return 1;
	case OP_DWORD:
		rest += 2;
		/* fall through */
	case OP_WORD:
		rest += 1;
		/* fall through */
	case OP_BYTE:
		type = cursor_u8(c);
		cursor_skip(c, rest);
		break;
	default:
		cursor_fail(c);
	}
	if (type > SLEEP_TYPE_MAX)
		cursor_fail(c);
	return type;
}

static bool read_package(struct cursor c, uint8_t types[static 2])
{
	if (cursor_u8(&c) != OP_PACKAGE)
		return false;
	skip_length(&c);
	uint8_t elements = cursor_u8(&c);
	types[0] = take_type(&c);
	types[1] = elements > 1 ? take_type(&c) : 0;
	return elements > 0 && cursor_ok(&c);
}

bool acpi_find_s5(const struct acpi_table *dsdt, uint8_t types[static 2])
{
	const uint8_t *bytes = dsdt->bytes;

	for (size_t at = ACPI_HEADER_BYTES + 1; at + sizeof(name) <= dsdt->len; at++) {
		if (bytes[at] != '_' || memcmp(bytes + at, name, sizeof(name)) != 0 ||
		    !defines(bytes, at))
			continue;
		at += sizeof(name);
		if (read_package(cursor_over(bytes + at, dsdt->len - at), types))
			return true;
	}
	return false;
}
