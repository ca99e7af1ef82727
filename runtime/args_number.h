/* SPDX-License-Identifier: ISC */
/*
 * Between the types of boot arguments; for nobody else.
 */
#ifndef RUNTIME_ARGS_NUMBER_H
#define RUNTIME_ARGS_NUMBER_H

#include "runtime/args.h"

/* The number at the front of *text, moved past it; false if none is there or it exceeds 64 bits. */
bool args_parse_digits(const char **text, uint64_t *n);

#endif
