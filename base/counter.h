/* SPDX-License-Identifier: ISC */
/*
 * What a layer counts, described so that a page can show it without knowing the layer.
 *
 * A layer keeps its numbers in a struct of 32-bit and 64-bit members, and has beside it a table of
 * struct counter, one entry for each member that is worth showing, ended by COUNTERS_END. Whoever
 * shows it (net/metrics) is given the table and the address of such a struct. What a layer has many
 * of, as TCP has connections, it shows by a counter_row_fn, which fills a struct for one after the
 * other. Tables are constant; an image that shows nothing does not hold them.
 */
#ifndef BASE_COUNTER_H
#define BASE_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	COUNTER_ROW_BYTES = 96,     /* of the struct that a counter_row_fn fills */
	COUNTER_LABELS_BYTES = 160, /* of the text that tells its row from others, NUL included */
};

/* The last is a gauge of microseconds, which is shown in seconds. */
enum counter_type { COUNTER_TOTAL, COUNTER_GAUGE, COUNTER_GAUGE_US };

struct counter {
	const char *name;   /* "eth_frames_in", by custom with its unit; NULL: the end */
	const char *help;   /* what it counts, a sentence */
	const char *reason; /* tells apart entries of one name, which stand together; or NULL */
	uint16_t offset;    /* of the member */
	uint8_t bytes;      /* of the member: 4 or 8 */
	uint8_t type;       /* enum counter_type */
};

#define COUNTER_ENTRY(STRUCT, MEMBER, NAME, REASON, TYPE, HELP)                                    \
	{                                                                                          \
		.name = (NAME), .help = (HELP), .reason = (REASON),                                \
		.offset = offsetof(STRUCT, MEMBER), .bytes = sizeof(((STRUCT *)0)->MEMBER),        \
		.type = (TYPE)                                                                     \
	}
/* A number that only grows, and wraps; one that comes and goes. */
#define COUNTER(STRUCT, MEMBER, NAME, HELP)                                                        \
	COUNTER_ENTRY(STRUCT, MEMBER, NAME, NULL, COUNTER_TOTAL, HELP)
#define GAUGE(STRUCT, MEMBER, NAME, HELP)                                                          \
	COUNTER_ENTRY(STRUCT, MEMBER, NAME, NULL, COUNTER_GAUGE, HELP)
/* A time in microseconds that comes and goes; its name ends in "_seconds". */
#define GAUGE_US(STRUCT, MEMBER, NAME, HELP)                                                       \
	COUNTER_ENTRY(STRUCT, MEMBER, NAME, NULL, COUNTER_GAUGE_US, HELP)
/* Why packets were dropped: all of a layer have one name, and the member's as reason. */
#define DROPS(STRUCT, MEMBER, LAYER)                                                               \
	COUNTER_ENTRY(STRUCT, MEMBER, LAYER "_drops", #MEMBER, COUNTER_TOTAL,                      \
		      "Packets dropped or not sent, by reason.")
#define COUNTERS_END                                                                               \
	{                                                                                          \
		.name = NULL                                                                       \
	}

/*
 * Writes the next row from *cursor on, which is 0 at first, to `row`, and to `labels` what tells it
 * from others: "remote=\"10.0.2.2:80\"". False: there is none. Rows may come and go meanwhile;
 * none is seen twice, and the number of calls is bounded. Both buffers are the caller's, of the
 * sizes above, `row` aligned to 8 bytes.
 */
typedef bool counter_row_fn(const void *of, uint32_t *cursor, void *row, char *labels);

#endif
