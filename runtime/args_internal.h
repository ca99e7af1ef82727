/* SPDX-License-Identifier: ISC */
/*
 * Between the parts of boot arguments; for nobody else.
 */
#ifndef RUNTIME_ARGS_INTERNAL_H
#define RUNTIME_ARGS_INTERNAL_H

#include "runtime/args.h"

/* The number at the front of *text, moved past it; false if none is there or it exceeds 64 bits. */
bool args_parse_digits(const char **text, uint64_t *n);

/* Writes what limits the value of a key (struct key_type), empty if nothing does. */
void args_range(const struct key *key, char text[static KEY_TEXT_BYTES]);

#endif
