/* SPDX-License-Identifier: ISC */
/*
 * The subcommands that make does the work of: what they have in common.
 */
#ifndef TOOLS_FATA_MAKE_H
#define TOOLS_FATA_MAKE_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "tools/fata/tree.h"

/* The options that they share, as entries of a getopt_long() table and as lines of their help. */
#define MAKE_SHORT_OPTIONS ":b:C:j:vh"
/* clang-format off */
#define MAKE_LONG_OPTIONS                                                                          \
	{"board", required_argument, NULL, 'b'},                                                   \
	{"directory", required_argument, NULL, 'C'},                                               \
	{"jobs", required_argument, NULL, 'j'},                                                    \
	{"verbose", no_argument, NULL, 'v'},                                                       \
	{"help", no_argument, NULL, 'h'}
/* clang-format on */
#define MAKE_OPTIONS_HELP                                                                          \
	"  -b, --board=BOARD     build for this board (default: $FATA_BOARD or virt-aarch64)\n"    \
	"  -C, --directory=DIR   the application's folder (default: the current one)\n"            \
	"  -j, --jobs=N          run N compilers at once (default: one a processor)\n"             \
	"  -v, --verbose         show the commands\n"                                              \
	"  -h, --help            show this help\n"

struct make {
	/* From the options. */
	const char *board, *folder, *jobs;
	bool is_verbose;

	struct tree tree;
	struct app app;

	/* The command line: words[0] is "make", the last is NULL. */
	char **words;
	size_t count;
};

/*
 * Takes note of a shared option that getopt_long() returned. -1: go on; else the exit status, after
 * the help or a message.
 */
int make_option(struct make *m, int option, int argc, char **argv, const struct option *options,
		const char *help);

/* Reads a command line that has the shared options only, and no other words. -1 or a status. */
int make_options(struct make *m, int argc, char **argv, const char *help);

/*
 * Finds tree, application and board, and begins the command line for `target`; STATUS_OK or, after
 * a message, another status. With is_quiet it prints nothing but what the target prints.
 */
MUST_USE int make_prepare(struct make *m, const char *target, bool is_quiet);

/* The same for a target that needs no application; m->app is not set. */
MUST_USE int make_prepare_bare(struct make *m, const char *target);

/*
 * Keeps `text`, KEYS as make takes them, for all targets but configure, until the next call for
 * that board; the application must have been configured for it. STATUS_OK, or STATUS_FAILED after a
 * message.
 */
MUST_USE int make_keep_settings(const struct make *m, const char *text);

/* Adds NAME=VALUE, with what make would expand in it protected. */
void make_set(struct make *m, const char *name, const char *value);

#endif
