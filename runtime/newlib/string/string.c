/* SPDX-License-Identifier: ISC */
/*
 * The C library's functions on strings, short. See memory.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

USED size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n] != '\0')
		n++;
	return n;
}

USED size_t strlen(const char *s)
{
	return strnlen(s, SIZE_MAX);
}

USED int strcmp(const char *a, const char *b)
{
	while (*a == *b && *a != '\0') {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}

/* How many characters at `s` are of `set`, or are not. */
static size_t span(const char *s, const char *set, bool of)
{
	size_t n = 0;

	for (; s[n] != '\0'; n++) {
		const char *c = set;
		while (*c != '\0' && *c != s[n])
			c++;
		if ((*c != '\0') != of)
			break;
	}
	return n;
}

USED size_t strspn(const char *s, const char *set)
{
	return span(s, set, true);
}

USED size_t strcspn(const char *s, const char *set)
{
	return span(s, set, false);
}
