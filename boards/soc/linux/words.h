/* SPDX-License-Identifier: ISC */
/*
 * The words among the arguments that describe the machine rather than configure the image.
 */
#ifndef BOARDS_SOC_LINUX_WORDS_H
#define BOARDS_SOC_LINUX_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	HOST_WORDS_BYTES = 4096,
	HOST_TAPS_MAX = 8,
	HOST_DISKS_MAX = 4,
	HOST_PATH_CHARS = 512,
	HOST_TAP_CHARS = 16,
	HOST_FAULT_CHARS = 300,
};

struct host_words {
	char tap[HOST_TAPS_MAX][HOST_TAP_CHARS]; /* all different */
	unsigned n_taps;
	size_t memory_bytes;
	uint8_t mac[HOST_TAPS_MAX][6]; /* of the first n_macs interfaces */
	unsigned n_macs;
	char disk[HOST_DISKS_MAX][HOST_PATH_CHARS];
	unsigned n_disks;
	bool help;
	char rest[HOST_WORDS_BYTES + 1]; /* all other words, in order */
	char fault[HOST_FAULT_CHARS];
};

/* What --help says about them. */
extern const char host_words_help[];

/*
 * Takes the board's words out of `cmdline` (NULL: none). NULL if all is well, else one plain
 * sentence, which lives in `words`.
 */
MUST_USE const char *host_words_parse(struct host_words *words, const char *cmdline);

#endif
