/* SPDX-License-Identifier: ISC */
#include "storage/tar/tar_format.h"

#include <string.h>

/* Fields of a header: where they are and how long (POSIX.1-2017, pax, "ustar Header Block"). */
enum {
	NAME_AT = 0,
	NAME = 100,
	SIZE_AT = 124,
	SIZE = 12,
	MTIME_AT = 136,
	MTIME = 12,
	CHECKSUM_AT = 148,
	CHECKSUM = 8,
	TYPE_AT = 156,
	LINK_AT = 157,
	LINK = 100,
	MAGIC_AT = 257,
	PREFIX_AT = 345,
	PREFIX = 155,
	BLOCK = 512,
};

bool tar_is_end(const uint8_t *block)
{
	for (unsigned i = 0; i < BLOCK; i++) {
		if (block[i] != 0)
			return false;
	}
	return true;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* Octal digits, with spaces in front, up to a space or NUL. Nothing at all is 0. */
static bool parse_octal(const uint8_t *field, size_t len, uint64_t *out)
{
	size_t i = 0;

	for (*out = 0; i < len && field[i] == ' '; i++)
		;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++) {
		if (*out >> 60 != 0)
			return false;
		*out = *out << 3 | (uint64_t)(field[i] - '0');
	}
	return i == len || field[i] == ' ' || field[i] == '\0';
}

/* GNU: the highest bit is set, and the rest is the number in binary; negative with the next one. */
static bool parse_base_256(const uint8_t *field, size_t len, uint64_t *out)
{
	*out = field[0] & 0x7f;
	for (size_t i = 1; i < len; i++) {
		if (*out >> 55 != 0)
			return false;
		*out = *out << 8 | field[i];
	}
	return true;
}

static bool parse_number(const uint8_t *field, size_t len, uint64_t *out)
{
	return (field[0] & 0x80) != 0 ? parse_base_256(field, len, out)
				      : parse_octal(field, len, out);
}

/* The sum of all bytes, with the checksum's own as spaces; some made it of signed ones. */
static bool checksum_is_right(const uint8_t *block)
{
	uint64_t sum = 0, wanted;
	int64_t signed_sum = 0;

	if (!parse_octal(block + CHECKSUM_AT, CHECKSUM, &wanted))
		return false;
	for (unsigned i = 0; i < BLOCK; i++) {
		bool own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM;
		uint8_t byte = own ? ' ' : block[i];
		sum += byte;
		signed_sum += (int8_t)byte;
	}
	return wanted == sum || (signed_sum >= 0 && wanted == (uint64_t)signed_sum);
}

/* --- names ----------------------------------------------------------------------------------- */

void tar_name_set(struct tar_name *name, const void *text, size_t len)
{
	const char *end = memchr(text, '\0', len);

	name->len = end != NULL ? (size_t)(end - (const char *)text) : len;
	memcpy(name->text, text, MIN(name->len, sizeof(name->text)));
}

/* PREFIX, a slash, NAME: both end with a NUL or fill their fields. */
static GUARDED void set_with_prefix(struct tar_name *name, const uint8_t *block)
{
	char both[PREFIX + 1 + NAME];
	const uint8_t *prefix = block + PREFIX_AT;
	const uint8_t *end = memchr(prefix, '\0', PREFIX);
	size_t len = end != NULL ? (size_t)(end - prefix) : PREFIX;

	memcpy(both, prefix, len);
	if (len > 0)
		both[len++] = '/';
	memcpy(both + len, block + NAME_AT, NAME);
	tar_name_set(name, both, len + NAME);
}

bool tar_name_to_key(const struct tar_name *name, struct kv_name *key, bool *is_folder)
{
	*key = (struct kv_name){name->text, name->len};
	*is_folder = false;
	if (name->len > sizeof(name->text))
		return false;
	while (key->len >= 2 && key->at[0] == '.' && key->at[1] == '/') {
		key->at += 2;
		key->len -= 2;
	}
	while (key->len > 0 && key->at[key->len - 1] == '/') {
		key->len--;
		*is_folder = true;
	}
	return kv_key_is_valid(key->at, key->len);
}

