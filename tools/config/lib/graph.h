/* SPDX-License-Identifier: ISC */
/*
 * The graph that configure() builds, as the compiler's parts see it.
 *
 * language.c, keys.c and module.c (the functions of fata/config.h and fata/module.h) fill struct
 * graph; check.c finds what is wrong with it; plan.c puts what the jobs need into the order of its
 * start; the emit_*.c write files from the plan. There is one graph, made and read by one
 * short-lived program: nothing is freed.
 */
#ifndef TOOLS_CONFIG_LIB_GRAPH_H
#define TOOLS_CONFIG_LIB_GRAPH_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <fata/module.h>

#include "runtime/args.h"
#include "runtime/args_types.h"

struct place {
	const char *file; /* as the compiler was given it: "config.c" */
	unsigned line;    /* 0: none, for what the tree itself makes */
};

enum node_kind { NODE_DEVICE, NODE_KEY, NODE_JOB };

struct use {
	const char *as; /* name in the spec's texts */
	struct fata_node *node;
	bool order_only;    /* start_after() */
	struct place place; /* of that call */
};

struct fata_node {
	struct fata_node *next; /* in order of creation */
	enum node_kind kind;
	const char *name;  /* "tcp0", "port"; of a job, its function */
	const char *ident; /* a C identifier; of a device one that nothing else has: "lan0" */
	bool named;        /* by a person */
	bool single;       /* one of its name for the whole image */
	bool faulty;       /* what seems wrong with it besides follows from a fault */
	struct place place;

	struct use *uses; /* n_uses of them */
	size_t n_uses;
	struct fata_node **attached; /* in the image whenever this is */
	size_t n_attached;

	struct fata_spec spec; /* of devices */
	bool own;              /* a device of the application's own; then: */
	const char *connect;
	const char *const *sources;
	struct fata_device_options options;

	/* Of keys. `struct key` and its info are as the image will have them, host's values. */
	const struct key_type_info *type;    /* NULL after a fault */
	const struct key_type_info *element; /* of a list */
	struct key key;
	struct key_limits limits; /* of the key */
	const char *initial;      /* the text of its value: the default, or what --NAME= gave */
	const char *words;        /* of an enumeration */
	unsigned list_max;
	enum fata_stage stage;
	bool given; /* on the command line of `fata configure` */

	unsigned long stack_bytes; /* of jobs; 0: the default */

	/* plan.c */
	bool needed;
	unsigned index; /* of devices: how many of its kind in the image were made before */
	unsigned depth_first_state;
	struct fata_node *task; /* the device that polls it */

	/* emit_main.c: the device's name where the table of main.c has it, in C, or NULL */
	const char *row_name;
};

struct port {
	struct fata_node *device, *key;
	const char *protocol, *service;
};

struct embedded {
	struct fata_node *device;
	const char *folder, *symbol;
};

struct board_need {
	struct fata_node *device; /* that has the need; NULL: the next that `function` makes */
	const char *function, *kind;
	unsigned index; /* FATA_INDEX: that of the device */
	struct place place;
};

struct fault {
	struct place place;
	const char *text;
};

struct graph {
	const char *app; /* the name given to unikernel(), or NULL */
	struct place app_place;
	const struct fata_board *board;
	struct fata_node *nodes, **last;
	struct fata_node **jobs;
	size_t n_jobs;
	unsigned argument_block_bytes; /* 0: none */
	bool no_boot_arguments;        /* nor what the board would have */
	bool no_malloc, no_console_input, brief_faults, no_log, brief_log, no_counters;
	uint64_t memory_limit_bytes, flash_limit_bytes; /* 0: what the board has */
	struct port *ports;
	size_t n_ports;
	struct embedded *embedded;
	size_t n_embedded;
	struct board_need *needs;
	size_t n_needs;
	struct fault *faults;
	size_t n_faults;
};

extern struct graph graph;

/* What the program was called with. */
struct options {
	const char *board, *out, *app_dir; /* names of a board and of folders */
	const char *prefix;                /* in front of config.c in #line: "apps/web/" */
	const char *machine;               /* file with the JSON of the board's emulator, or NULL */
	const char *tree;                  /* of modules, or NULL */
	const char *version;               /* of Fata */
	const char **settings;             /* "port=8080", n_settings of them */
	size_t n_settings;
	uint64_t ram_bytes; /* --memory; 0: the board's */
};

extern struct options options;

/* --- the parts ------------------------------------------------------------------------------- */

/* memory.c: allocation that cannot fail, and growing arrays. */
void *make(size_t bytes); /* zeroed */
/* Makes room for an element, zeroed, behind the `count` of `array`, which has grown one by one. */
void *grow(void *array, size_t count, size_t element_bytes);
/* A new last element of an array. */
#define APPEND(array, count)                                                                       \
	((array) = grow((array), (count), sizeof(*(array))), &(array)[(count)++])
