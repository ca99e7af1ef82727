/* SPDX-License-Identifier: ISC */
/*
 * What is wrong with the graph as a whole. Faults of a single call are found by that call.
 */
#include <string.h>
#include <sys/stat.h>

#include "tools/config/lib/check.h"

/* Calls `check_device` for each device of the image. */
static void each_device(const struct plan *plan, void (*check_device)(struct fata_node *))
{
	for (size_t i = 0; i < plan->n_early; i++)
		check_device(plan->early[i]);
	for (size_t i = 0; i < plan->n_devices; i++)
		check_device(plan->devices[i]);
}

/* --- names ----------------------------------------------------------------------------------- */

/*
 * Where something is built twice over the same thing, all that it consists of is there twice: that
 * is told once for each line, and not if the line has another fault.
 */

static void check_key_names(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct fata_node *k = plan->keys[i];
		size_t j = 0;
		while (strcmp(plan->keys[j]->name, k->name) != 0)
			j++;
		if (j < i && !k->faulty && !place_is_faulty(k->place))
			fault_at(k->place,
				 "there are two keys --%s, this and that of %s; give one, or the "
				 "network interface that it belongs to, a name of its own",
				 k->name, place_text(plan->keys[j]->place));
	}
}

static void check_device_name(struct fata_node *device)
{
	if (place_is_faulty(device->place))
		return;
	for (const struct fata_node *n = graph.nodes; n != device; n = n->next) {
		if (n->kind != NODE_DEVICE || !n->needed || strcmp(n->name, device->name) != 0)
			continue;
		fault_at(device->place,
			 "there are two devices \"%s\", this and that of %s; give one another name",
			 device->name, place_text(n->place));
		return;
	}
}

/* --- users of a device ----------------------------------------------------------------------- */

static size_t count_uses(const struct fata_node *user, const struct fata_node *used)
{
	size_t n = 0;

	for (size_t i = 0; i < user->n_uses; i++)
		n += user->uses[i].node == used && !user->uses[i].order_only;
	return n;
}

static void check_users(struct fata_node *device)
{
	const struct fata_node *first = NULL;

	if (device->spec.signature == NULL || !device->spec.signature->exclusive)
		return;
	for (const struct fata_node *user = graph.nodes; user != NULL; user = user->next) {
		size_t n = user->needed ? count_uses(user, device) : 0;
		if (n == 0)
			continue;
		if (first != NULL)
			fault_at(user->place,
				 "%s (%s) can have one user only, but %s (%s) and %s (%s) both "
				 "use it",
				 device->name, place_text(device->place), node_text(first),
				 place_text(first->place), node_text(user),
				 place_text(user->place));
		else if (n > 1)
			fault_at(user->place,
				 "%s (%s) can be used once only, but %s names it twice",
				 device->name, place_text(device->place), node_text(user));
		if (first == NULL)
			first = user;
	}
}

/* --- order of start -------------------------------------------------------------------------- */

/* What starts behind all others cannot be there for one of them. */
static void check_late(struct fata_node *device)
{
	for (size_t i = 0; i < device->n_uses; i++) {
		const struct fata_node *used = device->uses[i].node;
		if (used->kind == NODE_DEVICE && used->spec.late && !device->spec.late)
			fault_at(device->place,
				 "%s uses %s, which starts behind all other devices; only jobs can "
				 "use it",
				 device->name, used->name);
	}
}

/* --- counters -------------------------------------------------------------------------------- */

static void check_counters(struct fata_node *device)
{
	if (graph.no_counters && device->spec.late && device->spec.start != NULL &&
	    strstr(device->spec.start, "$counters") != NULL)
		fault_at(device->place,
			 "%s shows what devices count, which with no_counters() is nothing; leave "
			 "one of the two out",
			 device->name);
}

/* --- architectures --------------------------------------------------------------------------- */

static void check_arch(struct fata_node *device)
{
	const char **archs = NULL;
	size_t n = 0;
	bool found = device->spec.archs == NULL;

	for (const char *at = device->spec.archs; at != NULL && *(at += strspn(at, " ")) != '\0';) {
		const char *arch = fata_text("%.*s", (int)strcspn(at, " "), at);
		if (!arch_is_known(arch)) {
			fault_at(device->place,
				 "%s is said to be for the architecture \"%s\"; the boards' are %s",
				 device->name, arch, arch_names());
			return;
		}
		found |= strcmp(arch, graph.board->arch) == 0;
		*APPEND(archs, n) = arch;
		at += strlen(arch);
	}
	if (!found && n > 0)
		fault_at(device->place, "%s is for %s only; the architecture of %s is %s",
			 device->name, text_words(archs, n, " and "), graph.board->name,
			 graph.board->arch);
}

/* --- polling --------------------------------------------------------------------------------- */

static bool is_faulty(const struct fata_node *node, const void *context)
{
	(void)context;
	return node->faulty;
}

static void check_task(struct fata_node *device)
{
	if (device->spec.poll != NULL && device->task == NULL &&
	    node_nearest(device, is_faulty, NULL) == NULL)
		fault_at(device->place,
			 "%s has to be polled, but nothing that it is built on has a task",
			 device->name);
}

