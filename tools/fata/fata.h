/* SPDX-License-Identifier: ISC */
/*
 * What the subcommands of `fata` share: their table, exit statuses, messages.
 *
 * A subcommand is a function like main(), which gets its own name as argv[0] and returns the exit
 * status. It says what went wrong by complain(), in one line that begins with the command's name.
 */
#ifndef TOOLS_FATA_FATA_H
#define TOOLS_FATA_FATA_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* Besides 0 and 1, the statuses of <sysexits.h> and of the shell. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_BAD_USAGE = 64,
	STATUS_NOT_FOUND = 127, /* a program that is needed is not installed */
};

int new_main(int argc, char **argv);
int configure_main(int argc, char **argv);
int build_main(int argc, char **argv);
int run_main(int argc, char **argv);
int test_main(int argc, char **argv);
int debug_main(int argc, char **argv);
int sdcard_main(int argc, char **argv);
int disk_main(int argc, char **argv);
int flash_main(int argc, char **argv);
int clean_main(int argc, char **argv);
int describe_main(int argc, char **argv);
int keys_main(int argc, char **argv);
int boards_main(int argc, char **argv);
int devices_main(int argc, char **argv);
int inspect_main(int argc, char **argv);
int args_main(int argc, char **argv);
int kv_main(int argc, char **argv);
int symbolize_main(int argc, char **argv);
int deploy_main(int argc, char **argv);

/* Prints "fata build: TEXT" on stderr; outside a subcommand "fata: TEXT". TEXT is one sentence. */
PRINTF(1, 2) void complain(const char *format, ...);

/* The same, then where to find help. Returns STATUS_BAD_USAGE. */
PRINTF(1, 2) int complain_usage(const char *format, ...);

/*
 * After getopt_long() has returned '?' or ':' (the short options begin with "+:" or ":"): says
 * which option is unknown or lacks its argument. Returns STATUS_BAD_USAGE.
 */
int complain_option(int argc, char **argv, int returned, const struct option *options);

/* Prints the help of a subcommand on stdout. Returns STATUS_OK, or STATUS_FAILED on a full disk. */
int print_help(const char *text);

/* Flushes stdout: STATUS_OK, or STATUS_FAILED after a message if something could not be written. */
int end_output(void);

/* malloc() and friends; without memory the program says so and ends with STATUS_FAILED. */
MUST_USE void *allocate(size_t bytes); /* zeroed */
MUST_USE void *reallocate(void *p, size_t count, size_t element_bytes);
MUST_USE char *duplicate(const char *text);
/* A new string made like printf(). */
MUST_USE PRINTF(1, 2) char *text_of(const char *format, ...);

/*
 * The one of `names` (which ends with NULL) that `word` was most likely meant to be: at most two
 * letters away, one in a short word. NULL if none is near.
 */
const char *nearest(const char *word, const char *const names[]);

#endif
