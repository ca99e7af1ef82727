/* SPDX-License-Identifier: ISC */
/*
 * The end of main.c: the calls of the jobs, and how the image comes to them.
 */
#include <string.h>

#include "tools/config/lib/emit.h"

/* "web_start(tcp0, arg_port)" */
static const char *call(const struct fata_node *job)
{
	const char *text = fata_text(WIRING "%s(", job->name), *comma = "";

	for (size_t i = 0; i < job->n_uses; i++) {
		if (job->uses[i].order_only)
			continue;
		text = fata_text("%s%s%s", text, comma, node_value(job->uses[i].node));
		comma = ", ";
	}
	return fata_text("%s)", text);
}

static const char *status_of(const struct plan *plan, size_t i)
{
	return plan->n_jobs > 1 ? fata_text("status[%zu]", i) : "int status";
}

/* The first job that is the same call as number `i`: one function serves both. */
static size_t first_alike(const struct plan *plan, size_t i)
{
	size_t first = 0;

	while (strcmp(call(plan->jobs[first]), call(plan->jobs[i])) != 0)
		first++;
	return first;
}

/* The jobs but the last, each as the function of a fiber. */
static void put_fibers(struct writer *w, const struct plan *plan)
{
	for (size_t i = 0; i + 1 < plan->n_jobs; i++) {
		if (first_alike(plan, i) < i)
			continue;
		put(w, "\nstatic void job%zu(void *status)\n{\n", i + 1);
		put_code(w, fata_text("*(int *)status = %s;", call(plan->jobs[i])), 1,
			 plan->jobs[i]->place);
		put(w, "}\n");
	}
}

static void put_first_failure(struct writer *w)
{
	put(w,
	    "\n/* The image ends with the first status that is not 0, in the order of the jobs. */\n"
	    "static int first_failure(const int status[], size_t n)\n"
	    "{\n"
	    "\tfor (size_t i = 0; i < n; i++) {\n"
	    "\t\tif (status[i] != 0)\n"
	    "\t\t\treturn status[i];\n"
	    "\t}\n"
	    "\treturn 0;\n"
	    "}\n");
}

static void put_spawn(struct writer *w, const struct plan *plan, size_t i)
{
	const char *name = plan->jobs[i]->name;

	put_code(w,
		 fata_text(
			 "if (fiber_spawn(&fibers[%zu], \"%s\", %lu, job%zu, &status[%zu]) != OK)\n"
			 "\tstop_with_error(\"memory: too little for the stack of %s()\");",
			 i, name, job_stack_bytes(i), first_alike(plan, i) + 1, i, name),
		 1, (struct place){0});
}

/* The variables of run() when there are several jobs. */
static void put_variables(struct writer *w, const struct plan *plan)
{
	if (plan->n_jobs < 2)
		return;
	if (plan->run_main != NULL)
		put(w, "\tstatic struct fiber fibers[%zu];\n", plan->n_jobs - 1);
	put(w, "\tint status[%zu] = {0};\n\n", plan->n_jobs);
}

/* With fibers the jobs but the last run on their own; without, one after the other. */
static void put_calls(struct writer *w, const struct plan *plan)
{
	bool fibers = plan->run_main != NULL && plan->n_jobs > 1;

	for (size_t i = 0; i < plan->n_jobs; i++) {
		const struct fata_node *job = plan->jobs[i];
		if (fibers && i + 1 < plan->n_jobs)
			put_spawn(w, plan, i);
		else
			put_code(w, fata_text("%s = %s;", status_of(plan, i), call(job)), 1,
				 job->place);
	}
	if (fibers)
		put(w, "\tfor (size_t i = 0; i < ARRAY_SIZE(fibers); i++)\n"
		       "\t\tfiber_join(&fibers[i]);\n");
}

/* What starts the devices, and ends if one does not. */
static void put_starts(struct writer *w, const struct plan *plan)
{
	if (plan_rows(plan) == 0)
		return;
	if (graph.brief_faults)
		put(w, "\tconst char *failed = start_devices();\n"
		       "\tif (failed != NULL) {\n"
		       "\t\tdevice_failed(failed);\n"
		       "\t\treturn STATUS_ERROR;\n"
		       "\t}\n");
	else
		put(w, "\tstart_devices();\n");
}

static void put_run(struct writer *w, const struct plan *plan)
{
	put(w, "\nstatic int run(void)\n{\n");
	put_variables(w, plan);
	put_starts(w, plan);
	put_calls(w, plan);
	if (plan_stops(plan))
		put(w, "\tstop_devices();\n");
	if (plan->n_jobs == 0)
		put(w, "\treturn STATUS_OK;\n");
	else
		put(w, "\treturn %s;\n",
		    plan->n_jobs > 1 ? "first_failure(status, ARRAY_SIZE(status))" : "status");
	put(w, "}\n");
}

/* The device whose text runs the jobs. */
static const struct fata_node *root_of(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_early; i++) {
		if (plan->early[i]->spec.run_main != NULL)
			return plan->early[i];
	}
	return NULL;
}

static void put_unikernel_main(struct writer *w, const struct plan *plan)
{
	const struct fata_node *root = root_of(plan);

	put(w, "\nint unikernel_main(void)\n{\n");
	for (size_t i = 0; i < plan->n_early; i++) {
		const struct fata_node *node = plan->early[i];
		if (node->spec.start != NULL)
			put_code(w, replace_names(node, node->spec.start), 1, node->place);
	}
	if (root != NULL)
		put_code(w, replace_names(root, root->spec.run_main), 1, root->place);
	else
		put(w, "\treturn run();\n");
	put(w, "}\n");
}

void put_jobs(struct writer *w, const struct plan *plan)
{
	if (plan->n_jobs > 1) {
		put_first_failure(w);
		if (plan->run_main != NULL)
			put_fibers(w, plan);
	}
	put_run(w, plan);
	put_unikernel_main(w, plan);
}