/* --- headers --------------------------------------------------------------------------------- */

enum err tar_header_parse(struct tar_header *h, const uint8_t *block)
{
	if (!checksum_is_right(block) || !parse_number(block + SIZE_AT, SIZE, &h->bytes))
		return ERR_DAMAGED;
	if (!parse_number(block + MTIME_AT, MTIME, &h->modified_s) ||
	    (block[MTIME_AT] & 0xc0) == 0xc0)
		h->modified_s = 0;
	h->type = (char)block[TYPE_AT];
	/* GNU's own magic is "ustar " and has other things where the prefix is. */
	if (memcmp(block + MAGIC_AT, "ustar", 6) == 0)
		set_with_prefix(&h->name, block);
	else
		tar_name_set(&h->name, block + NAME_AT, NAME);
	tar_name_set(&h->link, block + LINK_AT, LINK);
	return OK;
}

/* --- extended headers ------------------------------------------------------------------------ */

/* Decimal digits at the front of `text`; false if there are none or too many. */
static bool take_decimal(const char **text, size_t *len, uint64_t *out)
{
	size_t before = *len;

	for (*out = 0; *len > 0 && **text >= '0' && **text <= '9'; ++*text, --*len) {
		if (*out > UINT64_MAX / 10 - 1)
			return false;
		*out = *out * 10 + (uint64_t)(**text - '0');
	}
	return *len < before;
}

static bool is_key(const char *key, size_t len, const char *wanted)
{
	return strlen(wanted) == len && memcmp(key, wanted, len) == 0;
}

/* Of a value that is longer than what is here only the beginning is: enough to see that. */
static enum err note(struct tar_overrides *o, const char *key, size_t key_len, const char *value,
		     size_t here, size_t len)
{
	if (is_key(key, key_len, "path") || is_key(key, key_len, "linkpath")) {
		bool is_name = key[0] == 'p';
		struct tar_name *name = is_name ? &o->name : &o->link;
		tar_name_set(name, value, here);
		name->len = here < len ? SIZE_MAX : name->len;
		*(is_name ? &o->has_name : &o->has_link) = true;
	} else if (is_key(key, key_len, "size")) {
		o->has_bytes = take_decimal(&value, &here, &o->bytes) && here == 0;
		return o->has_bytes ? OK : ERR_DAMAGED;
	} else if (is_key(key, key_len, "mtime")) {
		/* With a fraction that nobody needs, or negative. */
		o->has_modified = true;
		if (!take_decimal(&value, &here, &o->modified_s))
			o->modified_s = 0;
	}
	return OK;
}

enum err tar_record_parse(struct tar_overrides *o, const char *text, size_t len, uint64_t left,
			  uint64_t *record_bytes)
{
	const char *at = text;
	size_t here = len;

	if (!take_decimal(&at, &here, record_bytes) || *record_bytes > left || here == 0 ||
	    at[0] != ' ')
		return ERR_DAMAGED;
	at++;
	const size_t front = (size_t)(at - text);
	if (*record_bytes <= front)
		return ERR_DAMAGED;
	here = (size_t)MIN((uint64_t)len, *record_bytes) - front;
	const char *equals = memchr(at, '=', here);
	if (equals == NULL)
		return *record_bytes > len ? OK : ERR_DAMAGED; /* a long key is none of ours */
	const size_t key_len = (size_t)(equals - at), before = front + key_len + 1;
	uint64_t value_len = *record_bytes - before; /* with the line feed at its end */
	size_t value_here = (size_t)MIN(value_len, (uint64_t)(len - before));
	if (value_len == 0 || (value_here == value_len && equals[value_len] != '\n'))
		return ERR_DAMAGED;
	if (value_here == value_len)
		value_here--;
	return note(o, at, key_len, equals + 1, value_here,
		    (size_t)MIN(value_len - 1, (uint64_t)SIZE_MAX / 2));
}
