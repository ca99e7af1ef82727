/* SPDX-License-Identifier: ISC */
#include "tests/fakes/cache_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "drivers/dma/dma_sync/dma_sync.h"

enum { LINE = CACHE_LINE_BYTES, NOBODY_WROTE = 0x5a };

/* A line that was cleaned, discarded or accessed by a device. */
struct line {
	uintptr_t start;      /* 0: this place is free */
	bool is_known;        /* to the cache: `clean` means something */
	uint8_t memory[LINE]; /* what devices see */
	uint8_t clean[LINE];  /* what the cache had when it was last the same or discarded */
};

static struct line *lines;
static size_t n_lines;

void cache_fake_init(void)
{
	lines = calloc(CACHE_FAKE_LINES, sizeof(*lines));
	assert_non_null(lines);
	n_lines = 0;
	dma_sync_check_forget();
}

void cache_fake_fini(void)
{
	free(lines);
	lines = NULL;
}

static struct line *line_at(uintptr_t start)
{
	size_t i = start / LINE * 2654435761u % CACHE_FAKE_LINES;

	assert_non_null(lines);
	while (lines[i].start != 0 && lines[i].start != start)
		i = (i + 1) % CACHE_FAKE_LINES;
	if (lines[i].start == 0) {
		assert_true(++n_lines < CACHE_FAKE_LINES);
		lines[i].start = start;
		memset(lines[i].memory, NOBODY_WROTE, LINE);
	}
	return &lines[i];
}

/*
 * A line is copied and compared whole, though the ends of the first and the last of a buffer may be
 * what AddressSanitizer guards.
 */
__attribute__((no_sanitize("address"))) static void copy(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((volatile uint8_t *)to)[i] = ((const volatile uint8_t *)from)[i];
}

__attribute__((no_sanitize("address"))) static bool is_same(const uint8_t *a, const uint8_t *b,
							    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((const volatile uint8_t *)a)[i] != ((const volatile uint8_t *)b)[i])
			return false;
	return true;
}

/* Whether `n` bytes from `at` in the line are newer in the cache than in memory. */
static bool is_newer(const struct line *l, size_t at, size_t n)
{
	return !l->is_known || !is_same((const uint8_t *)l->start + at, l->clean + at, n);
}

void cache_fake_clean(const void *p, size_t bytes)
{
	uintptr_t end = (uintptr_t)p + bytes;

	for (uintptr_t a = (uintptr_t)p & ~(uintptr_t)(LINE - 1); a < end; a += LINE) {
		struct line *l = line_at(a);

		if (!is_newer(l, 0, LINE))
			continue; /* what a device wrote meanwhile stays */
		copy(l->memory, (const uint8_t *)a, LINE);
		copy(l->clean, (const uint8_t *)a, LINE);
		l->is_known = true;
	}
}

void cache_fake_invalidate(void *p, size_t bytes)
{
	uintptr_t start = (uintptr_t)p;

	assert_int_equal(start % LINE, 0);
	assert_int_equal(bytes % LINE, 0);
	for (uintptr_t a = start; a < start + bytes; a += LINE) {
		struct line *l = line_at(a);

		copy((uint8_t *)a, l->memory, LINE);
		copy(l->clean, l->memory, LINE);
		l->is_known = true;
	}
}

/* The part of a range that lies in one line, the one of its first byte. */
static size_t first_part(uintptr_t start, size_t bytes)
{
	return MIN(bytes, LINE - start % LINE);
}

void cache_fake_device_read(void *to, const void *from, size_t bytes)
{
	uintptr_t a = (uintptr_t)from;
	uint8_t *out = to;

	for (size_t n; bytes > 0; a += n, out += n, bytes -= n) {
		struct line *l = line_at(a - a % LINE);

		n = first_part(a, bytes);
		if (is_newer(l, a % LINE, n))
			fail_msg("the device reads %p, which was not written back", (void *)a);
		memcpy(out, l->memory + a % LINE, n);
	}
}

void cache_fake_device_write(void *to, const void *from, size_t bytes)
{
	uintptr_t a = (uintptr_t)to;
	const uint8_t *in = from;

	for (size_t n; bytes > 0; a += n, in += n, bytes -= n) {
		struct line *l = line_at(a - a % LINE);

		n = first_part(a, bytes);
		if (is_newer(l, 0, LINE))
			fail_msg("the device writes %p, and the cache over it", (void *)a);
		memcpy(l->memory + a % LINE, in, n);
	}
}
