/* SPDX-License-Identifier: ISC */
/*
 * snprintf() and vsnprintf(): integers, characters and strings.
 *
 * They take the place of newlib's small variants, which know neither %zu nor %llu and would print
 * every 64-bit number wrong on a 32-bit machine, and which bring along a part of stdio.
 * Conversions: d i u x X o c s p %; flags - 0 + space #; width, precision, *; lengths hh h l ll j z
 * t.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/divide.h"

/* Output: counts everything, stores what fits. */
struct sink {
	char *at, *end; /* `end` is where the NUL may go at the latest */
	size_t count;
};

/* Flags: the bit of a character is its distance from a space. */
enum {
	SPACE = 1 << (' ' - ' '),
	ALTERNATE = 1 << ('#' - ' '),
	PLUS = 1 << ('+' - ' '),
	LEFT = 1 << ('-' - ' '),
	ZERO = 1 << ('0' - ' '),
	FLAGS = SPACE | ALTERNATE | PLUS | LEFT | ZERO,
};

struct spec {
	unsigned flags;
	int width, precision; /* precision < 0: none was given */
	size_t bytes;         /* of an integer argument */
	unsigned base;
	char small;         /* the bit that makes a capital a small letter, or 0 */
	const char *prefix; /* a sign, or 0x */
};

enum { SMALL = 'a' - 'A', DIGITS_MAX = sizeof(uintmax_t) * CHAR_BIT / 3 + 1 };

/* Writes `n` characters from `text` on or, with `step` 0, as many times the first. */
static void put(struct sink *s, const char *text, size_t n, unsigned step)
{
	s->count += n;
	for (; n > 0 && s->at < s->end; n--, text += step)
		*s->at++ = *text;
}

/* Writes prefix and body in the width: spaces, prefix, zeros, body, spaces. */
static void put_field(struct sink *s, const struct spec *f, size_t zeros, const char *body,
		      size_t body_len)
{
	size_t prefix_len = strlen(f->prefix), width = (size_t)f->width;
	size_t used = prefix_len + zeros + body_len;
	size_t room = width > used ? width - used : 0;
	size_t left = (f->flags & LEFT) != 0 ? 0 : room;

	put(s, " ", left, 0);
	put(s, f->prefix, prefix_len, 1);
	put(s, "0", zeros, 0);
	put(s, body, body_len, 1);
	put(s, " ", room - left, 0);
}

static UNGUARDED void put_number(struct sink *s, struct spec *f, uintmax_t n)
{
	char text[DIGITS_MAX];
	char *first = text + sizeof(text);
	int len, zeros;

	if ((f->flags & ALTERNATE) != 0 && f->base == 16 && n != 0)
		f->prefix = f->small != 0 ? "0x" : "0X";
	while (n != 0) {
		uint32_t digit;

		n = divide(n, f->base, &digit);
		*--first = "0123456789ABCDEF"[digit] | f->small;
	}
	len = (int)(text + sizeof(text) - first);
	zeros = (f->precision >= 0 ? f->precision : 1) - len;
	if ((f->flags & ALTERNATE) != 0 && f->base == 8)
		zeros = MAX(zeros, 1);
	if (f->precision < 0 && (f->flags & (ZERO | LEFT)) == ZERO)
		zeros = MAX(zeros, f->width - len - (int)strlen(f->prefix));
	put_field(s, f, (size_t)MAX(zeros, 0), first, (size_t)len);
}

static void put_string(struct sink *s, const struct spec *f, const char *text)
{
	if (text == NULL)
		text = "(null)";
	put_field(s, f, 0, text, strnlen(text, f->precision < 0 ? SIZE_MAX : (size_t)f->precision));
}

static unsigned parse_flags(const char **format)
{
	unsigned flags = 0;

	for (;; ++*format) {
		unsigned place = (unsigned char)**format - (unsigned)' ';
		unsigned bit = place < 32 ? 1u << place : 0;

		if ((bit & FLAGS) == 0)
			return flags;
		flags |= bit;
	}
}

/*
 * An integer or a pointer of so many bytes. In one place: to take an argument is a dozen
 * instructions on 64-bit Arm.
 */
static APART uintmax_t next_argument(size_t bytes, va_list *ap)
{
	return bytes > sizeof(int) ? va_arg(*ap, unsigned long long) : va_arg(*ap, unsigned);
}

