/* SPDX-License-Identifier: ISC */
/*
 * The functions of fata/module.h, apart from those of boards.
 */
#include <ctype.h>
#include <string.h>

#include "tools/config/lib/graph.h"

/* --- names ----------------------------------------------------------------------------------- */

static bool is_taken(const char *name)
{
	for (const struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->kind == NODE_DEVICE && strcmp(n->name, name) == 0)
			return true;
	}
	return false;
}

static bool ident_is_taken(const char *ident)
{
	for (const struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n->kind == NODE_DEVICE && strcmp(n->ident, ident) == 0)
			return true;
	}
	return false;
}

/* "tcp0", or the next number that is free; after a digit "ipv4-0". */
static const char *numbered(const char *kind)
{
	bool digit = isdigit((unsigned char)kind[strlen(kind) - 1]);

	for (unsigned number = 0;; number++) {
		const char *name = fata_text(digit ? "%s-%u" : "%s%u", kind, number);
		if (!is_taken(name))
			return name;
	}
}

/*
 * A device's name in main.c. One without a digit gets a 0, for C, its library and the tree have
 * such words themselves: "clock", "index", "int".
 */
static const char *device_ident(const char *name)
{
	const char *ident = identifier(name);

	if (strpbrk(ident, "0123456789") == NULL)
		ident = fata_text("%s0", ident);
	while (ident_is_taken(ident))
		ident = fata_text("%s_", ident);
	return ident;
}

/* --- devices --------------------------------------------------------------------------------- */

/* Whether `text` speaks of $NAME. */
static bool mentions(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; at != NULL && (at = strchr(at, '$')) != NULL; at++) {
		if (at[1] == '$') {
			at++;
			continue;
		}
		char behind = strncmp(at + 1, name, len) == 0 ? at[1 + len] : '_';
		if (!isalnum((unsigned char)behind) && behind != '_')
			return true;
	}
	return false;
}

static bool spec_mentions(const struct fata_spec *spec, const char *name)
{
	const char *const texts[] = {spec->state, spec->value,      spec->start,   spec->stop,
				     spec->poll,  spec->poll_begin, spec->poll_end};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (mentions(texts[i], name))
			return true;
	}
	return false;
}

/* Notes that a call was given a handle of nothing, and nothing else about that call. */
static void empty_handle(const char *what)
{
	fata_fault("%s is an empty handle, or one that was never set", what);
	place_mute();
}

static void use_all(struct fata_node *node, const struct fata_use uses[])
{
	for (; uses->as != NULL; uses++) {
		if (node_known(uses->node))
			node_use(node, uses->as, uses->node);
		else if (uses->node != NULL || spec_mentions(&node->spec, uses->as)) {
			empty_handle(fata_text("the %s of %s", uses->as, node->name));
			node->faulty = true;
		}
	}
}

/* Gives `node` what `function` has noted that its next device needs. */
static void take_needs(const char *function, struct fata_node *node)
{
	for (size_t i = 0; i < graph.n_needs; i++) {
		struct board_need *need = &graph.needs[i];
		if (need->device == NULL && strcmp(need->function, function) == 0)
			need->device = node;
	}
}

const char *fata_new_name(const char *kind, const char *name)
{
	if (name == NULL)
		return numbered(kind);
	if (name_is_plain(name))
		return name;
	fata_fault("\"%s\" cannot be the name of a device: " NAME_EXPECTED, name);
	place_mute();
	return numbered(kind);
}

struct fata_node *fata_device_in(const char *function, const struct fata_spec *spec,
				 const char *name, const struct fata_use uses[])
{
	bool named = name != NULL;

	name = fata_new_name(spec->kind, name);
	const char *ident = device_ident(name);
	struct fata_node *node = node_new(NODE_DEVICE, name);
	node->ident = ident;
	node->named = named;
	node->spec = *spec;
	use_all(node, uses);
	take_needs(function, node);
	return node;
}

