/* SPDX-License-Identifier: ISC */
/*
 * The words among the arguments that describe the machine rather than configure the image.
 */
#ifndef BOARDS_HOST_WORDS_H
#define BOARDS_HOST_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

enum { HOST_WORDS_BYTES = 4096, HOST_TAP_CHARS = 16, HOST_FAULT_CHARS = 160 };

struct host_words {
	char tap[HOST_TAP_CHARS]; /* empty: no network */
	size_t memory_bytes;
	uint8_t mac[6];
	bool has_mac;
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
