/* SPDX-License-Identifier: ISC */
/*
 * A run: a client loads the stack that is on the link, first uncounted, until all is warm, then
 * counted. Rounds of the client alternate with the stack's own task in the event loop.
 */
#ifndef BENCH_INSTRUCTIONS_MEASURE_H
#define BENCH_INSTRUCTIONS_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

struct measure_run {
	unsigned load; /* index in MEASURE_LOADS */
	unsigned connections;
	uint32_t units; /* requests or segments to count */
	bool options;
};

/* keep and close: the least HTTP; http-…: the stack's own server. */
#define MEASURE_LOADS "keep|close|http-keep|http-close|in|out"

/* Loads the stack, says "units N, frames in N, out N" on the console, and returns the image's
 * status. From a fiber. */
int measure(const struct measure_run *run);

#endif
