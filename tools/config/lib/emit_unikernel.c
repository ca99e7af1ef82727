/* SPDX-License-Identifier: ISC */
/*
 * unikernel.h: the prototypes of what main.c calls in the application, which includes it, so that a
 * function that is not what config.c says does not compile.
 */
#include <string.h>

#include "tools/config/lib/emit.h"

const char *parameter_type(const struct fata_node *node)
{
	if (node->kind == NODE_KEY)
		return key_parameter_type(node);
	return node->spec.signature != NULL ? node->spec.signature->c_type : "void *";
}

/* --- headers --------------------------------------------------------------------------------- */

static void add_type(struct headers *headers, const struct fata_node *node)
{
	if (node->kind == NODE_KEY)
		headers_add(headers, "runtime/args.h");
	else if (node->spec.signature != NULL && node->spec.signature->header != NULL)
		headers_add(headers, node->spec.signature->header);
}

static void add_types(struct headers *headers, const struct fata_node *node)
{
	for (size_t i = 0; i < node->n_uses; i++) {
		if (!node->uses[i].order_only)
			add_type(headers, node->uses[i].node);
	}
}

static void put_all_headers(struct writer *w, const struct plan *plan)
{
	struct headers headers = {0};

	for (size_t i = 0; i < plan->n_jobs; i++)
		add_types(&headers, plan->jobs[i]);
	for (size_t i = 0; i < plan->n_devices; i++) {
		const struct fata_node *node = plan->devices[i];
		if (!node->own)
			continue;
		headers_add(&headers, "base/err.h");
		add_type(&headers, node);
		add_types(&headers, node);
	}
	put_headers(w, &headers);
}

/* --- prototypes ------------------------------------------------------------------------------ */

/* Whether one of the first `n` things that `node` uses has that name in C. */
static bool is_taken(const struct fata_node *node, size_t n, const char *ident)
{
	for (size_t i = 0; i < n; i++) {
		if (!node->uses[i].order_only && strcmp(node->uses[i].node->ident, ident) == 0)
			return true;
	}
	return node->own && strcmp(ident, "self") == 0;
}

/* "struct http *http0"; what is handed over twice gets a number behind its name. */
static const char *parameter(const struct fata_node *node, size_t i)
{
	const struct fata_node *used = node->uses[i].node;
	const char *name = used->ident;

	if (is_taken(node, i, name))
		name = fata_text("%s_%zu", name, i + 1);
	return declaration(parameter_type(used), name);
}

static const char *parameters(const struct fata_node *node)
{
	const char *text = "";

	if (node->own)
		text = declaration(fata_text("%s*", declaration(parameter_type(node), "")), "self");
	for (size_t i = 0; i < node->n_uses; i++) {
		if (!node->uses[i].order_only)
			text = fata_text("%s%s%s", text, text[0] != '\0' ? ", " : "",
					 parameter(node, i));
	}
	return text[0] != '\0' ? text : "void";
}

static const char *function(const struct fata_node *node)
{
	return node->own ? node->connect : node->name;
}

/* "job of config.c:12" */
static const char *title(const struct fata_node *node)
{
	return node->own ? fata_text("device %s of %s", node->name, place_text(node->place))
			 : fata_text("job of %s", place_text(node->place));
}

static const char *parameter_types(const struct fata_node *node)
{
	const char *text = node->own ? parameter_type(node) : "";

	for (size_t i = 0; i < node->n_uses; i++) {
		if (!node->uses[i].order_only)
			text = fata_text("%s, %s", text, parameter_type(node->uses[i].node));
	}
	return text;
}

static void put_prototype(struct writer *w, const char *type, const char *name,
			  const char *parameter_list)
{
	put_code(w, fata_text("%s(%s);", declaration(type, name), parameter_list), 0,
		 (struct place){0});
}

/* Whether two jobs, or two devices, are made by one function that takes the same. */
static bool are_alike(const struct fata_node *a, const struct fata_node *b)
{
	const char *stop_a = a->options.stop, *stop_b = b->options.stop;

	return a->own == b->own && strcmp(function(a), function(b)) == 0 &&
	       strcmp(parameter_types(a), parameter_types(b)) == 0 &&
	       strcmp(stop_a != NULL ? stop_a : "", stop_b != NULL ? stop_b : "") == 0;
}

/* The prototypes of nodes[i], with a comment that names those like it; once for all of them. */
static void put_node(struct writer *w, struct fata_node *const nodes[], size_t n, size_t i)
{
	const struct fata_node *node = nodes[i];
	const char *text = fata_text("The %s", title(node));

	for (size_t j = 0; j < i; j++) {
		if (are_alike(nodes[j], node))
			return;
	}
	for (size_t j = i + 1; j < n; j++) {
		if (are_alike(nodes[j], node) && strcmp(title(nodes[j]), title(node)) != 0)
			text = fata_text("%s, the %s", text, title(nodes[j]));
	}
	put(w, "\n");
	put_comment(w, fata_text("%s.", text));
	put_prototype(w, node->own ? "enum err" : "int", function(node), parameters(node));
	if (node->options.stop != NULL)
		put_prototype(w, "void", node->options.stop,
			      declaration(parameter_type(node), "self"));
}

void emit_unikernel(FILE *out, const struct plan *plan)
{
	struct writer w = writer(out, "unikernel.h");

	put_head(&w, "what main.c calls in the application");
	put(&w, "#ifndef UNIKERNEL_H\n#define UNIKERNEL_H\n");
	put_all_headers(&w, plan);
	for (size_t i = 0; i < plan->n_jobs; i++)
		put_node(&w, plan->jobs, plan->n_jobs, i);
	for (size_t i = 0; i < plan->n_devices; i++) {
		if (plan->devices[i]->own)
			put_node(&w, plan->devices, plan->n_devices, i);
	}
	put(&w, "\n#endif\n");
}
