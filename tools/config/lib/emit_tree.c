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

static const char *about_text(const struct fata_node *node)
{
	if (node->kind == NODE_KEY)
		return key_about(node);
	if (node->kind == NODE_JOB)
		return "job";
	return node->spec.about != NULL ? node->spec.about : node->spec.kind;
}

/* As it is called where it is used: "tcp0", "--port", "web_start()". */
static const char *label(const struct fata_node *node)
{
	if (node->kind == NODE_KEY)
		return fata_text("--%s", node->name);
	return node->kind == NODE_JOB ? fata_text("%s()", node->name) : node->name;
}

/* The runtime's own parts come along with whatever asks for them first. */
static const char *where(const struct fata_node *node)
{
	return node->spec.early ? "" : place_text(node->place);
}

static void add(struct tree *tree, const char *indent, const struct fata_node *node)
{
	const char *name = fata_text("%s%s", indent, label(node));
	bool again = was_shown(tree, node);

	*APPEND(tree->lines, tree->n_lines) =
		again ? (struct line){fata_text("%s …above", name), "", ""}
		      : (struct line){name, about_text(node), where(node)};
	if (!again && node->kind == NODE_DEVICE)
		*APPEND(tree->shown, tree->n_shown) = node;
}

/*
 * What stands below a node: what it uses, and what came along with it. Not the runtime's own parts,
 * such as the heap, which are below nearly everything.
 */
static const struct fata_node **children(const struct fata_node *node,
					 const struct fata_node *parent, size_t *n)
{
	const struct fata_node **list = NULL;

	*n = 0;
	for (size_t i = 0; i < node->n_uses; i++) {
		const struct fata_node *used = node->uses[i].node;
		if (!node->uses[i].order_only && used != parent && !used->spec.early)
			*APPEND(list, *n) = used;
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
		add(tree, fata_text("%s%s", indent, last ? "└─ " : "├─ "), list[i]);
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
		else if (line->where[0] == '\0')
			fprintf(out, "%s  %s\n", padded(line->name, name_columns), line->about);
		else
			fprintf(out, "%s  %s  %s\n", padded(line->name, name_columns),
				padded(line->about, about_columns), line->where);
	}
}

/* A blank line, and one of text unless that is empty. */
static void add_heading(struct tree *tree, const char *text)
{
	*APPEND(tree->lines, tree->n_lines) = (struct line){"", "", ""};
	if (text[0] != '\0')
		*APPEND(tree->lines, tree->n_lines) = (struct line){text, "", ""};
}

void emit_tree(FILE *out, const struct plan *plan)
{
	struct tree tree = {0};

	for (size_t i = 0; i < plan->n_jobs; i++) {
		add_heading(&tree, "");
		add(&tree, "", plan->jobs[i]);
		add_below(&tree, plan->jobs[i], NULL, "");
	}
	for (size_t i = 0; i < plan->n_early; i++) {
		if (i == 0)
			add_heading(&tree, "below all of this");
		add(&tree, i + 1 < plan->n_early ? "├─ " : "└─ ", plan->early[i]);
	}
	fprintf(out, "%s\n", image_title());
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
