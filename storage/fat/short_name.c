/* SPDX-License-Identifier: ISC */
/*
 * Short names for long ones ("The Basis-Name Generation Algorithm" and "The Numeric-Tail Generation
 * Algorithm" of the specification), and which names are short enough to need no long one.
 */
#include <string.h>

#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

/* The character of a short name for a unit, 0: none; *exact is cleared if it is another. */
static uint8_t short_character(uint16_t unit, bool *exact)
{
	if (unit == ' ' || unit == '.') {
		*exact = false;
		return 0;
	}
	if (unit >= 0x80 || strchr("+,;=[]", unit) != NULL) {
		*exact = false;
		return '_';
	}
	return (uint8_t)(unit >= 'a' && unit <= 'z' ? unit - 32 : unit);
}

struct part {
	bool exact, has_lower, has_upper;
};

static struct part put_part(const uint16_t *units, size_t n, uint8_t *out, size_t room)
{
	struct part p = {.exact = true};
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = short_character(units[i], &p.exact);

		p.has_lower |= units[i] >= 'a' && units[i] <= 'z';
		p.has_upper |= units[i] >= 'A' && units[i] <= 'Z';
		if (c == 0)
			continue;
		if (len == room) {
			p.exact = false;
			break;
		}
		out[len++] = c;
	}
	return p;
}

/* Where the extension begins: behind the last dot that is not the first character; or n. */
static size_t extension_at(const uint16_t *units, size_t n)
{
	for (size_t i = n; i-- > 1;) {
		if (units[i] == '.')
			return i + 1;
	}
	return n;
}

bool fat_short_name(const uint16_t *units, size_t n, uint8_t name[static ENTRY_NAME_BYTES],
		    uint8_t *letter_case, bool *fits)
{
	size_t dot = extension_at(units, n);
	bool has_extension = dot < n;
	struct part base, extension;

	memset(name, ' ', ENTRY_NAME_BYTES);
	base = put_part(units, has_extension ? dot - 1 : n, name, 8);
	extension = put_part(&units[dot], n - dot, &name[8], 3);
	if (name[0] == ' ') {
		name[0] = '_';
		base.exact = false;
	}
	*letter_case = (uint8_t)((base.has_lower ? CASE_BASE_LOWER : 0) |
				 (extension.has_lower ? CASE_EXTENSION_LOWER : 0));
	*fits = base.exact && extension.exact;
	if (*fits && !(base.has_lower && base.has_upper) &&
	    !(extension.has_lower && extension.has_upper))
		return true;
	*letter_case = 0;
	return false;
}

/* FNV-1a over the units, begun with the form, so that each form is another hash. */
static uint32_t hash_of(const uint16_t *units, size_t n, unsigned form)
{
	uint32_t hash = UINT32_C(2166136261) + form;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ units[i]) * UINT32_C(16777619);
	return hash ^ hash >> 16;
}

void fat_short_number(const uint16_t *units, size_t n, const uint8_t base[static ENTRY_NAME_BYTES],
		      unsigned form, unsigned number, uint8_t out[static ENTRY_NAME_BYTES])
{
	size_t len = 0;

	memcpy(out, base, ENTRY_NAME_BYTES);
	while (len < (form == 0 ? 6 : 2) && out[len] != ' ')
		len++;
	if (form > 0) {
		uint32_t hash = hash_of(units, n, form);

		for (unsigned i = 0; i < 4; i++, hash >>= 4)
			out[len++] = (uint8_t) "0123456789ABCDEF"[hash & 15];
	}
	out[len++] = '~';
	out[len++] = (uint8_t)('0' + number);
	while (len < 8)
		out[len++] = ' ';
}
