/* SPDX-License-Identifier: ISC */
/*
 * The functions of fata/config.h, apart from those of keys.
 */
#include <ctype.h>
#include <string.h>

#include "tools/config/lib/graph.h"

enum {
	FUNCTION_ARGUMENTS_MAX = 30,
	STACK_BYTES_MIN = 2048,
	STACK_BYTES_MAX = 64 << 20,
	ARGUMENT_BLOCK_BYTES_MAX = 4096,
};

struct fata_node fata_end;
struct graph graph;
struct options options;

/* --- nodes ----------------------------------------------------------------------------------- */

struct fata_node *node_new(enum node_kind kind, const char *name)
{
	struct fata_node *node = make(sizeof(*node));

	*node = (struct fata_node){
		.kind = kind,
		.name = name,
		.ident = identifier(name),
		.place = place_now(),
	};
	if (graph.last == NULL)
		graph.last = &graph.nodes;
	*graph.last = node;
	graph.last = &node->next;
	return node;
}

bool node_known(const struct fata_node *node)
{
	for (const struct fata_node *n = graph.nodes; n != NULL; n = n->next) {
		if (n == node)
			return true;
	}
	return false;
}

void node_use(struct fata_node *node, const char *as, struct fata_node *used)
{
	*APPEND(node->uses, node->n_uses) = (struct use){.as = as, .node = used};
}

const char *node_text(const struct fata_node *node)
{
	switch (node->kind) {
	case NODE_KEY:
		return fata_text("the key --%s", node->name);
	case NODE_JOB:
		return fata_text("the job %s", node->name);
	default:
		return node->name;
	}
}

/* Whether this is a handle that a call of the configuration has returned; else notes a fault. */
static bool check_handle(const struct fata_node *node, const char *what)
{
	if (node_known(node))
		return true;
	fata_fault("%s is %s", what,
		   node == NULL ? "an empty handle" : "a handle that was never set");
	return false;
}

/* --- names ----------------------------------------------------------------------------------- */

static const char *const keywords[] = {
	"auto",     "break",  "case",     "char",   "const",    "continue", "default", "do",
	"double",   "else",   "enum",     "extern", "float",    "for",      "goto",    "if",
	"inline",   "int",    "long",     "asm",    "register", "restrict", "return",  "short",
	"signed",   "sizeof", "static",   "struct", "switch",   "typedef",  "typeof",  "union",
	"unsigned", "void",   "volatile", "while",  "bool",     "true",     "false",   "NULL",
};

static bool is_keyword(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++) {
		if (strcmp(keywords[i], text) == 0)
			return true;
	}
	return false;
}

static bool is_identifier(const char *text)
{
	if (text == NULL || text[0] == '\0' || isdigit((unsigned char)text[0]))
		return false;
	for (const char *c = text; *c != '\0'; c++) {
		if (!isascii(*c) || (!isalnum((unsigned char)*c) && *c != '_'))
			return false;
	}
	return !is_keyword(text);
}

const char *identifier(const char *name)
{
	char *text = strcpy(make(strlen(name) + sizeof("_")), name);

	for (char *c = text; *c != '\0'; c++) {
		if (!isascii(*c) || !isalnum((unsigned char)*c))
			*c = '_';
	}
	return is_keyword(text) ? strcat(text, "_") : text;
}

const char *declaration(const char *type, const char *name)
{
	size_t len = strlen(type);
	bool joined = len > 0 && (type[len - 1] == '*' || type[len - 1] == ' ');

	return fata_text("%s%s%s", type, joined ? "" : " ", name);
}

