/* SPDX-License-Identifier: ISC */
/*
 * A run: a client loads the stack that is on the link, first uncounted, until all is warm, then
 * counted. Rounds of the client alternate with the stack's own task in the event loop.
 */
#ifndef BENCH_INSTRUCTIONS_MEASURE_H
#define BENCH_INSTRUCTIONS_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

/* Where the servers listen: the stack's own HTTP, the least HTTP, discard, a source of bytes. */
enum {
	MEASURE_HTTP_PORT = 80,
	MEASURE_RAW_PORT = 8080,
	MEASURE_DISCARD_PORT = 9,
	MEASURE_SOURCE_PORT = 19
};

/*
 * The words of the boot argument --load, by their index. keep and close have the least HTTP that
 * there is, http_keep and http_close the stack's own server.
 */
enum measure_load {
	MEASURE_KEEP,
	MEASURE_CLOSE,
	MEASURE_HTTP_KEEP,
	MEASURE_HTTP_VARY,
	MEASURE_HTTP_CLOSE,
	MEASURE_IN,
	MEASURE_OUT,
	MEASURE_MEMORY, /* no load: the image tells what connections take */
};

struct measure_run {
	unsigned load; /* enum measure_load */
	unsigned connections;
	uint32_t units; /* requests or segments to count */
	bool options;
};

/* Loads the stack, says "units N, frames in N, out N" on the console, and returns the image's
 * status. From a fiber. */
int measure(const struct measure_run *run);

#endif
