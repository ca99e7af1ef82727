/* SPDX-License-Identifier: ISC */
/*
 * What the tests of fibers share: a heap, and a trace of what ran in which order.
 */
#ifndef TESTS_UNIT_FIBER_WORLD_H
#define TESTS_UNIT_FIBER_WORLD_H

#include <stdbool.h>

#include "runtime/fiber/fiber.h"

enum { STACK_BYTES = 16 << 10 };

extern char trace[128];

/* What a fiber has called stop() with, which parks it for ever; -1 if none has. */
extern int stopped_with;

/* A fresh heap, an empty trace, time 0. A cmocka setup function. */
int world_setup(void **state);

/* Adds to the trace. */
void note(const char *what);

/* Starts fn(arg) on a stack from the heap; fails the test if there is none. */
void spawn(struct fiber *f, void (*fn)(void *arg), void *arg);

/* Runs the loop until `f` has ended. */
void run_until_ended(struct fiber *f);

/* The tests of sync.h. */
int run_sync_tests(void);

#endif
