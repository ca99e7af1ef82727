/* SPDX-License-Identifier: ISC */
/*
 * The types by name, and their values as C.
 */
#include "runtime/args_types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"

struct row {
	struct key_type_info info;
	/* Writes a value as a C initialiser; returns the length of all of it, as snprintf() does.
	 */
	int (*put)(const void *value, char *out, size_t out_bytes);
};

static int put_int(const void *value, char *out, size_t out_bytes)
{
	int64_t n = *(const int64_t *)value;
	/* C has no negative constants: the least number would be one that is too great, negated. */
	if (n == INT64_MIN)
		return snprintf(out, out_bytes, "INT64_MIN");
	return snprintf(out, out_bytes, "%" PRId64, n);
}

static int put_u16(const void *value, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "%u", *(const uint16_t *)value);
}

static int put_u32(const void *value, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "%" PRIu32 "u", *(const uint32_t *)value);
}

static int put_u64(const void *value, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "%" PRIu64 "ull", *(const uint64_t *)value);
}

/* One character of a string: printable ASCII stays, the rest becomes three octal digits. */
static int put_character(unsigned char c, char *out, size_t out_bytes)
{
	/* Two question marks could begin a trigraph. */
	if (c == '"' || c == '\\' || c == '?')
		return snprintf(out, out_bytes, "\\%c", c);
	if (c == '\n')
		return snprintf(out, out_bytes, "\\n");
	if (c >= ' ' && c <= '~')
		return snprintf(out, out_bytes, "%c", c);
	return snprintf(out, out_bytes, "\\%03o", c);
}

static int put_string(const void *value, char *out, size_t out_bytes)
{
	const char *s = *(const char *const *)value;
	size_t len = (size_t)snprintf(out, out_bytes, "\"");
	for (; *s != '\0'; s++) {
		size_t at = MIN(len, out_bytes);
		len += (size_t)put_character((unsigned char)*s, out + at, out_bytes - at);
	}
	size_t at = MIN(len, out_bytes);
	return (int)len + snprintf(out + at, out_bytes - at, "\"");
}

static int put_enum(const void *value, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "%u", *(const unsigned *)value);
}

static int put_ipv4(const void *value, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "0x%08" PRIx32, *(const uint32_t *)value);
}

static int put_ipv4_prefix(const void *value, char *out, size_t out_bytes)
{
	const struct ipv4_prefix *p = value;
	return snprintf(out, out_bytes, "{.addr = 0x%08" PRIx32 ", .bits = %u}", p->addr, p->bits);
}

static int put_ipv4_port(const void *value, char *out, size_t out_bytes)
{
	const struct key_ipv4_port *p = value;
	return snprintf(out, out_bytes, "{.addr = 0x%08" PRIx32 ", .port = %u}", p->addr, p->port);
}

static GUARDED int put_ipv4_route(const void *value, char *out, size_t out_bytes)
{
	const struct ipv4_route *r = value;
	char dst[40];
	(void)put_ipv4_prefix(&r->dst, dst, sizeof(dst));
	return snprintf(out, out_bytes, "{.dst = %s, .gateway = 0x%08" PRIx32 "}", dst, r->gateway);
}

/* Host and target have the same byte order (base/bytes.h), so the words have the same values. */
static int put_ipv6(const void *value, char *out, size_t out_bytes)
{
	const struct ip_addr *a = value;
	return snprintf(out, out_bytes,
			"{.word = {0x%08" PRIx32 ", 0x%08" PRIx32 ", 0x%08" PRIx32 ", 0x%08" PRIx32
			"}}",
			a->word[0], a->word[1], a->word[2], a->word[3]);
}

static GUARDED int put_ipv6_prefix(const void *value, char *out, size_t out_bytes)
{
	const struct ipv6_prefix *p = value;
	char addr[80];
	(void)put_ipv6(&p->addr, addr, sizeof(addr));
	return snprintf(out, out_bytes, "{.addr = %s, .bits = %u}", addr, p->bits);
}

static int put_mac(const void *value, char *out, size_t out_bytes)
{
	const uint8_t *m = value;
	return snprintf(out, out_bytes, "{0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x}", m[0],
			m[1], m[2], m[3], m[4], m[5]);
}

static enum err emit_bool(const struct key *key, const char *text, char *out, size_t out_bytes);
static enum err emit_one(const struct key *key, const char *text, char *out, size_t out_bytes);
static enum err emit_list(const struct key *key, const char *text, char *out, size_t out_bytes);

#define TYPE(NAME, C_TYPE, C_ARRAY, EMIT, PUT, RANGE, MAX, ABOUT)                                  \
	{                                                                                          \
		.info = {.name = #NAME,                                                            \
			 .type = &key_##NAME,                                                      \
			 .symbol = "key_" #NAME,                                                   \
			 .c_type = #C_TYPE,                                                        \
			 .c_array = #C_ARRAY,                                                      \
			 .bytes = sizeof(C_TYPE C_ARRAY),                                          \
			 .range = KEY_RANGE_##RANGE,                                               \
			 .range_max = MAX,                                                         \
			 .about = ABOUT,                                                           \
			 .emit = EMIT},                                                            \
		.put = PUT                                                                         \
	}
#define NUMBER(NAME, C_TYPE, PUT, RANGE, MAX, ABOUT)                                               \
	TYPE(NAME, C_TYPE, , emit_one, PUT, RANGE, MAX, ABOUT)
#define OTHER(NAME, C_TYPE, C_ARRAY, PUT, ABOUT)                                                   \
	TYPE(NAME, C_TYPE, C_ARRAY, emit_one, PUT, NONE, 0, ABOUT)

