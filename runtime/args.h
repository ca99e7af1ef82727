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

enum key_type {
	KEY_BOOL,        /* bool */
	KEY_U16,         /* uint16_t, min to max */
	KEY_U32,         /* uint32_t, min to max */
	KEY_SIZE,        /* uint64_t bytes, min to max: "64k", "16M" */
	KEY_DURATION,    /* uint64_t microseconds, min to max: "10ms", "3s" */
	KEY_STRING,      /* const char *, into the boot arguments */
	KEY_IPV4,        /* uint32_t, host order: "10.0.2.2" */
	KEY_IPV4_PREFIX, /* struct ipv4_prefix: "10.0.2.15/24" */
	KEY_IPV4_PORT,   /* struct key_ipv4_port: "10.0.2.2:7" */
	KEY_MAC,         /* uint8_t[6]: "52:54:00:12:34:56" */
	KEY_LOG,         /* no value: hands the text to log_configure() */
};

struct key_ipv4_port {
	uint32_t addr; /* host order; 0: not given */
	uint16_t port;
};

struct key {
	const char *name; /* without the dashes */
	enum key_type type;
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
