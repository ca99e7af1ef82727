/* SPDX-License-Identifier: ISC */
#include "runtime/stacks/stacks.h"

#define LOG_MODULE "stacks"
#include <stdio.h>

#include "arch/stacks.h"
#include "base/log.h"

/* As in fibers' (runtime/fiber/fiber_stack.c). */
#define STACK_PATTERN 0x7374616bu

enum {
	N_FIXED = 2,
	BELOW_CALLER_BYTES = 128, /* what painting itself may push */
};

/* Linker scripts have both ends on words. */
static const struct fixed {
	const char *name;
	uint8_t *bottom, *top;
} fixed[N_FIXED] = {
	{"boot", boot_stack_bottom, boot_stack_top},
	{"interrupts", irq_stack_bottom, irq_stack_top},
};

#define STACKS_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                                           \
	GAUGE(struct stack_use, bytes, "bytes" COUNTS("Bytes of a stack"))                         \
	GAUGE(struct stack_use, used, "used_bytes" COUNTS("Bytes of a stack that were ever used"))

const struct counters stacks_counters = COUNTERS("stack", STACKS_COUNTERS);

/* --- the pattern ----------------------------------------------------------------------------- */

static void paint(uint8_t *from, const uint8_t *to)
{
	volatile uint32_t *word = (void *)from;

	for (; (const volatile uint8_t *)(word + 1) <= to; word++)
		*word = STACK_PATTERN;
}

APART void stacks_paint(void)
{
	const uint8_t *here = __builtin_frame_address(0), *end = boot_stack_top;

	if ((uintptr_t)here > (uintptr_t)boot_stack_bottom && (uintptr_t)here < (uintptr_t)end)
		end = here - BELOW_CALLER_BYTES;
	paint(boot_stack_bottom, end);
	paint(irq_stack_bottom, irq_stack_top);
}

static uint32_t fixed_used(const struct fixed *f)
{
	const volatile uint32_t *word = (const void *)f->bottom;

	while ((const volatile uint8_t *)word < f->top && *word == STACK_PATTERN)
		word++;
	return (uint32_t)(f->top - (const volatile uint8_t *)word);
}

/* --- what is watched ------------------------------------------------------------------------- */

void stacks_start(struct stacks *s)
{
	*s = (struct stacks){0};
	if (fiber_current() != NULL)
		s->fiber[s->n_fibers++] = fiber_current();
}

enum err stacks_watch(struct stacks *s, const struct fiber *f)
{
	if (s->n_fibers == STACKS_FIBERS_MAX)
		return ERR_NOMEM;
	s->fiber[s->n_fibers++] = f;
	return OK;
}

bool stacks_use(const struct stacks *s, uint32_t index, struct stack_use *out)
{
	if (index < N_FIXED) {
		const struct fixed *f = &fixed[index];
		*out = (struct stack_use){f->name, (uint32_t)(f->top - f->bottom), fixed_used(f)};
		return true;
	}
	if (index - N_FIXED >= s->n_fibers)
		return false;
	const struct fiber *f = s->fiber[index - N_FIXED];
	*out = (struct stack_use){f->name, (uint32_t)f->stack_bytes, (uint32_t)fiber_stack_used(f)};
	return true;
}

bool stacks_row(const void *of, uint32_t *cursor, void *row, char *labels)
{
	struct stack_use *use = row;

	_Static_assert(sizeof(*use) <= COUNTER_ROW_BYTES, "a row holds it");
	if (!stacks_use(of, *cursor, use))
		return false;
	++*cursor;
	(void)snprintf(labels, COUNTER_LABELS_BYTES, "stack=\"%.100s\"", use->name);
	return true;
}

uint64_t stacks_poll(struct stacks *s, uint64_t now_us)
{
	struct stack_use use;

	if (now_us < s->next_us)
		return s->next_us;
	for (uint32_t i = 0; stacks_use(s, i, &use); i++) {
		if (use.used <= s->told[i])
			continue;
		s->told[i] = use.used;
		log_debug("%s: %u of %u bytes used", use.name, (unsigned)use.used,
			  (unsigned)use.bytes);
	}
	s->next_us = now_us + STACKS_LOOK_US;
	return s->next_us;
}
