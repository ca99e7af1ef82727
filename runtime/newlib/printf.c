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

struct spec {
	bool left, zero, plus, space, alternate, upper;
	int width, precision; /* precision < 0: none was given */
	unsigned base;
};

enum { DIGITS_MAX = sizeof(uintmax_t) * CHAR_BIT / 3 + 1 };

static void put(struct sink *s, const char *bytes, size_t n)
{
	s->count += n;
	for (; n > 0 && s->at < s->end; n--)
		*s->at++ = *bytes++;
}

static void pad(struct sink *s, char c, int n)
{
	while (n-- > 0)
		put(s, &c, 1);
}

/* Writes prefix and body in the width: spaces, prefix, zeros, body, spaces. */
static void put_field(struct sink *s, const struct spec *f, const char *prefix, int zeros,
		      const char *body, size_t body_len)
{
	size_t prefix_len = strlen(prefix);
	int room = f->width - (int)prefix_len - zeros - (int)MIN(body_len, (size_t)INT_MAX / 4);
	if (!f->left)
		pad(s, ' ', room);
	put(s, prefix, prefix_len);
	pad(s, '0', zeros);
	put(s, body, body_len);
	if (f->left)
		pad(s, ' ', room);
}

static void put_number(struct sink *s, const struct spec *f, uintmax_t n, const char *sign)
{
	const char *digits = f->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[DIGITS_MAX];
	char *first = text + sizeof(text);
	const char *prefix = sign;

	if (f->alternate && f->base == 16 && n != 0)
		prefix = f->upper ? "0X" : "0x";
	/* Division of 64-bit numbers is slow on small machines: only while the number needs it. */
	while (n > ULONG_MAX) {
		uint32_t digit;
		n = divide(n, f->base, &digit);
		*--first = digits[digit];
	}
	for (unsigned long m = (unsigned long)n; m != 0; m /= f->base)
		*--first = digits[m % f->base];
	int len = (int)(text + sizeof(text) - first), zeros = 0;
	if (f->precision >= 0)
		zeros = f->precision - len;
	else if (len == 0)
		zeros = 1;
	if (f->alternate && f->base == 8 && zeros <= 0)
		zeros = 1;
	if (f->precision < 0 && f->zero && !f->left)
		zeros = MAX(zeros, f->width - len - (int)strlen(prefix));
	put_field(s, f, prefix, MAX(zeros, 0), first, (size_t)len);
}

static void put_string(struct sink *s, const struct spec *f, const char *text)
{
	if (text == NULL)
		text = "(null)";
	size_t len = f->precision >= 0 ? strnlen(text, (size_t)f->precision) : strlen(text);
	put_field(s, f, "", 0, text, len);
}

static void parse_flags(const char **format, struct spec *f)
{
	for (;; (*format)++) {
		switch (**format) {
		case '-':
			f->left = true;
			break;
		case '0':
			f->zero = true;
			break;
		case '+':
			f->plus = true;
			break;
		case ' ':
			f->space = true;
			break;
		case '#':
			f->alternate = true;
			break;
		default:
			return;
		}
	}
}

static int parse_int(const char **format)
{
	int n = 0;
	for (; **format >= '0' && **format <= '9'; (*format)++)
		n = n < INT_MAX / 100 ? n * 10 + (**format - '0') : n;
	return n;
}

/* Steps over a length modifier and returns the bytes of the argument's type. */
static size_t parse_length(const char **format)
{
	char c = **format;
	switch (c) {
	case 'h':
	case 'l': {
		bool twice = *++*format == c;
		*format += twice;
		if (c == 'h')
			return twice ? sizeof(char) : sizeof(short);
		return twice ? sizeof(long long) : sizeof(long);
	}
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

/* An unsigned argument of `bytes` bytes; what is shorter than an int was passed as one. */
static uintmax_t next_unsigned(va_list *ap, size_t bytes)
{
	if (bytes > sizeof(long))
		return va_arg(*ap, unsigned long long);
	if (bytes > sizeof(int))
		return va_arg(*ap, unsigned long);
	unsigned n = va_arg(*ap, unsigned);
	return bytes == sizeof(int) ? n : n & ((1u << bytes * CHAR_BIT) - 1);
}

static intmax_t next_signed(va_list *ap, size_t bytes)
{
	unsigned unused = (unsigned)(sizeof(intmax_t) - bytes) * CHAR_BIT;
	return (intmax_t)(next_unsigned(ap, bytes) << unused) >> unused;
}

static void put_signed(struct sink *s, const struct spec *f, intmax_t n)
{
	if (n < 0)
		put_number(s, f, -(uintmax_t)n, "-");
	else
		put_number(s, f, (uintmax_t)n, f->plus ? "+" : f->space ? " " : "");
}

static void put_conversion(struct sink *s, struct spec *f, char conversion, size_t bytes,
			   va_list *ap)
{
	char c;
	switch (conversion) {
	case 'd':
	case 'i':
		put_signed(s, f, next_signed(ap, bytes));
		break;
	case 'u':
		put_number(s, f, next_unsigned(ap, bytes), "");
		break;
	case 'x':
	case 'X':
	case 'o':
		f->base = conversion == 'o' ? 8 : 16;
		f->upper = conversion == 'X';
		put_number(s, f, next_unsigned(ap, bytes), "");
		break;
	case 'p':
		f->base = 16;
		f->alternate = true;
		put_number(s, f, (uintptr_t)va_arg(*ap, void *), "");
		break;
	case 's':
		put_string(s, f, va_arg(*ap, const char *));
		break;
	case 'c':
		c = (char)va_arg(*ap, int);
		put_field(s, f, "", 0, &c, 1);
		break;
	default: /* %% and what is not known */
		put(s, &conversion, 1);
	}
}

/* One conversion, from behind its '%'. */
static const char *convert(struct sink *s, const char *format, va_list *ap)
{
	struct spec f = {.precision = -1, .base = 10};
	parse_flags(&format, &f);
	if (*format == '*') {
		format++;
		f.width = va_arg(*ap, int);
		if (f.width < 0) {
			f.left = true;
			f.width = f.width == INT_MIN ? 0 : -f.width;
		}
	} else {
		f.width = parse_int(&format);
	}
	if (*format == '.') {
		format++;
		if (*format == '*') {
			format++;
			f.precision = va_arg(*ap, int);
		} else {
			f.precision = parse_int(&format);
		}
	}
	size_t bytes = parse_length(&format);
	if (*format == '\0')
		return format;
	put_conversion(s, &f, *format, bytes, ap);
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
		put(&s, format, literal);
		format += literal;
		if (*format == '%')
			format = convert(&s, format + 1, &ap);
	}
	va_end(ap);
	*s.at = '\0';
	return (int)MIN(s.count, (size_t)INT_MAX);
}

USED int snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(buffer, size, format, ap);
	va_end(ap);
	return n;
}