static const struct row rows[] = {
	TYPE(bool, bool, , emit_bool, NULL, NONE, 0, "a switch, on or off"),
	NUMBER(int, int64_t, put_int, SIGNED, INT64_MAX, "a whole number, which may be negative"),
	NUMBER(u16, uint16_t, put_u16, UNSIGNED, UINT16_MAX, "a number from 0 to 65535"),
	NUMBER(u32, uint32_t, put_u32, UNSIGNED, UINT32_MAX, "a number from 0 to 4294967295"),
	NUMBER(size, uint64_t, put_u64, UNSIGNED, UINT64_MAX, "bytes, such as 512, 64k, 16M or 2G"),
	NUMBER(duration, uint64_t, put_u64, UNSIGNED, UINT64_MAX,
	       "a time such as 50us, 10ms, 3s, 5min or 1h"),
	OTHER(string, const char *, , put_string, "a text"),
	OTHER(enum, unsigned, , put_enum, "one word of a few"),
	OTHER(ipv4, uint32_t, , put_ipv4, "an IPv4 address such as 10.0.2.2"),
	OTHER(ipv4_prefix, struct ipv4_prefix, , put_ipv4_prefix,
	      "an IPv4 address and prefix length such as 10.0.2.15/24"),
	OTHER(ipv4_port, struct key_ipv4_port, , put_ipv4_port,
	      "an IPv4 address and port such as 10.0.2.2:7"),
	OTHER(ipv4_route, struct ipv4_route, , put_ipv4_route,
	      "a network and the router to it such as 10.1.0.0/16:10.0.2.9"),
	OTHER(ipv6, struct ip_addr, , put_ipv6, "an IPv6 address such as fd00::2"),
	OTHER(ipv6_prefix, struct ipv6_prefix, , put_ipv6_prefix,
	      "an IPv6 address and prefix length such as fd00::2/64"),
	OTHER(ipv6_auto, struct ipv6_prefix, , put_ipv6_prefix,
	      "an IPv6 address and prefix length such as fd00::2/64, or auto"),
	OTHER(ip, struct ip_addr, , put_ipv6,
	      "an IPv4 or IPv6 address such as 10.0.2.2 or fd00::2"),
	OTHER(mac, uint8_t, [6], put_mac, "the address of a station such as 52:54:00:12:34:56"),
	TYPE(list, struct key_list, , emit_list, NULL, NONE, 0,
	     "values of one type with commas between"),
};

static const struct row *row_of(const struct key_type *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].info.type == type)
			return &rows[i];
	}
	return NULL;
}

const struct key_type_info *key_type_info_at(size_t i)
{
	return i < ARRAY_SIZE(rows) ? &rows[i].info : NULL;
}

const struct key_type_info *key_type_info_of(const struct key_type *type)
{
	const struct row *row = row_of(type);
	return row != NULL ? &row->info : NULL;
}

const struct key_type *key_type_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (text_equal(rows[i].info.name, name))
			return rows[i].info.type;
	}
	return NULL;
}

static enum err emit_bool(const struct key *key, const char *text, char *out, size_t out_bytes)
{
	bool on = text_equal(text, "on") || text_equal(text, "true");
	(void)key;
	if (!on && !text_equal(text, "off") && !text_equal(text, "false"))
		return ERR_INVALID;
	int len = snprintf(out, out_bytes, on ? "true" : "false");
	return (size_t)len < out_bytes ? OK : ERR_NOMEM;
}

/* Parses a copy of `text` into `value`; *copy, to which strings point, is the caller's to free. */
static enum err parse_copy(const struct key *key, const char *text, void *value, char **copy)
{
	struct key at_value = *key;
	at_value.value = value;
	*copy = strdup(text);
	return *copy != NULL ? key->type->parse(&at_value, *copy) : ERR_NOMEM;
}

static enum err emit_one(const struct key *key, const char *text, char *out, size_t out_bytes)
{
	ALIGNED(8) unsigned char value[KEY_LIST_ITEM_BYTES_MAX];
	char *copy;
	enum err e = parse_copy(key, text, value, &copy);
	if (e == OK && (size_t)row_of(key->type)->put(value, out, out_bytes) >= out_bytes)
		e = ERR_NOMEM;
	free(copy);
	return e;
}

/* "{first, second}", or "{0}". */
static enum err put_items(const struct key_list_info *info, const struct key_list *list, char *out,
			  size_t out_bytes)
{
	const struct row *row = row_of(info->type);
	const char *item = list->items;
	size_t len = (size_t)snprintf(out, out_bytes, list->count > 0 ? "{" : "{0");

	for (unsigned i = 0; i < list->count && len < out_bytes; i++) {
		len += (size_t)snprintf(out + len, out_bytes - len, i > 0 ? ", " : "");
		if (len < out_bytes)
			len += (size_t)row->put(item + i * info->item_bytes, out + len,
						out_bytes - len);
	}
	if (len < out_bytes)
		len += (size_t)snprintf(out + len, out_bytes - len, "}");
	return len < out_bytes ? OK : ERR_NOMEM;
}

enum err key_list_emit(const struct key *key, const char *text, char *out, size_t out_bytes,
		       unsigned *count)
{
	const struct key_list_info *info = key->info;
	/* One more: a request for no bytes may be answered with NULL. */
	struct key_list list = {.items = calloc((size_t)info->items_max + 1, info->item_bytes)};
	char *copy = NULL;

	enum err e = list.items != NULL ? parse_copy(key, text, &list, &copy) : ERR_NOMEM;
	if (e == OK)
		e = put_items(info, &list, out, out_bytes);
	*count = e == OK ? list.count : 0;
	free(copy);
	free(list.items);
	return e;
}

static enum err emit_list(const struct key *key, const char *text, char *out, size_t out_bytes)
{
	unsigned count;
	return key_list_emit(key, text, out, out_bytes, &count);
}
