/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/bytes.h"
#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

/* --- between UTF-8 (RFC 3629) and UTF-16 (RFC 2781) ------------------------------------------- */

/* The next code point, of well-formed UTF-8 only; UINT32_MAX of any other. */
static uint32_t next_point(const uint8_t **at, const uint8_t *end)
{
	uint32_t lead = *(*at)++, point, more;
	uint32_t least; /* that may be said with so many bytes */

	if (lead < 0x80)
		return lead;
	if (lead >= 0xc2 && lead < 0xe0)
		more = 1, least = 0x80, point = lead & 0x1f;
	else if (lead >= 0xe0 && lead < 0xf0)
		more = 2, least = 0x800, point = lead & 0x0f;
	else if (lead >= 0xf0 && lead < 0xf5)
		more = 3, least = 0x10000, point = lead & 0x07;
	else
		return UINT32_MAX;
	for (; more > 0; more--) {
		if (*at == end || (**at & 0xc0) != 0x80)
			return UINT32_MAX;
		point = point << 6 | (*(*at)++ & 0x3f);
	}
	if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return UINT32_MAX;
	return point;
}

static bool is_allowed(uint32_t point)
{
	return point >= 0x20 && (point >= 0x80 || strchr("\"*/:<>?\\|", (int)point) == NULL);
}

ssize_t fat_name_units(const char *text, size_t len, uint16_t out[static FAT_NAME_UNITS_MAX])
{
	const uint8_t *at = (const uint8_t *)text, *end = at + len;
	size_t n = 0;

	/* Others take dots and spaces at the end off a name, and would find another. */
	if (len == 0 || end[-1] == '.' || end[-1] == ' ')
		return ERR_INVALID;
	while (at < end) {
		uint32_t point = next_point(&at, end);

		if (!is_allowed(point) || point == UINT32_MAX ||
		    n + (point >= 0x10000) >= FAT_NAME_UNITS_MAX)
			return ERR_INVALID;
		if (point >= 0x10000) {
			out[n++] = (uint16_t)(0xd7c0 + (point >> 10));
			point = 0xdc00 | (point & 0x3ff);
		}
		out[n++] = (uint16_t)point;
	}
	return (ssize_t)n;
}

static size_t put_point(uint32_t point, uint8_t out[static 4])
{
	if (point < 0x80) {
		out[0] = (uint8_t)point;
		return 1;
	}
	size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t i = n; --i > 0; point >>= 6)
		out[i] = (uint8_t)(0x80 | (point & 0x3f));
	out[0] = (uint8_t)(0xf00 >> n | point);
	return n;
}

size_t fat_name_text(const uint16_t *units, size_t n, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t point = units[i];
		uint8_t bytes[4];

		if (point >= 0xd800 && point < 0xdc00 && i + 1 < n && units[i + 1] >= 0xdc00 &&
		    units[i + 1] < 0xe000)
			point = 0x10000 + ((point & 0x3ff) << 10 | (units[++i] & 0x3ff));
		else if (point >= 0xd800 && point < 0xe000)
			return 0;
		if (!is_allowed(point))
			return 0;
		size_t more = put_point(point, bytes);
		if (more >= size - len)
			return 0;
		memcpy(&out[len], bytes, more);
		len += more;
	}
	if (len > 0 && (out[len - 1] == '.' || out[len - 1] == ' '))
		return 0;
	out[len] = '\0';
	return len;
}

/* --- case ------------------------------------------------------------------------------------- */

/*
 * Capital letters of Latin-1, Greek and Cyrillic as Unicode has them in one unit, which is as far
 * as names on such volumes usually go; others are letters of one case.
 */
static uint16_t fold(uint16_t unit)
{
	if (unit < 0x80)
		return (uint16_t)(unit >= 'a' && unit <= 'z' ? unit - 32 : unit);
	if ((unit >= 0xe0 && unit <= 0xfe && unit != 0xf7) ||
	    (unit >= 0x3b1 && unit <= 0x3cb && unit != 0x3c2) || (unit >= 0x430 && unit <= 0x44f))
		return (uint16_t)(unit - 32);
	if (unit >= 0x450 && unit <= 0x45f)
		return (uint16_t)(unit - 80);
	return unit == 0xff ? 0x178 : unit;
}

/* From the end on: names in a folder often begin alike. */
bool fat_names_match(const uint16_t *a, const uint16_t *b, size_t n)
{
	while (n-- > 0) {
		if (a[n] != b[n] && fold(a[n]) != fold(b[n]))
			return false;
	}
	return true;
}

uint64_t fat_name_bit(const uint16_t *units, size_t n)
{
	uint32_t hash = UINT32_C(2166136261); /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ fold(units[i])) * UINT32_C(16777619);
	return UINT64_C(1) << (hash >> 26);
}

/* --- short names as people see them ----------------------------------------------------------- */

/* Code page 437, which Linux and Windows take unless they are told another. */
static const uint16_t page_437[128] = {
	0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7, 0x00ea, 0x00eb, 0x00e8,
	0x00ef, 0x00ee, 0x00ec, 0x00c4, 0x00c5, 0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2,
	0x00fb, 0x00f9, 0x00ff, 0x00d6, 0x00dc, 0x00a2, 0x00a3, 0x00a5, 0x20a7, 0x0192, 0x00e1,
	0x00ed, 0x00f3, 0x00fa, 0x00f1, 0x00d1, 0x00aa, 0x00ba, 0x00bf, 0x2310, 0x00ac, 0x00bd,
	0x00bc, 0x00a1, 0x00ab, 0x00bb, 0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562,
	0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255d, 0x255c, 0x255b, 0x2510, 0x2514, 0x2534,
	0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f, 0x255a, 0x2554, 0x2569, 0x2566, 0x2560,
	0x2550, 0x256c, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256b,
	0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580, 0x03b1, 0x00df, 0x0393,
	0x03c0, 0x03a3, 0x03c3, 0x00b5, 0x03c4, 0x03a6, 0x0398, 0x03a9, 0x03b4, 0x221e, 0x03c6,
	0x03b5, 0x2229, 0x2261, 0x00b1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00f7, 0x2248, 0x00b0,
	0x2219, 0x00b7, 0x221a, 0x207f, 0x00b2, 0x25a0, 0x00a0,
};

static size_t put_part(const uint8_t *from, size_t len, bool lower, uint16_t *out)
{
	while (len > 0 && from[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = from[i];

		if (c >= 0x80)
			out[i] = page_437[c - 0x80];
		else
			out[i] = (uint16_t)(lower && c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return len;
}

size_t fat_short_units(const uint8_t *entry, uint16_t out[static 12])
{
	uint8_t base[8], letter_case = entry[ENTRY_CASE];

	memcpy(base, entry, sizeof(base));
	if (base[0] == ENTRY_IS_E5)
		base[0] = 0xe5;
	size_t n = put_part(base, sizeof(base), (letter_case & CASE_BASE_LOWER) != 0, out);
	size_t more = put_part(&entry[8], 3, (letter_case & CASE_EXTENSION_LOWER) != 0,
			       &out[MIN(n + 1, 9)]);
	if (more == 0)
		return n;
	out[n] = '.';
	return n + 1 + more;
}

/* ChkSum() of the specification: rotate to the right and add. */
uint8_t fat_short_checksum(const uint8_t *short_name)
{
	uint8_t sum = 0;

	for (unsigned i = 0; i < ENTRY_NAME_BYTES; i++)
		sum = (uint8_t)((sum >> 1 | sum << 7) + short_name[i]);
	return sum;
}
