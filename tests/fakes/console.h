/* SPDX-License-Identifier: ISC */
/*
 * A console that keeps what is written to it.
 */
#ifndef TESTS_FAKES_CONSOLE_H
#define TESTS_FAKES_CONSOLE_H

#include <stddef.h>

extern char fake_console_text[8192]; /* NUL-terminated */
extern size_t fake_console_len;

/* Forgets what was written. */
void fake_console_clear(void);

#endif
