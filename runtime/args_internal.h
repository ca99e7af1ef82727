/* SPDX-License-Identifier: ISC */
/*
 * Between the parts of the argument parser; for nobody else.
 */
#ifndef RUNTIME_ARGS_INTERNAL_H
#define RUNTIME_ARGS_INTERNAL_H

#include "runtime/args.h"

enum { ARGS_EXPECTED_BYTES = 100 };

/*
 * args_value.c: parses `text` as a value of `key` and stores it. Otherwise writes to `expected`
 * what would have been right, a phrase that fits behind "expected ", and returns ERR_INVALID or
 * ERR_RANGE.
 */
MUST_USE enum err args_parse_value(const struct key *key, const char *text,
				   char expected[static ARGS_EXPECTED_BYTES]);

/* args_value.c: writes a number of `key`'s type as a person would: "64k", "3s", "80". */
void args_format_number(const struct key *key, uint64_t n, char *text, size_t bytes);

/* args_value.c: the least and greatest value that `key` takes. */
void args_limits(const struct key *key, uint64_t *min, uint64_t *max);

/* args_value.c: the value that a number's variable holds. */
uint64_t args_number(const struct key *key);

#endif
