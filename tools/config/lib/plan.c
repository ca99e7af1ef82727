/* SPDX-License-Identifier: ISC */
/*
 * What the image holds, and in which order it starts.
 *
 * Devices start in the order in which configure() made them, which is the order of config.c, save
 * that what a device uses comes before it, and those that are late come behind the others. Handles
 * are made before they are used, so only start_after() can ask for another order, and only that for
 * an impossible one.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/config/lib/graph.h"

/* --- what is needed -------------------------------------------------------------------------- */

static void need(struct fata_node *node)
{
	if (node->needed)
		return;
	node->needed = true;
	for (size_t i = 0; i < node->n_uses; i++)
		need(node->uses[i].node);
	for (size_t i = 0; i < node->n_attached; i++)
		need(node->attached[i]);
}

/* --- order of start -------------------------------------------------------------------------- */

enum { UNSEEN, ON_THE_WAY, PLACED };

/* The way from where a walk through the graph began to where it is. */
struct step {
	const struct fata_node *node;
	const struct use *next; /* that leads on */
};

struct walk {
	struct plan *plan;
	struct step *way;
	size_t n;
};

/*
 * The end of the way leads back to `node`. To blame is the last start_after() on the round, with
 * which the text begins.
 */
static void cycle_fault(const struct walk *walk, const struct fata_node *node)
{
	const struct step *round = &walk->way[walk->n - 1];
	const struct step *end = &walk->way[walk->n];
	const struct step *blamed = NULL;

	while (round->node != node)
		round--;
	for (const struct step *s = round; s < end; s++) {
		if (s->next->order_only &&
		    (blamed == NULL || s->next->place.line >= blamed->next->place.line))
			blamed = s;
	}
	const struct step *at = blamed != NULL ? blamed : round;
	const char *text = at->node->name;
	for (size_t n = (size_t)(end - round); n > 0; n--) {
		text = fata_text("%s -> %s", text, at->next->node->name);
		at = at + 1 < end ? at + 1 : round;
	}
	fault_at(blamed != NULL ? blamed->next->place : node->place,
		 "a cycle: %s; each would start after the next", text);
}

static void place(struct walk *walk, struct fata_node *node)
{
	struct plan *plan = walk->plan;

	if (node->kind != NODE_DEVICE)
		return;
	node->depth_first_state = ON_THE_WAY;
	APPEND(walk->way, walk->n)->node = node;
	for (size_t i = 0; i < node->n_uses; i++) {
		struct fata_node *used = node->uses[i].node;
		walk->way[walk->n - 1].next = &node->uses[i];
		if (used->depth_first_state == ON_THE_WAY)
			cycle_fault(walk, used);
		else if (used->depth_first_state == UNSEEN)
			place(walk, used);
	}
	walk->n--;
	node->depth_first_state = PLACED;
	if (node->spec.early)
		*APPEND(plan->early, plan->n_early) = node;
	else
		*APPEND(plan->devices, plan->n_devices) = node;
}

/* --- tasks ----------------------------------------------------------------------------------- */

static bool has_task(const struct fata_node *node, const void *context)
{
	(void)context;
	return node->spec.own_task;
}

/* --- lists of words -------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Adds each of the words of a text that the list does not hold yet. */
static void add_words(const char ***list, size_t *n, const char *words)
{
	while (words != NULL && *(words += strspn(words, " ")) != '\0') {
		const char *word = fata_text("%.*s", (int)strcspn(words, " "), words);
		size_t i = 0;
		while (i < *n && strcmp((*list)[i], word) != 0)
			i++;
		if (i == *n)
			*APPEND(*list, *n) = word;
		words += strlen(word);
	}
}

/* --- the plan -------------------------------------------------------------------------------- */

static void add_device(struct plan *plan, const struct fata_node *node)
{
	const struct fata_spec *spec = &node->spec;

	add_words(&plan->modules, &plan->n_modules, spec->modules);
	add_words(&plan->headers, &plan->n_headers, spec->headers);
	if (spec->signature != NULL)
		add_words(&plan->headers, &plan->n_headers, spec->signature->header);
	if (plan->run_main == NULL)
		plan->run_main = spec->run_main;
	if (__builtin_add_overflow(plan->ram_bytes, spec->ram_bytes, &plan->ram_bytes))
		plan->ram_bytes = UINT64_MAX;
}

/* How many devices of its kind in the image were made before `node`. */
static unsigned index_of(const struct fata_node *node)
{
	unsigned n = 0;

	for (const struct fata_node *other = graph.nodes; other != node; other = other->next)
		n += other->kind == NODE_DEVICE && other->needed &&
		     strcmp(other->spec.kind, node->spec.kind) == 0;
	return n;
}

