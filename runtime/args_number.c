/* SPDX-License-Identifier: ISC */
/*
 * Keys that are numbers, with and without units.
 */
#include <stdio.h>

#include "base/attr.h"
#include "base/text.h"
#include "runtime/args_internal.h"

enum { US_PER_MS = 1000, US_PER_S = 1000000 };

struct unit {
	const char *name;
	uint64_t factor;
};

/* The first that a text ends with, exactly, counts; printing takes the first that divides. */
static const struct unit plain_units[] = {{"", 1}, {NULL, 0}};
static const struct unit size_units[] = {{"G", 1 << 30}, {"M", 1 << 20}, {"k", 1 << 10},
					 {"K", 1 << 10}, {"", 1},        {NULL, 0}};
static const struct unit duration_units[] = {{"h", 3600ull * US_PER_S},
					     {"min", 60ull * US_PER_S},
					     {"s", US_PER_S},
					     {"ms", US_PER_MS},
					     {"us", 1},
					     {NULL, 0}};

bool args_parse_digits(const char **text, uint64_t *n)
{
	const char *at = *text;
	uint64_t value = 0;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (unsigned)(*at - '0'), &value))
			return false;
	}
	bool some = at != *text;
	*text = at;
	*n = value;
	return some;
}

static bool parse_number(const struct unit *units, const char *text, uint64_t *n)
{
	if (!args_parse_digits(&text, n))
		return false;
	for (; units->name != NULL; units++) {
		if (text_equal(units->name, text))
			return !__builtin_mul_overflow(*n, units->factor, n);
	}
	return false;
}

/* Writes a number as a person would: "64k", "3s", "80". */
static int format_number(const struct unit *u, uint64_t n, char *text, size_t bytes)
{
	while (u[1].name != NULL && (n == 0 || n % u->factor != 0))
		u++;
	return snprintf(text, bytes, "%llu%s", (unsigned long long)(n / u->factor), u->name);
}

/* From which value to which `key` goes if its type goes up to `type_max`. */
static struct key_limits limits_of(const struct key *key, uint64_t type_max)
{
	const struct key_limits *limits = key->limits;

	return limits == NULL ? (struct key_limits){0, type_max}
			      : (struct key_limits){limits->min, MIN(limits->max, type_max)};
}

static enum err parse_within(const struct key *key, const struct unit *units, uint64_t type_max,
			     const char *text, uint64_t *n)
{
	if (!parse_number(units, text, n))
		return ERR_INVALID;
	const struct key_limits limits = limits_of(key, type_max);
	return *n < limits.min || *n > limits.max ? ERR_RANGE : OK;
}

static UNGUARDED void format_limits(const struct key *key, const struct unit *units,
				    uint64_t type_max, char text[static KEY_TEXT_BYTES])
{
	const struct key_limits limits = limits_of(key, type_max);
	char low[24], high[24];

	format_number(units, limits.min, low, sizeof(low));
	format_number(units, limits.max, high, sizeof(high));
	if (limits.max != UINT64_MAX)
		snprintf(text, KEY_TEXT_BYTES, "from %s to %s", low, high);
	else if (limits.min != 0)
		snprintf(text, KEY_TEXT_BYTES, "from %s up", low);
	else
		text[0] = '\0';
}

/* The functions of a type: of variables of type `variable` up to `type_max`. */
#define NUMBER(name, variable, type_max, units)                                                    \
	static enum err parse_##name(const struct key *key, char *text)                            \
	{                                                                                          \
		uint64_t n;                                                                        \
		enum err e = parse_within(key, units, type_max, text, &n);                         \
		if (e == OK)                                                                       \
			*(variable *)key->value = (variable)n;                                     \
		return e;                                                                          \
	}                                                                                          \
	static void format_##name(const struct key *key, char text[static KEY_TEXT_BYTES])         \
	{                                                                                          \
		format_number(units, *(const variable *)key->value, text, KEY_TEXT_BYTES);         \
	}                                                                                          \
	static void format_##name##_range(const struct key *key, char text[static KEY_TEXT_BYTES]) \
	{                                                                                          \
		format_limits(key, units, type_max, text);                                         \
	}

NUMBER(u16, uint16_t, UINT16_MAX, plain_units)
NUMBER(u32, uint32_t, UINT32_MAX, plain_units)
NUMBER(size, uint64_t, UINT64_MAX, size_units)
NUMBER(duration, uint64_t, UINT64_MAX, duration_units)

static void limits_of_int(const struct key *key, int64_t *min, int64_t *max)
{
	const struct key_limits *limits = key->limits;

	*min = limits == NULL ? INT64_MIN : (int64_t)limits->min;
	*max = limits == NULL ? INT64_MAX : (int64_t)limits->max;
}

static enum err parse_int(const struct key *key, char *text)
{
	bool negative = *text == '-';
	uint64_t n;
	int64_t min, max;

	if (!parse_number(plain_units, text + negative, &n))
		return ERR_INVALID;
	if (n > (uint64_t)INT64_MAX + negative)
		return ERR_RANGE;
	/* Two's complement: negated as an unsigned number, INT64_MIN does not overflow. */
	int64_t value = (int64_t)(negative ? -n : n);
	limits_of_int(key, &min, &max);
	if (value < min || value > max)
		return ERR_RANGE;
	*(int64_t *)key->value = value;
	return OK;
}

static void format_int(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	snprintf(text, KEY_TEXT_BYTES, "%lld", (long long)*(const int64_t *)key->value);
}

static void format_int_range(const struct key *key, char text[static KEY_TEXT_BYTES])
{
	int64_t min, max;
	limits_of_int(key, &min, &max);
	if (max != INT64_MAX)
		snprintf(text, KEY_TEXT_BYTES, "from %lld to %lld", (long long)min, (long long)max);
	else if (min != INT64_MIN)
		snprintf(text, KEY_TEXT_BYTES, "from %lld up", (long long)min);
	else
		text[0] = '\0';
}

const struct key_type key_int = {
	.placeholder = "NUMBER",
	.expected = "a whole number",
	.parse = parse_int,
	.format = format_int,
	.format_range = format_int_range,
};

const struct key_type key_u16 = {
	.placeholder = "NUMBER",
	.expected = "a number",
	.parse = parse_u16,
	.format = format_u16,
	.format_range = format_u16_range,
};

const struct key_type key_u32 = {
	.placeholder = "NUMBER",
	.expected = "a number",
	.parse = parse_u32,
	.format = format_u32,
	.format_range = format_u32_range,
};

const struct key_type key_size = {
	.placeholder = "SIZE",
	.expected = "a size such as 64k or 16M",
	.parse = parse_size,
	.format = format_size,
	.format_range = format_size_range,
};

const struct key_type key_duration = {
	.placeholder = "TIME",
	.expected = "a duration such as 10ms, 3s or 5min",
	.parse = parse_duration,
	.format = format_duration,
	.format_range = format_duration_range,
};
