/* SPDX-License-Identifier: ISC */
/*
 * The part of main.c that polls: for each task a function that calls what it polls, in one batch.
 */
#include <string.h>

#include "tools/config/lib/emit.h"

static const struct place nowhere;

const char *poll_name(const struct fata_node *node)
{
	return derived_name("poll_", node, "");
}

const char *task_name(const struct fata_node *node)
{
	return derived_name("", node, "_task");
}

/* The next device that `task` polls, before number `i` of the plan; NULL if there is none. */
static const struct fata_node *polled_before(const struct plan *plan, size_t *i,
					     const struct fata_node *task)
{
	while (*i > 0) {
		const struct fata_node *node = plan->devices[--*i];
		if (node->spec.poll != NULL && is_polled_by(node, task))
			return node;
	}
	return NULL;
}

static size_t count_polled(const struct plan *plan, const struct fata_node *task)
{
	size_t n = 0;

	for (size_t i = plan->n_devices; polled_before(plan, &i, task) != NULL;)
		n++;
	return n;
}

/* What polls only one device, without more around it, needs no variable. */
static bool polls_alone(const struct plan *plan, const struct fata_node *task)
{
	return task->spec.poll_begin == NULL && task->spec.poll_end == NULL &&
	       count_polled(plan, task) == 1;
}

static void put_polls(struct writer *w, const struct plan *plan, const struct fata_node *task)
{
	size_t i = plan->n_devices;
	const struct fata_node *node;

	while ((node = polled_before(plan, &i, task)) != NULL) {
		const char *poll = replace_names(node, node->spec.poll);
		put_code(w, fata_text("due_us = time_earlier(due_us, %s);", poll), 1, nowhere);
	}
}

static bool mentions(const char *text, const char *name)
{
	return text != NULL && strstr(text, name) != NULL;
}

/* Whether a poll function looks at the time. */
static bool uses_now(const struct plan *plan, const struct fata_node *task)
{
	bool uses = mentions(task->spec.poll_begin, "now_us") ||
		    mentions(task->spec.poll_end, "now_us");
	size_t i = plan->n_devices;
	const struct fata_node *node;

	while ((node = polled_before(plan, &i, task)) != NULL)
		uses = uses || mentions(node->spec.poll, "now_us");
	return uses;
}

/* Users are polled before what they use, so that what they want to send leaves in this batch. */
static void put_poll(struct writer *w, const struct plan *plan, const struct fata_node *task)
{
	const char *begin = task->spec.poll_begin, *end = task->spec.poll_end;
	size_t i = plan->n_devices;

	put(w, "\nstatic uint64_t %s(void *self, uint64_t now_us)\n{\n", poll_name(task));
	if (polls_alone(plan, task)) {
		const struct fata_node *node = polled_before(plan, &i, task);
		put(w, "\t(void)self;\n%s", uses_now(plan, task) ? "" : "\t(void)now_us;\n");
		put_code(w, fata_text("return %s;", replace_names(node, node->spec.poll)), 1,
			 nowhere);
		put(w, "}\n");
		return;
	}
	if (count_polled(plan, task) > 0 || mentions(end, "due_us"))
		put(w, "\tuint64_t due_us = TIME_NEVER;\n\n");
	else if (end == NULL)
		end = "TIME_NEVER";
	put(w, "\t(void)self;\n%s", uses_now(plan, task) ? "" : "\t(void)now_us;\n");
	if (begin != NULL)
		put_code(w, replace_names(task, begin), 1, nowhere);
	put_polls(w, plan, task);
	put_code(w, fata_text("return %s;", end != NULL ? replace_names(task, end) : "due_us"), 1,
		 nowhere);
	put(w, "}\n");
}

void put_tasks(struct writer *w, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_devices; i++) {
		if (plan->devices[i]->spec.own_task)
			put_poll(w, plan, plan->devices[i]);
	}
}