bool name_is_plain(const char *name)
{
	return name != NULL && name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

/* Whether `function` can be the name of a C function; else notes a fault. */
static bool check_function(const char *function, const char *what)
{
	static const char *const taken[] = {"main",           "run",           "configure",
					    "unikernel_main", "start_devices", "stop_devices"};

	if (!is_identifier(function)) {
		fata_fault("\"%s\" cannot be %s: the name of a C function is expected",
			   function != NULL ? function : "", what);
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		if (strcmp(function, taken[i]) == 0) {
			fata_fault("%s cannot be %s: the image has a function of that name",
				   function, what);
			return false;
		}
	}
	return true;
}

/* --- functions of the application ------------------------------------------------------------ */

/*
 * Has `node` use what its function gets, under the names argument1, argument2, …, the first of
 * these as number `n`. Returns the number of the next.
 */
static size_t use_arguments(struct fata_node *node, struct fata_node *const arguments[], size_t n,
			    const char *function)
{
	for (; *arguments != FATA_END; arguments++, n++) {
		const char *what = fata_text("argument %zu of %s", n, function);
		if (!check_handle(*arguments, what))
			continue;
		if ((*arguments)->kind == NODE_JOB)
			fata_fault("%s is %s, where a device or a key is expected", what,
				   node_text(*arguments));
		else
			node_use(node, fata_text("argument%zu", n), *arguments);
	}
	if (n > FUNCTION_ARGUMENTS_MAX + 1)
		fata_fault("%s gets %zu arguments; %d are the most", function, n - 1,
			   FUNCTION_ARGUMENTS_MAX);
	return n;
}

struct fata_node *fata_job(const char *function, struct fata_node *const arguments[])
{
	struct fata_node *node = node_new(NODE_JOB, function != NULL ? function : "");

	(void)check_function(function, "a job");
	(void)use_arguments(node, arguments, 1, node->name);
	return node;
}

struct fata_node *fata_with_stack(struct fata_node *job, unsigned long bytes)
{
	if (!check_handle(job, "the job of with_stack()"))
		return node_new(NODE_JOB, "job");
	unsigned least = graph.board->stack_bytes_min;
	if (least == 0)
		least = STACK_BYTES_MIN;
	if (bytes < least || bytes > STACK_BYTES_MAX)
		fata_fault("a stack of %lu bytes for %s: expected %u to %d", bytes, job->name,
			   least, STACK_BYTES_MAX);
	else
		job->stack_bytes = bytes;
	return job;
}

/* Copies an array of texts whose end is NULL. */
static const char *const *copy_texts(const char *const texts[])
{
	const char **copy = NULL;
	size_t n = 0;

	for (; texts[n] != NULL; n++)
		;
	copy = make((n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = texts[i];
	return copy;
}

/* "counter_connect(&$self, $argument1, $argument2)" */
static const char *connect_call(const struct fata_node *node)
{
	const char *text = fata_text("%s(&$self", node->connect);

	for (size_t i = 0; i < node->n_uses; i++)
		text = fata_text("%s, $%s", text, node->uses[i].as);
	return fata_text("%s)", text);
}

struct fata_node *fata_own_device(const char *name, const struct fata_signature *signature,
				  const char *const sources[], const char *connect,
				  struct fata_node *const uses[], struct fata_node *const keys[],
				  const struct fata_device_options *given)
{
	static const struct fata_use no_uses[] = {{NULL, NULL}};
	struct fata_spec spec = {
		.kind = "device",
		.about = "device of the application",
		.signature = signature,
		.modules = given->modules,
		.archs = given->archs,
		.state = fata_text("static %s;", declaration(signature->c_type, "$self")),
		.value = "$self",
		.ram_bytes = given->ram_bytes,
	};
	struct fata_node *node;

	if (!check_function(connect, "the function that makes a device") ||
	    (given->stop != NULL &&
	     !check_function(given->stop, "the function that stops a device")))
		connect = "connect";
	if (given->stop != NULL)
		spec.stop = fata_text("%s($self);", given->stop);
	node = fata_device(&spec, name != NULL ? name : "", no_uses);
	node->own = true;
	node->connect = connect;
	node->sources = copy_texts(sources);
	node->options = *given;
	(void)use_arguments(node, keys, use_arguments(node, uses, 1, connect), connect);
	node->spec.start = fata_text("return %s;", connect_call(node));
	return node;
}

/* --- the root -------------------------------------------------------------------------------- */

static bool is_listed(const struct fata_node *job)
{
	for (size_t i = 0; i < graph.n_jobs; i++) {
		if (graph.jobs[i] == job)
			return true;
	}
	return false;
}

static void add_job(struct fata_node *job, size_t number)
{
	if (!check_handle(job, fata_text("job %zu of unikernel()", number)))
		return;
	if (job->kind != NODE_JOB)
		fata_fault("%s is no job: unikernel() takes what job(\"function\", …) returns",
			   node_text(job));
	else if (is_listed(job))
		fata_fault("the job %s is named twice", job->name);
	else
		*APPEND(graph.jobs, graph.n_jobs) = job;
}

void fata_unikernel(const char *name, struct fata_node *const jobs[])
{
	size_t i;

	if (graph.app != NULL) {
		fata_fault("unikernel() is called a second time; %s called it for \"%s\"",
			   place_text(graph.app_place), graph.app);
		return;
	}
	if (!name_is_plain(name))
		fata_fault("\"%s\" cannot be the name of an image: " NAME_EXPECTED,
			   name != NULL ? name : "");
	graph.app = name != NULL ? name : "";
	graph.app_place = place_now();
	for (i = 0; jobs[i] != FATA_END; i++)
		add_job(jobs[i], i + 1);
	if (i == 0)
		fata_fault("%s has no job: unikernel(\"%s\", job(\"function\", …)) names one",
			   graph.app, graph.app);
}

void fata_argument_block(unsigned bytes)
{
	if (graph.argument_block_bytes != 0)
		fata_fault("argument_block() is called a second time; an image has one");
	else if (bytes < 1 || bytes > ARGUMENT_BLOCK_BYTES_MAX)
		fata_fault("an argument block of %u bytes: expected 1 to %d", bytes,
			   ARGUMENT_BLOCK_BYTES_MAX);
	else
		graph.argument_block_bytes = bytes;
}

void fata_no_boot_arguments(void)
{
	graph.no_boot_arguments = true;
}

static void check_log(void)
{
	if (graph.no_log && graph.brief_log)
		fata_fault("no_log() and brief_log() are two ways to leave out the log; call one");
}

void fata_no_log(void)
{
	graph.no_log = true;
	check_log();
}

void fata_brief_log(void)
{
	graph.brief_log = true;
	check_log();
}

void fata_no_counters(void)
{
	graph.no_counters = true;
}

void fata_no_console_input(void)
{
	graph.no_console_input = true;
}

void fata_brief_faults(void)
{
	graph.brief_faults = true;
}

static void check_limit(const char *function, uint64_t bytes)
{
	if (bytes == 0)
		fata_fault("%s() of 0 bytes: expected what the image may take at most", function);
}

void fata_memory_limit(uint64_t bytes)
{
	check_limit("memory_limit", bytes);
	graph.memory_limit_bytes = bytes;
}

void fata_flash_limit(uint64_t bytes)
{
	check_limit("flash_limit", bytes);
	graph.flash_limit_bytes = bytes;
}

void fata_no_malloc(void)
{
	graph.no_malloc = true;
}

/* --- choices --------------------------------------------------------------------------------- */

const struct fata_board *fata_this_board(void)
{
	return graph.board;
}

bool fata_is_board(const char *name)
{
	if (name == NULL)
		name = "";
	if (board_find(name) == NULL)
		fata_fault("there is no board \"%s\"; the boards are %s", name, board_names());
	return strcmp(graph.board->name, name) == 0;
}

bool fata_is_arch(const char *name)
{
	if (name == NULL)
		name = "";
	if (!arch_is_known(name))
		fata_fault("there is no architecture \"%s\"; the boards' are %s", name,
			   arch_names());
	return strcmp(graph.board->arch, name) == 0;
}

void fata_start_after(struct fata_node *after, struct fata_node *before)
{
	if (!check_handle(after, "the first of start_after()") ||
	    !check_handle(before, "the second of start_after()"))
		return;
	if (after->kind == NODE_KEY || before->kind != NODE_DEVICE) {
		const struct fata_node *wrong = after->kind == NODE_KEY ? after : before;
		fata_fault("start_after() takes a device or a job, and the device that it starts "
			   "after; %s %s",
			   node_text(wrong),
			   wrong->kind == NODE_KEY ? "does not start" : "starts last");
		return;
	}
	if (after->kind == NODE_JOB) /* it runs behind all devices anyway */
		*APPEND(after->attached, after->n_attached) = before;
	else
		*APPEND(after->uses, after->n_uses) =
			(struct use){.node = before, .order_only = true, .place = place_now()};
}
