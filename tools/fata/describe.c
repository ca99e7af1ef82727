/* SPDX-License-Identifier: ISC */
/*
 * fata describe, keys, devices and boards: what there is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/fata/fata.h"
#include "tools/fata/make.h"
#include "tools/fata/process.h"

/* --- describe -----------------------------------------------------------------------------------
 */

static const char describe_help[] =
	"Usage: fata describe [OPTION]...\n"
	"\n"
	"Shows what the application's image is made of on the board: its jobs, the devices that\n"
	"they use and those below, and the keys.\n"
	"\n"
	"      --tree            as a tree for the terminal (the default)\n"
	"      --dot             as a graph in Graphviz's language\n"
	"      --json            the manifest that the image will carry\n"
	"      --svg=FILE        as a picture, drawn by Graphviz\n"
	"\n" MAKE_OPTIONS_HELP;

enum { OPTION_TREE = 256, OPTION_DOT, OPTION_JSON, OPTION_SVG };

static const struct option describe_options[] = {{"tree", no_argument, NULL, OPTION_TREE},
						 {"dot", no_argument, NULL, OPTION_DOT},
						 {"json", no_argument, NULL, OPTION_JSON},
						 {"svg", required_argument, NULL, OPTION_SVG},
						 MAKE_LONG_OPTIONS,
						 {0}};

/* The graph goes from make to `dot`, and the picture to the file. */
static int draw(char *const make[], const char *file)
{
	char *graph, *output;

	if (!process_exists("dot")) {
		complain("--svg needs the program 'dot'; install the package graphviz");
		return STATUS_NOT_FOUND;
	}
	int status = process_read(make, NULL, &graph);
	if (status == STATUS_OK) {
		char program[] = "dot", format[] = "-Tsvg";
		char *place = text_of("-o%s", file);
		char *words[] = {program, format, place, NULL};
		status = process_read(words, graph, &output);
		free(output);
		free(place);
	}
	free(graph);
	return status;
}

int describe_main(int argc, char **argv)
{
	const char *format = "tree", *svg = NULL;
	struct make m = {0};
	int option;

	while ((option = getopt_long(argc, argv, MAKE_SHORT_OPTIONS, describe_options, NULL)) !=
	       -1) {
		int status = -1;
		if (option == OPTION_TREE)
			format = "tree";
		else if (option == OPTION_DOT)
			format = "dot";
		else if (option == OPTION_JSON)
			format = "json";
		else if (option == OPTION_SVG)
			svg = optarg;
		else
			status = make_option(&m, option, argc, argv, describe_options,
					     describe_help);
		if (status >= 0)
			return status;
	}
	if (optind < argc)
		return complain_usage("%s: unexpected word", argv[optind]);
	if (svg != NULL && svg[0] == '\0')
		return complain_usage("--svg=: the name of a file is missing");
	int status = make_prepare(&m, "describe", true);
	if (status != STATUS_OK)
		return status;
	make_set(&m, "FORMAT", svg != NULL ? "dot" : format);
	return svg != NULL ? draw(m.words, svg) : process_become(m.words);
}

/* --- keys, devices, boards ----------------------------------------------------------------------
 */

static const char keys_help[] =
	"Usage: fata keys [OPTION]...\n"
	"\n"
	"Lists the application's keys: their types, initial values and what they are for. Those\n"
	"of boot time are set by 'fata run -- --KEY=VALUE', all by 'fata configure --KEY=VALUE'.\n"
	"\n" MAKE_OPTIONS_HELP;

int keys_main(int argc, char **argv)
{
	struct make m;
	int status = make_options(&m, argc, argv, keys_help);

	if (status >= 0)
		return status;
	status = make_prepare(&m, "keys", true);
	return status == STATUS_OK ? process_become(m.words) : status;
}

static const char devices_help[] =
	"Usage: fata devices [OPTION]...\n"
	"\n"
	"Lists the functions that a config.c can call to get devices, with what they take.\n"
	"\n"
	"  -h, --help            show this help\n";

static const char boards_help[] = "Usage: fata boards [OPTION]...\n"
				  "\n"
				  "Lists the boards that images can be built for.\n"
				  "\n"
				  "      --names           their names only, one a line\n"
				  "  -h, --help            show this help\n";

/* Reads --help and, where `names` is not NULL, --names. -1 or a status. */
static int list_options(int argc, char **argv, const char *help, bool *names)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'}, {"names", no_argument, NULL, 'n'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			return print_help(help);
		if (option == 'n' && names != NULL)
			*names = true;
		else if (option == 'n')
			return complain_usage("--names: unknown option");
		else
			return complain_option(argc, argv, option, options);
	}
	if (optind < argc)
		return complain_usage("%s: unexpected word", argv[optind]);
	return -1;
}

static int list(const char *target)
{
	struct make m = {0};
	int status = make_prepare_bare(&m, target);

	return status == STATUS_OK ? process_become(m.words) : status;
}

int devices_main(int argc, char **argv)
{
	int status = list_options(argc, argv, devices_help, NULL);
	return status >= 0 ? status : list("devices");
}

int boards_main(int argc, char **argv)
{
	bool names_only = false;
	struct tree tree;

	int status = list_options(argc, argv, boards_help, &names_only);
	if (status >= 0)
		return status;
	if (!names_only)
		return list("boards");
	if (!tree_find(&tree))
		return STATUS_FAILED;
	for (const char *const *name = tree_boards(&tree); *name != NULL; name++)
		puts(*name);
	return end_output();
}
