/* SPDX-License-Identifier: ISC */
/*
 * Other programs. `argv` ends with NULL; argv[0] is looked for in PATH. No shell is in between.
 */
#ifndef TOOLS_FATA_PROCESS_H
#define TOOLS_FATA_PROCESS_H

#include <stdbool.h>

#include "base/attr.h"

/* Becomes that program. Returns STATUS_NOT_FOUND or STATUS_FAILED, after a message, if it cannot.
 */
int process_become(char *const argv[]);

/*
 * Runs it to its end. Returns its exit status, 128 and the signal's number if a signal ended it, or
 * as above. Ctrl-C goes to the program alone; if it ends the program, it ends this one too.
 */
MUST_USE int process_run(char *const argv[]);

/*
 * The same, with its standard input from `input` (NULL: none) and its standard output in *output, a
 * new string, at most 16 MiB of it; stderr as ours. *output is "" if it did not run.
 */
MUST_USE int process_read(char *const argv[], const char *input, char **output);

/* The interpreter of the tree's own programs: $PYTHON, as for make, or /usr/bin/python3. */
const char *process_python(void);

/* Whether such a program is in PATH. */
bool process_exists(const char *name);

#endif
