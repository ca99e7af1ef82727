/* SPDX-License-Identifier: ISC */
/*
 * Between fiber.c (scheduling) and fiber_stack.c (memory); for nobody else.
 */
#ifndef RUNTIME_FIBER_INTERNAL_H
#define RUNTIME_FIBER_INTERNAL_H

#include "runtime/fiber/fiber.h"

/* Initialises `f` over a stack that is already filled with the pattern, and makes it ready. */
void fiber_prepare(struct fiber *f, const char *name, void *stack, size_t stack_bytes,
		   void (*fn)(void *arg), void *arg);

/* Starts fn(NULL) on a stack that is never given back, with a guard page below it. */
void fiber_spawn_for_ever(struct fiber *f, const char *name, size_t stack_bytes,
			  void (*fn)(void *arg));

/* False if the last word of the stack has been overwritten. */
bool fiber_stack_intact(const struct fiber *f);

#endif
