/* SPDX-License-Identifier: ISC */
/*
 * fata new: the folder of an application, from the files in tools/fata/template.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/tree.h"

static const char new_help[] =
	"Usage: fata new [OPTION]... NAME\n"
	"\n"
	"Makes the folder NAME with a small application in it, which 'fata run' builds and boots\n"
	"as it is. NAME begins with a letter; small letters, digits and '-' follow.\n"
	"\n"
	"  -C, --directory=DIR   make it in DIR (default: the current folder)\n"
	"  -h, --help            show this help\n";

enum { NAME_CHARS_MAX = 32 };

static const struct {
	const char *name, *template;
	mode_t mode; /* before the umask */
} files[] = {
	{"config.c", "config.c.in", 0666},   {"app.c", "app.c.in", 0666},
	{"test", "test.in", 0777},           {"Makefile", "Makefile.in", 0666},
	{"README.md", "README.md.in", 0666}, {".gitignore", "gitignore.in", 0666},
};

/* NULL if it can be the name of an image and a folder, else what is wrong with it. */
static const char *wrong_with(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (strchr(name, '/') != NULL)
		return "is a path. -C names the folder to make it in";
	if (name[len] != '\0')
		return "may hold small letters, digits and '-' only";
	if (name[0] < 'a' || name[0] > 'z')
		return "must begin with a letter";
	if (name[len - 1] == '-')
		return "must end with a letter or digit";
	if (len > NAME_CHARS_MAX)
		return "is longer than 32 characters";
	return NULL;
}

static void write_filled_in(FILE *out, const char *text, const char *name)
{
	static const char mark[] = "@NAME@";
	const char *at;

	while ((at = strstr(text, mark)) != NULL) {
		fwrite(text, 1, (size_t)(at - text), out);
		fputs(name, out);
		text = at + strlen(mark);
	}
	fputs(text, out);
}

static bool make_file(const char *path, const struct file *template, mode_t mode, const char *name)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool good = out != NULL;

	if (good) {
		write_filled_in(out, (const char *)template->bytes, name);
		good = !ferror(out);
		good = fclose(out) == 0 && good;
	}
	if (!good)
		complain("%s could not be written: %s", path, strerror(errno));
	return good;
}

static bool make_files(const struct tree *tree, const char *folder, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *from = text_of("%s/tools/fata/template/%s", tree->root, files[i].template);
		char *to = text_of("%s/%s", folder, files[i].name);
		struct file template;
		bool good = file_read(&template, from);
		if (good) {
			good = make_file(to, &template, files[i].mode, name);
			file_free(&template);
		}
		free(to);
		free(from);
		if (!good)
			return false;
	}
	return true;
}

/* After a failure: what was made is of no use. */
static void remove_files(const char *folder)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = text_of("%s/%s", folder, files[i].name);
		unlink(path);
		free(path);
	}
	rmdir(folder);
}

static int make_app(const char *parent, const char *name)
{
	struct tree tree;
	char *folder = parent != NULL ? text_of("%s/%s", parent, name) : duplicate(name);
	int status = STATUS_FAILED;

	if (!tree_find(&tree)) {
		free(folder);
		return status;
	}
	if (mkdir(folder, 0777) != 0) {
		if (errno == EEXIST)
			complain("%s is there already", folder);
		else
			complain("the folder %s could not be made: %s", folder, strerror(errno));
	} else if (!make_files(&tree, folder, name)) {
		remove_files(folder);
	} else {
		printf("%s holds a new application. To boot it:\n    cd %s\n    fata run\n", folder,
		       folder);
		status = end_output();
	}
	free(folder);
	return status;
}

int new_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"directory", required_argument, NULL, 'C'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char *parent = NULL;
	int option;

	while ((option = getopt_long(argc, argv, ":C:h", options, NULL)) != -1) {
		if (option == 'h')
			return print_help(new_help);
		if (option != 'C')
			return complain_option(argc, argv, option, options);
		parent = optarg;
	}
	if (optind == argc)
		return complain_usage("a name is missing, as in 'fata new hello'");
	if (optind + 1 < argc)
		return complain_usage("%s: unexpected word", argv[optind + 1]);
	const char *wrong = wrong_with(argv[optind]);
	if (wrong != NULL)
		return complain_usage("'%s' cannot be a name: it %s", argv[optind], wrong);
	return make_app(parent, argv[optind]);
}
