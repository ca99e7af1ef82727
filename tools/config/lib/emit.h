/* SPDX-License-Identifier: ISC */
/*
 * What the emit_*.c share: texts in the quotes of several languages, the layout of C as the tree
 * has it, and a writer that knows its line. Texts that are returned live until the program ends.
 */
#ifndef TOOLS_CONFIG_LIB_EMIT_H
#define TOOLS_CONFIG_LIB_EMIT_H

#include "tools/config/lib/graph.h"

/* --- quote.c --------------------------------------------------------------------------------- */

/* A string literal with its quotes, that means `text` byte for byte; printable UTF-8 as it is. */
const char *quote_c(const char *text);
/* The same for JSON (RFC 8259). What is no UTF-8 becomes U+FFFD. */
const char *quote_json(const char *text);
/* For DOT: a newline in `text` is one in the label. */
const char *quote_dot(const char *text);
/* For the inside of a C comment, on one line. */
const char *quote_comment(const char *text);
/* For a word of a makefile's variable. */
const char *quote_make(const char *text);

/* Columns of a terminal that `text` takes, one a character of its UTF-8. */
unsigned text_columns(const char *text);

/* A text that is being written; text_end() closes `out` and returns it. */
struct text {
	FILE *out;
	char *bytes;
	size_t length;
};
FILE *text_begin(struct text *text);
const char *text_end(struct text *text);

/* --- layout.c -------------------------------------------------------------------------------- */

enum { TAB_COLUMNS = 8, COLUMNS_MAX = 100 };

/* In C to be laid out: what follows is wiring, whose line is one of config.c. */
#define WIRING "\001"

struct code_line {
	const char *text; /* without newline; empty: a blank line */
	bool wiring;
};

struct code {
	struct code_line *lines;
	size_t n_lines;
};

/*
 * Lays C out: lines indented by `tabs` and their own white space, statements that are longer than
 * COLUMNS_MAX broken behind commas and aligned with their bracket.
 */
struct code layout(const char *text, unsigned tabs);

/* --- writer.c -------------------------------------------------------------------------------- */

struct writer {
	FILE *out;
	const char *path; /* of the file, as #line names it */
	unsigned line;    /* on which the next character will be; from 1 */
	/* The file that lines are said to be of, if not this one. */
	const char *away;
};

struct writer writer(FILE *out, const char *name); /* of a file in the folder of output */
/* Whole lines. */
void put(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A comment, on one line if it fits. */
void put_comment(struct writer *w, const char *text);
/* The comment that opens a file. */
void put_head(struct writer *w, const char *about);
/* Code, laid out. The wiring in it gets the line of `place`, if that has one. */
void put_code(struct writer *w, const char *text, unsigned tabs, struct place place);
/* Headers to include, sorted, each once; zeroed at first. */
struct headers {
	const char **names;
	size_t n_names;
};

void headers_add(struct headers *headers, const char *name);
void put_headers(struct writer *w, const struct headers *headers);

/* The path of a file in the folder of output: "build/virt-arm/web/main.c". */
const char *out_path(const char *name);
/* What the image is called, and "web on virt-arm"; also when configure() has named nothing. */
const char *image_name(void);
const char *image_title(void);

/* --- expand.c -------------------------------------------------------------------------------- */

enum { JOB_STACK_BYTES = 16 << 10 };

/* A text of a spec with its $names replaced, wiring marked, not yet laid out. NULL gives NULL. */
const char *replace_names(const struct fata_node *node, const char *text);
/* What is written for a device or a key where it is used, marked as wiring. */
const char *node_value(const struct fata_node *node);
/* The device whose task polls `node`, the nearest if there are several, or NULL. */
const struct fata_node *task_of(const struct fata_node *node);
/* Whether the task of that device polls `node`. */
bool is_polled_by(const struct fata_node *node, const struct fata_node *task);
/* Whether a device has a function start_NAME(), and a row in the table of main.c. */
bool device_starts(const struct fata_node *node);
/* The device's name as a string in C: one that main.c has anyway, or a literal. */
const char *name_in_c(const struct fata_node *node);
/* A name that main.c makes from a device's: before, its name, after; none that a device has. */
const char *derived_name(const char *before, const struct fata_node *node, const char *after);
/* The stack of the fiber of job number `i`. The last job's is the one on which devices start. */
unsigned long job_stack_bytes(size_t i);

/* --- emit_main.c and its parts --------------------------------------------------------------- */

/* emit_tasks.c: the functions that poll, and the names of a device's function and task. */
void put_tasks(struct writer *w, const struct plan *plan);
const char *poll_name(const struct fata_node *node);
const char *task_name(const struct fata_node *node);

/* emit_unikernel.c: the type of a parameter that takes a device or a key: "struct tcp *", "uint16_t
 * ". */
const char *parameter_type(const struct fata_node *node);
/* emit_jobs.c: run() and unikernel_main(). */
void put_jobs(struct writer *w, const struct plan *plan);
/* How many devices have a row in the table. */
size_t plan_rows(const struct plan *plan);
/* Whether any of them has something to undo. */
bool plan_stops(const struct plan *plan);

#endif