const char *text_format(const char *format, va_list ap);
/* "a, b or c", for the last separator " or ". */
const char *text_words(const char *const words[], size_t n, const char *last_separator);

/* place.c: the line to blame for what happens now, and faults. */
struct place place_now(void);
struct place place_last(void);              /* of the last call, which may have returned */
const char *place_text(struct place place); /* "config.c:7", or "config.c" without a line */
void place_mute(void);                      /* leave out further faults of the current call */
bool place_is_faulty(struct place place);
void fault_at(struct place place, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints all, sorted by line, as "config.c:7: text"; returns how many there are. */
size_t faults_print(FILE *out);

/* language.c */
struct fata_node *node_new(enum node_kind kind, const char *name);
bool node_known(const struct fata_node *node); /* false for NULL and what was never a handle */
void node_use(struct fata_node *node, const char *as, struct fata_node *used);
/* The first that is wanted of a node, what it uses, what those use …, level by level; or NULL. */
struct fata_node *node_nearest(struct fata_node *node,
			       bool (*is_wanted)(const struct fata_node *, const void *),
			       const void *context);
/* "tcp0", "the key --port", "the job web_start", for messages. */
const char *node_text(const struct fata_node *node);
/* "lan-ipv4" -> "lan_ipv4", "int" -> "int_" */
const char *identifier(const char *name);
/* "struct tcp *" and "tcp" make "struct tcp *tcp"; "int" and "x" make "int x". */
const char *declaration(const char *type, const char *name);
/* Whether a key or device may be called that. */
#define NAME_EXPECTED "expected small letters, digits and '-', a letter in front"
bool name_is_plain(const char *name);

/* keys.c */
bool key_is_switch(const struct fata_node *key); /* a bool, which takes no value */
/* Makes `text` the key's value; returns NULL, or what is wrong with it. */
const char *key_store(struct fata_node *key, const char *text);
/* The C expression of a key's value, as an argument: "arg_port", "&arg_dns", or a constant. */
const char *key_expression(const struct fata_node *key);
/* The C type of a key as a parameter, such as "uint16_t " or "const struct key_list *". */
const char *key_parameter_type(const struct fata_node *key);

/* settings.c */
/* Gives the key the value that the command line has for it, the last if there are several. */
void settings_apply(struct fata_node *key);
void key_settings_check(void); /* faults for --NAME=… of configure that no key has */

/* crash.c: from now on a crash is told with the line of the last call. */
void crash_watch(void);

/* boards.c */
const struct fata_board *board_find(const char *name);
const struct fata_board *board_at(size_t index); /* sorted by name; NULL behind the last */
bool arch_is_known(const char *name);
unsigned board_count(const struct fata_board *board, const char *kind); /* of its devices */
/* What people call `n` devices of a kind: "network interfaces". */
const char *board_noun(const char *kind, unsigned n);
const char *board_names(void); /* of all: "host, microvm and virt-arm" */
const char *arch_names(void);
void boards_print(FILE *out);
void offers_print(FILE *out);

/* check.c: everything that C cannot check. Called after plan_make(). */
struct plan;
void check(const struct plan *plan);

/* plan.c: what the image holds. Devices in the order of their start, users behind what they use. */
struct plan {
	struct fata_node **early, **devices, **keys, **jobs;
	size_t n_early, n_devices, n_keys, n_jobs;
	const char **modules, **headers; /* without duplicates, sorted */
	size_t n_modules, n_headers;
	bool keys_are_fixed;  /* nobody passes boot arguments */
	const char *run_main; /* NULL: jobs are called on the boot stack */
	uint64_t ram_bytes;   /* what devices have named */
};
/* Also finds cycles, which are faults; the plan then leaves out what closes the cycle. */
void plan_make(struct plan *plan);
bool plan_has(const struct plan *plan, const char *module);
/* It has IPv4, and no IPv6. */
bool plan_is_v4_only(const struct plan *plan);
/* Besides, that is a minimal one (inet_is_minimal), and each address in the image one of IPv4. */
bool plan_is_plain_v4(const struct plan *plan);

/* emit_*.c: each writes one file's text to `out`. */
void emit_main(FILE *out, const struct plan *plan);      /* main.c */
void emit_unikernel(FILE *out, const struct plan *plan); /* unikernel.h */
void emit_keys_header(FILE *out, const struct plan *plan);
void emit_keys(FILE *out, const struct plan *plan);
void emit_make(FILE *out, const struct plan *plan); /* modules.mk */
void emit_manifest(FILE *out, const struct plan *plan);
void emit_dot(FILE *out, const struct plan *plan);
void emit_tree(FILE *out, const struct plan *plan);     /* for `fata describe` */
void emit_key_list(FILE *out, const struct plan *plan); /* for `fata keys` */

/* files.c: replaces OUT/NAME unless it holds that text already; 0, or 1 after a message. */
int file_write(const char *name, void (*emit)(FILE *, const struct plan *),
	       const struct plan *plan);

#endif
