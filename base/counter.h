/* SPDX-License-Identifier: ISC */
/*
 * What a layer counts, described so that a page can show it without knowing the layer.
 *
 * A layer keeps its numbers in a struct of 32-bit and 64-bit members, and has beside it a struct
 * counters with one entry for each member that is worth showing. It is written as a list,
 *
 *      #define ETH_COUNTERS(COUNTER, GAUGE, GAUGE_US, DROPS)                           \
 *              COUNTER(struct eth_stats, in, "frames_in")                              \
 *              COUNTER(struct eth_stats, moved, "linearised" COUNTS("Packets copied")) \
 *              DROPS(struct eth_stats, runts)
 *
 *      const struct counters eth_counters = COUNTERS("eth", ETH_COUNTERS);
 *
 * where COUNTER is a number that only grows, and wraps; GAUGE one that comes and goes; GAUGE_US
 * such a time in microseconds, whose name ends in "_seconds"; and DROPS why packets were dropped:
 * all of a layer are one metric, "eth_drops", and the member's name is the reason. COUNTS() stands
 * behind a name that does not say what is counted. The texts are one string, since pointers to all
 * of them would take more than the texts themselves.
 *
 * Whoever shows it (net/metrics) is given that and the address of such a struct. What a layer has
 * many of, as TCP has connections, it shows by a counter_row_fn, which fills a struct for one after
 * the other. All is constant; an image that shows nothing does not hold it.
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

enum counter_type { COUNTER_TOTAL, COUNTER_GAUGE, COUNTER_GAUGE_US, COUNTER_DROPS };

struct counter {
	uint8_t word;      /* of the struct: the member begins in this one of 4 bytes */
	uint8_t bytes : 4; /* of the member: 4 or 8; 0: the end */
	uint8_t has_help : 1;
	uint8_t type : 3; /* enum counter_type */
};

struct counters {
	/*
	 * Strings, one behind the other: the layer's name; then for each entry the reason of
	 * COUNTER_DROPS, or else the name without the layer's, by custom with its unit, and, where
	 * the name does not say it, what it counts, a sentence of one line without its full stop
	 * and without a backslash.
	 */
	const char *text;
	struct counter entries[];
};

#define COUNTERS(LAYER, LIST)                                                                      \
	{                                                                                          \
		.text = LAYER "\0" LIST(COUNTER_TEXT, COUNTER_TEXT, COUNTER_TEXT, DROPS_TEXT),     \
		.entries = {                                                                       \
			LIST(TOTAL_ENTRY, GAUGE_ENTRY, GAUGE_US_ENTRY, DROPS_ENTRY){.bytes = 0}},  \
	}
#define COUNTER_TEXT(STRUCT, MEMBER, NAME)   NAME "\0"
#define COUNTS(HELP)                         "\0" HELP
#define DROPS_TEXT(STRUCT, MEMBER)           #MEMBER "\0"
#define TOTAL_ENTRY(STRUCT, MEMBER, NAME)    COUNTER_ENTRY(STRUCT, MEMBER, NAME, COUNTER_TOTAL)
#define GAUGE_ENTRY(STRUCT, MEMBER, NAME)    COUNTER_ENTRY(STRUCT, MEMBER, NAME, COUNTER_GAUGE)
#define GAUGE_US_ENTRY(STRUCT, MEMBER, NAME) COUNTER_ENTRY(STRUCT, MEMBER, NAME, COUNTER_GAUGE_US)
#define DROPS_ENTRY(STRUCT, MEMBER)          COUNTER_ENTRY(STRUCT, MEMBER, #MEMBER, COUNTER_DROPS)
#define COUNTER_ENTRY(STRUCT, MEMBER, NAME, TYPE)                                                  \
	{                                                                                          \
		.word = offsetof(STRUCT, MEMBER) /                                                 \
			sizeof(uint32_t), /* A member of another size is no constant. */           \
		.bytes = sizeof(((STRUCT *)0)->MEMBER) /                                           \
			 (sizeof(((STRUCT *)0)->MEMBER) == sizeof(uint32_t) ||                     \
			  sizeof(((STRUCT *)0)->MEMBER) == sizeof(uint64_t)),                      \
		.has_help = sizeof(NAME) > __builtin_strlen(NAME) + 1,                             \
		.type = TYPE,                                                                      \
	},

/*
 * Whether the image counts: a constant, so that the linker leaves the counting out where nobody
 * reads the numbers. What a layer itself goes by it counts without these.
 */
extern const bool counters_are_kept;

/*
 * COUNTED declares a layer's struct of numbers as a member, COUNT and COUNT_BY add to one of them,
 * and COUNTER_AT is the address of one, for COUNT_AT. Objects for small boards, in an image that
 * does not count, have no room for them (WITHOUT_COUNTERS; tools/mk/build.mk).
 */
#ifdef WITHOUT_COUNTERS
#define COUNTED(TYPE, NAME) TYPE NAME[0]
#define COUNT_BY(MEMBER, N)                                                                        \
	do {                                                                                       \
	} while (0)
#define COUNTER_AT(MEMBER) (&counter_of_nothing)
#else
#define COUNTED(TYPE, NAME) TYPE NAME
#define COUNT_BY(MEMBER, N)                                                                        \
	do {                                                                                       \
		if (counters_are_kept)                                                             \
			(MEMBER) += (N);                                                           \
	} while (0)
#define COUNTER_AT(MEMBER) (&(MEMBER))
#endif
#define COUNT(MEMBER) COUNT_BY(MEMBER, 1)
#define COUNT_AT(ADDRESS)                                                                          \
	do {                                                                                       \
		if (counters_are_kept)                                                             \
			++*(ADDRESS);                                                              \
	} while (0)

extern uint32_t counter_of_nothing; /* its address stands for one that is not there */

/*
 * Writes the next row from *cursor on, which is 0 at first, to `row`, and to `labels` what tells it
 * from others: "remote=\"10.0.2.2:80\"". False: there is none. Rows may come and go meanwhile;
 * none is seen twice, and the number of calls is bounded. Both buffers are the caller's, of the
 * sizes above, `row` aligned to 8 bytes.
 */
typedef bool counter_row_fn(const void *of, uint32_t *cursor, void *row, char *labels);

#endif