struct fata_node *fata_single_in(const char *function, const struct fata_spec *spec,
				 const char *name, const struct fata_use uses[])
{
	struct fata_node *node;

	for (node = graph.nodes; node != NULL; node = node->next) {
		if (node->single && strcmp(node->name, name) == 0) {
			take_needs(function, node);
			return node;
		}
	}
	node = fata_device_in(function, spec, name, uses);
	node->single = true;
	node->named = false;
	return node;
}

void fata_attach(struct fata_node *whole, struct fata_node *part)
{
	if (!node_known(whole) || !node_known(part))
		empty_handle("what is attached");
	else
		*APPEND(whole->attached, whole->n_attached) = part;
}

/* --- questions ------------------------------------------------------------------------------- */

const char *fata_name(const struct fata_node *node)
{
	if (node_known(node))
		return node->name;
	empty_handle("what this is built on");
	return "none";
}

bool fata_is_named(const struct fata_node *node)
{
	return node_known(node) && node->named;
}

unsigned fata_connections(const struct fata_node *node)
{
	return node_known(node) ? node->spec.connections : 0;
}

/* Appends what `node` uses to those found, each once. */
static void add_used(const struct fata_node *node, struct fata_node ***found, size_t *n)
{
	for (size_t i = 0; i < node->n_uses; i++) {
		struct fata_node *used = node->uses[i].node;
		bool seen = node->uses[i].order_only;
		for (size_t j = 0; j < *n && !seen; j++)
			seen = (*found)[j] == used;
		if (!seen)
			*APPEND(*found, *n) = used;
	}
}

struct fata_node *node_nearest(struct fata_node *node,
			       bool (*is_wanted)(const struct fata_node *, const void *),
			       const void *context)
{
	struct fata_node **found = NULL;
	size_t n = 0;

	*APPEND(found, n) = node;
	for (size_t i = 0; i < n; i++) {
		if (is_wanted(found[i], context))
			return found[i];
		add_used(found[i], &found, &n);
	}
	return NULL;
}

static bool is_of_kind(const struct fata_node *node, const void *kind)
{
	return node->kind == NODE_DEVICE && strcmp(node->spec.kind, kind) == 0;
}

struct fata_node *fata_below(struct fata_node *node, const char *kind)
{
	if (node_known(node))
		return node_nearest(node, is_of_kind, kind);
	empty_handle("what this is built on");
	return NULL;
}

static bool uses_directly(const struct fata_node *node, const struct fata_node *used)
{
	for (size_t i = 0; i < node->n_uses; i++) {
		if (node->uses[i].node == used && !node->uses[i].order_only)
			return true;
	}
	return false;
}

struct fata_node *fata_above(const struct fata_node *node, const char *kind)
{
	for (struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (is_of_kind(n, kind) && uses_directly(n, node))
			return n;
	}
	return NULL;
}

/* --- notes ----------------------------------------------------------------------------------- */

void fata_needs_of_board_in(const char *function, const char *kind, unsigned index)
{
	*APPEND(graph.needs, graph.n_needs) = (struct board_need){
		.function = function, .kind = kind, .index = index, .place = place_now()};
}

unsigned fata_board_has(const char *kind)
{
	return board_count(graph.board, kind);
}

void fata_serves(struct fata_node *device, const char *protocol, struct fata_node *port_key,
		 const char *service)
{
	if (node_known(device) && node_known(port_key))
		*APPEND(graph.ports, graph.n_ports) = (struct port){.device = device,
								    .key = port_key,
								    .protocol = protocol,
								    .service = service};
}

void fata_embeds(struct fata_node *device, const char *folder, const char *symbol)
{
	if (folder == NULL)
		fata_fault("the name of the folder is missing");
	else if (node_known(device))
		*APPEND(graph.embedded, graph.n_embedded) =
			(struct embedded){.device = device, .folder = folder, .symbol = symbol};
}

/* --- what the language itself has ------------------------------------------------------------- */

struct fata_node *fata_read_only(struct fata_node *store)
{
	static const struct fata_spec spec = {
		.kind = "read-only",
		.about = "only to read",
		.signature = &fata_signature_kv,
		.value = "&($store)->kv",
	};
	const struct fata_use uses[] = {{"store", store}, {NULL, NULL}};

	return fata_device_in("read_only", &spec, NULL, uses);
}
