/* SPDX-License-Identifier: ISC */
/*
 * Texts of specs with what their $names stand for.
 */
#include <ctype.h>
#include <string.h>

#include "tools/config/lib/emit.h"

/* Values may stand in values, but not without end. */
enum { DEPTH_MAX = 16 };

struct name {
	const char *text; /* behind the '$' */
	size_t bytes;
};

static bool is(struct name name, const char *text)
{
	return strlen(text) == name.bytes && memcmp(name.text, text, name.bytes) == 0;
}

const struct fata_node *task_of(const struct fata_node *node)
{
	return node->spec.own_task ? node : node->task;
}

/* Whether a device that joins tasks, at or below `node` and above all tasks, joins that one. */
static bool is_joined_to(const struct fata_node *node, const struct fata_node *task)
{
	for (size_t i = 0; i < node->n_uses; i++) {
		const struct fata_node *used = node->uses[i].node;
		if (node->uses[i].order_only || used->spec.own_task)
			continue;
		if (is_joined_to(used, task) || (node->spec.joins_tasks && used->task == task))
			return true;
	}
	return false;
}

bool is_polled_by(const struct fata_node *node, const struct fata_node *task)
{
	return task_of(node) == task || (!node->spec.own_task && is_joined_to(node, task));
}

bool device_starts(const struct fata_node *node)
{
	return !node->spec.early &&
	       (node->spec.start != NULL || node->spec.stop != NULL || node->spec.own_task);
}

const char *name_in_c(const struct fata_node *node)
{
	return node->row_name != NULL ? node->row_name : quote_c(node->name);
}

/* A name that main.c has made of a device's. */
struct derived {
	const struct fata_node *node;
	const char *plain, *name; /* as it would be, and as it is since that was taken */
};

static struct derived *derived;
static size_t n_derived;

static bool is_taken(const char *name)
{
	if (strcmp(name, "start_devices") == 0 || strcmp(name, "stop_devices") == 0)
		return true; /* main.c's own */
	for (size_t i = 0; i < n_derived; i++) {
		if (strcmp(derived[i].name, name) == 0)
			return true;
	}
	for (const struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->kind == NODE_DEVICE && strcmp(n->ident, name) == 0)
			return true;
	}
	return false;
}

const char *derived_name(const char *before, const struct fata_node *node, const char *after)
{
	const char *plain = fata_text("%s%s%s", before, node->ident, after), *name = plain;

	for (size_t i = 0; i < n_derived; i++) {
		if (derived[i].node == node && strcmp(derived[i].plain, plain) == 0)
			return derived[i].name;
	}
	while (is_taken(name))
		name = fata_text("%s_", name);
	*APPEND(derived, n_derived) = (struct derived){node, plain, name};
	return name;
}

unsigned long job_stack_bytes(size_t i)
{
	unsigned long bytes = graph.jobs[i]->stack_bytes;

	if (bytes == 0)
		return JOB_STACK_BYTES;
	if (i + 1 < graph.n_jobs || graph.board->stack_bytes_min != 0)
		return bytes;
	return MAX(bytes, (unsigned long)JOB_STACK_BYTES);
}

static void replace(FILE *out, const struct fata_node *node, const char *text, unsigned depth);

/* --- what names stand for -------------------------------------------------------------------- */

static void put_value(FILE *out, const struct fata_node *node, unsigned depth)
{
	fputs(WIRING, out);
	if (node->kind == NODE_KEY)
		fputs(key_expression(node), out);
	else if (node->spec.value == NULL || depth == DEPTH_MAX)
		fault_at(node->place, "%s has no value, and cannot be used by others", node->name);
	else
		replace(out, node, node->spec.value, depth + 1);
}

static const struct fata_node *used_as(const struct fata_node *node, struct name name)
{
	for (size_t i = 0; i < node->n_uses; i++) {
		if (!node->uses[i].order_only && is(name, node->uses[i].as))
			return node->uses[i].node;
	}
	return NULL;
}

static void put_task(FILE *out, const struct fata_node *node, const char *before, const char *after)
{
	const struct fata_node *task = task_of(node);

	if (task == NULL)
		fault_at(node->place, "%s has no task: no device below it has one", node->name);
	else
		fprintf(out, "%s%s%s", before, derived_name("", task, "_task"), after);
}

/* The device that shows what others count, while their texts for it are written. */
static const struct fata_node *page;

static void put_counters(FILE *out, const struct fata_node *node)
{
	const char *separator = "";

	page = node;
	for (const struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->kind != NODE_DEVICE || !n->needed || n->spec.counters == NULL)
			continue;
		fputs(separator, out);
		replace(out, n, n->spec.counters, 0);
		separator = "\n";
	}
	page = NULL;
}

/* What all specs may say; false if `name` is none of it. */
static bool put_own(FILE *out, const struct fata_node *node, struct name name)
{
	static const char self[] = "self";
	const size_t len = strlen(self);

	if (is(name, "name"))
		fputs(page != NULL ? name_in_c(node) : quote_c(node->name), out);
	else if (is(name, "index"))
		fprintf(out, "%u", node->index);
	else if (is(name, "page") && page != NULL)
		put_value(out, page, 0);
	else if (is(name, "counters") && node->spec.late)
		put_counters(out, node);
	else if (is(name, "task"))
		put_task(out, node, "&", "");
	else if (is(name, "waker"))
		put_task(out, node, "task_waker(&", ")");
	else if (is(name, self))
		fputs(node->ident, out);
	else if (name.bytes > len && memcmp(name.text, self, len) == 0 && name.text[len] == '_')
		fputs(derived_name("", node,
				   fata_text("%.*s", (int)(name.bytes - len), name.text + len)),
		      out);
	else
		return false;
	return true;
}

/* What the text of run_main may say besides. */
static bool put_root(FILE *out, const struct fata_node *node, struct name name)
{
	if (node->spec.run_main == NULL || graph.n_jobs == 0)
		return false;
	if (is(name, "main"))
		fputs("run", out);
	else if (is(name, "stack_bytes"))
		fprintf(out, "%lu", job_stack_bytes(graph.n_jobs - 1));
	else
		return false;
	return true;
}

static void put_name(FILE *out, const struct fata_node *node, struct name name, unsigned depth)
{
	if (put_own(out, node, name))
		return;
	const struct fata_node *used = used_as(node, name);
	if (used != NULL)
		put_value(out, used, depth);
	else if (!put_root(out, node, name))
		fault_at(node->place, "%s: its module's text names $%.*s, which it does not use",
			 node->name, (int)name.bytes, name.text);
}

/* --- texts ----------------------------------------------------------------------------------- */

static void replace(FILE *out, const struct fata_node *node, const char *text, unsigned depth)
{
	while (*text != '\0') {
		size_t plain = strcspn(text, "$");
		fwrite(text, 1, plain, out);
		text += plain;
		if (text[0] == '\0')
			return;
		if (text[1] == '$') {
			fputc('$', out);
			text += 2;
			continue;
		}
		struct name name = {.text = text + 1};
		while (name.text[name.bytes] == '_' ||
		       isalnum((unsigned char)name.text[name.bytes]))
			name.bytes++;
		put_name(out, node, name, depth);
		text = name.text + name.bytes;
	}
}

const char *replace_names(const struct fata_node *node, const char *text)
{
	struct text replaced;

	if (text == NULL)
		return NULL;
	replace(text_begin(&replaced), node, text, 0);
	return text_end(&replaced);
}

const char *node_value(const struct fata_node *node)
{
	struct text value;

	put_value(text_begin(&value), node, 0);
	return text_end(&value);
}
