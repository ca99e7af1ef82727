/* SPDX-License-Identifier: ISC */
/*
 * How deep stacks have been at most: those of the boot, with the event loop and all its tasks, of
 * interrupts, of the fiber "main", and of other fibers that the application names.
 *
 * A stack is filled with a pattern, and what has been written over since is what was used. Fibers'
 * are filled when they begin. The others are filled by stacks_paint() as the first thing after boot
 * arguments: what was deeper before, and is not again, does not show. A function that reserves
 * room and does not write to its far end does not show either, so leave a reserve. That of faults
 * is not watched: whatever uses it ends the image.
 *
 * Whenever a mark has grown there is a line in the log at level debug, within STACKS_LOOK_US. The
 * struct belongs to the caller and lives as long as what is watched. Event loop only.
 */
#ifndef RUNTIME_STACKS_H
#define RUNTIME_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/err.h"
#include "hal/timer.h"
#include "runtime/fiber/fiber.h"

enum {
	STACKS_FIBERS_MAX = 8,
	STACKS_MAX = 2 + STACKS_FIBERS_MAX,
	STACKS_LOOK_US = 10 * US_PER_S,
};

/* Of one stack, in bytes. */
struct stack_use {
	const char *name; /* "boot", "interrupts", or the fiber's */
	uint32_t bytes, used;
};

struct stacks {
	uint32_t n_fibers;
	const struct fiber *fiber[STACKS_FIBERS_MAX];
	uint32_t told[STACKS_MAX]; /* what the log was told */
	uint64_t next_us;
};

/* Described (base/counter.h): bytes that a stack has, and that were used. */
extern const struct counters stacks_counters;

/* Fills the boot stack, below the caller where it runs on that, and the one of interrupts, before
 * any of which it is called. */
void stacks_paint(void);

/* Begins, with the fiber that calls, if any. */
void stacks_start(struct stacks *s);

/* Watches a fiber too, which must not be released before the last look. ERR_NOMEM. */
MUST_USE enum err stacks_watch(struct stacks *s, const struct fiber *f);

/* The use of stack number `index`, from 0 on: "boot" is the first. False: there are fewer. It takes
 * time in proportion to what is unused. */
MUST_USE bool stacks_use(const struct stacks *s, uint32_t index, struct stack_use *out);

/* A counter_row_fn for stacks_counters; `of` is the struct stacks. */
bool stacks_row(const void *of, uint32_t *cursor, void *row, char *labels);

/* Writes the lines of the log that are due; returns when to call again. */
uint64_t stacks_poll(struct stacks *s, uint64_t now_us);

#endif