/* A text for people, which has no $names but this one. */
static const char *with_index(const char *about, unsigned index)
{
	static const char name[] = "$index";
	const char *at = about != NULL ? strstr(about, name) : NULL;

	if (at == NULL)
		return about;
	return fata_text("%.*s%u%s", (int)(at - about), about, index, at + strlen(name));
}

/* Where nobody else passes boot arguments, the image has a block for them, or none at all. */
static void plan_arguments(struct plan *plan)
{
	if (graph.argument_block_bytes != 0 || graph.board->argument_block_bytes == 0)
		return;
	if (!graph.no_boot_arguments) {
		graph.argument_block_bytes = graph.board->argument_block_bytes;
		return;
	}
	plan->keys_are_fixed = true;
	for (size_t i = 0; i < plan->n_keys; i++)
		plan->keys[i]->stage = BUILD_TIME;
}

bool plan_has(const struct plan *plan, const char *module)
{
	for (size_t i = 0; i < plan->n_modules; i++) {
		if (strcmp(plan->modules[i], module) == 0)
			return true;
	}
	return false;
}

bool plan_is_v4_only(const struct plan *plan)
{
	return plan_has(plan, "net/ipv4") && !plan_has(plan, "net/ipv6");
}

/* Of the network's modules these never have an IPv6 address in hand where there is no IPv6, since
 * none comes out of a name or a text; nor have they what a minimal IPv4 is without. */
static bool module_is_plain_v4(const char *module)
{
	static const char *const those[] = {"net/arp",  "net/dhcp", "net/eth", "net/http",
					    "net/icmp", "net/ipv4", "net/tcp", "net/udp"};

	for (size_t i = 0; i < ARRAY_SIZE(those); i++) {
		if (strcmp(module, those[i]) == 0)
			return true;
	}
	return strncmp(module, "net/", 4) != 0;
}

static bool plan_has_device(const struct plan *plan, const char *kind)
{
	for (size_t i = 0; i < plan->n_devices; i++) {
		if (strcmp(plan->devices[i]->spec.kind, kind) == 0)
			return true;
	}
	return false;
}

bool plan_is_plain_v4(const struct plan *plan)
{
	if (!plan_is_v4_only(plan) || !plan_has_device(plan, "ipv4-parts"))
		return false;
	for (size_t i = 0; i < plan->n_modules; i++) {
		if (!module_is_plain_v4(plan->modules[i]))
			return false;
	}
	for (size_t i = 0; i < plan->n_keys; i++) {
		const char *type = plan->keys[i]->type->name;
		if (strcmp(type, "ip") == 0 || strncmp(type, "ipv6", 4) == 0)
			return false;
	}
	return true;
}

/* What the structures of an image of IPv4 alone have no room for. */
static void plan_memory(struct plan *plan)
{
	if (!plan_is_plain_v4(plan))
		return;
	for (struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->kind != NODE_DEVICE || !n->needed)
			continue;
		n->spec.ram_bytes -= n->spec.ram_bytes_of_v6;
		plan->ram_bytes -= n->spec.ram_bytes_of_v6;
	}
}

void plan_make(struct plan *plan)
{
	struct walk walk = {.plan = plan};

	*plan = (struct plan){.jobs = graph.jobs, .n_jobs = graph.n_jobs};
	for (size_t i = 0; i < graph.n_jobs; i++)
		need(graph.jobs[i]);
	for (struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (!n->needed)
			continue;
		if (n->kind == NODE_KEY)
			*APPEND(plan->keys, plan->n_keys) = n;
		if (n->kind != NODE_DEVICE)
			continue;
		n->index = index_of(n);
		n->spec.about = with_index(n->spec.about, n->index);
		add_device(plan, n);
		n->task = node_nearest(n, has_task, NULL);
		if (n->depth_first_state == UNSEEN && !n->spec.late)
			place(&walk, n);
	}
	for (struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->needed && n->spec.late && n->depth_first_state == UNSEEN)
			place(&walk, n);
	}
	plan_memory(plan);
	plan_arguments(plan);
	if (graph.argument_block_bytes != 0)
		add_words(&plan->modules, &plan->n_modules, "runtime/argblock");
	if (plan->n_modules > 0)
		qsort(plan->modules, plan->n_modules, sizeof(*plan->modules), compare);
	if (plan->n_headers > 0)
		qsort(plan->headers, plan->n_headers, sizeof(*plan->headers), compare);
}
