/* SPDX-License-Identifier: ISC */
/*
 * main.c: the instances of all devices, how each starts, and the tasks that poll them.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/config/lib/emit.h"

static const struct place nowhere;

/* --- headers --------------------------------------------------------------------------------- */

/* What main.c itself says, apart from the devices' texts. */
static void add_own_headers(struct headers *headers, const struct plan *plan)
{
	bool tasks = false;

	for (size_t i = 0; i < plan->n_devices; i++)
		tasks = tasks || plan->devices[i]->spec.own_task;
	if (plan_rows(plan) > 0) {
		headers_add(headers, "base/err.h");
		headers_add(headers, "runtime/devices.h");
	}
	if (tasks) {
		headers_add(headers, "hal/timer.h");
		headers_add(headers, "runtime/loop/loop.h");
	}
	if (graph.argument_block_bytes != 0)
		headers_add(headers, "runtime/argblock.h");
	if (plan->run_main != NULL && plan->n_jobs > 1)
		headers_add(headers, "runtime/fiber/fiber.h");
	if (plan->n_jobs > 1)
		headers_add(headers, "base/attr.h");
	headers_add(headers, "runtime/start.h");
}

static void put_all_headers(struct writer *w, const struct plan *plan)
{
	struct headers headers = {0};

	for (size_t i = 0; i < plan->n_headers; i++)
		headers_add(&headers, plan->headers[i]);
	add_own_headers(&headers, plan);
	if (plan_rows(plan) > 0)
		put(w, "#include <stdbool.h>\n\n");
	put(w, "#include \"unikernel.h\"\n");
	if (plan->n_keys > 0)
		put(w, "\n#include \"keys.h\"\n");
	put_headers(w, &headers);
}

/* --- devices --------------------------------------------------------------------------------- */

static void put_title(struct writer *w, const struct fata_node *node)
{
	const char *about = node->spec.about != NULL ? node->spec.about : node->spec.kind;
	const char *where = node->place.line != 0 ? fata_text(" (%s)", place_text(node->place))
						  : "";

	put(w, "\n");
	put_comment(w, fata_text("%s: %s%s", node->name, about, where));
}

static const char *start_name(const struct fata_node *node)
{
	return derived_name("start_", node, "");
}

static const char *stop_name(const struct fata_node *node)
{
	return derived_name("stop_", node, "");
}

/* The task is there before the device, which is given its waker. */
static void put_start(struct writer *w, const struct fata_node *node)
{
	put(w, "static enum err %s(void)\n{\n", start_name(node));
	if (node->spec.own_task)
		put_code(w,
			 fata_text("task_add(&%s, %s, %s, NULL);", task_name(node), name_in_c(node),
				   poll_name(node)),
			 1, nowhere);
	if (node->spec.start != NULL)
		put_code(w, replace_names(node, node->spec.start), 1, node->place);
	else
		put(w, "\treturn OK;\n");
	put(w, "}\n");
}

/* Nothing may poll what has stopped. */
static void put_stop(struct writer *w, const struct fata_node *node)
{
	put(w, "\nstatic void %s(void)\n{\n", stop_name(node));
	if (node->spec.own_task)
		put(w, "\ttask_remove(&%s);\n", task_name(node));
	put_code(w, replace_names(node, node->spec.stop), 1, node->place);
	put(w, "}\n");
}

static void put_device(struct writer *w, const struct fata_node *node)
{
	if (node->spec.state == NULL && !device_starts(node))
		return;
	put_title(w, node);
	if (node->spec.state != NULL)
		put_code(w, replace_names(node, node->spec.state), 0, nowhere);
	if (node->spec.own_task) {
		put(w, "static struct task %s;\n", task_name(node));
		put(w, "static uint64_t %s(void *self, uint64_t now_us);\n", poll_name(node));
	}
	if (node->spec.state != NULL || node->spec.own_task)
		put(w, "%s", device_starts(node) ? "\n" : "");
	if (device_starts(node))
		put_start(w, node);
	if (node->spec.stop != NULL)
		put_stop(w, node);
}

/* --- the table ------------------------------------------------------------------------------- */

size_t plan_rows(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_devices; i++)
		n += device_starts(plan->devices[i]);
	return n;
}

/* The line of device number `i`, for the table: empty if that of the row above is the same. */
static const char *row_place(const struct plan *plan, size_t i)
{
	const char *where = place_text(plan->devices[i]->place);

	while (i-- > 0) {
		if (device_starts(plan->devices[i]))
			return strcmp(where, place_text(plan->devices[i]->place)) == 0 ? "" : where;
	}
	return where;
}

static bool has_table(const struct plan *plan)
{
	return plan_rows(plan) > 0 && !graph.brief_faults;
}

/* Names that stand in the table do not stand in the image once more. */
static void name_devices(const struct plan *plan)
{
	size_t at = 0;

	for (size_t i = 0; has_table(plan) && i < plan->n_devices; i++) {
		struct fata_node *node = plan->devices[i];
		if (!device_starts(node))
			continue;
		node->row_name = fata_text("&application_devices[%zu]", at);
		at += strlen(node->name) + 1 + strlen(row_place(plan, i)) + 1;
	}
}

static void put_table(struct writer *w, const struct plan *plan)
{
	if (!has_table(plan))
		return;
	put(w, "\n/* In the order of their start: a name, and a line if it is another one. */\n");
	put(w, "const char application_devices[] =\n");
	for (size_t i = 0; i < plan->n_devices; i++) {
		const struct fata_node *node = plan->devices[i];
		if (device_starts(node))
			put_code(w,
				 fata_text("%s \"\\0\" %s \"\\0\"", quote_c(node->name),
					   quote_c(row_place(plan, i))),
				 1, nowhere);
	}
	put(w, "\t\"\";\n");
}

