/* SPDX-License-Identifier: ISC */
/*
 * Boot arguments: typed, documented, checked before the application starts.
 *
 * The application and the runtime each have a table of keys. The runtime's start code splits
 * the boot arguments into words at white space (a word or the part behind '=' may stand in
 * "double quotes") and matches "--name=value" or, for a bool, "--name" and "--no-name". An unknown
 * or malformed one is named on the console with what was expected and the list of known keys, and
 * the image stops with status 64 (EX_USAGE of sysexits.h). --help prints the list and stops
 * with status 0. Words that do not begin with "--" are refused too, except those that loaders add
 * by themselves (virtio_mmio.device=…, console=…, root=…, which are ignored).
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

enum { KEY_TEXT_BYTES = 64 };

/*
 * What a value may be. An image links only the types that its keys name; an application may define
 * its own.
 */
struct key_type {
	const char *placeholder; /* in the list of keys: --port=NUMBER */
	const char *expected;    /* in a message, behind "expected": "a number" */
	/* Stores the value, or returns an error. NULL: a switch, whose value is a bool. */
	enum err (*parse)(const struct key *key, const char *text);
	/* Writes the value to `text`; empty: none is set. */
	void (*format)(const struct key *key, char text[static KEY_TEXT_BYTES]);
	/* Writes what follows `expected`, such as " from 1 to 9", to `text`. NULL: nothing. */
	void (*format_range)(const struct key *key, char text[static KEY_TEXT_BYTES]);
};

extern const struct key_type key_bool;        /* bool */
extern const struct key_type key_u16;         /* uint16_t, min to max */
extern const struct key_type key_u32;         /* uint32_t, min to max */
extern const struct key_type key_size;        /* uint64_t bytes, min to max: "64k", "16M" */
extern const struct key_type key_duration;    /* uint64_t us, min to max: "10ms", "3s" */
extern const struct key_type key_string;      /* const char *, into the boot arguments */
extern const struct key_type key_ipv4;        /* uint32_t, host order: "10.0.2.2" */
extern const struct key_type key_ipv4_prefix; /* struct ipv4_prefix: "10.0.2.15/24" */
extern const struct key_type key_ipv4_port;   /* struct key_ipv4_port: "10.0.2.2:7" */
extern const struct key_type key_mac;         /* uint8_t[6]: "52:54:00:12:34:56" */
extern const struct key_type key_log;         /* no value: hands the text to log_configure() */

struct key_ipv4_port {
	uint32_t addr; /* host order; 0: not given */
	uint16_t port;
};

struct key {
	const char *name; /* without the dashes */
	const struct key_type *type;
	void *value;       /* holds the default until parsed; of the type named above */
	uint64_t min, max; /* for numbers; both 0: the type's whole range */
	const char *help;  /* one line, without a full stop */
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

/* Prints the list of keys with their types, defaults and help to the console. */
void args_print_help(const struct key *const tables[]);

#endif
