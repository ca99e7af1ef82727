/* SPDX-License-Identifier: ISC */
/*
 * graph.dot: who uses whom, for graphviz. The runtime's own parts, such as the heap, are left out:
 * they are below nearly everything.
 */
#include "tools/config/lib/emit.h"

/* Jobs by number, since one function can be two; no name of a device has a space or dashes. */
static const char *identity(const struct plan *plan, const struct fata_node *node)
{
	if (node->kind == NODE_DEVICE)
		return quote_dot(node->name);
	if (node->kind == NODE_KEY)
		return quote_dot(fata_text("--%s", node->name));
	for (size_t i = 0; i < plan->n_jobs; i++) {
		if (plan->jobs[i] == node)
			return quote_dot(fata_text("job %zu", i + 1));
	}
	return quote_dot("job");
}

static void put_node(FILE *out, const struct plan *plan, const struct fata_node *node)
{
	const char *label = node->name, *look = "";

	if (node->kind == NODE_KEY) {
		label = fata_text("--%s\n%s, %s", node->name, node->type->name, node->initial);
		look = ", shape=note";
	} else if (node->kind == NODE_JOB) {
		label = fata_text("%s()", node->name);
		look = ", peripheries=2";
	} else if (node->spec.about != NULL) {
		label = fata_text("%s\n%s", node->name, node->spec.about);
	}
	fprintf(out, "\t%s [label=%s%s];\n", identity(plan, node), quote_dot(label), look);
}

static void put_edges(FILE *out, const struct plan *plan, const struct fata_node *node)
{
	for (size_t i = 0; i < node->n_uses; i++) {
		const struct use *use = &node->uses[i];
		if (use->node->needed && !use->node->spec.early)
			fprintf(out, "\t%s -> %s%s;\n", identity(plan, node),
				identity(plan, use->node),
				use->order_only ? " [style=dashed]" : "");
	}
}

static void put_all(FILE *out, const struct plan *plan,
		    void (*put_one)(FILE *, const struct plan *, const struct fata_node *))
{
	for (size_t i = 0; i < plan->n_jobs; i++)
		put_one(out, plan, plan->jobs[i]);
	for (size_t i = plan->n_devices; i-- > 0;)
		put_one(out, plan, plan->devices[i]);
	for (size_t i = 0; i < plan->n_keys; i++)
		put_one(out, plan, plan->keys[i]);
}

void emit_dot(FILE *out, const struct plan *plan)
{
	fprintf(out, "digraph %s {\n\trankdir=LR;\n\tnode [shape=box];\n\n",
		quote_dot(image_title()));
	put_all(out, plan, put_node);
	fputc('\n', out);
	put_all(out, plan, put_edges);
	fputs("}\n", out);
}
