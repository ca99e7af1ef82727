/* SPDX-License-Identifier: ISC */
/*
 * The configuration compiler: runs configure(), checks the graph, writes the image's files.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "tools/config/lib/graph.h"

/* Of the application; a program without one can still list boards and devices. */
#pragma weak configure

static const char help[] =
	"Writes the files of an image from its configuration.\n"
	"\n"
	"usage: config --board=BOARD --out=FOLDER [OPTION]... [-- --KEY=VALUE...]\n"
	"       config --board=BOARD --print=WHAT [OPTION]... [-- --KEY=VALUE...]\n"
	"       config --print=boards|devices\n"
	"\n"
	"  --board=BOARD    the board to configure for\n"
	"  --out=FOLDER     where the files go\n"
	"  --print=WHAT     writes that to the standard output, and no files: tree, dot, json\n"
	"                   (what is built on what), keys, boards, devices\n"
	"  --app-dir=FOLDER the application's folder, to look for its files in\n"
	"  --tree=FOLDER    Fata's sources, to look for modules in\n"
	"  --prefix=TEXT    stands in front of config.c for debuggers: apps/web/\n"
	"  --machine=FILE   JSON that describes the board's emulator\n"
	"  --memory=SIZE    the memory of the machine, such as 64M, instead of the board's\n"
	"  --version=TEXT   of Fata\n"
	"  --help           this\n"
	"\n"
	"Behind -- are values of keys: --port=8080. Exits with 1 if the configuration is at fault,\n"
	"with 64 if these options are.\n";

typedef void print_function(FILE *out, const struct plan *plan);

static const struct {
	const char *name;
	print_function *print;   /* what there is to print of an image */
	void (*list)(FILE *out); /* or of the tree */
} prints[] = {
	{"tree", emit_tree, NULL},      {"dot", emit_dot, NULL},
	{"json", emit_manifest, NULL},  {"keys", emit_key_list, NULL},
	{"boards", NULL, boards_print}, {"devices", NULL, offers_print},
};

static const struct {
	const char *name;
	print_function *emit;
} files[] = {
	{"unikernel.h", emit_unikernel},
	{"keys.h", emit_keys_header},
	{"keys.c", emit_keys},
	{"main.c", emit_main},
	{"modules.mk", emit_make},
	{"graph.dot", emit_dot},
	{"manifest.json", emit_manifest},
};

/* Ends the program, which was called in a wrong way. */
__attribute__((noreturn, format(printf, 1, 2))) static void usage(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fprintf(stderr, "config: %s; --help tells more\n", text_format(format, ap));
	va_end(ap);
	exit(EX_USAGE);
}

/* --- options --------------------------------------------------------------------------------- */

static uint64_t parse_memory(const char *text)
{
	uint64_t bytes = 0;
	const struct key size = {.name = "memory",
				 .type = &key_size,
				 .value = &bytes,
				 .limits = KEY_LIMITS(1, UINT64_MAX)};
	char *copy = strcpy(make(strlen(text) + 1), text);
	char message[KEY_TEXT_BYTES];

	if (key_size.parse(&size, copy) != OK) {
		args_explain(&size, copy, message, sizeof(message));
		usage("--memory=%s: %s", text, message);
	}
	return bytes;
}

static void parse_option(int option, const char *value, const char **print)
{
	switch (option) {
	case 'b':
		options.board = value;
		return;
	case 'o':
		options.out = value;
		return;
	case 'a':
		options.app_dir = value;
		return;
	case 't':
		options.tree = value;
		return;
	case 'p':
		options.prefix = value;
		return;
	case 'm':
		options.machine = value;
		return;
	case 'v':
		options.version = value;
		return;
	case 'M':
		options.ram_bytes = parse_memory(value);
		return;
	case 'P':
		*print = value;
		return;
	case 'h':
		fputs(help, stdout);
		exit(EXIT_SUCCESS);
	default:
		exit(EX_USAGE); /* getopt_long() has said why */
	}
}

/* The words behind "--" become the settings "port=8080". */
static void parse_settings(char *words[])
{
	for (; *words != NULL; words++) {
		if (strncmp(*words, "--", 2) != 0 || (*words)[2] == '\0')
			usage("%s: a value of a key looks like --port=8080", *words);
		*APPEND(options.settings, options.n_settings) = *words + 2;
	}
}

/* Returns what is to be printed, or NULL. */
static const char *parse_options(int argc, char *argv[])
{
	static const struct option known[] = {
		{"board", required_argument, NULL, 'b'},
		{"out", required_argument, NULL, 'o'},
		{"app-dir", required_argument, NULL, 'a'},
		{"tree", required_argument, NULL, 't'},
		{"prefix", required_argument, NULL, 'p'},
		{"machine", required_argument, NULL, 'm'},
		{"version", required_argument, NULL, 'v'},
		{"memory", required_argument, NULL, 'M'},
		{"print", required_argument, NULL, 'P'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *print = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+", known, NULL)) != -1)
		parse_option(option, optarg, &print);
	parse_settings(argv + optind);
	return print;
}

/* --- the work -------------------------------------------------------------------------------- */

static void find_board(void)
{
	if (options.board == NULL)
		usage("--board=BOARD is missing; the boards are %s", board_names());
	graph.board = board_find(options.board);
	if (graph.board == NULL)
		usage("there is no board \"%s\"; the boards are %s", options.board, board_names());
}

/* Tells the faults, if there are any. */
static int report(bool writing)
{
	size_t n = faults_print(stderr);

	if (n == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "config.c: %zu error%s; nothing was %s for %s%s%s\n", n, n > 1 ? "s" : "",
		writing ? "written" : "printed", graph.app != NULL ? graph.app : "",
		graph.app != NULL ? " on " : "", graph.board->name);
	return EXIT_FAILURE;
}

static int write_files(const struct plan *plan)
{
	int status = EXIT_SUCCESS;

	for (size_t i = 0; i < ARRAY_SIZE(files) && status == EXIT_SUCCESS; i++)
		status = file_write(files[i].name, files[i].emit, plan);
	return status;
}

/* Writes main.c to nowhere, for what is wrong in the texts of specs is found on the way. */
static void try_main(const struct plan *plan)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return;
	emit_main(out, plan);
	fclose(out);
}

/* Configures the image, and prints of it what `print` does, or writes its files if that is NULL. */
static int compile(print_function *print)
{
	struct plan plan;
	int status;

	find_board();
	if (print == NULL && options.out == NULL)
		usage("--out=FOLDER or --print=WHAT is missing");
	if (configure == NULL)
		fault_at((struct place){.file = "config.c"},
			 "there is no function void configure(void)");
	else {
		crash_watch();
		configure();
	}
	plan_make(&plan);
	if (configure != NULL)
		check(&plan);
	if (graph.n_faults == 0)
		try_main(&plan);
	status = report(print == NULL);
	if (status != EXIT_SUCCESS)
		return status;
	if (print == NULL)
		return write_files(&plan);
	print(stdout, &plan);
	return report(false);
}

int main(int argc, char *argv[])
{
	const char *print = parse_options(argc, argv);
	const char *names[ARRAY_SIZE(prints)];

	if (print == NULL)
		return compile(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(prints); i++) {
		names[i] = prints[i].name;
		if (strcmp(prints[i].name, print) != 0)
			continue;
		if (prints[i].list == NULL)
			return compile(prints[i].print);
		prints[i].list(stdout);
		return EXIT_SUCCESS;
	}
	usage("--print=%s: expected %s", print, text_words(names, ARRAY_SIZE(names), " or "));
}
