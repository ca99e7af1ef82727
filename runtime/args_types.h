/* SPDX-License-Identifier: ISC */
/*
 * The types of boot arguments by name, for programs of the host that write tables of keys.
 *
 * No part of an image, which would hold every type. A program that uses it links args_types.c,
 * args_check.c, args.c, args_address.c, args_list.c, args_number.c, args_text.c and base/, and
 * defines assert_failed() (base/assert.h). It describes a key by a struct key, whose `value` is not
 * used and whose info, of a list, counts bytes as the host does; what it writes is C for the image.
 */
#ifndef RUNTIME_ARGS_TYPES_H
#define RUNTIME_ARGS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "runtime/args.h"

enum key_range {
	KEY_RANGE_NONE,
	KEY_RANGE_UNSIGNED, /* struct key's limits as they are */
	KEY_RANGE_SIGNED,   /* the same, as int64_t */
};

struct key_type_info {
	const char *name; /* "u16" */
	const struct key_type *type;
	const char *symbol;  /* "key_u16" */
	const char *c_type;  /* of the value: "uint16_t" */
	const char *c_array; /* behind the name of such a variable: "[6]" of a MAC, else "" */
	size_t bytes;        /* of the value, on the host */
	enum key_range range;
	uint64_t range_max; /* the greatest `max` */
	const char *about;  /* for a person: "a number from 0 to 65535" */
	/*
	 * Writes a C initialiser of the value that `text` stands for, such as 80, "text\n" or
	 * {.addr = 0x0a00020f, .bits = 24}; of a list, that of the array of its elements. Of a
	 * switch the text is on, off, true or false. ERR_INVALID or ERR_RANGE: the text is wrong,
	 * as args_explain() says; ERR_NOMEM: there is too little room in `out` or on the heap.
	 */
	enum err (*emit)(const struct key *key, const char *text, char *out, size_t out_bytes);
};

/* The type of number `i`, from 0; NULL behind the last. key_log, which has no value, is left out.
 */
const struct key_type_info *key_type_info_at(size_t i);

/* What there is to know of a type; NULL if it is none of these. */
const struct key_type_info *key_type_info_of(const struct key_type *type);

/* The type named "u16", "ipv4_prefix", "list" …; NULL if there is none of that name. */
const struct key_type *key_type_by_name(const char *name);

/*
 * The initialiser of the array of a list's elements, as emit() writes it, and their number: for
 *
 *	static uint32_t dns_items[8] = {0x0a000203, 0x0a000204};
 *	static struct key_list dns = {.count = 2, .items = dns_items};
 *
 * An array cannot be initialised with nothing: without elements it is {0}.
 */
MUST_USE enum err key_list_emit(const struct key *key, const char *text, char *out,
				size_t out_bytes, unsigned *count);

/*
 * Whether a key makes sense: its name, its range, its words, the elements of its list. ERR_INVALID
 * after writing what is wrong to `message`: "max 70000 is over 65535". The default is emit()'s.
 */
MUST_USE enum err key_check(const struct key *key, char *message, size_t message_bytes);

#endif
