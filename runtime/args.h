/* SPDX-License-Identifier: ISC */
/*
 * Boot arguments: typed, documented, checked before the application starts.
 *
 * The application and the runtime each have a table of keys. The runtime's start code splits
 * the boot arguments into words at white space (a word or the part behind '=' may stand in
 * "double quotes") and matches "--name=value" or, for a bool, "--name" and "--no-name". Of several
 * words for one key the last counts; a list is replaced, not continued. An unknown or malformed one
 * is named on the console with what was expected and the list of known keys, and the image stops
 * with status 64 (EX_USAGE of sysexits.h). --help prints the list and stops with status 0.
 *
 * Words that do not begin with "--" are refused, except those that loaders add by themselves for
 * the kernels that they usually start: some names (console=…, root=…, quiet), and every NAME=VALUE
 * whose name holds '.' or '_' (virtio_mmio.device=…), which no key's name does.
 *
 * A table lives for ever; so does what its keys point to. Nothing here may be called from an
 * interrupt. Apart from the printing of help and from key_log, all of this is built for the host
 * too: the configuration compiler checks default values with the parsers that the image has
 * (runtime/args_types.h).
 */
#ifndef RUNTIME_ARGS_H
#define RUNTIME_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/inet.h"

enum { STATUS_USAGE = 64 };

struct key;

enum { KEY_TEXT_BYTES = 128 };

/*
 * What a value may be. An image links only the types that its keys name; an application may define
 * its own. An address of zeros, "0.0.0.0", "0.0.0.0:0", "::", stands for none.
 */
struct key_type {
	const char *placeholder; /* in the list of keys: --port=NUMBER */
	const char *expected;    /* in a message, behind "expected": "a number" */
	/*
	 * Stores the value, or returns ERR_INVALID or ERR_RANGE and leaves both value and text as
	 * they were. The value may point into `text`, and a type of several parts may cut `text`
	 * into them. NULL: a switch, whose value is a bool.
	 */
	enum err (*parse)(const struct key *key, char *text);
	/* Writes the value to `text`; empty: none is set. What does not fit is cut. */
	void (*format)(const struct key *key, char text[static KEY_TEXT_BYTES]);
	/* Writes what limits the value, such as "from 1 to 9"; empty: nothing. NULL: the same. */
	void (*format_range)(const struct key *key, char text[static KEY_TEXT_BYTES]);
	/* Says what is wrong with a text that parse() refused. NULL: `expected` and the range. */
	void (*explain)(const struct key *key, char *text, char *message, size_t message_bytes);
};

extern const struct key_type key_bool;        /* bool */
extern const struct key_type key_int;         /* int64_t, limits taken as int64_t: "-3" */
extern const struct key_type key_u16;         /* uint16_t, in its limits */
extern const struct key_type key_u32;         /* uint32_t, in its limits */
extern const struct key_type key_size;        /* uint64_t bytes, in its limits: "64k", "16M" */
extern const struct key_type key_duration;    /* uint64_t us, in its limits: "10ms", "5min" */
extern const struct key_type key_string;      /* const char *, into the boot arguments */
extern const struct key_type key_enum;        /* unsigned: which of the words at `info` */
extern const struct key_type key_ipv4;        /* uint32_t, host order: "10.0.2.2" */
extern const struct key_type key_ipv4_prefix; /* struct ipv4_prefix: "10.0.2.15/24" */
extern const struct key_type key_ipv4_port;   /* struct key_ipv4_port: "10.0.2.2:7" */
extern const struct key_type key_ipv4_route;  /* struct ipv4_route: "10.1.0.0/16:10.0.2.9" */
extern const struct key_type key_ipv6;        /* struct ip_addr: "fd00::2" */
extern const struct key_type key_ipv6_prefix; /* struct ipv6_prefix: "fd00::2/64" */
extern const struct key_type key_ipv6_auto;   /* struct ipv6_prefix: the same, or "auto": ::/0 */
extern const struct key_type key_ip;          /* struct ip_addr of either family */
extern const struct key_type key_mac;         /* uint8_t[6]: "52:54:00:12:34:56" */
extern const struct key_type key_list;        /* struct key_list, as `info` says: "1,2,3" */
extern const struct key_type key_log;         /* no value: hands the text to log_configure() */

struct key_ipv4_port {
	uint32_t addr; /* host order; 0: not given */
	uint16_t port;
};

/* Elements with commas between; none in an empty text. A string in a list holds no comma. */
struct key_list {
	unsigned count;
	void *items; /* room for as many as the info says */
};

enum { KEY_LIST_ITEM_BYTES_MAX = 32 };

struct key_list_info {
	const struct key_type *type; /* of an element: one that has parse(), and no list */
	size_t item_bytes;           /* at most KEY_LIST_ITEM_BYTES_MAX */
	unsigned items_max;
	const void *info; /* of the elements, as in struct key */
};

struct key_limits {
	uint64_t min, max;
};

/* In the initialiser of a key. */
#define KEY_LIMITS(MIN, MAX) (&(const struct key_limits){(MIN), (MAX)})

/* A table written in order, without names of members, may leave out `info`. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct key {
	const char *name; /* without the dashes: small letters, digits and '-' */
	const struct key_type *type;
	void *value; /* holds the default until parsed; of the type named above */
	/* For numbers, alone or in a list; NULL: the type's whole range. */
	const struct key_limits *limits;
	const char *help; /* one line, without a full stop */
	/* For key_enum the words, as "tar|fat"; for key_list a struct key_list_info; else unused.
	 */
	const void *info;
};

/* Keys that the application, written by hand or generated, defines; ends with a zero entry. */
extern const struct key application_keys[];

/*
 * Parses `text`, which is changed (words are cut in place) and must live on, against the tables,
 * the last of which is NULL. On the first fault writes one plain sentence to `message` and returns
 * ERR_INVALID or ERR_RANGE; values parsed before it stay set. ERR_EOF if --help was asked for.
 */
MUST_USE enum err args_parse(char *text, const struct key *const tables[], char *message,
			     size_t message_bytes);

/*
 * Writes what is wrong with `text`, which the parse() of the key's type has refused, to `message`,
 * at least 1 byte long: "expected a number from 1 to 9". The text is as before on return.
 */
void args_explain(const struct key *key, char *text, char *message, size_t message_bytes);

/*
 * Prints the list of keys to the console, with their types, help, ranges, and as their defaults
 * the values that they hold at the moment.
 */
void args_print_help(const struct key *const tables[]);

#endif
