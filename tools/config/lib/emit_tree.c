/* SPDX-License-Identifier: ISC */
/*
 * What `fata describe` and `fata keys` show on a terminal.
 */
#include <string.h>

#include "tools/config/lib/emit.h"

/* A line of the tree, in columns. */
struct line {
	const char *name, *about, *where;
};

struct tree {
	struct line *lines;
	size_t n_lines;
	const struct fata_node **shown;
	size_t n_shown;
};

static const char *spaces(unsigned n)
{
	return fata_text("%*s", (int)n, "");
}

/* `text` and spaces up to `columns`. */
static const char *padded(const char *text, unsigned columns)
{
	unsigned used = text_columns(text);
	return fata_text("%s%s", text, spaces(used < columns ? columns - used : 0));
}

/* --- lines ----------------------------------------------------------------------------------- */

static bool was_shown(const struct tree *tree, const struct fata_node *node)
{
	for (size_t i = 0; i < tree->n_shown; i++) {
		if (tree->shown[i] == node)
			return true;
	}
	return false;
}

static const char *key_about(const struct fata_node *node)
{
	return fata_text("key, %s, %s%s", node->type->name,
			 node->initial[0] != '\0' ? node->initial : "empty",
			 node->stage == BUILD_TIME ? ", at build time" : "");
}

static void add(struct tree *tree, const char *name, const struct fata_node *node)
{
	bool again = was_shown(tree, node);
	const char *about = node->kind == NODE_KEY     ? key_about(node)
			    : node->spec.about != NULL ? node->spec.about
						       : node->spec.kind;

	*APPEND(tree->lines, tree->n_lines) =
		again ? (struct line){fata_text("%s …above", name), "", ""}
		      : (struct line){name, about, where_text(node->place)};
	if (!again && node->kind == NODE_DEVICE)
		*APPEND(tree->shown, tree->n_shown) = node;
}

/* What stands below a node: what it uses, and what came along with it. */
static const struct fata_node **children(const struct fata_node *node,
					 const struct fata_node *parent, size_t *n)
{
	const struct fata_node **list = NULL;

	*n = 0;
	for (size_t i = 0; i < node->n_uses; i++) {
		if (!node->uses[i].order_only && node->uses[i].node != parent)
			*APPEND(list, *n) = node->uses[i].node;
	}
	for (size_t i = 0; i < node->n_attached; i++)
		*APPEND(list, *n) = node->attached[i];
	return list;
}

/* `indent` is in front of all that stands below `node`; what has been shown is not entered. */
static void add_below(struct tree *tree, const struct fata_node *node,
		      const struct fata_node *parent, const char *indent)
{
	size_t n;
	const struct fata_node **list = children(node, parent, &n);

	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n, again = was_shown(tree, list[i]);
		add(tree, fata_text("%s%s%s", indent, last ? "└─ " : "├─ ", list[i]->name),
		    list[i]);
		if (!again && list[i]->kind == NODE_DEVICE)
			add_below(tree, list[i], node,
				  fata_text("%s%s", indent, last ? "   " : "│  "));
	}
}

/* --- describe -------------------------------------------------------------------------------- */

static void put_lines(FILE *out, const struct tree *tree)
{
	unsigned name_columns = 0, about_columns = 0;

	for (size_t i = 0; i < tree->n_lines; i++) {
		const struct line *line = &tree->lines[i];
		name_columns = MAX(name_columns, text_columns(line->name));
		about_columns = MAX(about_columns, text_columns(line->about));
	}
	for (size_t i = 0; i < tree->n_lines; i++) {
		const struct line *line = &tree->lines[i];
		if (line->about[0] == '\0')
			fprintf(out, "%s\n", line->name);
		else
			fprintf(out, "%s  %s  %s\n", padded(line->name, name_columns),
				padded(line->about, about_columns), line->where);
	}
}

void emit_tree(FILE *out, const struct plan *plan)
{
	struct tree tree = {0};

	fprintf(out, "%s\n", image_title());
	for (size_t i = 0; i < plan->n_jobs; i++) {
		const struct fata_node *job = plan->jobs[i];
		*APPEND(tree.lines, tree.n_lines) = (struct line){"", "", ""};
		*APPEND(tree.lines, tree.n_lines) = (struct line){job->name, "", ""};
		add_below(&tree, job, NULL, "");
	}
	put_lines(out, &tree);
}

/* --- keys ------------------------------------------------------------------------------------ */

static const char *synopsis(const struct fata_node *node)
{
	const char *placeholder = node->key.type->placeholder;
	bool valued = placeholder != NULL && placeholder[0] != '\0';

	return fata_text("  --%s%s%s", node->name, valued ? "=" : "", valued ? placeholder : "");
}

static void put_stage(FILE *out, const struct plan *plan, enum fata_stage stage, const char *title)
{
	unsigned columns = 0;
	bool any = false;

	for (size_t i = 0; i < plan->n_keys; i++) {
		if (plan->keys[i]->stage == stage)
			columns = MAX(columns, text_columns(synopsis(plan->keys[i])));
	}
	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct fata_node *node = plan->keys[i];
		if (node->stage != stage)
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", title);
		any = true;
		fprintf(out, "%s  %s", padded(synopsis(node), columns), node->key.help);
		if (node->initial[0] != '\0')
			fprintf(out, " (%s %s)", node->given ? "set to" : "default", node->initial);
		fputc('\n', out);
	}
}

void emit_key_list(FILE *out, const struct plan *plan)
{
	fprintf(out, "%s%s\n", image_title(), plan->n_keys == 0 ? " has no keys." : "");
	put_stage(out, plan, BOOT_TIME, "Boot arguments, whose defaults fata configure can change");
	put_stage(out, plan, BUILD_TIME, "Settings of fata configure");
}
