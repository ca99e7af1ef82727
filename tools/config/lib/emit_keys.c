/* SPDX-License-Identifier: ISC */
/*
 * keys.h and keys.c: the values of the keys, and the table by which the boot arguments set them.
 */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "tools/config/lib/emit.h"

static bool is_list(const struct fata_node *node)
{
	return node->element != NULL;
}

/* The type of a value, or of an element of a list, with "[6]" behind it if it is an array. */
static const struct key_type_info *element_of(const struct fata_node *node)
{
	return is_list(node) ? node->element : node->type;
}

/* --- values ---------------------------------------------------------------------------------- */

/* What emit() of a type writes, whatever its length; *count is that of a list's elements. */
static const char *initialiser(const struct fata_node *node, unsigned *count)
{
	enum { BYTES_MAX = 1 << 24 };
	enum err e = ERR_NOMEM;

	for (size_t bytes = 256; e == ERR_NOMEM && bytes <= BYTES_MAX; bytes *= 2) {
		char *out = make(bytes);
		if (is_list(node))
			e = key_list_emit(&node->key, node->initial, out, bytes, count);
		else
			e = node->type->emit(&node->key, node->initial, out, bytes);
		if (e == OK)
			return out;
	}
	fault_at(node->place, "--%s=%s: this value cannot be written as C", node->name,
		 node->initial);
	return "{0}";
}

/* "const TYPE NAME", or "TYPE const NAME" of a pointer. */
static const char *constant(const char *type, const char *name)
{
	bool pointer = type[strlen(type) - 1] == '*';

	return pointer ? fata_text("%sconst %s", type, name)
		       : fata_text("const %s", declaration(type, name));
}

/* "struct key_list arg_dns" */
static const char *variable(const struct fata_node *node)
{
	const char *name = fata_text("arg_%s%s", node->ident, node->type->c_array);

	return node->stage == BUILD_TIME
		       ? fata_text("static %s", constant(node->type->c_type, name))
		       : declaration(node->type->c_type, name);
}

/* The elements of a list stand in an array of their own, with room for all that it may have. */
static void put_items(struct writer *w, const struct fata_node *node, const char *items)
{
	const struct key_type_info *element = element_of(node);
	const char *name =
		fata_text("items_%s[%u]%s", node->ident, node->list_max, element->c_array);
	const char *array = node->stage == BUILD_TIME ? constant(element->c_type, name)
						      : declaration(element->c_type, name);

	put_code(w, fata_text("static %s = %s;", array, items), 0, (struct place){0});
}

static void put_value(struct writer *w, const struct fata_node *node)
{
	unsigned count = 0;
	const char *value = initialiser(node, &count);

	if (is_list(node)) {
		put_items(w, node, value);
		value = fata_text("{.count = %u, .items = %sitems_%s}", count,
				  node->stage == BUILD_TIME ? "(void *)" : "", node->ident);
	}
	put_code(w, fata_text("%s = %s;", variable(node), value), 0, (struct place){0});
}

/* --- keys.h ---------------------------------------------------------------------------------- */

void emit_keys_header(FILE *out, const struct plan *plan)
{
	struct writer w = writer(out, "keys.h");

	put_head(&w, "the values of its keys");
	put(&w, "#ifndef KEYS_H\n#define KEYS_H\n\n#include \"runtime/args.h\"\n");
	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct fata_node *node = plan->keys[i];
		put(&w, "\n");
		put_comment(&w, fata_text("%s (%s)", node->key.help, place_text(node->place)));
		if (node->stage == BUILD_TIME)
			put_value(&w, node);
		else
			put(&w, "extern %s;\n", variable(node));
	}
	put(&w, "\n#endif\n");
}

/* --- keys.c ---------------------------------------------------------------------------------- */

/* A bound as uint64_t; small ones as they are written. */
static const char *bound(const struct fata_node *node, uint64_t value)
{
	bool negative = element_of(node)->range == KEY_RANGE_SIGNED && value > INT64_MAX;

	if (value == (uint64_t)INT64_MIN && negative)
		return "(uint64_t)INT64_MIN";
	if (negative)
		return fata_text("(uint64_t)%" PRId64, (int64_t)value);
	return fata_text(value > INT_MAX ? "%" PRIu64 "ull" : "%" PRIu64, value);
}

/* What a type wants to know besides: the words of an enumeration, the elements of a list. */
static const char *info(const struct fata_node *node)
{
	if (is_list(node))
		return fata_text(", .info = &info_%s", node->ident);
	if (node->words != NULL)
		return fata_text(", .info = %s", quote_c(node->words));
	return "";
}

static void put_list_info(struct writer *w, const struct fata_node *node)
{
	const struct key_type_info *element = element_of(node);

	put_code(w,
		 fata_text("static const struct key_list_info info_%s = {.type = &%s, "
			   ".item_bytes = sizeof(%s%s), .items_max = %u};",
			   node->ident, element->symbol, element->c_type, element->c_array,
			   node->list_max),
		 0, (struct place){0});
}

static void put_entry(struct writer *w, const struct fata_node *node)
{
	const char *range = "";

	if (node->key.limits != NULL)
		range = fata_text(" .limits = KEY_LIMITS(%s, %s),", bound(node, node->limits.min),
				  bound(node, node->limits.max));
	put_code(w,
		 fata_text(WIRING "{.name = %s, .type = &%s, .value = &arg_%s,%s .help = %s%s},",
			   quote_c(node->name), node->type->symbol, node->ident, range,
			   quote_c(node->key.help), info(node)),
		 1, node->place);
}

void emit_keys(FILE *out, const struct plan *plan)
{
	struct writer w = writer(out, "keys.c");

	put_head(&w, "its keys as boot arguments set them");
	put(&w, "#include \"keys.h\"\n%s", plan->n_keys > 0 ? "\n" : "");
	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct fata_node *node = plan->keys[i];
		if (node->stage == BUILD_TIME)
			continue;
		put_value(&w, node);
		if (is_list(node))
			put_list_info(&w, node);
	}
	put(&w, "\nconst struct key application_keys[] = {\n");
	for (size_t i = 0; i < plan->n_keys; i++) {
		if (plan->keys[i]->stage != BUILD_TIME)
			put_entry(&w, plan->keys[i]);
	}
	put(&w, "\t{0},\n};\n");
}