/* A width or a precision: digits, or * for an argument. */
static int parse_int(const char **format, va_list *ap)
{
	int n = 0;

	if (**format == '*') {
		++*format;
		return (int)next_argument(sizeof(int), ap);
	}
	for (; **format >= '0' && **format <= '9'; ++*format)
		n = n < INT_MAX / 100 ? n * 10 + (**format - '0') : n;
	return n;
}

/* Steps over a length modifier and returns the bytes of the argument's type. */
static size_t parse_length(const char **format)
{
	char c = **format;
	bool twice;

	switch (c) {
	case 'h':
	case 'l':
		twice = *++*format == c;
		*format += twice;
		if (c == 'h')
			return twice ? sizeof(char) : sizeof(short);
		return twice ? sizeof(long long) : sizeof(long);
	case 'j':
		++*format;
		return sizeof(intmax_t);
	case 'z':
	case 't':
		++*format;
		return sizeof(size_t);
	default:
		return sizeof(int);
	}
}

/* An integer argument; what is shorter than an int was passed as one. */
static uintmax_t next_integer(const struct spec *f, va_list *ap, bool is_signed)
{
	unsigned unused = (unsigned)(sizeof(uintmax_t) - f->bytes) * CHAR_BIT;
	uintmax_t n = next_argument(f->bytes, ap) << unused;

	return is_signed ? (uintmax_t)((intmax_t)n >> unused) : n >> unused;
}

/* The magnitude of a number, whose sign becomes the prefix. */
static uintmax_t take_sign(struct spec *f, intmax_t n)
{
	f->prefix = n < 0 ? "-" : (f->flags & PLUS) != 0 ? "+" : (f->flags & SPACE) != 0 ? " " : "";
	return n < 0 ? -(uintmax_t)n : (uintmax_t)n;
}

static void put_integer(struct sink *s, struct spec *f, char conversion, va_list *ap)
{
	bool is_signed = conversion == 'd' || conversion == 'i';
	uintmax_t n = next_integer(f, ap, is_signed);

	put_number(s, f, is_signed ? take_sign(f, (intmax_t)n) : n);
}

static void put_conversion(struct sink *s, struct spec *f, char conversion, va_list *ap)
{
	char c;

	switch (conversion) {
	case 's':
		put_string(s, f, (const char *)(uintptr_t)next_argument(sizeof(char *), ap));
		break;
	case 'c':
		c = (char)next_argument(sizeof(int), ap);
		put_field(s, f, 0, &c, 1);
		break;
	case 'p':
		f->bytes = sizeof(void *);
		f->flags |= ALTERNATE;
		f->base = 16;
		put_integer(s, f, conversion, ap);
		break;
	case 'X':
		f->small = 0;
		/* fall through */
	case 'x':
	case 'o':
		f->base = conversion == 'o' ? 8 : 16;
		/* fall through */
	case 'd':
	case 'i':
	case 'u':
		put_integer(s, f, conversion, ap);
		break;
	default: /* %% and what is not known */
		put(s, &conversion, 1, 0);
	}
}

/* One conversion, from behind its '%'. */
static const char *convert(struct sink *s, const char *format, va_list *ap)
{
	struct spec f = {.precision = -1, .base = 10, .small = SMALL, .prefix = ""};

	f.flags = parse_flags(&format);
	f.width = parse_int(&format, ap);
	if (f.width < 0) {
		f.flags |= LEFT;
		f.width = -MAX(f.width, -INT_MAX);
	}
	if (*format == '.') {
		format++;
		f.precision = parse_int(&format, ap);
	}
	f.bytes = parse_length(&format);
	if (*format == '\0')
		return format;
	put_conversion(s, &f, *format, ap);
	return format + 1;
}

USED int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
	char none;
	struct sink s = {.at = buffer, .end = buffer + size - 1};
	va_list ap;

	if (size == 0)
		s = (struct sink){.at = &none, .end = &none};
	va_copy(ap, arguments);
	while (*format != '\0') {
		size_t literal = strcspn(format, "%");
		put(&s, format, literal, 1);
		format += literal;
		if (*format == '%')
			format = convert(&s, format + 1, &ap);
	}
	va_end(ap);
	*s.at = '\0';
	return (int)MIN(s.count, (size_t)INT_MAX);
}

USED NO_FLOATS int snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(buffer, size, format, ap);
	va_end(ap);
	return n;
}
