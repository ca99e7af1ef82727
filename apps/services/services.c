/* SPDX-License-Identifier: ISC */
#include "apps/services/services.h"

struct services_stats services_stats;

enum { RUNS = 32 }; /* of received bytes, that are looked at at once */

/* --- echo ------------------------------------------------------------------------------------ */

/* Moves received slices to the send queue until one of the two has nothing left to give. */
static enum err echo_some(struct flow *f)
{
	for (;;) {
		struct slice s[RUNS];
		enum err e = flow_readv(f, s, RUNS);
		if (e != OK)
			return e;
		unsigned runs = 1;
		while (runs < RUNS && s[runs].len > 0)
			runs++;
		ssize_t n = flow_write(f, s, runs);
		if (n < 0)
			return (enum err)n;
		flow_consume(f, (size_t)n);
		services_stats.echoed_bytes += (size_t)n;
	}
}

static void echo_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	(void)arg;
	(void)events;
	(void)now_us;
	enum err e = echo_some(f);
	if (e != OK && e != ERR_AGAIN)
		flow_close(f); /* at the end of the stream what was written is still delivered */
}

void echo_accept(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	f->event = echo_event;
	echo_event(f, NULL, 0, now_us);
}

/* --- discard --------------------------------------------------------------------------------- */

static void discard_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	(void)arg;
	(void)events;
	(void)now_us;
	struct slice s[RUNS];
	enum err e;
	while ((e = flow_readv(f, s, RUNS)) == OK) {
		size_t bytes = 0;
		for (unsigned i = 0; i < RUNS && s[i].len > 0; i++)
			bytes += s[i].len;
		flow_consume(f, bytes);
		services_stats.discarded_bytes += bytes;
	}
	if (e != ERR_AGAIN)
		flow_close(f);
}

void discard_accept(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	f->event = discard_event;
	discard_event(f, NULL, 0, now_us);
}

/* --- chargen --------------------------------------------------------------------------------- */

enum {
	CHARGEN_FIRST = ' ',
	CHARGEN_CHARS = 95, /* printing characters of ASCII */
	CHARGEN_WIDTH = 72,
	CHARGEN_LINE = CHARGEN_WIDTH + 2,
	CHARGEN_BYTES = CHARGEN_CHARS * CHARGEN_LINE, /* after that the pattern repeats */
	CHARGEN_REPEATS = 4,                          /* longer slices, fewer of them */
};

static uint8_t pattern[CHARGEN_BYTES * CHARGEN_REPEATS];

static void fill_pattern(void)
{
	for (unsigned i = 0; i < sizeof(pattern); i++) {
		unsigned line = i / CHARGEN_LINE, column = i % CHARGEN_LINE;
		if (column < CHARGEN_WIDTH)
			pattern[i] = (uint8_t)(CHARGEN_FIRST + (line + column) % CHARGEN_CHARS);
		else
			pattern[i] = column == CHARGEN_WIDTH ? '\r' : '\n';
	}
}

struct slice chargen_pattern(uint64_t offset)
{
	size_t from = (size_t)(offset % CHARGEN_BYTES);
	if (pattern[0] == 0)
		fill_pattern();
	return SLICE_STATIC(pattern + from, sizeof(pattern) - from);
}

/* The phase of the pattern travels in the flow's arg: the only state of a connection. */
static void chargen_event(struct flow *f, void *arg, unsigned events, uint64_t now_us)
{
	size_t offset = (size_t)(uintptr_t)arg;
	struct slice s;
	enum err e;
	ssize_t n;

	(void)events;
	(void)now_us;
	while ((e = flow_read(f, &s)) == OK) /* what the peer says is thrown away */
		flow_consume(f, s.len);
	if (e != ERR_AGAIN) {
		flow_close(f);
		return;
	}
	do {
		s = chargen_pattern(offset);
		n = flow_write(f, &s, 1);
		if (n > 0) {
			offset = (offset + (size_t)n) % CHARGEN_BYTES;
			services_stats.generated_bytes += (size_t)n;
		}
	} while (n > 0);
	f->arg = (void *)(uintptr_t)offset; /* NOLINT: a number, not an address */
	if (n != ERR_AGAIN)
		flow_close(f);
}

void chargen_accept(void *arg, struct flow *f, uint64_t now_us)
{
	(void)arg;
	f->event = chargen_event;
	f->arg = NULL;
	chargen_event(f, NULL, 0, now_us);
}
