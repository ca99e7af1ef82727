/* SPDX-License-Identifier: ISC */
/*
 * A text that grows, and how foreign words are written into files of other languages so that they
 * come out as the data that they are. Words are NUL-terminated UTF-8 without control characters.
 */
#ifndef TOOLS_FATA_DEPLOY_TEXT_H
#define TOOLS_FATA_DEPLOY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Zeroed: empty. */
struct text {
	char *chars; /* ends with a NUL that does not count; NULL until something was added */
	size_t size, capacity;
};

void text_free(struct text *t);
void text_bytes(struct text *t, const void *bytes, size_t size);
PRINTF(2, 3) void text_add(struct text *t, const char *format, ...);

/* One word for sh(1), in quotes if it needs them (POSIX.1-2017, XCU 2.2.2). */
void text_shell(struct text *t, const char *word);
/* Content or attribute of an element (XML 1.0, 2.4). */
void text_xml(struct text *t, const char *word);
/* A string of xl.cfg(5) in double quotes. */
void text_xl(struct text *t, const char *word);
/*
 * One word of ExecStart= (systemd.service(5), "Command lines"): in quotes, with '%' and '$'
 * doubled, except that '$' stays as it is in the path of the program.
 */
void text_systemd_word(struct text *t, const char *word, bool is_program);
/* The value of a setting in which only '%' means something (systemd.unit(5), "Specifiers"). */
void text_systemd_value(struct text *t, const char *value);

/* Base 64 with padding (RFC 4648, 4). */
void text_base64(struct text *t, const char *word);

/* Whether it is UTF-8 (RFC 3629) without control characters, ends of lines and what XML excludes.
 */
bool text_is_printable(const char *word);

#endif