/* --- modules and files ----------------------------------------------------------------------- */

static bool exists(const char *folder, const char *name, mode_t type)
{
	struct stat st;
	const char *path = fata_text("%s/%s", folder, name);
	return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

static void check_modules(struct fata_node *device)
{
	const char *at = device->spec.modules;

	while (options.tree != NULL && at != NULL && *(at += strspn(at, " ")) != '\0') {
		const char *module = fata_text("%.*s", (int)strcspn(at, " "), at);
		if (!exists(options.tree, fata_text("%s/module.mk", module), S_IFREG))
			fault_at(device->place,
				 "%s is said to link with the module \"%s\", which the tree does "
				 "not have; modules are folders with a module.mk, such as net/tcp",
				 device->name, module);
		at += strlen(module);
	}
}

static void check_sources(struct fata_node *device)
{
	if (!device->own || options.app_dir == NULL)
		return;
	for (const char *const *source = device->sources; *source != NULL; source++) {
		if (!exists(options.app_dir, *source, S_IFREG))
			fault_at(device->place, "there is no file \"%s\" in the folder of %s",
				 *source, graph.app);
	}
}

static void check_folders(void)
{
	for (size_t i = 0; i < graph.n_embedded && options.app_dir != NULL; i++) {
		const struct embedded *e = &graph.embedded[i];
		if (e->device->needed && !exists(options.app_dir, e->folder, S_IFDIR))
			fault_at(e->device->place, "there is no folder \"%s\" in the folder of %s",
				 e->folder, graph.app);
	}
}

/* --- functions of the application ------------------------------------------------------------ */

/* A function that the image calls, and where config.c names it. */
struct function {
	const char *name, *prototype;
	struct place place;
};

struct functions {
	struct function *list;
	size_t n;
};

/* Notes a function, with a fault if one of that name has another type. */
static void add_function(struct functions *all, const char *name, const char *prototype,
			 struct place place)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct function *f = &all->list[i];
		if (strcmp(f->name, name) != 0)
			continue;
		if (strcmp(f->prototype, prototype) != 0)
			fault_at(place, "%s() is %s here, but %s by %s; C has one of each name",
				 name, prototype, f->prototype, place_text(f->place));
		return;
	}
	*APPEND(all->list, all->n) =
		(struct function){.name = name, .prototype = prototype, .place = place};
}

/* "struct tcp *, uint16_t"; NULL if there are faults that leave a type unknown. */
static const char *parameters(const struct fata_node *node, const char *first)
{
	const char *text = first;

	for (size_t i = 0; i < node->n_uses; i++) {
		const struct fata_node *used = node->uses[i].node;
		if (node->uses[i].order_only)
			continue;
		const char *type = used->kind == NODE_KEY ? key_parameter_type(used) : "void *";
		if (used->kind == NODE_KEY && used->type == NULL)
			return NULL;
		if (used->kind == NODE_DEVICE && used->spec.signature != NULL)
			type = used->spec.signature->c_type;
		size_t len = strlen(type);
		len -= len > 0 && type[len - 1] == ' ';
		text = fata_text("%s%s%.*s", text, text[0] != '\0' ? ", " : "", (int)len, type);
	}
	return text[0] != '\0' ? text : "void";
}

static void check_functions(const struct plan *plan)
{
	struct functions all = {0};

	for (size_t i = 0; i < plan->n_devices; i++) {
		const struct fata_node *node = plan->devices[i];
		if (!node->own)
			continue;
		const char *type = node->spec.signature->c_type;
		const char *list = parameters(node, fata_text("%s*", declaration(type, "")));
		if (list != NULL)
			add_function(&all, node->connect, fata_text("enum err (%s)", list),
				     node->place);
		if (node->options.stop != NULL)
			add_function(&all, node->options.stop, fata_text("void (%s)", type),
				     node->place);
	}
	for (size_t i = 0; i < plan->n_jobs; i++) {
		const struct fata_node *node = plan->jobs[i];
		const char *list = parameters(node, "");
		if (list != NULL)
			add_function(&all, node->name, fata_text("int (%s)", list), node->place);
	}
}

/* --- all ------------------------------------------------------------------------------------- */

void check(const struct plan *plan)
{
	if (graph.app == NULL) {
		/* Without a root nothing is in the image, about which there is nothing to say. */
		fault_at((struct place){.file = "config.c"},
			 "configure() does not call unikernel(\"name\", job(\"function\", …)), "
			 "which names the image and its jobs");
		return;
	}
	each_device(plan, check_users);
	check_key_names(plan);
	each_device(plan, check_device_name);
	each_device(plan, check_late);
	each_device(plan, check_counters);
	each_device(plan, check_arch);
	each_device(plan, check_task);
	each_device(plan, check_modules);
	each_device(plan, check_sources);
	check_folders();
	check_functions(plan);
	check_board_needs();
	check_ram(plan);
	if (plan->n_jobs > 0)
		key_settings_check();
}