/* Without a table: the name of the first that has not started. */
static void put_brief_start(struct writer *w, const struct plan *plan)
{
	put(w, "\n/* The device that does not start, or NULL. */\n"
	       "static const char *start_devices(void)\n{\n");
	for (size_t i = 0; i < plan->n_devices; i++) {
		const struct fata_node *node = plan->devices[i];
		if (device_starts(node))
			put(w, "\tif (%s() != OK)\n\t\treturn %s;\n", start_name(node),
			    quote_c(node->name));
	}
	put(w, "\treturn NULL;\n}\n");
}

static void put_start_all(struct writer *w, const struct plan *plan)
{
	if (plan_rows(plan) == 0)
		return;
	if (graph.brief_faults) {
		put_brief_start(w, plan);
		return;
	}
	put(w, "\nstatic void start_devices(void)\n{\n");
	for (size_t i = 0; i < plan->n_devices; i++) {
		const struct fata_node *node = plan->devices[i];
		if (device_starts(node))
			put(w, "\tdevice_started(%s());\n", start_name(node));
	}
	put(w, "}\n");
}

bool plan_stops(const struct plan *plan)
{
	bool any = false;

	for (size_t i = 0; i < plan->n_devices; i++)
		any = any || plan->devices[i]->spec.stop != NULL;
	return any;
}

/* Those that have started. Where there is a table, runtime/devices.c needs it. */
static void put_stop_all(struct writer *w, const struct plan *plan)
{
	size_t row = plan_rows(plan);

	if (!has_table(plan) && !plan_stops(plan))
		return;
	put(w, "\n/* The last one first. */\nvoid stop_devices(void)\n{\n");
	for (size_t i = plan->n_devices; i-- > 0;) {
		const struct fata_node *node = plan->devices[i];
		row -= device_starts(node);
		if (node->spec.stop != NULL && graph.brief_faults)
			put(w, "\t%s();\n", stop_name(node));
		else if (node->spec.stop != NULL)
			put(w, "\tif (devices_started() > %zu)\n\t\t%s();\n", row, stop_name(node));
	}
	put(w, "}\n");
}

/* --- the note -------------------------------------------------------------------------------- */

/* The text inside quote_c()'s quotes. */
static const char *quoted_twice(const char *text)
{
	const char *quoted = quote_c(quote_c(text));
	return fata_text("%.*s", (int)strlen(quoted) - 2, quoted + 1);
}

/* A note as in the ELF specification: sizes of owner and contents, type, both on 4 bytes. */
static void put_note(struct writer *w)
{
	put(w,
	    "\n/* For tools: manifest.json as a note of the ELF file, which no loader loads. */\n");
	put(w,
	    "__asm__(\".pushsection .note.fata, \\\"\\\", %%note\\n\"\n"
	    "\t\"\\t.balign 4\\n\"\n"
	    "\t\"\\t.long 5, 2f - 1f, 1\\n\"\n"
	    "\t\"\\t.asciz \\\"Fata\\\"\\n\"\n"
	    "\t\"\\t.balign 4\\n\"\n"
	    "\t\"1:\\t.incbin %s\\n\"\n"
	    "\t\"2:\\t.balign 4\\n\"\n"
	    "\t\".popsection\");\n",
	    quoted_twice(out_path("manifest.json")));
}

/* The event loop has a place for each task, that of the fibers included, and on small boards few.
 */
static void put_task_limit(struct writer *w, const struct plan *plan)
{
	enum { OF_ANY_BOARD = 8 };
	unsigned n = 1;

	for (size_t i = 0; i < plan->n_devices; i++)
		n += plan->devices[i]->spec.own_task;
	if (n > OF_ANY_BOARD)
		put(w,
		    "\n_Static_assert(%u <= TASKS_MAX, \"this board's event loop has fewer places for "
		    "tasks: leave devices out\");\n",
		    n);
}

void emit_main(FILE *out, const struct plan *plan)
{
	struct writer w = writer(out, "main.c");

	put_head(&w, "config.c as C");
	put_all_headers(&w, plan);
	if (graph.argument_block_bytes != 0)
		put(&w, "\nARGUMENT_BLOCK(%u);\n", graph.argument_block_bytes);
	else if (plan->keys_are_fixed)
		put(&w, "\nconst bool boot_arguments = false;\n");
	if (graph.no_log || graph.brief_log)
		put(&w, "\nconst bool log_is_kept = false;\n");
	if (graph.brief_log)
		put(&w, "\nconst bool log_is_brief = true;\n");
	if (graph.no_counters)
		put(&w, "\nconst bool counters_are_kept = false;\n");
	if (graph.no_console_input)
		put(&w, "\nconst bool console_is_read = false;\n");
	if (graph.brief_faults)
		put(&w, "\nconst bool fault_in_words = false;\n");
	if (graph.memory_limit_bytes != 0 && plan_has(plan, "runtime/heap"))
		put(&w, "\nconst size_t memory_limit_bytes = %" PRIu64 ";\n",
		    graph.memory_limit_bytes);
	if (plan_is_v4_only(plan))
		put(&w, "\nconst bool inet_has_v6 = false;\n");
	name_devices(plan);
	for (size_t i = 0; i < plan->n_early; i++)
		put_device(&w, plan->early[i]);
	for (size_t i = 0; i < plan->n_devices; i++)
		put_device(&w, plan->devices[i]);
	put_tasks(&w, plan);
	put_task_limit(&w, plan);
	put_table(&w, plan);
	put_start_all(&w, plan);
	put_stop_all(&w, plan);
	put_jobs(&w, plan);
	put_note(&w);
}
